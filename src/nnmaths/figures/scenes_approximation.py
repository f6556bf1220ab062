"""Scenes of chapter 2: two sigmoids that make a bump, and the error that more neurons leave."""

from collections.abc import Callable
from functools import cache

import numpy as np

from nnmaths.activations import SIGMOID
from nnmaths.approximation import bump, interpolant, shallow, staircase, sup_error

from .approximation import graph, target_look, width_axes
from .scene import Scene, Slider
from .scenes import small
from .style import BLUE, MUTED, ORANGE, SKY, style, subplots

_UNIT = (0.0, 1.0)
WIDTHS = (1, 2, 4, 8, 16, 32, 64, 128)
TARGETS: dict[str, Callable] = {"sin 2πx": sine, "a kink": kink, "a jump": jump}
MAKES: dict[str, Callable] = {
    "ReLUs": interpolant,
    "steps": staircase,
    "sigmoids": lambda x, y: staircase(x, y, 8 * (len(x) - 1)),
}


# Steepness × place × width of a bump --------------------------------------------------------------


@style()
def scene_bump() -> Scene:
    """Two sigmoids, one up at a and one down at b, and the bump that they add up to."""
    fig, ax = subplots(height=2.5)
    ax.set(xlim=_UNIT, ylim=(-1.15, 1.15), xlabel="x")
    ax.axhline(0, color=MUTED, linewidth=0.6)
    (up,) = ax.plot([0], [0], "--", color=SKY, label="σ(w(x − a))")
    (down,) = ax.plot([0], [0], ":", color=ORANGE, label="−σ(w(x − b))")
    (total,) = ax.plot([0], [0], color=BLUE, linewidth=2.0, label="their sum")
    ax.legend(ncols=2, loc="lower left", bbox_to_anchor=(0, 1), borderpad=0)

    def update(w: float, middle: float, width: float) -> str:
        a, b = middle - width / 2, middle + width / 2
        g = bump(a, b, w)
        up.set_data(*graph(shallow([w], [-w * a], [1], 0, SIGMOID), _UNIT, 81))
        down.set_data(*graph(shallow([w], [-w * b], [-1], 0, SIGMOID), _UNIT, 81))
        total.set_data(*graph(g, _UNIT, 81))
        top, edge = (float(g(np.array([[x]]))[0, 0]) for x in (middle, b))
        return (
            f"w = {w:g}, b − a = {width:g}, so w(b − a) = {small(w * width)}: the top, at "
            f"{middle:g}, is {small(top)}; at b = {small(b)} the bump is {small(edge)}."
        )

    w = Slider("w", (5, 10, 20, 40, 80, 160), "steepness w", start=40)
    middle = Slider("middle", (0.3, 0.4, 0.5, 0.6, 0.7), "middle (a + b)/2", start=0.5)
    width = Slider("width", (0.05, 0.1, 0.2, 0.4, 0.6), "width b − a", start=0.4)
    return Scene(fig, {"up": up, "down": down, "sum": total}, update, (w, width, middle))


# Function × construction × number of neurons ------------------------------------------------------


@cache
def made(target: str, make: str, n: int):
    """The network of n neurons on [0, 1] for a target, and its largest error."""
    x = np.linspace(0, 1, n + 1)
    g = MAKES[make](x, TARGETS[target](x))
    return g, sup_error(TARGETS[target], g, 0, 1, 3073)  # 3 · 1024 + 1 places: 1/3 is one of them


@style()
def scene_width() -> Scene:
    """A function, a network of n chosen neurons that represents it, and its error beside n."""
    fig, (ax, below) = subplots(2, height=4.0, height_ratios=(3, 2.4))
    ax.set(xlim=_UNIT, ylim=(-1.1, 1.1), xlabel="x")
    (target,) = ax.plot([0], [0], label="f", **target_look())
    (fit,) = ax.plot([0], [0], color=BLUE, label="network")
    ax.legend(ncols=2, loc="lower left", bbox_to_anchor=(0, 1), borderpad=0)
    (curve,) = below.plot(WIDTHS, np.ones(len(WIDTHS)), "o-", color=BLUE, markersize=3)
    width_axes(below, WIDTHS)
    below.set(ylim=(1e-5, 3))
    (here,) = below.plot([1], [1], "o", color=ORANGE, markersize=8, markeredgewidth=0)

    def update(f: str, make: str, n: int) -> str:
        g, error = made(f, make, n)
        target.set_data(*graph(TARGETS[f], _UNIT, 97))
        fit.set_data(*graph(g, _UNIT, 97 if make == "ReLUs" else 193))
        errors = [made(f, make, width)[1] for width in WIDTHS]
        curve.set_data(WIDTHS, errors)
        here.set_data([n], [error])
        last = "" if n == 1 else f"; with half as many it was {small(made(f, make, n // 2)[1])}"
        return (
            f"{f}, {n} {make if n > 1 else make[:-1]}: the largest error is {small(error)}{last}."
        )

    moving = {"target": target, "fit": fit, "curve": curve, "here": here}
    f = Slider("f", tuple(TARGETS), "function f", start="sin 2πx")
    make = Slider("make", tuple(MAKES), "hidden neurons", start="ReLUs")
    n = Slider("n", WIDTHS, "number n", start=8)
    return Scene(fig, moving, update, (f, make, n))
