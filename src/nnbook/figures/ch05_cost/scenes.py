"""Scenes of chapter 5: a line fitted by hand, two costs, the overlap of masks, three classes."""

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from nnbook.drawing.axes import LINE_LOOKS, LOOKS, legend_above
from nnbook.drawing.grids import pointwise_values
from nnbook.drawing.numbers import short, signed, small, subscript
from nnbook.drawing.style import BLUE, GREEN, INK, MUTED, ORANGE, SKY, style, subplots
from nnbook.explorers.scene import Scene, Slider
from nnbook.figures.ch05_cost.plots import plot_mask
from nnmaths.activations import SIGMOID
from nnmaths.arrays import column
from nnmaths.costs import (
    CROSS_ENTROPY,
    QUADRATIC,
    SOFTMAX_CROSS_ENTROPY,
    iou,
    soft_iou,
    soft_iou_grad,
    softmax,
)

# A line fitted by hand ----------------------------------------------------------------------------


def line_cost(x: np.ndarray, y: np.ndarray, w: float, b: float) -> float:
    """Return half the mean squared error of ŷ = w x + b, for x and y of shape (1, N)."""
    return float(QUADRATIC.value(w * x + b, y))


def residual_path(x: np.ndarray, y: np.ndarray, y_hat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return one path along a line that, at each sample, goes out to the sample and back."""
    order = np.argsort(x)
    heights = np.stack([y_hat, y, y_hat])[:, order]
    return np.repeat(x[order], 3), heights.T.ravel()


@style()
def scene_hand_fit(x: np.ndarray, y: np.ndarray) -> Scene:
    """Vary the weight and bias of a line through samples (1, N): residuals above, C below."""
    fig, (ax, bowl) = subplots(2, height=4.4)
    w = Slider("w", np.round(np.arange(-0.5, 1.76, 0.25), 2), "weight w", start=0)
    b = Slider("b", np.round(np.arange(-1, 1.51, 0.25), 2), "bias b", start=0)
    (residuals,) = ax.plot([0], [0], color=ORANGE, linewidth=1.2, label="residuals")
    (line,) = ax.plot([0], [0], color=BLUE, linewidth=1.8, label="ŷ = w x + b")
    ax.plot(x[0], y[0], "o", color=INK, markeredgewidth=0, label="samples")
    ax.set(xlim=(-0.2, 3.2), ylim=(-2.8, 7), xlabel="x", ylabel="y")
    legend_above(ax)
    _draw_bowl(bowl, lambda v: line_cost(x, y, *v), w.values, b.values)
    (here,) = bowl.plot([0], [0], "o", color=BLUE, markersize=7, markeredgewidth=0, clip_on=False)
    ends = np.array([-0.2, 3.2])

    def update(w: float, b: float) -> str:
        residuals.set_data(*residual_path(x[0], y[0], w * x[0] + b))
        line.set_data(ends, w * ends + b)
        here.set_data([w], [b])
        return _describe_fit(x, y, w, b)

    return Scene(fig, {"residuals": residuals, "line": line, "here": here}, update, (w, b))


def _describe_fit(x: np.ndarray, y: np.ndarray, w: float, b: float) -> str:
    total, C = short(float(((w * x + b - y) ** 2).sum())), signed(line_cost(x, y, w, b), 3)
    place = f"w = {signed(w)}, b = {signed(b)}"
    return f"{place}: the sum of the {x.size} squared residuals is {total}, so C = {C}."


def _draw_bowl(ax: Axes, C: Callable, w: Sequence[float], b: Sequence[float]) -> None:
    """Draw level lines of the cost in the plane of the two parameters."""
    xs, ys = np.linspace(w[0], w[-1], 41), np.linspace(b[0], b[-1], 41)
    levels = [0.07, 0.12, 0.25, 0.5, 1, 2, 4, 7]
    ax.contour(xs, ys, pointwise_values(C, xs, ys), levels, colors=MUTED, linewidths=0.7)
    ax.set(xlim=(w[0], w[-1]), ylim=(b[0], b[-1]), xlabel="w", ylabel="b")


# Two costs and their slopes -----------------------------------------------------------------------


def costs_at(z: float, y: float) -> dict[str, tuple[float, float]]:
    """Return {name: (C, ∂C/∂z)} of one output ŷ = σ(z), computed with the package's costs."""
    logit, target = column([float(z)]), column([float(y)])
    squared = QUADRATIC.grad(SIGMOID(logit), target) * SIGMOID.df(logit)
    entropy = CROSS_ENTROPY.grad(logit, target)
    return {
        "squared error": (float(QUADRATIC.value(SIGMOID(logit), target)), squared.item()),
        "cross-entropy": (float(CROSS_ENTROPY.value(logit, target)), entropy.item()),
    }


@style()
def scene_two_costs() -> Scene:
    """Vary the target and the logit z: squared error and cross-entropy of σ(z), with slopes."""
    fig, panels = subplots(2, height=4.2, sharex=True)
    z = Slider("z", range(-8, 9), "logit z", start=-6)
    y = Slider("y", (0, 1), "target y", start=1)
    names, lines, dots = ("cross-entropy", "squared error"), {}, {}
    for part, (ax, title) in enumerate(zip(panels, ("C", "∂C/∂z"), strict=True)):
        for name, line, look in zip(names, LINE_LOOKS, LOOKS, strict=False):
            (lines[name, part],) = ax.plot([-8, 8], [0, 0], label=name, **line)
            mark = {"marker": look["marker"], "color": look["color"], "markeredgewidth": 0}
            (dots[name, part],) = ax.plot([0], [0], markersize=7, clip_on=False, **mark)
        ax.set(xlim=(-8, 8), ylabel=title)
    panels[0].set(ylim=(-0.3, 8.3))
    panels[1].set(ylim=(-1.1, 1.1), xlabel="logit z", xticks=range(-8, 9, 4))
    legend_above(panels[0])
    moving = {f"line{i}": line for i, line in enumerate(lines.values())}
    moving |= {f"dot{i}": dot for i, dot in enumerate(dots.values())}
    return Scene(fig, moving, lambda y, z: _show_costs(lines, dots, y, z), (y, z))


def _show_costs(lines, dots, y: float, z: float) -> str:
    """Set the curves for the target and the dots at the logit; return both costs and slopes."""
    xs = np.linspace(-8, 8, 65)
    curves, here = [costs_at(at, y) for at in xs], costs_at(z, y)
    for name, part in lines:
        lines[name, part].set_data(xs, [curve[name][part] for curve in curves])
        dots[name, part].set_data([z], [here[name][part]])
    y_hat = SIGMOID(np.array(float(z))).item()
    both = "; ".join(
        f"{k} C = {small(C)} with slope {small(slope)}" for k, (C, slope) in here.items()
    )
    return f"y = {y:g}, z = {signed(z, 0)}, ŷ = {signed(y_hat, 4)}: {both}."


# A mask: threshold, hard and soft overlap ---------------------------------------------------------

_MASK = np.array([0, 0, 0, 1, 1, 1, 1, 0, 0, 0], dtype=float)[:, None]
_LOGITS = np.array([-3.25, -2.15, -0.65, 0.35, 1.85, 1.15, -0.35, 0.15, -1.45, -2.75])[:, None]


def overlaps(shift: float, threshold: float) -> tuple[float, float, float]:
    """Return IoU, soft IoU 1 − C, and the derivative of soft IoU with respect to the shift."""
    p = SIGMOID(_LOGITS + shift)
    slope = -(soft_iou_grad(p, _MASK) * SIGMOID.df(_LOGITS + shift)).sum()
    return float(iou(p, _MASK, threshold)), float(1 - soft_iou(p, _MASK)), float(slope)


@style()
def scene_overlap() -> Scene:
    """Vary the threshold and a shift of all logits: the mask above, IoU and soft IoU below."""
    fig, (strip, ax) = subplots(2, height=4.4)
    shift = Slider("shift", np.round(np.arange(-2, 2.51, 0.1), 1), "shift c", start=-1)
    t = Slider("t", (0.3, 0.5, 0.7), "threshold τ", start=0.5)
    bars, line = plot_mask(strip, SIGMOID(_LOGITS)[:, 0], _MASK[:, 0], 0.5)
    xs = np.linspace(-2, 2.5, 226)
    curve = cache(lambda t: [iou(SIGMOID(_LOGITS + c), _MASK, t) for c in xs])
    stairs, hard_dot, soft_dot = _draw_overlaps(ax, xs)

    def update(t: float, shift: float) -> str:
        p, (hard, soft, slope) = SIGMOID(_LOGITS + shift)[:, 0], overlaps(shift, t)
        for bar, value in zip(bars, p, strict=True):
            bar.set(height=value, facecolor=SKY if value > t else "none")
        line.set_ydata([t, t])
        stairs.set_data(xs, curve(t))
        hard_dot.set_data([shift], [hard])
        soft_dot.set_data([shift], [soft])
        n = int((p > t).sum())
        pixels = "1 pixel is" if n == 1 else f"{n} pixels are"
        overlap = f"IoU = {signed(hard)} with slope 0"
        soft = f"soft IoU = {signed(soft)} with slope {signed(slope)}"
        return f"τ = {t:g}, c = {signed(shift, 1)}: {pixels} above τ. {overlap}; {soft}."

    moving = {f"bar{i}": bar for i, bar in enumerate(bars)}
    moving |= {"line": line, "stairs": stairs, "hard": hard_dot, "soft": soft_dot}
    return Scene(fig, moving, update, (t, shift))


def _draw_overlaps(ax: Axes, xs: np.ndarray) -> tuple[Line2D, Line2D, Line2D]:
    """Draw soft IoU over the shift; return the curve of IoU and the dots of IoU and soft IoU."""
    (stairs,) = ax.plot([0], [0], color=ORANGE, linewidth=1.2, label="IoU")
    values = [1 - soft_iou(SIGMOID(_LOGITS + c), _MASK) for c in xs]
    ax.plot(xs, values, color=BLUE, linestyle="--", label="soft IoU, 1 − C")
    look = {"markeredgewidth": 0, "clip_on": False}
    (hard,) = ax.plot([0], [0], "s", color=ORANGE, markersize=6, **look)
    (soft,) = ax.plot([0], [0], "o", color=BLUE, markersize=7, **look)
    ax.set(xlim=(xs[0], xs[-1]), ylim=(0, 1), xlabel="shift c of all logits", ylabel="overlap")
    legend_above(ax)
    return stairs, hard, soft


# Three classes ------------------------------------------------------------------------------------


@style()
def scene_classes(target: int = 2) -> Scene:
    """Vary three logits: softmax as bars, the target as a frame, and the cost −log ŷ."""
    fig, (ax, below) = subplots(2, height=4.2)
    y = np.array([[float(k == target)] for k in (1, 2, 3)])
    values = (-2, -1, 0, 1, 2, 3)
    sliders = [Slider(f"z{k}", values, f"logit z{subscript(k)}", start=0) for k in (1, 2, 3)]
    bars, words = _draw_bars(ax, target)
    dot = _draw_log(below, f"ŷ{subscript(target)}, probability of the target")

    def update(z1: float, z2: float, z3: float) -> str:
        z = np.array([[z1], [z2], [z3]], dtype=float)
        y_hat, C = softmax(z)[:, 0], float(SOFTMAX_CROSS_ENTROPY.value(z, y))
        for bar, word, value in zip(bars, words, y_hat, strict=True):
            bar.set_height(value)
            word.set(position=(word.get_position()[0], value + 0.04), text=signed(value, 3))
        dot.set_data([y_hat[target - 1]], [C])
        slope = SOFTMAX_CROSS_ENTROPY.grad(z, y)[:, 0]
        return f"C = {signed(C, 3)}; the gradient ŷ − y is ({', '.join(map(signed, slope))})."

    moving = {f"bar{k}": bar for k, bar in enumerate(bars)}
    moving |= {f"word{k}": word for k, word in enumerate(words)} | {"dot": dot}
    return Scene(fig, moving, update, tuple(sliders))


def _draw_bars(ax: Axes, target: int) -> tuple[list[Rectangle], list[Text]]:
    """Draw the frame of the target; return the bars of three probabilities and their numbers."""
    frame = {"fill": False, "edgecolor": GREEN, "linestyle": "--", "linewidth": 1.4}
    ax.bar([target], [1], width=0.8, **frame)
    bars = list(ax.bar((1, 2, 3), (1, 1, 1), width=0.6, facecolor=SKY, linewidth=0))
    words = [ax.text(k, 0, "", ha="center") for k in (1, 2, 3)]
    ax.set(ylim=(0, 1.2), xlim=(0.4, 3.6), ylabel="ŷ = softmax(z)", yticks=[0, 0.5, 1])
    ax.set_xticks((1, 2, 3), [f"class {k}" + " (target)" * (k == target) for k in (1, 2, 3)])
    return bars, words


def _draw_log(ax: Axes, name: str) -> Line2D:
    """Draw minus the logarithm of a probability; return the dot that moves along it."""
    p = np.linspace(0.001, 1, 400)
    ax.plot(p, -np.log(p), color=INK, linewidth=1.0)
    (dot,) = ax.plot([0], [0], "o", color=BLUE, markersize=7, markeredgewidth=0, clip_on=False)
    ax.set(xlim=(0, 1), ylim=(0, 7), xlabel=name, ylabel="C")
    return dot
