"""Scenes of chapter 2: a bump made of two sigmoids, and how the error falls with more neurons."""

from collections.abc import Callable
from functools import cache

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from nnbook.drawing.axes import legend_above
from nnbook.drawing.numbers import small
from nnbook.drawing.style import BLUE, MUTED, ORANGE, SKY, style, subplots
from nnbook.explorers.scene import Scene, Slider
from nnbook.figures.ch02_approximation.plots import graph, target_look, width_axes
from nnmaths.activations import SIGMOID
from nnmaths.approximation import bump, interpolant, jump, kink, shallow, sine, staircase, sup_error

_UNIT = (0.0, 1.0)
NEAR = (1 / 3 - 1e-9, 1 / 3 + 1e-9)  # an interval around the kink and the jump
WIDTHS = (1, 2, 4, 8, 16, 32, 64, 128)
TARGETS: dict[str, Callable] = {"sin 2πx": sine, "a kink": kink, "a jump": jump}
CONSTRUCTIONS: dict[str, Callable] = {
    "ReLUs": interpolant,
    "steps": staircase,
    "sigmoids": lambda x, y: staircase(x, y, 8 * (len(x) - 1)),
}


# Steepness, width and middle of a bump ------------------------------------------------------------


def _draw_bump() -> tuple[Figure, dict[str, Line2D]]:
    """Draw the rising sigmoid, the falling one and their sum; return the figure and its lines."""
    fig, ax = subplots(height=2.5)
    ax.set(xlim=_UNIT, ylim=(-1.15, 1.15), xlabel="x")
    ax.axhline(0, color=MUTED, linewidth=0.6)
    (up,) = ax.plot([0], [0], "--", color=SKY, label="σ(w(x − a))")
    (down,) = ax.plot([0], [0], ":", color=ORANGE, label="−σ(w(x − b))")
    (total,) = ax.plot([0], [0], color=BLUE, linewidth=2.0, label="their sum")
    legend_above(ax, columns=2)
    return fig, {"up": up, "down": down, "sum": total}


def _describe_bump(w: float, width: float, places: tuple, values: tuple) -> str:
    (middle, b), (top, edge) = places, values
    return (
        f"w = {w:g}, b − a = {width:g}, so w(b − a) = {small(w * width)}: the bump is "
        f"{small(top)} at its middle, x = {middle:g}, and {small(edge)} at x = b = {small(b)}."
    )


@style()
def scene_bump() -> Scene:
    """Vary the steepness, width and middle of a bump, the sum of two sigmoids."""
    fig, lines = _draw_bump()

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
        return _describe_bump(w, width, (middle, b), tuple(g(np.array([[middle, b]]))[0]))

    w = Slider("w", (5, 10, 20, 40, 80), "steepness w", start=40)
    middle = Slider("middle", (0.3, 0.4, 0.5, 0.6, 0.7), "middle (a + b)/2", start=0.5)
    width = Slider("width", (0.05, 0.1, 0.2, 0.4, 0.6), "width b − a", start=0.4)
    return Scene(fig, lines, update, (w, width, middle))


# Function, construction and number of neurons -----------------------------------------------------


@cache
def _construct(target: str, make: str, n: int) -> tuple[Callable, float]:
    """Return the network of n neurons on [0, 1] for a target, and its largest error."""
    x = np.linspace(0, 1, n + 1)
    g = CONSTRUCTIONS[make](x, TARGETS[target](x))
    return g, max(sup_error(TARGETS[target], g, *ends) for ends in (_UNIT, NEAR))


def _draw_width() -> tuple[Figure, dict[str, Line2D]]:
    """Draw a function and its network, and below them the error over n; return the moving lines."""
    fig, (ax, below) = subplots(2, height=4.0, height_ratios=(3, 2.4))
    ax.set(xlim=_UNIT, ylim=(-1.1, 1.1), xlabel="x")
    (left,) = ax.plot([0], [0], label="f", **target_look())
    (right,) = ax.plot(
        [0], [0], label="_", **target_look()
    )  # two parts, so that a jump is not drawn
    (fit,) = ax.plot([0], [0], color=BLUE, label="network")
    legend_above(ax, columns=2)
    (curve,) = below.plot(WIDTHS, np.ones(len(WIDTHS)), "o-", color=BLUE, markersize=3)
    width_axes(below, WIDTHS)
    below.set(ylim=(1e-5, 3))
    (here,) = below.plot([1], [1], "o", color=ORANGE, markersize=8, markeredgewidth=0)
    return fig, {"left": left, "right": right, "fit": fit, "curve": curve, "here": here}


@style()
def scene_width() -> Scene:
    """Vary the function, the construction and n: the network of n neurons, and its error over n."""
    fig, lines = _draw_width()

    def update(f: str, make: str, n: int) -> str:
        g, error = _construct(f, make, n)
        for side, span in (("left", (0, NEAR[0])), ("right", (NEAR[1], 1))):
            lines[side].set_data(*graph(TARGETS[f], span, 49))
        lines["fit"].set_data(*graph(g, _UNIT, 97 if make == "ReLUs" else 193))
        lines["curve"].set_data(WIDTHS, [_construct(f, make, width)[1] for width in WIDTHS])
        lines["here"].set_data([n], [error])
        half = "" if n == 1 else f"; with half as many, {small(_construct(f, make, n // 2)[1])}"
        noun = make if n > 1 else make[:-1]
        return f"{f}, {n} {noun}: the largest error is {small(error)}{half}."

    f = Slider("f", tuple(TARGETS), "function f", start="sin 2πx")
    make = Slider("make", tuple(CONSTRUCTIONS), "hidden neurons", start="ReLUs")
    n = Slider("n", WIDTHS, "number of neurons n", start=8)
    return Scene(fig, lines, update, (f, make, n))
