"""The built book, as the tests of its pages open it."""

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import equations
import yaml

import book

ROOT = Path(__file__).resolve().parents[2]
HTML = ROOT / "_build" / "html"
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text())
PAGES = [f"{file}.html" for file in equations.names(TOC)]
CHAPTERS = [page for page in PAGES if Path(page).name[0].isdigit()]
LEDGER = [page for page in PAGES if "ledger_" in page]
EVERY = [*PAGES, "search.html?q=learning+rate", "404.html"]

# A test has to reach what is folded or off the screen: lay everything out, and unfold it. The many
# proofs of the ledger are all built alike, so three of them are enough.
WHOLE = """async () => {
  const style = document.createElement("style");
  style.textContent = "* { content-visibility: visible !important }";
  document.head.append(style);
  const proofs = [...document.querySelectorAll(".nn-entry details")].slice(3);
  for (const fold of document.querySelectorAll("details")) fold.open = !proofs.includes(fold);
  await document.fonts.ready;
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""
# Whether a reader can see a control: the test that Playwright makes, for many at once.
SEEN = """(boxes) => boxes.filter((box) => {
  const { width, height } = box.getBoundingClientRect();
  return width && height && box.checkVisibility({ visibilityProperty: true });
}).map((box) => box.outerHTML.slice(0, 120))"""


@contextmanager
def served():
    """Serve the built book, and build it first if there is none; yield its address."""
    if not (HTML / "index.html").exists():
        subprocess.run([sys.executable, ROOT / "tools" / "book.py", "build"], cwd=ROOT, check=True)
    with book.served(HTML) as address:
        yield address


@contextmanager
def opened(browser, address, width=1280, height=900, whole=False, watch=None, **options):
    """Open an address in a browser context of its own; `whole` unfolds the page."""
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    page = context.new_page()
    if watch:
        watch(page)
    page.goto(address)
    if whole:
        page.evaluate(WHOLE)
    yield page
    context.close()
