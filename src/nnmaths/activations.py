"""Activation functions, each with its derivative.

Both the function and its derivative take the pre-activation z, never the output, and act on each
entry. The formulas are stable in float64 for every finite z: they never overflow, so they
need neither clipping nor a suppressed warning. `IDENTITY` leaves z as it is. It is the last
activation of a regression, and of a network whose cost takes pre-activations.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Activation:
    """An activation σ and its derivative σ′: `sigma(z)` is `sigma.f(z)`, σ′ is `sigma.df(z)`."""

    name: str
    f: Callable[[np.ndarray], np.ndarray]
    df: Callable[[np.ndarray], np.ndarray]

    def __call__(self, z: np.ndarray) -> np.ndarray:
        """Return σ(z), in the shape of z."""
        return self.f(z)

    def __repr__(self) -> str:
        return self.name.upper().replace(" ", "_")


def identity(z: np.ndarray) -> np.ndarray:
    """Return z itself."""
    return z


def identity_slope(z: np.ndarray) -> np.ndarray:
    """Return 1 for each entry of z."""
    return np.ones_like(z)


def step(z: np.ndarray) -> np.ndarray:
    """Return 1 where z ≥ 0, else 0 (Heaviside 1893; McCulloch and Pitts 1943)."""
    return np.ones_like(z) * (z >= 0)


def step_slope(z: np.ndarray) -> np.ndarray:
    """Return 0 for each entry: a step is flat wherever it has a derivative."""
    return np.zeros_like(z)


def sigmoid(z: np.ndarray) -> np.ndarray:
    """Return σ(z) = 1/(1 + e⁻ᶻ), both parts of the fraction multiplied by e^min(z, 0).

    The exponents are never positive, so nothing overflows, and tiny values keep all their digits.
    """
    return np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))


def sigmoid_slope(z: np.ndarray) -> np.ndarray:
    """Return σ′(z) = σ(z) σ(−z) = e^−|z| / (1 + e^−|z|)², without the cancellation in 1 − σ(z)."""
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


def tanh(z: np.ndarray) -> np.ndarray:
    """Return tanh z = (eᶻ − e⁻ᶻ)/(eᶻ + e⁻ᶻ)."""
    return np.tanh(z)


def tanh_slope(z: np.ndarray) -> np.ndarray:
    """Return 1 − tanh² z."""
    return 1 - np.tanh(z) ** 2


def relu(z: np.ndarray) -> np.ndarray:
    """Return max(0, z)."""
    return np.maximum(z, 0)


def relu_slope(z: np.ndarray) -> np.ndarray:
    """Return 1 where z > 0, else 0; at the kink we choose 0."""
    return np.ones_like(z) * (z > 0)


LEAK = 0.01


def leaky_relu(z: np.ndarray) -> np.ndarray:
    """Return z where z > 0, else 0.01 z (Maas, Hannun and Ng 2013)."""
    return np.maximum(z, LEAK * z)


def leaky_relu_slope(z: np.ndarray) -> np.ndarray:
    """Return 1 where z > 0, else 0.01."""
    return LEAK + (1 - LEAK) * relu_slope(z)


def softplus(z: np.ndarray) -> np.ndarray:
    """Return log(1 + eᶻ) = max(z, 0) + log(1 + e^−|z|)."""
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


IDENTITY = Activation("identity", identity, identity_slope)
STEP = Activation("step", step, step_slope)
SIGMOID = Activation("sigmoid", sigmoid, sigmoid_slope)
TANH = Activation("tanh", tanh, tanh_slope)
RELU = Activation("relu", relu, relu_slope)
LEAKY_RELU = Activation("leaky relu", leaky_relu, leaky_relu_slope)
SOFTPLUS = Activation("softplus", softplus, sigmoid)

ACTIVATIONS = {
    sigma.name: sigma for sigma in (IDENTITY, STEP, SIGMOID, TANH, RELU, LEAKY_RELU, SOFTPLUS)
}
