"""Judges the solutions of masters, and right and wrong answers written by hand, in this process.

    .venv/bin/python -m nncourse.authoring.rehearse assignments/06_backpropagation

For authors: it shows what each check says, without a sandbox and without otter.
"""

import os
import runpy
import sys
from pathlib import Path

import numpy as np

from nncourse import checks, judge, master
from nncourse.student import GRADING, define, parameters

ROOT = Path(__file__).resolve().parents[3]

STUDENTS = ("ada", "grace", "emmy")


def marks(sheet, question, student, source="", reference=None):
    """Return the Verdicts on a question for a source that is run after the reference solution,
    whose names may be given where it has run before.
    """
    given = reference or sheet.reference(student)
    checks.seed("rehearsal", student)
    names = {name: _apart(value) for name, value in given.items()}
    names.update(dict.fromkeys(question.answers) if source else {})
    exec(compile(source, "<answer>", "exec"), names)
    return judge.judged(question, given, judge.Local(names))


def _apart(value):
    """Return a copy of an array, and everything else as it is."""
    return value.copy() if isinstance(value, np.ndarray) else value


def answers_by_hand(name):
    """Return (RIGHT, WRONG) of answers/NAME.py: sources, and pairs (source, hint)."""
    path = ROOT / "tests" / "nncourse" / "answers" / f"{name}.py"
    found = runpy.run_path(str(path)) if path.exists() else {}
    return found.get("RIGHT", {}), found.get("WRONG", {})


def refused(sheet, sources=None):
    """Yield a line for each check that refuses the solution, or a right answer, of a question."""
    for student in STUDENTS:
        reference = sheet.reference(student)
        for question in [q for q in sheet.questions if not q.manual]:
            if student != STUDENTS[0] and not own(question):
                continue
            for source in ["", *(sources or {}).get(question.name, [])]:
                for verdict in marks(sheet, question, student, source, reference):
                    if not verdict.right:
                        yield f"{question.name} {student}: REFUSED {source!r}: {verdict.message}"


def own(question):
    """Return whether a question is another for another student: formulas alone are the same."""
    given = any(
        name not in check.kinds
        for check in question.checks
        for name in parameters(define(check.source))
    )
    return given or set(question.answers.values()) != {"formula"}


def let_through(sheet, sources):
    """Yield a line for each wrong answer that passes, or is told another hint."""
    reference = sheet.reference(STUDENTS[0])
    for question in sheet.questions:
        for source, hint in sources.get(question.name, []):
            lost = [
                v for v in marks(sheet, question, STUDENTS[0], source, reference) if not v.right
            ]
            if not any(hint in v.message for v in lost):
                said = [v.message for v in lost]
                yield f"{question.name}: LET THROUGH {source!r}, or said otherwise: {said}"


def faults(sheet):
    """Yield a line for each solution or right answer refused, and each wrong one let through."""
    right, wrong = answers_by_hand(sheet.name)
    yield from refused(sheet, right)
    yield from let_through(sheet, wrong)


def main(folders):
    """Print the faults of the masters in these folders."""
    os.environ[GRADING] = "1"
    found = 0
    for folder in folders or sorted((ROOT / "assignments").iterdir()):
        sheet = master.read(next(Path(folder).glob("*.ipynb")))
        lines = list(faults(sheet))
        found += len(lines)
        print(
            f"{sheet.name}: {sum(q.points for q in sheet.questions):g} points", *lines, sep="\n  "
        )
    return min(found, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
