"""The student's notebook, from otter's version of a master.

Otter strips the solutions. Here the cells get stable ids, the student's own cells know their
question, and the visible checks go into the metadata, where `nncourse.student.Notebook` finds them.
"""

import re
from typing import Any

from nncourse import cells as sources
from nncourse.assignment import Assignment, Question
from nncourse.master import BadMaster

ANSWER_TAGS = {"otter_answer_cell", "otter_assign_solution_cell"}
COMMENT = re.compile(r"<!-- (?:BEGIN|END) QUESTION -->\s*")
LOCKED = {"deletable": False, "editable": False}
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}

Cell = dict[str, Any]


def notebook(otter_notebook: dict, assignment: Assignment, hidden: bool = False) -> dict:
    """Return the notebook to hand out for otter's version of a master, as plain JSON.

    With `hidden`, as in the solutions notebook, it has all checks.
    """
    plain = [_plain(cell) for cell in otter_notebook["cells"]]
    kept = [cell for cell in plain if "".join(cell["source"]).strip()]
    cells = _with_text_checks(_with_questions(kept, assignment), assignment)
    for number, cell in enumerate(cells, 1):
        cell["id"] = _identifier(cell, number)
    about = {"assignment": assignment.name, "course": course(assignment)}
    metadata = {
        "kernelspec": KERNEL,
        "language_info": {"name": "python"},
        "nnmaths": {**about, "questions": [_described(q, hidden) for q in assignment.questions]},
        # Gradescope's grader recognises the notebook of another assignment by this.
        "otter": {"assignment_name": assignment.name},
    }
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def course(assignment: Assignment) -> str:
    """Return the course that a master names; raise BadMaster unless it names exactly one."""
    found = {name for source in assignment.code for name in sources.COURSE.findall(source)}
    if len(found) != 1:
        raise BadMaster(f'{assignment.path.name}: the first cell needs one course="…"')
    return found.pop()


def _described(question: Question, hidden: bool) -> dict:
    """Return a question's entry in a notebook's metadata."""
    shown = [check for check in question.checks if hidden or not check.hidden]
    return {
        "name": question.name,
        "points": question.points,
        "manual": question.manual,
        "answers": question.answers,
        "hidden": len(question.checks) - len(shown),
        "checks": [{"source": c.source, "points": c.points, "hint": c.hint} for c in shown],
    }


def _plain(cell: Cell) -> Cell:
    """Return a cell without outputs and otter's marks, except for locks and the answer tag."""
    source = COMMENT.sub("", sources.text_of(cell))
    metadata = {key: cell["metadata"][key] for key in LOCKED if key in cell["metadata"]}
    if ANSWER_TAGS & set(cell["metadata"].get("tags", [])):
        metadata["nnmaths"] = {}
    plain = {"cell_type": cell["cell_type"], "metadata": metadata}
    if cell["cell_type"] == "code":
        plain |= {"execution_count": None, "outputs": []}
    return {**plain, "source": source.splitlines(keepends=True)}


def _with_questions(cells: list[Cell], assignment: Assignment) -> list[Cell]:
    """Return the cells; those for answers carry the name of their question."""
    own = [cell for cell in cells if "nnmaths" in cell["metadata"]]
    names = [question.name for question in assignment.questions for _ in question.solution]
    if len(own) != len(names):
        raise BadMaster(
            f"{assignment.path.name}: {len(names)} cells have solutions, but only {len(own)} "
            "remain for the answers: keep a line of each, as in z = …  # SOLUTION"
        )
    for cell, name in zip(own, names, strict=True):
        cell["metadata"]["nnmaths"]["question"] = name
    return cells


def _with_text_checks(cells: list[Cell], assignment: Assignment) -> list[Cell]:
    """Return the cells with a check after each text: otter adds none to manual questions."""
    last = {_question_of(cell): place for place, cell in enumerate(cells)}
    manual = {
        last[question.name]: question.name for question in assignment.questions if question.manual
    }
    result = []
    for place, cell in enumerate(cells):
        result.append(cell)
        if place in manual:
            result.append(_check_cell(manual[place]))
    return result


def _check_cell(question: str) -> Cell:
    """Return a locked cell that checks a question."""
    return {
        "cell_type": "code",
        "metadata": dict(LOCKED),
        "execution_count": None,
        "outputs": [],
        "source": [f'grader.check("{question}")'],
    }


def _question_of(cell: Cell) -> str:
    """Return the question that is answered in a cell, or "" if the cell is given."""
    return cell["metadata"].get("nnmaths", {}).get("question", "")


def _identifier(cell: Cell, number: int) -> str:
    """Return a cell's id: its question, or "given", and its place."""
    return re.sub(r"[^\w-]", "-", f"{_question_of(cell) or 'given'}-{number}", flags=re.A)[:64]
