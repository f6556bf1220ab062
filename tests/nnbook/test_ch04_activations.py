"""Pictures of chapter 4 show what the package computes, and its explorers are light."""

import gzip

import numpy as np
import pytest

from nnbook import explorers, figures
from nnbook.drawing.style import subplots
from nnbook.figures.ch04_activations.plots import branches, has_slope, project
from nnbook.figures.ch04_activations.scenes import (
    deep_forward,
    histogram_outline,
    spread,
    train_best,
)
from nnbook.svg.document import picture
from nnmaths import datasets
from nnmaths.activations import ACTIVATIONS, IDENTITY, RELU, SIGMOID, TANH
from nnmaths.costs import CROSS_ENTROPY, softmax
from nnmaths.network import Network, Parameters, predict

SCENES = {
    "tangent": figures.scene_tangent,
    "bends": lambda: figures.scene_bends(np.random.default_rng(1)),
    "temperature": figures.scene_temperature,
    "depth": figures.scene_depth,
}

XOR = (
    Network((2, 2, 1), (RELU, IDENTITY)),
    Parameters(
        {1: np.ones((2, 2)), 2: np.array([[1.0, -2.0]])},
        {1: np.array([[0.0], [-1.0]]), 2: np.zeros((1, 1))},
    ),
)


@pytest.fixture(scope="module")
def bends():
    return SCENES["bends"]()


def svg_of(fig):
    return picture(fig, "What there is to see").svg


# Plots --------------------------------------------------------------------------------------------


def activation():
    fig, ax = subplots()
    figures.plot_activation(ax, SIGMOID, limits=(0, 1))
    return fig, ("sigmoid", "σ", "σ′", "z")


def curves():
    fig, ax = subplots()
    figures.plot_curves_of(ax, {"relu": RELU, "tanh": TANH}, (-3, 3))
    return fig, ("relu", "tanh", "z")


def boundaries():
    fig, axes = subplots(1, 3)
    figures.plot_boundaries(axes)
    return fig, ("d = 1: a point", "d = 2: a line", "d = 3: a plane")


def unfolding():
    fig, axes = subplots(2, height=4.6)
    figures.plot_unfolding(axes, *XOR, *datasets.xor())
    return fig, ("(0, 1)", "(1, 0)", "a₁", "a₂", "x₁", "y = 1")


@pytest.mark.parametrize("plot", [activation, curves, boundaries, unfolding])
def test_a_plot_names_what_it_shows_and_is_light(plot):
    fig, words = plot()
    svg = svg_of(fig)
    assert [word for word in words if f">{word}</text>" not in svg] == []
    assert len(gzip.compress(svg.encode())) < 6000


def test_branches_end_before_the_kink():
    left, right = branches(RELU.df, (-2, 2))
    assert set(left[1]) == {0}
    assert set(right[1]) == {1}
    assert left[0, -1] < 0 < right[0, 0]


@pytest.mark.parametrize("sigma", ACTIVATIONS.values(), ids=repr)
def test_only_the_step_and_the_relus_lack_a_slope_and_only_at_0(sigma):
    assert has_slope(sigma, 1.0)
    assert has_slope(sigma, 0.0) == (sigma.name not in ("step", "relu", "leaky relu"))


def test_a_gap_at_0_splits_a_curve_in_two():
    _, ax = subplots()
    assert len(figures.plot_curves_of(ax, {"coth": lambda z: 1 / np.tanh(z)}, (-1, 1), True)) == 2
    assert len(figures.plot_curves_of(ax, {"tanh": np.tanh}, (-1, 1))) == 1


def test_the_line_separates_the_classes_of_xor_after_the_hidden_layer():
    fig, (before, after) = subplots(2)
    figures.plot_unfolding((before, after), *XOR, *datasets.xor())
    (a1, a2) = after.lines[-1].get_data()
    height = np.interp([0, 1, 2], a1, a2)
    assert height[0] < 0 < height[1] < 1
    assert height[2] < 1
    assert fig.axes == [before, after]


def test_the_cube_is_drawn_with_parallel_edges():
    ends = project([[[-1, -1, -1], [1, -1, -1]], [[-1, 1, 1], [1, 1, 1]]])
    assert np.allclose(*(end[1] - end[0] for end in ends))


# Explorers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SCENES)
def test_an_explorer_is_light_and_every_slider_moves_its_picture(name, bends):
    scene = bends if name == "bends" else SCENES[name]()
    e = explorers.frames(scene, alt="What there is", ask="What happens?")
    assert len(gzip.compress(e.html().encode())) < 10_000
    shape = [len(slider.values) for slider in e.sliders]
    readings = np.reshape(e.rendering.readings, shape)
    for axis in range(len(shape)):
        assert (np.take(readings, 0, axis) != np.take(readings, -1, axis)).all()


def test_the_tangent_has_the_slope_of_the_package():
    scene = figures.scene_tangent()
    reading = scene.update(sigma="tanh", z=1.0)
    u, v = scene.moving["tangent"].get_data()
    assert np.diff(v) / np.diff(u) == pytest.approx(TANH.df(1.0))
    assert reading == "tanh at z = 1.0: σ(z) = 0.762, slope σ′(z) = 0.420."


def test_at_a_kink_there_is_no_tangent_and_the_reading_reports_it():
    scene = figures.scene_tangent()
    assert "not differentiable here; the package uses the slope 0.01." in scene.update(
        sigma="leaky relu", z=0.0
    )
    assert not scene.moving["tangent"].get_visible()
    scene.update(sigma="leaky relu", z=0.5)
    assert scene.moving["tangent"].get_visible()


def test_more_neurons_help_only_with_a_nonlinear_activation(bends):
    reading = {(s, n): bends.update(sigma=s, n=n) for s in ("identity", "relu") for n in (1, 8)}
    assert "identity, 1 hidden neuron: " in reading["identity", 1]
    ends = [reading["identity", n].partition(": ")[2] for n in (1, 8)]
    assert ends[0] == ends[1]
    assert "8 hidden neurons: 60 of 60 samples" in reading["relu", 8]


def test_the_best_of_several_starts_is_kept():
    data = datasets.circles(20, np.random.default_rng(0))
    costs = [train_best("tanh", 2, data, starts=n, epochs=10)[1].C for n in (1, 2, 4)]
    assert costs == sorted(costs, reverse=True)
    network, end = train_best("tanh", 2, data, starts=1, epochs=10)
    assert CROSS_ENTROPY.value(predict(network, end.theta, data.x), data.y) == end.C
    assert network.sigma[2] is IDENTITY


def test_the_bars_are_the_softmax_of_the_package():
    scene = figures.scene_temperature()
    reading = scene.update(tau=0.5, z1=2)
    heights = [scene.moving[f"bar{k}"].get_height() for k in range(3)]
    assert heights == pytest.approx(softmax(np.array([[4.0], [2.0], [0.0]])).ravel())
    assert reading == "τ = 0.5, z = (2, 1, 0): p = (0.867, 0.117, 0.016)."
    assert "z = (−1, 1, 0)" in scene.update(tau=1, z1=-1)


def test_the_spread_is_0_where_all_samples_agree():
    assert spread(np.ones((3, 5))) == 0
    assert spread(np.array([[1.0, -1.0], [2.0, -2.0]])) == pytest.approx(np.sqrt(2.5))


def test_sigmoids_forget_the_sample_and_relus_with_the_right_scale_do_not():
    fades, stays = (
        deep_forward(sigma, scale, np.random.default_rng(4)).a
        for sigma, scale in (("sigmoid", 0.5), ("relu", 1.4))
    )
    assert spread(fades[10]) < 1e-7 < 0.1 < spread(fades[1])
    assert 0.3 < spread(stays[10]) / spread(stays[1]) < 3


def test_a_histogram_is_relative_to_the_largest_value():
    u, height = histogram_outline(np.array([[2.0, 2.0, -1.0, 0.1]]), bins=4)
    assert u.tolist() == [-1, -0.5, -0.5, 0, 0, 0.5, 0.5, 1]
    assert height.tolist() == [0, 0, 0.5, 0.5, 0.5, 0.5, 1, 1]


def test_saturated_tanhs_are_counted():
    reading = figures.scene_depth().update(sigma="tanh", scale=4, l=10)
    assert "largest |a| = 1" in reading
    share = int(reading.rpartition("; ")[2].partition(" %")[0])
    assert 35 < share < 60
