"""Plots of chapter 6 name what they show."""

import gzip

import numpy as np
import pytest
from svg_reader import svg_of

from nnbook import figures
from nnbook.drawing.style import subplots


def check_gradient(ax):
    h = np.logspace(-12, -1, 12)
    figures.plot_gradient_check(ax, h, {"forward": h, "central": h**2})
    return "increment h", "central", "10⁻⁸"


def vanishing(ax):
    figures.plot_vanishing(ax, [1, 2, 3], {"sigmoid": [0.01, 0.1, 1], "tanh": [0.5, 0.7, 1]})
    return "layer l", "sigmoid", "tanh"


def pass_cost(ax):
    figures.plot_pass_cost(ax, [1, 2, 3], {"cached": [1, 2, 3], "naive": [1, 10, 100]})
    return "multiplications", "cached", "10²"


PLOTS = (check_gradient, vanishing, pass_cost)


@pytest.mark.parametrize("plot", PLOTS)
def test_a_plot_names_what_it_shows_and_is_light(plot):
    fig, ax = subplots()
    words = plot(ax)
    svg = svg_of(fig)
    assert [word for word in words if f">{word}</text>" not in svg] == []
    assert "$" not in svg  # no mathtext: Unicode is searchable and can be copied
    assert len(gzip.compress(svg.encode())) < 6000
