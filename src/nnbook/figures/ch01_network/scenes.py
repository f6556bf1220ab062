"""Scenes of chapter 1: one neuron over the input plane, a forward pass, networks of any size."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.patches import Polygon

from nnbook.drawing.network import draw_network
from nnbook.drawing.numbers import factor, short, signed, subscript, symbol
from nnbook.drawing.style import BLUE, INK, PAPER, SKY, YELLOW, style, subplots
from nnbook.explorers.scene import Scene, Slider
from nnbook.figures.ch01_network.plots import (
    LEVELS,
    Layers,
    draw_layers,
    edge_path,
    layer_name,
    node_positions,
    parameter_count,
    plot_shades,
)
from nnmaths.activations import SIGMOID
from nnmaths.arrays import column
from nnmaths.network import Network, Parameters, forward, initialise

# One neuron with two inputs -----------------------------------------------------------------------

_SPAN = 2.0  # the plane is drawn from −2 to 2 on both axes
_REACH = 9.0  # the curve is drawn from −9 to 9
_ALPHAS = (0.27, 0.2, 0.12), (0.14, 0.2, 0.33)  # stacked, they give the shades of `plot_output`
_CORNERS = np.array([[-_SPAN, -_SPAN], [_SPAN, -_SPAN], [_SPAN, _SPAN], [-_SPAN, _SPAN]])


def half_plane(w: np.ndarray, b: float) -> np.ndarray:
    """Return the corners of the part of the square where w·x + b ≥ 0: (M, 2), M = 0 for none."""
    z = _CORNERS @ w + b
    corners = []
    for i, j in ((0, 1), (1, 2), (2, 3), (3, 0)):
        if z[i] >= 0:
            corners.append(_CORNERS[i])
        if (z[i] >= 0) != (z[j] >= 0):
            t = z[i] / (z[i] - z[j])
            corners.append(_CORNERS[i] + t * (_CORNERS[j] - _CORNERS[i]))
    return np.reshape(corners, (-1, 2))


def _set_polygon(patch: Polygon, corners: np.ndarray) -> None:
    patch.set_visible(len(corners) > 0)
    patch.set_xy(corners if len(corners) else np.zeros((3, 2)))


def _boundary(w: np.ndarray, b: float) -> np.ndarray:
    """Return the ends of the line w·x + b = 0 in the square: (2, 2), or (0, 2) if it misses it."""
    corners = half_plane(w, b)
    on_line = corners[np.abs(corners @ w + b) < 1e-9] if w.any() else corners[:0]
    ends = np.unique(on_line.round(9), axis=0)  # sorted, without duplicates
    return ends[[0, -1]] if len(ends) > 1 else ends[:0]


def _draw_plane(ax: Axes, x: np.ndarray) -> dict:
    """Draw the input plane with the sample x; return its moving artists by name."""
    ax.set(xlim=(-_SPAN, _SPAN), ylim=(-_SPAN, _SPAN), aspect="equal", xlabel="x₁", ylabel="x₂")
    ax.set(xticks=range(-2, 3), yticks=range(-2, 3))
    moving = {}
    for side, colour, alphas in (("low", SKY, _ALPHAS[0]), ("high", YELLOW, _ALPHAS[1])):
        for i, alpha in enumerate(alphas):
            look = {"facecolor": to_rgba(colour, alpha), "linewidth": 0}
            moving[f"{side}{i}"] = ax.add_patch(Polygon(_CORNERS, **look))
    (moving["border"],) = ax.plot([0, 1], [0, 1], color=INK, linewidth=1.6)
    (moving["weights"],) = ax.plot([0, 1], [0, 1], color=BLUE, linewidth=1.6)
    (moving["tip"],) = ax.plot([1], [1], "D", color=BLUE, markersize=4, markeredgewidth=0)
    ax.plot(*x, "o", markersize=5, markerfacecolor=PAPER, markeredgecolor=INK, markeredgewidth=1.2)
    ax.annotate("x", x, xytext=(5, 3), textcoords="offset points")
    return moving


def _shade(moving: dict, w: np.ndarray, b: float) -> None:
    """Stack the half-planes a ≥ ½, 0.7, 0.9, and those with a ≤ ½, 0.3, 0.1."""
    for i, level in enumerate(LEVELS[2:]):
        logit = np.log(level / (1 - level))
        _set_polygon(moving[f"high{i}"], half_plane(w, b - logit))
        _set_polygon(moving[f"low{2 - i}"], half_plane(-w, -b - logit))


def _draw_curve(ax: Axes) -> dict:
    """Draw the sigmoid over the six shades; return the dot that marks the sample."""
    plot_shades(ax)
    zs = np.linspace(-_REACH, _REACH, 73)
    ax.plot(zs, SIGMOID(zs), color=INK, linewidth=1.0)
    ax.set(xlim=(-_REACH, _REACH), xticks=range(-8, 9, 4), xlabel="z", ylabel="a = σ(z)")
    look = {"markersize": 6, "markerfacecolor": PAPER, "markeredgecolor": INK}
    (here,) = ax.plot([0], [0], "o", markeredgewidth=1.2, clip_on=False, **look)
    return {"here": here}


def _sum(w1: float, w2: float, b: float, x: Sequence[float]) -> str:
    """Return the weighted sum with the numbers inserted."""
    return f"{short(w1)}·{short(x[0])} + {factor(w2)}·{short(x[1])} + {factor(b)}"


@style()
def scene_neuron(x: Sequence[float] = (1.0, 0.5)) -> Scene:
    """Vary w₁, w₂ and b of one neuron: shades of its output, the line a = ½, and one sample."""
    fig, (top, bottom) = subplots(2, height=4.1, height_ratios=(3, 1))
    moving = _draw_plane(top, np.asarray(x)) | _draw_curve(bottom)
    at = column(x)
    network = Network((2, 1), (SIGMOID,))

    def update(w1: float, w2: float, b: float) -> str:
        w = np.array([w1, w2])
        z, a = forward(network, Parameters({1: w[None]}, {1: np.array([[b]])}), at)
        _shade(moving, w, b)
        moving["border"].set_data(*_boundary(w, b).T)
        moving["weights"].set_data([0, w1 / 4], [0, w2 / 4])
        moving["tip"].set_data([w1 / 4], [w2 / 4])
        moving["here"].set_data([z[1].item()], [a[1].item()])
        total, output = signed(z[1].item()), signed(a[1].item(), 4)
        place = f"({short(x[0])}, {short(x[1])})"
        numbers = f"z = {_sum(w1, w2, b, x)} = {total}, a = σ(z) = {output}"
        return f"At x = {place}: {numbers}. {_describe_boundary(w, b)}"

    sliders = (
        Slider("w1", (-4, -2, -1, 0, 1, 2, 4), "weight w₁", start=2),
        Slider("w2", (-2, -1, 0, 1, 2), "weight w₂", start=1),
        Slider("b", (-3, -1.5, 0, 1.5, 3), "bias b", start=-1.5),
    )
    return Scene(fig, moving, update, sliders)


def _describe_boundary(w: np.ndarray, b: float) -> str:
    """Return a sentence on the line a = ½."""
    if not w.any():
        return "Both weights are 0: the output is the same everywhere."
    if len(_boundary(w, b)) == 0:
        return "The line a = ½ is outside the picture."
    return "The black line is a = ½; the blue line points in the direction of (w₁, w₂)."


# A forward pass -----------------------------------------------------------------------------------


def _list(values: np.ndarray) -> str:
    return ", ".join(signed(v) for v in np.ravel(values))


@style()
def scene_forward(
    network: Network, theta: Parameters, x1: Sequence[float], x2: Sequence[float]
) -> Scene:
    """Vary the two inputs of a small network, and with them z and a of every neuron.

    Raises ValueError for a network that does not have two inputs.
    """
    if network.sizes[0] != 2:
        raise ValueError(f"network: expected 2 inputs, found {network.sizes[0]}")
    fig, ax = subplots()
    z, a = forward(network, theta, column([0.0, 0.0]))
    drawing = draw_network(ax, network.sizes, W=theta.W, b=theta.b, z=z, a=a)
    texts = {key: text for key, text in drawing.texts.items() if key[0] in "za"}

    def update(x1: float, x2: float) -> str:
        z, a = forward(network, theta, column([x1, x2]))
        for kind, l, j in texts:
            value = signed({"z": z, "a": a}[kind][l][j - 1, 0]) if l else short(a[0][j - 1, 0])
            texts[kind, l, j].set_text(f"z = {value}" if kind == "z" else value)
        hidden = (f"{symbol('a', l)} = ({_list(a[l])})" for l in range(1, network.L))
        return f"x = ({short(x1)}, {short(x2)}): {'; '.join(hidden)}; ŷ = {_list(a[network.L])}."

    moving = {f"{kind}{l}-{j}": text for (kind, l, j), text in texts.items()}
    sliders = (
        Slider("x1", x1, "input x₁", start=x1[len(x1) // 2]),
        Slider("x2", x2, "input x₂", start=x2[len(x2) // 2]),
    )
    return Scene(fig, moving, update, sliders)


# Networks of any size -----------------------------------------------------------------------------

_WIDTHS = (1, 2, 3, 4, 6, 8)
_MAX_HIDDEN = 4  # hidden layers


def _count_parameters(network: Network) -> str:
    """Return the number of parameters layer by layer, their sum, and how many are weights."""
    theta = initialise(network, np.random.default_rng(0), "zeros")
    terms = [network.sizes[l] * (network.sizes[l - 1] + 1) for l in network.layers]
    biases = sum(network.sizes[1:])
    total = " + ".join(map(str, terms)) + f" = {theta.size}" if network.L > 1 else f"{theta.size}"
    return f"{total} parameters: {theta.size - biases} weights, one per edge, and {biases} biases."


def _redraw(drawing: Layers, sizes: Sequence[int], step: float) -> None:
    """Move the layers of a drawing to the positions in a network of these sizes."""
    L = len(sizes) - 1
    positions = [node_positions(l, n, step) for l, n in enumerate(sizes)]
    for l, nodes in enumerate(drawing.nodes):
        nodes.set_visible(l <= L)
        if l <= L:
            nodes.set_data(*positions[l].T)
            nodes.set_markeredgewidth(1.8 if l == L else 0.9)
        if 1 <= l <= L:
            drawing.edges[l - 1].set_data(*edge_path(positions[l - 1], positions[l]).T)
        drawing.edges[l - 1].set_visible(l <= L) if l else None
        product, total = parameter_count(sizes, l) if l <= L else ("", "")
        width = f"n{subscript(l)} = {sizes[l]}" if l <= L else ""
        named = {"name": layer_name(l, L) if l <= L else "", "width": width}
        for kind, text in {**named, "product": product, "sum": total}.items():
            drawing.texts[kind, l].set_text(text)


@style()
def scene_widths(inputs: int = 3, outputs: int = 2) -> Scene:
    """Vary the number and width of the hidden layers: the network and its parameters by layer."""
    fig, ax = subplots()
    widest = _WIDTHS[-1]
    drawing = draw_layers(ax, (inputs, *[widest] * _MAX_HIDDEN, outputs))
    step = float(drawing.nodes[1].get_xdata()[0])

    def update(hidden: int, width: int) -> str:
        sizes = (inputs, *[width] * hidden, outputs)
        _redraw(drawing, sizes, step)
        network = Network(sizes, (SIGMOID,) * (len(sizes) - 1))
        widths = "-".join(map(str, sizes))
        return f"Depth L = {network.L}, widths {widths}: {_count_parameters(network)}"

    edges = {f"edges{l}": line for l, line in enumerate(drawing.edges)}
    nodes = {f"nodes{l}": line for l, line in enumerate(drawing.nodes)}
    texts = {f"{kind}{l}": text for (kind, l), text in drawing.texts.items()}
    sliders = (
        Slider("hidden", range(_MAX_HIDDEN + 1), "hidden layers", start=2),
        Slider("width", _WIDTHS, "width of each", start=4),
    )
    return Scene(fig, edges | nodes | texts, update, sliders)
