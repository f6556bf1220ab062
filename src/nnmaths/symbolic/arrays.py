"""Exact values: arrays of SymPy symbols in the book's shapes.

A `Symbols` array holds SymPy expressions. Matrix products, sums and elementwise arithmetic work on
it as on floats, and NumPy functions are replaced by those of SymPy, so the package's own code
(`np.exp`, `np.maximum`, a comparison) returns the formula that it computes.
"""

from collections.abc import Callable
from typing import Any, Self

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike

from nnmaths.activations import Activation
from nnmaths.network import Parameters


def indicator(relation: Callable) -> Callable:
    """Return the function of (left, right) that is 1 where the relation holds and 0 elsewhere."""
    return lambda left, right: sp.Piecewise((1, relation(left, right)), (0, True))


EXACT = {
    np.exp: sp.exp,
    np.log: sp.log,
    np.log1p: lambda u: sp.log(1 + u),
    np.tanh: sp.tanh,
    np.sqrt: sp.sqrt,
    np.absolute: sp.Abs,
    np.maximum: sp.Max,
    np.minimum: sp.Min,
    np.greater: indicator(sp.Gt),
    np.greater_equal: indicator(sp.Ge),
}


def exact(value: Any) -> Any:
    """Return a float as the SymPy rational of its printed decimals, anything else unchanged."""
    return sp.Rational(str(value)) if isinstance(value, float) else value


_exact_entries = np.frompyfunc(exact, 1, 1)


class Symbols(np.ndarray):
    """An array of SymPy expressions on which NumPy functions act as the SymPy functions.

    The sum over all entries is an expression, and so is a cost.
    """

    def __new__(cls, entries: ArrayLike) -> Self:
        """Return the entries as an array of expressions, floats as exact fractions."""
        return _exact_entries(np.asarray(entries, dtype=object)).view(cls)

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        """Apply the SymPy counterpart of a NumPy function, entry by entry."""
        entries = [_exact_entries(np.asarray(value, dtype=object)) for value in inputs]
        if ufunc in EXACT:
            ufunc = np.frompyfunc(EXACT[ufunc], ufunc.nin, 1)
        result = getattr(ufunc, method)(*entries, **options)
        return result.view(Symbols) if isinstance(result, np.ndarray) else result


def symbols(name: str, n: int, N: int, **assumptions: bool) -> Symbols:
    """Return an (n, N) array of real symbols name_{row, column}, counted from 1."""
    assumptions = {"real": True} | assumptions
    rows = [
        [sp.Symbol(f"{name}_{{{j}{k}}}", **assumptions) for k in range(1, N + 1)]
        for j in range(1, n + 1)
    ]
    return Symbols(rows)


def parameters(sizes: tuple[int, ...]) -> Parameters:
    """Return symbolic parameters of a network: W[l] holds w⁽ˡ⁾_jk and b[l] holds b⁽ˡ⁾_j."""
    layers = range(1, len(sizes))
    W = {l: symbols(f"w^{{({l})}}", sizes[l], sizes[l - 1]) for l in layers}
    b = {
        l: Symbols([[sp.Symbol(f"b^{{({l})}}_{{{j}}}", real=True)] for j in range(1, sizes[l] + 1)])
        for l in layers
    }
    return Parameters(W, b)


def undefined(name: str = "sigma") -> Activation:
    """Return an undefined activation: of σ we know only that its derivative is called σ′."""
    slope = sp.Function(f"{name}'", real=True)
    function = type(
        name,
        (sp.Function,),
        {"fdiff": lambda self, argindex=1: slope(self.args[0]), "is_real": True},
    )
    return Activation(name, entrywise(function), entrywise(slope))


def entrywise(f: Callable) -> Callable:
    """Return the function that applies f to each expression of an array."""
    apply = np.frompyfunc(f, 1, 1)
    return lambda z: np.asarray(apply(np.asarray(z)), dtype=object).view(Symbols)


def differentiate(C: sp.Expr, theta: Symbols | Parameters) -> Symbols | Parameters:
    """Return ∂C/∂θ by `sympy.diff`, entry by entry, in the shape of θ (array or `Parameters`)."""
    slope = entrywise(lambda symbol: sp.diff(C, symbol))
    return theta.map(slope) if isinstance(theta, Parameters) else slope(theta)
