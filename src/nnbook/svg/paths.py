"""Write and read the path data of SVG, in as few characters as possible."""

import re
from collections.abc import Iterable

import numpy as np
from matplotlib.path import Path

_LETTERS = {Path.LINETO: "l", Path.CURVE3: "q", Path.CURVE4: "c"}
_TOKEN = re.compile(r"[MLQCz]|[-+]?[\d.]+(?:e[-+]?\d+)?")
_CODES = {"M": Path.MOVETO, "L": Path.LINETO, "Q": Path.CURVE3, "C": Path.CURVE4}


def format_number(value: float, digits: int = 1) -> str:
    """Return the shortest decimal of a number rounded to `digits` places: ".5" for 0.50."""
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text in ("-0", "0"):
        return "0"
    return text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text


def join_numbers(numbers: Iterable[str]) -> str:
    """Join numbers, with a space only before those without a minus sign."""
    return "".join(n if n[0] == "-" else " " + n for n in numbers).lstrip()


def path_data(path: Path, digits: int = 1, move: str = "M") -> str:
    """Return the ``d`` of a path: an absolute start for each subpath, then relative steps.

    The steps are differences of rounded points, so rounding errors do not accumulate. With move="m"
    the whole path is relative to the point before it and can be repeated anywhere.
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
        text = join_numbers(
            format_number(v, digits) for v in (points - (letter != "M") * here).ravel()
        )
        glue = " " if text[0] != "-" else ""
        parts.append(glue + text if letter == last and not moves else letter + text)
        here, last = points[-1], letter
        first = here if moves else first
    return "".join(parts)


def read_path(d: str) -> Path:
    """Parse the ``d`` of a path that matplotlib wrote (absolute M, L, Q, C and z)."""
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
    """Return whether a path has a curved segment."""
    return path.codes is not None and bool(np.isin(path.codes, list(_LETTERS)[1:]).any())


def compact(path: Path) -> str:
    """Return the ``d`` of a path, with two decimals if it has curves: small circles stay round."""
    return path_data(path, 2 if has_curves(path) else 1)


def relative_path(shape: Path) -> str:
    """Return the ``d`` of a shape relative to any point, for `repeat_at`."""
    return path_data(shape, 2, "m")


def repeat_at(shape: str, points: np.ndarray) -> str:
    """Return path data that repeats a relative shape at each point."""
    return "".join(f"M{join_numbers(format_number(v) for v in p)}{shape}" for p in points)


def disc_radius(shape: Path) -> float | None:
    """Return the radius if the shape is matplotlib's circle for a round marker, else None."""
    if shape.codes is None or np.count_nonzero(shape.codes == Path.CURVE4) != 24:
        return None
    radii = np.hypot(*shape.vertices[:25:3].T)
    return float(radii[0]) if np.ptp(radii) < 0.01 else None
