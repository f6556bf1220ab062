r"""Chapter 5, costs: the equations, and the checks that prove them.

Each cost is built from first principles (a sum of squares, the likelihood of a Gaussian or
Bernoulli distribution, the sizes of sets) and differentiated by SymPy; the package's own cost and
gradient run on symbols and must agree. Probabilities are u/(1 + u) and logits ±log(1 + v) with
positive u and v, so that all signs are known and every logarithm can be expanded.
"""

import numpy as np
import sympy as sp
from sympy import Rational, Sum

from nnbook.ledger.fixtures import (
    derivative,
    entry,
    matrix,
    one,
    replace_indexed,
    substitution,
    unknown,
    value,
)
from nnbook.ledger.registry import agree, register, require
from nnmaths import costs
from nnmaths.activations import SIGMOID
from nnmaths.costs import CROSS_ENTROPY, QUADRATIC, SOFTMAX_CROSS_ENTROPY
from nnmaths.descent import GD
from nnmaths.symbolic import Symbols, differentiate, symbols
from nnmaths.symbolic.equality import tidy_sums

z, y, a, g, h = sp.symbols("z y a g h", real=True)
eta, c, s, u, v = sp.symbols("eta c s u v", positive=True)
p, t, cost = sp.symbols("p tau C", positive=True)  # p is the prediction ŷ
inter, union = sp.symbols("I U", positive=True)
i, j, k, n, m, N, K = sp.symbols("i j k n m N K", integer=True, positive=True)
yhat, target, logit, prob, move = map(sp.IndexedBase, ("yhat", "y", "z", "p", "v"))
A, Y = matrix("A"), matrix("Y")

SIZES = ((1, 1), (1, 3), (2, 1), (2, 3))
RATIO, OTHER = u / (1 + u), v / (1 + v)  # any two numbers between 0 and 1


put = substitution(globals())


def bernoulli(chance):
    """Return −log of the likelihood ŷ^y (1 − ŷ)^(1 − y), expanded."""
    return -sp.expand_log(sp.log(chance**y * (1 - chance) ** (1 - y)), force=True)


def logistic(w):
    """Return 1/(1 + e⁻ʷ)."""
    return 1 / (1 + sp.exp(-w))


# --- the mean squared error ---------------------------------------------------------------------

SQUARES = (yhat[j, i] - target[j, i]) ** 2
EACH = Sum(SQUARES, (j, 1, n)) / 2


@register(
    "eq-mse",
    chapter=5,
    kind="exact",
    title="half the mean squared error over N samples",
    latex=r"\begin{aligned}C&=\frac1{2N}\sum_{i=1}^{N}\lVert\hat y_i-y_i\rVert^2"
    r"=\frac1N\sum_{i=1}^{N}C_i\\ C_i&=\tfrac12\lVert\hat y_i-y_i\rVert^2\end{aligned}",
    method="The sums are written out for several widths and numbers of samples and compared with"
    " the package's cost on symbols. A constant residual c gives c²/2 per output for every N.",
    claim={"C": Sum(SQUARES, (j, 1, n), (i, 1, N)) / (2 * N), "C_i": EACH},
    wrong={
        "a sum from 0 with N + 1 terms": {
            "C": Sum(SQUARES, (j, 1, n), (i, 0, N)) / (2 * N),
            "C_i": EACH,
        },
        "the half forgotten": {"C": Sum(SQUARES, (j, 1, n), (i, 1, N)) / N, "C_i": 2 * EACH},
        "the mean over the outputs too": {
            "C": Sum(SQUARES, (j, 1, n), (i, 1, N)) / (2 * N * n),
            "C_i": EACH / n,
        },
        "the square of the sum": {
            "C": Sum(Sum(yhat[j, i] - target[j, i], (j, 1, n)) ** 2, (i, 1, N)) / (2 * N),
            "C_i": EACH,
        },
        "not divided by N": {"C": Sum(SQUARES, (j, 1, n), (i, 1, N)) / 2, "C_i": EACH},
    },
)
def mean_squared_error(claim):
    """The package's cost of all samples and of one; and c²/2 for a constant residual."""
    for width, samples in SIZES:
        out, aim = symbols("a", width, samples), symbols("y", width, samples)
        meaning = {yhat: entry(out), target: entry(aim)}
        written = {name: put(part, n=width, N=samples) for name, part in claim.items()}
        whole = replace_indexed(written["C"], meaning)
        agree(whole, QUADRATIC.value(out, aim))
        alone = [replace_indexed(written["C_i"].subs(i, q + 1), meaning) for q in range(samples)]
        agree(alone, [QUADRATIC.value(out[:, [q]], aim[:, [q]]) for q in range(samples)])
        agree(whole, sum(alone) / samples)
        level = {symbol: sp.Symbol("c") for symbol in out.ravel()} | dict.fromkeys(aim.ravel(), 0)
        agree(whole.subs(level), width * sp.Symbol("c") ** 2 / 2)


@register(
    "eq-mse-matrix",
    chapter=5,
    kind="parametric",
    title="the mean squared error of a matrix: a norm, not a square",
    latex=r"\begin{aligned}C&=\frac1{2N}\lVert\hat y-y\rVert_F^2\\"
    r"&=\frac1{2N}\operatorname{tr}\bigl((\hat y-y)^{\mathsf T}(\hat y-y)\bigr)\end{aligned}",
    method="The trace is computed for matrices of several shapes and compared with the sum of all"
    " squared entries and with the package's cost.",
    claim={"inside the trace": (A - Y).T * (A - Y), "factor": 1 / (2 * N)},
    wrong={
        "the square of a matrix": {"inside the trace": (A - Y) * (A - Y), "factor": 1 / (2 * N)},
        "the half forgotten": {"inside the trace": (A - Y).T * (A - Y), "factor": 1 / N},
        "the mixed terms lost": {"inside the trace": A.T * A - Y.T * Y, "factor": 1 / (2 * N)},
        "divided by N²": {"inside the trace": (A - Y).T * (A - Y), "factor": 1 / (2 * N**2)},
    },
    equivalent={
        "order of factors: (A.T - Y.T)*(A - Y)": "the trace of a product does not depend on the"
        " order of its two factors",
    },
)
def squared_norm(claim):
    """tr(DᵀD) = Σ D_ji², with D = ŷ − y of shape (n_L, N)."""
    for width, samples in SIZES:
        out, aim = symbols("a", width, samples), symbols("y", width, samples)
        square = value(claim["inside the trace"], {A: out, Y: aim})
        whole = put(claim["factor"], N=samples) * np.trace(square)
        agree(whole, ((out - aim) ** 2).sum() / (2 * samples))
        agree(whole, QUADRATIC.value(out, aim))


@register(
    "eq-mse-grad",
    chapter=5,
    kind="exact",
    title="gradient of the mean squared error",
    latex=r"\frac{\partial C}{\partial\hat y}=\frac{\hat y-y}N",
    method="SymPy differentiates the double sum, for any width and any N, with respect to the"
    " entry of any neuron and any sample; the package's gradient on symbols agrees.",
    claim=(yhat[k, m] - target[k, m]) / N,
    wrong={
        "the 2 of the square kept": 2 * (yhat[k, m] - target[k, m]) / N,
        "the half kept": (yhat[k, m] - target[k, m]) / (2 * N),
        "target minus prediction": (target[k, m] - yhat[k, m]) / N,
        "not divided by N": yhat[k, m] - target[k, m],
        "the square kept": (yhat[k, m] - target[k, m]) ** 2 / N,
    },
)
def mean_squared_error_gradient(claim):
    """∂C/∂ŷ_km of 1/2N Σ_i Σ_j (ŷ_ji − y_ji)²."""
    C = Sum(SQUARES, (j, 1, n), (i, 1, N)) / (2 * N)
    agree(claim, derivative(C, yhat[k, m]))
    for width, samples in SIZES:
        out, aim = symbols("a", width, samples), symbols("y", width, samples)
        meaning = {yhat: entry(out), target: entry(aim)}
        found = QUADRATIC.grad(out, aim)
        for row, column in np.ndindex(width, samples):
            here = put(claim, k=row + 1, m=column + 1, N=samples)
            agree(replace_indexed(here, meaning), found[row, column])


@register(
    "eq-mse-scale",
    chapter=5,
    kind="exact",
    title="a positive factor of the cost is a factor of the learning rate",
    latex=r"\begin{gathered}\operatorname*{arg\,min}_\theta\,cC"
    r"=\operatorname*{arg\,min}_\theta\,C\qquad(c>0)\\"
    r"\theta-\eta\,\nabla(cC)=\theta-(c\,\eta)\,\nabla C\end{gathered}",
    method="For an undefined cost of 1 to 3 variables, a difference of two costs keeps its sign,"
    " and one step of the package's descent on cC is its step on C with the claimed rate.",
    claim={"difference": c * h, "rate": c * eta},
    wrong={
        "the rate divided": {"difference": c * h, "rate": eta / c},
        "the rate unchanged": {"difference": c * h, "rate": eta},
        "the order reversed": {"difference": -c * h, "rate": c * eta},
        "the rate squared": {"difference": c * h, "rate": c**2 * eta},
    },
)
def scaled_cost(claim):
    """cC(θ) − cC(φ) = c(C(θ) − C(φ)), and GD.step on both costs."""
    for size in (1, 2, 3):
        here, there = symbols("theta", size, 1), symbols("phi", size, 1)
        C, _ = unknown("C", size)
        gap = C(*here.ravel()) - C(*there.ravel())
        agree(put(claim["difference"], h=gap), c * C(*here.ravel()) - c * C(*there.ravel()))
        slopes = [differentiate(factor * C(*here.ravel()), here) for factor in (c, 1)]
        scaled = GD.step(here, slopes[0], None, eta, 1)[0]
        agree(GD.step(here, slopes[1], None, sp.sympify(claim["rate"]), 1)[0], scaled)
    require(
        (sp.sympify(claim["difference"]) / h).is_positive, "the order of costs is not preserved"
    )


RESIDUALS = Sum((target[i] - yhat[i]) ** 2, (i, 1, N)) / (2 * N)


@register(
    "eq-mse-gaussian",
    chapter=5,
    kind="exact",
    title="squared error is the negative log-likelihood of Gaussian noise, up to constants",
    latex=r"\begin{gathered}p(y_i)=\frac1{\sqrt{2\pi s^2}}\,e^{-(y_i-\hat y_i)^2/2s^2}\\"
    r"-\log\prod_{i=1}^{N}p(y_i)=\frac N{s^2}\,C+\frac N2\log\bigl(2\pi s^2\bigr)\end{gathered}",
    method="SymPy integrates the bell curve to find its constant, mean and variance, and adds up"
    " the logarithms over any number of samples; C is half the mean of the squares.",
    claim={
        "density": sp.exp(-((y - a) ** 2) / (2 * s**2)) / sp.sqrt(2 * sp.pi * s**2),
        "sum": N * cost / s**2 + N * sp.log(2 * sp.pi * s**2) / 2,
    },
    wrong={
        "the 2 of the exponent forgotten": {
            "density": sp.exp(-((y - a) ** 2) / s**2) / sp.sqrt(2 * sp.pi * s**2),
            "sum": N * cost / s**2 + N * sp.log(2 * sp.pi * s**2) / 2,
        },
        "an extra factor ½": {
            "density": sp.exp(-((y - a) ** 2) / (2 * s**2)) / sp.sqrt(2 * sp.pi * s**2),
            "sum": N * cost / (2 * s**2) + N * sp.log(2 * sp.pi * s**2) / 2,
        },
        "the wrong sign of the logarithm": {
            "density": sp.exp(-((y - a) ** 2) / (2 * s**2)) / sp.sqrt(2 * sp.pi * s**2),
            "sum": -N * cost / s**2 - N * sp.log(2 * sp.pi * s**2) / 2,
        },
        "s instead of s²": {
            "density": sp.exp(-((y - a) ** 2) / (2 * s)) / sp.sqrt(2 * sp.pi * s),
            "sum": N * cost / s + N * sp.log(2 * sp.pi * s) / 2,
        },
    },
)
def gaussian_likelihood(claim):
    """∫ bell = 1, mean 0, variance s²; and −Σ log p(y_i) for any N."""
    bell = sp.exp(-(h**2) / (2 * s**2))
    total, mean, spread = (sp.integrate(h**power * bell, (h, -sp.oo, sp.oo)) for power in (0, 1, 2))
    agree((mean / total, spread / total), (0, s**2))
    agree(claim["density"], bell.subs(h, y - a) / total)
    logs = sp.expand_log(sp.log(bell.subs(h, target[i] - yhat[i]) / total), force=True)
    truth = -tidy_sums(Sum(sp.expand(logs), (i, 1, N))).doit()
    agree(put(sp.expand_log(sp.sympify(claim["sum"])), cost=RESIDUALS), truth)


# --- the cross-entropy of two classes -----------------------------------------------------------

BINARY = -y * sp.log(p) - (1 - y) * sp.log(1 - p)


@register(
    "eq-bce",
    chapter=5,
    kind="exact",
    title="binary cross-entropy and its derivative",
    latex=r"\begin{aligned}C_i&=-y\log\hat y-(1-y)\log(1-\hat y)\\"
    r"\frac{\partial C_i}{\partial\hat y}&=\frac{\hat y-y}{\hat y\,(1-\hat y)}\end{aligned}",
    method="Minus the logarithm of the Bernoulli likelihood is expanded and differentiated; the"
    " package's cost at the logit of the prediction has the same value.",
    claim={"cost": BINARY, "slope": (p - y) / (p * (1 - p))},
    wrong={
        "the sign forgotten": {"cost": -BINARY, "slope": (p - y) / (p * (1 - p))},
        "only one class": {"cost": -y * sp.log(p), "slope": (p - y) / (p * (1 - p))},
        "prediction and target exchanged": {
            "cost": -p * sp.log(y) - (1 - p) * sp.log(1 - y),
            "slope": (p - y) / (p * (1 - p)),
        },
        "the derivative with respect to the logit": {"cost": BINARY, "slope": p - y},
        "target minus prediction": {"cost": BINARY, "slope": (y - p) / (p * (1 - p))},
    },
)
def binary_cross_entropy(claim):
    """−log(ŷ^y (1 − ŷ)^(1 − y)), its derivative, and the package at log(ŷ/(1 − ŷ))."""
    here = put(claim["cost"], p=RATIO)
    agree(sp.expand_log(here, force=True), sp.expand_log(bernoulli(p).subs(p, RATIO), force=True))
    agree(claim["slope"], sp.diff(bernoulli(p), p))
    for point in (sp.log(1 + v), -sp.log(1 + v)):
        package = CROSS_ENTROPY.value(one(point), one(y))
        chance = sp.simplify(logistic(point))
        found = sp.expand_log(put(claim["cost"], p=chance), force=True)
        agree(sp.expand_log(package, force=True), sp.expand_log(found, force=True))


@register(
    "eq-bce-min",
    chapter=5,
    kind="exact",
    title="the cross-entropy has its minimum at the target, and is convex in the prediction",
    latex=r"\begin{gathered}\frac{\partial^2C_i}{\partial\hat y^2}=\frac y{\hat y^2}"
    r"+\frac{1-y}{(1-\hat y)^2}>0\\ \text{for }0\le y\le1,\ 0<\hat y<1\\[4pt]"
    r"\text{if }0<y<1:\ \text{least at }\hat y=y\text{ alone}\end{gathered}",
    method="The Bernoulli likelihood is differentiated twice. The second derivative is positive"
    " for predictions between 0 and 1 and targets from 0 to 1; SymPy finds the only root of the"
    " first derivative.",
    claim={"second": y / p**2 + (1 - y) / (1 - p) ** 2, "least at": y},
    wrong={
        "a minus between the parts": {
            "second": y / p**2 - (1 - y) / (1 - p) ** 2,
            "least at": y,
        },
        "the squares forgotten": {"second": y / p + (1 - y) / (1 - p), "least at": y},
        "minimum at one minus the target": {
            "second": y / p**2 + (1 - y) / (1 - p) ** 2,
            "least at": 1 - y,
        },
        "minimum at ½": {
            "second": y / p**2 + (1 - y) / (1 - p) ** 2,
            "least at": Rational(1, 2),
        },
    },
)
def least_at_the_target(claim):
    """d²/dŷ² of −log likelihood, its sign, and the root of d/dŷ."""
    second = sp.diff(bernoulli(p), p, 2)
    agree(claim["second"], second)
    for aim in (sp.S.Zero, sp.S.One, OTHER):
        found = sp.factor(put(claim["second"], p=RATIO, y=aim))
        require(found.is_positive, "the second derivative is not positive")
    (root,) = sp.solve(sp.diff(bernoulli(p), p), p)
    agree(claim["least at"], root)


@register(
    "eq-bce-logits",
    chapter=5,
    kind="exact",
    title="the cross-entropy from the logit, in its stable form",
    latex=r"\begin{aligned}C_i&=\operatorname{softplus}(z)-y\,z,\qquad\hat y=\sigma(z)\\"
    r"&=\max(z,0)-y\,z+\log\bigl(1+e^{-|z|}\bigr)\end{aligned}",
    method="Both forms and the package's cost are compared with the Bernoulli likelihood at ŷ ="
    " 1/(1 + e⁻ᶻ), for positive and negative z and for z = 0.",
    claim={
        "softplus": sp.log(1 + sp.exp(z)) - y * z,
        "stable": sp.Max(z, 0) - y * z + sp.log(1 + sp.exp(-sp.Abs(z))),
    },
    wrong={
        "the wrong sign of y z": {
            "softplus": sp.log(1 + sp.exp(z)) + y * z,
            "stable": sp.Max(z, 0) + y * z + sp.log(1 + sp.exp(-sp.Abs(z))),
        },
        "the absolute value forgotten": {
            "softplus": sp.log(1 + sp.exp(z)) - y * z,
            "stable": sp.Max(z, 0) - y * z + sp.log(1 + sp.exp(-z)),
        },
        "the maximum forgotten": {
            "softplus": sp.log(1 + sp.exp(z)) - y * z,
            "stable": -y * z + sp.log(1 + sp.exp(-sp.Abs(z))),
        },
        "softplus of −z": {
            "softplus": sp.log(1 + sp.exp(-z)) - y * z,
            "stable": sp.Max(-z, 0) - y * z + sp.log(1 + sp.exp(-sp.Abs(z))),
        },
    },
)
def cross_entropy_of_a_logit(claim):
    """−log likelihood at σ(z), and `cross_entropy(z, y)`, on both sides of 0 and at 0."""
    for point in (sp.log(1 + v), sp.S.Zero, -sp.log(1 + v)):
        chance = sp.factor(sp.simplify(logistic(point)))
        truth = sp.expand_log(bernoulli(p).subs(p, chance), force=True)
        package = CROSS_ENTROPY.value(one(point), one(y))
        agree(sp.expand_log(package, force=True), truth)
        for form in claim.values():
            found = sp.factor(put(form, z=point), deep=True)
            agree(sp.expand_log(found, force=True), truth)


@register(
    "eq-bce-logits-grad",
    chapter=5,
    kind="exact",
    title="derivative of the cross-entropy with respect to the logit",
    latex=r"\begin{aligned}\frac{\partial C_i}{\partial z}&=\sigma(z)-y=\hat y-y\\"
    r"\frac{\partial^2C_i}{\partial z^2}&=\sigma(z)\,\bigl(1-\sigma(z)\bigr)>0\end{aligned}",
    method="The Bernoulli likelihood at σ(z) is differentiated twice with respect to z; the"
    " package's gradient is compared on both sides of 0 and at 0.",
    claim={"slope": logistic(z) - y, "second": logistic(z) * (1 - logistic(z))},
    wrong={
        "an extra factor σ′": {
            "slope": (logistic(z) - y) * logistic(z) * (1 - logistic(z)),
            "second": logistic(z) * (1 - logistic(z)),
        },
        "target minus prediction": {
            "slope": y - logistic(z),
            "second": logistic(z) * (1 - logistic(z)),
        },
        "the logit instead of the prediction": {
            "slope": z - y,
            "second": logistic(z) * (1 - logistic(z)),
        },
        "the derivative of tanh": {"slope": logistic(z) - y, "second": 1 - logistic(z) ** 2},
    },
)
def slope_by_the_logit(claim):
    """d/dz and d²/dz² of −log likelihood; `cross_entropy_grad(z, y)`."""
    C = bernoulli(p).subs(p, logistic(z))
    agree(claim["slope"], sp.diff(C, z))
    agree(claim["second"], sp.diff(C, z, 2))
    for point in (sp.log(1 + v), sp.S.Zero, -sp.log(1 + v)):
        agree(put(claim["slope"], z=point), CROSS_ENTROPY.grad(one(point), one(y))[0, 0])
        require(
            sp.factor(sp.simplify(put(claim["second"], z=point))).is_positive,
            "the second derivative is not positive",
        )


@register(
    "eq-mse-vs-bce",
    chapter=5,
    kind="exact",
    title="after a sigmoid the squared error keeps the factor σ′, the cross-entropy does not",
    latex=r"\begin{aligned}\frac{\partial}{\partial z}\,\tfrac12\bigl(\sigma(z)-y\bigr)^2"
    r"&=(\hat y-y)\,\sigma'(z)\\"
    r"\frac{\partial}{\partial z}\bigl(\operatorname{softplus}(z)-y\,z\bigr)&=\hat y-y\\"
    r"0<\sigma'(z)&\le\tfrac14\end{aligned}",
    method="Both costs are differentiated with respect to z, and the package's gradients with the"
    " chain rule agree; the largest slope of the sigmoid is found from the root of its derivative.",
    claim={
        "squared error": (logistic(z) - y) * logistic(z) * (1 - logistic(z)),
        "cross-entropy": logistic(z) - y,
        "most": Rational(1, 4),
    },
    wrong={
        "the same for both": {
            "squared error": logistic(z) - y,
            "cross-entropy": logistic(z) - y,
            "most": Rational(1, 4),
        },
        "the roles exchanged": {
            "squared error": logistic(z) - y,
            "cross-entropy": (logistic(z) - y) * logistic(z) * (1 - logistic(z)),
            "most": Rational(1, 4),
        },
        "the bound of tanh": {
            "squared error": (logistic(z) - y) * logistic(z) * (1 - logistic(z)),
            "cross-entropy": logistic(z) - y,
            "most": sp.S.One,
        },
        "divided by the slope": {
            "squared error": (logistic(z) - y) / (logistic(z) * (1 - logistic(z))),
            "cross-entropy": logistic(z) - y,
            "most": Rational(1, 4),
        },
    },
)
def two_slopes(claim):
    """d/dz of both costs; QUADRATIC.grad ⊙ σ′ and CROSS_ENTROPY.grad; max σ′."""
    agree(claim["squared error"], sp.diff((logistic(z) - y) ** 2 / 2, z))
    agree(claim["cross-entropy"], sp.diff(sp.log(1 + sp.exp(z)) - y * z, z))
    for point in (sp.log(1 + v), sp.S.Zero, -sp.log(1 + v)):
        at, aim = one(point), one(y)
        chained = QUADRATIC.grad(SIGMOID(at), aim) * SIGMOID.df(at)
        agree(put(claim["squared error"], z=point), chained[0, 0])
        agree(put(claim["cross-entropy"], z=point), CROSS_ENTROPY.grad(at, aim)[0, 0])
    chance = sp.Symbol("q", positive=True)
    slope = chance * (1 - chance)
    (top,) = sp.solve(sp.diff(slope, chance), chance)
    require(sp.diff(slope, chance, 2).is_negative, "the root is not a maximum")
    agree(claim["most"], slope.subs(chance, top))


FIRST = logistic(z) * (1 - logistic(z))
SECOND = FIRST * (1 - 2 * logistic(z))


@register(
    "eq-mse-sigmoid-nonconvex",
    chapter=5,
    kind="exact",
    title="the squared error of one sigmoid is not convex in z",
    latex=r"\begin{gathered}\frac{d^2}{dz^2}\,\tfrac12\bigl(\sigma(z)-y\bigr)^2\\"
    r"{}=\sigma'(z)^2+\bigl(\sigma(z)-y\bigr)\,\sigma''(z)\\[4pt]"
    r"y=0,\ z=\log4:\quad-\tfrac{32}{625}<0\end{gathered}",
    method="The squared error of a sigmoid is differentiated twice and evaluated at the given"
    " point, where it is negative.",
    claim={"second": FIRST**2 + (logistic(z) - y) * SECOND, "there": Rational(-32, 625)},
    wrong={
        "the second part forgotten": {"second": FIRST**2, "there": Rational(-32, 625)},
        "the first part forgotten": {
            "second": (logistic(z) - y) * SECOND,
            "there": Rational(-32, 625),
        },
        "the wrong sign of the second part": {
            "second": FIRST**2 - (logistic(z) - y) * SECOND,
            "there": Rational(-32, 625),
        },
        "positive at that point": {
            "second": FIRST**2 + (logistic(z) - y) * SECOND,
            "there": Rational(32, 625),
        },
    },
)
def squared_error_of_a_sigmoid(claim):
    """d²/dz² ½(σ(z) − y)², and its value at y = 0, z = log 4."""
    second = sp.diff((logistic(z) - y) ** 2 / 2, z, 2)
    agree(claim["second"], second)
    there = sp.simplify(second.subs({y: 0, z: sp.log(4)}))
    agree(claim["there"], there)
    require(there.is_negative, "the second derivative is not negative there")


# --- the cross-entropy of K classes -------------------------------------------------------------

WEIGHTS = sp.exp(logit[k])
TOTAL = Sum(WEIGHTS, (k, 1, K))
SHARE = sp.exp(logit[j]) / TOTAL
CLASSES = (1, 2, 3, 4)


def shares(classes):
    """Return logits (K, 1), their softmax, and targets that add up to 1."""
    out, aim = symbols("z", classes, 1), symbols("y", classes, 1)
    aim[-1, 0] = 1 - sum(aim[:-1, 0])
    return out, np.exp(out) / np.exp(out).sum(), aim


def from_likelihood(chances, aim):
    """Return −log Π ŷ_k^{y_k}, expanded."""
    product = sp.prod(chance**share for chance, share in zip(chances, aim, strict=True))
    return -sp.expand_log(sp.log(product), force=True)


def package_at(function, out, aim):
    """Return the value of a package function at logits of which the first is the largest.

    The package subtracts the largest logit; here the others are z₁ minus a positive symbol, so that
    SymPy knows that z₁ is the largest.
    """
    below = [sp.Symbol(f"d{q}", positive=True) for q in range(1, len(out))]
    points = [out[0, 0], *(out[0, 0] - d for d in below)]
    table = dict(zip(out.ravel(), points, strict=True))
    return function(Symbols([[point] for point in points]), aim), table


@register(
    "eq-ce",
    chapter=5,
    kind="parametric",
    title="cross-entropy of K classes",
    latex=r"\begin{aligned}C_i&=-\sum_{k=1}^{K}y_k\log\hat y_k,\quad"
    r"\hat y=\operatorname{softmax}(z)\\"
    r"&=\log\sum_{k=1}^{K}e^{z_k}-\sum_{k=1}^{K}y_kz_k\\"
    r"&\quad\text{if }\textstyle\sum_ky_k=1\end{aligned}",
    method="Minus the logarithm of the likelihood is expanded for 1 to 4 classes, with targets"
    " that add up to 1; the package's cost on symbols is the same.",
    claim={
        "by the prediction": -Sum(target[k] * sp.log(prob[k]), (k, 1, K)),
        "by the logits": sp.log(TOTAL) - Sum(target[k] * logit[k], (k, 1, K)),
    },
    wrong={
        "the sign forgotten": {
            "by the prediction": Sum(target[k] * sp.log(prob[k]), (k, 1, K)),
            "by the logits": sp.log(TOTAL) - Sum(target[k] * logit[k], (k, 1, K)),
        },
        "prediction and target exchanged": {
            "by the prediction": -Sum(prob[k] * sp.log(target[k]), (k, 1, K)),
            "by the logits": sp.log(TOTAL) - Sum(target[k] * logit[k], (k, 1, K)),
        },
        "the sum of the logits in the logarithm": {
            "by the prediction": -Sum(target[k] * sp.log(prob[k]), (k, 1, K)),
            "by the logits": sp.log(Sum(logit[k], (k, 1, K)))
            - Sum(target[k] * logit[k], (k, 1, K)),
        },
        "the logarithm inside the sum": {
            "by the prediction": -Sum(target[k] * sp.log(prob[k]), (k, 1, K)),
            "by the logits": Sum(sp.log(WEIGHTS), (k, 1, K)) - Sum(target[k] * logit[k], (k, 1, K)),
        },
    },
)
def cross_entropy_of_classes(claim):
    """−log Π ŷ_k^{y_k} with ŷ = softmax(z), Σ y = 1; `softmax_cross_entropy(z, y)`."""
    for classes in CLASSES:
        out, chances, aim = shares(classes)
        names = symbols("q", classes, 1, positive=True)
        meaning = {prob: entry(names[:, 0]), target: entry(aim[:, 0]), logit: entry(out[:, 0])}
        found = {
            name: replace_indexed(put(part, K=classes), meaning) for name, part in claim.items()
        }
        truth = from_likelihood(names[:, 0], aim[:, 0])
        agree(found["by the prediction"], truth)
        by_chances = truth.xreplace(dict(zip(names[:, 0], chances[:, 0], strict=True)))
        logs = sp.expand_log(by_chances, force=True)
        agree(found["by the logits"], logs)
        package, table = package_at(SOFTMAX_CROSS_ENTROPY.value, out, aim)
        agree(found["by the logits"].subs(table, simultaneous=True), package)


@register(
    "eq-softmax-ce-grad",
    chapter=5,
    kind="exact",
    title="gradient of the cross-entropy with respect to the logits",
    latex=r"\frac{\partial C_i}{\partial z_j}=\hat y_j-y_j,\qquad"
    r"\frac{\partial C}{\partial z}=\frac{\operatorname{softmax}(z)-y}N",
    method="SymPy differentiates the cost for any number of classes with respect to the logit of"
    " any class; the package's gradient agrees for 1 to 4 classes, and for two samples.",
    claim={"C_i": SHARE - target[j], "C": (SHARE - target[j]) / N},
    wrong={
        "target minus prediction": {"C_i": target[j] - SHARE, "C": (target[j] - SHARE) / N},
        "the target forgotten": {"C_i": SHARE, "C": SHARE / N},
        "not divided by the sum": {
            "C_i": sp.exp(logit[j]) - target[j],
            "C": (sp.exp(logit[j]) - target[j]) / N,
        },
        "the derivative of softmax instead of softmax": {
            "C_i": SHARE * (1 - SHARE) - target[j],
            "C": (SHARE * (1 - SHARE) - target[j]) / N,
        },
        "the mean over the samples forgotten": {"C_i": SHARE - target[j], "C": SHARE - target[j]},
        "a mean over the classes": {"C_i": SHARE - target[j], "C": (SHARE - target[j]) / K},
    },
)
def cross_entropy_gradient(claim):
    """∂/∂z_j of log Σ e^{z_k} − Σ y_k z_k for any K; the package for K = 1 … 4, N = 1, 2."""
    C = sp.log(TOTAL) - Sum(target[k] * logit[k], (k, 1, K))
    agree(claim["C_i"], derivative(C, logit[j]))
    for classes in CLASSES:
        out, _, aim = shares(classes)
        meaning = {target: entry(aim[:, 0]), logit: entry(out[:, 0])}
        for samples in (1, 2):
            found = put(claim["C"], K=classes, N=samples)
            package, table = package_at(
                lambda at, aim, times=samples: SOFTMAX_CROSS_ENTROPY.grad(
                    Symbols(np.hstack([at] * times)), Symbols(np.hstack([aim] * times))
                ),
                out,
                aim,
            )
            here = [replace_indexed(found.subs(j, q), meaning) for q in range(1, classes + 1)]
            here = [part.subs(table, simultaneous=True) for part in here]
            agree(here, list(package[:, 0]))


@register(
    "eq-softmax-ce-hessian",
    chapter=5,
    kind="parametric",
    title="the cross-entropy is convex in the logits",
    latex=r"\begin{gathered}\nabla_z^2C_i=\operatorname{diag}(\hat y)-\hat y\,\hat y^{\mathsf T}\\"
    r"\begin{aligned}v^{\mathsf T}\nabla_z^2C_i\,v&=\textstyle\sum_k\hat y_kv_k^2"
    r"-\bigl(\sum_k\hat y_kv_k\bigr)^2\\&=\operatorname{Var}_{\hat y}(v)\ge0\end{aligned}"
    r"\end{gathered}",
    method="The cost of 2 to 4 classes is differentiated twice; the quadratic form is the variance"
    " of v under ŷ, a sum of squares with positive weights.",
    claim={
        "entry": prob[j] * sp.KroneckerDelta(j, m) - prob[j] * prob[m],
        "form": Sum(prob[k] * move[k] ** 2, (k, 1, K)) - Sum(prob[k] * move[k], (k, 1, K)) ** 2,
    },
    wrong={
        "only the diagonal": {
            "entry": prob[j] * sp.KroneckerDelta(j, m),
            "form": Sum(prob[k] * move[k] ** 2, (k, 1, K)),
        },
        "a plus between the parts": {
            "entry": prob[j] * sp.KroneckerDelta(j, m) + prob[j] * prob[m],
            "form": Sum(prob[k] * move[k] ** 2, (k, 1, K)) + Sum(prob[k] * move[k], (k, 1, K)) ** 2,
        },
        "the square inside the sum": {
            "entry": prob[j] * sp.KroneckerDelta(j, m) - prob[j] * prob[m],
            "form": Sum(prob[k] * move[k] ** 2, (k, 1, K))
            - Sum((prob[k] * move[k]) ** 2, (k, 1, K)),
        },
        "independent sigmoids": {
            "entry": prob[j] * (1 - prob[j]) * sp.KroneckerDelta(j, m),
            "form": Sum(prob[k] * (1 - prob[k]) * move[k] ** 2, (k, 1, K)),
        },
    },
)
def convex_in_the_logits(claim):
    """∂²/∂z_j∂z_m of log Σ e^{z_k}; vᵀHv = ½ Σ_jk ŷ_j ŷ_k (v_j − v_k)²."""
    for classes in (2, 3, 4):
        out, chances, _ = shares(classes)
        steps = symbols("v", classes, 1)[:, 0]
        meaning = {prob: entry(chances[:, 0]), move: entry(steps)}
        C = sp.log(np.exp(out).sum())
        H = Symbols([[sp.diff(C, r, q) for q in out[:, 0]] for r in out[:, 0]])
        for row, column in np.ndindex(H.shape):
            here = put(claim["entry"], j=row + 1, m=column + 1)
            agree(replace_indexed(here, meaning), H[row, column])
        form = replace_indexed(put(claim["form"], K=classes), meaning)
        agree(form, steps @ H @ steps)
        pairs = sum(
            chances[r, 0] * chances[q, 0] * (steps[r] - steps[q]) ** 2
            for r, q in np.ndindex(H.shape)
        )
        agree(form, pairs / 2)


# --- overlap ------------------------------------------------------------------------------------

BOTH, AIM = Sum(prob[k] * target[k], (k, 1, n)), target[j]
EITHER = Sum(prob[k] + target[k] - prob[k] * target[k], (k, 1, n))
SOFT_SLOPE = -(AIM * union - (1 - AIM) * inter) / union**2


@register(
    "eq-iou",
    chapter=5,
    kind="exact",
    title="intersection over union, and a soft form with a useful gradient",
    latex=r"\begin{gathered}\operatorname{IoU}(A,B)=\frac{|A\cap B|}{|A\cup B|}\in[0,1]\\[4pt]"
    r"C_i=1-\frac IU,\qquad I=\textstyle\sum_jp_jy_j\\"
    r"U=\textstyle\sum_j(p_j+y_j-p_jy_j)\\[4pt]"
    r"\frac{\partial C_i}{\partial p_j}=-\frac{y_jU-(1-y_j)I}{U^2}\end{gathered}",
    method="The elements of the sets are counted for all masks of two pixels: if p consists of"
    " zeros and ones, I and U are the sizes of intersection and union. The quotient is"
    " differentiated, and the package's functions agree.",
    claim={"I": BOTH, "U": EITHER, "slope": SOFT_SLOPE},
    wrong={
        "the intersection counted twice in the union": {
            "I": BOTH,
            "U": Sum(prob[k] + target[k], (k, 1, n)),
            "slope": SOFT_SLOPE,
        },
        "divided by the target alone": {
            "I": BOTH,
            "U": Sum(target[k], (k, 1, n)),
            "slope": SOFT_SLOPE,
        },
        "twice the intersection, as in the Dice score": {
            "I": 2 * BOTH,
            "U": EITHER,
            "slope": SOFT_SLOPE,
        },
        "the wrong sign of the second part": {
            "I": BOTH,
            "U": EITHER,
            "slope": -(AIM * union + (1 - AIM) * inter) / union**2,
        },
        "the union treated as constant": {"I": BOTH, "U": EITHER, "slope": -AIM / union},
    },
)
def overlap_and_its_slope(claim):
    """|A ∩ B| and |A ∪ B| of sets; ∂(1 − I/U)/∂p_j by diff; `iou`, `soft_iou`, `soft_iou_grad`."""
    masks = [np.array(bits).reshape(2, 1) for bits in np.ndindex(2, 2)]
    for chosen, aim in [(left, right) for left in masks for right in masks if (left + right).any()]:
        first, second = ({q for q in range(2) if side[q]} for side in (chosen, aim))
        sizes = [sp.Integer(len(first & second)), sp.Integer(len(first | second))]
        meaning = {prob: entry(chosen[:, 0]), target: entry(aim[:, 0])}
        agree([replace_indexed(put(claim[part], n=2), meaning) for part in "IU"], sizes)
        quotient = sizes[0] / sizes[1]
        agree(costs.iou(Symbols(chosen), Symbols(aim), Rational(1, 2)), quotient)
        require(0 <= quotient <= 1, "outside [0, 1]")
    for pixels in (1, 2, 3):
        out, aim = symbols("p", pixels, 1), symbols("y", pixels, 1)
        meaning = {prob: entry(out[:, 0]), target: entry(aim[:, 0])}
        I, U = (replace_indexed(put(claim[part], n=pixels), meaning) for part in "IU")
        agree(1 - I / U, costs.soft_iou(out, aim))
        for row in range(pixels):
            found = put(claim["slope"], inter=I, union=U, j=row + 1)
            agree(replace_indexed(found, meaning), sp.diff(1 - I / U, out[row, 0]))
            agree(replace_indexed(found, meaning), costs.soft_iou_grad(out, aim)[row, 0])


@register(
    "eq-iou-flat",
    chapter=5,
    kind="exact",
    title="intersection over union is flat almost everywhere",
    latex=r"\begin{gathered}\frac{d}{dp}\,\mathbf 1[p>\tau]=0\quad(p\ne\tau)\\"
    r"\frac{\partial\operatorname{IoU}}{\partial p_j}=0\quad\text{where no }p_k=\tau\\[4pt]"
    r"p_j\text{ rises past }\tau:\ \frac IU\to\begin{cases}\frac{I+1}U,&y_j=1\\"
    r"\frac I{U+1},&y_j=0\end{cases}\end{gathered}",
    method="The package's function is run on symbols above and below the threshold: changing a"
    " symbol there does not change the value. The jump is counted for all masks of three pixels.",
    claim={"slope": sp.S.Zero, "in": (inter + 1) / union, "out": inter / (union + 1)},
    wrong={
        "a slope of one": {
            "slope": sp.S.One,
            "in": (inter + 1) / union,
            "out": inter / (union + 1),
        },
        "the derivative of the soft form": {
            "slope": -1 / union,
            "in": (inter + 1) / union,
            "out": inter / (union + 1),
        },
        "no jump": {"slope": sp.S.Zero, "in": inter / union, "out": inter / union},
        "the union grows too": {
            "slope": sp.S.Zero,
            "in": (inter + 1) / (union + 1),
            "out": inter / (union + 1),
        },
        "the intersection shrinks": {
            "slope": sp.S.Zero,
            "in": (inter + 1) / union,
            "out": (inter - 1) / union,
        },
    },
)
def flat_almost_everywhere(claim):
    """The IoU at p_j = τ ± u for any u > 0, and from below τ to above it."""
    bits = [np.array(mask) for mask in np.ndindex(2, 2, 2)]
    for chosen, aim in ((left, right) for left in bits for right in bits):
        if chosen[0] or not (chosen + aim).any():
            continue
        below, above = (hard_iou(first, chosen, aim) for first in (t - u, t + u))
        for found in (below, above):
            agree(claim["slope"], sp.diff(found, u))
        first, second = ({q for q in range(3) if side[q]} for side in (chosen, aim))
        sizes = {"inter": len(first & second), "union": len(first | second)}
        agree(sp.Rational(sizes["inter"], sizes["union"]), below)
        agree(put(claim["in" if aim[0] else "out"], **sizes), above)


def hard_iou(first, chosen, aim):
    """Return the package's IoU with this p₁; the others are τ + v or τ − v."""
    others = [t + v if bit else t - v for bit in chosen[1:]]
    column = Symbols([[point] for point in (first, *others)])
    return costs.iou(column, Symbols(np.reshape(aim, (3, 1))), t)
