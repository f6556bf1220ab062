r"""Chapter 8, training: the equations, and the checks that prove them.

Expectations over random weights are computed exactly. A weight that is +ω or −ω with equal
probability has mean 0 and variance ω²; the mean over all sign patterns is a finite sum, and the
package runs the networks. Claims that depend only on the variance are proved for every distribution
of the weights, with generic indices.
"""

from functools import lru_cache
from itertools import product

import numpy as np
import sympy as sp
from sympy import KroneckerDelta, Rational, Sum

from nnbook.ledger.fixtures import (
    UNDEFINED,
    case,
    collapse_deltas,
    entry,
    matrix,
    replace_indexed,
    value,
)
from nnbook.ledger.registry import agree, register, require
from nnmaths.activations import IDENTITY, RELU, TANH
from nnmaths.backprop import deltas, gradient
from nnmaths.costs import CROSS_ENTROPY, QUADRATIC
from nnmaths.datasets import moments, rescaled, xor
from nnmaths.descent import GD
from nnmaths.network import SPREAD, Network, Parameters, forward, initialise
from nnmaths.symbolic import Symbols, parameters, symbols
from nnmaths.training import accuracy, minibatches, train

z = sp.Symbol("z", real=True)
x, mean = sp.symbols("x x_bar", real=True)
r, s, v, q, omega, eta = sp.symbols("r s v q omega eta", positive=True)
n, m = sp.symbols("n m", integer=True, positive=True)  # fan-in n_{l−1} and fan-out n_l
k, p, l, L = sp.symbols("k p l L", integer=True, positive=True)
N, B, epochs = sp.symbols("N B epochs", integer=True, positive=True)
second = sp.IndexedBase("second")  # E[a_k²]
width, var, sample = sp.IndexedBase("n"), sp.IndexedBase("v"), sp.IndexedBase("x")


# --- the step and the epoch ---------------------------------------------------------------------

W, a, b, D, D_next, W_next, S, ones = map(
    matrix, ("W", "a", "b", "delta", "delta_next", "W_next", "slope", "ones")
)
STEP = {
    "z": W * a + b * ones.T,
    "delta": sp.HadamardProduct(W_next.T * D_next, S),
    "W": W - eta * D * a.T,
    "b": b - eta * D * ones,
}


@register(
    "eq-train-step",
    chapter=8,
    kind="numeric",
    title="one whole training step, and XOR is learnt",
    latex=r"\begin{aligned}a^{(0)}&=x\\"
    r"z^{(l)}&=W^{(l)}a^{(l-1)}+b^{(l)},\quad a^{(l)}=\sigma(z^{(l)})\\[4pt]"
    r"C&=C\bigl(a^{(L)},y\bigr)\\[4pt]"
    r"\delta^{(L)}&=\frac{\partial C}{\partial a^{(L)}}\odot\sigma'(z^{(L)})\\"
    r"\delta^{(l)}&=(W^{(l+1)})^{\mathsf T}\delta^{(l+1)}\odot\sigma'(z^{(l)})\\[4pt]"
    r"W^{(l)}&\leftarrow W^{(l)}-\eta\,\delta^{(l)}(a^{(l-1)})^{\mathsf T}\\"
    r"b^{(l)}&\leftarrow b^{(l)}-\eta\,\delta^{(l)}\mathbf 1\end{aligned}",
    method="On symbolic networks with undefined activations, for one and two samples, the lines"
    " for z, δ, W and b are compared with the package's forward pass and with SymPy's derivatives"
    " of the cost; then the package repeats the step on XOR, from seed 0, until all four decisions"
    " are correct.",
    claim=STEP,
    wrong={
        "the biases left out": STEP | {"b": b},
        "the gradient added": STEP | {"W": W + eta * D * a.T},
        "the mean taken twice": STEP | {"W": W - eta * D * a.T / 2},
        "the transpose forgotten": STEP | {"delta": sp.HadamardProduct(W_next * D_next, S)},
        "σ′ forgotten": STEP | {"delta": W_next.T * D_next},
    },
)
def whole_step(claim):
    """z, δ, W and b of every layer against `sympy.diff`; then 2-4-1 learns XOR."""
    for sizes, samples in (((1, 2, 1), 2), ((2, 3, 2), 1)):
        net = case(sizes, samples)
        after = net.theta - eta * net.gradient
        for layer in net.network.layers:
            meaning = meaning_in_layer(net, layer)
            agree(value(claim["z"], meaning), net.trace.z[layer])
            for part, truth in (("W", after.W[layer]), ("b", after.b[layer])):
                agree(value(claim[part], meaning), truth)
        agree(value(claim["delta"], meaning_in_layer(net, 1)), net.deltas[1])
    require(learns_xor(), "XOR is not learnt")


def meaning_in_layer(net, layer):
    """Return the matrices of the step in one layer of a network on symbols."""
    theta, trace, delta = net.theta, net.trace, net.deltas
    meaning = {W: theta.W[layer], b: theta.b[layer], a: trace.a[layer - 1], D: delta[layer]}
    meaning |= {S: net.slopes[layer], ones: Symbols(np.ones((net.x.shape[1], 1), dtype=int))}
    if layer < net.network.L:
        meaning |= {W_next: theta.W[layer + 1], D_next: delta[layer + 1]}
    return meaning


def learns_xor():
    """Return whether a 2-4-1 network classifies XOR correctly after 1,000 steps of the package."""
    network, data = Network((2, 4, 1), (TANH, IDENTITY)), xor()
    theta = initialise(network, np.random.default_rng(0))
    *_, last = train(network, theta, *data, CROSS_ENTROPY, eta=0.5, epochs=1000)
    return last.C < 0.05 and accuracy(network, last.theta, *data, CROSS_ENTROPY) == 1


PASSES = {"an epoch": sp.ceiling(N / B), "in all": epochs * sp.ceiling(N / B)}


@register(
    "eq-epoch-steps",
    chapter=8,
    kind="parametric",
    title="updates per epoch, and in total",
    latex=r"\begin{aligned}\text{steps per epoch}&=\Bigl\lceil\frac NB\Bigr\rceil\\"
    r"\text{steps in all}&=\text{epochs}\cdot\Bigl\lceil\frac NB\Bigr\rceil\end{aligned}",
    method="The package's mini-batches are counted for every N up to 16 and every B, and the steps"
    " of `train` for three epochs with some of them; no batch is empty or larger than B, and all"
    " samples are used.",
    claim=PASSES,
    wrong={
        "the last batch dropped": PASSES | {"an epoch": sp.floor(N / B)},
        "one batch too many": PASSES | {"an epoch": sp.floor(N / B) + 1},
        "rounded only at the end": PASSES | {"in all": sp.ceiling(epochs * N / B)},
        "one step per sample": PASSES | {"an epoch": N},
        "the quotient inverted": PASSES | {"an epoch": sp.ceiling(B / N)},
    },
)
def steps_of_an_epoch(claim):
    """Count `minibatches` for all N ≤ 16 and B ≤ N, and the steps of `train`."""
    for samples in range(1, 17):
        data = np.arange(float(samples))[None, :]
        for size in range(1, samples + 1):
            batches = list(minibatches(data, data, size, np.random.default_rng(0)))
            require(
                all(1 <= part.shape[1] <= size for part, _ in batches),
                "a batch is empty or too large",
            )
            require(sum(part.shape[1] for part, _ in batches) == samples, "samples are missing")
            found = {N: sp.Integer(samples), B: sp.Integer(size)}
            agree(claim["an epoch"].subs(found), len(batches))
            if samples in (5, 16):
                agree(claim["in all"].subs(found | {epochs: sp.Integer(3)}), steps_of(data, size))


def steps_of(data, size):
    """Return the number of steps that `train` makes in three epochs."""
    network = Network((1, 1), (IDENTITY,))
    theta = initialise(network, np.random.default_rng(0))
    chance = np.random.default_rng(1)
    setup = {"eta": 1e-3, "B": size, "epochs": 3, "rng": chance}
    *_, last = train(network, theta, data, data, QUADRATIC, **setup)
    return last.t


# --- initialisation -----------------------------------------------------------------------------


def twins(row=True, bias=True, column=True):
    """Return a function that makes neurons 1 and 2 of layer 1 equal in the parameters named."""

    def tie(theta):
        W, b = {l: w.copy() for l, w in theta.W.items()}, {l: u.copy() for l, u in theta.b.items()}
        if row:
            W[1][1] = W[1][0]
        if bias:
            b[1][1] = b[1][0]
        if column:
            W[2][:, 1] = W[2][:, 0]
        return Parameters(W, b)

    return tie


def swapped_columns(theta):
    """Tie the columns of W⁽¹⁾ instead of its rows: equal weights from both inputs."""
    theta = twins(row=False)(theta)
    theta.W[1][:, 1] = theta.W[1][:, 0]
    return theta


@register(
    "eq-zero-init-symmetry",
    chapter=8,
    kind="parametric",
    title="equal neurons stay equal",
    latex=r"\begin{gathered}w^{(l)}_{1k}=w^{(l)}_{2k},\quad b^{(l)}_1=b^{(l)}_2\\"
    r"w^{(l+1)}_{j1}=w^{(l+1)}_{j2}\quad\text{for all }k\text{ and }j\\[4pt]"
    r"\Longrightarrow\quad\frac{\partial C}{\partial w^{(l)}_{1k}}"
    r"=\frac{\partial C}{\partial w^{(l)}_{2k}}\\[4pt]"
    r"\frac{\partial C}{\partial b^{(l)}_1}=\frac{\partial C}{\partial b^{(l)}_2},\quad"
    r"\frac{\partial C}{\partial w^{(l+1)}_{j1}}=\frac{\partial C}{\partial w^{(l+1)}_{j2}}"
    r"\end{gathered}",
    method="On symbolic networks with undefined activations, up to three layers and two samples,"
    " two hidden neurons are made equal. Their gradients are equal, and so are the neurons after a"
    " step of the package.",
    claim=twins(),
    wrong={
        "different incoming weights": twins(row=False),
        "different biases": twins(bias=False),
        "different outgoing weights": twins(column=False),
        "only the outgoing weights equal": twins(row=False, bias=False),
        "only the incoming weights equal": twins(column=False, bias=False),
        "columns equal instead of rows": swapped_columns,
        "nothing equal": lambda theta: theta,
    },
)
def equal_neurons_stay_equal(claim):
    """∂C/∂θ of both neurons, and the neurons after one step of the package on symbols."""
    for sizes, samples in (((2, 2, 1), 1), ((2, 3, 2), 2), ((2, 2, 2, 1), 1)):
        network = Network(sizes, UNDEFINED[: len(sizes) - 1])
        theta = claim(parameters(sizes))
        data = symbols("x", sizes[0], samples), symbols("y", sizes[-1], samples)
        grad = gradient(network, theta, *data, QUADRATIC)
        after, _ = GD.step(theta, grad, None, eta, 1)
        for both in (grad, after):
            agree(both.W[1][0], both.W[1][1])
            agree(both.b[1][0], both.b[1][1])
            agree(both.W[2][:, 0], both.W[2][:, 1])


@register(
    "eq-var-forward",
    chapter=8,
    kind="exact",
    title="variance of a pre-activation",
    latex=r"\begin{gathered}z_j=\sum_{k=1}^{n_{l-1}}w_{jk}a_k\quad\Longrightarrow\quad"
    r"\mathbb E[z_j]=0\\"
    r"\operatorname{Var}[z_j]=n_{l-1}\operatorname{Var}[w]\;\mathbb E[a^2]\\[4pt]"
    r"\mathbb E[a^2]=\frac1{n_{l-1}}\sum_{k=1}^{n_{l-1}}\mathbb E[a_k^2]\end{gathered}",
    method="The square of the sum has terms with E[w_k w_p] = Var[w] δ_kp, summed for any number"
    " of senders; and for up to 4 senders, with arbitrary values, we average over all sign"
    " patterns.",
    claim=n * v * (Sum(second[k], (k, 1, n)) / n),
    wrong={
        "the number of senders forgotten": v * (Sum(second[k], (k, 1, n)) / n),
        "the standard deviation instead of the variance": n
        * sp.sqrt(v)
        * (Sum(second[k], (k, 1, n)) / n),
        "as if all weights were equal": n**2 * v * (Sum(second[k], (k, 1, n)) / n),
        "only one sender": n * v * second[1],
        "the sum instead of the mean": n * v * Sum(second[k], (k, 1, n)),
    },
)
def variance_of_a_pre_activation(claim):
    """E[z²] = ΣΣ E[w_k w_p] E[a_k a_p], any n; and the mean over all signs, n ≤ 4."""
    both = sp.IndexedBase("both")  # E[a_k a_p]
    squares = Sum(v * KroneckerDelta(k, p) * both[k, p], (p, 1, n))
    truth = Sum(collapse_deltas(squares), (k, 1, n)).replace(
        lambda e: isinstance(e, sp.Indexed) and e.base == both, lambda e: second[e.indices[0]]
    )
    for senders in (1, 2, 3, 4):
        values = symbols("a", senders, 1).ravel()
        meaning = {second: entry(values**2)}
        found = replace_indexed(sp.sympify(claim).subs(n, senders), meaning)
        sums = [sum(omega * np.array(signs) * values) for signs in patterns(senders)]
        agree(sum(sums), 0)
        agree(found.subs(v, omega**2), sum(total**2 for total in sums) / len(sums))
        agree(found, replace_indexed(truth.subs(n, senders), meaning))


def patterns(count):
    """Return all sign patterns of this length."""
    return list(product((1, -1), repeat=count))


@register(
    "eq-uniform-var",
    chapter=8,
    kind="exact",
    title="variance of the uniform distribution",
    latex=r"\operatorname{Var}\bigl[\mathcal U(-r,r)\bigr]=\int_{-r}^{r}\frac{w^2}{2r}\,dw"
    r"=\frac{r^2}{3}",
    method="SymPy integrates the square of the distance from the mean against the density 1/(2r).",
    claim=r**2 / 3,
    wrong={
        "that of an interval of length r": r**2 / 12,
        "the density 1/r": 2 * r**2 / 3,
        "the standard deviation": r / sp.sqrt(3),
        "the maximum of w²": r**2,
    },
)
def uniform_variance(claim):
    """∫ (w − mean)²/(2r) dw over [−r, r], where the density integrates to 1."""
    require(sp.integrate(1 / (2 * r), (z, -r, r)) == 1, "the density does not integrate to 1")
    middle = sp.integrate(z / (2 * r), (z, -r, r))
    agree(claim, sp.integrate((z - middle) ** 2 / (2 * r), (z, -r, r)))


XAVIER = {
    "forward": n * v,
    "backward": m * v,
    "variance": 2 / (n + m),
    "bound": sp.sqrt(6 / (n + m)),
}


@register(
    "eq-xavier",
    chapter=8,
    kind="exact",
    title="Xavier initialisation",
    latex=r"\begin{aligned}\text{forward:}\quad&n_{l-1}\operatorname{Var}[w]=1\\"
    r"\text{backward:}\quad&n_l\operatorname{Var}[w]=1\\[4pt]"
    r"\text{mean of both:}\quad&\operatorname{Var}[w]=\frac2{n_{l-1}+n_l}\\"
    r"\text{uniform:}\quad&w\sim\mathcal U(-r,r)\\&r=\sqrt{\frac6{n_{l-1}+n_l}}\end{aligned}",
    method="Through one linear layer of the package, averaged over all sign patterns, the mean"
    " squares of z and of the error passed back give both factors. SymPy sets their mean to 1 and"
    " solves, and finds the bound of the uniform distribution by integration; the package's own"
    " standard deviation has this variance.",
    claim=XAVIER,
    wrong={
        "the two directions exchanged": XAVIER | {"forward": m * v, "backward": n * v},
        "1 instead of 2 in the numerator": XAVIER | {"variance": 1 / (n + m)},
        "only the fan-in": XAVIER | {"variance": 2 / n},
        "the standard deviation as the bound": XAVIER | {"bound": sp.sqrt(2 / (n + m))},
        "the square of the bound": XAVIER | {"bound": 6 / (n + m)},
    },
)
def xavier(claim):
    """Both factors by `forward` and `deltas` over all signs; then solve; then SPREAD."""
    for senders, receivers in ((1, 2), (2, 1), (2, 3), (3, 2)):
        there, back = linear_layer(senders, receivers)
        found = {n: sp.Integer(senders), m: sp.Integer(receivers), v: omega**2}
        agree(claim["forward"].subs(found), there)
        agree(claim["backward"].subs(found), back)
    (best,) = sp.solve(sp.Eq((n * v + m * v) / 2, 1), v)
    agree(claim["variance"], best)
    (bound,) = sp.solve(sp.Eq(sp.integrate(z**2 / (2 * r), (z, -r, r)), best), r)
    agree(claim["bound"], bound)
    agree(sp.nsimplify(SPREAD["xavier"](n, m) ** 2), best)


@lru_cache
def linear_layer(senders, receivers):
    """Return E[z²]/E[a²] and E[(Wᵀδ)²]/E[δ²] for weights ±ω, by the package on symbols.

    The layer is the second of a linear network 1-senders-receivers whose first layer is fixed.
    """
    network = Network((1, senders, receivers), (IDENTITY, IDENTITY))
    first, bias = symbols("u", senders, 1), symbols("c", senders, 1)
    last, target = Symbols(np.zeros((receivers, 1), dtype=int)), symbols("y", receivers, 1)
    there = back = 0
    signs = patterns(senders * receivers)
    for pattern in signs:
        weights = Symbols(omega * np.reshape(pattern, (receivers, senders)))
        theta = Parameters({1: first, 2: weights}, {1: bias, 2: last})
        trace = forward(network, theta, Symbols([[1]]))
        there += (trace.z[2] ** 2).sum() / (trace.a[1] ** 2).sum()
        # with 0 as the output, the error of the output is −y, which is arbitrary
        delta = deltas(
            network, theta, trace._replace(a=trace.a | {2: 0 * target}), target, QUADRATIC
        )
        back += (delta[1] ** 2).sum() / (delta[2] ** 2).sum()
    share = Rational(senders, receivers)
    mean_there, mean_back = there / len(signs), back / len(signs)
    return sp.cancel(mean_there * share), sp.cancel(mean_back / share)


MOMENTS = {"square": s**2 / 2, "mean": s / sp.sqrt(2 * sp.pi)}


@register(
    "eq-relu-moment",
    chapter=8,
    kind="exact",
    title="ReLU halves the mean square",
    latex=r"\begin{gathered}z\sim\mathcal N(0,s^2):\\"
    r"\mathbb E\bigl[\operatorname{relu}(z)^2\bigr]=\frac{s^2}2,\qquad"
    r"\mathbb E\bigl[\operatorname{relu}(z)\bigr]=\frac s{\sqrt{2\pi}}\end{gathered}",
    method="SymPy integrates z and z² against the normal density from 0 to ∞, where the package's"
    " ReLU is z; below 0 it is 0.",
    claim=MOMENTS,
    wrong={
        "not halved": MOMENTS | {"square": s**2},
        "a quarter": MOMENTS | {"square": s**2 / 4},
        "the mean of |z|": MOMENTS | {"mean": s * sp.sqrt(2 / sp.pi)},
        "mean zero": MOMENTS | {"mean": sp.S.Zero},
        "the variance instead of the mean square": MOMENTS
        | {"square": s**2 / 2 - s**2 / (2 * sp.pi)},
    },
)
def moments_of_relu(claim):
    """∫ relu(z)ᵏ φ(z) dz over either half; relu is the package's, on a symbol of known sign."""
    density = sp.exp(-(z**2) / (2 * s**2)) / (s * sp.sqrt(2 * sp.pi))
    up, down = sp.Symbol("z", positive=True), sp.Symbol("z", negative=True)
    for power, part in ((1, "mean"), (2, "square")):
        truth = 0
        for side, ends in ((up, (0, sp.oo)), (down, (-sp.oo, 0))):
            height = RELU(Symbols([[side]])).item() ** power
            truth += sp.integrate((height * density.subs(z, side)).subs(side, z), (z, *ends))
        agree(claim[part], truth)


HE = {"factor": n * v / 2, "variance": 2 / n}


@register(
    "eq-he",
    chapter=8,
    kind="exact",
    title="He initialisation",
    latex=r"\begin{gathered}\operatorname{Var}[z^{(l)}]=\tfrac12\,n_{l-1}\operatorname{Var}[w]"
    r"\;\operatorname{Var}[z^{(l-1)}]\\"
    r"\text{constant}\iff\operatorname{Var}[w]=\frac2{n_{l-1}}\end{gathered}",
    method="relu(z)² + relu(−z)² = z², so a symmetric z loses half of its mean square. Two layers"
    " of the package, averaged over all sign patterns, have this factor, which SymPy sets to 1 and"
    " solves; the package's own standard deviation has this variance.",
    claim=HE,
    wrong={
        "the half forgotten": {"factor": n * v, "variance": 1 / n},
        "the factor ½ inverted": HE | {"variance": 1 / (2 * n)},
        "the fan-out": {"factor": m * v / 2, "variance": 2 / m},
        "the standard deviation": HE | {"variance": sp.sqrt(2 / n)},
    },
)
def he(claim):
    """relu² in halves; E[z⁽²⁾²]/E[z⁽¹⁾²] over all signs of both layers; solve; SPREAD."""
    side = sp.Symbol("z", positive=True)
    halves = RELU(Symbols([[side, -side]])) ** 2
    agree(halves.sum(), side**2)
    agree(claim["factor"], n * v * halves.sum() / (2 * side**2))
    for sizes in ((1, 2, 1), (1, 3, 1), (2, 2, 1), (1, 2, 2)):
        first, after = mean_squares(sizes, (Rational(1, 3), Rational(2, 5)))
        found = {n: sp.Integer(sizes[1]), m: sp.Integer(sizes[2]), v: Rational(4, 25)}
        agree(claim["factor"].subs(found), after / first)
    (best,) = sp.solve(sp.Eq(claim["factor"], 1), v)
    agree(claim["variance"], best)
    agree(sp.nsimplify(SPREAD["he"](n, m) ** 2), best)


@lru_cache
def mean_squares(sizes, spread):
    """Return E[z⁽ˡ⁾²] for each layer of a ReLU network of the package, with weights ±spread[l].

    The mean over all sign patterns is exact; the input is 1, 2, …
    """
    network = Network(sizes, (RELU,) * (len(sizes) - 1))
    sample = Symbols([[number] for number in range(1, sizes[0] + 1)])
    zero = {l: Symbols(np.zeros((sizes[l], 1), dtype=int)) for l in network.layers}
    squares = dict.fromkeys(network.layers, sp.S.Zero)
    counts = [sizes[l] * sizes[l - 1] for l in network.layers]
    signs = patterns(sum(counts))
    for pattern in signs:
        parts = np.split(np.array(pattern), np.cumsum(counts)[:-1])
        W = {
            l: Symbols(spread[l - 1] * parts[l - 1].reshape(sizes[l], sizes[l - 1]))
            for l in network.layers
        }
        trace = forward(network, Parameters(W, zero), sample)
        for l in network.layers:
            squares[l] += (trace.z[l] ** 2).sum() / sizes[l]
    return [squares[l] / len(signs) for l in network.layers]


DEPTH = var[1] * sp.Product(width[l - 1] * var[l] / 2, (l, 2, L))


@register(
    "eq-var-depth",
    chapter=8,
    kind="exact",
    title="the effect of depth on the variance",
    latex=r"\begin{gathered}\operatorname{Var}[z^{(L)}]=\operatorname{Var}[z^{(1)}]"
    r"\prod_{l=2}^{L}\tfrac12\,n_{l-1}\operatorname{Var}[w^{(l)}]\\"
    r"\text{all factors }c:\quad\operatorname{Var}[z^{(L)}]=c^{\,L-1}\operatorname{Var}[z^{(1)}]"
    r"\end{gathered}",
    method="ReLU networks of the package with up to four layers are averaged exactly over all sign"
    " patterns; with equal factors the product is a power, checked for up to six layers and"
    " continued by induction on L.",
    claim=DEPTH,
    wrong={
        "one layer too many": var[1] * sp.Product(width[l - 1] * var[l] / 2, (l, 1, L)),
        "one layer too few": var[1] * sp.Product(width[l - 1] * var[l] / 2, (l, 3, L)),
        "a sum of the factors": var[1] * Sum(width[l - 1] * var[l] / 2, (l, 2, L)),
        "the width of the receiving layer": var[1] * sp.Product(width[l] * var[l] / 2, (l, 2, L)),
        "the half used only once": var[1] * sp.Product(width[l - 1] * var[l], (l, 2, L)) / 2,
    },
)
def variance_by_depth(claim):
    """The last mean square of four networks; then the power c^{L−1} by induction."""
    for sizes in ((1, 2, 1), (1, 2, 2, 1), (2, 1, 2, 1), (1, 2, 1, 1, 1)):
        depth = len(sizes) - 1
        spread = tuple(Rational(layer + 1, 3) for layer in range(depth))
        first, *_, last = mean_squares(sizes, spread)
        meaning = {
            width: lambda layer, sizes=sizes: sp.Integer(sizes[int(layer)]),
            var: lambda layer, spread=spread, first=first: (
                first if layer == 1 else spread[int(layer) - 1] ** 2
            ),
        }
        agree(replace_indexed(sp.sympify(claim).subs(L, depth), meaning), last)
    c = sp.Symbol("c", positive=True)
    level = {width: lambda layer: 2 * c, var: lambda layer: q if layer == 1 else sp.S.One}
    for depth in range(1, 7):
        agree(replace_indexed(sp.sympify(claim).subs(L, depth), level), c ** (depth - 1) * q)
    agree(c ** (L - 1) * c, c**L)


# --- data ---------------------------------------------------------------------------------------

STANDARD = {
    "value": (x - mean) / s,
    "mean": Sum(sample[k], (k, 1, N)) / N,
    "square": Sum((sample[k] - mean) ** 2, (k, 1, N)) / N,
}


@register(
    "eq-standardize",
    chapter=8,
    kind="parametric",
    title="standardising an input",
    latex=r"\begin{gathered}\tilde x_i=\frac{x_i-\bar x}s,\qquad\bar x=\frac1N\sum_{i=1}^Nx_i\\"
    r"s^2=\frac1N\sum_{i=1}^N(x_i-\bar x)^2>0\quad\Longrightarrow\\"
    r"\frac1N\sum_{i=1}^N\tilde x_i=0,\qquad\frac1N\sum_{i=1}^N\tilde x_i^{\,2}=1"
    r"\end{gathered}",
    method="For rows of 2 to 5 symbols the formula has mean 0 and mean square 1, and equals the"
    " values of the package's own functions.",
    claim=STANDARD,
    wrong={
        "divided by the variance": STANDARD | {"value": (x - mean) / s**2},
        "the mean not subtracted": STANDARD | {"value": x / s},
        "the mean subtracted after the division": STANDARD | {"value": x / s - mean},
        "N − 1 in the denominator": STANDARD
        | {"square": Sum((sample[k] - mean) ** 2, (k, 1, N)) / (N - 1)},
        "the mean square without subtracting the mean": STANDARD
        | {"square": Sum(sample[k] ** 2, (k, 1, N)) / N},
    },
)
def standardised(claim):
    """Mean 0 and mean square 1 on symbols; `moments` and `rescaled` give the same values."""
    for samples in (2, 3, 4, 5):
        row = symbols("x", 1, samples)
        meaning = {sample: entry(row.ravel())}
        middle = replace_indexed(claim["mean"].subs(N, samples), meaning)
        spread = replace_indexed(claim["square"].subs({N: samples, mean: middle}), meaning)
        means, deviations = moments(row)
        agree([middle, sp.sqrt(spread)], [means.item(), deviations.item()])
        made = [
            claim["value"].subs({x: number, mean: middle}, simultaneous=True)
            for number in row.ravel()
        ]
        agree(
            [value.subs(s, deviations.item()) for value in made],
            list(rescaled(row, means, deviations)[0]),
        )
        agree(sum(made), 0)
        agree(sum(value**2 for value in made), samples * spread / s**2)
