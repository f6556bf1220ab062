"""Path data are as short as possible, and exact to the last printed decimal."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from matplotlib.path import Path
from svg_reader import DIGIT, absolute

from nnbook.svg.paths import format_number, path_data


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
    assert format_number(value) == text


def test_a_number_without_places_keeps_its_zeros():
    assert format_number(100.4, 0) == "100"


@given(arrays(float, st.tuples(st.integers(2, 30), st.just(2)), elements=st.floats(-500, 500)))
def test_relative_steps_never_drift_from_the_points(points):
    assert np.allclose(absolute(path_data(Path(points))), points, atol=DIGIT)


def test_closed_subpaths_and_relative_paths_are_valid():
    square = Path([[0, 0], [1, 0], [1, 1], [0, 0], [5, 5], [6, 5]], [1, 2, 2, 79, 1, 2])
    assert path_data(square) == "M0 0l1 0 0 1zM5 5l1 0"
    assert path_data(square, move="m") == "m0 0l1 0 0 1zm5 5l1 0"
