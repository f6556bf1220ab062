"""A live scene of chapter 2: descent looks for weights like those that the construction writes."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from nnbook.drawing.axes import cost_panel
from nnbook.drawing.style import BLUE, GREEN, INK, style, subplots
from nnbook.explorers.live_scene import Choice, LiveScene, Reference, bound
from nnmaths.activations import ACTIVATIONS, IDENTITY
from nnmaths.approximation import interpolant
from nnmaths.costs import QUADRATIC, Cost
from nnmaths.network import Network
from nnmaths.tape import Tape, trace
from nnmaths.tape.training_step import (
    COST,
    evaluation,
    evaluation_of,
    example_network,
    function_tapes,
    prediction,
    prediction_of,
    sample_shapes,
    shapes_of,
    step_of,
    training_step,
)

_SAMPLES = 33
PLACES = np.linspace(-1, 1, _SAMPLES)
LEARNED = {
    "sin πx": np.sin(np.pi * PLACES),
    "a kink": 1.5 * np.abs(PLACES - 0.25) - 1,
    "a jump": np.where(PLACES < 0.25, -0.75, 0.75),
}
_SIGMAS = ("relu", "tanh")


def interpolation(n: int) -> np.ndarray:
    """The matrix M for which yM is the interpolant of y with n neurons, at the samples."""
    knots = np.linspace(-1, 1, n + 1)
    chosen = np.arange(0, _SAMPLES, (_SAMPLES - 1) // n)
    M = np.zeros((_SAMPLES, _SAMPLES))
    M[chosen] = [interpolant(knots, unit)(PLACES[None, :])[0] for unit in np.eye(n + 1)]
    return np.round(M, 9)


def _constructed(y: np.ndarray, M: np.ndarray) -> dict[str, Any]:
    """The interpolant at the samples, and its largest error there."""
    return {"built": y @ M, "near": abs(y - y @ M).max()}


def _largest_error_of(network: Network, cost: Cost) -> Callable[..., dict[str, Any]]:
    """The largest error of a network at the samples, as a function of named arrays."""
    predicted = prediction_of(network, cost)

    def far(x, y, **values):
        return {"far": abs(y - predicted(x=x, **values)["y_hat"]).max()}

    return far


def _largest_error() -> Tape:
    """The tape of the largest error at the samples, for any network with one hidden layer."""
    network = example_network(2)
    return trace(_largest_error_of(network, COST), sample_shapes(network) | shapes_of(network))


def learner(settings: Mapping[str, Any]) -> Network:
    """The network of these settings: n hidden neurons, and the activation that is bound."""
    sigma = ACTIVATIONS[settings["bind"]["hidden.f"].removesuffix(".f")]
    return Network((1, settings["shapes"]["W1"][0], 1), (sigma, IDENTITY))


def _learner_reference(settings: Mapping[str, Any]) -> Reference:
    """The package's functions for these settings."""
    network = learner(settings)
    of = (evaluation_of, _largest_error_of)
    looks = [look(network, QUADRATIC) for look in of]
    return Reference(
        step_of(network, QUADRATIC), (*looks, prediction_of(network, QUADRATIC, "g"), _constructed)
    )


def _neurons(n: int) -> dict[str, Any]:
    """The settings that n changes: shapes, spread of the first weights, constructed network."""
    network = Network((1, n, 1), (IDENTITY,) * 2)
    return {
        "shapes": shapes_of(network),
        "random": {"W1": 2.0, "b1": 1.0, "W2": round(n**-0.5, 4)},
        "values": {"M": interpolation(n).tolist()},
    }


def _learner_figure() -> tuple[Figure, dict[str, Artist]]:
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
_ROW = (1, _SAMPLES)
_SETTINGS = {
    "values": {"g": [np.linspace(-1, 1, 81).round(4).tolist()]},
    "shapes": {"x": _ROW, "y": _ROW, "g": (1, 81), "M": (_SAMPLES, _SAMPLES), "eta": (), "t": ()},
    "bind": bound("last", "identity") | bound("cost", "quadratic", ("value", "grad", "link")),
}


def _learner_choices() -> tuple[Choice, ...]:
    """What the reader may choose: the function, the activation and the number of neurons."""
    x = [np.round(PLACES, 4).tolist()]
    data = {
        name: {"values": {"x": x, "y": [np.round(y, 4).tolist()]}} for name, y in LEARNED.items()
    }
    return (
        Choice("f", "function f", data),
        Choice("sigma", "activation", {k: {"bind": bound("hidden", k)} for k in _SIGMAS}),
        Choice("n", "neurons n", {str(n): _neurons(n) for n in (4, 8, 16)}, 1),
    )


@style()
def scene_live_learner() -> LiveScene:
    """One hidden layer learns a function; the interpolant of as many ReLUs stands beside it."""
    fig, moving = _learner_figure()
    drawn = trace(_constructed, {"y": _ROW, "M": (_SAMPLES, _SAMPLES)})
    return LiveScene(
        name="learner",
        fig=fig,
        moving=moving,
        draw=_DRAW,
        reference=_learner_reference,
        step=training_step(2),
        look=(evaluation(2), _largest_error(), prediction(2, "g"), drawn),
        fillings=function_tapes("tanh", "relu", "identity", "quadratic"),
        settings=_SETTINGS,
        choices=_learner_choices(),
        rate=(-3.0, 0.3, -1.0),
        reading="Step {t}: C = {C}. The largest error at the samples is {far}; that of the "
        "constructed network with as many ReLUs is {near}.",
        pace=600,
        end=100000,
        shown=4000,
    )
