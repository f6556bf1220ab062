"""Backpropagation gives the gradient: by hand, against differences, and sample by sample."""

import re

import numpy as np
import pytest
from hypothesis import given
from strategies import (
    ROUNDING,
    agrees_with_differences,
    distance,
    entries,
    problems,
    random_targets,
    random_theta,
    rng,
)

from nnmaths.activations import ACTIVATIONS, IDENTITY, RELU, SIGMOID, STEP, TANH
from nnmaths.backprop import deltas, gradient
from nnmaths.costs import COSTS, CROSS_ENTROPY, QUADRATIC, SOFTMAX_CROSS_ENTROPY
from nnmaths.differences import numerical_gradient, relative_error
from nnmaths.network import Network, Parameters, forward, predict

costs = list(COSTS.values())


def cost_of(network, x, y, cost):
    """Return the function θ ↦ C."""
    return lambda theta: cost.value(predict(network, theta, x), y)


def is_gradient(grad, network, theta, x, y, cost):
    """Return whether every entry of the gradient agrees with central differences."""
    f = cost_of(network, x, y, cost)
    numeric = numerical_gradient(f, theta)
    tolerance = 1e-7 * (1 + abs(f(theta)) + np.abs(entries(numeric)).max())
    return distance(grad, numeric) < tolerance


def test_a_backward_pass_by_hand():
    network = Network((1, 2, 1), (RELU, IDENTITY))
    theta = Parameters(
        {1: np.array([[2.0], [-1.0]]), 2: np.array([[3.0, 1.0]])},
        {1: np.array([[1.0], [0.0]]), 2: np.array([[-2.0]])},
    )
    x, y = np.array([[1.0, -1.0]]), np.array([[5.0, 0.0]])
    trace = forward(network, theta, x)
    # z1 = (3, −1 | −1, 1), a1 = (3, 0 | 0, 1), a2 = (7 | −1), δ2 = (ŷ − y)/2 = (1 | −1/2)
    assert trace.a[2].tolist() == [[7.0, -1.0]]
    delta = deltas(network, theta, trace, y, QUADRATIC)
    assert delta[2].tolist() == [[1.0, -0.5]]
    # δ1 = (3, 1)ᵀ δ2 where z1 > 0
    assert delta[1].tolist() == [[3.0, 0.0], [0.0, -0.5]]
    grad = gradient(network, theta, x, y, QUADRATIC)
    assert grad.W[2].tolist() == [[3.0, -0.5]]
    assert grad.b[2].tolist() == [[0.5]]
    assert grad.W[1].tolist() == [[3.0], [0.5]]
    assert grad.b[1].tolist() == [[3.0], [-0.5]]


@given(problems(costs))
def test_the_gradient_agrees_with_central_differences(problem):
    assert is_gradient(gradient(*problem), *problem)


@pytest.mark.parametrize("cost", costs, ids=repr)
@pytest.mark.parametrize("sigma", ACTIVATIONS.values(), ids=repr)
def test_every_activation_with_every_cost_is_checked_against_differences(sigma, cost):
    network = Network((3, 4, 3, 2), (sigma, sigma, IDENTITY))
    theta, x = random_theta(network, 5), rng(6).standard_normal((3, 4))
    y = random_targets(2, 4, cost, 7)
    assert is_gradient(gradient(network, theta, x, y, cost), network, theta, x, y, cost)


@given(problems(costs))
def test_the_gradient_of_a_batch_is_the_mean_over_its_samples(problem):
    network, theta, x, y, cost = problem
    N = x.shape[1]
    alone = [gradient(network, theta, x[:, [i]], y[:, [i]], cost) for i in range(N)]
    mean = sum(alone[1:], alone[0]) / N
    grad = gradient(*problem)
    assert distance(grad, mean) < ROUNDING * (1 + np.abs(entries(grad)).max())


@given(problems(costs))
def test_delta_is_the_derivative_with_respect_to_the_pre_activation(problem):
    network, theta, x, y, cost = problem
    delta = deltas(network, theta, forward(network, theta, x), y, cost)
    assert list(delta) == list(reversed(network.layers))
    for l in network.layers:
        assert delta[l].shape == (network.sizes[l], x.shape[1])
    f = cost_of(network, x[:, :1], y[:, :1], cost)
    slope = numerical_gradient(f, theta)
    N, size = x.shape[1], 1 + abs(f(theta)) + np.abs(entries(slope)).max()
    for l in network.layers:
        assert np.abs(N * delta[l][:, :1] - slope.b[l]).max() < 1e-7 * size


@given(problems(costs))
def test_the_gradient_has_the_type_and_shapes_of_the_parameters(problem):
    theta, grad = problem[1], gradient(*problem)
    assert isinstance(grad, Parameters)
    assert [leaf.shape for leaf in grad] == [leaf.shape for leaf in theta]


@pytest.mark.parametrize(("cost", "K"), [(CROSS_ENTROPY, 1), (SOFTMAX_CROSS_ENTROPY, 3)])
def test_a_cross_entropy_after_the_identity_has_delta_prediction_minus_target_over_n(cost, K):
    network = Network((2, 3, K), (TANH, IDENTITY))
    theta, x, y = random_theta(network, 1), rng(2).standard_normal((2, 5)), np.eye(K, 5)
    trace = forward(network, theta, x)
    delta = deltas(network, theta, trace, y, cost)
    np.testing.assert_allclose(delta[2], (cost.link(trace.a[2]) - y) / 5, atol=ROUNDING)


def test_no_error_passes_back_through_a_layer_of_steps():
    network = Network((2, 3, 3, 1), (TANH, STEP, IDENTITY))
    theta, x = random_theta(network, 1), rng(2).standard_normal((2, 5))
    grad = gradient(network, theta, x, np.ones((1, 5)), QUADRATIC)
    assert not any(leaf.any() for l in (1, 2) for leaf in (grad.W[l], grad.b[l]))
    assert grad.W[3].any()


def test_identical_neurons_get_identical_gradients():
    network = Network((2, 3, 1), (SIGMOID, SIGMOID))
    theta = random_theta(network, 1).map(lambda leaf: np.full_like(leaf, 0.3))
    grad = gradient(network, theta, rng(2).standard_normal((2, 5)), np.ones((1, 5)), QUADRATIC)
    assert (grad.W[1] == grad.W[1][0]).all()
    assert (grad.W[2] == grad.W[2][0, 0]).all()


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (np.zeros((2, 4)), np.zeros((1, 4)), "y: expected shape (2, 4), found (1, 4)"),
        (np.zeros((2, 4)), np.zeros((2, 3)), "y: expected shape (2, 4), found (2, 3)"),
        (np.zeros((2, 4)), np.zeros(4), "y: expected shape (2, 4), found (4,)"),
        (np.zeros((3, 4)), np.zeros((2, 4)), "x: expected shape (2, N), found (3, 4)"),
        (np.zeros(2), np.zeros((2, 1)), "x: expected shape (2, N), found (2,)"),
    ],
)
def test_data_that_do_not_fit_are_rejected_by_name_and_shape(x, y, message):
    network = Network((2, 3, 2), (TANH, IDENTITY))
    with pytest.raises(ValueError, match=re.escape(message)):
        gradient(network, random_theta(network, 1), x, y, QUADRATIC)


def test_parameters_of_another_network_are_rejected():
    network, other = Network((2, 2), (TANH,)), Network((2, 1), (TANH,))
    with pytest.raises(ValueError, match=re.escape("theta: expected parameters of a (2, 2)")):
        gradient(network, random_theta(other, 1), np.zeros((2, 1)), np.zeros((2, 1)), QUADRATIC)


def test_the_gradient_check_finds_one_entry_that_is_wrong_by_a_thousandth():
    network = Network((2, 3, 1), (TANH, IDENTITY))
    problem = (network, random_theta(network, 1), np.ones((2, 1)), np.zeros((1, 1)), QUADRATIC)
    grad = gradient(*problem)
    wrong = grad.map(np.copy)
    wrong.W[1][2, 1] *= 1.001
    assert is_gradient(grad, *problem)
    assert not is_gradient(wrong, *problem)


def test_the_slope_at_the_output_is_caught_although_its_shape_is_right():
    network = Network((2, 3, 1), (SIGMOID, SIGMOID))
    theta, x, y = random_theta(network, 1), rng(2).standard_normal((2, 4)), np.ones((1, 4))
    trace = forward(network, theta, x)
    mistaken = deltas(network, theta, trace._replace(z=trace.a), y, QUADRATIC)
    wrong = Parameters.of(
        {l: mistaken[l] @ trace.a[l - 1].T for l in network.layers},
        {l: mistaken[l].sum(axis=1, keepdims=True) for l in network.layers},
    )
    numeric = numerical_gradient(cost_of(network, x, y, QUADRATIC), theta)
    assert relative_error(gradient(network, theta, x, y, QUADRATIC), numeric) < 1e-8
    assert relative_error(wrong, numeric) > 1e-2


def test_the_difference_check_of_the_builders_can_fail():
    f = lambda v: float((v**2).sum())  # noqa: E731
    v = np.array([1.0, 2.0])
    assert agrees_with_differences(2 * v, f, v)
    assert not agrees_with_differences(2 * v + 1e-5, f, v)
