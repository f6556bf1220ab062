"""Scenes of chapter 4: tangents, trained boundaries, temperature, and activations by depth."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from nnbook.drawing.axes import log_axis, plot_points
from nnbook.drawing.grids import positive_region, region_patch
from nnbook.drawing.numbers import signed, small, subscript
from nnbook.drawing.style import BLUE, INK, MUTED, ORANGE, style, subplots
from nnbook.explorers.scene import Scene, Slider
from nnbook.figures.ch04_activations.plots import branches, has_slope
from nnmaths import datasets
from nnmaths.activations import ACTIVATIONS, IDENTITY
from nnmaths.costs import CROSS_ENTROPY, softmax
from nnmaths.descent import ADAM
from nnmaths.network import Network, Trace, forward, initialise, predict
from nnmaths.training import Epoch, train

# An activation with its tangent -------------------------------------------------------------------


def _draw_tangent(span: float) -> tuple[Figure, dict[str, Artist]]:
    """Draw the axes of σ and σ′; return the figure and, by name, the curves, tangent and dots."""
    fig, (ax, below) = subplots(2, height=3.9, height_ratios=(5, 2), sharex=True)
    ax.set(xlim=(-span, span), ylim=(-1.6, 4.6), ylabel="σ(z)")
    below.set(xlim=(-span, span), ylim=(-0.15, 1.2), xlabel="z", ylabel="σ′(z)")
    moving = {}
    for panel, names, look in (
        (ax, ("left", "right"), {"color": BLUE}),
        (below, ("fall", "rise"), {"color": ORANGE, "linestyle": "--"}),
    ):
        panel.axhline(0, color=MUTED, linewidth=0.6)
        moving |= {name: panel.plot([0], [0], **look)[0] for name in names}
    (moving["tangent"],) = ax.plot([0], [0], color=ORANGE, linestyle="--")
    (moving["here"],) = ax.plot([0], [0], "o", color=INK, markersize=6)
    (moving["height"],) = below.plot([0], [0], "o", color=INK, markersize=6)
    return fig, moving


def _describe_slope(sigma: str, z: float) -> str:
    """Return a sentence with σ(z) and its slope or, at a kink, the value the package uses."""
    f = ACTIVATIONS[sigma]
    value, slope = (float(g(np.array(z))) for g in (f.f, f.df))
    start = f"{sigma} at z = {signed(z, 1)}: σ(z) = {signed(value, 3)}, "
    if has_slope(f, z):
        return start + f"slope σ′(z) = {signed(slope, 3)}."
    return start + f"not differentiable here; the package uses the slope {signed(slope, 2)}."


@style()
def scene_tangent(span: float = 4.3) -> Scene:
    """Vary the activation and z: σ with its tangent at z, and below it σ′."""
    fig, moving = _draw_tangent(span)
    reach = np.array([-1.4, 1.4])

    def update(sigma: str, z: float) -> str:
        f = ACTIVATIONS[sigma]
        for names, g in ((("left", "right"), f.f), (("fall", "rise"), f.df)):
            for name, side in zip(names, branches(g, (-span, span), 41), strict=True):
                moving[name].set_data(*side)
        value, slope = (float(g(np.array(z))) for g in (f.f, f.df))
        moving["tangent"].set_data(z + reach, value + slope * reach)
        moving["tangent"].set_visible(has_slope(f, z))
        moving["here"].set_data([z], [value])
        moving["height"].set_data([z], [slope])
        return _describe_slope(sigma, z)

    sigma = Slider("sigma", list(ACTIVATIONS)[1:], "activation", start="sigmoid")
    z = Slider("z", np.arange(-4, 4.5, 0.5), "pre-activation z", start=1.0)
    return Scene(fig, moving, update, (sigma, z))


# The boundary of a trained network ----------------------------------------------------------------

_ACTIVATIONS = ("identity", "sigmoid", "tanh", "relu", "softplus")
_SQUARE = (-1.5, 1.5)


def train_best(
    sigma: str, n: int, data: datasets.Data, starts: int = 3, epochs: int = 100
) -> tuple[Network, Epoch]:
    """Train a 2-n-1 network from several starts; return it and the last epoch of the best run."""
    network = Network((2, n, 1), (ACTIVATIONS[sigma], IDENTITY))
    ends = []
    for seed in range(starts):
        theta = initialise(network, np.random.default_rng(seed))
        *_, end = train(network, theta, *data, CROSS_ENTROPY, eta=0.1, rule=ADAM, epochs=epochs)
        ends.append(end)
    return network, min(ends, key=lambda end: end.C)


@style()
def scene_bends(rng: np.random.Generator, N: int = 60) -> Scene:
    """Vary the activation and n: the boundary of a 2-n-1 network trained on a disc in a ring."""
    fig, ax = subplots(height=3.3)
    data = datasets.circles(N, rng, noise=0.1)
    plot_points(ax, *data)
    area = region_patch(ax)
    ax.set(xlim=_SQUARE, ylim=_SQUARE, xticks=[-1, 0, 1], yticks=[-1, 0, 1])
    learn = cache(lambda sigma, n: train_best(sigma, n, data))

    def update(sigma: str, n: int) -> str:
        network, end = learn(sigma, n)
        region = positive_region(lambda p: predict(network, end.theta, p), _SQUARE, _SQUARE, 41)
        area.set_path(region)
        correct = int(((predict(network, end.theta, data.x) > 0) == data.y).sum())
        neurons = "1 hidden neuron" if n == 1 else f"{n} hidden neurons"
        return (
            f"{sigma}, {neurons}: {correct} of {N} samples classified correctly, C = {end.C:.3f}."
        )

    sigma = Slider("sigma", _ACTIVATIONS, "activation", start="relu")
    n = Slider("n", (1, 2, 3, 4, 8), "hidden neurons", start=3)
    return Scene(fig, {"area": area}, update, (sigma, n))


# Softmax and its temperature ----------------------------------------------------------------------


@style()
def scene_temperature(z: Sequence[float] = (1.0, 0.0)) -> Scene:
    """Vary the temperature τ and z₁: the probabilities softmax(z/τ) of three classes as bars."""
    fig, ax = subplots(height=2.5)
    bars = [ax.add_patch(Rectangle((k - 0.35, 0), 0.7, 1, facecolor=BLUE)) for k in (1, 2, 3)]
    texts = [ax.text(k, 0, "", ha="center") for k in (1, 2, 3)]
    ax.axhline(1 / 3, color=MUTED, linewidth=0.8, linestyle=":")
    ax.set(xlim=(0.5, 3.5), ylim=(0, 1.12), yticks=[0, 0.5, 1], ylabel="probability")
    ax.set_xticks([1, 2, 3], [f"p{subscript(k)}" for k in (1, 2, 3)])

    def update(tau: float, z1: float) -> str:
        values = np.array([[z1], *[[v] for v in z]])
        p = softmax(values / tau).ravel()
        for bar, text, height in zip(bars, texts, p, strict=True):
            bar.set_height(height)
            text.set_text(signed(height, 3))
            text.set_y(height + 0.03)
        logits = ", ".join(f"{v:g}" for v in values.ravel()).replace("-", "−")
        return f"τ = {tau:g}, z = ({logits}): p = ({', '.join(signed(v, 3) for v in p)})."

    moving = {f"bar{k}": bar for k, bar in enumerate(bars)}
    moving |= {f"text{k}": text for k, text in enumerate(texts)}
    tau = Slider("tau", (0.1, 0.2, 0.5, 1, 2, 5, 20), "temperature τ", start=1)
    z1 = Slider("z1", (-1, 0, 0.5, 1, 1.5, 2, 3), "pre-activation z₁", start=2)
    return Scene(fig, moving, update, (tau, z1))


# Depth and the spread of activations --------------------------------------------------------------

_WIDTH, _DEPTH, _SAMPLES = 64, 10, 100
_SATURATED = 0.01  # a neuron with a smaller slope counts as saturated


def deep_forward(sigma: str, scale: float, rng: np.random.Generator) -> Trace:
    """Run a forward pass through ten layers whose weights have standard deviation scale/√n."""
    network = Network((_WIDTH,) * (_DEPTH + 1), (ACTIVATIONS[sigma],) * _DEPTH)
    theta = scale / np.sqrt(_WIDTH) * initialise(network, rng, how="normal")
    return forward(network, theta, rng.standard_normal((_WIDTH, _SAMPLES)))


def spread(a: np.ndarray) -> float:
    """Return the spread of the samples (columns) of a layer: the root of the mean row variance."""
    return float(np.sqrt(a.var(axis=1).mean()))


def histogram_outline(a: np.ndarray, bins: int = 24) -> np.ndarray:
    """Return the outline (2, 2·bins) of a histogram of a/max|a| on [−1, 1], scaled to height 1."""
    counts, edges = np.histogram(a / np.abs(a).max(), bins, (-1, 1))
    return np.stack([np.repeat(edges, 2)[1:-1], np.repeat(counts / counts.max(), 2)])


def _draw_depth() -> tuple[Figure, dict[str, Artist]]:
    """Draw the axes of the spread by layer and of the histogram; return the moving lines."""
    fig, (ax, below) = subplots(2, height=3.9, height_ratios=(3, 2))
    (line,) = ax.plot([1], [1.0], "o-", color=BLUE, markersize=3.5, markeredgewidth=0)
    (here,) = ax.plot([1], [1.0], "o", color=ORANGE, markersize=8)
    log_axis(ax.yaxis)
    ax.set(xlim=(0.5, _DEPTH + 0.5), ylim=(1e-10, 1e7), xlabel="layer l", xticks=[1, 4, 7, 10])
    ax.set_ylabel("spread of a⁽ˡ⁾")
    (outline,) = below.plot([-1, 1], [0, 1], color=INK, linewidth=1.0)
    below.set(xlim=(-1.05, 1.05), ylim=(0, 1.1), yticks=[], xlabel="a⁽ˡ⁾ / max |a⁽ˡ⁾|")
    return fig, {"line": line, "here": here, "outline": outline}


@style()
def scene_depth(seed: int = 4) -> Scene:
    """Vary activation, scale of the weights and layer: the spread of samples, and a histogram."""
    fig, moving = _draw_depth()
    layers = range(1, _DEPTH + 1)
    run = cache(lambda sigma, s: deep_forward(sigma, s, np.random.default_rng(seed)))

    def update(sigma: str, scale: float, l: int) -> str:
        z, a = run(sigma, scale)
        spreads = [spread(a[layer]) for layer in layers]
        moving["line"].set_data(layers, spreads)
        moving["here"].set_data([l], [spreads[l - 1]])
        moving["outline"].set_data(*histogram_outline(a[l]))
        flat = 100 * np.mean(ACTIVATIONS[sigma].df(z[l]) < _SATURATED)
        return (
            f"{sigma}, weights with standard deviation {scale:g}/√n. Layer {l}: spread "
            f"{small(spreads[l - 1])}, largest |a| = {small(float(np.abs(a[l]).max()))}; "
            f"{flat:.0f} % of the slopes are below {_SATURATED:g}."
        )

    sigma = Slider("sigma", ("identity", "sigmoid", "tanh", "relu"), "activation", start="tanh")
    scale = Slider("scale", (0.5, 1, 1.4, 4), "scale of the weights", start=1)
    layer = Slider("l", (1, 2, 4, 7, 10), "layer l", start=10)
    return Scene(fig, moving, update, (sigma, scale, layer))
