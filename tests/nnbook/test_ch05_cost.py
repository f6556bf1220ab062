"""Pictures of chapter 5 show what the package computes, and their readings have the numbers."""

import gzip
import re

import numpy as np
import pytest

from nnbook import explorers, figures
from nnbook.figures.ch05_cost.scenes import costs_at, line_cost, overlaps, residual_path
from nnmaths.activations import SIGMOID
from nnmaths.costs import CROSS_ENTROPY, QUADRATIC, softmax
from nnmaths.differences import numerical_gradient

X = np.array([[0.0, 2.0, 1.0]])
Y = np.array([[1.0, 3.0, 0.0]])
SCENES = {
    "hand fit": lambda: figures.scene_hand_fit(X, Y),
    "two costs": figures.scene_two_costs,
    "overlap": figures.scene_overlap,
    "classes": figures.scene_classes,
}


@pytest.fixture(scope="module", params=SCENES)
def explorer(request):
    return explorers.frames(SCENES[request.param](), alt="What there is to see", ask="Why?")


def numbers(text):
    """Return the numbers of a reading, a true minus taken for a hyphen."""
    return [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", text.replace("−", "-"))]


def test_an_explorer_is_light_and_has_few_frames(explorer):
    assert len(explorer.rendering.readings) <= 300
    assert len(gzip.compress(explorer.html().encode())) < 10_000


def test_readings_of_frames_differ(explorer):
    readings = explorer.rendering.readings
    assert len(set(readings)) > len(readings) / 3
    assert all(reading.endswith(".") for reading in readings)


def test_every_slider_moves_the_picture(explorer):
    tracks = [np.array(values, dtype=object) for values in explorer.rendering.tracks.values()]
    sizes = [len(slider.values) for slider in explorer.sliders]
    for axis in range(len(sizes)):
        assert any(
            (np.diff(np.unique(t, return_inverse=True)[1].reshape(sizes), axis=axis) != 0).any()
            for t in tracks
        )


# A line fitted by hand ----------------------------------------------------------------------------


def test_the_path_of_residuals_visits_every_sample_from_left_to_right():
    xs, ys = residual_path(X[0], Y[0], 2 * X[0])
    assert xs.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert ys.tolist() == [0, 1, 0, 2, 0, 2, 4, 3, 4]


def test_the_cost_of_a_line_is_half_the_mean_of_its_squares():
    # residuals of ŷ = x + 1: 0, 0 and 2
    assert line_cost(X, Y, 1, 1) == pytest.approx(4 / 6)


def test_the_hand_fit_reports_the_squares_and_the_cost():
    scene = figures.scene_hand_fit(X, Y)
    assert scene.update(w=1, b=1) == (
        "w = 1.00, b = 1.00: the sum of the 3 squared residuals is 4, so C = 0.667."
    )
    assert np.array(scene.moving["here"].get_data()).ravel().tolist() == [1, 1]


# Two costs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("y", [0.0, 1.0])
@pytest.mark.parametrize("z", [-6.0, 0.0, 2.5])
def test_the_slopes_are_those_of_the_costs(y, z):
    here, aim = costs_at(z, y), np.array([[y]])
    for name, value in (
        ("squared error", lambda z: QUADRATIC.value(SIGMOID(z), aim)),
        ("cross-entropy", lambda z: CROSS_ENTROPY.value(z, aim)),
    ):
        assert here[name][0] == pytest.approx(value(np.array([[z]])))
        slope = numerical_gradient(value, np.array([[z]])).item()
        assert here[name][1] == pytest.approx(slope, abs=1e-8)


def test_the_two_costs_differ_where_the_sigmoid_saturates():
    reading = figures.scene_two_costs().update(y=1, z=-8)
    assert "cross-entropy C = 8 with slope −1" in reading
    assert "squared error C = 0.5 with slope −0.000335" in reading


def test_the_curves_are_mirrored_for_the_other_target():
    scene = figures.scene_two_costs()
    scene.update(y=1, z=0)
    before = scene.moving["line0"].get_ydata()
    scene.update(y=0, z=0)
    np.testing.assert_allclose(scene.moving["line0"].get_ydata(), before[::-1], atol=1e-12)


# Overlap ------------------------------------------------------------------------------------------


def test_the_slope_of_the_soft_overlap_is_the_slope_of_its_curve():
    h = 1e-5
    slope = (overlaps(0.3 + h, 0.5)[1] - overlaps(0.3 - h, 0.5)[1]) / (2 * h)
    assert overlaps(0.3, 0.5)[2] == pytest.approx(slope, abs=1e-8)


def test_iou_is_constant_while_soft_iou_changes():
    (hard, soft, _), (same, more, _) = overlaps(0.4, 0.5), overlaps(0.6, 0.5)
    assert hard == same == pytest.approx(0.8)
    assert more != soft


def test_no_frame_has_a_pixel_on_the_threshold():
    shifts, thresholds = (slider.values for slider in reversed(figures.scene_overlap().sliders))
    for t in thresholds:
        for c in shifts:
            assert overlaps(c - 1e-6, t)[0] == overlaps(c + 1e-6, t)[0]


def test_pixels_above_the_threshold_are_filled_and_counted():
    scene = figures.scene_overlap()
    reading = scene.update(t=0.5, shift=0.5)
    full = [bar.get_facecolor()[3] > 0 for name, bar in scene.moving.items() if "bar" in name]
    assert full == [False] * 3 + [True] * 5 + [False] * 2
    assert "5 pixels are above τ. IoU = 0.80 with slope 0" in reading
    assert "1 pixel is above τ. IoU = 0.25" in scene.update(t=0.3, shift=-2.0)


# Classes ------------------------------------------------------------------------------------------


def test_the_bars_are_softmax_and_the_gradient_sums_to_0():
    scene = figures.scene_classes()
    reading = scene.update(z1=1, z2=3, z3=-2)
    heights = [scene.moving[f"bar{k}"].get_height() for k in range(3)]
    np.testing.assert_allclose(heights, softmax(np.array([[1.0], [3.0], [-2.0]]))[:, 0])
    cost, *slope = numbers(reading)
    assert cost == pytest.approx(-np.log(heights[1]), abs=5e-4)
    assert sum(slope) == pytest.approx(0, abs=0.011)


def test_three_is_the_first_logit_that_brings_the_cost_below_a_tenth():
    scene = figures.scene_classes()
    costs = {z: numbers(scene.update(z1=0, z2=z, z3=0))[0] for z in scene.sliders[1].values}
    assert [z for z, cost in costs.items() if cost < 0.1] == [3]


def test_a_shift_of_all_logits_changes_nothing():
    scene = figures.scene_classes()
    assert scene.update(z1=2, z2=2, z3=2) == scene.update(z1=0, z2=0, z3=0)


# Plots --------------------------------------------------------------------------------------------


def test_costs_differ_in_look_and_have_a_legend():
    _, ax = figures.subplots()
    lines = figures.plot_costs(ax, [0, 1, 3], {"one": [1, 2, 3], "two": [3, 2, 1]}, "b")
    assert lines[1].get_ydata().tolist() == [3, 2, 1]
    assert len({line.get_linestyle() for line in lines}) == 2
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["one", "two"]
    assert ax.get_xlabel() == "b"


def test_a_density_is_centred_on_the_prediction():
    _, ax = figures.subplots()
    figures.plot_bells(ax, X, Y, lambda x: x, lambda r: np.exp(-(r**2)), (0.5, 1.5), 0.3)
    bell = next(line for line in ax.lines if line.get_label() == "density of y")
    top = np.argmax(bell.get_xdata())
    assert bell.get_xdata()[top] == pytest.approx(0.8)
    assert bell.get_ydata()[top] == pytest.approx(0.5)


def test_a_mask_shows_predictions_targets_and_threshold():
    _, ax = figures.subplots()
    bars, line = figures.plot_mask(ax, [0.2, 0.8], [0.0, 1.0], 0.5)
    assert [bar.get_height() for bar in bars] == [0.2, 0.8]
    assert [bar.get_facecolor()[3] for bar in bars] == [0, 1]
    assert set(line.get_ydata()) == {0.5}
