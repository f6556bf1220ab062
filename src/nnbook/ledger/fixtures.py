"""What the checks share: indices in range, matrix formulas, and whole networks on symbols."""

from dataclasses import dataclass
from functools import cached_property, lru_cache, reduce
from operator import add, matmul

import numpy as np
import sympy as sp
from sympy import HadamardProduct, KroneckerDelta, MatrixSymbol, Sum

from nnmaths.costs import QUADRATIC
from nnmaths.network import Network, Parameters, forward
from nnmaths.symbolic import Symbols, differentiate, parameters, symbols, undefined
from nnmaths.symbolic.equality import Refuted

SIGMA = undefined("sigma")
UNDEFINED = (SIGMA, undefined("tau"), undefined("rho"))


def one(expression):
    """Return the number or letter as an array of one entry, as the package takes it."""
    return Symbols([[expression]])


def sigma(u):
    """Return σ(u) for one expression, σ undefined."""
    return SIGMA.f(u).item()


def slope(u):
    """Return σ′(u) for one expression, σ undefined."""
    return SIGMA.df(u).item()


def unknown(name, inputs):
    """Return a function of which nothing is known, and its partial derivatives `name_1`, ….

    Both are called with all the inputs; `diff` of the function gives the partial derivatives.
    """
    partials = [sp.Function(f"{name}_{number}", real=True) for number in range(1, inputs + 1)]
    body = {"fdiff": lambda self, position=1: partials[position - 1](*self.args), "is_real": True}
    return type(name, (sp.Function,), body), partials


# --- generic indices ----------------------------------------------------------------------------


def in_range(expr):
    """Return the expression with its Kronecker deltas summed away, all indices being in range."""
    return expr.replace(sp.Sum, lambda body, *limits: reduce(collapse, limits, body))


def collapse(body, limit):
    """Return Σ body over the limit; a factor δ_{pj} picks the term p = j."""
    index = limit[0]
    for factor in sp.Mul.make_args(body):
        if isinstance(factor, KroneckerDelta) and index in factor.args:
            (other,) = set(factor.args) - {index}
            return (body / factor).subs(index, other)
    return Sum(body, limit)


def derivative(expr, letter):
    """Return the derivative by an indexed letter whose indices are in range."""
    return in_range(sp.diff(expr, letter))


def letters_as(claim, meaning):
    """Return the claim with indexed letters replaced: `meaning` maps a base to a function.

    Sums with numbers as limits are written out first. Raises Refuted where a letter has an index
    that does not exist.
    """
    try:
        return (
            sp.sympify(claim)
            .doit()
            .replace(
                lambda e: isinstance(e, sp.Indexed) and e.base in meaning,
                lambda e: meaning[e.base](*e.indices),
            )
        )
    except (LookupError, TypeError) as problem:
        raise Refuted(f"no such letter: {problem}") from problem


def entry(array):
    """Return the function (j, k) → entry of the array or list, counted from 1."""
    array = np.asarray(array, dtype=object)

    def of(*indices):
        if not all(isinstance(index, sp.Integer) and index >= 1 for index in indices):
            raise LookupError(f"index {indices}")
        return array[tuple(int(index) - 1 for index in indices)]

    return of


# --- matrix formulas ----------------------------------------------------------------------------

SIZE = sp.Symbol("n", integer=True, positive=True)


def matrix(name):
    """Return a letter for a matrix; all are square here, and the networks bring the true shapes."""
    return MatrixSymbol(name, SIZE, SIZE)


def value(claim, meaning):
    """Return what a matrix formula gives for these matrices.

    Raises ValueError when a shape does not fit, and for a letter that has no meaning here.
    """
    if claim in meaning:
        return meaning[claim]
    if isinstance(claim, MatrixSymbol):
        raise ValueError(f"no such letter: {claim}")
    parts = [value(part, meaning) for part in claim.args]
    if isinstance(claim, sp.MatAdd):
        return reduce(lambda s, t: add(*alike(s, t)), parts)
    if isinstance(claim, HadamardProduct):
        return reduce(hadamard, parts)
    if isinstance(claim, sp.MatMul):
        return reduce(product, parts)
    if isinstance(claim, sp.Transpose):
        return parts[0].T
    return claim.func(*parts) if parts else claim


def alike(s, t):
    """Return both matrices; raise ValueError unless they have one shape."""
    if s.shape != t.shape:
        raise ValueError(f"shapes {s.shape} and {t.shape}")
    return s, t


def hadamard(s, t):
    """Return s ⊙ t."""
    s, t = alike(s, t)
    return sp.hadamard_product(s, t) if isinstance(s, sp.MatrixExpr) else s * t


def product(s, t):
    """Return the product of two matrices, or of a number and a matrix."""
    return matmul(s, t) if hasattr(s, "shape") and hasattr(t, "shape") else s * t


# --- whole networks -----------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Case:
    """A network on symbols with undefined activations, its data, and half the mean square as C."""

    network: Network
    theta: Parameters
    x: Symbols
    y: Symbols

    @cached_property
    def trace(self):
        """The package's forward pass."""
        return forward(self.network, self.theta, self.x)

    @cached_property
    def slopes(self):
        """{l: σ′(z⁽ˡ⁾)}."""
        return {l: self.network.sigma[l].df(self.trace.z[l]) for l in self.network.layers}

    @cached_property
    def C(self):
        """The cost, one expression in all parameters."""
        return QUADRATIC.value(self.trace.a[self.network.L], self.y)

    @cached_property
    def gradient(self):
        """∂C/∂θ by `sympy.diff`."""
        return differentiate(self.C, self.theta)

    @cached_property
    def deltas(self):
        """{l: ∂C/∂z⁽ˡ⁾} by `sympy.diff`."""
        return {l: self.delta(l) for l in self.network.layers}

    def delta(self, l):
        """Return ∂C/∂z⁽ˡ⁾: letters for z⁽ˡ⁾, the cost by them, diff, and z⁽ˡ⁾ put back."""
        fresh, z = symbols("u", *self.trace.z[l].shape), self.trace.z[l]
        back = dict(zip(fresh.ravel(), z.ravel(), strict=True))
        entries = differentiate(self.cost_from(l, fresh), fresh)
        return Symbols([[entry.xreplace(back) for entry in row] for row in entries])

    def cost_from(self, l, z):
        """Return C as a function of z⁽ˡ⁾: the layers after l are a network of their own."""
        network, theta = self.network, self.theta
        a, after = network.sigma[l](z), range(l + 1, network.L + 1)
        if after:
            rest = Network(network.sizes[l:], [network.sigma[q] for q in after])
            tail = Parameters(
                {q - l: theta.W[q] for q in after}, {q - l: theta.b[q] for q in after}
            )
            a = forward(rest, tail, a).a[rest.L]
        return QUADRATIC.value(a, self.y)


@lru_cache
def case(sizes, samples=1):
    """Return the Case of a network with these widths and so many samples."""
    network = Network(sizes, UNDEFINED[: len(sizes) - 1])
    x, y = symbols("x", sizes[0], samples), symbols("y", sizes[-1], samples)
    return Case(network, parameters(sizes), x, y)
