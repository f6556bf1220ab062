"""The scene of the MNIST page: the mistakes of a network, one at a time."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.patches import PathPatch

from nnbook.drawing.numbers import rounded_percent
from nnbook.drawing.style import BLUE, MUTED, style, subplots
from nnbook.explorers.scene import Scene, Slider
from nnbook.figures.mnist.plots import draw_ink, grey_areas
from nnmaths.datasets import Mistakes

_HEIGHT = 136  # points
_PIXEL = 4  # points per pixel of a digit: an integer makes paths short


def _place(ax: Axes, x: float, y: float, width: float, height: float) -> None:
    """Place axes in points from the lower left corner of the figure."""
    box = np.array([x, y, width, height]) / 72
    ax.set_position(box / np.tile(ax.figure.get_size_inches(), 2))


def _reading(index: int, label: int, digit: int, p: np.ndarray) -> str:
    """Return a sentence on a test digit with the probabilities of its prediction and its label."""
    return (
        f"Test digit {index} is a {label}. The network predicts {digit} with probability "
        f"{rounded_percent(p[digit])}, and gives {label} a probability of "
        f"{rounded_percent(p[label])}."
    )


def _draw_digit(ax: Axes, grey: np.ndarray) -> list[PathPatch]:
    """Draw a digit in a frame."""
    ax.set(xlim=(0, 28), ylim=(28, 0), aspect="equal", xticks=[], yticks=[])
    ax.spines[:].set(visible=True, color=MUTED)
    return draw_ink(ax, grey)


def _draw_bars(ax: Axes) -> BarContainer:
    """Draw ten bars of length 0 for the probabilities of the ten digits."""
    ax.set(xlim=(0, 1.3), ylim=(9.6, -0.6), yticks=range(10), xlabel="probability")
    ax.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])
    ax.tick_params(axis="y", length=0)
    ax.spines.left.set_visible(False)
    return ax.barh(range(10), np.zeros(10), height=0.7, color=BLUE, linewidth=0)


@style()
def scene_mistakes(mistakes: Mistakes) -> Scene:
    """Step through mistakes: the image, and the probabilities that the network gave the digits."""
    fig, (left, right) = subplots(1, 2, height=_HEIGHT / 72)
    fig.set_layout_engine("none")
    _place(left, 8, 16, 28 * _PIXEL, 28 * _PIXEL)
    _place(right, 144, 30, 110, 28 * _PIXEL - 14)
    patches, bars = _draw_digit(left, mistakes.grey[0]), _draw_bars(right)
    guess, true = (right.text(0, 0, "") for _ in range(2))

    def update(k: int) -> str:
        for patch, path in zip(patches, grey_areas(mistakes.grey[k - 1]), strict=True):
            patch.set_path(path)
        p, label = mistakes.p[:, k - 1], mistakes.label[k - 1]
        for bar, width in zip(bars, p, strict=True):
            bar.set_width(width)
        digit = int(np.argmax(p))
        for text, word, row in ((guess, "guess", digit), (true, "true", label)):
            text.set_position((p[row] + 0.04, row + 0.25))
            text.set_text(word)
        return _reading(mistakes.index[k - 1], label, digit, p)

    moving = {f"ink{i}": patch for i, patch in enumerate(patches)}
    moving |= {f"bar{i}": bar for i, bar in enumerate(bars)} | {"guess": guess, "true": true}
    slider = Slider("k", range(1, len(mistakes.label) + 1), "mistake", start=1)
    return Scene(fig, moving, update, (slider,), "k")
