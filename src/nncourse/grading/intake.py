"""Takes what a learning platform gives, a folder or a zip, and finds one file a student.

Known are the names of Moodle (a folder a student, or flat), of Canvas, and plain folders, where
each name is a student. Of several files for one assignment the newest is taken, and a note says so.
What a stranger made is read by `pieces`; here it gets a name of ours and lies in the work folder.
"""

import hashlib
import json
import os
import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from nncourse.grading import archive
from nncourse.grading.archive import Refused, shown

LARGEST = 20_000_000  # bytes of a notebook
LARGEST_ZIP = 50_000_000  # bytes of a student's own zip
A_STUDENT = 150_000_000  # bytes read for one student, as files and out of zips
MOST_NOTES = 5

MOODLE = re.compile(r"(.+?)_([0-9]{1,20})_assignsubmission_(?:file|onlinetext)_(.*)", re.S)
CANVAS = re.compile(r"([^_]+)_(LATE_)?([0-9]{1,20})_([0-9]{3,20})_(.+)", re.S)
AGAIN = re.compile(r"-([0-9]{1,4})(?=\.\w+$)")


@dataclass(frozen=True)
class Submission:
    """One student's file for one assignment, as it goes to the sandbox."""

    key: str  # safe and stable for a file's name, unique in the run
    platform_id: str  # as the learning platform writes it, "" where there is none
    name: str  # what the platform calls the student; for the reports only, never logged
    assignment: str  # one of those that are graded, or ""
    path: Path  # a plain file in the work folder; it is there unless `digest` is empty
    digest: str  # SHA-256 of the file's bytes, "" where none could be read
    notes: tuple  # sentences for the report
    fault: str  # "" or one sentence why it cannot be graded at all


@dataclass(frozen=True)
class Owner:
    """Whose a file is: the platform's id, and the name that goes with it (in no Unicode form)."""

    platform_id: str
    name: str


@dataclass(frozen=True)
class Place:
    """What the name of a file says: whose it is, which resubmission, whether it is late."""

    owner: Owner
    file: str
    rank: tuple = (0, 0)
    late: bool = False


@dataclass(frozen=True)
class Candidate:
    """A notebook that could be read, or something like one, with the order of its handing in."""

    name: str
    data: bytes
    order: tuple
    late: bool
    assignment: str
    fault: str


def collect(source, work, sheet_names):
    """Return the Submissions of a folder or a zip, sorted by key; their files lie in `work`.

    Raises archive.BadSource where the source itself cannot be read.
    """
    work = Path(work)
    work.mkdir(parents=True, exist_ok=True)
    found = []
    with archive.opened(source, but=work) as listed:
        owners = _by_owner(listed)
        keys = _keys(owners)
        for owner, placed in owners.items():
            found += _submissions(owner, keys[owner], placed, work, sheet_names)
    return sorted(found, key=lambda submission: submission.key)


def place(parts):
    """Return the Place of a path; the outermost part that a platform has written decides."""
    *folders, file = (unicodedata.normalize("NFC", part) for part in parts)
    for folder in folders:
        moodle = MOODLE.fullmatch(folder)
        if moodle:
            return Place(Owner(moodle[2], moodle[1]), file)
    canvas, moodle = CANVAS.fullmatch(file), MOODLE.fullmatch(file)
    if canvas:
        name, late, user, handed_in, file = canvas.groups()
        again = AGAIN.search(file)
        return Place(
            Owner(user, name), file, (int(handed_in), int(again[1]) if again else 0), bool(late)
        )
    if moodle:
        return Place(Owner(moodle[2], moodle[1]), moodle[3] or file)
    stem = file.rpartition(".")[0] or file
    return Place(Owner("", "/".join([*folders, stem])), file)


def _by_owner(listed):
    """Return the (Place, Piece) of each Owner; a folder counts only where it names a student."""
    owners = defaultdict(list)
    for piece in listed:
        where = place(piece.parts)
        if not piece.folder:
            owners[where.owner].append((where, piece))
        elif where.owner.platform_id and MOODLE.fullmatch(piece.name):
            owners[where.owner] += []
    return owners


def _keys(owners):
    """Return a key for each Owner: id or name where that is safe and unique, else with a digest.

    Only digests have a ~ before them, so no name can be chosen to look like another's key.
    """
    slugs = {owner: _slug(owner.platform_id or owner.name) for owner in owners}
    often = Counter(slug for slug, _ in slugs.values())
    keys = {}
    for owner, (slug, faithful) in slugs.items():
        words = f"{owner.platform_id}\n{owner.name}".encode("utf-8", "surrogatepass")
        digest = hashlib.sha256(words).hexdigest()[:10]
        keys[owner] = slug if faithful and often[slug] == 1 else f"{slug}~{digest}"
    return keys


def _slug(name):
    """Return a name as a part of a file's name, and whether nothing was lost but capitals."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9._-]+", "_", plain).strip("._-")[:60].rstrip("._-") or "file"
    return slug, slug == name.lower()


def _submissions(owner, key, placed, work, sheet_names):
    """Return the Submissions of one Owner: one for each assignment, or one with a fault."""
    desk = _Desk(sheet_names)
    for where, piece in placed:
        desk.take(where, piece)
    groups = defaultdict(list)
    for candidate in sorted(desk.candidates, key=lambda candidate: candidate.order):
        groups[candidate.assignment].append(candidate)
    if len(groups) > 1:
        names = [candidate.name for candidate in groups.pop("", [])]
        desk.refused += [f"{name} belongs to no assignment that is graded here." for name in names]
    if not groups:
        return [_nothing(owner, key, desk, placed, work)]
    several = len(groups) > 1
    return [
        _chosen(owner, f"{key}~{name}" if several else key, group, desk.notes(), work)
        for name, group in groups.items()
    ]


def _nothing(owner, key, desk, placed, work):
    """Return the Submission of a student who handed in nothing that could be read."""
    fault = desk.refused.pop(0) if desk.refused else "No notebook was handed in."
    names = (_named(where.file, desk.sheet_names) for where, _ in placed)
    assignment = next((name for name in names if name), "")
    late = ["Handed in late."] if any(where.late for where, _ in placed) else []
    notes, path = (*late, *desk.notes()), work / f"{key}.ipynb"
    return Submission(key, owner.platform_id, _said(owner), assignment, path, "", notes, fault)


def _chosen(owner, key, group, notes, work):
    """Return the Submission of the newest sound file of a group, oldest first, and write it."""
    sound = [candidate for candidate in group if not candidate.fault]
    best, newest = (sound or group)[-1], group[-1]
    said = ["Handed in late."] if best.late else []
    if best is not newest:
        said.append(f"Of {len(group)} files {best.name} was taken; newer is this: {newest.fault}")
    elif len(group) > 1:
        said.append(f"{best.name} is the newest of {len(group)} files and was taken.")
    path, digest = work / f"{key}.ipynb", hashlib.sha256(best.data).hexdigest()
    _write(path, best.data)
    about = owner.platform_id, _said(owner), best.assignment
    return Submission(key, *about, path, digest, (*said, *notes), best.fault)


def _said(owner):
    """Return an owner's name for the reports; of a path in a plain folder its last part."""
    name = owner.name if owner.platform_id else owner.name.rpartition("/")[2]
    return shown(name) or "(no name)"


def _write(path, data):
    """Write a file whole or not at all."""
    new = path.with_name(path.name + ".new")
    new.write_bytes(data)
    os.replace(new, path)


class _Desk:
    """Reads the files of one student, never more than A_STUDENT bytes of them."""

    def __init__(self, sheet_names):
        self.sheet_names, self.left = list(sheet_names), A_STUDENT
        self.candidates, self.refused, self.others = [], [], []

    def take(self, where, piece):
        """Take a file: a notebook, a zip of notebooks, or something else."""
        kind = where.file.lower().rpartition(".")[2]
        if kind == "ipynb":
            self.notebook(where.file, (), piece, where, piece)
        elif kind == "zip":
            self.unzip(where, piece)
        elif piece.fault:
            self.refused.append(f"{shown(where.file)} {piece.fault}.")
        else:
            self.others.append(shown(where.file))

    def unzip(self, where, piece):
        """Take the notebooks of a student's own zip; a zip in it is one of the other files."""
        data = self.read(where.file, piece, LARGEST_ZIP)
        try:
            entries = archive.inside(data) if data else []
        except Refused as why:
            self.refused.append(f"{shown(where.file)} {why}.")
            return
        for entry in entries:
            if entry.name.lower().endswith(".ipynb"):
                self.notebook(entry.name, entry.when, entry, where, piece)
            else:
                self.others.append(shown(entry.name))

    def notebook(self, file, inner, entry, where, piece):
        """Take a notebook from a plain file, or from an entry of a zip."""
        data = self.read(file, entry, LARGEST)
        if data:
            order = (where.rank, piece.when, inner, _natural(file), hashlib.sha256(data).digest())
            about = _look(data, file, where.file, self.sheet_names)
            self.candidates.append(Candidate(shown(file), data, order, where.late, *about))

    def read(self, file, piece, limit):
        """Return the bytes of a file, or nothing and say why; what was tried counts as read."""
        try:
            if self.left < limit and not piece.fault:
                raise Refused("was not read: there is too much of this student already")
            data = piece.read(limit)
        except Refused as why:
            self.left -= 0 if piece.fault else min(limit, max(self.left, 0))
            self.refused.append(f"{shown(file)} {why}.")
            return b""
        self.left -= len(data)
        return data

    def notes(self):
        """Return sentences on what was not taken, a few of each sort."""
        said = self.refused[:MOST_NOTES]
        if len(self.refused) > MOST_NOTES:
            said.append(f"{len(self.refused) - MOST_NOTES} more files were not read.")
        if self.others:
            more = f" and {len(self.others) - 3} more" if len(self.others) > 3 else ""
            said.append(f"Not a notebook, and not read: {', '.join(self.others[:3])}{more}.")
        return said


def _natural(name):
    """Return a name in parts that sort as a person would: hw-9 before hw-10."""
    stem = name.rpartition(".")[0] or name
    parts = re.split(r"([0-9]{1,15})", stem)
    return tuple(int(part) if i % 2 else part for i, part in enumerate(parts))


def _look(data, file, outer, sheet_names):
    """Return (assignment, fault) of a notebook's bytes."""
    by_name = _named(file, sheet_names) or _named(outer, sheet_names)
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as why:
        return by_name, f"{shown(file)} is not a notebook that can be read ({type(why).__name__})."
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        return by_name, f"{shown(file)} is not a notebook: it has no list of cells."
    try:
        said = notebook["metadata"]["nnmaths"]["assignment"]
    except (KeyError, TypeError):
        said = ""
    return (said if said in sheet_names else by_name), ""


def _named(file, sheet_names):
    """Return the assignment whose name stands in a file's name, the longest such, or nothing."""
    found = [name for name in sheet_names if name.lower() in file.lower()]
    return max(found, key=len, default="")
