"""What lies in a folder or a zip of submissions, named but not yet read, and never unpacked.

Every file that a stranger made is read here, with a limit on the bytes that come out. Nothing is
written, so no name can lead out of a folder; a symbolic link is never followed, and what is neither
a file nor a folder is never opened.
"""

import io
import os
import re
import stat
import unicodedata
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

MOST_FILES = 100_000  # in what the teacher gives
MOST_ENTRIES = 10_000  # in a zip that a student made
JUNK = {"__MACOSX", ".DS_Store", ".ipynb_checkpoints", "Thumbs.db", "desktop.ini"}
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
CENTRAL = b"PK\x01\x02"  # what each entry of a zip's directory begins with
DRIVE = re.compile(r"[A-Za-z]:")


class BadSource(ValueError):  # noqa: N818 (it says what is wrong)
    """Raised where what the teacher gave cannot be read at all."""


class Refused(Exception):  # noqa: N818 (it is a verdict on a file)
    """Raised where a file is not read; the message ends the sentence that its name begins."""


@dataclass(frozen=True)
class Piece:
    """A file or a folder as it was found: its path in parts, its time, how to read it."""

    parts: tuple
    when: tuple
    reader: object  # of a limit in bytes; raises Refused
    fault: str = ""
    folder: bool = False

    @property
    def name(self):
        """Return the last part of the path."""
        return self.parts[-1]

    def read(self, limit):
        """Return the bytes, at most so many; raise Refused where they are not to be had."""
        if self.fault:
            raise Refused(self.fault)
        try:
            return self.reader(limit)
        except OSError as why:
            raise Refused(f"could not be read ({type(why).__name__})") from None


@contextmanager
def opened(source, but=None):
    """Give the Pieces of a folder or of a zip file; a folder `but` inside it is left out."""
    source = Path(source)
    if source.is_dir():
        yield _counted(_in_folder(source, Path(but).resolve() if but else None), source)
    elif source.is_file():
        try:
            archive = zipfile.ZipFile(source)
        except (OSError, ValueError, zipfile.BadZipFile) as why:
            raise BadSource(f"{source.name} is not a zip that can be read: {why}.") from None
        with archive:
            yield _counted(in_zip(archive), source)
    else:
        raise BadSource(f"{source} is neither a folder nor a zip: give the path of one.")


def _counted(pieces, source):
    """Return the pieces that are no junk as a list; raise BadSource if there are too many."""
    found = []
    for piece in pieces:
        if piece.parts and not is_junk(piece.parts):
            found.append(piece)
        if len(found) > MOST_FILES:
            raise BadSource(f"{source.name} holds more than {MOST_FILES} files: give fewer.")
    return found


def is_junk(parts):
    """Return whether a path is what a system leaves behind, and no work of a student."""
    return any(part in JUNK or part.startswith("._") for part in parts)


def _in_folder(top, but):
    """Yield the Pieces of a folder and of the folders in it; links are named, never followed."""
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                path = Path(entry.path)
                inner = entry.is_dir(follow_symlinks=False)
                if inner and path.resolve() == but:
                    continue
                if inner:
                    waiting.append(path)
                yield _on_disk(path, path.relative_to(top).parts)


def _on_disk(path, parts):
    """Return the Piece of a path."""
    about = path.lstat()
    fault = ""
    if stat.S_ISLNK(about.st_mode):
        fault = "is a symbolic link and was not followed"
    elif not stat.S_ISREG(about.st_mode) and not stat.S_ISDIR(about.st_mode):
        fault = "is not a plain file and was not opened"
    reader = partial(_read_plain, path)
    return Piece(parts, (about.st_mtime_ns,), reader, fault, stat.S_ISDIR(about.st_mode))


def _read_plain(path, limit):
    """Return the bytes of a plain file; a link or a pipe put in its place is not read."""
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise Refused("is not a plain file and was not opened")
        return _at_most(file, limit)


def _at_most(file, limit):
    """Return all bytes of a file; raise Refused if there are none, or more than the limit."""
    data = file.read(limit + 1)
    if not data:
        raise Refused("is empty")
    if len(data) > limit:
        raise Refused(f"holds more than {limit // 10**6} MB and was not read further")
    return data


def in_zip(archive):
    """Yield the Pieces of an open zip."""
    for info in archive.infolist():
        name = _name(info)
        parts = tuple(part for part in name.replace("\\", "/").split("/") if part.strip(". "))
        reader = partial(_read_entry, archive, info)
        yield Piece(parts, info.date_time, reader, _entry_fault(info, name), info.is_dir())


def inside(data):
    """Return the Pieces of a zip that a student made; raise Refused if it cannot be read."""
    if data.count(CENTRAL) > MOST_ENTRIES:
        raise Refused(f"holds more than {MOST_ENTRIES} files and was not read")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        return [p for p in in_zip(archive) if p.parts and not p.folder and not is_junk(p.parts)]
    except Exception as why:  # a stranger made it: whatever zipfile stumbles over
        raise Refused(f"is not a zip that can be read ({type(why).__name__})") from None


def _name(info):
    """Return the name of an entry; many a system writes UTF-8 without saying so."""
    if not info.flag_bits & 0x800:
        try:
            return info.filename.encode("cp437").decode("utf-8")
        except UnicodeError:
            return info.filename
    return info.filename


def _entry_fault(info, name):
    """Return why an entry of a zip is refused before it is opened, or nothing."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    if ".." in re.split(r"[/\\]", name) or name[:1] in ("/", "\\") or DRIVE.match(name):
        return "has a name that leads out of its folder and was not read"
    if kind == stat.S_IFLNK:
        return "is a symbolic link and was not followed"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is not a plain file and was not opened"
    if info.flag_bits & 0x1:
        return "is encrypted and was not read"
    if info.compress_type not in METHODS:
        return "is packed in an unusual way and was not read"
    return ""


def _read_entry(archive, info, limit):
    """Return the bytes of an entry of a zip."""
    try:
        with archive.open(info) as file:
            return _at_most(file, limit)
    except Refused:
        raise
    except Exception as why:  # a stranger made it: whatever zipfile stumbles over
        raise Refused(f"is broken in its zip ({type(why).__name__})") from None


def shown(text, limit=80):
    """Return a stranger's name as one short line: composed, without marks that turn or hide it."""
    text = unicodedata.normalize("NFC", text)
    kept = (c if unicodedata.category(c)[0] != "C" else " " if c.isspace() else "" for c in text)
    line = " ".join("".join(kept).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
