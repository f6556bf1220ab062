"""Gradient descent and its update rules, on any differentiable function.

θ is an array or `Parameters`: the rules are written once, with operators that both support. A
rule is a value: `start(theta)` returns its state, `step(theta, grad, state, eta, t)` returns the
next θ and state, with t = 1, 2, …
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, islice
from numbers import Real
from typing import Any, NamedTuple

import numpy as np

from nnmaths.network import Parameters

LIMIT = 1e12

Theta = np.ndarray | Parameters


@dataclass(frozen=True)
class Rule:
    """An update rule: `start(theta)` and `step(theta, grad, state, eta, t)`."""

    name: str
    start: Callable[[Theta], Any]
    step: Callable[..., tuple[Theta, Any]]

    def __repr__(self) -> str:
        return self.name


class Step(NamedTuple):
    """One point of a descent: θ after t steps, and the cost C there."""

    t: int
    theta: Theta
    C: float
    diverged: bool = False

    def __str__(self) -> str:
        state = f"diverged: the limit {LIMIT:.0e} was exceeded" if self.diverged else "running"
        return f"step {self.t}: C = {self.C:.4g} ({state})"


def gd_step(theta: Theta, grad: Theta, state: None, eta: float, t: int) -> tuple[Theta, None]:
    """Return θ − η ∇C (Cauchy 1847)."""
    return theta - eta * grad, state


GD = Rule("gradient descent", lambda theta: None, gd_step)


def momentum(beta: float) -> Rule:
    """Return the heavy-ball rule: v ← β v + ∇C, θ ← θ − η v (Polyak 1964).

    Raises ValueError when β lies outside [0, 1).
    """
    check_fraction("beta", beta)

    def step(theta, grad, v, eta, t):
        v = beta * v + grad
        return theta - eta * v, v

    return Rule(f"momentum (beta = {beta:g})", lambda theta: 0 * theta, step)


def adam(beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8) -> Rule:
    """Return Adam: θ ← θ − η m̂/(√v̂ + ε), with m̂ = m/(1 − β₁ᵗ) and v̂ = v/(1 − β₂ᵗ).

    m ← β₁ m + (1 − β₁) ∇C and v ← β₂ v + (1 − β₂) (∇C)², entry by entry (Kingma and Ba 2015).
    Raises ValueError when a β lies outside [0, 1) or ε is not positive.
    """
    check_fraction("beta1", beta1)
    check_fraction("beta2", beta2)
    check_eta(eps, "eps")

    def step(theta, grad, state, eta, t):
        m, v = state
        m = beta1 * m + (1 - beta1) * grad
        v = beta2 * v + (1 - beta2) * grad**2
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        return theta - eta * m_hat / (np.sqrt(v_hat) + eps), (m, v)

    return Rule("Adam", lambda theta: (0 * theta, 0 * theta), step)


def decayed(rule: Rule, lam: float) -> Rule:
    """Return the rule with weight decay: its gradient is ∇C + λθ, that of C + λ/2 ‖θ‖².

    Raises ValueError when λ is negative or not finite.
    """
    if not (isinstance(lam, Real) and 0 <= lam < float("inf")):
        raise ValueError(f"lam: expected a finite number ≥ 0, found {lam!r}")

    def step(theta, grad, state, eta, t):
        return rule.step(theta, grad + lam * theta, state, eta, t)

    return Rule(f"{rule.name}, decay {lam:g}", rule.start, step)


def descend(
    C: Callable[[Theta], float],
    grad_C: Callable[[Theta], Theta],
    theta: Theta,
    *,
    eta: float,
    rule: Rule = GD,
    steps: int | None = None,
) -> Iterator[Step]:
    """Yield `Step(t, θ_t, C(θ_t))` for t = 0, 1, 2, …, up to t = `steps` or without end.

    The path ends early when the absolute value of C or of an entry of θ exceeds 1e12 or is not a
    number; its last step is then marked `diverged`. Raises ValueError when eta is not positive and
    finite, θ is not finite, steps is negative, or a gradient does not have the shape of θ.
    """
    check_eta(eta)
    if steps is not None and steps < 0:
        raise ValueError(f"steps: expected a number ≥ 0, found {steps}")
    theta = theta if isinstance(theta, Parameters) else np.array(theta, dtype=float)
    if not within_limit(theta, np.inf):
        raise ValueError("theta: expected finite numbers, found NaN or infinity")
    return islice(path(C, grad_C, theta, eta, rule), None if steps is None else steps + 1)


def path(
    C: Callable[[Theta], float],
    grad_C: Callable[[Theta], Theta],
    theta: Theta,
    eta: float,
    rule: Rule,
) -> Iterator[Step]:
    """Yield the steps of a descent, without end unless it diverges."""
    state = rule.start(theta)
    for t in count():
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            value = float(C(theta))
            diverged = not (abs(value) <= LIMIT and within_limit(theta, LIMIT))
        yield Step(t, theta, value, diverged)
        if diverged:
            return
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            grad = check_grad(theta, grad_C(theta))
            theta, state = rule.step(theta, grad, state, eta, t + 1)


def within_limit(theta: Theta, limit: float) -> bool:
    """Return whether every entry of θ is finite and at most `limit` in absolute value."""
    leaves = theta if isinstance(theta, Parameters) else (theta,)
    return all(((size <= limit) & (size < np.inf)).all() for size in map(np.abs, leaves))


def check_grad(theta: Theta, grad: Theta) -> Theta:
    """Return the gradient; raise ValueError unless it has the shape of θ."""
    if isinstance(theta, Parameters):
        if getattr(grad, "sizes", None) != theta.sizes:
            raise ValueError(f"grad_C: expected the shapes of {theta}, found {grad!r}")
        return grad
    if np.shape(grad) != theta.shape:
        raise ValueError(f"grad_C: expected shape {theta.shape}, found {np.shape(grad)}")
    return np.asarray(grad)


def check_eta(eta: float, name: str = "eta") -> None:
    """Raise TypeError or ValueError unless the learning rate is a positive finite number."""
    if not isinstance(eta, Real):
        raise TypeError(f"{name}: expected a positive number, found {eta!r}")
    if not 0 < eta < float("inf"):
        raise ValueError(f"{name}: expected a positive finite number, found {eta}")


def check_fraction(name: str, value: float) -> None:
    """Raise ValueError unless the value is a number in [0, 1)."""
    if not (isinstance(value, Real) and 0 <= value < 1):
        raise ValueError(f"{name}: expected a number in [0, 1), found {value!r}")


MOMENTUM = momentum(0.9)
ADAM = adam()
