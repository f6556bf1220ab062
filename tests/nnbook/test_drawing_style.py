"""Colours of the palette become variables of the page."""

from nnbook.drawing.style import BLUE, INK, css_colour


def test_a_colour_outside_the_palette_stays_as_it_is():
    assert css_colour("#123456") == "#123456"
    assert css_colour("none") == "none"


def test_a_colour_of_the_palette_is_a_variable_of_the_page():
    assert css_colour(BLUE) == "var(--nn-blue,#0072b2)"
    assert css_colour(INK) == "var(--nn-ink,currentColor)"
