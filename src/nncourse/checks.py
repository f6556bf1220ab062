"""What the checks of an assignment say: an answer keeps a law, or a sentence says which it breaks.

A law raises `Wrong` with a hint that teaches, and never shows the right answer. `same_formula`
raises `Undecided` where neither a difference nor a proof was found: then a person looks.
"""

import hashlib

import numpy as np

# Two arrays agree if they differ by less than this, relative to the largest entry expected.
TOLERANCE = 1e-6
# What is smaller may be the rounding noise of a zero, and is measured by this.
SMALLEST = 1e-6
# Factors that a slip leaves behind, and what is said of them.
FACTORS = {
    -1: "the right size and the opposite sign",
    2: "the right direction and twice the length",
    0.5: "the right direction and half the length",
    -2: "the opposite sign and twice the length",
    -0.5: "the opposite sign and half the length",
}

_seed = b""


class Wrong(AssertionError):  # noqa: N818 (it is a verdict on an answer)
    """Raised by a law that an answer breaks; the message is the hint."""


class Undecided(Exception):  # noqa: N818 (it is a verdict on an answer)
    """Raised where an answer could be shown neither right nor wrong: a person decides."""


def seed(*words):
    """Choose what `rng` gives from now on: the same words, the same numbers on every machine."""
    global _seed
    _seed = hashlib.sha256("\n".join(words).encode()).digest()


def rng(label=""):
    """Return a NumPy generator for a check's inputs: in a judge from the submission's own bytes,
    in a notebook from what `seed` was given last.
    """
    return generator(_seed + label.encode())


def generator(words):
    """Return the NumPy generator that belongs to some bytes: its seed is their SHA-256."""
    digest = hashlib.sha256(words).digest()
    return np.random.default_rng(np.frombuffer(digest, dtype=np.uint32))


def require(condition, hint):
    """Raise Wrong with the hint unless the condition is true: of an array, every entry."""
    met = np.all(condition) if isinstance(condition, np.ndarray) else condition
    if not bool(met):
        raise Wrong(hint)


def shape(array, expected, name="your array"):
    """Raise Wrong unless an array has the expected shape, and say if it is transposed."""
    found, expected = np.shape(array), tuple(expected)
    if found == expected:
        return
    turned = " It is transposed." if found == expected[::-1] else ""
    turned = turned or (" A column has two axes: (n, 1)." if expected == (*found, 1) else "")
    wanted = str(expected) if expected else "one number"
    raise Wrong(f"{name} has the shape {found}; it should be {wanted}.{turned}")


def finite(value, name="your answer"):
    """Raise Wrong where a number or an entry is NaN or infinite."""
    if not np.all(np.isfinite(numeric(value, name))):
        raise Wrong(f"{name} holds NaN or an infinite number.")


def numeric(value, name="your answer"):
    """Return a number or an array as a NumPy array of floats; raise Wrong if it is not one."""
    try:
        array = np.asarray(value)
        return array if array.dtype.kind == "c" else array.astype(float)
    except (TypeError, ValueError, OverflowError):
        raise Wrong(f"{name} is not made of numbers.") from None


def assert_close(value, expected, name="your answer", slips=(), tolerance=TOLERANCE):
    """Raise Wrong unless |value − expected| ≤ tolerance · largest |expected|, 1 for a zero.

    The shapes must agree. `slips` are pairs (wrong value, hint): where the answer is that wrong
    value, its hint is what is said. A constant factor is named (FACTORS).
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
    raise Wrong(f"{name} is not right{_where(value, expected, tolerance)}.")


def _near(value, expected, tolerance):
    """Return whether two arrays of a shape agree to the tolerance."""
    return bool(np.all(np.abs(value - expected) <= tolerance * _scale(expected)))


def _scale(expected):
    """Return the largest |expected|, or SMALLEST where all is smaller; 1 where all is 0."""
    largest = float(np.max(np.abs(expected), initial=0.0))
    return max(largest, SMALLEST) if largest else 1.0


def _where(value, expected, tolerance):
    """Return how many entries of an array are not right, as the end of a sentence."""
    if value.size < 2:
        return ""
    wrong = int(np.sum(np.abs(value - expected) > tolerance * _scale(expected)))
    return f" in {wrong} of its {value.size} entries" if wrong < value.size else ""


def slope(f, at, step=1e-5):
    """Return the gradient of a real function f at an array by central differences,
    (f(x + h e) − f(x − h e)) / 2h for each entry; the shape is that of `at`.
    """
    at = np.asarray(at, dtype=float)
    result = np.empty(at.shape)
    for index in np.ndindex(at.shape):
        h = step * max(1.0, abs(at[index]))
        ahead, behind = at.copy(), at.copy()
        ahead[index] += h
        behind[index] -= h
        result[index] = (float(f(ahead)) - float(f(behind))) / (2 * h)
    return result


def gradient(g, f, at, name="your gradient", slips=()):
    """Raise Wrong unless g is the gradient of f at an array, as central differences measure it."""
    assert_close(g, slope(f, at), name, slips, tolerance=1e-5)


def call(f, *args):
    """Return f(*args) for an answer that is a function; raise Wrong if it raises.

    A function of another process or of the reader's notebook is called with data (`answers.pack`),
    and what it returns comes back as data.
    """
    try:
        value = f(*args)
    except (Wrong, Undecided):
        raise
    except Exception as why:
        raise Wrong(f"your function raised {type(why).__name__}: {why}") from None
    require(value is not None, "your function returns nothing: where is its return?")
    return value


def same_formula(claim, truth, name="your expression", positive="", slips=(), within=None):
    """Raise Wrong unless two SymPy expressions (or matrices) are equal for all real letters.

    Letters go by name, whatever was assumed of them; those in `positive` (names, separated by
    blanks) are positive, and those in `within`, as {"a": (-1, 1)}, lie between two bounds: beyond
    them, roots may take another branch. A difference is looked for at random points, then a proof.
    `slips` are pairs (wrong expression, hint). Raises Undecided where neither was found.
    """
    from nnmaths.symbolic import equality as equal

    truth = _letters(truth, positive)
    known = {s.name: s for s in truth.free_symbols}
    claim = _letters(claim, positive, known)
    slips = [(_letters(wrong, positive, known), hint) for wrong, hint in slips]
    if within:
        truth, claim = (_between(side, within) for side in (truth, claim))
        slips = [(_between(wrong, within), hint) for wrong, hint in slips]
    _same_form(claim, truth, name, equal)
    if not _refuted(claim, truth, equal):
        return _proved_or_sampled(claim, truth, name, equal)
    for wrong, hint in slips:
        if not _refuted(claim, wrong, equal):
            raise Wrong(hint)
    for factor, words in FACTORS.items():
        if not _refuted(claim, truth * _exact(factor), equal):
            raise Wrong(f"{name} has {words}.")
    raise Wrong(f"{name} is not right.{_strangers(claim, truth)}")


def _exact(factor):
    """Return a factor of FACTORS as a rational number."""
    import sympy

    return sympy.Rational(factor)


def _letters(expression, positive, known=None):
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


def _between(expression, within):
    """Return an expression with each letter that has bounds written as a function of a real letter
    of the same name, low + (high − low)(1 + t/(1 + |t|))/2, whose values lie between them.
    """
    import sympy

    new = {}
    for symbol in expression.free_symbols:
        if getattr(symbol, "name", None) in within:
            low, high = map(sympy.sympify, within[symbol.name])
            t = sympy.Symbol(symbol.name, real=True)
            new[symbol] = low + (high - low) * (1 + t / (1 + sympy.Abs(t))) / 2
    return expression.subs(new, simultaneous=True) if new else expression


def _real(symbol):
    """Return the real symbol of this name; an index that is an integer stays one."""
    import sympy

    return (
        sympy.Symbol(symbol.name, integer=True)
        if symbol.is_integer
        else sympy.Symbol(symbol.name, real=True)
    )


def _same_form(claim, truth, name, equal):
    """Raise Wrong if the claim is not finite, or one side is a matrix and the other is not."""
    import sympy

    endless = (sympy.nan, sympy.zoo, sympy.oo, -sympy.oo)
    require(not claim.has(*endless) or truth.has(*endless), f"{name} is not finite.")
    if equal.is_matrix(claim) != equal.is_matrix(truth):
        wanted = "a matrix" if equal.is_matrix(truth) else "one expression, not a matrix"
        raise Wrong(f"{name} should be {wanted}.")
    if equal.is_matrix(truth):
        shape(claim, truth.shape, name)


def _refuted(claim, truth, equal):
    """Return whether the sides differ at one of three random points."""
    try:
        pairs = equal.entries(claim, truth)
        return any(equal.refuted_at(range(3), left, right) for _, left, right in pairs)
    except (equal.Refuted, TypeError, ValueError, AttributeError, ZeroDivisionError):
        return True


def _proved_or_sampled(claim, truth, name, equal):
    """Return if the sides are proved equal, or agree at twenty points; else raise Undecided."""
    for _, left, right in equal.entries(claim, truth):
        if not equal.proved_zero(left - right, equal.FAST + equal.SLOW[:-1]):
            values = [equal.values_at((left, right), seed) for seed in range(20)]
            if any(equal.different(*pair) for pair in values):
                raise Wrong(f"{name} is not right.")
            decided = sum(all(_is_number(side) for side in pair) for pair in values)
            if decided < 10:
                raise Undecided(f"{name} could not be compared: a person has to look.")


def _is_number(value):
    """Return whether an expression has a finite numerical value."""
    value = value.evalf(30)
    return bool(value.is_number and value.is_finite)


def _strangers(claim, truth):
    """Return a sentence on letters and unknown functions that the right answer has not."""
    import sympy

    names = {s.name for s in claim.free_symbols if isinstance(s, sympy.Symbol)}
    known = {s.name for s in truth.free_symbols if isinstance(s, sympy.Symbol)}
    extra = sorted(names - known)
    return f" It holds {', '.join(extra)}, which should not be there." if extra else ""
