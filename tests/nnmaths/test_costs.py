"""Each cost is a mean over samples, stable everywhere, and its gradient is correct."""

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from strategies import ROUNDING, agrees_with_differences, random_targets, rng, seeds

from nnmaths.activations import SIGMOID
from nnmaths.costs import (
    COSTS,
    CROSS_ENTROPY,
    QUADRATIC,
    SOFTMAX_CROSS_ENTROPY,
    iou,
    soft_iou,
    soft_iou_grad,
    softmax,
)
from nnmaths.symbolic import Symbols, differentiate, symbols
from nnmaths.tape import trace

ALL = pytest.mark.parametrize("cost", COSTS.values(), ids=repr)
LOG = np.log
widths, samples = st.integers(1, 4), st.integers(1, 5)


def data(cost, n, N, seed, spread=3.0):
    """Return outputs (n, N) and targets that fit the cost."""
    return spread * rng(seed).standard_normal((n, N)), random_targets(n, N, cost, seed + 1)


def test_the_three_costs_are_found_by_name():
    assert list(COSTS) == ["quadratic", "cross-entropy", "softmax cross-entropy"]
    assert [repr(cost) for cost in COSTS.values()] == [
        "QUADRATIC",
        "CROSS_ENTROPY",
        "SOFTMAX_CROSS_ENTROPY",
    ]


@pytest.mark.parametrize(
    ("cost", "output", "y", "C", "grad"),
    [
        # (1² + 2² + 0² + 1²)/(2·2), and the differences over 2
        (QUADRATIC, [[1, 2], [3, 1]], [[0, 0], [3, 2]], 1.5, [[0.5, 1], [0, -0.5]]),
        # log 2 and log(1 + 3) − log 3, over 2; (1/2 − 0)/2 and (3/4 − 1)/2
        (CROSS_ENTROPY, [[0, LOG(3)]], [[0, 1]], (LOG(2) + LOG(4 / 3)) / 2, [[0.25, -0.125]]),
        # the second class has 3/4 of e⁰ + e^log 3; −log 3/4
        (SOFTMAX_CROSS_ENTROPY, [[0], [LOG(3)]], [[0], [1]], LOG(4 / 3), [[0.25], [-0.25]]),
    ],
    ids=repr,
)
def test_values_and_gradients_by_hand(cost, output, y, C, grad):
    output, y = np.array(output, dtype=float), np.array(y, dtype=float)
    assert cost.value(output, y) == pytest.approx(C, abs=ROUNDING)
    np.testing.assert_allclose(cost.grad(output, y), grad, atol=ROUNDING)


@ALL
@given(n=widths, N=samples, seed=seeds)
def test_the_gradient_agrees_with_central_differences(cost, n, N, seed):
    output, y = data(cost, n, N, seed)
    slope = cost.grad(output, y)
    assert slope.shape == (n, N)
    assert agrees_with_differences(slope, lambda output: cost.value(output, y), output)


@ALL
@pytest.mark.parametrize(("n", "N"), [(1, 1), (3, 1), (2, 2)])
def test_the_gradient_agrees_with_sympy(cost, n, N):
    z, y = symbols("z", n, N), symbols("y", n, N)
    free = [*z.ravel(), *y.ravel()]
    point = {s: sp.Rational(2 * i - 5, i % 3 + 2) for i, s in enumerate(free)}
    y[-1] = 1 - sum(y[:-1])
    error = cost.grad(z, y) - differentiate(cost.value(z, y), z)
    for entry in error.ravel():
        # The `Max` that keeps softmax stable has a derivative at the point; it cancels.
        assert abs(sp.N(sp.sympify(entry).subs(point), 30)) < 1e-25


@ALL
@given(n=widths, N=samples, seed=seeds)
def test_the_cost_of_a_batch_is_the_mean_over_its_samples(cost, n, N, seed):
    output, y = data(cost, n, N, seed)
    alone = [(output[:, i : i + 1], y[:, i : i + 1]) for i in range(N)]
    assert cost.value(output, y) == pytest.approx(
        np.mean([cost.value(*sample) for sample in alone]), abs=ROUNDING
    )
    mean = np.hstack([cost.grad(*sample) for sample in alone]) / N
    np.testing.assert_allclose(cost.grad(output, y), mean, atol=ROUNDING)


@ALL
@given(n=widths, N=samples, seed=seeds)
def test_a_cost_is_never_negative(cost, n, N, seed):
    assert cost.value(*data(cost, n, N, seed)) >= -ROUNDING


@ALL
@given(n=widths, N=samples, seed=seeds)
def test_the_gradient_is_zero_where_the_prediction_is_the_target(cost, n, N, seed):
    output, _ = data(cost, n, N, seed)
    assert np.abs(cost.grad(output, cost.link(output))).max() < ROUNDING


def test_the_links_turn_outputs_into_predictions():
    z = np.array([[0.0], [LOG(3)]])
    assert QUADRATIC.link(z) is z
    np.testing.assert_allclose(CROSS_ENTROPY.link(z), [[0.5], [0.75]], rtol=ROUNDING)
    np.testing.assert_allclose(SOFTMAX_CROSS_ENTROPY.link(z), [[0.25], [0.75]], rtol=ROUNDING)


@given(n=widths, N=samples, seed=seeds)
def test_softmax_gives_probabilities(n, N, seed):
    p = softmax(30 * rng(seed).standard_normal((n, N)))
    assert (p >= 0).all()
    np.testing.assert_allclose(p.sum(axis=0), 1, rtol=ROUNDING)


@given(n=widths, N=samples, seed=seeds, shift=st.floats(-900, 900))
def test_softmax_and_its_cost_do_not_change_when_a_column_is_shifted(n, N, seed, shift):
    z, y = data(SOFTMAX_CROSS_ENTROPY, n, N, seed)
    # The shift itself rounds z by up to 900 times 1.1e-16.
    np.testing.assert_allclose(softmax(z + shift), softmax(z), rtol=1000 * ROUNDING)
    assert SOFTMAX_CROSS_ENTROPY.value(z + shift, y) == pytest.approx(
        SOFTMAX_CROSS_ENTROPY.value(z, y), abs=1000 * ROUNDING
    )


@given(N=samples, seed=seeds)
def test_softmax_with_two_classes_is_the_binary_cross_entropy_of_their_difference(N, seed):
    z, y = data(SOFTMAX_CROSS_ENTROPY, 2, N, seed)
    assert SOFTMAX_CROSS_ENTROPY.value(z, y) == pytest.approx(
        CROSS_ENTROPY.value(z[1:] - z[:1], y[1:]), abs=ROUNDING
    )


@given(n=widths, N=samples, seed=seeds)
def test_the_cross_entropies_are_their_textbook_formulas(n, N, seed):
    z, y = data(CROSS_ENTROPY, n, N, seed)
    p = SIGMOID(z)
    binary = -(y * np.log(p) + (1 - y) * np.log(1 - p)).sum() / N
    assert CROSS_ENTROPY.value(z, y) == pytest.approx(binary, rel=1e-9)
    z, y = data(SOFTMAX_CROSS_ENTROPY, n, N, seed)
    many = -(y * np.log(softmax(z))).sum() / N
    assert SOFTMAX_CROSS_ENTROPY.value(z, y) == pytest.approx(many, rel=1e-9, abs=ROUNDING)


@pytest.mark.parametrize(
    ("cost", "z", "y", "C", "grad"),
    [
        (CROSS_ENTROPY, [[1000]], [[0]], 1000, [[1]]),
        (CROSS_ENTROPY, [[-1000]], [[1]], 1000, [[-1]]),
        (CROSS_ENTROPY, [[1000, -1000]], [[1, 0]], 0, [[0, 0]]),
        (SOFTMAX_CROSS_ENTROPY, [[1000], [-1000]], [[0], [1]], 2000, [[1], [-1]]),
        (SOFTMAX_CROSS_ENTROPY, [[1000], [-1000]], [[1], [0]], 0, [[0], [0]]),
        (SOFTMAX_CROSS_ENTROPY, [[-1000], [-1000]], [[1], [0]], LOG(2), [[-0.5], [0.5]]),
        (QUADRATIC, [[1000, -1000]], [[0, 0]], 500_000, [[500, -500]]),
    ],
)
def test_at_plus_and_minus_a_thousand_the_limits_are_exact(cost, z, y, C, grad):
    z, y = np.array(z, dtype=float), np.array(y, dtype=float)
    assert cost.value(z, y) == pytest.approx(C, abs=ROUNDING)
    assert cost.grad(z, y).tolist() == grad


@ALL
@given(z=st.lists(st.floats(-1e100, 1e100), min_size=2, max_size=2))
def test_large_outputs_give_finite_values_without_a_warning(cost, z):
    z, y = np.array(z)[:, None], np.array([[1.0], [0.0]])
    assert np.isfinite(cost.value(z, y))
    assert np.isfinite(cost.grad(z, y)).all()


def test_the_textbook_cross_entropy_fails_the_stability_test():
    p = SIGMOID(np.array([[1000.0]]))
    with pytest.raises(RuntimeWarning, match="divide by zero"):
        -np.log(1 - p)


@ALL
def test_a_gradient_without_its_mean_is_caught(cost):
    output, y = data(cost, 2, 3, seed=1)
    assert not agrees_with_differences(
        3 * cost.grad(output, y), lambda output: cost.value(output, y), output
    )


# --- overlap ------------------------------------------------------------------------------------

MASK = np.array([[1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]])
CHANCES = np.array([[0.9, 0.2], [0.4, 0.8], [0.7, 0.6], [0.1, 0.3]])


def probabilities(n, N, seed):
    """Return probabilities (n, N) and a mask with at least one pixel in each column."""
    p, y = rng(seed).random((n, N)), (rng(seed + 1).random((n, N)) < 0.5).astype(float)
    y[0] = 1
    return p, y


def test_the_iou_by_hand():
    # first column: {1, 3} and {1, 2}, 1 of 3; second: {2, 3} and {2, 3}
    assert iou(CHANCES, MASK) == pytest.approx((1 / 3 + 1) / 2, abs=ROUNDING)
    # at 0.65 the third pixel of the second column is outside: 1 of 2
    assert iou(CHANCES, MASK, 0.65) == pytest.approx((1 / 3 + 1 / 2) / 2, abs=ROUNDING)
    # I = 1.3, U = 2.1 + 2 − 1.3; and I = 1.4, U = 1.9 + 2 − 1.4
    soft = 1 - (1.3 / 2.8 + 1.4 / 2.5) / 2
    assert soft_iou(CHANCES, MASK) == pytest.approx(soft, abs=ROUNDING)
    # (I(1 − y) − y U)/(U² N) for pixels 1 and 3 of the first column
    grad = soft_iou_grad(CHANCES, MASK)
    assert grad[0, 0] == pytest.approx(-1 / 2.8 / 2, abs=ROUNDING)
    assert grad[2, 0] == pytest.approx(1.3 / 2.8**2 / 2, abs=ROUNDING)


@given(n=widths, N=samples, seed=seeds)
def test_the_iou_of_masks_is_that_of_their_sets(n, N, seed):
    p, y = probabilities(n, N, seed)
    found = []
    for i in range(N):
        first, second = ({j for j in range(n) if side[j, i] > 0.5} for side in (p, y))
        found.append(len(first & second) / len(first | second))
    assert iou(p, y) == pytest.approx(np.mean(found), abs=ROUNDING)
    assert 1 - soft_iou((p > 0.5) * 1.0, y) == pytest.approx(np.mean(found), abs=ROUNDING)


@given(n=widths, N=samples, seed=seeds)
def test_the_gradient_of_the_soft_iou_agrees_with_central_differences(n, N, seed):
    p, y = probabilities(n, N, seed)
    assert agrees_with_differences(soft_iou_grad(p, y), lambda p: soft_iou(p, y), p)
    assert 0 <= soft_iou(p, y) <= 1


def test_the_iou_runs_on_symbols():
    t = sp.Symbol("t", positive=True)
    above, below = sp.symbols("u v", positive=True)
    p, y = Symbols([[t + above], [t - below]]), Symbols([[1], [1]])
    assert iou(p, y, t) == sp.Rational(1, 2)


def test_the_soft_iou_and_its_gradient_can_be_traced():
    shapes = {"p": (3, 2), "y": (3, 2)}
    tape = trace(lambda p, y: {"C": soft_iou(p, y), "slope": soft_iou_grad(p, y)}, shapes)
    assert len(tape.ops) > 5


def test_the_iou_is_symmetric_and_1_for_equal_masks():
    first, second = MASK, np.array([[1.0, 1.0], [0.0, 1.0], [0.0, 0.0], [1.0, 0.0]])
    assert iou(first, second) == iou(second, first)
    assert iou(first, first) == 1
    assert soft_iou(first, first) == 0


def test_a_probability_at_the_threshold_is_outside_the_mask():
    assert iou(np.array([[0.5], [0.9]]), np.array([[1.0], [1.0]])) == 0.5


@pytest.mark.parametrize("measure", [iou, soft_iou])
def test_the_iou_of_two_empty_masks_is_undefined(measure):
    with pytest.raises(RuntimeWarning, match="invalid value"):
        measure(np.zeros((2, 1)), np.zeros((2, 1)))


def test_a_slope_with_its_union_held_fixed_is_caught():
    p, y = probabilities(3, 2, seed=4)
    both = (p * y).sum(axis=0)
    wrong = -y / (p.sum(axis=0) + y.sum(axis=0) - both) / 2
    assert not agrees_with_differences(wrong, lambda p: soft_iou(p, y), p)
