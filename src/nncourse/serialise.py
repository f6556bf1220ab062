"""Answers as data: what leaves a student's notebook is read, never run.

`pack` turns a value into plain JSON: numbers, text, lists, arrays as bytes, SymPy expressions as
the text of `srepr`. `unpack` builds the value anew from that alone. An expression's text is parsed
and only the SymPy nodes listed here are built, so a hostile answer can be wrong but cannot act.
`kind_fault` says in a sentence what is wrong with the kind of an answer.
"""

import ast
import base64
import math
import numbers
import re

import numpy as np

# Beyond these an answer is refused: no question needs as much.
LARGEST, LONGEST, DEEPEST = 2_000_000, 200_000, 60
# A power beyond these bits or this exponent would fill the memory when it is built.
BIGGEST_POWER, MOST_BITS = 10_000, 100_000
# A decimal number as `srepr` writes it, and the bits of its precision.
DECIMAL, MOST_PRECISION = re.compile(r"[+-]?\d+(\.\d*)?(e[+-]?\d{1,4})?|nan|[+-]?inf"), 10_000

# What SymPy would write out, however long, if it were given large numbers.
FACTORIALS = ("binomial", "factorial", "FallingFactorial", "gamma", "loggamma", "RisingFactorial")
NODES = {
    *FACTORIALS,
    "Abs", "Add", "And", "Derivative", "Determinant", "DiracDelta", "Dummy", "Equality",
    "ExprCondPair", "Float", "GreaterThan", "HadamardProduct", "Heaviside", "Identity", "Idx",
    "ImmutableDenseMatrix", "ImmutableSparseMatrix", "Indexed", "IndexedBase", "Integer",
    "Integral", "Interval", "Inverse", "KroneckerDelta", "Lambda", "LambertW", "LessThan",
    "Limit", "MatAdd", "MatMul", "MatPow", "Matrix", "MatrixElement", "MatrixSymbol", "Max",
    "Min", "Mod", "Mul", "MutableDenseMatrix", "MutableSparseMatrix", "Not", "OneMatrix", "Or",
    "Piecewise", "Pow", "Product", "Rational", "Str", "StrictGreaterThan", "StrictLessThan",
    "Subs", "Sum", "Symbol", "Trace", "Transpose", "Tuple", "Unequality", "ZeroMatrix", "acos",
    "acosh", "asin", "asinh", "atan", "atanh", "ceiling", "conjugate", "cos", "cosh", "cot",
    "coth", "csc", "csch", "erf", "erfc", "exp", "floor", "im", "log",
    "re", "sec", "sech", "sign", "sin", "sinc", "sinh", "sqrt", "tan", "tanh",
}  # fmt: skip
NAMED = {"Dummy", "Float", "IndexedBase", "MatrixSymbol", "Str", "Symbol"}
# Only these take words such as positive=True: SymPy would act on others, as on evaluate=True.
WITH_WORDS = {"Dummy", "Float", "Symbol"}
MATRICES = {
    *("ImmutableDenseMatrix", "ImmutableSparseMatrix", "Matrix"),
    *("MutableDenseMatrix", "MutableSparseMatrix"),
}
CONSTANTS = {"pi", "E", "I", "oo", "nan", "zoo", "true", "false", "GoldenRatio", "EulerGamma"}

A_KIND = {
    "number": "one number",
    "array": "a NumPy array",
    "formula": "a SymPy expression",
    "function": "a function",
    "text": "a text",
    "list": "a list",
}


class NotData(ValueError):  # noqa: N818 (it is a verdict on an answer)
    """Raised where a value cannot be carried as data, or data cannot be read as a value."""


def pack(value, depth=0):
    """Return a value as JSON-able data; raise NotData for what is neither number, text, list,
    tuple, dict, NumPy array nor SymPy expression, or is too large. Lists nest DEEPEST times.
    """
    if depth > DEEPEST:
        raise NotData("the answer nests too deeply")
    if value is None or isinstance(value, bool | str):
        return _checked_text(value)
    if isinstance(value, np.bool_):
        return bool(value)
    if isinstance(value, numbers.Real) and not _is_sympy(value):
        return _pack_real(value)
    if isinstance(value, numbers.Complex) and not _is_sympy(value):
        return {"complex": [_pack_real(value.real), _pack_real(value.imag)]}
    if isinstance(value, np.ndarray):
        return _pack_array(value, depth)
    if isinstance(value, list | tuple):
        return {type_name(value): [pack(entry, depth + 1) for entry in _of_size(value)]}
    if isinstance(value, dict):
        pairs = _of_size(value).items()
        return {"dict": [[pack(key, depth + 1), pack(entry, depth + 1)] for key, entry in pairs]}
    if _is_sympy(value):
        return {"formula": _source(value)}
    raise NotData(f"a value of type {type(value).__name__} cannot be carried as data")


def unpack(data):
    """Return the value that `pack` wrote; raise NotData where the data are not of its making."""
    if data is None or isinstance(data, bool | int | float | str):
        return data
    if not isinstance(data, dict) or len(data) != 1:
        raise NotData("the answer is not in the form that answers have")
    ((tag, body),) = data.items()
    reader = READERS.get(tag)
    if reader is None:
        raise NotData("the answer is of an unknown form")
    try:
        return reader(body)
    except NotData:
        raise
    except Exception as why:  # SymPy refuses its arguments with errors of many kinds
        raise NotData(f"the answer cannot be read ({type(why).__name__})") from None


def type_name(value):
    """Return "list" or "tuple" for a list or a tuple, those of subclasses too."""
    return "list" if isinstance(value, list) else "tuple"


def _checked_text(value):
    """Return a text, a truth value or None as it is; raise NotData if it is too long."""
    if isinstance(value, str):
        if len(value) > LONGEST:
            raise NotData("the text is too long")
        return str(value)
    return value


def _pack_real(value):
    """Return an int or a float; what JSON has no number for is written as text in a dict."""
    if isinstance(value, numbers.Integral):
        return int(value) if abs(int(value)) < 2**53 else {"int": _digits(int(value))}
    value = float(value)
    return value if math.isfinite(value) else {"float": repr(value)}


def _digits(value):
    """Return the digits of a large integer; raise NotData beyond LONGEST bits."""
    if value.bit_length() > LONGEST:
        raise NotData("the integer is too large")
    return hex(value)


def _of_size(value):
    """Return a list or a dict as it is; raise NotData if it has too many entries."""
    if len(value) > LARGEST:
        raise NotData(f"the {type(value).__name__} has {len(value)} entries")
    return value


def _pack_array(array, depth):
    """Return shape, letter of the type and bytes of a numeric array; an array of objects is a
    list of its entries with a shape.
    """
    array = np.asarray(array)
    if array.size > LARGEST:
        raise NotData(f"the array has {array.size} entries")
    if array.dtype.kind == "O":
        return {"objects": [list(array.shape), [pack(entry, depth + 1) for entry in array.ravel()]]}
    if array.dtype.kind not in "biufc":
        raise NotData(f"an array of {array.dtype} cannot be carried as data")
    letter = {"b": "?", "i": "<i8", "u": "<u8", "f": "<f8", "c": "<c16"}[array.dtype.kind]
    plain = np.ascontiguousarray(array, dtype=letter)
    return {"array": [list(array.shape), letter, base64.b64encode(plain.tobytes()).decode()]}


def _read_array(body):
    """Return the array of (shape, letter, bytes)."""
    shape, letter, text = body
    if letter not in ("?", "<i8", "<u8", "<f8", "<c16"):
        raise NotData("an array of an unknown type")
    flat = np.frombuffer(base64.b64decode(text, validate=True), dtype=letter)
    return flat.reshape(_checked_shape(shape, flat.size)).copy()


def _read_objects(body):
    """Return the array of objects of (shape, entries)."""
    shape, entries = body
    flat = np.empty(len(entries), dtype=object)
    for i, entry in enumerate(entries):
        flat[i] = unpack(entry)
    return flat.reshape(_checked_shape(shape, flat.size))


def _checked_shape(shape, size):
    """Return a shape as a tuple; raise NotData unless it is of integers and fits the size."""
    fits = isinstance(shape, list) and all(type(n) is int and n >= 0 for n in shape)
    if not fits or math.prod(shape) != size or size > LARGEST or len(shape) > 8:
        raise NotData("an array whose shape does not fit its entries")
    return tuple(shape)


def _read_pairs(body):
    """Return the dict of a list of pairs."""
    return {unpack(key): unpack(entry) for key, entry in body}


READERS = {
    "int": lambda body: int(_checked_text(body), 16),
    "float": lambda body: {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}[body],
    "complex": lambda body: complex(*(unpack(part) for part in body)),
    "array": _read_array,
    "objects": _read_objects,
    "list": lambda body: [unpack(entry) for entry in body],
    "tuple": lambda body: tuple(unpack(entry) for entry in body),
    "dict": _read_pairs,
    "formula": lambda body: read_formula(body),
}


def _is_sympy(value):
    """Return whether a value is SymPy's, without importing SymPy.

    The class of an undefined function such as σ(z) has no module; those it inherits from have.
    """
    modules = (kind.__module__ or "" for kind in type(value).__mro__)
    return any(module.partition(".")[0] == "sympy" for module in modules)


def _source(expression):
    """Return the text of `srepr`; raise NotData if it is too long."""
    import sympy

    try:
        text = sympy.srepr(expression)
    except RecursionError:
        raise NotData("the expression nests too deeply") from None
    if len(text) > LONGEST:
        raise NotData("the expression is too long")
    return text


def read_formula(text):
    """Return the SymPy expression of a text that `sympy.srepr` wrote.

    Only the nodes of NODES and CONSTANTS are built, and functions without a meaning; everything
    else, from an attribute to a lambda, raises NotData. Source: SymPy's manual, "srepr".
    """
    if not isinstance(text, str) or len(text) > LONGEST:
        raise NotData("the expression is too long")
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise NotData("the expression cannot be read") from None
    return _built(tree, 0)


def _built(node, depth):
    """Return what a syntax tree of constants, lists and calls of known nodes stands for."""
    if depth > DEEPEST:
        raise NotData("the expression nests too deeply")
    if isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_built(node.operand, depth + 1)
    if isinstance(node, ast.List | ast.Tuple):
        return [_built(entry, depth + 1) for entry in node.elts]
    if isinstance(node, ast.Name):
        return _named(node.id, CONSTANTS)
    if isinstance(node, ast.Call):
        return _called(node, depth)
    raise NotData(f"the expression holds {type(node).__name__}, which is not a part of a formula")


def _named(name, allowed):
    """Return SymPy's object of an allowed name; raise NotData for another."""
    import sympy

    if name not in allowed:
        raise NotData(f"{name!r} is not a part of a formula")
    elsewhere = {
        "Str": sympy.core.symbol,
        "ExprCondPair": sympy.functions.elementary.piecewise,
        "MatrixElement": sympy.matrices.expressions.matexpr,
    }
    return getattr(elsewhere.get(name, sympy), name)


def _called(node, depth):
    """Return the SymPy node of a call; the function of a call is a name, or Function('f')."""
    head = node.func.id if isinstance(node.func, ast.Name) else ""
    given = [_argument(entry, depth + 1, head) for entry in node.args]
    keys = {word.arg: _built(word.value, depth + 1) for word in node.keywords}
    if isinstance(node.func, ast.Call):
        return _unknown_function(node.func)(*given)
    if keys and (head not in WITH_WORDS or {type(v) for v in keys.values()} - {bool, int}):
        raise NotData("the expression has an assumption that is not one")
    GUARDS.get(head, _any)(*given, **keys)
    node = _named(head, NODES)(*given, **keys)
    return _small_power(node) if head == "Pow" else node


def _argument(node, depth, head):
    """Return an argument of a call; a text is one of a node in NAMED: SymPy would run another."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and head in NAMED:
        return node.value
    return _built(node, depth)


def _unknown_function(node):
    """Return the undefined function of `Function('f')`."""
    import sympy

    named = isinstance(node.func, ast.Name) and node.func.id == "Function" and len(node.args) == 1
    if not named or not isinstance(node.args[0], ast.Constant) or node.keywords:
        raise NotData("the expression calls what is not a part of a formula")
    return sympy.Function(str(node.args[0].value))


def _any(*given, **keys):
    """Let the arguments of a node through that computes nothing large."""


def _plain_decimal(text, *digits, precision=53):
    """Raise NotData for a decimal number of too many digits, or 10 to too large a power."""
    known = isinstance(text, str) and DECIMAL.fullmatch(text)
    if not known or digits or not 0 < precision <= MOST_PRECISION:
        raise NotData("the expression holds a decimal number that cannot be read")


def _small_result(base, power):
    """Raise NotData for a power of numbers that would fill the memory when it is built."""
    import sympy

    base, power = sympy.sympify(base), sympy.sympify(power)
    if not base.is_Rational or not power.is_Rational:
        return
    bits = max(base.p.bit_length(), base.q.bit_length())
    if abs(power) > BIGGEST_POWER or bits * abs(power) > MOST_BITS:
        raise NotData("the expression holds a power that is too large")


def _small_power(node):
    """Return a power; raise NotData where a large exponent waits for its letters to cancel."""
    import sympy

    if node.is_Pow and any(abs(n) > BIGGEST_POWER for n in node.exp.atoms(sympy.Rational)):
        raise NotData("the expression holds a power that is too large")
    return node


def _small_factorial(*arguments):
    """Raise NotData for n!, Γ(n) or n over k with a large number, which SymPy would write out."""
    import sympy

    if any(isinstance(n, sympy.Number | int) and abs(n) > 1000 for n in arguments):
        raise NotData("the expression holds a factorial that is too large")


def _listed(*given):
    """Raise NotData unless a matrix is made of lists: SymPy would call a function for entries."""
    if not given or not isinstance(given[-1], list):
        raise NotData("the expression holds a matrix without its entries")


GUARDS = {
    "Float": _plain_decimal,
    "Pow": _small_result,
    **dict.fromkeys(FACTORIALS, _small_factorial),
    **dict.fromkeys(MATRICES, _listed),
}


def kind_fault(value, kind, name="the answer"):
    """Return what is wrong with the kind of a value in one sentence, or "" if it is right.

    Kinds are those of A_KIND: number, array, formula, function, text, list.
    """
    if value is None or value is Ellipsis:
        return f"{name} has no answer yet."
    if FITS[kind](value):
        return ""
    return f"{name} is {_said(value)}; it should be {A_KIND[kind]}.{_way_out(value, kind)}"


def _said(value):
    """Return the kind of a value in words."""
    if _is_sympy(value):
        return "a SymPy matrix" if hasattr(value, "shape") else "a SymPy expression"
    if isinstance(value, np.ndarray):
        entries = "" if value.dtype.kind in "biufc" else ", whose entries are no plain numbers"
        return f"an array of shape {value.shape}{entries}"
    words = {str: "a text (a string)", bool: "a truth value"}
    if type(value) in (str, bool, list, tuple, dict, set):
        return words.get(type(value), f"a {type(value).__name__}")
    if isinstance(value, numbers.Number | np.generic):
        return "a complex number" if isinstance(value, complex | np.complexfloating) else "a number"
    return "a function" if callable(value) else f"of the type {type(value).__name__}"


def _way_out(value, kind):
    """Return a sentence on how to come from one kind to another, or nothing."""
    if kind == "array" and isinstance(value, list | tuple):
        return " Turn it into an array with np.array(…)."
    if kind == "array" and _is_number(value):
        return " A single number has a place in an array too: np.array([[…]])."
    if kind == "array" and isinstance(value, np.ndarray):
        return " Turn its entries into floats with .astype(float)."
    if kind == "array" and hasattr(value, "shape"):
        return " Turn it into an array with np.array(…).astype(float)."
    if kind == "formula" and isinstance(value, str):
        return " Write it without quotes, with symbols made by sympy.symbols."
    if kind == "formula" and callable(value):
        return " Give the expression itself, not a function that returns it."
    if kind == "function" and _is_sympy(value):
        return " Define it with def."
    if kind == "number" and isinstance(value, np.ndarray):
        return " Pick the one entry that is asked for."
    return ""


def _is_number(value):
    """Return whether a value is one real number, NumPy's, SymPy's or an array of none dimension."""
    if isinstance(value, bool):
        return False
    if _is_sympy(value):
        return bool(getattr(value, "is_number", False) and getattr(value, "is_real", False))
    if isinstance(value, np.ndarray):
        return value.ndim == 0 and value.dtype.kind in "iuf"
    return isinstance(value, numbers.Real)


FITS = {
    "number": _is_number,
    "array": lambda value: isinstance(value, np.ndarray) and value.dtype.kind in "biufc",
    "formula": lambda value: _is_sympy(value) or _is_number(value),
    "function": lambda value: callable(value) and not _is_sympy(value),
    "text": lambda value: isinstance(value, str),
    "list": lambda value: isinstance(value, list | tuple),
}
