"""Plots of chapter 2: steps, fits, hats, and the error against the number of neurons."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from nnbook.drawing.axes import LOOKS, legend_above, log_axis, on_mesh, plot_curves
from nnbook.drawing.style import BLUE, GREEN, INK, MUTED, SKY, style

_COUNT = 501
_SIDE = 49


def graph(f: Callable, span: tuple[float, float], count: int = _COUNT):
    """The places of an interval and f there, for f of arrays (1, N): two lists of numbers."""
    x = np.linspace(*span, count)
    return x, np.ravel(f(x[None, :]))


def target_look() -> dict:
    """How the function looks that a network is to represent."""
    return {"color": GREEN, "linewidth": 2.4, "alpha": 0.75}


@style()
def plot_steps(
    ax: Axes, sigmoids: Mapping[str, Callable], step: Callable, span: tuple[float, float]
) -> list[Line2D]:
    """Sigmoids of growing steepness and the step that they approach, whose jump is not drawn."""
    lines = [
        ax.plot(*graph(f, span), label=label, color=look["color"], linestyle=look["linestyle"])[0]
        for (label, f), look in zip(sigmoids.items(), LOOKS, strict=False)
    ]
    x, y = graph(step, span)
    jump = np.argmax(np.diff(y)) + 1
    for part in (slice(None, jump), slice(jump, None)):
        ax.plot(x[part], y[part], color=INK, linewidth=1.0, label="step" if part.stop else "_")
    ax.set(xlim=span, xlabel="x", ylabel="σ(wx)")
    legend_in_pairs(ax)
    return lines


@style()
def plot_fits(
    ax: Axes,
    f: Callable,
    fits: Mapping[str, Callable],
    span: tuple[float, float],
    knots: Sequence[float] = (),
) -> list[Line2D]:
    """A function and networks that are to represent it; `knots` are marked on the function."""
    ax.plot(*graph(f, span), label="f", **target_look())
    lines = [
        ax.plot(*graph(g, span), label=label, color=look["color"], linestyle=look["linestyle"])[0]
        for (label, g), look in zip(fits.items(), LOOKS, strict=False)
    ]
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
    """Hats, each times its height, and the function that they add up to."""
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
) -> list:
    """Level lines over a square of functions of points (2, N): the first is the target."""
    ends = np.linspace(*span, _SIDE)
    looks = ({"colors": GREEN, "linewidths": 2.4, "alpha": 0.75}, {"colors": BLUE})
    sets = []
    for f, look in zip(functions.values(), looks, strict=True):
        look = {"linewidths": 1.2, "linestyles": "solid", **look}
        sets.append(ax.contour(ends, ends, on_mesh(f, ends, ends), levels, **look))
    for label, look in zip(functions, (target_look(), {"color": BLUE}), strict=True):
        ax.plot([], [], label=label, **look)
    ax.set(xlim=span, ylim=span, xlabel="x₁", ylabel="x₂", aspect="equal")
    legend_in_pairs(ax)
    return sets


@style()
def plot_width_errors(
    ax: Axes,
    widths: Sequence[int],
    errors: Mapping[str, Sequence[float]],
    bounds: Mapping[str, Sequence[float]] | None = None,
) -> list[Line2D]:
    """The largest error over the number of neurons, and proved bounds, both axes logarithmic."""
    lines = plot_curves(ax, widths, errors)
    looks = ((3, 2), (1, 1.5))
    for (label, bound), dash in zip((bounds or {}).items(), looks, strict=False):
        ax.plot(widths, bound, color=INK, linewidth=0.9, dashes=dash, label=label)
    width_axes(ax, widths)
    legend_in_pairs(ax)
    return lines


def legend_in_pairs(ax: Axes) -> None:
    """The legend over the axes in two columns, narrow enough for four labels."""
    place = {"loc": "lower left", "bbox_to_anchor": (0, 1)}
    ax.legend(ncols=2, borderpad=0, columnspacing=1.4, **place)


def width_axes(ax: Axes, widths: Sequence[int]) -> None:
    """The axes of an error over the number of neurons, both logarithmic."""
    log_axis(ax.yaxis, 6)
    ax.set_xscale("log", base=2)
    ax.set_xticks(widths, [f"{n}" for n in widths])
    ax.minorticks_off()
    ax.set(xlabel="neurons n", ylabel="largest error")
