"""Wrong versions made by machine: small changes on the expression tree of a claim.

`mutants(claim)` yields (name, wrong claim). A change is one that a person could make: a sign
flipped, a factor 2, a summand or factor dropped, an exponent changed, two indices or letters
mistaken, a transpose added or forgotten, factors in the wrong order, a function taken for its
neighbour, a sum that stops early. The order is fixed and the number capped, the kinds taking turns.
"""

from collections import deque

import numpy as np
import sympy as sp

from nnmaths.symbolic.equality import is_undefined

CAP = 16

# Functions that are taken for one another; tanh for coth is a slip of the article itself.
NEIGHBOURS = {
    sp.sin: sp.cos,
    sp.cos: sp.sin,
    sp.tanh: sp.coth,
    sp.exp: lambda u: 1 / sp.exp(u),
    sp.log: sp.exp,
    sp.Max: sp.Min,
    sp.Min: sp.Max,
    sp.Abs: lambda u: u,
}

REVERSED = {sp.Le: sp.Ge, sp.Ge: sp.Le, sp.Lt: sp.Gt, sp.Gt: sp.Lt}


def mutants(claim, cap=CAP):
    """Yield up to `cap` pairs (name, wrong claim); none for a claim that is a function."""
    if callable(claim) and not isinstance(claim, sp.Basic):
        return
    queues = {}
    for kind, where, mutant in changes(claim, claim):
        queues.setdefault(kind, deque()).append((f"{kind}: {where}", mutant))
    seen, names, turns = {repr(claim)}, set(), deque(queues.values())
    while turns and len(names) < cap:
        queue = turns.popleft()
        name, mutant = queue.popleft()
        if repr(mutant) not in seen:
            seen.add(repr(mutant))
            names.add(name := unused(name, names))
            yield name, mutant
        if queue:
            turns.append(queue)


def unused(name, names):
    """Return the name, numbered when it is taken."""
    numbers = range(2, len(names) + 3)
    return next(n for n in [name, *(f"{name} ({i})" for i in numbers)] if n not in names)


def changes(node, whole):
    """Yield (kind, where, changed node) for every small change of the node or of one below it."""
    if isinstance(node, sp.Basic) and not isinstance(node, sp.MatrixBase | sp.Tuple | sp.Dict):
        yield from local_changes(node, whole)
    for rebuild, child in children(node):
        for kind, where, changed in changes(child, whole):
            try:
                yield kind, where, rebuild(changed)
            except (ValueError, TypeError, AttributeError, IndexError):
                continue  # the changed part does not fit into its place: not a formula at all


def children(node):
    """Return pairs (rebuild, child): `rebuild(new)` is the node with that child replaced."""
    if isinstance(node, dict):
        return [(lambda new, k=key: {**node, k: new}, value) for key, value in node.items()]
    if isinstance(node, sp.MatrixBase | np.ndarray):
        return [(at_entry(node, place), node[place]) for place in np.ndindex(*node.shape)]
    if isinstance(node, list | tuple | sp.Tuple):
        return [(at_item(node, i), item) for i, item in enumerate(node)]
    if isinstance(node, sp.Basic):
        return [(at_argument(node, i), node.args[i]) for i in open_arguments(node)]
    return []


def at_entry(matrix, place):
    """Return the function that replaces one entry of a matrix or array."""

    def rebuild(new):
        copy = matrix.copy() if isinstance(matrix, np.ndarray) else sp.Matrix(matrix)
        copy[place] = new
        return copy

    return rebuild


def at_item(items, i):
    """Return the function that replaces one item of a tuple or list."""
    kind = sp.Tuple if isinstance(items, sp.Tuple) else type(items)
    build = kind if kind in (list, tuple) else lambda new: kind(*new)
    return lambda new: build([*items[:i], new, *items[i + 1 :]])


def at_argument(node, i):
    """Return the function that replaces one argument of an expression."""
    return lambda new: node.func(*node.args[:i], new, *node.args[i + 1 :])


def open_arguments(node):
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


def local_changes(node, whole):
    """Yield the changes of the node itself, those that any kind of expression allows first."""
    for change in CHANGES:
        for where, changed in change(node, whole):
            yield change.__doc__.split(":")[0].lower(), where, changed


def flip_sign(node, whole):
    """Sign flipped: of the whole, and of each summand."""
    if node in sides(whole):
        yield short(node), -node
    if isinstance(node, sp.Add | sp.MatAdd):
        for i, term in enumerate(node.args):
            yield short(term), node.func(*node.args[:i], -term, *node.args[i + 1 :])


def double(node, whole):
    """Factor 2: of the whole, of each summand and of each number in the formula."""
    if node in sides(whole) or (isinstance(node, sp.Rational) and abs(node) not in (0, 1)):
        yield short(node), 2 * node
    if isinstance(node, sp.Add | sp.MatAdd):
        for i, term in enumerate(node.args):
            yield short(term), node.func(*node.args[:i], 2 * term, *node.args[i + 1 :])


def drop(node, whole):
    """Part dropped: a summand, or a factor."""
    if isinstance(node, sp.Add | sp.MatAdd | sp.Mul | sp.MatMul | sp.HadamardProduct):
        for i, part in enumerate(node.args):
            if part != -1:
                rest = [*node.args[:i], *node.args[i + 1 :]]
                yield short(part), rest[0] if len(rest) == 1 else node.func(*rest)


def change_exponent(node, whole):
    """Exponent changed: one more, or a root or inverse forgotten."""
    if isinstance(node, sp.Pow):
        base, exponent = node.args
        yield short(node), base if exponent in (-1, sp.Rational(1, 2)) else base ** (exponent + 1)


def swap_indices(node, whole):
    """Indices swapped: w_jk for w_kj."""
    if isinstance(node, sp.Indexed) and len(set(node.indices)) == 2:
        yield short(node), node.base[tuple(reversed(node.indices))]


def mistake_letter(node, whole):
    """Letter mistaken: one symbol for the next of its kind in the claim."""
    if isinstance(node, sp.Symbol | sp.MatrixSymbol) or is_undefined(node):
        others = [other for other in letters(whole) if alike(node, other)]
        for other in others[:2]:
            yield f"{short(other)} for {short(node)}", other


def transpose(node, whole):
    """Transpose mistaken: forgotten, or one too many."""
    if isinstance(node, sp.Transpose):
        yield short(node), node.arg
    elif isinstance(node, sp.MatrixSymbol):
        yield short(node), node.T


def reorder(node, whole):
    """Order of factors: two matrices exchanged."""
    if isinstance(node, sp.MatMul):
        for i in range(len(node.args) - 1):
            a, b = node.args[i : i + 2]
            if getattr(a, "is_Matrix", False) and getattr(b, "is_Matrix", False):
                yield short(node), sp.MatMul(*node.args[:i], b, a, *node.args[i + 2 :])


def neighbour(node, whole):
    """Function mistaken: one for its neighbour, or σ for σ′."""
    if isinstance(node, sp.Derivative):
        yield short(node), node.expr
    elif is_undefined(node) and node.func.__name__.endswith("'"):
        yield short(node), sp.Function(node.func.__name__[:-1])(*node.args)
    elif node.func in NEIGHBOURS:
        yield short(node), NEIGHBOURS[node.func](*node.args)


def shorten_sum(node, whole):
    """Sum ends wrongly: one term too early, or begins one too late."""
    if isinstance(node, sp.Sum | sp.Product) and len(node.limits[0]) == 3:
        k, first, last = node.limits[0]
        for a, b in ((first, last - 1), (first + 1, last)):
            changed = node.func(node.function, (k, a, b), *node.limits[1:])
            yield f"{short(node)} from {a} to {b}", changed


def reverse(node, whole):
    """Inequality reversed: ≤ for ≥, < for >."""
    if isinstance(node, sp.Rel) and not isinstance(node, sp.Equality | sp.Unequality):
        yield short(node), REVERSED[node.func](*node.args)


CHANGES = (
    flip_sign,
    double,
    drop,
    change_exponent,
    swap_indices,
    mistake_letter,
    transpose,
    reorder,
    neighbour,
    shorten_sum,
    reverse,
)


def sides(whole):
    """Return the scalars and matrices that a claim consists of; of an equation, the right side."""
    if isinstance(whole, sp.Equality):
        return [whole.rhs]
    parts = parts_of(whole)
    if parts is None:
        is_value = isinstance(whole, sp.Basic) and not isinstance(whole, sp.Rel)
        return [whole] if is_value else []
    return [side for part in parts for side in sides(part)]


def letters(whole):
    """Return the symbols, matrices and undefined functions of a claim, sorted by name."""
    parts = parts_of(whole)
    if parts is not None:
        return sorted({letter for part in parts for letter in letters(part)}, key=str)
    if not isinstance(whole, sp.Basic):
        return []
    found = whole.atoms(sp.Symbol, sp.MatrixSymbol) | whole.find(is_undefined)
    return sorted(found - {base.label for base in whole.atoms(sp.IndexedBase)}, key=str)


def parts_of(whole):
    """Return the parts of a dict, sequence, matrix or array; None for what is no container."""
    if isinstance(whole, dict):
        return list(whole.values())
    if isinstance(whole, np.ndarray):
        return list(whole.ravel())
    if isinstance(whole, sp.MatrixBase):
        return whole.flat()
    return list(whole) if isinstance(whole, list | tuple | sp.Tuple) else None


def alike(node, other):
    """Return whether one letter could be written for another: same sort, same assumptions."""
    sorts = (sp.Symbol, sp.MatrixSymbol, sp.Function)
    if node == other or any(isinstance(node, s) != isinstance(other, s) for s in sorts):
        return False
    if isinstance(node, sp.Symbol):
        return (node.is_integer, node.is_positive) == (other.is_integer, other.is_positive)
    return True


def short(node):
    """Return the text of a node, cut to a readable length."""
    text = str(node)
    return text if len(text) <= 40 else text[:37] + "…"
