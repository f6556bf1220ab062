"""Plots of chapter 6: gradient checking, the cost of a pass, the fading of δ with depth."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from .network import superscript
from .style import BLUE, GREEN, ORANGE, PURPLE, YELLOW, style

# A curve is told apart by colour, by marker and by dash, so that no colour speaks alone.
LOOKS = (
    {"color": BLUE, "marker": "o", "linestyle": "-"},
    {"color": ORANGE, "marker": "s", "linestyle": "--"},
    {"color": GREEN, "marker": "^", "linestyle": "-."},
    {"color": PURPLE, "marker": "D", "linestyle": ":"},
    {"color": YELLOW, "marker": "v", "linestyle": "-"},
)


def power_of_ten(value: float, _=None) -> str:
    """A tick of a logarithmic axis as text: 10⁻³."""
    return f"10{superscript(round(np.log10(value)))}"


def log_axis(axis, most: int = 6) -> None:
    """A logarithmic axis with powers of ten in Unicode and no labels between them."""
    axis.axes.set(**{f"{axis.axis_name}scale": "log"})
    axis.set_major_locator(LogLocator(numticks=most))
    axis.set_major_formatter(FuncFormatter(power_of_ten))
    axis.set_minor_formatter(NullFormatter())
    axis.set_tick_params(which="minor", length=0)


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
def plot_gradient_check(
    ax: Axes, h: Sequence[float], errors: Mapping[str, Sequence[float]]
) -> list[Line2D]:
    """Relative error of finite differences over the increment h, both logarithmic: a V.

    `errors` maps "forward", "central", … to the errors at each h.
    """
    lines = plot_curves(ax, h, errors)
    log_axis(ax.xaxis, 9)
    log_axis(ax.yaxis, 7)
    ax.set(xlabel="increment h", ylabel="relative error")
    return lines


@style()
def plot_vanishing(
    ax: Axes, layers: Sequence[int], norms: Mapping[str, Sequence[float]]
) -> list[Line2D]:
    """The size of δ⁽ˡ⁾ by layer on a logarithmic axis, one line for each activation."""
    lines = plot_curves(ax, layers, norms)
    log_axis(ax.yaxis, 6)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set(xlabel="layer l", ylabel="size of δ⁽ˡ⁾")
    return lines


@style()
def plot_pass_cost(
    ax: Axes, depths: Sequence[int], counts: Mapping[str, Sequence[float]]
) -> list[Line2D]:
    """The cost of all partial derivatives over depth, with δ cached and without, logarithmic."""
    lines = plot_curves(ax, depths, counts)
    log_axis(ax.yaxis, 6)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set(xlabel="depth L", ylabel="multiplications")
    return lines
