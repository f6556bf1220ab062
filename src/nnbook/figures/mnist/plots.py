"""Plots of the MNIST page: images as areas of ink, learning curves, what is taken for what."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator

from nnbook.drawing.axes import LOOKS, legend_above, log_axis
from nnbook.drawing.style import BLUE, INK, MUTED, ORANGE, style

_LEVELS = (40, 104, 168)  # greys from which on a pixel lies in the first, second, third area
_SEEN_THROUGH = 0.42  # one area over the other: 42, 66 and 80 % of the ink


# The neighbour over each side of a pixel, and the side from corner to corner: (x, y), y downwards.
_SIDES = {
    (0, -1): ((0, 0), (1, 0)),
    (1, 0): ((1, 0), (1, 1)),
    (0, 1): ((1, 1), (0, 1)),
    (-1, 0): ((0, 1), (0, 0)),
}


def outline(inside: np.ndarray) -> Path:
    """The pixels that are true as one area: the loops around it, and around the holes in it."""
    ways: dict = {}
    walled = np.pad(inside, 1)
    for y, x in np.argwhere(inside):
        for (right, down), (start, end) in _SIDES.items():
            if not walled[y + 1 + down, x + 1 + right]:
                corner = (x + start[0], y + start[1])
                ways.setdefault(corner, []).append((x + end[0], y + end[1]))
    loops = []
    while ways:
        corners = _loop(ways)
        loops.append(Path([*corners, corners[0]], closed=True))
    return Path.make_compound_path(*loops)


def _loop(ways: dict) -> np.ndarray:
    """Take a closed loop out of the sides; return the corners where it turns."""
    here = next(iter(ways))
    corners = []
    while here in ways:
        corners.append(here)
        *others, ahead = ways.pop(here)
        if others:
            ways[here] = others
        here = ahead
    steps = np.roll(corners, -1, axis=0) - corners
    return np.array(corners)[(steps != np.roll(steps, 1, axis=0)).any(axis=1)]


@style()
def draw_ink(ax: Axes, grey: np.ndarray, shift: Sequence[float] = (0, 0)) -> list[PathPatch]:
    """An image of greys 0 to 255 as areas of ink, the darker over the lighter."""
    look = {"facecolor": INK, "alpha": _SEEN_THROUGH, "linewidth": 0}
    patches = [PathPatch(path, **look) for path in areas(grey, shift)]
    return [ax.add_patch(patch) for patch in patches]


def areas(grey: np.ndarray, shift: Sequence[float] = (0, 0)) -> list[Path]:
    """The areas of an image, from light to dark."""
    paths = [outline(grey >= level) for level in _LEVELS]
    return [Path(path.vertices + shift, path.codes) for path in paths]


@style()
def plot_digits(
    ax: Axes, grey: np.ndarray, words: Sequence[str], columns: int = 6
) -> list[PathPatch]:
    """Images in rows of so many, each with a word under it."""
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
    """The share of wrong answers in per cent after each epoch, logarithmic, from the first on.

    A curve has gaps where nothing is wrong.
    """
    lines = []
    for (label, values), look in zip(wrong.items(), LOOKS, strict=False):
        seen = np.where(np.asarray(values) > 0, values, np.nan)
        look = {**look, "label": label, "markersize": 3, "markeredgewidth": 0}
        lines += ax.plot(range(1, len(seen) + 1), seen, **look)
    log_axis(ax.yaxis)
    ax.yaxis.set_major_formatter("{x:g}")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set(xlabel="epoch", ylabel="wrong, in %", xlim=(0, None))
    legend_above(ax)
    return lines


@style()
def plot_confusion(ax: Axes, counts: np.ndarray) -> list[Rectangle]:
    """How often each digit (row) was taken for each (column); the mistakes on orange ground."""
    counts = np.asarray(counts)
    most = np.max(counts * (1 - np.eye(len(counts))))
    squares = []
    for true, said in np.ndindex(*counts.shape):
        n, right = counts[true, said], true == said
        if n:
            look = {"facecolor": BLUE if right else ORANGE, "linewidth": 0}
            strength = 0.15 if right else 0.1 + 0.5 * n / most
            square = Rectangle((said - 0.5, true - 0.5), 1, 1, alpha=strength, **look)
            squares.append(ax.add_patch(square))
            ax.text(said, true, f"{n}", ha="center", va="center")
    digits = range(len(counts))
    ax.set(xlim=(-0.5, 9.5), ylim=(9.5, -0.5), xticks=digits, yticks=digits)
    ax.set(xlabel="the network says", ylabel="the digit is")
    ax.tick_params(length=0)
    ax.spines[:].set_color(MUTED)
    return squares
