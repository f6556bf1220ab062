"""A scene: a figure drawn once, the artists that move in it, and what a slider does to them."""

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from nnbook.svg.artists import Element, dotted, elements
from nnbook.svg.document import close, draw, unique


@dataclass(frozen=True)
class Slider:
    """A named list of values in ascending order (or texts in any order), with a label for readers.

    `start` is the value shown first (the middle one if None). Raises ValueError when `values` is
    empty, out of order or has duplicates, when `start` is not among them, or `label` is empty.
    """

    name: str
    values: Sequence[Any]
    label: str
    unit: str = ""
    format: str = "{:g}"
    start: Any = None

    def __post_init__(self) -> None:
        values = tuple(v.item() if isinstance(v, np.generic) else v for v in self.values)
        object.__setattr__(self, "values", values)
        if not values:
            raise ValueError(f"slider {self.name!r}: values is empty")
        if len(set(values)) < len(values):
            raise ValueError(f"slider {self.name!r}: a value occurs twice in {values}")
        if not isinstance(values[0], str) and list(values) != sorted(values):
            raise ValueError(f"slider {self.name!r}: values are not in ascending order: {values}")
        if self.start is None:
            object.__setattr__(self, "start", values[len(values) // 2])
        if self.start not in values:
            raise ValueError(f"slider {self.name!r}: start {self.start!r} is not one of {values}")
        if not self.label.strip():
            raise ValueError(f"slider {self.name!r}: label is empty")

    @property
    def first(self) -> int:
        """The index of `start` in `values`."""
        return self.values.index(self.start)

    @property
    def texts(self) -> list[str]:
        """Each value as it is read, with its unit."""
        shape = "{}" if isinstance(self.values[0], str) else self.format
        texts = (shape.format(v).replace("-", "−") for v in self.values)
        return [f"{text} {self.unit}".rstrip() for text in texts]


@dataclass(frozen=True)
class Scene:
    """A figure, its moving artists by name, and `update(**values)`, which moves them.

    `update` returns the reading: one sentence about what there is to see, with the numbers.
    `sliders` and `play` (the name of the slider that a button steps through) are the defaults of
    ``explorers.frames``. Raises ValueError when nothing moves.
    """

    fig: Figure
    moving: Mapping[str, Artist]
    update: Callable[..., str]
    sliders: tuple[Slider, ...] = ()
    play: str | None = None

    def __post_init__(self) -> None:
        if not self.moving:
            raise ValueError("scene: moving is empty, so no slider can change the picture")

    def parameters(self) -> set[str]:
        """The names that `update` takes."""
        return set(inspect.signature(self.update).parameters)


@dataclass(frozen=True)
class Rendering:
    """All frames of a scene: a template, what its moving elements look like, and what changes.

    `template` is SVG with a mark for each moving element; ``tracks[k, attribute]`` holds the value
    of an attribute of element k in each frame (the attribute "" is the text).
    """

    template: str
    still: tuple[Element, ...]
    tracks: Mapping[tuple[int, str], tuple[str, ...]]
    readings: tuple[str, ...]
    prefix: str

    def svg(self, frame: int, marked: bool = False) -> str:
        """The picture of one frame; `marked` names the elements that change, for the script."""
        changed: dict[int, dict[str, str]] = {}
        for (k, attribute), values in self.tracks.items():
            changed.setdefault(k, {})[attribute] = values[frame]

        def place(match: re.Match[str]) -> str:
            k = int(match.group(1))
            element, looks = self.still[k], changed.get(k, {})
            text = looks.pop("", element.text)
            mark = {"data-part": str(k)} if k in changed and marked else {}
            dots = dotted(f"{self.prefix}{k}") if element.dot else {}
            return str(Element(element.tag, {**mark, **element.attributes, **looks, **dots}, text))

        return re.sub("\0([0-9]+)\0", place, self.template)


@contextmanager
def _all_shown(artists: Iterable[Artist]) -> Iterator[None]:
    """Show every moving artist, even one that is empty now, while the base picture is drawn."""
    saved = []
    for artist in artists:
        saved.append((artist.set_visible, artist.get_visible()))
        artist.set_visible(True)
        if isinstance(artist, Text):
            saved.append((artist.set_text, artist.get_text()))
            artist.set_text("·")
        if isinstance(artist, Line2D):
            saved.append((lambda data, line=artist: line.set_data(*data), artist.get_data()))
            artist.set_data([0, 1], [0, 1])
    yield
    for restore, value in saved:
        restore(value)


def picture_template(scene: Any, alt: str, looks: Mapping[str, list[Element]], prefix: str) -> str:
    """The picture of a scene with a mark for each of its moving elements."""
    holes, k = {}, 0
    for name, shapes in looks.items():
        gid = f"moving-{name}"
        scene.moving[name].set_gid(gid)
        holes[gid] = ""
        for shape in shapes:
            holes[gid] += shape.dot_definition(f"{prefix}{k}") * bool(shape.dot) + f"\0{k}\0"
            k += 1
    with _all_shown(scene.moving.values()):
        return draw(scene.fig, alt, holes)


def _read(scene: Scene, values: Mapping[str, Any]) -> str:
    reading = scene.update(**values)
    if not isinstance(reading, str) or not reading.strip():
        raise TypeError(
            f"update({', '.join(f'{k}={v!r}' for k, v in values.items())}) returned {reading!r}: "
            "expected a sentence about what there is to see"
        )
    return reading


def _look(scene: Scene, values: Mapping[str, Any]) -> dict[str, list[Element]]:
    try:
        return {name: elements(artist) for name, artist in scene.moving.items()}
    except ValueError as error:
        at = ", ".join(f"{k} = {v!r}" for k, v in values.items())
        raise ValueError(f"frame {at}: {error}") from None


def render(scene: Scene, grid: Sequence[Mapping[str, Any]], first: int, alt: str) -> Rendering:
    """Every frame of a scene over a grid of slider values, as one picture and its differences.

    Raises ValueError for data that are not finite, with the frame's values, and TypeError when an
    update returns no sentence. The figure is closed.
    """
    scene.fig.draw_without_rendering()
    scene.fig.set_layout_engine("none")
    readings, looks = [], []
    for values in grid:
        readings.append(_read(scene, values))
        looks.append(_look(scene, values))
    scene.update(**grid[first])
    prefix = unique(alt + "".join(readings))
    template = picture_template(scene, alt, looks[first], prefix)
    close(scene.fig)
    flat = [[shape for shapes in look.values() for shape in shapes] for look in looks]
    return Rendering(template, tuple(flat[first]), _tracks(flat), tuple(readings), prefix)


def _tracks(frames: Sequence[Sequence[Element]]) -> dict[tuple[int, str], tuple[str, ...]]:
    """The attributes that are not the same in all frames."""
    tracks = {}
    for k, shapes in enumerate(zip(*frames, strict=True)):
        for attribute in dict.fromkeys(name for shape in shapes for name in shape.attributes):
            tracks[k, attribute] = tuple(shape.attributes.get(attribute, "") for shape in shapes)
        tracks[k, ""] = tuple(shape.text for shape in shapes)
    return {key: values for key, values in tracks.items() if len(set(values)) > 1}
