r"""Chapter 7, gradient descent: what its equations claim, and the checks that prove them.

Where a formula says what the package computes, the package's own rule is run on symbols: one call
of `GD.step`, `momentum(β).step`, `adam(β₁, β₂).step` or `decayed(GD, λ).step`. Those rules take
numbers for β and λ; a step is a polynomial in them, of degree one or as stated, so agreement at
more values than the degree proves it for all. Claims for every t are shown by induction: the
start, and one step from a symbolic t to t + 1.
"""

from itertools import combinations

import numpy as np
import sympy as sp
from sympy import Rational, Sum

from nnbook.ledger.fixtures import case, entry, matrix, one, replace_indexed, unknown, value
from nnbook.ledger.registry import agree, register, require
from nnmaths.activations import IDENTITY
from nnmaths.backprop import gradient
from nnmaths.costs import CROSS_ENTROPY, QUADRATIC
from nnmaths.descent import GD, adam, decayed, momentum
from nnmaths.network import Network, Parameters
from nnmaths.symbolic import Symbols, differentiate, symbols

theta, phi, g, v, x, y = sp.symbols("theta phi g v x y", real=True)
eta, lam, ell, mu, low, high = sp.symbols("eta lambda ell mu m M", positive=True)
beta, beta2, s, kappa = sp.symbols("beta beta_2 s kappa", positive=True)
squared = sp.Symbol("G", positive=True)  # ‖∇C‖², where it is not zero
t = sp.Symbol("t", integer=True, nonnegative=True)
i, k, n, N, B, d = sp.symbols("i k n N B d", integer=True, positive=True)
grad, here, there = map(sp.IndexedBase, ("grad", "theta", "phi"))

A, I, X, w, best, target = map(matrix, ("A", "I", "X", "w", "w_star", "y"))
V, D = map(matrix, ("v", "D"))

# β and λ at which a step, a polynomial of degree one in them, is compared; exact as floats too
VALUES = (0.0, 0.25, 0.5, 0.75)


def put(claim, **letters):
    """Return the claim with the letters of this module replaced, by name, all at once."""
    table = {globals()[name]: new for name, new in letters.items()}
    return sp.sympify(claim).subs(table, simultaneous=True)


def each(claim, **arrays):
    """Return the claim, a formula for one entry, for every entry of these arrays."""
    shape = next(iter(arrays.values())).shape
    values = [
        put(claim, **{name: array[place] for name, array in arrays.items()})
        for place in np.ndindex(shape)
    ]
    return Symbols(np.reshape(np.array(values, dtype=object), shape))


def symmetric(size):
    """Return a symmetric matrix of symbols."""
    a = symbols("a", size, size)
    return Symbols([[a[min(p, q), max(p, q)] for q in range(size)] for p in range(size)])


def half_form(matrix, vector):
    """Return ½ vᵀ A v as one expression."""
    return (vector.T @ matrix @ vector)[0, 0] / 2


def gd(theta, C):
    """Return one step of the package's gradient descent on C, the gradient by `sympy.diff`."""
    return GD.step(theta, differentiate(C, theta), None, eta, 1)[0]


# --- the step -----------------------------------------------------------------------------------


@register(
    "eq-gd",
    chapter=7,
    kind="definition",
    title="gradient descent, t counting the steps",
    latex=r"\theta_{t+1}=\theta_t-\eta\,\nabla C(\theta_t),\qquad\eta>0",
    method="The package's rule, run on symbols, gives this step in every entry; and the slope of"
    " the cost along the step, at η = 0, is not positive for an unknown cost of 1 to 3 variables.",
    claim=theta - eta * g,
    wrong={
        "the gradient added": theta + eta * g,
        "the learning rate forgotten": theta - g,
        "divided by the learning rate": theta - g / eta,
        "the old place forgotten": -eta * g,
        "the sign of the gradient alone": theta - eta * sp.sign(g),
    },
)
def gradient_descent(claim):
    """The step of the package's GD, and d/dη C(θ_{t+1}) = −‖∇C‖² at η = 0."""
    for size in (1, 2, 3):
        place = symbols("theta", size, 1)
        C, partials = unknown("C", size)
        slope = Symbols([[partial(*place.ravel())] for partial in partials])
        after = each(claim, theta=place, g=slope)
        agree(after, GD.step(place, slope, None, eta, 1)[0])
        drop = sp.diff(C(*after.ravel()), eta).subs(eta, 0)
        agree(drop, -(slope**2).sum())


@register(
    "eq-gd-layer",
    chapter=7,
    kind="definition",
    title="gradient descent on every layer, biases too",
    latex=r"\begin{aligned}"
    r"W^{(l)}&\leftarrow W^{(l)}-\eta\,\frac{\partial C}{\partial W^{(l)}}\\[6pt]"
    r"b^{(l)}&\leftarrow b^{(l)}-\eta\,\frac{\partial C}{\partial b^{(l)}}\end{aligned}",
    method="Whole networks with symbolic parameters and undefined activations: the package's"
    " gradient and rule are compared with this step, its derivatives taken by SymPy.",
    claim={"W": theta - eta * g, "b": theta - eta * g},
    wrong={
        "the biases not updated": {"W": theta - eta * g, "b": theta},
        "the weights not updated": {"W": theta, "b": theta - eta * g},
        "the gradient added": {"W": theta + eta * g, "b": theta + eta * g},
        "the biases without the learning rate": {"W": theta - eta * g, "b": theta - g},
    },
)
def gradient_descent_on_layers(claim):
    """Every W⁽ˡ⁾ and b⁽ˡ⁾ after one step of the package."""
    for sizes in ((2, 2, 1), (1, 3, 2)):
        net = case(sizes)
        slope = gradient(net.network, net.theta, net.x, net.y, QUADRATIC)
        after = GD.step(net.theta, slope, None, eta, 1)[0]
        for leaf, formula in claim.items():
            for q in net.network.layers:
                before, by = getattr(net.theta, leaf)[q], getattr(net.gradient, leaf)[q]
                agree(getattr(after, leaf)[q], each(formula, theta=before, g=by))


@register(
    "eq-descent-direction",
    chapter=7,
    kind="parametric",
    title="minus the gradient is a descent direction",
    latex=r"\frac{d}{d\eta}\,C\bigl(\theta-\eta\nabla C(\theta)\bigr)\Big|_{\eta=0}"
    r"=-\lVert\nabla C(\theta)\rVert^2\le0",
    method="An unknown cost of 1 to 4 variables is differentiated along the step.",
    claim=-Sum(grad[k] ** 2, (k, 1, n)),
    wrong={
        "uphill": Sum(grad[k] ** 2, (k, 1, n)),
        "the length instead of its square": -sp.sqrt(Sum(grad[k] ** 2, (k, 1, n))),
        "the square forgotten": -Sum(grad[k], (k, 1, n)),
        "one coordinate alone": -(grad[1] ** 2) / 2,
    },
)
def descent_direction(claim):
    """d/dη C(θ − η g) at η = 0 with g_k = ∂C/∂θ_k."""
    for size in (1, 2, 3, 4):
        place = symbols("theta", size, 1).ravel()
        C, partials = unknown("C", size)
        slope = Symbols([partial(*place) for partial in partials])
        truth = sp.diff(C(*(place - eta * slope)), eta).subs(eta, 0)
        agree(replace_indexed(put(claim, n=size), {grad: entry(slope)}), truth)


@register(
    "eq-steepest",
    chapter=7,
    kind="parametric",
    title="the direction of steepest descent",
    latex=r"\begin{gathered}\nabla C^{\mathsf T}v\ge-\lVert\nabla C\rVert"
    r"\quad\text{for all }\lVert v\rVert=1\\"
    r"\text{equality}\iff v=-\frac{\nabla C}{\lVert\nabla C\rVert}\qquad(\nabla C\ne0)"
    r"\end{gathered}",
    method="Lagrange's identity makes the difference of squares a sum of squares, for 1 to 4"
    " variables; where it is zero v is a multiple of the gradient, and of the two of length 1 one"
    " gives the minimum.",
    claim={"minimum": -sp.sqrt(squared), "direction": -g / sp.sqrt(squared)},
    wrong={
        "steepest ascent": {"minimum": sp.sqrt(squared), "direction": g / sp.sqrt(squared)},
        "the direction not of length one": {"minimum": -sp.sqrt(squared), "direction": -g},
        "the square of the length": {"minimum": -squared, "direction": -g / sp.sqrt(squared)},
        "along one axis": {"minimum": -sp.sqrt(squared), "direction": -sp.sign(g)},
    },
)
def steepest_descent(claim):
    """Minimise g·v over ‖v‖ = 1: (g·v)² = ‖g‖²‖v‖² − Σ (g_p v_q − g_q v_p)²."""
    for size in (1, 2, 3, 4):
        slope, move = symbols("g", size, 1).ravel(), symbols("v", size, 1).ravel()
        minors = [slope[p] * move[q] - slope[q] * move[p] for p, q in combinations(range(size), 2)]
        norms = (slope**2).sum() * (move**2).sum()
        agree((slope @ move) ** 2, norms - sum(minor**2 for minor in minors))
        # all minors are zero: v = c g, and of length one
        c = sp.Symbol("c", real=True)
        multiples = sp.solve(sp.Eq(c**2 * squared, 1), c)
        smallest = min(multiples, key=lambda multiple: multiple.subs(squared, 1))
        agree(claim["minimum"], smallest * squared)
        agree(claim["direction"], smallest * g)


@register(
    "eq-descent-lemma",
    chapter=7,
    kind="exact",
    title="descent lemma",
    latex=r"\begin{gathered}\lVert\nabla C(\theta)-\nabla C(\varphi)\rVert"
    r"\le\ell\,\lVert\theta-\varphi\rVert\\ \text{for all }\theta,\varphi\ \Longrightarrow\\"
    r"C\bigl(\theta-\eta\nabla C(\theta)\bigr)\\{}\le C(\theta)"
    r"-\eta\Bigl(1-\frac{\eta\ell}2\Bigr)\lVert\nabla C(\theta)\rVert^2\end{gathered}",
    method="The cost along the step is the integral of its slope; the Lipschitz bound goes under"
    " the integral, which SymPy computes. The parabola ℓθ²/2 attains the bound.",
    claim=eta * (1 - eta * ell / 2) * squared,
    wrong={
        "the half forgotten": eta * (1 - eta * ell) * squared,
        "only the first order": eta * squared,
        "the length instead of its square": eta * (1 - eta * ell / 2) * sp.sqrt(squared),
        "the sign of the second order": eta * (1 + eta * ell / 2) * squared,
    },
)
def descent_lemma(claim):
    """The drop that is sure: −(g·v + ∫₀¹ ℓ s ‖v‖² ds) with v = −η g; sharp for ℓθ²/2."""
    for size in (1, 2, 3):
        place, move = symbols("theta", size, 1).ravel(), symbols("v", size, 1).ravel()
        C, partials = unknown("C", size)
        along = [partial(*(place + s * move)) for partial in partials]
        agree(sp.diff(C(*(place + s * move)), s), sum(along * move))
    first_order = -eta * squared
    remainder = sp.integrate(ell * s * eta**2 * squared, (s, 0, 1))
    agree(claim, -(first_order + remainder))
    parabola = ell * theta**2 / 2
    after = gd(one(theta), parabola)[0, 0]
    drop = parabola - parabola.subs(theta, after)
    agree(sp.sympify(claim).subs(squared, sp.diff(parabola, theta) ** 2), drop)


# --- quadratics ---------------------------------------------------------------------------------


@register(
    "eq-quadratic-gd",
    chapter=7,
    kind="exact",
    title="gradient descent on a quadratic, in closed form",
    latex=r"\begin{aligned}\theta_t&=(I-\eta A)^t\,\theta_0"
    r"&&\text{for }C=\tfrac12\theta^{\mathsf T}A\theta\\"
    r"\theta_t&=(1-\eta\lambda)^t\,\theta_0&&\text{for }C=\tfrac12\lambda\theta^2\end{aligned}",
    method="The package's rule is run on symbols: four steps for matrices of size 1 to 3, and by"
    " induction for any t in one dimension.",
    claim={"factor": I - eta * A, "one dimension": (1 - eta * lam) ** t * theta},
    wrong={
        "the sign": {"factor": I + eta * A, "one dimension": (1 + eta * lam) ** t * theta},
        "t as a factor": {"factor": I - eta * A, "one dimension": (1 - t * eta * lam) * theta},
        "half of A, from the ½": {
            "factor": I - eta * A / 2,
            "one dimension": (1 - eta * lam / 2) ** t * theta,
        },
        "one step too many": {
            "factor": I - eta * A,
            "one dimension": (1 - eta * lam) ** (t + 1) * theta,
        },
    },
    equivalent={
        "wrong transpose: A": "A is symmetric",
        "wrong transpose: I": "I is symmetric",
    },
)
def quadratic_in_closed_form(claim):
    """θ_t by repeated steps of the package, and by induction."""
    for size, steps in ((1, 4), (2, 4), (3, 2)):
        a, start = symmetric(size), symbols("theta", size, 1)
        letters = symbols("u", size, 1)
        slope = differentiate(half_form(a, letters), letters)
        factor = value(claim["factor"], {A: a, I: Symbols(np.eye(size, dtype=int))})
        now = closed = start
        for _ in range(steps):
            by = each_at(slope, letters, now)
            now, closed = GD.step(now, by, None, eta, 1)[0], factor @ closed
            agree(closed, now)
    closed = sp.sympify(claim["one dimension"])
    agree(closed.subs(t, 0), theta)
    after = GD.step(one(closed), one(lam * closed), None, eta, 1)[0][0, 0]
    agree(closed.subs(t, t + 1), after)


def each_at(formulas, letters, places):
    """Return the array of formulas with the letters replaced by other expressions."""
    table = dict(zip(letters.ravel(), places.ravel(), strict=True))
    flat = [formula.xreplace(table) for formula in formulas.ravel()]
    return Symbols(np.reshape(np.array(flat, dtype=object), formulas.shape))


@register(
    "eq-gd-eigen",
    chapter=7,
    kind="parametric",
    title="eigenvalues of a step",
    latex=r"\operatorname{spec}(I-\eta A)=\{\,1-\eta\lambda_k:\lambda_k\in\operatorname{spec}A\,\}",
    method="The characteristic polynomial of I − ηA, taken at 1 − ηλ, is that of A at λ times"
    " (−η)ⁿ, for symbolic symmetric matrices of size 1 to 3; so roots go to roots.",
    claim=1 - eta * lam,
    wrong={
        "the sign": 1 + eta * lam,
        "the one forgotten": -eta * lam,
        "the learning rate forgotten": 1 - lam,
        "the reciprocal": 1 - eta / lam,
    },
)
def eigenvalues_of_a_step(claim):
    """det((1 − ηλ)I − (I − ηA)) = (−η)ⁿ det(λI − A)."""
    z = sp.Symbol("z")
    for size in (1, 2, 3):
        a = sp.Matrix(symmetric(size))
        step = (sp.eye(size) - eta * a).charpoly(z).as_expr()
        agree(step.subs(z, claim), (-eta) ** size * a.charpoly(z).as_expr().subs(z, lam))


@register(
    "eq-gd-stability",
    chapter=7,
    kind="exact",
    title="the bound on the learning rate",
    latex=r"\begin{aligned}A\succ0:\quad&\theta_t\to0\text{ from every }\theta_0\\"
    r"&\iff|1-\eta\lambda_k|<1\text{ for all }k\\"
    r"&\iff0<\eta<\frac{2}{\lambda_{\max}}\end{aligned}",
    method="In the basis of eigenvectors the coordinates part; each is multiplied by one factor a"
    " step. SymPy solves the inequality and shows that the bound falls with λ, so that the"
    " largest eigenvalue binds.",
    claim={"factor": sp.Abs(1 - eta * lam), "bound": 2 / lam},
    wrong={
        "half the bound": {"factor": sp.Abs(1 - eta * lam), "bound": 1 / lam},
        "the bound upside down": {"factor": sp.Abs(1 - eta * lam), "bound": lam / 2},
        "no dependence on the curvature": {"factor": sp.Abs(1 - eta * lam), "bound": sp.S(2)},
        "the factor without its sign": {"factor": 1 - eta * lam, "bound": 2 / lam},
    },
)
def bound_on_the_learning_rate(claim):
    """|1 − u| < 1 for u = ηλ > 0; the coordinates part; the bound decreases in λ."""
    after = gd(one(theta), lam * theta**2 / 2)[0, 0]
    agree(claim["factor"], sp.Abs(after / theta))
    u = sp.Symbol("u", positive=True)
    stable = sp.solve_univariate_inequality(sp.Abs(1 - u) < 1, u, relational=False)
    require(stable.inf == 0 and stable.is_open, "the learning rates do not begin at 0")
    agree(sp.sympify(claim["bound"]) * lam, stable.sup)
    require(sp.diff(claim["bound"], lam).is_negative, "the largest eigenvalue does not bind")
    coordinates_part()


def coordinates_part():
    """Qᵀ(I − ηA)Q is diagonal, with entries 1 − ηλ, for A = QΛQᵀ and a rotation Q."""
    c, r = sp.symbols("c r", real=True)
    Q = sp.Matrix([[c, -r], [r, c]])
    a = Q * sp.diag(low, high) * Q.T
    turned = (Q.T * (sp.eye(2) - eta * a) * Q).expand().subs(r**2, 1 - c**2).expand()
    agree(turned.subs(r**4, (1 - c**2) ** 2).expand(), sp.diag(1 - eta * low, 1 - eta * high))


@register(
    "eq-gd-regimes",
    chapter=7,
    kind="exact",
    title="what a learning rate does in one dimension",
    latex=r"\begin{aligned}0<\eta\lambda<1&:\ \text{monotone}\\ \eta\lambda=1&:\ \text{one step}\\"
    r"1<\eta\lambda<2&:\ \text{zig-zag, converging}\\ \eta\lambda=2&:\ \text{a cycle of two}\\"
    r"\eta\lambda>2&:\ \text{diverging}\end{aligned}",
    method="The factor of one step of the package is put into the condition of each regime, and"
    " SymPy solves for ηλ.",
    claim={
        "monotone": (sp.S(0), sp.S(1)),
        "one step": (sp.S(1), sp.S(1)),
        "zig-zag": (sp.S(1), sp.S(2)),
        "cycle": (sp.S(2), sp.S(2)),
        "diverging": sp.S(2),
    },
    wrong={
        "diverging above 1": {
            "monotone": (sp.S(0), sp.S(1)),
            "one step": (sp.S(1), sp.S(1)),
            "zig-zag": (sp.S(1), sp.S(1)),
            "cycle": (sp.S(1), sp.S(1)),
            "diverging": sp.S(1),
        },
        "monotone up to the bound": {
            "monotone": (sp.S(0), sp.S(2)),
            "one step": (sp.S(2), sp.S(2)),
            "zig-zag": (sp.S(2), sp.S(2)),
            "cycle": (sp.S(2), sp.S(2)),
            "diverging": sp.S(2),
        },
        "one step at the bound": {
            "monotone": (sp.S(0), sp.S(1)),
            "one step": (sp.S(2), sp.S(2)),
            "zig-zag": (sp.S(1), sp.S(2)),
            "cycle": (sp.S(1), sp.S(1)),
            "diverging": sp.S(2),
        },
    },
)
def regimes(claim):
    """The factor q = 1 − u: 0 < q < 1, q = 0, −1 < q < 0, q = −1, |q| > 1, each for u > 0."""
    after = gd(one(theta), lam * theta**2 / 2)[0, 0]
    u = sp.Symbol("u", real=True)
    q = sp.expand(after / theta).subs(eta, u / lam)
    rates = sp.Interval.open(0, sp.oo)
    truth = {
        "monotone": (q > 0).as_set() & (q < 1).as_set() & rates,
        "one step": sp.FiniteSet(*sp.solve(q, u)),
        "zig-zag": (q > -1).as_set() & (q < 0).as_set() & rates,
        "cycle": sp.FiniteSet(*sp.solve(q + 1, u)),
    }
    beyond = ((q > 1).as_set() | (q < -1).as_set()) & rates
    require(beyond.sup == sp.oo, "the diverging rates end somewhere")
    ends = {name: (found.inf, found.sup) for name, found in truth.items()}
    agree(claim, ends | {"diverging": beyond.inf})


RHO = sp.Max(sp.Abs(1 - eta * low), sp.Abs(1 - eta * high))


@register(
    "eq-gd-rate",
    chapter=7,
    kind="exact",
    title="rate of convergence on a quadratic, and the best step",
    latex=r"\begin{aligned}\lVert\theta_t-\theta^\star\rVert&\le\rho^t\lVert\theta_0-\theta^\star"
    r"\rVert\\ \rho&=\max\bigl(|1-\eta\lambda_{\min}|,|1-\eta\lambda_{\max}|\bigr)\\"
    r"\eta^\star&=\frac{2}{\lambda_{\min}+\lambda_{\max}}\\"
    r"\rho^\star&=\frac{\kappa-1}{\kappa+1},\qquad\kappa=\frac{\lambda_{\max}}{\lambda_{\min}}"
    r"\end{aligned}",
    method="The package's step on a symbolic quadratic is a matrix; its norm is computed exactly"
    " for turned quadratics with three eigenvalues. The best step makes the falling branch meet"
    " the rising one.",
    claim={"rho": RHO, "best eta": 2 / (low + high), "best rho": (kappa - 1) / (kappa + 1)},
    wrong={
        "the best step too long": {
            "rho": RHO,
            "best eta": 2 / high,
            "best rho": (kappa - 1) / (kappa + 1),
        },
        "kappa upside down": {
            "rho": RHO,
            "best eta": 2 / (low + high),
            "best rho": (1 / kappa - 1) / (1 / kappa + 1),
        },
        "the flattest direction alone": {
            "rho": sp.Abs(1 - eta * low),
            "best eta": 2 / (low + high),
            "best rho": (kappa - 1) / (kappa + 1),
        },
        "the rate of the step 1/λ_max": {
            "rho": RHO,
            "best eta": 2 / (low + high),
            "best rho": 1 - 1 / kappa,
        },
    },
    equivalent={
        "wrong function: Abs(M*eta - 1)": "where 1 − ηM is positive, 1 − ηm is larger still",
    },
)
def rate_on_a_quadratic(claim):
    """ρ is the norm of the step's matrix; η* solves 1 − ηm = ηM − 1; ρ* is ρ there."""
    for m, M, rate in ((1, 9, "1/20"), (1, 9, "1/6"), (1, 9, "21/100"), (2, 3, "1/5"), (1, 2, 2)):
        found = put(claim["rho"], low=sp.S(m), high=sp.S(M), eta=sp.S(rate))
        agree(found, norm_of_a_step(sp.S(m), sp.S(M), sp.S(rate)))
    falling, rising = 1 - eta * low, eta * high - 1
    require(sp.diff(falling, eta).is_negative and sp.diff(rising, eta).is_positive, "no minimum")
    (crossing,) = sp.solve(falling - rising, eta)
    agree(claim["best eta"], crossing)
    agree(claim["best rho"], falling.subs(eta, crossing).subs(high, kappa * low))


def norm_of_a_step(m, M, rate):
    """Return the largest |eigenvalue| of the package's step on a turned quadratic."""
    Q = sp.Matrix([[3, -4, 0], [4, 3, 0], [0, 0, 5]]) / 5
    a = Symbols((Q * sp.diag(m, M, (m + M) / 2) * Q.T).tolist())
    unit = Symbols(np.eye(3, dtype=int))
    step = sp.Matrix(GD.step(unit, a @ unit, None, rate, 1)[0].tolist())
    return max(abs(root) for root in step.eigenvals())


# --- convex costs -------------------------------------------------------------------------------


@register(
    "eq-gd-rate-1overL",
    chapter=7,
    kind="exact",
    title="rate for strongly convex costs, step 1/ℓ",
    latex=r"C(\theta_t)-C^\star\le\Bigl(1-\frac\mu\ell\Bigr)^{t}\bigl(C(\theta_0)-C^\star\bigr)",
    method="Strong convexity bounds C* from below by a parabola's minimum, which SymPy finds; the"
    " descent lemma with η = 1/ℓ bounds the next cost; induction on t.",
    claim=(1 - mu / ell) ** t,
    wrong={
        "upside down": (1 - ell / mu) ** t,
        "no power": 1 - mu * t / ell,
        "one step ahead": (1 - mu / ell) ** (t + 1),
        "the growth instead of the decay": (1 + mu / ell) ** t,
    },
)
def rate_for_strongly_convex(claim):
    """C* ≥ min_v (C + g·v + μ‖v‖²/2) = C − ‖g‖²/2μ, and C₊ ≤ C − ‖g‖²/2ℓ."""
    gap, move = sp.Symbol("gap", positive=True), sp.Symbol("v", real=True)
    below = g * move + mu * move**2 / 2
    (lowest,) = sp.solve(sp.diff(below, move), move)
    least_slope = sp.solve(sp.Eq(gap, -below.subs(move, lowest)), g**2)[0]  # ‖g‖² ≥ 2μ (C − C*)
    sure = (eta * (1 - eta * ell / 2)).subs(eta, 1 / ell)
    after = gap - sure * least_slope
    claim = sp.sympify(claim)
    agree(claim.subs(t, 0), 1)
    agree(claim.subs(t, t + 1), claim * after / gap)


@register(
    "eq-gd-convex-rate",
    chapter=7,
    kind="exact",
    title="rate for convex costs, step at most 1/ℓ",
    latex=r"C(\theta_t)-C^\star\le\frac{\lVert\theta_0-\theta^\star\rVert^2}{2\,\eta\,t}"
    r"\qquad\Bigl(0<\eta\le\frac1\ell\Bigr)",
    method="Descent lemma and convexity bound each gap by a difference of squared distances; the"
    " differences telescope, and the last gap is the smallest.",
    claim=squared / (2 * eta * t),
    wrong={
        "the distance instead of its square": sp.sqrt(squared) / (2 * eta * t),
        "one over t squared": squared / (2 * eta * t**2),
        "the learning rate above the line": eta * squared / (2 * t),
        "one over the root of t": squared / (2 * eta * sp.sqrt(t)),
    },
    source="Nesterov 2004, section 2.1.5, has a bound of this order for every step below 2/ℓ",
)
def rate_for_convex(claim):
    """g·(θ − θ*) − η‖g‖²/2 = (‖θ − θ*‖² − ‖θ₊ − θ*‖²)/2η, summed from 1 to t."""
    least = sp.Symbol("r", nonnegative=True)  # η = 1/ℓ(1 + r), any step up to 1/ℓ
    agree(
        (1 - eta * ell / 2).subs(eta, 1 / (ell * (1 + least))) - sp.Rational(1, 2),
        least / (2 * (1 + least)),
    )
    for size in (1, 2, 3):
        place, best, slope = (symbols(name, size, 1).ravel() for name in ("theta", "u", "g"))
        after = place - eta * slope
        bound = slope @ (place - best) - eta * (slope**2).sum() / 2
        agree(bound, (((place - best) ** 2).sum() - ((after - best) ** 2).sum()) / (2 * eta))
    distance = sp.Function("D")  # the squared distance after q steps
    for steps in (1, 2, 5):
        total = sum((distance(q) - distance(q + 1)) / (2 * eta) for q in range(steps))
        most = sp.expand(total).subs(distance(steps), 0).subs(distance(0), squared)
        agree(put(claim, t=steps), most / steps)


@register(
    "eq-linreg-gradient",
    chapter=7,
    kind="parametric",
    title="gradient and Hessian of linear regression",
    latex=r"\begin{aligned}C(w)&=\tfrac1{2N}\lVert Xw-y\rVert^2\\"
    r"\nabla C(w)&=\tfrac1N X^{\mathsf T}(Xw-y)\\"
    r"\nabla^2C(w)&=\tfrac1N X^{\mathsf T}X\end{aligned}",
    method="The cost is written out for X of several shapes and differentiated twice; the"
    " package's own gradient of a linear layer, run on symbols, is held to the same formula.",
    claim={"gradient": X.T * (X * w - target) / N, "Hessian": X.T * X / N},
    wrong={
        "not transposed": {"gradient": X * (X * w - target) / N, "Hessian": X.T * X / N},
        "the half kept": {"gradient": X.T * (X * w - target) / (2 * N), "Hessian": X.T * X / N},
        "target minus prediction": {
            "gradient": X.T * (target - X * w) / N,
            "Hessian": X.T * X / N,
        },
        "the wrong product": {"gradient": X.T * (X * w - target) / N, "Hessian": X * X.T / N},
        "the 1/N forgotten": {"gradient": X.T * (X * w - target), "Hessian": X.T * X},
    },
)
def regression_gradient(claim):
    """By diff: 1/2N Σ (x_i·w − y_i)², once and twice, and the package's gradient."""
    for samples, size in ((1, 1), (2, 2), (3, 2), (2, 3)):
        rows, weights, y = regression(samples, size)
        C = regression_cost(rows, weights, y)
        letters = {X: rows, w: weights, target: y, N: sp.Integer(samples)}
        slope = differentiate(C, weights)
        agree(value(claim["gradient"], letters), slope)
        agree(value(claim["Hessian"], letters), hessian(C, weights))
        ones = Symbols([*rows.T.tolist(), [1] * samples])
        theta = Parameters({1: weights.T}, {1: symbols("b", 1, 1)})
        found = gradient(Network((size, 1), (IDENTITY,)), theta, rows.T, y.T, QUADRATIC)
        with_bias = Symbols([*weights.tolist(), *theta.b[1].tolist()])
        letters = {X: ones.T, w: with_bias, target: y, N: sp.Integer(samples)}
        package = Symbols([*found.W[1].T.tolist(), *found.b[1].tolist()])
        agree(value(claim["gradient"], letters), package)


def regression(samples, size):
    """Return X (N, d), w (d, 1) and y (N, 1) as symbols."""
    return symbols("x", samples, size), symbols("w", size, 1), symbols("y", samples, 1)


def regression_cost(rows, weights, y):
    """Return C = 1/2N ‖Xw − y‖², written out."""
    return ((rows @ weights - y) ** 2).sum() / (2 * len(rows))


def hessian(C, letters):
    """Return the matrix of second derivatives."""
    flat = letters.ravel()
    return Symbols([[sp.diff(C, p, q) for q in flat] for p in flat])


@register(
    "eq-linreg-psd",
    chapter=7,
    kind="exact",
    title="the cost of linear regression is convex",
    latex=r"\begin{gathered}v^{\mathsf T}\Bigl(\tfrac1N X^{\mathsf T}X\Bigr)v"
    r"=\tfrac1N\lVert Xv\rVert^2\ge0\\ C\text{ is convex, strictly}\iff\operatorname{rank}X=d"
    r"\end{gathered}",
    method="The Hessian found by diff gives the sum of squares, for X of several shapes; matrices"
    " of every rank with a computed null space show when it can vanish.",
    claim={"form": (X * V).T * (X * V) / N, "rank": d},
    wrong={
        "as many samples as needed": {"form": (X * V).T * (X * V) / N, "rank": N},
        "strict always": {"form": (X * V).T * (X * V) / N, "rank": sp.S(1)},
        "the other product": {"form": (X.T * V).T * (X.T * V) / N, "rank": d},
        "a half too many": {"form": (X * V).T * (X * V) / (2 * N), "rank": d},
    },
)
def regression_is_convex(claim):
    """vᵀHv = ‖Xv‖²/N; H has a null direction unless rank X is the claimed one."""
    for samples, size in ((1, 1), (2, 2), (3, 2), (2, 3)):
        rows, weights, y = regression(samples, size)
        move = symbols("v", size, 1)
        form = 2 * half_form(hessian(regression_cost(rows, weights, y), weights), move)
        letters = {X: rows, V: move, N: sp.Integer(samples)}
        agree(value(claim["form"], letters), one(form))
    for rows in ([[1, 2], [2, 4], [3, 6]], [[1, 2], [0, 1], [1, 1]], [[1, 0, 2], [0, 1, 1]]):
        X_ = sp.Matrix(rows)
        strictly = not (X_.T * X_).nullspace()
        needed = put(claim["rank"], d=X_.cols, N=X_.rows)
        require(strictly == (X_.rank() == needed), f"strict convexity at rank {X_.rank()}")


@register(
    "eq-linreg-normal",
    chapter=7,
    kind="parametric",
    title="normal equations: a stationary point is a global minimum",
    latex=r"\begin{gathered}X^{\mathsf T}Xw^\star=X^{\mathsf T}y\\"
    r"C(w)-C(w^\star)=\tfrac1{2N}\lVert X(w-w^\star)\rVert^2\ge0\end{gathered}",
    method="The two sides differ by N∇C(w*). For residuals at right angles to the columns of X the"
    " gap is multiplied out, for X of several shapes.",
    claim={
        "left": X.T * X * best,
        "right": X.T * target,
        "gap": (X * (w - best)).T * (X * (w - best)) / (2 * N),
    },
    wrong={
        "the other product": {
            "left": X * X.T * best,
            "right": X.T * target,
            "gap": (X * (w - best)).T * (X * (w - best)) / (2 * N),
        },
        "the sign of the right side": {
            "left": X.T * X * best,
            "right": -X.T * target,
            "gap": (X * (w - best)).T * (X * (w - best)) / (2 * N),
        },
        "the gap without X": {
            "left": X.T * X * best,
            "right": X.T * target,
            "gap": (w - best).T * (w - best) / (2 * N),
        },
        "the gap with the half forgotten": {
            "left": X.T * X * best,
            "right": X.T * target,
            "gap": (X * (w - best)).T * (X * (w - best)) / N,
        },
    },
)
def normal_equations(claim):
    """N∇C(w*) = left − right; and C(w) − C(w*) with y = Xw* + r, Xᵀr = 0."""
    for samples, size in ((1, 1), (2, 2), (2, 1), (3, 2), (1, 2)):
        rows, weights, y = regression(samples, size)
        letters = {X: rows, best: weights, target: y}
        sides = [value(claim[side], letters) for side in ("left", "right")]
        agree(
            sides[0] - sides[1], samples * differentiate(regression_cost(rows, weights, y), weights)
        )
        other = symbols("u", size, 1)
        y = rows @ weights + at_right_angles(rows)
        gap = regression_cost(rows, other, y) - regression_cost(rows, weights, y)
        letters = {X: rows, best: weights, w: other, N: sp.Integer(samples)}
        agree(value(claim["gap"], letters), one(gap))


def at_right_angles(rows):
    """Return a symbolic r (N, 1) with Xᵀr = 0: zero unless X is tall."""
    length = sp.Symbol("r", real=True)
    if rows.shape == (2, 1):
        return length * Symbols([[-rows[1, 0]], [rows[0, 0]]])
    if rows.shape == (3, 2):
        columns = [sp.Matrix(rows[:, c].tolist()) for c in (0, 1)]
        return length * Symbols(columns[0].cross(columns[1]).tolist())
    return Symbols([[0]] * len(rows))


@register(
    "eq-convex-def",
    chapter=7,
    kind="parametric",
    title="convexity, and the gap under a chord of a quadratic",
    latex=r"\begin{gathered}C\bigl(s\theta+(1-s)\varphi\bigr)\\{}\le s\,C(\theta)+(1-s)\,C(\varphi)"
    r"\quad(0\le s\le1)\\[6pt]"
    r"\text{for }C=\tfrac12\theta^{\mathsf T}A\theta\text{ the gap is}\\"
    r"\tfrac{s(1-s)}2\,(\theta-\varphi)^{\mathsf T}A(\theta-\varphi)\end{gathered}",
    method="The chord is the line through its two ends; the gap is multiplied out for quadratics"
    " with linear terms in 1 to 3 variables.",
    claim={"chord": s * theta + (1 - s) * phi, "gap": s * (1 - s) / 2 * g},
    wrong={
        "the ends exchanged": {"chord": (1 - s) * theta + s * phi, "gap": s * (1 - s) / 2 * g},
        "the half forgotten": {"chord": s * theta + (1 - s) * phi, "gap": s * (1 - s) * g},
        "the gap grows along the chord": {
            "chord": s * theta + (1 - s) * phi,
            "gap": s**2 / 2 * g,
        },
        "the curve above its chord": {
            "chord": s * theta + (1 - s) * phi,
            "gap": -s * (1 - s) / 2 * g,
        },
    },
)
def convexity(claim):
    """The line through (1, C(θ)) and (0, C(φ)); s C(θ) + (1 − s) C(φ) − C(sθ + (1 − s)φ)."""
    agree(claim["chord"], sp.interpolate([(0, phi), (1, theta)], s))
    for size in (1, 2, 3):
        a, c = symmetric(size), symbols("c", 1, size)
        left, right = symbols("theta", size, 1), symbols("phi", size, 1)
        between = each(s * theta + (1 - s) * phi, theta=left, phi=right)
        at_left, at_right, at_between = (
            half_form(a, place) + (c @ place)[0, 0] for place in (left, right, between)
        )
        chord = put(claim["chord"], theta=at_left, phi=at_right)
        form = 2 * half_form(a, left - right)
        agree(put(claim["gap"], g=form), chord - at_between)


@register(
    "eq-convex-global",
    chapter=7,
    kind="exact",
    title="convex: stationary means global minimum",
    latex=r"\begin{gathered}C(\theta)\ge C(\varphi)+\nabla C(\varphi)^{\mathsf T}"
    r"(\theta-\varphi)\\"
    r"\nabla C(\theta^\star)=0\ \Rightarrow\ C(\theta)\ge C(\theta^\star)\end{gathered}",
    method="Convexity bounds C(θ) − C(φ) from below by a quotient whose limit is the slope along"
    " the line, taken here for an unknown cost of 1 to 3 variables; without a slope it is 0.",
    claim=Sum(grad[k] * (here[k] - there[k]), (k, 1, n)),
    wrong={
        "the sign": -Sum(grad[k] * (here[k] - there[k]), (k, 1, n)),
        "the place instead of the difference": Sum(grad[k] * here[k], (k, 1, n)),
        "squared distances": Sum(grad[k] * (here[k] - there[k]) ** 2, (k, 1, n)),
        "half of it, as in a second-order term": Sum(grad[k] * (here[k] - there[k]), (k, 1, n)) / 2,
    },
)
def stationary_is_global(claim):
    """[sC(θ) + (1 − s)C(φ) − C(φ)]/s = C(θ) − C(φ); d/ds C(φ + s(θ − φ)) at 0; 0 if ∇C(φ) = 0."""
    agree((s * theta + (1 - s) * phi - phi) / s, theta - phi)
    for size in (1, 2, 3):
        place, base = symbols("theta", size, 1).ravel(), symbols("phi", size, 1).ravel()
        C, partials = unknown("C", size)
        slope = Symbols([partial(*base) for partial in partials])
        truth = sp.diff(C(*(base + s * (place - base))), s).subs(s, 0)
        letters = {grad: entry(slope), here: entry(place), there: entry(base)}
        agree(replace_indexed(put(claim, n=size), letters), truth)
        flat = letters | {grad: entry(0 * slope)}
        agree(replace_indexed(put(claim, n=size), flat), 0)


# --- costs that are not convex ------------------------------------------------------------------

w1, w2 = sp.symbols("w_1 w_2", real=True)


@register(
    "eq-nonconvex-example",
    chapter=7,
    kind="exact",
    title="a linear network of two layers: one saddle, every minimum global",
    latex=r"\begin{gathered}C(w_1,w_2)=\tfrac12(w_2w_1x-y)^2,\qquad xy\ne0\\"
    r"\nabla C=0\iff w=0\ \text{ or }\ w_2w_1x=y\\"
    r"\nabla^2C(0,0)=\begin{bmatrix}0&-xy\\-xy&0\end{bmatrix},\quad\lambda=\pm xy\end{gathered}",
    method="SymPy differentiates the cost twice, solves ∇C = 0, and finds the eigenvalues.",
    claim={
        "Hessian": sp.Matrix([[0, -x * y], [-x * y, 0]]),
        "eigenvalues": (x * y, -x * y),
        "product at a minimum": y / x,
    },
    wrong={
        "a minimum at the origin": {
            "Hessian": sp.Matrix([[x * y, 0], [0, x * y]]),
            "eigenvalues": (x * y, x * y),
            "product at a minimum": y / x,
        },
        "the square of x on the diagonal": {
            "Hessian": sp.Matrix([[x**2, -x * y], [-x * y, x**2]]),
            "eigenvalues": (x**2 + x * y, x**2 - x * y),
            "product at a minimum": y / x,
        },
        "the product upside down": {
            "Hessian": sp.Matrix([[0, -x * y], [-x * y, 0]]),
            "eigenvalues": (x * y, -x * y),
            "product at a minimum": x / y,
        },
    },
)
def saddle_of_a_linear_network(claim):
    """½(w₂w₁x − y)²: where the gradient vanishes, and the Hessian at 0."""
    C = (w2 * w1 * x - y) ** 2 / 2
    slope = [sp.diff(C, letter) for letter in (w1, w2)]
    at_zero = {w1: 0, w2: 0}
    require(all(part.subs(at_zero) == 0 for part in slope), "0 is not stationary")
    H = sp.hessian(C, (w1, w2)).subs(at_zero)
    agree(claim["Hessian"], H)
    z = sp.Symbol("z")
    agree((z - claim["eigenvalues"][0]) * (z - claim["eigenvalues"][1]), H.charpoly(z).as_expr())
    # both parts vanish: the error does (then w₂w₁ = y/x), or w₂ and w₁ do, since x is not 0
    error = w2 * w1 * x - y
    agree([part / error for part in slope], [w2 * x, w1 * x])
    agree(error.subs(w2, claim["product at a minimum"] / w1), 0)


def by_eigenvalues(values):
    """Return what the eigenvalues of the Hessian at a critical point tell."""
    if all(number > 0 for number in values):
        return "minimum"
    if all(number < 0 for number in values):
        return "maximum"
    return "saddle" if min(values) < 0 < max(values) else "undecided"


@register(
    "eq-critical-points",
    chapter=7,
    kind="definition",
    title="kinds of critical point",
    latex=r"\begin{gathered}\nabla C(\theta)=0\ \text{ and}\\"
    r"\begin{array}{ll}\nabla^2C(\theta)\succ0&\text{local minimum}\\"
    r"\nabla^2C(\theta)\prec0&\text{local maximum}\\"
    r"\lambda\text{ of both signs}&\text{saddle}\\"
    r"\text{otherwise}&\text{undecided}\end{array}\end{gathered}",
    method="Ten polynomials with a critical point at 0 are compared with their signs on a small"
    " circle, computed exactly; a verdict from the eigenvalues must fit all that share them.",
    claim=by_eigenvalues,
    wrong={
        "flat directions taken for minima": lambda values: (
            "minimum" if min(values) >= 0 else by_eigenvalues(values)
        ),
        "flat directions taken for saddles": lambda values: by_eigenvalues(values).replace(
            "undecided", "saddle"
        ),
        "the determinant's sign alone": lambda values: (
            "minimum" if values[0] * values[1] > 0 else by_eigenvalues(values)
        ),
        "minimum and maximum exchanged": lambda values: by_eigenvalues([-u for u in values]),
        "one positive eigenvalue is enough": lambda values: (
            "minimum" if max(values) > 0 else by_eigenvalues(values)
        ),
    },
)
def kinds_of_critical_point(claim):
    """A verdict other than "undecided" must be what the signs near 0 say, and not be withheld."""
    examples = [x**2 + y**2, x**2 + x * y + y**2, -(x**2) - 2 * y**2, x**2 - y**2, x * y]
    examples += [x**2 + y**4, x**2 - y**4, x**2 + y**3, -(x**2) + y**4, x**4 + y**4]
    for C in examples:
        H = sp.hessian(C, (x, y)).subs({x: 0, y: 0})
        values = [root for root, times in H.eigenvals().items() for _ in range(times)]
        verdict = claim(values)
        if H.det() == 0:
            require(verdict == "undecided", f"{C}: {verdict}, where others share its Hessian")
        require(verdict in ("undecided", near_zero(C)), f"{C} is no {verdict}")
        require(H.det() == 0 or verdict != "undecided", f"{C}: decided by its Hessian")


def near_zero(C):
    """Return what C is at 0 by its signs at rational points of a small circle."""
    points = [(1, 0), (0, 1), (3, 4), (4, 3), (5, 12), (12, 5), (3, -4), (4, -3), (5, -12)]
    signs = set()
    for p, q in [*points, *((-p, -q) for p, q in points)]:
        signs.add(sp.sign(C.subs({x: Rational(p, 100), y: Rational(q, 100)})))
    return {frozenset({1}): "minimum", frozenset({-1}): "maximum"}.get(frozenset(signs), "saddle")


@register(
    "eq-logistic-convex",
    chapter=7,
    kind="parametric",
    title="logistic regression with cross-entropy is convex",
    latex=r"\begin{gathered}C(w)=\tfrac1N\sum_{i=1}^NC_i,\quad\hat y_i=\sigma(w^{\mathsf T}x_i)\\"
    r"C_i=-y_i\log\hat y_i-(1-y_i)\log(1-\hat y_i)\\[6pt]"
    r"\nabla^2C=\tfrac1N X^{\mathsf T}\operatorname{diag}\bigl(\hat y\odot(1-\hat y)\bigr)X"
    r"\succeq0\end{gathered}",
    method="The cost, written with the sigmoid's own formula, is differentiated twice by every"
    " pair of weights for 1 and 2 samples; the form is a sum of squares with positive weights.",
    claim=X.T * D * X / N,
    wrong={
        "the weights forgotten": X.T * X / N,
        "the sign": -X.T * D * X / N,
        "one minus the weights": X.T * (I - D) * X / N,
        "samples and features exchanged": X * D * X.T / N,
    },
    equivalent={"wrong transpose: D": "D is diagonal"},
)
def logistic_is_convex(claim):
    """Second derivatives of the cross-entropy; the package's gradient gives the same."""
    for samples, size in ((1, 1), (2, 2), (2, 1), (1, 2)):
        rows, weights, y = regression(samples, size)
        z = rows @ weights
        slope = rows.T @ cross_entropy_gradient(z, y)
        C = cross_entropy_written_out(z, y)
        agree(slope, differentiate(C, weights))
        p = 1 / (1 + np.exp(-z))
        weight = Symbols(np.diag((p * (1 - p)).ravel()))
        letters = {X: rows, D: weight, N: sp.Integer(samples)}
        letters[I] = Symbols(np.eye(samples, dtype=int))
        second = Symbols([[sp.diff(part, u) for u in weights.ravel()] for part in slope.ravel()])
        agree(value(claim, letters), second)
    u = sp.Symbol("u", positive=True)  # u = e^{−z}
    require((1 / (1 + u) * (1 - 1 / (1 + u))).factor().is_positive, "a weight is not positive")


def cross_entropy_gradient(z, y):
    """Return the package's gradient by z, (N, 1), its branch for z > 0 taken for every z."""
    fresh = symbols("z", *z.shape, positive=True)
    return each_at(CROSS_ENTROPY.grad(fresh.T, y.T).T, fresh, z)


def cross_entropy_written_out(z, y):
    """Return −1/N Σ [y log ŷ + (1 − y) log(1 − ŷ)] with ŷ = 1/(1 + e^{−z})."""
    p = 1 / (1 + np.exp(-z))
    return -(y * np.log(p) + (1 - y) * np.log(1 - p)).sum() / len(y)


# --- mini-batches, momentum, Adam, decay --------------------------------------------------------


@register(
    "eq-sgd-unbiased",
    chapter=7,
    kind="parametric",
    title="the gradient of a mini-batch is unbiased",
    latex=r"\begin{aligned}g_{\mathcal B}&=\frac1B\sum_{i\in\mathcal B}\nabla C_i,\qquad"
    r"\mathbb E[g_{\mathcal B}]=\nabla C\\"
    r"\operatorname{Var}[g_{\mathcal B}]&=\frac{s^2}{B}\cdot\frac{N-B}{N-1}\\"
    r"s^2&=\frac1N\sum_{i=1}^N\lVert\nabla C_i-\nabla C\rVert^2\end{aligned}",
    method="All batches of B of N samples are enumerated, for N from 2 to 5 and every B, with"
    " symbolic gradients; entries of a gradient add up.",
    claim={"mean": g, "variance": s / B * (N - B) / (N - 1)},
    wrong={
        "batches with replacement": {"mean": g, "variance": s / B},
        "a sum instead of a mean": {"mean": B * g, "variance": s / B * (N - B) / (N - 1)},
        "N for N − 1": {"mean": g, "variance": s / B * (N - B) / N},
        "the square root of B": {"mean": g, "variance": s / sp.sqrt(B) * (N - B) / (N - 1)},
    },
)
def mini_batches_are_unbiased(claim):
    """Mean and variance over all B-subsets of N symbolic numbers."""
    for samples in (2, 3, 4, 5):
        parts = symbols("g", samples, 1).ravel()
        mean = parts.sum() / samples
        spread = ((parts - mean) ** 2).sum() / samples
        for size in range(1, samples + 1):
            batches = [sum(chosen) / size for chosen in combinations(parts, size)]
            average = sum(batches) / len(batches)
            variance = sum((batch - average) ** 2 for batch in batches) / len(batches)
            truth = {"mean": average, "variance": sp.expand(variance)}
            letters = {"g": mean, "s": spread, "B": size, "N": samples}
            agree({name: put(part, **letters) for name, part in claim.items()}, truth)


@register(
    "eq-momentum",
    chapter=7,
    kind="exact",
    title="momentum, and where it is stable on a quadratic",
    latex=r"\begin{gathered}\begin{aligned}v_{t+1}&=\beta v_t+\nabla C(\theta_t)\\"
    r"\theta_{t+1}&=\theta_t-\eta\,v_{t+1}\end{aligned}\\[6pt]"
    r"C=\tfrac12\lambda\theta^2:\\"
    r"\theta_{t+1}=(1+\beta-\eta\lambda)\,\theta_t-\beta\,\theta_{t-1}\\"
    r"\theta_t\to0\text{ from every start}\iff\\"
    r"|\beta|<1,\quad0<\eta<\tfrac{2(1+\beta)}\lambda\end{gathered}",
    method="The package's rule on symbols, at more values of β than the degree of the step; then"
    " the roots of r² − (1 + β − ηλ)r + β, on both sides of the bound, where r = −1 is a root.",
    claim={
        "velocity": beta * v + g,
        "place": theta - eta * (beta * v + g),
        "two steps": (1 + beta - eta * lam) * theta - beta * phi,
        "bound": 2 * (1 + beta) / lam,
    },
    wrong={
        "the bound of plain descent": {
            "velocity": beta * v + g,
            "place": theta - eta * (beta * v + g),
            "two steps": (1 + beta - eta * lam) * theta - beta * phi,
            "bound": 2 / lam,
        },
        "a step along the old velocity": {
            "velocity": beta * v + g,
            "place": theta - eta * v,
            "two steps": (1 + beta - eta * lam) * theta - beta * phi,
            "bound": 2 * (1 + beta) / lam,
        },
        "a running mean": {
            "velocity": beta * v + (1 - beta) * g,
            "place": theta - eta * (beta * v + (1 - beta) * g),
            "two steps": (1 + beta - eta * lam) * theta - beta * phi,
            "bound": 2 * (1 + beta) / lam,
        },
        "the sign of the memory": {
            "velocity": beta * v + g,
            "place": theta - eta * (beta * v + g),
            "two steps": (1 + beta - eta * lam) * theta + beta * phi,
            "bound": 2 * (1 + beta) / lam,
        },
    },
)
def momentum_on_a_quadratic(claim):
    """One step of the package; v from the last two places put in; the roots inside the circle."""
    for number in VALUES:
        rule, b = momentum(number), Rational(str(number))
        after, velocity = rule.step(one(theta), one(g), one(v), eta, 1)
        agree(put(claim["velocity"], beta=b), velocity[0, 0])
        agree(put(claim["place"], beta=b), after[0, 0])
        past = one((phi - theta) / eta)  # θ_t = θ_{t−1} − η v_t
        after, _ = rule.step(one(theta), one(lam * theta), past, eta, 1)
        agree(put(claim["two steps"], beta=b), after[0, 0])
    polynomial = recursion_roots()
    agree(polynomial.subs(eta, claim["bound"]).subs(v, -1), 0)
    for number in (*VALUES, -0.5):
        stable_up_to(put(claim["bound"], beta=Rational(str(number)), lam=1), number)


def recursion_roots():
    """Return r² − (1 + β − ηλ)r + β, the polynomial of the recursion (its variable is v)."""
    return v**2 - (1 + beta - eta * lam) * v + beta


def stable_up_to(bound, number):
    """Require that the larger root for λ = 1 leaves the unit circle at the bound."""
    require(bound.is_positive, "the bound is not positive")
    inside, outside = (
        max(abs(np.roots([1, float(factor * bound) - 1 - number, number])))
        for factor in (Rational(99, 100), Rational(101, 100))
    )
    require(bool(inside < 1 < outside), f"β = {number}: the bound is not {bound}/λ")


@register(
    "eq-momentum-optimal",
    chapter=7,
    kind="exact",
    title="the best momentum: the root of κ instead of κ",
    latex=r"\begin{aligned}\eta^\star&=\frac4{\bigl(\sqrt{\lambda_{\max}}+\sqrt{\lambda_{\min}}"
    r"\bigr)^2}\\ \beta^\star&=\Bigl(\frac{\sqrt\kappa-1}{\sqrt\kappa+1}\Bigr)^2,\qquad"
    r"\rho^\star=\sqrt{\beta^\star}\end{aligned}",
    method="The larger root of the recursion is √β where the discriminant is not positive; SymPy"
    " finds the η for which the least such β serves both ends of the spectrum, and that β.",
    claim={
        "eta": 4 / (sp.sqrt(high) + sp.sqrt(low)) ** 2,
        "beta": ((sp.sqrt(kappa) - 1) / (sp.sqrt(kappa) + 1)) ** 2,
        "rho": sp.sqrt(beta),
    },
    wrong={
        "the step of plain descent": {
            "eta": 2 / (high + low),
            "beta": ((sp.sqrt(kappa) - 1) / (sp.sqrt(kappa) + 1)) ** 2,
            "rho": sp.sqrt(beta),
        },
        "kappa without its root": {
            "eta": 4 / (sp.sqrt(high) + sp.sqrt(low)) ** 2,
            "beta": ((kappa - 1) / (kappa + 1)) ** 2,
            "rho": sp.sqrt(beta),
        },
        "the square forgotten": {
            "eta": 4 / (sp.sqrt(high) + sp.sqrt(low)) ** 2,
            "beta": (sp.sqrt(kappa) - 1) / (sp.sqrt(kappa) + 1),
            "rho": sp.sqrt(beta),
        },
        "the rate β itself": {
            "eta": 4 / (sp.sqrt(high) + sp.sqrt(low)) ** 2,
            "beta": ((sp.sqrt(kappa) - 1) / (sp.sqrt(kappa) + 1)) ** 2,
            "rho": beta,
        },
    },
)
def best_momentum(claim):
    """Discriminant ≤ 0 iff β ≥ (1 − √(ηλ))²; both ends equal; |r|² is the product of the roots."""
    p, q, e = sp.symbols("p q e", positive=True)  # √λ_min, √λ_max, √η
    polynomial = sp.Poly(recursion_roots().subs({eta: e**2, lam: q**2}), v)
    # negative between its two roots, the smaller of which is (1 − √(ηλ))²
    agree(polynomial.discriminant(), (beta - (1 - e * q) ** 2) * (beta - (1 + e * q) ** 2))
    (root,) = sp.solve((1 - e * p) - (e * q - 1), e)
    agree(put(claim["eta"], low=p**2, high=q**2), root**2)
    least = (1 - root * p) ** 2
    agree(put(claim["beta"], kappa=(q / p) ** 2), least)
    agree(claim["rho"], sp.sqrt(polynomial.nth(0)))  # a complex pair: |r|² = r r̄ = β


@register(
    "eq-momentum-effective",
    chapter=7,
    kind="exact",
    title="what momentum does to a constant gradient",
    latex=r"\begin{gathered}\nabla C\equiv g,\quad v_0=0,\quad0\le\beta<1:\\"
    r"v_t=g\,\frac{1-\beta^t}{1-\beta}"
    r"\;\longrightarrow\;\frac g{1-\beta}\quad(t\to\infty)\end{gathered}",
    method="Induction with one step of the package's rule at several β, more than its degree; then"
    " SymPy's limit.",
    claim={"velocity": g * (1 - beta**t) / (1 - beta), "limit": g / (1 - beta)},
    wrong={
        "one term too many": {
            "velocity": g * (1 - beta ** (t + 1)) / (1 - beta),
            "limit": g / (1 - beta),
        },
        "a running mean": {"velocity": g * (1 - beta**t), "limit": g},
        "t times g": {"velocity": g * t, "limit": g / (1 - beta)},
        "1 + β below the line": {
            "velocity": g * (1 - beta**t) / (1 + beta),
            "limit": g / (1 + beta),
        },
    },
)
def constant_gradient(claim):
    """v₀ = 0, v_{t+1} = β v_t + g as the package computes it, and t → ∞."""
    velocity = sp.sympify(claim["velocity"])
    agree(velocity.subs(t, 0), 0)
    agree(velocity.subs(t, t + 1), beta * velocity + g)
    for number in VALUES[1:]:
        rule, now = momentum(number), one(sp.S.Zero)
        for step in range(1, 5):
            _, now = rule.step(one(theta), one(g), now, eta, step)
            agree(put(velocity, beta=Rational(str(number)), t=step), now[0, 0])
        limit = sp.limit(put(velocity, beta=Rational(str(number))), t, sp.oo)
        agree(put(claim["limit"], beta=Rational(str(number))), limit)


@register(
    "eq-adam",
    chapter=7,
    kind="exact",
    title="why Adam divides by 1 − βᵗ",
    latex=r"\begin{gathered}m_t=\beta_1m_{t-1}+(1-\beta_1)\,g_t,\qquad m_0=0\\"
    r"m_t=(1-\beta_1)\sum_{i=1}^t\beta_1^{\,t-i}g_i\\"
    r"\mathbb E[m_t]=(1-\beta_1^{\,t})\,\mathbb E[g]\ \Rightarrow\ "
    r"\hat m_t=\frac{m_t}{1-\beta_1^{\,t}}\end{gathered}",
    method="Induction from t − 1 to t for the weight of each gradient and for the mean; the"
    " package's rule, run on symbols for four steps, has the same m.",
    claim={
        "recursion": beta * v + (1 - beta) * g,
        "weight": (1 - beta) * beta ** (t - i),
        "mean": (1 - beta**t) * g,
        "corrected": v / (1 - beta**t),
    },
    wrong={
        "no factor on the gradient": {
            "recursion": beta * v + g,
            "weight": beta ** (t - i),
            "mean": (1 - beta**t) * g,
            "corrected": v / (1 - beta**t),
        },
        "the oldest gradient weighs most": {
            "recursion": beta * v + (1 - beta) * g,
            "weight": (1 - beta) * beta**i,
            "mean": (1 - beta**t) * g,
            "corrected": v / (1 - beta**t),
        },
        "no correction": {
            "recursion": beta * v + (1 - beta) * g,
            "weight": (1 - beta) * beta ** (t - i),
            "mean": (1 - beta**t) * g,
            "corrected": v,
        },
        "corrected by one step too few": {
            "recursion": beta * v + (1 - beta) * g,
            "weight": (1 - beta) * beta ** (t - i),
            "mean": (1 - beta**t) * g,
            "corrected": v / (1 - beta ** (t - 1)),
        },
    },
)
def adam_correction(claim):
    """m₀ = 0; the weight of g_i is multiplied by β₁ a step and begins as 1 − β₁; m̂ is unbiased."""
    weight, mean = sp.sympify(claim["weight"]), sp.sympify(claim["mean"])
    recursion = claim["recursion"]
    agree(weight.subs(i, t), put(recursion, v=0, g=1))
    agree(weight.subs(t, t + 1), put(recursion, v=weight, g=0))
    agree(mean.subs(t, 0), 0)
    agree(mean.subs(t, t + 1), put(recursion, v=mean))
    agree(put(claim["corrected"], v=mean), g)
    for number in VALUES[1:]:
        b, rule, gradients = Rational(str(number)), adam(number, 0.5), symbols("g", 4, 1)
        state = rule.start(one(theta))
        for step in range(1, 5):
            _, state = rule.step(one(theta), one(gradients[step - 1, 0]), state, eta, step)
            terms = [
                weight.subs({beta: b, t: step, i: q}) * gradients[q - 1, 0]
                for q in range(1, step + 1)
            ]
            agree(sum(terms), state[0][0, 0])


@register(
    "eq-adam-step",
    chapter=7,
    kind="definition",
    title="a step of Adam",
    latex=r"\begin{aligned}v_t&=\beta_2v_{t-1}+(1-\beta_2)\,g_t^2,\qquad"
    r"\hat v_t=\frac{v_t}{1-\beta_2^{\,t}}\\"
    r"\theta_t&=\theta_{t-1}-\eta\,\frac{\hat m_t}{\sqrt{\hat v_t}+\varepsilon}\end{aligned}",
    method="The package's rule is run on symbols for three steps and compared entry by entry.",
    claim={
        "v": beta2 * v + (1 - beta2) * g**2,
        "v_hat": v / (1 - beta2**t),
        "place": theta - eta * x / (sp.sqrt(y) + s),
    },
    wrong={
        "the root forgotten": {
            "v": beta2 * v + (1 - beta2) * g**2,
            "v_hat": v / (1 - beta2**t),
            "place": theta - eta * x / (y + s),
        },
        "ε under the root": {
            "v": beta2 * v + (1 - beta2) * g**2,
            "v_hat": v / (1 - beta2**t),
            "place": theta - eta * x / sp.sqrt(y + s),
        },
        "the gradient not squared": {
            "v": beta2 * v + (1 - beta2) * g,
            "v_hat": v / (1 - beta2**t),
            "place": theta - eta * x / (sp.sqrt(y) + s),
        },
        "v not corrected": {
            "v": beta2 * v + (1 - beta2) * g**2,
            "v_hat": v,
            "place": theta - eta * x / (sp.sqrt(y) + s),
        },
    },
)
def step_of_adam(claim):
    """θ_t, with m̂ and v̂ from sums over all gradients so far, against the package's θ_t."""
    for b1, b2 in ((0.5, 0.25), (0.75, 0.5), (0.25, 0.75)):
        p, q, rule = Rational(str(b1)), Rational(str(b2)), adam(b1, b2, 0.125)
        gradients = symbols("g", 3, 1, positive=True).ravel()
        place, state, ours = one(theta), rule.start(one(theta)), sp.S.Zero
        for step in range(1, 4):
            now = gradients[step - 1]
            after, state = rule.step(place, one(now), state, eta, step)
            ours = put(claim["v"], v=ours, g=now, beta2=q)
            agree(ours, state[1][0, 0])
            m = sum((1 - p) * p ** (step - r) * gradients[r - 1] for r in range(1, step + 1))
            v_hat = put(claim["v_hat"], v=ours, beta2=q, t=step)
            moved = {"x": m / (1 - p**step), "y": v_hat, "s": Rational(1, 8)}
            agree(put(claim["place"], theta=place[0, 0], **moved), after[0, 0])
            place = after


@register(
    "eq-weight-decay",
    chapter=7,
    kind="exact",
    title="a penalty on the squares is weight decay",
    latex=r"\begin{aligned}C_\lambda&=C+\tfrac\lambda2\lVert\theta\rVert^2\quad\Rightarrow\\"
    r"\theta_{t+1}&=(1-\eta\lambda)\,\theta_t-\eta\,\nabla C(\theta_t)\end{aligned}",
    method="The penalised cost, C unknown, is differentiated and stepped once; the package's"
    " decayed rule agrees at more values of λ than the degree of the step.",
    claim=(1 - eta * lam) * theta - eta * g,
    wrong={
        "growth instead of decay": (1 + eta * lam) * theta - eta * g,
        "the half kept": (1 - eta * lam / 2) * theta - eta * g,
        "the gradient shrunk too": (1 - eta * lam) * (theta - eta * g),
        "decay without the learning rate": (1 - lam) * theta - eta * g,
    },
)
def weight_decay(claim):
    """θ − η ∂/∂θ (C + λ/2 Σ θ²), and the package's `decayed(GD, λ)`."""
    for size in (1, 2, 3):
        place = symbols("theta", size, 1)
        C, partials = unknown("C", size)
        slope = Symbols([[partial(*place.ravel())] for partial in partials])
        penalised = C(*place.ravel()) + lam * (place**2).sum() / 2
        agree(each(claim, theta=place, g=slope), gd(place, penalised))
    for number in VALUES:
        after, _ = decayed(GD, number).step(one(theta), one(g), None, eta, 1)
        agree(put(claim, lam=Rational(str(number))), after[0, 0])
