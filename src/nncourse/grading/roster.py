"""Whose work a submission is: by the roster, else by the notebook, else by the platform."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from nncourse.cells import STUDENT
from nncourse.grading.intake import Submission
from nncourse.student import NOBODY

COLUMNS = {"platform_id", "student"}


def read(path: Path | None) -> dict[str, str]:
    """Return the students' ids by the platform's; raise ValueError if a column is missing."""
    if path is None:
        return {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    if not rows or not set(rows[0]) >= COLUMNS:
        raise ValueError(f"{path} needs the columns platform_id and student")
    return {row["platform_id"].strip(): row["student"].strip().lower() for row in rows}


def student_of(
    sources: Iterable[str], submission: Submission, roster: Mapping[str, str]
) -> tuple[str, list[str]]:
    """Return the student's id, and sentences for the teacher where the id is in doubt."""
    found = [word for source in sources for word in STUDENT.findall(source)]
    written = found[-1].strip().lower() if found else ""
    known = roster.get(submission.platform_id, "")
    doubts = []
    if known and written != known:
        doubts.append(f"The notebook says {written!r}; the roster says {known!r}.")
    if not known and written in ("", NOBODY):
        doubts.append("The notebook does not name a student.")
    return known or written or submission.platform_id or submission.key, doubts
