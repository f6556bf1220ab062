"""What the tests of the package, the pages and the commands share."""

import os
from contextlib import ExitStack
from pathlib import Path

import browser as tool
import hypothesis
import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent

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


# The files that take longest, longest first. If one of them began last, it would run alone.
LONGEST = (
    *("test_pages_axe", "test_pages_readers", "test_pages", "test_hostile", "test_mutilated"),
    *("test_seeded_bugs", "test_authoring", "test_grade", "test_live", "test_ledger"),
    *("test_commands", "test_nothing_twice", "test_player", "test_lab", "test_notebooks"),
)


def pytest_collection_modifyitems(items):
    """Put the longest files first: with `--no-loadscope-reorder` they start in this order."""
    place = {name: k for k, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.stem, len(place)))


@pytest.fixture(scope="session")
def root():
    """Return the folder of the repository."""
    return ROOT


@pytest.fixture(scope="module")
def browser():
    """Open a Chromium for a file of tests; only outside CI may it be missing.

    Two at once cannot be: Playwright holds the event loop of the thread until it is closed.
    """
    path = tool.find()
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(tool.ADVICE)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=tool.FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def site():
    """Serve the built book; return its address."""
    # Imported here: it imports the package, of which a seeded mistake has a copy of its own.
    import built

    with built.served() as address:
        yield address


@pytest.fixture
def open_page(browser, site):
    """Return a function that opens a page of the book in a context of its own."""
    import built

    with ExitStack() as opened:
        yield lambda name, **options: opened.enter_context(
            built.opened(browser, f"{site}/{name}", **options)
        )
