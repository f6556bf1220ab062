"""A network, its parameters, and the forward pass.

Layers are numbered as in the book: layer 0 is the input, layers 1…L have weights. `W`, `b`, `z`
and `sigma` are keyed 1…L and `a` is keyed 0…L, so a loop over layers is the equation, index for
index.
"""

import operator
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from numbers import Integral
from typing import NamedTuple

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from nnmaths.activations import Activation


class Trace(NamedTuple):
    """What a forward pass leaves: `z[l]` of shape (n_l, N) for l = 1…L and `a[l]` for l = 0…L."""

    z: dict
    a: dict


@dataclass(frozen=True, init=False)
class Network:
    """The shape of a network: widths n_0…n_L and an activation for each of the layers 1…L.

    `Network((2, 8, 1), (TANH, IDENTITY))`. Raises TypeError for a width that is not an integer or
    an activation that is not an Activation, ValueError for fewer than two widths, a width below 1,
    or a number of activations other than L.
    """

    sizes: tuple
    sigma: dict = field(hash=False)

    def __init__(self, sizes, sigmas):
        sizes, sigmas = sequence("sizes", sizes), sequence("sigma", sigmas)
        check_sizes(sizes)
        check_sigmas(sigmas, len(sizes) - 1)
        object.__setattr__(self, "sizes", tuple(int(n) for n in sizes))
        object.__setattr__(self, "sigma", dict(enumerate(sigmas, start=1)))

    @cached_property
    def L(self):
        """The number of weight layers."""
        return len(self.sizes) - 1

    @cached_property
    def layers(self):
        """The layers that have weights: 1, 2, …, L."""
        return range(1, self.L + 1)


def sequence(name, values):
    """Return the values as a tuple, refusing what is not a sequence: TypeError."""
    if not isinstance(values, Iterable):
        raise TypeError(f"{name}: expected a sequence, found {values!r}")
    return tuple(values)


def check_sizes(sizes):
    """Refuse widths that are not at least two positive integers: TypeError or ValueError."""
    if len(sizes) < 2:
        raise ValueError(f"sizes: expected at least 2 widths (input and output), found {sizes}")
    for layer, n in enumerate(sizes):
        if not isinstance(n, Integral) or isinstance(n, bool):
            raise TypeError(f"sizes[{layer}]: expected a positive integer, found {n!r}")
        if n < 1:
            raise ValueError(f"sizes[{layer}]: expected a positive integer, found {n}")


def check_sigmas(sigmas, L):
    """Refuse anything but L activations, one for each layer: TypeError or ValueError."""
    if len(sigmas) != L:
        raise ValueError(
            f"sigma: expected {L} activations, one for each layer 1…{L}, found {len(sigmas)}"
        )
    for layer, sigma in enumerate(sigmas, start=1):
        if not isinstance(sigma, Activation):
            raise TypeError(f"sigma[{layer}]: expected an Activation, found {sigma!r}")


def goes_with_leaves(value):
    """Tell whether a value can meet every leaf of parameters: parameters or a number."""
    return isinstance(value, (Parameters, float)) or np.ndim(value) == 0


def leafwise(f):
    """Return an operator of parameters, f of each leaf, and the same with its sides exchanged."""

    def both(theta, other):
        W = {l: f(W, other.W[l]) for l, W in theta.W.items()}
        b = {l: f(b, other.b[l]) for l, b in theta.b.items()}
        return Parameters.of(W, b)

    def forth(theta, other):
        return both(theta, theta.alike(other)) if goes_with_leaves(other) else NotImplemented

    def back(theta, other):
        return both(theta.alike(other), theta) if goes_with_leaves(other) else NotImplemented

    return forth, back


class Parameters(NDArrayOperatorsMixin):
    """All weights and biases, θ = (W, b), as one value: `W[l]` (n_l, n_{l−1}), `b[l]` (n_l, 1).

    Arithmetic acts on each entry, so `theta - eta * grad` is gradient descent and `np.sqrt(v)` is
    what Adam needs. Nothing is changed in place. Raises TypeError when W and b are not keyed 1…L
    alike or a leaf is no array, ValueError when a shape does not fit; a bias of shape (n_l,) is
    refused by name, for it would be added along the wrong axis.
    """

    __slots__ = ("W", "b")

    def __init__(self, W, b):
        self.W, self.b = dict(W), dict(b)
        layers = list(range(1, len(self.W) + 1))
        if not layers or list(self.W) != layers or list(self.b) != layers:
            raise TypeError(
                f"W and b: expected keys 1…L in order, found {list(self.W)} and {list(self.b)}"
            )
        for l in layers:
            senders = np.shape(self.W[l - 1])[0] if l > 1 else None
            check_layer(l, self.W[l], self.b[l], senders)

    @classmethod
    def of(cls, W, b):
        """Return the parameters without the checks, for values whose shapes are already known."""
        theta = object.__new__(cls)
        theta.W, theta.b = W, b
        return theta

    @property
    def L(self):
        """The number of weight layers."""
        return len(self.W)

    @property
    def sizes(self):
        """The widths n_0…n_L that the shapes imply."""
        return (self.W[1].shape[1], *[W.shape[0] for W in self.W.values()])

    @property
    def size(self):
        """The number of parameters, Σ n_l (n_{l−1} + 1)."""
        return sum(leaf.size for leaf in self)

    def __iter__(self):
        """Yield W[1], b[1], W[2], b[2], …"""
        for l in self.W:
            yield self.W[l]
            yield self.b[l]

    def map(self, f, *others):
        """Return the parameters whose leaves are f of the leaves of this one and of the others."""
        thetas = (self, *others)
        W = map(f, *[theta.W.values() for theta in thetas])
        b = map(f, *[theta.b.values() for theta in thetas])
        return Parameters.of(dict(zip(self.W, W, strict=True)), dict(zip(self.b, b, strict=True)))

    def alike(self, value):
        """Return parameters as they are, and a number as parameters with that number for a leaf."""
        if isinstance(value, Parameters):
            return value
        each = dict.fromkeys(self.W, value)
        return Parameters.of(each, each)

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        """Apply an elementwise NumPy function leaf by leaf; a number goes with every leaf."""
        known = all(map(goes_with_leaves, inputs))
        if method != "__call__" or options or ufunc.signature or ufunc.nout > 1 or not known:
            return NotImplemented
        theta, *others = map(self.alike, inputs)
        return theta.map(ufunc, *others)

    # The way through NumPy gives the same, but takes longer than the sums of a small network.
    __add__, __radd__ = leafwise(operator.add)
    __sub__, __rsub__ = leafwise(operator.sub)
    __mul__, __rmul__ = leafwise(operator.mul)

    def __bool__(self):
        raise TypeError("theta: parameters are neither true nor false; compare W[l] and b[l]")

    def __repr__(self):
        return f"Parameters({'-'.join(map(str, self.sizes))}, {self.size} numbers)"


def check_layer(l, W, b, senders):
    """Refuse a W that is not a matrix fitting layer l − 1, or a b that is not its column."""
    for name, leaf in (("W", W), ("b", b)):
        if not isinstance(leaf, np.ndarray):
            raise TypeError(f"{name}[{l}]: expected a NumPy array, found {leaf!r}")
    if np.ndim(W) != 2 or np.shape(W)[1] != (senders or np.shape(W)[1]):
        wanted = senders or f"n_{l - 1}"
        raise ValueError(f"W[{l}]: expected shape (n_{l}, {wanted}), found {np.shape(W)}")
    if np.shape(b) != (np.shape(W)[0], 1):
        raise ValueError(
            f"b[{l}]: expected a column of shape ({np.shape(W)[0]}, 1), found {np.shape(b)}"
        )


def initialise(network, rng, how="xavier"):
    """Return start parameters: W[l] normal with standard deviation s_l, b[l] = 0.

    s_l is 0 for "zeros", 1 for "normal", √(2/(n_{l−1} + n_l)) for "xavier" (Glorot and Bengio
    2010) and √(2/n_{l−1}) for "he" (He et al. 2015). Raises ValueError for another name and
    TypeError when rng is not a NumPy Generator.
    """
    if how not in SPREAD:
        raise ValueError(f"how: expected one of {', '.join(SPREAD)}, found {how!r}")
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng: expected numpy.random.default_rng(seed), found {rng!r}")
    n = network.sizes
    W = {
        l: SPREAD[how](n[l - 1], n[l]) * rng.standard_normal((n[l], n[l - 1]))
        for l in network.layers
    }
    return Parameters(W, {l: np.zeros((n[l], 1)) for l in network.layers})


SPREAD = {
    "zeros": lambda n_in, n_out: 0.0,
    "normal": lambda n_in, n_out: 1.0,
    "xavier": lambda n_in, n_out: (2 / (n_in + n_out)) ** 0.5,
    "he": lambda n_in, n_out: (2 / n_in) ** 0.5,
}


def forward(network, theta, x):
    """Return z⁽ˡ⁾ = W⁽ˡ⁾a⁽ˡ⁻¹⁾ + b⁽ˡ⁾ and a⁽ˡ⁾ = σ⁽ˡ⁾(z⁽ˡ⁾) for l = 1…L, with a⁽⁰⁾ = x.

    x is (n_0, N), one sample a column. Raises ValueError when the parameters or x do not fit the
    network.
    """
    check_fit(network, theta, x)
    W, b, sigma = theta.W, theta.b, network.sigma
    z, a = {}, {0: x}
    for l in network.layers:
        z[l] = W[l] @ a[l - 1] + b[l]
        a[l] = sigma[l](z[l])
    return Trace(z, a)


def check_fit(network, theta, x):
    """Refuse parameters or inputs whose shapes are not those of the network: ValueError."""
    if theta.sizes != network.sizes:
        raise ValueError(
            f"theta: expected parameters of a {network.sizes} network, found {theta.sizes}"
        )
    if np.ndim(x) != 2 or x.shape[0] != network.sizes[0]:
        raise ValueError(f"x: expected shape ({network.sizes[0]}, N), found {np.shape(x)}")


def predict(network, theta, x):
    """Return a⁽ᴸ⁾, the output of the network, shape (n_L, N)."""
    return forward(network, theta, x).a[network.L]


def collapse(theta):
    """Return the one affine layer that a stack of affine layers is, as parameters with L = 1.

    W̃ = W⁽ᴸ⁾ ⋯ W⁽¹⁾ is (n_L, n_0), b̃ = Σ_l W⁽ᴸ⁾ ⋯ W⁽ˡ⁺¹⁾ b⁽ˡ⁾ is (n_L, 1). It is the same map only
    where every activation of the network is IDENTITY.
    """
    W, b = theta.W[1], theta.b[1]
    for l in range(2, theta.L + 1):
        W, b = theta.W[l] @ W, theta.W[l] @ b + theta.b[l]
    return Parameters({1: W}, {1: b})
