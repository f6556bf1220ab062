"""Scenes of chapter 6: the backward pass step by step, and vanishing δ in deep networks."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

import numpy as np
from matplotlib.axis import Axis
from matplotlib.text import Text
from matplotlib.ticker import FixedLocator

from nnbook.drawing.axes import log_axis
from nnbook.drawing.network import Drawing, draw_network, mark_edge, mark_node
from nnbook.drawing.numbers import factor, signed, small, subscript, symbol
from nnbook.drawing.style import BLUE, MUTED, WIDTH, style, subplots
from nnbook.explorers.scene import Scene, Slider
from nnmaths.activations import RELU, SIGMOID, TANH
from nnmaths.backprop import deltas, gradient
from nnmaths.costs import QUADRATIC
from nnmaths.network import Network, Parameters, forward, initialise

_DIGITS = 4
_LINE = 14.0  # distance between lines of a formula, in points
_GLYPH = 4.5  # width of a character of a formula, in points


@dataclass
class _Stage:
    """One step of a pass: its sentence and formula, the numbers it computes, and what it marks."""

    reading: str
    lines: tuple[str, ...] = ()
    known: set = field(default_factory=set)
    nodes: set = field(default_factory=set)
    edges: set = field(default_factory=set)


@dataclass
class _Pass:
    """All numbers of a forward and a backward pass of one sample, computed by the package."""

    network: Network
    theta: Parameters
    x: np.ndarray
    y: np.ndarray

    def __post_init__(self):
        if np.ndim(self.x) != 2 or np.shape(self.x)[1] != 1:
            raise ValueError(f"x: expected one sample, a column (n_0, 1), found {np.shape(self.x)}")
        self.trace = forward(self.network, self.theta, self.x)
        self.delta = deltas(self.network, self.theta, self.trace, self.y, QUADRATIC)
        self.grad = gradient(self.network, self.theta, self.x, self.y, QUADRATIC)

    def neurons(self, l: int) -> range:
        """Return the numbers of the neurons of a layer, from 1."""
        return range(1, self.network.sizes[l] + 1)

    def slope(self, l: int, j: int) -> float:
        """Return σ′(z_j⁽ˡ⁾)."""
        return self.network.sigma[l].df(self.trace.z[l])[j - 1, 0]


def _number(value: float) -> str:
    return signed(value, _DIGITS)


def _factor(value: float) -> str:
    return factor(value, _DIGITS)


def _input(l: int, k: int) -> str:
    return symbol("a", l, k) if l else f"x{subscript(k)}"


def _forward_stage(run: _Pass, l: int, j: int) -> _Stage:
    W, a, b = run.theta.W[l][j - 1], run.trace.a, run.theta.b[l][j - 1, 0]
    before = run.neurons(l - 1)
    terms = (f"{symbol('w', l, j, k)} {_input(l - 1, k)}" for k in before)
    values = (f"{factor(W[k - 1], 3)} · {_factor(a[l - 1][k - 1, 0])}" for k in before)
    z, out = _number(run.trace.z[l][j - 1, 0]), _number(a[l][j - 1, 0])
    return _Stage(
        f"Forward, layer {l}, neuron {j}: z is the weighted sum of its inputs plus its bias, and "
        f"a = σ(z) is {out}.",
        (
            f"{symbol('z', l, j)} = {' + '.join(terms)} + {symbol('b', l, j)}",
            f"= {' + '.join(values)} + {_factor(b)} = {z}",
            f"{symbol('a', l, j)} = σ({z}) = {out}",
        ),
        known={("z", l, j), ("a", l, j)},
        nodes={(l, j)},
        edges={(l, j, k) for k in before},
    )


def _cost_stage(run: _Pass) -> _Stage:
    L, a = run.network.L, run.trace.a[run.network.L]
    terms = (f"({symbol('a', L, j)} − y{subscript(j)})²" for j in run.neurons(L))
    values = (f"({_number(a[j - 1, 0])} − {_factor(run.y[j - 1, 0])})²" for j in run.neurons(L))
    C = _number(QUADRATIC.value(a, run.y))
    return _Stage(
        f"The cost compares the output with the target: C = {C}.",
        (f"C = ½ [{' + '.join(terms)}]", f"= ½ [{' + '.join(values)}] = {C}"),
        nodes={(L, j) for j in run.neurons(L)},
    )


def _output_stage(run: _Pass, j: int) -> _Stage:
    L = run.network.L
    a, y, delta = run.trace.a[L][j - 1, 0], run.y[j - 1, 0], _number(run.delta[L][j - 1, 0])
    d, y_name = symbol("δ", L, j), f"y{subscript(j)}"
    return _Stage(
        f"Backward, output neuron {j}: the residual times the slope is {d} = {delta}.",
        (
            f"{d} = ({symbol('a', L, j)} − {y_name}) · σ′({symbol('z', L, j)})",
            f"= ({_number(a)} − {_factor(y)}) · {_number(run.slope(L, j))} = {delta}",
        ),
        known={("δ", L, j)},
        nodes={(L, j)},
    )


def _hidden_stage(run: _Pass, l: int, j: int) -> _Stage:
    W, later, d = run.theta.W[l + 1][:, j - 1], run.delta[l + 1][:, 0], symbol("δ", l, j)
    above = run.neurons(l + 1)
    terms = (f"{symbol('w', l + 1, k, j)} {symbol('δ', l + 1, k)}" for k in above)
    values = (f"{factor(w, 3)} · {_factor(delta)}" for w, delta in zip(W, later, strict=True))
    slope, delta = _number(run.slope(l, j)), _number(run.delta[l][j - 1, 0])
    return _Stage(
        f"Backward, layer {l}, neuron {j}: the δ of the next layer pass back through the same "
        f"weights; {d} = {delta}.",
        (
            f"{d} = ({' + '.join(terms)}) · σ′({symbol('z', l, j)})",
            f"= ({' + '.join(values)}) · {slope}",
            f"= ({_sum(W * later.round(_DIGITS))}) · {slope} = {delta}",  # as the line above reads
        ),
        known={("δ", l, j)},
        nodes={(l, j)} | {(l + 1, k) for k in above},
        edges={(l + 1, k, j) for k in above},
    )


def _sum(values: np.ndarray) -> str:
    """Return a sum with the signs of its terms: −0.1370 − 0.4341."""
    first, *rest = values
    return _number(first) + "".join(f" {'−' if v < 0 else '+'} {_number(abs(v))}" for v in rest)


def _gradient_stage(run: _Pass, l: int) -> _Stage:
    delta, a = run.delta[l][0, 0], run.trace.a[l - 1][0, 0]
    d, weight = symbol("δ", l, 1), symbol("w", l, 1, 1)
    g, bias = _number(run.grad.W[l][0, 0]), _number(run.grad.b[l][0, 0])
    return _Stage(
        f"Gradient, layer {l}: the derivative with respect to a weight is δ at the end of its "
        f"edge times a at its start; ∂C/∂{weight} = {g}.",
        (
            f"∂C/∂{weight} = {d} {_input(l - 1, 1)}",
            f"= {_factor(delta)} · {_factor(a)} = {g}",
            f"∂C/∂{symbol('b', l, 1)} = {d} = {bias}",
        ),
        nodes={(l, 1), (l - 1, 1)},
        edges={(l, 1, 1)},
    )


def _all_stages(run: _Pass) -> Iterator[_Stage]:
    """Yield the forward pass by neuron, the cost, and backward each δ and each layer's gradient."""
    L = run.network.L
    yield _Stage("One sample and the parameters: nothing has been computed yet.")
    for l in run.network.layers:
        for j in run.neurons(l):
            yield _forward_stage(run, l, j)
    yield _cost_stage(run)
    for l in reversed(run.network.layers):
        for j in run.neurons(l):
            yield _output_stage(run, j) if l == L else _hidden_stage(run, l, j)
        yield _gradient_stage(run, l)


def _draw_stages(run: _Pass, stages: list[_Stage]) -> tuple[Any, Drawing, list[Text]]:
    """Draw the network with all its numbers, and lines for a formula below it."""
    count = max(len(stage.lines) for stage in stages)
    longest = max(len(text) for stage in stages for text in stage.lines)
    fig, ax = subplots(width=max(WIDTH, (12 + longest * _GLYPH) / 72))
    numbers = {"W": run.theta.W, "b": run.theta.b, "z": run.trace.z, "a": run.trace.a}
    drawing = draw_network(
        ax,
        run.network.sizes,
        **numbers,
        delta=run.delta,
        y=run.y,
        digits=_DIGITS,
        below=_LINE * count + 6,
    )
    left, bottom = ax.get_xlim()[0] + 6, ax.get_ylim()[0] + 5
    rows = reversed(range(count))
    return fig, drawing, [ax.text(left, bottom + _LINE * row, "") for row in rows]


@style()
def scene_backward(network: Network, theta: Parameters, x: np.ndarray, y: np.ndarray) -> Scene:
    """Step through a forward and backward pass of one sample, C = ½ ‖a⁽ᴸ⁾ − y‖², with formulas.

    x is (n_0, 1) and y is (n_L, 1). Raises ValueError for more than one sample.
    """
    run = _Pass(network, theta, x, y)
    stages = list(_all_stages(run))
    fig, drawing, lines = _draw_stages(run, stages)
    written = {key: text for key, text in drawing.texts.items() if key[0] in "zaδ"}
    final = {key: text.get_text() for key, text in written.items()}

    def update(stage: int) -> str:
        now = stages[stage]
        known = {("a", 0, k) for k in run.neurons(0)}.union(*(s.known for s in stages[: stage + 1]))
        for key, node in drawing.nodes.items():
            mark_node(node, key in now.nodes)
        for key, edge in drawing.edges.items():
            mark_edge(edge, key in now.edges)
        for key, text in written.items():
            text.set_text(final[key] if key in known else "")
        for line, text in zip_longest(lines, now.lines, fillvalue=""):
            line.set_text(text)
        return now.reading

    artists = [*drawing.edges.values(), *drawing.nodes.values(), *written.values(), *lines]
    moving = {f"part{i}": artist for i, artist in enumerate(artists)}
    last = len(stages) - 1
    first = sum(network.sizes[1:]) + 2  # the first step of the backward pass
    slider = Slider("stage", range(last + 1), "step", f"of {last}", start=first)
    return Scene(fig, moving, update, (slider,), "stage")


_KINDS = {
    "sigmoid, Xavier": (SIGMOID, "xavier"),
    "tanh, Xavier": (TANH, "xavier"),
    "ReLU, Xavier": (RELU, "xavier"),
    "ReLU, He": (RELU, "he"),
}


def delta_sizes(depth: int, kind: str, rng: np.random.Generator, width: int = 32) -> np.ndarray:
    """Return the root mean square of δ⁽ˡ⁾, l = 1…L, in an untrained network, relative to δ⁽ᴸ⁾."""
    sigma, how = _KINDS[kind]
    network = Network((width,) * (depth + 1), (sigma,) * depth)
    theta = initialise(network, rng, how)
    x, y = rng.standard_normal((2, width, width))
    delta = deltas(network, theta, forward(network, theta, x), y, QUADRATIC)
    sizes = np.array([np.sqrt((delta[l] ** 2).mean()) for l in network.layers])
    return sizes / sizes[-1]


def _tick_decades(axis: Axis, low: int, high: int) -> None:
    """Put a tick at each power of ten, with labels at the even ones and at a tenth."""
    labelled = sorted({-1, *range(low, high + 1, 2)})
    axis.set_major_locator(FixedLocator([10.0**power for power in labelled]))
    axis.set_minor_locator(FixedLocator([10.0**power for power in range(low, high + 1)]))
    axis.set_tick_params(which="minor", length=2)


@style()
def scene_vanishing(rng: np.random.Generator) -> Scene:
    """Vary depth and activation: the size of δ⁽ˡ⁾ by layer in an untrained network."""
    depths = (2, 4, 6, 8, 10, 12, 16, 20)
    seed = int(rng.integers(2**32))  # one generator per frame, whatever the order of the frames
    fig, ax = subplots(height=3.1)
    (line,) = ax.plot([1], [1], color=BLUE, marker="o", linewidth=1.3, markeredgewidth=0)
    ax.axhline(1, color=MUTED, linewidth=0.8, linestyle="--")
    ax.set(xlim=(0.5, depths[-1] + 0.5), ylim=(1e-14, 20), xticks=[1, *depths])
    log_axis(ax.yaxis)
    _tick_decades(ax.yaxis, -14, 1)
    ax.axhline(0.1, color=MUTED, linewidth=0.6, linestyle=":")
    ax.set(xlabel="layer l", ylabel="size of δ⁽ˡ⁾, last layer = 1")

    def update(kind: str, depth: int) -> str:
        sizes = delta_sizes(depth, kind, np.random.default_rng([seed, depth]))
        line.set_data(range(1, depth + 1), sizes)
        ratio = sizes[0] ** (1 / (depth - 1))
        return (
            f"{kind}, {depth} layers: each layer multiplies δ by {signed(ratio)} on average, so δ "
            f"in the first layer is {small(sizes[0])} times that in the last."
        )

    kind = Slider("kind", tuple(_KINDS), "activation and initialisation", start="sigmoid, Xavier")
    depth = Slider("depth", depths, "depth L", start=8)
    return Scene(fig, {"sizes": line}, update, (kind, depth))
