"""`make assignments`: makes what students receive, and the solutions, from the masters.

    .venv/bin/python -m nncourse.authoring.make                       (all of them)
    .venv/bin/python -m nncourse.authoring.make 06_backpropagation --course 2027-spring

The result is in build/assignments/NAME: the student's notebook, the solutions notebook with its
outputs, the zip for Gradescope, and the folder to hand out. Otter strips the solutions; `rehearse`
shows, in this process, that the checks accept the solutions.
"""

import argparse
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nncourse import files, master
from nncourse.assignment import Assignment
from nncourse.authoring import bundle, handout, leaks, rehearse
from nncourse.cells import text_of, with_course, with_student
from nncourse.student import GRADING
from nncourse.words import count

ROOT = Path(__file__).resolve().parents[3]

MASTERS, BUILD = ROOT / "assignments", ROOT / "build" / "assignments"
MAX_PROCESSES = 4
# The id under which the solutions notebook is run.
SOLVER = "the-solution"


class NotMade(Exception):  # noqa: N818 (it says what is wrong)
    """Raised where an assignment cannot be made; the message says why and what to do."""


@dataclass(frozen=True)
class Made:
    """One assignment that was made, or the reason why not."""

    name: str
    questions: int = 0
    points: float = 0.0
    seconds: float = 0.0
    fault: str = ""

    def __str__(self) -> str:
        """Return the line for the terminal."""
        if self.fault:
            return f"Error: {self.name}: {self.fault}"
        return (
            f"{self.name:18} {count(self.questions, 'question')}, {count(self.points, 'point')}, "
            f"{self.seconds:.1f} s"
        )


def masters(names: Iterable[str] = (), folder: Path = MASTERS) -> list[Path]:
    """Return the master notebooks of these names, or all; raise NotMade for an unknown name."""
    known = {path.stem: path for path in sorted(Path(folder).glob("*/*.ipynb"))}
    for name in names:
        if name not in known:
            raise NotMade(f"there is no assignment {name!r}; there are {', '.join(known)}")
    return [known[name] for name in (names or known)]


def copy_master(path: Path, folder: Path, course: str) -> tuple[Path, Assignment]:
    """Copy a master's folder, set its course, and return the copy's path and its Assignment."""
    copy = shutil.copytree(path.parent, folder / "master") / path.name
    if course:
        notebook = files.read_notebook(copy)
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell["source"] = with_course(text_of(cell), course).splitlines(keepends=True)
        files.write_notebook(copy, notebook)
    return copy, master.read(copy)


def run_otter(copy: Path, folder: Path) -> Path:
    """Let otter make its two notebooks and its zip of a master, and return their folder."""
    from otter.assign import main as otter

    try:
        otter(str(copy), str(folder), no_pdfs=True, no_run_tests=True)
    except Exception as why:
        raise NotMade(f"otter cannot read the master: {why}") from why
    return folder


def make(path: Path, target: Path, wheel: Path, course: str = "") -> Made:
    """Make one assignment into the target folder and return its line; never raise."""
    began = time.perf_counter()
    try:
        with tempfile.TemporaryDirectory() as work:
            assignment = _make(path, target / path.stem, wheel, course, Path(work))
    except (NotMade, master.BadMaster) as why:
        return Made(path.stem, fault=str(why))
    except Exception as why:
        return Made(path.stem, fault=f"{type(why).__name__}: {why}")
    seconds = time.perf_counter() - began
    return Made(path.stem, len(assignment.questions), assignment.points, seconds)


def _make(path: Path, target: Path, wheel: Path, course: str, work: Path) -> Assignment:
    """Make one assignment and return it."""
    copy, assignment = copy_master(path, work, course)
    _rehearse(assignment)
    made = run_otter(copy, work / "otter")
    student = handout.notebook(files.read_notebook(made / "student" / copy.name), assignment)
    for line in leaks.lines(student, assignment):
        raise NotMade(f"the student would see {line!r}: mark each line of a solution")
    solved = files.read_notebook(made / "autograder" / copy.name)
    solved = executed(handout.notebook(solved, assignment, hidden=True), work, assignment.name)
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    files.write_notebook(target / f"{assignment.name}-solutions.ipynb", solved)
    (otter_zip,) = (made / "autograder").glob("*.zip")
    bundle.gradescope(otter_zip, target / f"{assignment.name}-gradescope.zip", wheel)
    _write_hand_out(target, assignment, student, wheel)
    files.write_notebook(target / f"{assignment.name}.ipynb", student)
    return assignment


def _rehearse(assignment: Assignment) -> None:
    """Raise NotMade for the first check that refuses the master's own solution."""
    os.environ[GRADING] = "1"
    try:
        for fault in rehearse.refused(assignment):
            raise NotMade(f"a check refuses the solution: {fault}")
    finally:
        del os.environ[GRADING]


def executed(notebook: dict, work: Path, name: str) -> Any:
    """Return a solutions notebook with the outputs of its run under SOLVER's id."""
    import nbclient
    import nbformat

    for cell in notebook["cells"]:
        cell["source"] = with_student(text_of(cell), SOLVER).splitlines(keepends=True)
    folder = work / "run"
    files.write_notebook(folder / f"{name}.ipynb", notebook)
    node = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    client = nbclient.NotebookClient(
        node,
        resources={"metadata": {"path": str(folder)}},
        extra_arguments=["--log-level=ERROR"],
        record_timing=False,
    )
    try:
        client.execute()
    except nbclient.exceptions.CellExecutionError as why:
        raise NotMade(f"the solutions notebook does not run: {why.ename}: {why.evalue}") from why
    return node


def _write_hand_out(target: Path, assignment: Assignment, student: dict, wheel: Path) -> None:
    """Write the folder to hand out, and its zip."""
    folder, name = target / "hand-out", assignment.name
    files.write_notebook(folder / f"{name}.ipynb", student)
    files.write_bytes(folder / wheel.name, wheel.read_bytes())
    files.write_text(folder / "README.md", bundle.readme(name, assignment.title, wheel.name))
    contents = {f"{name}/{path.name}": path.read_bytes() for path in folder.iterdir()}
    bundle.write_zip(target / f"{name}-hand-out.zip", contents)


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """Return the parsed command line; raise NotMade for a course that is not one word."""
    parser = argparse.ArgumentParser(description="Make assignments from their masters.")
    parser.add_argument("names", nargs="*", help="which assignments (default: all)")
    parser.add_argument("--course", default="", help="a word that changes all students' numbers")
    found = parser.parse_args(words)
    if not re.fullmatch(r"[\w.-]*", found.course):
        raise NotMade("a course is one word of letters, digits, dots and dashes: 2027-spring")
    return found


def main(words: Sequence[str] | None = None) -> int:
    """Make the assignments that are named, several at once; return 1 if one was not made."""
    try:
        chosen = arguments(words)
        paths = masters(chosen.names)
        with tempfile.TemporaryDirectory() as folder:
            return _make_all(paths, bundle.wheel(folder), chosen.course)
    except (NotMade, RuntimeError) as why:
        print(f"Error: {why}", file=sys.stderr)
        return 1


def _make_all(paths: Sequence[Path], wheel: Path, course: str) -> int:
    """Make the assignments of these masters and print a line for each, in order."""
    failed = False
    with ProcessPoolExecutor(min(MAX_PROCESSES, os.cpu_count() or 1, len(paths))) as pool:
        jobs = [pool.submit(make, path, BUILD, wheel, course) for path in paths]
        for job in jobs:
            made = job.result()
            failed |= bool(made.fault)
            print(made, file=sys.stderr if made.fault else sys.stdout, flush=True)
    print(f"The assignments are in {BUILD.relative_to(ROOT)}.")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
