"""The kinds of answers: which values fit a kind, and a sentence on a value that does not."""

import numbers
from typing import Any

import numpy as np

from nncourse.formulas import is_sympy

A_KIND = {
    "number": "one number",
    "array": "a NumPy array",
    "formula": "a SymPy expression",
    "function": "a function",
    "text": "a string",
    "list": "a list",
}
NUMERIC = "biufc"  # the letters of NumPy's numeric types


def kind_fault(value: Any, kind: str, name: str = "the answer") -> str:
    """Return one sentence on what is wrong with the kind of a value, or "" if it is right.

    `kind` is one of A_KIND: number, array, formula, function, text, list.
    """
    if value is None or value is Ellipsis:
        return f"{name} has no answer yet."
    if FITS[kind](value):
        return ""
    return f"{name} is {_described(value)}; it should be {A_KIND[kind]}.{_advice(value, kind)}"


def _described(value: Any) -> str:
    """Return the kind of a value in words."""
    if is_sympy(value):
        return "a SymPy matrix" if hasattr(value, "shape") else "a SymPy expression"
    if isinstance(value, np.ndarray):
        entries = "" if value.dtype.kind in NUMERIC else ", whose entries are not plain numbers"
        return f"an array of shape {value.shape}{entries}"
    words = {str: "a string", bool: "True or False"}
    if type(value) in (str, bool, list, tuple, dict, set):
        return words.get(type(value), f"a {type(value).__name__}")
    if isinstance(value, numbers.Number | np.generic):
        return "a complex number" if isinstance(value, complex | np.complexfloating) else "a number"
    return "a function" if callable(value) else f"of the type {type(value).__name__}"


def _advice(value: Any, kind: str) -> str:
    """Return a sentence on how to convert a value to a kind, or nothing."""
    if kind == "array":
        return _advice_for_array(value)
    if kind == "formula" and isinstance(value, str):
        return " Write it without quotes, with symbols made by sympy.symbols."
    if kind == "formula" and callable(value):
        return " Give the expression itself, not a function that returns it."
    if kind == "function" and is_sympy(value):
        return " Define it with def."
    if kind == "number" and isinstance(value, np.ndarray):
        return " Pick the one entry that is asked for."
    return ""


def _advice_for_array(value: Any) -> str:
    """Return a sentence on how to convert a value to an array, or nothing."""
    if isinstance(value, list | tuple):
        return " Turn it into an array with np.array(…)."
    if is_number(value):
        return " Write a single number as an array too: np.array([[…]])."
    if isinstance(value, np.ndarray):
        return " Turn its entries into floats with .astype(float)."
    if hasattr(value, "shape"):
        return " Turn it into an array with np.array(…).astype(float)."
    return ""


def is_number(value: Any) -> bool:
    """Return whether a value is one real number, also SymPy's, NumPy's, or in a 0-d array."""
    if isinstance(value, bool):
        return False
    if is_sympy(value):
        return bool(getattr(value, "is_number", False) and getattr(value, "is_real", False))
    if isinstance(value, np.ndarray):
        return value.ndim == 0 and value.dtype.kind in "iuf"
    return isinstance(value, numbers.Real)


FITS = {
    "number": is_number,
    "array": lambda value: isinstance(value, np.ndarray) and value.dtype.kind in NUMERIC,
    "formula": lambda value: is_sympy(value) or is_number(value),
    "function": lambda value: callable(value) and not is_sympy(value),
    "text": lambda value: isinstance(value, str),
    "list": lambda value: isinstance(value, list | tuple),
}
