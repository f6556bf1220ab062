"""Nothing twice: the lines that train are the lines that are proved.

With undefined activations the package's gradient *is* SymPy's derivative of the package's cost,
proved entry by entry. With the real activations and costs SymPy differentiates the cost with
respect to one symbol at a time, while the others are random numbers of 50 digits. Both agree to 25
digits on a 1-2-2 network with two samples. Broken copies of the same lines are caught.
"""

import inspect
import random
from dataclasses import replace

import numpy as np
import pytest
import sympy as sp

from nnbook.ledger.fixtures import case
from nnbook.ledger.registry import Refuted, agree
from nnmaths import backprop
from nnmaths.activations import ACTIVATIONS, IDENTITY, SIGMOID, TANH
from nnmaths.backprop import gradient
from nnmaths.costs import COSTS, QUADRATIC
from nnmaths.network import Network, forward
from nnmaths.symbolic import Symbols, parameters, symbols

# SymPy does the work here, and takes twice as long under coverage.
pytestmark = pytest.mark.no_cover

# Differentiation is symbolic; what is compared is its value at a point of 50 digits.
DIGITS, TOLERANCE = 50, 1e-25


def check(gradient, sizes, samples, cost=QUADRATIC):
    """Prove a gradient against `sympy.diff` of the cost, entry by entry."""
    net = case(sizes, samples)
    agree([*gradient(net.network, net.theta, net.x, net.y, cost)], [*net.gradient])


@pytest.mark.parametrize("samples", [1, 2])
@pytest.mark.parametrize("sizes", [(2, 2, 1), (2, 3, 2), (3, 2, 2, 1)])
def test_gradient_is_the_derivative_for_undefined_activations(sizes, samples):
    check(gradient, sizes, samples)


def random_point(free):
    """Return a random number of 50 digits for each symbol, the same ones in every run."""
    rng = random.Random(20)
    return {s: sp.Rational(rng.randint(-19, 19) or 1, 13).n(DIGITS) for s in free}


def at_a_point(network, samples):
    """Return θ as symbols, the point, x and y (its columns add up to 1)."""
    theta, x = parameters(network.sizes), symbols("x", network.sizes[0], samples)
    y = symbols("y", network.sizes[-1], samples)
    free = [*np.concatenate([leaf.ravel() for leaf in theta]), *x.ravel(), *y.ravel()]
    point = random_point(free)
    x, y = (Symbols(np.vectorize(point.get, otypes=[object])(leaf)) for leaf in (x, y))
    y[-1] = 1 - sum(y[:-1])
    return theta, point, x, y


def slope_of_cost(network, theta, point, symbol, x, y, cost):
    """Return ∂C/∂symbol at the point: the derivative of the cost with this symbol left free."""
    others = {s: value for s, value in point.items() if s != symbol}
    here = theta.map(lambda leaf: Symbols([[s.xreplace(others) for s in row] for row in leaf]))
    C = cost.value(forward(network, here, x).a[network.L], y)
    return sp.diff(C, symbol).subs(symbol, point[symbol])


def largest_error(network, cost, samples):
    """Return the largest difference between the package's gradient and SymPy's, at the point."""
    theta, point, x, y = at_a_point(network, samples)
    here = theta.map(lambda leaf: Symbols([[s.xreplace(point) for s in row] for row in leaf]))
    found = gradient(network, here, x, y, cost)
    errors = [
        entry - slope_of_cost(network, theta, point, symbol, x, y, cost)
        for leaf, row in zip(found, theta, strict=True)
        for entry, symbol in zip(leaf.ravel(), row.ravel(), strict=True)
    ]
    return max(abs(error) for error in errors)


@pytest.mark.parametrize("cost", COSTS.values(), ids=str)
@pytest.mark.parametrize("sigma", ACTIVATIONS.values(), ids=str)
def test_gradient_is_the_derivative_for_every_activation_and_cost(sigma, cost):
    last = sigma if cost is QUADRATIC else IDENTITY
    assert largest_error(Network((1, 2, 2), (sigma, last)), cost, samples=2) < TOLERANCE


def broken(old, new):
    """Return the package's `gradient` from a copy of its source with one fragment replaced."""
    source = inspect.getsource(backprop)
    assert source.count(old) == 1, f"the source no longer contains {old}"
    copy = {"__name__": "broken"}
    exec(compile(source.replace(old, new), "broken", "exec"), copy)
    return copy["gradient"]


@pytest.mark.parametrize(
    ("old", "new"),
    [("W[l + 1].T @", "W[l + 1] @"), ("sigma[l].df(z[l])", "sigma[l].df(a[l])")],
    ids=["no transpose", "slope at a instead of z"],
)
def test_a_broken_copy_is_caught(old, new):
    wrong = broken(old, new)
    with pytest.raises(Refuted):
        check(wrong, (2, 2, 2), samples=1)


def test_a_forgotten_mean_is_caught():
    wrong = replace(QUADRATIC, grad=lambda y_hat, y: y_hat - y)
    with pytest.raises(Refuted):
        check(gradient, (2, 2, 1), samples=2, cost=wrong)


def test_a_slope_paired_with_the_wrong_function_is_caught():
    wrong = replace(TANH, df=SIGMOID.df)
    assert largest_error(Network((1, 2, 2), (wrong, IDENTITY)), QUADRATIC, samples=2) > TOLERANCE
