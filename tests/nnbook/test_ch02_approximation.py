"""Pictures of chapter 2 show what the package computes, and their readings have the numbers."""

import gzip
import re

import numpy as np
import pytest

from nnbook import explorers, figures
from nnbook.figures.ch02_approximation.live import LEARNED, PLACES, interpolation, learner
from nnbook.figures.ch02_approximation.plots import graph
from nnbook.figures.ch02_approximation.scenes import CONSTRUCTIONS, NEAR, TARGETS, WIDTHS
from nnbook.site.stills import draw_stills
from nnmaths.activations import IDENTITY, RELU, STEP, TANH
from nnmaths.approximation import bump, hat, interpolant, jump, shallow, sine, staircase, sup_error
from nnmaths.network import Network, Parameters, predict

X = np.linspace(0, 1, 9)


def labels(ax):
    """Return the words of a legend."""
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_a_graph_is_the_values_of_a_function_of_rows():
    x, y = graph(lambda x: x[0:1] ** 2, (0, 3), 4)
    assert x.tolist() == [0, 1, 2, 3]
    assert y.tolist() == [0, 1, 4, 9]


def test_steps_are_drawn_without_their_jump():
    fig, ax = figures.subplots()
    sigmoids = {f"w = {w}": shallow([w], [0], [1], 0, TANH) for w in (1, 5)}
    lines = figures.plot_steps(ax, sigmoids, STEP, (-1, 1))
    assert [line.get_label() for line in lines] == ["w = 1", "w = 5"]
    assert labels(ax) == ["w = 1", "w = 5", "step"]
    left, right = (line.get_ydata() for line in ax.lines[2:])
    assert set(left) == {0}
    assert set(right) == {1}
    assert "w = 5" in figures.picture(fig, alt="Steps").svg


def test_fits_are_drawn_over_their_function_with_its_knots():
    _, ax = figures.subplots()
    (line,) = figures.plot_fits(ax, sine, {"stairs": staircase(X, sine(X))}, (0, 1), X)
    assert labels(ax) == ["f", "stairs"]
    places, values = ax.lines[-1].get_data()
    assert np.abs(values - sine(places)).max() < 1e-12
    assert np.abs(line.get_ydata() - sine(line.get_xdata())).max() > 0.3


def test_fits_need_no_knots():
    _, ax = figures.subplots()
    figures.plot_fits(ax, sine, {"g": interpolant(X, sine(X))}, (0, 1))
    assert len(ax.lines) == 2


def test_hats_add_up_to_their_sum():
    _, ax = figures.subplots()
    parts = [lambda x, c=c: sine(c) * hat(c, 1 / 8)(x) for c in X]
    lines = figures.plot_hats(ax, parts, interpolant(X, sine(X)), (0, 1))
    total = ax.lines[len(parts)].get_ydata()
    assert np.abs(sum(line.get_ydata() for line in lines) - total).max() < 1e-12
    assert labels(ax) == ["hats", "their sum"]


@pytest.mark.parametrize("bounds", [None, {"1/n": [1, 0.5]}])
def test_errors_are_plotted_over_widths_on_logarithmic_axes(bounds):
    _, ax = figures.subplots()
    (line,) = figures.plot_width_errors(ax, [1, 2], {"sine": [0.5, 0.1]}, bounds)
    assert list(line.get_ydata()) == [0.5, 0.1]
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["1", "2"]
    assert labels(ax) == ["sine", *(bounds or {})]


def test_level_lines_are_where_the_functions_have_their_levels():
    _, ax = figures.subplots()
    functions = {"f": lambda x: x[:1] + x[1:], "network": lambda x: x[:1] - x[1:]}
    sets = figures.plot_level_lines(ax, functions, (-1, 1), [0.5])
    for lines, sign in zip(sets, (1, -1), strict=True):
        x, y = lines.get_paths()[0].vertices.T
        assert np.abs(x + sign * y - 0.5).max() < 1e-12
    assert labels(ax) == ["f", "network"]


@pytest.mark.parametrize("make", [figures.scene_bump, figures.scene_width])
def test_an_explorer_of_chapter_2_is_light(make):
    page = explorers.frames(make(), alt="What there is to see", ask="What happens?").html()
    assert len(gzip.compress(page.encode())) < 10_000


def test_the_bump_is_that_of_the_package_and_the_sum_of_two_sigmoids():
    scene = figures.scene_bump()
    reading = scene.update(w=20, middle=0.5, width=0.4)
    x, total = scene.moving["sum"].get_data()
    parts = [scene.moving[name].get_ydata() for name in ("up", "down")]
    assert np.abs(sum(parts) - total).max() < 1e-12
    assert np.abs(bump(0.3, 0.7, 20)(x[None, :])[0] - total).max() == 0
    assert reading == (
        "w = 20, b − a = 0.4, so w(b − a) = 8: the bump is 0.964 at its middle, x = 0.5, "
        "and 0.5 at x = b = 0.7."
    )


def test_the_width_scene_reports_the_error_and_that_of_half_the_neurons():
    scene = figures.scene_width()
    assert scene.update(f="sin 2πx", make="ReLUs", n=8) == (
        "sin 2πx, 8 ReLUs: the largest error is 0.0704; with half as many, 0.211."
    )
    assert scene.update(f="a kink", make="sigmoids", n=1).startswith("a kink, 1 sigmoid: the")


@pytest.mark.parametrize("make", CONSTRUCTIONS)
@pytest.mark.parametrize("f", TARGETS)
def test_the_width_scene_draws_the_error_of_the_package(f, make):
    scene = figures.scene_width()
    scene.update(f=f, make=make, n=16)
    widths, errors = scene.moving["curve"].get_data()
    x = np.linspace(0, 1, 17)
    ends = ((0, 1), NEAR)
    g = CONSTRUCTIONS[make](x, TARGETS[f](x))
    error = max(sup_error(TARGETS[f], g, *interval) for interval in ends)
    assert errors[list(widths).index(16)] == error
    assert scene.moving["here"].get_xydata().tolist() == [[16, error]]
    assert tuple(widths) == WIDTHS
    if f == "a jump":
        assert min(errors) >= 0.5


def test_a_jump_is_drawn_in_two_parts():
    scene = figures.scene_width()
    scene.update(f="a jump", make="steps", n=4)
    left, right = (scene.moving[side].get_ydata() for side in ("left", "right"))
    assert set(left) == {-0.5}
    assert set(right) == {0.5}
    assert jump(np.array(NEAR)).tolist() == [-0.5, 0.5]


# --- the live one ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def live():
    """Return the live explorer of chapter 2."""
    return explorers.live(figures.scene_live_learner(), alt="What there is to see", ask="What?")


@pytest.mark.parametrize("n", [4, 8, 16])
def test_the_matrix_of_n_neurons_gives_their_interpolant(n):
    knots = np.linspace(-1, 1, n + 1)
    for y in LEARNED.values():
        g = interpolant(knots, np.interp(knots, PLACES, y))
        error = np.abs(y @ interpolation(n) - g(PLACES[None, :])[0]).max()
        assert error < 1e-8  # stored to 9 decimals


def test_the_live_explorer_is_light(live):
    assert len(gzip.compress(live.html().encode())) < 10_000


def test_the_still_has_learned_and_its_sentence_has_both_errors(live):
    text = re.search(r'class="reading">([^<]*)', draw_stills(live.html())).group(1)
    C, far, near = map(float, re.findall(r"(?:C =|is) ([\d.]+\d)", text))
    settings = live.scene.chosen()
    y, M = (np.array(settings["values"][name]) for name in ("y", "M"))
    assert f"{near:.3g}" == f"{np.abs(y - y @ M).max():.3g}"
    assert far < near
    assert 0 < C < far**2 / 2


@pytest.fixture(scope="module")
def settings(live):
    """Return the first settings with random parameters among their values."""
    chosen, made = live.scene.chosen(), np.random.default_rng(0)
    values = {name: made.standard_normal(shape) for name, shape in chosen["shapes"].items()}
    values |= {name: np.array(v) for name, v in chosen["values"].items()}
    return chosen | {"values": values}


def test_the_error_that_is_read_is_that_of_the_network(live, settings):
    network, values = learner(settings), settings["values"]
    assert network == Network((1, 8, 1), (RELU, IDENTITY))
    W, b = ({l: values[f"{name}{l}"] for l in (1, 2)} for name in "Wb")
    found = predict(network, Parameters(W, b), values["x"]) - values["y"]
    taken = {name: values[name] for name, _ in live.scene.look[1].inputs}
    assert live.scene.reference(settings).look[1](**taken)["far"] == np.abs(found).max()


@pytest.mark.parametrize("k", range(4))
def test_a_tape_looks_as_the_package_looks(live, settings, k):
    scene = live.scene
    fillings = {slot: scene.fillings[name] for slot, name in settings["bind"].items()}
    tape = scene.look[k].filled(fillings)
    values = {name: settings["values"][name] for name, _ in tape.inputs}
    here, there = scene.reference(settings).look[k](**values), tape.run(values)
    assert here.keys() == there.keys()
    for name in here:
        assert np.array_equal(here[name], there[name])
