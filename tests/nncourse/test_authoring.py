"""Every master is consistent; the student's notebook shows no solution, and works as handed out."""

import contextlib
import copy
import json
import os
import re
import warnings
import zipfile
from pathlib import Path

import nbformat
import numpy as np
import pytest
import yaml

from nncourse import files, master
from nncourse.authoring import bundle, handout, leaks, make, rehearse
from nncourse.cells import with_student
from nncourse.student import GRADING, NOBODY

# Most of the time is spent in SymPy, which takes twice as long under coverage.
pytestmark = pytest.mark.no_cover

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENTS = {path.stem: master.read(path) for path in make.masters()}
NAMES = list(ASSIGNMENTS)
STUDENTS = ("ada", "grace", NOBODY)
every_master = pytest.mark.parametrize("name", NAMES)


@contextlib.contextmanager
def grading():
    """Silence grader.check and grader.hand_in, as while grading."""
    os.environ[GRADING] = "1"
    try:
        yield
    finally:
        del os.environ[GRADING]


@pytest.fixture(scope="module")
def otters(tmp_path_factory):
    """Return what otter makes of each master: a folder with student/ and autograder/."""
    folder = tmp_path_factory.mktemp("otter")
    made = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # otter's own imports warn
        for name, assignment in ASSIGNMENTS.items():
            (folder / name).mkdir()
            clone, _ = make.copy_master(assignment.path, folder / name, "")
            made[name] = make.run_otter(clone, folder / name / "otter")
    return made


@pytest.fixture(scope="module")
def students(otters):
    """Return the student's notebook of each master."""
    return {
        name: handout.notebook(read(made / "student" / f"{name}.ipynb"), ASSIGNMENTS[name])
        for name, made in otters.items()
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Return the wheel of nnmaths, as it is handed out."""
    return bundle.wheel(tmp_path_factory.mktemp("wheel"))


def read(path):
    return json.loads(Path(path).read_text(encoding="utf-8"))


def code(notebook):
    """Return the sources of the code cells."""
    return ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]


def words(notebook):
    """Return the whole notebook as one string."""
    return json.dumps(notebook, ensure_ascii=False)


# --- the masters ------------------------------------------------------------------------------


@every_master
def test_solutions_and_right_answers_pass_and_wrong_ones_get_their_hint(name):
    with grading():
        assert list(rehearse.faults(ASSIGNMENTS[name])) == []


@every_master
def test_every_question_has_answers_by_hand(name):
    right, wrong = rehearse.answers_by_hand(name)
    asked = {question.name for question in ASSIGNMENTS[name].questions if not question.manual}
    assert set(right) == set(wrong) == asked


@every_master
def test_a_master_has_the_form_of_an_assignment(name):
    assignment = ASSIGNMENTS[name]
    kinds = {kind for q in assignment.questions for kind in q.answers.values()}
    texts = [question for question in assignment.questions if question.manual]
    assert {"formula", "function", "text"} <= kinds
    assert kinds & {"number", "array"}
    assert len(texts) == 1
    assert len({question.name for question in assignment.questions}) == len(assignment.questions)
    assert all(question.points > 0 for question in assignment.questions)
    if name != "template":
        assert 5 <= len(assignment.questions) <= 8
        assert sum(question.points for question in assignment.questions) == 20


@every_master
def test_the_text_of_a_question_states_its_points(name):
    for question in ASSIGNMENTS[name].questions:
        stated = re.search(r"\((\d+(?:\.\d+)?) points?\b", "\n".join(question.prompt))
        assert stated, question.name
        assert float(stated[1]) == question.points


@every_master
def test_folder_file_configuration_and_first_cell_have_one_name(name):
    assignment = ASSIGNMENTS[name]
    (called,) = re.findall(r'Notebook\("(.+?)"', "\n".join(assignment.code))
    assert assignment.path.parent.name == assignment.path.stem == assignment.name == called == name
    assert handout.course(assignment) == "open"
    assert '\nstudent = "your-id"' in assignment.code[0]


@every_master
def test_a_master_stores_no_outputs(name):
    cells = [c for c in read(ASSIGNMENTS[name].path)["cells"] if c["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in cells)


@every_master
def test_two_students_have_different_right_answers(name):
    with grading():
        ada, grace = (ASSIGNMENTS[name].reference(student) for student in STUDENTS[:2])
    differ = [
        q.name for q in ASSIGNMENTS[name].questions if any(map(other, *values(q, ada, grace)))
    ]
    assert len(differ) >= (1 if name == "template" else 2)


def values(question, *runs):
    """Return the answers of these runs that are not functions."""
    wanted = [
        name for name, kind in question.answers.items() if kind in ("number", "array", "list")
    ]
    return [[run[name] for name in wanted] for run in runs]


def other(left, right):
    return not np.array_equal(np.asarray(left), np.asarray(right))


# --- nothing leaks ----------------------------------------------------------------------------


@every_master
def test_a_students_notebook_shows_no_line_of_a_solution_or_a_hidden_check(name, students):
    assert leaks.secrets(ASSIGNMENTS[name])
    assert leaks.lines(students[name], ASSIGNMENTS[name]) == []


@every_master
def test_a_students_notebook_shows_no_right_value(name, students):
    assignment = ASSIGNMENTS[name]
    asked = [answer for question in assignment.questions for answer in question.answers]
    for student in STUDENTS:
        with grading():
            right = assignment.reference(student)
        assert leaks.values(students[name], right, asked) == []


def planted(notebook, text, where):
    """Return a notebook with a text in a cell's source, in its metadata or in an output."""
    notebook = copy.deepcopy(notebook)
    cell = next(c for c in notebook["cells"] if c["cell_type"] == "code")
    if where == "source":
        cell["source"] = [*cell["source"], "\n", f"    {text}\n"]
    elif where == "metadata":
        notebook["metadata"]["nnmaths"]["questions"][0]["checks"][0]["hint"] = f"it is {text}"
    else:
        data = {"text/plain": text}
        cell["outputs"] = [{"output_type": "display_data", "data": data, "metadata": {}}]
    return notebook


@pytest.mark.parametrize("where", ["source", "metadata", "output"])
def test_a_planted_line_is_found_wherever_it_stands(where, students):
    assignment = ASSIGNMENTS["template"]
    for line in leaks.secrets(assignment):
        spaced = line.replace(" ", "  ").replace('"', "'")
        assert line in leaks.lines(planted(students["template"], spaced, where), assignment)


def test_every_kind_of_secret_is_known():
    found = leaks.secrets(ASSIGNMENTS["template"])
    assert "return float(np.mean((w * X - Y) ** 2) / 2)" in found
    assert "(w * x - y) * x" in found
    assert any(line.startswith('"The ½ multiplies') for line in found)
    assert any("slips=[(A.T @ b" in line for line in found)  # of a hidden check
    assert 'w, x, y = sp.symbols("w x y")' not in found  # a student is given it


def test_the_whole_statement_is_secret_whose_last_line_is_marked():
    source = "a = [\n    1,\n]  # SOLUTION\nb = 2\n# BEGIN SOLUTION\nc = 3\n# END SOLUTION\n"
    assert [line for line in leaks.solution_lines(source) if line] == [
        *("a = [", "    1,", "]", "c = 3", "[", "3")
    ]


@pytest.mark.parametrize("shown", ["12.345", "12.346", "12.3456", "12.35", "612.3456"])
def test_a_planted_value_is_found(shown, students):
    right = {"z": np.array([[12.3456], [2.0]])}
    found = leaks.values(planted(students["template"], shown, "output"), right, ["z"])
    assert bool(found) == (shown not in ("12.35", "612.3456"))


def test_a_planted_formula_is_found(students):
    with grading():
        right = ASSIGNMENTS["template"].reference("ada")
    shown = planted(students["template"], str(right["dC_dw"]).replace("*", " * "), "metadata")
    assert leaks.values(shown, right, ["dC_dw"]) == [str(right["dC_dw"])]


# --- the student's notebook -------------------------------------------------------------------


@every_master
def test_the_metadata_hold_what_a_student_may_see_and_no_more(name, students):
    about = students[name]["metadata"]["nnmaths"]
    assert (about["assignment"], about["course"]) == (name, "open")
    for question, found in zip(ASSIGNMENTS[name].questions, about["questions"], strict=True):
        visible = [check for check in question.checks if not check.hidden]
        assert [check["source"] for check in found["checks"]] == [c.source for c in visible]
        assert found["hidden"] == len(question.checks) - len(visible)
        assert found["answers"] == question.answers
        assert (found["points"], found["manual"]) == (question.points, question.manual)
        for check in {c.title for c in question.checks} - {c.title for c in visible}:
            assert check not in words(students[name])


@every_master
def test_a_students_notebook_is_sound_and_bare(name, students):
    notebook = students[name]
    nbformat.validate(nbformat.from_dict(notebook))
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    assert set(notebook["metadata"]) == {"kernelspec", "language_info", "nnmaths", "otter"}
    assert all(c["outputs"] == [] for c in notebook["cells"] if c["cell_type"] == "code")
    assert "SOLUTION" not in words(notebook)
    assert "BEGIN QUESTION" not in words(notebook)


@every_master
def test_a_students_own_cells_know_their_question_and_its_check_is_locked(name, students):
    own, checks = [], []
    for cell in students[name]["cells"]:
        source = "".join(cell["source"])
        if "nnmaths" in cell["metadata"]:
            own.append(cell["metadata"]["nnmaths"]["question"])
            assert cell["id"].startswith(f"{own[-1]}-")
            assert "..." in source
        if source.startswith("grader.check("):
            assert cell["metadata"] == {"deletable": False, "editable": False}
            checks.append(source)
    asked = [question.name for question in ASSIGNMENTS[name].questions]
    assert list(dict.fromkeys(own)) == asked
    assert checks == [f'grader.check("{question}")' for question in asked]


def handed(notebook, name, folder, monkeypatch):
    """Write a notebook into a folder, as a student has it, and change there."""
    monkeypatch.chdir(folder)
    files.write_notebook(folder / f"{name}.ipynb", notebook)


def ran(notebook, student=""):
    """Run a notebook's cells in order in one namespace, as a kernel does; return it."""
    space = {"__name__": "__main__", "In": [""]}
    for source in code(notebook):
        if student:
            source = with_student(source, student)
        space["In"].append(source)
        exec(compile(source, "<cell>", "exec"), space)
    return space


@pytest.fixture
def solved(otters):
    """Return a function from a name to the student's notebook with the solutions put in."""

    def solve(name, student="ada"):
        path = otters[name] / "autograder" / f"{name}.ipynb"
        return signed(handout.notebook(read(path), ASSIGNMENTS[name]), student)

    return solve


def signed(notebook, student="ada"):
    """Return a notebook with this student's id written into it."""
    cells = [
        {**cell, "source": with_student("".join(cell["source"]), student)}
        for cell in notebook["cells"]
    ]
    return {**notebook, "cells": cells}


@every_master
def test_a_solved_notebook_passes_its_checks_and_can_be_handed_in(
    name, solved, tmp_path, monkeypatch, capsys
):
    handed(solved(name), name, tmp_path, monkeypatch)
    ran(solved(name))
    printed = capsys.readouterr().out.splitlines()
    visible = [c for q in ASSIGNMENTS[name].questions for c in q.checks if not c.hidden]
    assert [line for line in printed if "✗" in line] == []
    assert len([line for line in printed if "✓" in line]) == len(visible)
    assert printed[-1] == (f"Hand in this file, made from {name}.ipynb: {name}-ada-hand-in.ipynb")
    assert "no answer yet" not in "\n".join(printed)
    assert read(f"{name}-ada-hand-in.ipynb") == solved(name)


@every_master
def test_an_empty_notebook_runs_and_prints_what_is_missing(
    name, students, tmp_path, monkeypatch, capsys
):
    handed(signed(students[name]), name, tmp_path, monkeypatch)
    ran(students[name], student="ada")
    printed = capsys.readouterr().out
    handed_in = (
        printed[printed.rindex("further checks") :] if "further checks" in printed else printed
    )
    for question in ASSIGNMENTS[name].questions:
        assert re.search(rf"^{question.name} \(.+ points?\): .+$", handed_in, re.M), question.name
    assert "✓" not in printed
    assert (tmp_path / f"{name}-ada-hand-in.ipynb").exists()


# --- making -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def template(tmp_path_factory, wheel):
    """Return the folder that is made of the template, for another course."""
    target = tmp_path_factory.mktemp("made")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        line = make.make(ASSIGNMENTS["template"].path, target, wheel, "2027-spring")
    assert not line.fault, line
    assert re.fullmatch(r"template +4 questions, 9 points, \d+\.\d s", str(line))
    return target / "template"


def test_the_files_have_stable_names(template, wheel):
    made = {str(p.relative_to(template)) for p in template.rglob("*") if p.is_file()}
    assert made == {
        "template.ipynb",
        "template-solutions.ipynb",
        "template-gradescope.zip",
        "template-hand-out.zip",
        "hand-out/template.ipynb",
        "hand-out/README.md",
        f"hand-out/{wheel.name}",
    }
    names = zipfile.ZipFile(template / "template-hand-out.zip").namelist()
    assert {f"hand-out/{n.removeprefix('template/')}" for n in names} < made


def test_what_is_handed_out_shows_no_solution(template):
    assert leaks.lines(read(template / "template.ipynb"), ASSIGNMENTS["template"]) == []
    assert read(template / "template.ipynb") == read(template / "hand-out" / "template.ipynb")
    text = (template / "hand-out" / "README.md").read_text()
    assert all(word in text for word in ("[student]", "jupyter lab template.ipynb", "hand in"))


def test_the_course_is_in_the_first_cell_and_in_the_metadata(template):
    notebook = read(template / "template.ipynb")
    assert 'course="2027-spring"' in code(notebook)[0]
    assert notebook["metadata"]["nnmaths"]["course"] == "2027-spring"


def test_the_solutions_notebook_shows_all_checks_passed(template):
    outputs = [
        "".join(o.get("text", ""))
        for c in read(template / "template-solutions.ipynb")["cells"]
        for o in c.get("outputs", ())
    ]
    printed = "".join(outputs)
    assert printed.count("✓") == sum(len(q.checks) for q in ASSIGNMENTS["template"].questions)
    assert "✗" not in printed


def test_gradescopes_zip_installs_the_package_and_is_the_same_each_time(template, wheel, tmp_path):
    path = template / "template-gradescope.zip"
    with zipfile.ZipFile(path) as archive:
        environment = yaml.safe_load(archive.read("environment.yml"))
        assert b"export NNMATHS_GRADING=1" in archive.read("run_autograder").splitlines()
        assert archive.read(wheel.name) == wheel.read_bytes()
        assert {entry.date_time for entry in archive.infolist()} == {bundle.DATE}
        assert {f"tests/q{n}.py" for n in (1, 2, 3)} <= set(archive.namelist())
        bodies = {name: archive.read(name) for name in archive.namelist()}
    pip = environment["dependencies"][-1]["pip"]
    assert f"nnmaths[student] @ file:///autograder/source/{wheel.name}" in pip
    bundle.write_zip(tmp_path / "again.zip", bodies)
    assert (tmp_path / "again.zip").read_bytes() == path.read_bytes()


def test_otter_gives_a_solved_notebook_full_marks(template, solved, tmp_path, monkeypatch):
    from otter.execute.logging import LogRecordSocketReceiver as Receiver
    from otter.run import main as run

    # Otter leaves the socket of its log open when its thread ends, some time later.
    serve = Receiver.serve_until_stopped
    closing = lambda receiver: (serve(receiver), receiver.server_close())  # noqa: E731
    monkeypatch.setattr(Receiver, "serve_until_stopped", closing)
    monkeypatch.setenv(GRADING, "1")
    files.write_notebook(tmp_path / "template.ipynb", solved("template"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # otter's own imports warn
        run(
            str(tmp_path / "template.ipynb"),
            autograder=str(template / "template-gradescope.zip"),
            output_dir=str(tmp_path),
            no_logo=True,
        )
    tests = read(tmp_path / "results.json")["tests"]
    won = [(test["score"], test["max_score"]) for test in tests if "score" in test]
    assert tuple(map(sum, zip(*won, strict=True))) == (7, 7)


# --- what cannot be made ----------------------------------------------------------------------


def spoiled(tmp_path, old, new):
    """Return a copy of the template in which one text is replaced."""
    path = tmp_path / "spoiled" / "template.ipynb"
    path.parent.mkdir()
    text = ASSIGNMENTS["template"].path.read_text(encoding="utf-8")
    assert json.dumps(old)[1:-1] in text
    new = json.dumps(new, ensure_ascii=False)[1:-1]
    path.write_text(text.replace(json.dumps(old)[1:-1], new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("# BEGIN QUESTION", "# BEGIN EXERCISE", r"cell \d+: expected a mark such as"),
        ("points: 2", "points: 3", "the points of the checks of q1 do not add up"),
        ("z = A @ b  # SOLUTION", "z = A.T @ b  # SOLUTION", "refuses the solution: q1.*transpose"),
        ("z = A @ b  # SOLUTION", "z = A @ b @  # SOLUTION", "SyntaxError"),
        (
            "z = A @ b  # SOLUTION",
            "z = sum(\n    A[:, [j]] * b[j] for j in range(2)\n)  # SOLUTION",
            r"the student would see .*: mark each line",
        ),
        ("z = A @ b  # SOLUTION", "z = A @ b  # SOLUTION NO PROMPT", "only 3 remain"),
        ('course=\\"open\\"', 'course=str()', 'the first cell needs one course="…"'),
        ("A, b", "A, b, 1 / 0", "ZeroDivisionError"),
    ],
)  # fmt: skip
def test_a_wrong_master_is_not_made_and_the_message_says_why(old, new, message, tmp_path, wheel):
    old, new = (text.replace('\\"', '"') for text in (old, new))
    line = make.make(spoiled(tmp_path, old, new), tmp_path, wheel)
    assert re.search(message, line.fault), line.fault
    assert str(line).startswith("Error: template: ")
    assert not (tmp_path / "template").exists()
    assert GRADING not in os.environ


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (["06_backpropagatoin"], "there is no assignment '06_backpropagatoin'; there are 01_"),
        (["--course", 'x"; import os'], "a course is one word"),
    ],
)
def test_a_wrong_argument_gives_an_error_message(typed, message, capsys):
    assert make.main(typed) == 1
    assert f"Error: {message}" in capsys.readouterr().err


def test_several_are_made_at_once_and_a_line_is_printed_for_each(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(make, "ProcessPoolExecutor", Here)
    monkeypatch.setattr(bundle, "wheel", lambda folder: Path(folder) / "a.whl")
    faults = {"template": "its cell 3 is wrong"}
    monkeypatch.setattr(
        make,
        "make",
        lambda path, *rest: make.Made(path.stem, 7, 20.0, 1.0, faults.get(path.stem, "")),
    )
    assert make.main([]) == 1
    out, err = capsys.readouterr()
    assert [line.split()[0] for line in out.splitlines()[:-1]] == NAMES[:-1]
    assert err == "Error: template: its cell 3 is wrong\n"
    assert make.main(["06_backpropagation"]) == 0


class Here:
    """A pool that works immediately, in this process."""

    def __init__(self, *args):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *args):
        pass

    def submit(self, function, *args):
        self.done = function(*args)
        return type("Job", (), {"result": lambda _, done=self.done: done})()
