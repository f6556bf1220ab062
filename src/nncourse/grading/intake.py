"""From a learning platform's folder or zip to one file per student and assignment.

Of several files for one assignment the newest is taken, with a note. Untrusted files are read by
`archive`; here each gets a safe name in the work folder.
"""

import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from nncourse import files
from nncourse.grading import archive
from nncourse.grading.archive import ArchiveEntry, shown
from nncourse.grading.platforms import Owner, Place, is_student_folder, place
from nncourse.grading.submission_reader import Candidate, SubmissionReader, assignment_in

Placed = list[tuple[Place, ArchiveEntry]]
LATE = "Handed in late."


@dataclass(frozen=True)
class Submission:
    """One student's file for one assignment, as it goes to the sandbox."""

    key: str  # safe and stable as a file name, unique in the run
    platform_id: str  # as the learning platform writes it, "" where there is none
    name: str  # what the platform calls the student; for the reports only, never logged
    assignment: str  # one of the graded assignments, or ""
    path: Path  # a plain file in the work folder; it exists unless `digest` is empty
    digest: str  # SHA-256 of the file's bytes, "" where none could be read
    notes: tuple[str, ...]  # sentences for the report
    fault: str  # "" or one sentence why it cannot be graded at all


def collect(
    source: str | Path, work: str | Path, assignment_names: Collection[str]
) -> list[Submission]:
    """Return the Submissions of a folder or a zip, sorted by key; their files are in `work`.

    Raises archive.BadSource where the source itself cannot be read.
    """
    work = Path(work)
    work.mkdir(parents=True, exist_ok=True)
    found = []
    with archive.opened(source, without=work) as entries:
        owners = _by_owner(entries)
        keys = keys_of(owners)
        for owner, placed in owners.items():
            found += _submissions(owner, keys[owner], placed, work, assignment_names)
    return sorted(found, key=lambda submission: submission.key)


def _by_owner(entries: Iterable[ArchiveEntry]) -> dict[Owner, Placed]:
    """Return the placed files of each Owner; a folder counts only if it belongs to a student."""
    owners: dict[Owner, Placed] = defaultdict(list)
    for entry in entries:
        where = place(entry.parts)
        if not entry.is_folder:
            owners[where.owner].append((where, entry))
        elif where.owner.platform_id and is_student_folder(entry.name):
            owners[where.owner] += []
    return owners


def keys_of(owners: Collection[Owner]) -> dict[Owner, str]:
    """Return a key for each Owner: id or name where that is safe and unique, else with a digest.

    Only digests follow a ~, so no name can be chosen to look like another's key.
    """
    slugs = {owner: _slug(owner.platform_id or owner.name) for owner in owners}
    often = Counter(slug for slug, _ in slugs.values())
    keys = {}
    for owner, (slug, faithful) in slugs.items():
        words = f"{owner.platform_id}\n{owner.name}".encode("utf-8", "surrogatepass")
        digest = hashlib.sha256(words).hexdigest()[:10]
        keys[owner] = slug if faithful and often[slug] == 1 else f"{slug}~{digest}"
    return keys


def _slug(name: str) -> tuple[str, bool]:
    """Return a name as part of a file name, and whether it differs in capitals at most."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9._-]+", "_", plain).strip("._-")[:60].rstrip("._-") or "file"
    return slug, slug == name.lower()


def _submissions(
    owner: Owner, key: str, placed: Placed, work: Path, assignment_names: Collection[str]
) -> list[Submission]:
    """Return the Submissions of one Owner: one for each assignment, or one with a fault."""
    reader = SubmissionReader(assignment_names)
    for where, entry in placed:
        reader.take(where, entry)
    groups: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in sorted(reader.candidates, key=lambda candidate: candidate.order):
        groups[candidate.assignment].append(candidate)
    if len(groups) > 1:
        names = [candidate.name for candidate in groups.pop("", [])]
        reader.refused += [f"{name} does not belong to a graded assignment." for name in names]
    if not groups:
        return [_without_notebook(owner, key, reader, placed, work)]
    several = len(groups) > 1
    return [
        _newest(owner, f"{key}~{name}" if several else key, group, reader.notes(), work)
        for name, group in groups.items()
    ]


def _without_notebook(
    owner: Owner, key: str, reader: SubmissionReader, placed: Placed, work: Path
) -> Submission:
    """Return the Submission of a student who handed in no readable notebook."""
    fault = reader.refused.pop(0) if reader.refused else "No notebook was handed in."
    names = (assignment_in(where.file, reader.assignment_names) for where, _ in placed)
    assignment = next((name for name in names if name), "")
    late = [LATE] if any(where.late for where, _ in placed) else []
    notes, path = (*late, *reader.notes()), work / f"{key}.ipynb"
    return Submission(key, owner.platform_id, shown_name(owner), assignment, path, "", notes, fault)


def _newest(
    owner: Owner, key: str, group: list[Candidate], notes: Iterable[str], work: Path
) -> Submission:
    """Return the Submission of the newest sound file of a group, oldest first, and write it."""
    sound = [candidate for candidate in group if not candidate.fault]
    best, newest = (sound or group)[-1], group[-1]
    why = [LATE] if best.late else []
    if best is not newest:
        why.append(f"Of {len(group)} files {best.name} was taken. A newer one: {newest.fault}")
    elif len(group) > 1:
        why.append(f"{best.name} is the newest of {len(group)} files and was taken.")
    path, digest = work / f"{key}.ipynb", hashlib.sha256(best.data).hexdigest()
    files.write_bytes(path, best.data)
    about = owner.platform_id, shown_name(owner), best.assignment
    return Submission(key, *about, path, digest, (*why, *notes), best.fault)


def shown_name(owner: Owner) -> str:
    """Return an owner's name for the reports; of a path in a plain folder its last part."""
    name = owner.name if owner.platform_id else owner.name.rpartition("/")[2]
    return shown(name) or "(no name)"
