"""Plots of chapter 2: step functions, fits, hat functions, and the error by number of neurons."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.contour import QuadContourSet
from matplotlib.lines import Line2D

from nnbook.drawing.axes import legend_above, log_axis, plot_curves, plot_lines
from nnbook.drawing.grids import grid_values
from nnbook.drawing.style import BLUE, GREEN, INK, MUTED, SKY, style

_COUNT = 501  # points of a curve
_SIDE = 49  # points along one side of a square


def graph(
    f: Callable, span: tuple[float, float], count: int = _COUNT
) -> tuple[np.ndarray, np.ndarray]:
    """Sample f, a function of arrays (1, N), on an interval: x and f(x), each of shape (count,)."""
    x = np.linspace(*span, count)
    return x, np.ravel(f(x[None, :]))


def target_look() -> dict:
    """Return the look of a function that a network is to represent."""
    return {"color": GREEN, "linewidth": 2.4, "alpha": 0.75}


@style()
def plot_steps(
    ax: Axes, sigmoids: Mapping[str, Callable], step: Callable, span: tuple[float, float]
) -> list[Line2D]:
    """Plot sigmoids of increasing steepness and their limit, a step, drawn without its jump."""
    lines = plot_lines(ax, {label: graph(f, span) for label, f in sigmoids.items()})
    x, y = graph(step, span)
    jump = np.argmax(np.diff(y)) + 1
    for part in (slice(None, jump), slice(jump, None)):
        ax.plot(x[part], y[part], color=INK, linewidth=1.0, label="step" if part.stop else "_")
    ax.set(xlim=span, xlabel="x", ylabel="σ(wx)")
    legend_above(ax, columns=2)
    return lines


@style()
def plot_fits(
    ax: Axes,
    f: Callable,
    fits: Mapping[str, Callable],
    span: tuple[float, float],
    knots: Sequence[float] = (),
) -> list[Line2D]:
    """Plot a function and networks that approximate it; dots mark the `knots` on the function."""
    ax.plot(*graph(f, span), label="f", **target_look())
    lines = plot_lines(ax, {label: graph(g, span) for label, g in fits.items()})
    if len(knots):
        knots = np.asarray(knots, dtype=float)
        dots = {"color": INK, "markersize": 4, "linestyle": "none", "markeredgewidth": 0}
        ax.plot(knots, np.ravel(f(knots[None, :])), "o", **dots)
    ax.set(xlim=span, xlabel="x")
    legend_above(ax)
    return lines


@style()
def plot_hats(
    ax: Axes, hats: Sequence[Callable], total: Callable, span: tuple[float, float]
) -> list[Line2D]:
    """Plot hat functions, each scaled to its height, and their sum."""
    lines = [
        ax.plot(*graph(g, span), color=SKY, linewidth=1.2, label="hats" if k == 0 else "_")[0]
        for k, g in enumerate(hats)
    ]
    ax.plot(*graph(total, span), color=BLUE, linestyle="--", linewidth=1.8, label="their sum")
    ax.axhline(0, color=MUTED, linewidth=0.6)
    ax.set(xlim=span, xlabel="x")
    legend_above(ax)
    return lines


@style()
def plot_level_lines(
    ax: Axes, functions: Mapping[str, Callable], span: tuple[float, float], levels: Sequence[float]
) -> list[QuadContourSet]:
    """Plot level lines of two functions of points (2, N) over a square, the target first."""
    side = np.linspace(*span, _SIDE)
    looks = ({"colors": GREEN, "linewidths": 2.4, "alpha": 0.75}, {"colors": BLUE})
    sets = []
    for f, look in zip(functions.values(), looks, strict=True):
        look = {"linewidths": 1.2, "linestyles": "solid", **look}
        sets.append(ax.contour(side, side, grid_values(f, side, side), levels, **look))
    for label, look in zip(functions, (target_look(), {"color": BLUE}), strict=True):
        ax.plot([], [], label=label, **look)
    ax.set(xlim=span, ylim=span, xlabel="x₁", ylabel="x₂", aspect="equal")
    legend_above(ax, columns=2)
    return sets


@style()
def plot_width_errors(
    ax: Axes,
    widths: Sequence[int],
    errors: Mapping[str, Sequence[float]],
    bounds: Mapping[str, Sequence[float]] | None = None,
) -> list[Line2D]:
    """Plot the largest error over the number of neurons, and proved bounds, on logarithmic axes."""
    lines = plot_curves(ax, widths, errors)
    looks = ((3, 2), (1, 1.5))
    for (label, bound), dash in zip((bounds or {}).items(), looks, strict=False):
        ax.plot(widths, bound, color=INK, linewidth=0.9, dashes=dash, label=label)
    width_axes(ax, widths)
    legend_above(ax, columns=2)
    return lines


def width_axes(ax: Axes, widths: Sequence[int]) -> None:
    """Prepare logarithmic axes for an error by number of neurons, with a tick at each width."""
    log_axis(ax.yaxis)
    ax.set_xscale("log", base=2)
    ax.set_xticks(widths, [f"{n}" for n in widths])
    ax.minorticks_off()
    ax.set(xlabel="neurons n", ylabel="largest error")
