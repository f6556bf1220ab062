"""Pictures of chapter 8 name what they show, and their numbers are those of the package."""

import gzip
import re

import numpy as np
import pytest

from nnbook import explorers, figures
from nnbook.drawing.style import subplots
from nnbook.figures.ch08_training import scenes
from nnbook.figures.ch08_training.plots import pixel_squares
from nnbook.svg.document import picture
from nnmaths import datasets
from nnmaths.costs import CROSS_ENTROPY
from nnmaths.training import accuracy

ALT, ASK = "What there is to see", "What changes?"


def rng(seed=8):
    return np.random.default_rng(seed)


SCENES = {
    "batches": lambda: figures.scene_batches(rng(), epochs=2),
    "epochs": lambda: figures.scene_epochs(rng()),
    "labels": lambda: figures.scene_labels(rng()),
    "size": lambda: figures.scene_size(rng(), epochs=3),
    "start": figures.scene_start,
}


@pytest.fixture(scope="module", params=SCENES)
def explorer(request):
    return explorers.frames(SCENES[request.param](), alt=ALT, ask=ASK)


def numbers(sentence):
    """The numbers of a reading, powers of ten left alone."""
    return [float(n) for n in re.findall(r"(?<![\d·])\d+(?:\.\d+)?", sentence)]


# Plots --------------------------------------------------------------------------------------------


def variance(ax):
    figures.plot_variance(ax, {"he": [1, 1, 1], "xavier": [1, 0.5, 0.25]})
    return "layer l", "he", "xavier", "mean of z²"


def held_out(ax):
    figures.plot_held_out(ax, {"training": [1, 0.5, 0.1], "held out": [1, 0.7, 0.9]}, 1)
    return "epoch", "training", "held out", "lowest, epoch 1"


def errors(ax):
    figures.plot_errors(ax, (0.1, 1), {"narrow": [0.8, 0.9], "wide": [0.9, 0.95]}, "η")
    return "η", "0.1", "narrow", "wide", "error rate, %", "30"


def images(ax):
    figures.plot_images(ax, datasets.digits().x[:, :6], range(6), range(6))
    return "predicted", "label", "5"


@pytest.mark.parametrize("plot", [variance, held_out, errors, images])
def test_a_plot_names_what_it_shows_and_is_light(plot):
    fig, ax = subplots()
    words = plot(ax)
    svg = picture(fig, ALT).svg
    assert [word for word in words if f">{word}</text>" not in svg] == []
    assert len(gzip.compress(svg.encode())) < 6000


def test_the_areas_of_the_squares_are_the_greys_of_the_image():
    image = np.zeros((8, 8))
    image[0, 0], image[7, 2] = 1, 0.25
    path = pixel_squares(image, 10)
    first, second = path.vertices.reshape(2, 5, 2)
    assert np.ptp(first, axis=0).tolist() == [1, 1]
    assert np.ptp(second, axis=0).tolist() == [0.5, 0.5]
    assert first[:4].mean(axis=0).tolist() == [10.5, 7.5]  # row 0 is on top
    assert second[:4].mean(axis=0).tolist() == [12.5, 0.5]


def test_an_empty_image_has_no_squares():
    assert len(pixel_squares(np.zeros((8, 8)), 0).vertices) == 0


# Scenes -------------------------------------------------------------------------------------------


def test_an_explorer_is_light_and_moves(explorer):
    assert len(gzip.compress(explorer.html().encode(), mtime=0)) < 10_000
    assert len(set(explorer.rendering.readings)) == len(explorer.rendering.readings)
    assert explorer.rendering.tracks


def test_epochs_report_the_number_of_steps():
    scene = figures.scene_epochs(rng())
    assert numbers(scene.update(epoch=0))[:2] == [0, 0]
    assert numbers(scene.update(epoch=5))[:2] == [5, 60]  # 120 samples, 10 at a time


def test_a_small_batch_makes_more_steps_and_a_large_rate_is_noticed():
    scene = figures.scene_batches(rng(), epochs=3)
    B, eta, an_epoch, C, in_all, worst = numbers(scene.update(B=4, eta=0.1))
    assert (B, eta, an_epoch, in_all) == (4, 0.1, 20, 60)
    assert worst >= C
    assert numbers(scene.update(B=1, eta=10))[-1] > 1 > worst
    assert "1 step per epoch" in scene.update(B=80, eta=0.1)


@pytest.mark.parametrize(
    ("how", "sigma", "factor"),
    [("He", "ReLU", 1), ("Xavier", "ReLU", 0.5), ("Xavier", "tanh", 1), ("He", "tanh", 2)],
)
def test_the_rule_is_the_factor_of_a_layer(how, sigma, factor):
    measured, found, last = scenes.mean_squares(how, sigma, 5, rng())
    assert found == pytest.approx(factor)
    assert len(measured) == 5
    assert last.shape == (100, 100)


def test_the_measured_mean_square_follows_the_rule_with_he():
    ends = [scenes.mean_squares("He", "ReLU", 10, rng(seed))[0][[0, -1]] for seed in range(20)]
    first, last = np.mean(ends, axis=0)
    # Twenty networks: the last mean square has a deviation of some 40 % in one of them.
    assert last / first == pytest.approx(1, rel=0.3)


def test_the_start_reports_saturation_for_tanh_and_the_mean_for_relu():
    scene = figures.scene_start()
    assert "|a| > 0.99 in 7" in scene.update(how="standard normal", sigma="tanh", depth=5)
    assert "the mean activation is" in scene.update(how="He", sigma="ReLU", depth=5)


def test_a_wide_network_over_fits_and_decay_prevents_it():
    few, others = datasets.moons(50, rng(4), 0.35), datasets.moons(500, rng(9), 0.35)
    costs = {}
    for lam in (0, 0.01):
        network, theta = scenes.fit(few, 32, lam, 1, 80)
        outputs = [(scenes.predict(network, theta, d.x), d.y) for d in (few, others)]
        costs[lam] = [CROSS_ENTROPY.value(*pair) for pair in outputs]
    assert costs[0][0] < costs[0.01][0]
    assert costs[0][1] > costs[0.01][1]


def test_the_scores_of_wrong_labels_are_those_of_the_package():
    data, held = datasets.moons(60, rng(), 0.1), datasets.moons(90, rng(9), 0.1)
    given, decide, (on_given, on_true) = scenes.label_run(data, held, 0.2, 3)
    assert (given.y != data.y).sum() == 12
    network, theta = scenes.fit_classes(given)
    assert on_given == accuracy(network, theta, *given, CROSS_ENTROPY)
    assert on_true == ((decide(held.x) > 0) == (held.y == 1)).mean()


def test_wrong_labels_are_marked_and_counted():
    scene = figures.scene_labels(rng())
    for share, wrong in ((0, 0), (0.2, 32), (0.5, 80)):
        reading = scene.update(share=share)
        assert len(scene.moving["crosses"].get_xdata()) == wrong
        assert reading.startswith(f"{100 * share:g} % of 160 labels are wrong")
