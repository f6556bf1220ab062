"""A class is graded, whole or in parts, stopped and continued, with the same marks bit for bit.

The sandboxes are forked from this process; test_hostile.py tests bubblewrap.
"""

import csv
import json
import shutil
import time
from contextlib import contextmanager
from dataclasses import replace

import classroom
import pytest

from nncourse import master
from nncourse.authoring import rehearse
from nncourse.grading import command as grader
from nncourse.grading import isolation, sandbox, session, store
from nncourse.student import GRADING

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),
    pytest.mark.no_cover,  # the grader works here; the package has tests of its own
]
STUDENTS = 8


@pytest.fixture(scope="module")
def assignment():
    """Return the template's master."""
    return master.read(grader.ROOT / "assignments" / "template" / "template.ipynb")


@pytest.fixture(scope="module")
def given(assignment, tmp_path_factory):
    """Return the folder of a class as downloaded from Moodle."""
    folder = tmp_path_factory.mktemp("class") / "in"
    classroom.write(folder, assignment, STUDENTS)
    return folder


@contextmanager
def forked(assignment):
    """Let the grader fork its sandboxes, and know this one assignment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sandbox, "Sandbox", classroom.ForkedSandbox)
        patch.setattr(isolation, "find", lambda unsafe=False: "forked")
        patch.setattr(
            grader, "assignments", lambda course: {"template": replace(assignment, course=course)}
        )
        yield patch


def run(*words):
    """Run the command line of the grader."""
    return grader.main([str(word) for word in words])


@pytest.fixture
def command(assignment):
    """Return the command line of the grader with forked sandboxes."""
    with forked(assignment):
        yield run


def stored(out):
    """Return the bytes of every file of a graded assignment, by name."""
    return {str(p.relative_to(out)): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def once(given, assignment, tmp_path_factory):
    """Return the folder of a class that was graded once."""
    out = tmp_path_factory.mktemp("graded")
    with forked(assignment):
        assert run(given, "--out", out) == 0
    return out


def test_every_student_has_a_row_a_page_and_a_place_in_the_report(once):
    rows = rows_of(once / "template" / "grades.csv")
    assert [row["platform_id"] for row in rows] == [str(2_000_000 + n) for n in range(STUDENTS)]
    assert {"q1", "q2", "q3", "q4", "total"} <= set(rows[0])
    assert len(list((once / "template" / "feedback").glob("*.html"))) == STUDENTS
    assert (once / "template" / "report.html").exists()


def marks_of(student, assignment):
    """Return the points that a made student must have for each question, judged in this process."""
    marks = {question.name: question.points for question in assignment.questions}
    marks["q4"] = 0.0  # a text: nobody has marked it yet
    for name, source in student.wrong.items():
        found = rehearse.verdicts(assignment, assignment.question(name), student.name, source)
        marks[name] = sum(verdict.points for verdict in found)
        assert marks[name] < assignment.question(name).points
    return marks


def test_made_students_have_exactly_the_marks_of_their_answers(once, assignment, monkeypatch):
    monkeypatch.setenv(GRADING, "1")
    made = classroom.students_of(assignment, STUDENTS)
    expected = {student.platform_id: marks_of(student, assignment) for student in made}
    found = store.read_all(once / "template")
    assert {r.key: {n: q.points for n, q in r.questions.items()} for r in found} == expected
    totals = {key: sum(marks.values()) for key, marks in expected.items()}
    rows = rows_of(once / "template" / "grades.csv")
    assert {row["platform_id"]: float(row["total"]) for row in rows} == totals
    assert any(student.right for student in made)
    assert any(student.wrong for student in made)
    assert min(totals.values()) < max(totals.values()) == 7.0


def test_the_same_class_has_the_same_marks_bit_for_bit(once, given, command, tmp_path):
    assert command(given, "--out", tmp_path, "--jobs", 3) == 0
    assert stored(tmp_path) == stored(once)


def test_a_stopped_run_continues_where_it_was(once, given, command, tmp_path, monkeypatch):
    stop = {"after": 3}

    def stopping(done, total, seconds):
        if done == stop["after"]:
            raise KeyboardInterrupt

    monkeypatch.setattr(grader, "show_progress", stopping)
    assert command(given, "--out", tmp_path, "--jobs", 1) == 130
    kept = {p: p.stat().st_mtime_ns for p in (tmp_path / "template" / "results").glob("*.json")}
    assert 3 <= len(kept) < STUDENTS
    stop["after"] = None
    assert command(given, "--out", tmp_path, "--jobs", 1) == 0
    assert {p: p.stat().st_mtime_ns for p in kept} == kept
    assert stored(tmp_path) == stored(once)


def test_parts_that_are_merged_are_the_whole(once, given, command, tmp_path):
    for k in (1, 2):
        assert command(given, "--out", tmp_path / str(k), "--shard", f"{k}/2") == 0
        part = list((tmp_path / str(k) / "template" / "results").iterdir())
        assert 0 < len(part) < STUDENTS
    assert command("--merge", tmp_path / "1", tmp_path / "2", "--out", tmp_path / "whole") == 0
    assert stored(tmp_path / "whole") == stored(once)


@pytest.mark.parametrize("shard", ["0/2", "3/2", "half", "1"])
def test_an_invalid_shard_is_refused(given, command, tmp_path, capsys, shard):
    assert command(given, "--out", tmp_path, "--shard", shard) == 1
    assert "--shard takes k" in capsys.readouterr().err


def rows_of(path):
    """Return the rows of a CSV file."""
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def with_harder_q3(assignment):
    """Return the master with a first check of question 3 that nobody passes."""
    question = assignment.question("q3")
    first, *others = question.checks
    first = replace(first, source=first.source + "\n    assert False")
    new = replace(question, checks=[first, *others])
    return replace(
        assignment, questions=[new if q is question else q for q in assignment.questions]
    )


def points_of(found, name):
    """Return the points of a question by key."""
    return {result.key: result.questions[name].points for result in found}


def test_a_corrected_check_changes_its_question_and_no_other(
    once, given, assignment, tmp_path, capsys
):
    shutil.copytree(once, tmp_path, dirs_exist_ok=True)
    with forked(with_harder_q3(assignment)):
        assert run(given, "--out", tmp_path) == 0
    before, after = (store.read_all(folder / "template") for folder in (once, tmp_path))
    for old, new in zip(before, after, strict=True):
        for name in ("q1", "q2", "q4"):
            assert new.questions[name] == old.questions[name]
    old, new = points_of(before, "q3"), points_of(after, "q3")
    lost = sorted(key for key in old if old[key] != new[key])
    changed = rows_of(tmp_path / "template" / "changes.csv")
    assert sorted(row["key"] for row in changed) == lost != []
    assert f"{len(lost)} marks changed: see" in capsys.readouterr().err


def test_a_judge_that_crashes_does_not_stop_the_run_and_is_tried_again(
    once, given, assignment, tmp_path
):
    with forked(assignment) as patch:
        patch.setattr(session, "judge_question", lambda *_: 1 / 0)
        assert run(given, "--out", tmp_path) == 0
        for result in store.read_all(tmp_path / "template"):
            assert result.points == 0
            assert "a person has to look" in result.needs_review[0]
    with forked(assignment):
        assert run(given, "--out", tmp_path) == 0
    assert points_of(store.read_all(tmp_path / "template"), "q1") == points_of(
        store.read_all(once / "template"), "q1"
    )


def test_no_name_is_printed_while_it_grades(given, command, tmp_path, capsys):
    assert command(given, "--out", tmp_path) == 0
    printed = capsys.readouterr()
    assert "8 of 8 graded" in printed.err
    assert "Student" not in printed.out + printed.err


def test_a_roster_decides_whose_numbers_count(given, command, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text("platform_id,student\n2000000,somebody-else\n", encoding="utf-8")
    assert command(given, "--out", tmp_path, "--roster", roster) == 0
    result = store.read(tmp_path / "template" / "results" / "2000000.json")
    assert result.student == "somebody-else"
    assert "roster" in result.needs_review[0]
    assert result.questions["q1"].points < 2.0


def test_another_course_makes_the_old_answers_wrong(given, command, tmp_path):
    assert command(given, "--out", tmp_path, "--course", "another") == 0
    found = store.read_all(tmp_path / "template")
    assert all(result.questions["q1"].points < 2.0 for result in found)


def test_a_faulty_roster_and_a_missing_folder_give_an_error(given, command, tmp_path, capsys):
    roster = tmp_path / "roster.csv"
    roster.write_text("id,student\n1,ada\n", encoding="utf-8")
    assert command(given, "--out", tmp_path, "--roster", roster) == 1
    assert "needs the columns platform_id and student" in capsys.readouterr().err
    assert command(tmp_path / "nothing", "--out", tmp_path) == 1
    assert "does not exist" in capsys.readouterr().err


def test_without_a_sandbox_nothing_runs_unless_asked_for(monkeypatch, given, tmp_path, capsys):
    monkeypatch.setattr(isolation.shutil, "which", lambda name: None)
    assert grader.main([str(given), "--out", str(tmp_path)]) == 1
    printed = capsys.readouterr().err
    assert "apt install bubblewrap" in printed
    assert "UNSAFE=1" in printed
    assert not list(tmp_path.iterdir())
    assert isolation.find(unsafe=True) == "unsafe"


def test_a_container_has_no_network_and_has_limits():
    words = isolation.container("podman", isolation.Limits(), "sandbox-1")
    for pair in ("--network none", "--cap-drop ALL", "--pids-limit 48", "--user 65534:65534"):
        assert pair in " ".join(words)
    assert "--read-only" in words


def test_a_container_is_ended_by_its_name(tmp_path, monkeypatch):
    log = tmp_path / "log"
    engine = tmp_path / "podman"
    engine.write_text(f'#!/bin/sh\necho "$@" >> {log}\n', encoding="utf-8")
    engine.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    podman = sandbox.Sandbox("podman", isolation.Limits(), time.monotonic() + 20)
    with pytest.raises(sandbox.SandboxDiedError, match="ended its process"):
        podman.run([(1, "1")])
    podman.close()
    started, ended = log.read_text(encoding="utf-8").splitlines()
    assert f"--name {podman.name}" in started
    assert ended == f"kill {podman.name}"


def test_a_roster_that_comes_later_counts_too(once, given, command, tmp_path):
    shutil.copytree(once, tmp_path, dirs_exist_ok=True)
    roster = tmp_path / "roster.csv"
    roster.write_text("platform_id,student\n2000000,somebody-else\n", encoding="utf-8")
    assert command(given, "--out", tmp_path, "--roster", roster) == 0
    found = {r.platform_id: r.student for r in store.read_all(tmp_path / "template")}
    assert found["2000000"] == "somebody-else"
    assert found["2000001"] == "s00001"


def test_marks_written_by_hand_are_counted_at_the_next_run(once, given, command, tmp_path):
    shutil.copytree(once, tmp_path, dirs_exist_ok=True)
    table = tmp_path / "template" / "by_hand.csv"
    before = rows_of(tmp_path / "template" / "grades.csv")[0]
    rows = rows_of(table)
    rows[0]["points"] = "1.5"
    with table.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    assert command(given, "--out", tmp_path) == 0
    after = rows_of(tmp_path / "template" / "grades.csv")[0]
    assert (before["q4"], after["q4"]) == ("", "1.5")
    assert float(after["total"]) == float(before["total"]) + 1.5
    assert "marked" not in after["needs_review"]
    table.write_text(table.read_text(encoding="utf-8").replace(",1.5,", ",7,"), encoding="utf-8")
    assert command(given, "--out", tmp_path) == 1


def test_a_forgotten_course_gives_a_warning(given, assignment, tmp_path, capsys):
    cells = classroom.cells_of(assignment, "ada")
    made = json.loads(classroom.notebook(cells, "template"))
    made["metadata"]["nnmaths"]["course"] = "2027"
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ada.ipynb").write_text(json.dumps(made), encoding="utf-8")
    with forked(assignment):
        assert run(tmp_path / "in", "--out", tmp_path / "out") == 0
    assert "1 notebook was made with another COURSE" in capsys.readouterr().err


def test_marks_are_private_on_the_machine(once):
    for path in [once / "template", *(once / "template").rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_sandbox_in_which_python_does_not_run_stops_the_run(monkeypatch, given, tmp_path, capsys):
    monkeypatch.setattr(isolation, "find", lambda unsafe=False: "bwrap")
    monkeypatch.setattr(isolation, "bwrap", lambda limits: ["false"])
    assert run(given, "--out", tmp_path) == 1
    assert "Python does not run in its sandbox" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_another_students_file_under_a_new_name_is_noticed(given, command, tmp_path):
    folder = tmp_path / "in"
    shutil.copytree(given, folder)
    thief = folder / "Some One_2999999_assignsubmission_file_"
    thief.mkdir()
    shutil.copy(next(folder.glob("*_2000003_*/*.ipynb")), thief / "mine.ipynb")
    assert command(folder, "--out", tmp_path / "believed") == 0
    report = (tmp_path / "believed" / "template" / "report.html").read_text(encoding="utf-8")
    assert "The two files are identical." in report
    roster = tmp_path / "roster.csv"
    roster.write_text("platform_id,student\n2999999,thief\n", encoding="utf-8")
    assert command(folder, "--out", tmp_path / "known", "--roster", roster) == 0
    found = {r.platform_id: r for r in store.read_all(tmp_path / "known" / "template")}
    assert found["2000003"].questions["q1"].points == 2.0
    assert found["2999999"].questions["q1"].points < 2.0
    assert "the roster says 'thief'" in " ".join(found["2999999"].needs_review)


def test_an_unknown_question_and_zero_jobs_give_an_error(given, command, tmp_path, capsys):
    assert command(given, "--out", tmp_path, "--again", "q3,q33") == 1
    assert "template has no question q33" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        command(given, "--out", tmp_path, "--jobs", 0)


def test_a_file_of_no_assignment_is_listed_in_a_table(given, command, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "=1+1, two.ipynb").write_text('{"cells": []}', encoding="utf-8")
    assert command(tmp_path / "in", "--out", tmp_path / "out") == 0
    (row,) = rows_of(tmp_path / "out" / "not-graded.csv")
    assert row["name"].startswith("'=1+1")
    assert row["reason"]
