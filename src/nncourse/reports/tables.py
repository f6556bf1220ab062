"""The two tables of a course: grades.csv to take away, by_hand.csv to write marks into.

Cells that a spreadsheet would take for a formula get an apostrophe, for a student may have written
them. by_hand.csv belongs to the teacher: what was written into it is read first and written back.
"""

import csv
import io
import math
import os
import re
from dataclasses import dataclass
from pathlib import Path

BY_HAND = "by_hand.csv"
COLUMNS = ["key", "platform_id", "student", "question", "points", "out_of", "comment", "text"]
LONGEST_CELL = 20_000  # characters: less than spreadsheets take
CHANGED = "[changed since it was marked]"
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
GUARDED = re.compile("'" + FORMULA.pattern)


class BadMarks(ValueError):  # noqa: N818 (it says what is wrong)
    """Raised where by_hand.csv cannot be read; the message names the row and what to write."""


@dataclass(frozen=True)
class Mark:
    """What a teacher wrote on one answer: points, None where there are none yet, and a comment."""

    points: float | None
    comment: str
    text: str  # the answer as it stood there


def put(path, text):
    """Write a file whole or not at all; what UTF-8 cannot hold becomes a question mark."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    new.write_bytes(text.encode("utf-8", "replace"))
    os.replace(new, path)


def number(value):
    """Return points as a text: 2, 0.5, 1.3333."""
    return f"{round(float(value), 4):.10g}"


def ordered(results, sheet):
    """Return the results for a Master, or for no assignment that is known, in order of keys."""
    mine = [r for r in results if r.get("assignment", "") in ("", sheet.name)]
    return sorted(mine, key=lambda result: result["key"])


def waiting(result):
    """Return the names of the questions of a result that a person has to mark."""
    return [name for name, q in result.get("questions", {}).items() if q.get("pending")]


def grades(results, sheet):
    """Return grades.csv: a row a student, a column a question."""
    names = [question.name for question in sheet.questions]
    rows = [["platform_id", "student", "name", "total", "out_of", "status", *names, "eyes"]]
    for result in ordered(results, sheet):
        eyes = [
            *result.get("eyes", []),
            *(f"{name} waits for its mark." for name in waiting(result)),
        ]
        rows.append(
            [
                *(plain(result.get(column)) for column in ("platform_id", "student", "name")),
                number(result.get("points") or 0),
                number(result.get("out_of") or sum(q.points for q in sheet.questions)),
                result.get("status", ""),
                *(_points(result.get("questions", {}).get(name)) for name in names),
                plain(" ".join(eyes)),
            ]
        )
    return as_text(rows)


def _points(question):
    """Return the points of a question, nothing where it has none or a person has not read it."""
    if not question or (question.get("manual") and question.get("pending")):
        return ""
    return number(question.get("points") or 0)


def marked(result, marks):
    """Return a result with the teacher's points in place of those that waited for them."""
    questions = {}
    for name, question in result.get("questions", {}).items():
        mark = marks.get((result["key"], name))
        given = mark is not None and mark.points is not None
        new = {"points": mark.points, "pending": False} if given else {}
        questions[name] = {**question, **new}
    points = round(sum(question["points"] for question in questions.values()), 6)
    return {**result, "questions": questions, "points": points}


def by_hand(results, sheet, marks, text_of):
    """Return by_hand.csv: a row for each answer that a person reads, with the marks there are.

    `text_of` gives the text of a question of a result. Marks on answers that are gone are kept.
    """
    rows, left = [COLUMNS], dict(marks)
    for result in ordered(results, sheet):
        for name, question in result.get("questions", {}).items():
            place = result["key"], name
            if question.get("manual") or question.get("pending") or place in marks:
                about = [plain(result.get(column)) for column in ("platform_id", "student")]
                mark = left.pop(place, Mark(None, "", ""))
                text = plain(text_of(question))
                text = f"{CHANGED} {text}" if changed(mark, text) else text
                rows.append(_row(place, about, mark, number(question.get("out_of") or 0), text))
    known = {question.name: question.points for question in sheet.questions}
    for place, mark in sorted(left.items()):
        most = number(known.get(place[1], mark.points or 0))
        rows.append(_row(place, ["", ""], mark, most, plain(mark.text)))
    return as_text(rows)


def _row(place, about, mark, out_of, text):
    """Return a row of by_hand.csv."""
    points = "" if mark.points is None else number(mark.points)
    return [place[0], *about, place[1], points, out_of, plain(mark.comment), text]


def changed(mark, text):
    """Return whether an answer is another than the one that was marked."""
    before, now = (_unguarded(plain(each)).split() for each in (mark.text, text))
    return mark.points is not None and bool(before) and before != now


def read_by_hand(folder):
    """Return the Mark of each (key, question) in a folder's by_hand.csv; none if there is none.

    Rows without points and comment are left out. Raises BadMarks for points that are no number
    from 0 to out_of, for a row that is there twice with two marks, for a file of another form.
    """
    path = Path(folder) / BY_HAND
    marks = {}
    for number_of_row, row in enumerate(_rows(path) if path.exists() else [], 2):
        place = (row["key"] or "").strip(), (row["question"] or "").strip()
        comment, text = (_unguarded(row.get(name) or "") for name in ("comment", "text"))
        try:
            mark = Mark(_given(row["points"] or "", row["out_of"] or ""), comment, text)
        except ValueError as why:
            raise BadMarks(f"{BY_HAND}, row {number_of_row} ({', '.join(place)}): {why}") from None
        if mark.points is None and not mark.comment.strip():
            continue
        if marks.get(place, mark) != mark:
            raise BadMarks(
                f"{BY_HAND}, row {number_of_row} ({', '.join(place)}): this answer has a mark "
                "above already; keep one of the two rows."
            )
        marks[place] = mark
    return marks


def _rows(path):
    """Return the rows of by_hand.csv, whether a spreadsheet parted its columns by , or ; or tab."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    head = text.partition("\n")[0]
    reader = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), restval=""
    )
    missing = {"key", "question", "points", "out_of"} - set(reader.fieldnames or [])
    if missing:
        raise BadMarks(
            f"{BY_HAND} has lost its columns {', '.join(sorted(missing))}: put them back."
        )
    try:
        return list(reader)
    except csv.Error as why:
        raise BadMarks(f"{BY_HAND} is not a table that can be read: {why}.") from None


def _given(points, out_of):
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


def plain(value):
    """Return a text as a cell: not too long, no control marks, and never a formula."""
    text = str(value if value is not None else "").replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(c if c.isprintable() or c == "\n" else " " if c.isspace() else "" for c in text)
    text = text if len(text) <= LONGEST_CELL else text[:LONGEST_CELL] + " …"
    return f"'{text}" if FORMULA.match(text) else text


def _unguarded(text):
    """Return a cell without the apostrophe that `_plain` put before it."""
    return text[1:] if GUARDED.match(text) else text


def as_text(rows):
    """Return rows as the text of a table."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
