"""A network, its parameters, and the forward pass.

Layers are numbered as in the book: layer 0 is the input, layers 1…L have weights. `W`, `b`, `z`
and `sigma` are keyed 1…L and `a` is keyed 0…L, so a loop over layers has the indices of the
equation.
"""

import operator
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from numbers import Integral
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from nnmaths.activations import Activation


class Trace(NamedTuple):
    """The values of a forward pass, each (n_l, N): `z[l]` for l = 1…L and `a[l]` for l = 0…L."""

    z: dict[int, np.ndarray]
    a: dict[int, np.ndarray]


@dataclass(frozen=True, init=False)
class Network:
    """The shape of a network: widths n_0…n_L and an activation for each of the layers 1…L.

    `Network((2, 8, 1), (TANH, IDENTITY))`. Raises TypeError for a width that is not an integer or
    an activation that is not an Activation, ValueError for fewer than two widths, a width below 1,
    or a number of activations other than L.
    """

    sizes: tuple[int, ...]
    sigma: dict[int, Activation] = field(hash=False)

    def __init__(self, sizes: Iterable[int], sigmas: Iterable[Activation]) -> None:
        sizes, sigmas = sequence("sizes", sizes), sequence("sigma", sigmas)
        check_sizes(sizes)
        check_sigmas(sigmas, len(sizes) - 1)
        object.__setattr__(self, "sizes", tuple(int(n) for n in sizes))
        object.__setattr__(self, "sigma", dict(enumerate(sigmas, start=1)))

    @cached_property
    def L(self) -> int:
        """The number of weight layers."""
        return len(self.sizes) - 1

    @cached_property
    def layers(self) -> range:
        """The layers that have weights: 1, 2, …, L."""
        return range(1, self.L + 1)


def sequence(name: str, values: Iterable) -> tuple:
    """Return the values as a tuple; raise TypeError unless they can be iterated over."""
    if not isinstance(values, Iterable):
        raise TypeError(f"{name}: expected a sequence, found {values!r}")
    return tuple(values)


def check_sizes(sizes: tuple[int, ...]) -> None:
    """Raise TypeError or ValueError unless the widths are at least two positive integers."""
    if len(sizes) < 2:
        raise ValueError(f"sizes: expected at least 2 widths (input and output), found {sizes}")
    for layer, n in enumerate(sizes):
        if not isinstance(n, Integral) or isinstance(n, bool):
            raise TypeError(f"sizes[{layer}]: expected a positive integer, found {n!r}")
        if n < 1:
            raise ValueError(f"sizes[{layer}]: expected a positive integer, found {n}")


def check_sigmas(sigmas: tuple[Activation, ...], L: int) -> None:
    """Raise TypeError or ValueError unless there are L activations, one for each layer."""
    if len(sigmas) != L:
        raise ValueError(
            f"sigma: expected {L} activations, one for each layer 1…{L}, found {len(sigmas)}"
        )
    for layer, sigma in enumerate(sigmas, start=1):
        if not isinstance(sigma, Activation):
            raise TypeError(f"sigma[{layer}]: expected an Activation, found {sigma!r}")


def is_broadcastable(value: Any) -> bool:
    """Return whether a value can be combined with every leaf: parameters or a number."""
    return isinstance(value, (Parameters, float)) or np.ndim(value) == 0


def leafwise(f: Callable) -> tuple[Callable, Callable]:
    """Return f as an operator on parameters, leaf by leaf, and its reflected form (`__radd__`)."""

    def binary_op(theta, other):
        W = {l: f(W, other.W[l]) for l, W in theta.W.items()}
        b = {l: f(b, other.b[l]) for l, b in theta.b.items()}
        return Parameters.of(W, b)

    def forward(theta, other):
        return (
            binary_op(theta, theta.broadcast(other)) if is_broadcastable(other) else NotImplemented
        )

    def reflected(theta, other):
        return (
            binary_op(theta.broadcast(other), theta) if is_broadcastable(other) else NotImplemented
        )

    return forward, reflected


class Parameters(NDArrayOperatorsMixin):
    """All weights and biases, θ = (W, b), as one value: `W[l]` (n_l, n_{l−1}), `b[l]` (n_l, 1).

    Arithmetic acts on each entry, so `theta - eta * grad` is a step of gradient descent and
    `np.sqrt(v)` is what Adam needs. Nothing is changed in place. Raises TypeError unless W and b
    are both keyed 1…L and every leaf is an array, and ValueError for a shape that does not fit. A
    bias of shape (n_l,) is rejected too: it would be added along the wrong axis.
    """

    __slots__ = ("W", "b")

    def __init__(self, W: dict[int, np.ndarray], b: dict[int, np.ndarray]) -> None:
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
    def of(cls, W: dict[int, np.ndarray], b: dict[int, np.ndarray]) -> Self:
        """Return the parameters without the checks, for leaves whose shapes are known to fit."""
        theta = object.__new__(cls)
        theta.W, theta.b = W, b
        return theta

    @property
    def L(self) -> int:
        """The number of weight layers."""
        return len(self.W)

    @property
    def sizes(self) -> tuple[int, ...]:
        """The widths n_0…n_L that the shapes imply."""
        return (self.W[1].shape[1], *[W.shape[0] for W in self.W.values()])

    @property
    def size(self) -> int:
        """The number of parameters, Σ n_l (n_{l−1} + 1)."""
        return sum(leaf.size for leaf in self)

    def __iter__(self) -> Iterator[np.ndarray]:
        """Yield W[1], b[1], W[2], b[2], …"""
        for l in self.W:
            yield self.W[l]
            yield self.b[l]

    def map(self, f: Callable, *others: "Parameters") -> "Parameters":
        """Return f applied leaf by leaf, to the leaves of these parameters and of the others."""
        thetas = (self, *others)
        W = map(f, *[theta.W.values() for theta in thetas])
        b = map(f, *[theta.b.values() for theta in thetas])
        return Parameters.of(dict(zip(self.W, W, strict=True)), dict(zip(self.b, b, strict=True)))

    def broadcast(self, value: "Parameters | float") -> "Parameters":
        """Return parameters unchanged, and a number as parameters with that number as each leaf."""
        if isinstance(value, Parameters):
            return value
        each = dict.fromkeys(self.W, value)
        return Parameters.of(each, each)

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        """Apply an elementwise NumPy function leaf by leaf; a number goes to each leaf."""
        known = all(map(is_broadcastable, inputs))
        if method != "__call__" or options or ufunc.signature or ufunc.nout > 1 or not known:
            return NotImplemented
        theta, *others = map(self.broadcast, inputs)
        return theta.map(ufunc, *others)

    # `__array_ufunc__` gives the same, but its overhead exceeds the arithmetic of a small network.
    __add__, __radd__ = leafwise(operator.add)
    __sub__, __rsub__ = leafwise(operator.sub)
    __mul__, __rmul__ = leafwise(operator.mul)

    def __bool__(self) -> bool:
        raise TypeError("theta: parameters are neither true nor false; compare W[l] and b[l]")

    def __repr__(self) -> str:
        return f"Parameters({'-'.join(map(str, self.sizes))}, {self.size} numbers)"


def check_layer(l: int, W: np.ndarray, b: np.ndarray, senders: int | None) -> None:
    """Raise TypeError or ValueError unless W has a column for each sender and b fits W."""
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


def initialise(network: Network, rng: np.random.Generator, how: str = "xavier") -> Parameters:
    """Return initial parameters: W[l] normal with standard deviation s_l, and b[l] = 0.

    s_l is 0 for "zeros", 1 for "normal", √(2/(n_{l−1} + n_l)) for "xavier" (Glorot and Bengio
    2010) and √(2/n_{l−1}) for "he" (He et al. 2015). Raises ValueError for another name and
    TypeError unless rng is a NumPy Generator.
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


def forward(network: Network, theta: Parameters, x: np.ndarray) -> Trace:
    """Return z⁽ˡ⁾ = W⁽ˡ⁾a⁽ˡ⁻¹⁾ + b⁽ˡ⁾ and a⁽ˡ⁾ = σ⁽ˡ⁾(z⁽ˡ⁾) for l = 1…L, with a⁽⁰⁾ = x.

    x is (n_0, N), one sample per column. Raises ValueError when the parameters or x do not fit the
    network.
    """
    check_fit(network, theta, x)
    W, b, sigma = theta.W, theta.b, network.sigma
    z, a = {}, {0: x}
    for l in network.layers:
        z[l] = W[l] @ a[l - 1] + b[l]
        a[l] = sigma[l](z[l])
    return Trace(z, a)


def check_fit(network: Network, theta: Parameters, x: np.ndarray) -> None:
    """Raise ValueError unless the shapes of the parameters and of x fit the network."""
    if theta.sizes != network.sizes:
        raise ValueError(
            f"theta: expected parameters of a {network.sizes} network, found {theta.sizes}"
        )
    if np.ndim(x) != 2 or x.shape[0] != network.sizes[0]:
        raise ValueError(f"x: expected shape ({network.sizes[0]}, N), found {np.shape(x)}")


def predict(network: Network, theta: Parameters, x: np.ndarray) -> np.ndarray:
    """Return a⁽ᴸ⁾, the output of the network, of shape (n_L, N)."""
    return forward(network, theta, x).a[network.L]


def collapse(theta: Parameters) -> Parameters:
    """Return the single affine layer that equals a stack of affine layers: parameters with L = 1.

    W̃ = W⁽ᴸ⁾ ⋯ W⁽¹⁾ is (n_L, n_0), b̃ = Σ_l W⁽ᴸ⁾ ⋯ W⁽ˡ⁺¹⁾ b⁽ˡ⁾ is (n_L, 1). It is the same map only
    if every activation of the network is IDENTITY.
    """
    W, b = theta.W[1], theta.b[1]
    for l in range(2, theta.L + 1):
        W, b = theta.W[l] @ W, theta.W[l] @ b + theta.b[l]
    return Parameters({1: W}, {1: b})
