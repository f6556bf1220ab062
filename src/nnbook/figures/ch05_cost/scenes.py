"""Scenes of chapter 5: a line fitted by hand, two costs and their slopes, a mask, three classes."""

from functools import cache

import numpy as np

from nnbook.drawing.axes import LOOKS, legend_above, on_grid
from nnbook.drawing.numbers import short, signed, small, subscript
from nnbook.drawing.style import BLUE, GREEN, INK, MUTED, ORANGE, SKY, style, subplots
from nnbook.explorers.scene import Scene, Slider
from nnbook.figures.ch05_cost.plots import plot_mask
from nnmaths.activations import SIGMOID
from nnmaths.costs import (
    CROSS_ENTROPY,
    QUADRATIC,
    SOFTMAX_CROSS_ENTROPY,
    iou,
    soft_iou,
    soft_iou_grad,
    softmax,
)


def _column(value: float) -> np.ndarray:
    return np.array([[float(value)]])


# A line fitted by hand ----------------------------------------------------------------------------


def line_cost(x: np.ndarray, y: np.ndarray, w: float, b: float) -> float:
    """Half the mean squared error of the line ŷ = w x + b, for x and y of shape (1, N)."""
    return float(QUADRATIC.value(w * x + b, y))


def along(x: np.ndarray, y: np.ndarray, y_hat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One path that runs along a line and, at each sample, out to the sample and back."""
    order = np.argsort(x)
    there = np.stack([y_hat, y, y_hat])[:, order]
    return np.repeat(x[order], 3), there.T.ravel()


@style()
def scene_hand_fit(x: np.ndarray, y: np.ndarray) -> Scene:
    """Weight × bias of a line through samples x, y of shape (1, N): residuals above, C below."""
    fig, (ax, bowl) = subplots(2, height=4.4)
    w = Slider("w", np.round(np.arange(-0.5, 1.76, 0.25), 2), "weight w", start=0)
    b = Slider("b", np.round(np.arange(-1, 1.51, 0.25), 2), "bias b", start=0)
    (away,) = ax.plot([0], [0], color=ORANGE, linewidth=1.2, label="residuals")
    (line,) = ax.plot([0], [0], color=BLUE, linewidth=1.8, label="ŷ = w x + b")
    ax.plot(x[0], y[0], "o", color=INK, markeredgewidth=0, label="samples")
    ax.set(xlim=(-0.2, 3.2), ylim=(-2.8, 7), xlabel="x", ylabel="y")
    legend_above(ax)
    _bowl(bowl, lambda v: line_cost(x, y, *v), w.values, b.values)
    (here,) = bowl.plot([0], [0], "o", color=BLUE, markersize=7, markeredgewidth=0, clip_on=False)
    ends = np.array([-0.2, 3.2])

    def update(w: float, b: float) -> str:
        away.set_data(*along(x[0], y[0], w * x[0] + b))
        line.set_data(ends, w * ends + b)
        here.set_data([w], [b])
        return _fit_said(x, y, w, b)

    return Scene(fig, {"away": away, "line": line, "here": here}, update, (w, b))


def _fit_said(x: np.ndarray, y: np.ndarray, w: float, b: float) -> str:
    total, C = short(float(((w * x + b - y) ** 2).sum())), signed(line_cost(x, y, w, b), 3)
    place = f"w = {signed(w)}, b = {signed(b)}"
    return f"{place}: the squares of the {x.size} residuals add up to {total}, so C = {C}."


def _bowl(ax, C, w, b) -> None:
    """Level lines of the cost in the plane of the two parameters."""
    xs, ys = np.linspace(w[0], w[-1], 41), np.linspace(b[0], b[-1], 41)
    levels = [0.07, 0.12, 0.25, 0.5, 1, 2, 4, 7]
    ax.contour(xs, ys, on_grid(C, xs, ys), levels, colors=MUTED, linewidths=0.7)
    ax.set(xlim=(w[0], w[-1]), ylim=(b[0], b[-1]), xlabel="w", ylabel="b")


# Two costs and their slopes -----------------------------------------------------------------------


def costs_at(z: float, y: float) -> dict[str, tuple[float, float]]:
    """{name: (C, ∂C/∂z)} of one output ŷ = σ(z), by the package's costs."""
    at, aim = _column(z), _column(y)
    squared = QUADRATIC.grad(SIGMOID(at), aim) * SIGMOID.df(at)
    return {
        "squared error": (float(QUADRATIC.value(SIGMOID(at), aim)), squared.item()),
        "cross-entropy": (
            float(CROSS_ENTROPY.value(at, aim)),
            CROSS_ENTROPY.grad(at, aim).item(),
        ),
    }


@style()
def scene_two_costs() -> Scene:
    """Target × logit: the squared error and the cross-entropy of σ(z), and their slopes by z."""
    fig, panels = subplots(2, height=4.2, sharex=True)
    z = Slider("z", range(-8, 9), "logit z", start=-6)
    y = Slider("y", (0, 1), "target y", start=1)
    looks = dict(zip(("cross-entropy", "squared error"), LOOKS, strict=False))
    lines, dots = {}, {}
    for part, (ax, title) in enumerate(zip(panels, ("C", "∂C/∂z"), strict=True)):
        for name, look in looks.items():
            line = {"color": look["color"], "linestyle": look["linestyle"], "label": name}
            (lines[name, part],) = ax.plot([-8, 8], [0, 0], **line)
            mark = {"marker": look["marker"], "color": look["color"], "markeredgewidth": 0}
            (dots[name, part],) = ax.plot([0], [0], markersize=7, clip_on=False, **mark)
        ax.set(xlim=(-8, 8), ylabel=title)
    panels[0].set(ylim=(-0.3, 8.3))
    panels[1].set(ylim=(-1.1, 1.1), xlabel="logit z", xticks=range(-8, 9, 4))
    legend_above(panels[0])
    moving = {f"line{i}": line for i, line in enumerate(lines.values())}
    moving |= {f"dot{i}": dot for i, dot in enumerate(dots.values())}
    return Scene(fig, moving, lambda y, z: _two_costs(lines, dots, y, z), (y, z))


def _two_costs(lines, dots, y: float, z: float) -> str:
    """Set the curves of the target and the dots of the logit; say both slopes."""
    xs = np.linspace(-8, 8, 65)
    curves, here = [costs_at(at, y) for at in xs], costs_at(z, y)
    for name, part in lines:
        lines[name, part].set_data(xs, [curve[name][part] for curve in curves])
        dots[name, part].set_data([z], [here[name][part]])
    chance = SIGMOID(np.array(float(z))).item()
    told = [f"{name} C = {small(here[name][0])} with slope {small(here[name][1])}" for name in here]
    return f"y = {y:g}, z = {signed(z, 0)}, ŷ = {signed(chance, 4)}: {told[0]}; {told[1]}."


# A mask: threshold, hard and soft overlap ---------------------------------------------------------

_MASK = np.array([0, 0, 0, 1, 1, 1, 1, 0, 0, 0], dtype=float)[:, None]
_LOGITS = np.array([-3.25, -2.15, -0.65, 0.35, 1.85, 1.15, -0.35, 0.15, -1.45, -2.75])[:, None]


def overlaps(shift: float, threshold: float) -> tuple[float, float, float]:
    """IoU, soft IoU 1 − C, and the slope of the latter by a shift of all logits of the strip."""
    p = SIGMOID(_LOGITS + shift)
    slope = -(soft_iou_grad(p, _MASK) * SIGMOID.df(_LOGITS + shift)).sum()
    return float(iou(p, _MASK, threshold)), float(1 - soft_iou(p, _MASK)), float(slope)


@style()
def scene_overlap() -> Scene:
    """Threshold × a shift of all logits: the mask above, IoU and its soft form below."""
    fig, (strip, ax) = subplots(2, height=4.4)
    shift = Slider("shift", np.round(np.arange(-2, 2.51, 0.1), 1), "shift c", start=-1)
    t = Slider("t", (0.3, 0.5, 0.7), "threshold τ", start=0.5)
    bars, line = plot_mask(strip, SIGMOID(_LOGITS)[:, 0], _MASK[:, 0], 0.5)
    xs = np.linspace(-2, 2.5, 226)
    curve = cache(lambda t: [iou(SIGMOID(_LOGITS + c), _MASK, t) for c in xs])
    hard, dot, point = _overlap_curves(ax, xs)

    def update(t: float, shift: float) -> str:
        p, (found, near, slope) = SIGMOID(_LOGITS + shift)[:, 0], overlaps(shift, t)
        for bar, value in zip(bars, p, strict=True):
            bar.set(height=value, facecolor=SKY if value > t else "none")
        line.set_ydata([t, t])
        hard.set_data(xs, curve(t))
        dot.set_data([shift], [found])
        point.set_data([shift], [near])
        count = int((p > t).sum())
        pixels = "1 pixel is" if count == 1 else f"{count} pixels are"
        marked = f"τ = {t:g}, c = {signed(shift, 1)}: {pixels} above τ"
        soft = f"soft IoU = {signed(near)}, its slope {signed(slope)}"
        return f"{marked}. IoU = {signed(found)}, its slope 0; {soft}."

    moving = {f"bar{i}": bar for i, bar in enumerate(bars)}
    moving |= {"line": line, "hard": hard, "dot": dot, "point": point}
    return Scene(fig, moving, update, (t, shift))


def _overlap_curves(ax, xs: np.ndarray):
    """Draw the soft curve over the shift; return the hard one, its dot and the soft one's."""
    (hard,) = ax.plot([0], [0], color=ORANGE, linewidth=1.2, label="IoU")
    soft = [1 - soft_iou(SIGMOID(_LOGITS + c), _MASK) for c in xs]
    ax.plot(xs, soft, color=BLUE, linestyle="--", label="soft IoU, 1 − C")
    (dot,) = ax.plot([0], [0], "s", color=ORANGE, markersize=6, markeredgewidth=0, clip_on=False)
    (point,) = ax.plot([0], [0], "o", color=BLUE, markersize=7, markeredgewidth=0, clip_on=False)
    ax.set(xlim=(xs[0], xs[-1]), ylim=(0, 1), xlabel="shift c of all logits", ylabel="overlap")
    legend_above(ax)
    return hard, dot, point


# Three classes ------------------------------------------------------------------------------------


@style()
def scene_classes(target: int = 2) -> Scene:
    """Three logits: softmax as bars, the target as a frame, and the cost −log ŷ of its class."""
    fig, (ax, below) = subplots(2, height=4.2)
    y = np.array([[float(k == target)] for k in (1, 2, 3)])
    values = (-2, -1, 0, 1, 2, 3)
    sliders = [Slider(f"z{k}", values, f"logit z{subscript(k)}", start=0) for k in (1, 2, 3)]
    bars, words = _share_bars(ax, target)
    dot = _log_curve(below, f"ŷ{subscript(target)}, the target's share")

    def update(z1: float, z2: float, z3: float) -> str:
        z = np.array([[z1], [z2], [z3]], dtype=float)
        share, C = softmax(z)[:, 0], float(SOFTMAX_CROSS_ENTROPY.value(z, y))
        for bar, word, value in zip(bars, words, share, strict=True):
            bar.set_height(value)
            word.set(position=(word.get_position()[0], value + 0.04), text=signed(value, 3))
        dot.set_data([share[target - 1]], [C])
        slope = SOFTMAX_CROSS_ENTROPY.grad(z, y)[:, 0]
        return f"C = {signed(C, 3)}; the gradient ŷ − y is ({', '.join(map(signed, slope))})."

    moving = {f"bar{k}": bar for k, bar in enumerate(bars)}
    moving |= {f"word{k}": word for k, word in enumerate(words)} | {"dot": dot}
    return Scene(fig, moving, update, tuple(sliders))


def _share_bars(ax, target: int):
    """Draw the frame of the target; return the bars of three shares and the numbers above them."""
    frame = {"fill": False, "edgecolor": GREEN, "linestyle": "--", "linewidth": 1.4}
    ax.bar([target], [1], width=0.8, **frame)
    bars = list(ax.bar((1, 2, 3), (1, 1, 1), width=0.6, facecolor=SKY, linewidth=0))
    words = [ax.text(k, 0, "", ha="center") for k in (1, 2, 3)]
    ax.set(ylim=(0, 1.2), xlim=(0.4, 3.6), ylabel="ŷ = softmax(z)", yticks=[0, 0.5, 1])
    ax.set_xticks((1, 2, 3), [f"class {k}" + " (target)" * (k == target) for k in (1, 2, 3)])
    return bars, words


def _log_curve(ax, name: str):
    """Draw minus the logarithm over a share; return the dot that moves along it."""
    chances = np.linspace(0.001, 1, 400)
    ax.plot(chances, -np.log(chances), color=INK, linewidth=1.0)
    (dot,) = ax.plot([0], [0], "o", color=BLUE, markersize=7, markeredgewidth=0, clip_on=False)
    ax.set(xlim=(0, 1), ylim=(0, 7), xlabel=name, ylabel="C")
    return dot
