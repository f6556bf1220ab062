"""Axes, legends, curves and samples: what the figures of several chapters draw alike."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from nnbook.drawing.numbers import power_of_ten
from nnbook.drawing.style import BLUE, GREEN, ORANGE, PAPER, PURPLE, YELLOW, style

# A curve is told apart by colour, by marker and by dash, so that no colour speaks alone.
LOOKS = (
    {"color": BLUE, "marker": "o", "linestyle": "-"},
    {"color": ORANGE, "marker": "s", "linestyle": "--"},
    {"color": GREEN, "marker": "^", "linestyle": "-."},
    {"color": PURPLE, "marker": "D", "linestyle": ":"},
    {"color": YELLOW, "marker": "v", "linestyle": "-"},
)
_DATA = (
    {"color": BLUE, "marker": "o", "markerfacecolor": BLUE},
    {"color": ORANGE, "marker": "s", "markerfacecolor": PAPER},
    {"color": GREEN, "marker": "^", "markerfacecolor": GREEN},
)


def log_axis(axis, most: int = 6) -> None:
    """A logarithmic axis with powers of ten in Unicode and no labels between them."""
    axis.axes.set(**{f"{axis.axis_name}scale": "log"})
    axis.set_major_locator(LogLocator(numticks=most))
    axis.set_major_formatter(FuncFormatter(power_of_ten))
    axis.set_minor_formatter(NullFormatter())
    axis.set_tick_params(which="minor", length=0)


def legend_above(ax: Axes) -> None:
    """The legend over the axes, where it hides nothing; in fewer columns when labels are long."""
    _, labels = ax.get_legend_handles_labels()
    longest = max(map(len, labels), default=0)
    columns = 4 if sum(map(len, labels)) < 26 else 2 if longest < 16 else 1
    place = {"loc": "lower left", "bbox_to_anchor": (0, 1)}
    ax.legend(ncols=columns, borderpad=0, columnspacing=1.4, **place)


def plot_curves(
    ax: Axes, x: Sequence[float], curves: Mapping[str, Sequence[float]]
) -> list[Line2D]:
    """Several curves over the same x, each with its own look, and a legend."""
    lines = [
        ax.plot(x, y, label=label, markersize=3.5, linewidth=1.3, markeredgewidth=0, **look)[0]
        for (label, y), look in zip(curves.items(), LOOKS, strict=False)
    ]
    ax.legend()
    return lines


@style()
def plot_points(ax: Axes, x: np.ndarray, y: np.ndarray) -> list[Line2D]:
    """Samples (2, N) in the plane, one colour and one marker for each class in y (1, N)."""
    drawn = []
    for label, look in zip(np.unique(y), _DATA, strict=False):
        chosen = x[:, np.ravel(y) == label]
        (points,) = ax.plot(*chosen, linestyle="none", markersize=4, label=f"y = {label:g}", **look)
        drawn.append(points)
    legend_above(ax)
    ax.set(xlabel="x₁", ylabel="x₂", aspect="equal")
    return drawn


def on_grid(f: Callable, xs: np.ndarray, ys: np.ndarray) -> np.ndarray:
    """The values of f(θ), θ of shape (2,), over a grid: entry [i, j] is f at (xs[j], ys[i])."""
    return np.array([[float(f(np.array([x, y]))) for x in xs] for y in ys])


def mesh_points(xs: np.ndarray, ys: np.ndarray) -> np.ndarray:
    """The points of a grid as columns (2, len(ys)·len(xs)), row by row from the first y."""
    return np.stack([axis.ravel() for axis in np.meshgrid(xs, ys)])


def on_mesh(f: Callable, xs: np.ndarray, ys: np.ndarray) -> np.ndarray:
    """The values on a grid of a function of points (2, M): entry [i, j] is at (xs[j], ys[i])."""
    return np.reshape(f(mesh_points(xs, ys)), (len(ys), len(xs)))


def cost_panel(ax, end: int, low: float, high: float) -> dict:
    """The axes of the cost against the step, both logarithmic; the line and the mark that move."""
    ax.set(xscale="log", yscale="log", xlim=(1, end), ylim=(low, high), xlabel="step t + 1")
    ax.set_ylabel("C")
    log_axis(ax.xaxis)
    log_axis(ax.yaxis)
    (line,) = ax.plot([1, 2], [1, 1], color=BLUE)
    (ahead,) = ax.plot([2], [1], "o", color=ORANGE, markersize=5, markeredgewidth=0, clip_on=False)
    return {"cost": line, "ahead": ahead}
