"""What a page costs its reader: kilobytes, first paint and load, in a Chromium slowed four times.

    python benchmarks/pages.py [PAGE…]     pages such as book/index.html; all when none is named

Every host but ours is blocked. The first visit has an empty cache; the next page is opened by a
reader who comes from another chapter and has its styles, scripts and fonts.
"""

import argparse
import statistics
import sys
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
HTML = ROOT / "_build" / "html"
sys.path.insert(0, str(ROOT / "tools"))
import browser as chromium  # noqa: E402

import book  # noqa: E402

ROUNDS = 3
SLOWER = 4
TIMES = """() => new Promise((done) => setTimeout(() => {
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  done([paint ? paint.startTime : NaN, performance.getEntriesByType("navigation")[0].loadEventEnd]);
}, 200))"""


def visit(context, address, site):
    """Open a page in a slowed tab; return what it asked for, first paint and load in seconds."""
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.route(lambda url: not url.startswith(site), lambda route: route.abort())
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address)
    paint, load = page.evaluate(TIMES)
    page.close()
    return [urlsplit(url).path for url in asked], paint / 1000, load / 1000


def other_chapter(name):
    """Return a chapter that is not this page."""
    chapters = (path.relative_to(HTML).as_posix() for path in sorted(HTML.glob("book/[0-9]*.html")))
    return next(chapter for chapter in chapters if chapter != name)


def measure(browser, site, name):
    """Return kB on a first visit, kB as the next page, and medians of first paint and load."""
    rounds = []
    for _ in range(ROUNDS):
        context = browser.new_context()
        rounds.append(visit(context, f"{site}/{name}", site))
        context.close()
    context = browser.new_context()
    known, _, _ = visit(context, f"{site}/{other_chapter(name)}", site)
    context.close()
    first = rounds[0][0]
    return (
        book.weight(first),
        book.weight(set(first) - set(known)),
        statistics.median(paint for _, paint, _ in rounds),
        statistics.median(load for _, _, load in rounds),
    )


def main():
    """Print one line for each page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", nargs="*")
    names = parser.parse_args().pages or sorted(
        path.relative_to(HTML).as_posix() for path in HTML.glob("book/*.html")
    )
    if not HTML.joinpath("index.html").exists():
        sys.exit("Error: the book is not built: run `make book` first.")
    print(f"{'page':34} {'first kB':>9} {'next kB':>8} {'paint s':>8} {'load s':>7}")
    path = chromium.find() or sys.exit(f"Error: {chromium.ADVICE}")
    with sync_playwright() as play, book.served(HTML) as site:
        browser = play.chromium.launch(executable_path=path, args=chromium.FLAGS)
        for name in names:
            first, following, paint, load = measure(browser, site, name)
            print(f"{name:34} {first:9.0f} {following:8.0f} {paint:8.2f} {load:7.2f}", flush=True)


if __name__ == "__main__":
    main()
