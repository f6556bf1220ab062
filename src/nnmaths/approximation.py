"""What a network can represent: weights that are chosen, not learned.

Everything here is a network with one input, one hidden layer of n neurons and one linear output,
g(x) = c + Σ_j v_j σ(w_j x + b_j). Steps make a bump and a staircase, ReLUs make a hat and the
piecewise linear interpolant. Each is a `Built`: a `Network` with its `Parameters`, to be called on
inputs of shape (1, N). The numbers may be floats or SymPy's symbols.
"""

from typing import NamedTuple

import numpy as np

from nnmaths.activations import IDENTITY, RELU, SIGMOID, STEP
from nnmaths.arrays import column
from nnmaths.network import Network, Parameters, predict


class Built(NamedTuple):
    """A network with the parameters that were chosen for it; `built(x)` is its prediction."""

    network: Network
    theta: Parameters

    def __call__(self, x):
        """Return g(x), shape (1, N), for x of shape (1, N)."""
        return predict(self.network, self.theta, x)


def shallow(w, b, v, c, sigma):
    """Return the network g(x) = c + Σ_j v_j σ(w_j x + b_j) with j = 1…n hidden neurons.

    w, b and v are sequences of n numbers, c is one number. Raises ValueError when their lengths
    differ.
    """
    w, b, v, c = (column(numbers(values)) for values in (w, b, v, [c]))
    if not len(w) == len(b) == len(v):
        raise ValueError(f"w, b, v: expected n numbers each, found {len(w)}, {len(b)} and {len(v)}")
    network = Network((1, len(w), 1), (sigma, IDENTITY))
    return Built(network, Parameters({1: w, 2: v.T}, {1: b, 2: c}))


def bump(a, b, w):
    """Return σ(w(x − a)) − σ(w(x − b)), two sigmoids: nearly 1 between a and b, nearly 0 outside.

    Raises ValueError unless a < b and w > 0.
    """
    check_rising("a, b", numbers([a, b]))
    check_positive("w", w)
    return shallow([w, w], [-w * a, -w * b], [1, -1], 0, SIGMOID)


def staircase(x, y, w=None):
    """Return the staircase through (x_j, y_j), j = 0…n: n neurons, one at each middle of two x_j.

    c = y_0, v_j = y_j − y_{j−1}, and neuron j is σ(w(x − m_j)) with m_j = (x_{j−1} + x_j)/2, or the
    step at m_j if w is None. With steps it is y_j from m_j on, up to m_{j+1}. Raises ValueError for
    knots that do not rise, numbers of x and y that differ or are below 2, and w ≤ 0.
    """
    x, y = knots(x, y)
    middle = (x[:-1] + x[1:]) / 2
    if w is not None:
        check_positive("w", w)
    steep, sigma = (1, STEP) if w is None else (w, SIGMOID)
    return shallow([steep] * len(middle), -steep * middle, np.diff(y), y[0], sigma)


def hat(c, h):
    """Return max(0, 1 − |x − c|/h) as three ReLUs: 0 up to c − h, 1 at c, 0 again from c + h on.

    Raises ValueError unless h > 0.
    """
    check_positive("h", h)
    return shallow([1, 1, 1], [h - c, -c, -c - h], [1 / h, -2 / h, 1 / h], 0, RELU)


def interpolant(x, y):
    """Return the piecewise linear function through (x_j, y_j), j = 0…n, as n ReLUs.

    c = y_0, v_j = s_j − s_{j−1} with the slopes s_j = (y_j − y_{j−1})/(x_j − x_{j−1}) and s_0 = 0,
    and neuron j is relu(x − x_{j−1}). Raises ValueError for knots that do not rise, and for numbers
    of x and y that differ or are below 2.
    """
    x, y = knots(x, y)
    slopes = np.diff(y) / np.diff(x)
    turns = np.diff(slopes, prepend=slopes[:1] * 0)
    return shallow([1] * len(turns), -x[:-1], turns, y[0], RELU)


def sine(x):
    """Return sin 2πx: smooth, Lipschitz with 2π, its second derivative at most 4π² in size."""
    return np.sin(2 * np.pi * x)


def kink(x):
    """Return 2|x − 1/3| − 1/2: Lipschitz with 2, and without a slope at 1/3."""
    return 2 * np.abs(x - 1 / 3) - 0.5


def jump(x):
    """Return −1/2 left of 1/3 and 1/2 from there on: not continuous, so not Lipschitz either."""
    return np.where(x < 1 / 3, -0.5, 0.5)


def sup_error(f, g, a, b, count=2001):
    """Return the largest |f(x) − g(x)| at `count` even places of [a, b], the ends included.

    The supremum over the whole interval is never smaller than this. f and g take x of shape (1, N).
    """
    x = np.linspace(a, b, count)[None, :]
    return float(np.abs(f(x) - g(x)).max())


def numbers(values):
    """Return the values as an array: of floats, or of symbols as they are."""
    values = np.asarray(values)
    return values if values.dtype == object else values.astype(float)


def knots(x, y):
    """Return x and y as arrays, refusing what is no list of at least two rising knots."""
    x, y = numbers(x), numbers(y)
    if x.ndim != 1 or x.shape != y.shape or len(x) < 2:
        raise ValueError(f"x, y: expected n + 1 ≥ 2 numbers each, found {x.shape} and {y.shape}")
    check_rising("x", x)
    return x, y


def check_rising(name, values):
    """Refuse numbers that do not rise; of symbols nothing is known: ValueError."""
    if values.dtype != object and not (np.diff(values) > 0).all():
        raise ValueError(f"{name}: expected rising numbers, found {values}")


def check_positive(name, value):
    """Refuse a number that is not positive; of a symbol nothing is known: ValueError."""
    if numbers(value).dtype != object and not value > 0:
        raise ValueError(f"{name}: expected a positive number, found {value}")
