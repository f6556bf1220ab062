"""The results on disk: one file per submission, written completely or not at all."""

import json
from collections.abc import Collection, Mapping
from pathlib import Path

from nncourse import files
from nncourse.assignment import Assignment, Question
from nncourse.grading.intake import Submission
from nncourse.results import ChangedMark, QuestionResult, Result

Marks = dict[tuple[str, str], float]  # points by (key, question)


def results_folder(folder: Path) -> Path:
    """Return where the results of an assignment's folder are stored."""
    return folder / "results"


def write(folder: Path, result: Result) -> None:
    """Store a result."""
    text = json.dumps(result.to_json(), indent=1, sort_keys=True)
    files.write_text(results_folder(folder) / f"{result.key}.json", text)


def read(path: Path) -> Result:
    """Return a stored result; raise ValueError with its path where it is not one."""
    try:
        return Result.from_json(json.loads(path.read_text(encoding="utf-8")))
    except ValueError as why:
        raise ValueError(f"{path} is {why}: delete it, and it is graded again") from None


def read_all(folder: Path) -> list[Result]:
    """Return all stored results of an assignment's folder, by key."""
    return [read(path) for path in sorted(results_folder(folder).glob("*.json"))]


def previous(folder: Path, submission: Submission, roster: Mapping[str, str]) -> Result | None:
    """Return the stored result of the same file for the same student, or None.

    A result of a grader that failed does not count, nor one for another id than the roster's.
    """
    try:
        found = read(results_folder(folder) / f"{submission.key}.json")
    except (OSError, ValueError):
        return None
    same_student = roster.get(submission.platform_id, found.student) == found.student
    return (
        found if found.digest == submission.digest and not found.stopped and same_student else None
    )


def reusable(
    stored: Result | None, question: Question, assignment: Assignment, again: Collection[str]
) -> QuestionResult | None:
    """Return the stored result of a question if its checks are the same, else None."""
    if stored is None or question.name in again:
        return None
    found = stored.questions.get(question.name)
    return found if found and found.digest == assignment.digest(question) else None


def is_done(
    folder: Path,
    submission: Submission,
    assignment: Assignment,
    again: Collection[str],
    roster: Mapping[str, str],
) -> bool:
    """Return whether the stored result of a submission is valid for every question."""
    stored = previous(folder, submission, roster)
    return stored is not None and all(
        reusable(stored, question, assignment, again) for question in assignment.questions
    )


def marks_in(folder: Path) -> Marks:
    """Return the stored points by key and question."""
    return {
        (result.key, name): question.points
        for result in read_all(folder)
        for name, question in result.questions.items()
    }


def changes(before: Marks, after: Marks) -> list[ChangedMark]:
    """Return the marks that are different after grading again."""
    return [
        ChangedMark(*place, before[place], after[place])
        for place in sorted(set(before) & set(after))
        if before[place] != after[place]
    ]
