"""Scenes of chapter 8: epochs, mini-batches, starts, sizes of a network, and wrong labels."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator

from nnbook.drawing.axes import legend_above, log_axis, on_mesh, plot_points
from nnbook.drawing.numbers import small
from nnbook.drawing.style import BLUE, GREEN, INK, MUTED, ORANGE, SKY, YELLOW, style, subplots
from nnbook.explorers.scene import Scene, Slider
from nnbook.figures.ch07_descent.plots import plot_training
from nnmaths import datasets
from nnmaths.activations import IDENTITY, RELU, TANH
from nnmaths.costs import CROSS_ENTROPY
from nnmaths.descent import MOMENTUM, decayed
from nnmaths.network import SPREAD, Network, forward, initialise, predict
from nnmaths.training import accuracy, train

_GRID = 34


def percent(share: float) -> str:
    """A share as a percentage of three digits."""
    return f"{100 * share:.3g} %"


def area_where(ax, decide, x: Sequence[float], y: Sequence[float]) -> Path:
    """The region of a rectangle in which `decide`, of points (2, M), is positive."""
    xs, ys = np.linspace(*x, _GRID), np.linspace(*y, _GRID)
    values = on_mesh(decide, xs, ys)
    filled = ax.contourf(xs, ys, values, [0, max(values.max(), 0) + 1])
    (path,) = filled.get_paths()
    filled.remove()
    return path if len(path.vertices) else Path([(x[0], y[0])])


def map_of(ax, x: Sequence[float], y: Sequence[float]) -> PathPatch:
    """The ground on which a network decides: one colour, and a patch in the other that moves."""
    ax.axhspan(*y, color=SKY, alpha=0.2, linewidth=0, zorder=-1)
    ax.set(xlim=x, ylim=y)
    patch = PathPatch(Path([(x[0], y[0])]), facecolor=YELLOW, alpha=0.35, linewidth=0)
    ax.add_patch(patch).set_zorder(0)
    return patch


# Epochs -------------------------------------------------------------------------------------------

_EPOCHS = (0, 1, 2, 5, 10, 20, 40, 50, 60, 80, 100, 120)


@style()
def scene_epochs(rng: np.random.Generator) -> Scene:
    """A network learns a spiral by plain descent: its decisions and its cost, epoch by epoch."""
    fig, (ax, below) = subplots(2, height=4.4, height_ratios=(5, 2))
    data = datasets.spiral(120, rng)
    network = Network((2, 16, 16, 1), (TANH, TANH, IDENTITY))
    start = initialise(network, rng)
    setup = {"eta": 0.2, "B": 10, "epochs": _EPOCHS[-1], "rng": rng}
    run = list(train(network, start, *data, CROSS_ENTROPY, **setup))
    plot_points(ax, *data)
    region = map_of(ax, (-1.25, 1.25), (-1.25, 1.25))
    plot_training(below, {"C": [seen.C for seen in run]}, step="epoch")
    (here,) = below.plot([0], [1], "o", color=BLUE, markersize=8, clip_on=False)

    def update(epoch: int) -> str:
        _, theta, C, t, _ = run[epoch]
        region.set_path(area_where(ax, lambda p: predict(network, theta, p), *_SQUARE))
        here.set_data([epoch], [C])
        right = accuracy(network, theta, *data, CROSS_ENTROPY)
        return f"Epoch {epoch}, after {t} steps: C = {small(C)}, {percent(right)} are right."

    slider = Slider("epoch", _EPOCHS, "epoch", start=_EPOCHS[-1])
    return Scene(fig, {"region": region, "here": here}, update, (slider,), "epoch")


_SQUARE = ((-1.25, 1.25), (-1.25, 1.25))


# Batch size × learning rate -----------------------------------------------------------------------


@style()
def scene_batches(rng: np.random.Generator, epochs: int = 10) -> Scene:
    """Batch size × learning rate on two moons: the cost by epoch, all from one start."""
    fig, ax = subplots(height=2.6)
    data = datasets.moons(80, rng, noise=0.2)
    network = Network((2, 8, 1), (TANH, IDENTITY))
    start, seed = initialise(network, rng), int(rng.integers(1000))
    ax.set(xlim=(0, epochs), ylim=(0.05, 20), xlabel="epoch", ylabel="C")
    log_axis(ax.yaxis)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.axhline(np.log(2), color=MUTED, linewidth=0.8, linestyle=":")
    ax.text(epochs, np.log(2) * 1.08, "log 2: undecided", ha="right")
    (curve,) = ax.plot([0, 1], [1, 1], color=BLUE, marker="o", markersize=3.5, markeredgewidth=0)

    def update(B: int, eta: float) -> str:
        chance = np.random.default_rng(seed)
        setup = {"eta": eta, "B": B, "epochs": epochs, "rng": chance}
        run = list(train(network, start, *data, CROSS_ENTROPY, **setup))
        costs = [min(seen.C, 1e3) for seen in run]
        curve.set_data(range(len(run)), costs)
        return (
            f"B = {B}, η = {eta:g}: {run[1].t} step{'s' * (run[1].t > 1)} an epoch, "
            f"C = {small(run[-1].C)} after {run[-1].t} steps, {small(max(costs))} at worst."
        )

    batch = Slider("B", (1, 4, 10, 20, 80), "batch size B", start=10)
    rate = Slider("eta", (0.1, 0.3, 1, 3, 10), "learning rate η", start=0.3)
    return Scene(fig, {"curve": curve}, update, (batch, rate))


# Initialisation × depth ---------------------------------------------------------------------------

_STARTS = {"a third of Xavier": ("xavier", 1 / 3), "Xavier": ("xavier", 1), "He": ("he", 1)}
_STARTS["standard normal"] = ("normal", 1)
_BENDS = {"tanh": TANH, "ReLU": RELU}


def mean_squares(how: str, sigma, depth: int, rng, n: int = 100, N: int = 100):
    """Mean squares of z⁽ˡ⁾ measured in a fresh network n wide, the factor by rule, its last a."""
    name, scale = _STARTS[how]
    network = Network((n,) * (depth + 1), (_BENDS[sigma],) * depth)
    trace = forward(network, scale * initialise(network, rng, name), rng.standard_normal((n, N)))
    measured = np.array([(trace.z[l] ** 2).mean() for l in network.layers])
    factor = n * (scale * SPREAD[name](n, n)) ** 2 / (2 if sigma == "ReLU" else 1)
    return measured, factor, trace.a[depth]


@style()
def scene_start(seed: int = 0) -> Scene:
    """Initialisation × depth: the mean square of z by layer, and the rule c^{l−1} beside it."""
    fig, ax = subplots(height=2.7)
    ax.set(xlim=(0.5, 20.5), ylim=(1e-12, 1e12), xlabel="layer l", ylabel="mean of z²")
    log_axis(ax.yaxis, 7)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    (rule,) = ax.plot([1, 2], [1, 1], "--", color=ORANGE, label="rule")
    (curve,) = ax.plot([1, 2], [1, 1], "o", color=BLUE, markersize=4, label="measured")
    legend_above(ax)

    def update(how: str, sigma: str, depth: int) -> str:
        squares, factor, last = mean_squares(how, sigma, depth, np.random.default_rng(seed))
        layers = np.arange(1, depth + 1)
        curve.set_data(layers, squares)
        rule.set_data(layers, squares[0] * factor ** (layers - 1.0))
        flat = f"|a| > 0.99 in {percent((np.abs(last) > 0.99).mean())} of the last layer"
        more = flat if sigma == "tanh" else f"the last a has the mean {small(last.mean())}"
        return (
            f"{how}, {sigma}: by the rule a layer multiplies z² by {factor:.3g}; layer {depth} "
            f"has {small(squares[-1])}, and {more}."
        )

    how = Slider("how", tuple(_STARTS), "initialisation", start="Xavier")
    sigma = Slider("sigma", tuple(_BENDS), "activation", start="ReLU")
    depth = Slider("depth", (2, 5, 10, 15, 20), "depth L", start=15)
    return Scene(fig, {"rule": rule, "curve": curve}, update, (how, sigma, depth))


# The size of a network against over-fitting -------------------------------------------------------

_WIDTHS, _DECAYS = (1, 8, 32), (0, 1e-3, 1e-2, 1e-1)
_MOONS = ((-2.0, 3.0), (-1.6, 2.1))


def fitted(data, width: int, lam: float, seed: int, epochs: int):
    """A ReLU network 2-width-1 that was fitted to a few samples with decay λ: itself and θ."""
    network, chance = Network((2, width, 1), (RELU, IDENTITY)), np.random.default_rng(seed)
    start = initialise(network, chance, "he")
    setup = {"eta": 0.1, "rule": decayed(MOMENTUM, lam), "B": 10, "epochs": epochs, "rng": chance}
    *_, last = train(network, start, *data, CROSS_ENTROPY, **setup)
    return network, last.theta


@style()
def scene_size(rng: np.random.Generator, epochs: int = 60) -> Scene:
    """Width × weight decay on a few noisy samples: the regions, and the costs on both sets."""
    fig, ax = subplots(height=2.9)
    data, held = datasets.moons(50, rng, noise=0.35), datasets.moons(500, rng, noise=0.35)
    seed = int(rng.integers(1000))
    plot_points(ax, *data)
    region = map_of(ax, *_MOONS)

    def update(width: int, lam: float) -> str:
        network, theta = fitted(data, width, lam, seed, epochs)
        region.set_path(area_where(ax, lambda p: predict(network, theta, p), *_MOONS))
        C, there = (CROSS_ENTROPY.value(predict(network, theta, d.x), d.y) for d in (data, held))
        right, rest = (accuracy(network, theta, *d, CROSS_ENTROPY) for d in (data, held))
        return (
            f"Hidden neurons {width}, λ = {lam:g}: C = {C:.2f} on the 50 training samples, "
            f"{percent(right)} right; C = {there:.2f} on 500 others, {percent(rest)} right."
        )

    width = Slider("width", _WIDTHS, "hidden neurons", start=32)
    lam = Slider("lam", _DECAYS, "decay λ", start=0)
    return Scene(fig, {"region": region}, update, (width, lam))


# Wrong labels -------------------------------------------------------------------------------------

_SHARES, _DRAWS = (0, 0.1, 0.2, 0.3, 0.4, 0.5), 5


def learned(data, seed: int = 0, epochs: int = 20):
    """A network 2-16-1 trained on samples of two classes: itself and its parameters."""
    network, chance = Network((2, 16, 1), (TANH, IDENTITY)), np.random.default_rng(seed)
    start = initialise(network, chance)
    setup = {"eta": 0.2, "rule": MOMENTUM, "B": 32, "epochs": epochs, "rng": chance}
    *_, last = train(network, start, *data, CROSS_ENTROPY, **setup)
    return network, last.theta


@style()
def scene_labels(rng: np.random.Generator) -> Scene:
    """Wrong labels: what is learnt from them, and the scores of five draws on both kinds."""
    fig, (ax, below) = subplots(2, height=4.6, height_ratios=(5, 3))
    sets = [[datasets.moons(N, rng, noise=0.2) for N in (160, 500)] for _ in range(_DRAWS)]
    data, seed = sets[0][0], int(rng.integers(1000))
    zero, one = plot_points(ax, *data)
    region = map_of(ax, *_MOONS)
    (rings,) = ax.plot([], [], "x", color=INK, markersize=7, label="wrong label")
    legend_above(ax)
    shown = cache(lambda share: [label_run(*pair, share, seed + i) for i, pair in enumerate(sets)])
    here = score_panel(below, [[run[2] for run in shown(share)] for share in _SHARES])

    def update(share: float) -> str:
        given, decide, (on_given, on_true) = shown(share)[0]
        for points, label in ((zero, 0), (one, 1)):
            points.set_data(*given.x[:, given.y[0] == label])
        rings.set_data(*data.x[:, (given.y != data.y)[0]])
        region.set_path(area_where(ax, decide, *_MOONS))
        true = [run[2][1] for run in shown(share)]
        here.set_data([100 * share], [100 * np.mean(true)])
        return told(share, on_given, on_true, true)

    moving = {"region": region, "zero": zero, "one": one, "rings": rings, "here": here}
    slider = Slider("share", _SHARES, "wrong labels", start=0.2)
    return Scene(fig, moving, update, (slider,), "share")


def told(share, on_given, on_true, true) -> str:
    """What is right with this share of wrong labels: in the draw that is shown, and in all five."""
    mean, low, high = percent(np.mean(true)), 100 * min(true), percent(max(true))
    return (
        f"{percent(share)} of 160 labels are wrong: the network decides {percent(on_given)} of "
        f"them as they are labelled, and {percent(on_true)} of 500 new samples rightly. Five "
        f"draws have the mean {mean}, from {low:.3g} to {high}."
    )


def score_panel(ax, scores):
    """The scores by the share of wrong labels, the means of the draws and each; a mark moves."""
    shares, scores = 100 * np.array(_SHARES), 100 * np.array(scores)
    given, true = np.moveaxis(scores.mean(axis=1), 1, 0)
    ax.plot(shares, true, color=GREEN, label="new, true labels")
    ax.plot(shares, scores[:, :, 1], "o", color=GREEN, markersize=3, alpha=0.5)
    ax.plot(shares, given, "--", color=ORANGE, label="as labelled")
    (here,) = ax.plot([0], [100], "o", color=GREEN, markersize=8, clip_on=False)
    low = 10 * np.floor(scores.min() / 10)
    ax.set(ylim=(low, 103), xlabel="wrong labels, per cent", ylabel="right, per cent")
    legend_above(ax)
    return here


def label_run(data, held, share: float, seed: int):
    """The data with wrong labels, what was learnt from them, and its two shares of right ones."""
    given = datasets.mislabelled(data, share, np.random.default_rng(seed))
    network, theta = learned(given)
    scores = [accuracy(network, theta, *part, CROSS_ENTROPY) for part in (given, held)]
    return given, lambda p: predict(network, theta, p), scores
