"""Moving artists have the same SVG as in matplotlib's own output."""

import re

import numpy as np
import pytest
from matplotlib.patches import Circle, Ellipse, Rectangle
from svg_reader import DIGIT, absolute, matplotlibs_own, settle

from nnbook.drawing.style import subplots
from nnbook.svg.artists import elements
from nnbook.svg.paths import read_path


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
def test_markers_are_where_matplotlib_puts_them(look):
    fig, ax = subplots()
    (line,) = ax.plot([1, 2, 4], [3, 0, 5], linestyle="none", gid="it", **look)
    settle(fig)
    (element,) = elements(line)
    starts = re.findall(r"M(-?[\d.]+)[ ]?(-?[\d.]+)", element.attributes["d"])
    _, places = matplotlibs_own(fig, "it")
    assert np.allclose(np.array(starts, float), places, atol=DIGIT)


def test_a_text_is_where_matplotlib_puts_it():
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


def test_other_patches_keep_their_outline_and_opacity():
    fig, ax = subplots()
    patch = ax.add_patch(Rectangle((0, 0), 1, 1, facecolor=(1, 0, 0, 0.5), linewidth=0))
    settle(fig)
    (element,) = elements(patch)
    assert element.attributes["d"].endswith("z")
    assert element.attributes["fill-opacity"] == ".5"
    assert element.attributes["stroke"] == "none"


def test_a_line_keeps_its_opacity():
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


def test_artists_that_cannot_move_are_refused():
    fig, ax = subplots()
    with pytest.raises(TypeError, match="not AxesImage"):
        elements(ax.imshow([[0, 1]]))
    with pytest.raises(ValueError, match="va='baseline'"):
        elements(ax.text(0, 0, "up", va="top"))
    (line,) = ax.plot([0, np.nan], [0, 1], gid="path")
    with pytest.raises(ValueError, match="Line2D 'path' has NaN or infinite data"):
        elements(line)
    assert fig is ax.figure
