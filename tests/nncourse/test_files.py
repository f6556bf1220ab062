"""Files are written completely or not at all."""

import json

import pytest

from nncourse import files


def test_a_file_is_written_completely_or_not_at_all(tmp_path, monkeypatch):
    files.write_text(tmp_path / "a.csv", "before")

    def fails(*_):
        raise OSError("no space left on the device")

    monkeypatch.setattr(files.os, "replace", fails)
    with pytest.raises(OSError, match="no space"):
        files.write_text(tmp_path / "a.csv", "after")
    assert (tmp_path / "a.csv").read_text() == "before"


def test_a_folder_that_is_missing_is_made(tmp_path):
    files.write_bytes(tmp_path / "new" / "a", b"1")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a"]


def test_what_utf8_cannot_encode_becomes_a_question_mark(tmp_path):
    files.write_text(tmp_path / "a.csv", "Zoë \ud800")
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == "Zoë ?"


def test_a_notebook_is_written_as_jupyter_does(tmp_path):
    notebook = {"cells": [], "metadata": {"name": "Zoë"}}
    files.write_notebook(tmp_path / "a.ipynb", notebook)
    text = (tmp_path / "a.ipynb").read_text(encoding="utf-8")
    assert text == json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    assert files.read_notebook(tmp_path / "a.ipynb") == notebook
