"""The formulas of the book and their checks, one module per chapter."""
