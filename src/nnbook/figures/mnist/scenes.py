"""The scene of the MNIST page: the mistakes of a network, one after the other."""

import numpy as np

from nnbook.drawing.style import BLUE, MUTED, style, subplots
from nnbook.explorers.scene import Scene, Slider
from nnbook.figures.mnist.plots import areas, draw_ink
from nnmaths.datasets import Mistakes

_HEIGHT = 136  # points
_PIXEL = 4  # points for a pixel of a digit: whole numbers make short paths


def _place(ax, x: float, y: float, width: float, height: float) -> None:
    """Put axes there, in points from the lower left corner of the figure."""
    box = np.array([x, y, width, height]) / 72
    ax.set_position(box / np.tile(ax.figure.get_size_inches(), 2))


def percent(p: float) -> str:
    """A probability in per cent, with a decimal below ten."""
    text = f"{100 * p:.1f}" if p < 0.0995 else f"{100 * p:.0f}"
    return f"{text} %"


def _reading(index: int, label: int, digit: int, p: np.ndarray) -> str:
    """What the network says of a test digit, in a sentence."""
    return (
        f"Test digit {index} is a {label}. The network says {digit} with "
        f"{percent(p[digit])} and {label} with {percent(p[label])}."
    )


def _image(ax, grey: np.ndarray):
    """A digit in a frame."""
    ax.set(xlim=(0, 28), ylim=(28, 0), aspect="equal", xticks=[], yticks=[])
    ax.spines[:].set(visible=True, color=MUTED)
    return draw_ink(ax, grey)


def _bars(ax):
    """Ten bars for the probabilities of the ten digits, of no length yet."""
    ax.set(xlim=(0, 1.3), ylim=(9.6, -0.6), yticks=range(10), xlabel="probability")
    ax.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])
    ax.tick_params(axis="y", length=0)
    ax.spines.left.set_visible(False)
    return ax.barh(range(10), np.zeros(10), height=0.7, color=BLUE, linewidth=0)


@style()
def scene_mistakes(mistakes: Mistakes) -> Scene:
    """Step through mistakes: the image, and the ten probabilities that the network gave."""
    fig, (left, right) = subplots(1, 2, height=_HEIGHT / 72)
    fig.set_layout_engine("none")
    _place(left, 8, 16, 28 * _PIXEL, 28 * _PIXEL)
    _place(right, 144, 30, 110, 28 * _PIXEL - 14)
    patches, bars = _image(left, mistakes.grey[0]), _bars(right)
    said, true = (right.text(0, 0, "") for _ in range(2))

    def update(k: int) -> str:
        for patch, path in zip(patches, areas(mistakes.grey[k - 1]), strict=True):
            patch.set_path(path)
        p, label = mistakes.p[:, k - 1], mistakes.label[k - 1]
        for bar, width in zip(bars, p, strict=True):
            bar.set_width(width)
        digit = int(np.argmax(p))
        for text, word, row in ((said, "says", digit), (true, "is", label)):
            text.set_position((p[row] + 0.04, row + 0.25))
            text.set_text(word)
        return _reading(mistakes.index[k - 1], label, digit, p)

    moving = {f"ink{i}": patch for i, patch in enumerate(patches)}
    moving |= {f"bar{i}": bar for i, bar in enumerate(bars)} | {"said": said, "true": true}
    slider = Slider("k", range(1, len(mistakes.label) + 1), "mistake", start=1)
    return Scene(fig, moving, update, (slider,), "k")
