"""Mutants: wrong versions made automatically by small changes of the expression tree of a claim.

`mutants(claim)` yields (name, wrong claim). Each change is a mistake that a person could make: a
sign flipped, a factor 2, a summand or factor dropped, an exponent changed, two indices or symbols
confused, a transpose added or forgotten, factors in the wrong order, a function taken for a similar
one, a sum that stops early. The order is fixed, the kinds take turns, and the number is limited.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import sympy as sp

from nnmaths.symbolic.equality import is_undefined

CAP = 16

# Functions that are easily confused; coth for tanh is a mistake in the original article.
_SIMILAR = {
    sp.sin: sp.cos,
    sp.cos: sp.sin,
    sp.tanh: sp.coth,
    sp.exp: lambda u: 1 / sp.exp(u),
    sp.log: sp.exp,
    sp.Max: sp.Min,
    sp.Min: sp.Max,
    sp.Abs: lambda u: u,
}

_REVERSED = {sp.Le: sp.Ge, sp.Ge: sp.Le, sp.Lt: sp.Gt, sp.Gt: sp.Lt}


def mutants(claim: Any, cap: int = CAP) -> Iterator[tuple[str, Any]]:
    """Yield up to `cap` pairs (name, wrong claim); none for a claim that is a function."""
    if callable(claim) and not isinstance(claim, sp.Basic):
        return
    queues = {}
    for kind, where, mutant in _changes(claim, claim):
        queues.setdefault(kind, deque()).append((f"{kind}: {where}", mutant))
    seen, names, turns = {repr(claim)}, set(), deque(queues.values())
    while turns and len(names) < cap:
        queue = turns.popleft()
        name, mutant = queue.popleft()
        if repr(mutant) not in seen:
            seen.add(repr(mutant))
            names.add(name := _unused(name, names))
            yield name, mutant
        if queue:
            turns.append(queue)


def _unused(name: str, names: set[str]) -> str:
    """Return the name, with a number if it is taken."""
    numbers = range(2, len(names) + 3)
    return next(n for n in [name, *(f"{name} ({i})" for i in numbers)] if n not in names)


def _changes(node: Any, whole: Any) -> Iterator[tuple[str, str, Any]]:
    """Yield (kind, where, changed node) for every small change of this node or below it."""
    if isinstance(node, sp.Basic) and not isinstance(node, sp.MatrixBase | sp.Tuple | sp.Dict):
        yield from _local_changes(node, whole)
    for rebuild, child in _children(node):
        for kind, where, changed in _changes(child, whole):
            try:
                yield kind, where, rebuild(changed)
            except (ValueError, TypeError, AttributeError, IndexError):
                continue  # the changed part does not fit here, so this is not a formula


def _children(node: Any) -> list[tuple[Callable, Any]]:
    """Return pairs (rebuild, child): `rebuild(new)` is the node with that child replaced."""
    if isinstance(node, dict):
        return [(lambda new, k=key: {**node, k: new}, value) for key, value in node.items()]
    if isinstance(node, sp.MatrixBase | np.ndarray):
        return [(_replace_entry(node, place), node[place]) for place in np.ndindex(*node.shape)]
    if isinstance(node, list | tuple | sp.Tuple):
        return [(_replace_item(node, i), item) for i, item in enumerate(node)]
    if isinstance(node, sp.Basic):
        return [(_replace_argument(node, i), node.args[i]) for i in _mutable_arguments(node)]
    return []


def _replace_entry(matrix: Any, place: tuple[int, ...]) -> Callable:
    """Return the function that replaces one entry of a matrix or array."""

    def rebuild(new):
        copy = matrix.copy() if isinstance(matrix, np.ndarray) else sp.Matrix(matrix)
        copy[place] = new
        return copy

    return rebuild


def _replace_item(items: Any, i: int) -> Callable:
    """Return the function that replaces one item of a tuple or list."""
    kind = sp.Tuple if isinstance(items, sp.Tuple) else type(items)
    build = kind if kind in (list, tuple) else lambda new: kind(*new)
    return lambda new: build([*items[:i], new, *items[i + 1 :]])


def _replace_argument(node: sp.Basic, i: int) -> Callable:
    """Return the function that replaces one argument of an expression."""
    return lambda new: node.func(*node.args[:i], new, *node.args[i + 1 :])


def _mutable_arguments(node: sp.Basic) -> Iterable[int]:
    """Return the positions of the arguments that may be changed: not names, limits or variables."""
    if isinstance(node, sp.Symbol | sp.MatrixSymbol | sp.IndexedBase):
        return []
    if isinstance(node, sp.Sum | sp.Product | sp.Integral | sp.Derivative | sp.Subs | sp.Limit):
        return [0]
    if isinstance(node, sp.Indexed):
        return range(1, len(node.args))
    if isinstance(node, sp.Pow):
        return [0]
    return range(len(node.args))


def _local_changes(node: sp.Basic, whole: Any) -> Iterator[tuple[str, str, Any]]:
    """Yield the changes of the node itself; the kind is the first part of the docstring."""
    for change in _CHANGES:
        for where, changed in change(node, whole):
            yield change.__doc__.split(":")[0].lower(), where, changed


def _flip_sign(node: sp.Basic, whole: Any) -> Iterator[tuple[str, Any]]:
    """Sign flipped: of the whole, and of each summand."""
    if node in _sides(whole):
        yield _short(node), -node
    if isinstance(node, sp.Add | sp.MatAdd):
        for i, term in enumerate(node.args):
            yield _short(term), node.func(*node.args[:i], -term, *node.args[i + 1 :])


def _double(node: sp.Basic, whole: Any) -> Iterator[tuple[str, Any]]:
    """Factor 2: of the whole, of each summand and of each number in the formula."""
    if node in _sides(whole) or (isinstance(node, sp.Rational) and abs(node) not in (0, 1)):
        yield _short(node), 2 * node
    if isinstance(node, sp.Add | sp.MatAdd):
        for i, term in enumerate(node.args):
            yield _short(term), node.func(*node.args[:i], 2 * term, *node.args[i + 1 :])


def _drop(node: sp.Basic, whole: Any) -> Iterator[tuple[str, Any]]:
    """Part dropped: a summand, or a factor."""
    if isinstance(node, sp.Add | sp.MatAdd | sp.Mul | sp.MatMul | sp.HadamardProduct):
        for i, part in enumerate(node.args):
            if part != -1:
                rest = [*node.args[:i], *node.args[i + 1 :]]
                yield _short(part), rest[0] if len(rest) == 1 else node.func(*rest)


def _change_exponent(node: sp.Basic, whole: Any) -> Iterator[tuple[str, Any]]:
    """Exponent changed: one more, or a root or inverse forgotten."""
    if isinstance(node, sp.Pow):
        base, exponent = node.args
        yield _short(node), base if exponent in (-1, sp.Rational(1, 2)) else base ** (exponent + 1)


def _swap_indices(node: sp.Basic, whole: Any) -> Iterator[tuple[str, Any]]:
    """Indices swapped: w_jk for w_kj."""
    if isinstance(node, sp.Indexed) and len(set(node.indices)) == 2:
        yield _short(node), node.base[tuple(reversed(node.indices))]


def _confuse_symbols(node: sp.Basic, whole: Any) -> Iterator[tuple[str, Any]]:
    """Wrong symbol: one of the next two of its kind in the claim."""
    if isinstance(node, sp.Symbol | sp.MatrixSymbol) or is_undefined(node):
        others = [other for other in _symbols_of(whole) if _is_similar(node, other)]
        for other in others[:2]:
            yield f"{_short(other)} for {_short(node)}", other


def _transpose(node: sp.Basic, whole: Any) -> Iterator[tuple[str, Any]]:
    """Wrong transpose: forgotten, or one too many."""
    if isinstance(node, sp.Transpose):
        yield _short(node), node.arg
    elif isinstance(node, sp.MatrixSymbol):
        yield _short(node), node.T


def _reorder(node: sp.Basic, whole: Any) -> Iterator[tuple[str, Any]]:
    """Order of factors: two matrices exchanged."""
    if isinstance(node, sp.MatMul):
        for i in range(len(node.args) - 1):
            a, b = node.args[i : i + 2]
            if getattr(a, "is_Matrix", False) and getattr(b, "is_Matrix", False):
                yield _short(node), sp.MatMul(*node.args[:i], b, a, *node.args[i + 2 :])


def _confuse_functions(node: sp.Basic, whole: Any) -> Iterator[tuple[str, Any]]:
    """Wrong function: a similar one, or σ for σ′."""
    if isinstance(node, sp.Derivative):
        yield _short(node), node.expr
    elif is_undefined(node) and node.func.__name__.endswith("'"):
        yield _short(node), sp.Function(node.func.__name__[:-1])(*node.args)
    elif node.func in _SIMILAR:
        yield _short(node), _SIMILAR[node.func](*node.args)


def _change_limits(node: sp.Basic, whole: Any) -> Iterator[tuple[str, Any]]:
    """Wrong limits: a sum or product ends one term too early, or begins one too late."""
    if isinstance(node, sp.Sum | sp.Product) and len(node.limits[0]) == 3:
        k, first, last = node.limits[0]
        for a, b in ((first, last - 1), (first + 1, last)):
            changed = node.func(node.function, (k, a, b), *node.limits[1:])
            yield f"{_short(node)} from {a} to {b}", changed


def _reverse(node: sp.Basic, whole: Any) -> Iterator[tuple[str, Any]]:
    """Inequality reversed: ≤ for ≥, < for >."""
    if isinstance(node, sp.Rel) and not isinstance(node, sp.Equality | sp.Unequality):
        yield _short(node), _REVERSED[node.func](*node.args)


_CHANGES = (
    _flip_sign,
    _double,
    _drop,
    _change_exponent,
    _swap_indices,
    _confuse_symbols,
    _transpose,
    _reorder,
    _confuse_functions,
    _change_limits,
    _reverse,
)


def _sides(whole: Any) -> list[sp.Basic]:
    """Return the scalars and matrices that a claim consists of; for an equation, its right side."""
    if isinstance(whole, sp.Equality):
        return [whole.rhs]
    parts = _parts_of(whole)
    if parts is None:
        is_value = isinstance(whole, sp.Basic) and not isinstance(whole, sp.Rel)
        return [whole] if is_value else []
    return [side for part in parts for side in _sides(part)]


def _symbols_of(whole: Any) -> list[sp.Basic]:
    """Return the symbols, matrices and undefined functions of a claim, sorted by name."""
    parts = _parts_of(whole)
    if parts is not None:
        return sorted({symbol for part in parts for symbol in _symbols_of(part)}, key=str)
    if not isinstance(whole, sp.Basic):
        return []
    found = whole.atoms(sp.Symbol, sp.MatrixSymbol) | whole.find(is_undefined)
    return sorted(found - {base.label for base in whole.atoms(sp.IndexedBase)}, key=str)


def _parts_of(whole: Any) -> list | None:
    """Return the parts of a dict, sequence, matrix or array, and None for anything else."""
    if isinstance(whole, dict):
        return list(whole.values())
    if isinstance(whole, np.ndarray):
        return list(whole.ravel())
    if isinstance(whole, sp.MatrixBase):
        return whole.flat()
    return list(whole) if isinstance(whole, list | tuple | sp.Tuple) else None


def _is_similar(node: sp.Basic, other: sp.Basic) -> bool:
    """Return whether two symbols can be confused: same type, same assumptions."""
    sorts = (sp.Symbol, sp.MatrixSymbol, sp.Function)
    if node == other or any(isinstance(node, s) != isinstance(other, s) for s in sorts):
        return False
    if isinstance(node, sp.Symbol):
        return (node.is_integer, node.is_positive) == (other.is_integer, other.is_positive)
    return True


def _short(node: Any) -> str:
    """Return a node as text, shortened to a readable length."""
    text = str(node)
    return text if len(text) <= 40 else text[:37] + "…"
