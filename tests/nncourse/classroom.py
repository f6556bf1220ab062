"""Classes of made students: solved notebooks, right in many forms, wrong in many ways.

The answers are those of the masters and of tests/nncourse/answers; a seed decides who gives which.
"""

import json
import os
import random
from types import SimpleNamespace

from nncourse.authoring import rehearse
from nncourse.grading import sandbox, sandbox_worker


def cells_of(assignment, student, answers=None):
    """Return the code cells of a solved notebook by name; `answers` replaces questions' cells."""
    solutions = {
        source: question.name for question in assignment.questions for source in question.solution
    }
    cells = {}
    for number, source in enumerate(assignment.code):
        name = solutions.get(source, f"given-{number}")
        cells[name] = cells.get(name, "") + "\n" + source
    cells["given-0"] = cells["given-0"].replace("your-id", student)
    return {name: (answers or {}).get(name, text).strip() for name, text in cells.items()}


def notebook(cells, assignment, ids=True):
    """Return the text of a notebook with these code cells."""
    made = [
        {
            "cell_type": "code",
            "source": text,
            "metadata": {},
            "outputs": [],
            "execution_count": None,
        }
        | ({"id": f"cell-{number}"} if ids else {})
        for number, text in enumerate(cells.values())
    ]
    meta = {"nnmaths": {"assignment": assignment}, "otter": {"assignment_name": assignment}}
    return json.dumps({"cells": made, "metadata": meta, "nbformat": 4, "nbformat_minor": 5})


def answers_of(assignment, rng):
    """Return what one made student answers: each question as the master, otherwise, or wrongly."""
    right, wrong = rehearse.answers_by_hand(assignment.name)
    chosen = {}
    for question in assignment.questions:
        kind = rng.random()
        if kind < 0.5 and right.get(question.name):
            chosen[question.name] = rng.choice(right[question.name])
        elif kind > 0.75 and wrong.get(question.name):
            chosen[question.name] = rng.choice(wrong[question.name])[0]
    return chosen


def write(folder, assignment, students, seed=1):
    """Write a class as Moodle's download has it; return the students' ids by the platform's."""
    rng, ids = random.Random(seed), {}
    for number in range(students):
        platform = str(2_000_000 + number)
        ids[platform] = f"s{number:05d}"
        place = folder / f"Student {number:05d}_{platform}_assignsubmission_file_"
        place.mkdir(parents=True)
        cells = cells_of(assignment, ids[platform], answers_of(assignment, rng))
        text = notebook(cells, assignment.name)
        (place / f"{assignment.name}.ipynb").write_text(text, encoding="utf-8")
    return ids


class ForkedSandbox(sandbox.Sandbox):
    """A sandbox without isolation, forked from this warm process: for many short runs."""

    def start(self, kind):
        """Fork a process that runs `sandbox_worker.main` between two pipes."""
        (take, give), (read, write) = os.pipe(), os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                os.setsid()
                os.dup2(take, 0)
                os.dup2(write, 1)
                os.closerange(3, 256)
                sandbox_worker.main()
            finally:
                os._exit(0)
        os.close(take)
        os.close(write)
        return SimpleNamespace(
            pid=pid,
            stdin=os.fdopen(give, "wb"),
            stdout=os.fdopen(read, "rb", 0),
            kill=lambda: os.kill(pid, 9),
            wait=lambda: os.waitpid(pid, 0),
        )
