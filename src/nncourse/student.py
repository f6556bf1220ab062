"""The student's side of an assignment: own numbers, immediate checks, and the file to hand in.

    grader = Notebook("06_backpropagation", student="your-id")
    numbers = grader.numbers("q1")     # a NumPy generator of your own
    grader.check("q1")                 # what is right, and a hint where it is not
    grader.hand_in()                   # what is missing, and the file to hand in

The visible checks are stored in the notebook's metadata. They judge the answers as the teacher's
judge does: as data (`nncourse.serialise`), with the same functions (`nncourse.checks`).
"""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from nncourse import cells, checks, files, kinds, words
from nncourse.check_runner import run_check

NOBODY = "your-id"
GRADING = "NNMATHS_GRADING"  # the environment variable that silences a notebook


def numbers(name: str, student: str, course: str = "", label: str = "") -> np.random.Generator:
    """Return a NumPy generator that belongs to one student in one assignment of one course.

    The seed is the SHA-256 of the four words; spaces around the id and its case do not matter.
    Raises ValueError for an id that is not a string or is empty.
    """
    if not isinstance(student, str) or not student.strip():
        raise ValueError('write your id between the quotes of student = "…" first')
    return checks.generator("\n".join((name, student.strip().lower(), course, label)).encode())


class Notebook:
    """One assignment of one student. The assignment's name and course are in its first cell."""

    def __init__(self, name: str, student: str, course: str = ""):
        self.name, self.student, self.course = name, student, course
        numbers(name, student, course)
        checks.seed(name, student)
        if student == NOBODY and not os.environ.get(GRADING):
            print(f'Write your own id in place of "{NOBODY}": your numbers depend on it.')

    def numbers(self, label: str = "") -> np.random.Generator:
        """Return the student's own NumPy generator for a question."""
        return numbers(self.name, self.student, self.course, label)

    def check(self, question: str) -> None:
        """Print the results of a question's visible checks on the answers in this notebook."""
        if os.environ.get(GRADING):
            return
        found = self._question(question)
        names = _caller_names()
        if found["manual"]:
            print(f"{question}: {_format_text(found, names)}")
        for check in found["checks"]:
            right, message = run_check(check, names)
            points = f" ({_format_points(check['points'])})" if right and check["points"] else ""
            print(f"{question}: {'✓' if right else '✗'} {message}{points}")
        if found["hidden"]:
            print(f"{question}: further checks run after you hand in.")

    def hand_in(self) -> str | None:
        """Print what is missing, write the file to hand in beside the notebook, return its name.

        Raises ValueError while the id is missing, here or in the saved file.
        """
        if os.environ.get(GRADING):
            return None
        if self.student == NOBODY:
            raise ValueError(f'write your own id in place of "{NOBODY}", and run all cells again')
        path = self._own_path()
        notebook = files.read_notebook(path)
        for line in self._missing(notebook, _caller_names()):
            print(line)
        target = path.with_name(f"{self.name}-{_safe(self.student)}-hand-in.ipynb")
        files.write_notebook(target, cells.without_outputs(notebook))
        print(f"Hand in this file, made from {path.name}: {target.name}")
        return target.name

    def _missing(self, notebook: dict, names: Mapping[str, Any]) -> Iterator[str]:
        """Yield a line for each missing answer, and for each that is newer than the saved file."""
        last, asked = cells.last_bound(names.get("In", [])), set()
        for question in notebook["metadata"]["nnmaths"]["questions"]:
            asked |= set(question["answers"])
            for name, kind in question["answers"].items():
                value = None if cells.is_unwritten(last.get(name, ""), name) else names.get(name)
                fault = kinds.kind_fault(value, kind, name)
                if fault:
                    yield f"{question['name']} ({_format_points(question['points'])}): {fault}"
        saved = {cells.text_of(cell).strip() for cell in notebook["cells"]}
        for name, source in last.items():
            if name in asked and source not in saved:
                yield f"{name} is newer than the saved file: save, then run this cell again."

    def _question(self, question: str) -> dict:
        """Return a question's entry in the notebook's metadata; raise ValueError if it has none."""
        metadata = files.read_notebook(self._path())["metadata"]["nnmaths"]
        for found in metadata["questions"]:
            if found["name"] == question:
                return found
        raise ValueError(f"{self.name} has no question {question!r}")

    def _paths(self) -> list[Path]:
        """Return the notebooks of this assignment in this folder, newest first."""
        found = sorted(Path().glob("*.ipynb"), key=lambda path: -path.stat().st_mtime)
        kept = [path for path in found if not path.stem.endswith("-hand-in")]
        return [path for path in kept if _assignment_of(path) == self.name]

    def _path(self) -> Path:
        """Return the newest notebook of this assignment, whatever its name."""
        for path in self._paths():
            return path
        raise FileNotFoundError(
            f"the notebook of {self.name} is not in this folder ({Path.cwd().name}): "
            "open it in the folder where it is saved"
        )

    def _own_path(self) -> Path:
        """Return the newest notebook in which the student's id is saved."""
        own = re.compile(rf"student\s*=\s*[\"']{re.escape(self.student)}[\"']")
        for path in self._paths() or [self._path()]:
            notebook = files.read_notebook(path)
            if any(own.search(cells.text_of(cell)) for cell in notebook["cells"]):
                return path
        raise ValueError(
            f"{self.student!r} is not in the saved file: save, then run this cell again"
        )


def _assignment_of(path: Path) -> str | None:
    """Return which assignment a notebook file belongs to, or None."""
    try:
        return files.read_notebook(path)["metadata"]["nnmaths"]["assignment"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _caller_names() -> dict[str, Any]:
    """Return the global names of the notebook whose cell called the grader."""
    return sys._getframe(2).f_globals


def _format_text(question: dict, names: Mapping[str, Any]) -> str:
    """Return a line on a text that a person will read."""
    ((name, kind),) = question["answers"].items()
    fault = kinds.kind_fault(names.get(name), kind, name)
    length = 0 if fault else len(names[name].split())
    return fault or (
        f"{words.count(length, 'word')}, read by your teacher."
        if length
        else f"{name} has no answer yet."
    )


def _format_points(points: float) -> str:
    """Return points in words: 1 point, 2 points, 0.5 points."""
    return words.count(points, "point")


def _safe(student: str) -> str:
    """Return an id as part of a file name."""
    return re.sub(r"[^\w.-]+", "_", student.strip())
