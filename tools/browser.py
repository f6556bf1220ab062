"""Find a Chromium for the page tests: an installed one first, else Playwright's own.

`python tools/browser.py` prints its path. If there is none, Playwright downloads one; if that
fails, the error says what to install.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC_APPS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MEMORY = Path(sys.prefix) / ".browser"
ADVICE = (
    "the page tests need a browser: install Chromium or Google Chrome"
    " (Debian, Ubuntu: sudo apt install chromium) and run the same command again."
)


def candidates():
    """Yield paths that may be a Chromium: $CHROMIUM, the one that worked last time, the rest."""
    if os.environ.get("CHROMIUM"):
        yield os.environ["CHROMIUM"]
    if MEMORY.exists():
        yield MEMORY.read_text()
    yield from filter(None, map(shutil.which, NAMES))
    yield from filter(os.path.exists, MAC_APPS)
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    if os.path.exists(own):
        yield own


def opens(path):
    """Return whether the browser at `path` opens a page: a snap or a bare shim may not."""
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
            browser.new_page().goto("data:text/html,<p>here")
            browser.close()
    except Error:
        return False
    return True


def find():
    """Return the path of a working Chromium, or None."""
    path = next(filter(opens, candidates()), None)
    if path is not None:
        MEMORY.write_text(path)
    return path


def fetch():
    """Let Playwright download its own Chromium; return whether that worked."""
    print("No Chromium or Chrome found; Playwright downloads one …", flush=True)
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def main():
    """Print the path of a working Chromium; exit with status 1 and advice if there is none."""
    path = find() or (fetch() and find())
    if not path:
        sys.exit(f"Error: {ADVICE}")
    print(f"Page tests will use {path}")


if __name__ == "__main__":
    main()
