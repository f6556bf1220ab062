"""Numerical derivatives: central differences of function values.

Nothing here uses backpropagation, so it is an independent check of it.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from nnmaths.network import Parameters

H = float(np.finfo(float).eps) ** (1 / 3)


def numerical_gradient(
    f: Callable, theta: ArrayLike | Parameters, h: float = H
) -> np.ndarray | Parameters:
    """Return [f(θ + h e) − f(θ − h e)]/2h for every entry of θ, in the shape of θ.

    θ is an array or `Parameters`, f maps it to a number, h is the increment (about 6·10⁻⁶ by
    default, where truncation and rounding errors have the same order). Raises ValueError unless h
    is a positive finite number.
    """
    if not 0 < h < float("inf"):
        raise ValueError(f"h: expected a positive finite number, found {h}")
    if isinstance(theta, Parameters):
        theta = theta.map(lambda leaf: np.array(leaf, dtype=float))
        return Parameters.of(
            {l: _slopes(f, theta, leaf, h) for l, leaf in theta.W.items()},
            {l: _slopes(f, theta, leaf, h) for l, leaf in theta.b.items()},
        )
    theta = np.array(theta, dtype=float)
    return _slopes(f, theta, theta, h)


def _slopes(f: Callable, theta: np.ndarray | Parameters, leaf: np.ndarray, h: float) -> np.ndarray:
    """Return the central difference of f(θ) with respect to each entry of one array of θ.

    The entry is changed in our own copy of θ and then restored.
    """
    result = np.empty_like(leaf)
    for index in np.ndindex(leaf.shape):
        here = leaf[index]
        leaf[index] = here + h
        above = f(theta)
        leaf[index] = here - h
        below = f(theta)
        leaf[index] = here
        result[index] = (above - below) / (2 * h)
    return result


def relative_error(g: ArrayLike | Parameters, h: ArrayLike | Parameters) -> float:
    """Return ‖g − h‖/(‖g‖ + ‖h‖), a number in [0, 1], and 0 if both gradients are 0.

    g and h are arrays, or `Parameters`, of the same shape. Raises ValueError if the shapes differ.
    """
    if _shapes(g) != _shapes(h):
        raise ValueError(f"h: expected shape {_shapes(g)}, like g, found {_shapes(h)}")
    g, h = flat(g), flat(h)
    total = np.linalg.norm(g) + np.linalg.norm(h)
    return float(np.linalg.norm(g - h) / total) if total else 0.0


def _shapes(g: ArrayLike | Parameters) -> list | tuple:
    """Return the shape of an array, or the shapes of all leaves of `Parameters`."""
    return [np.shape(leaf) for leaf in g] if isinstance(g, Parameters) else np.shape(g)


def flat(g: ArrayLike | Parameters) -> np.ndarray:
    """Return all entries as a 1-d array."""
    return (
        np.concatenate([np.ravel(leaf) for leaf in g]) if isinstance(g, Parameters) else np.ravel(g)
    )
