"""Central differences need only values, and agree with derivatives known from calculus."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from strategies import DIFFERENCE, ROUNDING, distance, entries, random_theta, rng, seeds

from nnmaths.activations import IDENTITY, TANH
from nnmaths.differences import H, numerical_gradient, relative_error
from nnmaths.network import Network, Parameters

NET = Network((2, 3, 1), (TANH, IDENTITY))
vectors = hnp.arrays(float, 4, elements=st.floats(-100, 100).map(lambda v: round(v, 3)))


def test_the_derivative_of_a_parabola_by_hand():
    # (3.1² − 2.9²)/0.2 = 6, with no truncation for a parabola
    assert numerical_gradient(lambda v: (v**2).sum(), [3.0], h=0.1) == pytest.approx(6)


def test_a_number_is_a_0d_array():
    slope = numerical_gradient(np.sin, 0.0)
    assert slope.shape == ()
    assert slope == pytest.approx(1, abs=DIFFERENCE)


@given(seeds)
def test_the_gradient_of_a_quadratic_form_is_its_matrix_times_the_point(seed):
    A, v = rng(seed).standard_normal((3, 3)), rng(seed + 1).standard_normal((3, 1))
    slope = numerical_gradient(lambda v: (v.T @ A @ v).item(), v)
    np.testing.assert_allclose(slope, (A + A.T) @ v, atol=DIFFERENCE)


@given(seeds)
def test_parameters_are_differentiated_entry_by_entry_in_their_own_shape(seed):
    theta = random_theta(NET, seed)
    slope = numerical_gradient(lambda theta: float((entries(theta) ** 3).sum()), theta)
    assert isinstance(slope, Parameters)
    assert distance(slope, 3 * theta**2) < DIFFERENCE * (1 + np.abs(entries(theta)).max() ** 3)


def test_the_point_is_left_as_it_was():
    theta = random_theta(NET, 1)
    before = entries(theta)
    numerical_gradient(lambda theta: float(entries(theta).sum()), theta)
    v = np.array([1, 2])
    numerical_gradient(np.sum, v)
    assert (entries(theta) == before).all()
    assert v.tolist() == [1, 2]


def test_the_error_falls_with_the_square_of_h_until_rounding_takes_over():
    errors = {h: abs(numerical_gradient(np.exp, 1.0, h) - np.e) for h in (1e-1, 1e-2, H, 1e-13)}
    assert errors[1e-1] / errors[1e-2] == pytest.approx(100, rel=0.01)
    assert errors[H] < 1e-9
    assert errors[1e-13] > 1e5 * errors[H]


@given(vectors)
def test_the_relative_error_of_equal_gradients_is_0_and_of_opposite_ones_1(g):
    assert relative_error(g, g) == 0
    assert relative_error(g, -g) == pytest.approx(float(g.any()))


@given(vectors, vectors, st.floats(0.01, 100))
def test_the_relative_error_lies_in_0_to_1_and_is_symmetric_and_scale_invariant(g, h, unit):
    error = relative_error(g, h)
    assert 0 <= error <= 1 + ROUNDING
    assert relative_error(h, g) == error
    assert relative_error(unit * g, unit * h) == pytest.approx(error, abs=ROUNDING)


def test_the_relative_error_by_hand():
    # ‖(3, 4) − (0, 0)‖/(5 + 0) and ‖(0, 1)‖/(1 + √2)
    assert relative_error([3.0, 4.0], [0.0, 0.0]) == 1
    assert relative_error([1.0, 0.0], [1.0, 1.0]) == pytest.approx(1 / (1 + 2**0.5))
    assert relative_error(np.zeros(3), np.zeros(3)) == 0


def test_parameters_have_one_relative_error_over_all_their_entries():
    theta, v = random_theta(NET, 1), random_theta(NET, 2)
    assert relative_error(theta, v) == relative_error(entries(theta), entries(v))


@pytest.mark.parametrize(
    ("g", "h", "message"),
    [
        (np.zeros(2), np.zeros(3), "h: expected shape (2,), like g, found (3,)"),
        (np.zeros((2, 3)), np.zeros((3, 2)), "h: expected shape (2, 3), like g, found (3, 2)"),
        (random_theta(NET, 1), np.zeros(13), "h: expected shape [(3, 2), (3, 1), (1, 3), (1, 1)]"),
    ],
)
def test_gradients_of_different_shapes_are_rejected(g, h, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        relative_error(g, h)


@pytest.mark.parametrize("h", [0, -1e-5, np.inf, np.nan])
def test_the_increment_must_be_positive_and_finite(h):
    with pytest.raises(ValueError, match="h: expected a positive finite number, found"):
        numerical_gradient(np.sum, np.zeros(2), h)


def test_a_gradient_with_one_wrong_entry_is_caught():
    v = np.array([1.0, 2.0, 3.0])
    numeric = numerical_gradient(lambda v: (v**2).sum(), v)
    assert relative_error(2 * v, numeric) < DIFFERENCE
    assert relative_error(2 * v * [1, 1, -1], numeric) > 0.5
