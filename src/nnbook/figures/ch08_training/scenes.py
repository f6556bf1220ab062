"""Scenes of chapter 8: epochs, mini-batches, initialisation, network size, and wrong labels."""

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from nnbook.drawing.axes import (
    integer_axis,
    legend_above,
    log_axis,
    plot_points,
    plot_training,
)
from nnbook.drawing.grids import decision_map, positive_region
from nnbook.drawing.numbers import percent, small
from nnbook.drawing.style import BLUE, GREEN, INK, MUTED, ORANGE, style, subplots
from nnbook.explorers.scene import Scene, Slider
from nnmaths import datasets
from nnmaths.activations import IDENTITY, RELU, TANH
from nnmaths.costs import CROSS_ENTROPY
from nnmaths.descent import MOMENTUM, decayed
from nnmaths.network import SPREAD, Network, Parameters, forward, initialise, predict
from nnmaths.training import accuracy, train

# Epochs -------------------------------------------------------------------------------------------

_EPOCHS = (0, 1, 2, 5, 10, 20, 40, 50, 60, 80, 100, 120)
_SQUARE = ((-1.25, 1.25), (-1.25, 1.25))


@style()
def scene_epochs(rng: np.random.Generator) -> Scene:
    """Step through the epochs in which a network learns a spiral: its decisions and its cost."""
    fig, (ax, below) = subplots(2, height=4.4, height_ratios=(5, 2))
    data = datasets.spiral(120, rng)
    network = Network((2, 16, 16, 1), (TANH, TANH, IDENTITY))
    start = initialise(network, rng)
    setup = {"eta": 0.2, "B": 10, "epochs": _EPOCHS[-1], "rng": rng}
    run = list(train(network, start, *data, CROSS_ENTROPY, **setup))
    plot_points(ax, *data)
    region = decision_map(ax, *_SQUARE)
    plot_training(below, {"C": [seen.C for seen in run]}, step="epoch")
    (here,) = below.plot([0], [1], "o", color=BLUE, markersize=8, clip_on=False)

    def update(epoch: int) -> str:
        _, theta, C, t, _ = run[epoch]
        region.set_path(positive_region(lambda p: predict(network, theta, p), *_SQUARE))
        here.set_data([epoch], [C])
        correct = percent(accuracy(network, theta, *data, CROSS_ENTROPY))
        return f"Epoch {epoch}, after {t} steps: C = {small(C)}, accuracy {correct}."

    slider = Slider("epoch", _EPOCHS, "epoch", start=_EPOCHS[-1])
    return Scene(fig, {"region": region, "here": here}, update, (slider,), "epoch")


# Batch size and learning rate ---------------------------------------------------------------------


@style()
def scene_batches(rng: np.random.Generator, epochs: int = 10) -> Scene:
    """Vary the batch size and the learning rate on two moons: the cost by epoch."""
    fig, ax = subplots(height=2.6)
    data = datasets.moons(80, rng, noise=0.2)
    network = Network((2, 8, 1), (TANH, IDENTITY))
    start, seed = initialise(network, rng), int(rng.integers(1000))
    ax.set(xlim=(0, epochs), ylim=(0.05, 20), xlabel="epoch", ylabel="C")
    log_axis(ax.yaxis)
    integer_axis(ax.xaxis)
    ax.axhline(np.log(2), color=MUTED, linewidth=0.8, linestyle=":")
    ax.text(epochs, np.log(2) * 1.08, "log 2: undecided", ha="right")
    (curve,) = ax.plot([0, 1], [1, 1], color=BLUE, marker="o", markersize=3.5, markeredgewidth=0)

    def update(B: int, eta: float) -> str:
        setup = {"eta": eta, "B": B, "epochs": epochs, "rng": np.random.default_rng(seed)}
        run = list(train(network, start, *data, CROSS_ENTROPY, **setup))
        costs = [min(seen.C, 1e3) for seen in run]
        curve.set_data(range(len(run)), costs)
        return (
            f"B = {B}, η = {eta:g}: {run[1].t} step{'s' * (run[1].t > 1)} per epoch, "
            f"C = {small(run[-1].C)} after {run[-1].t} steps; the largest C is {small(max(costs))}."
        )

    batch = Slider("B", (1, 4, 10, 20, 80), "batch size B", start=10)
    rate = Slider("eta", (0.1, 0.3, 1, 3, 10), "learning rate η", start=0.3)
    return Scene(fig, {"curve": curve}, update, (batch, rate))


# Initialisation and depth -------------------------------------------------------------------------

_INITIALISATIONS = {
    "a third of Xavier": ("xavier", 1 / 3),
    "Xavier": ("xavier", 1),
    "He": ("he", 1),
    "standard normal": ("normal", 1),
}
_ACTIVATIONS = {"tanh": TANH, "ReLU": RELU}


def mean_squares(
    how: str, sigma: str, depth: int, rng: np.random.Generator, n: int = 100, N: int = 100
) -> tuple[np.ndarray, float, np.ndarray]:
    """Measure the mean squares of z⁽ˡ⁾ in an untrained network of width n.

    Returns them, the factor per layer by the rule, and the activations of the last layer.
    """
    name, scale = _INITIALISATIONS[how]
    network = Network((n,) * (depth + 1), (_ACTIVATIONS[sigma],) * depth)
    trace = forward(network, scale * initialise(network, rng, name), rng.standard_normal((n, N)))
    measured = np.array([(trace.z[l] ** 2).mean() for l in network.layers])
    factor = n * (scale * SPREAD[name](n, n)) ** 2 / (2 if sigma == "ReLU" else 1)
    return measured, factor, trace.a[depth]


@style()
def scene_start(seed: int = 0) -> Scene:
    """Vary initialisation, activation and depth: the mean square of z by layer, beside the rule."""
    fig, ax = subplots(height=2.7)
    ax.set(xlim=(0.5, 20.5), ylim=(1e-12, 1e12), xlabel="layer l", ylabel="mean of z²")
    log_axis(ax.yaxis, 7)
    integer_axis(ax.xaxis)
    (rule,) = ax.plot([1, 2], [1, 1], "--", color=ORANGE, label="rule")
    (curve,) = ax.plot([1, 2], [1, 1], "o", color=BLUE, markersize=4, label="measured")
    legend_above(ax)

    def update(how: str, sigma: str, depth: int) -> str:
        squares, factor, last = mean_squares(how, sigma, depth, np.random.default_rng(seed))
        layers = np.arange(1, depth + 1)
        curve.set_data(layers, squares)
        rule.set_data(layers, squares[0] * factor ** (layers - 1.0))
        saturated = f"|a| > 0.99 in {percent((np.abs(last) > 0.99).mean())} of the last layer"
        more = saturated if sigma == "tanh" else f"the mean activation is {small(last.mean())}"
        return (
            f"{how}, {sigma}: by the rule each layer multiplies the mean of z² by {factor:.3g}; in "
            f"layer {depth} it is {small(squares[-1])}, and {more}."
        )

    how = Slider("how", tuple(_INITIALISATIONS), "initialisation", start="Xavier")
    sigma = Slider("sigma", tuple(_ACTIVATIONS), "activation", start="ReLU")
    depth = Slider("depth", (2, 5, 10, 15, 20), "depth L", start=15)
    return Scene(fig, {"rule": rule, "curve": curve}, update, (how, sigma, depth))


# Network size, weight decay and over-fitting ------------------------------------------------------

_WIDTHS, _DECAYS = (1, 8, 32), (0, 1e-3, 1e-2, 1e-1)
_MOONS = ((-2.0, 3.0), (-1.6, 2.1))


def fit(
    data: datasets.Data, width: int, lam: float, seed: int, epochs: int
) -> tuple[Network, Parameters]:
    """Fit a ReLU network 2-width-1 with weight decay λ; return it and its parameters."""
    network, rng = Network((2, width, 1), (RELU, IDENTITY)), np.random.default_rng(seed)
    start = initialise(network, rng, "he")
    setup = {"eta": 0.1, "rule": decayed(MOMENTUM, lam), "B": 10, "epochs": epochs, "rng": rng}
    *_, last = train(network, start, *data, CROSS_ENTROPY, **setup)
    return network, last.theta


@style()
def scene_size(rng: np.random.Generator, epochs: int = 60) -> Scene:
    """Vary width and weight decay on a few noisy samples: the regions, and costs on both sets."""
    fig, ax = subplots(height=2.9)
    data, held_out = datasets.moons(50, rng, noise=0.35), datasets.moons(500, rng, noise=0.35)
    seed = int(rng.integers(1000))
    plot_points(ax, *data)
    region = decision_map(ax, *_MOONS)

    def update(width: int, lam: float) -> str:
        network, theta = fit(data, width, lam, seed, epochs)
        region.set_path(positive_region(lambda p: predict(network, theta, p), *_MOONS))
        neurons = "1 hidden neuron" if width == 1 else f"{width} hidden neurons"
        train_score, test_score = (_describe_fit(network, theta, d) for d in (data, held_out))
        return (
            f"{neurons}, λ = {lam:g}: {train_score} on the 50 training samples; "
            f"{test_score} on 500 others."
        )

    width = Slider("width", _WIDTHS, "hidden neurons", start=32)
    lam = Slider("lam", _DECAYS, "weight decay λ", start=0)
    return Scene(fig, {"region": region}, update, (width, lam))


def _describe_fit(network: Network, theta: Parameters, data: datasets.Data) -> str:
    C = CROSS_ENTROPY.value(predict(network, theta, data.x), data.y)
    return f"C = {C:.2f} and accuracy {percent(accuracy(network, theta, *data, CROSS_ENTROPY))}"


# Wrong labels -------------------------------------------------------------------------------------

_FRACTIONS, _DRAWS = (0, 0.1, 0.2, 0.3, 0.4, 0.5), 5


def fit_classes(data: datasets.Data, seed: int = 0, epochs: int = 20) -> tuple[Network, Parameters]:
    """Train a network 2-16-1 on samples of two classes; return it and its parameters."""
    network, rng = Network((2, 16, 1), (TANH, IDENTITY)), np.random.default_rng(seed)
    start = initialise(network, rng)
    setup = {"eta": 0.2, "rule": MOMENTUM, "B": 32, "epochs": epochs, "rng": rng}
    *_, last = train(network, start, *data, CROSS_ENTROPY, **setup)
    return network, last.theta


@style()
def scene_labels(rng: np.random.Generator) -> Scene:
    """Vary the fraction of wrong labels: the learnt region, and accuracies in five draws."""
    fig, (ax, below) = subplots(2, height=4.6, height_ratios=(5, 3))
    sets = [[datasets.moons(N, rng, noise=0.2) for N in (160, 500)] for _ in range(_DRAWS)]
    data, seed = sets[0][0], int(rng.integers(1000))
    zero, one = plot_points(ax, *data)
    region = decision_map(ax, *_MOONS)
    (crosses,) = ax.plot([], [], "x", color=INK, markersize=7, label="wrong label")
    legend_above(ax)
    runs = cache(lambda share: [label_run(*pair, share, seed + i) for i, pair in enumerate(sets)])
    here = _draw_scores(below, [[run[2] for run in runs(share)] for share in _FRACTIONS])

    def update(share: float) -> str:
        given, decide, (on_given, on_true) = runs(share)[0]
        for points, label in ((zero, 0), (one, 1)):
            points.set_data(*given.x[:, given.y[0] == label])
        crosses.set_data(*data.x[:, (given.y != data.y)[0]])
        region.set_path(positive_region(decide, *_MOONS))
        scores = [run[2][1] for run in runs(share)]
        here.set_data([100 * share], [100 * np.mean(scores)])
        return _describe_labels(share, on_given, on_true, scores)

    moving = {"region": region, "zero": zero, "one": one, "crosses": crosses, "here": here}
    slider = Slider("share", _FRACTIONS, "wrong labels", start=0.2)
    return Scene(fig, moving, update, (slider,), "share")


def _describe_labels(
    fraction: float, on_given: float, on_true: float, scores: Sequence[float]
) -> str:
    """Return the accuracies in the draw that is shown, and the range over all five draws."""
    mean, low, high = percent(np.mean(scores)), 100 * min(scores), percent(max(scores))
    return (
        f"{percent(fraction)} of 160 labels are wrong: accuracy {percent(on_given)} on these "
        f"labels, {percent(on_true)} on 500 new samples with true labels. The mean of the latter "
        f"over five draws is {mean}, the range {low:.3g} to {high}."
    )


def _draw_scores(ax: Axes, scores: Sequence) -> Line2D:
    """Plot accuracies by fraction of wrong labels, each draw and the means; return a moving dot."""
    fractions, scores = 100 * np.array(_FRACTIONS), 100 * np.array(scores)
    given, true = np.moveaxis(scores.mean(axis=1), 1, 0)
    ax.plot(fractions, true, color=GREEN, label="true labels, new samples")
    ax.plot(fractions, scores[:, :, 1], "o", color=GREEN, markersize=3, alpha=0.5)
    ax.plot(fractions, given, "--", color=ORANGE, label="given labels")
    (here,) = ax.plot([0], [100], "o", color=GREEN, markersize=8, clip_on=False)
    low = 10 * np.floor(scores.min() / 10)
    ax.set(ylim=(low, 103), xlabel="wrong labels, %", ylabel="accuracy, %")
    legend_above(ax)
    return here


def label_run(
    data: datasets.Data, held_out: datasets.Data, fraction: float, seed: int
) -> tuple[datasets.Data, Callable, list[float]]:
    """Train on data with wrong labels: the data, the network's decision, and two accuracies."""
    given = datasets.mislabelled(data, fraction, np.random.default_rng(seed))
    network, theta = fit_classes(given)
    scores = [accuracy(network, theta, *part, CROSS_ENTROPY) for part in (given, held_out)]
    return given, lambda p: predict(network, theta, p), scores
