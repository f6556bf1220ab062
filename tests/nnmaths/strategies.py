"""Builders that the tests share, and the tolerances, each justified once."""

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from nnmaths.activations import ACTIVATIONS
from nnmaths.costs import CROSS_ENTROPY, QUADRATIC
from nnmaths.differences import numerical_gradient
from nnmaths.network import Network, forward, initialise

# The same formula with its sums in another order: a few hundred roundings of 2.2e-16.
ROUNDING = 1e-12

# A central difference with h = 6e-6 has a truncation error of h²/6 · C''' (6e-12 times a third
# derivative of up to some hundreds here) and a rounding error of 2.2e-16 · C/h = 4e-11 · C. This
# tolerance covers both with room to spare.
DIFFERENCE = 1e-7

# A kink at this distance from every pre-activation is not crossed when a weight changes by 6e-6.
CLEAR_OF_KINKS = 1e-3


def rng(seed=0):
    """Return a generator; the seed is part of the test."""
    return np.random.default_rng(seed)


def entries(theta):
    """Return all numbers of some parameters as one array, W[1], b[1], W[2], …"""
    return np.concatenate([leaf.ravel() for leaf in theta])


def distance(theta, other):
    """Return the largest difference between two sets of parameters of the same shapes."""
    assert theta.sizes == other.sizes
    return np.abs(entries(theta) - entries(other)).max()


def random_theta(network, seed):
    """Return parameters with standard normal weights *and* biases, so that no bias is untested."""
    generator = rng(seed)
    theta = initialise(network, generator, how="normal")
    return theta.map(lambda leaf: generator.standard_normal(leaf.shape))


def random_targets(n, N, cost, seed):
    """Return targets (n, N) that fit the cost: numbers, probabilities, or columns that add to 1."""
    generator = rng(seed)
    if cost is QUADRATIC:
        return generator.standard_normal((n, N))
    y = generator.random((n, N))
    return y if cost is CROSS_ENTROPY else y / y.sum(axis=0)


ALL_SIGMAS = tuple(ACTIVATIONS.values())
sizes = st.lists(st.integers(1, 4), min_size=2, max_size=4).map(tuple)
seeds = st.integers(0, 2**32 - 1)


@st.composite
def networks(draw, sigmas=ALL_SIGMAS):
    """Draw a network of two to four layers of widths 1 to 4, with any activation in each."""
    widths = draw(sizes)
    L = len(widths) - 1
    return Network(widths, draw(st.lists(st.sampled_from(sigmas), min_size=L, max_size=L)))


@st.composite
def problems(draw, costs, sigmas=ALL_SIGMAS):
    """Draw a network, parameters, x, y and a cost, with every pre-activation clear of the kinks."""
    network, cost = draw(networks(sigmas)), draw(st.sampled_from(costs))
    N, seed = draw(st.integers(1, 4)), draw(seeds)
    theta = random_theta(network, seed)
    x = rng(seed + 1).standard_normal((network.sizes[0], N))
    z = forward(network, theta, x).z
    assume(all(np.abs(z[l]).min() > CLEAR_OF_KINKS for l in network.layers))
    return network, theta, x, random_targets(network.sizes[-1], N, cost, seed + 2), cost


def agrees_with_differences(slope, f, point):
    """Return whether the slope of f agrees with central differences of f, within their accuracy."""
    numeric = numerical_gradient(f, point)
    size = 1 + abs(f(point)) + np.abs(numeric).max()
    return np.abs(slope - numeric).max() < DIFFERENCE * size
