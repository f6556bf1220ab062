"""Scenes of chapter 7: how learning rate, condition number and momentum shape a path of descent."""

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Ellipse
from numpy.typing import ArrayLike

from nnbook.drawing.axes import legend_above
from nnbook.drawing.numbers import signed, small, subscript
from nnbook.drawing.style import BLUE, INK, MUTED, ORANGE, SKY, YELLOW, style, subplots
from nnbook.explorers.scene import Scene, Slider
from nnbook.figures.ch07_descent.plots import path_look, plot_contours, plot_function, plot_minimum
from nnmaths.descent import GD, Rule, descend, momentum

_RATES = (0.02, 0.05, 0.1, 0.3, 0.6, 1, 1.3, 1.6, 1.9, 2, 2.05, 2.3)  # in units of 1/λ
_LEVELS = (0.25, 1.0, 2.25, 4.0, 6.25)


def path_of(
    C: Callable, grad_C: Callable, start: ArrayLike, eta: float, steps: int, rule: Rule = GD
) -> tuple[np.ndarray, np.ndarray]:
    """Return the points θ_0 … θ_T of a descent and their costs, fewer if it diverges."""
    run = list(descend(C, grad_C, start, eta=eta, rule=rule, steps=steps))
    return np.array([step.theta for step in run]), np.array([step.C for step in run])


# Learning rate on a parabola ----------------------------------------------------------------------


def regime(u: float) -> str:
    """Return what gradient descent does on ½λθ² when ηλ = u."""
    if u > 2:
        return "it diverges"
    if u == 2:
        return "it alternates between two points for ever"
    if u > 1:
        return "it converges in a zig-zag"
    if u == 1:
        return "one step reaches the minimum"
    return "it crawls" if u <= 0.1 else "it converges from one side"


def _describe_rate(eta: float, lam: float) -> str:
    factor = f"each step multiplies θ by 1 − ηλ = {signed(1 - eta * lam)}."
    return f"η = {eta:g}: {regime(round(eta * lam, 9))}; {factor}"


@style()
def scene_quadratic(lam: float = 1.0, start: float = 3.0, steps: int = 15) -> Scene:
    """Vary the learning rate and the step on C(θ) = ½λθ²: the path, and the bound 2/λ."""
    fig, (ax, strip) = subplots(2, height=3.1, height_ratios=(6, 1))
    span = 1.35 * start
    C, grad_C = (lambda x: 0.5 * lam * x * x), (lambda x: lam * x)
    plot_function(ax, C, (-span, span))
    ax.set_ylim(-0.03 * C(span), C(span))
    plot_minimum(ax, (0, 0))
    (path,) = ax.plot([start], [C(start)], **path_look())
    (here,) = ax.plot([start], [C(start)], "o", color=BLUE, markersize=8, clip_on=False)
    note, needle = ax.text(0, 0.93 * C(span), "", ha="center"), _draw_rates(strip, lam)
    run = cache(lambda eta: path_of(C, grad_C, start, eta, steps)[0])

    def update(eta: float, t: int) -> str:
        seen = run(eta)[: t + 1]
        now = float(seen[-1])
        path.set_data(seen, C(seen))
        edge = float(np.clip(now, -span, span))
        here.set_data([edge], [C(edge)])
        needle.set_data([eta], [1.25])
        note.set_text(f"θ{subscript(t)} = {small(now)} has left the picture" * (abs(now) > span))
        return f"{_describe_rate(eta, lam)} After {t} steps θ = {small(now)}, C = {small(C(now))}."

    moving = {"path": path, "here": here, "note": note, "needle": needle}
    eta = Slider("eta", [r / lam for r in _RATES], "learning rate η", start=_RATES[3] / lam)
    step = Slider("t", range(steps + 1), "step t", start=5)
    return Scene(fig, moving, update, (eta, step), "t")


def _draw_rates(ax: Axes, lam: float) -> Line2D:
    """Draw the axis of η with its three regimes and the bound 2/λ; return the needle."""
    parts = ((0, 1, SKY, "one side"), (1, 2, YELLOW, "zig-zag"), (2, 2.5, ORANGE, "diverges"))
    for left, right, colour, text in parts:
        ax.axvspan(left / lam, right / lam, color=colour, alpha=0.3, linewidth=0)
        ax.text((left + right) / 2 / lam, 0.35, text, ha="center")
    ax.axvline(2 / lam, color=INK, linewidth=1.6)
    ax.set(xlim=(0, 2.5 / lam), ylim=(0, 1), yticks=[], xlabel="η")
    ax.set_xticks([0, 1 / lam, 2 / lam], ["0", "1/λ", "2/λ (the bound)"])
    ax.spines.left.set_visible(False)
    (needle,) = ax.plot(
        [0], [1.25], "v", color=BLUE, markersize=9, markeredgewidth=0, clip_on=False
    )
    return needle


# Condition number and momentum in a valley --------------------------------------------------------


def valley(kappa: float) -> tuple[Callable, Callable]:
    """Return C(θ) = ½ (θ₁²/κ + θ₂²), whose condition number is κ, and its gradient."""
    curvature = np.array([1 / kappa, 1.0])
    return (lambda theta: 0.5 * (curvature * theta**2).sum()), (lambda theta: curvature * theta)


def _outcome(costs: np.ndarray, steps: int) -> str:
    """Return what became of a run, in words and numbers."""
    if len(costs) <= steps:
        return f"it diverges, and after {len(costs) - 1} steps C = {small(costs[-1])}"
    if np.isclose(costs[-1], costs[0]):
        return f"C is still {small(costs[-1])} after {steps} steps"
    if costs[-1] > costs[0]:
        return f"it diverges, and after {steps} steps C = {small(costs[-1])}"
    return f"C falls from {small(costs[0])} to {small(costs[-1])} in {steps} steps"


@style()
def scene_valley(steps: int = 30, start: Sequence[float] = (-9.0, 2.5)) -> Scene:
    """Vary the learning rate and the condition number on C(θ) = ½ (θ₁²/κ + θ₂²)."""
    fig, ax = subplots(height=1.85)
    ax.set(xlim=(-10, 10), ylim=(-4.4, 4.4), aspect="equal", xlabel="θ₁", ylabel="θ₂")
    look = {"fill": False, "edgecolor": MUTED, "linewidth": 0.6}
    rings = [ax.add_patch(Ellipse((0, 0), 2, 2, **look)) for _ in _LEVELS]
    plot_minimum(ax, (0, 0))
    (path,) = ax.plot(*start, **path_look())

    def update(kappa: float, eta: float) -> str:
        C, grad_C = valley(kappa)
        for ring, level in zip(rings, _LEVELS, strict=True):
            ring.set(width=2 * np.sqrt(2 * level * kappa), height=2 * np.sqrt(2 * level))
        points, costs = path_of(C, grad_C, start, eta, steps)
        path.set_data(*points.T)
        along, across = signed(1 - eta / kappa, 3), signed(1 - eta, 3)
        return (
            f"κ = {kappa:g}, η = {eta:g}: each step multiplies θ₁ by {along} and θ₂ by {across}; "
            f"{_outcome(costs, steps)}."
        )

    moving = {f"ring{i}": ring for i, ring in enumerate(rings)} | {"path": path}
    kappa = Slider("kappa", (1, 2, 5, 10, 20, 50), "condition number κ", start=10)
    rates = (0.1, 0.3, 0.6, 1, 1.4, 1.7, 1.9, 1.98, 2, 2.05)
    eta = Slider("eta", rates, "learning rate η", start=1.7)
    return Scene(fig, moving, update, (eta, kappa))


@style()
def scene_momentum(
    kappa: float = 20.0, steps: int = 30, start: Sequence[float] = (-9.0, 2.5)
) -> Scene:
    """Vary momentum β and the learning rate in a valley of condition number κ."""
    fig, ax = subplots(height=2.1)
    C, grad_C = valley(kappa)
    plot_contours(ax, C, (-10, 10), (-4.4, 4.4), _LEVELS)
    plot_minimum(ax, (0, 0), "_")
    dashed = path_look(ORANGE) | {"marker": "s", "linestyle": "--"}
    (plain,) = ax.plot(*start, label="plain descent", **dashed)
    (path,) = ax.plot(*start, label="with momentum", **path_look())
    legend_above(ax, columns=2)

    def update(beta: float, eta: float) -> str:
        points, costs = path_of(C, grad_C, start, eta, steps, momentum(beta))
        path.set_data(*points.T)
        plain_points, plain_costs = path_of(C, grad_C, start, eta, steps)
        plain.set_data(*plain_points.T)
        return (
            f"β = {beta:g}, η = {eta:g}, κ = {kappa:g}. With momentum: {_outcome(costs, steps)}. "
            f"Plain descent: {_outcome(plain_costs, steps)}."
        )

    beta = Slider("beta", (0, 0.3, 0.5, 0.65, 0.8, 0.9, 0.95), "momentum β", start=0.65)
    eta = Slider("eta", (0.2, 1, 1.5, 1.9, 2.5, 3.5), "learning rate η", start=1)
    return Scene(fig, {"plain": plain, "path": path}, update, (beta, eta))


# Two minima and a saddle --------------------------------------------------------------------------


def double_well(theta: np.ndarray) -> float:
    """Return C(θ) = (θ₁² − 1)²/4 + θ₂²/2: minima at (±1, 0), a saddle point at (0, 0)."""
    return (theta[0] ** 2 - 1) ** 2 / 4 + theta[1] ** 2 / 2


def double_well_gradient(theta: np.ndarray) -> np.ndarray:
    """Return ∇C(θ) = (θ₁³ − θ₁, θ₂)."""
    return np.stack([theta[0] ** 3 - theta[0], theta[1]])
