"""The drawing of a network: any widths, with weights, z, a and δ at their places."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Circle
from matplotlib.text import Text

from nnbook.drawing.numbers import short, signed, subscript, symbol
from nnbook.drawing.style import FONT, GREEN, INK, MUTED, ORANGE, PAPER, style

RADIUS = 19.0  # points, as are all lengths here
_LINE = 11.0  # from one line of text to the next
_ABOVE = 4.0  # from a node's rim to the baseline of the text over it
_APART = 15.0  # from the texts of a neuron to those of the next one: more than to their own node
_SIDE = 32.0  # room for texts left and right
_STEP = 76.0, 4.0  # from layer to layer, with numbers on the edges: at least, and for each neuron
_GLYPH = 5.4  # width of a character, on the safe side
_MANY = 9  # so many neurons stand for n or m of them: more than are drawn


def _said(how: Callable[..., str], value, digits: int) -> str:
    """A number as `how` writes it; a text, a name say, stays as it is."""
    return str(value) if isinstance(value, str) else how(value, digits)


@dataclass
class Drawing:
    """What was drawn: nodes by (l, j), edges by (l, j, k), texts by (kind, l, j[, k]).

    Neurons j and k count from 1, as in the book; kinds of text are "w", "b", "z", "a", "δ", "y".
    """

    nodes: dict[tuple[int, int], Circle] = field(default_factory=dict)
    edges: dict[tuple[int, int, int], Line2D] = field(default_factory=dict)
    texts: dict[tuple, Text] = field(default_factory=dict)


def _shown(n: int, most: int) -> list[int | None]:
    """Which neurons of a layer are drawn; None stands for the dots between."""
    if n <= most:
        return list(range(1, n + 1))
    return [*range(1, most - 1), None, n]


def _places(sizes: Sequence[int], most: int, step: float, gap: float) -> list[dict]:
    """For each layer the place of each neuron drawn, and of the dots under None."""
    layers = []
    for l, n in enumerate(sizes):
        shown = _shown(n, most)
        top = gap * (len(shown) - 1) / 2
        layers.append({j: (step * l, top - gap * row) for row, j in enumerate(shown)})
    return layers


def _names(l: int, L: int, j: int) -> str:
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
    """Draw the network: a node for a neuron, an edge for a weight, layer 0 on the left.

    `W`, `b`, `z`, `a`, `delta` are keyed by layer as in the book (a sample's column each) and are
    written, where given, on the edges, above (b over z), in and under the nodes; a text in place of
    a number stays as it is. `y` is the target and stands beside the outputs. `nodes` (l, j) and
    `edges` (l, j, k), counted from 1, are drawn in the colour of δ. A layer wider than `most` shows
    dots for the rest. Without `a` the nodes bear their names, unless `names` is False. The numbers
    of edges stand at this `share` of their way, or else near the sender. Where `ax` is alone in
    its figure, the figure takes the size that the drawing needs, and `below` points more under it.
    """
    target = {} if y is None else {len(sizes) - 1: y}
    given = {"b": b, "z": z, "a": a, "δ": delta, "y": target}
    over, under = sum(given[kind] is not None for kind in "bz"), int(delta is not None)
    texts = _ABOVE + _LINE * over, _ABOVE + _LINE * under
    gap = 2 * RADIUS + sum(texts) + (_APART if over + under else 4.0)
    sides = _sides([f"y = {short(v, digits)}" for v in np.ravel(y)] if target else [])
    widest = max(map(len, (_shown(n, most) for n in sizes)))
    least = _STEP[0] + _STEP[1] * widest if W is not None else 0.0
    width, step = _width(ax, len(sizes) - 1, least, sum(sides))
    places = _places(sizes, most, step, gap)
    drawing = Drawing()
    for l, layer in enumerate(places):
        for j, place in layer.items():
            if j is None:
                ax.text(*place, "⋮", ha="center", va="center", fontsize=FONT + 3)
                continue
            drawing.nodes[l, j] = _node(ax, place, (l, j) in nodes)
            inner = _names(l, len(sizes) - 1, j) if names or (names is None and a is None) else ""
            _write(ax, drawing, (l, j), place, given, inner, digits)
    for l in range(1, len(sizes)):
        _edges(ax, drawing, l, places, W, edges, digits, share)
    _frame(ax, places, width, sides, texts, below)
    return drawing


@style()
def draw_layer(ax: Axes, inputs: str = "n", neurons: str = "m", most: int = 4) -> Drawing:
    """Draw a layer of any widths, n inputs and m neurons, and write its name on every weight.

    w_jk, without the layer's number, stands on the edge to neuron j from input k. Dots stand for
    the nodes between the last but one that is drawn and the last, which bears the letter.
    """
    ends = [[*range(1, _MANY), letter] for letter in (inputs, neurons)]
    a = {l: np.array([symbol("a", l, j) for j in end]) for l, end in enumerate(ends)}
    rows = [[f"w{subscript(j)}{subscript(k)}" for k in ends[0]] for j in ends[1]]
    return draw_network(ax, (_MANY, _MANY), W={1: np.array(rows)}, a=a, most=most)


def _sides(beside: Sequence[str]) -> tuple[float, float]:
    """The room left and right of the outer nodes, with these texts beside the outputs."""
    if not beside:
        return _SIDE, _SIDE
    return RADIUS + 4, RADIUS + 10 + max(map(_length, beside))


def _width(ax: Axes, steps: int, least: float, sides: float) -> tuple[float, float]:
    """The width of the drawing and its step from layer to layer: the figure's, or more."""
    width = 72 * ax.get_figure(root=True).get_size_inches()[0]
    step = min(150.0, (width - sides) / steps)
    return (width, step) if step >= least else (sides + least * steps, least)


def _edges(ax, drawing, l, places, W, marked, digits, share) -> None:
    """The weights into layer l, with their numbers at places where no two texts meet."""
    wish = share or 1 / (1 + len(places[l]))
    taken = [(*text.get_position(), _length(text.get_text())) for text in drawing.texts.values()]
    for j, end in places[l].items():
        for k, start in places[l - 1].items():
            if j is None or k is None:
                continue
            drawing.edges[l, j, k] = _edge(ax, start, end, (l, j, k) in marked)
            if W is not None:
                text = _said(short, W[l][j - 1, k - 1], digits)
                x, y = _free(start, end, wish, _length(text), taken)
                taken.append((x, y, _length(text)))
                drawing.texts["w", l, j, k] = _label(ax, x, y, text)


def _length(text: str) -> float:
    return len(text) * _GLYPH


def _free(start, end, wish: float, width: float, taken) -> tuple[float, float]:
    """The place of a text on an edge: near the share `wish`, off the texts before."""
    clear = (RADIUS + 5 + width / 2) / (end[0] - start[0])
    shares = np.linspace(clear, 1 - clear, 31)
    for share in shares[np.argsort(np.abs(shares - wish), kind="stable")]:
        x, y = np.add(start, share * np.subtract(end, start)) - (0, 3)
        if all(abs(x - u) > (width + w) / 2 + 1 or abs(y - v) > _LINE - 1.5 for u, v, w in taken):
            break
    return float(x), float(y)


def _edge(ax: Axes, start, end, marked: bool) -> Line2D:
    (line,) = ax.plot(*zip(start, end, strict=True), zorder=1, clip_on=False)
    mark_edge(line, marked)
    return line


def _node(ax: Axes, place, marked: bool) -> Circle:
    node = ax.add_patch(Circle(place, RADIUS, facecolor=PAPER, zorder=2, clip_on=False))
    mark_node(node, marked)
    return node


def mark_edge(line: Line2D, marked: bool) -> None:
    """Draw an edge in the colour and weight of δ, or in the quiet one."""
    line.set(color=ORANGE if marked else MUTED, linewidth=2.2 if marked else 0.7)


def mark_node(node: Circle, marked: bool) -> None:
    """Draw a node's rim in the colour and weight of δ, or in ink."""
    node.set(edgecolor=ORANGE if marked else INK, linewidth=2.6 if marked else 0.9)


def _write(ax, drawing, key, place, given, inner, digits) -> None:
    """The numbers of one neuron: a (or its name) in it, b and z above, δ below, y beside it."""
    (l, j), (x, y) = key, place
    numbers = {
        kind: _said(signed if l and kind in "zaδ" else short, np.ravel(values[l])[j - 1], digits)
        for kind, values in given.items()
        if values is not None and l in values
    }
    if inner or "a" in numbers:
        drawing.texts["a", l, j] = _text(ax, x, y - 3, numbers.get("a", inner))
    for row, kind in enumerate(kind for kind in "zb" if kind in numbers):
        height = y + RADIUS + _ABOVE + _LINE * row
        drawing.texts[kind, l, j] = _text(ax, x, height, f"{kind} = {numbers[kind]}")
    if "δ" in numbers:
        drawing.texts["δ", l, j] = _text(ax, x, y - RADIUS - _LINE, f"δ = {numbers['δ']}")
    if "y" in numbers:
        text = f"y = {numbers['y']}"
        beside = x + RADIUS + 5 + _length(text) / 2
        drawing.texts["y", l, j] = _text(ax, beside, y - 3, text, color=GREEN)


def _text(ax: Axes, x: float, y: float, text: str, **look) -> Text:
    return ax.text(x, y, text, ha="center", zorder=3, **look)


def _label(ax: Axes, x: float, y: float, text: str) -> Text:
    """The number of an edge, on paper: else the edge shows through and −1.5 is read as −1:5."""
    ground = {"facecolor": PAPER, "edgecolor": "none", "boxstyle": "square,pad=0.1"}
    return _text(ax, x, y, text, bbox=ground)


def _frame(ax: Axes, places, width: float, sides, texts, below: float) -> None:
    """Nothing but the drawing: no axes, one unit a point, room for the texts."""
    points = np.array([place for layer in places for place in layer.values()])
    (left, low), (right, high) = points.min(axis=0), points.max(axis=0)
    spare = (width - (right - left) - sum(sides)) / 2
    top, bottom = high + RADIUS + 2 + texts[0], low - RADIUS - 2 - texts[1] - below
    ax.set(xlim=(left - spare - sides[0], right + spare + sides[1]), ylim=(bottom, top))
    ax.set_aspect("equal")
    ax.set_axis_off()
    fig = ax.get_figure(root=True)
    if len(fig.axes) == 1:
        ax.set_position((0, 0, 1, 1))
        fig.set_size_inches(width / 72, (top - bottom) / 72)
