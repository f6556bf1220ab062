"""Lists the entries of a folder or a zip of submissions, and reads them with a limit.

Nothing is unpacked or written, so no name can lead out of a folder. A symbolic link is never
followed, and what is neither a file nor a folder is never opened.
"""

import io
import os
import re
import stat
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

MAX_FILES = 100_000  # in the teacher's folder or zip
MAX_ENTRIES = 10_000  # in a student's zip
JUNK = {"__MACOSX", ".DS_Store", ".ipynb_checkpoints", "Thumbs.db", "desktop.ini"}
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENTRY_MARK = b"PK\x01\x02"  # the start of each entry in a zip's directory
DRIVE = re.compile(r"[A-Za-z]:")


class BadSource(ValueError):  # noqa: N818 (it says what is wrong)
    """Raised where the teacher's folder or zip cannot be read at all."""


class Refused(Exception):  # noqa: N818 (it is a verdict on a file)
    """Raised where a file is not read; the message continues a sentence after its name."""


@dataclass(frozen=True)
class ArchiveEntry:
    """A file or a folder in an archive: its path in parts, its time, how to read it."""

    parts: tuple[str, ...]
    when: tuple
    reader: Callable[[int], bytes]  # takes a limit in bytes; raises Refused
    fault: str = ""
    is_folder: bool = False

    @property
    def name(self) -> str:
        """Return the last part of the path."""
        return self.parts[-1]

    def read(self, limit: int) -> bytes:
        """Return the bytes, at most `limit` of them; raise Refused if they cannot be read."""
        if self.fault:
            raise Refused(self.fault)
        try:
            return self.reader(limit)
        except OSError as why:
            raise Refused(f"could not be read ({type(why).__name__})") from None


@contextmanager
def opened(source: str | Path, without: Path | None = None) -> Iterator[list[ArchiveEntry]]:
    """Give the entries of a folder or of a zip file; the subfolder `without` is left out."""
    source = Path(source)
    if source.is_dir():
        yield _listed(_in_folder(source, Path(without).resolve() if without else None), source)
    elif source.is_file():
        try:
            archive = zipfile.ZipFile(source)
        except (OSError, ValueError, zipfile.BadZipFile) as why:
            raise BadSource(f"{source.name} is not a readable zip: {why}.") from None
        with archive:
            yield _listed(_in_zip(archive), source)
    else:
        raise BadSource(f"{source} is neither a folder nor a zip: give the path of one.")


def _listed(entries: Iterable[ArchiveEntry], source: Path) -> list[ArchiveEntry]:
    """Return the entries without junk as a list; raise BadSource if there are too many."""
    found = []
    for entry in entries:
        if entry.parts and not is_junk(entry.parts):
            found.append(entry)
        if len(found) > MAX_FILES:
            raise BadSource(f"{source.name} contains more than {MAX_FILES} files: give fewer.")
    return found


def is_junk(parts: tuple[str, ...]) -> bool:
    """Return whether a path was left by an operating system rather than a student."""
    return any(part in JUNK or part.startswith("._") for part in parts)


def _in_folder(top: Path, without: Path | None) -> Iterator[ArchiveEntry]:
    """Yield the entries of a folder and its subfolders; links are listed, never followed."""
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        with os.scandir(folder) as children:
            for child in sorted(children, key=lambda child: child.name):
                path = Path(child.path)
                is_folder = child.is_dir(follow_symlinks=False)
                if is_folder and path.resolve() == without:
                    continue
                if is_folder:
                    waiting.append(path)
                yield _on_disk(path, path.relative_to(top).parts)


def _on_disk(path: Path, parts: tuple[str, ...]) -> ArchiveEntry:
    """Return the entry of a path."""
    status = path.lstat()
    fault = ""
    if stat.S_ISLNK(status.st_mode):
        fault = "is a symbolic link and was not followed"
    elif not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
        fault = "is not a plain file and was not opened"
    reader = partial(_read_plain, path)
    return ArchiveEntry(parts, (status.st_mtime_ns,), reader, fault, stat.S_ISDIR(status.st_mode))


def _read_plain(path: Path, limit: int) -> bytes:
    """Return the bytes of a plain file; refuse a link or a pipe that has replaced it."""
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise Refused("is not a plain file and was not opened")
        return _read_limited(file, limit)


def _read_limited(file: IO[bytes], limit: int) -> bytes:
    """Return all bytes of a file; raise Refused if it is empty or larger than the limit."""
    data = file.read(limit + 1)
    if not data:
        raise Refused("is empty")
    if len(data) > limit:
        raise Refused(f"is larger than {limit // 10**6} MB and was not read further")
    return data


def _in_zip(archive: zipfile.ZipFile) -> Iterator[ArchiveEntry]:
    """Yield the entries of an open zip."""
    for info in archive.infolist():
        name = _decoded_name(info)
        parts = tuple(part for part in name.replace("\\", "/").split("/") if part.strip(". "))
        reader = partial(_read_zipped, archive, info)
        yield ArchiveEntry(parts, info.date_time, reader, _fault(info, name), info.is_dir())


def entries_of_zip(data: bytes) -> list[ArchiveEntry]:
    """Return the files of a student's zip; raise Refused if it cannot be read."""
    if data.count(ENTRY_MARK) > MAX_ENTRIES:
        raise Refused(f"contains more than {MAX_ENTRIES} files and was not read")
    try:
        found = _in_zip(zipfile.ZipFile(io.BytesIO(data)))
        return [e for e in found if e.parts and not e.is_folder and not is_junk(e.parts)]
    except Exception as why:  # untrusted: zipfile may raise anything
        raise Refused(f"is not a readable zip ({type(why).__name__})") from None


def _decoded_name(info: zipfile.ZipInfo) -> str:
    """Return the name of an entry; many systems write UTF-8 without declaring it."""
    if not info.flag_bits & 0x800:
        try:
            return info.filename.encode("cp437").decode("utf-8")
        except UnicodeError:
            return info.filename
    return info.filename


def _fault(info: zipfile.ZipInfo, name: str) -> str:
    """Return why an entry of a zip is refused before it is opened, or an empty string."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    if ".." in re.split(r"[/\\]", name) or name[:1] in ("/", "\\") or DRIVE.match(name):
        return "has a path that leads out of its folder and was not read"
    if kind == stat.S_IFLNK:
        return "is a symbolic link and was not followed"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is not a plain file and was not opened"
    if info.flag_bits & 0x1:
        return "is encrypted and was not read"
    if info.compress_type not in METHODS:
        return "has an unsupported compression and was not read"
    return ""


def _read_zipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    """Return the bytes of an entry of a zip."""
    try:
        with archive.open(info) as file:
            return _read_limited(file, limit)
    except Refused:
        raise
    except Exception as why:  # untrusted: zipfile may raise anything
        raise Refused(f"is damaged in its zip ({type(why).__name__})") from None


def shown(text: str, limit: int = 80) -> str:
    """Return an untrusted name as one short line: NFC, without control and bidi characters."""
    text = unicodedata.normalize("NFC", text)
    kept = (c if unicodedata.category(c)[0] != "C" else " " if c.isspace() else "" for c in text)
    line = " ".join("".join(kept).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
