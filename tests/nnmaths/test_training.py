"""Training uses every sample once per epoch, repeats bit for bit, and never ends in NaN."""

import itertools
import re
from types import GeneratorType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import ALL_SIGMAS, ROUNDING, distance, entries, random_theta, rng, seeds

from nnmaths.activations import IDENTITY, LEAKY_RELU, RELU, SIGMOID, TANH
from nnmaths.backprop import gradient
from nnmaths.costs import CROSS_ENTROPY, QUADRATIC, SOFTMAX_CROSS_ENTROPY, softmax
from nnmaths.datasets import moons, xor
from nnmaths.descent import ADAM, GD, MOMENTUM, decayed, descend, momentum
from nnmaths.network import Network, Parameters, initialise, predict
from nnmaths.training import Epoch, accuracy, minibatches, train

NET = Network((2, 3, 1), (TANH, IDENTITY))


def samples(N, seed=0, n_0=2, n_L=1):
    """Return random x (n_0, N) and y (n_L, N)."""
    return rng(seed).standard_normal((n_0, N)), rng(seed + 1).standard_normal((n_L, N))


def run(**changes):
    """Return the epochs of a small run, with some arguments changed."""
    x, y = samples(8)
    arguments = {
        "network": NET,
        "theta": random_theta(NET, 1),
        "x": x,
        "y": y,
        "cost": QUADRATIC,
        "eta": 0.1,
        "epochs": 3,
    } | changes
    return train(**arguments)


# -- Mini-batches --------------------------------------------------------------------------------


@given(st.integers(1, 20).flatmap(lambda N: st.tuples(st.just(N), st.integers(1, N))), seeds)
def test_mini_batches_contain_every_sample_once(case, seed):
    N, B = case
    x = np.arange(float(N))[None, :]
    batches = list(minibatches(x, 10 * x, B, rng(seed)))
    assert sorted(np.hstack([x for x, _ in batches]).ravel()) == list(range(N))
    assert all((y == 10 * x).all() for x, y in batches)
    assert [x.shape for x, _ in batches[:-1]] == [(1, B)] * (len(batches) - 1)
    assert batches[-1][0].shape == (1, (N - 1) % B + 1)


def test_each_pass_draws_a_new_order_from_the_generator_alone():
    x = np.arange(20.0)[None, :]
    generator = rng(1)
    first, second = (np.hstack([b for b, _ in minibatches(x, x, 5, generator)]) for _ in range(2))
    again = np.hstack([b for b, _ in minibatches(x, x, 5, rng(1))])
    assert (first != second).any()
    assert (first == again).all()
    assert (first != x).any()


def test_the_gradient_of_a_mini_batch_is_on_average_that_of_all_samples():
    (x, y), theta = samples(12), random_theta(NET, 1)
    parts = [gradient(NET, theta, *batch, QUADRATIC) for batch in minibatches(x, y, 4, rng(3))]
    whole = gradient(NET, theta, x, y, QUADRATIC)
    assert distance(sum(parts[1:], parts[0]) / 3, whole) < ROUNDING * 10
    assert distance(parts[0], whole) > 0.01


@pytest.mark.parametrize(
    ("y", "B", "error", "message"),
    [
        (np.zeros((1, 6)), 0, ValueError, "B: expected an integer from 1 to N = 6, found 0"),
        (np.zeros((1, 6)), 7, ValueError, "B: expected an integer from 1 to N = 6, found 7"),
        (np.zeros((1, 6)), 2.0, TypeError, "B: expected an integer from 1 to N = 6, found 2.0"),
        (np.zeros((1, 6)), True, TypeError, "B: expected an integer from 1 to N = 6, found True"),
        (np.zeros((1, 7)), 2, ValueError, "y: expected shape (1, 6), found (1, 7)"),
    ],
)
def test_invalid_mini_batches_are_rejected_by_name(y, B, error, message):
    with pytest.raises(error, match=re.escape(message)):
        next(minibatches(np.zeros((2, 6)), y, B, rng()))


# -- Epochs --------------------------------------------------------------------------------------


def test_an_epoch_by_hand():
    network = Network((1, 1), (IDENTITY,))
    theta = Parameters({1: np.array([[1.0]])}, {1: np.array([[0.0]])})
    x, y = np.array([[1.0, 3.0]]), np.array([[2.0, 2.0]])
    start, after = train(network, theta, x, y, QUADRATIC, eta=0.5, epochs=1)
    # C = (1 + 1)/4; ŷ − y = (−1, 1), so ∂C/∂w = (−1 + 3)/2 = 1 and ∂C/∂b = 0; then ŷ = x/2
    assert (start.epoch, start.C, start.t, start.diverged) == (0, 0.5, 0, False)
    assert (after.epoch, after.t, after.diverged) == (1, 1, False)
    assert after.theta.W[1].item() == 0.5
    assert after.theta.b[1].item() == 0.0
    assert after.C == (1.5**2 + 0.5**2) / 4


def test_training_is_a_generator_whose_epoch_0_is_the_start():
    theta = random_theta(NET, 1)
    epochs = run(theta=theta)
    assert isinstance(epochs, GeneratorType)
    start = next(epochs)
    assert start.epoch == start.t == 0
    assert start.theta is theta
    assert [epoch.epoch for epoch in epochs] == [1, 2, 3]


def test_without_a_number_of_epochs_the_caller_decides_when_to_stop():
    assert [e.epoch for e in itertools.islice(run(epochs=None), 6)] == [0, 1, 2, 3, 4, 5]


def test_zero_epochs_yield_the_start_alone():
    assert [epoch.epoch for epoch in run(epochs=0)] == [0]


def test_steps_are_counted_over_the_epochs():
    assert [e.t for e in run(B=3, rng=rng())] == [0, 3, 6, 9]
    assert [e.t for e in run()] == [0, 1, 2, 3]


def test_the_cost_of_an_epoch_is_that_of_all_samples():
    x, y = samples(8)
    for epoch in run(B=3, rng=rng()):
        C = QUADRATIC.value(predict(NET, epoch.theta, x), y)
        assert C == epoch.C


@pytest.mark.parametrize("rule", [GD, MOMENTUM, ADAM], ids=repr)
def test_the_same_seed_gives_the_same_run_bit_for_bit(rule):
    first, again = (list(run(rule=rule, B=3, rng=rng(7))) for _ in range(2))
    assert [e.C for e in first] == [e.C for e in again]
    assert all(distance(e.theta, f.theta) == 0 for e, f in zip(first, again, strict=True))
    other = list(run(rule=rule, B=3, rng=rng(8)))
    assert first[-1].C != other[-1].C


@pytest.mark.parametrize("rule", [GD, MOMENTUM, ADAM], ids=repr)
def test_one_batch_of_all_samples_is_full_batch_training_up_to_order(rule):
    for full, batch in zip(run(rule=rule), run(rule=rule, B=8, rng=rng(3)), strict=True):
        assert full.t == batch.t
        assert distance(full.theta, batch.theta) < 100 * ROUNDING


@pytest.mark.parametrize("rule", [GD, MOMENTUM, ADAM, decayed(MOMENTUM, 0.1)], ids=repr)
def test_full_batch_training_is_descent_on_the_cost(rule):
    x, y = samples(8)
    path = descend(
        lambda theta: QUADRATIC.value(predict(NET, theta, x), y),
        lambda theta: gradient(NET, theta, x, y, QUADRATIC),
        random_theta(NET, 1),
        eta=0.1,
        rule=rule,
        steps=3,
    )
    for step, epoch in zip(path, run(rule=rule), strict=True):
        assert (step.t, step.C) == (epoch.t, epoch.C)
        assert distance(step.theta, epoch.theta) == 0


def test_epochs_can_be_kept_because_none_changes_another():
    epochs = list(run())
    before = [entries(epoch.theta) for epoch in epochs]
    list(run(theta=epochs[-1].theta))
    assert all((entries(e.theta) == b).all() for e, b in zip(epochs, before, strict=True))
    assert len({epoch.C for epoch in epochs}) == 4


def test_an_epoch_prints_where_it_is():
    theta = random_theta(NET, 1)
    assert str(Epoch(2, theta, 0.123456, 10)) == "epoch 2, step 10: C = 0.1235"
    assert str(Epoch(2, theta, np.inf, 7, diverged=True)) == (
        "epoch 2, step 7: C = inf; diverged at step 7"
    )


# -- Learning --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sigma", "rule", "eta"),
    [(TANH, GD, 0.5), (TANH, momentum(0.9), 0.2), (RELU, ADAM, 0.05), (SIGMOID, ADAM, 0.1)],
)
def test_a_small_network_learns_xor(sigma, rule, eta):
    network = Network((2, 6, 1), (sigma, IDENTITY))
    theta = initialise(network, rng(1), "normal")
    x, y = xor()
    *_, end = train(network, theta, x, y, CROSS_ENTROPY, eta=eta, rule=rule, epochs=800)
    assert end.C < 0.05
    assert ((CROSS_ENTROPY.link(predict(network, end.theta, x)) > 0.5) == y).all()


def test_mini_batches_learn_the_moons():
    network = Network((2, 8, 1), (TANH, IDENTITY))
    x, y = moons(200, rng(1))
    epochs = train(
        network,
        initialise(network, rng(2)),
        x,
        y,
        CROSS_ENTROPY,
        eta=0.5,
        B=20,
        epochs=60,
        rng=rng(3),
    )
    *_, end = epochs
    assert ((predict(network, end.theta, x) > 0) == y).mean() > 0.95


@pytest.mark.parametrize("rule", [GD, MOMENTUM, ADAM, decayed(GD, 0.1)], ids=repr)
@pytest.mark.parametrize("sigma", ALL_SIGMAS, ids=repr)
def test_single_precision_stays_single_precision(sigma, rule):
    network = Network((2, 3, 1), (sigma, IDENTITY))
    theta = random_theta(network, 1).map(np.float32)
    x, y = (np.float32(values) for values in samples(8))
    for eta in (0.1, np.float64(0.1)):
        *_, end = train(
            network, theta, x, y, QUADRATIC, eta=eta, rule=rule, B=3, epochs=2, rng=rng()
        )
        assert end.t == 6
        assert {leaf.dtype for leaf in end.theta} == {np.dtype(np.float32)}


def test_infinite_initial_parameters_are_rejected_in_single_precision_too():
    theta = random_theta(NET, 1).map(np.float32)
    theta.W[1][0, 0] = np.inf
    with pytest.raises(ValueError, match="theta: expected finite numbers"):
        run(theta=theta)


# -- Divergence ------------------------------------------------------------------------------------


def clear(epochs):
    """Return whether a run ended as divergence after finite epochs."""
    *before, end = epochs
    assert end.diverged
    assert re.fullmatch(r"epoch \d+, step \d+: C = \S+; diverged at step \d+", str(end))
    for epoch in before:
        assert not epoch.diverged
        assert np.isfinite(epoch.C)
        assert np.isfinite(entries(epoch.theta)).all()
    return True


WILD = [(GD, 50.0), (MOMENTUM, 50.0), (decayed(GD, 1.0), 50.0), (ADAM, 1e11)]


@pytest.mark.parametrize("B", [None, 3])
@pytest.mark.parametrize(("rule", "eta"), WILD, ids=repr)
@pytest.mark.parametrize("sigma", [RELU, LEAKY_RELU, IDENTITY], ids=repr)
def test_a_run_with_a_huge_learning_rate_ends_as_divergence_without_a_warning(
    sigma, rule, eta, B, capfd
):
    network = Network((2, 8, 8, 1), (sigma, sigma, IDENTITY))
    x, y = samples(8)
    theta = initialise(network, rng(1), "he")
    assert clear(
        train(network, theta, 5 * x, y, QUADRATIC, eta=eta, rule=rule, B=B, epochs=300, rng=rng(2))
    )
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("cost", "n_L"), [(CROSS_ENTROPY, 1), (SOFTMAX_CROSS_ENTROPY, 3)])
def test_a_cost_that_grows_without_overflow_ends_as_divergence(cost, n_L):
    # The slopes of both cross-entropies are bounded, so θ grows along a straight line.
    network = Network((2, n_L), (IDENTITY,))
    x, _ = samples(8)
    y = np.ones((n_L, 8)) / (1 + n_L) if n_L == 1 else softmax(samples(8, n_L=3)[1])
    theta = initialise(network, rng(1))
    assert clear(train(network, theta, x, y, cost, eta=1e13, epochs=50))


def test_the_step_named_is_the_one_that_lost_theta():
    network = Network((1, 1), (IDENTITY,))
    theta = Parameters({1: np.array([[1.0]])}, {1: np.array([[0.0]])})
    x = y = np.full((1, 12), 1e3)
    *_, end = train(network, theta, x, 2 * y, QUADRATIC, eta=1.0, B=1, epochs=1, rng=rng())
    # A step takes off the error as bias and multiplies the error by −10⁶: 10³, 10⁹, 10¹⁵ > 10¹².
    assert end.diverged
    assert end.t == 3
    assert (end.epoch, np.isfinite(entries(end.theta)).all()) == (1, True)


def test_weights_that_diverge_behind_a_saturated_output_are_detected():
    # tanh hides how large its weights are: C stays below 1, and no bias changes, as δ sums to 0.
    network = Network((1, 1), (TANH,))
    theta = Parameters({1: np.array([[0.0]])}, {1: np.array([[0.0]])})
    x = np.array([[1.0, -1.0]])
    assert clear(train(network, theta, x, 0.5 * x, QUADRATIC, eta=1e300, epochs=50))


def test_the_divergence_of_a_softmax_whose_biases_cancel_is_detected():
    network = Network((1, 2), (IDENTITY,))
    theta = Parameters({1: np.zeros((2, 1))}, {1: np.zeros((2, 1))})
    x, y = np.zeros((1, 2)), np.array([[1.0, 1.0], [0.0, 0.0]])
    *_, end = train(network, theta, x, y, SOFTMAX_CROSS_ENTROPY, eta=1e13, B=1, epochs=1, rng=rng())
    assert end.theta.b[1].sum() == 0
    assert (end.diverged, end.t) == (True, 1)


def test_a_cost_that_is_not_finite_at_the_start_is_reported_at_step_0():
    theta = random_theta(NET, 1) * 1e10
    (only,) = run(theta=theta)
    assert (only.epoch, only.t, only.diverged) == (0, 0, True)


@given(seeds, st.floats(-3, 15), st.sampled_from([GD, MOMENTUM, ADAM]), st.sampled_from([None, 3]))
def test_every_run_is_finite_or_marked_as_diverged(seed, exponent, rule, B):
    network = Network((2, 3, 2), (RELU, TANH if seed % 2 else IDENTITY))
    x, y = samples(6, seed, n_L=2)
    theta = random_theta(network, seed)
    epochs = train(
        network, theta, x, y, QUADRATIC, eta=10**exponent, rule=rule, B=B, epochs=8, rng=rng(seed)
    )
    for epoch in epochs:
        finite = np.isfinite(epoch.C) and np.isfinite(entries(epoch.theta)).all()
        assert finite or epoch.diverged


# -- Bad input -------------------------------------------------------------------------------------

X, Y = samples(8)


def spoilt(values, bad):
    """Return a copy with one bad number."""
    values = values.copy()
    values[0, 3] = bad
    return values


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"x": X[:1]}, ValueError, "x: expected shape (2, N), found (1, 8)"),
        ({"x": X[0]}, ValueError, "x: expected shape (2, N), found (8,)"),
        ({"x": X.T}, ValueError, "x: expected shape (2, N), found (8, 2)"),
        ({"x": X[:, :0]}, ValueError, "x: expected shape (2, N), found (2, 0)"),
        ({"x": spoilt(X, np.nan)}, ValueError, "x: expected finite numbers, found NaN or infinity"),
        ({"x": spoilt(X, np.inf)}, ValueError, "x: expected finite numbers, found NaN or infinity"),
        ({"x": X.astype(object)}, TypeError, "x: expected real numbers, found dtype object"),
        ({"y": Y[0]}, ValueError, "y: expected shape (1, N), found (8,)"),
        ({"y": np.ones((2, 8))}, ValueError, "y: expected shape (1, N), found (2, 8)"),
        ({"y": Y[:, :7]}, ValueError, "y: expected shape (1, 8), found (1, 7)"),
        ({"y": spoilt(Y, np.nan)}, ValueError, "y: expected finite numbers, found NaN or infinity"),
        ({"y": spoilt(Y, -np.inf)}, ValueError, "y: expected finite numbers, found NaN"),
        (
            {"theta": random_theta(Network((2, 4, 1), (TANH, TANH)), 1)},
            ValueError,
            "theta: expected parameters of a (2, 3, 1) network, found (2, 4, 1)",
        ),
        (
            {"theta": random_theta(NET, 1) * np.nan, "rule": MOMENTUM},
            ValueError,
            "theta: expected finite numbers, found NaN or infinity",
        ),
        ({"eta": 0}, ValueError, "eta: expected a positive finite number, found 0"),
        ({"eta": -1.0}, ValueError, "eta: expected a positive finite number, found -1.0"),
        ({"eta": np.nan}, ValueError, "eta: expected a positive finite number, found nan"),
        ({"eta": np.inf}, ValueError, "eta: expected a positive finite number, found inf"),
        ({"eta": None}, TypeError, "eta: expected a positive number, found None"),
        ({"B": 0}, ValueError, "B: expected an integer from 1 to N = 8, found 0"),
        ({"B": -1}, ValueError, "B: expected an integer from 1 to N = 8, found -1"),
        ({"B": 9}, ValueError, "B: expected an integer from 1 to N = 8, found 9"),
        ({"B": 2.5}, TypeError, "B: expected an integer from 1 to N = 8, found 2.5"),
        ({"B": 2}, TypeError, "rng: mini-batches need numpy.random.default_rng(seed), found None"),
        ({"B": 2, "rng": 7}, TypeError, "rng: mini-batches need numpy.random.default_rng(seed)"),
        ({"epochs": -1}, ValueError, "epochs: expected a number ≥ 0, found -1"),
    ],
)
def test_invalid_arguments_are_rejected_before_the_first_step(changes, error, message):
    with pytest.raises(error, match=re.escape(message)):
        run(**changes)


def test_data_may_be_integers():
    *_, end = run(x=np.ones((2, 4), int), y=np.ones((1, 4), int))
    assert np.isfinite(end.C)


def test_a_run_that_does_not_shuffle_would_be_detected():
    x = np.arange(20.0)[None, :]
    in_order = [x[:, k : k + 5] for k in range(0, 20, 5)]
    shuffled = [batch for batch, _ in minibatches(x, x, 5, rng(1))]
    assert not all((a == b).all() for a, b in zip(in_order, shuffled, strict=True))


# -- Accuracy ------------------------------------------------------------------------------------


def line(slope):
    """Return a network with the output slope · x, and its parameters."""
    parameters = Parameters({1: np.array([[slope]])}, {1: np.zeros((1, 1))})
    return Network((1, 1), (IDENTITY,)), parameters


def test_the_accuracy_by_hand():
    x, y = np.array([[-2.0, -0.2, 0.3, 4.0]]), np.array([[0.0, 1.0, 1.0, 1.0]])
    # From pre-activations the decision is at 0, from probabilities at ½.
    assert accuracy(*line(1.0), x, y, CROSS_ENTROPY) == 0.75
    assert accuracy(*line(1.0), x, y, QUADRATIC) == 0.5
    assert accuracy(*line(-1.0), x, y, CROSS_ENTROPY) == 0.25


def test_with_several_outputs_the_largest_decides():
    network = Network((3, 3), (IDENTITY,))
    theta = Parameters({1: np.eye(3)}, {1: np.zeros((3, 1))})
    x = np.array([[5.0, 0.0, 1.0], [1.0, 2.0, 0.0], [0.0, 1.0, 0.9]])
    y = np.eye(3)
    assert accuracy(network, theta, x, y, SOFTMAX_CROSS_ENTROPY) == pytest.approx(2 / 3)


@given(seeds)
def test_the_accuracy_is_that_of_counting(seed):
    network = Network((2, 4, 3), (TANH, IDENTITY))
    theta, labels = random_theta(network, seed), rng(seed).integers(3, size=17)
    x, y = rng(seed).standard_normal((2, 17)), np.eye(3)[labels].T
    right = sum(
        predict(network, theta, x[:, [i]]).argmax() == labels[i] for i in range(len(labels))
    )
    assert accuracy(network, theta, x, y, SOFTMAX_CROSS_ENTROPY) == pytest.approx(right / 17)


def test_targets_of_another_shape_are_rejected():
    with pytest.raises(ValueError, match=r"y: expected shape \(1, 4\), found \(1, 1\)"):
        accuracy(*line(1.0), np.zeros((1, 4)), np.ones((1, 1)), CROSS_ENTROPY)
