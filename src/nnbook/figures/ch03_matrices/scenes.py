"""Scenes of chapter 3: a layer maps the plane, a matrix product, reordered hidden neurons."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from nnbook.drawing.axes import axes_in_points
from nnbook.drawing.network import GLYPH_WIDTH, Drawing, draw_network
from nnbook.drawing.numbers import factor, short, signed, subscript, symbol
from nnbook.drawing.style import BLUE, INK, MUTED, PAPER, PURPLE, SKY, YELLOW, style, subplots
from nnbook.explorers.scene import Scene, Slider
from nnbook.figures.ch03_matrices.plots import CELL, draw_table
from nnmaths.activations import TANH
from nnmaths.network import Network, Parameters, forward

# A layer of two neurons acts on the plane ---------------------------------------------------------

_HALF = np.sqrt(0.5)
MATRICES: Mapping[str, tuple] = {
    "identity": ((1, 0), (0, 1)),
    "stretch": ((2, 0), (0, 0.5)),
    "rotate by 45°": ((_HALF, -_HALF), (_HALF, _HALF)),
    "shear": ((1, 1), (0, 1)),
    "reflect": ((0, 1), (1, 0)),
    "rank one": ((1, -1), (0.5, -0.5)),
}
_STAGES = ("W x", "W x + b", "tanh(W x + b)")
_BIAS = (1.0, -0.5)


def _lattice(reach: int = 2, points: int = 17) -> list[np.ndarray]:
    """Return the lines of a square lattice centred on 0, each (2, points), vertical ones first."""
    along = np.linspace(-reach, reach, points)
    lines = [np.stack([np.full(points, at), along]) for at in range(-reach, reach + 1)]
    return lines + [line[::-1] for line in lines]


def stages(W: np.ndarray, b: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return the stages of a layer for points x (2, N): W x, W x + b and tanh(W x + b)."""
    layer = Network((2, 2), (TANH,))
    z, a = forward(layer, Parameters({1: W}, {1: b}), x)
    linear = forward(layer, Parameters({1: W}, {1: 0 * b}), x).z[1]
    return linear, z[1], a[1]


def _pair(values) -> str:
    texts = [short(v) for v in np.ravel(values)]
    return f"({', '.join(texts)})" if len(texts) > 1 else texts[0]


def _describe_stage(kind: str, stage: int, W: np.ndarray) -> str:
    """Return a sentence on what a stage has done to the lattice."""
    area = abs(W[0, 0] * W[1, 1] - W[0, 1] * W[1, 0])
    return (
        f"{kind}: e₁ and e₂ map to the columns {_pair(W[:, 0])} and {_pair(W[:, 1])} of W; every "
        f"area is multiplied by {short(area)}.",
        f"{kind}: all points move by b = {_pair(_BIAS)}; straight lines stay straight.",
        f"{kind}: tanh maps each coordinate into (−1, 1); lines parallel to an axis stay straight, "
        "others bend (except the two diagonals through 0).",
    )[stage]


def _draw_plane() -> tuple:
    """Draw a dotted lattice; return the lines, unit vectors, names and title that move over it."""
    fig, ax = subplots(height=3.3)
    names = {"xlabel": "first coordinate", "ylabel": "second coordinate"}
    ax.set(xlim=(-4.2, 4.2), ylim=(-3.7, 3.7), aspect="equal", **names)
    for line in _lattice():
        ax.plot(*line, color=MUTED, linewidth=0.5, linestyle=":")
    lines = [ax.plot(*line, color=BLUE, linewidth=0.9)[0] for line in _lattice()]
    arms = [
        ax.plot([0, 1], [0, 0], color=colour, linewidth=2.4, linestyle=dash)[0]
        for colour, dash in ((INK, "-"), (PURPLE, "--"))
    ]
    names = [ax.text(0, 0, f"e{subscript(k)}", ha="center") for k in (1, 2)]
    return fig, lines, arms, names, ax.text(-4.0, 3.3, "")


@style()
def scene_affine() -> Scene:
    """Vary the matrix and the stage: what W, b and tanh do to a square lattice, dotted behind."""
    fig, lines, arms, names, note = _draw_plane()
    lattice, b = _lattice(), np.array([_BIAS]).T
    along, zero = np.linspace(0, 1, 9), np.zeros(9)
    axes = np.stack([along, zero]), np.stack([zero, along])

    def update(kind: str, stage: str) -> str:
        W, number = np.array(MATRICES[kind], dtype=float), _STAGES.index(stage)
        for line, places in zip(lines, lattice, strict=True):
            line.set_data(*stages(W, b, places)[number])
        for arm, name, places in zip(arms, names, axes, strict=True):
            moved = stages(W, b, places)[number]
            arm.set_data(*moved)
            name.set_position(moved[:, -1] + 0.4 * _name_offset(moved[:, -1] - moved[:, 0]))
        note.set_text(stage)
        return _describe_stage(kind, number, W)

    parts = [*lines, *arms, *names, note]
    kind = Slider("kind", tuple(MATRICES), "matrix W", start="shear")
    stage = Slider("stage", _STAGES, "stage", start="W x")
    moving = {f"part{i}": part for i, part in enumerate(parts)}
    return Scene(fig, moving, update, (kind, stage), "stage")


def _name_offset(step: np.ndarray) -> np.ndarray:
    """Return the direction of a vector, a little lower because a name sits on its baseline."""
    length = np.hypot(*step)
    return (step / length if length else step) - (0, 0.3)


# A matrix product, entry by entry -----------------------------------------------------------------


def _draw_falk(W: np.ndarray, a: np.ndarray, product: np.ndarray) -> tuple:
    """Draw W on the left, a above, the product where they meet, and a line of text for the sum."""
    fig, ax = subplots()
    (m, n), N, (wide, high) = W.shape, a.shape[1], CELL
    left, top = n * wide + 16, n * high + 12
    places = ((W, 0, 0), (a, left, top), (product, left, 0))
    tables = [draw_table(ax, *place) for place in places]
    ax.text(n * wide / 2, 6, "W", ha="center")
    ax.text(left - 12, top - n * high / 2 - 3, "a", ha="center")
    ax.text(left + N * wide / 2, -m * high - 14, "W a", ha="center")
    axes_in_points(ax, (-8, max(left + N * wide + 8, 259)), (-m * high - 42, top + 6))
    return fig, tables, ax.text(0, -m * high - 34, "")


@style()
def scene_product(W: np.ndarray, a: np.ndarray) -> Scene:
    """Compute W a entry by entry in Falk's scheme: W on the left, a above, the product between.

    W is (m, n), a is (n, N). Raises ValueError if the inner dimensions differ.
    """
    (m, n), N = W.shape, a.shape[1]
    fig, tables, line = _draw_falk(W, a, W @ a)
    final = {key: text.get_text() for key, text in tables[2].texts.items()}
    order = [None, *final]

    def update(step: int) -> str:
        for key, text in tables[2].texts.items():
            text.set_text(final[key] if key in order[: step + 1] else "")
        for table, marked in zip(tables, _marked(order[step], n), strict=True):
            for key, cell in table.cells.items():
                cell.set_facecolor(marked.get(key, PAPER))
        line.set_text(_sum(W, a, order[step], final) if step else "")
        if not step:
            return f"W is {m} × {n} and a is {n} × {N}: the product will be {m} × {N}."
        j, i = order[step]
        return f"Row {j} of W meets column {i} of a: entry ({j}, {i}) of W a is {final[j, i]}."

    cells = [cell for table in tables for cell in table.cells.values()]
    parts = [*cells, *tables[2].texts.values(), line]
    slider = Slider("step", range(m * N + 1), "entry", f"of {m * N}", start=min(m * N, N + 2))
    return Scene(fig, {f"part{i}": p for i, p in enumerate(parts)}, update, (slider,), "step")


def _sum(W: np.ndarray, a: np.ndarray, now: tuple[int, int], final: Mapping) -> str:
    """Return one entry of a product as a sum with the numbers inserted."""
    pairs = zip(W[now[0] - 1], a[:, now[1] - 1], strict=True)
    return f"{' + '.join(f'{factor(w)}·{factor(s)}' for w, s in pairs)} = {final[now]}"


def _marked(now: tuple[int, int] | None, n: int) -> tuple[dict, dict, dict]:
    """Return the background colours of a row of W, a column of a and their entry of the product."""
    if now is None:
        return {}, {}, {}
    j, i = now
    row = {(j, k): to_rgba(SKY, 0.45) for k in range(1, n + 1)}
    column = {(k, i): to_rgba(YELLOW, 0.45) for k in range(1, n + 1)}
    return row, column, {now: to_rgba(PURPLE, 0.45)}


# Hidden neurons in another order ------------------------------------------------------------------

_TINTS = (SKY, YELLOW, PURPLE, MUTED)


def reordered(theta: Parameters, order: Sequence[int]) -> Parameters:
    """Permute the hidden neurons of a network with one hidden layer.

    `order` lists the old numbers from 1; rows of W⁽¹⁾ and b⁽¹⁾ and columns of W⁽²⁾ follow it.
    """
    rows = [number - 1 for number in order]
    W = {1: theta.W[1][rows], 2: theta.W[2][:, rows]}
    return Parameters(W, {1: theta.b[1][rows], 2: theta.b[2]})


def _placeholders(W: Mapping[int, np.ndarray]) -> dict[int, np.ndarray]:
    """Return texts as long as the longest number of each layer, which leave room for any order."""
    return {
        l: np.full(w.shape, "0" * max(len(short(v)) for v in np.ravel(w))) for l, w in W.items()
    }


def _add_backgrounds(ax: Axes, texts: Iterable[Text]) -> None:
    """Put paper under the numbers on edges, as wide as each may become."""
    for text in texts:
        (x, y), width = text.get_position(), GLYPH_WIDTH * len(text.get_text()) + 2
        look = {"facecolor": PAPER, "linewidth": 0, "zorder": 1.5}
        ax.add_patch(Rectangle((x - width / 2, y - 2), width, 11, **look))


def _show_hidden(drawing: Drawing, order: Sequence[int], a: np.ndarray, b: np.ndarray) -> None:
    """Show the hidden neurons in this order; each keeps its rim, its activation and its bias."""
    for j, number in enumerate(order, start=1):
        drawing.nodes[1, j].set(edgecolor=_TINTS[number - 1], linewidth=3)
        drawing.texts["a", 1, j].set_text(signed(a[j - 1, 0]))
        drawing.texts["b", 1, j].set_text(f"b = {short(b[j - 1, 0])}")


@style()
def scene_orders(network: Network, theta: Parameters, x: np.ndarray) -> Scene:
    """Reorder the hidden neurons of a small network: other parameters, the same output.

    x is one sample, (n_0, 1). Raises ValueError unless the network has one hidden layer of at most
    four neurons.
    """
    if network.L != 2 or network.sizes[1] > 4:
        raise ValueError(f"network: expected one hidden layer of 1 to 4, found {network.sizes}")
    n, a = network.sizes[1], forward(network, theta, x).a
    orders = {" ".join(map(str, order)): order for order in permutations(range(1, n + 1))}
    fig, ax = subplots()
    drawing = draw_network(ax, network.sizes, W=_placeholders(theta.W), b=theta.b, a=a, share=0.7)
    weights = {key[1:]: text for key, text in drawing.texts.items() if key[0] == "w"}
    _add_backgrounds(ax, weights.values())

    def update(order: str) -> str:
        now = reordered(theta, orders[order])
        out = forward(network, now, x).a
        _show_hidden(drawing, orders[order], out[1], now.b[1])
        for (l, j, k), text in weights.items():
            text.set_text(short(now.W[l][j - 1, k - 1]))
        place = f"{symbol('w', 1, 1, 1)} = {short(now.W[1][0, 0])}"
        return f"Hidden neurons in the order {order}: {place}, and the output is {_pair(out[2])}."

    hidden = range(1, n + 1)
    moving = {f"w{l}{j}{k}": text for (l, j, k), text in weights.items()}
    moving |= {f"node{j}": drawing.nodes[1, j] for j in hidden}
    moving |= {f"{kind}{j}": drawing.texts[kind, 1, j] for kind in "ab" for j in hidden}
    slider = Slider("order", tuple(orders), "order", start=list(orders)[len(orders) // 3])
    return Scene(fig, moving, update, (slider,), "order")
