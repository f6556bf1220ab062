"""A student's notebook: own numbers, immediate checks, and the file to hand in."""

import json
import os

import numpy as np
import pytest

from nncourse import checks, student
from nncourse.student import Notebook

CHECK = '''
def test_z(z: "array", A):
    """z is the double of A."""
    from nncourse import checks

    checks.assert_close(z, 2 * A, "z", slips=[(A, "z is A itself.")])
'''
BARE = """
def test_n(n: "number"):
    assert n > 0
"""
UNSURE = """
def test_n(n: "number"):
    from nncourse import checks

    raise checks.Undecided("n could not be compared.")
"""
CALLED = '''
def test_f(f: "function"):
    """f doubles."""
    from nncourse import checks

    checks.assert_close(checks.call(f, [1.0, 2.0]), [2.0, 4.0], "f")
'''


def question(name, answers, source="", points=2.0, hint="", **more):
    """Return what the metadata say of a question with one check, or with none."""
    checks = [{"source": source, "points": points, "hint": hint}] if source else []
    about = {"name": name, "points": points, "manual": False, "hidden": 0, **more}
    return {**about, "answers": answers, "checks": checks}


QUESTIONS = [
    question("q1", {"z": "array"}, CHECK, hidden=1),
    question("q2", {"n": "number"}, BARE, 1.0, "n counts something."),
    question("q3", {"n": "number"}, BARE, 0.0),
    question("q4", {"n": "number"}, UNSURE),
    question("q5", {"f": "function"}, CALLED),
    question("q6", {"why": "text"}, manual=True),
]


def cells(*sources):
    """Return code cells with these sources, each with an output."""
    output = {"output_type": "stream", "name": "stdout", "text": "1"}
    return [
        {"cell_type": "code", "source": s, "outputs": [output], "execution_count": 3}
        for s in sources
    ]


def lay(folder, name="a", file="a.ipynb", *sources, student="ada"):
    """Write the notebook of an assignment into a folder, as a student has saved it."""
    text = [{"cell_type": "markdown", "source": ["# A"]}]
    about = {"nnmaths": {"assignment": name, "course": "open", "questions": QUESTIONS}}
    notebook = {"cells": [*text, *cells(*sources, f'student = "{student}"')], "metadata": about}
    (folder / file).write_text(json.dumps(notebook), encoding="utf-8")


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Change to a folder that contains the notebook."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(student.GRADING, raising=False)
    lay(tmp_path)
    return tmp_path


@pytest.fixture
def run_cell(here, capsys):
    """Return a function that runs a cell in a notebook with these names, and what it prints."""

    def run(cell, **names):
        exec(cell, {"grader": Notebook("a", "ada", "open"), **names})
        return capsys.readouterr().out.rstrip("\n")

    return run


# --- numbers ----------------------------------------------------------------------------------


def drawn(*words):
    return student.numbers(*words).integers(10**9)


def test_the_same_words_give_the_same_numbers_on_every_machine():
    assert drawn("a", "ada") == drawn("a", "ada")
    assert drawn("a", "ada") == 301683009


@pytest.mark.parametrize("student", ["Ada", " ada ", "ADA\n"])
def test_spaces_and_case_of_an_id_do_not_matter(student):
    assert drawn("a", student) == drawn("a", "ada")


@pytest.mark.parametrize(
    "words", [("a", "grace"), ("b", "ada"), ("a", "ada", "2027"), ("a", "ada", "", "q1")]
)
def test_another_student_assignment_course_or_question_has_different_numbers(words):
    assert drawn(*words) != drawn("a", "ada")


def test_a_notebook_gives_the_numbers_of_its_four_words():
    found = Notebook("a", "ada", "2027").numbers("q1").integers(10**9)
    assert found == drawn("a", "ada", "2027", "q1")


@pytest.mark.parametrize("student", ["", "  ", None, 7])
def test_a_missing_id_is_refused(student):
    with pytest.raises(ValueError, match="write your id between the quotes"):
        Notebook("a", student)


def test_the_placeholder_id_gives_a_warning_except_while_grading(capsys, monkeypatch):
    monkeypatch.delenv(student.GRADING, raising=False)
    Notebook("a", student.NOBODY)
    assert "Write your own id" in capsys.readouterr().out
    monkeypatch.setenv(student.GRADING, "1")
    Notebook("a", student.NOBODY)
    assert capsys.readouterr().out == ""


def test_a_notebook_seeds_the_inputs_of_its_checks():
    Notebook("a", "ada")
    first = checks.rng("q").random()
    Notebook("a", "grace")
    assert checks.rng("q").random() != first
    Notebook("a", "ada")
    assert checks.rng("q").random() == first


# --- check ------------------------------------------------------------------------------------

A = np.array([[1.0, 2.0]])


@pytest.mark.parametrize(
    ("names", "line"),
    [
        ({"z": 2 * A}, "q1: ✓ z is the double of A. (2 points)"),
        ({"z": A}, "q1: ✗ z is A itself."),
        ({"z": [2, 4]}, "q1: ✗ z is a list; it should be a NumPy array. Turn it into an array"),
        ({"z": ...}, "q1: ✗ z has no answer yet."),
        ({}, "q1: ✗ z has no answer yet."),
    ],
)
def test_a_check_prints_what_is_right_or_a_hint(run_cell, names, line):
    first, last = run_cell("grader.check('q1')", A=A, **names).splitlines()
    assert first.startswith(line)
    assert last == "q1: further checks run after you hand in."


@pytest.mark.parametrize(
    ("cell", "n", "line"),
    [
        ("grader.check('q2')", 1, "q2: ✓ right (1 point)"),
        ("grader.check('q2')", -1, "q2: ✗ n counts something."),
        ("grader.check('q3')", -1, "q3: ✗ Not yet: right"),
        ("grader.check('q3')", 1, "q3: ✓ right"),
        ("grader.check('q4')", 1, "q4: ✗ n could not be compared."),
    ],
)
def test_a_check_without_a_message_of_its_own_prints_its_hint(run_cell, cell, n, line):
    assert run_cell(cell, n=n) == line


@pytest.mark.parametrize(
    ("f", "line"),
    [
        (lambda v: np.multiply(2, v), "q5: ✓ f doubles. (2 points)"),
        (lambda v: 1 / 0, "q5: ✗ your function raised ZeroDivisionError: division by zero"),
        (lambda v: object(), "q5: ✗ your function raised NotData: a value of type object cannot"),
        (3, "q5: ✗ f is a number; it should be a function."),
    ],
)
def test_a_function_is_called_with_data_and_returns_data(run_cell, f, line):
    assert run_cell("grader.check('q5')", f=f).startswith(line)


@pytest.mark.parametrize(
    ("why", "line"),
    [("so it is", "q6: 3 words, read by your teacher."), ("", "q6: why has no answer yet."),
     (..., "q6: why has no answer yet."), (3, "q6: why is a number; it should be a string.")],
)  # fmt: skip
def test_a_text_is_counted(run_cell, why, line):
    assert run_cell("grader.check('q6')", why=why) == line


def test_an_unknown_question_is_named(here):
    with pytest.raises(ValueError, match="a has no question 'q9'"):
        Notebook("a", "ada").check("q9")


# --- the file ---------------------------------------------------------------------------------


def test_a_renamed_file_is_found_by_its_contents(here, run_cell):
    (here / "a.ipynb").rename(here / "my work (2).ipynb")
    assert run_cell("grader.check('q2')", n=1).startswith("q2: ✓")


def test_files_that_are_not_a_notebook_of_this_assignment_are_skipped(here, run_cell):
    for file, text in (("b", "no json"), ("c", "[]"), ("d", "{}"), ("e", '{"metadata": {}}')):
        (here / f"{file}.ipynb").write_text(text)
    lay(here, "other", "f.ipynb")
    (here / "a-ada-hand-in.ipynb").write_text('{"metadata": {"nnmaths": {"assignment": "a"}}}')
    assert run_cell("grader.check('q2')", n=1).startswith("q2: ✓")


def test_the_newest_of_two_copies_is_taken(here, run_cell, capsys):
    lay(here, "a", "copy.ipynb", "n = 5")
    os.utime(here / "a.ipynb", (1, 1))
    run_cell("grader.hand_in()", n=5)
    handed = json.loads((here / "a-ada-hand-in.ipynb").read_text())
    assert handed["cells"][1]["source"] == "n = 5"


def test_a_missing_file_is_named_with_the_remedy(here):
    (here / "a.ipynb").unlink()
    with pytest.raises(FileNotFoundError, match="the notebook of a is not in this folder"):
        Notebook("a", "ada").check("q1")


# --- hand in ----------------------------------------------------------------------------------

ALL = {"z": 2 * A, "n": 1, "f": len, "why": "so"}


def test_hand_in_writes_the_notebook_without_outputs_and_names_the_file(here, run_cell):
    lay(here, "a", "a.ipynb", "n = 1")
    assert (
        run_cell("grader.hand_in()", **ALL)
        == "Hand in this file, made from a.ipynb: a-ada-hand-in.ipynb"
    )
    text, cell, _ = json.loads((here / "a-ada-hand-in.ipynb").read_text())["cells"]
    assert text == {"cell_type": "markdown", "source": ["# A"]}
    assert (cell["source"], cell["outputs"], cell["execution_count"]) == ("n = 1", [], None)


def test_an_id_is_made_safe_for_the_files_name(here):
    lay(here, student=" ../ada lovelace/é ")
    assert Notebook("a", " ../ada lovelace/é ").hand_in() == "a-.._ada_lovelace_é-hand-in.ipynb"


def test_a_newer_copy_of_another_student_is_not_handed_in(here, run_cell):
    lay(here, "a", "lent.ipynb", "n = 5", student="grace")
    os.utime(here / "a.ipynb", (1, 1))
    assert run_cell("grader.hand_in()", **ALL).endswith("made from a.ipynb: a-ada-hand-in.ipynb")


def test_an_id_that_is_not_saved_yet_is_named(here):
    with pytest.raises(ValueError, match="'grace' is not in the saved file"):
        Notebook("a", "grace").hand_in()


def test_hand_in_names_what_is_missing_and_what_is_of_the_wrong_kind(run_cell):
    lines = run_cell("grader.hand_in()", z=[1], n=...).splitlines()
    assert lines[0].startswith("q1 (2 points): z is a list; it should be a NumPy array.")
    assert lines[1] == "q2 (1 point): n has no answer yet."
    assert lines[4] == "q5 (2 points): f has no answer yet."
    assert lines[-1] == "Hand in this file, made from a.ipynb: a-ada-hand-in.ipynb"


EMPTY = "def f(v):\n    '''Double.'''\n    ..."
FULL = EMPTY.replace("...", "return 2 * v")


@pytest.mark.parametrize(
    ("ran", "missing"),
    [
        ([EMPTY], True),
        ([FULL], False),
        ([EMPTY, FULL], False),
        ([FULL, EMPTY], True),
        ([EMPTY, "f = len"], False),
        (["def g(v):\n    ..."], False),
    ],
)
def test_a_function_as_it_was_handed_out_is_missing(run_cell, ran, missing):
    lines = run_cell("grader.hand_in()", **ALL, In=["", *ran])
    assert ("q5 (2 points): f has no answer yet." in lines) == missing


def test_an_answer_that_is_newer_than_the_file_is_named(here, run_cell):
    lay(here, "a", "a.ipynb", "n = 1", "n = 2\n")
    unsaved = "n is newer than the saved file: save, then run this cell again."
    assert unsaved in run_cell("grader.hand_in()", **ALL, In=["", "n = 2", "n = 3"])
    assert unsaved not in run_cell("grader.hand_in()", **ALL, In=["", "n = 3", "n = 2"])
    assert "newer" not in run_cell("grader.hand_in()", **ALL, In=["", "other = 3"])


def test_the_placeholder_id_cannot_hand_in(here, capsys):
    with pytest.raises(ValueError, match="write your own id in place of"):
        Notebook("a", student.NOBODY).hand_in()


def test_while_grading_the_notebook_checks_nothing_and_writes_nothing(here, capsys, monkeypatch):
    monkeypatch.setenv(student.GRADING, "1")
    grader = Notebook("a", student.NOBODY)
    assert grader.check("no question") is None
    assert grader.hand_in() is None
    assert capsys.readouterr().out == ""
    assert [path.name for path in here.iterdir()] == ["a.ipynb"]
