"""Tables and pages show the results, keep the teacher's marks, and are safe to open."""

import csv
import io
import re
from html.parser import HTMLParser

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from nncourse import serialise
from nncourse.assignment import Assignment, Check, Question
from nncourse.reports import pages, report, tables
from nncourse.results import Answer, CellError, ChangedMark, QuestionResult, Result, Verdict

EVIL = "<script>alert('x')</script>\"><img src=x onerror=y>&amp;"
PROMPT = "**Question 1** (2 points). Compute $\\tfrac12 w_1 a_2 < b$ as `z`."
ASSIGNMENT = Assignment(
    "task",
    None,
    "Assignment 6: a task",
    [
        Question("q1", 2.0, False, [PROMPT], ["z = 42  # SOLUTION"], []),
        Question("q2", 3.0, False, ["Question 2."], ["s = 1"], []),
        Question("q3", 2.0, True, ["Why?"], ["why = 'the model text'"], []),
    ],
    [],
)
ASSIGNMENT.questions[0].checks.append(Check("", 2.0, True, "", "z is right.", {"z": "array"}))


def verdict(points, out_of=2.0, message="", undecided=False):
    """Return a verdict of the judge."""
    return Verdict("z is right.", points, out_of, points > 0, True, message, undecided)


def part(points, out_of, verdicts=(), answers=None, **more):
    """Return a question's part of a result."""
    answers = answers or {"z": Answer("array", serialise.pack(np.eye(2)))}
    return QuestionResult(points, out_of, answers=answers, verdicts=list(verdicts), **more)


def text(words):
    """Return the answers of a question that a person reads."""
    return {"why": Answer("text", words)}


def result(key, points=1.0, why="Because.", **more):
    """Return a result of the grader; q3 is not marked yet."""
    base = {
        "platform_id": key,
        "name": f"Name {key}",
        "student": f"id {key}",
        "assignment": "task",
        "digest": key,
        "points": points + 3,
        "out_of": 7.0,
        "questions": {
            "q1": part(points, 2.0, [verdict(points, message="" if points else "Where is the ½?")]),
            "q2": part(3.0, 3.0),
            "q3": part(0.0, 2.0, answers=text(why), manual=True, pending=True),
        },
    }
    return Result(key=key, **{**base, **more})


def unreadable(key):
    """Return the result of a file that could not be graded."""
    blank = {"questions": {}, "points": 0.0, "digest": "", "student": ""}
    return result(key, status="unreadable", notes=["hw.ipynb is empty."], **blank)


def rows(folder, name):
    """Return the rows of a table that was written."""
    return list(csv.DictReader(io.StringIO((folder / name).read_text(encoding="utf-8"), "")))


def write_marks(folder, marks):
    """Write points and comments into by_hand.csv as a teacher would, by key."""
    table = rows(folder, "by_hand.csv")
    for row in table:
        row["points"], row["comment"] = marks.get(row["key"], ("", ""))
    with (folder / "by_hand.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, table[0].keys())
        writer.writeheader()
        writer.writerows(table)


def page(folder, key):
    """Return the source of a student's page."""
    return (folder / "feedback" / f"{key}.html").read_text(encoding="utf-8")


class Tags(HTMLParser):
    """Collects the tags of a page and their attributes."""

    def __init__(self, source):
        super().__init__()
        self.open, self.tags, self.attributes = [], [], []
        self.feed(source)
        assert self.open == [], "tags that are not closed"

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


# grades.csv


def test_grades_have_a_row_per_student_and_a_column_per_question(tmp_path):
    seen = result("1", 2.0, needs_review=["It reads the stack."])
    report.write([result("2"), seen, unreadable("3")], ASSIGNMENT, tmp_path)
    first, second, third = rows(tmp_path, "grades.csv")
    assert list(first) == [
        *("platform_id", "student", "name", "total", "out_of", "status"),
        *("q1", "q2", "q3", "needs_review"),
    ]
    assert list(first.values())[:9] == ["1", "id 1", "Name 1", "5", "7", "graded", "2", "3", ""]
    assert first["needs_review"] == "It reads the stack. q3 is not marked yet."
    assert second["q1"] == "1"
    assert (third["status"], third["total"], third["q1"]) == ("unreadable", "0", "")


def test_a_marked_question_has_its_points(tmp_path):
    marked = result("1")
    marked.questions["q3"] = part(1.5, 2.0, answers=text("Because."), manual=True)
    report.write([marked], ASSIGNMENT, tmp_path)
    (row,) = rows(tmp_path, "grades.csv")
    assert (row["q3"], row["needs_review"]) == ("1.5", "")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", " =", "\n=", "＝"])
def test_no_cell_is_a_formula(tmp_path, start):
    evil = f"{start}HYPERLINK(1)"
    given = result("1", why=evil, name=evil, platform_id=evil, student=evil, needs_review=[evil])
    report.write([given], ASSIGNMENT, tmp_path)
    for table in ("grades.csv", "by_hand.csv"):
        for row in rows(tmp_path, table):
            cells = [cell for cell in row.values() if "HYPERLINK" in cell]
            assert len(cells) >= 3
            assert all(cell.startswith("'") for cell in cells)


def test_names_in_all_scripts_are_kept_in_utf8(tmp_path):
    report.write(
        [result("1", name="Zoë Łukasz 李 🧮"), result("2", name="\ud800x")], ASSIGNMENT, tmp_path
    )
    assert [row["name"] for row in rows(tmp_path, "grades.csv")] == ["Zoë Łukasz 李 🧮", "x"]


def test_results_of_another_assignment_are_left_out(tmp_path):
    report.write([result("1"), result("2", assignment="other")], ASSIGNMENT, tmp_path)
    assert len(rows(tmp_path, "grades.csv")) == 1


# by_hand.csv


def test_marks_come_back_and_survive_a_rewriting(tmp_path):
    results = [result("1", why='One,\n"two"; three'), result("2"), result("3")]
    report.write(results, ASSIGNMENT, tmp_path)
    assert report.read_by_hand(tmp_path) == {}
    write_marks(tmp_path, {"1": ("1,5", "-1: why?"), "2": ("0", ""), "3": ("", "ask me")})
    for _ in range(3):
        report.write(results, ASSIGNMENT, tmp_path)
    marks = report.read_by_hand(tmp_path)
    assert {place: (mark.points, mark.comment) for place, mark in marks.items()} == {
        ("1", "q3"): (1.5, "-1: why?"),
        ("2", "q3"): (0.0, ""),
        ("3", "q3"): (None, "ask me"),
    }
    assert rows(tmp_path, "by_hand.csv")[0]["text"] == 'One,\n"two"; three'


def test_marks_of_students_who_are_gone_are_kept(tmp_path):
    report.write([result("1"), result("2")], ASSIGNMENT, tmp_path)
    write_marks(tmp_path, {"2": ("2", "good")})
    report.write([result("1")], ASSIGNMENT, tmp_path)
    report.write([result("1"), result("2")], ASSIGNMENT, tmp_path)
    assert report.read_by_hand(tmp_path)["2", "q3"].points == 2.0


def test_what_could_not_be_decided_gets_a_row(tmp_path):
    given = result("1")
    given.questions["q1"] = part(0.0, 2.0, [verdict(0.0, undecided=True)], pending=True)
    report.write([given], ASSIGNMENT, tmp_path)
    assert [row["question"] for row in rows(tmp_path, "by_hand.csv")] == ["q1", "q3"]
    assert "array of shape (2, 2)" in rows(tmp_path, "by_hand.csv")[0]["text"]


def test_an_answer_that_changed_after_its_mark_is_reported(tmp_path):
    report.write([result("1", why="Old words.")], ASSIGNMENT, tmp_path)
    write_marks(tmp_path, {"1": ("2", "")})
    for _ in range(2):
        report.write([result("1", why="New words.")], ASSIGNMENT, tmp_path)
        assert rows(tmp_path, "by_hand.csv")[0]["text"] == f"{tables.CHANGED} New words."
        assert report.read_by_hand(tmp_path)["1", "q3"].points == 2.0
        assert "the answer to q3 has changed since you marked it" in teacher(tmp_path)


@pytest.mark.parametrize("points", ["3", "-0.5", "nan", "inf", "two", "1/2", "2 points", "'=1+1"])
def test_invalid_points_are_refused_and_nothing_is_lost(tmp_path, points):
    report.write([result("1")], ASSIGNMENT, tmp_path)
    write_marks(tmp_path, {"1": (points, "kept")})
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*")}
    message = r"by_hand.csv, row 2 \(1, q3\): points are .* write a number from 0 to 2\."
    with pytest.raises(tables.BadMarks, match=message):
        report.write([result("1"), result("2")], ASSIGNMENT, tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.*")} == before


@pytest.mark.parametrize("parted", [";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_a_file_that_a_spreadsheet_has_saved_is_read(tmp_path, parted, encoding):
    head = parted.join(tables.COLUMNS)
    row = parted.join(["1", "1", "x", "q3", "1,5", "2", "schön", "text"])
    (tmp_path / "by_hand.csv").write_bytes(f"{head}\r\n{row}\r\n".encode(encoding))
    assert report.read_by_hand(tmp_path)["1", "q3"] == tables.Mark(1.5, "schön", "text")


def test_a_row_with_two_marks_is_refused(tmp_path):
    lines = ["1,1,x,q3,1,2,,", "1,1,x,q3,2,2,,"]
    (tmp_path / "by_hand.csv").write_text("\n".join([",".join(tables.COLUMNS), *lines]))
    with pytest.raises(tables.BadMarks, match=r"row 3 .* an earlier row has another mark"):
        report.read_by_hand(tmp_path)


def test_a_file_without_its_columns_is_refused(tmp_path):
    (tmp_path / "by_hand.csv").write_text("name,mark\nada,2\n")
    with pytest.raises(
        tables.BadMarks, match="does not have the columns key, out_of, points, question"
    ):
        report.read_by_hand(tmp_path)


def test_a_long_text_is_cut_so_that_the_table_can_be_read(tmp_path):
    report.write([result("1", why="x" * 190_000)], ASSIGNMENT, tmp_path)
    write_marks(tmp_path, {"1": ("2", "")})
    report.write([result("1", why="x" * 190_000)], ASSIGNMENT, tmp_path)
    (row,) = rows(tmp_path, "by_hand.csv")
    assert row["points"] == "2"
    assert len(row["text"]) < 30_000
    assert tables.CHANGED not in row["text"]


# Feedback


def test_feedback_shows_the_question_the_answer_and_why_points_were_lost(tmp_path):
    given = result("1", 0.0, notes=["Handed in late."])
    given.errors = [CellError(4, "NameError: name 'x' is not defined")]
    report.write([given, result("2")], ASSIGNMENT, tmp_path)
    source = page(tmp_path, "1")
    for words in (
        "3 of 7 points.",
        "A person has yet to mark q3.",
        "Handed in late.",
        "Cell 4: NameError: name &#x27;x&#x27; is not defined",
        "q1: 0 of 2 points",
        "<strong>Question 1</strong>",
        "array of shape (2, 2)",
        "Not passed:</span> z is right.",
        "Where is the ½?",
        "q3: 0 of 2 points so far",
        "Because.",
    ):
        assert words in source, words
    assert "Not passed" not in page(tmp_path, "2")
    assert "Passed:</span> z is right." in page(tmp_path, "2")


def test_the_solution_is_shown_only_when_the_teacher_says_so(tmp_path):
    for show in (False, True):
        report.write([result("1")], ASSIGNMENT, tmp_path, show_solutions=show)
        assert ("z = 42" in page(tmp_path, "1")) == show
        assert ("the model text" in page(tmp_path, "1")) == show


def test_the_teachers_comment_is_shown_and_the_review_notes_are_not(tmp_path):
    seen = result("1", needs_review=["It reads the stack."], digest="same")
    results = [seen, result("2", digest="same")]
    report.write(results, ASSIGNMENT, tmp_path)
    write_marks(tmp_path, {"1": ("2", "Well <message>.")})
    report.write(results, ASSIGNMENT, tmp_path)
    assert "Well &lt;message&gt;." in page(tmp_path, "1")
    assert "Your teacher's comment" not in page(tmp_path, "2")
    assert "the stack" not in page(tmp_path, "1")
    assert "files are identical" not in page(tmp_path, "1")
    assert "files are identical" in teacher(tmp_path)


def test_what_could_not_be_graded_has_a_page_that_says_why(tmp_path):
    report.write([unreadable("1")], ASSIGNMENT, tmp_path)
    assert "This could not be graded." in page(tmp_path, "1")
    assert "hw.ipynb is empty." in page(tmp_path, "1")


def evil_results():
    """Return results in which every text that a student can reach is hostile."""
    given = result("1", 0.0, why=EVIL, name=EVIL, student=EVIL, notes=[EVIL])
    given.needs_review, given.errors = [EVIL], [CellError(4, EVIL)]
    wrong = [verdict(0.0, message=EVIL), verdict(0.0, message=EVIL, undecided=True)]
    evil_answers = {
        EVIL: Answer("text", EVIL),
        "a": Answer("list", serialise.pack([EVIL, {EVIL: EVIL}])),
        "b": Answer("formula", {"formula": f"Symbol({EVIL!r})"}),
        "c": Answer("array", fault=EVIL),
        "d": Answer("array", {EVIL: EVIL}),
    }
    given.questions["q1"] = part(0.0, 2.0, wrong, evil_answers, pending=True)
    return [given, result("2", digest="1", student=EVIL)]


def test_hostile_words_are_data_on_every_page(tmp_path):
    changes = [ChangedMark("1", EVIL, 0.0, 1.0), ChangedMark(EVIL, EVIL, 0.0, 1.0)]
    report.write(evil_results(), ASSIGNMENT, tmp_path)
    write_marks(tmp_path, {"1": ("1", EVIL)})
    report.write(evil_results(), ASSIGNMENT, tmp_path, changes=changes)
    for path in tmp_path.rglob("*.html"):
        found = Tags(path.read_text(encoding="utf-8"))
        assert not {"script", "img", "iframe", "link"} & set(found.tags)
        assert not [name for name, _ in found.attributes if name.startswith("on")]


def test_pages_load_nothing_and_fit_a_phone_and_dark_mode(tmp_path):
    report.write([result("1"), unreadable("2")], ASSIGNMENT, tmp_path)
    for path in tmp_path.rglob("*.html"):
        source = path.read_text(encoding="utf-8")
        wanted = dict(Tags(source).attributes)
        assert "default-src 'none'" in source
        assert "width=device-width" in source
        assert "prefers-color-scheme: dark" in source
        assert "src" not in wanted
        assert not re.search(r"https?:|//|url\(|@import", source.replace("</", ""))


@given(st.text(max_size=60))
def test_any_text_is_escaped_and_can_be_written(words):
    body = "{% extends 'page.html' %}{% block body %}<p>{{ words }}</p>{% endblock %}"
    source = pages.ENVIRONMENT.from_string(body).render(title=words, words=words)
    assert Tags(source).tags[-2:] == ["main", "p"]
    source.encode("utf-8", "replace")


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        (Answer("formula", serialise.pack(sp.Symbol("x") ** 2 / 2)), "x**2/2"),
        (Answer("array", serialise.pack(np.arange(9.0))), "array of shape (9,)\n[0. 1. 2."),
        (Answer("array", serialise.pack(np.zeros((500, 500)))), "..."),
        (Answer("number", 0.25), "0.25"),
        (Answer("array", fault="z has no answer yet."), "z has no answer yet."),
        (Answer("function"), "a function"),
        (Answer("array"), "no answer"),
        (Answer("formula", {"formula": "Add(" * 9000}), "too long to show"),
        (Answer("formula", {"formula": "__import__('os')"}), "cannot be shown"),
        (Answer("array", {"what": 1}), "cannot be shown (NotData)"),
        (Answer("text", "x" * 9000), "x…"),
    ],
)
def test_an_answer_is_shown_in_plain_words(answer, shown):
    text = pages.answer_text(answer)
    assert shown in text
    assert len(text) <= 1500


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\tfrac12 (w x - y)^2", r"\frac12 (w x - y)^2"),
        (r"\partial C / \partial w_{1}", "∂ C / ∂ w_{1}"),
        (r"\sum_{i=1}^{N}\! x_i,\quad x\in\mathbf{R}", "∑_{i=1}^{N} x_i, x∈R"),
        (r"\begin{aligned} z&=Wx\\ a&=\sigma(z) \end{aligned}", "z =Wx\na =σ(z)"),
        (r"\sigmoid \unknown", r"\sigmoid \unknown"),
    ],
)
def test_formulas_are_simplified(latex, text):
    assert pages.formula(latex) == text


def test_a_prompt_is_rendered_with_its_formulas_untouched_by_markdown():
    source = pages.asked(
        [PROMPT, "A list:\n\n- one\n\n$$\na_1 < b_2\n$$", "<b>![p](http://x/y.png)"]
    )
    assert r"<code>\frac12 w_1 a_2 &lt; b</code>" in source
    assert "<li>one</li>" in source
    assert "<pre>a_1 &lt; b_2</pre>" in source
    assert "<img" not in source
    assert "<b>" not in source


# The teacher's page


def teacher(folder):
    """Return the source of the teacher's page."""
    return (folder / "report.html").read_text(encoding="utf-8")


def test_the_report_says_how_it_went(tmp_path):
    results = [result("1", 0.0), result("2", 0.0), result("3", 2.0), unreadable("4")]
    report.write(results, ASSIGNMENT, tmp_path)
    source = teacher(tmp_path)
    for words in (
        "4 submissions, 3 graded.",
        "Mean 3.67 points, median 3 points.",
        "3 submissions have answers to mark",
        "Number of students by total points: 2.8 to 3.5: 2; 4.9 to 5.6: 1.",
        "2 × Where is the ½?",
        "could not be graded.",
        ": hw.ipynb is empty.",
        "None was found.",
    ):
        assert words in source, words
    assert source.count("<rect") == report.BINS
    assert 'role="img" aria-label="Number of students' in source
    assert "Changed marks" not in source


def test_the_hardest_question_stands_first(tmp_path):
    report.write([result("1", 0.0), result("2", 1.0)], ASSIGNMENT, tmp_path)
    table = teacher(tmp_path).partition("<h2>Questions</h2>")[2]
    cells = re.findall(r"<td>(q\d)</td><td>([^<]*)</td>", table)
    assert cells == [("q1", "25 %"), ("q2", "100 %"), ("q3", "—")]


def test_what_needs_review_is_listed_with_its_student(tmp_path):
    given = result("1", needs_review=["It reads the stack."])
    given.questions["q1"].verdicts[:] = [verdict(0.0, undecided=True)]
    report.write([given], ASSIGNMENT, tmp_path)
    found = teacher(tmp_path).partition("<h2>Needs review</h2>")[2].partition("<h2>")[0]
    link = '<a href="feedback/1.html">1</a> <bdi>Name 1</bdi>'
    assert f"{link}: It reads the stack." in found
    assert f"{link}: q1 could not be decided." in found


def test_similar_work_is_a_reason_to_look(tmp_path):
    report.write([result("1", digest="d"), result("2", digest="d")], ASSIGNMENT, tmp_path)
    source = teacher(tmp_path)
    assert "A reason to look, not a proof" in source
    assert "<td>1.00</td>" in source


def test_many_pairs_are_cut(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "MAX_PAIRS", 2)
    report.write([result(str(i), digest="d") for i in range(4)], ASSIGNMENT, tmp_path)
    assert "4 more pairs are not shown." in teacher(tmp_path)


def test_changed_marks_are_shown_when_given(tmp_path):
    change, gone = ChangedMark("1", "q1", 0.5, 2.0), ChangedMark("9", "q2", 1.0, 0.0)
    report.write([result("1")], ASSIGNMENT, tmp_path, changes=[gone, change])
    table = teacher(tmp_path).partition("<h2>Changed marks</h2>")[2]
    assert "<td>q1</td><td>0.5</td><td>2</td>" in table
    assert table.index("<td>q1</td>") < table.index("<td>9</td>")


def test_an_empty_class_has_a_report(tmp_path):
    report.write([], ASSIGNMENT, tmp_path)
    assert "0 submissions, 0 graded." in teacher(tmp_path)


# All files


def test_the_same_results_give_the_same_bytes(tmp_path):
    results = [*evil_results(), result("3"), unreadable("4")]
    written = []
    for name, order in (("a", results), ("b", results[::-1])):
        report.write(order, ASSIGNMENT, tmp_path / name)
        files = sorted(path for path in (tmp_path / name).rglob("*") if path.is_file())
        written.append([(path.relative_to(tmp_path / name), path.read_bytes()) for path in files])
    assert written[0] == written[1]
    assert len(written[0]) == 7


def test_nothing_is_printed(tmp_path, capfd):
    report.write(evil_results(), ASSIGNMENT, tmp_path)
    assert capfd.readouterr() == ("", "")
