"""Grades many submissions at once, each in a process of its own.

Every result is a file. So a run can be stopped and started again: finished results are kept.
"""

import gc
import multiprocessing
import multiprocessing.connection
import os
import signal
import time
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from multiprocessing.context import ForkProcess

from nncourse.assignment import Assignment
from nncourse.grading import session, store
from nncourse.grading.grade import Options, grade, grader_failed
from nncourse.grading.intake import Submission
from nncourse.student import GRADING

FORK = multiprocessing.get_context("fork")
Progress = Callable[[int, int, float], None]  # takes finished, total, seconds so far


def warm(assignment: Assignment) -> None:
    """Import what every process needs, once, before the processes fork."""
    os.environ[GRADING] = "1"
    import matplotlib.font_manager  # noqa: F401 (the sandboxes share its list of fonts)
    import sympy  # noqa: F401

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assignment.reference("warm")
    gc.collect()
    gc.freeze()  # else a collection in each child copies all of the shared memory


@dataclass(frozen=True)
class _Job:
    """A running process: what it grades, and since when."""

    process: ForkProcess
    submission: Submission
    began: float


def run(
    submissions: Iterable[Submission],
    assignment: Assignment,
    options: Options,
    processes: int,
    report_progress: Progress,
) -> None:
    """Grade the submissions that have no valid stored result, in several processes at once."""
    todo = [
        s
        for s in submissions
        if not store.is_done(options.out, s, assignment, options.again, options.roster)
    ]
    total, began = len(todo), time.monotonic()
    jobs: list[_Job] = []
    try:
        while todo or jobs:
            while todo and len(jobs) < processes:
                jobs.append(_start(todo.pop(0), assignment, options))
            multiprocessing.connection.wait([job.process.sentinel for job in jobs], timeout=1)
            for job in [job for job in jobs if _ended(job, assignment, options)]:
                jobs.remove(job)
                finished = total - len(todo) - len(jobs)
                report_progress(finished, total, time.monotonic() - began)
    finally:
        for job in jobs:
            job.process.kill()
            job.process.join()


def _start(submission: Submission, assignment: Assignment, options: Options) -> _Job:
    """Start the process that grades a submission."""
    process = FORK.Process(target=_work, args=(submission, assignment, options))
    process.start()
    return _Job(process, submission, time.monotonic())


def _work(submission: Submission, assignment: Assignment, options: Options) -> None:
    """Grade one submission and store its result; runs in the child process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ[GRADING] = "1"
    try:
        result = grade(submission, assignment, options)
    except Exception as why:
        result = grader_failed(submission, assignment, f"{type(why).__name__}: {why}")
    store.write(options.out, result)


def _ended(job: _Job, assignment: Assignment, options: Options) -> bool:
    """Return whether a job has ended; one that fails or hangs is ended, and gets a result too."""
    seconds = options.limits.total * 3 + session.JUDGE_SECONDS * len(assignment.questions)
    hung = job.process.is_alive()
    if hung and time.monotonic() - job.began < seconds:
        return False
    if hung:
        job.process.kill()
    job.process.join()
    if hung or job.process.exitcode != 0:
        why = "it took too long" if hung else f"exit code {job.process.exitcode}"
        store.write(options.out, grader_failed(job.submission, assignment, why))
    return True
