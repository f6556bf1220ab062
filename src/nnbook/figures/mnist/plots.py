"""Plots of the MNIST page: digits as areas of ink, learning curves, the confusion matrix."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from nnbook.drawing.axes import LOOKS, integer_axis, legend_above, log_axis
from nnbook.drawing.style import BLUE, INK, MUTED, ORANGE, style

_LEVELS = (40, 104, 168)  # least greys of the first, second and third area
_ALPHA = 0.42  # stacked areas have 42, 66 and 80 % of the ink

# The neighbour across each side of a pixel, and the side from corner to corner; y downwards.
_SIDES = {
    (0, -1): ((0, 0), (1, 0)),
    (1, 0): ((1, 0), (1, 1)),
    (0, 1): ((1, 1), (0, 1)),
    (-1, 0): ((0, 1), (0, 0)),
}


def outline(inside: np.ndarray) -> Path:
    """Trace the pixels that are true: the loops around their area and around the holes in it."""
    edges: dict = {}
    padded = np.pad(inside, 1)
    for y, x in np.argwhere(inside):
        for (right, down), (start, end) in _SIDES.items():
            if not padded[y + 1 + down, x + 1 + right]:
                corner = (x + start[0], y + start[1])
                edges.setdefault(corner, []).append((x + end[0], y + end[1]))
    loops = []
    while edges:
        corners = _pop_loop(edges)
        loops.append(Path([*corners, corners[0]], closed=True))
    return Path.make_compound_path(*loops)


def _pop_loop(edges: dict) -> np.ndarray:
    """Remove a closed loop from the edges; return the corners where it turns."""
    here = next(iter(edges))
    corners = []
    while here in edges:
        corners.append(here)
        *others, ahead = edges.pop(here)
        if others:
            edges[here] = others
        here = ahead
    steps = np.roll(corners, -1, axis=0) - corners
    return np.array(corners)[(steps != np.roll(steps, 1, axis=0)).any(axis=1)]


@style()
def draw_ink(ax: Axes, grey: np.ndarray, shift: Sequence[float] = (0, 0)) -> list[PathPatch]:
    """Draw an image of greys 0 to 255 as stacked areas of ink."""
    look = {"facecolor": INK, "alpha": _ALPHA, "linewidth": 0}
    patches = [PathPatch(path, **look) for path in grey_areas(grey, shift)]
    return [ax.add_patch(patch) for patch in patches]


def grey_areas(grey: np.ndarray, shift: Sequence[float] = (0, 0)) -> list[Path]:
    """Return the areas of an image in which the grey reaches each level, from light to dark."""
    paths = [outline(grey >= level) for level in _LEVELS]
    return [Path(path.vertices + shift, path.codes) for path in paths]


@style()
def plot_digits(
    ax: Axes, grey: np.ndarray, words: Sequence[str], columns: int = 6
) -> list[PathPatch]:
    """Draw images in rows of `columns`, each with a caption below."""
    width, height, drawn = 34, 42, []
    for i, (image, word) in enumerate(zip(grey, words, strict=True)):
        x, y = i % columns * width, i // columns * height
        drawn += draw_ink(ax, image, (x + 3, y))
        ax.text(x + width / 2, y + 36, word, ha="center")
    rows = -(-len(grey) // columns)
    ax.set(xlim=(0, columns * width), ylim=(rows * height, -1), aspect="equal")
    ax.set_axis_off()
    return drawn


@style()
def plot_error(ax: Axes, wrong: Mapping[str, Sequence[float]]) -> list[Line2D]:
    """Plot error rates in per cent by epoch, from 1 on, on a logarithmic axis.

    A curve has gaps where the error rate is 0.
    """
    lines = []
    for (label, values), look in zip(wrong.items(), LOOKS, strict=False):
        rates = np.where(np.asarray(values) > 0, values, np.nan)
        look = {**look, "label": label, "markersize": 3, "markeredgewidth": 0}
        lines += ax.plot(range(1, len(rates) + 1), rates, **look)
    log_axis(ax.yaxis)
    ax.yaxis.set_major_formatter("{x:g}")
    integer_axis(ax.xaxis)
    ax.set(xlabel="epoch", ylabel="error rate, %", xlim=(0, None))
    legend_above(ax)
    return lines


@style()
def plot_confusion(ax: Axes, counts: np.ndarray) -> list[Rectangle]:
    """Draw a confusion matrix: true digits in rows, predicted in columns, mistakes in orange."""
    counts = np.asarray(counts)
    most = np.max(counts * (1 - np.eye(len(counts))))
    squares = []
    for true, predicted in np.ndindex(*counts.shape):
        n, correct = counts[true, predicted], true == predicted
        if n:
            look = {"facecolor": BLUE if correct else ORANGE, "linewidth": 0}
            alpha = 0.15 if correct else 0.1 + 0.5 * n / most
            square = Rectangle((predicted - 0.5, true - 0.5), 1, 1, alpha=alpha, **look)
            squares.append(ax.add_patch(square))
            ax.text(predicted, true, f"{n}", ha="center", va="center")
    digits = range(len(counts))
    ax.set(xlim=(-0.5, 9.5), ylim=(9.5, -0.5), xticks=digits, yticks=digits)
    ax.set(xlabel="predicted digit", ylabel="true digit")
    ax.tick_params(length=0)
    ax.spines[:].set_color(MUTED)
    return squares
