"""Judges the solutions of masters, and right and wrong answers by hand, in this process.

    .venv/bin/python -m nncourse.authoring.rehearse assignments/06_backpropagation

For authors: it shows the verdict of each check, without a sandbox and without otter.
"""

import os
import runpy
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nncourse import checks, judge, master
from nncourse.assignment import Assignment, Question
from nncourse.check_runner import define, parameters
from nncourse.results import Verdict
from nncourse.student import GRADING
from nncourse.words import count

ROOT = Path(__file__).resolve().parents[3]

STUDENTS = ("ada", "grace", "emmy")

Sources = Mapping[str, Sequence]  # by the name of a question


def verdicts(
    assignment: Assignment,
    question: Question,
    student: str,
    source: str = "",
    reference: Mapping[str, Any] | None = None,
) -> list[Verdict]:
    """Return the Verdicts on a question for a source that runs after the reference run.

    `reference` are the names of an earlier reference run for the same student.
    """
    given = reference or assignment.reference(student)
    checks.seed("rehearsal", student)
    names = {name: _copy(value) for name, value in given.items()}
    names.update(dict.fromkeys(question.answers) if source else {})
    exec(compile(source, "<answer>", "exec"), names)
    return judge.verdicts(question, given, judge.LocalAnswers(names))


def _copy(value: Any) -> Any:
    """Return a copy of an array, and everything else as it is."""
    return value.copy() if isinstance(value, np.ndarray) else value


def answers_by_hand(name: str) -> tuple[Sources, Sources]:
    """Return (RIGHT, WRONG) of answers/NAME.py: sources, and pairs (source, hint)."""
    path = ROOT / "tests" / "nncourse" / "answers" / f"{name}.py"
    found = runpy.run_path(str(path)) if path.exists() else {}
    return found.get("RIGHT", {}), found.get("WRONG", {})


def refused(assignment: Assignment, sources: Sources | None = None) -> Iterator[str]:
    """Yield a line for each check that refuses the solution, or a right answer, of a question."""
    for student in STUDENTS:
        reference = assignment.reference(student)
        for question in [q for q in assignment.questions if not q.manual]:
            if student != STUDENTS[0] and not depends_on_student(question):
                continue
            for source in ["", *(sources or {}).get(question.name, [])]:
                for verdict in verdicts(assignment, question, student, source, reference):
                    if not verdict.right:
                        yield f"{question.name} {student}: REFUSED {source!r}: {verdict.message}"


def depends_on_student(question: Question) -> bool:
    """Return whether a question's answers can differ between students: formulas do not."""
    given = any(
        name not in check.kinds
        for check in question.checks
        for name in parameters(define(check.source))
    )
    return given or set(question.answers.values()) != {"formula"}


def accepted(assignment: Assignment, sources: Sources) -> Iterator[str]:
    """Yield a line for each wrong answer that passes, or that gets another hint."""
    reference = assignment.reference(STUDENTS[0])
    for question in assignment.questions:
        for source, hint in sources.get(question.name, []):
            found = verdicts(assignment, question, STUDENTS[0], source, reference)
            hints = [verdict.message for verdict in found if not verdict.right]
            if not hints:
                yield f"{question.name}: ACCEPTED {source!r}"
            elif not any(hint in each for each in hints):
                yield f"{question.name}: OTHER HINT for {source!r}: expected {hint!r} in {hints}"


def faults(assignment: Assignment) -> Iterator[str]:
    """Yield a line for each right answer refused, each wrong one accepted, each other hint."""
    right, wrong = answers_by_hand(assignment.name)
    yield from refused(assignment, right)
    yield from accepted(assignment, wrong)


def main(folders: Sequence[str]) -> int:
    """Print the faults of the masters in these folders, or in all; return 1 if there are any."""
    os.environ[GRADING] = "1"
    found = 0
    for folder in folders or sorted((ROOT / "assignments").iterdir()):
        assignment = master.read(next(Path(folder).glob("*.ipynb")))
        lines = list(faults(assignment))
        found += len(lines)
        head = f"{assignment.name}: {count(assignment.points, 'point')}"
        print(f"{head}, {count(len(lines), 'fault')}", *lines, sep="\n  ")
    return min(found, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
