"""An assignment as data: its questions, their solutions and checks, and a reference run."""

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nncourse import cells


@dataclass(frozen=True)
class Check:
    """One test cell: its source without the configuration, its points, whether it is hidden.

    `kinds` are the answers that it judges, with their kinds.
    """

    source: str
    points: float
    hidden: bool
    hint: str
    title: str
    kinds: dict[str, str]


@dataclass
class Question:
    """One question: its text, its points, its solution, its checks."""

    name: str
    points: float = 0.0
    manual: bool = False
    prompt: list[str] = field(default_factory=list)
    solution: list[str] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)

    @property
    def answers(self) -> dict[str, str]:
        """Return the answers with their kinds; a manual question has one, a text."""
        if not self.manual:
            return {name: kind for check in self.checks for name, kind in check.kinds.items()}
        return {next(name for source in self.solution for name in _assigned(source)): "text"}


def _assigned(source: str) -> Iterator[str]:
    """Yield the names that a source assigns to, in order."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id


@dataclass
class Assignment:
    """A whole assignment: its name, title and questions, and the code cells of its master.

    `code` has all code cells except the checks, solutions included; run in order they are the
    reference run. `course` replaces the course that the master names.
    """

    name: str
    path: Path | None
    title: str
    questions: list[Question]
    code: list[str]
    course: str | None = None

    def question(self, name: str) -> Question:
        """Return a question by its name."""
        return next(q for q in self.questions if q.name == name)

    @property
    def points(self) -> float:
        """Return the sum of the points of all questions."""
        return sum(question.points for question in self.questions)

    @property
    def given(self) -> list[str]:
        """Return the sources of the code cells that a student receives unchanged."""
        solved = {source for question in self.questions for source in question.solution}
        return [source for source in self.code if source not in solved]

    @property
    def course_key(self) -> str:
        """Return the course from which the students' own numbers are derived."""
        if self.course is not None:
            return self.course
        written = cells.COURSE.search("\n".join(self.given))
        return written[1] if written else ""

    def digest(self, question: Question) -> str:
        """Return a digest of everything that decides the marks of a question."""
        parts = [question.name, repr(question.points), str(self.course), *self.given]
        parts += [f"{c.source}|{c.points}|{c.hidden}|{c.hint}" for c in question.checks]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def reference(self, student: str) -> dict[str, Any]:
        """Return the variables that a run of the solutions leaves behind for a student's id."""
        space: dict[str, Any] = {"__name__": "__main__"}
        for source in self.code:
            source = cells.with_student(source, student)
            if self.course is not None:
                source = cells.with_course(source, self.course)
            exec(compile(source, f"<{self.name}>", "exec"), space)
        return space
