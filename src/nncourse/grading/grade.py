"""Grades one submission: its cells run in a sandbox, the judge reads its answers as data."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nncourse import judge
from nncourse.assignment import Assignment
from nncourse.cells import text_of
from nncourse.grading import session, store
from nncourse.grading.intake import Submission
from nncourse.grading.isolation import Limits
from nncourse.grading.roster import student_of
from nncourse.results import UNREADABLE, Result

Cells = list[tuple[int, str]]  # the number and the source of each code cell


@dataclass(frozen=True)
class Options:
    """How to grade: where results go, what isolates submissions, which questions to judge again.

    `roster` gives the students' ids by the platform's.
    """

    out: Path
    kind: str = "bwrap"
    again: Collection[str] = ()
    roster: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class NotebookCode:
    """The code cells of a notebook and the course that it was made for, or a fault."""

    cells: Cells = field(default_factory=list)
    course: str = ""
    fault: str = ""


def grade(submission: Submission, assignment: Assignment, options: Options) -> Result:
    """Return the result of one submission; stored results of unchanged checks are reused."""
    code = NotebookCode(fault=submission.fault) if submission.fault else read(submission.path)
    if code.fault:
        reason = "Your file could not be read: " + code.fault
        return without_points(submission, assignment, reason, review=code.fault)
    result = blank(submission, assignment)
    sources = [source for _, source in code.cells]
    result.student, result.needs_review = student_of(sources, submission, options.roster)
    result.code = own_code(sources, assignment)
    result.course = code.course
    if code.course not in ("", assignment.course_key):
        result.needs_review.append(
            f"This notebook was made for the course {code.course!r}; "
            f"it is graded with {assignment.course_key!r}."
        )
    judge_all(result, code.cells, submission, assignment, options)
    return result


def judge_all(
    result: Result,
    cells: Cells,
    submission: Submission,
    assignment: Assignment,
    options: Options,
) -> None:
    """Run the cells, judge the questions that have no valid stored result, and add the points."""
    given = assignment.reference(result.student)
    stored = store.previous(options.out, submission, options.roster)
    with session.Session(cells, options.kind, options.limits) as answers:
        for question in assignment.questions:
            kept = store.reusable(stored, question, assignment, options.again)
            result.questions[question.name] = kept or session.judge_question(
                question, assignment, given, answers, submission.digest
            )
    result.errors = answers.errors()
    result.needs_review += answers.needs_review()
    result.add_points()


def blank(submission: Submission, assignment: Assignment) -> Result:
    """Return a result in which nothing is judged yet."""
    return Result(
        key=submission.key,
        platform_id=submission.platform_id,
        name=submission.name,
        assignment=assignment.name,
        digest=submission.digest,
        out_of=assignment.points,
        notes=list(submission.notes),
    )


def without_points(
    submission: Submission, assignment: Assignment, reason: str, review: str
) -> Result:
    """Return the result of a file that could not be graded, with the reason for the student."""
    result = blank(submission, assignment)
    result.status, result.needs_review = UNREADABLE, [review]
    for question in assignment.questions:
        result.questions[question.name] = judge.no_points(question, assignment, reason)
    return result


def grader_failed(submission: Submission, assignment: Assignment, why: str) -> Result:
    """Return the result of a file on which the grader itself failed; the next run tries again."""
    reason = f"The grader itself failed on this file ({why}): a person has to look at it."
    result = without_points(submission, assignment, reason, review=reason)
    result.stopped = True
    return result


def read(path: Path) -> NotebookCode:
    """Return the code of a notebook's file."""
    try:
        notebook = json.loads(path.read_bytes().decode("utf-8-sig"))
        cells = [
            (number, text_of(cell))
            for number, cell in enumerate(notebook["cells"], 1)
            if cell["cell_type"] == "code"
        ]
        if not all(isinstance(source, str) for _, source in cells):
            raise TypeError
        made = notebook.get("metadata", {}).get("nnmaths", {})
        course = str(made.get("course") or "")[:80] if isinstance(made, dict) else ""
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return NotebookCode(fault="it is not a notebook that Jupyter can open.")
    return NotebookCode(cells, course, "" if cells else "it has no code cell.")


def own_code(sources: list[str], assignment: Assignment) -> list[str]:
    """Return the sources of the cells that the student wrote: neither given nor a check."""
    given = {source.strip() for source in assignment.given}
    return [
        source for source in sources
        if source.strip() and source.strip() not in given and not source.startswith("grader.")
    ]  # fmt: skip
