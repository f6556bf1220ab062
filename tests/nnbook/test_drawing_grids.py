"""Functions on a grid, and the region where one is positive."""

import numpy as np

from nnbook.drawing.grids import (
    decision_map,
    grid_points,
    grid_values,
    pointwise_values,
    positive_region,
    region_patch,
)
from nnbook.drawing.style import subplots

XS, YS = np.array([0.0, 1.0, 2.0]), np.array([5.0, 7.0])


def test_the_points_of_a_grid_go_row_by_row():
    assert grid_points(XS, YS).tolist() == [[0, 1, 2, 0, 1, 2], [5, 5, 5, 7, 7, 7]]


def test_values_on_a_grid_are_the_same_at_once_and_one_by_one():
    values = grid_values(lambda p: p[0] * p[1], XS, YS)
    assert values.tolist() == [[0, 5, 10], [0, 7, 14]]
    assert (values == pointwise_values(lambda p: p[0] * p[1], XS, YS)).all()


def test_a_region_holds_the_points_where_the_function_is_positive():
    disc = positive_region(lambda p: 1 - (p**2).sum(axis=0), (-2, 2), (-2, 2))
    inside = disc.contains_points([(0, 0), (0.9, 0), (1.1, 0), (0.8, 0.8)])
    assert inside.tolist() == [True, True, False, False]


def test_a_region_ends_where_the_function_is_zero():
    region = positive_region(lambda p: p[0] - 0.5, (0, 1), (0, 1))
    assert region.vertices[:, 0].min() == 0.5
    assert region.contains_point((0.75, 0.5))
    assert not region.contains_point((0.25, 0.5))


def test_the_region_of_a_function_that_is_nowhere_positive_is_a_point():
    region = positive_region(lambda p: -1 - p[0] ** 2, (0, 1), (0, 1))
    assert len(region.vertices) == 1


def test_a_region_lies_behind_the_samples_and_before_the_other_class():
    _, ax = subplots()
    patch = decision_map(ax, (-1, 1), (-2, 2))
    assert ax.get_xlim() == (-1, 1)
    assert ax.get_ylim() == (-2, 2)
    background = ax.patches[0]
    assert background.get_zorder() < patch.get_zorder() == 0 < ax.plot([0], [0])[0].get_zorder()
    assert region_patch(ax) in ax.patches
