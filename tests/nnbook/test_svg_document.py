"""Pictures are lean, have alternative text, and keep the colours of the page."""

import re
import xml.etree.ElementTree as ElementTree

import pytest
from matplotlib import pyplot as plt
from svg_reader import svg_of

from nnbook import figures
from nnbook.drawing.style import subplots
from nnbook.svg.document import picture


def test_a_picture_needs_alternative_text():
    fig, _ = subplots()
    with pytest.raises(ValueError, match="alt is empty"):
        picture(fig, "  ")


def test_a_picture_has_its_alternative_text_in_every_representation():
    fig, ax = subplots()
    ax.plot([0, 1])
    shown = picture(fig, 'A line that "rises" & stays')
    assert repr(shown) == 'A line that "rises" & stays'
    root = ElementTree.fromstring(shown.svg)
    assert root.get("role") == "img"
    assert root.get("aria-label") == repr(shown)
    assert shown._repr_html_() == f'<figure class="picture">{shown.svg}</figure>'


def test_text_stays_text_in_the_colours_of_the_page():
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


def test_a_picture_has_no_superfluous_elements():
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


def test_translucent_markers_that_overlap_are_separate_paths():
    fig, ax = subplots()
    ax.plot([0, 0.1], [0, 0], "s", color="red", alpha=0.5)
    assert svg_of(fig).count("fill-opacity") == 2


def test_raster_images_are_refused():
    fig, ax = subplots()
    ax.imshow([[0, 1]])
    with pytest.raises(ValueError, match="<image> is not supported"):
        svg_of(fig)


def test_a_figure_of_pyplot_is_closed():
    fig, _ = plt.subplots()
    picture(fig, "empty axes")
    assert not plt.get_fignums()
