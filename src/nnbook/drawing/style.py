"""Palette and style: one meaning per colour, one look for every figure."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from types import MappingProxyType
from typing import Any

import matplotlib as mpl
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

BLUE = "#0072b2"  # weights, the path of descent, predictions
ORANGE = "#d55e00"  # gradient, delta, error
GREEN = "#009e73"  # target, minimum
PURPLE = "#cc79a7"
SKY = "#56b4e9"
YELLOW = "#e69f00"
INK = "#1f2328"  # text and axes
MUTED = "#6b7280"  # grid and secondary lines
PAPER = "#ffffff"  # background

PALETTE: Mapping[str, str] = MappingProxyType(
    {
        "blue": BLUE,
        "orange": ORANGE,
        "green": GREEN,
        "purple": PURPLE,
        "sky": SKY,
        "yellow": YELLOW,
        "ink": INK,
        "muted": MUTED,
        "paper": PAPER,
    }
)
_VARIABLES = {
    hex_: f"var(--nn-{name},{'currentColor' if name == 'ink' else hex_})"
    for name, hex_ in PALETTE.items()
}

# Figures are narrow so that their text is still 11 pixels high on a page 360 pixels wide.
FONT = 9.0  # points; a page shows a figure up to 1.8 times as large
WIDTH = 3.6  # inches
_STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "nnmaths",
    "font.size": FONT,
    "axes.titlesize": FONT,
    "axes.labelsize": FONT,
    "axes.titlelocation": "left",
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "axes.formatter.use_mathtext": False,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": FONT,
    "ytick.labelsize": FONT,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 3.0,
    "ytick.major.size": 3.0,
    "lines.linewidth": 1.4,
    "lines.markersize": 4.0,
    "lines.solid_capstyle": "round",
    "lines.dash_capstyle": "butt",
    "patch.linewidth": 0.8,
    "legend.frameon": False,
    "legend.fontsize": FONT,
    "legend.handlelength": 1.8,
    "path.simplify": False,
}


def style() -> AbstractContextManager:
    """Return the style of the book, as a context manager or a decorator: ``@style()``."""
    return mpl.rc_context(_STYLE)


@style()
def subplots(
    rows: int = 1, columns: int = 1, *, width: float = WIDTH, height: float = 2.4, **keys: Any
) -> tuple[Figure, Any]:
    """Create a figure and its axes, (fig, ax) or (fig, array of axes), with sizes in inches.

    The figure does not belong to a window; ``picture`` shows it.
    """
    fig = Figure(figsize=(width, height), dpi=72, layout="constrained")
    return fig, fig.subplots(rows, columns, **keys)


def css_colour(colour: str | Sequence[float]) -> str:
    """Return a colour in CSS: a variable of the page with the hex code as fallback, or the code."""
    if isinstance(colour, str) and colour == "none":
        return colour
    hex_ = to_hex(colour)
    return _VARIABLES.get(hex_, hex_)
