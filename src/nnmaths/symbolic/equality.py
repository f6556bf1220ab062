"""Equality of expressions: refuted quickly at random points, or else proved.

`agree(claim, truth)` first evaluates both sides at a few random rational points (undefined
functions become random cubics, matrices and indexed symbols get random entries) and raises Refuted
at the first difference. Only what survives is proved symbolically, the fast methods first: expand,
common denominator, exponentials, and `simplify` last.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions.matexpr import MatrixElement

# One point refutes nearly every false claim; these are tried if no fast proof is found.
POINTS = range(1, 4)
# Both sides are evaluated to 30 digits; two numbers that differ by less agree.
DIGITS = 30
TOLERANCE = sp.Float("1e-15")


class Refuted(Exception):  # noqa: N818 (it is a verdict, not an error)
    """Raised by a check when its claim is false, or cannot be proved.

    The message is built only when it is read: most refutations are expected, and printing a large
    expression takes long.
    """

    def __str__(self) -> str:
        return " ".join(map(str, self.args))


def require(condition: Any, *why: Any) -> None:
    """Raise Refuted with the reason unless the condition is true (True, or SymPy's true)."""
    if condition not in (True, sp.true):
        raise Refuted(*why)


def agree(claim: Any, truth: Any, where: str = "claim") -> None:
    """Raise Refuted unless claim = truth, entry by entry.

    Both are numbers, expressions, equations, matrices, arrays, or tuples, lists and dicts of these,
    of the same structure and shapes; an equation is read as left − right.
    """
    pairs = list(entries(claim, truth, where))
    for place, left, right in pairs:
        require(not refuted_at(range(1), left, right), place, left, "is not", right)
    for place, left, right in pairs:
        if not proved_zero(left - right, FAST):
            require(not refuted_at(POINTS, left, right), place, left, "is not", right)
            require(proved_zero(left - right, SLOW), place, left, "is not shown to be", right)


def equal(left: Any, right: Any) -> bool:
    """Return whether left = right could be proved."""
    try:
        agree(left, right)
    except (Refuted, ValueError, TypeError):
        return False
    return True


def entries(claim: Any, truth: Any, where: str = "") -> Iterator[tuple[str, sp.Basic, sp.Basic]]:
    """Yield (place, left, right) for each scalar pair; raise Refuted where structures differ."""
    if isinstance(claim, Mapping) or isinstance(truth, Mapping):
        pairs = _pairs_of_mappings(claim, truth, where)
    elif _is_list(claim) or _is_list(truth):
        pairs = _pairs_of_lists(claim, truth, where)
    elif is_matrix(claim) or is_matrix(truth):
        pairs = _pairs_of_matrices(claim, truth, where)
    elif isinstance(claim, sp.Equality) and isinstance(truth, sp.Equality):
        pairs = [(where, claim.lhs - claim.rhs, truth.lhs - truth.rhs)]
    else:
        yield where, sp.sympify(claim), sp.sympify(truth)
        return
    for place, left, right in pairs:
        yield from entries(left, right, place)


def _is_list(value: Any) -> bool:
    """Return whether the value is a tuple or list, SymPy's included."""
    return isinstance(value, tuple | list | sp.Tuple)


def is_matrix(value: Any) -> bool:
    """Return whether the value is an array or a matrix, explicit or symbolic."""
    return isinstance(value, np.ndarray | sp.MatrixBase | sp.MatrixExpr)


def _pairs_of_mappings(claim: Any, truth: Any, where: str) -> list[tuple]:
    """Return the pairs of two dicts with the same keys."""
    same = isinstance(claim, Mapping) and isinstance(truth, Mapping) and set(claim) == set(truth)
    require(same, f"{where}: the keys differ")
    return [(f"{where}[{key}]", claim[key], truth[key]) for key in truth]


def _pairs_of_lists(claim: Any, truth: Any, where: str) -> list[tuple]:
    """Return the pairs of two sequences of the same length."""
    same = _is_list(claim) and _is_list(truth) and len(claim) == len(truth)
    require(same, f"{where}: the lengths differ")
    return [(f"{where}[{i}]", *pair) for i, pair in enumerate(zip(claim, truth, strict=True))]


def _pairs_of_matrices(claim: Any, truth: Any, where: str) -> list[tuple]:
    """Return the pairs of entries of two matrices of the same shape."""
    shapes = [getattr(side, "shape", ()) for side in (claim, truth)]
    require(shapes[0] == shapes[1], f"{where}: the shapes {shapes[0]} and {shapes[1]} differ")
    if not all(isinstance(n, int | sp.Integer) for n in shapes[0]):
        symbolic = sp.expand((claim - truth).doit()).doit()
        return [(where, sp.S.Zero if symbolic == sp.ZeroMatrix(*shapes[0]) else sp.S.One, 0)]
    flat = [np.array(_explicit(side), dtype=object).ravel() for side in (claim, truth)]
    return [(f"{where}[{i}]", *pair) for i, pair in enumerate(zip(*flat, strict=True))]


def _explicit(matrix: Any) -> Any:
    """Return a matrix expression with its entries written out."""
    return matrix.as_explicit() if isinstance(matrix, sp.MatrixExpr) else matrix


def refuted_at(seeds: Iterable[int], left: sp.Expr, right: sp.Expr) -> bool:
    """Return whether left and right have different values at one of these random points."""
    if left == right:
        return False
    return any(different(*values_at((left, right), seed)) for seed in seeds)


def different(left: sp.Expr, right: sp.Expr) -> bool:
    """Return whether two values are numbers and differ; any other value decides nothing."""
    if left.is_Rational and right.is_Rational:
        return left != right
    left, right = (side.evalf(DIGITS) for side in (left, right))
    if not all(side.is_number and side.is_finite for side in (left, right)):
        return False
    return bool(abs(left - right) > TOLERANCE * (1 + abs(left)))


def values_at(sides: Iterable[sp.Expr], seed: int) -> sp.Tuple:
    """Return the values of the sides at the random point with this seed."""
    whole = rename(sp.Tuple(*sides))
    integers = {s: _integer(s, whole, seed) for s in whole.free_symbols if s.is_integer}
    whole = _concrete(whole.xreplace(integers).doit(), seed)
    indexed = whole.atoms(sp.Indexed, MatrixElement)
    whole = whole.xreplace({symbol: _rational(symbol, seed) for symbol in indexed})
    whole = whole.xreplace({s: _rational(s, seed) for s in whole.free_symbols})
    return whole.doit()


def _integer(symbol: sp.Symbol, whole: sp.Basic, seed: int) -> sp.Integer:
    """Return a small integer for a symbol, larger for upper limits of sums than for indices."""
    rng = random.Random(f"{seed} {symbol}")
    limits = [limit for s in whole.atoms(sp.Sum, sp.Product) for limit in s.limits]
    if any(symbol in end.free_symbols for limit in limits for end in limit[1:]):
        return sp.Integer(rng.randint(4, 5))
    lowest = 1 if symbol.is_positive else 0 if symbol.is_nonnegative else -3
    return sp.Integer(rng.randint(lowest, 3))


def _rational(symbol: sp.Basic, seed: int) -> sp.Rational:
    """Return a random rational with the sign that the symbol is declared with."""
    rng = random.Random(f"{seed} {symbol}")
    value = sp.Rational(rng.randint(1, 29), rng.randint(7, 13))
    if symbol.is_nonnegative:
        return value
    return -value if symbol.is_nonpositive or rng.random() < 0.5 else value


def _concrete(whole: sp.Basic, seed: int) -> sp.Basic:
    """Return the expressions with each undefined function replaced by a random cubic."""
    whole = whole.replace(is_undefined, lambda f: _cubic(f.func.__name__, f.args, seed))
    return whole.doit() if whole.has(sp.Derivative, sp.Subs) else whole


def is_undefined(expr: sp.Basic) -> bool:
    """Return whether the expression is an undefined function, such as σ or its derivative σ′."""
    known = (type(expr).__module__ or "").startswith("sympy.")
    return isinstance(expr, AppliedUndef) or (isinstance(expr, sp.Function) and not known)


def _cubic(name: str, arguments: tuple[sp.Expr, ...], seed: int) -> sp.Expr:
    """Return c₀ + s + c₁s² + c₂s³ for s = Σ d_i u_i (1 + u_i), with random coefficients."""
    rng = random.Random(f"{seed} {name}()")
    c = [sp.Rational(rng.randint(-9, 9) or 1, 7) for _ in range(4)]
    s = sum(
        sp.Rational(rng.randint(1, 9), 5) * u * (1 + u) if len(arguments) > 1 else u
        for u in arguments
    )
    return c[0] + c[1] * s + c[2] * s**2 + c[3] * s**3


def proved_zero(expr: sp.Expr, simplifications: Iterable[Callable]) -> bool:
    """Return whether one of the simplifications shows the expression to be 0."""
    return expr == 0 or any(step(expr) == 0 for step in simplifications)


def _numerator(expr: sp.Expr) -> sp.Expr:
    """Return the expanded numerator over the common denominator; it is 0 if the expression is."""
    return sp.expand(sp.numer(sp.together(sp.expand(expr.doit()))))


def tidy_sums(expr: sp.Expr) -> sp.Expr:
    """Return the expression with sums split into terms, constants in front, and indices renamed."""
    return sp.expand(rename(expr.replace(sp.Sum, _split_sum)))


def rename(expr: sp.Basic) -> sp.Basic:
    """Return the expression with the indices of sums and products renamed by nesting depth.

    SymPy's own `as_dummy` gives an inner and an outer index the same name if the inner sum is
    inside a function, and so turns a_ri into a_rr.
    """
    for kind in (sp.Sum, sp.Product) if expr.has(sp.Sum, sp.Product) else ():
        expr = expr.replace(kind, lambda body, *limits, kind=kind: _renamed(kind, body, limits))
    return expr


def _renamed(kind: type, body: sp.Expr, limits: tuple[sp.Tuple, ...]) -> sp.Expr:
    """Return a sum or product with indices `_height_position`; inner ones have a lower height."""
    inside = [limit[0].name for part in body.atoms(sp.Sum, sp.Product) for limit in part.limits]
    height = 1 + max((int(name.split("_")[1]) for name in inside if name[0] == "_"), default=0)
    names = {
        limit[0]: sp.Symbol(f"_{height}_{position}", **limit[0].assumptions0)
        for position, limit in enumerate(limits)
    }
    return kind(body.xreplace(names), *(limit.xreplace(names) for limit in limits))


def _split_sum(body: sp.Expr, *limits: sp.Tuple) -> sp.Expr:
    """Return Σ body term by term, with factors that do not depend on the indices in front."""
    indices = [limit[0] for limit in limits]
    total = 0
    for term in sp.Add.make_args(sp.expand(body)):
        constant, rest = term.as_independent(*indices, as_Add=False)
        total += constant * sp.Sum(rest, *limits)
    return total


FAST = (sp.expand,)
SLOW = (
    lambda expr: tidy_sums(sp.expand(expr)),
    _numerator,
    lambda expr: _numerator(expr.rewrite(sp.exp)),
    sp.simplify,
)
