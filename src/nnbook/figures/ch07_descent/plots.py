"""Plots of chapter 7: paths of descent on curves and contours, regression, mini-batches."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.contour import ContourSet, QuadContourSet
from matplotlib.lines import Line2D
from matplotlib.text import Annotation

from nnbook.drawing.axes import LOOKS, legend_above, plot_lines, plot_points
from nnbook.drawing.grids import grid_values, pointwise_values
from nnbook.drawing.style import BLUE, GREEN, INK, MUTED, ORANGE, SKY, YELLOW, style

_GRID = 37


@style()
def plot_function(ax: Axes, f: Callable, span: tuple[float, float], count: int = 161) -> Line2D:
    """Plot a function of one parameter over an interval."""
    xs = np.linspace(*span, count)
    (line,) = ax.plot(xs, [f(x) for x in xs], color=INK, linewidth=1.0)
    ax.set(xlim=span, xlabel="θ", ylabel="C(θ)")
    return line


@style()
def plot_descent(
    ax: Axes, f: Callable, path: Sequence[float], span: tuple[float, float]
) -> tuple[Line2D, Line2D, Annotation]:
    """Plot a function and a path of descent on it: the points (θ_t, C(θ_t)) in order."""
    curve = plot_function(ax, f, span)
    (line,) = ax.plot(path, [f(x) for x in path], **path_look(), clip_on=False)
    beside = {"xytext": (-5, 4), "textcoords": "offset points", "ha": "right"}
    first = ax.annotate("θ₀", (path[0], f(path[0])), **beside)
    return curve, line, first


def path_look(colour: str = BLUE) -> dict:
    """Return the look of a path of descent: a thin line through dots."""
    return {
        "color": colour,
        "marker": "o",
        "markersize": 3.5,
        "linewidth": 1.0,
        "markeredgewidth": 0,
    }


@style()
def plot_contours(
    ax: Axes,
    f: Callable,
    x: tuple[float, float],
    y: tuple[float, float],
    levels: Sequence[float] | int = 9,
) -> QuadContourSet:
    """Plot level lines of f(θ), θ of shape (2,), over a rectangle, both axes to the same scale."""
    xs, ys = np.linspace(*x, _GRID), np.linspace(*y, _GRID)
    contours = ax.contour(xs, ys, pointwise_values(f, xs, ys), levels, colors=MUTED, linewidths=0.6)
    ax.set(xlim=x, ylim=y, xlabel="θ₁", ylabel="θ₂", aspect="equal")
    return contours


@style()
def plot_minimum(ax: Axes, place: Sequence[float], label: str = "minimum") -> Line2D:
    """Mark a minimum with a green star."""
    return ax.plot(*place, color=GREEN, marker="*", markersize=9, linestyle="none", label=label)[0]


@style()
def plot_saddle(ax: Axes, place: Sequence[float], label: str = "saddle") -> Line2D:
    """Mark a saddle point with an orange cross."""
    look = {"marker": "x", "markersize": 7, "markeredgewidth": 1.8, "linestyle": "none"}
    return ax.plot(*place, color=ORANGE, label=label, **look)[0]


@style()
def plot_paths(ax: Axes, paths: Mapping[str, np.ndarray]) -> list[Line2D]:
    """Plot labelled paths (T + 1, 2), each with its own look, and a legend."""
    lines = [
        ax.plot(
            *np.transpose(path), label=label, markersize=3, linewidth=1.1, markeredgewidth=0, **look
        )[0]
        for (label, path), look in zip(paths.items(), LOOKS, strict=False)
    ]
    legend_above(ax)
    return lines


@style()
def plot_landscape(
    ax: Axes,
    f: Callable,
    x: tuple[float, float],
    y: tuple[float, float],
    minima: Sequence[Sequence[float]],
    saddles: Sequence[Sequence[float]],
    levels: Sequence[float] | int = 14,
) -> QuadContourSet:
    """Plot level lines of a non-convex surface, with its minima and saddle points marked."""
    contours = plot_contours(ax, f, x, y, levels)
    for i, place in enumerate(minima):
        plot_minimum(ax, place, "minimum" if i == 0 else "_")
    for i, place in enumerate(saddles):
        plot_saddle(ax, place, "saddle" if i == 0 else "_")
    legend_above(ax)
    return contours


@style()
def plot_regression(
    ax: Axes, x: np.ndarray, y: np.ndarray, lines: Mapping[str, tuple[float, float]]
) -> tuple[Line2D, list[Line2D]]:
    """Plot samples (1, N) and straight lines y = w x + b, given as label: (w, b)."""
    x, y = np.ravel(x), np.ravel(y)
    points = ax.plot(x, y, "o", color=MUTED, markersize=3, markeredgewidth=0)[0]
    ends = np.array([x.min(), x.max()])
    drawn = plot_lines(ax, {label: (ends, w * ends + b) for label, (w, b) in lines.items()})
    ax.legend()
    ax.set(xlabel="x", ylabel="y")
    return points, drawn


@style()
def plot_gradient_cloud(
    ax: Axes, gradients: np.ndarray, full: np.ndarray, label: str = "mini-batches"
) -> tuple[Line2D, Line2D, Line2D]:
    """Plot gradients of mini-batches (M, 2) as points, their mean, and the full gradient."""
    look = {"linestyle": "none", "markeredgewidth": 0}
    cloud = ax.plot(*np.transpose(gradients), "o", color=SKY, markersize=3, label=label, **look)[0]
    mean = ax.plot(
        *np.mean(gradients, axis=0), "D", color=BLUE, markersize=6, label="their mean", **look
    )[0]
    plus = {"marker": "+", "markersize": 13, "markeredgewidth": 1.6, "linestyle": "none"}
    truth = ax.plot(*full, color=ORANGE, label="all samples", **plus)[0]
    ax.set(xlabel="∂C/∂θ₁", ylabel="∂C/∂θ₂")
    ax.legend()
    return cloud, mean, truth


@style()
def plot_decision(
    ax: Axes,
    decide: Callable[[np.ndarray], np.ndarray],
    x: np.ndarray,
    y: np.ndarray,
    *,
    level: float = 0.5,
    margin: float = 0.25,
    count: int = 64,
) -> ContourSet:
    """Plot the decision regions of a network, the boundary between them, and the samples.

    `decide` maps points (2, M) to one number each, and the boundary is where it equals `level`; x
    is (2, N) and y (1, N) holds 0 and 1. Returns the regions.
    """
    low, high = x.min(axis=1) - margin, x.max(axis=1) + margin
    xs, ys = (np.linspace(*ends, count) for ends in zip(low, high, strict=True))
    values = grid_values(decide, xs, ys) - level
    reach = np.abs(values).max() + 1
    regions = ax.contourf(xs, ys, values, [-reach, 0, reach], colors=[SKY, YELLOW], alpha=0.25)
    ax.contour(xs, ys, values, [0], colors=INK, linewidths=1.2)
    plot_points(ax, x, y)
    return regions
