"""The ledger: one module per chapter (`ch01` … `ch08`), and the core that proves and mutates.

`python -m nnbook.ledger` proves everything and prints a table; `ledger()` returns the formulas.
"""
