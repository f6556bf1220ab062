"""A live scene of chapter 2: descent looks for the weights that the construction only writes."""

import numpy as np

from nnbook.drawing.axes import cost_panel
from nnbook.drawing.style import BLUE, GREEN, INK, style, subplots
from nnbook.explorers.live_scene import Choice, LiveScene, Package, bound_parts
from nnmaths.activations import ACTIVATIONS, IDENTITY
from nnmaths.approximation import interpolant
from nnmaths.costs import QUADRATIC
from nnmaths.network import Network
from nnmaths.tape import record
from nnmaths.tape.training_step import (
    COST,
    evaluation,
    evaluation_of,
    part_tapes,
    prediction,
    prediction_of,
    samples,
    shapes_of,
    stand_in,
    step_of,
    training_step,
)

SAMPLES = 33
PLACES = np.linspace(-1, 1, SAMPLES)
LEARNED = {
    "sin πx": np.sin(np.pi * PLACES),
    "a kink": 1.5 * np.abs(PLACES - 0.25) - 1,
    "a jump": np.where(PLACES < 0.25, -0.75, 0.75),
}
_SIGMAS = ("relu", "tanh")


def through(n: int) -> np.ndarray:
    """The matrix M for which yM is the interpolant of y with n neurons, at the samples."""
    knots = np.linspace(-1, 1, n + 1)
    chosen = np.arange(0, SAMPLES, (SAMPLES - 1) // n)
    M = np.zeros((SAMPLES, SAMPLES))
    M[chosen] = [interpolant(knots, unit)(PLACES[None, :])[0] for unit in np.eye(n + 1)]
    return np.round(M, 9)


def chosen(y, M):
    """The interpolant at the samples, and its largest error there."""
    return {"built": y @ M, "near": abs(y - y @ M).max()}


def largest_error_of(network, cost):
    """The largest error of a network at the samples, as a function of named arrays."""
    predicted = prediction_of(network, cost)

    def far(x, y, **values):
        return {"far": abs(y - predicted(x=x, **values)["y_hat"]).max()}

    return far


def largest_error():
    """The tape of the largest error at the samples, for any network with one hidden layer."""
    network = stand_in(2)
    return record(largest_error_of(network, COST), samples(network) | shapes_of(network))


def learner(settings) -> Network:
    """The network of these settings: n hidden neurons, the activation from its part."""
    sigma = ACTIVATIONS[settings["bind"]["hidden.f"].removesuffix(".f")]
    return Network((1, settings["shapes"]["W1"][0], 1), (sigma, IDENTITY))


def learner_package(settings) -> Package:
    """The package's functions for these settings."""
    network = learner(settings)
    of = (evaluation_of, largest_error_of)
    looks = [look(network, QUADRATIC) for look in of]
    return Package(
        step_of(network, QUADRATIC), (*looks, prediction_of(network, QUADRATIC, "g"), chosen)
    )


def neurons(n: int) -> dict:
    """The settings that n changes: shapes, how the start is spread, and the constructed network."""
    network = Network((1, n, 1), (IDENTITY,) * 2)
    return {
        "shapes": shapes_of(network),
        "random": {"W1": 2.0, "b1": 1.0, "W2": round(n**-0.5, 4)},
        "values": {"M": through(n).tolist()},
    }


def learner_figure():
    """The figure: samples, the constructed and the learned network, and below them the cost."""
    fig, (ax, below) = subplots(2, height=4.2, height_ratios=(4, 2))
    ax.set(xlim=(-1, 1), ylim=(-1.3, 1.3), xlabel="x")
    (made,) = ax.plot([-1, 1], [0, 0], "--", color=INK, linewidth=1.1, label="constructed")
    (fit,) = ax.plot([-1, 1], [0, 0], color=BLUE, label="learned")
    (points,) = ax.plot([0], [0], "o", color=GREEN, markersize=4, markeredgewidth=0, label="f")
    ax.legend(ncols=3, loc="lower left", bbox_to_anchor=(0, 1), borderpad=0)
    return fig, {"made": made, "fit": fit, "points": points} | cost_panel(below, 100000, 1e-6, 10)


_DRAW = (
    ("made", "curve", "x", "built"),
    ("fit", "curve", "g", "y_hat"),
    ("points", "columns", "x", "y"),
    ("cost", "history", "C"),
    ("ahead", "ahead", "next.C"),
)
_ROW = (1, SAMPLES)
_SETTINGS = {
    "values": {"g": [np.linspace(-1, 1, 81).round(4).tolist()]},
    "shapes": {"x": _ROW, "y": _ROW, "g": (1, 81), "M": (SAMPLES, SAMPLES), "eta": (), "t": ()},
    "bind": bound_parts("last", "identity")
    | bound_parts("cost", "quadratic", ("value", "grad", "link")),
}


def learner_choices() -> tuple:
    """What the reader may choose: the function, the activation and the number of neurons."""
    x = [np.round(PLACES, 4).tolist()]
    data = {
        name: {"values": {"x": x, "y": [np.round(y, 4).tolist()]}} for name, y in LEARNED.items()
    }
    return (
        Choice("f", "function f", data),
        Choice("sigma", "activation", {k: {"bind": bound_parts("hidden", k)} for k in _SIGMAS}),
        Choice("n", "neurons n", {str(n): neurons(n) for n in (4, 8, 16)}, 1),
    )


@style()
def scene_live_learner() -> LiveScene:
    """One hidden layer learns a function; the interpolant of as many ReLUs stands beside it."""
    fig, moving = learner_figure()
    drawn = record(chosen, {"y": _ROW, "M": (SAMPLES, SAMPLES)})
    return LiveScene(
        name="learner",
        fig=fig,
        moving=moving,
        draw=_DRAW,
        package=learner_package,
        step=training_step(2),
        look=(evaluation(2), largest_error(), prediction(2, "g"), drawn),
        parts=part_tapes("tanh", "relu", "identity", "quadratic"),
        settings=_SETTINGS,
        choices=learner_choices(),
        rate=(-3.0, 0.3, -1.0),
        reading="Step {t}: C = {C}. The largest error at the samples is {far}; that of the "
        "constructed network with as many ReLUs is {near}.",
        pace=600,
        end=100000,
        shown=4000,
    )
