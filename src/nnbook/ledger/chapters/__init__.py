"""The formulas of the book, with one module of checks per chapter."""
