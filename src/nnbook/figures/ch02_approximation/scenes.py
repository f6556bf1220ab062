"""Scenes of chapter 2: two sigmoids that make a bump, and the error that more neurons leave."""

from collections.abc import Callable
from functools import cache

import numpy as np

from nnbook.drawing.numbers import small
from nnbook.drawing.style import BLUE, MUTED, ORANGE, SKY, style, subplots
from nnbook.explorers.scene import Scene, Slider
from nnbook.figures.ch02_approximation.plots import graph, target_look, width_axes
from nnmaths.activations import SIGMOID
from nnmaths.approximation import bump, interpolant, jump, kink, shallow, sine, staircase, sup_error

_UNIT = (0.0, 1.0)
NEAR = (1 / 3 - 1e-9, 1 / 3 + 1e-9)  # where the kink is, and the jump
WIDTHS = (1, 2, 4, 8, 16, 32, 64, 128)
TARGETS: dict[str, Callable] = {"sin 2πx": sine, "a kink": kink, "a jump": jump}
MAKES: dict[str, Callable] = {
    "ReLUs": interpolant,
    "steps": staircase,
    "sigmoids": lambda x, y: staircase(x, y, 8 * (len(x) - 1)),
}


# Steepness × place × width of a bump --------------------------------------------------------------


def bump_axes():
    """The figure of a bump: the sigmoid that goes up, the one that goes down, and their sum."""
    fig, ax = subplots(height=2.5)
    ax.set(xlim=_UNIT, ylim=(-1.15, 1.15), xlabel="x")
    ax.axhline(0, color=MUTED, linewidth=0.6)
    (up,) = ax.plot([0], [0], "--", color=SKY, label="σ(w(x − a))")
    (down,) = ax.plot([0], [0], ":", color=ORANGE, label="−σ(w(x − b))")
    (total,) = ax.plot([0], [0], color=BLUE, linewidth=2.0, label="their sum")
    ax.legend(ncols=2, loc="lower left", bbox_to_anchor=(0, 1), borderpad=0)
    return fig, {"up": up, "down": down, "sum": total}


def _bump_said(w: float, width: float, places: tuple, values: tuple) -> str:
    (middle, b), (top, edge) = places, values
    return (
        f"w = {w:g}, b − a = {width:g}, so w(b − a) = {small(w * width)}: the top, at "
        f"{middle:g}, is {small(top)}; at b = {small(b)} the bump is {small(edge)}."
    )


@style()
def scene_bump() -> Scene:
    """Two sigmoids, one up at a and one down at b, and the bump that they add up to."""
    fig, lines = bump_axes()

    def update(w: float, middle: float, width: float) -> str:
        a, b = middle - width / 2, middle + width / 2
        g = bump(a, b, w)
        parts = {
            "up": shallow([w], [-w * a], [1], 0, SIGMOID),
            "down": shallow([w], [-w * b], [-1], 0, SIGMOID),
            "sum": g,
        }
        for name, part in parts.items():
            lines[name].set_data(*graph(part, _UNIT, 121))
        return _bump_said(w, width, (middle, b), tuple(g(np.array([[middle, b]]))[0]))

    w = Slider("w", (5, 10, 20, 40, 80), "steepness w", start=40)
    middle = Slider("middle", (0.3, 0.4, 0.5, 0.6, 0.7), "middle (a + b)/2", start=0.5)
    width = Slider("width", (0.05, 0.1, 0.2, 0.4, 0.6), "width b − a", start=0.4)
    return Scene(fig, lines, update, (w, width, middle))


# Function × construction × number of neurons ------------------------------------------------------


@cache
def made(target: str, make: str, n: int):
    """The network of n neurons on [0, 1] for a target, and its largest error."""
    x = np.linspace(0, 1, n + 1)
    g = MAKES[make](x, TARGETS[target](x))
    return g, max(sup_error(TARGETS[target], g, *ends) for ends in (_UNIT, NEAR))


def width_figure():
    """The figure of a function and its network, and below it the error over n."""
    fig, (ax, below) = subplots(2, height=4.0, height_ratios=(3, 2.4))
    ax.set(xlim=_UNIT, ylim=(-1.1, 1.1), xlabel="x")
    (left,) = ax.plot([0], [0], label="f", **target_look())
    (right,) = ax.plot([0], [0], label="_", **target_look())  # a jump is not drawn as a line
    (fit,) = ax.plot([0], [0], color=BLUE, label="network")
    ax.legend(ncols=2, loc="lower left", bbox_to_anchor=(0, 1), borderpad=0)
    (curve,) = below.plot(WIDTHS, np.ones(len(WIDTHS)), "o-", color=BLUE, markersize=3)
    width_axes(below, WIDTHS)
    below.set(ylim=(1e-5, 3))
    (here,) = below.plot([1], [1], "o", color=ORANGE, markersize=8, markeredgewidth=0)
    return fig, {"left": left, "right": right, "fit": fit, "curve": curve, "here": here}


@style()
def scene_width() -> Scene:
    """A function, a network of n chosen neurons that represents it, and its error beside n."""
    fig, lines = width_figure()

    def update(f: str, make: str, n: int) -> str:
        g, error = made(f, make, n)
        for side, span in (("left", (0, NEAR[0])), ("right", (NEAR[1], 1))):
            lines[side].set_data(*graph(TARGETS[f], span, 49))
        lines["fit"].set_data(*graph(g, _UNIT, 97 if make == "ReLUs" else 193))
        lines["curve"].set_data(WIDTHS, [made(f, make, width)[1] for width in WIDTHS])
        lines["here"].set_data([n], [error])
        last = "" if n == 1 else f"; with half as many it was {small(made(f, make, n // 2)[1])}"
        return (
            f"{f}, {n} {make if n > 1 else make[:-1]}: the largest error is {small(error)}{last}."
        )

    f = Slider("f", tuple(TARGETS), "function f", start="sin 2πx")
    make = Slider("make", tuple(MAKES), "hidden neurons", start="ReLUs")
    n = Slider("n", WIDTHS, "number n", start=8)
    return Scene(fig, lines, update, (f, make, n))
