"""Makes what is handed out and what is graded with, from the masters in assignments/.

    .venv/bin/python -m nncourse.authoring.make                       (all of them)
    .venv/bin/python -m nncourse.authoring.make 06_backpropagation --course 2027-spring

Each comes into build/assignments/NAME: the student's notebook, the solutions' notebook with its
outputs, the zip for Gradescope, and the folder to hand out. Otter strips the solutions; that the
checks let the solutions pass is shown by `rehearse`, in this process.
"""

import argparse
import json
import os
import re
import shutil
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from nncourse import master
from nncourse.authoring import (
    bundle,
    handout,
    leaks,
    rehearse,
)
from nncourse.student import GRADING

ROOT = Path(__file__).resolve().parents[3]

MASTERS, BUILD = ROOT / "assignments", ROOT / "build" / "assignments"
PROCESSES = 4
# The id under which the solutions' notebook is run.
SOLVER = "the-solution"


class NotMade(Exception):  # noqa: N818 (it says what is wrong)
    """Raised where an assignment cannot be made; the message says why and what to do."""


@dataclass(frozen=True)
class Made:
    """One assignment that was made, or the sentence that says why not."""

    name: str
    questions: int = 0
    points: float = 0.0
    seconds: float = 0.0
    fault: str = ""

    def __str__(self):
        """Return the line for the terminal."""
        if self.fault:
            return f"Error: {self.name}: {self.fault}"
        return (
            f"{self.name:18} {self.questions} questions, {self.points:g} points, "
            f"{self.seconds:.1f} s"
        )


def masters(names=(), folder=MASTERS):
    """Return the master notebooks of these names, or all; raise NotMade for an unknown name."""
    known = {path.stem: path for path in sorted(Path(folder).glob("*/*.ipynb"))}
    for name in names:
        if name not in known:
            raise NotMade(f"there is no assignment {name!r}; there are {', '.join(known)}")
    return [known[name] for name in (names or known)]


def copied(path, folder, course):
    """Copy a master's folder, give it the course, and return the copy's path and its Master."""
    copy = shutil.copytree(Path(path).parent, Path(folder) / "master") / Path(path).name
    if course:
        notebook = json.loads(copy.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                words = master.COURSE.sub(f'course="{course}"', master.text_of(cell))
                cell["source"] = words.splitlines(keepends=True)
        copy.write_text(json.dumps(notebook), encoding="utf-8")
    return copy, master.read(copy)


def stripped(copy, folder):
    """Let otter make its two notebooks and its zip of a master, and return where they lie."""
    from otter.assign import main as otter

    try:
        otter(str(copy), str(folder), no_pdfs=True, no_run_tests=True)
    except Exception as why:
        raise NotMade(f"otter does not take the master: {why}") from why
    return Path(folder)


def student_notebook(path, folder, course=""):
    """Return a student's notebook, as plain JSON, for a master; the folder is for work."""
    copy, sheet = copied(path, folder, course)
    made = stripped(copy, Path(folder) / "otter") / "student" / copy.name
    return handout.notebook(json.loads(made.read_text(encoding="utf-8")), sheet)


def make(path, target, wheel, course=""):
    """Make one assignment of a master into the target folder and return its line; never raise."""
    began = time.perf_counter()
    name = Path(path).stem
    try:
        with tempfile.TemporaryDirectory() as work:
            sheet = _make(Path(path), Path(target) / name, Path(wheel), course, Path(work))
    except (NotMade, master.BadMaster) as why:
        return Made(name, fault=str(why))
    except Exception as why:
        return Made(name, fault=f"{type(why).__name__}: {why}")
    points = sum(question.points for question in sheet.questions)
    return Made(name, len(sheet.questions), points, time.perf_counter() - began)


def _make(path, target, wheel, course, work):
    """Make one assignment and return its Master."""
    copy, sheet = copied(path, work, course)
    _rehearse(sheet)
    otters = stripped(copy, work / "otter")
    student = handout.notebook(_read(otters / "student" / copy.name), sheet)
    for line in leaks.lines(student, sheet):
        raise NotMade(f"the student would see {line!r}: mark each line of a solution")
    solved = handout.notebook(_read(otters / "autograder" / copy.name), sheet, hidden=True)
    solved = executed(solved, work / "run", sheet.name)
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    _write(target / f"{sheet.name}-solutions.ipynb", solved)
    (zipped,) = (otters / "autograder").glob("*.zip")
    bundle.gradescope(zipped, target / f"{sheet.name}-gradescope.zip", wheel)
    _hand_out(target, sheet, student, wheel)
    _write(target / f"{sheet.name}.ipynb", student)
    return sheet


def _rehearse(sheet):
    """Raise NotMade for the first check that refuses the master's own solution."""
    os.environ[GRADING] = "1"
    try:
        for fault in rehearse.refused(sheet):
            raise NotMade(f"a check refuses the solution: {fault}")
    finally:
        del os.environ[GRADING]


def executed(notebook, folder, name):
    """Return a solutions' notebook with the outputs of its run under SOLVER's id."""
    import nbclient
    import nbformat

    for cell in notebook["cells"]:
        source = master.STUDENT.sub(f'student = "{SOLVER}"', "".join(cell["source"]))
        cell["source"] = source.splitlines(keepends=True)
    folder.mkdir()
    _write(folder / f"{name}.ipynb", notebook)
    node = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    try:
        nbclient.NotebookClient(node, **_in(folder)).execute()
    except nbclient.exceptions.CellExecutionError as why:
        raise NotMade(f"the solutions' notebook does not run: {why.ename}: {why.evalue}") from why
    return node


def _in(folder):
    """Return how a kernel runs in a folder: it notes no times and prints here no warnings."""
    return {
        "resources": {"metadata": {"path": str(folder)}},
        "extra_arguments": ["--log-level=ERROR"],
        "record_timing": False,
    }


def _hand_out(target, sheet, student, wheel):
    """Write the folder to hand out, and its zip."""
    folder = target / "hand-out"
    folder.mkdir()
    _write(folder / f"{sheet.name}.ipynb", student)
    shutil.copy(wheel, folder)
    text = bundle.readme(sheet.name, sheet.title, wheel.name)
    (folder / "README.md").write_text(text, encoding="utf-8")
    files = {f"{sheet.name}/{path.name}": path.read_bytes() for path in folder.iterdir()}
    bundle.zipped(target / f"{sheet.name}-hand-out.zip", files)


def _read(path):
    """Return a notebook file as plain JSON."""
    return json.loads(path.read_text(encoding="utf-8"))


def _write(path, notebook):
    """Write a notebook as Jupyter does."""
    text = json.dumps(notebook, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def arguments(words):
    """Return the names and the course of a command line; stop at a course that is no word."""
    parser = argparse.ArgumentParser(description="Make assignments from their masters.")
    parser.add_argument("names", nargs="*", help="which ones; all of them without a name")
    parser.add_argument("--course", default="", help="a word that changes all students' numbers")
    found = parser.parse_args(words)
    if not re.fullmatch(r"[\w.-]*", found.course):
        raise NotMade("a course is one word of letters, digits, dots and dashes: 2027-spring")
    return found


def main(words=None):
    """Make the assignments that are named, several at once; return 1 if one was not made."""
    try:
        chosen = arguments(words)
        paths = masters(chosen.names)
        with tempfile.TemporaryDirectory() as folder:
            return _make_all(paths, bundle.wheel(folder), chosen.course)
    except (NotMade, RuntimeError) as why:
        print(f"Error: {why}", file=sys.stderr)
        return 1


def _make_all(paths, wheel, course):
    """Make the assignments of these masters and print a line for each, in order."""
    failed = False
    with ProcessPoolExecutor(min(PROCESSES, os.cpu_count() or 1, len(paths))) as pool:
        jobs = [pool.submit(make, path, BUILD, wheel, course) for path in paths]
        for job in jobs:
            line = job.result()
            failed |= bool(line.fault)
            print(line, file=sys.stderr if line.fault else sys.stdout, flush=True)
    print(f"They are in {BUILD.relative_to(ROOT)}.")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
