"""Plots of chapter 7 name what they show, and boundaries are where the network decides."""

import gzip

import numpy as np
import pytest
from svg_reader import svg_of

from nnbook import figures
from nnbook.drawing.style import subplots

ONE = np.array([1.0, 2.0, 1.5])


def bowl(theta):
    return float((theta**2).sum())


def descent(ax):
    figures.plot_descent(ax, lambda x: x * x, [2.0, 1.0, 0.5], (-3, 3))
    return "θ₀", "C(θ)"


def contours(ax):
    figures.plot_contours(ax, bowl, (-1, 1), (-1, 1))
    figures.plot_minimum(ax, (0, 0))
    figures.plot_paths(
        ax, {"descent": np.array([[1, 1], [0, 0]]), "momentum " * 5: [[1, 0], [0, 0]]}
    )
    return "minimum", "descent", "θ₂"


def landscape(ax):
    minima = [(-1, 0), (1, 0)]
    figures.plot_landscape(ax, lambda t: t[0] ** 4 - t[0] ** 2, (-1, 1), (-1, 1), minima, [(0, 0)])
    return "minimum", "saddle"


def regression(ax):
    figures.plot_regression(ax, ONE[None], 2 * ONE[None], {"start": (0, 0), "found": (2, 0)})
    return "start", "found"


def training(ax):
    figures.plot_training(ax, {"one": [1, 0.1, 0.01], "two": [1, 0.5, 0.3]})
    return "one", "two", "10⁻²"


def single_training(ax):
    figures.plot_training(ax, {"alone": [1, 0.1]}, "epoch")
    return "epoch", "C"


def cloud(ax):
    figures.plot_gradient_cloud(ax, np.random.default_rng(0).normal(size=(50, 2)), np.zeros(2))
    return "mini-batches", "their mean", "all samples"


def decision(ax):
    x, y = np.array([[0.0, 1, 0, 1], [0, 0, 1, 1]]), np.array([[0.0, 1, 1, 0]])
    figures.plot_decision(ax, lambda p: p[0], x, y)
    return "y = 0", "y = 1", "x₂"


PLOTS = (descent, contours, landscape, regression, training, single_training, cloud, decision)


@pytest.mark.parametrize("plot", PLOTS)
def test_a_plot_names_what_it_shows_and_is_light(plot):
    fig, ax = subplots()
    words = plot(ax)
    svg = svg_of(fig)
    assert [word for word in words if f">{word}</text>" not in svg] == []
    assert "$" not in svg  # no mathtext: Unicode is searchable and can be copied
    assert len(gzip.compress(svg.encode())) < 6000


def test_the_boundary_is_where_the_decision_changes():
    fig, ax = subplots()
    decision(ax)
    boundary = ax.collections[1].get_paths()[0].vertices
    assert np.allclose(boundary[:, 0], 0.5)
    assert fig.axes == [ax]
