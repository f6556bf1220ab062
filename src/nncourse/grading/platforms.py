"""What the path of a file says on each learning platform: whose it is, and which attempt.

Known are the names of Moodle (one folder per student, or flat), of Canvas, and plain folders, where
each name is a student.
"""

import re
import unicodedata
from dataclasses import dataclass

MOODLE = re.compile(r"(.+?)_([0-9]{1,20})_assignsubmission_(?:file|onlinetext)_(.*)", re.S)
CANVAS = re.compile(r"([^_]+)_(LATE_)?([0-9]{1,20})_([0-9]{3,20})_(.+)", re.S)
CANVAS_ATTEMPT = re.compile(r"-([0-9]{1,4})(?=\.\w+$)")


@dataclass(frozen=True)
class Owner:
    """The student of a file: the platform's id, and the name beside it (untrusted text)."""

    platform_id: str
    name: str


@dataclass(frozen=True)
class Place:
    """What the path of a file says: its owner, its own name, its attempt, whether it is late."""

    owner: Owner
    file: str
    rank: tuple[int, int] = (0, 0)
    late: bool = False


def place(parts: tuple[str, ...]) -> Place:
    """Return the Place of a path; the outermost part that a platform has written decides."""
    *folders, file = (unicodedata.normalize("NFC", part) for part in parts)
    for folder in folders:
        moodle = MOODLE.fullmatch(folder)
        if moodle:
            return Place(Owner(moodle[2], moodle[1]), file)
    canvas, moodle = CANVAS.fullmatch(file), MOODLE.fullmatch(file)
    if canvas:
        name, late, user, number, file = canvas.groups()
        attempt = CANVAS_ATTEMPT.search(file)
        rank = (int(number), int(attempt[1]) if attempt else 0)
        return Place(Owner(user, name), file, rank, bool(late))
    if moodle:
        return Place(Owner(moodle[2], moodle[1]), moodle[3] or file)
    stem = file.rpartition(".")[0] or file
    return Place(Owner("", "/".join([*folders, stem])), file)


def is_student_folder(name: str) -> bool:
    """Return whether Moodle has made a folder of this name for one student."""
    return bool(MOODLE.fullmatch(name))
