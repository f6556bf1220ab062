"""Answers as data: what leaves a student's notebook is read, never run.

`pack` turns a value into plain JSON: numbers, strings, lists, arrays as bytes, SymPy expressions as
the text of `srepr`. `unpack` rebuilds the value from that alone.
"""

import base64
import math
import numbers
from collections.abc import Callable, Sized
from typing import Any

import numpy as np

from nncourse.formulas import MAX_DEPTH, MAX_LENGTH, NotData, is_sympy, read_formula, write_formula

__all__ = ["MAX_DEPTH", "MAX_ENTRIES", "MAX_LENGTH", "NotData", "pack", "unpack"]

MAX_ENTRIES = 2_000_000  # of an array or a list: no question needs as many


def pack(value: Any, depth: int = 0) -> Any:
    """Return a value as JSON-able data; raise NotData for what is neither number, string, list,
    tuple, dict, NumPy array nor SymPy expression, or is too large. Lists nest MAX_DEPTH times.
    """
    if depth > MAX_DEPTH:
        raise NotData("the answer nests too deeply")
    if value is None or isinstance(value, bool | str):
        return _checked_text(value)
    if isinstance(value, np.bool_):
        return bool(value)
    if isinstance(value, numbers.Real) and not is_sympy(value):
        return _pack_real(value)
    if isinstance(value, numbers.Complex) and not is_sympy(value):
        return {"complex": [_pack_real(value.real), _pack_real(value.imag)]}
    if isinstance(value, np.ndarray):
        return _pack_array(value, depth)
    if isinstance(value, list | tuple):
        return {_type_name(value): [pack(entry, depth + 1) for entry in _checked_size(value)]}
    if isinstance(value, dict):
        pairs = _checked_size(value).items()
        return {"dict": [[pack(key, depth + 1), pack(entry, depth + 1)] for key, entry in pairs]}
    if is_sympy(value):
        return {"formula": write_formula(value)}
    raise NotData(f"a value of type {type(value).__name__} cannot be carried as data")


def unpack(data: Any) -> Any:
    """Return the value that `pack` wrote; raise NotData for data of another form."""
    if data is None or isinstance(data, bool | int | float | str):
        return data
    if not isinstance(data, dict) or len(data) != 1:
        raise NotData("the answer does not have the form of an answer")
    ((tag, body),) = data.items()
    reader = READERS.get(tag)
    if reader is None:
        raise NotData("the answer has an unknown form")
    try:
        return reader(body)
    except NotData:
        raise
    except Exception as why:  # untrusted data: a reader may raise anything
        raise NotData(f"the answer cannot be read ({type(why).__name__})") from None


def _type_name(value: list | tuple) -> str:
    """Return "list" or "tuple" for a list or a tuple, subclasses included."""
    return "list" if isinstance(value, list) else "tuple"


def _checked_text(value: Any) -> Any:
    """Return a string, a truth value or None as it is; raise NotData if it is too long."""
    if isinstance(value, str):
        if len(value) > MAX_LENGTH:
            raise NotData("the text is too long")
        return str(value)
    return value


def _pack_real(value: Any) -> Any:
    """Return an int or a float; numbers that JSON does not have are strings in a dict."""
    if isinstance(value, numbers.Integral):
        return int(value) if abs(int(value)) < 2**53 else {"int": _digits(int(value))}
    value = float(value)
    return value if math.isfinite(value) else {"float": repr(value)}


def _digits(value: int) -> str:
    """Return the digits of a large integer; raise NotData beyond MAX_LENGTH bits."""
    if value.bit_length() > MAX_LENGTH:
        raise NotData("the integer is too large")
    return hex(value)


def _checked_size(value: Sized) -> Any:
    """Return a list or a dict as it is; raise NotData if it has too many entries."""
    if len(value) > MAX_ENTRIES:
        raise NotData(f"the {type(value).__name__} has {len(value)} entries")
    return value


def _pack_array(array: np.ndarray, depth: int) -> dict:
    """Return shape, letter of the type and bytes of a numeric array; an array of objects is a
    list of its entries with a shape.
    """
    array = np.asarray(array)
    if array.size > MAX_ENTRIES:
        raise NotData(f"the array has {array.size} entries")
    if array.dtype.kind == "O":
        return {"objects": [list(array.shape), [pack(entry, depth + 1) for entry in array.ravel()]]}
    if array.dtype.kind not in "biufc":
        raise NotData(f"an array of {array.dtype} cannot be carried as data")
    letter = {"b": "?", "i": "<i8", "u": "<u8", "f": "<f8", "c": "<c16"}[array.dtype.kind]
    plain = np.ascontiguousarray(array, dtype=letter)
    return {"array": [list(array.shape), letter, base64.b64encode(plain.tobytes()).decode()]}


def _read_array(body: Any) -> np.ndarray:
    """Return the array of (shape, letter, bytes)."""
    shape, letter, text = body
    if letter not in ("?", "<i8", "<u8", "<f8", "<c16"):
        raise NotData("an array of an unknown type")
    flat = np.frombuffer(base64.b64decode(text, validate=True), dtype=letter)
    return flat.reshape(_checked_shape(shape, flat.size)).copy()


def _read_objects(body: Any) -> np.ndarray:
    """Return the array of objects of (shape, entries)."""
    shape, entries = body
    flat = np.empty(len(entries), dtype=object)
    for i, entry in enumerate(entries):
        flat[i] = unpack(entry)
    return flat.reshape(_checked_shape(shape, flat.size))


def _checked_shape(shape: Any, size: int) -> tuple[int, ...]:
    """Return a shape as a tuple; raise NotData unless it is of integers and fits the size."""
    fits = isinstance(shape, list) and all(type(n) is int and n >= 0 for n in shape)
    if not fits or math.prod(shape) != size or size > MAX_ENTRIES or len(shape) > 8:
        raise NotData("an array whose shape does not fit its entries")
    return tuple(shape)


def _read_pairs(body: Any) -> dict:
    """Return the dict of a list of pairs."""
    return {unpack(key): unpack(entry) for key, entry in body}


READERS: dict[str, Callable[[Any], Any]] = {
    "int": lambda body: int(_checked_text(body), 16),
    "float": lambda body: {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}[body],
    "complex": lambda body: complex(*(unpack(part) for part in body)),
    "array": _read_array,
    "objects": _read_objects,
    "list": lambda body: [unpack(entry) for entry in body],
    "tuple": lambda body: tuple(unpack(entry) for entry in body),
    "dict": _read_pairs,
    "formula": read_formula,
}
