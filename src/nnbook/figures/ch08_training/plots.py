"""Plots of chapter 8: mean squares by layer, held-out costs, error rates, small images."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from nnbook.drawing.axes import (
    integer_axis,
    legend_above,
    log_axis,
    plot_curves,
    plot_training,
)
from nnbook.drawing.style import GREEN, INK, MUTED, ORANGE, style

_SIDE = 8  # pixels of an image in each direction
_GAP = 3.2  # between two images, in pixels


@style()
def plot_variance(ax: Axes, curves: Mapping[str, Sequence[float]]) -> list[Line2D]:
    """Plot the mean square of z⁽ˡ⁾ by layer, l = 1, 2, …, one line per initialisation."""
    layers = range(1, len(next(iter(curves.values()))) + 1)
    lines = plot_curves(ax, layers, curves)
    legend_above(ax)
    log_axis(ax.yaxis)
    integer_axis(ax.xaxis)
    ax.set(xlabel="layer l", ylabel="mean of z²")
    return lines


@style()
def plot_held_out(ax: Axes, curves: Mapping[str, Sequence[float]], best: int) -> list[Line2D]:
    """Plot the costs by epoch on the training and the held-out set, and mark the best epoch."""
    lines = plot_training(ax, curves, step="epoch")
    ax.set(yscale="linear", ylim=(0, None))
    last = list(curves.values())[-1]
    ax.axvline(best, color=GREEN, linewidth=0.8, linestyle=":")
    star = {"marker": "*", "markersize": 9, "linestyle": "none", "color": GREEN}
    ax.plot([best], [last[best]], label=f"lowest, epoch {best}", **star)
    legend_above(ax)
    return lines


@style()
def plot_errors(
    ax: Axes, values: Sequence[float], scores: Mapping[str, Sequence[float]], name: str
) -> list[Line2D]:
    """Plot error rates, computed from accuracies, over a setting, both axes logarithmic."""
    lines = plot_curves(ax, values, {k: 100 * (1 - np.array(v)) for k, v in scores.items()})
    legend_above(ax)
    ax.set(xscale="log", yscale="log", ylim=(1, 100), xlabel=name, ylabel="error rate, %")
    for axis, ticks in ((ax.xaxis, values), (ax.yaxis, (1, 3, 10, 30, 100))):
        axis.set_ticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.minorticks_off()
    return lines


def pixel_squares(image: np.ndarray, left: float) -> Path:
    """Return the pixels of an image (8, 8) as squares whose areas are their greys, 0 to 1."""
    corners, codes = [], []
    for row, column in zip(*np.nonzero(image), strict=True):
        half = np.sqrt(image[row, column]) / 2
        x, y = left + column + 0.5, _SIDE - row - 0.5
        corners += [(x + u * half, y + w * half) for u, w in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
        corners.append(corners[-4])
        codes += [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
    return Path(np.reshape(corners, (-1, 2)), codes or None)


@style()
def plot_images(ax: Axes, x: np.ndarray, decided: Sequence[int], labels: Sequence[int]) -> None:
    """Draw images, the columns of x (64, M), each with its prediction (orange) and its label."""
    step = _SIDE + _GAP
    for i, image in enumerate(np.transpose(x)):
        path = pixel_squares(np.reshape(image, (_SIDE, _SIDE)), i * step)
        ax.add_patch(PathPatch(path, facecolor=INK, linewidth=0))
        frame = [(0, 0), (_SIDE, 0), (_SIDE, _SIDE), (0, _SIDE), (0, 0)]
        ax.plot(*np.transpose(frame + np.array([i * step, 0])), color=MUTED, linewidth=0.5)
        middle = i * step + _SIDE / 2
        ax.text(middle, -2.8, f"{decided[i]}", color=ORANGE, ha="center")
        ax.text(middle, -5.6, f"{labels[i]}", ha="center")
    ax.text(-1, -2.8, "predicted", ha="right", color=ORANGE)
    ax.text(-1, -5.6, "label", ha="right")
    ax.set(xlim=(-9, x.shape[1] * step), ylim=(-6, _SIDE + 0.3), aspect="equal")
    ax.set_axis_off()
