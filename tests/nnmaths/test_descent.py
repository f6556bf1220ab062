"""Every update rule is its written-out formula, and no path diverges silently."""

import itertools
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import ROUNDING, entries, random_theta, rng, seeds

from nnmaths.activations import IDENTITY, RELU, TANH
from nnmaths.backprop import gradient
from nnmaths.costs import QUADRATIC
from nnmaths.descent import ADAM, GD, MOMENTUM, Rule, Step, adam, decayed, descend, momentum
from nnmaths.network import Network, Parameters, initialise, predict

NET = Network((2, 3, 1), (TANH, IDENTITY))
RULES = [GD, MOMENTUM, ADAM, momentum(0.5), adam(0.8, 0.9, 1e-6), decayed(ADAM, 0.1)]
every_rule = pytest.mark.parametrize("rule", RULES, ids=repr)


def bowl(v):
    """Return ½ (v₁² + 10 v₂²)."""
    return 0.5 * (v[0] ** 2 + 10 * v[1] ** 2)


def bowl_slope(v):
    """Return the gradient of the bowl."""
    return np.array([v[0], 10 * v[1]])


def parabola(curvature):
    """Return C = λ v²/2 and its derivative, for a number v."""
    return lambda v: curvature * v**2 / 2, lambda v: curvature * v


def last(path):
    """Return the last step of a path."""
    *_, step = path
    return step


# -- The path ------------------------------------------------------------------------------------


def test_a_descent_by_hand():
    # v ← v − 0.25 · 2v halves v, and C = v² is quartered
    path = list(descend(lambda v: v**2, lambda v: 2 * v, 8.0, eta=0.25, steps=3))
    assert [(s.t, float(s.theta), s.C, s.diverged) for s in path] == [
        (0, 8.0, 64.0, False),
        (1, 4.0, 16.0, False),
        (2, 2.0, 4.0, False),
        (3, 1.0, 1.0, False),
    ]


def test_a_path_is_computed_only_as_far_as_it_is_read():
    seen = []
    path = descend(lambda v: v**2, lambda v: seen.append(v) or 2 * v, 8.0, eta=0.25)
    assert seen == []
    assert [step.t for step in itertools.islice(path, 3)] == [0, 1, 2]
    assert len(seen) == 2


def test_zero_steps_yield_the_start_alone():
    assert [step.t for step in descend(bowl, bowl_slope, [1.0, 1.0], eta=0.1, steps=0)] == [0]


def test_the_start_is_copied_and_never_changed():
    start = np.array([1.0, 1.0])
    path = list(descend(bowl, bowl_slope, start, eta=0.1, steps=2))
    assert start.tolist() == [1.0, 1.0]
    assert path[0].theta is not start
    assert path[0].theta.tolist() == [1.0, 1.0]


@every_rule
def test_every_rule_descends_into_the_bowl_and_repeats_bit_for_bit(rule):
    path = list(descend(bowl, bowl_slope, [3.0, -2.0], eta=0.05, rule=rule, steps=300))
    again = last(descend(bowl, bowl_slope, [3.0, -2.0], eta=0.05, rule=rule, steps=300))
    assert path[-1].C < 0.01 * path[0].C
    assert path[-1].theta.tolist() == again.theta.tolist()


def test_descent_on_parameters_is_descent_on_arrays():
    network = Network((2, 3, 1), (TANH, IDENTITY))
    theta, x, y = random_theta(network, 1), rng(2).standard_normal((2, 8)), np.ones((1, 8))
    C = lambda theta: QUADRATIC.value(predict(network, theta, x), y)  # noqa: E731
    grad_C = lambda theta: gradient(network, theta, x, y, QUADRATIC)  # noqa: E731
    for rule in RULES:
        path = list(descend(C, grad_C, theta, eta=0.05, rule=rule, steps=30))
        assert isinstance(path[-1].theta, Parameters)
        assert path[-1].C < path[0].C
        assert path[0].theta is theta


def test_a_step_prints_where_it_is():
    assert str(Step(3, np.zeros(1), 0.123456)) == "step 3: C = 0.1235 (running)"
    assert str(Step(7, np.zeros(1), np.inf, diverged=True)) == (
        "step 7: C = inf (diverged: the limit 1e+12 was exceeded)"
    )


# -- The rules -----------------------------------------------------------------------------------

gradients = st.lists(st.floats(-10, 10), min_size=1, max_size=6)
rates = st.floats(1e-3, 1)
fractions = st.floats(0, 0.99)


def walk(rule, grads, eta, start=1.0):
    """Return the points that a rule reaches when it is given these gradients in turn."""
    theta = np.array([start])
    state, places = rule.start(theta), []
    for t, grad in enumerate(grads, start=1):
        theta, state = rule.step(theta, np.array([grad]), state, eta, t)
        places.append(theta.item())
    return places


@given(gradients, rates)
def test_gd_is_the_start_minus_eta_times_the_sum_of_gradients(grads, eta):
    wanted = 1 - eta * np.cumsum(grads)
    np.testing.assert_allclose(walk(GD, grads, eta), wanted, atol=100 * ROUNDING)


@given(gradients, rates, fractions)
def test_momentum_sums_past_gradients_with_weights_beta_to_the_age(grads, eta, beta):
    v = [sum(beta ** (t - s) * grads[s] for s in range(t + 1)) for t in range(len(grads))]
    wanted = 1 - eta * np.cumsum(v)
    np.testing.assert_allclose(walk(momentum(beta), grads, eta), wanted, atol=1000 * ROUNDING)


@given(gradients, rates, fractions, fractions)
def test_adam_divides_the_running_mean_by_the_root_of_the_running_square(grads, eta, b1, b2):
    theta, wanted = 1.0, []
    for t in range(1, len(grads) + 1):
        ages = np.arange(t)[::-1]
        seen = np.array(grads[:t])
        m = (1 - b1) * (b1**ages * seen).sum() / (1 - b1**t)
        v = (1 - b2) * (b2**ages * seen**2).sum() / (1 - b2**t)
        theta -= eta * m / (v**0.5 + 1e-4)
        wanted.append(theta)
    places = walk(adam(b1, b2, 1e-4), grads, eta)
    # v̂ is a difference of nearly equal numbers over another where β is close to 1.
    np.testing.assert_allclose(places, wanted, rtol=1e-9, atol=1e-9)


@given(st.floats(-100, 100).filter(lambda g: abs(g) > 1e-3), rates)
def test_the_first_step_of_adam_has_the_length_eta_whatever_the_gradient(grad, eta):
    step = 1 - walk(ADAM, [grad], eta)[0]
    assert step == pytest.approx(np.sign(grad) * eta, rel=2e-5)


def test_the_defaults_are_the_published_ones():
    assert walk(ADAM, [1.0, -2.0, 3.0], 0.1) == walk(adam(0.9, 0.999, 1e-8), [1.0, -2.0, 3.0], 0.1)
    assert walk(MOMENTUM, [1.0, -2.0], 0.1) == walk(momentum(0.9), [1.0, -2.0], 0.1)


@given(gradients, rates)
def test_momentum_without_memory_is_gd(grads, eta):
    assert walk(momentum(0), grads, eta) == walk(GD, grads, eta)


@pytest.mark.parametrize("rule", RULES[:5], ids=repr)
def test_weight_decay_is_the_gradient_of_the_cost_with_half_lambda_theta_squared(rule):
    lam = 0.3
    with_penalty = descend(
        lambda v: bowl(v) + lam / 2 * (v**2).sum(),
        lambda v: bowl_slope(v) + lam * v,
        [3.0, -2.0],
        eta=0.05,
        rule=rule,
        steps=20,
    )
    by_rule = descend(bowl, bowl_slope, [3.0, -2.0], eta=0.05, rule=decayed(rule, lam), steps=20)
    for ours, wanted in zip(by_rule, with_penalty, strict=True):
        np.testing.assert_allclose(ours.theta, wanted.theta, rtol=ROUNDING)


def test_gd_with_decay_shrinks_the_weights_before_each_step():
    # (1 − η λ) θ − η ∇C = (1 − 0.1 · 0.5) · 1 − 0.1 · 2
    assert walk(decayed(GD, 0.5), [2.0], 0.1)[0] == pytest.approx(0.75)


@every_rule
@given(seed=seeds)
def test_a_rule_treats_parameters_entry_by_entry_as_it_treats_arrays(rule, seed):
    theta, grads = random_theta(NET, seed), [random_theta(NET, seed + k) for k in (1, 2, 3)]
    flat, state, flat_state = entries(theta), rule.start(theta), rule.start(entries(theta))
    for t, grad in enumerate(grads, start=1):
        theta, state = rule.step(theta, grad, state, 0.1, t)
        flat, flat_state = rule.step(flat, entries(grad), flat_state, 0.1, t)
    np.testing.assert_allclose(entries(theta), flat, rtol=ROUNDING, atol=ROUNDING)


def test_a_rule_shows_its_name():
    assert [repr(rule) for rule in (GD, MOMENTUM, ADAM, decayed(GD, 0.01))] == [
        "gradient descent",
        "momentum (beta = 0.9)",
        "Adam",
        "gradient descent, decay 0.01",
    ]


def test_a_custom_rule_needs_only_a_start_and_a_step():
    sign = Rule("sign", lambda theta: None, lambda v, g, s, eta, t: (v - eta * np.sign(g), s))
    assert last(descend(bowl, bowl_slope, [1.0, -1.0], eta=0.25, rule=sign, steps=4)).C == 0


# -- The regimes of a parabola, and divergence -----------------------------------------------------


@given(st.floats(0.1, 10), st.floats(0.01, 2.5))
def test_on_a_parabola_each_step_multiplies_by_one_minus_eta_lambda(curvature, ratio):
    C, slope = parabola(curvature)
    step = last(descend(C, slope, 1.0, eta=ratio / curvature, steps=8))
    assert float(step.theta) == pytest.approx((1 - ratio) ** 8, abs=100 * ROUNDING)


@pytest.mark.parametrize(("ratio", "comes_down"), [(0.1, True), (1.9, True), (2.1, False)])
def test_on_a_parabola_the_bound_is_two_over_lambda(ratio, comes_down):
    C, slope = parabola(4.0)
    step = last(descend(C, slope, 1.0, eta=ratio / 4.0, steps=1000))
    assert (step.C < 1e-12) == comes_down
    assert step.diverged != comes_down


@every_rule
def test_a_diverging_path_ends_with_its_step_and_value(rule):
    # An endless hill, −v²: every rule diverges on it, and quickly.
    path = list(descend(lambda v: -(v**2), lambda v: -2 * v, 1.0, eta=1e11, rule=rule, steps=500))
    assert path[-1].diverged
    assert not any(step.diverged for step in path[:-1])
    assert all(np.isfinite(step.C) for step in path[:-1])
    assert len(path) < 500
    assert re.fullmatch(r"step \d+: C = \S+ \(diverged: .* was exceeded\)", str(path[-1]))


@pytest.mark.parametrize(
    ("C", "slope", "start", "eta"),
    [
        # exp overflows to infinity at once
        (lambda v: np.exp(v), lambda v: -np.exp(v), 1.0, 1e4),
        # the value is infinity minus infinity: not a number
        (lambda v: np.exp(v) - np.exp(2 * v), lambda v: -np.exp(v), 1.0, 1e4),
        # a logarithm of 0 divides by zero
        (lambda v: np.log(v), lambda v: 1 / v, 1.0, 1.0),
        # a logarithm of a negative number is not a number
        (lambda v: np.log(v), lambda v: 1 / v, 1.0, 1.5),
        # a derivative that is not a number
        (lambda v: v * 0, lambda v: v * np.nan, 1.0, 1.0),
        # the cost stays small while θ diverges
        (lambda v: np.arctan(v), lambda v: v * 0 - 1, 1.0, 1e13),
        # the cost grows steadily and never overflows
        (lambda v: v, lambda v: v * 0 - 1, 1.0, 1e11),
    ],
)
def test_a_divergence_of_any_kind_is_a_result_and_not_a_warning(C, slope, start, eta, capfd):
    path = list(descend(C, slope, start, eta=eta, steps=100))
    assert path[-1].diverged
    assert len(path) <= 101
    assert all(np.isfinite(step.theta).all() and np.isfinite(step.C) for step in path[:-1])
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("rule", [GD, MOMENTUM, decayed(GD, 0.1)], ids=repr)
def test_the_divergence_of_a_relu_network_is_a_result(rule):
    network = Network((2, 16, 16, 1), (RELU, RELU, IDENTITY))
    x, y = 10 * rng(2).standard_normal((2, 8)), np.ones((1, 8))
    path = descend(
        lambda theta: QUADRATIC.value(predict(network, theta, x), y),
        lambda theta: gradient(network, theta, x, y, QUADRATIC),
        initialise(network, rng(1), "he"),
        eta=10.0,
        rule=rule,
        steps=200,
    )
    assert last(path).diverged


# -- Bad input -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("eta", "error", "message"),
    [
        (0, ValueError, "eta: expected a positive finite number, found 0"),
        (-0.1, ValueError, "eta: expected a positive finite number, found -0.1"),
        (np.inf, ValueError, "eta: expected a positive finite number, found inf"),
        (np.nan, ValueError, "eta: expected a positive finite number, found nan"),
        ("0.1", TypeError, "eta: expected a positive number, found '0.1'"),
        (1j, TypeError, "eta: expected a positive number, found 1j"),
    ],
)
def test_a_learning_rate_must_be_positive_and_finite_before_the_first_step(eta, error, message):
    with pytest.raises(error, match=re.escape(message)):
        descend(bowl, bowl_slope, [1.0, 1.0], eta=eta)


@pytest.mark.parametrize("theta", [[1.0, np.nan], [np.inf, 1.0], [-np.inf, np.nan]])
def test_the_initial_theta_must_be_finite(theta):
    with pytest.raises(ValueError, match="theta: expected finite numbers, found NaN or infinity"):
        descend(bowl, bowl_slope, theta, eta=0.1)


def test_initial_parameters_must_be_finite():
    theta = random_theta(NET, 1) * np.inf
    with pytest.raises(ValueError, match="theta: expected finite numbers, found NaN or infinity"):
        descend(None, None, theta, eta=0.1)


def test_steps_must_not_be_negative():
    with pytest.raises(ValueError, match="steps: expected a number ≥ 0, found -1"):
        descend(bowl, bowl_slope, [1.0, 1.0], eta=0.1, steps=-1)


def test_a_gradient_of_another_shape_is_rejected_by_shape():
    path = descend(bowl, lambda v: np.ones((2, 1)), [1.0, 1.0], eta=0.1)
    assert next(path).t == 0
    with pytest.raises(ValueError, match=re.escape("grad_C: expected shape (2,), found (2, 1)")):
        next(path)


@pytest.mark.parametrize(
    "grad", [random_theta(Network((1, 3, 1), (TANH, TANH)), 1), np.ones(13), None], ids=repr
)
def test_a_gradient_of_another_network_is_rejected_although_it_would_broadcast(grad):
    path = descend(lambda theta: 1.0, lambda theta: grad, random_theta(NET, 1), eta=0.1)
    next(path)
    message = f"grad_C: expected the shapes of Parameters(2-3-1, 13 numbers), found {grad!r}"
    with pytest.raises(ValueError, match=re.escape(message)):
        next(path)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: momentum(1), "beta: expected a number in [0, 1), found 1"),
        (lambda: momentum(-0.1), "beta: expected a number in [0, 1), found -0.1"),
        (lambda: momentum("0.9"), "beta: expected a number in [0, 1), found '0.9'"),
        (lambda: adam(beta1=1.0), "beta1: expected a number in [0, 1), found 1.0"),
        (lambda: adam(beta2=np.nan), "beta2: expected a number in [0, 1), found nan"),
        (lambda: adam(eps=0), "eps: expected a positive finite number, found 0"),
        (lambda: decayed(GD, -1), "lam: expected a finite number ≥ 0, found -1"),
        (lambda: decayed(GD, np.inf), "lam: expected a finite number ≥ 0, found inf"),
        (lambda: decayed(GD, None), "lam: expected a finite number ≥ 0, found None"),
    ],
)
def test_a_rule_with_invalid_numbers_is_rejected_by_name(make, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        make()


def test_a_rule_that_climbs_would_not_pass_for_descent():
    climbing = Rule("climb", GD.start, lambda v, g, s, eta, t: (v + eta * g, s))
    path = list(descend(bowl, bowl_slope, [1.0, 1.0], eta=0.05, rule=climbing, steps=300))
    assert path[-1].C > path[0].C
