"""Plots of chapter 5: costs over a variable, noise densities along a line, masks."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from nnbook.drawing.axes import legend_above, plot_lines
from nnbook.drawing.style import BLUE, GREEN, INK, MUTED, ORANGE, SKY, style


@style()
def plot_costs(
    ax: Axes, x: Sequence[float], curves: Mapping[str, Sequence[float]], label: str
) -> list[Line2D]:
    """Plot several costs over one variable, whose name is `label`, with a legend above."""
    lines = plot_lines(ax, {name: (x, y) for name, y in curves.items()})
    ax.set(xlabel=label, ylabel="C", xlim=(min(x), max(x)))
    legend_above(ax)
    return lines


@style()
def plot_bells(
    ax: Axes,
    x: np.ndarray,
    y: np.ndarray,
    line: Callable,
    density: Callable,
    places: Sequence[float],
    width: float,
) -> tuple[Line2D, Line2D]:
    """Plot samples around a line and, at some values of x, the density of y, turned on its side.

    x and y are (1, N), `line(x)` is the prediction and `density(r)` that of a residual r. The
    maximum of a density is drawn `width` to the right of its x. Returns the samples and the line.
    """
    x, y = np.ravel(x), np.ravel(y)
    (points,) = ax.plot(x, y, "o", color=MUTED, markersize=3.5, markeredgewidth=0, label="samples")
    ends = np.array([x.min(), x.max()])
    (drawn,) = ax.plot(ends, line(ends), color=BLUE, label="prediction ŷ")
    reach = np.linspace(-1, 1, 61) * 3 * np.std(y - line(x))
    for i, place in enumerate(places):
        side = place + width * density(reach) / density(0.0)
        label = "density of y" if i == 0 else "_"
        ax.plot(side, line(place) + reach, color=ORANGE, linewidth=1.0, linestyle="--", label=label)
        ax.plot([place, place], line(place) + reach[[0, -1]], color=MUTED, linewidth=0.6)
    ax.set(xlabel="x", ylabel="y")
    legend_above(ax)
    return points, drawn


@style()
def plot_mask(
    ax: Axes, p: Sequence[float], y: Sequence[float], threshold: float
) -> tuple[list[Rectangle], Line2D]:
    """Plot the prediction of each pixel as a bar over its target, and the threshold as a line.

    Returns the bars, which are filled where p is above the threshold, and the line.
    """
    pixels = np.arange(1, len(p) + 1)
    ax.bar(pixels, y, width=1.0, color=GREEN, alpha=0.18, linewidth=0)
    bars = list(ax.bar(pixels, p, width=0.7, edgecolor=BLUE, linewidth=0.9))
    for bar, value in zip(bars, p, strict=True):
        bar.set_facecolor(SKY if value > threshold else "none")
    (line,) = ax.plot(
        [0.4, len(p) + 0.6], [threshold] * 2, color=INK, linestyle="--", linewidth=1.0
    )
    ax.set(xlim=(0.4, len(p) + 0.6), ylim=(0, 1.05), xlabel="pixel", ylabel="p")
    return bars, line
