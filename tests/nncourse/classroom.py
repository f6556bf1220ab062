"""Classes of made students: solved notebooks, right in many forms, wrong in many ways.

The answers are those of the masters and of tests/nncourse/answers; a seed decides who gives which.
"""

import json
import os
import random
from dataclasses import dataclass
from types import SimpleNamespace

from nncourse.authoring import rehearse
from nncourse.grading import sandbox, sandbox_worker
from nncourse.reports import similarity


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


@dataclass(frozen=True)
class Student:
    """A made student: the platform's id, the own id, and the sources of right and wrong answers.

    Questions in neither are answered as in the master.
    """

    platform_id: str
    name: str
    right: dict
    wrong: dict


def students_of(assignment, number, seed=1):
    """Return made students who answer each question as the master, in another form, or wrongly."""
    rng = random.Random(seed)
    answers = rehearse.answers_by_hand(assignment.name)
    return [
        Student(str(2_000_000 + n), f"s{n:05d}", *_choice(assignment, *answers, rng))
        for n in range(number)
    ]


def _choice(assignment, right, wrong, rng):
    """Return the right and the wrong answers by hand that one student gives."""
    given = {}, {}
    for question in assignment.questions:
        kind = rng.random()
        if kind < 0.5 and right.get(question.name):
            given[0][question.name] = rng.choice(right[question.name])
        elif kind > 0.75 and wrong.get(question.name):
            given[1][question.name] = rng.choice(wrong[question.name])[0]
    return given


def given_in(question):
    """Return the lines that a student receives in the cells of a question."""
    return "\n".join(map(similarity.skeleton, question.solution))


def write(folder, assignment, number, seed=1):
    """Write a class of made students as Moodle's download has it."""
    for student in students_of(assignment, number, seed):
        place = folder / f"Student {student.name}_{student.platform_id}_assignsubmission_file_"
        place.mkdir(parents=True)
        answers = {
            name: f"{given_in(assignment.question(name))}\n{source}"
            for name, source in {**student.right, **student.wrong}.items()
        }
        cells = cells_of(assignment, student.name, answers)
        text = notebook(cells, assignment.name)
        (place / f"{assignment.name}.ipynb").write_text(text, encoding="utf-8")


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
