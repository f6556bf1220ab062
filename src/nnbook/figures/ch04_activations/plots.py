"""Plots of chapter 4: activations and their derivatives, boundaries by dimension, XOR."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from numpy.typing import ArrayLike

from nnbook.drawing.axes import LINE_LOOKS, legend_above, plot_points
from nnbook.drawing.style import BLUE, INK, MUTED, ORANGE, SKY, YELLOW, style
from nnmaths.activations import Activation
from nnmaths.network import Network, Parameters, forward

_EDGE = 1e-9  # the distance from a kink at which a curve ends


def branches(f: Callable, span: tuple[float, float], count: int = 61) -> list[np.ndarray]:
    """Sample a function left and right of 0, where it may jump or have a kink: two (2, count)."""
    sides = np.linspace(span[0], -_EDGE, count), np.linspace(_EDGE, span[1], count)
    return [np.stack([z, f(z)]) for z in sides]


def has_slope(sigma: Activation, z: float) -> bool:
    """Return whether σ and σ′ agree on both sides of z, so that σ is differentiable there."""
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
    """Plot an activation σ and, dashed, its derivative σ′; `limits` are the asymptotes of σ."""
    for height in limits:
        ax.axhline(height, color=MUTED, linewidth=0.7, linestyle=":")
    z_name, drawn = span[1] / 2, []
    for f, look, name, shift in (
        (sigma.f, {"color": BLUE}, "σ", -13),
        (sigma.df, {"color": ORANGE, "linestyle": "--"}, "σ′", 6),
    ):
        left, right = branches(f, span)
        drawn += ax.plot(*left, **look) + ax.plot(*right, **look)
        end = z_name, float(f(np.array(z_name)))
        ax.annotate(name, end, xytext=(0, shift), textcoords="offset points", color=look["color"])
    ax.set(xlim=span, xlabel="z", title=sigma.name)
    return drawn


@style()
def plot_curves_of(
    ax: Axes, curves: Mapping[str, Callable], span: tuple[float, float], gap: bool = False
) -> list[Line2D]:
    """Plot functions of z, each with its own colour and dash; a `gap` interrupts them at 0."""
    drawn = []
    for (label, f), look in zip(curves.items(), LINE_LOOKS, strict=False):
        left, right = branches(f, span)
        sides = [left, right] if gap else [np.hstack([left, right])]
        drawn += ax.plot(*sides[0], label=label, **look)
        for side in sides[1:]:
            drawn += ax.plot(*side, **look)
    ax.set(xlim=span, xlabel="z")
    legend_above(ax)
    return drawn


# Boundaries in one, two and three dimensions ------------------------------------------------------


@style()
def plot_boundaries(axes: Sequence[Axes]) -> None:
    """Draw where wᵀx + b = 0 for d = 1, 2, 3: a point, a line, a plane."""
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
    _draw_cube(plane)
    plane.set(title="d = 3: a plane")
    for ax in axes:
        ax.set(xticks=[], yticks=[], xlim=(-1.05, 1.05), ylim=(-1.05, 1.05), aspect="equal")
        for spine in ax.spines.values():
            spine.set_visible(False)


def project(points: ArrayLike) -> np.ndarray:
    """Project points (…, 3) of the cube [−1, 1]³ onto the plane of the figure: (…, 2)."""
    return 0.62 * np.asarray(points, dtype=float) @ [[1.0, 0.0], [0.45, 0.4], [0.0, 1.0]]


def _draw_cube(ax: Axes) -> None:
    """Draw the edges of a cube and the plane x₃ = (x₁ − x₂)/2 that cuts it."""
    corners = [(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]
    for a in corners:
        for b in corners:
            if a < b and sum(p != q for p, q in zip(a, b, strict=True)) == 1:
                ax.plot(*project([a, b]).T, color=MUTED, linewidth=0.7)
    cut = [(x, y, (x - y) / 2) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    ax.add_patch(Polygon(project(cut), facecolor=BLUE, alpha=0.3, edgecolor=INK))


# XOR before and after the hidden layer ------------------------------------------------------------


@style()
def plot_unfolding(
    axes: Sequence[Axes], network: Network, theta: Parameters, x: np.ndarray, y: np.ndarray
) -> None:
    """Plot samples (2, N) before and after a hidden layer of two neurons, and the line a⁽ᴸ⁾ = ½."""
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
    for corner, image, output in zip(x.T, a[1].T, a[2][0], strict=True):
        row = rows[tuple(image)] = rows.get(tuple(image), -1) + 1
        shift = -14 - 11 * row if output > 0.5 else 6 + 11 * row
        look = {"xytext": (0, shift), "textcoords": "offset points", "ha": "center"}
        after.annotate("({:g}, {:g})".format(*corner), image, **look)
