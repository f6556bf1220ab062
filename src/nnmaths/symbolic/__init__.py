"""Exact mathematics: arrays of SymPy symbols, and a test of when two expressions are equal."""

from nnmaths.symbolic.arrays import (
    EXACT,
    Symbols,
    differentiate,
    entrywise,
    exact,
    indicator,
    parameters,
    symbols,
    undefined,
)

__all__ = [
    "EXACT",
    "Symbols",
    "differentiate",
    "entrywise",
    "exact",
    "indicator",
    "parameters",
    "symbols",
    "undefined",
]
