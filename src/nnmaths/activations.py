"""Activation functions, each with its derivative.

Both the function and its derivative take the pre-activation z, never the output, and act on each
entry. The lines are stable in float64 for every finite z: they never overflow, so they need
neither a clip nor a silenced warning. `IDENTITY` leaves z as it is and serves as the last layer of
a regression, and of the costs that read pre-activations.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Activation:
    """An activation σ and its derivative σ′: `sigma(z)` is `sigma.f(z)`, σ′ is `sigma.df(z)`."""

    name: str
    f: Callable
    df: Callable

    def __call__(self, z):
        """Return σ(z), the shape of z."""
        return self.f(z)

    def __repr__(self):
        return self.name.upper().replace(" ", "_")


def identity(z):
    """Return z itself."""
    return z


def identity_slope(z):
    """Return 1 for each entry of z."""
    return np.ones_like(z)


def step(z):
    """Return 1 where z ≥ 0, else 0 (Heaviside 1893; McCulloch and Pitts 1943)."""
    return np.ones_like(z) * (z >= 0)


def step_slope(z):
    """Return 0 for each entry: a step is flat wherever it has a slope at all."""
    return np.zeros_like(z)


def sigmoid(z):
    """Return σ(z) = 1/(1 + e⁻ᶻ), with both parts of the fraction times e^min(z, 0).

    The exponents are never positive, so nothing overflows, and tiny values keep all their digits.
    """
    return np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))


def sigmoid_slope(z):
    """Return σ′(z) = σ(z) σ(−z) = e^−|z| / (1 + e^−|z|)², which is σ(z)(1 − σ(z)) uncancelled."""
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


def tanh(z):
    """Return tanh z = (eᶻ − e⁻ᶻ)/(eᶻ + e⁻ᶻ)."""
    return np.tanh(z)


def tanh_slope(z):
    """Return 1 − tanh² z."""
    return 1 - np.tanh(z) ** 2


def relu(z):
    """Return max(0, z)."""
    return np.maximum(z, 0)


def relu_slope(z):
    """Return 1 where z > 0, else 0; at the kink we choose 0."""
    return np.ones_like(z) * (z > 0)


LEAK = 0.01


def leaky_relu(z):
    """Return z where z > 0, else 0.01 z (Maas, Hannun and Ng 2013)."""
    return np.maximum(z, LEAK * z)


def leaky_relu_slope(z):
    """Return 1 where z > 0, else 0.01."""
    return LEAK + (1 - LEAK) * relu_slope(z)


def softplus(z):
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
