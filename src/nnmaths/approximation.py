"""What a network can represent: networks whose weights are chosen, not learned.

Each network here has one input, one hidden layer of n neurons and one linear output,
g(x) = c + Σ_j v_j σ(w_j x + b_j). Steps make a bump and a staircase, ReLUs make a hat and the
piecewise linear interpolant. Each is a `Built`: a `Network` with its `Parameters`, to be called on
inputs of shape (1, N). The numbers may be floats or SymPy symbols.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from nnmaths.activations import IDENTITY, RELU, SIGMOID, STEP, Activation
from nnmaths.arrays import column
from nnmaths.network import Network, Parameters, predict


class Built(NamedTuple):
    """A network with the parameters chosen for it; `built(x)` is its prediction."""

    network: Network
    theta: Parameters

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Return g(x), of shape (1, N) like x."""
        return predict(self.network, self.theta, x)


def shallow(
    w: Sequence[float], b: Sequence[float], v: Sequence[float], c: float, sigma: Activation
) -> Built:
    """Return the network g(x) = c + Σ_j v_j σ(w_j x + b_j) with j = 1…n hidden neurons.

    w, b and v are sequences of n numbers, c is one number. Raises ValueError when their lengths
    differ.
    """
    w, b, v, c = (column(_numbers(values)) for values in (w, b, v, [c]))
    if not len(w) == len(b) == len(v):
        raise ValueError(f"w, b, v: expected n numbers each, found {len(w)}, {len(b)} and {len(v)}")
    network = Network((1, len(w), 1), (sigma, IDENTITY))
    return Built(network, Parameters({1: w, 2: v.T}, {1: b, 2: c}))


def bump(a: float, b: float, w: float) -> Built:
    """Return σ(w(x − a)) − σ(w(x − b)), two sigmoids: nearly 1 between a and b, nearly 0 outside.

    Raises ValueError unless a < b and w > 0.
    """
    _check_increasing("a, b", _numbers([a, b]))
    _check_positive("w", w)
    return shallow([w, w], [-w * a, -w * b], [1, -1], 0, SIGMOID)


def staircase(x: Sequence[float], y: Sequence[float], w: float | None = None) -> Built:
    """Return the staircase through (x_j, y_j), j = 0…n: n neurons, each midway between two knots.

    c = y_0, v_j = y_j − y_{j−1}, and neuron j is σ(w(x − m_j)) with m_j = (x_{j−1} + x_j)/2, or the
    step at m_j if w is None. With steps, g = y_j from m_j up to m_{j+1}. Raises ValueError unless
    x and y are two lists of the same length ≥ 2, x is increasing, and w > 0.
    """
    x, y = _knots(x, y)
    middle = (x[:-1] + x[1:]) / 2
    if w is not None:
        _check_positive("w", w)
    steep, sigma = (1, STEP) if w is None else (w, SIGMOID)
    return shallow([steep] * len(middle), -steep * middle, np.diff(y), y[0], sigma)


def hat(c: float, h: float) -> Built:
    """Return max(0, 1 − |x − c|/h) as three ReLUs: 0 up to c − h, 1 at c, 0 again from c + h on.

    Raises ValueError unless h > 0.
    """
    _check_positive("h", h)
    return shallow([1, 1, 1], [h - c, -c, -c - h], [1 / h, -2 / h, 1 / h], 0, RELU)


def interpolant(x: Sequence[float], y: Sequence[float]) -> Built:
    """Return the piecewise linear function through (x_j, y_j), j = 0…n, as n ReLUs.

    c = y_0, v_j = s_j − s_{j−1} with the slopes s_j = (y_j − y_{j−1})/(x_j − x_{j−1}) and s_0 = 0,
    and neuron j is relu(x − x_{j−1}). Raises ValueError unless x and y are two lists of the same
    length ≥ 2 and x is increasing.
    """
    x, y = _knots(x, y)
    slopes = np.diff(y) / np.diff(x)
    turns = np.diff(slopes, prepend=slopes[:1] * 0)
    return shallow([1] * len(turns), -x[:-1], turns, y[0], RELU)


def sine(x: np.ndarray) -> np.ndarray:
    """Return sin 2πx: smooth, Lipschitz constant 2π, second derivative within ±4π²."""
    return np.sin(2 * np.pi * x)


def kink(x: np.ndarray) -> np.ndarray:
    """Return 2|x − 1/3| − 1/2: Lipschitz constant 2, not differentiable at 1/3."""
    return 2 * np.abs(x - 1 / 3) - 0.5


def jump(x: np.ndarray) -> np.ndarray:
    """Return −1/2 for x < 1/3, else 1/2: not continuous, and so not Lipschitz."""
    return np.where(x < 1 / 3, -0.5, 0.5)


def sup_error(f: Callable, g: Callable, a: float, b: float, count: int = 2001) -> float:
    """Return the largest |f(x) − g(x)| at `count` evenly spaced points of [a, b], ends included.

    It is a lower bound of the supremum over the interval. f and g take x of shape (1, N).
    """
    x = np.linspace(a, b, count)[None, :]
    return float(np.abs(f(x) - g(x)).max())


def _numbers(values: Sequence[float] | np.ndarray) -> np.ndarray:
    """Return the values as an array of floats, or unchanged if they are SymPy symbols."""
    values = np.asarray(values)
    return values if values.dtype == object else values.astype(float)


def _knots(x: Sequence[float], y: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    """Return x and y as arrays; raise ValueError unless they are at least two increasing knots."""
    x, y = _numbers(x), _numbers(y)
    if x.ndim != 1 or x.shape != y.shape or len(x) < 2:
        raise ValueError(f"x, y: expected n + 1 ≥ 2 numbers each, found {x.shape} and {y.shape}")
    _check_increasing("x", x)
    return x, y


def _check_increasing(name: str, values: np.ndarray) -> None:
    """Raise ValueError unless the numbers are increasing; symbols are not checked."""
    if values.dtype != object and not (np.diff(values) > 0).all():
        raise ValueError(f"{name}: expected increasing numbers, found {values}")


def _check_positive(name: str, value: float) -> None:
    """Raise ValueError unless the number is positive; a symbol is not checked."""
    if _numbers(value).dtype != object and not value > 0:
        raise ValueError(f"{name}: expected a positive number, found {value}")
