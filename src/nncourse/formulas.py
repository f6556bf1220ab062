"""SymPy expressions as text: written by `srepr`, and read back without running anything.

The text is parsed, and only the SymPy nodes listed here are built. So a hostile answer can be wrong
but cannot act, and guards keep SymPy from computing what would fill the memory.
Source: SymPy's manual, "srepr".
"""

import ast
import re
from collections.abc import Callable, Collection
from typing import Any

MAX_LENGTH = 200_000  # characters of an expression
MAX_DEPTH = 60
# A power beyond this exponent or these bits would fill the memory when it is built.
MAX_EXPONENT, MAX_BITS = 10_000, 100_000
MAX_FACTORIAL = 1000
# A decimal number as `srepr` writes it, and the bits of its precision.
DECIMAL, MAX_PRECISION = re.compile(r"[+-]?\d+(\.\d*)?(e[+-]?\d{1,4})?|nan|[+-]?inf"), 10_000

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
# Nodes whose arguments may be strings; SymPy would run the string of another.
NAMED = {"Dummy", "Float", "IndexedBase", "MatrixSymbol", "Str", "Symbol"}
# Nodes that take keywords such as positive=True; SymPy would act on others, as on evaluate=True.
WITH_KEYWORDS = {"Dummy", "Float", "Symbol"}
MATRICES = {
    *("ImmutableDenseMatrix", "ImmutableSparseMatrix", "Matrix"),
    *("MutableDenseMatrix", "MutableSparseMatrix"),
}
CONSTANTS = {"pi", "E", "I", "oo", "nan", "zoo", "true", "false", "GoldenRatio", "EulerGamma"}


class NotData(ValueError):  # noqa: N818 (it is a verdict on an answer)
    """Raised where a value cannot be carried as data, or data cannot be read as a value."""


def is_sympy(value: Any) -> bool:
    """Return whether a value is SymPy's, without importing SymPy.

    The class of an undefined function such as σ(z) has no module; its base classes have one.
    """
    modules = (kind.__module__ or "" for kind in type(value).__mro__)
    return any(module.partition(".")[0] == "sympy" for module in modules)


def write_formula(expression: Any) -> str:
    """Return the text of `srepr`; raise NotData if it is too long."""
    import sympy

    try:
        text = sympy.srepr(expression)
    except RecursionError:
        raise NotData("the expression nests too deeply") from None
    if len(text) > MAX_LENGTH:
        raise NotData("the expression is too long")
    return text


def read_formula(text: str) -> Any:
    """Return the SymPy expression of a text that `sympy.srepr` wrote.

    Only the nodes of NODES and CONSTANTS are built, and undefined functions; everything else, from
    an attribute to a lambda, raises NotData.
    """
    if not isinstance(text, str) or len(text) > MAX_LENGTH:
        raise NotData("the expression is too long")
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise NotData("the expression cannot be read") from None
    try:
        return _build(tree, 0)
    except NotData:
        raise
    except Exception as why:  # SymPy refuses its arguments with errors of many kinds
        raise NotData(f"the expression cannot be read ({type(why).__name__})") from None


def _build(node: ast.expr, depth: int) -> Any:
    """Return the value of a syntax tree of constants, lists and calls of known nodes."""
    if depth > MAX_DEPTH:
        raise NotData("the expression nests too deeply")
    if isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_build(node.operand, depth + 1)
    if isinstance(node, ast.List | ast.Tuple):
        return [_build(entry, depth + 1) for entry in node.elts]
    if isinstance(node, ast.Name):
        return _look_up(node.id, CONSTANTS)
    if isinstance(node, ast.Call):
        return _call(node, depth)
    raise NotData(f"the expression contains {type(node).__name__}, which is not part of a formula")


def _look_up(name: str, allowed: Collection[str]) -> Any:
    """Return SymPy's object of an allowed name; raise NotData for another."""
    import sympy

    if name not in allowed:
        raise NotData(f"{name!r} is not part of a formula")
    elsewhere = {
        "Str": sympy.core.symbol,
        "ExprCondPair": sympy.functions.elementary.piecewise,
        "MatrixElement": sympy.matrices.expressions.matexpr,
    }
    return getattr(elsewhere.get(name, sympy), name)


def _call(node: ast.Call, depth: int) -> Any:
    """Return the SymPy node of a call; what is called is a name, or Function('f')."""
    head = node.func.id if isinstance(node.func, ast.Name) else ""
    args = [_argument(entry, depth + 1, head) for entry in node.args]
    keywords = {word.arg: _build(word.value, depth + 1) for word in node.keywords}
    if isinstance(node.func, ast.Call):
        return _undefined_function(node.func)(*args)
    if keywords and (head not in WITH_KEYWORDS or {*map(type, keywords.values())} - {bool, int}):
        raise NotData("the expression has a keyword that is not an assumption")
    GUARDS.get(head, _unguarded)(*args, **keywords)
    built = _look_up(head, NODES)(*args, **keywords)
    return _small_power(built) if head == "Pow" else built


def _argument(node: ast.expr, depth: int, head: str) -> Any:
    """Return an argument of a call; strings are let through for the nodes of NAMED only."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and head in NAMED:
        return node.value
    return _build(node, depth)


def _undefined_function(node: ast.Call) -> Any:
    """Return the undefined function of `Function('f')`."""
    import sympy

    named = isinstance(node.func, ast.Name) and node.func.id == "Function" and len(node.args) == 1
    if not named or not isinstance(node.args[0], ast.Constant) or node.keywords:
        raise NotData("the expression calls something that is not part of a formula")
    return sympy.Function(str(node.args[0].value))


def _unguarded(*args: Any, **keywords: Any) -> None:
    """Accept the arguments of a node that computes nothing large."""


def _short_decimal(text: Any, *digits: Any, precision: int = 53) -> None:
    """Raise NotData for a decimal number of too many digits, or 10 to too large a power."""
    known = isinstance(text, str) and DECIMAL.fullmatch(text)
    if not known or digits or not 0 < precision <= MAX_PRECISION:
        raise NotData("the expression contains a decimal number that cannot be read")


def _small_result(base: Any, power: Any) -> None:
    """Raise NotData for a power of numbers that would fill the memory when it is built."""
    import sympy

    base, power = sympy.sympify(base), sympy.sympify(power)
    if not base.is_Rational or not power.is_Rational:
        return
    bits = max(base.p.bit_length(), base.q.bit_length())
    if abs(power) > MAX_EXPONENT or bits * abs(power) > MAX_BITS:
        raise NotData("the expression contains a power that is too large")


def _small_power(node: Any) -> Any:
    """Return a power; raise NotData where a large exponent could remain after symbols cancel."""
    import sympy

    if node.is_Pow and any(abs(n) > MAX_EXPONENT for n in node.exp.atoms(sympy.Rational)):
        raise NotData("the expression contains a power that is too large")
    return node


def _small_factorial(*arguments: Any) -> None:
    """Raise NotData for n!, Γ(n) or n over k with a large number, which SymPy would write out."""
    import sympy

    if any(isinstance(n, sympy.Number | int) and abs(n) > MAX_FACTORIAL for n in arguments):
        raise NotData("the expression contains a factorial that is too large")


def _with_entries(*args: Any) -> None:
    """Raise NotData unless a matrix lists its entries: SymPy would call a function for them."""
    if not args or not isinstance(args[-1], list):
        raise NotData("the expression contains a matrix without its entries")


GUARDS: dict[str, Callable[..., None]] = {
    "Float": _short_decimal,
    "Pow": _small_result,
    **dict.fromkeys(FACTORIALS, _small_factorial),
    **dict.fromkeys(MATRICES, _with_entries),
}
