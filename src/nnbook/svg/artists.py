"""Convert a moving artist to SVG elements from its own transform, without drawing the figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from matplotlib.artist import Artist
from matplotlib.lines import Line2D
from matplotlib.patches import Ellipse, Patch
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from nnbook.drawing.style import FONT, css_colour
from nnbook.svg.paths import compact, format_number, path_data, relative_path, repeat_at


@dataclass(frozen=True)
class Element:
    """An SVG element: its tag, attributes and text; `dot` is drawn at the points of a path."""

    tag: str
    attributes: Mapping[str, str]
    text: str = ""
    dot: str = ""

    def __str__(self) -> str:
        attributes = "".join(f' {k}="{escape(v)}"' for k, v in self.attributes.items())
        body = f">{escape(self.text, quote=False)}</{self.tag}>" if self.tag == "text" else "/>"
        return f"<{self.tag}{attributes}{body}"

    def dot_definition(self, name: str) -> str:
        """Return the ``<marker>`` for the dots, with the id `name`."""
        units = 'markerUnits="userSpaceOnUse" overflow="visible"'
        return f'<marker id="{name}" {units}>{self.dot}</marker>'


def dotted(name: str) -> dict[str, str]:
    """Return the attributes that put a marker at every point of a path."""
    return dict.fromkeys(("marker-start", "marker-mid", "marker-end"), f"url(#{name})")


def _stroke(
    colour: str | Sequence[float], width: float, alpha: float | None = None
) -> dict[str, str]:
    attributes = {"stroke": css_colour(colour), "stroke-width": format_number(width, 2)}
    if alpha is not None:
        attributes["stroke-opacity"] = format_number(alpha, 2)
    return attributes


def _to_page(artist: Artist) -> tuple[Affine2D, tuple[float, float, float, float]]:
    """Return the transform from pixels to points with y downwards, and the figure's rectangle."""
    fig = artist.get_figure(root=True)
    width, height = fig.get_size_inches() * 72
    flip = Affine2D().scale(72 / fig.dpi).scale(1, -1).translate(0, height)
    return flip, (0.0, 0.0, width, height)


def _finite(artist: Artist, points: np.ndarray) -> np.ndarray:
    if not np.isfinite(points).all():
        raise ValueError(f"{type(artist).__name__} {artist.get_gid()!r} has NaN or infinite data")
    return points


def _line_path(line: Line2D) -> Element:
    """Return the polyline of a line, clipped at the edge of the figure as matplotlib clips it."""
    flip, page = _to_page(line)
    dashed = line.is_dashed()
    attributes = {"d": "", **_stroke(line.get_color(), line.get_linewidth(), line.get_alpha())}
    if dashed:
        attributes["stroke-dasharray"] = _dashes(line)
    if line.get_visible() and len(line.get_xdata()):
        points = (line.get_transform() + flip).transform(_finite(line, line.get_path().vertices))
        path = Path(_finite(line, points)).cleaned(clip=page)
        attributes["d"] = path_data(Path(path.vertices[:-1], path.codes[:-1]))
    if _has_discs(line):
        size = format_number((line.get_markersize() + line.get_markeredgewidth()) / 2, 2)
        dot = f'<circle r="{size}" fill="{css_colour(line.get_markerfacecolor())}"/>'
        return Element("path", attributes, dot=dot)
    return Element("path", attributes)


def _has_discs(line: Line2D) -> bool:
    """Return whether the markers of a line are discs of one colour."""
    same = css_colour(line.get_markerfacecolor()) == css_colour(line.get_markeredgecolor())
    return line.get_marker() == "o" and same


def _dashes(line: Line2D) -> str:
    """Return matplotlib's own dash pattern, scaled by the width of the line."""
    pattern = {"--": (3.7, 1.6), ":": (1.0, 1.65), "-.": (6.4, 1.6, 1.0, 1.6)}[line.get_linestyle()]
    return ",".join(format_number(p * line.get_linewidth(), 2) for p in pattern)


def _marker_path(line: Line2D) -> Element:
    """Return all markers of a line as one path; a disc is the round cap of a line of length 0."""
    flip, (_, _, width, height) = _to_page(line)
    points = (line.get_transform() + flip).transform(_finite(line, line.get_xydata()))
    inside = (points >= 0).all(axis=1) & (points <= (width, height)).all(axis=1)
    points = points[inside] if line.get_visible() else points[:0]
    face, edge = line.get_markerfacecolor(), line.get_markeredgecolor()
    size, rim = line.get_markersize(), line.get_markeredgewidth()
    if _has_discs(line):
        look = {**_stroke(face, size + rim, line.get_alpha()), "stroke-linecap": "round"}
        return Element("path", {"d": repeat_at("h0", points), **look})
    marker = line._marker  # matplotlib has no public access to the shape of a marker
    scale = marker.get_transform() + Affine2D().scale(size, -size)
    shape = relative_path(marker.get_path().transformed(scale))
    look = {"fill": css_colour(face) if marker.is_filled() else "none"}
    look |= _stroke(edge, rim, line.get_alpha())
    return Element("path", {"d": repeat_at(shape, points), **look})


def _patch_path(patch: Patch) -> Element:
    flip, _ = _to_page(patch)
    path = patch.get_path().transformed(patch.get_transform() + flip)
    _finite(patch, path.vertices)
    upright = isinstance(patch, Ellipse) and not patch.angle
    data = _ellipse_data(path) if upright else compact(path)
    *face, alpha = patch.get_facecolor()
    attributes = {"d": data if patch.get_visible() else ""}
    attributes["fill"] = css_colour(face) if alpha else "none"
    if 0 < alpha < 1:
        attributes["fill-opacity"] = format_number(alpha, 2)
    rim = patch.get_edgecolor() if patch.get_linewidth() and patch.get_edgecolor()[3] else "none"
    return Element("path", attributes | _stroke(rim, patch.get_linewidth()))


def _ellipse_data(path: Path) -> str:
    """Return two arcs in place of the eight curves that matplotlib uses for an upright ellipse."""
    box = path.get_extents()
    width, half = (
        format_number(box.width),
        f"{format_number(box.width / 2, 2)} {format_number(box.height / 2, 2)} 0 1 0",
    )
    middle = format_number((box.y0 + box.y1) / 2)
    return f"M{format_number(box.x0)} {middle}a{half} {width} 0a{half} -{width} 0z"


_ANCHORS = {"left": "start", "center": "middle", "right": "end"}


def _text_place(text: Text) -> tuple[float, float]:
    """Return the anchor of a text on its baseline, in points from the upper left corner."""
    flip, _ = _to_page(text)
    place = (text.get_transform() + flip).transform(_finite(text, text.get_unitless_position()))
    return float(place[0]), float(place[1])


def _text_element(text: Text) -> Element:
    x, y = _text_place(text)
    attributes = {
        "x": format_number(x),
        "y": format_number(y),
        "fill": css_colour(text.get_color()),
    }
    if text.get_fontsize() != FONT:
        attributes["font-size"] = format_number(text.get_fontsize())
    if text.get_weight() == "bold":
        attributes["font-weight"] = "700"
    if text.get_ha() != "left":
        attributes["text-anchor"] = _ANCHORS[text.get_ha()]
    return Element("text", attributes, text.get_text() if text.get_visible() else "")


def elements(artist: Artist) -> list[Element]:
    """Return the SVG elements of a Line2D (line and markers), a Text on its baseline, or a Patch.

    Raises TypeError for another artist and ValueError for data that are not finite.
    """
    if isinstance(artist, Line2D):
        has_line = artist.get_linestyle() != "None"
        has_markers = artist.get_marker() not in ("None", "", None)
        drawn = [_line_path(artist)] if has_line else []
        separate = has_markers and not (has_line and _has_discs(artist))  # else dots of the line
        return drawn + ([_marker_path(artist)] if separate else [])
    if isinstance(artist, Text):
        if artist.get_va() != "baseline" or artist.get_rotation():
            raise ValueError(
                f"text {artist.get_text()!r}: a moving text must be horizontal with va='baseline'"
            )
        return [_text_element(artist)]
    if isinstance(artist, Patch):
        return [_patch_path(artist)]
    raise TypeError(
        f"a moving artist must be a Line2D, a Text or a Patch, not {type(artist).__name__}"
    )
