"""Take the screenshot of an explorer for the README from the built book.

python tools/portrait.py
"""

from pathlib import Path

import browser
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "_build" / "html" / "book" / "07_descent.html"
PICTURE = ROOT / ".github" / "explorer.png"
# Lay out the whole page, and let nothing cover the explorer.
ALONE = (
    "* { content-visibility: visible !important } header, .back-to-top { display: none !important }"
)


def main():
    """Open the chapter, raise the learning rate until the path zig-zags, and save a screenshot."""
    path = browser.find()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=browser.FLAGS)
        page = opened.new_page(viewport={"width": 1000, "height": 900}, device_scale_factor=2)
        page.goto(PAGE.as_uri())
        page.add_style_tag(content=ALONE)
        explorer = page.locator("figure.explorer").first
        for _ in range(4):
            explorer.locator("input").first.press("ArrowRight")
        page.evaluate("document.activeElement.blur()")
        explorer.screenshot(path=PICTURE)
        opened.close()


if __name__ == "__main__":
    main()
