"""Plots of chapter 1: the output of a neuron over the input plane, and networks of any size."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.text import Text

from nnbook.drawing.axes import axes_in_points
from nnbook.drawing.grids import grid_values
from nnbook.drawing.numbers import subscript
from nnbook.drawing.style import BLUE, FONT, INK, MUTED, PAPER, SKY, YELLOW, style

LEVELS = (0.1, 0.3, 0.5, 0.7, 0.9)
# The shades between these levels, from 0 to 1: sky below one half, yellow above.
_SHADES = ((SKY, 0.5), (SKY, 0.3), (SKY, 0.12), (YELLOW, 0.14), (YELLOW, 0.32), (YELLOW, 0.55))
_GRID = 81
_LINE = 11.0  # distance between lines of text, in points
_DIAMETER = 10.0  # of a neuron, in points
_ROW = 17.0  # distance between neurons, in points
MAX_NODES = 8  # neurons drawn in a layer; a wider layer shows dots for the rest


@style()
def plot_output(
    ax: Axes,
    output: Callable[[np.ndarray], np.ndarray],
    x: Sequence[float],
    y: Sequence[float],
    title: str = "",
) -> np.ndarray:
    """Plot an output between 0 and 1 over a rectangle, in six shades with contour lines.

    `output` maps points (2, M) to one number each. The line at 0.5 is thick, those at 0.1, 0.3, 0.7
    and 0.9 are thin. Returns the values on the grid.
    """
    xs, ys = np.linspace(*x, _GRID), np.linspace(*y, _GRID)
    values = grid_values(output, xs, ys)
    for low, high, (colour, alpha) in zip((-1, *LEVELS), (*LEVELS, 2), _SHADES, strict=True):
        ax.contourf(xs, ys, values, [low, high], colors=[colour], alpha=alpha)
    widths = [1.4 if level == 0.5 else 0.5 for level in LEVELS]
    ax.contour(xs, ys, values, LEVELS, colors=INK, linewidths=widths)
    ax.set(xlim=x, ylim=y, xlabel="x₁", ylabel="x₂", aspect="equal", title=title)
    return values


@style()
def plot_shades(ax: Axes) -> None:
    """Draw the six shades of `plot_output` as bands over the range of the output: its key."""
    for low, high, (colour, alpha) in zip((0, *LEVELS), (*LEVELS, 1), _SHADES, strict=True):
        ax.axhspan(low, high, color=colour, alpha=alpha, linewidth=0)
    ax.axhline(0.5, color=INK, linewidth=1.4)
    ax.set(ylim=(0, 1), yticks=LEVELS)


# Networks of any size -----------------------------------------------------------------------------


@dataclass
class Layers:
    """The artists of `draw_layers`: neurons by layer, edges into 1…L, texts by (kind, layer)."""

    nodes: list[Line2D] = field(default_factory=list)
    edges: list[Line2D] = field(default_factory=list)
    texts: dict[tuple[str, int], Text] = field(default_factory=dict)


def node_positions(l: int, n: int, step: float, most: int = MAX_NODES) -> np.ndarray:
    """Return the positions of the n neurons of layer l, (min(n, most), 2), centred on y = 0.

    A layer wider than `most` is drawn as two groups with room for dots between them.
    """
    count = min(n, most)
    rows = np.arange(count) - (count - 1) / 2
    if n > most:
        rows = rows + 0.8 * np.sign(rows + 0.25)
    return np.column_stack([np.full(count, step * l), -_ROW * rows])


def edge_path(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return one polyline that follows every edge from the left nodes to the right ones."""
    return np.array([point for start in left for end in right for point in (start, end)])


def layer_name(l: int, L: int) -> str:
    """Return the name of layer l: input, hidden or output."""
    return "input" if l == 0 else "output" if l == L else "hidden"


def parameter_count(sizes: Sequence[int], l: int) -> tuple[str, str]:
    """Return the parameter count of layer l in two lines, "4(3+1)" and "= 16"; empty for l = 0."""
    if l == 0:
        return "", ""
    return f"{sizes[l]}({sizes[l - 1]}+1)", f"= {sizes[l] * (sizes[l - 1] + 1)}"


@style()
def draw_layers(ax: Axes, sizes: Sequence[int], *, most: int = MAX_NODES, room: int = 0) -> Layers:
    """Draw a network of any size: its layers from left to right, every edge, and the counts.

    The name and width of a layer are above it, its number of parameters below. The drawing is high
    enough for a layer of `room` neurons (the widest layer, if 0). If `ax` is alone in its figure,
    the figure takes the height of the drawing.
    """
    step = _step(ax, len(sizes))
    drawing = Layers()
    positions = [node_positions(l, n, step, most) for l, n in enumerate(sizes)]
    for left, right in pairwise(positions):
        look = {"color": MUTED, "linewidth": 0.6, "zorder": 1, "clip_on": False}
        drawing.edges += ax.plot(*edge_path(left, right).T, **look)
    widest = max(room, *(min(n, most) for n in sizes)) + 1.6 * (max(sizes) > most)
    half = _ROW * (widest - 1) / 2 + _DIAMETER
    for l, n in enumerate(sizes):
        drawing.nodes += ax.plot(*positions[l].T, **_node_look(l, len(sizes) - 1))
        if n > most:
            ax.text(step * l, -_ROW / 4 - 3, "⋮", ha="center", fontsize=FONT + 2)
        lines = _captions(sizes, l)
        for kind, text in lines.items():
            height = half + _HEIGHTS[kind] if kind in "name width" else -half + _HEIGHTS[kind]
            drawing.texts[kind, l] = ax.text(step * l, height, text, ha="center")
    _fit_axes(ax, step * (len(sizes) - 1), half)
    return drawing


_HEIGHTS = {"name": _LINE + 4, "width": 4.0, "product": -_LINE - 2, "sum": -2 * _LINE - 2}
_SIDE = 22.0  # room left and right of the outer layers


def _captions(sizes: Sequence[int], l: int) -> dict[str, str]:
    product, total = parameter_count(sizes, l)
    width = f"n{subscript(l)} = {sizes[l]}"
    return {"name": layer_name(l, len(sizes) - 1), "width": width, "product": product, "sum": total}


def _step(ax: Axes, layers: int) -> float:
    width = 72 * ax.get_figure(root=True).get_size_inches()[0]
    return min(90.0, (width - 2 * _SIDE) / (layers - 1))


def _node_look(l: int, L: int) -> dict:
    """Return the look of a layer: discs for the input, which computes nothing, else rings."""
    face = {"markerfacecolor": MUTED if l == 0 else PAPER, "markeredgecolor": INK if l else MUTED}
    rim = 1.8 if l == L else 0.9
    look = {"marker": "o", "markersize": _DIAMETER, "markeredgewidth": rim, "linestyle": "none"}
    return {**look, **face, "zorder": 2, "clip_on": False, "color": BLUE}


def _fit_axes(ax: Axes, length: float, half: float) -> None:
    """Centre the drawing in the width of the figure, with room for two lines above and below."""
    width, height = 72 * ax.get_figure(root=True).get_size_inches()[0], half + 2 * _LINE + 6
    axes_in_points(ax, ((length - width) / 2, (length + width) / 2), (-height, height))
