"""Draw what the figures of several chapters share: axes, legends, curves and samples."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from nnbook.drawing.numbers import power_of_ten
from nnbook.drawing.style import BLUE, GREEN, ORANGE, PAPER, PURPLE, YELLOW, style

# Curves differ in colour, marker and dash, so that none depends on colour alone.
LOOKS = (
    {"color": BLUE, "marker": "o", "linestyle": "-"},
    {"color": ORANGE, "marker": "s", "linestyle": "--"},
    {"color": GREEN, "marker": "^", "linestyle": "-."},
    {"color": PURPLE, "marker": "D", "linestyle": ":"},
    {"color": YELLOW, "marker": "v", "linestyle": "-"},
)
LINE_LOOKS = tuple({key: look[key] for key in ("color", "linestyle")} for look in LOOKS)
_CLASS_LOOKS = (
    {"color": BLUE, "marker": "o", "markerfacecolor": BLUE},
    {"color": ORANGE, "marker": "s", "markerfacecolor": PAPER},
    {"color": GREEN, "marker": "^", "markerfacecolor": GREEN},
)


# Axes and legends ---------------------------------------------------------------------------------


def log_axis(axis: Axis, max_ticks: int = 6) -> None:
    """Make an axis logarithmic, with powers of ten in Unicode and no labels between them."""
    axis.axes.set(**{f"{axis.axis_name}scale": "log"})
    axis.set_major_locator(LogLocator(numticks=max_ticks))
    axis.set_major_formatter(FuncFormatter(power_of_ten))
    axis.set_minor_formatter(NullFormatter())
    axis.set_tick_params(which="minor", length=0)


def integer_axis(axis: Axis) -> None:
    """Put the ticks of an axis at integers only."""
    axis.set_major_locator(MaxNLocator(integer=True))


def axes_in_points(ax: Axes, x: tuple[float, float], y: tuple[float, float]) -> None:
    """Hide the axes and make one unit one point.

    If `ax` is alone in its figure, the figure takes the size of the ranges x and y.
    """
    ax.set(xlim=x, ylim=y, aspect="equal")
    ax.set_axis_off()
    fig = ax.get_figure(root=True)
    if len(fig.axes) == 1:
        ax.set_position((0, 0, 1, 1))
        fig.set_size_inches((x[1] - x[0]) / 72, (y[1] - y[0]) / 72)


def legend_above(ax: Axes, columns: int = 0) -> None:
    """Put the legend above the axes, where it hides nothing.

    Without a number of `columns`, long labels get fewer of them.
    """
    _, labels = ax.get_legend_handles_labels()
    longest = max(map(len, labels), default=0)
    fitting = 4 if sum(map(len, labels)) < 26 else 2 if longest < 16 else 1
    place = {"loc": "lower left", "bbox_to_anchor": (0, 1)}
    ax.legend(ncols=columns or fitting, borderpad=0, columnspacing=1.4, **place)


def cost_panel(ax: Axes, end: int, low: float, high: float) -> dict[str, Line2D]:
    """Prepare logarithmic axes for the cost by step; return the moving line and dot by name."""
    ax.set(xscale="log", yscale="log", xlim=(1, end), ylim=(low, high), xlabel="step t + 1")
    ax.set_ylabel("C")
    log_axis(ax.xaxis)
    log_axis(ax.yaxis)
    (line,) = ax.plot([1, 2], [1, 1], color=BLUE)
    (ahead,) = ax.plot([2], [1], "o", color=ORANGE, markersize=5, markeredgewidth=0, clip_on=False)
    return {"cost": line, "ahead": ahead}


# Curves and samples -------------------------------------------------------------------------------


def plot_lines(
    ax: Axes, curves: Mapping[str, tuple[Sequence[float], Sequence[float]]]
) -> list[Line2D]:
    """Plot labelled curves (x, y), each with its own colour and dash and without markers."""
    return [
        ax.plot(*curve, label=label, **look)[0]
        for (label, curve), look in zip(curves.items(), LINE_LOOKS, strict=False)
    ]


def plot_curves(
    ax: Axes, x: Sequence[float], curves: Mapping[str, Sequence[float]]
) -> list[Line2D]:
    """Plot several curves over the same x, each with its own look, and a legend."""
    lines = [
        ax.plot(x, y, label=label, markersize=3.5, linewidth=1.3, markeredgewidth=0, **look)[0]
        for (label, y), look in zip(curves.items(), LOOKS, strict=False)
    ]
    ax.legend()
    return lines


@style()
def plot_training(
    ax: Axes, curves: Mapping[str, Sequence[float]], step: str = "step t"
) -> list[Line2D]:
    """Plot the cost of one or more runs from t = 0 on, on a logarithmic axis."""
    lines = plot_lines(ax, {label: (range(len(C)), C) for label, C in curves.items()})
    log_axis(ax.yaxis)
    ax.set(xlabel=step, ylabel="C")
    if len(curves) > 1:
        ax.legend()
    return lines


@style()
def plot_points(ax: Axes, x: np.ndarray, y: np.ndarray) -> list[Line2D]:
    """Plot samples (2, N) in the plane, one colour and one marker for each class in y (1, N)."""
    drawn = []
    for label, look in zip(np.unique(y), _CLASS_LOOKS, strict=False):
        chosen = x[:, np.ravel(y) == label]
        (points,) = ax.plot(*chosen, linestyle="none", markersize=4, label=f"y = {label:g}", **look)
        drawn.append(points)
    legend_above(ax)
    ax.set(xlabel="x₁", ylabel="x₂", aspect="equal")
    return drawn
