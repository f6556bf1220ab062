"""A stack of affine layers is one affine layer, and two bends solve what no such stack can."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnmaths import datasets, symbolic
from nnmaths.activations import IDENTITY, RELU, TANH
from nnmaths.boundaries import collapse, xor_network
from nnmaths.network import Network, Parameters, forward, initialise, predict

# A few dozen products of numbers near 1: far less than 1e-10 of rounding.
CLOSE = 1e-10


def stack(sizes, seed, sigma=IDENTITY):
    """Return a network with one activation throughout, parameters with biases, and five samples."""
    rng = np.random.default_rng(seed)
    network = Network(sizes, (sigma,) * (len(sizes) - 1))
    W = initialise(network, rng, how="normal").W
    theta = Parameters(W, {l: rng.standard_normal((n, 1)) for l, n in enumerate(sizes[1:], 1)})
    return network, theta, rng.standard_normal((sizes[0], 5))


def one_layer(sizes):
    return Network((sizes[0], sizes[-1]), (IDENTITY,))


@given(st.lists(st.integers(1, 4), min_size=2, max_size=6), st.integers(0, 99))
def test_a_stack_of_affine_layers_is_one_layer(sizes, seed):
    network, theta, x = stack(sizes, seed)
    one = predict(one_layer(sizes), collapse(theta), x)
    assert np.allclose(one, predict(network, theta, x), atol=CLOSE * 4 ** len(sizes))


@pytest.mark.parametrize("sizes", [(3, 1, 4), (4, 2, 3, 4)])
def test_its_rank_is_at_most_the_narrowest_width(sizes):
    _, theta, _ = stack(sizes, 0)
    assert np.linalg.matrix_rank(collapse(theta).W[1]) == min(sizes)


def test_a_stack_worked_by_hand():
    W = {1: np.array([[1.0, 2.0]]), 2: np.array([[3.0], [-1.0]])}
    b = {1: np.array([[4.0]]), 2: np.array([[1.0], [0.5]])}
    one = collapse(Parameters(W, b))
    assert one.W[1].tolist() == [[3, 6], [-1, -2]]
    assert one.b[1].tolist() == [[13], [-3.5]]


def test_a_single_layer_stays_as_it_is():
    _, theta, _ = stack((2, 3), 0)
    one = collapse(theta)
    assert one.W[1] is theta.W[1]
    assert one.b[1] is theta.b[1]


def test_it_runs_on_symbols():
    theta = symbolic.parameters((1, 1, 1))
    (w1,), (b1,), (w2,), (b2,) = (leaf.ravel() for leaf in theta)
    one = collapse(theta)
    assert one.W[1][0, 0] == w2 * w1
    assert one.b[1][0, 0] == w2 * b1 + b2


def test_with_a_bend_between_the_layers_it_is_another_map():
    network, theta, x = stack((2, 3, 1), 0, TANH)
    one = predict(one_layer(network.sizes), collapse(theta), x)
    assert np.abs(one - predict(network, theta, x)).max() > 0.1


def test_two_relus_compute_xor():
    network, theta = xor_network()
    corners = datasets.xor()
    assert predict(network, theta, corners.x).tolist() == corners.y.tolist()


def test_the_hidden_layer_of_xor_worked_by_hand():
    network, theta = xor_network()
    assert (network.sizes, network.sigma[1], theta.size) == ((2, 2, 1), RELU, 9)
    hidden = forward(network, theta, datasets.xor().x).a[1]
    assert hidden.tolist() == [[0, 1, 1, 2], [0, 0, 0, 1]]
