"""The functions that judge an answer: it satisfies a property, or a hint says which one it breaks.

Each raises `Wrong` with a hint that teaches and never shows the right answer. `same_formula` raises
`Undecided` where it finds neither a difference nor a proof: then a person decides.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nnmaths.differences import numerical_gradient

# Two arrays agree if they differ by less than this, relative to the largest expected entry.
TOLERANCE = 1e-6
# Smaller expected entries may be the rounding noise of a zero, and are compared on this scale.
SMALLEST = 1e-6
# The tolerance for a gradient that is measured by differences.
GRADIENT_TOLERANCE = 1e-5
# Factors that a common slip leaves behind, and how the hint describes them.
FACTORS = {
    -1: "the right size and the opposite sign",
    2: "the right direction and twice the length",
    0.5: "the right direction and half the length",
    -2: "the opposite sign and twice the length",
    -0.5: "the opposite sign and half the length",
}

Slips = Iterable[tuple[Any, str]]  # pairs (wrong answer, hint)

_seed = b""


class Wrong(AssertionError):  # noqa: N818 (it is a verdict on an answer)
    """Raised by a check that an answer does not pass; the message is the hint."""


class Undecided(Exception):  # noqa: N818 (it is a verdict on an answer)
    """Raised where an answer could be shown neither right nor wrong: a person decides."""


def seed(*words: str) -> None:
    """Seed `rng`: the same words give the same numbers on every machine."""
    global _seed
    _seed = hashlib.sha256("\n".join(words).encode()).digest()


def rng(label: str = "") -> np.random.Generator:
    """Return a NumPy generator for a check's inputs, seeded by `seed` and the label.

    The judge seeds it from the bytes of the submission, a notebook from the student's id.
    """
    return generator(_seed + label.encode())


def generator(words: bytes) -> np.random.Generator:
    """Return the NumPy generator whose seed is the SHA-256 of some bytes."""
    digest = hashlib.sha256(words).digest()
    return np.random.default_rng(np.frombuffer(digest, dtype=np.uint32))


def require(condition: Any, hint: str) -> None:
    """Raise Wrong with the hint unless the condition is true; of an array, every entry."""
    met = np.all(condition) if isinstance(condition, np.ndarray) else condition
    if not bool(met):
        raise Wrong(hint)


def shape(array: Any, expected: Sequence[int], name: str = "your array") -> None:
    """Raise Wrong unless an array has the expected shape, and say if it is transposed."""
    found, expected = np.shape(array), tuple(expected)
    if found == expected:
        return
    advice = " It is transposed." if found == expected[::-1] else ""
    advice = advice or (" A column has two axes: (n, 1)." if expected == (*found, 1) else "")
    wanted = str(expected) if expected else "one number"
    raise Wrong(f"{name} has the shape {found}; it should be {wanted}.{advice}")


def finite(value: Any, name: str = "your answer") -> None:
    """Raise Wrong where a number or an entry is NaN or infinite."""
    if not np.all(np.isfinite(numeric(value, name))):
        raise Wrong(f"{name} contains NaN or an infinite number.")


def numeric(value: Any, name: str = "your answer") -> np.ndarray:
    """Return a number or an array as a NumPy array of floats; raise Wrong if it is not numeric."""
    try:
        array = np.asarray(value)
        return array if array.dtype.kind == "c" else array.astype(float)
    except (TypeError, ValueError, OverflowError):
        raise Wrong(f"{name} should contain only numbers.") from None


def assert_close(
    value: Any,
    expected: Any,
    name: str = "your answer",
    slips: Slips = (),
    tolerance: float = TOLERANCE,
) -> None:
    """Raise Wrong unless |value − expected| ≤ tolerance · largest |expected|, 1 for a zero.

    The shapes must agree. `slips` are pairs (wrong value, hint): an answer that is the wrong value
    gets its hint. A constant factor is named (FACTORS).
    """
    value, expected = numeric(value, name), numeric(expected)
    shape(value, expected.shape, name)
    finite(value, name)
    if _near(value, expected, tolerance):
        return
    for wrong, hint in slips:
        if np.shape(wrong) == value.shape and _near(value, numeric(wrong), tolerance):
            raise Wrong(hint)
    for factor, words in FACTORS.items():
        if _near(value, factor * expected, tolerance):
            raise Wrong(f"{name} has {words}.")
    raise Wrong(f"{name} is not right{_how_much(value, expected, tolerance)}.")


def _near(value: np.ndarray, expected: np.ndarray, tolerance: float) -> bool:
    """Return whether two arrays of the same shape agree to the tolerance."""
    return bool(np.all(np.abs(value - expected) <= tolerance * _scale(expected)))


def _scale(expected: np.ndarray) -> float:
    """Return the largest |expected|, at least SMALLEST; 1 where all entries are 0."""
    largest = float(np.max(np.abs(expected), initial=0.0))
    return max(largest, SMALLEST) if largest else 1.0


def _how_much(value: np.ndarray, expected: np.ndarray, tolerance: float) -> str:
    """Return how many entries of an array are not right, as the end of a sentence."""
    if value.size < 2:
        return ""
    wrong = int(np.sum(np.abs(value - expected) > tolerance * _scale(expected)))
    return f" in {wrong} of its {value.size} entries" if wrong < value.size else ""


def slope(f: Callable[[np.ndarray], float], at: ArrayLike, step: float = 1e-5) -> np.ndarray:
    """Return the gradient of a real function f at an array by central differences.

    The increment of each entry is step · max(1, |entry|); the shape is that of `at`.
    """
    at = np.asarray(at, dtype=float)
    scale = np.maximum(1.0, np.abs(at))

    def scaled(t: np.ndarray) -> float:
        return float(f(np.asarray(at + scale * t)))

    return numerical_gradient(scaled, np.zeros(at.shape), step) / scale


def gradient(
    g: Any,
    f: Callable[[np.ndarray], float],
    at: ArrayLike,
    name: str = "your gradient",
    slips: Slips = (),
) -> None:
    """Raise Wrong unless g is the gradient of f at an array, as central differences measure it."""
    assert_close(g, slope(f, at), name, slips, GRADIENT_TOLERANCE)


def call(f: Callable, *args: Any) -> Any:
    """Return f(*args) for an answer that is a function; raise Wrong if it raises.

    A function of another process, or of the reader's notebook, is called with data
    (`serialise.pack`), and its value comes back as data.
    """
    try:
        value = f(*args)
    except (Wrong, Undecided):
        raise
    except Exception as why:
        raise Wrong(f"your function raised {type(why).__name__}: {why}") from None
    require(value is not None, "your function returns nothing: where is its return?")
    return value


def same_formula(
    claim: Any,
    truth: Any,
    name: str = "your expression",
    positive: str = "",
    slips: Slips = (),
    within: Mapping[str, tuple] | None = None,
) -> None:
    """Raise Wrong unless two SymPy expressions (or matrices) are equal for all real symbols.

    Symbols are matched by name, whatever was assumed of them. Those in `positive` (names, separated
    by spaces) are positive, and those in `within`, as {"a": (-1, 1)}, lie between two bounds:
    beyond them, roots may take another branch. `slips` are pairs (wrong expression, hint).

    Random points are tried first, to find a difference; then a proof is tried. Raises Undecided
    where neither succeeds.
    """
    from nnmaths.symbolic import equality

    truth = _normal_symbols(truth, positive)
    known = {s.name: s for s in truth.free_symbols}
    claim = _normal_symbols(claim, positive, known)
    slips = [(_normal_symbols(wrong, positive, known), hint) for wrong, hint in slips]
    if within:
        truth, claim = (_between(side, within) for side in (truth, claim))
        slips = [(_between(wrong, within), hint) for wrong, hint in slips]
    _same_form(claim, truth, name, equality)
    if not _refuted(claim, truth, equality):
        return _prove_or_sample(claim, truth, name, equality)
    for wrong, hint in slips:
        if not _refuted(claim, wrong, equality):
            raise Wrong(hint)
    for factor, words in FACTORS.items():
        if not _refuted(claim, truth * _exact(factor), equality):
            raise Wrong(f"{name} has {words}.")
    raise Wrong(f"{name} is not right.{_extra_symbols(claim, truth)}")


def _exact(factor: float) -> Any:
    """Return a factor of FACTORS as a rational number."""
    import sympy

    return sympy.Rational(factor)


def _normal_symbols(expression: Any, positive: str, known: Mapping[str, Any] | None = None) -> Any:
    """Return an expression whose symbols are real or positive, as their names alone decide; a
    symbol with the name of a known one becomes that one.
    """
    import sympy

    expression = sympy.sympify(expression)
    above, known = set(positive.split()), known or {}
    new = {
        s: sympy.Symbol(s.name, positive=True) if s.name in above else known.get(s.name, _real(s))
        for s in expression.atoms(sympy.Symbol)
    }
    return expression.xreplace(new)


def _between(expression: Any, within: Mapping[str, tuple]) -> Any:
    """Return an expression with each bounded symbol written as a function of an unbounded one.

    The function, low + (high − low)(1 + t/(1 + |t|))/2, has values between low and high, and t has
    the same name.
    """
    import sympy

    new = {}
    for symbol in expression.free_symbols:
        if getattr(symbol, "name", None) in within:
            low, high = map(sympy.sympify, within[symbol.name])
            t = sympy.Symbol(symbol.name, real=True)
            new[symbol] = low + (high - low) * (1 + t / (1 + sympy.Abs(t))) / 2
    return expression.subs(new, simultaneous=True) if new else expression


def _real(symbol: Any) -> Any:
    """Return the real symbol of the same name; an integer index stays an integer."""
    import sympy

    return (
        sympy.Symbol(symbol.name, integer=True)
        if symbol.is_integer
        else sympy.Symbol(symbol.name, real=True)
    )


def _same_form(claim: Any, truth: Any, name: str, equality: ModuleType) -> None:
    """Raise Wrong if the claim is not finite, or one side is a matrix and the other is not."""
    import sympy

    endless = (sympy.nan, sympy.zoo, sympy.oo, -sympy.oo)
    require(not claim.has(*endless) or truth.has(*endless), f"{name} is not finite.")
    if equality.is_matrix(claim) != equality.is_matrix(truth):
        wanted = "a matrix" if equality.is_matrix(truth) else "one expression, not a matrix"
        raise Wrong(f"{name} should be {wanted}.")
    if equality.is_matrix(truth):
        shape(claim, truth.shape, name)


def _refuted(claim: Any, truth: Any, equality: ModuleType) -> bool:
    """Return whether the sides differ at one of three random points."""
    try:
        pairs = equality.entries(claim, truth)
        return any(equality.refuted_at(range(3), left, right) for _, left, right in pairs)
    except (equality.Refuted, TypeError, ValueError, AttributeError, ZeroDivisionError):
        return True


def _prove_or_sample(claim: Any, truth: Any, name: str, equality: ModuleType) -> None:
    """Return if the sides are proved equal, or agree at twenty points; else raise Undecided."""
    for _, left, right in equality.entries(claim, truth):
        if not equality.proved_zero(left - right, equality.FAST + equality.SLOW[:-1]):
            values = [equality.values_at((left, right), seed) for seed in range(20)]
            if any(equality.different(*pair) for pair in values):
                raise Wrong(f"{name} is not right.")
            decided = sum(all(_is_finite(side) for side in pair) for pair in values)
            if decided < 10:
                raise Undecided(f"{name} could not be compared: a person has to look at it.")


def _is_finite(value: Any) -> bool:
    """Return whether an expression has a finite numerical value."""
    value = value.evalf(30)
    return bool(value.is_number and value.is_finite)


def _extra_symbols(claim: Any, truth: Any) -> str:
    """Return a sentence on the symbols that the right answer does not contain, or nothing."""
    extra = sorted(_names(claim.free_symbols) - _names(truth.free_symbols))
    return f" It holds {', '.join(extra)}, which should not be there." if extra else ""


def _names(symbols: Collection[Any]) -> set[str]:
    """Return the names of those that are plain symbols."""
    import sympy

    return {s.name for s in symbols if isinstance(s, sympy.Symbol)}
