"""The tests of the package can fail: each of these mistakes is caught by an ordinary test.

`pytest -s tests/test_seeded_bugs.py` prints which test catches which.
"""

import subprocess
import sys
from collections import Counter

import pytest
from seeded_bugs import (
    ALL_PASSED,
    BUGS,
    NO_MISTAKE,
    TESTS,
    Bug,
    NoLongerThereError,
    copy_packages,
    file_of_tests,
    seed,
)


@pytest.fixture(scope="module")
def caught():
    """Return the table from each mistake to the test that caught it."""
    run = subprocess.run(
        [sys.executable, "-X", "utf8", str(TESTS / "nnmaths" / "seeded_bugs.py")],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    print(f"\n{run.stdout}")
    assert run.returncode == 0, run.stderr
    return dict(line.split(" → ") for line in run.stdout.splitlines())


def test_a_copy_without_a_mistake_passes(caught):
    assert caught[NO_MISTAKE] == ALL_PASSED


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_mistake_is_caught_by_an_ordinary_test_of_its_module(bug, caught):
    assert caught[bug.name].startswith(f"{file_of_tests(bug.module).relative_to(TESTS)}::")


def test_there_are_mistakes_in_every_module_that_computes():
    made = Counter(bug.module for bug in BUGS)
    assert len({bug.name for bug in BUGS}) == len(BUGS) >= 18
    for module in (
        *("backprop", "costs", "activations", "approximation"),
        *("descent", "network", "training"),
    ):
        assert made[f"nnmaths.{module}"] >= 3


@pytest.mark.parametrize("old", ["a line that was never there", "return"])
def test_a_mistake_that_no_longer_applies_is_an_error(old, tmp_path):
    with pytest.raises(NoLongerThereError, match=r"costs\.py has \d+ times"):
        seed(Bug("stale", "nnmaths.costs", old, "pass"), copy_packages(tmp_path))


def test_a_mistake_is_made_in_the_copy_alone(tmp_path):
    bug = BUGS[0]
    copy = copy_packages(tmp_path)
    changed_file = copy / f"{bug.module.replace('.', '/')}.py"
    original = changed_file.read_text(encoding="utf-8")
    seed(bug, copy)
    changed = changed_file.read_text(encoding="utf-8")
    assert changed == original.replace(bug.old, bug.new) != original
