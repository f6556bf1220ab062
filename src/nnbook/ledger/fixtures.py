"""Helpers of the checks: indices in range, matrix formulas, and whole networks on symbols."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache, reduce
from operator import add, matmul
from typing import Any

import numpy as np
import sympy as sp
from sympy import HadamardProduct, KroneckerDelta, MatrixSymbol, Sum

from nnmaths.costs import QUADRATIC
from nnmaths.network import Network, Parameters, Trace, forward
from nnmaths.symbolic import Symbols, differentiate, parameters, symbols, undefined
from nnmaths.symbolic.equality import Refuted

SIGMA = undefined("sigma")
UNDEFINED = (SIGMA, undefined("tau"), undefined("rho"))


def one(expression: sp.Expr | float) -> Symbols:
    """Return the number or symbol as an array of shape (1, 1), as the package expects it."""
    return Symbols([[expression]])


def substitution(names: dict) -> Callable:
    """Return a function that replaces symbols of a module, by their names in it, simultaneously."""

    def put(claim: Any, **replacements: Any) -> Any:
        table = {names[name]: new for name, new in replacements.items()}
        return sp.sympify(claim).subs(table, simultaneous=True)

    return put


def counted_from_one(index: sp.Symbol) -> Callable:
    """Return a function that writes Σ body with this index, counted from 1 instead of 0."""

    def shifted(body: sp.Expr, limit: tuple) -> Sum:
        old, first, last = limit
        return Sum(body.subs(old, index - 1), (index, first + 1, last + 1))

    return shifted


def sigma(u: sp.Expr) -> sp.Expr:
    """Return σ(u) for one expression and an undefined σ."""
    return SIGMA.f(u).item()


def slope(u: sp.Expr) -> sp.Expr:
    """Return σ′(u) for one expression and an undefined σ."""
    return SIGMA.df(u).item()


def unknown(name: str, inputs: int) -> tuple[type, list]:
    """Return an undefined function of several inputs, and its partial derivatives `name_1`, ….

    Each is called with all inputs; `diff` of the function gives the partial derivatives.
    """
    partials = [sp.Function(f"{name}_{number}", real=True) for number in range(1, inputs + 1)]
    body = {"fdiff": lambda self, position=1: partials[position - 1](*self.args), "is_real": True}
    return type(name, (sp.Function,), body), partials


# --- generic indices ----------------------------------------------------------------------------


def collapse_deltas(expr: sp.Expr) -> sp.Expr:
    """Return the expression with sums over Kronecker deltas evaluated; all indices are in range."""
    return expr.replace(sp.Sum, lambda body, *limits: reduce(_collapse, limits, body))


def _collapse(body: sp.Expr, limit: sp.Tuple) -> sp.Expr:
    """Return Σ body over the limit; a factor δ_{pj} selects the term p = j."""
    index = limit[0]
    for factor in sp.Mul.make_args(body):
        if isinstance(factor, KroneckerDelta) and index in factor.args:
            (other,) = set(factor.args) - {index}
            return (body / factor).subs(index, other)
    return Sum(body, limit)


def derivative(expr: sp.Expr, symbol: sp.Indexed) -> sp.Expr:
    """Return the derivative with respect to an indexed symbol whose indices are in range."""
    return collapse_deltas(sp.diff(expr, symbol))


def replace_indexed(claim: sp.Expr, meaning: dict[sp.IndexedBase, Callable]) -> sp.Expr:
    """Return the claim with indexed symbols replaced: `meaning` maps a base to a function.

    Sums with numbers as limits are written out first. Raises Refuted for an index that does not
    exist.
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
        raise Refuted(f"no such symbol: {problem}") from problem


def entry(array: Any) -> Callable:
    """Return the function (j, k) → entry of the array or list, counted from 1."""
    array = np.asarray(array, dtype=object)

    def of(*indices):
        if not all(isinstance(index, sp.Integer) and index >= 1 for index in indices):
            raise LookupError(f"index {indices} is not a positive integer")
        return array[tuple(int(index) - 1 for index in indices)]

    return of


# --- matrix formulas ----------------------------------------------------------------------------

_SIZE = sp.Symbol("n", integer=True, positive=True)


def matrix(name: str) -> MatrixSymbol:
    """Return a symbol for a matrix. All are square here; the true shapes come from the networks."""
    return MatrixSymbol(name, _SIZE, _SIZE)


def value(claim: Any, meaning: dict) -> Any:
    """Return the value of a matrix formula; `meaning` maps its symbols to matrices.

    Raises ValueError when a shape does not fit, and for a matrix symbol without a meaning.
    """
    if claim in meaning:
        return meaning[claim]
    if isinstance(claim, MatrixSymbol):
        raise ValueError(f"no such symbol: {claim}")
    parts = [value(part, meaning) for part in claim.args]
    if isinstance(claim, sp.MatAdd):
        return reduce(lambda s, t: add(*_same_shape(s, t)), parts)
    if isinstance(claim, HadamardProduct):
        return reduce(_hadamard, parts)
    if isinstance(claim, sp.MatMul):
        return reduce(product, parts)
    if isinstance(claim, sp.Transpose):
        return parts[0].T
    return claim.func(*parts) if parts else claim


def _same_shape(s: Any, t: Any) -> tuple:
    """Return both matrices; raise ValueError unless they have the same shape."""
    if s.shape != t.shape:
        raise ValueError(f"expected matrices of the same shape, found {s.shape} and {t.shape}")
    return s, t


def _hadamard(s: Any, t: Any) -> Any:
    """Return s ⊙ t."""
    s, t = _same_shape(s, t)
    return sp.hadamard_product(s, t) if isinstance(s, sp.MatrixExpr) else s * t


def product(s: Any, t: Any) -> Any:
    """Return the product of two matrices, or of a number and a matrix."""
    return matmul(s, t) if hasattr(s, "shape") and hasattr(t, "shape") else s * t


# --- whole networks -----------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Case:
    """A network on symbols with undefined activations, its data, and the quadratic cost C."""

    network: Network
    theta: Parameters
    x: Symbols
    y: Symbols

    @cached_property
    def trace(self) -> Trace:
        """The forward pass of the package."""
        return forward(self.network, self.theta, self.x)

    @cached_property
    def slopes(self) -> dict[int, Symbols]:
        """{l: σ′(z⁽ˡ⁾)}."""
        return {l: self.network.sigma[l].df(self.trace.z[l]) for l in self.network.layers}

    @cached_property
    def C(self) -> sp.Expr:
        """The cost, as one expression in all parameters."""
        return QUADRATIC.value(self.trace.a[self.network.L], self.y)

    @cached_property
    def gradient(self) -> Parameters:
        """∂C/∂θ by `sympy.diff`."""
        return differentiate(self.C, self.theta)

    @cached_property
    def deltas(self) -> dict[int, Symbols]:
        """{l: ∂C/∂z⁽ˡ⁾} by `sympy.diff`."""
        return {l: self.delta(l) for l in self.network.layers}

    def delta(self, l: int) -> Symbols:
        """Return ∂C/∂z⁽ˡ⁾: differentiate with respect to new symbols, then replace them by z⁽ˡ⁾."""
        fresh, z = symbols("u", *self.trace.z[l].shape), self.trace.z[l]
        back = dict(zip(fresh.ravel(), z.ravel(), strict=True))
        entries = differentiate(self.cost_from(l, fresh), fresh)
        return Symbols([[entry.xreplace(back) for entry in row] for row in entries])

    def cost_from(self, l: int, z: Symbols) -> sp.Expr:
        """Return C as a function of z⁽ˡ⁾: the layers after l form their own network."""
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
def case(sizes: tuple[int, ...], samples: int = 1) -> Case:
    """Return the Case of a network with these widths and this number of samples."""
    network = Network(sizes, UNDEFINED[: len(sizes) - 1])
    x, y = symbols("x", sizes[0], samples), symbols("y", sizes[-1], samples)
    return Case(network, parameters(sizes), x, y)
