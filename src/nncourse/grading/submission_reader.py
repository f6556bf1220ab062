"""Reads all files of one student and finds the notebooks among them, within limits."""

import hashlib
import json
import re
from collections.abc import Collection
from dataclasses import dataclass

from nncourse.grading import archive
from nncourse.grading.archive import ArchiveEntry, Refused, shown
from nncourse.grading.platforms import Place
from nncourse.words import count

MAX_NOTEBOOK = 20_000_000  # bytes
MAX_ZIP = 50_000_000  # bytes of a student's own zip
MAX_STUDENT = 150_000_000  # bytes read for one student, as files and out of zips
MAX_REFUSED, MAX_OTHERS = 5, 3  # files that the notes name


@dataclass(frozen=True)
class Candidate:
    """A file that may be the submission, with the order in which the files were handed in."""

    name: str
    data: bytes
    order: tuple
    late: bool
    assignment: str
    fault: str


class SubmissionReader:
    """Reads the files of one student, never more than MAX_STUDENT bytes of them.

    `candidates` are the notebooks. `refused` has a sentence for each file that was not read, and
    `others` the names of files that are not notebooks.
    """

    def __init__(self, assignment_names: Collection[str]):
        self.assignment_names, self.bytes_left = list(assignment_names), MAX_STUDENT
        self.candidates: list[Candidate] = []
        self.refused: list[str] = []
        self.others: list[str] = []

    def take(self, where: Place, entry: ArchiveEntry) -> None:
        """Take a file: a notebook, a zip of notebooks, or something else."""
        kind = where.file.lower().rpartition(".")[2]
        if kind == "ipynb":
            self._take_notebook(where.file, (), entry, where, entry)
        elif kind == "zip":
            self._take_zip(where, entry)
        elif entry.fault:
            self.refused.append(f"{shown(where.file)} {entry.fault}.")
        else:
            self.others.append(shown(where.file))

    def _take_zip(self, where: Place, entry: ArchiveEntry) -> None:
        """Take the notebooks of a student's own zip; a zip inside it is not opened."""
        data = self._read(where.file, entry, MAX_ZIP)
        try:
            inner_entries = archive.entries_of_zip(data) if data else []
        except Refused as why:
            self.refused.append(f"{shown(where.file)} {why}.")
            return
        for inner in inner_entries:
            if inner.name.lower().endswith(".ipynb"):
                self._take_notebook(inner.name, inner.when, inner, where, entry)
            else:
                self.others.append(shown(inner.name))

    def _take_notebook(
        self, file: str, inner_time: tuple, entry: ArchiveEntry, where: Place, outer: ArchiveEntry
    ) -> None:
        """Take a notebook from a plain file, or from an entry of a zip."""
        data = self._read(file, entry, MAX_NOTEBOOK)
        if data:
            digest = hashlib.sha256(data).digest()
            order = (where.rank, outer.when, inner_time, _natural(file), digest)
            about = _examine(data, file, where.file, self.assignment_names)
            self.candidates.append(Candidate(shown(file), data, order, where.late, *about))

    def _read(self, file: str, entry: ArchiveEntry, limit: int) -> bytes:
        """Return the bytes of a file, or none and note why; a failed attempt counts as read."""
        try:
            if self.bytes_left < limit and not entry.fault:
                raise Refused("was not read: this student's other files are too large already")
            data = entry.read(limit)
        except Refused as why:
            self.bytes_left -= 0 if entry.fault else min(limit, max(self.bytes_left, 0))
            self.refused.append(f"{shown(file)} {why}.")
            return b""
        self.bytes_left -= len(data)
        return data

    def notes(self) -> list[str]:
        """Return sentences on the files that were not taken, a few of each sort."""
        notes = self.refused[:MAX_REFUSED]
        if more := len(self.refused[MAX_REFUSED:]):
            notes.append(f"{count(more, 'more file was', 'more files were')} not read.")
        if self.others:
            more = len(self.others[MAX_OTHERS:])
            listed = ", ".join(self.others[:MAX_OTHERS]) + (f" and {more} more" if more else "")
            notes.append(f"Not a notebook, and not read: {listed}.")
        return notes


def _natural(name: str) -> tuple:
    """Return the parts of a name for a natural sort: hw-9 before hw-10."""
    stem = name.rpartition(".")[0] or name
    parts = re.split(r"([0-9]{1,15})", stem)
    return tuple(int(part) if i % 2 else part for i, part in enumerate(parts))


def _examine(
    data: bytes, file: str, outer: str, assignment_names: Collection[str]
) -> tuple[str, str]:
    """Return (assignment, fault) of a notebook's bytes."""
    by_name = assignment_in(file, assignment_names) or assignment_in(outer, assignment_names)
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as why:
        return by_name, f"{shown(file)} is not a readable notebook ({type(why).__name__})."
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        return by_name, f"{shown(file)} is not a notebook: it has no list of cells."
    try:
        stated = notebook["metadata"]["nnmaths"]["assignment"]
    except (KeyError, TypeError):
        stated = ""
    return (stated if stated in assignment_names else by_name), ""


def assignment_in(file: str, assignment_names: Collection[str]) -> str:
    """Return the longest assignment name that a file's name contains, or an empty string."""
    found = [name for name in assignment_names if name.lower() in file.lower()]
    return max(found, key=len, default="")
