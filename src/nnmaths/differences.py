"""The numerical witness: derivatives from values alone.

Nothing here knows backpropagation, so nothing here can share its mistakes.
"""

import numpy as np

from nnmaths.network import Parameters

H = float(np.finfo(float).eps) ** (1 / 3)


def numerical_gradient(f, theta, h=H):
    """Return [f(θ + h e) − f(θ − h e)]/2h for every entry of θ, in the shape of θ.

    θ is an array or `Parameters`, f maps it to a number, h is the increment (about 6·10⁻⁶ by
    default, where truncation and rounding are of a size). Raises ValueError when h is not a
    positive finite number.
    """
    if not 0 < h < float("inf"):
        raise ValueError(f"h: expected a positive finite number, found {h}")
    if isinstance(theta, Parameters):
        theta = theta.map(lambda leaf: np.array(leaf, dtype=float))
        return Parameters.of(
            {l: slopes(f, theta, leaf, h) for l, leaf in theta.W.items()},
            {l: slopes(f, theta, leaf, h) for l, leaf in theta.b.items()},
        )
    theta = np.array(theta, dtype=float)
    return slopes(f, theta, theta, h)


def slopes(f, theta, leaf, h):
    """Return the central difference of f(θ) by each entry of one of the arrays in θ.

    The entry is moved in our own copy of θ and put back.
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


def relative_error(g, h):
    """Return ‖g − h‖/(‖g‖ + ‖h‖), a number in [0, 1]; two zero gradients agree.

    g and h are arrays, or `Parameters`, of one shape. Raises ValueError when the shapes differ.
    """
    if shapes(g) != shapes(h):
        raise ValueError(f"h: expected shape {shapes(g)} as of g, found {shapes(h)}")
    g, h = flat(g), flat(h)
    total = np.linalg.norm(g) + np.linalg.norm(h)
    return float(np.linalg.norm(g - h) / total) if total else 0.0


def shapes(g):
    """Return the shape of an array, or the shapes of all leaves of `Parameters`."""
    return [np.shape(leaf) for leaf in g] if isinstance(g, Parameters) else np.shape(g)


def flat(g):
    """Return all entries as one row of numbers."""
    return (
        np.concatenate([np.ravel(leaf) for leaf in g]) if isinstance(g, Parameters) else np.ravel(g)
    )
