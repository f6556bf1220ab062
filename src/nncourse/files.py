"""Files that are written completely or not at all, and notebooks as plain JSON."""

import json
import os
from pathlib import Path


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file atomically: a reader sees the old content or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".new")
    temporary.write_bytes(data)
    os.replace(temporary, path)


def write_text(path: Path, text: str) -> None:
    """Write a text file atomically, as UTF-8; what UTF-8 cannot encode becomes a question mark."""
    write_bytes(path, text.encode("utf-8", "replace"))


def read_notebook(path: Path) -> dict:
    """Return a notebook file as plain JSON."""
    return json.loads(path.read_text(encoding="utf-8"))


def write_notebook(path: Path, notebook: dict) -> None:
    """Write a notebook as Jupyter does."""
    write_text(path, json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")
