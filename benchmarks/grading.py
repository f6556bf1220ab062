"""Grading: minutes for a class, memory, and a submission beside `otter run` on the same ones.

    .venv/bin/python benchmarks/grading.py [STUDENTS]      (default: 300)

The tests' `classroom` makes the class from the solutions and the answers by hand, spread over the
eight assignments. Otter and our grader take turns to grade one submission of each assignment; then
our grader grades the whole class with all cores.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "nncourse"))

import classroom  # noqa: E402

from nncourse.grading import command as grader  # noqa: E402
from nncourse.grading import sandbox  # noqa: E402

MADE = ROOT / "build" / "assignments"
GRADE = [sys.executable, "-m", "nncourse.grading.command"]
MAKE = [sys.executable, "-m", "nncourse.authoring.make"]
GOAL_SECONDS, GOAL_BYTES, GOAL_RATIO = 600, 2 << 30, 2.0


def write_classes(folder, students):
    """Write the class, its students spread over the assignments; return the assignments."""
    assignments = [a for name, a in grader.assignments(None).items() if name != "template"]
    for number, assignment in enumerate(assignments):
        share = len(range(number, students, len(assignments)))
        classroom.write(folder / assignment.name, assignment, share, seed=number)
    return assignments


def seconds(command, **more):
    """Return how long a command takes; exit if it fails."""
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False, **more)
    if done.returncode:
        sys.exit(f"Error: {command[0]} failed.\n{done.stderr[-2000:]}")
    return time.perf_counter() - start


def beside_otter(folder, assignments):
    """Print seconds per submission, ours and otter's, in turns on the same ones."""
    ratios = []
    print(f"{'one submission of':20} {'ours, s':>8} {'otter run, s':>13} {'otter / ours':>13}")
    for assignment in assignments:
        path = sorted((folder / assignment.name).glob("*/*.ipynb"))[0]
        zipped = MADE / assignment.name / f"{assignment.name}-gradescope.zip"
        otter = [str(Path(sys.executable).with_name("otter")), "run", "-a", str(zipped), str(path)]
        with tempfile.TemporaryDirectory() as out:
            ours = seconds([*GRADE, str(path.parent), "--out", out, "--jobs", "1"])
            theirs = seconds([*otter, "-o", out], cwd=out)
        ratios.append(theirs / ours)
        print(f"{assignment.name:20} {ours:8.1f} {theirs:13.1f} {theirs / ours:13.1f}", flush=True)
    verdict = "" if statistics.median(ratios) >= GOAL_RATIO else " MISSED"
    print(f"median: {statistics.median(ratios):.1f} times as fast (goal {GOAL_RATIO:g}){verdict}\n")


def whole_class(folder, students):
    """Print the minutes, the memory and what came out for the whole class."""
    with tempfile.TemporaryDirectory() as out:
        command = [*GRADE, str(folder), "--out", out]
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        peak = watched(process)
        taken = time.perf_counter() - start
        results = [json.loads(p.read_text()) for p in Path(out).glob("*/results/*.json")]
    marks = [result["points"] for result in results]
    late = "" if taken < GOAL_SECONDS else " MISSED"
    large = "" if peak < GOAL_BYTES else " MISSED"
    print(f"{len(results)} of {students} submissions, {os.cpu_count()} cores")
    print(f"{taken / 60:.1f} min (goal {GOAL_SECONDS // 60}){late}, {taken / students:.2f} s each")
    print(f"memory at its peak {peak / 2**20:.0f} MiB (goal {GOAL_BYTES >> 20}){large}")
    print(f"marks from {min(marks):g} to {max(marks):g}, median {statistics.median(marks):g}")


def watched(process):
    """Return the most memory that a process and its descendants held together until its end."""
    peak, ended = 0, threading.Event()
    threading.Thread(target=lambda: (process.wait(), ended.set()), daemon=True).start()
    while not ended.wait(0.2):
        peak = max(peak, sum(map(sandbox.resident_bytes, sandbox.descendants(process.pid))))
    return peak


def main():
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("students", nargs="?", type=int, default=300)
    students = parser.parse_args().students
    os.environ["NNMATHS_GRADING"] = "1"
    print("Making the assignments …", flush=True)
    print(f"made in {seconds(MAKE):.0f} s\n")
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder) / "class"
        assignments = write_classes(folder, students)
        beside_otter(folder, assignments)
        whole_class(folder, students)


if __name__ == "__main__":
    main()
