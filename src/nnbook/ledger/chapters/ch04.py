r"""Chapter 4, activations: the equations, and the checks that prove them.

A claim about a function of one real number z is checked at u, −u and 0 with a positive symbol u,
which covers every z: there SymPy evaluates max, min and |z|, and the package's own code, run on the
symbol, gives a formula without branches. Columns are written as M − r_k with r_k ≥ 0 and one
r_k = 0, for each position of that largest entry, which covers every column.
"""

from functools import cache, partial, reduce
from itertools import combinations
from itertools import product as pairs

import numpy as np
import sympy as sp
from sympy import Matrix, Rational, Sum
from sympy.calculus.util import function_range

from nnbook.ledger.fixtures import (
    SIGMA,
    derivative,
    entry,
    matrix,
    product,
    replace_indexed,
    sigma,
    slope,
    value,
)
from nnbook.ledger.registry import Refuted, agree, register, require
from nnmaths.activations import IDENTITY, LEAK, LEAKY_RELU, RELU, SIGMOID, SOFTPLUS, TANH
from nnmaths.costs import softmax, softmax_cross_entropy
from nnmaths.network import Network, Parameters, collapse, forward
from nnmaths.symbolic import Symbols, differentiate, parameters, symbols

z, z1, z2, c, d, s, t, p = sp.symbols("z z_1 z_2 c d s t p", real=True)
x1, x2, b, M, g = sp.symbols("x_1 x_2 b M g", real=True)
u, h, alpha, tau, r = sp.symbols("u h alpha tau r", positive=True)
j, k, l, q, K, L, D = sp.symbols("j k l q K L d", integer=True, positive=True)
n0, n1, n2 = sp.symbols("n_0 n_1 n_2", integer=True, positive=True)
w, x, zz, share, big_w, small_b = map(sp.IndexedBase, ("w", "x", "z", "p", "W", "b"))
W1, W2, b1, b2, column_p, diagonal = map(matrix, ("W_1", "W_2", "b_1", "b_2", "p", "D"))

# Together these cover every real number.
POINTS = (u, -u, sp.S.Zero)
LOGISTIC = 1 / (1 + sp.exp(-z))
QUOTIENT = (sp.exp(z) - sp.exp(-z)) / (sp.exp(z) + sp.exp(-z))


def at(f, point):
    """Return the value of a function of the package at one expression."""
    return f(Symbols([[point]]))[0, 0]


def read(claim, point):
    """Return the claim at z = point, with the package's sigmoid and its derivative as σ and σ′."""
    claim = sp.sympify(claim).subs(z, point)
    claim = claim.replace(type(sigma(z)), partial(at, SIGMOID.f))
    return claim.replace(type(slope(z)), partial(at, SIGMOID.df))


def agree_everywhere(claim, truth):
    """Require that the claim equals the truth: a formula in z, or a function of the package."""
    for point in POINTS:
        right = at(truth, point) if callable(truth) else truth.subs(z, point)
        agree(read(claim, point), right)


class Numbers(str):
    """An interval in the usual notation, "(0, 1]"; the proof compares sets, not strings."""

    __slots__ = ()

    def _sympy_(self):
        """Return a symbol with this name, so that claims that contain a range can be compared."""
        return sp.Symbol(self)


def require_range(numbers, truth):
    """Require that a written interval is this set of real numbers, which does not contain ∞."""
    ends = [sp.sympify(end.replace("∞", "oo")) for end in numbers[1:-1].split(",")]
    shut = (numbers[0] == "[", numbers[-1] == "]")
    infinite = [closed and not end.is_finite for end, closed in zip(ends, shut, strict=True)]
    require(not any(infinite), "infinity is not a value")
    found = sp.Interval(*ends, *(not closed for closed in shut))
    require(found == truth, found, "is not", truth)


@cache
def values_for_positive(formula):
    """Return the set of values of a formula in t for all t > 0."""
    return function_range(formula, t, sp.Interval.open(0, sp.oo))


# --- affine activations and boundaries ----------------------------------------------------------

AFFINE = {"identity": z, "affine": c * z + d, "defect": d}


@register(
    "eq-identity-activation",
    chapter=4,
    kind="exact",
    title="the identity, affine activations, and which of them are linear",
    latex=r"\begin{gathered}\begin{aligned}\sigma(z)&=z&&\text{(identity)}\\"
    r"\sigma(z)&=cz+d&&\text{(affine)}\end{aligned}\\[6pt]"
    r"\sigma(u)+\sigma(v)-\sigma(u+v)=d\\"
    r"\text{an affine }\sigma\text{ is linear}\iff d=0\end{gathered}",
    method="The package's identity is run on a symbol. The affine function is the one with slope c"
    " and value d at 0. σ(u) + σ(v) − σ(u + v) is found by substitution, and SymPy solves for the"
    " d at which it is 0.",
    claim=AFFINE,
    wrong={
        "every affine function linear": AFFINE | {"defect": sp.S.Zero},
        "the slope as the defect": AFFINE | {"defect": c},
        "the identity scaled": AFFINE | {"identity": c * z},
        "the constant scaled too": AFFINE | {"affine": c * (z + d)},
        "the constant counted twice": AFFINE | {"defect": 2 * d},
    },
)
def affine_activations(claim):
    """The package's IDENTITY; d + ∫₀ᶻ c; σ(s) + σ(t) − σ(s + t) = 0 for all s, t iff d = 0."""
    agree_everywhere(claim["identity"], IDENTITY.f)
    agree(sp.diff(claim["identity"], z), at(IDENTITY.df, z))
    agree(claim["affine"], d + sp.integrate(c, (t, 0, z)))
    f = sp.Lambda(z, claim["affine"])
    agree(claim["defect"], f(s) + f(t) - f(s + t))
    agree(sp.solve(claim["defect"], d), [sp.S.Zero])
    agree((f(s * t) - s * f(t)).subs(d, 0), 0)


COLLAPSE = {"W": W2 * W1, "b": W2 * b1 + b2, "rank": sp.Min(n0, n1, n2)}


@register(
    "eq-linear-collapse",
    chapter=4,
    kind="parametric",
    title="two affine layers are one affine layer, with no hidden layer",
    latex=r"\begin{gathered}W^{(2)}\bigl(W^{(1)}x+b^{(1)}\bigr)+b^{(2)}=\tilde Wx+\tilde b\\[6pt]"
    r"\begin{aligned}\tilde W&=W^{(2)}W^{(1)}\\"
    r"\tilde b&=W^{(2)}b^{(1)}+b^{(2)}\\"
    r"\operatorname{rank}\tilde W&\le\min(n_0,n_1,n_2)\end{aligned}\end{gathered}",
    method="The package's forward pass with the identity in both layers, and its `collapse`, are"
    " run on symbolic parameters of several widths. A rank is the size of the largest minor that"
    " is not identically zero.",
    claim=COLLAPSE,
    wrong={
        "the layers in reverse order": COLLAPSE | {"W": W1 * W2},
        "the biases added": COLLAPSE | {"b": b1 + b2},
        "the first bias lost": COLLAPSE | {"b": b2},
        "the first bias multiplied by both weights": COLLAPSE | {"b": W2 * W1 * b1 + b2},
        "the largest width as the bound": COLLAPSE | {"rank": sp.Max(n0, n1, n2)},
        "the hidden width ignored": COLLAPSE | {"rank": sp.Min(n0, n2)},
        "only the hidden width counts": COLLAPSE | {"rank": n1},
    },
)
def two_affine_layers(claim):
    """W̃x + b̃ against the package's output, and the generic rank of W⁽²⁾W⁽¹⁾."""
    for sizes in ((1, 2, 2), (2, 1, 2), (2, 2, 1), (2, 3, 2), (3, 2, 3)):
        theta, x_ = parameters(sizes), symbols("x", sizes[0], 1)
        meaning = {W1: theta.W[1], W2: theta.W[2], b1: theta.b[1], b2: theta.b[2]}
        W, b_ = value(claim["W"], meaning), value(claim["b"], meaning)
        agree(W @ x_ + b_, straight_through(theta, x_))
        one = collapse(theta)
        agree((W, b_), (one.W[1], one.b[1]))
        widths = dict(zip((n0, n1, n2), sizes, strict=True))
        agree(claim["rank"].subs(widths), generic_rank(sizes))


def straight_through(theta, x):
    """Return a⁽ᴸ⁾ of the package's network with these parameters and the identity as every σ."""
    sizes = [theta.W[1].shape[1], *(theta.b[q].shape[0] for q in theta.W)]
    network = Network(tuple(sizes), (IDENTITY,) * len(theta.W))
    return forward(network, theta, x).a[network.L]


@cache
def generic_rank(sizes):
    """Return the largest rank of W⁽ᴸ⁾ ⋯ W⁽¹⁾: all larger minors vanish identically."""
    W = parameters(sizes).W
    whole = Matrix(reduce(lambda so_far, q: W[q] @ so_far, range(2, len(W) + 1), W[1]).tolist())
    return next(size for size in range(min(whole.shape), 0, -1) if has_minor(whole, size))


def has_minor(matrix, size):
    """Return whether a minor of this size is not identically zero."""
    rows, columns = (combinations(range(side), size) for side in matrix.shape)
    minors = (matrix.extract(list(m), list(n)).det("berkowitz") for m, n in pairs(rows, columns))
    return any(sp.expand(minor) != 0 for minor in minors)


LAYERS = {
    "W": sp.Product(big_w[q], (q, 1, L)),
    "b": Sum(sp.Product(big_w[q], (q, l + 1, L)) * small_b[l], (l, 1, L)),
    "rank": min,
}


@register(
    "eq-linear-collapse-deep",
    chapter=4,
    kind="parametric",
    title="any number of affine layers is one affine layer",
    latex=r"\begin{gathered}\text{every activation the identity}\ \Rightarrow\\"
    r"a^{(L)}=\tilde Wx+\tilde b\\[6pt]"
    r"\begin{aligned}\tilde W&=W^{(L)}W^{(L-1)}\cdots W^{(1)}\\"
    r"\tilde b&=\sum_{l=1}^{L}W^{(L)}\cdots W^{(l+1)}\,b^{(l)}\\"
    r"\operatorname{rank}\tilde W&\le\min(n_0,n_1,\dots,n_L)\end{aligned}\end{gathered}",
    method="The package's forward pass is run with the identity in each of 1 to 5 layers, on"
    " symbolic parameters; in a product of weights the later layer is on the left. More layers"
    " follow by induction: each step merges two layers into one.",
    claim=LAYERS,
    wrong={
        "the layers in reverse order": LAYERS | {"W": sp.Product(big_w[L + 1 - q], (q, 1, L))},
        "the biases added": LAYERS | {"b": Sum(small_b[l], (l, 1, L))},
        "each bias multiplied by its own weights too": LAYERS
        | {"b": Sum(sp.Product(big_w[q], (q, l, L)) * small_b[l], (l, 1, L))},
        "only the last bias": LAYERS | {"b": small_b[L]},
        "the largest width as the bound": LAYERS | {"rank": max},
        "the hidden widths ignored": LAYERS | {"rank": lambda n: min(n[0], n[-1])},
        "only the hidden widths count": LAYERS | {"rank": lambda n: min(n[1:-1])},
    },
)
def many_affine_layers(claim):
    """W̃x + b̃ against the package's output for L = 1…5, and the rank of W⁽ᴸ⁾ ⋯ W⁽¹⁾."""
    for sizes in ((2, 2), (2, 3, 1), (1, 2, 3, 2), (2, 1, 2, 1, 2), (1, 2, 1, 2, 1, 2)):
        theta, x_ = parameters(sizes), symbols("x", sizes[0], 1)
        W, b_ = (ordered(claim[part].subs(L, len(sizes) - 1), theta) for part in ("W", "b"))
        agree(product(W, x_) + b_, straight_through(theta, x_))
        one = collapse(theta)
        agree((W, b_), (one.W[1], one.b[1]))
    for sizes in ((1, 2, 2, 2), (2, 2, 1, 2), (2, 2, 2, 1), (2, 1, 2, 2, 2)):
        agree(claim["rank"](sizes), generic_rank(sizes))


def ordered(claim, theta):
    """Return the value of a claim in W_q and b_l; in a Product the later factor is on the left.

    Raises Refuted for a layer that does not exist.
    """
    if isinstance(claim, sp.Indexed):
        (layer,) = claim.indices
        leaf = theta.W if claim.base == big_w else theta.b
        require(layer in leaf, "no layer", layer)
        return leaf[layer]
    if isinstance(claim, Sum | sp.Product):
        index, first, last = claim.limits[0]
        numbers = range(int(first), int(last) + 1)
        terms = [ordered(claim.function.subs(index, number), theta) for number in numbers]
        if isinstance(claim, Sum):
            return sum(terms)
        return reduce(lambda so_far, term: product(term, so_far), terms, sp.S.One)
    parts = [ordered(part, theta) for part in sorted(claim.args, key=is_bias)]
    return reduce(product, parts) if isinstance(claim, sp.Mul) else claim


def is_bias(factor):
    """Return whether a factor is a bias, which comes after the weights."""
    return isinstance(factor, sp.Indexed)


POINT, LINE, PLANE = sp.symbols("point line plane")
BOUNDARY = {
    "boundary": Sum(w[k] * x[k], (k, 1, D)) + b,
    "dimension": D - 1,
    "names": (POINT, LINE, PLANE),
}


@register(
    "eq-decision-boundary",
    chapter=4,
    kind="parametric",
    title="the boundary of a neuron: a point, a line, a plane, a hyperplane",
    latex=r"\begin{gathered}H=\{x\in\mathbb R^d:w^{\mathsf T}x+b=0\},\quad w\ne0\\[6pt]"
    r"\begin{array}{ll}d=1&\text{a point}\\d=2&\text{a line}\\"
    r"d=3&\text{a plane}\\"
    r"d\ge1&\text{a hyperplane, }\dim H=d-1\end{array}\end{gathered}",
    method="The package's pre-activation of one neuron with 1 to 5 inputs is the formula. We write"
    " down a point on the boundary, and SymPy finds the directions v with w·v = 0, along which the"
    " boundary extends, for each possible position of the first non-zero weight.",
    claim=BOUNDARY,
    wrong={
        "a line in every dimension": BOUNDARY | {"dimension": sp.S.One},
        "as many dimensions as inputs": BOUNDARY | {"dimension": D},
        "a line in three dimensions": BOUNDARY | {"names": (POINT, LINE, LINE)},
        "a plane for two inputs": BOUNDARY | {"names": (LINE, PLANE, PLANE)},
        "through the origin": BOUNDARY | {"boundary": Sum(w[k] * x[k], (k, 1, D))},
        "the bias on the other side": BOUNDARY | {"boundary": Sum(w[k] * x[k], (k, 1, D)) - b},
    },
)
def boundary_of_a_neuron(claim):
    """The boundary is z = 0; −b w/‖w‖² lies on it, and it extends along the null space of w."""
    names = dict(zip((1, 2, 3), claim["names"], strict=True))
    for size in range(1, 6):
        theta, x_ = parameters((size, 1)), symbols("x", size, 1)
        weights, bias = theta.W[1], theta.b[1][0, 0]
        z_ = forward(Network((size, 1), (SIGMOID,)), theta, x_).z[1][0, 0]
        meaning = {w: entry(weights.ravel()), x: entry(x_.ravel())}
        boundary = replace_indexed(claim["boundary"].subs({D: size, b: bias}), meaning)
        agree(boundary, z_)
        on_it = (-bias / (weights**2).sum() * weights).ravel()
        agree(boundary.subs(dict(zip(x_.ravel(), on_it, strict=True))), 0)
        dimensions = directions_along(weights)
        agree([claim["dimension"].subs(D, size)] * size, dimensions)
        if size in names:
            agree(names[size], (POINT, LINE, PLANE)[dimensions[0]])


def directions_along(weights):
    """Return the dimension of {v: w·v = 0}, for each position of the first non-zero weight.

    That weight is a symbol, which is not zero; for w = 0 every direction would qualify.
    """
    positions = range(weights.shape[1])
    rows = [[0] * first + list(weights[0, first:]) for first in positions]
    return [len(Matrix([row]).nullspace()) for row in rows]


THRESHOLD = {
    "threshold": Rational(1, 2),
    "above": Numbers("(0, ∞)"),
    "at": Numbers("[0, 0]"),
    "below": Numbers("(-∞, 0)"),
}


@register(
    "eq-sigmoid-boundary",
    chapter=4,
    kind="exact",
    title="the sigmoid is ½ where the pre-activation is 0",
    latex=r"\begin{aligned}\sigma(z)>\tfrac12&\iff z>0\\"
    r"\sigma(z)=\tfrac12&\iff z=0\\"
    r"\sigma(z)<\tfrac12&\iff z<0\end{aligned}",
    method="We find the sign of σ(z) − ½, for the package's sigmoid, at u, −u and 0: with eᵘ = 1 +"
    " r it is a fraction whose sign SymPy knows. The points with the same sign form one interval.",
    claim=THRESHOLD,
    wrong={
        "the threshold of tanh": THRESHOLD | {"threshold": sp.S.Zero},
        "the boundary included above": THRESHOLD | {"above": Numbers("[0, ∞)")},
        "the boundary included below": THRESHOLD | {"below": Numbers("(-∞, 0]")},
        "above and below exchanged": THRESHOLD
        | {"above": Numbers("(-∞, 0)"), "below": Numbers("(0, ∞)")},
        "the threshold ½ for z too": THRESHOLD | {"above": Numbers("(1/2, ∞)")},
        "infinity included": THRESHOLD | {"above": Numbers("(0, ∞]")},
        "the threshold 1": THRESHOLD | {"threshold": sp.S.One},
        "the threshold ¾": THRESHOLD | {"threshold": Rational(3, 4)},
    },
)
def sigmoid_of_one_half(claim):
    """The sign of σ(z) − threshold: where it is 1, 0 and −1."""
    parts = {u: sp.Interval.open(0, sp.oo), -u: sp.Interval.open(-sp.oo, 0), 0: sp.FiniteSet(0)}
    found = {1: sp.S.EmptySet, 0: sp.S.EmptySet, -1: sp.S.EmptySet}
    for point in POINTS:
        sign = sign_of(at(SIGMOID.f, point) - claim["threshold"])
        found[sign] = found[sign] | parts[point]
    for part, sign in {"above": 1, "at": 0, "below": -1}.items():
        require_range(claim[part], found[sign])


def sign_of(expr):
    """Return the sign of an expression in eᵘ, u > 0; raise Refuted if it is not unique."""
    fraction = sp.factor(expr.subs(u, sp.log(1 + r)))
    for sign, known in ((1, "positive"), (0, "zero"), (-1, "negative")):
        if getattr(fraction, f"is_{known}"):
            return sign
    raise Refuted("SymPy does not know the sign of", expr)


Z = sp.Function("Z")
XOR = {
    "identity": sp.Eq(Z(0, 0) + Z(1, 1), Z(0, 1) + Z(1, 0)),
    "table": Matrix([[0, 1], [1, 0]]),
}


@register(
    "eq-xor",
    chapter=4,
    kind="exact",
    title="XOR is not linearly separable",
    latex=r"\begin{gathered}z(x_1,x_2)=w_1x_1+w_2x_2+b\ \Rightarrow\\"
    r"z(0,0)+z(1,1)=z(0,1)+z(1,0)\\[6pt]"
    r"\text{so no }w_1,w_2,b\text{ give}\\"
    r"z(0,0),\,z(1,1)<0\le z(0,1),\,z(1,0)\end{gathered}",
    method="The package computes the pre-activation of one neuron with two inputs, on symbols, at"
    " the four corners. The corners of class 0 are on one side of the identity and those of class"
    " 1 on the other, so a sum of negative numbers would equal a sum of numbers ≥ 0.",
    claim=XOR,
    wrong={
        "sides instead of diagonals": XOR
        | {"identity": sp.Eq(Z(0, 0) + Z(0, 1), Z(1, 0) + Z(1, 1))},
        "the corner at the origin forgotten": XOR | {"identity": sp.Eq(Z(1, 1), Z(0, 1) + Z(1, 0))},
        "OR not separable": XOR | {"table": Matrix([[0, 1], [1, 1]])},
        "AND not separable": XOR | {"table": Matrix([[0, 0], [0, 1]])},
        "products instead of sums": XOR | {"identity": sp.Eq(Z(0, 0) * Z(1, 1), Z(0, 1) * Z(1, 0))},
    },
)
def xor_is_not_separable(claim):
    """Left − right is 0 for z = w₁x₁ + w₂x₂ + b; its positive terms are one class."""
    table = {(m, n): m ^ n for m in (0, 1) for n in (0, 1)}
    agree(claim["table"], Matrix(2, 2, lambda m, n: table[m, n]))
    difference = sp.expand(claim["identity"].lhs - claim["identity"].rhs)
    theta, network = parameters((2, 1)), Network((2, 1), (SIGMOID,))
    corner = {Z(m, n): forward(network, theta, Symbols([[m], [n]])).z[1][0, 0] for m, n in table}
    agree(difference.xreplace(corner), 0)
    weights = {values: difference.coeff(Z(*values)) for values in table}
    agree(
        {values: sp.sign(weight) for values, weight in weights.items()},
        {values: 1 - 2 * label for values, label in table.items()},
    )


XOR_NET = sp.Max(0, x1 + x2) - 2 * sp.Max(0, x1 + x2 - 1)


@register(
    "eq-xor-net",
    chapter=4,
    kind="exact",
    title="two hidden neurons with ReLU compute XOR",
    latex=r"\begin{aligned}\operatorname{xor}(x_1,x_2)&=\operatorname{relu}(x_1+x_2)\\"
    r"&\quad-2\operatorname{relu}(x_1+x_2-1)\\"
    r"&\text{for }x_1,x_2\in\{0,1\}\end{aligned}",
    method="The formula is compared with the output of the package's 2-2-1 network with these"
    " weights, on symbols, and with the truth table of XOR at the four corners.",
    claim=XOR_NET,
    wrong={
        "OR": sp.Max(0, x1 + x2) - sp.Max(0, x1 + x2 - 1),
        "no ReLU": x1 + x2 - 2 * (x1 + x2 - 1),
        "no bias": sp.Max(0, x1 + x2) - 2 * sp.Max(0, x1 + x2),
        "the bias outside ReLU": sp.Max(0, x1 + x2) - 2 * sp.Max(0, x1 + x2) - 1,
        "the output weights exchanged": 2 * sp.Max(0, x1 + x2) - sp.Max(0, x1 + x2 - 1),
    },
)
def two_neurons_compute_xor(claim):
    """The truth table of XOR, and relu(Wx + b) with both rows of W (1, 1) and b = (0, −1)."""
    for m, n in ((0, 0), (0, 1), (1, 0), (1, 1)):
        agree(claim.subs({x1: m, x2: n}), m ^ n)
    W = {1: Symbols([[1, 1], [1, 1]]), 2: Symbols([[1, -2]])}
    theta = Parameters(W, {1: Symbols([[0], [-1]]), 2: Symbols([[0]])})
    network = Network((2, 2, 1), (RELU, IDENTITY))
    agree(claim, forward(network, theta, Symbols([[x1], [x2]])).a[2][0, 0])


# --- the sigmoid --------------------------------------------------------------------------------

OPEN = Numbers("(0, 1)")
SIGMOID_IS = {
    "first": LOGISTIC,
    "second": sp.exp(z) / (1 + sp.exp(z)),
    "range": OPEN,
}


@register(
    "eq-sigmoid",
    chapter=4,
    kind="exact",
    title="the sigmoid maps onto the open interval (0, 1)",
    latex=r"\begin{gathered}\sigma(z)=\frac1{1+e^{-z}}=\frac{e^z}{1+e^z}\\[6pt]"
    r"\sigma:\mathbb R\to(0,1)\text{ one to one and onto}\end{gathered}",
    method="Both fractions are compared with the package's sigmoid at u, −u and 0. With t = e⁻ᶻ,"
    " which takes each positive value once, SymPy finds the values of 1/(1 + t), and that its"
    " derivative is never 0.",
    claim=SIGMOID_IS,
    wrong={
        "the closed interval": SIGMOID_IS | {"range": Numbers("[0, 1]")},
        "zero attained": SIGMOID_IS | {"range": Numbers("[0, 1)")},
        "the range of tanh": SIGMOID_IS | {"range": Numbers("(-1, 1)")},
        "decreasing": SIGMOID_IS | {"first": 1 / (1 + sp.exp(z))},
        "a minus in the denominator": SIGMOID_IS | {"first": 1 / (1 - sp.exp(-z))},
        "the 1 in the denominator forgotten": SIGMOID_IS | {"second": sp.exp(z) / sp.exp(z)},
    },
)
def the_sigmoid(claim):
    """Both fractions against the package; the values of 1/(1 + t) for t > 0; its slope."""
    for part in ("first", "second"):
        agree_everywhere(claim[part], SIGMOID.f)
        agree(claim[part].subs(z, -sp.log(r)), 1 / (1 + r))
    require_range(claim["range"], values_for_positive(1 / (1 + t)))
    require(sp.diff(1 / (1 + r), r).is_negative, "a value is attained twice")


ENDS = {"left": sp.S.Zero, "middle": Rational(1, 2), "right": sp.S.One}


@register(
    "eq-sigmoid-limits",
    chapter=4,
    kind="exact",
    title="the sigmoid at ±∞ and at 0",
    latex=r"\begin{gathered}\lim_{z\to-\infty}\sigma(z)=0,\qquad\lim_{z\to\infty}\sigma(z)=1\\"
    r"\sigma(0)=\tfrac12\end{gathered}",
    method="SymPy finds the limits of the formula, and of the package's sigmoid at u and −u for u"
    " → ∞.",
    claim=ENDS,
    wrong={
        "the limits of tanh": {"left": -sp.S.One, "middle": sp.S.Zero, "right": sp.S.One},
        "decreasing": {"left": sp.S.One, "middle": Rational(1, 2), "right": sp.S.Zero},
        "σ(0) = 0": ENDS | {"middle": sp.S.Zero},
        "no upper limit": ENDS | {"right": sp.oo},
    },
)
def limits_of_the_sigmoid(claim):
    """Take z → −∞, z = 0, z → ∞, of the formula and of the package."""
    ends = [sp.limit(LOGISTIC, z, end) for end in (-sp.oo, sp.oo)]
    agree([claim["left"], claim["right"]], ends)
    far = [sp.limit(at(SIGMOID.f, point), u, sp.oo) for point in (-u, u)]
    agree([claim["left"], claim["right"]], far)
    agree(claim["middle"], LOGISTIC.subs(z, 0))
    agree(claim["middle"], at(SIGMOID.f, sp.S.Zero))


@register(
    "eq-sigmoid-symmetry",
    chapter=4,
    kind="exact",
    title="the sigmoid is symmetric about (0, ½)",
    latex=r"\sigma(-z)=1-\sigma(z)",
    method="The right side, evaluated with the package's sigmoid at u, −u and 0, is compared with"
    " the formula at −z.",
    claim=1 - sigma(z),
    wrong={
        "odd, like tanh": -sigma(z),
        "even": sigma(z),
        "the reciprocal, as for an exponential": 1 / sigma(z),
        "the wrong sign": sigma(z) - 1,
    },
)
def symmetry_of_the_sigmoid(claim):
    """σ(−z), with −z substituted into the formula."""
    agree_everywhere(claim, LOGISTIC.subs(z, -z))


SLOPE = {"by the value": sigma(z) * (1 - sigma(z)), "by both": sigma(z) * sigma(-z)}


@register(
    "eq-sigmoid-derivative",
    chapter=4,
    kind="exact",
    title="slope of the sigmoid",
    latex=r"\begin{aligned}\sigma'(z)&=\sigma(z)\bigl(1-\sigma(z)\bigr)\\"
    r"&=\sigma(z)\,\sigma(-z)\end{aligned}",
    method="SymPy differentiates 1/(1 + e⁻ᶻ); the package's derivative is compared with the same"
    " formula.",
    claim=SLOPE,
    wrong={
        "the slope of tanh": SLOPE | {"by the value": 1 - sigma(z) ** 2},
        "the sign of the inner derivative forgotten": SLOPE
        | {"by the value": -sigma(z) * (1 - sigma(z))},
        "the derivative of the exponential": SLOPE | {"by the value": sigma(z)},
        "σ(z) squared": SLOPE | {"by both": sigma(z) ** 2},
        "σ of σ": SLOPE | {"by the value": sigma(sigma(z)) * (1 - sigma(sigma(z)))},
    },
)
def slope_of_the_sigmoid(claim):
    """d/dz of the formula, and the package's df."""
    for part in SLOPE:
        agree_everywhere(claim[part], sp.diff(LOGISTIC, z))
        agree_everywhere(claim[part], SIGMOID.df)


STEEPEST = {
    "square": Rational(1, 4) - (sigma(z) - Rational(1, 2)) ** 2,
    "bound": Rational(1, 4),
    "where": (sp.S.Zero,),
}


@register(
    "eq-sigmoid-max",
    chapter=4,
    kind="exact",
    title="the slope of the sigmoid is at most ¼",
    latex=r"\begin{gathered}\sigma'(z)=\tfrac14-\bigl(\sigma(z)-\tfrac12\bigr)^2\le\tfrac14\\"
    r"\text{equality}\iff z=0\end{gathered}",
    method="The square form is compared with the derivative of 1/(1 + e⁻ᶻ). A square is smallest"
    " where it is 0, and SymPy solves for that z; the package's derivative there is the bound.",
    claim=STEEPEST,
    wrong={
        "one half": STEEPEST | {"bound": Rational(1, 2)},
        "the bound of tanh": STEEPEST | {"bound": sp.S.One},
        "steepest at z = 1": STEEPEST | {"where": (sp.S.One,)},
        "steepest at z = ½": STEEPEST | {"where": (Rational(1, 2),)},
        "the square added": STEEPEST
        | {"square": Rational(1, 4) + (sigma(z) - Rational(1, 2)) ** 2},
        "a square about 0 instead of ½": STEEPEST | {"square": Rational(1, 4) - sigma(z) ** 2},
    },
)
def steepest_point_of_the_sigmoid(claim):
    """¼ − (σ − ½)² = σ′; σ(z) = ½ for one z only; there σ′ is the bound."""
    agree_everywhere(claim["square"], sp.diff(LOGISTIC, z))
    (rest,) = sp.solve(sp.Eq(1 / (1 + r), Rational(1, 2)), r)  # r = e⁻ᶻ
    agree(claim["where"], (-sp.log(rest),))
    agree(claim["bound"], at(SIGMOID.df, -sp.log(rest)))
    agree(claim["bound"], sp.maximum(t * (1 - t), t, sp.Interval.open(0, 1)))


SECOND = {
    "by the slope": slope(z) * (1 - 2 * sigma(z)),
    "by the value": sigma(z) * (1 - sigma(z)) * (1 - 2 * sigma(z)),
}


@register(
    "eq-sigmoid-second",
    chapter=4,
    kind="exact",
    title="second derivative of the sigmoid",
    latex=r"\begin{aligned}\sigma''(z)&=\sigma'(z)\bigl(1-2\sigma(z)\bigr)\\"
    r"&=\sigma(z)\bigl(1-\sigma(z)\bigr)\bigl(1-2\sigma(z)\bigr)\end{aligned}",
    method="SymPy differentiates 1/(1 + e⁻ᶻ) twice, and the package's derivative once.",
    claim=SECOND,
    wrong={
        "the inner derivative forgotten": SECOND | {"by the slope": 1 - 2 * sigma(z)},
        "the sign reversed": SECOND | {"by the slope": slope(z) * (2 * sigma(z) - 1)},
        "the 2 forgotten": SECOND | {"by the slope": slope(z) * (1 - sigma(z))},
        "the slope squared": SECOND | {"by the value": (sigma(z) * (1 - sigma(z))) ** 2},
    },
)
def second_derivative_of_the_sigmoid(claim):
    """d²/dz² of the formula; at ±u also d/dz of the package's derivative."""
    for part in SECOND:
        agree_everywhere(claim[part], sp.diff(LOGISTIC, z, 2))
        for point in (u, -u):
            agree(read(claim[part], point), sp.diff(at(SIGMOID.df, point), u) * point / u)


LOGIT = {"inverse": sp.log(p / (1 - p)), "domain": Numbers("(0, 1)")}


@register(
    "eq-logit",
    chapter=4,
    kind="exact",
    title="the inverse of the sigmoid, the logit",
    latex=r"\sigma^{-1}(p)=\log\frac p{1-p},\qquad0<p<1",
    method="SymPy solves p = t/(1 + t) for t = eᶻ, and t > 0 for p. The logit of the package's"
    " sigmoid is z again.",
    claim=LOGIT,
    wrong={
        "the fraction inverted": LOGIT | {"inverse": sp.log((1 - p) / p)},
        "the reciprocal instead of the inverse": LOGIT | {"inverse": 1 + 1 / sp.exp(p)},
        "the odds without the logarithm": LOGIT | {"inverse": p / (1 - p)},
        "log p alone": LOGIT | {"inverse": sp.log(p)},
        "the ends of the domain included": LOGIT | {"domain": Numbers("[0, 1]")},
        "every number": LOGIT | {"domain": Numbers("(-∞, ∞)")},
    },
)
def inverse_of_the_sigmoid(claim):
    """The exponential of the claim solves p = t/(1 + t); logit(σ(z)) = z at u, −u and 0."""
    (odds,) = sp.solve(sp.Eq(p, t / (1 + t)), t)
    agree(sp.exp(claim["inverse"]), odds)
    allowed = sp.solve_univariate_inequality(odds > 0, p, relational=False)
    require_range(claim["domain"], allowed)
    for point in POINTS:
        back = claim["inverse"].subs(p, at(SIGMOID.f, point))
        agree(sp.exp(back), sp.exp(point))


# --- tanh ---------------------------------------------------------------------------------------

TANH_IS = {"quotient": QUOTIENT, "range": Numbers("(-1, 1)")}


@register(
    "eq-tanh",
    chapter=4,
    kind="exact",
    title="tanh maps onto the open interval (−1, 1)",
    latex=r"\begin{gathered}\tanh z=\frac{e^z-e^{-z}}{e^z+e^{-z}}\\[6pt]"
    r"\tanh:\mathbb R\to(-1,1)\text{ one to one and onto}\end{gathered}",
    method="The quotient is the odd part of eᶻ over the even part, and agrees with the package's"
    " tanh. With t = e²ᶻ, which takes each positive value once, SymPy finds the values of (t −"
    " 1)/(t + 1), and that its derivative is never 0.",
    claim=TANH_IS,
    wrong={
        "the quotient inverted, which is coth": TANH_IS | {"quotient": 1 / QUOTIENT},
        "the closed interval": TANH_IS | {"range": Numbers("[-1, 1]")},
        "the range of the sigmoid": TANH_IS | {"range": OPEN},
        "the sign reversed": TANH_IS | {"quotient": -QUOTIENT},
        "the even part alone": TANH_IS | {"quotient": (sp.exp(z) + sp.exp(-z)) / 2},
        "half the argument": TANH_IS | {"quotient": QUOTIENT.subs(z, z / 2)},
    },
)
def the_tanh(claim):
    """Odd part over even part; the package's tanh; the values of (t − 1)/(t + 1) for t > 0."""
    odd, even = ((sp.exp(z) + sign * sp.exp(-z)) / 2 for sign in (-1, 1))
    agree_everywhere(claim["quotient"], odd / even)
    agree_everywhere(claim["quotient"], TANH.f)
    fraction = (r - 1) / (r + 1)
    agree(claim["quotient"].subs(z, sp.log(r) / 2), fraction)
    require_range(claim["range"], values_for_positive((t - 1) / (t + 1)))
    require(sp.factor(sp.diff(fraction, r)).is_positive, "a value is attained twice")


APART = {
    "below 1": 2 * sp.exp(-z) / (sp.exp(z) + sp.exp(-z)),
    "above −1": 2 * sp.exp(z) / (sp.exp(z) + sp.exp(-z)),
    "limits": (-sp.S.One, sp.S.One),
}


@register(
    "eq-tanh-range",
    chapter=4,
    kind="exact",
    title="tanh approaches −1 and 1 and reaches neither",
    latex=r"\begin{gathered}\begin{aligned}1-\tanh z&=\frac{2e^{-z}}{e^z+e^{-z}}>0\\[6pt]"
    r"1+\tanh z&=\frac{2e^z}{e^z+e^{-z}}>0\end{aligned}\\[6pt]"
    r"\lim_{z\to-\infty}\tanh z=-1,\qquad\lim_{z\to\infty}\tanh z=1\end{gathered}",
    method="1 ∓ tanh z is brought to the common denominator and compared with the package's tanh."
    " SymPy knows that the fractions are positive, and finds the limits.",
    claim=APART,
    wrong={
        "the exponentials exchanged": APART
        | {"below 1": APART["above −1"], "above −1": APART["below 1"]},
        "the 2 forgotten": APART | {"below 1": sp.exp(-z) / (sp.exp(z) + sp.exp(-z))},
        "zero attained": APART | {"below 1": sp.S.Zero},
        "the limits of the sigmoid": APART | {"limits": (sp.S.Zero, sp.S.One)},
        "the limits of coth, from inside": APART | {"limits": (-sp.oo, sp.oo)},
    },
)
def tanh_stays_inside(claim):
    """1 − tanh z and 1 + tanh z, their signs, and z → ∓∞."""
    for part, sign in (("below 1", -1), ("above −1", 1)):
        agree_everywhere(claim[part], 1 + sign * QUOTIENT)
        agree_everywhere(claim[part], lambda point, sign=sign: 1 + sign * TANH.f(point))
        require(claim[part].is_positive, part)
    agree(claim["limits"], [sp.limit(at(TANH.f, z), z, end) for end in (-sp.oo, sp.oo)])


TANH_SLOPE = {
    "slope": 1 - sp.tanh(z) ** 2,
    "range": Numbers("(0, 1]"),
    "steepest": (sp.S.Zero,),
}


@register(
    "eq-tanh-derivative",
    chapter=4,
    kind="exact",
    title="slope of tanh",
    latex=r"\begin{gathered}\tanh'(z)=1-\tanh^2z\\"
    r"0<\tanh'(z)\le1,\quad\text{equality}\iff z=0\end{gathered}",
    method="SymPy differentiates the quotient of exponentials; the package's derivative agrees."
    " SymPy finds the values of 1 − t² for −1 < t < 1, and where tanh z = 0.",
    claim=TANH_SLOPE,
    wrong={
        "the sign reversed": TANH_SLOPE | {"slope": 1 + sp.tanh(z) ** 2},
        "the square forgotten": TANH_SLOPE | {"slope": 1 - sp.tanh(z)},
        "the slope of the sigmoid": TANH_SLOPE | {"slope": sp.tanh(z) * (1 - sp.tanh(z))},
        "zero attained": TANH_SLOPE | {"range": Numbers("[0, 1]")},
        "one not attained": TANH_SLOPE | {"range": OPEN},
        "the bound of the sigmoid": TANH_SLOPE | {"range": Numbers("(0, 1/4]")},
        "steepest at z = 1": TANH_SLOPE | {"steepest": (sp.S.One,)},
    },
)
def slope_of_tanh(claim):
    """d/dz of the quotient, the package's df, the values of 1 − t², and t = 0."""
    agree_everywhere(claim["slope"], sp.diff(QUOTIENT, z))
    agree_everywhere(claim["slope"], TANH.df)
    require_range(claim["range"], values_of_one_minus_square())
    # tanh z = 0: the numerator eᶻ − e⁻ᶻ, times eᶻ, is r² − 1 with r = eᶻ > 0
    (rest,) = sp.solve(r**2 - 1, r)
    agree(claim["steepest"], (sp.log(rest),))
    agree(claim["slope"].subs(z, claim["steepest"][0]), 1)


@cache
def values_of_one_minus_square():
    """Return the set of values of 1 − t² for −1 < t < 1."""
    return function_range(1 - t**2, t, sp.Interval.open(-1, 1))


@register(
    "eq-tanh-sigmoid",
    chapter=4,
    kind="exact",
    title="tanh is a sigmoid, stretched and shifted",
    latex=r"\tanh z=2\,\sigma(2z)-1",
    method="The right side, evaluated with the package's sigmoid at u, −u and 0, is compared with"
    " the package's tanh and with the quotient of exponentials.",
    claim=2 * sigma(2 * z) - 1,
    wrong={
        "the inner 2 forgotten": 2 * sigma(z) - 1,
        "the outer 2 forgotten": sigma(2 * z) - 1,
        "the inner 2 halved": 2 * sigma(z / 2) - 1,
        "the shift forgotten": 2 * sigma(2 * z),
        "the derivative": 4 * slope(2 * z),
    },
)
def tanh_by_the_sigmoid(claim):
    """The package's tanh and the quotient."""
    agree_everywhere(claim, TANH.f)
    agree_everywhere(claim, QUOTIENT)


# --- ReLU and its relatives ---------------------------------------------------------------------

RELU_IS = {"max": sp.Max(0, z), "half": (z + sp.Abs(z)) / 2, "range": Numbers("[0, ∞)")}


@register(
    "eq-relu",
    chapter=4,
    kind="exact",
    title="ReLU maps onto [0, ∞)",
    latex=r"\begin{gathered}\operatorname{relu}(z)=\max(0,z)=\tfrac12\bigl(z+|z|\bigr)\\"
    r"\operatorname{relu}(\mathbb R)=[0,\infty)\end{gathered}",
    method="Both forms are compared with the package's relu at u, −u and 0. Its values are u,"
    " which is any positive number, and 0.",
    claim=RELU_IS,
    wrong={
        "infinity as a value": RELU_IS | {"range": Numbers("[0, ∞]")},
        "zero not attained": RELU_IS | {"range": Numbers("(0, ∞)")},
        "every number": RELU_IS | {"range": Numbers("(-∞, ∞)")},
        "min instead of max": RELU_IS | {"max": sp.Min(0, z)},
        "the absolute value": RELU_IS | {"max": sp.Max(-z, z)},
        "z − |z|": RELU_IS | {"half": (z - sp.Abs(z)) / 2},
        "the half forgotten": RELU_IS | {"half": z + sp.Abs(z)},
    },
)
def the_relu(claim):
    """The value is z if z > 0, else 0; the package's relu; the set of these values."""
    for part in ("max", "half"):
        agree_everywhere(claim[part], RELU.f)
        agree([read(claim[part], point) for point in POINTS], [u, 0, 0])
    positive = sp.Interval.open(0, sp.oo)
    values = [{u: positive}.get(v, sp.FiniteSet(v)) for v in (at(RELU.f, m) for m in POINTS)]
    require_range(claim["range"], sp.Union(*values))


RELU_SLOPE = {
    "slope": sp.Piecewise((1, z > 0), (0, z < 0)),
    "from below": sp.S.Zero,
    "from above": sp.S.One,
}


@register(
    "eq-relu-derivative",
    chapter=4,
    kind="exact",
    title="slope of ReLU, and its kink",
    latex=r"\begin{gathered}\operatorname{relu}'(z)=\begin{cases}1,&z>0\\"
    r"0,&z<0\end{cases}\\[6pt]"
    r"\lim_{h\to0^-}\frac{\operatorname{relu}(h)}h=0,"
    r"\qquad\lim_{h\to0^+}\frac{\operatorname{relu}(h)}h=1\\[6pt]"
    r"\text{so there is no derivative at }0\end{gathered}",
    method="We form difference quotients of the package's relu between any two positive points,"
    " between any two negative points, and between 0 and a point on either side. Each quotient is"
    " one number, so it is the limit; at 0 the two limits differ.",
    claim=RELU_SLOPE,
    wrong={
        "the slopes exchanged": RELU_SLOPE | {"slope": sp.Piecewise((0, z > 0), (1, z < 0))},
        "slope 0 at the kink": RELU_SLOPE | {"slope": sp.Piecewise((1, z > 0), (0, True))},
        "slope 1 at the kink": RELU_SLOPE | {"slope": sp.Piecewise((1, z >= 0), (0, True))},
        "that of the absolute value": RELU_SLOPE | {"slope": sp.Piecewise((1, z > 0), (-1, z < 0))},
        "one half from both sides": RELU_SLOPE
        | {"from below": Rational(1, 2), "from above": Rational(1, 2)},
        "the sides exchanged": RELU_SLOPE | {"from below": sp.S.One, "from above": sp.S.Zero},
        "relu itself": RELU_SLOPE | {"slope": sp.Max(0, z)},
    },
)
def slope_of_the_relu(claim):
    """[relu(z + h) − relu(z)]/h on either side and at 0; the package's df away from the kink."""
    quotient = quotients(RELU.f)
    for side, point in (("positive", u), ("negative", -u)):
        agree(claim["slope"].subs(z, point), quotient[side])
        agree(quotient[side], at(RELU.df, point))
    agree(claim["from below"], quotient["from below"])
    agree(claim["from above"], quotient["from above"])
    differ = quotient["from below"] != quotient["from above"]
    require(differ and claim["slope"].subs(z, 0) is sp.nan, "the claim has a slope at 0")


def quotients(f):
    """Return the difference quotients of a function that is linear on either side of 0."""
    low, high = at(f, -u - h), at(f, u + h)
    return {
        "positive": sp.simplify((high - at(f, u)) / h),
        "negative": sp.simplify((at(f, -u) - low) / h),
        "from below": sp.simplify((at(f, sp.S.Zero) - at(f, -h)) / h),
        "from above": sp.simplify((at(f, h) - at(f, sp.S.Zero)) / h),
    }


SUBGRADIENTS = {"set": Numbers("[0, 1]"), "taken": sp.S.Zero}


@register(
    "eq-relu-subgradient",
    chapter=4,
    kind="exact",
    title="subgradients of ReLU at the kink",
    latex=r"\begin{gathered}\operatorname{relu}(u)\ge g\,u\ \text{ for all }u\in\mathbb R\\"
    r"\iff g\in[0,1]=\partial\operatorname{relu}(0)\\[6pt]"
    r"\text{the package takes }g=0\end{gathered}",
    method="The package's relu lies on or above the line g·z at z = u and at z = −u: two"
    " inequalities, which SymPy solves for g. The package's derivative at 0 is evaluated.",
    claim=SUBGRADIENTS,
    wrong={
        "the package's choice alone": SUBGRADIENTS | {"set": Numbers("[0, 0]")},
        "the open interval": SUBGRADIENTS | {"set": Numbers("(0, 1)")},
        "that of the absolute value": SUBGRADIENTS | {"set": Numbers("[-1, 1]")},
        "every slope": SUBGRADIENTS | {"set": Numbers("[0, ∞)")},
        "the package takes ½": SUBGRADIENTS | {"taken": Rational(1, 2)},
        "the package takes 1": SUBGRADIENTS | {"taken": sp.S.One},
    },
)
def subgradients_of_the_relu(claim):
    """relu(±u) − g·(±u) ≥ 0 for all u > 0; the package's df at 0."""
    above = [sp.expand((at(RELU.f, point) - g * point) / u) for point in (u, -u)]
    solved = [sp.solve_univariate_inequality(gap >= 0, g, relational=False) for gap in above]
    require_range(claim["set"], sp.Intersection(*solved))
    agree(claim["taken"], at(RELU.df, sp.S.Zero))


LEAKY = {
    "function": sp.Max(alpha * z, z),
    "slope": sp.Piecewise((1, z > 0), (alpha, z < 0)),
    "range of α": Numbers("(0, 1)"),
}


@register(
    "eq-leaky-relu",
    chapter=4,
    kind="exact",
    title="leaky ReLU",
    latex=r"\begin{gathered}\operatorname{lrelu}_\alpha(z)=\max(\alpha z,z),"
    r"\qquad0<\alpha<1\\[6pt]"
    r"\operatorname{lrelu}_\alpha'(z)=\begin{cases}1,&z>0\\"
    r"\alpha,&z<0\end{cases}\end{gathered}",
    method="The function is z for z > 0 and αz for z < 0, with α = 1/(1 + r), which is any number"
    " between 0 and 1: z is the larger for z > 0 because α < 1, and the left side rises because α"
    " > 0. The package's version, with α = 0.01, has difference quotients that differ at 0.",
    claim=LEAKY,
    wrong={
        "min instead of max": LEAKY | {"function": sp.Min(alpha * z, z)},
        "the leak for z > 0": LEAKY | {"slope": sp.Piecewise((alpha, z > 0), (1, z < 0))},
        "no leak": LEAKY | {"slope": sp.Piecewise((1, z > 0), (0, z < 0))},
        "a negative slope for z < 0": LEAKY | {"slope": sp.Piecewise((1, z > 0), (-alpha, z < 0))},
        "a slope at the kink": LEAKY | {"slope": sp.Piecewise((1, z >= 0), (alpha, True))},
        "the leak added": LEAKY | {"function": sp.Max(0, z) + alpha * z},
        "any α": LEAKY | {"range of α": Numbers("(-∞, ∞)")},
        "α = 0 included": LEAKY | {"range of α": Numbers("[0, 1)")},
    },
)
def the_leaky_relu(claim):
    """Values and quotients for α = 1/(1 + r) and, by the package, for α = 0.01."""
    larger, rising = sp.expand((u - p * u) / u), p  # z exceeds αz where z > 0; αz rises
    solved = [
        sp.solve_univariate_inequality(part > 0, p, relational=False) for part in (larger, rising)
    ]
    require_range(claim["range of α"], sp.Intersection(*solved))
    leak = 1 / (1 + r)
    parts = {part: claim[part].subs(alpha, leak) for part in ("function", "slope")}
    truth = {u: u, -u: -leak * u, sp.S.Zero: sp.S.Zero}
    for point in POINTS:
        agree(parts["function"].subs(z, point), truth[point])
    slopes = [sp.diff(truth[u], u), -sp.diff(truth[-u], u)]
    agree([parts["slope"].subs(z, point) for point in (u, -u)], slopes)
    require(claim["slope"].subs(z, 0) is sp.nan, "the claim has a slope at 0")
    parts = {part: claim[part].subs(alpha, Rational(str(LEAK))) for part in parts}
    agree_everywhere(parts["function"], LEAKY_RELU.f)
    quotient = quotients(LEAKY_RELU.f)
    require(quotient["from below"] != quotient["from above"], "there is a slope at 0")
    for side, point in (("positive", u), ("negative", -u)):
        agree(parts["slope"].subs(z, point), quotient[side])
        agree(quotient[side], at(LEAKY_RELU.df, point))


SOFTPLUS_IS = {
    "function": sp.log(1 + sp.exp(z)),
    "slope": sigma(z),
    "range": Numbers("(0, ∞)"),
}


@register(
    "eq-softplus",
    chapter=4,
    kind="exact",
    title="softplus, whose derivative is the sigmoid",
    latex=r"\begin{gathered}\operatorname{softplus}(z)=\log\bigl(1+e^z\bigr)>0\\"
    r"\operatorname{softplus}'(z)=\sigma(z)\end{gathered}",
    method="SymPy differentiates log(1 + eᶻ); the package's softplus, compared through its"
    " exponential, and its derivative agree. SymPy finds the values of log(1 + t) for t > 0.",
    claim=SOFTPLUS_IS,
    wrong={
        "the wrong sign of the exponent": SOFTPLUS_IS | {"function": sp.log(1 + sp.exp(-z))},
        "the slope of the sigmoid": SOFTPLUS_IS | {"slope": slope(z)},
        "the inner derivative forgotten": SOFTPLUS_IS | {"slope": 1 / (1 + sp.exp(z))},
        "zero attained, as for ReLU": SOFTPLUS_IS | {"range": Numbers("[0, ∞)")},
        "the range of its slope": SOFTPLUS_IS | {"range": OPEN},
        "the 1 forgotten": SOFTPLUS_IS | {"function": sp.log(sp.exp(z))},
    },
)
def the_softplus(claim):
    """The exponential of both sides; d/dz log(1 + eᶻ); the values."""
    for point in POINTS:
        agree(sp.exp(read(claim["function"], point)), sp.exp(at(SOFTPLUS.f, point)))
    agree_everywhere(sp.diff(claim["function"], z), sp.exp(z) / (1 + sp.exp(z)))
    agree_everywhere(claim["slope"], sp.diff(sp.log(1 + sp.exp(z)), z))
    agree_everywhere(claim["slope"], SOFTPLUS.df)
    require_range(claim["range"], values_for_positive(sp.log(1 + t)))


@register(
    "eq-softplus-stable",
    chapter=4,
    kind="exact",
    title="softplus without overflow",
    latex=r"\begin{aligned}\log\bigl(1+e^z\bigr)&=\max(z,0)\\"
    r"&\quad+\log\bigl(1+e^{-|z|}\bigr)\end{aligned}",
    method="The exponential of the right side is 1 + eᶻ at u, −u and 0. The package's softplus is"
    " this formula, and its exponent is never positive.",
    claim=sp.Max(z, 0) + sp.log(1 + sp.exp(-sp.Abs(z))),
    wrong={
        "the wrong sign of |z|": sp.Max(z, 0) + sp.log(1 + sp.exp(sp.Abs(z))),
        "z instead of |z|": sp.Max(z, 0) + sp.log(1 + sp.exp(-z)),
        "z instead of max(z, 0)": z + sp.log(1 + sp.exp(-sp.Abs(z))),
        "relu of −z": sp.Max(-z, 0) + sp.log(1 + sp.exp(-sp.Abs(z))),
        "the 1 forgotten": sp.Max(z, 0) + sp.log(sp.exp(-sp.Abs(z))),
        "|z| and max exchanged": sp.Abs(z) + sp.log(1 + sp.exp(-sp.Max(z, 0))),
    },
)
def softplus_without_overflow(claim):
    """exp(claim) = 1 + eᶻ; the package's softplus; the exponents in the claim."""
    for point in POINTS:
        agree(sp.exp(read(claim, point)), 1 + sp.exp(point))
        agree(read(claim, point), at(SOFTPLUS.f, point))
    for power in sp.sympify(claim).atoms(sp.exp):
        require(power.exp.is_nonpositive, "the exponent", power.exp, "can be positive")


SHARP = {
    "gap": tau * sp.log(1 + sp.exp(-sp.Abs(z) / tau)),
    "bound": tau * sp.log(2),
    "far out": sp.S.Zero,
}


@register(
    "eq-softplus-relu",
    chapter=4,
    kind="exact",
    title="a sharp softplus is close to ReLU",
    latex=r"\begin{aligned}0&<\tau\log\bigl(1+e^{z/\tau}\bigr)-\operatorname{relu}(z)\\"
    r"&=\tau\log\bigl(1+e^{-|z|/\tau}\bigr)\\"
    r"&\le\tau\log2\qquad(\tau>0)\end{aligned}",
    method="We compute the exponential of gap/τ from the package's softplus and relu at u, −u and"
    " 0. The gap decreases in |z|, from the bound at 0 to the limit 0 at infinity, so it is never"
    " 0.",
    claim=SHARP,
    wrong={
        "divided by τ instead of multiplied": SHARP
        | {"gap": sp.log(1 + sp.exp(-sp.Abs(z) / tau)) / tau},
        "|z| multiplied by τ": SHARP | {"gap": tau * sp.log(1 + sp.exp(-sp.Abs(z) * tau))},
        "the wrong sign of |z|": SHARP | {"gap": tau * sp.log(1 + sp.exp(sp.Abs(z) / tau))},
        "z instead of |z|": SHARP | {"gap": tau * sp.log(1 + sp.exp(-z / tau))},
        "the bound for τ = 1": SHARP | {"bound": sp.log(2)},
        "the bound divided by τ": SHARP | {"bound": sp.log(2) / tau},
        "a gap that does not vanish": SHARP | {"far out": tau},
    },
)
def sharp_softplus(claim):
    """exp(gap/τ) = (1 + e^{z/τ}) e^{−relu(z)/τ}; the gap's derivative, value at 0 and limit."""
    for point in POINTS:
        gap = read(claim["gap"], point)
        relu = at(RELU.f, point)
        agree(sp.exp(sp.expand(gap / tau)), (1 + sp.exp(point / tau)) * sp.exp(-relu / tau))
        agree(gap, tau * at(SOFTPLUS.f, point / tau) - relu)
    falling = claim["gap"].subs(z, u)
    require(sp.diff(falling, u).is_negative, "the gap does not decrease in |z|")
    agree(claim["bound"], claim["gap"].subs(z, 0))
    agree(claim["far out"], sp.limit(falling, u, sp.oo))


# --- softmax ------------------------------------------------------------------------------------

SHARE = sp.exp(zz[j]) / Sum(sp.exp(zz[k]), (k, 1, K))
SOFTMAX = {"share": SHARE, "total": sp.S.One, "range": OPEN}


def column(size, top):
    """Return z of shape (size, 1): M at position `top`, M − r with r ≥ 0 at the others."""
    below = symbols("r", size, 1, nonnegative=True)
    return Symbols([[M - (0 if q == top else below[q, 0])] for q in range(size)])


def columns(*sizes):
    """Yield such columns of these sizes, with the largest entry at each position."""
    yield from (column(size, top) for size in sizes for top in range(size))


def one_share(claim, z_, row):
    """Return a claim in K, z_k and j for this column and this j, counted from 1."""
    return replace_indexed(sp.sympify(claim).subs({K: len(z_), j: row}), {zz: entry(z_.ravel())})


@register(
    "eq-softmax",
    chapter=4,
    kind="exact",
    title="softmax: positive numbers that add up to 1",
    latex=r"\begin{gathered}p_j=\operatorname{softmax}(z)_j"
    r"=\frac{e^{z_j}}{\sum_{k=1}^Ke^{z_k}}\\[6pt]"
    r"\sum_{j=1}^Kp_j=1,\qquad0<p_j<1\quad(K\ge2)\end{gathered}",
    method="The package's softmax is run on columns of 1 to 3 symbols, with the largest in every"
    " position. 1/p_j is 1 plus the sum of e^(z_k − z_j) over the others, which for K ≥ 2 is any"
    " positive t; SymPy finds the values of 1/(1 + t).",
    claim=SOFTMAX,
    wrong={
        "the exponential forgotten": SOFTMAX | {"share": zz[j] / Sum(zz[k], (k, 1, K))},
        "its own term left out of the sum": SOFTMAX
        | {"share": sp.exp(zz[j]) / (Sum(sp.exp(zz[k]), (k, 1, K)) - sp.exp(zz[j]))},
        "the exponential of the sum": SOFTMAX
        | {"share": sp.exp(zz[j]) / sp.exp(Sum(zz[k], (k, 1, K)))},
        "a sigmoid for each": SOFTMAX | {"share": 1 / (1 + sp.exp(-zz[j]))},
        "the sum is K": SOFTMAX | {"total": K},
        "0 and 1 attained": SOFTMAX | {"range": Numbers("[0, 1]")},
        "always above ½": SOFTMAX | {"range": Numbers("(1/2, 1)")},
    },
)
def the_softmax(claim):
    """Each share against the package; their sum; 1/p_j − 1 = Σ e^(z_k − z_j) over k ≠ j."""
    for z_ in columns(1, 2, 3):
        shares = [one_share(claim["share"], z_, row) for row in range(1, len(z_) + 1)]
        agree(shares, list(softmax(z_).ravel()))
        agree(claim["total"].subs(K, len(z_)), sum(shares))
        odds = sum(np.exp(z_[1:, 0] - z_[0, 0]))
        agree(1 / shares[0] - 1, odds)
    require_range(claim["range"], values_for_positive(1 / (1 + t)))


JACOBIAN = {
    "own": share[j] * (1 - share[j]),
    "other": -share[j] * share[k],
    "matrix": diagonal - column_p * column_p.T,
}


@register(
    "eq-softmax-jacobian",
    chapter=4,
    kind="exact",
    title="Jacobian of softmax",
    latex=r"\begin{gathered}\frac{\partial p_j}{\partial z_k}=\begin{cases}p_j(1-p_j),&k=j\\"
    r"-p_j\,p_k,&k\ne j\end{cases}\\[6pt]"
    r"\frac{\partial p}{\partial z}=\operatorname{diag}(p)-p\,p^{\mathsf T}\end{gathered}",
    method="e^(z_j) over a sum of symbolic length is differentiated with respect to z_j and to"
    " another z_k; the matrix is compared entry by entry for columns of 1 to 3 symbols.",
    claim=JACOBIAN,
    wrong={
        "diagonal, as for a sigmoid": JACOBIAN | {"other": sp.S.Zero},
        "the wrong sign of the others": JACOBIAN | {"other": share[j] * share[k]},
        "the square forgotten": JACOBIAN | {"own": share[j]},
        "the diagonal formula for the others": JACOBIAN | {"other": -share[k] * (1 - share[k])},
        "an inner product": JACOBIAN | {"matrix": diagonal - column_p.T * column_p},
        "the wrong sign of the product": JACOBIAN | {"matrix": diagonal + column_p * column_p.T},
    },
)
def jacobian_of_the_softmax(claim):
    """∂p_j/∂z_j and ∂p_j/∂z_k, k ≠ j, for any K; the whole matrix for K = 1, 2, 3."""
    total = Sum(sp.exp(zz[q]), (q, 1, K))
    meaning = {share: lambda row: sp.exp(zz[row]) / total}
    own = derivative(meaning[share](j), zz[j])
    agree(replace_indexed(claim["own"], meaning), own)
    other = derivative(meaning[share](j), zz[k]).subs(sp.KroneckerDelta(j, k), 0)
    agree(replace_indexed(claim["other"], meaning), other)
    for size in (1, 2, 3):
        z_ = symbols("z", size, 1)
        shares = np.exp(z_) / np.exp(z_).sum()
        rows = [differentiate(part, z_).ravel() for part in shares.ravel()]
        meaning = {column_p: shares, diagonal: Symbols(np.diag(shares.ravel()))}
        agree(value(claim["matrix"], meaning), Symbols(rows))


SHIFT = {"shifted": SHARE, "choice": -M}


@register(
    "eq-softmax-shift",
    chapter=4,
    kind="parametric",
    title="softmax does not change when all entries are shifted",
    latex=r"\begin{gathered}\operatorname{softmax}(z+c\mathbf 1)=\operatorname{softmax}(z)"
    r"\quad(c\in\mathbb R)\\"
    r"\text{the package takes }c=-\max_kz_k\end{gathered}",
    method="The package's softmax of columns of 1 to 3 symbols, with the same symbol c added to"
    " each, is e^(z_j) over the sum without c. With the package's choice of c the largest exponent"
    " is 0, and numbers of 10,000 do not overflow.",
    claim=SHIFT,
    wrong={
        "a common factor": SHIFT | {"shifted": sp.exp(c) * SHARE},
        "scaled instead of shifted": SHIFT
        | {"shifted": sp.exp(c * zz[j]) / Sum(sp.exp(c * zz[k]), (k, 1, K))},
        "only its own entry shifted": SHIFT
        | {"shifted": sp.exp(zz[j] + c) / Sum(sp.exp(zz[k]), (k, 1, K))},
        "the largest added": SHIFT | {"choice": M},
        "nothing subtracted": SHIFT | {"choice": sp.S.Zero},
    },
)
def softmax_of_a_shifted_column(claim):
    """softmax(z + c) by the package; M + c = 0 for the largest entry M."""
    for z_ in columns(1, 2, 3):
        shares = [one_share(claim["shifted"], z_, row) for row in range(1, len(z_) + 1)]
        agree(shares, list(softmax(z_ + c).ravel()))
    agree(M + claim["choice"], 0)
    large = np.array([[10000.0], [9999.0]])
    require(np.isfinite(softmax(large)).all(), "the package's softmax overflows")


TWO = (sigma(z1 - z2), sigma(z2 - z1))


@register(
    "eq-softmax-two",
    chapter=4,
    kind="exact",
    title="softmax of two is a sigmoid",
    latex=r"\begin{aligned}K=2:\quad p_1&=\sigma(z_1-z_2)\\"
    r"p_2&=\sigma(z_2-z_1)\end{aligned}",
    method="The package's softmax of two symbols, whose difference is u, −u and 0, is compared"
    " with the package's sigmoid of the difference.",
    claim=TWO,
    wrong={
        "the classes exchanged": TWO[::-1],
        "a sigmoid for each": (sigma(z1), sigma(z2)),
        "the sum": (sigma(z1 + z2), 1 - sigma(z1 + z2)),
        "the same for both": (sigma(z1 - z2), sigma(z1 - z2)),
        "twice the difference, as for tanh": (sigma(2 * (z1 - z2)), sigma(2 * (z2 - z1))),
    },
)
def softmax_of_two(claim):
    """e^(z₁) and e^(z₂) over their sum, and the package's softmax."""
    for point in POINTS:
        pair = Symbols([[z1], [z1 - point]])
        ours = [read(part.subs(z2, z1 - point), point) for part in claim]
        powers = np.exp(pair).ravel()
        agree(ours, list(powers / powers.sum()))
        agree(ours, list(softmax(pair).ravel()))


def heat(z_):
    """Return the package's softmax(z/τ), a list."""
    return list(softmax(z_ / tau).ravel())


TEMPERATURE = {
    "share": sp.exp(zz[j] / tau) / Sum(sp.exp(zz[k] / tau), (k, 1, K)),
    "hot": 1 / K,
    "cold": sp.S.One,
}


@register(
    "eq-softmax-temperature",
    chapter=4,
    kind="parametric",
    title="softmax is uniform when hot, and selects the largest entry when cold",
    latex=r"\begin{gathered}p_j(\tau)=\operatorname{softmax}(z/\tau)_j\quad(\tau>0)\\[6pt]"
    r"\lim_{\tau\to\infty}p_j(\tau)=\frac1K\\[6pt]"
    r"z_m>z_k\text{ for all }k\ne m\ \Rightarrow\\"
    r"\lim_{\tau\to0^+}p_m(\tau)=1\end{gathered}",
    method="The package's softmax of z/τ is run on columns of 1 to 3 symbols. SymPy finds the"
    " limits for τ → ∞, and for τ → 0 where the largest entry exceeds the others by positive"
    " numbers.",
    claim=TEMPERATURE,
    wrong={
        "multiplied by τ": TEMPERATURE
        | {"share": sp.exp(zz[j] * tau) / Sum(sp.exp(zz[k] * tau), (k, 1, K))},
        "the shares divided by τ": TEMPERATURE | {"share": SHARE / tau},
        "hot and cold exchanged": TEMPERATURE | {"hot": sp.S.One, "cold": 1 / K},
        "hot shares are 0": TEMPERATURE | {"hot": sp.S.Zero},
        "the largest gets ½": TEMPERATURE | {"cold": Rational(1, 2)},
    },
)
def temperature_of_the_softmax(claim):
    """The shares of z/τ, and both limits."""
    for z_ in columns(1, 2, 3):
        shares = [one_share(claim["share"], z_, row) for row in range(1, len(z_) + 1)]
        agree(shares, heat(z_))
    for size in (1, 2, 3):
        hot, cold = limits_of_the_softmax(size)
        agree([claim["hot"].subs(K, size)] * size, hot)
        agree(claim["cold"].subs(K, size), cold)


@cache
def limits_of_the_softmax(size):
    """Return all shares of a column for τ → ∞, and the share of the largest entry for τ → 0."""
    below = symbols("r", size, 1, positive=True)
    z_ = Symbols([[M], *([M - gap] for gap in below[1:, 0])])
    shares = heat(z_)
    return [sp.limit(part, tau, sp.oo) for part in shares], sp.limit(shares[0], tau, 0, "+")


LOG_SUM = {
    "value": M + sp.log(Sum(sp.exp(zz[k] - M), (k, 1, K))),
    "least": sp.S.One,
    "most": K,
}


@register(
    "eq-logsumexp",
    chapter=4,
    kind="parametric",
    title="the logarithm of a sum of exponentials, without overflow",
    latex=r"\begin{gathered}\log\sum_{k=1}^Ke^{z_k}=M+\log\sum_{k=1}^Ke^{z_k-M}\\"
    r"M=\max_kz_k,\qquad1\le\sum_{k=1}^Ke^{z_k-M}\le K\end{gathered}",
    method="The exponential of the right side is the sum, for columns of 1 to 4 symbols with the"
    " largest, M, in every position; the package's cross-entropy computes the same. The sum of"
    " e^(z_k − M) decreases in each gap, from K where all gaps are 0 towards 1.",
    claim=LOG_SUM,
    wrong={
        "M not added back": LOG_SUM | {"value": sp.log(Sum(sp.exp(zz[k] - M), (k, 1, K)))},
        "M subtracted instead of added": LOG_SUM
        | {"value": -M + sp.log(Sum(sp.exp(zz[k] - M), (k, 1, K)))},
        "M added inside": LOG_SUM | {"value": M + sp.log(Sum(sp.exp(zz[k] + M), (k, 1, K)))},
        "M added once for each entry": LOG_SUM
        | {"value": K * M + sp.log(Sum(sp.exp(zz[k] - M), (k, 1, K)))},
        "M alone": LOG_SUM | {"value": M},
        "the sum may vanish": LOG_SUM | {"least": sp.S.Zero},
        "the sum at most one": LOG_SUM | {"most": sp.S.One},
    },
)
def log_of_a_sum(claim):
    """exp(claim) = Σ e^(z_k); the package's value for y = 0; the bounds of Σ e^(z_k − M)."""
    for z_ in columns(1, 2, 3, 4):
        found = sp.exp(one_share(claim["value"], z_, 1))
        agree(found, np.exp(z_).sum())
        agree(found, sp.exp(softmax_cross_entropy(z_, 0 * z_)))
        gaps = [symbol for symbol in z_.sum().free_symbols if symbol != M]
        total = np.exp(z_ - M).sum()
        require(all(sp.diff(total, gap).is_negative for gap in gaps), "the sum does not decrease")
        agree(claim["most"].subs(K, len(z_)), total.subs(dict.fromkeys(gaps, 0)))
        agree(claim["least"].subs(K, len(z_)), total.subs(dict.fromkeys(gaps, sp.oo)))


ELEMENTWISE = {"own": slope(zz[j]), "other": sp.S.Zero, "matrix": diagonal}


@register(
    "eq-elementwise-jacobian",
    chapter=4,
    kind="exact",
    title="Jacobian of an elementwise activation",
    latex=r"\begin{gathered}a_j=\sigma(z_j),\quad\sigma"
    r"\text{ differentiable at }z_j\ \Rightarrow\\[6pt]"
    r"\frac{\partial a_j}{\partial z_k}=\begin{cases}\sigma'(z_j),&k=j\\"
    r"0,&k\ne j\end{cases}\\[6pt]"
    r"\frac{\partial a}{\partial z}=\operatorname{diag}\bigl(\sigma'(z)\bigr)\end{gathered}",
    method="An undefined activation is applied to an indexed symbol and differentiated with"
    " respect to the symbols with the same index and with another index; then to columns of 1 to"
    " 4.",
    claim=ELEMENTWISE,
    wrong={
        "σ instead of σ′": ELEMENTWISE | {"own": sigma(zz[j])},
        "every entry depends on every other": ELEMENTWISE | {"other": slope(zz[j])},
        "σ′ at the other entry": ELEMENTWISE | {"own": slope(zz[k])},
        "the identity": ELEMENTWISE | {"own": sp.S.One},
        "a column instead of the matrix": ELEMENTWISE | {"matrix": column_p},
        "an outer product": ELEMENTWISE | {"matrix": column_p * column_p.T},
    },
    equivalent={"wrong transpose: D": "a diagonal matrix equals its transpose"},
)
def jacobian_of_an_activation(claim):
    """∂σ(z_j)/∂z_j, ∂σ(z_j)/∂z_k with k ≠ j, and all of them for columns of 1 to 4."""
    agree(claim["own"], derivative(sigma(zz[j]), zz[j]))
    other = derivative(sigma(zz[j]), zz[k]).subs(sp.KroneckerDelta(j, k), 0)
    agree(claim["other"], other)
    for size in (1, 2, 3, 4):
        z_ = symbols("z", size, 1)
        rows = [differentiate(part, z_).ravel() for part in SIGMA.f(z_).ravel()]
        slopes = SIGMA.df(z_)
        meaning = {column_p: slopes, diagonal: Symbols(np.diag(slopes.ravel()))}
        agree(value(claim["matrix"], meaning), Symbols(rows))
