r"""Chapter 2, what a network can represent: the constructions, their error bounds, and the theorem.

The networks are those of `nnmaths.approximation`, built from symbols and run on symbols by the
package's own forward pass. Positive symbols decide the branches at a kink or a step: a point
between two knots is written as a knot plus a positive number, so that the sign inside every maximum
is known.
"""

from functools import cache
from itertools import pairwise

import numpy as np
import sympy as sp
from sympy import Abs, Max, Min, Rational, Sum, cosh, exp, sinh, tanh

from nnbook.ledger.fixtures import replace_indexed
from nnbook.ledger.registry import agree, register, require
from nnmaths import approximation
from nnmaths.activations import SIGMOID, STEP, Activation
from nnmaths.symbolic import Symbols

x, a, b, c, alpha, beta = sp.symbols("x a b c alpha beta", real=True)
w, h, p, q, lip, bend, length = sp.symbols("w h p q Lambda M ell", positive=True)
eps, J, s = sp.symbols("epsilon J s", positive=True)
j, n, degree = sp.symbols("j n d", integer=True, positive=True)
f, knot, slope = map(sp.IndexedBase, ("f", "x", "s"))


def at(network, point):
    """Return g(x) of a network at this point, with the signs inside Max, Min and | | decided."""
    return settled(network(Symbols([[point]]))[0, 0])


def settled(expression):
    """Return the expression with Max, Min, | | and conditions evaluated where signs are known."""
    kinds = Max | Min | Abs | sp.Rel
    tidy = sp.sympify(expression).replace(
        lambda e: isinstance(e, kinds), lambda e: e.func(*[sp.factor(u) for u in e.args])
    )
    return sp.piecewise_fold(tidy) if tidy.has(sp.Piecewise) else tidy


def known(claim, **replacements):
    """Return the claim with symbols of this module replaced by name, and its signs decided."""
    table = {globals()[name]: sp.sympify(value) for name, value in replacements.items()}
    return settled(sp.sympify(claim).xreplace(table))


def nodes(count):
    """Return count + 1 symbolic knots, with positive symbols as distances, and their values."""
    gaps = sp.symbols(f"g1:{count + 1}", positive=True)
    points = [a + sum(gaps[:i]) for i in range(count + 1)]
    return points, list(sp.symbols(f"f0:{count + 1}", real=True))


def difference(g, order):
    """Return Δ_h^order g, the forward difference g(x + h) − g(x) iterated `order` times."""
    for _ in range(order):
        g = sp.expand(g.subs(x, x + h) - g)
    return g


def largest(expression, symbol, low, high):
    """Return the maximum of a smooth function on [low, high]: at an end or a critical point."""
    inside = sp.solve(sp.diff(expression, symbol), symbol)
    values = [expression.subs(symbol, u) for u in (low, high, *inside)]
    return Max(*[sp.simplify(value) for value in values])


# --- steps ----------------------------------------------------------------------------------------


@register(
    "eq-step-error",
    chapter=2,
    kind="exact",
    title="a steep sigmoid is a step up to an exponentially small error",
    latex=r"\begin{gathered}\bigl|\sigma(wx)-\operatorname{step}(x)\bigr|=\frac1{1+e^{w|x|}}\\"
    r"{}\le\min\bigl\{\tfrac12,e^{-w|x|}\bigr\}\qquad(x\ne0,\ w>0)\end{gathered}",
    method="The package's sigmoid and step are run on symbols on either side of 0. With s ="
    " e^(w|x|) > 1 each bound minus the error is a fraction with positive terms, and each bound is"
    " approached at one end: ½ as x → 0, the exponential as |x| → ∞.",
    claim={"error": 1 / (1 + exp(w * Abs(x))), "bound": Min(Rational(1, 2), exp(-w * Abs(x)))},
    wrong={
        "the absolute value forgotten": {
            "error": 1 / (1 + exp(w * x)),
            "bound": Min(Rational(1, 2), exp(-w * Abs(x))),
        },
        "no error at all": {"error": sp.S(0), "bound": sp.S(0)},
        "half the exponential": {
            "error": 1 / (1 + exp(w * Abs(x))),
            "bound": Min(Rational(1, 2), exp(-w * Abs(x)) / 2),
        },
        "the bound ½ forgotten": {
            "error": 1 / (1 + exp(w * Abs(x))),
            "bound": exp(-w * Abs(x)),
        },
        "the square of the exponential": {
            "error": 1 / (1 + exp(w * Abs(x))),
            "bound": Min(Rational(1, 2), exp(-2 * w * Abs(x))),
        },
    },
)
def step_error(claim):
    """|σ(wx) − step(x)| for x = ±p, p > 0; the bound holds and is sharp at both ends."""
    for side in (p, -p):
        found, jump = (
            sigma(Symbols([[u]]))[0, 0] for sigma, u in ((SIGMOID, w * side), (STEP, side))
        )
        gap = settled(found) - settled(jump)
        agree(known(claim["error"], x=side), gap if side == -p else -gap)
        bound = known(claim["bound"], x=side).subs(exp(-p * w), 1 / s)
        bound = bound.subs(exp(p * w), s)
        require(bound.func is Min and len(bound.args) == 2, "the bound is not the smaller of two")
        for part in bound.args:
            rest = sp.factor((part - 1 / (1 + s)).subs(s, 1 + q))  # e^(w|x|) = 1 + q > 1
            require(rest.is_positive, "the bound does not hold")
        agree(bound.subs(s, 1), Rational(1, 2))
        agree(sp.limit(min(bound.args, key=lambda u: u.is_number) * (1 + s), s, sp.oo), 1)


half = w * (b - a) / 2


@register(
    "eq-bump",
    chapter=2,
    kind="exact",
    title="two sigmoids make a bump",
    latex=r"\begin{gathered}\sigma(w(x-a))-\sigma(w(x-b))\\"
    r"{}=\frac{\sinh\frac{w(b-a)}2}"
    r"{\cosh\bigl(w(x-\frac{a+b}2)\bigr)+\cosh\frac{w(b-a)}2}\\"
    r"{}\in\Bigl(0,\tanh\tfrac{w(b-a)}4\Bigr]\qquad(a<b,\ w>0)\end{gathered}",
    method="On symbols, to the left of a, between a and b, and to the right of b, the package's"
    " bump is the quotient. To the right of the midpoint its slope is a positive number times"
    " −sinh of the distance, and the bump is symmetric about the midpoint, so its maximum is"
    " there; far away it tends to 0.",
    claim={
        "bump": sinh(half) / (cosh(w * (x - (a + b) / 2)) + cosh(half)),
        "top": tanh(w * (b - a) / 4),
    },
    wrong={
        "the wrong midpoint": {
            "bump": sinh(half) / (cosh(w * (x - (a - b) / 2)) + cosh(half)),
            "top": tanh(w * (b - a) / 4),
        },
        "a maximum with the wrong argument of tanh": {
            "bump": sinh(half) / (cosh(w * (x - (a + b) / 2)) + cosh(half)),
            "top": tanh(half),
        },
        "a maximum of 1": {
            "bump": sinh(half) / (cosh(w * (x - (a + b) / 2)) + cosh(half)),
            "top": sp.S(1),
        },
        "the sign reversed": {
            "bump": -sinh(half) / (cosh(w * (x - (a + b) / 2)) + cosh(half)),
            "top": tanh(w * (b - a) / 4),
        },
    },
)
def two_sigmoids(claim):
    """The bump left, inside and right, b = a + p + q; maximum, slope and limit with b = a + 2p.

    All are compared at a random point before any is proved, so a wrong version fails quickly.
    """
    truth = bump_on_symbols()
    right = known(claim["bump"], b=a + 2 * p, x=a + p + s)  # s > 0, right of the midpoint
    down = -w * sinh(w * p) * sinh(w * s) / (cosh(w * s) + cosh(w * p)) ** 2
    agree(
        [known(claim["top"], b=a + 2 * p), sp.diff(right, s)]
        + [known(claim["bump"], b=a + p + q, x=point) for point in truth],
        [right.subs(s, 0), down, *truth.values()],
    )
    require(down.is_negative, "the slope right of the midpoint is not negative")
    agree(known(claim["bump"], b=a + 2 * p, x=a + p - s), right)
    require(right.is_positive, "the bump is not positive")
    far = right.rewrite(exp).subs(exp(w * s), q)  # q = e^(ws)
    agree(sp.limit(far, q, sp.oo), 0)


@cache
def bump_on_symbols():
    """Return x → value of the package's bump from a to a + p + q: left, inside and right."""
    net = approximation.bump(a, a + p + q, w)
    return {point: at(net, point) for point in (a - s, a + p, a + p + q + s)}


@register(
    "eq-uat-1d-bound",
    chapter=2,
    kind="exact",
    title="n sigmoids make a staircase with an explicit error bound",
    latex=r"\begin{gathered}|f(x)-f(y)|\le\Lambda|x-y|\text{ on }[a,b]\\[4pt]"
    r"g(x)=f(x_0)\\"
    r"{}+\sum_{j=1}^n\bigl(f(x_j)-f(x_{j-1})\bigr)\,\sigma\bigl(w(x-m_j)\bigr)\\"
    r"m_j=\tfrac{x_{j-1}+x_j}2,\quad x_j=a+jh\\nh=b-a,\quad w>0\\[6pt]"
    r"\Rightarrow\ \sup_{[a,b]}|f-g|\le\Lambda h\Bigl(1+\frac1{\sinh(wh/2)}\Bigr)\\"
    r"{}\le2\Lambda h\quad\text{if }w\ge\tfrac2h\operatorname{arsinh}1\end{gathered}",
    method="The weights are those of the package's staircase. With steps, the staircase is f at"
    " the nearest knot, with an error of at most Λh/2. Each sigmoid differs from its step: the"
    " nearest by at most ½, the others by a geometric series, which SymPy sums; each jump is at"
    " most Λh. SymPy solves for the condition on w.",
    claim={
        "jump": f[j] - f[j - 1],
        "middle": (knot[j - 1] + knot[j]) / 2,
        "bound": lip * h * (1 + 1 / sinh(w * h / 2)),
        "steep": 2 / h * sp.asinh(1),
    },
    wrong={
        "the values instead of the jumps": {
            "jump": f[j],
            "middle": (knot[j - 1] + knot[j]) / 2,
            "bound": lip * h * (1 + 1 / sinh(w * h / 2)),
            "steep": 2 / h * sp.asinh(1),
        },
        "the steps at the knots": {
            "jump": f[j] - f[j - 1],
            "middle": knot[j],
            "bound": lip * h * (1 + 1 / sinh(w * h / 2)),
            "steep": 2 / h * sp.asinh(1),
        },
        "the bound for steps": {
            "jump": f[j] - f[j - 1],
            "middle": (knot[j - 1] + knot[j]) / 2,
            "bound": lip * h / 2,
            "steep": 2 / h * sp.asinh(1),
        },
        "steepness that does not grow with n": {
            "jump": f[j] - f[j - 1],
            "middle": (knot[j - 1] + knot[j]) / 2,
            "bound": lip * h * (1 + 1 / sinh(w * h / 2)),
            "steep": 2 * sp.asinh(1),
        },
    },
)
def staircase_of_sigmoids(claim):
    """The weights; Λh/2 for steps; Λh (½ + Σ_{d ≥ 1} 2 e^{−wh(d − ½)}) for the sigmoids."""
    points, values = nodes(3)
    meaning = {f: lambda i: values[int(i)], knot: lambda i: points[int(i)]}
    net = approximation.staircase(points, values, w)
    levels = [values[0]]
    for i in (1, 2, 3):
        jump, middle = (
            replace_indexed(sp.sympify(claim[k]).subs(j, i), meaning) for k in ("jump", "middle")
        )
        agree([jump, -w * middle], [net.theta.W[2][0, i - 1], net.theta.b[1][i - 1, 0]])
        agree(middle - points[i - 1], points[i] - middle)
        levels.append(levels[-1] + jump)
    agree(levels, values)
    d = sp.Symbol("d", integer=True, positive=True)
    ratio = exp(-w * h)
    others = 2 * exp(w * h / 2) * sp.summation(s**d, (d, 1, sp.oo)).args[0][0].subs(s, ratio)
    own = sp.limit(1 / (1 + exp(w * p)), p, 0)
    nearest = largest(lip * p, p, 0, h / 2)
    agree(sp.sympify(claim["bound"]).rewrite(exp), nearest + lip * h * (own + others))
    (steep,) = sp.solve(sp.Eq(1 + 1 / sinh(s), 2), s)
    agree(claim["steep"], 2 * steep / h)
    check_measured_errors(claim["bound"])


def check_measured_errors(bound):
    """Require that measured errors of staircases for sin are below the bound."""
    for count, steep in ((4, 3.0), (8, 20.0), (16, 60.0)):
        net = staircase_of_sine(count, steep)
        found = approximation.sup_error(np.sin, net, 0, 3)
        most = float(sp.sympify(bound).subs({lip: 1, h: 3 / count, w: steep}))
        require(found <= most, "the measured error is larger")


def staircase_of_sine(count, steep):
    """Return the package's staircase for sin on [0, 3]."""
    points = np.linspace(0, 3, count + 1)
    return approximation.staircase(points, np.sin(points), steep)


# --- hats -----------------------------------------------------------------------------------------

three = (Max(0, x - c + h) - 2 * Max(0, x - c) + Max(0, x - c - h)) / h


@register(
    "eq-hat",
    chapter=2,
    kind="exact",
    title="three ReLUs make a hat",
    latex=r"\begin{gathered}\operatorname{hat}_{c,h}(x)=\tfrac1h\bigl[\operatorname{relu}(x-c+h)\\"
    r"{}-2\operatorname{relu}(x-c)+\operatorname{relu}(x-c-h)\bigr]\\"
    r"{}=\max\{0,\,1-|x-c|/h\}\qquad(h>0)\end{gathered}",
    method="On each of the four pieces between the kinks, x is written with positive symbols."
    " There the package's hat is the straight line through the values 0, 0, 1, 0, 0.",
    claim={"sum": three, "hat": Max(0, 1 - Abs(x - c) / h)},
    wrong={
        "the middle counted once": {
            "sum": (Max(0, x - c + h) - Max(0, x - c) + Max(0, x - c - h)) / h,
            "hat": Max(0, 1 - Abs(x - c) / h),
        },
        "the height h instead of 1": {"sum": h * three, "hat": Max(0, h - Abs(x - c))},
        "the maximum with 0 forgotten": {"sum": three, "hat": 1 - Abs(x - c) / h},
        "all kinks on one side": {
            "sum": (Max(0, x - c) - 2 * Max(0, x - c - h) + Max(0, x - c - 2 * h)) / h,
            "hat": Max(0, 1 - Abs(x - c) / h),
        },
    },
)
def hat_of_three(claim):
    """With u = (x − c)/h = −1 − p, −1/(1 + p), 1/(1 + p), 1 + p: left, rising, falling, right."""
    inside = 1 / (1 + p)
    for u, height in ((-1 - p, 0), (-inside, 1 - inside), (inside, 1 - inside), (1 + p, 0)):
        for part in ("sum", "hat"):
            agree(known(claim[part], x=c + h * u), height)
        agree(at(approximation.hat(c, h), c + h * u), height)


@register(
    "eq-relu-interpolant",
    chapter=2,
    kind="parametric",
    title="one hidden ReLU layer is the piecewise linear interpolant",
    latex=r"\begin{gathered}g(x)=f(x_0)\\"
    r"{}+\sum_{j=1}^n(s_j-s_{j-1})\operatorname{relu}(x-x_{j-1})\\"
    r"s_j=\frac{f(x_j)-f(x_{j-1})}{x_j-x_{j-1}},\quad s_0=0\\[6pt]"
    r"\Rightarrow\ g(x_j)=f(x_j),\quad j=0,\dots,n\end{gathered}",
    method="For 1 to 3 neurons, with symbolic knots and values, the formula and the package's"
    " network are compared with the chord between neighbouring knots, at every knot and inside"
    " every interval.",
    claim={
        "value": f[0] + Sum((slope[j] - slope[j - 1]) * Max(0, x - knot[j - 1]), (j, 1, n)),
        "slope": (f[j] - f[j - 1]) / (knot[j] - knot[j - 1]),
        "first": sp.S(0),
    },
    wrong={
        "the slopes instead of their changes": {
            "value": f[0] + Sum(slope[j] * Max(0, x - knot[j - 1]), (j, 1, n)),
            "slope": (f[j] - f[j - 1]) / (knot[j] - knot[j - 1]),
            "first": sp.S(0),
        },
        "the kinks one knot too late": {
            "value": f[0] + Sum((slope[j] - slope[j - 1]) * Max(0, x - knot[j]), (j, 1, n)),
            "slope": (f[j] - f[j - 1]) / (knot[j] - knot[j - 1]),
            "first": sp.S(0),
        },
        "the slope inverted": {
            "value": f[0] + Sum((slope[j] - slope[j - 1]) * Max(0, x - knot[j - 1]), (j, 1, n)),
            "slope": (knot[j] - knot[j - 1]) / (f[j] - f[j - 1]),
            "first": sp.S(0),
        },
        "the initial value forgotten": {
            "value": Sum((slope[j] - slope[j - 1]) * Max(0, x - knot[j - 1]), (j, 1, n)),
            "slope": (f[j] - f[j - 1]) / (knot[j] - knot[j - 1]),
            "first": sp.S(0),
        },
    },
)
def relu_interpolant(claim):
    """Σ (s_j − s_{j−1}) relu(x − x_{j−1}) at the knots, and between any two of them."""
    for count in (1, 2, 3):
        points, values = nodes(count)
        meaning = {f: lambda i, v=values: v[int(i)], knot: lambda i, v=points: v[int(i)]}
        of = sp.sympify(claim["slope"])
        slopes = [sp.sympify(claim["first"])]
        slopes += [replace_indexed(of.subs(j, i), meaning) for i in range(1, count + 1)]
        meaning[slope] = lambda i, v=slopes: v[int(i)]
        g = replace_indexed(sp.sympify(claim["value"]).subs(n, count), meaning)
        net = approximation.interpolant(points, values)
        for point, value in [*zip(points, values, strict=True), *between(points, values)]:
            agree(known(g, x=point), value)
            agree(at(net, point), value)


def between(points, values):
    """Return a point inside each interval, with the value of the chord there."""
    fraction = 1 / (1 + p)
    ends = zip(pairwise(points), pairwise(values), strict=True)
    return [(l + fraction * (r - l), u + fraction * (v - u)) for (l, r), (u, v) in ends]


@register(
    "eq-pl-lipschitz",
    chapter=2,
    kind="exact",
    title="an error of order 1/n for a Lipschitz function",
    latex=r"\begin{gathered}|f(x)-f(y)|\le\Lambda|x-y|\text{ on }[a,b]\\"
    r"\Rightarrow\ \max_{[a,b]}|f-g|\le\tfrac12\Lambda h\end{gathered}",
    method="On an interval of length h the package's interpolant is a weighted mean of the two end"
    " values, so at a fraction t of the way the error is at most 2t(1 − t)Λh; SymPy finds the"
    " maximum. A tent attains it.",
    claim=lip * h / 2,
    wrong={
        "a quarter": lip * h / 4,
        "no factor ½": lip * h,
        "the bound for smooth functions": lip * h**2 / 8,
        "the constant forgotten": h / 2,
    },
)
def lipschitz_bound(claim):
    """Bound f − g = (1 − t)(f − f₀) + t (f − f₁) by (1 − t)·Λth + t·Λ(1 − t)h."""
    here, first, last = sp.symbols("F f0 f1", real=True)
    net = approximation.interpolant([a, a + h], [first, last])
    fraction = 1 / (1 + p)
    gap = here - at(net, a + fraction * h)
    agree(gap, (1 - fraction) * (here - first) + fraction * (here - last))
    t = sp.Symbol("t", real=True)
    most = (1 - t) * lip * t * h + t * lip * (1 - t) * h
    agree(claim, largest(most, t, 0, 1))
    tent = lip * (h / 2 - Abs(x - a - h / 2))
    ends = [tent.subs(x, a), tent.subs(x, a + h)]
    agree(
        at(approximation.interpolant([a, a + h], ends), a + h / 2) + claim, tent.subs(x, a + h / 2)
    )


@register(
    "eq-pl-bound",
    chapter=2,
    kind="exact",
    title="an error of order 1/n² for a twice continuously differentiable function",
    latex=r"\begin{gathered}f\in C^2[a,b]\\"
    r"\Rightarrow\ \max_{[a,b]}|f-g|\le\frac{h^2}8\max_{[a,b]}|f''|\end{gathered}",
    method="The error of the chord is −∫K f'' with a kernel K ≥ 0 (Peano), shown for an undefined"
    " f by two integrations by parts; SymPy integrates the kernel and finds the maximum of the"
    " integral. A parabola attains the bound.",
    claim=h**2 / 8 * bend,
    wrong={
        "a half": h**2 / 2 * bend,
        "a quarter": h**2 / 4 * bend,
        "h instead of h²": h / 8 * bend,
        "the second derivative forgotten": h**2 / 8,
    },
)
def smooth_bound(claim):
    """f(x) − chord = −∫ K(x, t) f''(t) dt on [0, h]; ∫ K = x(h − x)/2."""
    t = sp.Symbol("t", real=True)
    F = sp.Function("F", real=True)
    kernels = ((t * (h - x) / h, 0, x), (x * (h - t) / h, x, h))
    total = 0
    for K, low, high in kernels:
        parts = K * F(t).diff(t) - K.diff(t) * F(t)
        agree(sp.expand(parts.diff(t)), sp.expand(K * F(t).diff(t, 2)))
        # the terms with F′ at x cancel, because K is continuous there
        ends = [K.subs(t, high), K.subs(t, low), K.diff(t)]
        total += ends[0] * slope_at(high) - ends[1] * slope_at(low) - ends[2] * (F(high) - F(low))
    chord = F(0) + (F(h) - F(0)) * x / h
    agree(sp.expand(F(x) - chord + total), 0)
    weight = sum(sp.integrate(K, (t, low, high)) for K, low, high in kernels)
    agree(claim, bend * largest(weight, x, 0, h))
    parabola = bend * x**2 / 2
    net = approximation.interpolant([0, h], [0, parabola.subs(x, h)])
    agree(claim, at(net, h / 2) - parabola.subs(x, h / 2))


def slope_at(point):
    """Return a symbol for F′ at this point."""
    return sp.Function("F'", real=True)(point)


# --- the theorem ----------------------------------------------------------------------------------


def neuron(power):
    """Return the package's network of one neuron with the activation z^power, at x."""
    v, weight, bias = sp.symbols("v w1 b1", real=True)
    sigma = Activation("power", lambda z: z**power, lambda z: power * z ** (power - 1))
    return approximation.shallow([weight], [bias], [v], 0, sigma)(Symbols([[x]]))[0, 0]


@register(
    "eq-uat-polynomial-fails",
    chapter=2,
    kind="exact",
    title="why the activation must not be a polynomial",
    latex=r"\begin{gathered}\sigma(z)=z^2,\quad g(x)=c+\sum_{j=1}^nv_j\,\sigma(w_jx+b_j)\\"
    r"\Delta_h^3\,g=0\ \text{ for every }n,\qquad\Delta_h^3\,x^3=6h^3\\[6pt]"
    r"\Rightarrow\ \sup_{[a,a+3h]}|x^3-g(x)|\ge\tfrac34h^3\end{gathered}",
    method="The third difference of one neuron of the package, with symbols for all its numbers,"
    " is zero, and the difference of a sum is the sum of the differences. The absolute values of"
    " the four coefficients of the third difference add up to 8, so an error of e everywhere gives"
    " at most 8e.",
    claim={"network": sp.S(0), "cube": 6 * h**3, "bound": Rational(3, 4) * h**3},
    wrong={
        "the second difference of the cube": {
            "network": sp.S(0),
            "cube": 6 * h**2,
            "bound": Rational(3, 4) * h**2,
        },
        "the coefficients forgotten": {"network": sp.S(0), "cube": 6 * h**3, "bound": 6 * h**3},
        "the coefficients add up to 3": {
            "network": sp.S(0),
            "cube": 6 * h**3,
            "bound": 2 * h**3,
        },
        "a network that equals the cube": {
            "network": 6 * h**3,
            "cube": 6 * h**3,
            "bound": sp.S(0),
        },
    },
)
def polynomial_fails(claim):
    """Δ³ of one neuron and of x³, and the coefficients 1, 3, 3, 1 of Δ³."""
    agree(claim["network"], difference(neuron(2) + c, 3))
    require(difference(neuron(2), 2) != 0, "the second difference already vanishes")
    agree(claim["cube"], difference(x**3, 3))
    g = sp.Function("g")
    coefficients = difference(g(x), 3).atoms(sp.core.function.AppliedUndef)
    sizes = [abs(difference(g(x), 3).coeff(point)) for point in coefficients]
    agree(claim["bound"], difference(x**3, 3) / sum(sizes))


PROVED = {
    "width": lip * length / (2 * eps),
    "order": degree + 1,
    "jump": J / 2,
    "product": sp.cos(alpha + beta) / 2 + sp.cos(alpha - beta) / 2,
}


@register(
    "eq-uat",
    chapter=2,
    kind="citation",
    title="universal approximation theorem",
    latex=r"\begin{gathered}\sigma\ \text{is not a polynomial}\iff\\[4pt]"
    r"\text{for all compact }K\subset\mathbb R^d,\\"
    r"f:K\to\mathbb R\text{ continuous and }\varepsilon>0\\"
    r"\text{there are }n,\ v_j,b_j\in\mathbb R,\ w_j\in\mathbb R^d:\\"
    r"\sup_{x\in K}\Bigl|f(x)-\sum_{j=1}^nv_j\,\sigma(w_j^{\mathsf T}x+b_j)\Bigr|<\varepsilon"
    r"\end{gathered}",
    source="Leshno, Lin, Pinkus and Schocken 1993, Theorem 1; for continuous σ as stated here,"
    " Pinkus 1999, Theorem 3.1",
    method="Cited. We prove special cases. One input and ReLU: the width that suffices for a"
    " Lipschitz function, all of which a tent needs. Products of cosines are sums of cosines,"
    " which reduces many inputs to one. For an activation of degree 1 to 4 the difference of the"
    " next order vanishes, and the one before does not. A jump cannot be approximated better than"
    " by half its height.",
    claim=PROVED,
    wrong={
        "the width for smooth functions": {
            **PROVED,
            "width": sp.sqrt(lip * length / (8 * eps)),
        },
        "a jump approximated to any precision": {**PROVED, "jump": sp.S(0)},
        "any activation": {**PROVED, "order": sp.oo},
        "an order equal to the degree": {**PROVED, "order": degree},
        "a width independent of the precision": {**PROVED, "width": lip * length},
        "one cosine instead of a product": {**PROVED, "product": sp.cos(alpha + beta)},
    },
)
def universal_approximation(claim):
    """The n with Λ·length/2n = ε; Δ^{d+1} of degree d; min over u of max(|u|, |J − u|)."""
    tent = lip * h / 2  # the error of a tent on one interval, see eq-pl-lipschitz
    ends = [lip * (h / 2 - Abs(u - h / 2)) for u in (0, h)]
    top = lip * h / 2 - at(approximation.interpolant([0, h], ends), h / 2)
    agree(top, tent)
    (width,) = sp.solve(sp.Eq(top.subs(h, length / s), eps), s)
    agree(claim["width"], width)
    require(sp.sympify(claim["order"]).is_finite, "the order is not finite")
    for power in (1, 2, 3, 4):
        order = sp.sympify(claim["order"]).subs(degree, power)
        require(order == int(order) and order >= 1, "the order is not a positive integer")
        agree(difference(neuron(power), int(order)), 0)
        require(difference(neuron(power), int(order) - 1) != 0, "a lower order suffices")
    agree(sp.expand_trig(claim["product"]), sp.cos(alpha) * sp.cos(beta))
    u = sp.Symbol("u", real=True)
    (middle,) = sp.solve(sp.Eq(u, J - u), u)
    agree(claim["jump"], Max(middle, J - middle))
