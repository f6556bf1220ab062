"""What leaves the workshop as files: the wheel of nnmaths, the hand-out, Gradescope's zip.

Zips hold no times and no order but the names', so that the same input gives the same bytes.
"""

import subprocess
import sys
import zipfile
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[3]
DATE = (1980, 1, 1, 0, 0, 0)
# Where Gradescope unpacks an autograder's zip.
SOURCE = "/autograder/source"
PROGRAMS = {"run_autograder", "setup.sh"}

README = r"""# {title}

1. Install what you need, once, in a fresh environment (Python 3.11 or newer):

       python -m venv .venv
       .venv/bin/pip install "./{wheel}[student]"

   That is `pip install jupyterlab matplotlib sympy ./{wheel}`. On Windows the programs lie
   in `.venv\Scripts` in place of `.venv/bin`. In a clone of the book's repository `make setup`
   makes an environment that has all of it.
2. Open the notebook: `.venv/bin/jupyter lab {name}.ipynb`. Keep it in this folder.
3. Write your id between the quotes of `student = "…"` and run the cells from the top.
   Your numbers depend on your id.
4. Answer where you see `...`, and run the check below each question as often as you like.
   Some checks run only when you have handed in.
5. Save, run the last cell, and hand in the file that it names.
"""


def wheel(folder):
    """Build the wheel of nnmaths into a folder, offline, and return its path."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the wheel of nnmaths was not built: {done.stderr.strip()[-300:]}")
    return max(Path(folder).glob("nnmaths-*.whl"), key=lambda path: path.stat().st_mtime)


def readme(name, title, wheel_name):
    """Return the text that goes with a student's notebook."""
    return README.format(name=name, title=title, wheel=wheel_name)


def zipped(path, contents):
    """Write a zip of names and bytes to a path."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in sorted(contents.items()):
            entry = zipfile.ZipInfo(name, DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            program = Path(name).name in PROGRAMS
            entry.external_attr = (0o100755 if program else 0o100644) << 16
            archive.writestr(entry, body)


def gradescope(otters, target, wheel_path):
    """Write the zip that Gradescope takes: otter's, with the wheel of nnmaths and its needs."""
    with zipfile.ZipFile(otters) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    wheel_path = Path(wheel_path)
    contents[wheel_path.name] = wheel_path.read_bytes()
    contents["environment.yml"] = _environment(contents["environment.yml"], wheel_path.name)
    contents["run_autograder"] = _silenced(contents["run_autograder"])
    zipped(target, contents)


def _environment(text, wheel_name):
    """Return an environment.yml that installs the wheel too."""
    environment = yaml.safe_load(text)
    (pip,) = (entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict))
    pip.append(f"nnmaths[student] @ file://{SOURCE}/{wheel_name}")
    return yaml.safe_dump(environment, sort_keys=False).encode()


def _silenced(script):
    """Return the script that grades, with the notebook's own checks silent."""
    first, rest = script.split(b"\n", 1)
    return first + b"\nexport NNMATHS_GRADING=1\n" + rest
