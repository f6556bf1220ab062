"""Plots of chapter 5: costs over what they depend on, bells of noise along a line, masks."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from nnbook.drawing.axes import LOOKS, legend_above
from nnbook.drawing.style import BLUE, GREEN, INK, MUTED, ORANGE, SKY, style


@style()
def plot_costs(
    ax: Axes, x: Sequence[float], curves: Mapping[str, Sequence[float]], label: str
) -> list[Line2D]:
    """Costs over one quantity, a colour and a dash for each, the legend above; `label` names x."""
    lines = [
        ax.plot(x, y, label=name, color=look["color"], linestyle=look["linestyle"])[0]
        for (name, y), look in zip(curves.items(), LOOKS, strict=False)
    ]
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
):
    """Samples about a line, and at some places the density of y, laid on its side.

    x and y are (1, N), `line(x)` is the prediction and `density(r)` that of a residual r; the top
    of a bell lies `width` to the right of its place.
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
def plot_mask(ax: Axes, p: Sequence[float], y: Sequence[float], threshold: float):
    """The prediction of each pixel of a strip as a bar, the target under it, and the threshold.

    Returns the bars, which are full where p is above the threshold, and the line of the threshold.
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
