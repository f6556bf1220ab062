"""Training a network: mini-batches, and a generator of epochs.

An epoch is one pass over the samples in a new random order. `train` is a generator: its caller
decides what to draw, what to keep and when to stop.
"""

from collections.abc import Iterable, Iterator
from numbers import Integral
from typing import Any, NamedTuple

import numpy as np

from nnmaths.arrays import check_data
from nnmaths.backprop import check_target, gradient
from nnmaths.costs import Cost
from nnmaths.descent import GD, LIMIT, Rule, check_eta, within_limit
from nnmaths.network import Network, Parameters, check_fit, predict


class Epoch(NamedTuple):
    """The state after an epoch: θ, the cost C over all samples, and t, the steps made so far."""

    epoch: int
    theta: Parameters
    C: float
    t: int
    diverged: bool = False

    def __str__(self) -> str:
        state = f"; diverged at step {self.t}" if self.diverged else ""
        return f"epoch {self.epoch}, step {self.t}: C = {self.C:.4g}{state}"


def minibatches(
    x: np.ndarray, y: np.ndarray, B: int, rng: np.random.Generator
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the samples in a random order, B columns at a time; the last batch may be smaller.

    x is (n_0, N), y is (n_L, N). Raises ValueError unless 1 ≤ B ≤ N and y has N samples, and
    TypeError unless B is an integer.
    """
    N = x.shape[1]
    check_batch(B, N)
    check_samples(y, N)
    # One sample per row, as `columns` stores them in memory, is the fastest layout to pick from.
    x_rows, y_rows = np.ascontiguousarray(x.T), np.ascontiguousarray(y.T)
    order = rng.permutation(N)
    for start in range(0, N, B):
        chosen = order[start : start + B]
        yield x_rows.take(chosen, axis=0).T, y_rows.take(chosen, axis=0).T


def train(
    network: Network,
    theta: Parameters,
    x: np.ndarray,
    y: np.ndarray,
    cost: Cost,
    *,
    eta: float,
    rule: Rule = GD,
    B: int | None = None,
    epochs: int | None = None,
    rng: np.random.Generator | None = None,
) -> Iterator[Epoch]:
    """Yield an `Epoch` for epoch 0 (the start), 1, 2, …, up to `epochs` or without end.

    Each step is θ ← rule(θ, ∇C) on a mini-batch of B samples, or on all N if B is None. x is
    (n_0, N) and y is (n_L, N). A run in which C or θ exceeds 1e12 or is not a number ends with an
    epoch that is marked `diverged` and has the step as its t. Raises ValueError or TypeError before
    the first step when data, parameters, eta, B, epochs or rng do not fit.
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


def epochs_of(
    network: Network,
    theta: Parameters,
    x: np.ndarray,
    y: np.ndarray,
    cost: Cost,
    eta: float,
    rule: Rule,
    B: int | None,
    epochs: int | None,
    rng: np.random.Generator | None,
) -> Iterator[Epoch]:
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


def accuracy(
    network: Network, theta: Parameters, x: np.ndarray, y: np.ndarray, cost: Cost
) -> float:
    """Return the accuracy: the fraction of samples that are classified correctly.

    With one output the decision is ŷ > ½, with more outputs the largest ŷ; ŷ is the link of the
    cost applied to the output. x is (n_0, N), y is (n_L, N), 0 and 1 or one-hot. Raises ValueError
    when y does not have the shape of the output.
    """
    y_hat = cost.link(predict(network, theta, x))
    check_target(y_hat, y)
    if len(y) == 1:
        return float(((y_hat > 0.5) == (y > 0.5)).mean())
    return float((y_hat.argmax(axis=0) == y.argmax(axis=0)).mean())


def sweep(
    network: Network,
    theta: Parameters,
    batches: Iterable[tuple[np.ndarray, np.ndarray]],
    cost: Cost,
    eta: float,
    rule: Rule,
    state: Any,
    t: int,
) -> tuple[Parameters, Any, int, bool]:
    """Return θ, the rule's state, the step count, and whether θ was lost, after these batches.

    θ is lost when the norm of the output bias exceeds 1e12 or is not a number: an overflow anywhere
    reaches that bias at once, through δ⁽ᴸ⁾.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        for x, y in batches:
            t += 1
            theta, state = rule.step(theta, gradient(network, theta, x, y, cost), state, eta, t)
            b = theta.b[network.L]
            if not np.vdot(b, b) <= LIMIT**2:
                return theta, state, t, True
    return theta, state, t, False


def check_samples(y: np.ndarray, N: int) -> None:
    """Raise ValueError unless y has as many samples as x, N."""
    if y.shape[1] != N:
        raise ValueError(f"y: expected shape ({y.shape[0]}, {N}), found {y.shape}")


def check_batch(B: int, N: int) -> None:
    """Raise TypeError or ValueError unless the batch size is an integer from 1 to N."""
    if not isinstance(B, Integral) or isinstance(B, bool):
        raise TypeError(f"B: expected an integer from 1 to N = {N}, found {B!r}")
    if not 1 <= B <= N:
        raise ValueError(f"B: expected an integer from 1 to N = {N}, found {B}")
