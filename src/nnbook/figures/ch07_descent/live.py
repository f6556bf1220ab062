"""Live scenes of chapter 7: descent on a surface, a line through points, a network that learns."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from nnbook.drawing.axes import cost_panel, plot_points
from nnbook.drawing.style import BLUE, GREEN, INK, ORANGE, SKY, YELLOW, style, subplots
from nnbook.explorers.live_scene import Choice, LiveScene, Reference, bound
from nnbook.figures.ch07_descent.plots import path_look, plot_landscape
from nnbook.figures.ch07_descent.scenes import double_well, double_well_gradient
from nnmaths import datasets
from nnmaths.activations import ACTIVATIONS, IDENTITY
from nnmaths.costs import CROSS_ENTROPY, QUADRATIC
from nnmaths.descent import ADAM, GD, MOMENTUM, Rule
from nnmaths.network import SPREAD, Network
from nnmaths.tape import Tape, trace
from nnmaths.tape.training_step import (
    evaluation,
    evaluation_of,
    function_tapes,
    packed,
    prediction,
    prediction_of,
    shapes_of,
    step_of,
    training_step,
    unpacked,
)

_LEVELS = (0.02, 0.1, 0.25, 0.45, 0.7, 1.1)
_COST = ("cost", "history", "C"), ("ahead", "ahead", "next.C")


# Descent on a surface -----------------------------------------------------------------------------

_RULES = {"plain descent": GD, "momentum 0.9": MOMENTUM, "Adam": ADAM}


def _surface_step(rule: Rule) -> Callable[..., dict[str, Any]]:
    """The step of a rule on the double well, as a function of named arrays."""

    def step(theta, eta, t, **memory):
        state = packed(tuple(memory.values()))
        after, state = rule.step(theta, double_well_gradient(theta), state, eta, t)
        kept = {f"s{k}": value for k, value in enumerate(unpacked(state), start=1)}
        return {"theta": after} | kept | {"C": double_well(theta)}

    return step


def _surface_option(rule: Rule) -> dict[str, Any]:
    """The settings that a rule changes: its tape, the shapes of its memory, and its name."""
    kept = {f"s{k}": (2,) for k in range(1, len(unpacked(rule.start(np.zeros(2)))) + 1)}
    tape = trace(_surface_step(rule), {"theta": (2,), "eta": (), "t": ()} | kept)
    return {"step": tape, "shapes": kept, "rule": rule.name}


def _surface_cost(theta: np.ndarray) -> dict[str, Any]:
    """The cost of the double well."""
    return {"C": double_well(theta)}


def _draw_surface() -> tuple[Figure, dict[str, Artist]]:
    """The level lines and the cost: (figure, what moves in it)."""
    fig, (ax, below) = subplots(2, height=3.6, height_ratios=(3, 2))
    plot_landscape(ax, double_well, (-2.0, 2.0), (-0.7, 1.3), [(-1, 0), (1, 0)], [(0, 0)], _LEVELS)
    (path,) = ax.plot([0], [0], **path_look())
    (following,) = ax.plot([0], [0], "o", color=ORANGE, markersize=6, markeredgewidth=0)
    (here,) = ax.plot([0], [0], "o", color=BLUE, markersize=9)
    moving = {"path": path, "next": following, "here": here}
    return fig, moving | cost_panel(below, 1000, 1e-8, 10)


_START = {
    "kind": "start",
    "value": "theta",
    "artist": "here",
    "low": [-2.0, -0.7],
    "high": [2.0, 1.3],
    "step": [0.05, 0.05],
}


@style()
def scene_live_surface() -> LiveScene:
    """Descent on C(θ) = (θ₁² − 1)²/4 + θ₂²/2 by one of three rules, from a start to be dragged."""
    fig, moving = _draw_surface()
    rules = {rule.name: rule for rule in _RULES.values()}
    options = {name: _surface_option(rule) for name, rule in _RULES.items()}
    trail = ("path", "trail", "theta"), ("next", "dot", "next.theta"), ("here", "dot", "theta")
    shapes = {"theta": (2,), "eta": (), "t": ()}
    return LiveScene(
        name="surface",
        fig=fig,
        moving=moving,
        draw=(*trail, *_COST),
        reference=lambda chosen: Reference(_surface_step(rules[chosen["rule"]]), (_surface_cost,)),
        step=options["plain descent"]["step"],
        look=(trace(_surface_cost, {"theta": (2,)}),),
        settings={"values": {"theta": [0.1, 1.0]}, "shapes": shapes},
        choices=(Choice("rule", "rule", options),),
        rate=(-2.0, 0.7, -0.4),
        reading="Step {t}: θ = ({theta.0}, {theta.1}), C = {C}. The next step takes C to {next.C}.",
        pace=6,
        end=1000,
        shown=20,
        drag=_START,
    )


# A line through points ----------------------------------------------------------------------------

_POINTS = (
    [-1.7, -1.3, -0.8, -0.3, 0.2, 0.7, 1.2, 1.6],
    [-1.2, -0.5, -0.7, 0.2, 0.1, 1.0, 0.9, 1.6],
)
_LINE = Network((1, 1), (IDENTITY,))


def _best_line(x: np.ndarray, y: np.ndarray, ends: np.ndarray) -> dict[str, Any]:
    """The line of the normal equations through points (x, y), evaluated at `ends`."""
    N = x.shape[1]
    mean_x, mean_y = x.sum() / N, y.sum() / N
    slope = ((x - mean_x) * (y - mean_y)).sum() / ((x - mean_x) ** 2).sum()
    return {"best": mean_y + slope * (ends - mean_x)}


def _line_fillings() -> dict[str, Tape]:
    """The tapes that fill the placeholders of one linear unit with the quadratic cost."""
    tapes = function_tapes("identity", "quadratic")
    last = {f"last.{k}": tapes[f"identity.{k}"] for k in ("f", "df")}
    return last | {f"cost.{k}": tapes[f"quadratic.{k}"] for k in ("value", "grad", "link")}


def _draw_line() -> tuple[Figure, dict[str, Artist]]:
    """The points with two lines, and the cost: (figure, what moves in it)."""
    fig, (ax, below) = subplots(2, height=3.9, height_ratios=(3, 2))
    ax.set(xlim=(-2, 2), ylim=(-2, 2), xlabel="x", ylabel="y")
    (best,) = ax.plot([-2, 2], [0, 0], "--", color=GREEN, label="normal equations")
    (fit,) = ax.plot([-2, 2], [0, 0], color=BLUE, label="descent")
    (points,) = ax.plot([0], [0], "o", color=INK, markersize=7, markeredgewidth=0)
    ax.legend(ncols=2, loc="lower left", bbox_to_anchor=(0, 1), borderpad=0)
    moving = {"best": best, "fit": fit, "points": points}
    return fig, moving | cost_panel(below, 10000, 1e-3, 100)


def _line_settings(x: Mapping[str, Any]) -> dict[str, Any]:
    """The points, the ends of the line, and a first line with a slope of the wrong sign."""
    places = {"x": [_POINTS[0]], "y": [_POINTS[1]], "ends": [[-2.0, 2.0]]}
    shapes = {**x} | {"ends": (1, 2), "eta": (), "t": ()} | shapes_of(_LINE)
    return {"values": places | {"W1": [[-1.0]], "b1": [[1.0]]}, "shapes": shapes}


_MOVED = {
    "kind": "columns",
    "x": "x",
    "y": "y",
    "artist": "points",
    "low": [-2.0, -2.0],
    "high": [2.0, 2.0],
    "step": [0.1, 0.1],
}


@style()
def scene_live_line() -> LiveScene:
    """A line ŷ = wx + b that descent fits to eight points, which the reader moves."""
    fig, moving = _draw_line()
    fillings, x = _line_fillings(), {"x": (1, 8), "y": (1, 8)}
    looks = (evaluation_of(_LINE, QUADRATIC), prediction_of(_LINE, QUADRATIC, "ends"), _best_line)
    lines = ("best", "curve", "ends", "best"), ("fit", "curve", "ends", "y_hat")
    seen = evaluation(1).filled(fillings), prediction(1, "ends").filled(fillings)
    return LiveScene(
        name="line",
        fig=fig,
        moving=moving,
        draw=(*lines, ("points", "columns", "x", "y"), *_COST),
        reference=lambda chosen: Reference(step_of(_LINE, QUADRATIC), looks),
        step=training_step(1).filled(fillings),
        look=(*seen, trace(_best_line, x | {"ends": (1, 2)})),
        settings=_line_settings(x),
        rate=(-2.0, 0.7, -1.0),
        reading="Step {t}: ŷ = {W1} x + {b1}, C = {C}. The next step takes C to {next.C}.",
        pace=20,
        end=10000,
        shown=12,
        drag=_MOVED,
    )


# A network that learns ----------------------------------------------------------------------------

_GRID = (-1.25, 1.25, 40, -1.25, 1.25, 40)


def _network_of(chosen: Mapping[str, Any]) -> Network:
    """The network of these settings: widths from the shapes, and the activation that is bound."""
    shapes, name = chosen["shapes"], chosen["bind"]["hidden.f"].removesuffix(".f")
    sizes = (2, *[shapes[f"W{l}"][0] for l in (1, 2, 3)])
    return Network(sizes, (ACTIVATIONS[name], ACTIVATIONS[name], IDENTITY))


def _width_option(n: int) -> dict[str, Any]:
    """The settings that a width changes: shapes, and the spread of the first weights."""
    network = Network((2, n, n, 1), (IDENTITY,) * 3)
    spread = {
        f"W{l}": round(SPREAD["xavier"](network.sizes[l - 1], network.sizes[l]), 4)
        for l in network.layers
    }
    return {"shapes": shapes_of(network), "random": spread}


def _data_option(data: datasets.Data, batch: Mapping | None = None) -> dict[str, Any]:
    """The settings that a data set changes, its coordinates in the square from −1 to 1."""
    x, y = np.round(data.x, 2), data.y
    N = x.shape[1]
    columns = batch["B"] if batch else N
    return {
        "values": {"x": x.tolist(), "y": y.astype(int).tolist()},
        "shapes": {"x": (2, columns), "y": (1, columns)},
        "batch": batch,
    }


def _network_reference(chosen: Mapping[str, Any]) -> Reference:
    """The package's functions for these settings."""
    network = _network_of(chosen)
    looks = evaluation_of(network, CROSS_ENTROPY), prediction_of(network, CROSS_ENTROPY, "g")
    return Reference(step_of(network, CROSS_ENTROPY), looks)


def _draw_plane() -> tuple[Figure, dict[str, Artist]]:
    """The plane with two classes, the network's decision, and the cost: (figure, moving)."""
    fig, (ax, below) = subplots(2, height=4.6, height_ratios=(5, 2))
    zero, one = plot_points(ax, np.array([[0.0, 0.0], [0.0, 0.0]]), np.array([[0.0, 1.0]]))
    area = ax.add_patch(PathPatch(Path([(0, 0), (1, 1)]), facecolor=YELLOW, alpha=0.35, lw=0))
    area.set_zorder(0)
    ax.set(xlim=_GRID[:2], ylim=_GRID[3:5], facecolor=to_rgba(SKY, 0.16))
    moving = {"area": area, "zero": zero, "one": one}
    return fig, moving | cost_panel(below, 100000, 1e-4, 10)


def _network_choices() -> tuple[Choice, ...]:
    """The data, the activation and the width that a reader may choose."""
    rng, corners = np.random.default_rng(3), datasets.xor()
    batch = {"B": 10, "names": ["x", "y"]}
    data = {
        "spiral": _data_option(datasets.spiral(100, rng, turns=0.75), batch),
        "circles": _data_option(datasets.circles(100, rng), batch),
        "XOR": _data_option(datasets.Data(2 * corners.x - 1, corners.y)),
    }
    bends = {name: {"bind": bound("hidden", name)} for name in ("tanh", "relu", "sigmoid")}
    widths = {str(n): _width_option(n) for n in (2, 4, 8, 16)}
    return (
        Choice("data", "data", data),
        Choice("sigma", "activation", bends),
        Choice("n", "neurons per layer", widths, 2),
    )


def _network_settings() -> dict[str, Any]:
    """What all choices share: the grid, and the last layer with its cost."""
    rest = bound("last", "identity") | bound("cost", "cross-entropy", ("value", "grad", "link"))
    shapes = {"g": (2, _GRID[2] * _GRID[5]), "eta": (), "t": ()}
    return {"values": {}, "shapes": shapes, "grids": {"g": _GRID}, "bind": rest}


@style()
def scene_live_network() -> LiveScene:
    """A network with two hidden layers learns XOR, circles or a spiral."""
    fig, moving = _draw_plane()
    classes = ("zero", "columns", "x", "x", "y", 0), ("one", "columns", "x", "x", "y", 1)
    return LiveScene(
        name="network",
        fig=fig,
        moving=moving,
        draw=(("area", "region", "y_hat", 0.5, "g"), *classes, *_COST),
        reference=_network_reference,
        step=training_step(3),
        look=(evaluation(3), prediction(3, "g")),
        fillings=function_tapes("tanh", "relu", "sigmoid", "identity", "cross-entropy"),
        settings=_network_settings(),
        choices=_network_choices(),
        rate=(-3.0, 1.0, -0.7),
        reading="Step {t}: C = {C} over all samples. The next step takes C to {next.C}.",
        pace=300,
        end=100000,
        shown=4000,
    )
