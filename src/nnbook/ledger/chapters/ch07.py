r"""Chapter 7, gradient descent: the equations, and the checks that prove them.

If a formula describes what the package computes, the package's own rule is run on symbols: one call
of `GD.step`, `momentum(β).step`, `adam(β₁, β₂).step` or `decayed(GD, λ).step`. These rules take
numbers for β and λ; a step is a polynomial in them, of degree one or as stated, so agreement at
more values than the degree proves it for all. Claims for every t are proved by induction: the
start, and one step from a symbolic t to t + 1.
"""

from itertools import combinations

import numpy as np
import sympy as sp
from sympy import Rational, Sum

from nnbook.ledger.fixtures import (
    case,
    entry,
    matrix,
    one,
    replace_indexed,
    substitution,
    unknown,
    value,
)
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
squared = sp.Symbol("G", positive=True)  # ‖∇C‖² if it is not zero
t = sp.Symbol("t", integer=True, nonnegative=True)
i, k, n, N, B, d = sp.symbols("i k n N B d", integer=True, positive=True)
grad, here, there = map(sp.IndexedBase, ("grad", "theta", "phi"))

A, I, X, w, best, target = map(matrix, ("A", "I", "X", "w", "w_star", "y"))
V, D = map(matrix, ("v", "D"))

# β and λ at which a step, a polynomial of degree one in them, is compared; exact as floats too
VALUES = (0.0, 0.25, 0.5, 0.75)


put = substitution(globals())


def each(claim, **arrays):
    """Return the claim, a formula for one entry, applied to every entry of these arrays."""
    shape = next(iter(arrays.values())).shape
    values = [
        put(claim, **{name: array[point] for name, array in arrays.items()})
        for point in np.ndindex(shape)
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
    """Return one step of the package's gradient descent on C, with the gradient by `sympy.diff`."""
    return GD.step(theta, differentiate(C, theta), None, eta, 1)[0]


# --- the step -----------------------------------------------------------------------------------


@register(
    "eq-gd",
    chapter=7,
    kind="definition",
    title="gradient descent, step t",
    latex=r"\theta_{t+1}=\theta_t-\eta\,\nabla C(\theta_t),\qquad\eta>0",
    method="The package's rule, run on symbols, gives this step in every entry; and the derivative"
    " of the cost along the step, at η = 0, is −‖∇C‖², which is not positive, for an undefined"
    " cost of 1 to 3 variables.",
    claim=theta - eta * g,
    wrong={
        "the gradient added": theta + eta * g,
        "the learning rate forgotten": theta - g,
        "divided by the learning rate": theta - g / eta,
        "the old θ forgotten": -eta * g,
        "only the sign of the gradient": theta - eta * sp.sign(g),
    },
)
def gradient_descent(claim):
    """The step of the package's GD, and d/dη C(θ_{t+1}) = −‖∇C‖² at η = 0."""
    for size in (1, 2, 3):
        point = symbols("theta", size, 1)
        C, partials = unknown("C", size)
        slope = Symbols([[partial(*point.ravel())] for partial in partials])
        after = each(claim, theta=point, g=slope)
        agree(after, GD.step(point, slope, None, eta, 1)[0])
        drop = sp.diff(C(*after.ravel()), eta).subs(eta, 0)
        agree(drop, -(slope**2).sum())


@register(
    "eq-gd-layer",
    chapter=7,
    kind="definition",
    title="gradient descent on every layer, weights and biases",
    latex=r"\begin{aligned}"
    r"W^{(l)}&\leftarrow W^{(l)}-\eta\,\frac{\partial C}{\partial W^{(l)}}\\[6pt]"
    r"b^{(l)}&\leftarrow b^{(l)}-\eta\,\frac{\partial C}{\partial b^{(l)}}\end{aligned}",
    method="On whole networks with symbolic parameters and undefined activations, the step"
    " computed by the package's gradient and rule is compared with this step, whose derivatives"
    " SymPy finds.",
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
    method="An undefined cost of 1 to 4 variables is differentiated along the step.",
    claim=-Sum(grad[k] ** 2, (k, 1, n)),
    wrong={
        "the sign reversed": Sum(grad[k] ** 2, (k, 1, n)),
        "the norm instead of its square": -sp.sqrt(Sum(grad[k] ** 2, (k, 1, n))),
        "the square forgotten": -Sum(grad[k], (k, 1, n)),
        "only one coordinate": -(grad[1] ** 2) / 2,
    },
)
def descent_direction(claim):
    """d/dη C(θ − η g) at η = 0 with g_k = ∂C/∂θ_k."""
    for size in (1, 2, 3, 4):
        point = symbols("theta", size, 1).ravel()
        C, partials = unknown("C", size)
        slope = Symbols([partial(*point) for partial in partials])
        truth = sp.diff(C(*(point - eta * slope)), eta).subs(eta, 0)
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
    method="Lagrange's identity writes the difference of squares as a sum of squares, for 1 to 4"
    " variables. Where it is zero, v is a multiple of the gradient, and one of the two multiples"
    " of length 1 gives the minimum.",
    claim={"minimum": -sp.sqrt(squared), "direction": -g / sp.sqrt(squared)},
    wrong={
        "steepest ascent": {"minimum": sp.sqrt(squared), "direction": g / sp.sqrt(squared)},
        "a direction not of norm 1": {"minimum": -sp.sqrt(squared), "direction": -g},
        "the square of the norm": {"minimum": -squared, "direction": -g / sp.sqrt(squared)},
        "a direction along one axis": {"minimum": -sp.sqrt(squared), "direction": -sp.sign(g)},
    },
)
def steepest_descent(claim):
    """Minimise g·v over ‖v‖ = 1: (g·v)² = ‖g‖²‖v‖² − Σ (g_p v_q − g_q v_p)²."""
    for size in (1, 2, 3, 4):
        slope, move = symbols("g", size, 1).ravel(), symbols("v", size, 1).ravel()
        minors = [slope[p] * move[q] - slope[q] * move[p] for p, q in combinations(range(size), 2)]
        norms = (slope**2).sum() * (move**2).sum()
        agree((slope @ move) ** 2, norms - sum(minor**2 for minor in minors))
        # All minors are zero: v = c g, and its norm is 1.
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
    method="The change of the cost along the step is the integral of its slope; the Lipschitz"
    " bound is inserted under the integral, which SymPy computes. The parabola ℓθ²/2 attains the"
    " bound.",
    claim=eta * (1 - eta * ell / 2) * squared,
    wrong={
        "the half forgotten": eta * (1 - eta * ell) * squared,
        "only the first order": eta * squared,
        "the norm instead of its square": eta * (1 - eta * ell / 2) * sp.sqrt(squared),
        "the wrong sign of the second order": eta * (1 + eta * ell / 2) * squared,
    },
)
def descent_lemma(claim):
    """The guaranteed decrease −(g·v + ∫₀¹ ℓ s ‖v‖² ds) with v = −η g; sharp for ℓθ²/2."""
    for size in (1, 2, 3):
        point, move = symbols("theta", size, 1).ravel(), symbols("v", size, 1).ravel()
        C, partials = unknown("C", size)
        along = [partial(*(point + s * move)) for partial in partials]
        agree(sp.diff(C(*(point + s * move)), s), sum(along * move))
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
    method="The package's rule is run on symbols: two or four steps for matrices of size 1 to 3,"
    " and by induction for any t in one dimension.",
    claim={"factor": I - eta * A, "one dimension": (1 - eta * lam) ** t * theta},
    wrong={
        "the sign reversed": {"factor": I + eta * A, "one dimension": (1 + eta * lam) ** t * theta},
        "t as a factor instead of a power": {
            "factor": I - eta * A,
            "one dimension": (1 - t * eta * lam) * theta,
        },
        "half of A": {
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
        variables = symbols("u", size, 1)
        slope = differentiate(half_form(a, variables), variables)
        factor = value(claim["factor"], {A: a, I: Symbols(np.eye(size, dtype=int))})
        now = closed = start
        for _ in range(steps):
            by = each_at(slope, variables, now)
            now, closed = GD.step(now, by, None, eta, 1)[0], factor @ closed
            agree(closed, now)
    closed = sp.sympify(claim["one dimension"])
    agree(closed.subs(t, 0), theta)
    after = GD.step(one(closed), one(lam * closed), None, eta, 1)[0][0, 0]
    agree(closed.subs(t, t + 1), after)


def each_at(formulas, variables, points):
    """Return the array of formulas with symbols replaced by other expressions."""
    table = dict(zip(variables.ravel(), points.ravel(), strict=True))
    flat = [formula.xreplace(table) for formula in formulas.ravel()]
    return Symbols(np.reshape(np.array(flat, dtype=object), formulas.shape))


@register(
    "eq-gd-eigen",
    chapter=7,
    kind="parametric",
    title="eigenvalues of a step",
    latex=r"\operatorname{spec}(I-\eta A)=\{\,1-\eta\lambda_k:\lambda_k\in\operatorname{spec}A\,\}",
    method="The characteristic polynomial of I − ηA at 1 − ηλ is that of A at λ times (−η)ⁿ, for"
    " symbolic symmetric matrices of size 1 to 3; so roots are mapped to roots.",
    claim=1 - eta * lam,
    wrong={
        "the sign reversed": 1 + eta * lam,
        "the 1 forgotten": -eta * lam,
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
    method="In the basis of eigenvectors the coordinates are independent, and each step multiplies"
    " each coordinate by one factor. SymPy solves the inequality and shows that the bound"
    " decreases in λ, so that the largest eigenvalue determines it.",
    claim={"factor": sp.Abs(1 - eta * lam), "bound": 2 / lam},
    wrong={
        "half the bound": {"factor": sp.Abs(1 - eta * lam), "bound": 1 / lam},
        "the bound inverted": {"factor": sp.Abs(1 - eta * lam), "bound": lam / 2},
        "no dependence on the curvature": {"factor": sp.Abs(1 - eta * lam), "bound": sp.S(2)},
        "the absolute value forgotten": {"factor": 1 - eta * lam, "bound": 2 / lam},
    },
)
def bound_on_the_learning_rate(claim):
    """|1 − u| < 1 for u = ηλ > 0; the coordinates are independent; the bound decreases in λ."""
    after = gd(one(theta), lam * theta**2 / 2)[0, 0]
    agree(claim["factor"], sp.Abs(after / theta))
    u = sp.Symbol("u", positive=True)
    stable = sp.solve_univariate_inequality(sp.Abs(1 - u) < 1, u, relational=False)
    require(
        stable.inf == 0 and stable.is_open,
        "the interval of learning rates is not open or does not begin at 0",
    )
    agree(sp.sympify(claim["bound"]) * lam, stable.sup)
    require(sp.diff(claim["bound"], lam).is_negative, "the bound does not decrease in λ")
    check_coordinates_are_independent()


def check_coordinates_are_independent():
    """Qᵀ(I − ηA)Q is diagonal, with entries 1 − ηλ, for A = QΛQᵀ and a rotation Q."""
    c, r = sp.symbols("c r", real=True)
    Q = sp.Matrix([[c, -r], [r, c]])
    a = Q * sp.diag(low, high) * Q.T
    rotated = (Q.T * (sp.eye(2) - eta * a) * Q).expand().subs(r**2, 1 - c**2).expand()
    agree(rotated.subs(r**4, (1 - c**2) ** 2).expand(), sp.diag(1 - eta * low, 1 - eta * high))


@register(
    "eq-gd-regimes",
    chapter=7,
    kind="exact",
    title="the effect of the learning rate in one dimension",
    latex=r"\begin{aligned}0<\eta\lambda<1&:\ \text{monotone}\\ \eta\lambda=1&:\ \text{one step}\\"
    r"1<\eta\lambda<2&:\ \text{zig-zag, converging}\\ \eta\lambda=2&:\ \text{a cycle of two}\\"
    r"\eta\lambda>2&:\ \text{diverging}\end{aligned}",
    method="The factor of one step of the package is substituted into the condition of each"
    " regime, and SymPy solves for ηλ.",
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
    require(beyond.sup == sp.oo, "the diverging rates are bounded")
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
    " for rotated quadratics with three eigenvalues. The best step is where the decreasing branch"
    " meets the increasing one.",
    claim={"rho": RHO, "best eta": 2 / (low + high), "best rho": (kappa - 1) / (kappa + 1)},
    wrong={
        "the bound as the best step": {
            "rho": RHO,
            "best eta": 2 / high,
            "best rho": (kappa - 1) / (kappa + 1),
        },
        "κ inverted": {
            "rho": RHO,
            "best eta": 2 / (low + high),
            "best rho": (1 / kappa - 1) / (1 / kappa + 1),
        },
        "only the flattest direction": {
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
        "wrong function: Abs(M*eta - 1)": "where 1 − ηM is positive, 1 − ηm is even larger",
    },
)
def rate_on_a_quadratic(claim):
    """ρ is the norm of the step's matrix; η* solves 1 − ηm = ηM − 1; ρ* is ρ there."""
    for m, M, rate in ((1, 9, "1/20"), (1, 9, "1/6"), (1, 9, "21/100"), (2, 3, "1/5"), (1, 2, 2)):
        found = put(claim["rho"], low=sp.S(m), high=sp.S(M), eta=sp.S(rate))
        agree(found, norm_of_a_step(sp.S(m), sp.S(M), sp.S(rate)))
    falling, rising = 1 - eta * low, eta * high - 1
    require(
        sp.diff(falling, eta).is_negative and sp.diff(rising, eta).is_positive,
        "the branches do not cross at a minimum",
    )
    (crossing,) = sp.solve(falling - rising, eta)
    agree(claim["best eta"], crossing)
    agree(claim["best rho"], falling.subs(eta, crossing).subs(high, kappa * low))


def norm_of_a_step(m, M, rate):
    """Return the largest |eigenvalue| of the package's step on a rotated quadratic."""
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
    method="Strong convexity bounds C* from below by the minimum of a parabola, which SymPy finds;"
    " the descent lemma with η = 1/ℓ bounds the next cost; the rest is induction on t.",
    claim=(1 - mu / ell) ** t,
    wrong={
        "the fraction inverted": (1 - ell / mu) ** t,
        "no power t": 1 - mu * t / ell,
        "one step too many": (1 - mu / ell) ** (t + 1),
        "growth instead of decay": (1 + mu / ell) ** t,
    },
)
def rate_for_strongly_convex(claim):
    """C* ≥ min_v (C + g·v + μ‖v‖²/2) = C − ‖g‖²/2μ, and C₊ ≤ C − ‖g‖²/2ℓ."""
    gap, move = sp.Symbol("gap", positive=True), sp.Symbol("v", real=True)
    below = g * move + mu * move**2 / 2
    (lowest,) = sp.solve(sp.diff(below, move), move)
    least_slope = sp.solve(sp.Eq(gap, -below.subs(move, lowest)), g**2)[0]  # ‖g‖² ≥ 2μ (C − C*)
    decrease = (eta * (1 - eta * ell / 2)).subs(eta, 1 / ell)
    after = gap - decrease * least_slope
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
    method="The descent lemma and convexity bound each gap by a difference of squared distances;"
    " the sum of the differences telescopes, and the last gap is the smallest.",
    claim=squared / (2 * eta * t),
    wrong={
        "the distance instead of its square": sp.sqrt(squared) / (2 * eta * t),
        "1/t² instead of 1/t": squared / (2 * eta * t**2),
        "the learning rate in the numerator": eta * squared / (2 * t),
        "1/√t instead of 1/t": squared / (2 * eta * sp.sqrt(t)),
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
        point, best, slope = (symbols(name, size, 1).ravel() for name in ("theta", "u", "g"))
        after = point - eta * slope
        bound = slope @ (point - best) - eta * (slope**2).sum() / 2
        agree(bound, (((point - best) ** 2).sum() - ((after - best) ** 2).sum()) / (2 * eta))
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
    " package's own gradient of a linear layer, run on symbols, is compared with the same formula.",
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
    """1/2N Σ (x_i·w − y_i)² differentiated once and twice, and the package's gradient."""
    for samples, size in ((1, 1), (2, 2), (3, 2), (2, 3)):
        rows, weights, y = regression(samples, size)
        C = regression_cost(rows, weights, y)
        meaning = {X: rows, w: weights, target: y, N: sp.Integer(samples)}
        slope = differentiate(C, weights)
        agree(value(claim["gradient"], meaning), slope)
        agree(value(claim["Hessian"], meaning), hessian(C, weights))
        ones = Symbols([*rows.T.tolist(), [1] * samples])
        theta = Parameters({1: weights.T}, {1: symbols("b", 1, 1)})
        found = gradient(Network((size, 1), (IDENTITY,)), theta, rows.T, y.T, QUADRATIC)
        with_bias = Symbols([*weights.tolist(), *theta.b[1].tolist()])
        meaning = {X: ones.T, w: with_bias, target: y, N: sp.Integer(samples)}
        package = Symbols([*found.W[1].T.tolist(), *found.b[1].tolist()])
        agree(value(claim["gradient"], meaning), package)


def regression(samples, size):
    """Return X (N, d), w (d, 1) and y (N, 1) as symbols."""
    return symbols("x", samples, size), symbols("w", size, 1), symbols("y", samples, 1)


def regression_cost(rows, weights, y):
    """Return C = 1/2N ‖Xw − y‖², written out."""
    return ((rows @ weights - y) ** 2).sum() / (2 * len(rows))


def hessian(C, variables):
    """Return the matrix of second derivatives."""
    flat = variables.ravel()
    return Symbols([[sp.diff(C, p, q) for q in flat] for p in flat])


@register(
    "eq-linreg-psd",
    chapter=7,
    kind="exact",
    title="the cost of linear regression is convex",
    latex=r"\begin{gathered}v^{\mathsf T}\Bigl(\tfrac1N X^{\mathsf T}X\Bigr)v"
    r"=\tfrac1N\lVert Xv\rVert^2\ge0\\ C\text{ is convex, strictly}\iff\operatorname{rank}X=d"
    r"\end{gathered}",
    method="The Hessian found by SymPy gives the sum of squares, for X of several shapes; matrices"
    " of full and of lower rank, with computed null spaces, show when the form can vanish.",
    claim={"form": (X * V).T * (X * V) / N, "rank": d},
    wrong={
        "rank N instead of d": {"form": (X * V).T * (X * V) / N, "rank": N},
        "rank 1 instead of d": {"form": (X * V).T * (X * V) / N, "rank": sp.S(1)},
        "X and its transpose exchanged": {"form": (X.T * V).T * (X.T * V) / N, "rank": d},
        "an extra factor ½": {"form": (X * V).T * (X * V) / (2 * N), "rank": d},
    },
)
def regression_is_convex(claim):
    """vᵀHv = ‖Xv‖²/N; the null space of H is zero exactly if X has the claimed rank."""
    for samples, size in ((1, 1), (2, 2), (3, 2), (2, 3)):
        rows, weights, y = regression(samples, size)
        move = symbols("v", size, 1)
        form = 2 * half_form(hessian(regression_cost(rows, weights, y), weights), move)
        meaning = {X: rows, V: move, N: sp.Integer(samples)}
        agree(value(claim["form"], meaning), one(form))
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
    method="The difference of the two sides is N∇C(w*). For residuals orthogonal to the columns of"
    " X the gap is expanded, for X of several shapes.",
    claim={
        "left": X.T * X * best,
        "right": X.T * target,
        "gap": (X * (w - best)).T * (X * (w - best)) / (2 * N),
    },
    wrong={
        "X and its transpose exchanged": {
            "left": X * X.T * best,
            "right": X.T * target,
            "gap": (X * (w - best)).T * (X * (w - best)) / (2 * N),
        },
        "the wrong sign of the right side": {
            "left": X.T * X * best,
            "right": -X.T * target,
            "gap": (X * (w - best)).T * (X * (w - best)) / (2 * N),
        },
        "the gap without X": {
            "left": X.T * X * best,
            "right": X.T * target,
            "gap": (w - best).T * (w - best) / (2 * N),
        },
        "the half in the gap forgotten": {
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
        meaning = {X: rows, best: weights, target: y}
        sides = [value(claim[side], meaning) for side in ("left", "right")]
        agree(
            sides[0] - sides[1], samples * differentiate(regression_cost(rows, weights, y), weights)
        )
        other = symbols("u", size, 1)
        y = rows @ weights + orthogonal_residual(rows)
        gap = regression_cost(rows, other, y) - regression_cost(rows, weights, y)
        meaning = {X: rows, best: weights, w: other, N: sp.Integer(samples)}
        agree(value(claim["gap"], meaning), one(gap))


def orthogonal_residual(rows):
    """Return a symbolic r (N, 1) with Xᵀr = 0; it is zero unless X has more rows than columns."""
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
    method="The chord is the line through its two end points; the gap is expanded for quadratics"
    " with linear terms in 1 to 3 variables.",
    claim={"chord": s * theta + (1 - s) * phi, "gap": s * (1 - s) / 2 * g},
    wrong={
        "the ends exchanged": {"chord": (1 - s) * theta + s * phi, "gap": s * (1 - s) / 2 * g},
        "the half forgotten": {"chord": s * theta + (1 - s) * phi, "gap": s * (1 - s) * g},
        "a gap that grows along the chord": {
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
            half_form(a, point) + (c @ point)[0, 0] for point in (left, right, between)
        )
        chord = put(claim["chord"], theta=at_left, phi=at_right)
        form = 2 * half_form(a, left - right)
        agree(put(claim["gap"], g=form), chord - at_between)


@register(
    "eq-convex-global",
    chapter=7,
    kind="exact",
    title="for a convex cost, stationary means global minimum",
    latex=r"\begin{gathered}C(\theta)\ge C(\varphi)+\nabla C(\varphi)^{\mathsf T}"
    r"(\theta-\varphi)\\"
    r"\nabla C(\theta^\star)=0\ \Rightarrow\ C(\theta)\ge C(\theta^\star)\end{gathered}",
    method="Convexity bounds C(θ) − C(φ) from below by a quotient whose limit is the slope along"
    " the line, computed for an undefined cost of 1 to 3 variables; where the gradient is 0, so is"
    " this slope.",
    claim=Sum(grad[k] * (here[k] - there[k]), (k, 1, n)),
    wrong={
        "the sign reversed": -Sum(grad[k] * (here[k] - there[k]), (k, 1, n)),
        "the point instead of the difference": Sum(grad[k] * here[k], (k, 1, n)),
        "squared distances": Sum(grad[k] * (here[k] - there[k]) ** 2, (k, 1, n)),
        "an extra factor ½": Sum(grad[k] * (here[k] - there[k]), (k, 1, n)) / 2,
    },
)
def stationary_is_global(claim):
    """[sC(θ) + (1 − s)C(φ) − C(φ)]/s = C(θ) − C(φ); d/ds C(φ + s(θ − φ)) at 0; 0 if ∇C(φ) = 0."""
    agree((s * theta + (1 - s) * phi - phi) / s, theta - phi)
    for size in (1, 2, 3):
        point, base = symbols("theta", size, 1).ravel(), symbols("phi", size, 1).ravel()
        C, partials = unknown("C", size)
        slope = Symbols([partial(*base) for partial in partials])
        truth = sp.diff(C(*(base + s * (point - base))), s).subs(s, 0)
        meaning = {grad: entry(slope), here: entry(point), there: entry(base)}
        agree(replace_indexed(put(claim, n=size), meaning), truth)
        flat = meaning | {grad: entry(0 * slope)}
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
    method="SymPy differentiates the cost twice, factors ∇C to find its zeros, and gives the"
    " characteristic polynomial, whose roots are the eigenvalues.",
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
        "the product inverted": {
            "Hessian": sp.Matrix([[0, -x * y], [-x * y, 0]]),
            "eigenvalues": (x * y, -x * y),
            "product at a minimum": x / y,
        },
    },
)
def saddle_of_a_linear_network(claim):
    """½(w₂w₁x − y)²: where the gradient vanishes, and the Hessian at 0."""
    C = (w2 * w1 * x - y) ** 2 / 2
    slope = [sp.diff(C, symbol) for symbol in (w1, w2)]
    at_zero = {w1: 0, w2: 0}
    require(all(part.subs(at_zero) == 0 for part in slope), "0 is not stationary")
    H = sp.hessian(C, (w1, w2)).subs(at_zero)
    agree(claim["Hessian"], H)
    z = sp.Symbol("z")
    agree((z - claim["eigenvalues"][0]) * (z - claim["eigenvalues"][1]), H.charpoly(z).as_expr())
    # Both entries vanish if the error is 0 (then w₂w₁ = y/x), or if w₁ = w₂ = 0, as x is not 0.
    error = w2 * w1 * x - y
    agree([part / error for part in slope], [w2 * x, w1 * x])
    agree(error.subs(w2, claim["product at a minimum"] / w1), 0)


def by_eigenvalues(values):
    """Return the verdict of the eigenvalues of the Hessian at a critical point."""
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
    method="For ten polynomials with a critical point at 0 the verdict is compared with their"
    " signs on a small circle, computed exactly; a verdict from the eigenvalues must fit all"
    " polynomials that share them.",
    claim=by_eigenvalues,
    wrong={
        "flat directions count as minima": lambda values: (
            "minimum" if min(values) >= 0 else by_eigenvalues(values)
        ),
        "flat directions count as saddles": lambda values: by_eigenvalues(values).replace(
            "undecided", "saddle"
        ),
        "only the sign of the determinant": lambda values: (
            "minimum" if values[0] * values[1] > 0 else by_eigenvalues(values)
        ),
        "minimum and maximum exchanged": lambda values: by_eigenvalues([-u for u in values]),
        "one positive eigenvalue suffices": lambda values: (
            "minimum" if max(values) > 0 else by_eigenvalues(values)
        ),
    },
)
def kinds_of_critical_point(claim):
    """The verdict must agree with the signs near 0, and be "undecided" only if det H = 0."""
    examples = [x**2 + y**2, x**2 + x * y + y**2, -(x**2) - 2 * y**2, x**2 - y**2, x * y]
    examples += [x**2 + y**4, x**2 - y**4, x**2 + y**3, -(x**2) + y**4, x**4 + y**4]
    for C in examples:
        H = sp.hessian(C, (x, y)).subs({x: 0, y: 0})
        values = [root for root, times in H.eigenvals().items() for _ in range(times)]
        verdict = claim(values)
        if H.det() == 0:
            require(verdict == "undecided", f"{C}: {verdict}, but its Hessian does not decide")
        require(verdict in ("undecided", near_zero(C)), f"{C} is not a {verdict}")
        require(H.det() == 0 or verdict != "undecided", f"{C}: undecided, but its Hessian decides")


def near_zero(C):
    """Return the kind of critical point at 0, from the signs of C on a small circle."""
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
    method="The cost, written with the formula of the sigmoid, is differentiated twice with"
    " respect to every pair of weights for 1 and 2 samples; the quadratic form is a sum of squares"
    " with positive weights.",
    claim=X.T * D * X / N,
    wrong={
        "the weights forgotten": X.T * X / N,
        "the sign reversed": -X.T * D * X / N,
        "one minus the weights": X.T * (I - D) * X / N,
        "samples and features exchanged": X * D * X.T / N,
    },
    equivalent={"wrong transpose: D": "D is diagonal"},
)
def logistic_is_convex(claim):
    """The second derivatives of the cross-entropy, whose gradient is that of the package."""
    for samples, size in ((1, 1), (2, 2), (2, 1), (1, 2)):
        rows, weights, y = regression(samples, size)
        z = rows @ weights
        slope = rows.T @ cross_entropy_gradient(z, y)
        C = cross_entropy_written_out(z, y)
        agree(slope, differentiate(C, weights))
        p = 1 / (1 + np.exp(-z))
        weight = Symbols(np.diag((p * (1 - p)).ravel()))
        meaning = {X: rows, D: weight, N: sp.Integer(samples)}
        meaning[I] = Symbols(np.eye(samples, dtype=int))
        second = Symbols([[sp.diff(part, u) for u in weights.ravel()] for part in slope.ravel()])
        agree(value(claim, meaning), second)
    u = sp.Symbol("u", positive=True)  # u = e^{−z}
    require((1 / (1 + u) * (1 - 1 / (1 + u))).factor().is_positive, "a weight is not positive")


def cross_entropy_gradient(z, y):
    """Return the package's gradient with respect to z; its formula for z > 0 is used for all z."""
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
    " symbolic gradients of one entry; for several entries the variances add up.",
    claim={"mean": g, "variance": s / B * (N - B) / (N - 1)},
    wrong={
        "batches with replacement": {"mean": g, "variance": s / B},
        "a sum instead of a mean": {"mean": B * g, "variance": s / B * (N - B) / (N - 1)},
        "N instead of N − 1": {"mean": g, "variance": s / B * (N - B) / N},
        "the square root of B instead of B": {
            "mean": g,
            "variance": s / sp.sqrt(B) * (N - B) / (N - 1),
        },
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
            values = {"g": mean, "s": spread, "B": size, "N": samples}
            agree({name: put(part, **values) for name, part in claim.items()}, truth)


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
    method="The package's rule is run on symbols, at more values of β than the degree of the step;"
    " then we compute the roots of r² − (1 + β − ηλ)r + β on both sides of the bound, at which r ="
    " −1 is a root.",
    claim={
        "velocity": beta * v + g,
        "place": theta - eta * (beta * v + g),
        "two steps": (1 + beta - eta * lam) * theta - beta * phi,
        "bound": 2 * (1 + beta) / lam,
    },
    wrong={
        "the bound without momentum": {
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
        "a running mean instead of a sum": {
            "velocity": beta * v + (1 - beta) * g,
            "place": theta - eta * (beta * v + (1 - beta) * g),
            "two steps": (1 + beta - eta * lam) * theta - beta * phi,
            "bound": 2 * (1 + beta) / lam,
        },
        "the sign of the second term reversed": {
            "velocity": beta * v + g,
            "place": theta - eta * (beta * v + g),
            "two steps": (1 + beta - eta * lam) * theta + beta * phi,
            "bound": 2 * (1 + beta) / lam,
        },
    },
)
def momentum_on_a_quadratic(claim):
    """One step of the package; v from the last two points; the roots inside the unit circle."""
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
    """Return r² − (1 + β − ηλ)r + β, the polynomial of the recursion, with v as its variable."""
    return v**2 - (1 + beta - eta * lam) * v + beta


def stable_up_to(bound, number):
    """Require that for λ = 1 the larger root leaves the unit circle at the bound."""
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
    method="The larger root of the recursion has absolute value √β where the discriminant is not"
    " positive; SymPy finds the η for which the smallest such β serves both ends of the spectrum,"
    " and that β.",
    claim={
        "eta": 4 / (sp.sqrt(high) + sp.sqrt(low)) ** 2,
        "beta": ((sp.sqrt(kappa) - 1) / (sp.sqrt(kappa) + 1)) ** 2,
        "rho": sp.sqrt(beta),
    },
    wrong={
        "the step without momentum": {
            "eta": 2 / (high + low),
            "beta": ((sp.sqrt(kappa) - 1) / (sp.sqrt(kappa) + 1)) ** 2,
            "rho": sp.sqrt(beta),
        },
        "κ instead of its root": {
            "eta": 4 / (sp.sqrt(high) + sp.sqrt(low)) ** 2,
            "beta": ((kappa - 1) / (kappa + 1)) ** 2,
            "rho": sp.sqrt(beta),
        },
        "the square forgotten": {
            "eta": 4 / (sp.sqrt(high) + sp.sqrt(low)) ** 2,
            "beta": (sp.sqrt(kappa) - 1) / (sp.sqrt(kappa) + 1),
            "rho": sp.sqrt(beta),
        },
        "the rate β instead of √β": {
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
    title="the effect of momentum on a constant gradient",
    latex=r"\begin{gathered}\nabla C\equiv g,\quad v_0=0,\quad0\le\beta<1:\\"
    r"v_t=g\,\frac{1-\beta^t}{1-\beta}"
    r"\;\longrightarrow\;\frac g{1-\beta}\quad(t\to\infty)\end{gathered}",
    method="The proof is by induction with one step of the package's rule at several β, more than"
    " its degree; SymPy finds the limit.",
    claim={"velocity": g * (1 - beta**t) / (1 - beta), "limit": g / (1 - beta)},
    wrong={
        "one term too many": {
            "velocity": g * (1 - beta ** (t + 1)) / (1 - beta),
            "limit": g / (1 - beta),
        },
        "a running mean instead of a sum": {"velocity": g * (1 - beta**t), "limit": g},
        "t·g": {"velocity": g * t, "limit": g / (1 - beta)},
        "1 + β in the denominator": {
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
    method="The weight of each gradient and the mean are proved by induction from t to t + 1; the"
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
        "the oldest gradient with the largest weight": {
            "recursion": beta * v + (1 - beta) * g,
            "weight": (1 - beta) * beta**i,
            "mean": (1 - beta**t) * g,
            "corrected": v / (1 - beta**t),
        },
        "the correction forgotten": {
            "recursion": beta * v + (1 - beta) * g,
            "weight": (1 - beta) * beta ** (t - i),
            "mean": (1 - beta**t) * g,
            "corrected": v,
        },
        "corrected with t − 1": {
            "recursion": beta * v + (1 - beta) * g,
            "weight": (1 - beta) * beta ** (t - i),
            "mean": (1 - beta**t) * g,
            "corrected": v / (1 - beta ** (t - 1)),
        },
    },
)
def adam_correction(claim):
    """m₀ = 0; the weight of g_i is 1 − β₁, times β₁ for each later step; m̂ is unbiased."""
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
    method="The package's rule is run on symbols for three steps and compared with the formulas at"
    " each step.",
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
    """θ_t, with m̂ and v̂ computed from all gradients so far, against the package's θ_t."""
    for b1, b2 in ((0.5, 0.25), (0.75, 0.5), (0.25, 0.75)):
        p, q, rule = Rational(str(b1)), Rational(str(b2)), adam(b1, b2, 0.125)
        gradients = symbols("g", 3, 1, positive=True).ravel()
        point, state, ours = one(theta), rule.start(one(theta)), sp.S.Zero
        for step in range(1, 4):
            now = gradients[step - 1]
            after, state = rule.step(point, one(now), state, eta, step)
            ours = put(claim["v"], v=ours, g=now, beta2=q)
            agree(ours, state[1][0, 0])
            m = sum((1 - p) * p ** (step - r) * gradients[r - 1] for r in range(1, step + 1))
            v_hat = put(claim["v_hat"], v=ours, beta2=q, t=step)
            moved = {"x": m / (1 - p**step), "y": v_hat, "s": Rational(1, 8)}
            agree(put(claim["place"], theta=point[0, 0], **moved), after[0, 0])
            point = after


@register(
    "eq-weight-decay",
    chapter=7,
    kind="exact",
    title="a penalty on the squares is weight decay",
    latex=r"\begin{aligned}C_\lambda&=C+\tfrac\lambda2\lVert\theta\rVert^2\quad\Rightarrow\\"
    r"\theta_{t+1}&=(1-\eta\lambda)\,\theta_t-\eta\,\nabla C(\theta_t)\end{aligned}",
    method="For an undefined C the penalised cost is differentiated and one step is made; the"
    " package's rule with decay agrees at more values of λ than the degree of the step.",
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
        point = symbols("theta", size, 1)
        C, partials = unknown("C", size)
        slope = Symbols([[partial(*point.ravel())] for partial in partials])
        penalised = C(*point.ravel()) + lam * (point**2).sum() / 2
        agree(each(claim, theta=point, g=slope), gd(point, penalised))
    for number in VALUES:
        after, _ = decayed(GD, number).step(one(theta), one(g), None, eta, 1)
        agree(put(claim, lam=Rational(str(number))), after[0, 0])
