"""The source of a notebook's cells: their text, and the names that they define."""

import ast
import re

STUDENT = re.compile(r"^student\s*=\s*[\"']([^\"']*)[\"']", re.M)
COURSE = re.compile(r'course="([^"]*)"')


def text_of(cell: dict) -> str:
    """Return the source of a cell as one string."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def with_student(source: str, student: str) -> str:
    """Return a cell's source with this id in its line `student = "…"`, if it has one."""
    return STUDENT.sub(lambda _: f"student = {_quoted(student)}", source)


def with_course(source: str, course: str) -> str:
    """Return a cell's source with this course in `course="…"`, if it names one."""
    return COURSE.sub(lambda _: f"course={_quoted(course)}", source)


def _quoted(text: str) -> str:
    """Return a string literal, in double quotes where no character needs an escape."""
    return f'"{text}"' if text.isprintable() and not set(text) & {'"', "\\"} else repr(text)


def bound(source: str) -> set[str]:
    """Return the names that a cell binds at its top level by = or def; none if it is not Python."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return set()
    assigned = {
        part.id
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for part in ast.walk(node)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    }
    return assigned | {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def last_bound(sources: list[str]) -> dict[str, str]:
    """Return for each name the last of these cells that bound it."""
    last: dict[str, str] = {}
    for source in sources:
        last.update(dict.fromkeys(bound(source), source.strip()))
    return last


def is_unwritten(source: str, name: str) -> bool:
    """Return whether a cell defines a function of this name in which a line is still `...`."""
    return bool(source) and any(
        isinstance(line, ast.Expr) and getattr(line.value, "value", None) is Ellipsis
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name == name
        for line in ast.walk(node)
    )


def without_outputs(notebook: dict) -> dict:
    """Return a notebook without outputs and execution counts: the grader runs it again."""
    cells = [
        {**cell, "outputs": [], "execution_count": None} if cell["cell_type"] == "code" else cell
        for cell in notebook["cells"]
    ]
    return {**notebook, "cells": cells}
