"""Pictures of chapter 1 show what the package computes: shades, lines, edges, counts, numbers."""

import gzip
import re
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnbook import explorers, figures
from nnbook.drawing.style import subplots
from nnbook.figures.ch01_network.plots import LEVELS, MAX_NODES, edge_path, node_positions
from nnbook.figures.ch01_network.scenes import half_plane
from nnbook.svg.document import picture
from nnmaths.activations import SIGMOID
from nnmaths.arrays import column, columns
from nnmaths.network import Network, Parameters, initialise, predict

ALT = "What there is to see"
NUMBERS = st.sampled_from([-4.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 4.0])
WIDTHS = st.lists(st.integers(1, 2 * MAX_NODES), min_size=2, max_size=5)


def two_two_one():
    W = {1: np.array([[4.0, 2.0], [-4.0, 0.0]]), 2: np.array([[-8.0, -8.0]])}
    theta = Parameters(W, {1: column([-3.0, -2.0]), 2: column([4.0])})
    return Network((2, 2, 1), (SIGMOID, SIGMOID)), theta


def made(scene):
    return explorers.frames(scene, alt=ALT, ask="Where?")


# One neuron ---------------------------------------------------------------------------------------


def area(corners):
    """The area of a polygon, by the shoelace formula."""
    x, y = corners.T
    return abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


@given(NUMBERS, NUMBERS, NUMBERS)
def test_a_half_plane_is_where_the_weighted_sum_is_not_negative(w1, w2, b):
    w = np.array([w1, w2])
    corners = half_plane(w, b)
    assert (corners @ w + b >= -1e-9).all()
    assert (np.abs(corners) <= 2).all()


@given(NUMBERS, NUMBERS, NUMBERS)
def test_a_half_plane_and_its_opposite_fill_the_square(w1, w2, b):
    w = np.array([w1, w2])
    parts = [half_plane(w, b), half_plane(-w, -b)]
    whole = sum(area(part) for part in parts if len(part))
    assert whole == pytest.approx(16 if w.any() or b else 32)


def test_the_shades_of_the_plane_are_those_of_the_output():
    scene = figures.scene_neuron()
    scene.update(w1=2, w2=-1, b=1.5)
    rng = np.random.default_rng(0)
    for x in rng.uniform(-2, 2, (40, 2)):
        a = 1 / (1 + np.exp(-(2 * x[0] - x[1] + 1.5)))
        inside = [
            name
            for name in ("low0", "low1", "low2", "high0", "high1", "high2")
            if scene.moving[name].get_path().contains_point(x)
        ]
        low = [f"low{i}" for i, level in enumerate(LEVELS[:3]) if a <= level]
        high = [f"high{i}" for i, level in enumerate(LEVELS[2:]) if a >= level]
        assert inside == low + high


def test_the_boundary_and_the_sample_are_where_the_neuron_puts_them():
    scene = figures.scene_neuron(x=(1.0, 0.5))
    reading = scene.update(w1=2, w2=1, b=-1.5)
    xs, ys = scene.moving["border"].get_data()
    assert np.allclose(2 * np.array(xs) + np.array(ys), 1.5)
    assert np.allclose(scene.moving["here"].get_data(), [[1.0], [0.7311]], atol=1e-4)
    assert "2·1 + 1·0.5 + (−1.5) = 1.00, a = σ(z) = 0.7311." in reading


@pytest.mark.parametrize(
    ("w1", "w2", "b", "words"),
    [
        (2, 1, 0, "The black line is a = ½"),
        (0, 0, 3, "the output is the same everywhere"),
        (1, 0, 3, "is outside the picture"),
    ],
)
def test_the_reading_describes_the_line(w1, w2, b, words):
    scene = figures.scene_neuron()
    assert words in scene.update(w1=w1, w2=w2, b=b)
    assert bool(len(scene.moving["border"].get_xdata())) == ("black" in words)


def test_the_line_crosses_the_whole_square_if_it_meets_it():
    scene = figures.scene_neuron()
    places = {slider.name: slider.values for slider in scene.sliders}
    for w1, w2, b in product(places["w1"], places["w2"], places["b"]):
        scene.update(w1=w1, w2=w2, b=b)
        x, y = scene.moving["border"].get_data()
        reach = 2 * (abs(w1) + abs(w2))  # of w·x over the square
        assert len(x) == (2 if reach > abs(b) else 0)
        assert np.allclose(w1 * np.array(x) + w2 * np.array(y) + b, 0)
        assert not len(x) or np.hypot(np.ptp(x), np.ptp(y)) > 0.5


# Numbers on their way -----------------------------------------------------------------------------


def test_every_number_follows_the_inputs():
    scene = figures.scene_forward(*two_two_one(), (-1, 0, 1), (0, 1))
    reading = scene.update(x1=-1, x2=1)
    texts = {name: artist.get_text() for name, artist in scene.moving.items()}
    assert texts == {
        "a0-1": "−1",
        "a0-2": "1",
        "z1-1": "z = −5.00",
        "a1-1": "0.01",
        "z1-2": "z = 2.00",
        "a1-2": "0.88",
        "z2-1": "z = −3.10",
        "a2-1": "0.04",
    }
    assert reading == "x = (−1, 1): a⁽¹⁾ = (0.01, 0.88); ŷ = 0.04."


def test_a_network_with_three_inputs_is_refused():
    network = Network((3, 1), (SIGMOID,))
    theta = initialise(network, np.random.default_rng(0))
    with pytest.raises(ValueError, match="network: expected 2 inputs, found 3"):
        figures.scene_forward(network, theta, (0, 1), (0, 1))


# Any widths ---------------------------------------------------------------------------------------


@given(st.integers(1, 5), st.integers(1, 5))
def test_the_path_of_edges_follows_every_edge_and_no_other(n, m):
    left = np.column_stack([np.zeros(n), np.arange(n)])
    right = np.column_stack([np.ones(m), np.arange(m)])
    path = edge_path(left, right)
    pairs = [tuple(sorted(map(tuple, pair))) for pair in pairwise(path)]
    assert set(pairs) == {((0.0, j), (1.0, k)) for j in range(n) for k in range(m)}


@given(st.integers(0, 4), st.integers(1, 3 * MAX_NODES))
def test_neurons_of_a_layer_are_aligned_and_do_not_overlap(l, n):
    places = node_positions(l, n, 40.0)
    assert len(places) == min(n, MAX_NODES)
    assert (places[:, 0] == 40 * l).all()
    assert places[:, 1].mean() == pytest.approx(0)
    assert (np.diff(places[:, 1]) <= -17 + 1e-9).all()


@given(WIDTHS)
def test_the_counts_of_a_drawing_add_up_to_the_parameters(sizes):
    _, ax = subplots()
    drawing = figures.draw_layers(ax, sizes)
    counts = [drawing.texts["sum", l].get_text() for l in range(1, len(sizes))]
    network = Network(sizes, (SIGMOID,) * (len(sizes) - 1))
    theta = initialise(network, np.random.default_rng(0), "zeros")
    assert sum(int(text.removeprefix("= ")) for text in counts) == theta.size
    assert len(drawing.nodes) == len(sizes) == len(drawing.edges) + 1


def test_a_drawing_names_its_layers_and_shows_dots_for_the_rest():
    fig, ax = subplots()
    figures.draw_layers(ax, (784, 4, 10))
    svg = picture(fig, ALT).svg
    assert svg.count("⋮") == 2
    assert all(word in svg for word in ("input", "hidden", "output", "n₀ = 784", "4(784+1)"))


def test_layers_leave_the_size_of_a_shared_figure_alone():
    fig, axes = subplots(2)
    before = fig.get_size_inches().copy()
    figures.draw_layers(axes[0], (2, 3, 1), room=6)
    assert (fig.get_size_inches() == before).all()


@pytest.mark.parametrize(("hidden", "width"), [(0, 4), (1, 8), (4, 3)])
def test_the_reading_counts_the_parameters_and_the_edges(hidden, width):
    scene = figures.scene_widths(3, 2)
    reading = scene.update(hidden=hidden, width=width)
    sizes = (3, *[width] * hidden, 2)
    weights = sum(m * n for m, n in pairwise(sizes))
    theta = initialise(Network(sizes, (SIGMOID,) * (hidden + 1)), np.random.default_rng(0))
    assert f"{theta.size} parameters: {weights} weights, one per edge, and" in reading
    shown = [line for name, line in scene.moving.items() if name.startswith("edges")]
    assert [line.get_visible() for line in shown] == [l <= hidden for l in range(5)]


# The output over its plane ------------------------------------------------------------------------


def test_the_output_over_a_rectangle_is_that_of_the_network():
    network, theta = two_two_one()
    fig, ax = subplots()
    values = figures.plot_output(
        ax, lambda p: predict(network, theta, p), (-2, 2), (-1, 1), "comfortable"
    )
    corners = columns([[-2.0, -1.0], [2.0, 1.0]])
    assert np.allclose([values[0, 0], values[-1, -1]], predict(network, theta, corners))
    assert "comfortable" in picture(fig, ALT).svg


# All of them --------------------------------------------------------------------------------------


SCENES = {
    "neuron": figures.scene_neuron,
    "forward": lambda: figures.scene_forward(*two_two_one(), (-1, 0, 1), (-1, 0, 1)),
    "widths": figures.scene_widths,
}


@pytest.mark.parametrize("name", SCENES)
def test_an_explorer_is_light_and_the_readings_differ(name):
    explorer = made(SCENES[name]())
    assert len(gzip.compress(explorer.html().encode(), mtime=0)) < 12_000
    readings = explorer.rendering.readings
    without_hidden = 6 if name == "widths" else 1  # frames in which the width has nothing to say
    assert len(set(readings)) == len(readings) - without_hidden + 1


@pytest.mark.parametrize("name", SCENES)
def test_an_explorer_draws_the_numbers_of_its_reading(name):
    explorer = made(SCENES[name]())
    for frame in (0, explorer.first, len(explorer.rendering.readings) - 1):
        svg = explorer.rendering.svg(frame)
        numbers = re.findall(
            r"= (\d+) parameters|ŷ = ([\d.]+)\.", explorer.rendering.readings[frame]
        )
        for count, output in numbers:
            written = [int(text) for text in re.findall(r">= (\d+)<", svg)]
            assert sum(written) == int(count) if count else f">{output}<" in svg
