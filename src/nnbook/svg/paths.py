"""Paths as SVG writes them, in as few characters as they need."""

import re
from collections.abc import Iterable

import numpy as np
from matplotlib.path import Path

_LETTERS = {Path.LINETO: "l", Path.CURVE3: "q", Path.CURVE4: "c"}
_TOKEN = re.compile(r"[MLQCz]|[-+]?[\d.]+(?:e[-+]?\d+)?")
_CODES = {"M": Path.MOVETO, "L": Path.LINETO, "Q": Path.CURVE3, "C": Path.CURVE4}


def number(value: float, digits: int = 1) -> str:
    """The shortest decimal of a number rounded to `digits` places: 0.50 is ".5", -0.01 is "0"."""
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text in ("-0", "0"):
        return "0"
    return text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text


def join(numbers: Iterable[str]) -> str:
    """Numbers side by side, a space only where the next one has no minus to part them."""
    return "".join(n if n[0] == "-" else " " + n for n in numbers).lstrip()


def path_data(path: Path, digits: int = 1, move: str = "M") -> str:
    """The ``d`` of a path, each subpath from an absolute point on in relative steps.

    Every point is rounded first and the steps are differences of rounded points: no error adds up.
    With move="m" the whole is relative to the point before it: a stamp to be put anywhere.
    """
    parts, here, first, last = [], np.zeros(2), np.zeros(2), ""
    for vertices, code in path.iter_segments(simplify=False):
        if code == Path.CLOSEPOLY:
            parts.append("z")
            here, last = first, "z"
            continue
        points = np.round(vertices.reshape(-1, 2), digits)
        moves = code == Path.MOVETO
        letter = move if moves else _LETTERS[code]
        text = join(number(v, digits) for v in (points - (letter != "M") * here).ravel())
        glue = " " if text[0] != "-" else ""
        parts.append(glue + text if letter == last and not moves else letter + text)
        here, last = points[-1], letter
        first = here if moves else first
    return "".join(parts)


def read_path(d: str) -> Path:
    """The path that matplotlib wrote as ``d`` (absolute M, L, Q, C and z)."""
    vertices, codes, letter, buffer = [], [], "", []
    for token in _TOKEN.findall(d):
        if token == "z":
            vertices.append((0.0, 0.0))
            codes.append(Path.CLOSEPOLY)
        elif token in _CODES:
            letter = token
        else:
            buffer.append(float(token))
            if len(buffer) == 2:
                vertices.append(tuple(buffer))
                codes.append(_CODES[letter])
                buffer.clear()
    return Path(np.reshape(vertices, (-1, 2)), codes or None)


def has_curves(path: Path) -> bool:
    """Whether anything in it is not straight."""
    return path.codes is not None and bool(np.isin(path.codes, list(_LETTERS)[1:]).any())


def compact(path: Path) -> str:
    """Curves keep two decimals (small circles stay round), straight lines one."""
    return path_data(path, 2 if has_curves(path) else 1)


def stamp(shape: Path) -> str:
    """A shape as relative data that follows a move to its place."""
    return path_data(shape, 2, "m")


def stamped(shape: str, points: np.ndarray) -> str:
    """A stamp at each of the points."""
    return "".join(f"M{join(number(v) for v in p)}{shape}" for p in points)


def disc_radius(shape: Path) -> float | None:
    """The radius, if the shape is the circle about 0 that matplotlib draws for a round marker."""
    if shape.codes is None or np.count_nonzero(shape.codes == Path.CURVE4) != 24:
        return None
    radii = np.hypot(*shape.vertices[:25:3].T)
    return float(radii[0]) if np.ptp(radii) < 0.01 else None
