"""Training a network: mini-batches, and a generator of epochs.

An epoch is one pass over the samples in a fresh random order. `train` yields; the reader decides
what to draw, what to keep and when to stop.
"""

from numbers import Integral
from typing import NamedTuple

import numpy as np

from nnmaths.arrays import check_data
from nnmaths.backprop import check_target, gradient
from nnmaths.descent import GD, LIMIT, check_eta, within_limit
from nnmaths.network import Parameters, check_fit, predict


class Epoch(NamedTuple):
    """What stands after an epoch: θ, the cost C over all samples, and t, the steps made so far."""

    epoch: int
    theta: Parameters
    C: float
    t: int
    diverged: bool = False

    def __str__(self):
        state = f"; diverged at step {self.t}" if self.diverged else ""
        return f"epoch {self.epoch}, step {self.t}: C = {self.C:.4g}{state}"


def minibatches(x, y, B, rng):
    """Yield the samples in a random order, B columns at a time; the last batch may be smaller.

    x is (n_0, N), y is (n_L, N). Raises ValueError for B < 1 or above N, or another N in y, and
    TypeError when B is not an integer.
    """
    N = x.shape[1]
    check_batch(B, N)
    check_samples(y, N)
    # One sample a row, which is how `columns` keeps them: they are picked fastest so.
    x_rows, y_rows = np.ascontiguousarray(x.T), np.ascontiguousarray(y.T)
    order = rng.permutation(N)
    for start in range(0, N, B):
        chosen = order[start : start + B]
        yield x_rows.take(chosen, axis=0).T, y_rows.take(chosen, axis=0).T


def train(network, theta, x, y, cost, *, eta, rule=GD, B=None, epochs=None, rng=None):
    """Yield an `Epoch` for epoch 0 (the start), 1, 2, …, `epochs` of them or without end.

    Each step is θ ← rule(θ, ∇C) on a mini-batch of B samples, or on all N where B is None. x is
    (n_0, N) and y is (n_L, N). A run that passes 1e12, or has no number left, ends with an epoch
    that says `diverged` and at which step. Raises ValueError or TypeError, before the first step,
    when data, parameters, eta, B, epochs or rng do not fit.
    """
    check_eta(eta)
    check_data("x", x, network.sizes[0])
    check_data("y", y, network.sizes[-1])
    check_fit(network, theta, x)
    check_samples(y, x.shape[1])
    if not within_limit(theta, np.inf):
        raise ValueError("theta: expected finite numbers, found NaN or infinity")
    if epochs is not None and epochs < 0:
        raise ValueError(f"epochs: expected a number ≥ 0, found {epochs}")
    if B is not None:
        check_batch(B, x.shape[1])
        if not isinstance(rng, np.random.Generator):
            raise TypeError(f"rng: mini-batches need numpy.random.default_rng(seed), found {rng!r}")
    return epochs_of(network, theta, x, y, cost, float(eta), rule, B, epochs, rng)


def epochs_of(network, theta, x, y, cost, eta, rule, B, epochs, rng):
    """Yield the epochs of a training run whose arguments have been checked."""
    t, state, epoch, lost = 0, rule.start(theta), 0, False
    while True:
        with np.errstate(over="ignore", invalid="ignore"):
            C = float(cost.value(predict(network, theta, x), y))
        diverged = lost or not (C <= LIMIT and within_limit(theta, LIMIT))
        yield Epoch(epoch, theta, C, t, diverged)
        if diverged or epoch == epochs:
            return
        batches = [(x, y)] if B is None else minibatches(x, y, B, rng)
        theta, state, t, lost = sweep(network, theta, batches, cost, eta, rule, state, t)
        epoch += 1


def accuracy(network, theta, x, y, cost):
    """Return the share of samples whose class is decided rightly, from 0 to 1.

    With one output the decision is ŷ > ½, with more the largest ŷ; ŷ is the output through the
    link of the cost. x is (n_0, N), y is (n_L, N), 0 and 1 or one-hot. Raises ValueError when y
    has another shape than the output.
    """
    y_hat = cost.link(predict(network, theta, x))
    check_target(y_hat, y)
    if len(y) == 1:
        return float(((y_hat > 0.5) == (y > 0.5)).mean())
    return float((y_hat.argmax(axis=0) == y.argmax(axis=0)).mean())


def sweep(network, theta, batches, cost, eta, rule, state, t):
    """Return θ, the rule's state, the step count, and whether θ was lost, after these batches.

    θ is lost when the output bias has no length within 1e12: an overflow anywhere reaches it at
    once, through δ⁽ᴸ⁾.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        for x, y in batches:
            t += 1
            theta, state = rule.step(theta, gradient(network, theta, x, y, cost), state, eta, t)
            b = theta.b[network.L]
            if not np.vdot(b, b) <= LIMIT**2:
                return theta, state, t, True
    return theta, state, t, False


def check_samples(y, N):
    """Refuse targets whose number of samples is not that of x: ValueError."""
    if y.shape[1] != N:
        raise ValueError(f"y: expected shape ({y.shape[0]}, {N}), found {y.shape}")


def check_batch(B, N):
    """Refuse a batch size that is not an integer from 1 to N: TypeError or ValueError."""
    if not isinstance(B, Integral) or isinstance(B, bool):
        raise TypeError(f"B: expected an integer from 1 to N = {N}, found {B!r}")
    if not 1 <= B <= N:
        raise ValueError(f"B: expected an integer from 1 to N = {N}, found {B}")
