r"""Chapter 6, backpropagation: the equations, and the checks that prove them.

The truth is computed in three ways. *Generic indices*: sums over indexed symbols with symbolic
widths are differentiated, and Kronecker deltas collapsed; all indices are in range. *Whole
networks*: the package's own `forward` and cost run on symbols with undefined activations, and
`sympy.diff` differentiates them; the package's `deltas` and `gradient` are compared with the same
derivatives. *Floats*: for bounds and rounding errors.
"""

import numpy as np
import sympy as sp
from sympy import HadamardProduct, Sum
from sympy.matrices.expressions.matexpr import MatrixElement

from nnbook.ledger.fixtures import (
    UNDEFINED,
    case,
    counted_from_one,
    derivative,
    entry,
    matrix,
    replace_indexed,
    sigma,
    slope,
    unknown,
    value,
)
from nnbook.ledger.registry import agree, register, require
from nnmaths.activations import IDENTITY, RELU, SIGMOID, TANH
from nnmaths.backprop import deltas, gradient
from nnmaths.costs import CROSS_ENTROPY, QUADRATIC, SOFTMAX_CROSS_ENTROPY, softmax
from nnmaths.differences import H, numerical_gradient, relative_error
from nnmaths.network import Network, Parameters, forward, initialise
from nnmaths.symbolic import Symbols, differentiate, parameters, symbols

j, k, p, i, r, l = sp.symbols("j k p i r l", integer=True, positive=True)
n, m, N, L = sp.symbols("n m N L", integer=True, positive=True)
w, v, a, b, c, z, y = map(sp.IndexedBase, ("w", "v", "a", "b", "c", "z", "y"))
delta, dz, g = map(sp.IndexedBase, ("delta", "dz", "g"))

W, D, A, Y, S = map(matrix, ("W", "delta", "a", "y", "slope"))
G, J, X, P, ONES = map(matrix, ("grad_a", "J", "x", "p", "ones"))

# Networks for checking matrix formulas, with square weights (a transpose fits) and others.
SQUARE_AND_NOT = ((2, 2, 2), (2, 3, 1), (1, 2, 2, 1))


def z_of(weights, inputs, width, r=r):
    """Return j → z_j = Σ_r w_jr a_r + b_j with a symbolic width."""
    return lambda neuron: Sum(weights[neuron, r] * inputs(r), (r, 1, width)) + b[neuron]


def half_squares(outputs, width):
    """Return ½ Σ_p (a_p − y_p)² with a symbolic width."""
    return Sum((outputs(p) - y[p]) ** 2, (p, 1, width)) / 2


@register(
    "eq-delta-def",
    chapter=6,
    kind="definition",
    title="error of neuron j in layer l",
    latex=r"\delta^{(l)}_j=\frac{\partial C}{\partial z^{(l)}_j}",
    method="On whole networks with undefined activations, the package's δ has one number for each"
    " neuron and sample. It is compared with the derivative that SymPy finds by differentiating"
    " the layers after z.",
    claim=deltas,
    wrong={
        "derivative with respect to a instead of z": lambda network, theta, trace, y, cost: {
            q: d / network.sigma[q].df(trace.z[q])
            for q, d in deltas(network, theta, trace, y, cost).items()
        },
        "the sign reversed": lambda *given: {q: -d for q, d in deltas(*given).items()},
        "one layer off": lambda network, theta, trace, y, cost: {
            q: deltas(network, theta, trace, y, cost).get(q + 1, y) for q in network.layers
        },
        "summed over the samples": lambda *given: {
            q: d.sum(axis=1, keepdims=True) for q, d in deltas(*given).items()
        },
    },
)
def delta_definition(claim):
    """δ⁽ˡ⁾ has the shape of z⁽ˡ⁾ and is ∂C/∂z⁽ˡ⁾."""
    for sizes in SQUARE_AND_NOT:
        net = case(sizes, 2)
        agree(claim(net.network, net.theta, net.trace, net.y, QUADRATIC), net.deltas)


@register(
    "eq-chain-w",
    chapter=6,
    kind="exact",
    title="chain rule for one weight",
    latex=r"\frac{\partial C}{\partial w^{(l)}_{jk}}"
    r"=\frac{\partial C}{\partial z^{(l)}_j}\,\frac{\partial z^{(l)}_j}{\partial w^{(l)}_{jk}}",
    method="C is an undefined function of the pre-activations of a layer; we differentiate it with"
    " respect to each weight and compare with the product of the two derivatives.",
    claim=delta[j] * dz[j, k],
    wrong={
        "the derivative of the sending neuron": delta[k] * dz[j, k],
        "w_jk and w_kj exchanged": delta[j] * dz[k, j],
        "derivatives added instead of multiplied": delta[j] + dz[j, k],
        "summed over all neurons": Sum(delta[p] * dz[j, k], (p, 1, 3)),
    },
    equivalent={"wrong symbol: k for j (2)": "∂z_k/∂w_kk is a_k as well"},
)
def chain_rule_for_a_weight(claim):
    """Only z_j contains w_jk, so only its term of the chain rule remains."""
    weights, inputs = symbols("w", 3, 3), symbols("a", 3, 1)
    z = (weights @ inputs).ravel()
    C, partials = unknown("C", 3)
    slopes = Symbols([partial(*z) for partial in partials])
    own = Symbols([[sp.diff(z[row], weights[row, col]) for col in range(3)] for row in range(3)])
    for row, col in np.ndindex(3, 3):
        here = sp.sympify(claim).xreplace({j: sp.Integer(row + 1), k: sp.Integer(col + 1)})
        found = replace_indexed(here, {delta: entry(slopes), dz: entry(own)})
        agree(found, sp.diff(C(*z), weights[row, col]))


@register(
    "eq-dz-dw",
    chapter=6,
    kind="exact",
    title="derivative of a pre-activation with respect to a weight",
    latex=r"\frac{\partial z^{(l)}_j}{\partial w^{(l)}_{pk}}"
    r"=\begin{cases}a^{(l-1)}_k,&p=j\\0,&p\ne j\end{cases}",
    method="We differentiate the sum over all senders, with a symbolic width, with respect to the"
    " neuron's own weight and to a weight of another neuron.",
    claim=(a[k], sp.S.Zero),
    wrong={
        "the activation of the receiver": (a[j], sp.S.Zero),
        "the weight instead of the activation": (w[j, k], sp.S.Zero),
        "the pre-activation of the sender": (z[k], sp.S.Zero),
        "every weight affects every neuron": (a[k], a[k]),
        "the bias not dropped": (a[k] + b[j], sp.S.Zero),
    },
)
def slope_by_a_weight(claim):
    """∂z_j/∂w_jk and ∂z_j/∂w_pk, p ≠ j, for z_j = Σ_r w_jr a_r + b_j."""
    z_j = z_of(w, lambda sender: a[sender], n)(j)
    elsewhere = derivative(z_j, w[p, k]).subs(sp.KroneckerDelta(j, p), 0)
    agree(claim, (derivative(z_j, w[j, k]), elsewhere))


@register(
    "eq-grad-b",
    chapter=6,
    kind="exact",
    title="gradient of a bias",
    latex=r"\frac{\partial z^{(l)}_j}{\partial b^{(l)}_j}=1\quad\Rightarrow\quad"
    r"\frac{\partial C}{\partial b^{(l)}_j}=\delta^{(l)}_j",
    method="The sum is differentiated with respect to the bias, then an undefined function C of"
    " three pre-activations with respect to each of their biases.",
    claim={"dz/db": sp.S.One, "dC/db": delta[j]},
    wrong={
        "the bias treated as a weight": {"dz/db": a[k], "dC/db": delta[j] * a[k]},
        "the bias of the layer before": {"dz/db": sp.S.One, "dC/db": w[k, j] * delta[k]},
        "the bias ignored": {"dz/db": sp.S.Zero, "dC/db": sp.S.Zero},
        "one bias for the whole layer": {"dz/db": sp.S.One, "dC/db": Sum(delta[p], (p, 1, 3))},
    },
)
def gradient_of_a_bias(claim):
    """∂z_j/∂b_j by diff; ∂C/∂b_j for C(z_1, z_2, z_3) and each of the three biases."""
    agree(claim["dz/db"], derivative(z_of(w, lambda sender: a[sender], n)(j), b[j]))
    biases = symbols("b", 3, 1).ravel()
    z = (symbols("w", 3, 3) @ symbols("a", 3, 1)).ravel() + biases
    C, partials = unknown("C", 3)
    slopes = Symbols([partial(*z) for partial in partials])
    for number, bias in enumerate(biases, start=1):
        here = sp.sympify(claim["dC/db"]).xreplace({j: sp.Integer(number)})
        agree(replace_indexed(here, {delta: entry(slopes)}), sp.diff(C(*z), bias))


@register(
    "eq-grad-w",
    chapter=6,
    kind="exact",
    title="gradient of a weight",
    latex=r"\frac{\partial C}{\partial w^{(l)}_{jk}}=\delta^{(l)}_j\,a^{(l-1)}_k",
    method="Half the squared error of a layer of any width is differentiated with respect to one"
    " weight and compared; the hidden layers follow from eq-grad-general.",
    claim=delta[j] * a[k],
    wrong={
        "indices exchanged": delta[k] * a[j],
        "σ′ counted twice": delta[j] * slope(z[j]) * a[k],
        "the receiver's activation": delta[j] * a[j],
        "the pre-activation instead of the activation": delta[j] * z[k],
    },
)
def gradient_of_a_weight(claim):
    """∂C/∂w_jk for C = ½ Σ_p (σ(z_p) − y_p)², with δ_j = ∂C/∂z_j."""
    z_at = z_of(w, lambda sender: a[sender], n)
    C = half_squares(lambda neuron: sigma(z_at(neuron)), m)
    by_z = derivative(half_squares(lambda neuron: sigma(z[neuron]), m), z[j])
    error = {delta: lambda neuron: replace_indexed(by_z.subs(j, neuron), {z: z_at}), z: z_at}
    agree(replace_indexed(claim, error), derivative(C, w[j, k]))


@register(
    "eq-delta-output",
    chapter=6,
    kind="exact",
    title="error of an output neuron for half the squared error and one sample",
    latex=r"\begin{aligned}\delta^{(L)}_j&=\bigl(a^{(L)}_j-y_j\bigr)\,"
    r"\sigma'\bigl(z^{(L)}_j\bigr)\\&\text{for}\quad C=\tfrac12\lVert a^{(L)}-y\rVert^2"
    r"\end{aligned}",
    method="Half the sum of squares over any number of outputs is differentiated with respect to"
    " one pre-activation.",
    claim=(a[j] - y[j]) * slope(z[j]),
    wrong={
        "σ′ at a instead of z": (a[j] - y[j]) * slope(a[j]),
        "target minus output": (y[j] - a[j]) * slope(z[j]),
        "the target's index forgotten": (a[j] - y[1]) * slope(z[j]),
        "the half forgotten": 2 * (a[j] - y[j]) * slope(z[j]),
        "σ′ forgotten": a[j] - y[j],
    },
)
def error_of_an_output(claim):
    """∂C/∂z_j for C = ½ Σ_p (σ(z_p) − y_p)² and a_j = σ(z_j)."""
    C = half_squares(lambda neuron: sigma(z[neuron]), m)
    agree(replace_indexed(claim, {a: lambda neuron: sigma(z[neuron])}), derivative(C, z[j]))


OUTPUT = {
    "any": J.T * G,
    "neuron by neuron": HadamardProduct(G, S),
    "sigmoid": P - Y,
    "softmax": P - Y,
}


@register(
    "eq-delta-output-general",
    chapter=6,
    kind="parametric",
    title="error of the output layer for any cost and activation, one sample",
    latex=r"\begin{aligned}"
    r"&\text{always:}\\&\quad\delta^{(L)}"
    r"=\Bigl(\frac{\partial a^{(L)}}{\partial z^{(L)}}\Bigr)^{\mathsf T}\nabla_a C\\[4pt]"
    r"&\text{if }\sigma\text{ acts neuron by neuron:}\\"
    r"&\quad\delta^{(L)}=\nabla_a C\odot\sigma'\bigl(z^{(L)}\bigr)\\[4pt]"
    r"&\text{for sigmoid and cross-entropy:}\\&\quad\delta^{(L)}=\hat y-y\\[4pt]"
    r"&\text{for softmax and cross-entropy:}\\&\quad\delta^{(L)}=\hat y-y"
    r"\end{aligned}",
    method="Undefined costs of undefined outputs are differentiated for 2 and 3 neurons; the"
    " package's own cross-entropies, run on symbols for one sample, are differentiated with"
    " respect to their pre-activations.",
    claim=OUTPUT,
    wrong={
        "the Jacobian not transposed": OUTPUT | {"any": J * G},
        "a matrix product instead of ⊙": OUTPUT | {"neuron by neuron": G * S},
        "σ′ of the sigmoid kept": OUTPUT | {"sigmoid": HadamardProduct(P - Y, S)},
        "softmax treated as acting neuron by neuron": OUTPUT
        | {"softmax": HadamardProduct(P - Y, S)},
    },
)
def error_of_any_output(claim):
    """∂C/∂z for undefined C and a, for an undefined σ, and for the two cross-entropies."""
    for outputs in (2, 3):
        any_output(claim["any"], outputs)
        neuron_by_neuron(claim["neuron by neuron"], outputs)
        sigmoid_output(claim["sigmoid"], outputs)
        softmax_output(claim["softmax"], outputs)


def any_output(claim, outputs):
    """Compare with ∂C/∂z for undefined C(a) and a_j(z), where every a_j depends on all of z."""
    z = symbols("z", outputs, 1)
    output = Symbols([[unknown(f"a{row}", outputs)[0](*z.ravel())] for row in range(outputs)])
    C, partials = unknown("C", outputs)
    at = tuple(output.ravel())
    jacobian = Symbols([[sp.diff(value, symbol) for symbol in z.ravel()] for value in at])
    by_a = Symbols([[partial(*at)] for partial in partials])
    agree(value(claim, {J: jacobian, G: by_a}), differentiate(C(*at), z))


def neuron_by_neuron(claim, outputs):
    """Compare with ∂C/∂z for undefined C(a) and a_j = σ(z_j)."""
    z = symbols("z", outputs, 1)
    output = UNDEFINED[0](z)
    C, partials = unknown("C", outputs)
    by_a = Symbols([[partial(*output.ravel())] for partial in partials])
    found = value(claim, {G: by_a, S: UNDEFINED[0].df(z)})
    agree(found, differentiate(C(*output.ravel()), z))


def sigmoid_output(claim, outputs):
    """Compare with the derivative of the package's cost, for z > 0 and for z < 0."""
    target = symbols("y", outputs, 1)
    for sign in ("positive", "negative"):
        z = symbols("z", outputs, 1, **{sign: True})
        found = value(claim, {P: SIGMOID(z), Y: target, S: SIGMOID.df(z)})
        agree(found, differentiate(CROSS_ENTROPY.value(z, target), z))


def softmax_output(claim, outputs):
    """Compare with the derivative of the package's cost; the subtracted maximum is a free symbol M.

    M shifts all z, so the cost does not depend on it, which is shown first.
    """
    z, M = symbols("z", outputs, 1), sp.Symbol("M", real=True)
    target = symbols("y", outputs, 1)
    target[-1, 0] = 1 - sum(target[:-1, 0])
    C = SOFTMAX_CROSS_ENTROPY.value(z, target).replace(sp.Max, lambda *entries: M)
    probabilities = Symbols([[e.replace(sp.Max, lambda *_: M)] for e in softmax(z).ravel()])
    agree(sp.diff(C, M), 0)
    slopes = Symbols([[e * (1 - e)] for e in probabilities.ravel()])
    found = value(claim, {P: probabilities, Y: target, S: slopes})
    agree(found, differentiate(C, z))


@register(
    "eq-forward-z",
    chapter=6,
    kind="exact",
    title="from one layer's pre-activations to the next",
    latex=r"z^{(l+1)}_k=\sum_{r=1}^{n_l}w^{(l+1)}_{kr}\,\sigma\bigl(z^{(l)}_r\bigr)+b^{(l+1)}_k",
    method="Entry k of the matrix product with symbolic shapes is compared with the sum, and so is"
    " the package's forward pass for widths 1 to 4.",
    claim=Sum(w[k, r] * sigma(z[r]), (r, 1, n)) + b[k],
    wrong={
        "the receiver's activation": Sum(w[k, r] * sigma(z[k]), (r, 1, n)) + b[k],
        "the bias forgotten": Sum(w[k, r] * sigma(z[r]), (r, 1, n)),
        "w_kr and w_rk exchanged": Sum(w[r, k] * sigma(z[r]), (r, 1, n)) + b[k],
        "the bias inside the sum": Sum(w[k, r] * sigma(z[r]) + b[k], (r, 1, n)),
        "the activation forgotten": Sum(w[k, r] * z[r], (r, 1, n)) + b[k],
    },
)
def forward_by_indices(claim):
    """z⁽ˡ⁺¹⁾ = W σ(z⁽ˡ⁾) + b, entry k, for symbolic shapes and as the package computes it."""
    weights, inputs = sp.MatrixSymbol("w", m, n), sp.MatrixSymbol("s", n, 1)
    product = (weights * inputs)[k - 1, 0] + b[k]
    truth = product.replace(sp.Sum, counted_from_one(i))
    meaning = {weights[k - 1, i - 1]: w[k, i], inputs[i - 1, 0]: sigma(z[i])}
    agree(claim, truth.xreplace(meaning))
    for width in range(1, 5):
        forward_in_the_package(claim, width)


def forward_in_the_package(claim, width):
    """Compare with z⁽²⁾ of the package for a network 1-width-2."""
    net = case((1, width, 2))
    z1, W2, b2 = net.trace.z[1][:, 0], net.theta.W[2], net.theta.b[2][:, 0]
    for receiver in (1, 2):
        here = sp.sympify(claim).xreplace({k: sp.Integer(receiver), n: sp.Integer(width)})
        found = replace_indexed(here, {w: entry(W2), b: entry(b2), z: entry(z1)})
        agree(found, net.trace.z[2][receiver - 1, 0])


@register(
    "eq-dz-dz",
    chapter=6,
    kind="exact",
    title="derivative of a pre-activation with respect to one of the layer before",
    latex=r"\frac{\partial z^{(l+1)}_k}{\partial z^{(l)}_j}"
    r"=w^{(l+1)}_{kj}\,\sigma'\bigl(z^{(l)}_j\bigr)",
    method="The sum of eq-forward-z, with a symbolic width, is differentiated with respect to one"
    " z_j.",
    claim=w[k, j] * slope(z[j]),
    wrong={
        "w_jk and w_kj exchanged": w[j, k] * slope(z[j]),
        "σ′ of the receiver": w[k, j] * slope(z[k]),
        "σ′ forgotten": w[k, j],
        "σ instead of σ′": w[k, j] * sigma(z[j]),
        "σ′ at a instead of z": w[k, j] * slope(sigma(z[j])),
    },
)
def slope_between_layers(claim):
    """∂z_k/∂z_j for z_k = Σ_r w_kr σ(z_r) + b_k."""
    agree(claim, derivative(z_of(w, lambda sender: sigma(z[sender]), n)(k), z[j]))


@register(
    "eq-chain-multi",
    chapter=6,
    kind="parametric",
    title="chain rule through all neurons of the next layer",
    latex=r"\frac{\partial C}{\partial z^{(l)}_j}=\sum_{k=1}^{n_{l+1}}"
    r"\frac{\partial C}{\partial z^{(l+1)}_k}\,"
    r"\frac{\partial z^{(l+1)}_k}{\partial z^{(l)}_j}",
    method="An undefined C of 2 to 4 undefined functions of 2 to 3 variables is differentiated and"
    " compared with the sum.",
    claim=Sum(delta[k] * dz[k, j], (k, 1, m)),
    wrong={
        "one path instead of all": delta[j] * dz[j, j],
        "only the derivative of z_j": Sum(delta[k] * dz[j, j], (k, 1, m)),
        "the Jacobian's indices exchanged": Sum(delta[k] * dz[j, k], (k, 1, m)),
        "the sum over the same layer": Sum(delta[j] * dz[j, k], (k, 1, m)),
    },
)
def chain_rule_through_a_layer(claim):
    """∂C/∂u_j for C(z_1, …, z_m) with z_k = f_k(u_1, …, u_n), for each j."""
    for outputs, inputs in ((2, 2), (2, 3), (3, 2), (4, 3)):
        u = symbols("u", inputs, 1).ravel()
        z = [unknown(f"f{number}", inputs)[0](*u) for number in range(outputs)]
        C, partials = unknown("C", outputs)
        slopes = Symbols([partial(*z) for partial in partials])
        jacobian = Symbols([[sp.diff(value, symbol) for symbol in u] for value in z])
        for number, symbol in enumerate(u, start=1):
            here = sp.sympify(claim).xreplace({m: sp.Integer(outputs), j: sp.Integer(number)})
            found = replace_indexed(here, {delta: entry(slopes), dz: entry(jacobian)})
            agree(found, sp.diff(C(*z), symbol))


@register(
    "eq-delta-hidden",
    chapter=6,
    kind="exact",
    title="error of a hidden neuron",
    latex=r"\delta^{(l)}_j=\sigma'\bigl(z^{(l)}_j\bigr)"
    r"\sum_{k=1}^{n_{l+1}}w^{(l+1)}_{kj}\,\delta^{(l+1)}_k",
    method="The cost of two layers of any widths is differentiated with respect to one"
    " pre-activation of the first layer and compared.",
    claim=slope(z[j]) * Sum(w[k, j] * delta[k], (k, 1, m)),
    wrong={
        "w_jk and w_kj exchanged": slope(z[j]) * Sum(w[j, k] * delta[k], (k, 1, m)),
        "σ′ of the receiver, inside the sum": Sum(slope(z[k]) * w[k, j] * delta[k], (k, 1, m)),
        "σ′ forgotten": Sum(w[k, j] * delta[k], (k, 1, m)),
        "σ instead of σ′": sigma(z[j]) * Sum(w[k, j] * delta[k], (k, 1, m)),
        "σ′ at a instead of z": slope(sigma(z[j])) * Sum(w[k, j] * delta[k], (k, 1, m)),
    },
)
def error_of_a_hidden_neuron(claim):
    """∂C/∂z_j for C = ½ Σ_k (σ(z⁺_k) − y_k)² with z⁺_k = Σ_r w_kr σ(z_r) + b_k."""
    after = z_of(w, lambda sender: sigma(z[sender]), n)
    by_output = derivative(half_squares(lambda neuron: sigma(c[neuron]), m), c[j])
    error = {delta: lambda neuron: replace_indexed(by_output.subs(j, neuron), {c: after})}
    C = half_squares(lambda neuron: sigma(after(neuron)), m)
    agree(replace_indexed(claim, error), derivative(C, z[j]))


@register(
    "eq-delta-vector",
    chapter=6,
    kind="parametric",
    title="error of a hidden layer",
    latex=r"\delta^{(l)}=\bigl(W^{(l+1)}\bigr)^{\mathsf T}\delta^{(l+1)}"
    r"\odot\sigma'\bigl(z^{(l)}\bigr)",
    method="On five whole networks with symbolic weights and undefined activations, each error and"
    " the package's own are compared with SymPy's derivative.",
    claim=HadamardProduct(W.T * D, S),
    wrong={
        "not transposed": HadamardProduct(W * D, S),
        "⊙ and the matrix product exchanged": HadamardProduct(W.T, S) * D,
        "σ′ forgotten": W.T * D,
        "the activation instead of σ′": HadamardProduct(W.T * D, A),
        "factors in the wrong order": HadamardProduct(D * W.T, S),
    },
)
def error_of_a_hidden_layer(claim):
    """Each δ⁽ˡ⁾ with l < L, from the true δ⁽ˡ⁺¹⁾."""
    for sizes in (*SQUARE_AND_NOT, (1, 3, 2), (2, 3, 2, 2)):
        net = case(sizes)
        for q in range(1, net.network.L):
            meaning = {W: net.theta.W[q + 1], D: net.deltas[q + 1]}
            meaning |= {S: net.slopes[q], A: net.trace.a[q]}
            agree(value(claim, meaning), net.deltas[q])
        agree(deltas(net.network, net.theta, net.trace, net.y, QUADRATIC), net.deltas)


def layer_gradients(claim, samples, widths=SQUARE_AND_NOT):
    """Compare {"W": …, "b": …} with ∂C/∂W⁽ˡ⁾ and ∂C/∂b⁽ˡ⁾ for every layer of several networks."""
    for sizes in widths:
        net = case(sizes, samples)
        ones = Symbols([[1]] * samples)
        for q in net.network.layers:
            meaning = {D: net.deltas[q], A: net.trace.a[q - 1], ONES: ones}
            for leaf, formula in claim.items():
                agree(value(formula, meaning), getattr(net.gradient, leaf)[q])


@register(
    "eq-grad-W-matrix",
    chapter=6,
    kind="parametric",
    title="gradients of a layer, one sample",
    latex=r"\begin{aligned}\frac{\partial C}{\partial W^{(l)}}&=\delta^{(l)}"
    r"\bigl(a^{(l-1)}\bigr)^{\mathsf T}\in\mathbb R^{n_l\times n_{l-1}}\\[6pt]"
    r"\frac{\partial C}{\partial b^{(l)}}&=\delta^{(l)}\in\mathbb R^{n_l\times1}\end{aligned}",
    method="On whole networks with undefined activations, each matrix and the package's gradient"
    " are compared with SymPy's derivative, entry by entry.",
    claim={"W": D * A.T, "b": D},
    wrong={
        "not transposed": {"W": D * A, "b": D},
        "the transposed gradient": {"W": A * D.T, "b": D},
        "the inner product instead of the outer": {"W": D.T * A, "b": D},
        "the bias multiplied by a": {"W": D * A.T, "b": HadamardProduct(D, A)},
    },
)
def gradients_of_a_layer(claim):
    """∂C/∂W⁽ˡ⁾ and ∂C/∂b⁽ˡ⁾ of every layer, and the package's `gradient`."""
    layer_gradients(claim, samples=1)
    for sizes in SQUARE_AND_NOT:
        net = case(sizes)
        found = gradient(net.network, net.theta, net.x, net.y, QUADRATIC)
        agree([*found], [*net.gradient])


W0, b0, x0, y0 = (
    sp.MatrixSymbol("W", m, n),
    sp.MatrixSymbol("b", m, 1),
    sp.MatrixSymbol("x", n, 1),
    sp.MatrixSymbol("y", m, 1),
)


@register(
    "eq-grad-W-matrixcalc",
    chapter=6,
    kind="exact",
    title="gradient of one affine layer by matrix calculus",
    latex=r"\frac{\partial}{\partial W}\,\tfrac12\lVert Wx+b-y\rVert^2=(Wx+b-y)\,x^{\mathsf T}",
    method="SymPy's matrix calculus differentiates the norm for matrices of any size.",
    claim=(W0 * x0 + b0 - y0) * x0.T,
    wrong={
        "the half forgotten": 2 * (W0 * x0 + b0 - y0) * x0.T,
        "target minus output": (y0 - W0 * x0 - b0) * x0.T,
        "the transposed gradient": x0 * (W0 * x0 + b0 - y0).T,
        "the bias forgotten": (W0 * x0 - y0) * x0.T,
    },
)
def gradient_by_matrix_calculus(claim):
    """The derivative of ½ tr(eᵀe) with e = Wx + b − y, for W of any shape m × n."""
    error = W0 * x0 + b0 - y0
    agree(claim, (sp.Trace(error.T * error) / 2).diff(W0).doit())


NEXT_ERROR = Sum(w[p, j] * delta[p], (p, 1, m))
GENERAL = {
    "l = L": a[k] * slope(z[j]) * (a[j] - y[j]),
    "l < L": a[k] * slope(z[j]) * NEXT_ERROR,
}


@register(
    "eq-grad-general",
    chapter=6,
    kind="exact",
    title="the general formula for one weight",
    latex=r"\begin{aligned}\frac{\partial C}{\partial w^{(l)}_{jk}}&=a^{(l-1)}_k\,"
    r"\sigma'\bigl(z^{(l)}_j\bigr)\,e^{(l)}_j\\"
    r"e^{(l)}_j&=\begin{cases}a^{(L)}_j-y_j,&l=L\\"
    r"\displaystyle\sum_{p=1}^{n_{l+1}}w^{(l+1)}_{pj}\,\delta^{(l+1)}_p,&l<L\end{cases}"
    r"\end{aligned}",
    method="Half the squared error is differentiated with respect to a weight of the last layer,"
    " and through two layers with respect to a weight of the layer before, all with symbolic"
    " widths.",
    claim=GENERAL,
    wrong={
        "the article's mistake: the indices exchanged": GENERAL
        | {"l < L": a[k] * slope(z[j]) * Sum(w[j, p] * delta[p], (p, 1, m))},
        "σ′ of the sender": {
            "l = L": a[k] * slope(z[k]) * (a[j] - y[j]),
            "l < L": a[k] * slope(z[k]) * NEXT_ERROR,
        },
        "σ′ forgotten in hidden layers": GENERAL | {"l < L": a[k] * NEXT_ERROR},
        "the target's index forgotten": GENERAL | {"l = L": a[k] * slope(z[j]) * (a[j] - y[1])},
    },
)
def general_formula(claim):
    """∂C/∂w_jk for the last layer and for the one before it; inputs c, outputs σ(z)."""
    z_at = z_of(v, lambda sender: c[sender], n)
    C = half_squares(lambda neuron: sigma(z_at(neuron)), m)
    last = {z: z_at, a: lambda neuron: c[k] if neuron == k else sigma(z_at(neuron))}
    agree(replace_indexed(claim["l = L"], last), derivative(C, v[j, k]))
    after = z_of(w, lambda sender: sigma(z_at(sender)), N, i)
    C = half_squares(lambda neuron: sigma(after(neuron)), m)
    by_z = derivative(half_squares(lambda neuron: sigma(g[neuron]), m), g[j])
    error = {delta: lambda neuron: replace_indexed(by_z.subs(j, neuron), {g: after})}
    hidden = {z: z_at, a: lambda neuron: c[neuron]} | error
    agree(replace_indexed(claim["l < L"], hidden), derivative(C, v[j, k]))


D1, D2, D3, W2, W3 = map(matrix, ("D1", "D2", "D3", "W2", "W3"))


@register(
    "eq-delta-unrolled",
    chapter=6,
    kind="parametric",
    title="error of the first layer as one product",
    latex=r"\begin{aligned}\delta^{(1)}&=D^{(1)}\bigl(W^{(2)}\bigr)^{\mathsf T}D^{(2)}\cdots\\"
    r"&\quad\bigl(W^{(L)}\bigr)^{\mathsf T}D^{(L)}\,\nabla_a C\\"
    r"D^{(l)}&=\operatorname{diag}\sigma'\bigl(z^{(l)}\bigr)\end{aligned}",
    method="For two and three layers with undefined activations, the product is compared with"
    " SymPy's derivative with respect to the first pre-activations.",
    claim={2: D1 * W2.T * D2 * G, 3: D1 * W2.T * D2 * W3.T * D3 * G},
    wrong={
        "not transposed": {2: D1 * W2 * D2 * G, 3: D1 * W2 * D2 * W3 * D3 * G},
        "the order of the forward pass": {
            2: D2 * W2 * D1 * G,
            3: D3 * W3 * D2 * W2 * D1 * G,
        },
        "the first σ′ forgotten": {2: W2.T * D2 * G, 3: W2.T * D2 * W3.T * D3 * G},
        "the last σ′ forgotten": {2: D1 * W2.T * G, 3: D1 * W2.T * D2 * W3.T * G},
    },
    equivalent={
        "wrong transpose: D1": "a diagonal matrix equals its transpose",
    },
)
def error_unrolled(claim):
    """δ⁽¹⁾ of networks with two and with three layers."""
    for sizes in ((2, 2, 2), (2, 3, 2), (1, 2, 2, 2), (1, 2, 1, 2)):
        net = case(sizes)
        depth = net.network.L
        meaning = {G: QUADRATIC.grad(net.trace.a[depth], net.y)}
        meaning |= {symbol: net.theta.W[q] for q, symbol in ((2, W2), (3, W3)) if q <= depth}
        for q, symbol in zip(net.network.layers, (D1, D2, D3), strict=False):
            meaning[symbol] = Symbols(np.diag(net.slopes[q][:, 0]))
        agree(value(claim[depth], meaning), net.deltas[1])


@register(
    "eq-grad-input",
    chapter=6,
    kind="parametric",
    title="gradient with respect to the input",
    latex=r"\nabla_x C=\bigl(W^{(1)}\bigr)^{\mathsf T}\delta^{(1)}",
    method="On whole networks with undefined activations the cost is differentiated with respect"
    " to the inputs.",
    claim=W.T * D,
    wrong={
        "not transposed": W * D,
        "an extra factor σ′": HadamardProduct(W.T * D, S),
        "the error itself": D,
        "a row instead of a column": D.T * W,
    },
)
def gradient_by_the_input(claim):
    """∂C/∂x, for one sample and for two."""
    for sizes in SQUARE_AND_NOT:
        for samples in (1, 2):
            net = case(sizes, samples)
            meaning = {W: net.theta.W[1], D: net.deltas[1], S: net.slopes[1]}
            agree(value(claim, meaning), differentiate(net.C, net.x))


def z_at(neuron, sample):
    """Return z_ji = Σ_r w_jr a_ri + b_j with a symbolic width."""
    return Sum(w[neuron, r] * a[r, sample], (r, 1, n)) + b[neuron]


def mean_of_half_squares(z_of_sample):
    """Return C = 1/(2N) Σ_i Σ_p (σ(z_pi) − y_pi)², the widths and N symbolic."""
    squares = Sum((sigma(z_of_sample(p, i)) - y[p, i]) ** 2, (p, 1, m))
    return Sum(squares, (i, 1, N)) / (2 * N)


def batch_error(neuron, sample):
    """Return δ_ji = ∂C/∂z_ji at the given indices, by differentiating the mean of half squares."""
    by_z = derivative(mean_of_half_squares(lambda p, i: z[p, i]), z[j, l])
    return replace_indexed(by_z.subs({j: neuron, l: sample}, simultaneous=True), {z: z_at})


def entry_of(formula):
    """Return entry (j, k) of a matrix formula in δ (m × N), a (n × N) and 1 (N × 1), as a sum."""
    shapes = {D: (m, N), A: (n, N), ONES: (N, 1)}
    symbolic = {symbol: sp.MatrixSymbol(symbol.name, *shape) for symbol, shape in shapes.items()}
    found = value(formula, symbolic)
    column = 0 if found.shape[1] == 1 else k - 1
    meaning = {
        D.name: lambda row, col: batch_error(row + 1, col + 1),
        A.name: lambda row, col: a[row + 1, col + 1],
        ONES.name: lambda row, col: sp.S.One,
    }
    written = found[j - 1, column].replace(sp.Sum, counted_from_one(i))
    return written.replace(MatrixElement, lambda at, row, col: meaning[at.name](row, col))


@register(
    "eq-batch-grad-W",
    chapter=6,
    kind="exact",
    title="gradient of the weights, N samples at once",
    latex=r"\begin{aligned}\frac{\partial C}{\partial W^{(l)}}&=\delta^{(l)}"
    r"\bigl(a^{(l-1)}\bigr)^{\mathsf T}\\\delta^{(l)}&\in\mathbb R^{n_l\times N},\quad "
    r"a^{(l-1)}\in\mathbb R^{n_{l-1}\times N}\end{aligned}",
    method="Entry (j, k) of the product, a sum over any number of samples, is compared with the"
    " derivative of the mean cost; then whole networks with two and three samples are compared.",
    claim=D * A.T,
    wrong={
        "divided by N a second time": D * A.T / N,
        "not transposed": D * A,
        "the transposed gradient": A * D.T,
        "an elementwise product": HadamardProduct(D, A),
    },
)
def batch_gradient_of_weights(claim):
    """∂C/∂w_jk = Σ_i δ_ji a_ki for symbolic widths and N; the same on whole networks."""
    layer_gradients({"W": claim.subs(N, 2)}, 2)
    layer_gradients({"W": claim.subs(N, 3)}, 3, widths=((2, 2, 1),))
    agree(entry_of(claim), derivative(mean_of_half_squares(z_at), w[j, k]))


@register(
    "eq-batch-grad-b",
    chapter=6,
    kind="exact",
    title="gradient of the biases, N samples at once",
    latex=r"\frac{\partial C}{\partial b^{(l)}}=\delta^{(l)}\,\mathbf 1_N,\qquad "
    r"\mathbf 1_N\in\mathbb R^{N\times1}",
    method="Entry j of the product, a sum over any number of samples, is compared with the"
    " derivative of the mean cost; then whole networks with two and three samples are compared.",
    claim=D * ONES,
    wrong={
        "divided by N a second time": D * ONES / N,
        "one sample only": D,
        "summed over the neurons": D.T * ONES,
        "multiplied by a": HadamardProduct(D, A) * ONES,
    },
)
def batch_gradient_of_biases(claim):
    """∂C/∂b_j = Σ_i δ_ji for symbolic widths and N; the same on whole networks."""
    layer_gradients({"b": claim.subs(N, 2)}, 2)
    layer_gradients({"b": claim.subs(N, 3)}, 3, widths=((2, 2, 1),))
    agree(entry_of(claim), derivative(mean_of_half_squares(z_at), b[j]))


BATCH = {"L": HadamardProduct(A - Y, S) / N, "l": HadamardProduct(W.T * D, S)}


@register(
    "eq-batch-delta",
    chapter=6,
    kind="parametric",
    title="the errors of N samples at once",
    latex=r"\begin{aligned}\delta^{(L)}&=\tfrac1N\bigl(a^{(L)}-y\bigr)\odot"
    r"\sigma'\bigl(z^{(L)}\bigr)\\\delta^{(l)}&=\bigl(W^{(l+1)}\bigr)^{\mathsf T}"
    r"\delta^{(l+1)}\odot\sigma'\bigl(z^{(l)}\bigr)\end{aligned}",
    method="On whole networks with two and three samples and undefined activations, each matrix"
    " and the package's own errors are compared with SymPy's derivative.",
    claim=BATCH,
    wrong={
        "the mean forgotten": BATCH | {"L": HadamardProduct(A - Y, S)},
        "the mean taken in every layer": BATCH | {"l": HadamardProduct(W.T * D, S) / N},
        "not transposed": BATCH | {"l": HadamardProduct(W * D, S)},
        "σ′ forgotten at the output": BATCH | {"L": (A - Y) / N},
    },
)
def batch_errors(claim):
    """δ⁽ᴸ⁾ and each δ⁽ˡ⁾, l < L, with the 1/N inside."""
    for sizes, samples in (((2, 2, 2), 2), ((2, 3, 1), 2), ((1, 2, 2, 1), 2), ((2, 2, 1), 3)):
        net = case(sizes, samples)
        last = net.network.L
        meaning = {A: net.trace.a[last], Y: net.y, S: net.slopes[last]}
        agree(value(claim["L"].subs(N, samples), meaning), net.deltas[last])
        for q in range(1, last):
            meaning = {W: net.theta.W[q + 1], D: net.deltas[q + 1], S: net.slopes[q]}
            agree(value(claim["l"].subs(N, samples), meaning), net.deltas[q])
        agree(deltas(net.network, net.theta, net.trace, net.y, QUADRATIC), net.deltas)


@register(
    "eq-grad-linear-in-samples",
    chapter=6,
    kind="exact",
    title="the gradient of the mean is the mean of the gradients",
    latex=r"\nabla C=\frac1N\sum_{i=1}^{N}\nabla C_i",
    method="The mean of N undefined costs is differentiated term by term; the package's gradient"
    " for three samples is compared with the mean of its gradients for one sample each.",
    claim=Sum(g[i], (i, 1, N)) / N,
    wrong={
        "the sum instead of the mean": Sum(g[i], (i, 1, N)),
        "one sample instead of all": g[i],
        "divided by N twice": Sum(g[i], (i, 1, N)) / N**2,
        "counted from 0": Sum(g[i], (i, 0, N)) / N,
    },
)
def gradient_of_the_mean(claim):
    """∂/∂θ of 1/N Σ_i c(θ, i) for an undefined c; the package on three samples."""
    theta = sp.Symbol("theta", real=True)
    one, partials = unknown("c", 2)
    C = Sum(one(theta, i), (i, 1, N)) / N
    agree(replace_indexed(claim, {g: lambda sample: partials[0](theta, sample)}), sp.diff(C, theta))
    net = case((2, 2, 1), 3)
    whole = gradient(net.network, net.theta, net.x, net.y, QUADRATIC)
    singles = [
        gradient(net.network, net.theta, net.x[:, [q]], net.y[:, [q]], QUADRATIC) for q in range(3)
    ]
    for leaf, *parts in zip(whole, *singles, strict=True):
        for at in np.ndindex(leaf.shape):
            found = replace_indexed(claim.subs(N, 3), {g: entry([part[at] for part in parts])})
            agree(found, leaf[at])


h = sp.Symbol("h", positive=True)
C1, C2, C3 = SLOPES = sp.symbols("C' C'' C'''", real=True)


def taylor(at):
    """Return the Taylor polynomial of C(θ + at) of degree 9, with symbols for the derivatives."""
    value_and_slopes = (sp.Symbol("C"), *SLOPES, *sp.symbols("C4:10", real=True))
    return sum(term * at**q / sp.factorial(q) for q, term in enumerate(value_and_slopes))


def expansion(claim, quotient):
    """Compare a difference quotient with the claim: the terms below h^order, and the order."""
    terms, order = sp.Poly(sp.expand(quotient), h), claim["order"]
    require(order.is_Integer and order > 0, "the order is not a positive integer")
    below = sum(factor * h**power for (power,), factor in terms.terms() if power < order)
    agree(claim["value"], below)
    require(terms.coeff_monomial(h**order) != 0, f"there is no term in h^{order}")


CENTRAL = {"value": C1 + h**2 / 6 * C3, "order": sp.Integer(4)}
FORWARD = {"value": C1 + h / 2 * C2, "order": sp.Integer(2)}


@register(
    "eq-gradcheck-central",
    chapter=6,
    kind="parametric",
    title="error of the central difference",
    latex=r"\begin{aligned}&\frac{C(\theta+h)-C(\theta-h)}{2h}\\"
    r"&\quad=C'(\theta)+\frac{h^2}{6}\,C'''(\theta)+O(h^4)\end{aligned}",
    method="The quotient of Taylor polynomials of degree 9, with symbols for the derivatives, is"
    " compared power by power.",
    claim=CENTRAL,
    wrong={
        "the forward difference's error": FORWARD,
        "a third instead of a sixth": CENTRAL | {"value": C1 + h**2 / 3 * C3},
        "the second derivative": CENTRAL | {"value": C1 + h**2 / 6 * C2},
        "the power h³": CENTRAL | {"order": sp.Integer(3)},
    },
)
def central_difference(claim):
    """[C(θ + h) − C(θ − h)]/2h in powers of h."""
    expansion(claim, (taylor(h) - taylor(-h)) / (2 * h))


@register(
    "eq-gradcheck-forward",
    chapter=6,
    kind="parametric",
    title="error of the forward difference",
    latex=r"\begin{aligned}&\frac{C(\theta+h)-C(\theta)}{h}\\"
    r"&\quad=C'(\theta)+\frac h2\,C''(\theta)+O(h^2)\end{aligned}",
    method="The quotient of Taylor polynomials of degree 9, with symbols for the derivatives, is"
    " compared power by power.",
    claim=FORWARD,
    wrong={
        "the half forgotten": FORWARD | {"value": C1 + h * C2},
        "the central difference's error": CENTRAL,
        "no error of first order": FORWARD | {"value": C1},
    },
)
def forward_difference(claim):
    """[C(θ + h) − C(θ)]/h in powers of h."""
    expansion(claim, (taylor(h) - taylor(0)) / h)


epsilon, size, third = sp.symbols("varepsilon |C| |C'''|", positive=True)
STEP = {"h": sp.cbrt(3 * epsilon * size / third), "float64": sp.Rational(6, 10**6)}


@register(
    "eq-gradcheck-step",
    chapter=6,
    kind="exact",
    title="the best increment of a central difference",
    latex=r"\begin{aligned}h^\star&=\operatorname*{arg\,min}_{h>0}"
    r"\Bigl[\frac{\varepsilon\,|C|}{h}+\frac{h^2}{6}\,|C'''|\Bigr]\\"
    r"&=\Bigl(\frac{3\,\varepsilon\,|C|}{|C'''|}\Bigr)^{1/3}\\"
    r"&\approx\varepsilon^{1/3}\approx6\cdot10^{-6}\quad\text{in float64}\end{aligned}",
    method="We set the derivative of the error with respect to h to zero and solve, check that the"
    " second derivative is positive, and compare the decimal value with the machine epsilon of"
    " float64.",
    claim=STEP,
    wrong={
        "a square root": STEP | {"h": sp.sqrt(3 * epsilon * size / third)},
        "the forward difference's step": {
            "h": 2 * sp.sqrt(epsilon * size / third),
            "float64": sp.Rational(15, 10**9),
        },
        "the fraction inverted": STEP | {"h": sp.cbrt(third / (3 * epsilon * size))},
        "the machine epsilon itself": {"h": epsilon, "float64": sp.Rational(2, 10**16)},
    },
)
def best_increment(claim):
    """The minimum of ε|C|/h + h²|C‴|/6 over h > 0; ε^(1/3) to one digit, as the package uses it."""
    error = epsilon * size / h + h**2 / 6 * third
    (best,) = sp.solve(sp.diff(error, h), h)
    require(sp.diff(error, h, 2).is_positive, "not a minimum")
    agree(claim["h"], best)
    machine = float(np.finfo(float).eps) ** (1 / 3)
    agree(claim["float64"], sp.Rational(f"{machine:.0e}"))
    require(abs(H - machine) < 1e-12, "the package uses a different increment")


distance, first, second = sp.symbols("|g-g'| |g| |g'|", positive=True)


@register(
    "eq-gradcheck-rel",
    chapter=6,
    kind="definition",
    title="relative error of a gradient check",
    latex=r"\operatorname{err}(g,\tilde g)=\frac{\lVert g-\tilde g\rVert}"
    r"{\lVert g\rVert+\lVert\tilde g\rVert}\in[0,1]",
    method="On random vectors the quotient equals the package's value, lies in [0, 1] and attains"
    " both ends; on a 3-3-3-2 network in float64 backpropagation passes with less than 1e-7, and"
    " fails with more than 1e-2 if a transpose of W is forgotten.",
    claim=distance / (first + second),
    wrong={
        "not relative": distance,
        "one norm in the denominator": distance / first,
        "the distance in the denominator": distance / (first + second + distance),
        "squares": distance**2 / (first**2 + second**2),
    },
)
def relative_error_defined(claim):
    """The quotient of norms equals the package's, lies in [0, 1], and attains 0 and 1."""
    rng = np.random.default_rng(6)
    formula = sp.lambdify((distance, first, second), claim)
    for _ in range(20):
        u, t = rng.standard_normal((2, 5)) * rng.lognormal(size=(2, 1))
        norms = [np.linalg.norm(part) for part in (u - t, u, t)]
        require(0 <= formula(*norms) <= 1, "it lies outside [0, 1]")
        require(
            abs(formula(*norms) - relative_error(u, t)) < 1e-14,
            "it differs from the package's value",
        )
    require(formula(0.0, 2.0, 2.0) == 0, "it is not 0 for equal vectors")
    require(formula(4.0, 2.0, 2.0) == 1, "it is not 1 for opposite vectors")
    require(gradient_check() < 1e-7, "backpropagation does not pass")
    require(gradient_check(transposed=True) > 1e-2, "a forgotten transpose passes")


def gradient_check(transposed=False):
    """Return the relative error of backpropagation on a 3-3-3-2 network, W₂ transposed or not."""
    rng = np.random.default_rng(3)
    network = Network((3, 3, 3, 2), (TANH, TANH, TANH))
    theta = initialise(network, rng)
    x, target = rng.standard_normal((3, 5)), rng.standard_normal((2, 5))
    numeric = numerical_gradient(lambda at: cost_at(network, at, x, target), theta)
    trace = forward(network, theta, x)
    read = Parameters(theta.W | {2: theta.W[2].T}, theta.b) if transposed else theta
    delta = deltas(network, read, trace, target, QUADRATIC)
    W = {q: delta[q] @ trace.a[q - 1].T for q in network.layers}
    b = {q: delta[q].sum(axis=1, keepdims=True) for q in network.layers}
    return relative_error(numeric, Parameters(W, b))


def cost_at(network, theta, x, target):
    """Return C(θ)."""
    return QUADRATIC.value(forward(network, theta, x).a[network.L], target)


s = sp.IndexedBase("s")
DEPTH = {
    "product": sp.Product(w[l] * s[l], (l, 1, L)),
    "bound": sp.Product(sp.Abs(w[l]) / 4, (l, 1, L)),
}


@register(
    "eq-vanishing-chain",
    chapter=6,
    kind="parametric",
    title="derivative through a deep network one neuron wide",
    latex=r"\begin{aligned}\frac{\partial a^{(L)}}{\partial a^{(0)}}"
    r"&=\prod_{l=1}^{L}w^{(l)}\,\sigma'\bigl(z^{(l)}\bigr)\\"
    r"\Bigl|\frac{\partial a^{(L)}}{\partial a^{(0)}}\Bigr|"
    r"&\le\prod_{l=1}^{L}\frac{|w^{(l)}|}{4}\quad\text{for the sigmoid}\end{aligned}",
    method="The package's forward pass, one neuron wide and up to 6 layers deep, is differentiated"
    " with respect to its input; the largest slope of the sigmoid is found by calculus.",
    claim=DEPTH,
    wrong={
        "a sum of slopes": DEPTH | {"product": Sum(w[l] * s[l], (l, 1, L))},
        "the weights forgotten": DEPTH | {"product": sp.Product(s[l], (l, 1, L))},
        "the largest slope of tanh": DEPTH | {"bound": sp.Product(sp.Abs(w[l]), (l, 1, L))},
        "the last layer forgotten": DEPTH | {"product": sp.Product(w[l] * s[l], (l, 1, L - 1))},
    },
)
def slope_through_depth(claim):
    """∂a⁽ᴸ⁾/∂a⁽⁰⁾ for L = 1…6; the bound is the product with the largest slope of the sigmoid."""
    steepest = largest_value(lambda output: output * (1 - output))
    for depth in range(1, 7):
        network = Network((1,) * (depth + 1), UNDEFINED[:1] * depth)
        theta, x = parameters(network.sizes), symbols("x", 1, 1)
        trace = forward(network, theta, x)
        weights = [theta.W[q][0, 0] for q in network.layers]
        slopes = [network.sigma[q].df(trace.z[q])[0, 0] for q in network.layers]
        meaning = {w: entry(weights), s: entry(slopes)}
        bound = sp.prod(sp.Abs(weight) * steepest for weight in weights)
        truth = {"product": sp.diff(trace.a[depth][0, 0], x[0, 0]), "bound": bound}
        agree({part: replace_indexed(claim[part].subs(L, depth), meaning) for part in truth}, truth)


def largest_value(f):
    """Return the maximum of a concave f, where its derivative is 0."""
    t = sp.Symbol("t", real=True)
    (top,) = sp.solve(sp.diff(f(t), t), t)
    require(sp.diff(f(t), t, 2).is_negative, "the function is not concave")
    return f(top)


gamma, norm_W, norm_delta = sp.symbols("gamma ||W|| ||delta||", positive=True)
SHRINKING = {
    "bound": gamma * norm_W * norm_delta,
    "sigmoid": sp.Rational(1, 4),
    "tanh": sp.S.One,
    "relu": sp.S.One,
}


@register(
    "eq-vanishing-norm",
    chapter=6,
    kind="numeric",
    title="an error shrinks or grows from layer to layer",
    latex=r"\begin{aligned}\lVert\delta^{(l)}\rVert_2&\le\gamma\,\lVert W^{(l+1)}\rVert_2\,"
    r"\lVert\delta^{(l+1)}\rVert_2\\\gamma&=\sup|\sigma'|=\begin{cases}\tfrac14&"
    r"\text{sigmoid}\\1&\text{tanh, ReLU}\end{cases}\end{aligned}",
    method="The slopes are bounded by calculus; the inequality is checked with the package on 600"
    " random networks, for one sample each, and is attained where all slopes are largest.",
    claim=SHRINKING,
    wrong={
        "γ = 1 for the sigmoid": SHRINKING | {"sigmoid": sp.S.One},
        "the weights forgotten": SHRINKING | {"bound": gamma * norm_delta},
        "γ = ¼ for tanh": SHRINKING | {"tanh": sp.Rational(1, 4)},
        "σ′ forgotten": SHRINKING | {"bound": norm_W * norm_delta},
    },
)
def error_from_layer_to_layer(claim):
    """γ is sup |σ′|; the bound holds on random networks and is attained."""
    truth = {
        SIGMOID: largest_value(lambda output: output * (1 - output)),
        TANH: largest_value(lambda output: 1 - output**2),
        RELU: sp.diff(sp.Symbol("z", positive=True)),
    }
    for activation, largest in truth.items():
        agree(claim[activation.name], largest)
        bound = sp.lambdify((norm_W, norm_delta), claim["bound"].subs(gamma, largest))
        rng = np.random.default_rng(5)
        for _ in range(200):
            here, limit = shrinkage(activation, rng, bound)
            require(here <= limit * (1 + 1e-12), f"{activation}: {here} exceeds {limit}")
        here, limit = shrinkage(activation, rng, bound, sharp=True)
        require(abs(here - limit) < 1e-9 * limit, f"{activation}: {limit} is not attained")


def shrinkage(activation, rng, bound, sharp=False):
    """Return ‖δ⁽¹⁾‖ and its bound for a random 3-4-3 network, or for one that attains the bound.

    In the latter z⁽¹⁾ is 0 (for ReLU: 1) and δ⁽²⁾ is a left singular vector of W⁽²⁾.
    """
    network = Network((3, 4, 3), (activation, IDENTITY))
    theta = initialise(network, rng, "normal")
    x, target = rng.standard_normal((3, 1)), rng.standard_normal((3, 1))
    if sharp:
        theta = Parameters(theta.W, theta.b | {1: theta.b[1] + (activation is RELU)})
        x = np.zeros((3, 1))
        strongest = np.linalg.svd(theta.W[2])[0][:, :1]
        target = forward(network, theta, x).a[2] - strongest
    delta = deltas(network, theta, forward(network, theta, x), target, QUADRATIC)
    limit = bound(np.linalg.norm(theta.W[2], 2), np.linalg.norm(delta[2]))
    return np.linalg.norm(delta[1]), limit


width = sp.IndexedBase("n")
AHEAD = Sum(width[l] * width[l - 1], (l, 1, L))
PASSES = {"forward": AHEAD, "backward": AHEAD + Sum(width[l] * width[l - 1], (l, 2, L))}


@register(
    "eq-backprop-cost",
    chapter=6,
    kind="parametric",
    title="number of multiplications in a forward and a backward pass",
    latex=r"\begin{aligned}\text{forward:}\quad&\sum_{l=1}^{L}n_l\,n_{l-1}\\"
    r"\text{backward:}\quad&\sum_{l=1}^{L}n_l\,n_{l-1}+\sum_{l=2}^{L}n_l\,n_{l-1}"
    r"\end{aligned}",
    method="We count the multiplications in the matrix products of the package's own passes, for"
    " one sample and seven networks; the backward pass takes at most twice those of the forward"
    " pass.",
    claim=PASSES,
    wrong={
        "the widths squared": PASSES | {"forward": Sum(width[l] ** 2, (l, 1, L))},
        "twice the forward pass": PASSES | {"backward": 2 * AHEAD},
        "the square of the forward pass": PASSES | {"backward": AHEAD**2},
        "the first layer's error passed back too": PASSES | {"backward": 2 * AHEAD - width[0]},
    },
)
def cost_of_a_pass(claim):
    """Count the multiplications in `forward` and in `gradient` for networks of 1 to 4 layers."""
    for sizes in ((2, 3), (3, 2), (2, 2, 1), (3, 4, 2), (1, 5, 1), (2, 3, 4, 2), (2, 3, 2, 3, 4)):
        ahead, back = multiplications(sizes)
        require(back <= 2 * ahead, "more than twice the forward pass")
        for part, truth in (("forward", ahead), ("backward", back)):
            found = claim[part].subs(L, len(sizes) - 1)
            agree(replace_indexed(found, {width: lambda q, sizes=sizes: sizes[int(q)]}), truth)


class Counted(np.ndarray):
    """An array that counts the multiplications of its matrix products."""

    count = 0

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        """Count the multiplications, and compute as usual."""
        inputs = [np.asarray(array) for array in inputs]
        if ufunc is np.matmul:
            Counted.count += inputs[0].size * inputs[1].shape[1]
        return np.asarray(getattr(ufunc, method)(*inputs, **options)).view(Counted)


def multiplications(sizes):
    """Return the number of multiplications in the matrix products of both passes, one sample."""
    network = Network(sizes, (TANH,) * (len(sizes) - 1))
    theta = initialise(network, np.random.default_rng(1)).map(lambda leaf: leaf.view(Counted))
    x, target = np.ones((sizes[0], 1)).view(Counted), np.ones((sizes[-1], 1))
    start = Counted.count
    forward(network, theta, x)
    ahead = Counted.count - start
    gradient(network, theta, x, target, QUADRATIC)
    return ahead, Counted.count - start - 2 * ahead
