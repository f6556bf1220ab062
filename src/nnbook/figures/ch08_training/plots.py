"""Plots of chapter 8: variances by layer, held-out costs, scores by a setting, small images."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator

from nnbook.drawing.axes import legend_above, log_axis, plot_curves
from nnbook.drawing.style import GREEN, INK, MUTED, ORANGE, style
from nnbook.figures.ch07_descent.plots import plot_training

_SIDE = 8  # pixels of an image in each direction
_APART = 3.2  # from one image to the next, in pixels


@style()
def plot_variance(ax: Axes, curves: Mapping[str, Sequence[float]]) -> list[Line2D]:
    """The mean square of z⁽ˡ⁾ by layer, l = 1, 2, …, logarithmic, a line for each start."""
    layers = range(1, len(next(iter(curves.values()))) + 1)
    lines = plot_curves(ax, layers, curves)
    legend_above(ax)
    log_axis(ax.yaxis, 6)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set(xlabel="layer l", ylabel="mean of z²")
    return lines


@style()
def plot_held_out(ax: Axes, curves: Mapping[str, Sequence[float]], best: int) -> list[Line2D]:
    """Costs by epoch on the training set and on another, and the epoch at which to stop."""
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
    """The per cent decided wrongly, from the shares of right ones, over a setting; both log."""
    lines = plot_curves(ax, values, {k: 100 * (1 - np.array(v)) for k, v in scores.items()})
    legend_above(ax)
    ax.set(xscale="log", yscale="log", ylim=(1, 100), xlabel=name, ylabel="wrong, per cent")
    for axis, ticks in ((ax.xaxis, values), (ax.yaxis, (1, 3, 10, 30, 100))):
        axis.set_ticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.minorticks_off()
    return lines


def squares(image: np.ndarray, left: float) -> Path:
    """The pixels of an image (8, 8), grey from 0 to 1, as squares whose areas are the greys."""
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
    """Images, the columns of x (64, M), each with what was decided (orange) and its label."""
    step = _SIDE + _APART
    for i, image in enumerate(np.transpose(x)):
        path = squares(np.reshape(image, (_SIDE, _SIDE)), i * step)
        ax.add_patch(PathPatch(path, facecolor=INK, linewidth=0))
        frame = [(0, 0), (_SIDE, 0), (_SIDE, _SIDE), (0, _SIDE), (0, 0)]
        ax.plot(*np.transpose(frame + np.array([i * step, 0])), color=MUTED, linewidth=0.5)
        place = i * step + _SIDE / 2
        ax.text(place, -2.8, f"{decided[i]}", color=ORANGE, ha="center")
        ax.text(place, -5.6, f"{labels[i]}", ha="center")
    ax.text(-1, -2.8, "decided", ha="right", color=ORANGE)
    ax.text(-1, -5.6, "label", ha="right")
    ax.set(xlim=(-9, x.shape[1] * step), ylim=(-6, _SIDE + 0.3), aspect="equal")
    ax.set_axis_off()
