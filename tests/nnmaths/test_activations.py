"""Each activation is stable everywhere, and its derivative is correct."""

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from strategies import ROUNDING, agrees_with_differences

from nnmaths.activations import (
    ACTIVATIONS,
    IDENTITY,
    LEAKY_RELU,
    RELU,
    SIGMOID,
    SOFTPLUS,
    STEP,
    TANH,
    Activation,
)
from nnmaths.symbolic import Symbols

ALL = pytest.mark.parametrize("sigma", ACTIVATIONS.values(), ids=repr)
LOG = np.log

# A kink, if there is one, is at 0; the difference quotient must not reach across it.
moderate = st.floats(-30, 30).filter(lambda z: abs(z) > 1e-3)
finite = st.floats(allow_nan=False, allow_infinity=False)


def test_the_seven_activations_are_found_by_name():
    assert list(ACTIVATIONS) == [
        "identity",
        "step",
        "sigmoid",
        "tanh",
        "relu",
        "leaky relu",
        "softplus",
    ]
    assert ACTIVATIONS["leaky relu"] is LEAKY_RELU


def test_the_repr_of_an_activation_is_its_name_in_code():
    assert [repr(sigma) for sigma in (TANH, LEAKY_RELU)] == ["TANH", "LEAKY_RELU"]


@pytest.mark.parametrize(
    ("sigma", "z", "value", "slope"),
    [
        (IDENTITY, -3.5, -3.5, 1),
        (STEP, 0.1, 1, 0),
        (STEP, -0.1, 0, 0),
        (SIGMOID, 0.0, 1 / 2, 1 / 4),
        (SIGMOID, LOG(3), 3 / 4, 3 / 16),
        (SIGMOID, -LOG(3), 1 / 4, 3 / 16),
        (TANH, 0.0, 0, 1),
        (TANH, LOG(2), 3 / 5, 16 / 25),
        (RELU, 2.0, 2, 1),
        (RELU, -2.0, 0, 0),
        (LEAKY_RELU, 2.0, 2, 1),
        (LEAKY_RELU, -2.0, -0.02, 0.01),
        (SOFTPLUS, 0.0, LOG(2), 1 / 2),
        (SOFTPLUS, LOG(3), LOG(4), 3 / 4),
    ],
)
def test_values_and_slopes_by_hand(sigma, z, value, slope):
    z = np.array([[z]])
    assert sigma(z).item() == pytest.approx(value, abs=ROUNDING)
    assert sigma.df(z).item() == pytest.approx(slope, abs=ROUNDING)


@pytest.mark.parametrize(
    ("sigma", "value", "slope"),
    [(STEP, 1, 0), (RELU, 0, 0), (LEAKY_RELU, 0, 0.01)],
    ids=repr,
)
def test_at_a_kink_the_chosen_value_is_the_documented_one(sigma, value, slope):
    zero = np.zeros((1, 1))
    assert (sigma(zero).item(), sigma.df(zero).item()) == (value, slope)


@pytest.mark.parametrize(
    ("sigma", "far_left", "far_right", "slope_left", "slope_right"),
    [
        (IDENTITY, -1000, 1000, 1, 1),
        (STEP, 0, 1, 0, 0),
        (SIGMOID, 0, 1, 0, 0),
        (TANH, -1, 1, 0, 0),
        (RELU, 0, 1000, 0, 1),
        (LEAKY_RELU, -10, 1000, 0.01, 1),
        (SOFTPLUS, 0, 1000, 0, 1),
    ],
    ids=repr,
)
def test_at_plus_and_minus_a_thousand_the_limits_are_exact(
    sigma, far_left, far_right, slope_left, slope_right
):
    z = np.array([[-1000.0, 1000.0]])
    assert sigma(z).tolist() == [[far_left, far_right]]
    assert sigma.df(z).tolist() == [[slope_left, slope_right]]


@ALL
@given(z=finite)
def test_every_finite_input_gives_finite_values_without_a_warning(sigma, z):
    z = np.array([[z]])
    assert np.isfinite(sigma(z)).all()
    assert np.isfinite(sigma.df(z)).all()


@ALL
@given(z=moderate)
def test_the_slope_agrees_with_central_differences(sigma, z):
    z = np.array([[z]])
    assert agrees_with_differences(sigma.df(z), lambda z: sigma(z).item(), z)


@ALL
@pytest.mark.parametrize("side", [1, -1])
def test_the_slope_agrees_with_sympy_on_either_side_of_the_kink(sigma, side):
    t = sp.Symbol("t", positive=True)
    value, slope = (f(Symbols([[side * t]])).item() for f in (sigma.f, sigma.df))
    assert sp.simplify((sp.diff(value, t) / side - slope).rewrite(sp.exp)) == 0


@ALL
@given(z=hnp.arrays(float, (3, 2), elements=st.floats(-50, 50)))
def test_an_activation_acts_on_each_entry_separately(sigma, z):
    for f in (sigma.f, sigma.df):
        assert f(z).shape == z.shape
        alone = [f(z[j : j + 1, i : i + 1]).item() for j in range(3) for i in range(2)]
        np.testing.assert_allclose(f(z).ravel(), alone, rtol=ROUNDING)


@given(moderate)
def test_the_identities_between_the_activations_hold(z):
    assert SIGMOID(z) + SIGMOID(-z) == pytest.approx(1, abs=ROUNDING)
    assert TANH(z) == pytest.approx(2 * SIGMOID(2 * z) - 1, abs=ROUNDING)
    assert SOFTPLUS(z) - SOFTPLUS(-z) == pytest.approx(z, abs=ROUNDING * 30)
    assert SOFTPLUS.df(z) == SIGMOID(z)
    assert RELU(z) - RELU(-z) == z
    assert LEAKY_RELU(z) == pytest.approx(0.99 * RELU(z) + 0.01 * z, abs=ROUNDING * 30)
    assert IDENTITY(z) * STEP(z) == RELU(z)


@ALL
@given(st.lists(finite, min_size=2, max_size=2).map(sorted))
def test_every_activation_is_non_decreasing(sigma, pair):
    low, high = sigma(np.array(pair))
    assert low <= high or high == pytest.approx(low, rel=ROUNDING)


def test_tiny_sigmoids_keep_all_their_digits():
    z = np.array([-700.0, -40.0, -1.0])
    np.testing.assert_allclose(SIGMOID(z), np.exp(z) / (1 + np.exp(z)), rtol=ROUNDING, atol=0)
    np.testing.assert_allclose(SIGMOID.df(-z), np.exp(z) / (1 + np.exp(z)) ** 2, rtol=ROUNDING)


def test_an_activation_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        TANH.df = SIGMOID.df


def test_a_slope_paired_with_the_wrong_function_is_caught():
    wrong = replace(TANH, df=SIGMOID.df)
    z = np.array([[0.7]])
    assert not agrees_with_differences(wrong.df(z), lambda z: wrong(z).item(), z)


def test_the_textbook_sigmoid_fails_the_stability_test():
    textbook = Activation("textbook", lambda z: 1 / (1 + np.exp(-z)), SIGMOID.df)
    with pytest.raises(RuntimeWarning, match="overflow"):
        textbook(np.array([-1000.0]))
