"""Plots of chapter 6: gradient checks, the cost of a pass, and the norm of δ by layer."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from nnbook.drawing.axes import integer_axis, log_axis, plot_curves
from nnbook.drawing.style import style


@style()
def plot_gradient_check(
    ax: Axes, h: Sequence[float], errors: Mapping[str, Sequence[float]]
) -> list[Line2D]:
    """Plot relative errors of finite differences over the increment h, both axes logarithmic.

    `errors` maps "forward", "central", … to the errors at each h.
    """
    lines = plot_curves(ax, h, errors)
    log_axis(ax.xaxis, 9)
    log_axis(ax.yaxis, 7)
    ax.set(xlabel="increment h", ylabel="relative error")
    return lines


def _plot_by_integer(
    ax: Axes, x: Sequence[int], curves: Mapping[str, Sequence[float]], xlabel: str, ylabel: str
) -> list[Line2D]:
    lines = plot_curves(ax, x, curves)
    log_axis(ax.yaxis)
    integer_axis(ax.xaxis)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    return lines


@style()
def plot_vanishing(
    ax: Axes, layers: Sequence[int], norms: Mapping[str, Sequence[float]]
) -> list[Line2D]:
    """Plot the norm of δ⁽ˡ⁾ by layer on a logarithmic axis, one line per activation."""
    return _plot_by_integer(ax, layers, norms, "layer l", "size of δ⁽ˡ⁾")


@style()
def plot_pass_cost(
    ax: Axes, depths: Sequence[int], counts: Mapping[str, Sequence[float]]
) -> list[Line2D]:
    """Plot the multiplications for all partial derivatives by depth, with and without cached δ."""
    return _plot_by_integer(ax, depths, counts, "depth L", "multiplications")
