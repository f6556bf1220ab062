"""`make grade`: grades a class, and writes the tables, the feedback and the report.

    .venv/bin/python -m nncourse.grading.command SUBMISSIONS [--out grades] [--roster ids.csv] …

A run can be stopped and started again: finished results are kept, and a question is judged again
only where its checks have changed.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from nncourse import files, master
from nncourse.assignment import Assignment
from nncourse.grading import intake, isolation, roster, sandbox, scheduler, shards, store
from nncourse.grading.grade import Options
from nncourse.grading.intake import Submission
from nncourse.reports import report, tables
from nncourse.results import ChangedMark, Result
from nncourse.words import count

ROOT = Path(__file__).resolve().parents[3]
DESCRIPTION = "Grade a class, and write the tables, the feedback and the report."


def main(argv: Sequence[str] | None = None) -> int:
    """Grade what the command line names; return 0, or 1 after an error message."""
    args = arguments(argv)
    os.umask(0o077)  # marks and names are private on this machine
    try:
        return merge(args) if args.merge else grade_class(args)
    except (isolation.NoSandboxError, OSError, ValueError) as why:
        _say(f"Error: {why}")
        return 1
    except KeyboardInterrupt:
        _say("\nStopped. Finished results are kept: run the same command to continue.")
        return 130


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the parsed command line."""
    parser = argparse.ArgumentParser(prog="grade", description=DESCRIPTION)
    add = parser.add_argument
    add("submissions", nargs="?", type=Path, help="a folder, or the zip of a learning platform")
    add("--out", type=Path, default=Path("grades"), help="where results go (default: grades/)")
    add("--course", help="the COURSE that was given to make assignments")
    add("--roster", type=Path, help="a CSV with the columns platform_id and student")
    add("--again", default="", help="questions to judge again even if unchanged: q3,q4")
    add("--jobs", type=int, default=os.cpu_count(), help="processes at once (default: all cores)")
    add("--solutions", action="store_true", help="show the solutions in the feedback")
    add("--shard", default="1/1", help="k/n: grade the k-th of n parts; --merge joins them")
    add("--merge", nargs="+", type=Path, help="folders of graded parts to join into --out")
    add("--unsafe", action="store_true", help="run the students' code without a sandbox, as you")
    args = parser.parse_args(argv)
    if not args.merge and args.submissions is None:
        parser.error("name a folder or a zip of submissions, or parts to --merge")
    if args.jobs < 1:
        parser.error("--jobs must be 1 or more")
    return args


def assignments(course: str | None) -> dict[str, Assignment]:
    """Return the assignments by their names, for a course if one is named."""
    found = [master.read(path) for path in sorted((ROOT / "assignments").glob("*/*.ipynb"))]
    return {assignment.name: replace(assignment, course=course) for assignment in found}


def grade_class(args: argparse.Namespace) -> int:
    """Grade a folder or a zip, and write the reports of each assignment in it."""
    if not args.submissions.exists():
        raise FileNotFoundError(f"{args.submissions} does not exist")
    kind = isolation.find(args.unsafe)
    sandbox.require_working(kind)
    known, ids = assignments(args.course), roster.read(args.roster)
    with tempfile.TemporaryDirectory(prefix="submissions-") as work:
        found = intake.collect(args.submissions, work, list(known))
        found = [s for s in found if shards.in_shard(s.key, args.shard)]
        for name, assignment in known.items():
            mine = [s for s in found if s.assignment == name]
            if mine:
                again = _questions_again(args.again, assignment)
                options = Options(args.out / name, kind, again, ids)
                _grade_assignment(mine, assignment, options, args)
        _list_unassigned([s for s in found if s.assignment not in known], args.out)
    return 0


def _questions_again(names: str, assignment: Assignment) -> tuple[str, ...]:
    """Return the questions of --again; raise ValueError for one that does not exist."""
    again = tuple(filter(None, names.split(",")))
    if unknown := set(again) - {question.name for question in assignment.questions}:
        raise ValueError(f"{assignment.name} has no question {', '.join(sorted(unknown))}")
    return again


def _grade_assignment(
    submissions: Sequence[Submission],
    assignment: Assignment,
    options: Options,
    args: argparse.Namespace,
) -> None:
    """Grade one assignment's submissions and write its reports."""
    _say(f"{assignment.name}: {count(len(submissions), 'submission')}")
    before = store.marks_in(options.out)
    scheduler.warm(assignment)
    scheduler.run(submissions, assignment, options, args.jobs, show_progress)
    changes = store.changes(before, store.marks_in(options.out))
    _write_reports(assignment, options.out, args.solutions, changes)


def _write_reports(
    assignment: Assignment, folder: Path, solutions: bool, changes: Sequence[ChangedMark]
) -> None:
    """Write the reports of an assignment, and print where they are."""
    found = store.read_all(folder)
    _warn_of_courses(found, assignment)
    report.write(found, assignment, folder, show_solutions=solutions, changes=changes)
    if changes:
        path = folder / "changes.csv"
        files.write_text(path, tables.changes(changes))
        _say(f"{count(len(changes), 'mark')} changed: see {path}")
    _say(f"{folder / 'report.html'}: {count(len(found), 'result')}")


def _warn_of_courses(found: Iterable[Result], assignment: Assignment) -> None:
    """Warn of notebooks that were made for another course than they are graded with."""
    other = sum(result.course not in ("", assignment.course_key) for result in found)
    if other:
        notebooks = count(other, "notebook was", "notebooks were")
        _say(
            f"Warning: {notebooks} made with another COURSE, so right answers look wrong. "
            "Give make grade the same COURSE as make assignments."
        )


def _list_unassigned(submissions: Sequence[Submission], out: Path) -> None:
    """List the files that belong to no assignment in a table for the teacher."""
    if submissions:
        path = out / "not-graded.csv"
        rows = [(s.key, s.name, s.fault or "no known assignment") for s in submissions]
        files.write_text(path, tables.not_graded(rows))
        belong = count(len(submissions), "file belongs", "files belong")
        _say(f"{belong} to no known assignment: see {path}")


def merge(args: argparse.Namespace) -> int:
    """Join the results of parts that were graded separately, and write the reports."""
    for name, assignment in assignments(args.course).items():
        if shards.merge([part / name for part in args.merge], args.out / name):
            _write_reports(assignment, args.out / name, args.solutions, [])
    return 0


def show_progress(done: int, total: int, seconds: float) -> None:
    """Show how many submissions are done and how long the rest will take; never whose."""
    left = seconds / done * (total - done)
    line = f"{done} of {total} graded, {int(left // 60)} min {int(left % 60):02d} s left"
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(f"\r{line}   ", end=end, file=sys.stderr, flush=True)
    elif done == total or done % max(1, total // 10) == 0:
        _say(line)


def _say(line: str) -> None:
    """Print a line to the terminal, apart from any output."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
