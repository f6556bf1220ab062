r"""Chapter 3, matrices: what its equations claim, and the checks that prove them.

The truth is computed one neuron at a time: z_j = Σ_k w_jk a_k + b_j, written as a loop and never as
a matrix product. Claims for any width are proved on sums with symbolic limits; claims about whole
networks are proved on symbols with an undefined activation, and the package's own `forward` is
compared with the same neurons.
"""

from itertools import permutations

import sympy as sp
from sympy import HadamardProduct, Sum
from sympy.matrices.expressions.matexpr import MatrixElement

from nnbook.ledger.fixtures import (
    SIGMA,
    counted_from_one,
    entry,
    matrix,
    replace_indexed,
    sigma,
    value,
)
from nnbook.ledger.registry import agree, register, require
from nnmaths.network import Network, forward
from nnmaths.symbolic import Symbols, parameters, symbols

j, k, i = sp.symbols("j k i", integer=True, positive=True)
n, m, N = sp.symbols("n m N", integer=True, positive=True)
w, a, b, z = map(sp.IndexedBase, ("w", "a", "b", "z"))
before, above = sp.IndexedBase("b_before"), sp.IndexedBase("a_above")

W, A, B, ONES, P, H = map(matrix, ("W", "a", "b", "ones", "P", "h"))
W1, W2, W3, B1, B2, B3 = map(matrix, ("W1", "W2", "W3", "b1", "b2", "b3"))
X, Z1, A1, A2 = map(matrix, ("x", "z1", "a1", "a2"))

# Layers (inputs, neurons) for which a formula with written-out entries is checked.
LAYERS = ((1, 1), (3, 2), (2, 3), (2, 2))


def neurons(weights, biases, inputs):
    """Return z, computed by loops: z_ji = Σ_k w_jk a_ki + b_j, neuron by neuron."""
    return Symbols(
        [
            [
                sum(weights[row, col] * inputs[col, sample] for col in range(len(inputs)))
                + biases[row, 0]
                for sample in range(inputs.shape[1])
            ]
            for row in range(len(weights))
        ]
    )


def layer_on_symbols(inputs, outputs, samples=1):
    """Return W, b, a and the package's trace of one layer, on symbols and with an undefined σ."""
    theta, x = parameters((inputs, outputs)), symbols("a", inputs, samples)
    return theta.W[1], theta.b[1], x, forward(Network((inputs, outputs), (SIGMA,)), theta, x)


def entry_of(formula, row, col):
    """Return an entry of a matrix formula in W (m × n), a (n × N), b (m × 1) and 1 (N × 1)."""
    shapes = {W: (m, n), A: (n, N), B: (m, 1), ONES: (N, 1)}
    symbolic = {symbol: sp.MatrixSymbol(symbol.name, *shape) for symbol, shape in shapes.items()}
    meaning = {
        W.name: lambda r, c: w[r + 1, c + 1],
        A.name: lambda r, c: a[r + 1, c + 1],
        B.name: lambda r, c: b[r + 1],
        ONES.name: lambda r, c: sp.S.One,
    }
    written = value(formula, symbolic)[row - 1, col - 1].replace(sp.Sum, counted_from_one(k))
    return written.replace(MatrixElement, lambda at, r, c: meaning[at.name](r, c))


def first_column(expr):
    """Return the expression with a_k for a_k1: one sample needs no second index."""
    return expr.replace(
        lambda e: isinstance(e, sp.Indexed) and e.base == a, lambda e: a[e.indices[0]]
    )


NEURON = Sum(w[j, k] * a[k], (k, 1, n)) + b[j]


@register(
    "eq-neuron",
    chapter=3,
    kind="exact",
    title="one neuron",
    latex=r"\begin{aligned}z^{(l)}_j&=\sum_{k=1}^{n_{l-1}}w^{(l)}_{jk}\,a^{(l-1)}_k+b^{(l)}_j\\"
    r"a^{(l)}_j&=\sigma\bigl(z^{(l)}_j\bigr)\end{aligned}",
    method="Entry j of the matrix product with symbolic shapes is compared with the sum, and so is"
    " the package's forward pass for 1 to 4 inputs.",
    claim={"z": NEURON, "a": sigma(z[j])},
    wrong={
        "n + 1 weights for n inputs": {
            "z": Sum(w[j, k] * a[k + 1], (k, 0, n)) + b[j],
            "a": sigma(z[j]),
        },
        "the bias of the layer before": {"z": NEURON - b[j] + before[j], "a": sigma(z[j])},
        "w_jk and w_kj exchanged": {
            "z": Sum(w[k, j] * a[k], (k, 1, n)) + b[j],
            "a": sigma(z[j]),
        },
        "the bias added once for each input": {
            "z": Sum(w[j, k] * a[k] + b[j], (k, 1, n)),
            "a": sigma(z[j]),
        },
        "the bias outside σ": {"z": NEURON - b[j], "a": sigma(z[j]) + b[j]},
    },
)
def one_neuron(claim):
    """z_j is entry j of W a + b, and a_j = σ(z_j)."""
    agree(claim["z"], first_column(entry_of(W * A + B * ONES.T, j, 1)))
    for inputs in range(1, 5):
        weights, biases, x, trace = layer_on_symbols(inputs, 2)
        meaning = {w: entry(weights), a: entry(x[:, 0]), b: entry(biases[:, 0])}
        meaning[z] = entry(trace.z[1][:, 0])
        for row in (1, 2):
            here = {
                part: replace_indexed(
                    side.xreplace({j: sp.Integer(row), n: sp.Integer(inputs)}), meaning
                )
                for part, side in claim.items()
            }
            agree(here, {"z": trace.z[1][row - 1, 0], "a": trace.a[1][row - 1, 0]})


def written_out(inputs, outputs, weights=None, biases=None):
    """Return the layer in matrix form: σ of a matrix times a column plus a column."""
    theta, x = parameters((inputs, outputs)), symbols("a", inputs, 1)
    weights = sp.Matrix(theta.W[1]) if weights is None else weights
    biases = sp.Matrix(theta.b[1]) if biases is None else biases
    return (weights * sp.Matrix(x) + biases).applyfunc(sigma)


def written(change):
    """Return the claim for every size, with W and b replaced by `change(W, b)`."""
    made = {}
    for inputs, outputs in LAYERS:
        theta = parameters((inputs, outputs))
        weights, biases = change(sp.Matrix(theta.W[1]), sp.Matrix(theta.b[1]))
        made[inputs, outputs] = written_out(inputs, outputs, weights, biases)
    return made


@register(
    "eq-layer-expanded",
    chapter=3,
    kind="parametric",
    title="a layer written out",
    latex=r"\begin{aligned}&\begin{bmatrix}a^{(1)}_1\\a^{(1)}_2\\\vdots\\a^{(1)}_m\end{bmatrix}\\"
    r"&{}=\sigma\Biggl(\begin{bmatrix}w_{11}&w_{12}&\cdots&w_{1n}\\w_{21}&w_{22}&\cdots&w_{2n}\\"
    r"\vdots&\vdots&\ddots&\vdots\\w_{m1}&w_{m2}&\cdots&w_{mn}\end{bmatrix}"
    r"\begin{bmatrix}a^{(0)}_1\\a^{(0)}_2\\\vdots\\a^{(0)}_n\end{bmatrix}\\"
    r"&\qquad{}+\begin{bmatrix}b^{(1)}_1\\b^{(1)}_2\\\vdots\\b^{(1)}_m\end{bmatrix}\Biggr)\end{aligned}",
    method="For four pairs of widths, with an undefined activation, the written-out product and"
    " the package's forward pass are compared with the neurons, computed one at a time.",
    claim=written(lambda weights, biases: (weights, biases)),
    wrong={
        "the weights transposed": written(
            lambda weights, biases: (weights.T.reshape(*weights.shape), biases)
        ),
        "each weight shifted by one input": written(
            lambda weights, biases: (weights[:, 1:].row_join(weights[:, :1]), biases)
        ),
        "one bias for all neurons": written(
            lambda weights, biases: (weights, sp.ones(biases.rows, 1) * biases[0])
        ),
        "the biases forgotten": written(lambda weights, biases: (weights, 0 * biases)),
    },
)
def layer_written_out(claim):
    """Row j of the matrix times the column of inputs, plus b_j; σ acts on each entry."""
    for inputs, outputs in LAYERS:
        weights, biases, x, trace = layer_on_symbols(inputs, outputs)
        truth = SIGMA(neurons(weights, biases, x))
        agree(claim[inputs, outputs], truth)
        agree(trace.a[1], truth)


LAYER = {"z": W * A + B, "a": sigma(z[j]), "W": (m, n), "b": (m, 1)}


@register(
    "eq-layer",
    chapter=3,
    kind="definition",
    title="one layer in matrix form",
    latex=r"\begin{gathered}a^{(l)}=\sigma\bigl(W^{(l)}a^{(l-1)}+b^{(l)}\bigr)\\"
    r"W^{(l)}\in\mathbb R^{n_l\times n_{l-1}},\quad b^{(l)}\in\mathbb R^{n_l\times1}\end{gathered}",
    method="For layers of several widths the formula is compared with the neurons, computed one at"
    " a time; the shapes are compared with those of the package's parameters.",
    claim=LAYER,
    wrong={
        "the article's asterisk, an elementwise product": LAYER | {"z": HadamardProduct(W, A) + B},
        "W to the right of the inputs": LAYER | {"z": A * W + B},
        "the shape of W transposed": LAYER | {"W": (n, m)},
        "a bias for each input": LAYER | {"b": (n, 1)},
        "a row of biases": LAYER | {"b": (1, m)},
    },
)
def layer_in_matrix_form(claim):
    """σ(W a + b), entry by entry, and the shapes of W and b."""
    for inputs, outputs in LAYERS:
        weights, biases, x, trace = layer_on_symbols(inputs, outputs)
        truth = neurons(weights, biases, x)
        agree(value(claim["z"], {W: weights, A: x, B: biases}), truth)
        agree(trace.z[1], truth)
        for row in range(1, outputs + 1):
            found = replace_indexed(
                claim["a"].xreplace({j: sp.Integer(row)}), {z: entry(truth[:, 0])}
            )
            agree(found, trace.a[1][row - 1, 0])
        widths = {n: sp.Integer(inputs), m: sp.Integer(outputs)}
        for name, leaf in (("W", weights), ("b", biases)):
            shape = [sp.sympify(size).xreplace(widths) for size in claim[name]]
            agree(tuple(shape), leaf.shape)


NETWORK = {"inside": W1 * X + B1, "middle": W2 * A1 + B2, "outside": W3 * A2 + B3}


@register(
    "eq-network",
    chapter=3,
    kind="definition",
    title="a network with three layers",
    latex=r"\begin{aligned}F(x)=\sigma\Bigl(W^{(3)}\,&\sigma\bigl(W^{(2)}\,"
    r"\sigma(W^{(1)}x+b^{(1)})\\&{}+b^{(2)}\bigr)+b^{(3)}\Bigr)\end{aligned}",
    method="The three nested brackets and the package's forward pass are evaluated on symbols with"
    " an undefined activation, and compared with the network computed neuron by neuron.",
    claim=NETWORK,
    wrong={
        "the article's asterisk, an elementwise product": NETWORK
        | {"inside": HadamardProduct(W1, X) + B1},
        "the layers in reverse order": {
            "inside": W3 * X + B3,
            "middle": W2 * A1 + B2,
            "outside": W1 * A2 + B1,
        },
        "an activation forgotten": NETWORK | {"middle": W2 * Z1 + B2},
        "the input used again": NETWORK | {"middle": W2 * X + B2},
        "one bias for all layers": NETWORK | {"middle": W2 * A1 + B1, "outside": W3 * A2 + B1},
    },
)
def network_of_three_layers(claim):
    """F(x) by loops over neurons; by the claim's three brackets; by the package."""
    for sizes in ((2, 2, 2, 2), (2, 3, 1, 2)):
        theta, x = parameters(sizes), symbols("x", sizes[0], 1)
        trace = forward(Network(sizes, (SIGMA,) * 3), theta, x)
        meaning = {X: x}
        meaning |= dict(zip((W1, W2, W3), theta.W.values(), strict=True))
        meaning |= dict(zip((B1, B2, B3), theta.b.values(), strict=True))
        signal = x
        for q, part in enumerate(("inside", "middle", "outside"), start=1):
            truth = neurons(theta.W[q], theta.b[q], signal)
            agree(value(claim[part], meaning), truth)
            signal = SIGMA(truth)
            agree(trace.a[q], signal)
            meaning |= {1: {Z1: truth, A1: signal}, 2: {A2: signal}, 3: {}}[q]


@register(
    "eq-batch-forward",
    chapter=3,
    kind="exact",
    title="a layer for N samples",
    latex=r"\begin{aligned}z^{(l)}&=W^{(l)}a^{(l-1)}+b^{(l)}\mathbf 1_N^{\mathsf T}\\"
    r"a^{(l)}&=\sigma\bigl(z^{(l)}\bigr)\in\mathbb R^{n_l\times N}\end{aligned}",
    method="Entry (j, i), a sum over any number of inputs, is compared with neuron j for sample i;"
    " then the package's forward pass runs on symbols, for all samples at once and for each by"
    " itself.",
    claim=W * A + B * ONES.T,
    wrong={
        "a bias for each sample": W * A + ONES * B.T,
        "the samples of the inputs in rows": W * A.T + B * ONES.T,
        "an elementwise product": HadamardProduct(W, A) + B * ONES.T,
        "the bias not repeated for each sample": W * A + B,
        "a mean over the samples": W * A / N + B * ONES.T,
    },
)
def layer_for_many_samples(claim):
    """z_ji = Σ_k w_jk a_ki + b_j for symbolic widths and N; samples do not affect one another."""
    agree(entry_of(claim, j, i), Sum(w[j, k] * a[k, i], (k, 1, n)) + b[j])
    for inputs, outputs in LAYERS:
        for samples in (1, 3):
            weights, biases, x, trace = layer_on_symbols(inputs, outputs, samples)
            meaning = {W: weights, A: x, B: biases, ONES: Symbols([[1]] * samples)}
            found = value(claim.subs(N, samples), meaning)
            agree(found, trace.z[1])
            require(trace.a[1].shape == (outputs, samples), "a has the wrong shape")
            for column in range(samples):
                one = forward(
                    Network((inputs, outputs), (SIGMA,)),
                    parameters((inputs, outputs)),
                    x[:, [column]],
                )
                agree(trace.a[1][:, [column]], one.a[1])


@register(
    "eq-batch-rows",
    chapter=3,
    kind="exact",
    title="the same layer with samples in rows",
    latex=r"\bigl(Wa+b\,\mathbf 1_N^{\mathsf T}\bigr)^{\mathsf T}"
    r"=a^{\mathsf T}W^{\mathsf T}+\mathbf 1_N\,b^{\mathsf T}",
    method="Entry (i, j), a sum over any number of inputs, is compared with neuron j for sample i;"
    " then written-out matrices of several shapes are compared.",
    claim=A.T * W.T + ONES * B.T,
    wrong={
        "the factors not reversed": W.T * A.T + ONES * B.T,
        "W not transposed": A.T * W + ONES * B.T,
        "the bias not transposed": A.T * W.T + B,
        "the bias repeated along the wrong axis": A.T * W.T + B * ONES.T,
        "the inputs not transposed": A * W.T + ONES * B.T,
    },
)
def samples_in_rows(claim):
    """Entry (i, j) of the transposed layer is z_ji; the transpose reverses the factors."""
    agree(entry_of(claim, i, j), Sum(w[j, k] * a[k, i], (k, 1, n)) + b[j])
    for inputs, outputs in LAYERS:
        weights, biases, x, _ = layer_on_symbols(inputs, outputs, 3)
        meaning = {W: weights, A: x, B: biases, ONES: Symbols([[1]] * 3)}
        agree(value(claim, meaning), neurons(weights, biases, x).T)


def augmented(inputs, outputs, change=lambda block, column: (block, column)):
    """Return `change([W b], (a, 1))` on symbols, by default the two unchanged."""
    theta, x = parameters((inputs, outputs)), sp.Matrix(symbols("a", inputs, 1))
    block = sp.Matrix(theta.W[1]).row_join(sp.Matrix(theta.b[1]))
    return change(block, x.col_join(sp.ones(1, 1)))


def augmented_for_all(change=lambda block, column: (block, column)):
    """Return the claim for every size."""
    return {sizes: augmented(*sizes, change) for sizes in LAYERS}


@register(
    "eq-bias-trick",
    chapter=3,
    kind="parametric",
    title="the bias as a weight from a constant input",
    latex=r"Wa+b=\begin{bmatrix}W&b\end{bmatrix}\begin{bmatrix}a\\1\end{bmatrix}",
    method="For four pairs of widths the product of the two blocks is written out and compared"
    " with the neurons, computed one at a time, and with the package's forward pass.",
    claim=augmented_for_all(),
    wrong={
        "a constant input 0": augmented_for_all(
            lambda block, column: (block, sp.Matrix([*column[:-1], 0]))
        ),
        "the column of biases first, the input 1 last": augmented_for_all(
            lambda block, column: (block[:, -1].row_join(block[:, :-1]), column)
        ),
        "the article's bias, times the first input": augmented_for_all(
            lambda block, column: (block, sp.Matrix([*column[:-1], column[0]]))
        ),
        "the bias counted twice": augmented_for_all(
            lambda block, column: (block, sp.Matrix([*column[:-1], 2]))
        ),
    },
)
def bias_as_a_weight(claim):
    """[W b] has one more column, (a, 1) one more entry, and their product is z."""
    for inputs, outputs in LAYERS:
        weights, biases, x, trace = layer_on_symbols(inputs, outputs)
        block, column = (sp.Matrix(part) for part in claim[inputs, outputs])
        require(block.shape == (outputs, inputs + 1), "[W b] has the wrong shape")
        agree(block * column, neurons(weights, biases, x))
        agree(trace.z[1], neurons(weights, biases, x))


RENAMED = {"hidden": P * W1 * X + P * B1, "output": W2 * P.T * H}


@register(
    "eq-permutation-symmetry",
    chapter=3,
    kind="parametric",
    title="hidden neurons in another order",
    latex=r"\begin{gathered}W^{(2)}P^{\mathsf T}\,\sigma\bigl(PW^{(1)}x+Pb^{(1)}\bigr)\\"
    r"{}=W^{(2)}\sigma\bigl(W^{(1)}x+b^{(1)}\bigr)\\"
    r"P\text{ a permutation matrix}\end{gathered}",
    method="For every order of one, two and three hidden neurons both sides are written out on"
    " symbols with an undefined activation.",
    claim=RENAMED,
    wrong={
        "the columns of W2 left as they are": RENAMED | {"output": W2 * H},
        "P instead of its transpose": RENAMED | {"output": W2 * P * H},
        "the biases left as they are": RENAMED | {"hidden": P * W1 * X + B1},
        "the columns of W1 permuted instead of its rows": RENAMED | {"hidden": W1 * P * X + P * B1},
        "the rows of W2 permuted": RENAMED | {"output": P.T * W2 * H},
    },
)
def hidden_neurons_in_another_order(claim):
    """All n₁! permutation matrices, n₁ = 1, 2, 3: the output is the same expression."""
    for sizes in ((2, 1, 1), (2, 2, 2), (3, 3, 2), (3, 3, 3)):
        theta, x = parameters(sizes), symbols("x", sizes[0], 1)
        hidden = SIGMA(neurons(theta.W[1], theta.b[1], x))
        truth = neurons(theta.W[2], 0 * theta.b[2], hidden)
        for order in permutations(range(sizes[1])):
            rows = [[int(col == target) for col in range(sizes[1])] for target in order]
            meaning = {P: Symbols(rows), W1: theta.W[1], B1: theta.b[1], W2: theta.W[2], X: x}
            meaning[H] = SIGMA(value(claim["hidden"], meaning))
            agree(value(claim["output"], meaning), truth)
