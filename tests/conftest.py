"""What the tests of the package, the pages and the commands share."""

import os
import sys
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

# The same examples on every machine: a red test is red for everybody.
# No test watches the clock: a busy machine is not a fault.
hypothesis.settings.register_profile(
    "book",
    derandomize=True,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
# `pytest --hypothesis-profile=search` looks for new ones.
hypothesis.settings.register_profile("search", deadline=None, max_examples=1000)
hypothesis.settings.load_profile("book")


@pytest.fixture(scope="session")
def root():
    """Return the folder of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def chromium():
    """Return the path of an installed Chromium; without one, pages are not tested on a whim."""
    import browser

    path = browser.find()
    if path is None and os.environ.get("CI"):
        pytest.fail(browser.ADVICE)
    if path is None:
        pytest.skip(browser.ADVICE)
    return path
