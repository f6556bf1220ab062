"""Convert a figure to lean SVG: text as text, colours as CSS variables, no ids without a use."""

import io
import math
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha1
from html import escape

import numpy as np
from matplotlib.figure import Figure
from matplotlib.path import Path

from nnbook.drawing.style import FONT, css_colour, style
from nnbook.svg.artists import Element
from nnbook.svg.paths import (
    compact,
    disc_radius,
    format_number,
    read_path,
    relative_path,
    repeat_at,
)

_ZOOM = 1.8  # CSS pixels per point when the column is wide enough
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


def _name(node: ElementTree.Element) -> str:
    return node.tag.rpartition("}")[2]


def _declarations(node: ElementTree.Element) -> dict[str, str]:
    pairs = (item.split(":", 1) for item in node.get("style", "").split(";") if ":" in item)
    return {key.strip(): value.strip() for key, value in pairs}


def _look(node: ElementTree.Element) -> dict[str, str]:
    """Return the attributes of a drawn path that differ from the defaults of our root element."""
    styles = _declarations(node)
    keep = {}
    for key in ("fill", "stroke"):
        if styles.get(key, "none") != "none":
            keep[key] = css_colour(styles[key])
    for key in ("fill-opacity", "stroke-opacity", "opacity", "stroke-dasharray", "stroke-width"):
        if key in styles:
            keep[key] = ",".join(format_number(float(v), 2) for v in styles[key].split(","))
    if "stroke" in keep and "stroke-linecap" in styles and "stroke-dasharray" not in keep:
        keep["stroke-linecap"] = styles["stroke-linecap"]
    return keep


@dataclass
class _Cleaner:
    """Converts matplotlib's SVG to a list of lean elements; `holes` replaces artists by gid."""

    prefix: str
    holes: Mapping[str, str]
    paths: dict[str, Path] = field(default_factory=dict)
    clips: dict[str, tuple[float, float, float, float]] = field(default_factory=dict)
    used: dict[str, str] = field(default_factory=dict)
    out: list[Element | str] = field(default_factory=list)

    def clean(self, root: ElementTree.Element) -> None:
        for node in root.iter():
            if _name(node) == "clipPath":
                box = [float(node[0].get(k)) for k in ("x", "y", "width", "height")]
                self.clips[node.get("id")] = tuple(box)
            elif _name(node) == "path" and node.get("id"):
                self.paths[node.get("id")] = read_path(node.get("d", ""))
        self.walk(root, None)

    def walk(self, node: ElementTree.Element, clip: str | None) -> None:
        name, clip = _name(node), _reference(node.get("clip-path")) or clip
        if node.get("id") in self.holes:
            self._hole(node)
        elif name in ("path", "use", "text"):
            getattr(self, "_" + name)(node, clip)
        elif name in ("svg", "g"):
            for child in node:
                self.walk(child, clip)
        elif name not in ("defs", "metadata"):
            raise ValueError(f"<{name}> is not supported in a figure: draw lines, patches and text")

    def _hole(self, node: ElementTree.Element) -> None:
        """Insert the replacement of an artist, with the artist's clip."""
        clips = filter(None, (_reference(part.get("clip-path")) for part in node.iter()))
        look = self._clipped(np.array([[np.inf, np.inf]]), next(clips, None))
        text = self.holes[node.get("id")]
        self.out.append(f'<g clip-path="{look["clip-path"]}">{text}</g>' if look else text)

    def _path(self, node: ElementTree.Element, clip: str | None) -> None:
        look, path = _look(node), read_path(node.get("d", ""))
        if len(path.vertices) and ("fill" in look or "stroke" in look):
            self._add(compact(path), look | self._clipped(path.vertices, clip), "fill" not in look)

    def _use(self, node: ElementTree.Element, clip: str | None) -> None:
        shape = self.paths[node.get("{http://www.w3.org/1999/xlink}href")[1:]]
        place = np.array([[float(node.get("x")), float(node.get("y"))]])
        look = _look(node) | self._clipped(place, clip)
        radius = disc_radius(shape)
        if radius and "stroke" not in look and "fill-opacity" not in look:
            rim = {"stroke": look.pop("fill"), "stroke-width": format_number(2 * radius, 2)}
            self._add(repeat_at("h0", place), look | rim | {"stroke-linecap": "round"}, True)
        else:
            self._add(repeat_at(relative_path(shape), place), look, "fill-opacity" not in look)

    def _text(self, node: ElementTree.Element, clip: str | None) -> None:
        styles = _declarations(node)
        x, y = (format_number(float(node.get(k))) for k in ("x", "y"))
        look = {"x": x, "y": y, "fill": css_colour(styles.get("fill", "#000000"))}
        if (size := float(styles["font-size"].removesuffix("px"))) != FONT:
            look["font-size"] = format_number(size)
        if styles.get("text-anchor", "start") != "start":
            look["text-anchor"] = styles["text-anchor"]
        if "font-weight" in styles:
            look["font-weight"] = styles["font-weight"]
        angle = float(re.search(r"rotate\((\S+)", node.get("transform", "rotate(0 ")).group(1))
        if angle:
            look["transform"] = f"rotate({format_number(angle)} {x} {y})"
        self.out.append(Element("text", look, node.text))

    def _add(self, d: str, look: dict[str, str], may_join: bool) -> None:
        """Append a path, or extend the last path, before any texts, if it looks the same."""
        place = len(self.out) - 1
        while place >= 0 and isinstance(self.out[place], Element) and self.out[place].text:
            place -= 1
        last = self.out[place] if place >= 0 else ""
        before = dict(last.attributes) if isinstance(last, Element) else {}
        if may_join and {**before, "d": ""} == {"d": "", **look}:
            self.out[place] = Element("path", {**before, "d": before["d"] + d})
        else:
            self.out.append(Element("path", {"d": d, **look}))

    def _clipped(self, points: np.ndarray, clip: str | None) -> dict[str, str]:
        """Return a reference to the clip if some of the points are outside it."""
        if clip is None or _inside(points, self.clips[clip]):
            return {}
        self.used.setdefault(clip, f"{self.prefix}{len(self.used)}")
        return {"clip-path": f"url(#{self.used[clip]})"}

    def definitions(self) -> str:
        boxes = ((name, self.clips[clip]) for clip, name in self.used.items())
        return "".join(clip_path(name, box) for name, box in boxes)


def _reference(url: str | None) -> str | None:
    return url[5:-1] if url else None


def _inside(points: np.ndarray, box: tuple[float, float, float, float], slack: float = 0.5) -> bool:
    low, size = np.array(box[:2]) - slack, np.array(box[2:]) + 2 * slack
    return bool(((points >= low) & (points <= low + size)).all())


def clip_path(name: str, box: Iterable[float]) -> str:
    """Return the ``<clipPath>`` of a rectangle x, y, width, height, with the id `name`."""
    x, y, width, height = (format_number(v, 2) for v in box)
    rect = f'<rect x="{x}" y="{y}" width="{width}" height="{height}"/>'
    return f'<clipPath id="{name}">{rect}</clipPath>'


_uses: Counter[str] = Counter()


def unique(content: str) -> str:
    """Return a prefix for ids: a hash of the content, made unique if the picture is repeated."""
    stem = "n" + sha1(content.encode()).hexdigest()[:6]
    _uses[stem] += 1
    return f"{stem}{'_' * (_uses[stem] - 1)}-"


def _raw_svg(fig: Figure) -> str:
    buffer = io.StringIO()
    with style():
        fig.savefig(buffer, format="svg", transparent=True, metadata=_NO_METADATA)
    return buffer.getvalue()


def draw(fig: Figure, alt: str, holes: Mapping[str, str] | None = None) -> str:
    """Return a figure as one lean ``<svg>`` with the alternative text `alt`.

    `holes` maps the gid of an artist to text that replaces it. The same figure gives the same SVG,
    except that the ids are new each time. Raises ValueError when `alt` is empty.
    """
    if not alt.strip():
        raise ValueError("alt is empty: describe in a sentence what there is to see")
    raw = _raw_svg(fig)
    cleaner = _Cleaner(unique(raw + alt), holes or {})
    cleaner.clean(ElementTree.fromstring(raw))
    width, height = (format_number(v, 2) for v in fig.get_size_inches() * 72)
    max_width = math.ceil(float(width) * _ZOOM)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="100%" '
        f'style="max-width:{max_width}px" role="img" aria-label="{escape(alt)}" fill="none" '
        f'stroke-linejoin="round" font-size="{FONT}">'
    )
    return f"{head}{cleaner.definitions()}{''.join(map(str, cleaner.out))}</svg>"


def close(fig: Figure) -> None:
    """Close a figure that pyplot manages, so that it is not kept in memory."""
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(fig)


@dataclass(frozen=True)
class Picture:
    """A still picture: inline SVG for the page, and its alternative text as plain text."""

    svg: str
    alt: str

    def _repr_html_(self) -> str:
        return f'<figure class="picture">{self.svg}</figure>'

    def __repr__(self) -> str:
        return self.alt


def picture(fig: Figure, alt: str) -> Picture:
    """Return a figure as a picture for the end of a cell, and close it.

    Raises ValueError when `alt` is empty.
    """
    svg = draw(fig, alt)
    close(fig)
    return Picture(svg, alt)
