"""Digits are drawn pixel by pixel, and mistakes with the probabilities of the network."""

import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from matplotlib.path import Path
from strategies import rng

from nnbook import explorers, figures
from nnbook.figures.mnist.plots import grey_areas, outline
from nnmaths.datasets import Mistakes, mnist_mistakes

MIDDLES = [(x + 0.5, y + 0.5) for y in range(5) for x in range(4)]


@given(arrays(bool, (5, 4), elements=st.booleans()))
def test_the_outline_encloses_the_centres_of_its_pixels_only(inside):
    # Holes are walked the other way round, so a point is inside where the windings do not cancel.
    path = outline(inside)
    loops = path.to_polygons() if len(path.vertices) else []
    area = sum(signed_area(loop) for loop in loops)
    assert area == inside.sum()
    wound = np.zeros(20)
    for loop in loops:
        turn = np.sign(signed_area(loop))
        wound += turn * Path(loop).contains_points(MIDDLES)
    assert (wound.reshape(5, 4) == inside).all()


def signed_area(loop):
    """Return the area within a loop, positive where y points down and it turns clockwise."""
    (x, y), (to_x, to_y) = np.transpose(loop[:-1]), np.transpose(loop[1:])
    return (x * to_y - to_x * y).sum() / 2


def test_a_square_has_four_corners_and_a_ring_eight():
    ring = np.ones((3, 3), bool)
    assert len(outline(ring).vertices) == 5
    ring[1, 1] = False
    assert len(outline(ring).vertices) == 10


def test_darker_pixels_lie_in_more_areas():
    image = np.array([[0, 60], [120, 255]])
    sizes = [sum(map(signed_area, path.to_polygons())) for path in grey_areas(image)]
    assert sizes == [3, 2, 1]


def svg_of(plot, **size):
    fig, ax = figures.subplots(**size)
    plot(ax)
    return figures.picture(fig, alt="What there is to see.").svg


def test_a_grid_of_digits_has_captions_and_is_light():
    stored = mnist_mistakes()
    words = [f"digit {k}" for k in range(24)]
    svg = svg_of(lambda ax: figures.plot_digits(ax, stored.grey[:24], words), height=2.9)
    assert all(f">{word}</text>" in svg for word in words)
    assert len(gzip.compress(svg.encode())) < 6000


def test_the_matrix_shows_every_count_that_is_not_zero():
    counts = np.diag(range(900, 910))
    counts[3, 5] = 17
    svg = svg_of(lambda ax: figures.plot_confusion(ax, counts))
    assert all(f">{n}</text>" in svg for n in (*range(900, 910), 17))
    assert svg.count("</text>") == 11 + 2 + 20


def test_the_curve_of_error_rates_starts_at_epoch_1():
    fig, ax = figures.subplots()
    (line,) = figures.plot_error(ax, {"test": [50, 4.0, 0.0]})
    assert line.get_xdata().tolist() == [1, 2, 3]
    assert line.get_ydata()[:2].tolist() == [50, 4]
    assert np.isnan(line.get_ydata()[2])  # the logarithm of 0 is undefined
    assert ">error rate, %</text>" in figures.picture(fig, alt="Falling.").svg


def test_the_explorer_reports_the_prediction():
    p = np.full((10, 2), 0.02)
    p[3, 0], p[5, 0], p[9, 1] = 0.7, 0.14, 0.82
    grey = rng().integers(0, 256, (2, 28, 28))
    scene = figures.scene_mistakes(Mistakes(grey, np.array([5, 4]), np.array([17, 2000]), p))
    assert scene.update(k=1) == (
        "Test digit 17 is a 5. The network predicts 3 with probability 70 %, and gives 5 a "
        "probability of 14 %."
    )
    assert scene.moving["bar3"].get_width() == 0.7
    assert scene.moving["guess"].get_text() == "guess"
    assert scene.update(k=2).startswith(
        "Test digit 2000 is a 4. The network predicts 9 with probability 82 %"
    )
    assert scene.moving["true"].get_position()[1] == pytest.approx(4.25)


def test_an_explorer_of_40_mistakes_is_light():
    stored = mnist_mistakes()
    some = Mistakes(*(part[:40] for part in stored[:3]), stored.p[:, :40])
    explorer = explorers.frames(figures.scene_mistakes(some), alt="A digit.", ask="Which?")
    assert len(gzip.compress(explorer.html().encode(), mtime=0)) < 10_000
