"""The built book, as the tests of its pages open it."""

import functools
import http.server
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import equations
import yaml

ROOT = Path(__file__).resolve().parents[2]
HTML = ROOT / "_build" / "html"
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text())
PAGES = [f"{file}.html" for file in equations.names(TOC)]
CHAPTERS = [page for page in PAGES if Path(page).name[0].isdigit()]
LEDGER = [page for page in PAGES if "ledger_" in page]
EVERY = [*PAGES, "search.html?q=learning+rate", "404.html"]

# Out of sight is not out of reach of a test: lay everything out, and unfold it. The proofs of the
# ledger are all built alike, and there are many: three of them are unfolded.
WHOLE = """async () => {
  const style = document.createElement("style");
  style.textContent = "* { content-visibility: visible !important }";
  document.head.append(style);
  const proofs = [...document.querySelectorAll(".nn-entry details")].slice(3);
  for (const fold of document.querySelectorAll("details")) fold.open = !proofs.includes(fold);
  await document.fonts.ready;
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""
# Whether a reader sees a control: what Playwright asks of one, here of many at once.
SEEN = """(boxes) => boxes.filter((box) => {
  const { width, height } = box.getBoundingClientRect();
  return width && height && box.checkVisibility({ visibilityProperty: true });
}).map((box) => box.outerHTML.slice(0, 120))"""


class Silent(http.server.SimpleHTTPRequestHandler):
    """Serves the built pages and says nothing."""

    def log_message(self, *args):
        """Say nothing."""


class Server(http.server.ThreadingHTTPServer):
    """A server to which a tab that is closed early is no error."""

    def handle_error(self, request, client_address):
        """Say nothing."""


@contextmanager
def served():
    """Serve the built book, which is built first where it is not there; yield its address."""
    if not (HTML / "index.html").exists():
        subprocess.run([sys.executable, ROOT / "tools" / "book.py", "build"], cwd=ROOT, check=True)
    handler = functools.partial(Silent, directory=str(HTML))
    server = Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@contextmanager
def opened(browser, address, width=1280, height=900, whole=False, watch=None, **options):
    """Open an address in a context of its own, unfolded where it is asked for whole."""
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    page = context.new_page()
    if watch:
        watch(page)
    page.goto(address)
    if whole:
        page.evaluate(WHOLE)
    yield page
    context.close()
