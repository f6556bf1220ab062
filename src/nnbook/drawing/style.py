"""Palette and style: one meaning for each colour, one look for every picture."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from types import MappingProxyType

import matplotlib as mpl
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

BLUE = "#0072b2"  # weights, the path of descent, what is ours
ORANGE = "#d55e00"  # gradient, delta, error
GREEN = "#009e73"  # target, minimum, what is good
PURPLE = "#cc79a7"
SKY = "#56b4e9"
YELLOW = "#e69f00"
INK = "#1f2328"  # text and axes
MUTED = "#6b7280"  # grid and secondary lines
PAPER = "#ffffff"  # the ground

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

# A figure is narrow, so that its words still have 11 pixels on a page 360 pixels wide.
FONT = 9.0  # points; a figure of WIDTH inches is shown about 1.8 times as large
WIDTH = 3.6
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
    """The one style, as a context or as a decorator: ``@style()``."""
    return mpl.rc_context(_STYLE)


@style()
def subplots(rows: int = 1, columns: int = 1, *, width: float = WIDTH, height: float = 2.4, **keys):
    """A figure of the book and its axes: (fig, ax), sizes in inches.

    The figure belongs to no window and is shown by ``picture`` alone.
    """
    fig = Figure(figsize=(width, height), dpi=72, layout="constrained")
    return fig, fig.subplots(rows, columns, **keys)


def css_colour(colour) -> str:
    """A colour as CSS: the page's variable with the hex as its fallback, the plain hex, or none."""
    if isinstance(colour, str) and colour == "none":
        return colour
    hex_ = to_hex(colour)
    return _VARIABLES.get(hex_, hex_)
