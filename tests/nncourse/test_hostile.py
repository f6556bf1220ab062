"""Every kind of broken and hostile submission, graded in one run beside honest ones.

What a case must keep and lose stands in hostile.py. Nothing that one file does may change another
file's result, and the run goes on.
"""

import os
import socket
from pathlib import Path

import pytest
from classroom import cells_of, notebook
from hostile import CASES

from nncourse import master
from nncourse.grading import grade, intake, isolation, scheduler, store

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),
    pytest.mark.no_cover,  # the grader works here; the package has tests of its own
]

ROOT = Path(__file__).resolve().parents[2]
# The size of the disk is its mark: no other test's sandboxes have it.
LIMITS = isolation.Limits(cell=2, call=1, total=90, disk=61 << 20)
TEMPLATE = ROOT / "assignments" / "template" / "template.ipynb"


@pytest.fixture(scope="module")
def assignment():
    """Return the template's master."""
    os.environ["NNMATHS_GRADING"] = "1"
    return master.read(TEMPLATE)


def hand_in(folder, assignment, port):
    """Write a class on disk as Moodle does, one folder per case."""
    for number, case in enumerate(CASES.values()):
        place = folder / f"Some One_{1000 + number}_assignsubmission_file_"
        place.mkdir(parents=True)
        cells = cells_of(assignment, f"student-{number}")
        if case.file:
            case.change(place, cells)
        else:
            text = (
                notebook(case.change(cells), "template")
                .replace("{port}", str(port))
                .replace("{root}", str(ROOT))
            )
            (place / "template.ipynb").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def graded(assignment, tmp_path_factory):
    """Return the results of the whole class by case, graded once."""
    sandbox_kind()
    folder = tmp_path_factory.mktemp("class")
    listener = socket.create_server(("127.0.0.1", 0))
    hand_in(folder / "in", assignment, listener.getsockname()[1])
    before = {p: p.lstat().st_size for p in folder.rglob("*")}
    found = intake.collect(folder / "in", folder / "work", ["template"])
    options = grade.Options(folder / "out", limits=LIMITS)
    scheduler.warm(assignment)
    scheduler.run(found, assignment, options, 4, lambda *_: None)
    listener.close()
    assert {p: p.lstat().st_size for p in before} == before
    by_id = {result.platform_id: result for result in store.read_all(options.out)}
    return {name: by_id.get(str(1000 + number)) for number, name in enumerate(CASES)}


def sandbox_kind():
    """Require bubblewrap; only outside CI may it be missing."""
    try:
        assert isolation.find() == "bwrap"
    except (isolation.NoSandboxError, AssertionError) as why:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(str(why))


@pytest.mark.parametrize("name", CASES)
def test_each_kind_keeps_what_is_honest_and_no_more(graded, name):
    case, result = CASES[name], graded[name]
    assert result.status == case.status
    assert {q: result.questions[q].points for q in case.points} == case.points
    errors = [error.error for error in result.errors]
    assert case.reported in "\n".join([*result.needs_review, *errors, *result.notes])


@pytest.mark.parametrize("name", [n for n, case in CASES.items() if case.status == "unreadable"])
def test_an_unreadable_file_is_in_the_teachers_report(graded, name):
    assert graded[name].needs_review


def test_nothing_of_the_teachers_is_visible_from_inside(graded):
    found = graded["reads the disk"].questions["q4"].answers["why"].data
    reached = graded["uses the network"].questions["q4"].answers["why"].data
    assert (found, reached) == ("found: []", "reached: ")


def test_nothing_leaves_its_folder(graded, tmp_path_factory):
    assert not list(tmp_path_factory.getbasetemp().rglob("climbed*"))
    assert not Path("/climbed.ipynb").exists()
    assert not Path("/tmp/bomb-went-off").exists()


def test_nothing_outlives_the_run(graded):
    mark = f"--size\0{LIMITS.disk}\0".encode()
    assert not [c for c in map(command, Path("/proc").glob("[0-9]*")) if mark in c]


def command(process):
    """Return the command line of a process, or nothing if it is gone."""
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""
