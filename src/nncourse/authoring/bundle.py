"""The files that leave the repository: the wheel of nnmaths, the hand-out, Gradescope's zip.

Zips are reproducible: fixed times, entries sorted by name.
"""

import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[3]
DATE = (1980, 1, 1, 0, 0, 0)
# Where Gradescope unpacks an autograder's zip.
SOURCE = "/autograder/source"
EXECUTABLES = {"run_autograder", "setup.sh"}

README = r"""# {title}

1. Install the packages once, in a new environment (Python 3.11 or newer):

       python -m venv .venv
       .venv/bin/pip install "./{wheel}[student]"

   That is `pip install jupyterlab matplotlib sympy ./{wheel}`. On Windows the programs are
   in `.venv\Scripts` instead of `.venv/bin`. In a clone of the book's repository `make setup`
   creates an environment with everything.
2. Open the notebook: `.venv/bin/jupyter lab {name}.ipynb`. Keep it in this folder.
3. Write your id between the quotes of `student = "…"` and run the cells from the top.
   Your numbers depend on your id.
4. Answer where you see `...`, and run the check below each question as often as you like.
   Some checks run only after you hand in.
5. Save, run the last cell, and hand in the file that it names.
"""


def wheel(folder: str | Path) -> Path:
    """Build the wheel of nnmaths into a folder, offline, and return its path."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the wheel of nnmaths was not built: {done.stderr.strip()[-300:]}")
    return max(Path(folder).glob("nnmaths-*.whl"), key=lambda path: path.stat().st_mtime)


def readme(name: str, title: str, wheel_name: str) -> str:
    """Return the README of a hand-out."""
    return README.format(name=name, title=title, wheel=wheel_name)


def write_zip(path: str | Path, contents: Mapping[str, bytes]) -> None:
    """Write a zip of names and bytes to a path."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in sorted(contents.items()):
            entry = zipfile.ZipInfo(name, DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            executable = Path(name).name in EXECUTABLES
            entry.external_attr = (0o100755 if executable else 0o100644) << 16
            archive.writestr(entry, body)


def gradescope(otter_zip: Path, target: Path, wheel_path: Path) -> None:
    """Write the zip for Gradescope: otter's, with the wheel of nnmaths and what it needs."""
    with zipfile.ZipFile(otter_zip) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    contents[wheel_path.name] = wheel_path.read_bytes()
    contents["environment.yml"] = _with_wheel(contents["environment.yml"], wheel_path.name)
    contents["run_autograder"] = _silenced(contents["run_autograder"])
    write_zip(target, contents)


def _with_wheel(text: bytes, wheel_name: str) -> bytes:
    """Return an environment.yml that installs the wheel too."""
    environment = yaml.safe_load(text)
    (pip,) = (entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict))
    pip.append(f"nnmaths[student] @ file://{SOURCE}/{wheel_name}")
    return yaml.safe_dump(environment, sort_keys=False).encode()


def _silenced(script: bytes) -> bytes:
    """Return the grading script with the notebook's own checks silenced."""
    first, rest = script.split(b"\n", 1)
    return first + b"\nexport NNMATHS_GRADING=1\n" + rest
