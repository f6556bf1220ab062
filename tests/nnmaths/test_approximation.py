"""The constructed networks equal their formulas, at the knots and between them.

At a knot an interpolant adds up n rounded terms, so its error there is a few units in the last
place of the largest term, not of the sum; `at_knots` returns how many.
"""

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from strategies import ROUNDING

import nnmaths
from nnmaths.activations import IDENTITY, RELU, SIGMOID, STEP, Activation
from nnmaths.approximation import (
    Built,
    bump,
    hat,
    interpolant,
    jump,
    kink,
    shallow,
    sine,
    staircase,
    sup_error,
)
from nnmaths.network import Network, Parameters, forward
from nnmaths.symbolic import Symbols

EPS = np.finfo(float).eps
UNEVEN = np.array([-1.0, -0.9, 0.0, 0.25, 2.0, 2.5])
VALUES = np.array([3.0, -1.0, 0.5, 0.5, -2.0, 1.0])


def row(*places):
    """Return points as inputs, shape (1, N)."""
    return np.array([places], dtype=float)


def at_knots(g, x):
    """Return the rounding error that n terms v_j σ(…) and their sum may have at the knots."""
    terms = np.abs(g.theta.W[2]) @ forward(g.network, g.theta, x[None, :]).a[1]
    return 2 * len(x) * EPS * (terms.max() + np.abs(g.theta.b[2]).max() + 1)


@st.composite
def points(draw):
    """Draw 2 to 9 increasing knots and a value at each."""
    gaps = draw(st.lists(st.floats(0.01, 3), min_size=1, max_size=8))
    x = draw(st.floats(-5, 5)) + np.concatenate([[0], np.cumsum(gaps)])
    return x, np.array([draw(st.floats(-10, 10)) for _ in x])


# --- one hidden layer -----------------------------------------------------------------------------


def test_shallow_is_the_sum_in_its_docstring():
    w, b, v, c = [2.0, -1.0, 0.5], [0.5, 0.0, -1.0], [1.0, -2.0, 3.0], 0.25
    x = row(-1, 0, 0.3, 2)
    truth = c + sum(v[j] * SIGMOID(w[j] * x + b[j]) for j in range(3))
    assert np.abs(shallow(w, b, v, c, SIGMOID)(x) - truth).max() <= 10 * EPS


def test_a_built_network_is_a_pair_of_the_books_shapes():
    network, theta = built = shallow([1, 2], [3, 4], [5, 6], 7, RELU)
    assert isinstance(built, Built)
    assert network == Network((1, 2, 1), (RELU, IDENTITY))
    assert isinstance(theta, Parameters)
    assert theta.sizes == (1, 2, 1)
    assert theta.W[1].tolist() == [[1], [2]]
    assert theta.b[1].tolist() == [[3], [4]]
    assert theta.W[2].tolist() == [[5, 6]]
    assert theta.b[2].tolist() == [[7]]
    assert all(leaf.dtype == float for leaf in theta)


def test_the_example_of_the_chapter():
    g = shallow(w=[6, 6], b=[-2, -4], v=[1, -1], c=0, sigma=SIGMOID)
    assert g(row(0, 0.5, 1)).round(4).tolist() == [[0.1012, 0.4621, 0.1012]]


@pytest.mark.parametrize("lengths", [(2, 1, 1), (1, 2, 1), (1, 1, 2)])
def test_lists_of_different_lengths_are_rejected(lengths):
    w, b, v = ([1.0] * length for length in lengths)
    with pytest.raises(ValueError, match=r"w, b, v: expected n numbers each, found \d, \d and \d"):
        shallow(w, b, v, 0, RELU)


def test_a_sum_of_squares_of_lines_has_no_third_difference():
    square = Activation("square", lambda z: z**2, lambda z: 2 * z)
    w, b, v = np.random.default_rng(3).standard_normal((3, 40))
    assert np.abs(np.diff(shallow(w, b, v, 1, square)(row(0, 1, 2, 3)), n=3)).max() < 1e-10


# --- steps ----------------------------------------------------------------------------------------


def test_a_bump_is_two_sigmoids():
    x = row(-1, 0.3, 0.5, 0.7, 3)
    truth = SIGMOID(20 * (x - 0.3)) - SIGMOID(20 * (x - 0.7))
    assert np.abs(bump(0.3, 0.7, 20)(x) - truth).max() <= ROUNDING
    assert bump(0.3, 0.7, 20)(row(0.5))[0, 0] == pytest.approx(np.tanh(2), abs=ROUNDING)


@given(points())
def test_a_staircase_of_steps_has_the_values_at_its_knots(data):
    x, y = data
    g = staircase(x, y)
    assert g.network == Network((1, len(x) - 1, 1), (STEP, IDENTITY))
    assert np.abs(g(x[None, :]) - y).max() <= at_knots(g, x)


def test_a_staircase_of_steps_is_the_value_at_the_nearest_knot():
    x = np.array([-0.96, -0.94, -0.4, 0.12, 0.13, 1.1, 1.2, 9.0])
    nearest = np.abs(x[:, None] - UNEVEN).argmin(axis=1)
    assert np.abs(staircase(UNEVEN, VALUES)(x[None, :]) - VALUES[nearest]).max() <= ROUNDING


def test_a_staircase_of_sigmoids_is_the_sum_of_its_formula():
    x, w = row(-2, -0.5, 0.1, 0.2, 3), 7.0
    truth = np.full_like(x, VALUES[0])
    for j in range(1, len(UNEVEN)):
        m = (UNEVEN[j - 1] + UNEVEN[j]) / 2
        truth += (VALUES[j] - VALUES[j - 1]) * SIGMOID(w * (x - m))
    assert np.abs(staircase(UNEVEN, VALUES, w)(x) - truth).max() <= ROUNDING


@pytest.mark.parametrize("n", [1, 5, 16])
@pytest.mark.parametrize("steep", [0.5, 2, 8])
def test_a_staircase_keeps_its_bound(n, steep):
    x, w, h = np.linspace(0, 1, n + 1), steep * n, 1 / n
    for f, lipschitz in ((sine, 2 * np.pi), (kink, 2)):
        found = sup_error(f, staircase(x, f(x), w), 0, 1)
        assert found <= lipschitz * h * (1 + 1 / np.sinh(w * h / 2))


# --- hats -----------------------------------------------------------------------------------------


def test_a_hat_is_exact_where_its_numbers_are_exact():
    places = row(-3, 0.25, 0.375, 0.5, 0.625, 0.75, 4)
    assert hat(0.5, 0.25)(places).tolist() == [[0, 0, 0.5, 1, 0.5, 0, 0]]


@given(st.floats(-10, 10), st.floats(0.01, 10), st.floats(-30, 30))
def test_a_hat_is_the_maximum_of_its_formula(c, h, x):
    rounding = 20 * EPS * (abs(c) + h + abs(x)) / h  # three terms of (|x| + |c| + h)/h that cancel
    assert hat(c, h)(row(x))[0, 0] == pytest.approx(max(0, 1 - abs(x - c) / h), abs=rounding)


@given(points())
def test_an_interpolant_has_the_values_at_its_knots(data):
    x, y = data
    g = interpolant(x, y)
    assert g.network == Network((1, len(x) - 1, 1), (RELU, IDENTITY))
    assert np.abs(g(x[None, :]) - y).max() <= at_knots(g, x)


@given(points(), st.floats(0, 1))
def test_an_interpolant_is_straight_between_its_knots(data, share):
    x, y = data
    place = x[:-1] + share * np.diff(x)
    g = interpolant(x, y)
    # x itself is rounded by |x| ε, and the steepest slope multiplies this error
    moved = EPS * np.abs(x).max() * np.abs(np.diff(y) / np.diff(x)).max() * 4
    found = np.abs(g(place[None, :])[0] - np.interp(place, x, y)).max()
    assert found <= at_knots(g, x) + moved


def test_an_interpolant_is_constant_before_and_straight_after_its_knots():
    g = interpolant(UNEVEN, VALUES)
    slope = (VALUES[-1] - VALUES[-2]) / (UNEVEN[-1] - UNEVEN[-2])
    assert g(row(-7, 4.5))[0] == pytest.approx([VALUES[0], VALUES[-1] + 2 * slope], abs=ROUNDING)


def test_one_neuron_gives_a_line():
    assert interpolant([1, 3], [2, 6])(row(1, 2, 3)).tolist() == [[2, 4, 6]]


@pytest.mark.parametrize("n", [2, 7, 30])
def test_an_interpolant_keeps_its_bounds(n):
    x, h = np.linspace(0, 1, n + 1), 1 / n
    assert sup_error(sine, interpolant(x, sine(x)), 0, 1) <= 4 * np.pi**2 * h**2 / 8
    assert sup_error(kink, interpolant(x, kink(x)), 0, 1) <= 2 * h / 2


def test_a_jump_is_never_closer_than_its_half():
    for n in (1, 10, 200):
        x = np.linspace(0, 1, n + 1)
        assert sup_error(jump, interpolant(x, jump(x)), 1 / 3 - 1e-12, 1 / 3 + 1e-12) >= 0.499


# --- the error, the targets, and symbols ----------------------------------------------------------


def test_the_error_is_the_largest_and_counts_both_ends():
    assert sup_error(lambda x: x, lambda x: 0 * x, -3, 2) == 3
    assert sup_error(lambda x: x, lambda x: 0 * x, -2, 3) == 3
    assert sup_error(lambda x: -(x**2), lambda x: 0 * x, -1, 1, count=2) == 1
    assert sup_error(lambda x: 1 - np.abs(x), lambda x: 0 * x, -1, 1, count=2) == 0


def test_the_targets_match_their_docstrings():
    assert sine(np.array([0, 0.25, 0.75])).round(12).tolist() == [0, 1, -1]
    assert kink(np.array([-2 / 3, 1 / 3, 4 / 3])).round(12).tolist() == [1.5, -0.5, 1.5]
    assert jump(np.array([0.0, 0.333, 1 / 3, 1.0])).tolist() == [-0.5, -0.5, 0.5, 0.5]


def test_the_constructions_run_on_symbols():
    x, c, h = sp.symbols("x c h", positive=True)
    found = hat(c, h)(Symbols([[x]]))[0, 0]
    relu = [sp.Max(0, x - c + h), sp.Max(0, x - c), sp.Max(0, x - c - h)]
    assert sp.expand(found - (relu[0] - 2 * relu[1] + relu[2]) / h) == 0
    assert bump(c, c + h, x).theta.b[1].tolist() == [[-x * c], [-x * (c + h)]]
    y = sp.symbols("y0:3")
    assert sp.expand(staircase([0, c, c + h], y, x).theta.W[2][0, 1] - (y[2] - y[1])) == 0


def test_the_names_are_public():
    for name in ("Built", "bump", "hat", "interpolant", "shallow", "staircase", "sup_error"):
        assert name in nnmaths.__all__
        assert getattr(nnmaths, name) is globals()[name]


# --- what is rejected -----------------------------------------------------------------------------


@pytest.mark.parametrize("make", [staircase, interpolant])
@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([0, 1, 1], [1, 2, 3], "x: expected increasing numbers"),
        ([0, 2, 1], [1, 2, 3], "x: expected increasing numbers"),
        ([0, np.nan], [1, 2], "x: expected increasing numbers"),
        ([0, 1, 2], [1, 2], r"x, y: expected n \+ 1 ≥ 2 numbers each, found \(3,\) and \(2,\)"),
        ([0], [1], r"found \(1,\) and \(1,\)"),
        ([[0, 1]], [[1, 2]], r"found \(1, 2\) and \(1, 2\)"),
    ],
)
def test_wrong_knots_are_rejected(make, x, y, message):
    with pytest.raises(ValueError, match=message):
        make(x, y)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: bump(1, 1, 5), "a, b: expected increasing numbers"),
        (lambda: bump(2, 1, 5), "a, b: expected increasing numbers"),
        (lambda: bump(0, 1, 0), "w: expected a positive number, found 0"),
        (lambda: staircase([0, 1], [0, 1], -2), "w: expected a positive number, found -2"),
        (lambda: hat(0, 0), "h: expected a positive number, found 0"),
        (lambda: hat(0, np.nan), "h: expected a positive number, found nan"),
    ],
)
def test_wrong_numbers_are_rejected(make, message):
    with pytest.raises(ValueError, match=message):
        make()
