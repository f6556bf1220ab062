"""Pictures of chapter 1: the output of a neuron over its plane, and networks of any widths."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.text import Text

from nnbook.drawing.axes import on_mesh
from nnbook.drawing.numbers import subscript
from nnbook.drawing.style import BLUE, FONT, INK, MUTED, PAPER, SKY, YELLOW, style

LEVELS = (0.1, 0.3, 0.5, 0.7, 0.9)
# The shades between these levels, from 0 to 1: sky below one half, yellow above.
SHADES = ((SKY, 0.5), (SKY, 0.3), (SKY, 0.12), (YELLOW, 0.14), (YELLOW, 0.32), (YELLOW, 0.55))
_GRID = 81
_LINE = 11.0  # points from one line of text to the next
_DISC = 10.0  # points across a neuron
_ROW = 17.0  # points from one neuron to the next
MOST = 8  # neurons drawn of a layer; a wider one shows dots


@style()
def plot_output(
    ax: Axes,
    output: Callable[[np.ndarray], np.ndarray],
    x: Sequence[float],
    y: Sequence[float],
    title: str = "",
):
    """The output between 0 and 1 over a rectangle, in six shades, with the line of one half.

    `output` maps points (2, M) to one number each. Lines stand at 0.1, 0.3, 0.7 and 0.9.
    """
    xs, ys = np.linspace(*x, _GRID), np.linspace(*y, _GRID)
    values = on_mesh(output, xs, ys)
    for low, high, (colour, alpha) in zip((-1, *LEVELS), (*LEVELS, 2), SHADES, strict=True):
        ax.contourf(xs, ys, values, [low, high], colors=[colour], alpha=alpha)
    widths = [1.4 if level == 0.5 else 0.5 for level in LEVELS]
    ax.contour(xs, ys, values, LEVELS, colors=INK, linewidths=widths)
    ax.set(xlim=x, ylim=y, xlabel="x₁", ylabel="x₂", aspect="equal", title=title)
    return values


@style()
def plot_shades(ax: Axes) -> None:
    """The six shades as bands behind a curve whose height is the output: a key to `plot_output`."""
    for low, high, (colour, alpha) in zip((0, *LEVELS), (*LEVELS, 1), SHADES, strict=True):
        ax.axhspan(low, high, color=colour, alpha=alpha, linewidth=0)
    ax.axhline(0.5, color=INK, linewidth=1.4)
    ax.set(ylim=(0, 1), yticks=LEVELS)


# Networks of any widths ---------------------------------------------------------------------------


@dataclass
class Layers:
    """What `draw_layers` drew: neurons by layer, edges into layers 1…L, texts by (kind, layer)."""

    nodes: list[Line2D] = field(default_factory=list)
    edges: list[Line2D] = field(default_factory=list)
    texts: dict[tuple[str, int], Text] = field(default_factory=dict)


def layer_places(l: int, n: int, step: float, most: int = MOST) -> np.ndarray:
    """Where the neurons of layer l are drawn: (min(n, most), 2), level with the axis y = 0.

    Of a layer wider than `most` the places stand in two groups, with room for dots between.
    """
    count = min(n, most)
    rows = np.arange(count) - (count - 1) / 2
    if n > most:
        rows = rows + 0.8 * np.sign(rows + 0.25)
    return np.column_stack([np.full(count, step * l), -_ROW * rows])


def fan(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """One polyline along every edge from the left places to the right ones, and along no other."""
    return np.array([point for start in left for end in right for point in (start, end)])


def layer_name(l: int, L: int) -> str:
    """What a layer is called: input, hidden, output."""
    return "input" if l == 0 else "output" if l == L else "hidden"


def layer_count(sizes: Sequence[int], l: int) -> tuple[str, str]:
    """The parameters of layer l in two lines: "4·(3 + 1)" and "= 16"; nothing for the input."""
    if l == 0:
        return "", ""
    return f"{sizes[l]}({sizes[l - 1]}+1)", f"= {sizes[l] * (sizes[l - 1] + 1)}"


@style()
def draw_layers(ax: Axes, sizes: Sequence[int], *, most: int = MOST, room: int = 0) -> Layers:
    """Draw a network of any widths: its layers from left to right, every edge, and the counts.

    Above a layer stand its name and its width, below it its parameters. `room` is the number of
    neurons for whose height there is to be room (the widest layer's, if 0). Where `ax` is alone in
    its figure, the figure takes the height that the drawing needs.
    """
    step = _step(ax, len(sizes))
    drawing = Layers()
    places = [layer_places(l, n, step, most) for l, n in enumerate(sizes)]
    for left, right in pairwise(places):
        look = {"color": MUTED, "linewidth": 0.6, "zorder": 1, "clip_on": False}
        drawing.edges += ax.plot(*fan(left, right).T, **look)
    widest = max(room, *(min(n, most) for n in sizes)) + 1.6 * (max(sizes) > most)
    half = _ROW * (widest - 1) / 2 + _DISC
    for l, n in enumerate(sizes):
        drawing.nodes += ax.plot(*places[l].T, **_discs(l, len(sizes) - 1))
        if n > most:
            ax.text(step * l, -_ROW / 4 - 3, "⋮", ha="center", fontsize=FONT + 2)
        lines = _captions(sizes, l)
        for kind, text in lines.items():
            height = half + _HEIGHTS[kind] if kind in "name width" else -half + _HEIGHTS[kind]
            drawing.texts[kind, l] = ax.text(step * l, height, text, ha="center")
    _frame(ax, step * (len(sizes) - 1), half)
    return drawing


_HEIGHTS = {"name": _LINE + 4, "width": 4.0, "product": -_LINE - 2, "sum": -2 * _LINE - 2}
_SIDE = 22.0  # room left and right of the outer layers


def _captions(sizes: Sequence[int], l: int) -> dict[str, str]:
    product, total = layer_count(sizes, l)
    width = f"n{subscript(l)} = {sizes[l]}"
    return {"name": layer_name(l, len(sizes) - 1), "width": width, "product": product, "sum": total}


def _step(ax: Axes, layers: int) -> float:
    width = 72 * ax.get_figure(root=True).get_size_inches()[0]
    return min(90.0, (width - 2 * _SIDE) / (layers - 1))


def _discs(l: int, L: int) -> dict:
    """How the neurons of a layer look: full for the input, which computes nothing; else a ring."""
    face = {"markerfacecolor": MUTED if l == 0 else PAPER, "markeredgecolor": INK if l else MUTED}
    rim = 1.8 if l == L else 0.9
    look = {"marker": "o", "markersize": _DISC, "markeredgewidth": rim, "linestyle": "none"}
    return {**look, **face, "zorder": 2, "clip_on": False, "color": BLUE}


def _frame(ax: Axes, length: float, half: float) -> None:
    """Nothing but the drawing: one unit a point."""
    fig = ax.get_figure(root=True)
    width = 72 * fig.get_size_inches()[0]
    top, bottom = half + 2 * _LINE + 6, -half - 2 * _LINE - 6
    ax.set(xlim=((length - width) / 2, (length + width) / 2), ylim=(bottom, top))
    ax.set_aspect("equal")
    ax.set_axis_off()
    if len(fig.axes) == 1:
        ax.set_position((0, 0, 1, 1))
        fig.set_size_inches(width / 72, (top - bottom) / 72)
