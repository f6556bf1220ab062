r"""Chapter 1, networks: the definitions, and the checks that the package follows them.

The truth is computed from single neurons, one weighted sum at a time, on symbols and with undefined
activation functions. The package's own `forward` must give the same result, and so must the
formula.
"""

import sympy as sp
from sympy import Sum

from nnbook.ledger.fixtures import UNDEFINED, entry, matrix, replace_indexed, sigma, value
from nnbook.ledger.registry import Refuted, agree, register, require
from nnmaths.network import Network, forward, predict
from nnmaths.symbolic import Symbols, parameters, symbols

k, l = sp.symbols("k l", integer=True, positive=True)
n, L = sp.symbols("n L", integer=True, positive=True)
b, zp, zq = sp.symbols("b z(p) z(q)", real=True)
w, x, v, width = map(sp.IndexedBase, ("w", "x", "v", "n"))
W, A, B = map(matrix, ("W", "a", "b"))

INPUTS = range(1, 5)  # a single neuron is checked with one to four inputs


def unit(inputs):
    """Return the parameters of one neuron, its network and a sample, all on symbols."""
    return parameters((inputs, 1)), Network((inputs, 1), UNDEFINED[:1]), symbols("x", inputs, 1)


def weighted_sum(theta, at):
    """Return z = Σ_k w_k x_k + b of one neuron, added up term by term."""
    terms = [theta.W[1][0, i] * at[i, 0] for i in range(len(at))]
    return sum(terms, theta.b[1][0, 0])


def read(claim, theta, **columns):
    """Return a formula with w, b and n taken from theta, and other symbols from the columns."""
    meaning = {w: entry(theta.W[1][0])}
    meaning |= {sp.IndexedBase(name): entry(at[:, 0]) for name, at in columns.items()}
    inputs = theta.W[1].shape[1]
    found = replace_indexed(sp.sympify(claim).subs(n, inputs), meaning)
    return found.subs(b, theta.b[1][0, 0])


NEURON = {"z": Sum(w[k] * x[k], (k, 1, n)) + b, "a": sigma(Sum(w[k] * x[k], (k, 1, n)) + b)}


@register(
    "eq-unit",
    chapter=1,
    kind="definition",
    title="one neuron: a weighted sum, a bias and an activation",
    latex=r"\begin{aligned}z&=w_1x_1+w_2x_2+\dots+w_nx_n+b\\a&=\sigma(z)\end{aligned}",
    method="For one neuron with one to four inputs, on symbols and with an undefined σ, the"
    " formula and the package's forward pass are compared with the sum added up term by term, and"
    " with σ of it.",
    claim=NEURON,
    wrong={
        "no bias": NEURON | {"z": NEURON["z"] - b},
        "n + 1 weights for n inputs, counted from 0": NEURON
        | {"z": Sum(w[k - 1] * x[k], (k, 1, n)) + b},
        "σ of each product": NEURON | {"a": Sum(sigma(w[k] * x[k]), (k, 1, n)) + b},
        "the bias outside σ": NEURON | {"a": sigma(NEURON["z"] - b) + b},
        "a bias for each input": NEURON | {"z": Sum(w[k] * x[k] + b, (k, 1, n))},
        "the bias subtracted, like a threshold": NEURON | {"z": NEURON["z"] - 2 * b},
    },
)
def neuron_defined(claim):
    """The claim and the package's forward pass, against the sum written out."""
    for inputs in INPUTS:
        theta, network, at = unit(inputs)
        z = weighted_sum(theta, at)
        truth = {"z": z, "a": sigma(z)}
        agree({part: read(claim[part], theta, x=at) for part in truth}, truth)
        trace = forward(network, theta, at)
        agree((trace.z[1][0, 0], trace.a[1][0, 0]), tuple(truth.values()))


@register(
    "eq-unit-change",
    chapter=1,
    kind="parametric",
    title="how z changes when the inputs change",
    latex=r"\begin{aligned}&z(x+v)-z(x)\\&\quad=w_1v_1+w_2v_2+\dots+w_nv_n\end{aligned}",
    method="The formula is compared with the difference of two pre-activations of the package, on"
    " symbols, for one to four inputs.",
    claim=Sum(w[k] * v[k], (k, 1, n)),
    wrong={
        "the bias not dropped": Sum(w[k] * v[k], (k, 1, n)) + b,
        "the point instead of the change": Sum(w[k] * x[k], (k, 1, n)),
        "the weights alone": Sum(w[k], (k, 1, n)),
        "a change that depends on x": Sum(w[k] * v[k] * x[k], (k, 1, n)),
    },
)
def change_of_a_sum(claim):
    """z(x + v) − z(x) by the package's forward pass."""
    for inputs in INPUTS:
        theta, network, at = unit(inputs)
        step = symbols("v", inputs, 1)
        there, here = (forward(network, theta, point).z[1] for point in (at + step, at))
        agree(read(claim, theta, x=at, v=step), sp.expand((there - here)[0, 0]))


HALFWAY = {"value": (zp + zq) / 2, "between": sp.Rational(1, 2)}


@register(
    "eq-unit-midpoint",
    chapter=1,
    kind="parametric",
    title="halfway between two inputs, z is halfway too",
    latex=r"\begin{gathered}z\Bigl(\frac{p+q}2\Bigr)=\frac{z(p)+z(q)}2\\"
    r"z(p)<0,\ z(q)<0\ \Rightarrow\ z\Bigl(\frac{p+q}2\Bigr)<0\end{gathered}",
    method="The package computes the pre-activation at the midpoint of two symbolic inputs, for"
    " one to four inputs. The mean of two negative symbols is negative.",
    claim=HALFWAY,
    wrong={
        "the sum": HALFWAY | {"value": zp + zq},
        "the difference": HALFWAY | {"value": (zp - zq) / 2},
        "the larger of the two": HALFWAY | {"value": sp.Max(zp, zq)},
        "the geometric mean": HALFWAY | {"value": sp.sqrt(zp * zq)},
        "a third of the way": HALFWAY | {"between": sp.Rational(1, 3)},
    },
)
def halfway(claim):
    """The pre-activation at p + s(q − p), with s the claimed fraction, is the claimed value."""
    for inputs in INPUTS:
        theta, network, p = unit(inputs)
        q = symbols("q", inputs, 1)
        ends = {zp: weighted_sum(theta, p), zq: weighted_sum(theta, q)}
        middle = forward(network, theta, p + (q - p) * claim["between"]).z[1][0, 0]
        agree(sp.sympify(claim["value"]).subs(ends), middle)
    below = sp.symbols("z_p z_q", negative=True)
    negative = sp.sympify(claim["value"]).subs(dict(zip((zp, zq), below, strict=True))).is_negative
    require(negative, "not negative between two negative values")


COMPOSED = {"layer": W * A + B, "order": L + 1 - l}


@register(
    "eq-composition",
    chapter=1,
    kind="definition",
    title="a network is a composition of layers",
    latex=r"\begin{gathered}f_\theta=f^{(L)}\circ f^{(L-1)}\circ\cdots\circ f^{(1)}\\"
    r"f^{(l)}(a)=\sigma^{(l)}\bigl(W^{(l)}a+b^{(l)}\bigr)\\"
    r"\theta=\bigl\{W^{(l)},b^{(l)}\bigr\}_{l=1}^{L}\end{gathered}",
    method="On networks of one to three layers, with symbolic parameters and undefined"
    " activations, the composition and the package's output are compared with the output computed"
    " neuron by neuron.",
    claim=COMPOSED,
    wrong={
        "the last layer first": COMPOSED | {"order": l},
        "the first layer used everywhere": COMPOSED | {"order": sp.S.One},
        "one layer too many": COMPOSED | {"order": L + 2 - l},
        "the transpose": COMPOSED | {"layer": W.T * A + B},
        "no bias": COMPOSED | {"layer": W * A},
        "W to the right of a": COMPOSED | {"layer": A * W + B},
    },
)
def composition(claim):
    """The maps, applied from right to left, against single neurons and `predict`."""
    for sizes in ((2, 1), (2, 2, 2), (2, 3, 1), (1, 2, 2, 1)):
        network, theta = Network(sizes, UNDEFINED[: len(sizes) - 1]), parameters(sizes)
        at = symbols("x", sizes[0], 1)
        truth = neuron_by_neuron(network, theta, at)
        agree(predict(network, theta, at), truth)
        found = at
        for layer in reversed(network.layers):
            number = sp.sympify(claim["order"]).subs({l: layer, L: network.L})
            if number not in network.layers:
                raise Refuted(f"there is no layer {number}")
            meaning = {W: theta.W[number], A: found, B: theta.b[number]}
            found = network.sigma[number](value(claim["layer"], meaning))
        agree(found, truth)


def neuron_by_neuron(network, theta, at):
    """Return the output of a network, computed neuron by neuron."""
    for layer in network.layers:
        matrix, bias = theta.W[layer], theta.b[layer]
        rows, columns = matrix.shape
        sums = [
            sum((matrix[j, i] * at[i, 0] for i in range(columns)), bias[j, 0]) for j in range(rows)
        ]
        at = network.sigma[layer](Symbols([[z] for z in sums]))
    return at


PARAMETERS = Sum(width[l] * (width[l - 1] + 1), (l, 1, L))


@register(
    "eq-param-count",
    chapter=1,
    kind="parametric",
    title="number of parameters",
    latex=r"|\theta|=\sum_{l=1}^{L}n_l\,(n_{l-1}+1)",
    method="For eight networks we count the distinct symbols in the package's output, without"
    " those of the input; the package's own count is the same.",
    claim=PARAMETERS,
    wrong={
        "the biases forgotten": Sum(width[l] * width[l - 1], (l, 1, L)),
        "a bias for each sender": Sum((width[l] + 1) * width[l - 1], (l, 1, L)),
        "one bias per layer": Sum(width[l] * width[l - 1] + 1, (l, 1, L)),
        "biases for the input too": PARAMETERS + width[0],
        "the widths squared": Sum(width[l] * (width[l] + 1), (l, 1, L)),
        "the number of neurons": Sum(width[l], (l, 1, L)),
    },
)
def parameters_counted(claim):
    """Count the symbols of whole networks with up to three layers."""
    shapes = ((1, 1), (2, 1), (1, 3), (3, 2), (2, 3, 1), (1, 2, 2), (1, 2, 2, 1), (2, 1, 3, 2))
    for sizes in shapes:
        network, theta = Network(sizes, UNDEFINED[: len(sizes) - 1]), parameters(sizes)
        at = symbols("x", sizes[0], 1)
        found = set().union(*(out.free_symbols for out in predict(network, theta, at).ravel()))
        truth = len(found - set(at.ravel()))
        count = sp.sympify(claim).subs(L, network.L)
        agree(replace_indexed(count, {width: lambda q, sizes=sizes: sizes[int(q)]}), truth)
        require(theta.size == truth, "the package has another count")
