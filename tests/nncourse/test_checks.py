"""Checks: right answers pass in any form, wrong ones get a hint that says what is wrong."""

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from nncourse import checks
from nncourse.checks import Undecided, Wrong
from nnmaths.symbolic import equality

x, y, z, w = sp.symbols("x y z w")
f = sp.Function("f")


def hint(law, *args, **kwargs):
    """Return the hint that a check raises for a wrong answer."""
    with pytest.raises(Wrong) as caught:
        law(*args, **kwargs)
    return str(caught.value)


# --- numbers and arrays -----------------------------------------------------------------------


def test_a_condition_holds_or_its_hint_is_raised():
    checks.require(np.array([True, True]), "no")
    assert hint(checks.require, np.array([True, False]), "not all") == "not all"


def test_the_same_words_seed_the_same_inputs():
    checks.seed("a", "b")
    first, other = checks.rng("q").random(), checks.rng("r").random()
    assert first != other
    checks.seed("a", "c")
    assert checks.rng("q").random() != first
    checks.seed("a", "b")
    assert checks.rng("q").random() == first


@pytest.mark.parametrize(
    ("array", "expected", "message"),
    [
        (
            np.zeros((1, 2)),
            (2, 1),
            "z has the shape (1, 2); it should be (2, 1). It is transposed.",
        ),
        (np.zeros(2), (2, 1), "z has the shape (2,); it should be (2, 1). A column has two axes"),
        (np.zeros((3, 3)), (2, 2), "z has the shape (3, 3); it should be (2, 2)."),
    ],
)
def test_a_wrong_shape_is_named_and_whether_it_is_transposed(array, expected, message):
    assert hint(checks.shape, array, expected, "z").startswith(message)
    checks.shape(np.zeros(expected), list(expected))


@pytest.mark.parametrize("value", [np.nan, np.inf, [1.0, -np.inf], sp.nan])
def test_what_is_not_finite_is_refused(value):
    assert "contains NaN or an infinite number" in hint(checks.finite, value)


@pytest.mark.parametrize("value", ["a", [1, [2, 3]], {}, x, [x], object(), 10**310])
def test_what_is_not_numeric_is_named(value):
    assert hint(checks.numeric, value, "z") == "z should contain only numbers."


def test_numbers_of_every_kind_are_numbers():
    assert checks.numeric([1, sp.Rational(1, 2), np.float32(2)]).tolist() == [1.0, 0.5, 2.0]
    assert checks.numeric(1 + 2j) == 1 + 2j
    assert checks.numeric([True]).dtype == float


@given(st.floats(1e-3, 1e6), st.floats(-1, 1))
def test_close_lets_a_rounding_through_and_no_more(size, part):
    expected = np.array([size, -size / 3])
    checks.assert_close(expected + 0.9e-6 * size * part, expected)
    assert hint(checks.assert_close, expected + np.array([0.0, 2e-6 * size]), expected)


@pytest.mark.parametrize("expected", [1e-4, np.array([[3e-5, 1e-4]])])
def test_small_answers_are_measured_by_their_own_size(expected):
    checks.assert_close(expected * (1 + 1e-7), expected)
    assert hint(checks.assert_close, expected * 1.001, expected)
    assert hint(checks.assert_close, expected * 0, expected)


@pytest.mark.parametrize("noise", [0.0, 1e-17, -3e-13])
def test_rounding_noise_in_place_of_zero_is_close(noise):
    checks.assert_close(0.0, noise)
    checks.assert_close(noise, 0.0)


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (-1, "the right size and the opposite sign"),
        (2, "the right direction and twice the length"),
        (0.5, "the right direction and half the length"),
        (-2, "the opposite sign and twice the length"),
        (-0.5, "the opposite sign and half the length"),
    ],
)
def test_a_factor_left_behind_is_named(factor, words):
    expected = np.array([1.0, 3.0])
    assert hint(checks.assert_close, factor * expected, expected, "z") == f"z has {words}."
    assert hint(checks.same_formula, factor * (x + y), x + y, "z") == f"z has {words}."


def test_a_slip_gets_its_hint_before_a_factor_is_named():
    slips = [(np.zeros(3), "no"), (np.array([2.0, 4.0]), "where does the ½ go?")]
    assert hint(checks.assert_close, [2.0, 4.0], [1.0, 2.0], slips=slips) == "where does the ½ go?"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([1.0, 2.0, 4.0], "z is not right in 1 of its 3 entries."),
        ([7.0, 8.0, 9.0], "z is not right."),
        ([1.0, 2.0, np.nan], "z contains NaN or an infinite number."),
        ([[1.0, 2.0, 3.0]], "z has the shape (1, 3); it should be (3,)."),
    ],
)
def test_the_hint_says_how_many_entries_of_an_array_are_wrong(value, message):
    assert hint(checks.assert_close, value, [1.0, 2.0, 3.0], "z") == message
    assert hint(checks.assert_close, 3.0, 1.0, "n") == "n is not right."


# --- gradients and functions ------------------------------------------------------------------


def cubic(at):
    return float(np.sum(at**3) + at.ravel()[0] * at.ravel()[-1])


@given(st.lists(st.floats(-3, 3), min_size=2, max_size=4))
def test_the_slope_by_differences_is_the_derivative(values):
    at = np.array(values)
    exact = 3 * at**2
    exact[0] += at[-1]
    exact[-1] += at[0]
    np.testing.assert_allclose(checks.slope(cubic, at), exact, atol=1e-7)


def test_a_gradient_is_measured_in_the_shape_of_its_place():
    at = np.array([[1.0], [2.0]])
    right = np.array([[5.0], [13.0]])
    checks.gradient(right, cubic, at)
    assert "twice the length" in hint(checks.gradient, 2 * right, cubic, at)
    assert "It is transposed" in hint(checks.gradient, right.T, cubic, at)
    assert at.tolist() == [[1.0], [2.0]]


def test_a_gradient_that_vanishes_may_be_zero():
    checks.gradient(np.zeros(2), lambda at: 1e3 + float(np.sum((at - 0.3) ** 2)), np.full(2, 0.3))


def fails():
    raise KeyError("w")


def judged():
    raise Wrong("a hint")


def unsure():
    raise Undecided("look")


def test_a_function_that_raises_is_wrong_and_verdicts_pass_through():
    assert checks.call(max, 1, 2) == 2
    assert hint(checks.call, fails) == "your function raised KeyError: 'w'"
    assert hint(checks.call, judged) == "a hint"
    with pytest.raises(Undecided, match="look"):
        checks.call(unsure)


# --- formulas ---------------------------------------------------------------------------------

EQUAL = [
    ((x + y) ** 2, x**2 + 2 * x * y + y**2),
    (sp.tanh(x), (sp.exp(2 * x) - 1) / (sp.exp(2 * x) + 1)),
    (1 / (1 + sp.exp(-x)), sp.exp(x) / (1 + sp.exp(x))),
    (sp.sqrt(x**2), sp.Abs(x)),
    (f(x).diff(x), f(x).diff(x) * 2 / 2),
    (sp.Matrix([[x, (x + 1) ** 2]]), sp.Matrix([[x, x**2 + 2 * x + 1]])),
    (sp.Float("0.5") * x, x / 2),
    (sp.Symbol("x", integer=True) + 1, x + 1),
    (sp.Symbol("x", positive=True) + 1, x + 1),
    (sp.Sum(2 * x, (x, 1, y)), sp.Sum(2 * z, (z, 1, y))),
    (3, sp.Integer(3)),
]


@pytest.mark.parametrize(("claim", "truth"), EQUAL, ids=str)
def test_an_equal_formula_passes_in_any_form(claim, truth):
    checks.same_formula(claim, truth)


def test_symbols_are_positive_where_the_check_says_so():
    checks.same_formula(sp.log(x * y), sp.log(x) + sp.log(y), positive="x y")
    checks.same_formula(sp.sqrt(x**2), x, positive="x")
    assert hint(checks.same_formula, sp.sqrt(x**2), x)


@pytest.mark.parametrize(
    ("claim", "truth", "message"),
    [
        (x**2 + y, x**2 - y, "z is not right."),
        (x * w, x * y, "z is not right. It holds w, which should not be there."),
        (sp.Matrix([x]), x, "z should be one expression, not a matrix."),
        (x, sp.Matrix([x]), "z should be a matrix."),
        (sp.Matrix([[x, y]]), sp.Matrix([x, y]), "z has the shape (1, 2); it should be (2, 1)"),
        (sp.Matrix([x, y]), sp.Matrix([x, x]), "z is not right."),
        (0, x, "z is not right."),
        (sp.nan, x, "z is not finite."),
        (sp.oo, x, "z is not finite."),
        (f(x), x, "z is not right."),
        (sp.Eq(x, y), x, "z is not right."),
        (sp.true, x, "z is not right."),
        (sp.Tuple(x, y), x, "z is not right."),
    ],
    ids=str,
)  # fmt: skip
def test_another_formula_is_refused_with_a_reason(claim, truth, message):
    assert hint(checks.same_formula, claim, truth, "z").startswith(message)


def test_a_slip_in_a_formula_gets_its_hint():
    slips = [(x, "no"), (x**2 - y, "Which sign has y?")]
    assert hint(checks.same_formula, x * x - y, x**2 + y, slips=slips) == "Which sign has y?"


def test_a_difference_at_single_points_only_is_not_overlooked():
    bent = sp.Piecewise((x + 1, x > 2), (x, True))
    assert hint(checks.same_formula, bent, x)


def test_what_cannot_be_compared_at_any_point_goes_to_a_person(monkeypatch):
    monkeypatch.setattr(equality, "values_at", lambda sides, seed: (f(x), f(y)))
    with pytest.raises(Undecided, match="z could not be compared: a person has to look at it"):
        checks.same_formula(f(x), f(y), "z")


# --- letters between bounds -------------------------------------------------------------------

a, q, c = sp.symbols("a q c")
TRUTH = (1 - a**2) ** sp.Rational(3, 2)
# Equal to TRUTH for −1 < a < 1; beyond, their roots take another branch.
FORMS = (
    (1 / (1 - a**2)) ** sp.Rational(-3, 2),
    (1 + a**2 / (1 - a**2)) ** sp.Rational(-3, 2),
    sp.sqrt((1 - a**2) ** 3),
    sp.Abs(1 - a**2) ** sp.Rational(3, 2),
    sp.Symbol("a", positive=True) * TRUTH / a,
    (1 - a**2) ** 1.5,
    sp.cos(sp.asin(a)) ** 3,
)


@pytest.mark.parametrize("form", FORMS)
def test_a_formula_is_compared_between_the_bounds_of_its_symbols(form):
    checks.same_formula(form, TRUTH, within={"a": (-1, 1)})


def test_without_bounds_another_branch_is_another_formula():
    with pytest.raises(checks.Wrong):
        checks.same_formula(FORMS[2], TRUTH)


@pytest.mark.parametrize("wrong", [1 - a**2, sp.sqrt(1 - a**2), TRUTH * sp.sign(a), TRUTH + c])
def test_a_wrong_formula_is_refused_between_bounds(wrong):
    with pytest.raises(checks.Wrong):
        checks.same_formula(wrong, TRUTH, within={"a": (-1, 1)})


def test_slips_and_extra_symbols_are_named_between_bounds():
    slips = [(sp.sqrt((1 - a**2) ** 2), "the slope of tanh")]
    with pytest.raises(checks.Wrong, match="the slope of tanh"):
        checks.same_formula(1 - a**2, TRUTH, slips=slips, within={"a": (-1, 1)})
    with pytest.raises(checks.Wrong, match="holds z, which"):
        checks.same_formula(sp.Symbol("z") + a, TRUTH, within={"a": (-1, 1)})


def test_bounds_hold_for_each_symbol_and_for_a_positive_one():
    truth = sp.log(q) + sp.log(1 - q) + sp.log(c - 2)
    within = {"q": (0, 1), "c": (2, 5)}
    checks.same_formula(sp.log(q * (1 - q) * (c - 2)), truth, positive="q", within=within)


def test_the_shape_of_one_number_is_described_in_words():
    with pytest.raises(checks.Wrong, match=r"has the shape \(1, 1\); it should be one number"):
        checks.assert_close([[1.0]], 1.0)
