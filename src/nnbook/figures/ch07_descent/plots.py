"""Plots of chapter 7: paths over curves and contours, regression, mini-batches, training."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from nnbook.drawing.axes import LOOKS, legend_above, log_axis, on_grid, on_mesh, plot_points
from nnbook.drawing.style import BLUE, GREEN, INK, MUTED, ORANGE, SKY, YELLOW, style

_GRID = 37


@style()
def plot_function(ax: Axes, f: Callable, span: tuple[float, float], count: int = 161) -> Line2D:
    """The graph of f over an interval."""
    xs = np.linspace(*span, count)
    (line,) = ax.plot(xs, [f(x) for x in xs], color=INK, linewidth=1.0)
    ax.set(xlim=span, xlabel="θ", ylabel="C(θ)")
    return line


@style()
def plot_descent(ax: Axes, f: Callable, path: Sequence[float], span: tuple[float, float]):
    """The graph of f and a path of descent on it: the points (θ_t, C(θ_t)) in their order."""
    curve = plot_function(ax, f, span)
    (line,) = ax.plot(path, [f(x) for x in path], **path_look(), clip_on=False)
    beside = {"xytext": (-5, 4), "textcoords": "offset points", "ha": "right"}
    first = ax.annotate("θ₀", (path[0], f(path[0])), **beside)
    return curve, line, first


def path_look(colour: str = BLUE) -> dict:
    """How a path of descent looks: a thin line through full discs."""
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
):
    """Level lines of f(θ), θ of shape (2,), over a rectangle; both axes have one scale."""
    xs, ys = np.linspace(*x, _GRID), np.linspace(*y, _GRID)
    contours = ax.contour(xs, ys, on_grid(f, xs, ys), levels, colors=MUTED, linewidths=0.6)
    ax.set(xlim=x, ylim=y, xlabel="θ₁", ylabel="θ₂", aspect="equal")
    return contours


@style()
def plot_minimum(ax: Axes, place: Sequence[float], label: str = "minimum") -> Line2D:
    """A minimum: a green star."""
    return ax.plot(*place, color=GREEN, marker="*", markersize=9, linestyle="none", label=label)[0]


@style()
def plot_saddle(ax: Axes, place: Sequence[float], label: str = "saddle") -> Line2D:
    """A saddle: an orange cross."""
    look = {"marker": "x", "markersize": 7, "markeredgewidth": 1.8, "linestyle": "none"}
    return ax.plot(*place, color=ORANGE, label=label, **look)[0]


@style()
def plot_paths(ax: Axes, paths: Mapping[str, np.ndarray]) -> list[Line2D]:
    """Paths (T + 1, 2) over a drawing of contours, one look for each rule, with a legend."""
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
):
    """A surface that is not convex, as level lines, with its minima and saddles marked."""
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
):
    """Points and straight lines y = w x + b, given as label: (w, b); x and y of shape (1, N)."""
    x, y = np.ravel(x), np.ravel(y)
    points = ax.plot(x, y, "o", color=MUTED, markersize=3, markeredgewidth=0)[0]
    ends = np.array([x.min(), x.max()])
    drawn = [
        ax.plot(ends, w * ends + b, label=label, color=look["color"], linestyle=look["linestyle"])[
            0
        ]
        for (label, (w, b)), look in zip(lines.items(), LOOKS, strict=False)
    ]
    ax.legend()
    ax.set(xlabel="x", ylabel="y")
    return points, drawn


@style()
def plot_training(
    ax: Axes, curves: Mapping[str, Sequence[float]], step: str = "step t"
) -> list[Line2D]:
    """The cost along one or more runs, on a logarithmic axis; a run lists C from t = 0 on."""
    lines = [
        ax.plot(range(len(C)), C, label=label, color=look["color"], linestyle=look["linestyle"])[0]
        for (label, C), look in zip(curves.items(), LOOKS, strict=False)
    ]
    log_axis(ax.yaxis)
    ax.set(xlabel=step, ylabel="C")
    if len(curves) > 1:
        ax.legend()
    return lines


@style()
def plot_gradient_cloud(
    ax: Axes, gradients: np.ndarray, full: np.ndarray, label: str = "mini-batches"
):
    """Gradients of many mini-batches (M, 2) as points, and their mean beside the full gradient."""
    look = {"linestyle": "none", "markeredgewidth": 0}
    cloud = ax.plot(*np.transpose(gradients), "o", color=SKY, markersize=3, label=label, **look)[0]
    mean = ax.plot(
        *np.mean(gradients, axis=0), "D", color=BLUE, markersize=6, label="their mean", **look
    )[0]
    star = {"marker": "+", "markersize": 13, "markeredgewidth": 1.6, "linestyle": "none"}
    truth = ax.plot(*full, color=ORANGE, label="all samples", **star)[0]
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
):
    """The regions that a network tells apart, under its samples, and the line between them.

    `decide` maps points (2, M) to one number each, `level` parts the classes; x is (2, N) and
    y (1, N) holds 0 and 1.
    """
    low, high = x.min(axis=1) - margin, x.max(axis=1) + margin
    xs, ys = (np.linspace(*ends, count) for ends in zip(low, high, strict=True))
    values = on_mesh(decide, xs, ys) - level
    reach = np.abs(values).max() + 1
    regions = ax.contourf(xs, ys, values, [-reach, 0, reach], colors=[SKY, YELLOW], alpha=0.25)
    ax.contour(xs, ys, values, [0], colors=INK, linewidths=1.2)
    plot_points(ax, x, y)
    return regions
