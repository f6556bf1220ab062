"""A network is a chain of affine maps and activations; its parameters are one value."""

import copy
import math
import pickle
import re
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import ROUNDING, distance, entries, networks, random_theta, rng, seeds

from nnmaths.activations import IDENTITY, RELU, SIGMOID, TANH
from nnmaths.network import Network, Parameters, Trace, collapse, forward, initialise, predict

NET = Network((2, 3, 1), (TANH, IDENTITY))


def theta_of(seed=0, network=NET):
    return random_theta(network, seed)


# -- Network -------------------------------------------------------------------------------------


def test_layers_are_numbered_by_the_book():
    assert NET.sizes == (2, 3, 1)
    assert NET.L == 2
    assert list(NET.layers) == [1, 2]
    assert NET.sigma == {1: TANH, 2: IDENTITY}


def test_widths_may_be_any_integers_and_are_stored_as_int():
    network = Network(np.array([2, 3]), [TANH])
    assert network.sizes == (2, 3)
    assert all(type(n) is int for n in network.sizes)


def test_a_network_is_a_value():
    twin = Network([2, 3, 1], [TANH, IDENTITY])
    assert twin == NET
    assert hash(NET) == hash(twin)
    for other in (Network((2, 3, 1), (SIGMOID, IDENTITY)), Network((2, 4, 1), (TANH, IDENTITY))):
        assert other != NET
    with pytest.raises(FrozenInstanceError):
        NET.sizes = (1, 1)


@pytest.mark.parametrize(
    ("sizes", "sigmas", "error", "message"),
    [
        ((), (), ValueError, "sizes: expected at least 2 widths (input and output), found ()"),
        ((3,), (), ValueError, "sizes: expected at least 2 widths (input and output), found (3,)"),
        ((2, 0), (TANH,), ValueError, "sizes[1]: expected a positive integer, found 0"),
        ((-2, 1), (TANH,), ValueError, "sizes[0]: expected a positive integer, found -2"),
        ((2, 1.0), (TANH,), TypeError, "sizes[1]: expected a positive integer, found 1.0"),
        ((True, 1), (TANH,), TypeError, "sizes[0]: expected a positive integer, found True"),
        ((2, "3"), (TANH,), TypeError, "sizes[1]: expected a positive integer, found '3'"),
        (2, (TANH,), TypeError, "sizes: expected a sequence, found 2"),
        ((2, 1), TANH, TypeError, "sigma: expected a sequence, found TANH"),
        (
            (2, 3, 1),
            (TANH,),
            ValueError,
            "sigma: expected 2 activations, one for each layer 1…2, found 1",
        ),
        (
            (2, 1),
            (TANH, TANH),
            ValueError,
            "sigma: expected 1 activations, one for each layer 1…1, found 2",
        ),
        (
            (2, 2, 1),
            (TANH, "tanh"),
            TypeError,
            "sigma[2]: expected an Activation, found 'tanh'",
        ),
    ],
)
def test_an_invalid_network_is_rejected_by_name(sizes, sigmas, error, message):
    with pytest.raises(error, match=re.escape(message)):
        Network(sizes, sigmas)


# -- Parameters ----------------------------------------------------------------------------------


def test_parameters_know_their_sizes_and_their_number():
    theta = theta_of()
    assert (theta.sizes, theta.L, theta.size) == ((2, 3, 1), 2, 13)
    assert repr(theta) == "Parameters(2-3-1, 13 numbers)"


def test_parameters_yield_their_arrays_layer_by_layer():
    theta = theta_of()
    W, b = theta.W, theta.b
    assert [id(leaf) for leaf in theta] == [id(W[1]), id(b[1]), id(W[2]), id(b[2])]
    assert [leaf.shape for leaf in theta] == [(3, 2), (3, 1), (1, 3), (1, 1)]


@given(networks(), seeds)
def test_arithmetic_acts_on_each_entry(network, seed):
    theta, v = theta_of(seed, network), theta_of(seed + 1, network)
    a, b = entries(theta), entries(v)
    for ours, wanted in [
        (theta - 0.5 * v, a - 0.5 * b),
        (2 + theta, 2 + a),
        (1 - theta / 4, 1 - a / 4),
        (theta * v, a * b),
        (theta**2, a**2),
        (-theta, -a),
        (abs(theta), abs(a)),
        (np.float64(3) * theta, 3 * a),
        (np.sqrt(v**2), np.sqrt(b**2)),
        (np.maximum(theta, 0), np.maximum(a, 0)),
        (theta.map(np.add, v), a + b),
        (theta < v, a < b),
    ]:
        assert isinstance(ours, Parameters)
        assert ours.sizes == network.sizes
        assert (entries(ours) == wanted).all()


def test_parameters_are_values_that_no_arithmetic_changes():
    theta = theta_of()
    before = copy.deepcopy(theta)
    _ = theta - 0.1 * theta, theta**2, np.sqrt(abs(theta)), theta.map(np.zeros_like)
    assert distance(theta, before) == 0
    with pytest.raises(TypeError):
        theta -= 0.1 * theta
    with pytest.raises(TypeError):
        np.add(theta, 1, out=theta)


def test_parameters_keep_their_own_table_of_layers():
    theta = theta_of()
    W, b = dict(theta.W), dict(theta.b)
    mine = Parameters(W, b)
    del W[1], b[2]
    assert mine.sizes == (2, 3, 1)


def test_parameters_can_be_stored_and_copied():
    theta = theta_of()
    assert distance(pickle.loads(pickle.dumps(theta)), theta) == 0


@pytest.mark.parametrize(
    "use",
    [
        lambda theta: theta + np.ones((3, 2)),
        lambda theta: np.ones(3) * theta,
        lambda theta: theta @ theta,
        lambda theta: np.add.reduce(theta),
        lambda theta: divmod(theta, 2),
    ],
)
def test_functions_that_are_not_elementwise_are_rejected(use):
    with pytest.raises(TypeError):
        use(theta_of())


def test_parameters_are_neither_true_nor_false():
    theta = theta_of()
    with pytest.raises(TypeError, match="theta: parameters are neither true nor false"):
        assert theta == theta


ONE_D_BIAS = {1: np.zeros(3), 2: np.zeros((1, 1))}
WEIGHTS = {1: np.zeros((3, 2)), 2: np.zeros((1, 3))}
BIASES = {1: np.zeros((3, 1)), 2: np.zeros((1, 1))}


@pytest.mark.parametrize(
    ("W", "b", "error", "message"),
    [
        (WEIGHTS, ONE_D_BIAS, ValueError, "b[1]: expected a column of shape (3, 1), found (3,)"),
        (
            WEIGHTS,
            BIASES | {2: np.zeros((1, 3))},
            ValueError,
            "b[2]: expected a column of shape (1, 1), found (1, 3)",
        ),
        (
            WEIGHTS | {2: np.zeros((1, 2))},
            BIASES,
            ValueError,
            "W[2]: expected shape (n_2, 3), found (1, 2)",
        ),
        (
            WEIGHTS | {1: np.zeros(3)},
            BIASES,
            ValueError,
            "W[1]: expected shape (n_1, n_0), found (3,)",
        ),
        ({}, {}, TypeError, "W and b: expected keys 1…L in order, found [] and []"),
        (
            {0: WEIGHTS[1]},
            {0: BIASES[1]},
            TypeError,
            "W and b: expected keys 1…L in order, found [0] and [0]",
        ),
        (
            WEIGHTS,
            {1: BIASES[1]},
            TypeError,
            "W and b: expected keys 1…L in order, found [1, 2] and [1]",
        ),
        (
            {2: WEIGHTS[2], 1: WEIGHTS[1]},
            BIASES,
            TypeError,
            "W and b: expected keys 1…L in order, found [2, 1] and [1, 2]",
        ),
        (
            {1: [[1.0, 2.0]]},
            {1: np.zeros((1, 1))},
            TypeError,
            "W[1]: expected a NumPy array, found [[1.0, 2.0]]",
        ),
    ],
)
def test_invalid_parameters_are_rejected_by_name_and_shape(W, b, error, message):
    with pytest.raises(error, match=re.escape(message)):
        Parameters(W, b)


def test_without_the_guard_a_flat_bias_would_add_along_the_wrong_axis():
    a, W, b = np.ones((2, 3)), np.zeros((3, 2)), np.array([1.0, 2.0, 3.0])
    assert (W @ a + b).shape == (W @ a + b[:, None]).shape
    assert not np.allclose(W @ a + b, W @ a + b[:, None])
    with pytest.raises(ValueError, match=re.escape("b[1]: expected a column of shape (3, 1)")):
        Parameters({1: W}, {1: b})


# -- initialise ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "deviation"),
    [("zeros", 0), ("normal", 1), ("xavier", (2 / (200 + 300)) ** 0.5), ("he", (2 / 200) ** 0.5)],
)
def test_initial_weights_have_the_documented_standard_deviation_and_biases_are_zero(how, deviation):
    network = Network((200, 300, 2), (TANH, IDENTITY))
    theta = initialise(network, rng(3), how)
    assert theta.sizes == network.sizes
    # 60,000 weights: their deviation is uncertain by 1/√(2·60000) = 0.3 %, their mean by s/245.
    assert theta.W[1].std() == pytest.approx(deviation, rel=0.015)
    assert abs(theta.W[1].mean()) <= 5 * deviation / math.sqrt(60_000)
    assert not any(b.any() for b in theta.b.values())


def test_xavier_is_the_default_and_the_generator_decides():
    assert distance(initialise(NET, rng(1)), initialise(NET, rng(1), "xavier")) == 0
    assert distance(initialise(NET, rng(1)), initialise(NET, rng(2))) > 0


@pytest.mark.parametrize(
    ("generator", "how", "error", "message"),
    [
        (rng(), "glorot", ValueError, "how: expected one of zeros, normal, xavier, he, found"),
        (0, "he", TypeError, "rng: expected numpy.random.default_rng(seed), found 0"),
        (None, "he", TypeError, "rng: expected numpy.random.default_rng(seed), found None"),
    ],
)
def test_initialise_needs_a_known_name_and_a_generator(generator, how, error, message):
    with pytest.raises(error, match=re.escape(message)):
        initialise(NET, generator, how)


# -- forward -------------------------------------------------------------------------------------


def test_a_forward_pass_by_hand():
    network = Network((2, 2, 1), (RELU, SIGMOID))
    theta = Parameters(
        {1: np.array([[1.0, -1.0], [2.0, 0.0]]), 2: np.array([[1.0, 2.0]])},
        {1: np.array([[0.5], [-3.0]]), 2: np.array([[-1.5]])},
    )
    # z1 = (1·1 − 1·2 + 0.5, 2·1 − 3) and (3 − 1 + 0.5, 6 − 3); z2 = a_1 + 2 a_2 − 1.5
    z, a = forward(network, theta, np.array([[1.0, 3.0], [2.0, 1.0]]))
    assert z[1].tolist() == [[-0.5, 2.5], [-1.0, 3.0]]
    assert a[1].tolist() == [[0.0, 2.5], [0.0, 3.0]]
    assert z[2].tolist() == [[-1.5, 7.0]]
    np.testing.assert_allclose(a[2], 1 / (1 + np.exp([[1.5, -7.0]])), rtol=ROUNDING)


@given(networks(), seeds, st.integers(1, 4))
def test_a_batch_is_its_samples_side_by_side(network, seed, N):
    theta, x = theta_of(seed, network), rng(seed).standard_normal((network.sizes[0], N))
    trace = forward(network, theta, x)
    assert isinstance(trace, Trace)
    assert list(trace.z) == list(network.layers)
    assert list(trace.a) == [0, *network.layers]
    assert trace.a[0] is x
    alone = [predict(network, theta, x[:, i : i + 1]) for i in range(N)]
    np.testing.assert_allclose(trace.a[network.L], np.hstack(alone), rtol=ROUNDING, atol=ROUNDING)
    for l in network.layers:
        assert trace.z[l].shape == trace.a[l].shape == (network.sizes[l], N)


@pytest.mark.parametrize(
    ("network", "x", "message"),
    [
        (NET, np.zeros((3, 4)), "x: expected shape (2, N), found (3, 4)"),
        (NET, np.zeros(2), "x: expected shape (2, N), found (2,)"),
        (
            Network((2, 4, 1), (TANH, TANH)),
            np.zeros((2, 1)),
            "theta: expected parameters of a (2, 4, 1) network, found (2, 3, 1)",
        ),
        (
            Network((2, 1), (TANH,)),
            np.zeros((2, 1)),
            "theta: expected parameters of a (2, 1) network, found (2, 3, 1)",
        ),
    ],
)
def test_inputs_that_do_not_fit_the_network_are_rejected_by_name_and_shape(network, x, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        forward(network, theta_of(), x)


# -- collapse ------------------------------------------------------------------------------------


@given(st.lists(st.integers(1, 4), min_size=2, max_size=6), seeds)
def test_a_network_of_identities_is_one_affine_map(sizes, seed):
    network = Network(sizes, (IDENTITY,) * (len(sizes) - 1))
    theta, x = theta_of(seed, network), rng(seed).standard_normal((sizes[0], 5))
    one = predict(Network((sizes[0], sizes[-1]), (IDENTITY,)), collapse(theta), x)
    # a few dozen products for each entry, and the entries grow with the depth
    np.testing.assert_allclose(
        one, predict(network, theta, x), atol=1000 * ROUNDING * 4 ** len(sizes)
    )


@pytest.mark.parametrize("sizes", [(3, 1, 4), (4, 2, 3, 4)])
def test_the_rank_of_a_collapsed_network_is_at_most_its_narrowest_width(sizes):
    theta = theta_of(0, Network(sizes, (IDENTITY,) * (len(sizes) - 1)))
    assert np.linalg.matrix_rank(collapse(theta).W[1]) == min(sizes)


def test_a_stack_collapsed_by_hand():
    W = {1: np.array([[1.0, 2.0]]), 2: np.array([[3.0], [-1.0]])}
    b = {1: np.array([[4.0]]), 2: np.array([[1.0], [0.5]])}
    one = collapse(Parameters(W, b))
    assert one.W[1].tolist() == [[3, 6], [-1, -2]]
    assert one.b[1].tolist() == [[13], [-3.5]]


def test_a_single_layer_stays_as_it_is():
    theta = theta_of(0, Network((2, 3), (IDENTITY,)))
    assert collapse(theta).W[1] is theta.W[1]
    assert collapse(theta).b[1] is theta.b[1]


def test_with_an_activation_between_the_layers_the_single_layer_is_a_different_map():
    theta, x = theta_of(), rng(0).standard_normal((2, 5))
    one = predict(Network((2, 1), (IDENTITY,)), collapse(theta), x)
    assert np.abs(one - predict(NET, theta, x)).max() > 0.1
