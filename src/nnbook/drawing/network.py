"""Draw a network of any size, with its weights, biases, z, a and δ."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Circle
from matplotlib.text import Text

from nnbook.drawing.axes import axes_in_points
from nnbook.drawing.numbers import short, signed, subscript, symbol
from nnbook.drawing.style import FONT, GREEN, INK, MUTED, ORANGE, PAPER, style

# Lengths are in points.
RADIUS = 19.0  # of a node
_LINE = 11.0  # distance between lines of text
_ABOVE = 4.0  # from a node's rim to the baseline of the text above it
_GAP = 15.0  # between the texts of two neurons: more than between a text and its own node
_SIDE = 32.0  # room for texts on the left and on the right
_MIN_STEP = 76.0  # least distance between layers with numbers on the edges, …
_STEP_PER_NODE = 4.0  # … which grows with the widest layer
GLYPH_WIDTH = 5.4  # upper bound for the width of a character
_MANY = 9  # stands for n or m neurons: more than are drawn


def _format(how: Callable[..., str], value: float | str, digits: int) -> str:
    """Format a number with `how`; leave a text, such as a name, as it is."""
    return str(value) if isinstance(value, str) else how(value, digits)


@dataclass
class Drawing:
    """The artists of a network: nodes by (l, j), edges by (l, j, k), texts by (kind, l, j[, k]).

    Neurons j and k count from 1, as in the book; kinds of text are "w", "b", "z", "a", "δ", "y".
    """

    nodes: dict[tuple[int, int], Circle] = field(default_factory=dict)
    edges: dict[tuple[int, int, int], Line2D] = field(default_factory=dict)
    texts: dict[tuple, Text] = field(default_factory=dict)


def _visible(n: int, most: int) -> list[int | None]:
    """Return the neurons of a layer that are drawn; None stands for the dots between them."""
    if n <= most:
        return list(range(1, n + 1))
    return [*range(1, most - 1), None, n]


def _positions(sizes: Sequence[int], most: int, step: float, gap: float) -> list[dict]:
    """Return for each layer the position of each visible neuron, and of the dots under None."""
    layers = []
    for l, n in enumerate(sizes):
        visible = _visible(n, most)
        top = gap * (len(visible) - 1) / 2
        layers.append({j: (step * l, top - gap * row) for row, j in enumerate(visible)})
    return layers


def _name(l: int, L: int, j: int) -> str:
    if l == 0:
        return f"x{subscript(j)}"
    return f"ŷ{subscript(j)}" if l == L else symbol("a", l, j)


@style()
def draw_network(
    ax: Axes,
    sizes: Sequence[int],
    *,
    W: Mapping | None = None,
    b: Mapping | None = None,
    z: Mapping | None = None,
    a: Mapping | None = None,
    delta: Mapping | None = None,
    y: np.ndarray | None = None,
    nodes: Collection[tuple[int, int]] = (),
    edges: Collection[tuple[int, int, int]] = (),
    names: bool | None = None,
    most: int = 6,
    digits: int = 2,
    below: float = 0.0,
    share: float | None = None,
) -> Drawing:
    """Draw a network: one node per neuron, one edge per weight, layer 0 on the left.

    `W`, `b`, `z`, `a` and `delta` are keyed by layer as in the book, for one sample, and are
    optional: weights are on the edges, a in the nodes, b and z above them, δ below; a text in place
    of a number stays as it is. `y`, the target, is beside the outputs. `nodes` (l, j) and `edges`
    (l, j, k), counted from 1, are drawn in the colour of δ. A layer wider than `most` shows dots
    for the rest. Without `a` the nodes show their names, unless `names` is False. A weight is
    written at a fraction `share` of its edge, by default near the sender. If `ax` is alone in its
    figure, the figure takes the size of the drawing, with `below` points of room under it.
    """
    target = {} if y is None else {len(sizes) - 1: y}
    given = {"b": b, "z": z, "a": a, "δ": delta, "y": target}
    over, under = sum(given[kind] is not None for kind in "bz"), int(delta is not None)
    texts = _ABOVE + _LINE * over, _ABOVE + _LINE * under
    gap = 2 * RADIUS + sum(texts) + (_GAP if over + under else 4.0)
    sides = _sides([f"y = {short(v, digits)}" for v in np.ravel(y)] if target else [])
    widest = max(map(len, (_visible(n, most) for n in sizes)))
    min_step = _MIN_STEP + _STEP_PER_NODE * widest if W is not None else 0.0
    width, step = _fit_width(ax, len(sizes) - 1, min_step, sum(sides))
    positions = _positions(sizes, most, step, gap)
    drawing = Drawing()
    for l, layer in enumerate(positions):
        for j, position in layer.items():
            if j is None:
                ax.text(*position, "⋮", ha="center", va="center", fontsize=FONT + 3)
                continue
            drawing.nodes[l, j] = _draw_node(ax, position, (l, j) in nodes)
            inner = _name(l, len(sizes) - 1, j) if names or (names is None and a is None) else ""
            _write_neuron(ax, drawing, (l, j), position, given, inner, digits)
    for l in range(1, len(sizes)):
        _draw_edges(ax, drawing, l, positions, W, edges, digits, share)
    _fit_axes(ax, positions, width, sides, texts, below)
    return drawing


@style()
def draw_layer(ax: Axes, inputs: str = "n", neurons: str = "m", most: int = 4) -> Drawing:
    """Draw a layer with n inputs and m neurons, and write its name on every weight.

    w_jk, without the layer's number, is on the edge to neuron j from input k. Dots stand for the
    nodes that are left out before the last one, whose index is the letter.
    """
    ends = [[*range(1, _MANY), letter] for letter in (inputs, neurons)]
    a = {l: np.array([symbol("a", l, j) for j in end]) for l, end in enumerate(ends)}
    rows = [[f"w{subscript(j)}{subscript(k)}" for k in ends[0]] for j in ends[1]]
    return draw_network(ax, (_MANY, _MANY), W={1: np.array(rows)}, a=a, most=most)


def _sides(targets: Sequence[str]) -> tuple[float, float]:
    """Return the room left and right of the outer nodes, with these texts beside the outputs."""
    if not targets:
        return _SIDE, _SIDE
    return RADIUS + 4, RADIUS + 10 + max(map(_text_width, targets))


def _fit_width(ax: Axes, steps: int, min_step: float, sides: float) -> tuple[float, float]:
    """Return the width of the drawing, at least the figure's, and the distance between layers."""
    width = 72 * ax.get_figure(root=True).get_size_inches()[0]
    step = min(150.0, (width - sides) / steps)
    return (width, step) if step >= min_step else (sides + min_step * steps, min_step)


def _draw_edges(ax, drawing, l, positions, W, marked, digits, share) -> None:
    """Draw the weights into layer l, with numbers placed so that no two texts overlap."""
    wanted = share or 1 / (1 + len(positions[l]))
    taken = [
        (*text.get_position(), _text_width(text.get_text())) for text in drawing.texts.values()
    ]
    for j, end in positions[l].items():
        for k, start in positions[l - 1].items():
            if j is None or k is None:
                continue
            drawing.edges[l, j, k] = _draw_edge(ax, start, end, (l, j, k) in marked)
            if W is not None:
                text = _format(short, W[l][j - 1, k - 1], digits)
                x, y = _free_position(start, end, wanted, _text_width(text), taken)
                taken.append((x, y, _text_width(text)))
                drawing.texts["w", l, j, k] = _write_weight(ax, x, y, text)


def _text_width(text: str) -> float:
    return len(text) * GLYPH_WIDTH


def _free_position(start, end, wanted: float, width: float, taken) -> tuple[float, float]:
    """Return the position of a text on an edge, near a fraction `wanted`, clear of other texts."""
    margin = (RADIUS + 5 + width / 2) / (end[0] - start[0])
    fractions = np.linspace(margin, 1 - margin, 31)
    for t in fractions[np.argsort(np.abs(fractions - wanted), kind="stable")]:
        x, y = np.add(start, t * np.subtract(end, start)) - (0, 3)
        if all(abs(x - u) > (width + w) / 2 + 1 or abs(y - v) > _LINE - 1.5 for u, v, w in taken):
            break
    return float(x), float(y)


def _draw_edge(ax: Axes, start, end, marked: bool) -> Line2D:
    (line,) = ax.plot(*zip(start, end, strict=True), zorder=1, clip_on=False)
    mark_edge(line, marked)
    return line


def _draw_node(ax: Axes, position, marked: bool) -> Circle:
    node = ax.add_patch(Circle(position, RADIUS, facecolor=PAPER, zorder=2, clip_on=False))
    mark_node(node, marked)
    return node


def mark_edge(line: Line2D, marked: bool) -> None:
    """Mark an edge with the colour and width of δ, or unmark it."""
    line.set(color=ORANGE if marked else MUTED, linewidth=2.2 if marked else 0.7)


def mark_node(node: Circle, marked: bool) -> None:
    """Mark a node's rim with the colour and width of δ, or unmark it."""
    node.set(edgecolor=ORANGE if marked else INK, linewidth=2.6 if marked else 0.9)


def _write_neuron(ax, drawing, key, position, given, inner, digits) -> None:
    """Write the numbers of a neuron: a (or its name) in it, b and z above, δ below, y beside."""
    (l, j), (x, y) = key, position
    numbers = {
        kind: _format(signed if l and kind in "zaδ" else short, np.ravel(values[l])[j - 1], digits)
        for kind, values in given.items()
        if values is not None and l in values
    }
    if inner or "a" in numbers:
        drawing.texts["a", l, j] = _write(ax, x, y - 3, numbers.get("a", inner))
    for row, kind in enumerate(kind for kind in "zb" if kind in numbers):
        height = y + RADIUS + _ABOVE + _LINE * row
        drawing.texts[kind, l, j] = _write(ax, x, height, f"{kind} = {numbers[kind]}")
    if "δ" in numbers:
        drawing.texts["δ", l, j] = _write(ax, x, y - RADIUS - _LINE, f"δ = {numbers['δ']}")
    if "y" in numbers:
        text = f"y = {numbers['y']}"
        beside = x + RADIUS + 5 + _text_width(text) / 2
        drawing.texts["y", l, j] = _write(ax, beside, y - 3, text, color=GREEN)


def _write(ax: Axes, x: float, y: float, text: str, **look) -> Text:
    return ax.text(x, y, text, ha="center", zorder=3, **look)


def _write_weight(ax: Axes, x: float, y: float, text: str) -> Text:
    """Write a number on an edge, on paper: otherwise the edge makes −1.5 look like −1:5."""
    background = {"facecolor": PAPER, "edgecolor": "none", "boxstyle": "square,pad=0.1"}
    return _write(ax, x, y, text, bbox=background)


def _fit_axes(ax: Axes, positions, width: float, sides, texts, below: float) -> None:
    """Fit the axes around the drawing, with room for the texts."""
    points = np.array([position for layer in positions for position in layer.values()])
    (left, low), (right, high) = points.min(axis=0), points.max(axis=0)
    spare = (width - (right - left) - sum(sides)) / 2
    top, bottom = high + RADIUS + 2 + texts[0], low - RADIUS - 2 - texts[1] - below
    axes_in_points(ax, (left - spare - sides[0], right + spare + sides[1]), (bottom, top))
