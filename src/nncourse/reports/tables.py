"""The tables of a course: grades.csv to take away, by_hand.csv to write marks into.

Cells that a spreadsheet would take for a formula get an apostrophe, since a student may have
written them. by_hand.csv belongs to the teacher: its marks are read first and written back.
"""

import csv
import io
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from nncourse.assignment import Assignment
from nncourse.reports.pages import number
from nncourse.results import ChangedMark, QuestionResult, Result

BY_HAND = "by_hand.csv"
COLUMNS = ["key", "platform_id", "student", "question", "points", "out_of", "comment", "text"]
NEEDED = {"key", "question", "points", "out_of"}
MAX_CELL = 20_000  # characters: fewer than spreadsheets accept
CHANGED = "[changed since it was marked]"
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
GUARDED = re.compile("'" + FORMULA.pattern)


class BadMarks(ValueError):  # noqa: N818 (it says what is wrong)
    """Raised where by_hand.csv cannot be read; the message names the row and the remedy."""


@dataclass(frozen=True)
class Mark:
    """A teacher's mark on one answer: points, None where there are none yet, and a comment.

    `text` is the answer that was marked.
    """

    points: float | None
    comment: str
    text: str


Marks = Mapping[tuple[str, str], Mark]  # by (key, question)


def in_order(results: Iterable[Result], assignment: Assignment) -> list[Result]:
    """Return the results for an assignment, or for none that is known, sorted by key."""
    ours = [result for result in results if result.assignment in ("", assignment.name)]
    return sorted(ours, key=lambda result: result.key)


def grades(results: Iterable[Result], assignment: Assignment) -> str:
    """Return grades.csv: one row per student, one column per question."""
    names = [question.name for question in assignment.questions]
    head = ["platform_id", "student", "name", "total", "out_of", "status", *names, "needs_review"]
    rows = [_grade_row(result, names) for result in in_order(results, assignment)]
    return as_text([head, *rows])


def _grade_row(result: Result, names: Iterable[str]) -> list[str]:
    """Return a row of grades.csv."""
    review = [*result.needs_review, *(f"{name} is not marked yet." for name in result.pending)]
    return [
        *map(safe_cell, (result.platform_id, result.student, result.name)),
        number(result.points),
        number(result.out_of),
        result.status,
        *(_points(result.questions.get(name)) for name in names),
        safe_cell(" ".join(review)),
    ]


def _points(question: QuestionResult | None) -> str:
    """Return the points of a question, nothing where it has none or is not marked yet."""
    if question is None or (question.manual and question.pending):
        return ""
    return number(question.points)


def with_marks(result: Result, marks: Marks) -> Result:
    """Return a result with the teacher's points where there are any."""
    questions = {
        name: replace(question, points=mark.points, pending=False)
        if (mark := marks.get((result.key, name))) and mark.points is not None
        else question
        for name, question in result.questions.items()
    }
    marked = replace(result, questions=questions)
    marked.add_points()
    return marked


def by_hand(
    results: Iterable[Result],
    assignment: Assignment,
    marks: Marks,
    text_of: Callable[[QuestionResult], str],
) -> str:
    """Return by_hand.csv: a row for each answer that a person marks, with the marks there are.

    `text_of` gives the text of a question of a result. Marks on answers that are gone are kept.
    """
    rows, left = [COLUMNS], dict(marks)
    for result in in_order(results, assignment):
        for name, question in result.questions.items():
            place = result.key, name
            if question.manual or question.pending or place in marks:
                student = [safe_cell(result.platform_id), safe_cell(result.student)]
                mark = left.pop(place, Mark(None, "", ""))
                text = safe_cell(text_of(question))
                text = f"{CHANGED} {text}" if changed(mark, text) else text
                rows.append(_row(place, student, mark, question.out_of, text))
    known = {question.name: question.points for question in assignment.questions}
    for place, mark in sorted(left.items()):
        out_of = known.get(place[1], mark.points or 0)
        rows.append(_row(place, ["", ""], mark, out_of, safe_cell(mark.text)))
    return as_text(rows)


def _row(
    place: tuple[str, str], student: list[str], mark: Mark, out_of: float, text: str
) -> list[str]:
    """Return a row of by_hand.csv."""
    points = "" if mark.points is None else number(mark.points)
    return [place[0], *student, place[1], points, number(out_of), safe_cell(mark.comment), text]


def changed(mark: Mark, text: str) -> bool:
    """Return whether an answer differs from the one that was marked."""
    before, now = (_unguarded(safe_cell(each)).split() for each in (mark.text, text))
    return mark.points is not None and bool(before) and before != now


def read_by_hand(folder: str | Path) -> dict[tuple[str, str], Mark]:
    """Return the Mark of each (key, question) in a folder's by_hand.csv; none if there is none.

    Rows without points and comment are left out. Raises BadMarks for points that are not a number
    from 0 to out_of, for an answer with two different marks, and for a file of another form.
    """
    path = Path(folder) / BY_HAND
    marks: dict[tuple[str, str], Mark] = {}
    for line, row in enumerate(_rows(path) if path.exists() else [], 2):
        place = (row["key"] or "").strip(), (row["question"] or "").strip()
        where = f"{BY_HAND}, row {line} ({', '.join(place)})"
        comment, text = (_unguarded(row.get(name) or "") for name in ("comment", "text"))
        try:
            mark = Mark(_read_points(row["points"] or "", row["out_of"] or ""), comment, text)
        except ValueError as why:
            raise BadMarks(f"{where}: {why}") from None
        if mark.points is None and not mark.comment.strip():
            continue
        if marks.get(place, mark) != mark:
            raise BadMarks(f"{where}: an earlier row has another mark; keep one of the two rows.")
        marks[place] = mark
    return marks


def _rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of by_hand.csv, with its columns separated by comma, semicolon or tab."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    head = text.partition("\n")[0]
    reader = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), restval=""
    )
    missing = NEEDED - set(reader.fieldnames or [])
    if missing:
        columns = ", ".join(sorted(missing))
        raise BadMarks(f"{BY_HAND} does not have the columns {columns}: put them back.")
    try:
        return list(reader)
    except csv.Error as why:
        raise BadMarks(f"{BY_HAND} is not a readable table: {why}.") from None


def _read_points(points: str, out_of: str) -> float | None:
    """Return points as a number, None where nothing is written; raise ValueError for others."""
    written = points.strip().lstrip("'")
    if not written:
        return None
    try:
        value, most = (float(text.strip().replace(",", ".")) for text in (written, out_of))
    except ValueError:
        value, most = math.nan, math.nan
    if not 0 <= value <= most:
        raise ValueError(f"points are {written[:40]!r}; write a number from 0 to {out_of[:10]}.")
    return value


def changes(changed_marks: Iterable[ChangedMark]) -> str:
    """Return changes.csv: the marks that are different after grading again."""
    rows = [[c.key, c.question, number(c.before), number(c.after)] for c in changed_marks]
    return as_text([["key", "question", "before", "after"], *rows])


def not_graded(files: Iterable[tuple[str, str, str]]) -> str:
    """Return not-graded.csv for (key, name, reason) of files that belong to no assignment."""
    rows = [[key, safe_cell(name), safe_cell(reason)] for key, name, reason in files]
    return as_text([["key", "name", "reason"], *rows])


def safe_cell(value: object) -> str:
    """Return a text as a cell: not too long, without control characters, never a formula."""
    text = str(value if value is not None else "").replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(c if c.isprintable() or c == "\n" else " " if c.isspace() else "" for c in text)
    text = text if len(text) <= MAX_CELL else text[:MAX_CELL] + " …"
    return f"'{text}" if FORMULA.match(text) else text


def _unguarded(text: str) -> str:
    """Return a cell without the apostrophe that `safe_cell` put before it."""
    return text[1:] if GUARDED.match(text) else text


def as_text(rows: Iterable[Iterable[object]]) -> str:
    """Return rows as the text of a CSV file."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
