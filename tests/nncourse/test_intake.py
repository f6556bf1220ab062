"""Intake finds one file per student; a hostile file is harmless and affects nobody else."""

import io
import json
import os
import socket
import stat
import struct
import unicodedata
import zipfile
import zlib

import hypothesis.strategies as st
import pytest
from hypothesis import given

from nncourse.grading import archive, intake, platforms, submission_reader

ASSIGNMENTS = ["05_cost", "06_backpropagation"]
SIX = "06_backpropagation"
ADA = "Ada Lovelace_1234567_assignsubmission_file_"
BOB = "Bob Bell_7654321_assignsubmission_file_"


def notebook(mark="", assignment=SIX):
    """Return the bytes of a notebook that says which assignment it is."""
    metadata = {"nnmaths": {"assignment": assignment}} if assignment else {}
    cells = [{"cell_type": "code", "source": mark, "metadata": {}, "outputs": []}]
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4}).encode()


def zipped(entries):
    """Return the bytes of a zip of (name or ZipInfo, bytes) pairs."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return file.getvalue()


def entry(name, day=1, mode=0):
    """Return the ZipInfo of an entry written on a day of May."""
    info = zipfile.ZipInfo(name, (2026, 5, day, 12, 0, 0))
    info.external_attr = mode << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def lay(folder, files):
    """Write files by their relative paths, each a minute newer than the one before."""
    for i, (name, data) in enumerate(files.items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (60 * i, 60 * i))
    return folder


@pytest.fixture
def collect(tmp_path):
    """Return a function from files, or from the bytes of a zip, to Submissions by their keys."""

    def run(given):
        source = tmp_path / "given"
        if isinstance(given, bytes):
            source.write_bytes(given)
        else:
            source.mkdir()
            lay(source, given)
        return by_key(intake.collect(source, tmp_path / "work", ASSIGNMENTS))

    return run


def by_key(found):
    """Return Submissions by their keys; each key must be there once, in order, and be safe."""
    keys = [submission.key for submission in found]
    assert keys == sorted(set(keys))
    assert all(key.isascii() and "/" not in key and key.strip(".") for key in keys)
    return {submission.key: submission for submission in found}


def only(found):
    """Return the one Submission that there is."""
    (submission,) = found.values()
    return submission


# The forms of platforms


@pytest.mark.parametrize("name", [f"{ADA}/hw.ipynb", f"{ADA}hw.ipynb", f"hand-ins/{ADA}/hw.ipynb"])
@pytest.mark.parametrize("as_zip", [False, True])
def test_moodle_in_both_forms(collect, name, as_zip):
    found = only(collect(zipped([(name, notebook())]) if as_zip else {name: notebook()}))
    assert (found.key, found.platform_id, found.name) == ("1234567", "1234567", "Ada Lovelace")
    assert (found.assignment, found.fault, found.notes) == (SIX, "", ())
    assert found.path.read_bytes() == notebook()


def test_canvas_takes_the_highest_submission_and_its_resubmissions(collect):
    names = ["22222_hw-2", "22222_hw-10", "22222_hw", "21111_hw-99"]
    found = only(collect({f"lovelaceada_11111_{n}.ipynb": notebook(n) for n in names}))
    assert (found.key, found.name) == ("11111", "lovelaceada")
    assert found.path.read_bytes() == notebook("22222_hw-10")
    assert found.notes == ("hw-10.ipynb is the newest of 4 files and was taken.",)


def test_canvas_late_is_noted(collect):
    found = only(collect({"lovelaceada_LATE_11111_22222_hw.ipynb": notebook()}))
    assert found.notes == ("Handed in late.",)
    assert found.key == "11111"


def test_a_plain_folder_has_a_student_for_each_name(collect):
    found = collect({f"{SIX}-ada-hand-in.ipynb": notebook(), "sub/Zoë.ipynb": notebook("2")})
    assert [s.name for s in found.values()] == [f"{SIX}-ada-hand-in", "Zoë"]
    assert next(iter(found)) == f"{SIX}-ada-hand-in"


@pytest.mark.parametrize("platform", [f"{ADA}/", "lovelaceada_11111_22222_", ""])
def test_a_zip_of_the_student_is_opened(collect, platform):
    inner = zipped([("work/hw.ipynb", notebook("in")), ("work/data.csv", b"1,2")])
    found = only(collect({f"{platform}mine.zip": inner}))
    assert found.path.read_bytes() == notebook("in")
    assert found.notes == ("Not a notebook, and not read: data.csv.",)


def test_a_zip_and_a_notebook_of_one_name_are_one_student(collect):
    found = only(collect({"ada.ipynb": notebook("a"), "ada.zip": zipped([("x.ipynb", b"{}")])}))
    assert found.path.read_bytes() == notebook("a")


# Which file, which assignment


def test_the_newest_by_time_wins_in_a_folder(collect):
    found = only(collect({f"{ADA}/b.ipynb": notebook("old"), f"{ADA}/a.ipynb": notebook("new")}))
    assert found.path.read_bytes() == notebook("new")
    assert found.notes == ("a.ipynb is the newest of 2 files and was taken.",)


def test_the_newest_by_time_wins_in_a_zip(collect):
    pairs = [(entry(f"{ADA}/a.ipynb", 9), notebook("new")), (entry(f"{ADA}/b.ipynb", 8), b"{}")]
    assert only(collect(zipped(pairs))).path.read_bytes() == notebook("new")


def test_names_decide_between_files_of_one_time(collect):
    names = ["hw (9)", "hw (10)", "hw"]
    pairs = [(entry(f"{ADA}/{name}.ipynb"), notebook(name)) for name in names]
    assert only(collect(zipped(pairs))).path.read_bytes() == notebook("hw (10)")


def test_a_broken_newest_file_does_not_cost_the_sound_one(collect):
    found = only(collect({f"{ADA}/a.ipynb": notebook("a"), f"{ADA}/{SIX}.ipynb": b"{"}))
    assert found.path.read_bytes() == notebook("a")
    assert found.fault == ""
    assert found.notes[0].startswith("Of 2 files a.ipynb was taken. A newer one: 06_back")


def test_two_assignments_are_two_submissions_and_a_stranger_is_noted(collect):
    files = {"5": notebook(assignment="05_cost"), "6": notebook(), "x": notebook(assignment="99")}
    found = collect({f"{ADA}/{name}.ipynb": data for name, data in files.items()})
    assert list(found) == ["1234567~05_cost", f"1234567~{SIX}"]
    notes = {submission.notes for submission in found.values()}
    assert notes == {("x.ipynb does not belong to a graded assignment.",)}


@pytest.mark.parametrize(
    ("name", "message", "assignment"),
    [
        ("hw", "05_cost", "05_cost"),
        ("06_Backpropagation-1", None, SIX),
        (SIX, "../../05_cost", SIX),
        (SIX, ["05_cost"], SIX),
        ("hw", None, ""),
    ],
)
def test_the_assignment_is_one_of_those_that_are_graded(collect, name, message, assignment):
    found = only(collect({f"{name}.ipynb": notebook(assignment=message)}))
    assert (found.assignment, found.fault) == (assignment, "")


def test_other_files_are_noted_for_their_student_and_junk_is_not(collect):
    junk = [f"__MACOSX/{ADA}/._hw.ipynb", f"{ADA}/.DS_Store", f"{ADA}/._hw.ipynb"]
    junk += [f"{ADA}/.ipynb_checkpoints/hw-checkpoint.ipynb"]
    others = [f"{ADA}/{letter}.pdf" for letter in "abcde"]
    found = only(collect(dict.fromkeys([*junk, *others, f"{ADA}/hw.ipynb"], notebook())))
    assert found.notes == ("Not a notebook, and not read: a.pdf, b.pdf, c.pdf and 2 more.",)


@pytest.mark.parametrize("files", [{f"{ADA}/a.pdf": b"%"}, {f"{ADA}/a.zip": zipped([])}])
def test_no_notebook_is_a_fault_of_that_student(collect, files):
    found = only(collect(files))
    assert (found.key, found.digest) == ("1234567", "")
    assert found.fault == "No notebook was handed in."


def test_an_empty_folder_of_a_student_is_a_fault(collect):
    assert only(collect(zipped([(f"{ADA}/", b"")]))).fault == "No notebook was handed in."


# Names


def test_keys_are_the_same_in_any_order_of_files(tmp_path):
    names = ["ada.ipynb", "Ada.ipynb", "Zoë M.ipynb", "a/hw.ipynb", "b/hw.ipynb", f"{ADA}x.ipynb"]
    runs = []
    for i, order in enumerate([names, names[::-1]]):
        source = lay(tmp_path / f"given{i}", dict.fromkeys(order, notebook()))
        runs.append(by_key(intake.collect(source, tmp_path / f"work{i}", ASSIGNMENTS)))
    assert list(runs[0]) == list(runs[1])
    assert len(runs[0]) == 6


def test_a_student_cannot_take_the_place_of_another(collect):
    thieves = [
        f"{ADA}/{BOB}/hw.ipynb",
        f"{ADA}/bellbob_7654321_99999_hw.ipynb",
        f"lovelaceada_11111_22222_{BOB}hw.ipynb",
    ]
    found = collect({**dict.fromkeys(thieves, notebook("theft")), f"{BOB}hw.ipynb": notebook()})
    assert set(found) == {"1234567", "11111", "7654321"}
    assert found["7654321"].path.read_bytes() == notebook()
    assert found["7654321"].notes == ()


def test_a_name_cannot_be_chosen_to_have_the_key_of_another(collect, tmp_path):
    first = only(collect({"Zoë.ipynb": notebook()}))
    files = {"Zoë.ipynb": notebook(), f"{first.key}.ipynb": notebook("theft")}
    found = by_key(intake.collect(lay(tmp_path / "2", files), tmp_path / "work2", ASSIGNMENTS))
    assert len(found) == 2
    assert found[first.key].name == "Zoë"


def test_composed_and_decomposed_names_are_one_student(collect):
    forms = [unicodedata.normalize(form, "Zoë Ångström") for form in ("NFC", "NFD")]
    pairs = [(f"{name}_12_assignsubmission_file_/hw.ipynb", notebook()) for name in forms]
    found = only(collect(zipped(pairs)))
    assert found.name == forms[0]
    assert "newest of 2" in found.notes[0]


@pytest.mark.parametrize(
    "name",
    ["\u202etset\u202c", "🧮🎓", "new\nline", "…", " ", "-rf", "'; DROP", "a" * 5000, "\ud800"],
)
def test_odd_names_are_graded_under_a_plain_key(tmp_path, name):
    place = platforms.place((f"{name}.ipynb",))
    (key,) = intake.keys_of([place.owner]).values()
    assert key.isascii()
    assert key.isprintable()
    assert len(key) < 80
    assert not key.startswith(("-", "."))
    message = intake.shown_name(place.owner)
    assert message.encode()
    assert message.isprintable()


def test_a_name_that_is_not_unicode_is_taken_from_a_folder(collect, tmp_path):
    try:
        (tmp_path / os.fsdecode(b"f\xe9.ipynb")).write_bytes(notebook())
    except OSError:
        pytest.skip("this file system has only names in Unicode")
    source = tmp_path / "odd"
    source.mkdir()
    os.rename(tmp_path / os.fsdecode(b"f\xe9.ipynb"), source / os.fsdecode(b"f\xe9.ipynb"))
    (found,) = intake.collect(source, tmp_path / "work", ASSIGNMENTS)
    assert found.name == "f"
    assert found.fault == ""


def test_utf8_that_a_zip_does_not_declare_is_read(collect):
    data = zipped([(f"Zoë {ADA}/hw.ipynb", notebook())])
    plain = bytearray(data)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.index(mark) + at
        flags = struct.unpack_from("<H", plain, start)[0] & ~0x800
        struct.pack_into("<H", plain, start, flags)
    assert only(collect(bytes(plain))).name == "Zoë Ada Lovelace"


# Hostile files: a fault of their student, and the neighbour is unaffected


def beside(collect, data, name="hw.ipynb"):
    """Return Ada's Submission of hostile bytes, having seen that Bob's is untouched."""
    found = collect({f"{ADA}/{name}": data, f"{BOB}/hw.ipynb": notebook("bob")})
    assert set(found) == {"1234567", "7654321"}
    bob = found["7654321"]
    assert (bob.fault, bob.notes, bob.path.read_bytes()) == ("", (), notebook("bob"))
    return found["1234567"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b"{", "not a readable notebook (JSONDecodeError)"),
        (b"\xff\xfe\x00", "(UnicodeDecodeError)"),
        (b"[" * 100_000, "not a readable notebook"),
        (b"1" * 10_000, "not a readable notebook"),
        (b"[1]", "no list of cells"),
        (b'{"cells": [3]}', "no list of cells"),
    ],
)
def test_what_is_not_a_notebook_is_a_fault(collect, data, message):
    found = beside(collect, data)
    assert message in found.fault
    assert found.fault.endswith(".")


def test_a_notebook_beyond_the_limit_is_a_fault(collect, tmp_path, monkeypatch):
    monkeypatch.setattr(submission_reader, "MAX_NOTEBOOK", 2_000_000)
    assert "larger than 2 MB" in beside(collect, b" " * 2_000_001).fault


def test_a_byte_order_mark_is_accepted(collect):
    assert beside(collect, b"\xef\xbb\xbf" + notebook()).fault == ""


def fifo(path):
    os.mkfifo(path)


def local_socket(path):
    with socket.socket(socket.AF_UNIX) as end:
        end.bind(str(path))


def link_to_secret(path):
    path.symlink_to(path.parents[2] / "secret.ipynb")


def link_to_folder(path):
    path.symlink_to(path.parents[2], target_is_directory=True)


def link_to_itself(path):
    path.symlink_to(path)


@pytest.mark.parametrize("name", ["hw.ipynb", "hw.zip", "hw"])
@pytest.mark.parametrize(
    "make", [fifo, local_socket, link_to_secret, link_to_folder, link_to_itself]
)
def test_links_and_special_files_are_refused_in_a_folder(tmp_path, monkeypatch, make, name):
    (tmp_path / "secret.ipynb").write_bytes(notebook("secret"))
    source = lay(tmp_path / "given", {f"{BOB}/hw.ipynb": notebook("bob")})
    (source / ADA).mkdir()
    monkeypatch.chdir(source / ADA)  # a socket's name must be short
    make(source / ADA / name if make is not local_socket else type(source)(name))
    found = by_key(intake.collect(source, tmp_path / "work", ASSIGNMENTS))
    assert found["1234567"].fault.startswith(f"{name} is ")
    assert found["7654321"].fault == ""
    assert len(list((tmp_path / "work").iterdir())) == 1


def test_a_link_as_a_students_whole_folder_is_refused(tmp_path):
    lay(tmp_path / "secret", {"hw.ipynb": notebook("secret")})
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / ADA).symlink_to(tmp_path / "secret", target_is_directory=True)
    (found,) = intake.collect(tmp_path / "given", tmp_path / "work", ASSIGNMENTS)
    assert "is a symbolic link" in found.fault


def test_a_link_put_in_the_place_of_a_file_is_not_followed(tmp_path):
    (tmp_path / "secret.ipynb").write_bytes(notebook("secret"))
    path = lay(tmp_path / "given", {"hw.ipynb": notebook()}) / "hw.ipynb"
    with archive.opened(tmp_path / "given") as (entry,):
        path.unlink()
        path.symlink_to(tmp_path / "secret.ipynb")
        with pytest.raises(archive.Refused, match="could not be read"):
            entry.read(1000)


CLIMBING = ["../x.ipynb", "/x.ipynb", "..\\x.ipynb", "\\x.ipynb", "C:\\x.ipynb", "C:x.ipynb"]
CLIMBING += ["a/../../x.ipynb", "a\\..\\..\\x.ipynb"]


@pytest.mark.parametrize("name", CLIMBING)
def test_a_students_zip_with_path_traversal_is_refused(collect, tmp_path, name):
    found = beside(collect, zipped([(name, notebook())]), "hw.zip")
    assert "x.ipynb has a path that leads out of its folder" in found.fault
    files = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert files == {"hw.zip", "hw.ipynb", "7654321.ipynb"}


@pytest.mark.parametrize("name", [f"../{ADA}/x.ipynb", f"{ADA}/../../x.ipynb", f"/{ADA}x.ipynb"])
def test_path_traversal_in_a_platforms_zip_is_refused_for_its_student(collect, name):
    found = collect(zipped([(name, notebook()), (f"{BOB}/x.ipynb", notebook("bob"))]))
    assert "leads out of its folder" in found["1234567"].fault
    assert found["7654321"].fault == ""


def test_a_traversing_entry_does_not_cost_the_honest_one_beside_it(collect):
    found = beside(collect, zipped([("../x.ipynb", b"{}"), ("y.ipynb", notebook("y"))]), "hw.zip")
    assert found.fault == ""
    assert "leads out" in found.notes[0]


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (stat.S_IFLNK, "a symbolic link and was not followed"),
        (stat.S_IFIFO, "not a plain file and was not opened"),
        (stat.S_IFCHR, "not a plain file and was not opened"),
    ],
)
def test_links_and_devices_in_a_zip_are_refused(collect, kind, message):
    data = zipped([(entry("hw.ipynb", mode=kind | 0o777), b"/etc/passwd")])
    assert beside(collect, data, "hw.zip").fault == f"hw.ipynb is {message}."


@pytest.mark.parametrize("as_zip", [False, True])
def test_a_bomb_is_read_up_to_the_limit_only(collect, monkeypatch, as_zip):
    bomb = zipped([("bomb.ipynb", bytes(submission_reader.MAX_NOTEBOOK + 1))])
    if not as_zip:
        return assert_bomb(beside(collect, bomb, "hw.zip"))
    bomb = zipped([(f"{ADA}/bomb.ipynb", bytes(submission_reader.MAX_NOTEBOOK + 1))])
    return assert_bomb(only(collect(bomb)))


def assert_bomb(found):
    assert found.fault == "bomb.ipynb is larger than 20 MB and was not read further."


def test_what_is_read_for_one_student_has_a_limit(collect, monkeypatch):
    monkeypatch.setattr(submission_reader, "MAX_NOTEBOOK", 1_000_000)
    monkeypatch.setattr(submission_reader, "MAX_ZIP", 1_000_000)
    monkeypatch.setattr(submission_reader, "MAX_STUDENT", 5_000_000)
    read = []
    read_limited = archive._read_limited
    monkeypatch.setattr(
        archive, "_read_limited", lambda f, limit: read.append(1) or read_limited(f, limit)
    )
    bomb = zipped([(f"{i}.ipynb", bytes(1_000_001)) for i in range(60)])
    found = beside(collect, bomb, "hw.zip")
    assert len(read) <= 8
    assert "larger than 1 MB" in found.fault
    assert found.notes[-1] == "54 more files were not read."


def test_no_more_is_unpacked_than_the_limit():
    asked = []

    class Endless(io.RawIOBase):
        def read(self, size=-1):
            asked.append(size)
            return bytes(size)

    with pytest.raises(archive.Refused, match="larger than 3 MB"):
        archive._read_limited(Endless(), 3_000_000)
    assert asked == [3_000_001]


def test_a_lie_about_the_size_does_not_pass(collect):
    data = bytearray(zipped([("hw.ipynb", bytes(10_000))]))
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, 10)
    assert "hw.ipynb is damaged in its zip" in beside(collect, bytes(data), "hw.zip").fault


def test_a_zip_of_too_many_entries_is_refused(collect, monkeypatch):
    monkeypatch.setattr(archive, "MAX_ENTRIES", 20)
    many = zipped([(f"{i}.ipynb", notebook()) for i in range(21)])
    assert "more than 20 files" in beside(collect, many, "hw.zip").fault


def test_a_zip_in_a_zip_is_not_opened(collect):
    inner = zipped([("deeper.ipynb", notebook())])
    found = beside(collect, zipped([("inner.zip", inner)]), "hw.zip")
    assert found.fault == "No notebook was handed in."
    assert found.notes == ("Not a notebook, and not read: inner.zip.",)


def encrypted():
    data = bytearray(zipped([("hw.ipynb", notebook())]))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    return bytes(data)


def packed_oddly():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("hw.ipynb", notebook())
    return file.getvalue()


def damaged():
    data = bytearray(zipped([("hw.ipynb", notebook())]))
    data[45] ^= 0xFF
    return bytes(data)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (encrypted, "is encrypted"),
        (packed_oddly, "has an unsupported compression"),
        (damaged, "is damaged in its zip"),
        (lambda: zipped([("hw.ipynb", notebook())])[:-30], "not a readable zip"),
        (lambda: b"PK\x03\x04 and no more", "not a readable zip"),
        (lambda: b"", "is empty"),
    ],
    ids=["encrypted", "packed oddly", "damaged", "cut", "no zip", "empty"],
)
def test_a_zip_that_cannot_be_read_is_a_fault(collect, make, message):
    assert message in beside(collect, make(), "hw.zip").fault


@given(st.binary(max_size=40), st.integers(0, 200), st.integers(0, 40))
def test_any_damage_to_a_students_zip_is_a_fault_at_most(damage, at, cut):
    whole = zipped([("a.ipynb", notebook()), ("b/c.ipynb", notebook("c"))])
    data = whole[:at] + damage + whole[at + cut :]
    reader = submission_reader.SubmissionReader(ASSIGNMENTS)
    entry = archive.ArchiveEntry(("x.zip",), (0,), lambda limit: data)
    reader.take(platforms.place(("x.zip",)), entry)
    assert all(c.data for c in reader.candidates)
    assert all(note.endswith(".") for note in reader.notes())


# The source itself, and the work folder


@pytest.mark.parametrize("data", [b"no zip", zlib.compress(b"no zip")])
def test_a_source_that_is_not_a_zip_is_an_error(collect, data):
    with pytest.raises(archive.BadSource, match="given is not a readable zip"):
        collect(data)


def test_a_missing_source_is_an_error(tmp_path):
    with pytest.raises(archive.BadSource, match="neither a folder nor a zip"):
        intake.collect(tmp_path / "nowhere", tmp_path / "work", ASSIGNMENTS)


def test_a_source_of_too_many_files_is_an_error(collect, monkeypatch):
    monkeypatch.setattr(archive, "MAX_FILES", 3)
    with pytest.raises(archive.BadSource, match="more than 3 files"):
        collect(dict.fromkeys("abcd", b"x"))


def test_a_work_folder_inside_the_source_is_not_taken_for_submissions(tmp_path):
    source = lay(tmp_path / "given", {"ada.ipynb": notebook()})
    for _ in range(2):
        found = intake.collect(source, source / "work", ASSIGNMENTS)
        assert [submission.key for submission in found] == ["ada"]


def test_no_name_is_printed(collect, capfd):
    collect({f"{ADA}/hw.zip": b"PK", f"{BOB}/hw.ipynb": notebook(), "Eve.pdf": b"%"})
    assert capfd.readouterr() == ("", "")
