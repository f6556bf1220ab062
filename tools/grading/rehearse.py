"""Judges the solutions of masters, and right and wrong answers written by hand, in this process.

    .venv/bin/python tools/grading/rehearse.py assignments/06_backpropagation   (or all, without)

For authors: it shows what each check says, without a sandbox and without otter.
"""

import os
import runpy
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from grading import judge, master  # noqa: E402
from nnmaths import assignment, laws  # noqa: E402

STUDENTS = ("ada", "grace", "emmy")


def marks(sheet, question, student, source=""):
    """Return the Verdicts on a question for a source that is run after the reference solution."""
    laws.seed("rehearsal", student)
    given, names = sheet.reference(student), sheet.reference(student)
    names.update(dict.fromkeys(question.answers) if source else {})
    exec(compile(source, "<answer>", "exec"), names)
    return judge.judged(question, given, judge.Local(names))


def answers_by_hand(name):
    """Return (RIGHT, WRONG) of tests/answers/NAME.py: sources, and pairs (source, hint)."""
    path = ROOT / "tests" / "answers" / f"{name}.py"
    found = runpy.run_path(str(path)) if path.exists() else {}
    return found.get("RIGHT", {}), found.get("WRONG", {})


def refused(sheet, sources=None):
    """Yield a line for each check that refuses the solution, or a right answer, of a question."""
    for question in sheet.questions:
        if question.manual:
            continue
        for student in STUDENTS:
            for source in ["", *(sources or {}).get(question.name, [])]:
                for verdict in marks(sheet, question, student, source):
                    if not verdict.right:
                        yield f"{question.name} {student}: REFUSED {source!r}: {verdict.message}"


def let_through(sheet, sources):
    """Yield a line for each wrong answer that passes, or is told another hint."""
    for question in sheet.questions:
        for source, hint in sources.get(question.name, []):
            lost = [v for v in marks(sheet, question, STUDENTS[0], source) if not v.right]
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
    os.environ[assignment.GRADING] = "1"
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
