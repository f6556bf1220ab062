"""Helpers that read SVG paths back and compare them with matplotlib's own SVG."""

import io
import re
import xml.etree.ElementTree as ElementTree

import numpy as np

from nnbook.drawing.style import style
from nnbook.svg.document import picture

DIGIT = 0.051  # half of the last decimal of a path, and a little for binary fractions


def svg_of(fig, alt="What there is to see"):
    return picture(fig, alt).svg


def settle(fig):
    """Fix the layout of a figure, as recording a scene does."""
    fig.draw_without_rendering()
    fig.set_layout_engine("none")


def absolute(d):
    """Return the absolute points of a path with relative lines."""
    points, here = [], np.zeros(2)
    for letter, body in re.findall(r"([Mlh])([^Mlh]*)", d):
        steps = np.reshape([float(n) for n in re.findall(r"-?(?:\d*\.\d+|\d+)", body)], (-1, 2))
        if letter == "h":
            continue
        for step in steps:
            here = step if letter == "M" else here + step
            points.append(here)
    return np.array(points)


def matplotlibs_own(fig, gid):
    """Return what savefig writes for an artist: path data, and positions of its markers."""
    buffer = io.StringIO()
    with style():
        fig.savefig(buffer, format="svg")
    root = ElementTree.fromstring(buffer.getvalue())
    group = next(node for node in root.iter() if node.get("id") == gid)
    paths = [n.get("d") for n in group.iter() if n.tag.endswith("}path") and not n.get("id")]
    places = [
        (float(n.get("x")), float(n.get("y")))
        for n in group.iter()
        if n.tag.endswith(("use", "text"))
    ]
    return paths, np.array(places)
