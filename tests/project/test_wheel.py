"""The wheel is pure and whole: with NumPy alone beside it, it trains."""

import importlib.util
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy
import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"

TRAIN_XOR = """
import importlib.util
assert not any(map(importlib.util.find_spec, ("matplotlib", "sympy", "ipywidgets", "pytest")))

import numpy as np
import nnmaths as nn
from nnmaths import datasets

assert "site-packages" in nn.__file__, nn.__file__
assert datasets.digits().x.shape == (64, 1797)

x, y = datasets.xor()
network = nn.Network([2, 4, 1], [nn.TANH, nn.IDENTITY])
theta = nn.initialise(network, np.random.default_rng(1))
*_, last = nn.train(network, theta, x, y, nn.CROSS_ENTROPY, eta=1.0, epochs=500)
decided = (nn.predict(network, last.theta, x) > 0) * 1
assert (decided == y).all(), decided
print(f"learned: C = {last.C:.4f}")
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Return the wheel that `pip install .` would install."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*pip, "--no-build-isolation", "-w", folder, ROOT], check=True)
    (path,) = folder.iterdir()
    return path


@pytest.fixture(scope="module")
def empty_python(tmp_path_factory):
    """Return a Python of a new environment in which there is NumPy and nothing else."""
    folder = tmp_path_factory.mktemp("empty")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    python = folder / "venv" / "bin" / "python"
    site = subprocess.check_output(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
    ).strip()
    home = Path(numpy.__file__).parent.parent
    for name in ("numpy", "numpy.libs"):  # the wheels of macOS have no numpy.libs
        if (home / name).exists():
            (Path(site) / name).symlink_to(home / name)
    return python


@pytest.fixture(scope="module")
def installed(wheel, empty_python):
    """Return that Python with the wheel installed."""
    pip = [sys.executable, "-m", "pip", "--python", empty_python, "install", "--quiet"]
    subprocess.run([*pip, "--no-index", "--no-deps", wheel], check=True)
    return empty_python


def run(python, code, *options):
    """Run code as a stranger to this repository would."""
    env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    return subprocess.run(
        [python, *options, "-c", code],
        env=env,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_wheel_is_pure(wheel):
    assert wheel.name.endswith("-py3-none-any.whl")


def test_the_wheel_holds_every_file_of_the_three_packages_and_both_licences(wheel):
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        file.relative_to(SOURCE).as_posix()
        for file in SOURCE.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert wanted <= held
    assert {name.rpartition("/")[2] for name in held} >= {"LICENSE", "LICENSE-book"}
    assert not [name for name in held - wanted if ".dist-info/" not in name]


def test_the_wheel_needs_numpy_alone(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith("METADATA"))
        lines = archive.read(name).decode().splitlines()
    needs = [line for line in lines if line.startswith("Requires-Dist:") and "extra ==" not in line]
    assert [line.split(": ")[1][:5] for line in needs] == ["numpy"]


def test_xor_is_learned_in_an_empty_environment(installed):
    done = run(installed, TRAIN_XOR, "-W", "error")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("learned")


@pytest.mark.parametrize("module", ["backprop", "training", "descent", "differences", "datasets"])
def test_the_mathematics_does_not_know_pictures(installed, module):
    done = run(installed, f"import nnmaths.{module}", "-W", "error")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("module", "missing"), [("nnbook.figures", "matplotlib"), ("nnmaths.symbolic", "sympy")]
)
def test_what_draws_and_what_proves_says_what_it_misses(installed, module, missing):
    assert importlib.util.find_spec(missing)  # it is installed here
    assert f"No module named '{missing}'" in run(installed, f"import {module}").stderr
