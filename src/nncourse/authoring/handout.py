"""A student's notebook, from what otter makes of a master: its form, its metadata, its cells.

Otter strips the solutions. Here the cells get names that do not change from run to run, the
student's own cells know their question, and the checks that a student may see go into the
metadata, where `nncourse.student.Notebook` finds them.
"""

import re

from nncourse import master

ANSWER_TAGS = {"otter_answer_cell", "otter_assign_solution_cell"}
COMMENT = re.compile(r"<!-- (?:BEGIN|END) QUESTION -->\s*")
LOCKED = {"deletable": False, "editable": False}
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def notebook(made, sheet, hidden=False):
    """Return the notebook to hand out for what otter made of a master, as plain JSON.

    With `hidden`, as in the solutions' notebook, it holds all checks.
    """
    cells = [cell for cell in map(_plain, made["cells"]) if "".join(cell["source"]).strip()]
    cells = _with_text_checks(_owned(cells, sheet), sheet)
    for number, cell in enumerate(cells, 1):
        cell["id"] = _identifier(cell, number)
    about = {"assignment": sheet.name, "course": course(sheet)}
    metadata = {
        "kernelspec": KERNEL,
        "language_info": {"name": "python"},
        "nnmaths": {**about, "questions": [_described(q, hidden) for q in sheet.questions]},
        # Gradescope's grader refuses the notebook of another assignment by this.
        "otter": {"assignment_name": sheet.name},
    }
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def course(sheet):
    """Return the course that a master names; raise BadMaster unless it names one."""
    found = {match[1] for source in sheet.code for match in re.finditer(r'course="(.*?)"', source)}
    if len(found) != 1:
        raise master.BadMaster(f'{sheet.path.name}: course="…" stands once in the first cell')
    return found.pop()


def _described(question, hidden):
    """Return what a notebook's metadata say of a question."""
    shown = [check for check in question.checks if hidden or not check.hidden]
    return {
        "name": question.name,
        "points": question.points,
        "manual": question.manual,
        "answers": question.answers,
        "hidden": len(question.checks) - len(shown),
        "checks": [{"source": c.source, "points": c.points, "hint": c.hint} for c in shown],
    }


def _plain(cell):
    """Return a cell without outputs and without otter's marks, but for its locks and answer tag."""
    source = COMMENT.sub("", master.text_of(cell))
    metadata = {key: cell["metadata"][key] for key in LOCKED if key in cell["metadata"]}
    if ANSWER_TAGS & set(cell["metadata"].get("tags", [])):
        metadata["nnmaths"] = {}
    plain = {"cell_type": cell["cell_type"], "metadata": metadata}
    if cell["cell_type"] == "code":
        plain |= {"execution_count": None, "outputs": []}
    return {**plain, "source": source.splitlines(keepends=True)}


def _owned(cells, sheet):
    """Return the cells; those where a student answers carry the name of their question."""
    own = [cell for cell in cells if "nnmaths" in cell["metadata"]]
    names = [question.name for question in sheet.questions for _ in question.solution]
    if len(own) != len(names):
        raise master.BadMaster(
            f"{sheet.path.name}: {len(names)} cells hold solutions, and {len(own)} are left "
            "to answer in: keep a line of each, as in z = …  # SOLUTION"
        )
    for cell, name in zip(own, names, strict=True):
        cell["metadata"]["nnmaths"]["question"] = name
    return cells


def _with_text_checks(cells, sheet):
    """Return the cells with a check behind each text: otter has none where a person marks."""
    last = {_question_of(cell): place for place, cell in enumerate(cells)}
    places = {last[question.name]: question.name for question in sheet.questions if question.manual}
    result = []
    for place, cell in enumerate(cells):
        result.append(cell)
        if place in places:
            result.append(_check_cell(places[place]))
    return result


def _check_cell(question):
    """Return a locked cell that checks a question."""
    return {
        "cell_type": "code",
        "metadata": dict(LOCKED),
        "execution_count": None,
        "outputs": [],
        "source": [f'grader.check("{question}")'],
    }


def _question_of(cell):
    """Return the question that is answered in a cell, or "" where it is given."""
    return cell["metadata"].get("nnmaths", {}).get("question", "")


def _identifier(cell, number):
    """Return a cell's id: its question if it is a student's own, and its place."""
    return re.sub(r"[^\w-]", "-", f"{_question_of(cell) or 'given'}-{number}", flags=re.A)[:64]
