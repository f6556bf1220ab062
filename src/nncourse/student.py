"""The student's side of an assignment: own numbers, checks that answer at once, what to hand in.

    grader = Notebook("06_backpropagation", student="your-id")
    numbers = grader.numbers("q1")     # a NumPy generator of your own
    grader.check("q1")                 # what is right, and a hint where it is not
    grader.hand_in()                   # what is missing, and the file to hand in

The checks that a student may see travel in the notebook's metadata. Here they judge the answers as
the teacher's judge does: as data (`nncourse.serialise`), by the same laws (`nncourse.checks`).
"""

import ast
import inspect
import json
import os
import re
import sys
from pathlib import Path

from nncourse import checks, serialise

NOBODY = "your-id"
GRADING = "NNMATHS_GRADING"


def numbers(name, student, course="", label=""):
    """Return a NumPy generator that belongs to one student in one assignment of one course.

    The seed is the SHA-256 of the four words; blanks around the id and its case do not matter.
    Raises ValueError for an id that is not a text or is empty.
    """
    if not isinstance(student, str) or not student.strip():
        raise ValueError('write your id between the quotes of student = "…" first')
    return checks.generator("\n".join((name, student.strip().lower(), course, label)).encode())


class Notebook:
    """One assignment in the hands of one student. Source: the course's master notebook."""

    def __init__(self, name, student, course=""):
        self.name, self.student, self.course = name, student, course
        numbers(name, student, course)
        checks.seed(name, student)
        if student == NOBODY and not os.environ.get(GRADING):
            print(f'Write your own id in place of "{NOBODY}": your numbers depend on it.')

    def numbers(self, label=""):
        """Return the student's own NumPy generator for a question."""
        return numbers(self.name, self.student, self.course, label)

    def check(self, question):
        """Print what the visible checks of a question say of the answers in this notebook."""
        if os.environ.get(GRADING):
            return
        found = self._question(question)
        names = _caller_names()
        if found["manual"]:
            print(f"{question}: {_of_text(found, names)}")
        for check in found["checks"]:
            right, words = run_check(check, names)
            points = f" ({_points(check['points'])})" if right and check["points"] else ""
            print(f"{question}: {'✓' if right else '✗'} {words}{points}")
        if found["hidden"]:
            print(f"{question}: further checks run when you have handed in.")

    def hand_in(self):
        """Say what is missing, and write the file to hand in beside the notebook; return its name.

        Raises ValueError while the id is missing, here or in the saved file.
        """
        if os.environ.get(GRADING):
            return None
        if self.student == NOBODY:
            raise ValueError(f'write your own id in place of "{NOBODY}", and run all cells again')
        path = self._own_path()
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for line in self._missing(notebook, _caller_names()):
            print(line)
        target = path.with_name(f"{self.name}-{_safe(self.student)}-hand-in.ipynb")
        target.write_text(json.dumps(without_outputs(notebook), indent=1), encoding="utf-8")
        print(f"Hand in this file, made from {path.name}: {target.name}")
        return target.name

    def _missing(self, notebook, names):
        """Yield a line for each question without an answer, and one if the file is not saved."""
        last, wanted = _last_bound(names.get("In", [])), set()
        for question in notebook["metadata"]["nnmaths"]["questions"]:
            wanted |= set(question["answers"])
            for name, kind in question["answers"].items():
                value = None if unwritten(last.get(name, ""), name) else names.get(name)
                fault = serialise.kind_fault(value, kind, name)
                if fault:
                    yield f"{question['name']} ({_points(question['points'])}): {fault}"
        saved = {"".join(cell["source"]).strip() for cell in notebook["cells"]}
        for name, source in last.items():
            if name in wanted and source not in saved:
                yield f"{name} is newer than the saved file: save, then run this cell again."

    def _question(self, question):
        """Return what the notebook's metadata say of a question; raise ValueError if nothing."""
        metadata = json.loads(self._path().read_text(encoding="utf-8"))["metadata"]["nnmaths"]
        for found in metadata["questions"]:
            if found["name"] == question:
                return found
        raise ValueError(f"{self.name} has no question {question!r}")

    def _paths(self):
        """Return the notebooks of this folder that are this assignment, the newest first."""
        found = sorted(Path().glob("*.ipynb"), key=lambda path: -path.stat().st_mtime)
        kept = [path for path in found if not path.stem.endswith("-hand-in")]
        return [path for path in kept if _assignment_of(path) == self.name]

    def _path(self):
        """Return the newest notebook of this assignment, whatever its name."""
        for path in self._paths():
            return path
        raise FileNotFoundError(
            f"the notebook of {self.name} is not in this folder ({Path.cwd().name}): "
            "open it where it lies, and keep it there"
        )

    def _own_path(self):
        """Return the newest of them in which the student's id is saved."""
        own = re.compile(rf"student\s*=\s*[\"']{re.escape(self.student)}[\"']")
        for path in self._paths() or [self._path()]:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            if any(own.search("".join(cell["source"])) for cell in cells):
                return path
        raise ValueError(
            f"{self.student!r} is not in the saved file: save, then run this cell again"
        )


def _assignment_of(path):
    """Return which assignment a notebook file is, or None if it is none."""
    try:
        metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
        return metadata["nnmaths"]["assignment"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _caller_names():
    """Return the names of the notebook from whose cell the grader was called."""
    return sys._getframe(2).f_globals


def run_check(check, names):
    """Return (right, words) for a check's source and the names of a notebook."""
    function = define(check["source"])
    words = inspect.getdoc(function) or "right"
    kinds = kinds_of(function)
    for name, kind in kinds.items():
        fault = serialise.kind_fault(names.get(name), kind, name)
        if fault:
            return False, fault
    try:
        function(
            **{name: as_data(names.get(name), kinds.get(name)) for name in parameters(function)}
        )
    except (AssertionError, checks.Undecided, serialise.NotData) as why:
        return False, str(why) or check["hint"] or f"Not yet: {words}"
    except Exception as why:
        return False, f"This could not be checked ({type(why).__name__}: {why}). {words}"
    return True, words


def define(source):
    """Return the one function that a check's source defines."""
    space = {}
    exec(compile(source, "<check>", "exec"), space)
    name = next(node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef))
    return space[name]


def kinds_of(function):
    """Return the answers that a check asks for, with their kinds: its annotated parameters."""
    return {name: str(kind) for name, kind in function.__annotations__.items() if name != "return"}


def parameters(function):
    """Return the names of a function's parameters."""
    return list(inspect.signature(function).parameters)


def as_data(value, kind):
    """Return an answer as it comes out at the judge's; what is given stays as it is."""
    if kind is None:
        return value
    if kind == "function":
        return lambda *args: _carried(value(*(_carried(arg) for arg in args)))
    return _carried(value)


def _carried(value):
    """Return a value after its way as data."""
    return serialise.unpack(serialise.pack(value))


def _of_text(question, names):
    """Return a line on a text that a person will read."""
    ((name, kind),) = question["answers"].items()
    fault = serialise.kind_fault(names.get(name), kind, name)
    count = 0 if fault else len(names[name].split())
    return fault or (
        f"{_counted(count, 'word')}, read by your teacher." if count else f"{name} is empty yet."
    )


def _points(points):
    """Return points in words: 1 point, 2 points, 0.5 points."""
    return _counted(points, "point")


def _counted(number, word):
    """Return a number with its word, in the plural unless it is 1."""
    return f"{number:g} {word}{'' if number == 1 else 's'}"


def _safe(student):
    """Return an id as a part of a file's name."""
    return re.sub(r"[^\w.-]+", "_", student.strip())


def _last_bound(ran):
    """Return which of the cells that ran was the last to bind a name, for each name."""
    last = {}
    for source in ran:
        last.update(dict.fromkeys(bound(source), source.strip()))
    return last


def bound(source):
    """Return the names that a cell binds at its top level by = or def; none if it is no Python."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return set()
    assigned = {
        part.id
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for part in ast.walk(node)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    }
    return assigned | {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def unwritten(source, name):
    """Return whether a cell defines a function of this name in which a line is still `...`."""
    return bool(source) and any(
        isinstance(line, ast.Expr) and getattr(line.value, "value", None) is Ellipsis
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name == name
        for line in ast.walk(node)
    )


def without_outputs(notebook):
    """Return a notebook without outputs and counts: the grader runs it anew."""
    cells = [
        {**cell, "outputs": [], "execution_count": None} if cell["cell_type"] == "code" else cell
        for cell in notebook["cells"]
    ]
    return {**notebook, "cells": cells}
