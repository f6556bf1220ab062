"""When two expressions are equal: refuted quickly at random points, or else proved.

`agree(claim, truth)` first evaluates both sides at a few random rational points (undefined
functions become random cubics, matrices and indexed letters get random entries) and raises Refuted
at the first difference. Only what survives is proved symbolically, in the order that is fast:
expand, common denominator, exponentials, and `simplify` last.
"""

import random
from collections.abc import Mapping

import numpy as np
import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions.matexpr import MatrixElement

# One point refutes nearly every false claim; these are tried where no fast proof is found.
POINTS = range(1, 4)
# Both sides are evaluated to 30 digits; two numbers that differ by less agree.
DIGITS = 30
TOLERANCE = sp.Float("1e-15")


class Refuted(Exception):  # noqa: N818 (it is a verdict, not a fault)
    """Raised by a check when the claim it was given is false, or cannot be shown true.

    The message is put together when it is read: most refutations are expected, and large
    expressions take long to print.
    """

    def __str__(self):
        return " ".join(map(str, self.args))


def require(condition, *why):
    """Raise Refuted with the reason unless the condition is true (True, or SymPy's true)."""
    if condition not in (True, sp.true):
        raise Refuted(*why)


def agree(claim, truth, where="claim"):
    """Raise Refuted unless claim = truth, entry by entry.

    Both are numbers, expressions, equations, matrices, arrays, or tuples, lists and dicts of these,
    of the same structure and shapes; an equation stands for left − right.
    """
    pairs = list(entries(claim, truth, where))
    for place, left, right in pairs:
        require(not refuted_at(range(1), left, right), place, left, "is not", right)
    for place, left, right in pairs:
        if not proved_zero(left - right, FAST):
            require(not refuted_at(POINTS, left, right), place, left, "is not", right)
            require(proved_zero(left - right, SLOW), place, left, "is not shown to be", right)


def equal(left, right):
    """Return whether left = right could be proved."""
    try:
        agree(left, right)
    except (Refuted, ValueError, TypeError):
        return False
    return True


def entries(claim, truth, where=""):
    """Yield (place, left, right) for each scalar pair; raise Refuted where structures differ."""
    if isinstance(claim, Mapping) or isinstance(truth, Mapping):
        pairs = of_mappings(claim, truth, where)
    elif is_list(claim) or is_list(truth):
        pairs = of_lists(claim, truth, where)
    elif is_matrix(claim) or is_matrix(truth):
        pairs = of_matrices(claim, truth, where)
    elif isinstance(claim, sp.Equality) and isinstance(truth, sp.Equality):
        pairs = [(where, claim.lhs - claim.rhs, truth.lhs - truth.rhs)]
    else:
        yield where, sp.sympify(claim), sp.sympify(truth)
        return
    for place, left, right in pairs:
        yield from entries(left, right, place)


def is_list(value):
    """Return whether the value is a tuple or list, SymPy's included."""
    return isinstance(value, tuple | list | sp.Tuple)


def is_matrix(value):
    """Return whether the value is an array or a matrix, explicit or symbolic."""
    return isinstance(value, np.ndarray | sp.MatrixBase | sp.MatrixExpr)


def of_mappings(claim, truth, where):
    """Return the pairs of two dicts with the same keys."""
    same = isinstance(claim, Mapping) and isinstance(truth, Mapping) and set(claim) == set(truth)
    require(same, f"{where}: the keys differ")
    return [(f"{where}[{key}]", claim[key], truth[key]) for key in truth]


def of_lists(claim, truth, where):
    """Return the pairs of two sequences of the same length."""
    same = is_list(claim) and is_list(truth) and len(claim) == len(truth)
    require(same, f"{where}: the lengths differ")
    return [(f"{where}[{i}]", *pair) for i, pair in enumerate(zip(claim, truth, strict=True))]


def of_matrices(claim, truth, where):
    """Return the pairs of two matrices of the same shape, as explicit entries."""
    shapes = [getattr(side, "shape", ()) for side in (claim, truth)]
    require(shapes[0] == shapes[1], f"{where}: shapes {shapes[0]} and {shapes[1]}")
    if not all(isinstance(n, int | sp.Integer) for n in shapes[0]):
        symbolic = sp.expand((claim - truth).doit()).doit()
        return [(where, sp.S.Zero if symbolic == sp.ZeroMatrix(*shapes[0]) else sp.S.One, 0)]
    flat = [np.array(explicit(side), dtype=object).ravel() for side in (claim, truth)]
    return [(f"{where}[{i}]", *pair) for i, pair in enumerate(zip(*flat, strict=True))]


def explicit(matrix):
    """Return a matrix expression with its entries written out."""
    return matrix.as_explicit() if isinstance(matrix, sp.MatrixExpr) else matrix


def refuted_at(seeds, left, right):
    """Return whether left and right take different values at one of these random points."""
    if left == right:
        return False
    return any(different(*values_at((left, right), seed)) for seed in seeds)


def different(left, right):
    """Return whether two values are numbers and differ; what is not a number decides nothing."""
    if left.is_Rational and right.is_Rational:
        return left != right
    left, right = (side.evalf(DIGITS) for side in (left, right))
    if not all(side.is_number and side.is_finite for side in (left, right)):
        return False
    return bool(abs(left - right) > TOLERANCE * (1 + abs(left)))


def values_at(sides, seed):
    """Return the values of the sides at the random point with this seed."""
    whole = rename(sp.Tuple(*sides))
    integers = {s: integer(s, whole, seed) for s in whole.free_symbols if s.is_integer}
    whole = concrete(whole.xreplace(integers).doit(), seed)
    letters = whole.atoms(sp.Indexed, MatrixElement)
    whole = whole.xreplace({letter: rational(letter, seed) for letter in letters})
    whole = whole.xreplace({s: rational(s, seed) for s in whole.free_symbols})
    return whole.doit()


def integer(symbol, whole, seed):
    """Return a small integer for a symbol; upper limits of sums get larger ones than indices."""
    rng = random.Random(f"{seed} {symbol}")
    limits = [limit for s in whole.atoms(sp.Sum, sp.Product) for limit in s.limits]
    if any(symbol in end.free_symbols for limit in limits for end in limit[1:]):
        return sp.Integer(rng.randint(4, 5))
    lowest = 1 if symbol.is_positive else 0 if symbol.is_nonnegative else -3
    return sp.Integer(rng.randint(lowest, 3))


def rational(symbol, seed):
    """Return a random rational that respects the sign the symbol is declared with."""
    rng = random.Random(f"{seed} {symbol}")
    value = sp.Rational(rng.randint(1, 29), rng.randint(7, 13))
    if symbol.is_nonnegative:
        return value
    return -value if symbol.is_nonpositive or rng.random() < 0.5 else value


def concrete(whole, seed):
    """Return the expressions with each undefined function replaced by a random cubic."""
    whole = whole.replace(is_undefined, lambda f: cubic(f.func.__name__, f.args, seed))
    return whole.doit() if whole.has(sp.Derivative, sp.Subs) else whole


def is_undefined(expr):
    """Return whether the expression is a function of which nothing is known but, say, its slope."""
    known = (type(expr).__module__ or "").startswith("sympy.")
    return isinstance(expr, AppliedUndef) or (isinstance(expr, sp.Function) and not known)


def cubic(name, arguments, seed):
    """Return c₀ + s + c₁s² + c₂s³ for s = Σ d_i u_i (1 + u_i), with random coefficients."""
    rng = random.Random(f"{seed} {name}()")
    c = [sp.Rational(rng.randint(-9, 9) or 1, 7) for _ in range(4)]
    s = sum(
        sp.Rational(rng.randint(1, 9), 5) * u * (1 + u) if len(arguments) > 1 else u
        for u in arguments
    )
    return c[0] + c[1] * s + c[2] * s**2 + c[3] * s**3


def proved_zero(expr, simplifications):
    """Return whether one of the simplifications shows the expression to be 0."""
    return expr == 0 or any(step(expr) == 0 for step in simplifications)


def over_one_denominator(expr):
    """Return the expanded numerator over a common denominator."""
    return sp.expand(sp.numer(sp.together(sp.expand(expr.doit()))))


def tidy_sums(expr):
    """Return the expression with each sum split, its constants in front, its index named alike."""
    return sp.expand(rename(expr.replace(sp.Sum, split_sum)))


def rename(expr):
    """Return the expression with the indices of sums and products named by how deep they nest.

    SymPy's own `as_dummy` gives an inner and an outer index the same name where the inner sum
    stands inside a function, and so turns a_ri into a_rr.
    """
    for kind in (sp.Sum, sp.Product) if expr.has(sp.Sum, sp.Product) else ():
        expr = expr.replace(kind, lambda body, *limits, kind=kind: renamed(kind, body, limits))
    return expr


def renamed(kind, body, limits):
    """Return a sum or product whose indices are `_height_position`; those inside are lower."""
    inside = [limit[0].name for part in body.atoms(sp.Sum, sp.Product) for limit in part.limits]
    height = 1 + max((int(name.split("_")[1]) for name in inside if name[0] == "_"), default=0)
    names = {
        limit[0]: sp.Symbol(f"_{height}_{position}", **limit[0].assumptions0)
        for position, limit in enumerate(limits)
    }
    return kind(body.xreplace(names), *(limit.xreplace(names) for limit in limits))


def split_sum(body, *limits):
    """Return Σ body, term by term, what does not depend on the indices in front."""
    indices = [limit[0] for limit in limits]
    total = 0
    for term in sp.Add.make_args(sp.expand(body)):
        constant, rest = term.as_independent(*indices, as_Add=False)
        total += constant * sp.Sum(rest, *limits)
    return total


FAST = (sp.expand,)
SLOW = (
    lambda expr: tidy_sums(sp.expand(expr)),
    over_one_denominator,
    lambda expr: over_one_denominator(expr.rewrite(sp.exp)),
    sp.simplify,
)
