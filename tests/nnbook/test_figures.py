"""Pictures are lean, speak in words, keep the page's colours, and move as matplotlib draws."""

import gzip
import io
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from matplotlib import pyplot as plt
from matplotlib.patches import Circle, Ellipse, Rectangle
from matplotlib.path import Path

from nnbook import figures
from nnbook.drawing.numbers import short, signed, symbol
from nnbook.drawing.style import css_colour, style, subplots
from nnbook.svg.artists import elements
from nnbook.svg.document import picture
from nnbook.svg.paths import number, path_data, read_path
from nnmaths.activations import SIGMOID
from nnmaths.backprop import deltas
from nnmaths.costs import QUADRATIC
from nnmaths.network import Network, forward, initialise

DIGIT = 0.051  # half of the last printed decimal of a path, and a little for binary fractions
ONE = np.array([1.0, 2.0, 1.5])


def svg_of(fig, alt="What there is to see"):
    return picture(fig, alt).svg


def settle(fig):
    """Lay the figure out once and for all, as recording a scene does."""
    fig.draw_without_rendering()
    fig.set_layout_engine("none")


def absolute(d):
    """Every point of a path with relative lines, as a reader of SVG finds it."""
    points, here = [], np.zeros(2)
    for letter, body in re.findall(r"([Mlh])([^Mlh]*)", d):
        steps = np.reshape([float(n) for n in re.findall(r"-?(?:\d*\.\d+|\d+)", body)], (-1, 2))
        if letter == "h":
            continue
        for step in steps:
            here = step if letter == "M" else here + step
            points.append(here)
    return np.array(points)


def matplotlibs_own(fig, gid):
    """What savefig writes for the artist with this gid: path data, and places of its markers."""
    buffer = io.StringIO()
    with style():
        fig.savefig(buffer, format="svg")
    root = ElementTree.fromstring(buffer.getvalue())
    group = next(node for node in root.iter() if node.get("id") == gid)
    paths = [n.get("d") for n in group.iter() if n.tag.endswith("}path") and not n.get("id")]
    places = [
        (float(n.get("x")), float(n.get("y")))
        for n in group.iter()
        if n.tag.endswith(("use", "text"))
    ]
    return paths, np.array(places)


# Moving artists agree with matplotlib's own SVG ---------------------------------------------------


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_a_line_has_the_points_that_matplotlib_draws(scale):
    fig, ax = subplots()
    (line,) = ax.plot([1, 2, 4, 7], [3, 0.2, 5, 40], gid="it", color="red", marker="o")
    ax.set_yscale(scale)
    settle(fig)
    (element,) = elements(line)
    paths, _ = matplotlibs_own(fig, "it")
    assert np.allclose(absolute(element.attributes["d"]), read_path(paths[0]).vertices, atol=DIGIT)


def test_a_line_that_leaves_the_page_is_cut_where_matplotlib_cuts_it():
    fig, ax = subplots()
    (line,) = ax.plot([0, 1, 2, 3], [0, 1, 1e9, 0.5], gid="it")
    ax.set_ylim(0, 1)
    settle(fig)
    paths, _ = matplotlibs_own(fig, "it")
    ours = absolute(elements(line)[0].attributes["d"])
    assert np.allclose(ours, read_path(paths[0]).vertices, atol=DIGIT)
    assert np.abs(ours).max() < 1000


@pytest.mark.parametrize("look", [{"marker": "o"}, {"marker": "s", "color": "black"}])
def test_markers_stand_where_matplotlib_puts_them(look):
    fig, ax = subplots()
    (line,) = ax.plot([1, 2, 4], [3, 0, 5], linestyle="none", gid="it", **look)
    settle(fig)
    (element,) = elements(line)
    starts = re.findall(r"M(-?[\d.]+)[ ]?(-?[\d.]+)", element.attributes["d"])
    _, places = matplotlibs_own(fig, "it")
    assert np.allclose(np.array(starts, float), places, atol=DIGIT)


def test_a_text_stands_where_matplotlib_puts_it():
    fig, ax = subplots()
    text = ax.text(0.4, 0.7, "η = 0.1", gid="it", ha="center", fontsize=11, weight="bold")
    settle(fig)
    (element,) = elements(text)
    _, places = matplotlibs_own(fig, "it")
    ours = [float(element.attributes[k]) for k in ("x", "y")]
    assert np.allclose(ours, places[0], atol=DIGIT)
    assert element.attributes["text-anchor"] == "middle"
    assert element.attributes["font-size"] == "11"
    assert element.attributes["font-weight"] == "700"
    assert element.text == "η = 0.1"


@pytest.mark.parametrize("patch", [Ellipse((3, 2), 2, 1), Circle((3, 2), 1)])
def test_an_ellipse_spans_what_matplotlib_draws(patch):
    fig, ax = subplots()
    ax.add_patch(patch).set_gid("it")
    ax.set(xlim=(0, 6), ylim=(0, 4))
    settle(fig)
    (element,) = elements(patch)
    box = read_path(matplotlibs_own(fig, "it")[0][0]).get_extents()
    numbers = [float(n) for n in re.findall(r"-?[\d.]+", element.attributes["d"])]
    assert numbers[0] == pytest.approx(box.x0, abs=DIGIT)
    assert numbers[2] == pytest.approx(box.width / 2, abs=DIGIT)
    assert numbers[3] == pytest.approx(box.height / 2, abs=DIGIT)


def test_other_patches_keep_their_outline_and_see_through():
    fig, ax = subplots()
    patch = ax.add_patch(Rectangle((0, 0), 1, 1, facecolor=(1, 0, 0, 0.5), linewidth=0))
    settle(fig)
    (element,) = elements(patch)
    assert element.attributes["d"].endswith("z")
    assert element.attributes["fill-opacity"] == ".5"
    assert element.attributes["stroke"] == "none"


def test_a_line_seen_through_says_how_much():
    fig, ax = subplots()
    (line,) = ax.plot([0, 1], [0, 1], alpha=0.25)
    settle(fig)
    assert elements(line)[0].attributes["stroke-opacity"] == ".25"


def test_hidden_artists_leave_no_trace():
    fig, ax = subplots()
    (line,) = ax.plot([1, 2], [1, 2], "s--", visible=False)
    text, patch = ax.text(0, 0, "there", visible=False), ax.add_patch(Circle((0, 0), visible=False))
    settle(fig)
    assert [e.attributes["d"] for e in elements(line)] == ["", ""]
    assert elements(text)[0].text == ""
    assert elements(patch)[0].attributes["d"] == ""


def test_what_cannot_move_is_refused():
    fig, ax = subplots()
    with pytest.raises(TypeError, match="AxesImage cannot move"):
        elements(ax.imshow([[0, 1]]))
    with pytest.raises(ValueError, match="va='baseline'"):
        elements(ax.text(0, 0, "up", va="top"))
    (line,) = ax.plot([0, np.nan], [0, 1], gid="path")
    with pytest.raises(ValueError, match="Line2D 'path' has NaN or infinite data"):
        elements(line)
    assert fig is ax.figure


# Paths and numbers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, ".5"),
        (-0.5, "-.5"),
        (3.0, "3"),
        (-0.01, "0"),
        (10.04, "10"),
        (100, "100"),
        (12.34, "12.3"),
    ],
)
def test_numbers_take_the_fewest_characters(value, text):
    assert number(value) == text


def test_a_number_without_places_keeps_its_zeros():
    assert number(100.4, 0) == "100"


@given(arrays(float, st.tuples(st.integers(2, 30), st.just(2)), elements=st.floats(-500, 500)))
def test_relative_steps_never_drift_from_the_points(points):
    assert np.allclose(absolute(path_data(Path(points))), points, atol=DIGIT)


def test_closed_subpaths_and_stamps_follow_svgs_rules():
    square = Path([[0, 0], [1, 0], [1, 1], [0, 0], [5, 5], [6, 5]], [1, 2, 2, 79, 1, 2])
    assert path_data(square) == "M0 0l1 0 0 1zM5 5l1 0"
    assert path_data(square, move="m") == "m0 0l1 0 0 1zm5 5l1 0"


def test_numbers_for_readers_have_a_true_minus_and_no_negative_zero():
    assert signed(-0.254) == "−0.25"
    assert signed(-0.001) == "0.00"
    assert short(0.40) == "0.4"
    assert short(-3.0) == "−3"
    assert short(7.0, 0) == "7"
    assert symbol("w", 2, 1, 3) == "w₁₃⁽²⁾"


# The still picture --------------------------------------------------------------------------------


def test_a_picture_needs_alternative_text():
    fig, _ = subplots()
    with pytest.raises(ValueError, match="alt is empty"):
        picture(fig, "  ")


def test_a_picture_says_its_alternative_text_everywhere():
    fig, ax = subplots()
    ax.plot([0, 1])
    shown = picture(fig, 'A line that "rises" & stays')
    assert repr(shown) == 'A line that "rises" & stays'
    root = ElementTree.fromstring(shown.svg)
    assert root.get("role") == "img"
    assert root.get("aria-label") == repr(shown)
    assert shown._repr_html_() == f'<figure class="picture">{shown.svg}</figure>'


def test_text_stays_text_in_the_pages_colours():
    fig, ax = subplots()
    ax.plot([0, 1], color=figures.PALETTE["blue"])
    ax.set_ylabel("∂C/∂w₁₁⁽²⁾ <here>", weight="bold")
    svg = svg_of(fig)
    assert ">∂C/∂w₁₁⁽²⁾ &lt;here&gt;</text>" in svg
    assert 'stroke="var(--nn-blue,#0072b2)"' in svg
    assert 'fill="var(--nn-ink,currentColor)"' in svg
    assert 'font-weight="700"' in svg
    assert "rotate(-90" in svg
    assert "#000000" not in svg


def test_a_colour_outside_the_palette_stays_as_it_is():
    assert css_colour("#123456") == "#123456"
    assert css_colour("none") == "none"


def test_a_picture_holds_nothing_that_it_does_not_need():
    fig, ax = subplots()
    ax.plot([0, 1])
    svg = svg_of(fig)
    assert not re.search(r"DOCTYPE|metadata|<defs|<style|<use|font-family| id=|<g", svg)
    assert len(svg) < 3000


def test_the_same_picture_is_the_same_text_and_ids_never_clash():
    def drawn():
        fig, ax = subplots()
        ax.plot([0, 5], [0, 5])
        ax.set(xlim=(0, 1), ylim=(0, 1))  # the line leaves the axes and is clipped
        return svg_of(fig, "clipped")

    first, second = drawn(), drawn()
    ids = [re.findall(r' id="([^"]+)"', svg) for svg in (first, second)]
    assert len(ids[0]) == 1
    assert ids[0] != ids[1]
    assert first.replace(ids[0][0], "") == second.replace(ids[1][0], "")
    assert f"url(#{ids[0][0]})" in first


def test_discs_share_one_path_and_other_markers_keep_their_shape():
    fig, ax = subplots()
    ax.plot(range(100), range(100), "o", color="red", markeredgewidth=0)
    ax.plot(range(3), range(3), "x", color="blue")
    svg = svg_of(fig)
    assert svg.count("h0") == 100
    assert svg.count('stroke-linecap="round"') == 1
    assert svg.count("<path") < 10


def test_marks_that_overlap_and_are_seen_through_are_kept_apart():
    fig, ax = subplots()
    ax.plot([0, 0.1], [0, 0], "s", color="red", alpha=0.5)
    assert svg_of(fig).count("fill-opacity") == 2


def test_pixels_have_no_place():
    fig, ax = subplots()
    ax.imshow([[0, 1]])
    with pytest.raises(ValueError, match="<image> has no place"):
        svg_of(fig)


def test_a_figure_of_pyplot_is_closed():
    fig, _ = plt.subplots()
    picture(fig, "empty axes")
    assert not plt.get_fignums()


# The network --------------------------------------------------------------------------------------


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


def test_in_company_the_drawing_leaves_the_size_of_the_figure_alone():
    fig, axes = subplots(1, 2)
    before = fig.get_size_inches().copy()
    figures.draw_network(axes[0], (2, 1), names=False)
    assert (fig.get_size_inches() == before).all()


# The plots ----------------------------------------------------------------------------------------


def bowl(theta):
    return float((theta**2).sum())


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


PLOTS = (
    check_gradient, vanishing, pass_cost, descent, contours, landscape,
    regression, training, single_training, cloud, decision,
)  # fmt: skip


@pytest.mark.parametrize("plot", PLOTS)
def test_a_plot_names_what_it_shows_and_is_light(plot):
    fig, ax = subplots()
    words = plot(ax)
    svg = svg_of(fig)
    assert [word for word in words if f">{word}</text>" not in svg] == []
    assert "$" not in svg  # no mathtext: Unicode is searchable and can be copied
    assert len(gzip.compress(svg.encode())) < 6000


def test_the_line_between_the_classes_lies_where_the_network_changes_its_mind():
    fig, ax = subplots()
    decision(ax)
    boundary = ax.collections[1].get_paths()[0].vertices
    assert np.allclose(boundary[:, 0], 0.5)
    assert fig.axes == [ax]
