"""Plots of chapter 6: gradient checking, the cost of a pass, the fading of δ with depth."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from nnbook.drawing.axes import log_axis, plot_curves
from nnbook.drawing.style import style


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
