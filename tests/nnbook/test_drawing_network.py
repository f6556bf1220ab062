"""The drawing of a network shows every number, and no two of them overlap."""

import numpy as np
import pytest
from svg_reader import settle, svg_of

from nnbook import figures
from nnbook.drawing.style import subplots
from nnmaths.activations import SIGMOID
from nnmaths.backprop import deltas
from nnmaths.costs import QUADRATIC
from nnmaths.network import Network, forward, initialise


def drawn_network(sizes, **options):
    rng = np.random.default_rng(0)
    network = Network(sizes, (SIGMOID,) * (len(sizes) - 1))
    theta = initialise(network, rng)
    trace = forward(network, theta, rng.standard_normal((sizes[0], 1)))
    delta = deltas(network, theta, trace, np.zeros((sizes[-1], 1)), QUADRATIC)
    fig, ax = subplots()
    numbers = {"W": theta.W, "b": theta.b, "z": trace.z, "a": trace.a, "delta": delta}
    return fig, figures.draw_network(ax, sizes, **numbers, **options)


@pytest.mark.parametrize("sizes", [(2, 2, 1), (2, 2, 2), (2, 3, 1), (3, 4, 4, 2)])
def test_numbers_of_a_small_network_do_not_overlap(sizes):
    fig, drawing = drawn_network(sizes)
    settle(fig)
    boxes = {key: text.get_window_extent().padded(-0.8) for key, text in drawing.texts.items()}
    keys = list(boxes)
    clashes = [
        (p, q) for i, p in enumerate(keys) for q in keys[i + 1 :] if boxes[p].overlaps(boxes[q])
    ]
    assert clashes == []


def test_every_number_of_the_network_is_written():
    _, drawing = drawn_network((2, 3, 1))
    kinds = [key[0] for key in drawing.texts]
    assert {k: kinds.count(k) for k in "wbzaδ"} == {"w": 9, "b": 4, "z": 4, "a": 6, "δ": 4}
    assert set(drawing.edges) == {(1, j, k) for j in (1, 2, 3) for k in (1, 2)} | {
        (2, 1, k) for k in (1, 2, 3)
    }


def test_marked_nodes_and_edges_are_thicker_and_orange():
    _, drawing = drawn_network((2, 2, 1), nodes={(1, 2)}, edges={(2, 1, 2)})
    assert drawing.nodes[1, 2].get_linewidth() > drawing.nodes[1, 1].get_linewidth()
    assert drawing.edges[2, 1, 2].get_color() == figures.PALETTE["orange"]
    assert drawing.edges[2, 1, 1].get_color() != figures.PALETTE["orange"]


def test_wide_layers_show_dots_and_the_last_neuron():
    fig, ax = subplots()
    drawing = figures.draw_network(ax, (20, 3, 1), most=5)
    assert {j for l, j in drawing.nodes if l == 0} == {1, 2, 3, 20}
    svg = svg_of(fig)
    assert svg.count("⋮") == 1
    assert "x₂₀" in svg
    assert "a₃⁽¹⁾" in svg
    assert "ŷ₁" in svg


def test_a_drawing_leaves_the_size_of_a_shared_figure_alone():
    fig, axes = subplots(1, 2)
    before = fig.get_size_inches().copy()
    figures.draw_network(axes[0], (2, 1), names=False)
    assert (fig.get_size_inches() == before).all()
