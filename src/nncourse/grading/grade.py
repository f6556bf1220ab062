"""`make grade`: every submission runs in a box, its answers come out as data, the judge reads them.

Each result is a file of its own, written whole or not at all. A run can be stopped and started
again; what is done is kept, and a question is judged anew only where its checks changed.
"""

import argparse
import csv
import hashlib
import json
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import tempfile
import time
import warnings
from dataclasses import dataclass, field, replace
from pathlib import Path

from nncourse import master
from nncourse.grading import (
    intake,
    results,
    sandbox,
    session,
)
from nncourse.reports import (
    report,
    tables,
)
from nncourse.student import GRADING, NOBODY

ROOT = Path(__file__).resolve().parents[3]

OTHER_COURSE = "This notebook was made for the course"
FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Options:
    """What a run was asked for."""

    out: Path
    kind: str = "bwrap"
    again: tuple = ()
    limits: sandbox.Limits = field(default_factory=sandbox.Limits)


def grade(submission, sheet, options, roster=None):
    """Return the result of one submission; `roster` gives students' ids by the platform's."""
    cells, course, fault = [], "", submission.fault
    if not fault:
        cells, course, fault = read_cells(submission.path)
    result = results.blank(submission, sheet)
    if fault:
        result.update(status="unreadable", eyes=[*result["eyes"], fault])
        results.fault_all(result, sheet, "Your file could not be read: " + fault)
        return result
    result["student"] = whose(cells, submission, result, roster or {})
    result["code"] = own_code(cells, sheet)
    if course and course != sheet.word:
        result["eyes"].append(f"{OTHER_COURSE} {course!r}; it is graded with {sheet.word!r}.")
    with session.Session(cells, options.kind, options.limits) as box:
        given = sheet.reference(result["student"])
        previous = results.stored(options.out, submission, roster or {})
        for question in sheet.questions:
            kept = results.keep(previous, question, sheet, options.again)
            result["questions"][question.name] = kept or session.judge_one(
                question, sheet, given, box, submission.digest
            )
    result["errors"] = box.errors()
    result["eyes"] += box.eyes()
    result["points"] = round(sum(q["points"] for q in result["questions"].values()), 6)
    return result


def read_cells(path):
    """Return ([[number, source] of the code cells], course, fault) of a notebook's file."""
    try:
        notebook = json.loads(path.read_bytes().decode("utf-8-sig"))
        cells = [
            [number, master.text_of(cell)]
            for number, cell in enumerate(notebook["cells"], 1)
            if cell["cell_type"] == "code"
        ]
        if not all(isinstance(source, str) for _, source in cells):
            raise TypeError
        made = notebook.get("metadata", {}).get("nnmaths", {})
        course = str(made.get("course") or "")[:80] if isinstance(made, dict) else ""
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return [], "", "it is not a notebook that Jupyter could open."
    return cells, course, "" if cells else "it holds no cell with code."


def warn_of_courses(found):
    """Say how many notebooks were made with another word than they are graded with."""
    other = sum(any(line.startswith(OTHER_COURSE) for line in r["eyes"]) for r in found)
    if other:
        print(
            f"Warning: {other} notebooks were made with another COURSE: their right answers look "
            "wrong. Give make grade the word that make assignments was given.",
            file=sys.stderr,
        )


def whose(cells, submission, result, roster):
    """Return the student's id: the roster's, else the one in the notebook, else the platform's."""
    found = [word for _, source in cells for word in master.STUDENT.findall(source)]
    written = found[-1].strip().lower() if found else ""
    known = roster.get(submission.platform_id, "")
    if known and written != known:
        result["eyes"].append(f"The notebook says {written!r}; the roster says {known!r}.")
    if not known and written in ("", NOBODY):
        result["eyes"].append("The notebook names no student.")
    return known or written or submission.platform_id or submission.key


def own_code(cells, sheet):
    """Return the sources of the cells that the student wrote: neither given nor a check."""
    given = {source.strip() for source in sheet.given}
    return [
        source for _, source in cells
        if source.strip() and source.strip() not in given and not source.startswith("grader.")
    ]  # fmt: skip


def work(submission, sheet, options, roster):
    """Grade one submission and store its result; runs in a process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ[GRADING] = "1"
    try:
        result = grade(submission, sheet, options, roster)
    except Exception as why:
        result = stopped(submission, sheet, f"{type(why).__name__}: {why}")
    results.write(options.out, result)


def stopped(submission, sheet, why):
    """Return the result of a file at which the grader itself stopped; it is tried again."""
    result = results.blank(submission, sheet)
    said = f"The grader itself stopped at this file ({why}): a person has to look."
    result.update(status="unreadable", stopped=True, eyes=[said])
    results.fault_all(result, sheet, said)
    return result


def run(submissions, sheet, options, jobs, roster, tell):
    """Grade what is not done yet, so many at once."""
    todo = [
        s for s in submissions if not results.is_done(s, sheet, options.out, options.again, roster)
    ]
    running, begun, done = {}, time.monotonic(), 0
    try:
        while todo or running:
            while todo and len(running) < jobs:
                submission = todo.pop(0)
                args = (submission, sheet, options, roster)
                process = FORK.Process(target=work, args=args)
                process.start()
                running[process] = (submission, time.monotonic())
            multiprocessing.connection.wait([p.sentinel for p in running], timeout=1)
            for process in [p for p, (s, t) in running.items() if _over(p, s, t, sheet, options)]:
                del running[process]
                done += 1
                tell(done, len(todo) + len(running) + done, time.monotonic() - begun)
    finally:
        for process in running:
            process.kill()
            process.join()


def _over(process, submission, began, sheet, options):
    """Return whether a process has ended; one that failed or hangs leaves a result all the same."""
    most = options.limits.total * 3 + session.SECONDS * len(sheet.questions)
    if process.is_alive() and time.monotonic() - began < most:
        return False
    hung = process.is_alive()
    if hung:
        process.kill()
    process.join()
    if hung or process.exitcode != 0:
        why = "it took too long" if hung else f"exit code {process.exitcode}"
        results.write(options.out, stopped(submission, sheet, why))
    return True


def progress(done, of, seconds):
    """Show how many are done and how long the others will take; never whose."""
    left = seconds / done * (of - done)
    line = f"{done} of {of} graded, {int(left // 60)} min {int(left % 60):02d} s left"
    if sys.stderr.isatty():
        print(f"\r{line}   ", end="\n" if done == of else "", file=sys.stderr, flush=True)
    elif done == of or done % max(1, of // 10) == 0:
        print(line, file=sys.stderr, flush=True)


def main(argv=None):
    """Grade what the command line names; return 0, or 1 with one sentence on what is wrong."""
    args = arguments(argv)
    os.umask(0o077)  # marks and names are for nobody else on this machine
    try:
        return merged(args) if args.merge else graded(args)
    except (sandbox.NoSandboxError, OSError, ValueError) as why:
        print(f"Error: {why}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. What is graded is kept: the same command goes on.", file=sys.stderr)
        return 130


def arguments(argv):
    """Return the parsed command line."""
    parser = argparse.ArgumentParser(prog="grade", description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("submissions", nargs="?", type=Path, help="a folder, or the zip of a learning platform")
    add("--out", type=Path, default=Path("grades"), help="where results go (default: grades/)")
    add("--course", help="the word that make assignments was given as COURSE")
    add("--roster", type=Path, help="a CSV with the columns platform_id and student")
    add("--again", default="", help="questions to judge anew whatever has changed: q3,q4")
    add("--jobs", type=int, default=os.cpu_count(), help="how many at once (default: the cores)")
    add("--solutions", action="store_true", help="show the solutions in the feedback")
    add("--shard", default="1/1", help="k/n: the k-th of n parts; then --merge on one machine")
    add("--merge", nargs="+", type=Path, help="folders of parts to join into --out")
    add("--unsafe", action="store_true", help="run the students' code unprotected, as you")
    args = parser.parse_args(argv)
    if not args.merge and args.submissions is None:
        parser.error("name a folder or a zip of submissions, or parts to --merge")
    if args.jobs < 1:
        parser.error("--jobs takes a number from 1 on")
    return args


def sheets(course):
    """Return the assignments by their names."""
    found = [master.read(path) for path in sorted((ROOT / "assignments").glob("*/*.ipynb"))]
    return {sheet.name: replace(sheet, course=course) for sheet in found}


def graded(args):
    """Grade a folder or a zip, and write the reports of each assignment in it."""
    if not args.submissions.exists():
        raise FileNotFoundError(f"{args.submissions} does not exist")
    kind, known = sandbox.tried(sandbox.find(args.unsafe)), sheets(args.course)
    roster = read_roster(args.roster)
    with tempfile.TemporaryDirectory(prefix="submissions-") as work_folder:
        found = intake.collect(args.submissions, Path(work_folder), list(known))
        found = [s for s in found if in_shard(s.key, args.shard)]
        for name, sheet in known.items():
            mine = [s for s in found if s.assignment == name]
            if mine:
                one(mine, sheet, args, kind, roster)
        return strangers([s for s in found if s.assignment not in known], args.out)


def one(submissions, sheet, args, kind, roster):
    """Grade one assignment's submissions and write its reports."""
    again = tuple(filter(None, args.again.split(",")))
    if unknown := set(again) - {question.name for question in sheet.questions}:
        raise ValueError(f"{sheet.name} has no question {', '.join(sorted(unknown))}")
    options = Options(args.out / sheet.name, kind, again)
    print(f"{sheet.name}: {len(submissions)} submissions", file=sys.stderr)
    warm(sheet)
    before = results.marks_of(options.out)
    run(submissions, sheet, options, args.jobs, roster, progress)
    finish(
        sheet, options.out, args.solutions, results.changes(before, results.marks_of(options.out))
    )


def warm(sheet):
    """Import once, before the processes fork, what every one of them needs."""
    os.environ[GRADING] = "1"
    import matplotlib.font_manager  # noqa: F401 (its list of fonts is lent to the boxes)
    import sympy  # noqa: F401

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sheet.reference("warm")


def strangers(submissions, out):
    """Say how many files belong to no assignment, and list them for the teacher alone."""
    if submissions:
        rows = [
            [s.key, tables.plain(s.name), s.fault or "no assignment is known for it"]
            for s in submissions
        ]
        where = out / "not-graded.csv"
        tables.put(where, tables.as_text([["key", "name", "why"], *rows]))
        print(f"{len(submissions)} files belong to no assignment: see {where}", file=sys.stderr)
    return 0


def in_shard(key, shard):
    """Return whether a submission is in the k-th of n parts; raise ValueError for a bad k/n."""
    try:
        k, n = map(int, shard.split("/"))
    except ValueError:
        raise ValueError(f"--shard takes k/n, as in 1/4, not {shard!r}") from None
    if not 1 <= k <= n:
        raise ValueError(f"--shard takes k from 1 to n, not {shard!r}")
    return int(hashlib.sha256(key.encode()).hexdigest(), 16) % n == k - 1


def read_roster(path):
    """Return the students' ids by the platform's; raise ValueError if the columns are missing."""
    if path is None:
        return {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    if not rows or not {"platform_id", "student"} <= set(rows[0]):
        raise ValueError(f"{path} needs the columns platform_id and student")
    return {row["platform_id"].strip(): row["student"].strip().lower() for row in rows}


def finish(sheet, folder, solutions, changed):
    """Write the reports of an assignment and say where they are."""
    found = results.results_of(folder)
    warn_of_courses(found)
    report.write(found, sheet, folder, show_solutions=solutions, changes=changed)
    if changed:
        rows = [list(changed[0]), *(list(change.values()) for change in changed)]
        tables.put(folder / "changes.csv", tables.as_text(rows))
        print(f"Marks that changed: {len(changed)}, see {folder / 'changes.csv'}", file=sys.stderr)
    print(f"{folder / 'report.html'}: {len(found)} results", file=sys.stderr)


def merged(args):
    """Join the results of parts that were graded apart, and write the reports of the whole."""
    for name, sheet in sheets(args.course).items():
        parts = [part / name / "results" for part in args.merge if (part / name).is_dir()]
        for path in sorted(path for part in parts for path in part.glob("*.json")):
            tables.put(args.out / name / "results" / path.name, path.read_text(encoding="utf-8"))
        if parts:
            finish(sheet, args.out / name, args.solutions, [])
    return 0


if __name__ == "__main__":
    sys.exit(main())
