"""Pictures of chapter 3 show the names and numbers that the package computes."""

import gzip
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_rgb

from nnbook import explorers, figures
from nnbook.figures.ch03_matrices.scenes import MATRICES, reordered, stages
from nnbook.svg.document import picture
from nnmaths.activations import IDENTITY, TANH
from nnmaths.network import Network, Parameters, initialise, predict

W = np.array([[1.0, -2.0, 0.5], [0.5, 1.0, -1.0]])
A = np.array([[2.0, 0.0, 1.0, -1.0], [1.0, 3.0, 0.0, 2.0], [4.0, -2.0, 2.0, 0.0]])
X = np.array([[2.0], [1.0]])


def small_network(sizes=(2, 3, 1)):
    """A network with tanh, and random parameters whose biases are not 0."""
    network, rng = Network(sizes, (TANH,) * (len(sizes) - 1)), np.random.default_rng(2)
    return network, initialise(network, rng) + 0.25


def texts(scene):
    return [artist.get_text() for artist in scene.moving.values() if hasattr(artist, "get_text")]


def cells(scene):
    """Return the background colours of the cells of a product, as RGBA."""
    found = [artist for artist in scene.moving.values() if hasattr(artist, "get_facecolor")]
    return [cell.get_facecolor() for cell in found]


# The network's names ------------------------------------------------------------------------------


def test_every_weight_of_a_layer_has_its_name():
    fig, ax = figures.subplots()
    drawing = figures.draw_layer(ax)
    names = {key: text.get_text() for key, text in drawing.texts.items()}
    assert names["w", 1, 1, 2] == "w₁₂"
    assert names["w", 1, 2, 1] == "w₂₁"
    assert names["w", 1, 9, 1] == "wₘ₁"
    assert names["w", 1, 9, 9] == "wₘₙ"
    assert [names["a", 0, k] for k in (1, 2, 9)] == ["a₁⁽⁰⁾", "a₂⁽⁰⁾", "aₙ⁽⁰⁾"]
    assert names["a", 1, 9] == "aₘ⁽¹⁾"
    assert picture(fig, "a layer").svg.count("⋮") == 2


def test_names_of_a_layer_do_not_overlap():
    fig, ax = figures.subplots()
    drawing = figures.draw_layer(ax)
    fig.draw_without_rendering()
    boxes = [text.get_window_extent().padded(-0.8) for text in drawing.texts.values()]
    assert not any(p.overlaps(q) for i, p in enumerate(boxes) for q in boxes[i + 1 :])


# Blocks and tables --------------------------------------------------------------------------------


def blocks(ax):
    block = figures.Block
    parts = [block("z", 2, 4, 2, 3), "=", block("W", 2, 3, 2), block("a", 3, 4, None, 3)]
    return figures.plot_shapes(ax, [*parts, "+", block("b", 2, 1)])


def test_blocks_have_their_shapes_and_the_marked_cells():
    fig, ax = figures.subplots()
    drawn = blocks(ax)
    blue = figures.PALETTE["blue"]
    filled = {
        name: [i for i, cell in enumerate(found) if same(cell, blue)]
        for name, found in drawn.items()
    }
    assert {name: len(found) for name, found in drawn.items()} == {"z": 8, "W": 6, "a": 12, "b": 2}
    assert filled == {"z": [6], "W": [3, 4, 5], "a": [2, 6, 10], "b": []}
    svg = picture(fig, "blocks").svg
    assert all(f">{words}</text>" in svg for words in ("2 × 4", "3 × 4", "2 × 1", "W", "+"))


def same(cell, colour):
    """Return whether a cell has this background."""
    return np.allclose(cell.get_facecolor()[:3], to_rgb(colour))


def test_equal_numbers_of_a_table_have_the_same_background():
    fig, ax = figures.subplots()
    rows, columns = np.array([[0.5, 0.5], [-1.0, -1.0]]), np.array([[0.5, -1.0], [0.5, -1.0]])
    first, second = figures.plot_added(ax, [("a column", rows), ("a row", columns)])
    for table, pairs in ((first, ((1, 1), (1, 2))), (second, ((1, 1), (2, 1)))):
        grounds = [table.cells[key].get_facecolor() for key in pairs]
        assert grounds[0] == grounds[1] != table.cells[2, 2].get_facecolor()
        assert [table.texts[key].get_text() for key in ((1, 1), (2, 2))] == ["0.5", "−1"]
    assert "a column" in picture(fig, "tables").svg


# Scenes -------------------------------------------------------------------------------------------


def scenes():
    """Return new scenes of the chapter."""
    return {
        "affine": figures.scene_affine(),
        "product": figures.scene_product(W, A),
        "orders": figures.scene_orders(*small_network(), X),
    }


@pytest.mark.parametrize("name", ["affine", "product", "orders"])
def test_an_explorer_is_light_and_every_frame_moves(name):
    made = explorers.frames(scenes()[name], alt="what there is to see", ask="What is it?")
    assert len(gzip.compress(made.html().encode())) < 10_000
    readings = made.rendering.readings
    assert len(set(readings)) > 1
    count = int(np.prod([len(slider.values) for slider in made.sliders]))
    assert len({made.rendering.svg(frame) for frame in range(count)}) == count


def test_the_stages_of_a_layer_are_those_of_the_package():
    weights, bias = np.array([[1.0, 1.0], [0.0, 1.0]]), np.array([[1.0], [-0.5]])
    points = np.array([[1.0, 0.0, 2.0], [0.0, 1.0, -1.0]])
    linear, z, a = stages(weights, bias, points)
    assert np.allclose(linear, [[1, 1, 1], [0, 1, -1]])
    assert np.allclose(z, linear + bias)
    assert np.allclose(a, np.tanh(z))


@pytest.mark.parametrize(
    ("kind", "area"), [("stretch", "1"), ("shear", "1"), ("rank one", "0"), ("reflect", "1")]
)
def test_the_affine_scene_reports_the_images_of_the_unit_vectors(kind, area):
    scene, columns = figures.scene_affine(), np.array(MATRICES[kind]).T
    reading = scene.update(kind=kind, stage="W x")
    assert reading.endswith(f"multiplied by {area}.")
    arms = [artist for artist in scene.moving.values() if hasattr(artist, "get_xdata")][-2:]
    for arm, column in zip(arms, columns, strict=True):
        assert np.allclose(np.transpose(arm.get_data())[[0, -1]], [[0, 0], column])


def test_the_unit_vectors_bend_with_the_plane():
    scene, (W, b) = figures.scene_affine(), (np.array(MATRICES["rank one"]), [[1.0], [-0.5]])
    scene.update(kind="rank one", stage="tanh(W x + b)")
    arm = [artist for artist in scene.moving.values() if hasattr(artist, "get_xdata")][-2]
    share = np.linspace(0, 1, 9)
    assert np.allclose(arm.get_data(), np.tanh(W[:, [0]] * share + b))


def test_a_unit_vector_keeps_its_name_in_every_stage():
    scene = figures.scene_affine()
    scene.update(kind="identity", stage="tanh(W x + b)")
    assert texts(scene)[:2] == ["e₁", "e₂"]


def test_tanh_bends_lines_that_are_not_parallel_to_an_axis():
    bias = np.zeros((2, 1))
    for slope, shift, straight in ((0, 1, True), (1, 0, True), (-1, 0, True), (1, 1, False)):
        along = np.linspace(-2, 2, 9)
        ends = stages(np.eye(2), bias, np.stack([along, slope * along + shift]))[2]
        step = np.diff(ends, axis=1)
        turns = step[0, 1:] * step[1, :-1] - step[0, :-1] * step[1, 1:]
        assert np.allclose(turns, 0) == straight


def test_a_product_fills_entry_by_entry_with_the_right_numbers():
    scene = figures.scene_product(W, A)
    assert scene.update(step=0) == "W is 2 × 3 and a is 3 × 4: the product will be 2 × 4."
    assert set(texts(scene)) == {""}
    assert len(set(cells(scene))) == 1
    reading = scene.update(step=6)
    assert reading == "Row 2 of W meets column 2 of a: entry (2, 2) of W a is 5."
    *numbers, line = texts(scene)
    assert numbers == ["2", "−7", "2", "−5", "−2", "5", "", ""]
    assert line == "0.5·0 + 1·3 + (−1)·(−2) = 5"
    scene.update(step=8)
    read = [float(text.replace("−", "-")) for text in texts(scene)[:-1]]
    assert np.allclose(np.reshape(read, (2, 4)), W @ A)


def test_a_product_marks_one_row_one_column_and_their_entry():
    scene = figures.scene_product(W, A)
    scene.update(step=6)
    grounds = cells(scene)
    paper = max(set(grounds), key=grounds.count)
    assert [i for i, ground in enumerate(grounds[:6]) if ground != paper] == [3, 4, 5]
    assert [i for i, ground in enumerate(grounds[6:18]) if ground != paper] == [1, 5, 9]
    assert [i for i, ground in enumerate(grounds[18:]) if ground != paper] == [5]


def test_a_product_whose_inner_dimensions_differ_is_refused():
    with pytest.raises(ValueError, match="mismatch"):
        figures.scene_product(W, A.T)


@given(st.permutations([1, 2, 3]))
def test_reordering_the_hidden_neurons_gives_the_same_function(order):
    network, theta = small_network()
    assert np.allclose(
        predict(network, reordered(theta, order), X), predict(network, theta, X), atol=1e-12
    )


def test_reordering_the_rows_alone_changes_the_function():
    network, theta = small_network()
    now = reordered(theta, (2, 3, 1))
    wrong = Parameters({1: now.W[1], 2: theta.W[2]}, now.b)
    assert not np.allclose(predict(network, wrong, X), predict(network, theta, X))


def test_orders_show_the_parameters_of_the_order_and_one_output():
    network, theta = small_network()
    scene, outputs = figures.scene_orders(network, theta, X), set()
    for order in permutations((1, 2, 3)):
        reading = scene.update(order=" ".join(map(str, order)))
        outputs.add(reading.rpartition(" ")[2])
        shown = scene.moving["w121"].get_text()
        assert float(shown.replace("−", "-")) == pytest.approx(
            theta.W[1][order[1] - 1, 0], abs=0.005
        )
    assert len(outputs) == 1
    assert len({artist.get_edgecolor() for name, artist in scene.moving.items() if "node" in name})


def test_weights_of_crossing_edges_do_not_overlap():
    scene = figures.scene_orders(*small_network(), X)
    heights = [text.get_position()[1] for name, text in scene.moving.items() if name[:2] == "w1"]
    assert np.diff(np.sort(heights)).min() > 16


def test_orders_write_two_outputs_as_a_pair():
    network, theta = small_network((2, 2, 2))
    reading = figures.scene_orders(network, theta, X).update(order="2 1")
    assert reading.endswith(").")


@pytest.mark.parametrize("sizes", [(2, 2, 2, 1), (2, 5, 1)])
def test_orders_of_another_network_are_refused(sizes):
    network = Network(sizes, (IDENTITY,) * (len(sizes) - 1))
    theta = initialise(network, np.random.default_rng(0))
    with pytest.raises(ValueError, match="expected one hidden layer of 1 to 4"):
        figures.scene_orders(network, theta, X)
