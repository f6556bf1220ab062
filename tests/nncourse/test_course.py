"""The pages for teachers and students agree with the code: commands, limits, answers, explorers."""

import json
import re
from pathlib import Path

import links
import pytest

from nncourse import kinds, master
from nncourse.grading import command, isolation, sandbox, submission_reader

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "book"
TEACHERS = (BOOK / "teachers.md").read_text(encoding="utf-8")
STUDENTS = (BOOK / "students.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
MASTERS = sorted((ROOT / "assignments").glob("0[1-8]_*/*.ipynb"))
CHAPTERS = sorted(BOOK.glob("0[1-8]_*.ipynb"))
MODULES = re.compile(r"-m (nn[\w.]+)")
PATHS = re.compile(r"(?:assignments|tests/nncourse/answers|tools)/(?!09_own)[\w/.]+")

pages = pytest.mark.parametrize(
    "page",
    ["book/teachers.md", "book/students.md", "book/index.md", "README.md", "CONTRIBUTING.md"],
)


def commands(text):
    """Return (target, words behind it) for each `make …` of a page."""
    found = re.findall(r"(?:^|`)make ([a-z]+)([^`\n#]*)", text, re.MULTILINE)
    return [(target, words.strip()) for target, words in found]


def recipe(target):
    """Return what the Makefile does for a target, its own line included; nothing if it has none."""
    found = re.search(rf"^{target}:.*\n(?:\t.*\n)*", MAKEFILE, re.MULTILINE)
    return found[0] if found else ""


def rows(text, head):
    """Return the cells of each row of the table whose first column has this head."""
    table = re.search(rf"^\| {re.escape(head)} \|.*\n\|[-|]+\n((?:\|.*\n)+)", text, re.MULTILINE)[1]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()]


def slug(heading):
    """Return the address of a heading on its page."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def file_of(module):
    """Return the path of a module of the packages."""
    return f"src/{module.replace('.', '/')}.py"


def explorers(chapter):
    """Return the addresses of the sections that hold an explorer."""
    place, found = "", set()
    for cell in json.loads(chapter.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            place = ([place] + [slug(h) for h in re.findall(r"^##+ (.+)$", source, re.MULTILINE)])[
                -1
            ]
        elif re.search(r"^explorers\.", source, re.MULTILINE):
            found.add(place)
    return found


def objectives(chapter):
    """Return what a chapter promises that its reader can do afterwards."""
    promise = re.search(
        r"\*\*What you will be able to do\*\*\s+(.*?)\n\n\*\*", links.prose(chapter), re.DOTALL
    )[1]
    return [" ".join(part.split()) for part in re.split(r"^- ", promise, flags=re.MULTILINE)[1:]]


@pages
def test_commands_and_their_variables_are_in_the_makefile(page):
    found = commands((ROOT / page).read_text(encoding="utf-8"))
    assert found
    for target, words in found:
        for name in re.findall(r"\b([A-Z]+)=", words):
            assert f"$({name})" in recipe(target), (target, name)
        assert recipe(target), target


def test_the_table_of_variables_is_that_of_make_grade():
    named = {
        re.match(r"`([A-Z]+)=", cells[0])[1] for cells in rows(TEACHERS, "Variable of `make grade`")
    }
    assert named == set(re.findall(r"\$\(([A-Z]+)\)", recipe("grade"))) - {"BIN"}
    options = vars(command.arguments(["somewhere"]))
    assert {name.lower() for name in named} == set(options)


def test_files_and_modules_that_the_pages_name_are_there():
    modules = MODULES.findall(TEACHERS + STUDENTS)
    found = [*PATHS.findall(TEACHERS + STUDENTS), *map(file_of, modules)]
    assert modules
    assert len(found) > 5
    assert [path for path in found if not (ROOT / path.rstrip(".")).exists()] == []


def test_the_plan_has_the_eight_chapters_in_order_with_their_assignments():
    plan = rows(TEACHERS, "Week")
    assert [cells[0] for cells in plan] == [str(week) for week in range(1, 9)]
    assert [re.search(r"\((\w+\.ipynb)\)", cells[1])[1] for cells in plan] == [
        p.name for p in CHAPTERS
    ]
    assignments = [master.read(path) for path in MASTERS]
    listed = [f"`{s.name}`: {s.title.partition(': ')[2]}" for s in assignments]
    assert [cells[3] for cells in plan] == listed


@pytest.mark.parametrize("week", range(8))
def test_the_plan_leads_to_every_explorer_of_a_chapter(week):
    found = re.findall(r"\]\((\w+\.ipynb)#([\w-]+)\)", rows(TEACHERS, "Week")[week][2])
    assert {name for name, _ in found} == {CHAPTERS[week].name}
    assert {place for _, place in found} == explorers(CHAPTERS[week])


def test_the_objectives_are_those_of_the_chapters():
    found = re.findall(r"^- \[.+\]\((\w+\.ipynb)\)\n((?:  - .*\n)+)", TEACHERS, re.MULTILINE)
    listed = {name: re.findall(r"- (.+)", body) for name, body in found}
    assert listed == {path.name: objectives(path) for path in CHAPTERS}


def test_points_are_those_that_the_page_says():
    assert {sum(q.points for q in master.read(path).questions) for path in MASTERS} == {20.0}
    assert "Each assignment has 20 points" in TEACHERS


def test_the_limits_are_those_of_the_sandbox():
    limits = isolation.Limits()
    memory, disk = limits.memory >> 20, limits.disk >> 20
    for sentence in (
        f"A cell has {limits.cell:g} s of processor time,",
        f"a call to a function {limits.call:g} s.",
        f"waits has {sandbox.PATIENCE} times as long",
        f"The whole notebook has {limits.total:g} s.",
        f"together have {memory} MiB.",
        f"It may have {limits.processes} at once.",
        f"It has {disk} MiB in its folder",
        f"A notebook may have up to {submission_reader.MAX_NOTEBOOK // 10**6} MB.",
    ):
        assert sentence in TEACHERS
    assert f"for {limits.cell:g} seconds, a call to your function for {limits.call:g}." in STUDENTS
    assert f"The whole notebook may take {limits.total:g} s and use {memory} MiB." in STUDENTS


def test_the_kinds_of_answers_are_those_that_a_check_can_ask_for():
    assert {cells[0].strip("`") for cells in rows(STUDENTS, "Kind")} == set(kinds.A_KIND)


def test_what_the_pages_do_not_have_is_found():
    """The readers of the pages see a command, a variable and a file that are not there."""
    assert commands("make fly HIGH=1   # far\n`make grade`") == [("fly", "HIGH=1"), ("grade", "")]
    assert recipe("fly") == ""
    assert PATHS.findall("`tools/none.py`, assignments/09_own/x") == ["tools/none.py"]
    assert slug("Sigmoid, and 2 bends: why?") == "sigmoid-and-2-bends-why"
