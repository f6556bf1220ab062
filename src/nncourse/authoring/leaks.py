"""What a student's notebook must not show: solutions, hidden checks, right values.

A line of a solution is secret if it is marked, as in `z = A @ b  # SOLUTION`, or if a statement
with a marked line runs over it: otter would strip the marked line alone. What a student is given
anyway, in a given cell or in words, is no secret.
"""

import ast
import math
import numbers
import re

import numpy as np

MARK = re.compile(r"\s*# ?SOLUTION( NO PROMPT)?\s*$")
# Shorter texts stand everywhere.
SHORTEST = 8


def lines(notebook, sheet):
    """Return the secret lines of a master that a made notebook shows, in order."""
    shown = _squeezed("\n".join(_texts(notebook)))
    return [line for line in secrets(sheet) if _squeezed(line) in shown]


def secrets(sheet):
    """Return the lines of solutions and hidden checks that a student is not given anyway."""
    cells = [source for question in sheet.questions for source in question.solution]
    prompts = [text for question in sheet.questions for text in question.prompt]
    checks = [check for question in sheet.questions for check in question.checks]
    given = _squeezed("\n".join([*sheet.given, *prompts, *map(_kept, cells)]))
    visible = _squeezed("\n".join(check.source for check in checks if not check.hidden))
    hidden = [line for c in checks if c.hidden for line in c.source.splitlines()]
    checked = [line for line in hidden if _squeezed(line) not in visible]
    solved = [line for source in cells for line in solution_lines(source)]
    found = dict.fromkeys(line.strip() for line in [*solved, *checked])
    return [line for line in found if _tells(line) and _squeezed(line) not in given]


def solution_lines(source):
    """Return the secret lines of a solution's cell, and what stands right of their =."""
    rows = source.splitlines()
    bare = [MARK.sub("", rows[number - 1]) for number in sorted(_secret(source))]
    return [*bare, *(line.partition(" = ")[2] for line in bare)]


def _kept(source):
    """Return the lines of a solution's cell that a student gets."""
    secret = _secret(source)
    return "\n".join(r for n, r in enumerate(source.splitlines(), 1) if n not in secret)


def _secret(source):
    """Return the numbers of the secret lines of a solution's cell."""
    found, inside = set(), False
    for number, line in enumerate(source.splitlines(), 1):
        text = line.strip()
        if text.startswith(("# BEGIN SOLUTION", "# END SOLUTION")):
            inside = text.startswith("# BEGIN")
        elif inside or MARK.search(line):
            found.add(number)
    for first, last in _statements(source):
        span = set(range(first, last + 1))
        found |= span if found & span else set()
    return found


def _statements(source):
    """Yield first and last line of each statement that holds no other."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt) and not hasattr(node, "body"):
            yield node.lineno, node.end_lineno


def values(notebook, names, answers):
    """Return the right values, of four digits or more, and formulas that a made notebook shows."""
    text = "\n".join(_texts(notebook))
    known = [names[name] for name in answers if name in names]
    numbers_shown = [n for v in known for n in _digits(v) if re.search(rf"(?<!\d){n}", text)]
    formulas = [str(v) for v in known if hasattr(v, "free_symbols") and _tells(str(v))]
    return numbers_shown + [f for f in formulas if _squeezed(f) in _squeezed(text)]


def _digits(value):
    """Return patterns for the numbers in a value that have four significant digits or more."""
    if isinstance(value, numbers.Real) or (
        isinstance(value, np.ndarray) and value.dtype.kind in "if"
    ):
        flat = [abs(float(n)) for n in np.ravel(value) if math.isfinite(n)]
        words = {word for n in flat if 1e-3 <= n < 1e5 for word in (f"{n:.5g}", _cut(n))}
        return sorted(re.escape(w) for w in words if len(w.replace(".", "").lstrip("0")) >= 4)
    return []


def _cut(number):
    """Return a number's first five significant digits, not rounded."""
    digits = f"{number:.12f}"
    return re.match(r"0*\.0*\d{5}|[\d.]{6}", digits)[0].rstrip("0").rstrip(".")


def _texts(data):
    """Yield every text in a notebook, the lines of a cell as one."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for key, entry in data.items():
            yield from ["".join(entry)] if key == "source" else _texts(entry)
    elif isinstance(data, list):
        for entry in data:
            yield from _texts(entry)


def _tells(line):
    """Return whether a line says anything: long enough, no import, not words alone."""
    text = line.strip()
    return len(_squeezed(text)) >= SHORTEST and not text.startswith(("import ", "from ", "#"))


def _squeezed(text):
    """Return a text without blanks, and with one kind of quotes."""
    return re.sub(r"\s+", "", text).replace("'", '"')
