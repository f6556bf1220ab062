"""Finds what a student's notebook must not show: solutions, hidden checks, right values.

A line of a solution is secret if it is marked, as in `z = A @ b  # SOLUTION`, or if it belongs to a
statement with a marked line: otter would strip the marked line alone. Whatever a student receives
anyway, in a given cell or in a question's text, is not secret.
"""

import ast
import math
import numbers
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from nncourse.assignment import Assignment

MARK = re.compile(r"\s*# ?SOLUTION( NO PROMPT)?\s*$")
MIN_LENGTH = 8  # characters: shorter lines occur everywhere
MIN_DIGITS = 4  # significant digits of a value


def lines(notebook: dict, assignment: Assignment) -> list[str]:
    """Return the secret lines of a master that a student's notebook shows, in order."""
    shown = _squeezed("\n".join(_texts(notebook)))
    return [line for line in secrets(assignment) if _squeezed(line) in shown]


def secrets(assignment: Assignment) -> list[str]:
    """Return the lines of solutions and hidden checks that a student does not receive anyway."""
    cells = [source for question in assignment.questions for source in question.solution]
    prompts = [text for question in assignment.questions for text in question.prompt]
    checks = [check for question in assignment.questions for check in question.checks]
    given = _squeezed("\n".join([*assignment.given, *prompts, *map(_kept, cells)]))
    visible = _squeezed("\n".join(check.source for check in checks if not check.hidden))
    hidden = [line for c in checks if c.hidden for line in c.source.splitlines()]
    checked = [line for line in hidden if _squeezed(line) not in visible]
    solved = [line for source in cells for line in solution_lines(source)]
    found = dict.fromkeys(line.strip() for line in [*solved, *checked])
    return [line for line in found if _is_informative(line) and _squeezed(line) not in given]


def solution_lines(source: str) -> list[str]:
    """Return the secret lines of a solution's cell, and the right-hand sides of their =."""
    rows = source.splitlines()
    bare = [MARK.sub("", rows[number - 1]) for number in sorted(_secret(source))]
    return [*bare, *(line.partition(" = ")[2] for line in bare)]


def _kept(source: str) -> str:
    """Return the lines of a solution's cell that a student receives."""
    secret = _secret(source)
    return "\n".join(r for n, r in enumerate(source.splitlines(), 1) if n not in secret)


def _secret(source: str) -> set[int]:
    """Return the numbers of the secret lines of a solution's cell."""
    found, in_solution = set(), False
    for number, line in enumerate(source.splitlines(), 1):
        text = line.strip()
        if text.startswith(("# BEGIN SOLUTION", "# END SOLUTION")):
            in_solution = text.startswith("# BEGIN")
        elif in_solution or MARK.search(line):
            found.add(number)
    for first, last in _simple_statements(source):
        span = set(range(first, last + 1))
        found |= span if found & span else set()
    return found


def _simple_statements(source: str) -> Iterator[tuple[int, int]]:
    """Yield the first and last line of each statement that contains no other."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt) and not hasattr(node, "body"):
            yield node.lineno, node.end_lineno


def values(notebook: dict, names: Mapping[str, Any], answers: Iterable[str]) -> list[str]:
    """Return the right values, of MIN_DIGITS or more, and formulas that a notebook shows."""
    text = "\n".join(_texts(notebook))
    known = [names[name] for name in answers if name in names]
    shown = [n for value in known for n in _digits(value) if re.search(rf"(?<!\d){n}", text)]
    formulas = [str(v) for v in known if hasattr(v, "free_symbols") and _is_informative(str(v))]
    return shown + [f for f in formulas if _squeezed(f) in _squeezed(text)]


def _digits(value: Any) -> list[str]:
    """Return patterns for the numbers in a value that have MIN_DIGITS or more."""
    if isinstance(value, numbers.Real) or (
        isinstance(value, np.ndarray) and value.dtype.kind in "if"
    ):
        flat = [abs(float(n)) for n in np.ravel(value) if math.isfinite(n)]
        words = {w for n in flat if 1e-3 <= n < 1e5 for w in (f"{n:.5g}", _truncated(n))}
        return sorted(
            re.escape(w) for w in words if len(w.replace(".", "").lstrip("0")) >= MIN_DIGITS
        )
    return []


def _truncated(number: float) -> str:
    """Return a number's first five significant digits, not rounded."""
    digits = f"{number:.12f}"
    return re.match(r"0*\.0*\d{5}|[\d.]{6}", digits)[0].rstrip("0").rstrip(".")


def _texts(data: Any) -> Iterator[str]:
    """Yield every string in a notebook, the lines of a cell as one."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for key, entry in data.items():
            yield from ["".join(entry)] if key == "source" else _texts(entry)
    elif isinstance(data, list):
        for entry in data:
            yield from _texts(entry)


def _is_informative(line: str) -> bool:
    """Return whether a line could give something away: long enough, no import, no comment."""
    text = line.strip()
    return len(_squeezed(text)) >= MIN_LENGTH and not text.startswith(("import ", "from ", "#"))


def _squeezed(text: str) -> str:
    """Return a text without spaces, and with one kind of quotes."""
    return re.sub(r"\s+", "", text).replace("'", '"')
