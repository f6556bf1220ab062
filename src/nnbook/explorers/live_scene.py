"""A live scene: a picture of a computation that goes on step by step until its reader stops it.

The scene holds the tape of a step, the tapes of what else is looked at after each step, and how
every moving artist follows these values. What the picture does with them (the loop, the kinds of
drawing, the numbers in the sentence) is written once, in book/assets/js/live.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from nnbook.drawing.numbers import small
from nnbook.explorers.scene import picture_template
from nnbook.svg.artists import Element, dotted, elements
from nnbook.svg.document import close, unique
from nnmaths.descent import LIMIT
from nnmaths.tape import Tape

SEED = 1  # of the run that a page shows first
_BOUND = small(LIMIT).removeprefix("1·")
DIVERGED = (
    f"Diverged at step {{t}}: {{what}} {{value}}, past the bound {_BOUND}. The run has "
    "stopped. Choose a smaller η, then Reset."
)
ENDED = "Stopped after {t} steps, the end of the axis. Reset to begin again."


class Reference(NamedTuple):
    """The package's own functions of named arrays, which the tapes must agree with.

    `step`, and what is looked at (the first is C).
    """

    step: Callable[..., Mapping[str, Any]]
    look: tuple[Callable[..., Mapping[str, Any]], ...]


def bound(placeholder: str, function: str, ends: Iterable[str] = ("f", "df")) -> dict[str, str]:
    """Return which tape of a function fills each placeholder: {"hidden.f": "tanh.f", …}."""
    return {f"{placeholder}.{end}": f"{function}.{end}" for end in ends}


@dataclass(frozen=True)
class Choice:
    """A named list of options; each is a text and the settings that it changes."""

    name: str
    label: str
    options: Mapping[str, Mapping[str, Any]]
    first: int = 0


@dataclass(frozen=True)
class LiveScene:
    """What moves, what computes, and what the reader may change.

    `draw` lists (artist, kind, values …); the kinds are trail, dot, curve, history, ahead, columns
    and region. `settings` holds the dictionaries values, shapes, random (standard deviations),
    grids, bind (placeholder → name in `fillings`) and batch, which the options of a choice may
    change. `step` and `look` are tapes; `reference(settings)` gives the functions of the package
    that they were traced from. `rate` is (lowest, highest, first) as powers of ten. `shown` is the
    step of the still picture. Raises ValueError for an artist without a drawing, or a drawing
    without an artist.
    """

    name: str
    fig: Figure
    moving: Mapping[str, Artist]
    draw: tuple
    reference: Callable[[Mapping[str, Any]], Reference]
    step: Tape
    look: tuple[Tape, ...]
    settings: Mapping[str, Any]
    rate: tuple[float, float, float]
    reading: str
    pace: float
    end: int
    shown: int
    fillings: Mapping[str, Tape] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    drag: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        drawn = [artist for artist, *_ in self.draw]
        if sorted(drawn) != sorted(self.moving):
            raise ValueError(f"draw: expected each of {list(self.moving)} once, found {drawn}")

    def is_random(self) -> bool:
        """Return whether its run depends on the seed: random first weights, or mini-batches."""
        options = [option for choice in self.choices for option in choice.options.values()]
        return any(o.get("random") or o.get("batch") for o in (self.settings, *options))

    def chosen(self, indices: Sequence[int] | None = None) -> dict[str, Any]:
        """Return the settings with the options of these indices (the first ones if None)."""
        settings = {key: _merged(value, {}) for key, value in self.settings.items()}
        indices = [choice.first for choice in self.choices] if indices is None else indices
        for choice, index in zip(self.choices, indices, strict=True):
            for key, value in list(choice.options.values())[index].items():
                settings[key] = _merged(settings.get(key), value)
        return settings


def _merged(old: Any, new: Any) -> Any:
    """Return two dictionaries as one, and of anything else the new one."""
    return {**(old or {}), **new} if isinstance(new, Mapping) and isinstance(old, Mapping) else new


@dataclass(frozen=True)
class LivePicture:
    """The picture behind a live scene, and the axes of its artists in the picture's units.

    `axes` holds [scale x, shift x, scale y, shift y, log x, log y], `box` the rectangle of the axes
    and `markers` the outline of a marker relative to its place, by artist.
    """

    scene: LiveScene
    template: str
    prefix: str
    axes: Mapping[str, list]
    box: Mapping[str, list]
    markers: Mapping[str, str]

    def data(self) -> dict[str, Mapping[str, Any]]:
        """Return what the script needs to place artists in the picture."""
        box = {name: self.box[name] for name in self.markers}  # lines are cut, markers are moved in
        return {"axes": self.axes, "box": box, "markers": self.markers}

    def svg(self) -> str:
        """Return the picture with its moving artists still empty: each is a named path."""
        artists = list(self.scene.moving.items())

        def path(match: re.Match) -> str:
            k = int(match.group(1))
            return self._path(k, *artists[k])

        return re.sub("\0([0-9]+)\0", path, self.template)

    def _path(self, k: int, name: str, artist: Artist) -> str:
        element = _element_of(name, artist)
        attributes = {"data-artist": name, "d": ""} | {**element.attributes, "d": ""}
        if element.dot:
            attributes |= dotted(f"{self.prefix}{k}")
        return str(Element(element.tag, attributes))


def _element_of(name: str, artist: Artist) -> Element:
    """Return the one element that draws an artist."""
    found = elements(artist)
    if len(found) != 1 or found[0].tag != "path":
        raise ValueError(f"{name}: expected an artist that is one path, found {len(found)} shapes")
    return found[0]


def picture_of(scene: LiveScene, alt: str) -> LivePicture:
    """Return the picture of a live scene, drawn once; the figure is closed."""
    scene.fig.draw_without_rendering()
    scene.fig.set_layout_engine("none")
    shapes = {name: [_element_of(name, artist)] for name, artist in scene.moving.items()}
    prefix = unique(alt + scene.name)
    template = picture_template(scene, alt, shapes, prefix)
    axes = {name: _axes_of(artist) for name, artist in scene.moving.items()}
    box = {name: _box_of(artist) for name, artist in scene.moving.items()}
    outlines = {name: _marker_of(artist) for name, artist in scene.moving.items()}
    close(scene.fig)
    markers = {name: outline for name, outline in outlines.items() if outline}
    return LivePicture(scene, template, prefix, axes, box, markers)


def _are_logs(ax: Axes) -> tuple[bool, bool]:
    """Return which of the axes are logarithmic."""
    return ax.get_xscale() == "log", ax.get_yscale() == "log"


def _axes_of(artist: Artist) -> list:
    """Return [scale x, shift x, scale y, shift y, log x, log y], in points with y downwards."""
    ax, height = artist.axes, artist.get_figure(root=True).get_size_inches()[1] * 72
    scale = 72 / artist.get_figure(root=True).dpi
    log = _are_logs(ax)
    zero, one = [1 if l else 0 for l in log], [10 if l else 1 for l in log]
    low, high = scale * ax.transData.transform([zero, one])
    low[1], high[1] = height - low[1], height - high[1]
    sx, sy = high - low
    return [round(float(v), 4) for v in (sx, low[0], sy, low[1])] + [int(l) for l in log]


def _box_of(artist: Artist) -> list:
    """Return the rectangle of an artist's axes: [x0, y0, x1, y1] in points, y downwards."""
    figure = artist.get_figure(root=True)
    scale, height = 72 / figure.dpi, figure.get_size_inches()[1] * 72
    (x0, y0), (x1, y1) = scale * artist.axes.bbox.get_points()
    return [round(float(v), 1) for v in (x0, height - y1, x1, height - y0)]


def _marker_of(artist: Artist) -> str:
    """Return the outline of a marker as path data after its place, or "" for a line."""
    if not isinstance(artist, Line2D) or artist.get_linestyle() != "None":
        return ""
    before = artist.get_data()
    ax = artist.axes
    ends = zip((ax.get_xlim(), ax.get_ylim()), _are_logs(ax), strict=True)
    middle = [np.sqrt(e[0] * e[1]) if log else np.mean(e) for e, log in ends]
    artist.set_data([middle[0]], [middle[1]])
    path = _element_of("marker", artist).attributes["d"]
    artist.set_data(*before)
    return re.match(r"M[^a-z]*(.*)", path).group(1)
