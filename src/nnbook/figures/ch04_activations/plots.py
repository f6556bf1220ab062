"""Plots of chapter 4: boundaries by dimension, XOR unfolded, activations and their slopes."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon

from nnbook.drawing.axes import LOOKS, legend_above, plot_points
from nnbook.drawing.style import BLUE, INK, MUTED, ORANGE, SKY, YELLOW, style
from nnmaths.activations import Activation
from nnmaths.network import Network, Parameters, forward

_EDGE = 1e-9  # how near to the place of a kink a curve goes


def branches(f: Callable, span: tuple[float, float], count: int = 61) -> list[np.ndarray]:
    """A function left and right of 0, where it may jump or have a kink: two arrays (2, count)."""
    sides = np.linspace(span[0], -_EDGE, count), np.linspace(_EDGE, span[1], count)
    return [np.stack([z, f(z)]) for z in sides]


def has_slope(sigma: Activation, z: float) -> bool:
    """Whether σ and σ′ agree on both sides of z, so that σ has the slope σ′(z) there."""
    left, right = np.array([z - _EDGE, z + _EDGE])
    return bool(
        np.isclose(sigma(left), sigma(right)) and np.isclose(sigma.df(left), sigma.df(right))
    )


@style()
def plot_activation(
    ax: Axes,
    sigma: Activation,
    span: tuple[float, float] = (-5, 5),
    limits: Sequence[float] = (),
) -> list[Line2D]:
    """An activation σ and, dashed, its slope σ′; `limits` are heights that σ only tends to."""
    for height in limits:
        ax.axhline(height, color=MUTED, linewidth=0.7, linestyle=":")
    place, drawn = span[1] / 2, []
    for f, look, name, shift in (
        (sigma.f, {"color": BLUE}, "σ", -13),
        (sigma.df, {"color": ORANGE, "linestyle": "--"}, "σ′", 6),
    ):
        left, right = branches(f, span)
        drawn += ax.plot(*left, **look) + ax.plot(*right, **look)
        at = place, float(f(np.array(place)))
        ax.annotate(name, at, xytext=(0, shift), textcoords="offset points", color=look["color"])
    ax.set(xlim=span, xlabel="z", title=sigma.name)
    return drawn


@style()
def plot_curves_of(
    ax: Axes, curves: Mapping[str, Callable], span: tuple[float, float], gap: bool = False
) -> list[Line2D]:
    """Functions of z over an interval, each with its own colour and dash; `gap` parts them at 0."""
    drawn = []
    for (label, f), look in zip(curves.items(), LOOKS, strict=False):
        dash = {"color": look["color"], "linestyle": look["linestyle"]}
        left, right = branches(f, span)
        sides = [left, right] if gap else [np.hstack([left, right])]
        drawn += ax.plot(*sides[0], label=label, **dash)
        for side in sides[1:]:
            drawn += ax.plot(*side, **dash)
    ax.set(xlim=span, xlabel="z")
    legend_above(ax)
    return drawn


# Boundaries in one, two and three dimensions ------------------------------------------------------


@style()
def plot_boundaries(axes: Sequence[Axes]) -> None:
    """A point on a line, a line in the plane, a plane in space: where wᵀx + b = 0."""
    point, line, plane = axes
    for ends, colour in (((-1, 0.3), SKY), ((0.3, 1), YELLOW)):
        point.plot(ends, (0, 0), color=colour, linewidth=7, solid_capstyle="butt", alpha=0.5)
    point.plot([0.3], [0], "o", color=INK, markersize=6)
    point.set(title="d = 1: a point")
    ends, heights = np.array([-1.0, 1.0]), np.array([-0.6, 0.9])
    line.fill_between(ends, heights, 1, color=SKY, alpha=0.3, linewidth=0)
    line.fill_between(ends, -1, heights, color=YELLOW, alpha=0.3, linewidth=0)
    line.plot(ends, heights, color=INK, linewidth=1.6)
    line.set(title="d = 2: a line")
    _cube(plane)
    plane.set(title="d = 3: a plane")
    for ax in axes:
        ax.set(xticks=[], yticks=[], xlim=(-1.05, 1.05), ylim=(-1.05, 1.05), aspect="equal")
        for spine in ax.spines.values():
            spine.set_visible(False)


def on_paper(points) -> np.ndarray:
    """Points (…, 3) of the cube [−1, 1]³ drawn slantwise in the plane: (…, 2)."""
    return 0.62 * np.asarray(points, dtype=float) @ [[1.0, 0.0], [0.45, 0.4], [0.0, 1.0]]


def _cube(ax: Axes) -> None:
    """The edges of a cube, and a plane that cuts it: x₃ = (x₁ − x₂)/2."""
    corners = [(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]
    for a in corners:
        for b in corners:
            if a < b and sum(p != q for p, q in zip(a, b, strict=True)) == 1:
                ax.plot(*on_paper([a, b]).T, color=MUTED, linewidth=0.7)
    cut = [(x, y, (x - y) / 2) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    ax.add_patch(Polygon(on_paper(cut), facecolor=BLUE, alpha=0.3, edgecolor=INK))


# XOR, and what the hidden layer makes of it -------------------------------------------------------


@style()
def plot_unfolding(
    axes: Sequence[Axes], network: Network, theta: Parameters, x: np.ndarray, y: np.ndarray
) -> None:
    """Samples (2, N) before and after a hidden layer of two neurons, with the one cut a⁽ᴸ⁾ = ½."""
    before, after = axes
    a = forward(network, theta, x).a
    plot_points(before, x, y)
    plot_points(after, a[1], y)
    after.get_legend().remove()
    (w1, w2), b = theta.W[2][0], theta.b[2].item()
    ends = np.array([-0.5, 2.5])
    after.plot(ends, (0.5 - b - w1 * ends) / w2, color=INK)
    before.set(xlim=(-0.4, 1.4), ylim=(-0.4, 1.4), xticks=[0, 1], yticks=[0, 1])
    after.set(xlim=(-0.5, 2.5), ylim=(-0.9, 1.5), xticks=[0, 1, 2], yticks=[0, 1])
    after.set(xlabel="a₁", ylabel="a₂")
    rows = {}
    for corner, place, output in zip(x.T, a[1].T, a[2][0], strict=True):
        row = rows[tuple(place)] = rows.get(tuple(place), -1) + 1
        shift = -14 - 11 * row if output > 0.5 else 6 + 11 * row
        look = {"xytext": (0, shift), "textcoords": "offset points", "ha": "center"}
        after.annotate("({:g}, {:g})".format(*corner), place, **look)
