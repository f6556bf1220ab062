"""The pages in a real browser: whole, reachable, quiet, light, and the same without what is extra.

Every page of the table of contents, and the search, is opened in Chromium. Light and dark, wide and
narrow, by keyboard, without scripts, on paper; and nothing is asked of any other host.
"""

import functools
import gzip
import http.server
import subprocess
import sys
import threading
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote_plus, unquote, urldefrag, urljoin, urlsplit

import equations
import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
HTML = ROOT / "_build" / "html"
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text())
PAGES = [f"{file}.html" for file in equations.names(TOC)]
CHAPTERS = [page for page in PAGES if Path(page).name[0].isdigit()]
LEDGER = [page for page in PAGES if "ledger_" in page]
EVERY = [*PAGES, "search.html?q=learning+rate", "404.html"]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
# The dark page is the light one in other colours.
RULES = {
    "light": WCAG,
    "dark": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}

# The twenty words that readers of such a book are most likely to look for, and where each leads.
SEARCHED = {
    "learning rate": "07_descent",
    "backpropagation": "06_backpropagation",
    "gradient descent": "07_descent",
    "softmax": "04_activations",
    "sigmoid": "04_activations",
    "ReLU": "04_activations",
    "tanh": "04_activations",
    "cross-entropy": "05_cost",
    "mean squared error": "05_cost",
    "universal approximation": "02_approximation",
    "chain rule": "refresher_derivatives",
    "matrix": "refresher_matrices",
    "bias": "03_matrices",
    "XOR": "04_activations",
    "momentum": "07_descent",
    "Adam": "07_descent",
    "vanishing gradient": "06_backpropagation",
    "initialisation": "08_training",
    "weight decay": "07_descent",
    "MNIST": "mnist",
    "over-fitting": "08_training",
}

# kB gzipped, on a first visit and as the next page, everything that scrolling to the end asks for
# included: a little above what was measured, so that a page that grows heavy is noticed.
CEILINGS = {
    "book/01_network.html": (107, 60),
    "book/02_approximation.html": (145, 97),
    "book/03_matrices.html": (107, 60),
    "book/04_activations.html": (140, 92),
    "book/05_cost.html": (137, 89),
    "book/06_backpropagation.html": (121, 74),
    "book/07_descent.html": (172, 125),
    "book/08_training.html": (125, 78),
    "book/mnist.html": (83, 37),
    "book/glossary.html": (70, 26),
    "book/ledger_04.html": (98, 53),
    "book/ledger_05.html": (79, 35),
    "book/ledger_06.html": (90, 45),
    "book/ledger_07.html": (97, 52),
}
OTHER_PAGES = (74, 30)

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
TOO_WIDE = """() => {
  const held = (box) => {
    for (let up = box.parentElement; up; up = up.parentElement)
      if (getComputedStyle(up).overflowX !== "visible") return true;
    return false;
  };
  return [...document.querySelectorAll("body *")].filter((box) => {
    const { right, width } = box.getBoundingClientRect();
    return width && right > innerWidth + 1 && !held(box)
      && getComputedStyle(box).position !== "fixed" && !box.closest(".sidebar-drawer, .toc-drawer");
  }).map((box) => box.outerHTML.slice(0, 120));
}"""
# From the key to the change, by the page's own clock.
WATCH = """(slider) => {
  const figure = slider.closest("figure.explorer");
  const picture = figure.querySelector("svg");
  const seen = { text: null, picture: null };
  slider.addEventListener("keydown", () => { seen.start = performance.now(); }, { capture: true });
  const note = (name) => () => { seen[name] ??= performance.now() - seen.start; };
  new MutationObserver(note("text")).observe(slider, { attributeFilter: ["aria-valuetext"] });
  new MutationObserver(note("picture"))
    .observe(picture, { attributes: true, childList: true, characterData: true, subtree: true });
  window.seen = seen;
}"""


class Silent(http.server.SimpleHTTPRequestHandler):
    """Serves the built pages and says nothing."""

    def log_message(self, *args):
        """Say nothing."""


class Server(http.server.ThreadingHTTPServer):
    """A server to which a tab that is closed early is no error."""

    def handle_error(self, request, client_address):
        """Say nothing."""


@pytest.fixture(scope="session")
def site():
    """Serve the built book, which is built first where it is not there; return its address."""
    if not (HTML / "index.html").exists():
        subprocess.run([sys.executable, ROOT / "tools" / "book.py", "build"], cwd=ROOT, check=True)
    handler = functools.partial(Silent, directory=str(HTML))
    server = Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def open_page(browser, site):
    """Return a function that opens a page of the book in a context of its own."""
    contexts = []

    def go(name, width=1280, height=900, whole=False, watch=None, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        if watch:
            watch(page)
        page.goto(f"{site}/{name}")
        if whole:
            page.evaluate(WHOLE)
        return page

    yield go
    for context in contexts:
        context.close()


def scroll_through(page):
    """Go from top to bottom as a reader does, so that everything is laid out once."""
    page.evaluate("""async () => {
      for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight / 2) {
        scrollTo(0, y);
        await new Promise((done) => setTimeout(done, 15));
      }
      await document.fonts.ready;
    }""")


@pytest.fixture(scope="session")
def parsed():
    """Return path → (ids, links) of every built page of the book."""
    return {page: parse(page) for page in [*PAGES, "search.html"]}


def parse(page):
    """Return the ids and the links of a page."""
    ids, links = set(), []

    class Parser(HTMLParser):
        def handle_starttag(self, tag, attrs):
            attributes = dict(attrs)
            ids.add(attributes.get("id"))
            if tag == "a" and attributes.get("href"):
                links.append(attributes["href"])

    Parser().feed((HTML / page).read_text(encoding="utf-8"))
    return ids, links


def test_every_built_page_is_tested(site):
    """A page that the table of contents does not name would go untested."""
    built = {path.relative_to(HTML).as_posix() for path in HTML.glob("book/*.html")}
    assert built == set(PAGES)


@pytest.mark.parametrize("name", EVERY)
def test_a_page_asks_no_other_host_and_logs_nothing(open_page, site, name):
    """No request leaves the site or fails, and the console stays empty."""
    requests, said = [], []

    def watch(page):
        page.on("request", lambda request: requests.append(request.url))
        page.on("response", lambda r: r.status >= 400 and said.append(f"{r.status} {r.url}"))
        page.on("requestfailed", lambda request: said.append(f"failed {request.url}"))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("console", lambda m: m.type in ("error", "warning") and said.append(m.text))

    scroll_through(open_page(name, watch=watch))
    assert [url for url in requests if not url.startswith((site, "data:"))] == []
    assert said == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", EVERY)
def test_axe_finds_no_violation_of_wcag_22_aa(open_page, name, scheme):
    """Contrast, names, targets, structure: with everything laid out and unfolded."""
    page = open_page(name, whole=True, color_scheme=scheme)
    page.add_script_tag(path=ROOT / "node_modules" / "axe-core" / "axe.min.js")
    found = page.evaluate(
        """(rules) => axe.run({ exclude: [".katex-html"] },
          { runOnly: rules, resultTypes: ["violations"] }).then((result) =>
          result.violations.map((v) => [v.id, v.nodes.slice(0, 5).map((n) => n.html)]))""",
        RULES[scheme],
    )
    assert found == []
    # The visible half of a formula is thousands of spans, hidden from readers' aids, which get the
    # MathML. What axe could find there is a colour; it is that of the text around.
    assert page.evaluate("""() => {
      const colour = (box) => getComputedStyle(box).color;
      return [...document.querySelectorAll(".katex-html *")]
        .every((box) => colour(box) === colour(box.closest(".katex").parentElement));
    }""")


@pytest.mark.parametrize("name", EVERY)
def test_nothing_is_wider_than_a_phone(open_page, name):
    """At 390 px only what scrolls in a box of its own is wider than the page."""
    page = open_page(name, width=390, height=844, whole=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(TOO_WIDE) == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_what_scrolls_sideways_is_reached_by_keyboard(open_page, name):
    """A box that scrolls is a stop of the tab key, and one that does not is none."""
    page = open_page(name, width=390, height=844, whole=True)
    wrong = page.evaluate("""() =>
      [...document.querySelectorAll("pre, .nn-eq-body, .table-wrapper")]
        .filter((box) => (box.scrollWidth > box.clientWidth) !== (box.tabIndex === 0))
        .map((box) => box.outerHTML.slice(0, 120))""")
    assert wrong == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_sliders_moved_by_keyboard_change_picture_and_words_at_once(open_page, name):
    """One press of an arrow key: within 100 ms the picture and aria-valuetext are others."""
    page = open_page(name)
    sliders = page.locator("figure.explorer input[type=range]")
    assert sliders.count() > 0
    for slider in sliders.all():
        slider.scroll_into_view_if_needed()
        before = slider.get_attribute("aria-valuetext")
        slider.evaluate(WATCH)
        slider.press("ArrowLeft" if slider.evaluate("s => s.value === s.max") else "ArrowRight")
        page.wait_for_timeout(120)
        seen = page.evaluate("seen")
        assert slider.get_attribute("aria-valuetext") != before
        assert seen["text"] is not None
        assert seen["text"] < 100
        assert seen["picture"] is not None
        assert seen["picture"] < 100


@pytest.mark.parametrize("name", [*CHAPTERS, *LEDGER])
def test_the_cut_fonts_hold_every_glyph_of_the_formulas(open_page, name):
    """No character of a formula falls back on a font of the system."""
    page = open_page(name, whole=True)
    page.evaluate("""() => {
      const seen = new Set();
      for (const box of document.querySelectorAll(".katex-html span")) {
        const own = box.firstChild?.nodeType === 3 ? box.firstChild.data : "";
        const text = own.replace("\u200b", "");
        const { fontFamily, fontStyle, fontWeight } = getComputedStyle(box);
        const key = [text, fontFamily, fontStyle, fontWeight].join();
        if (text.trim() && !seen.has(key)) box.dataset.glyph = text;
        seen.add(key);
      }
    }""")
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    query = {"nodeId": root, "selector": "[data-glyph]"}
    fallen = set()
    for node in session.send("DOM.querySelectorAll", query)["nodeIds"]:
        fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        fallen |= {font["familyName"] for font in fonts if not font["isCustomFont"]}
    assert fallen == set()


@pytest.fixture(scope="module")
def search(browser, site):
    """Return a function that gives the pages which the site's search lists first for some words."""
    page = browser.new_page()

    def found(words, most=4):
        page.goto(f"{site}/search.html?q={quote_plus(words)}")
        results = page.locator("#search-results li a")
        results.first.wait_for()
        links = results.evaluate_all("found => found.map((a) => a.getAttribute('href'))")
        pages = [Path(urlsplit(link).path).stem for link in links]
        return list(dict.fromkeys(pages))[:most]

    yield found
    page.close()


@pytest.mark.parametrize(("words", "wanted"), SEARCHED.items())
def test_search_leads_to_the_page_that_a_reader_means(search, words, wanted):
    """The search of the site works without a server; what is meant is among the first four."""
    assert wanted in search(words)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_it_is_to_other_sites(name):
    """A description, a title and a picture that is there, for search engines and previews."""
    metas = {}

    class Parser(HTMLParser):
        def handle_starttag(self, tag, attrs):
            if tag == "meta":
                meta = dict(attrs)
                metas[meta.get("name") or meta.get("property")] = meta.get("content")

    Parser().feed((HTML / name).read_text(encoding="utf-8"))
    assert len(metas["description"]) > 20
    assert metas["og:title"]
    assert (HTML / metas["og:image"]).is_file()


def test_every_link_inside_the_book_leads_somewhere(parsed):
    """Pages, anchors and downloads: equation references, marks, ledger, contents."""
    lost = []
    for page, (_, links) in parsed.items():
        for link in links:
            target, anchor = urldefrag(urljoin(page, link))
            if urlsplit(target).scheme or not target:
                continue
            file = unquote(urlsplit(target).path)
            anchors = parsed[file][0] if file in parsed else set()
            if not (HTML / file).is_file() or (anchor and unquote(anchor) not in anchors):
                lost.append((page, link))
    assert lost == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_each_numbered_equation_leads_to_its_proof_and_back(parsed, name):
    """Every label of the chapter has a mark, and its page of proofs a link to every label."""
    ids, links = parsed[name]
    labels = {i.removeprefix("equation-") for i in ids if i and i.startswith("equation-eq-")}
    assert labels
    proofs = f"ledger_{Path(name).name[:2]}.html"
    marks = {link.partition("#")[2].lower() for link in links if link.startswith(proofs)}
    assert marks >= labels  # docutils writes ids in lower case
    back = set(parsed[f"book/{proofs}"][1])
    assert {f"{Path(name).name}#equation-{label}" for label in labels} <= back


@pytest.mark.parametrize("name", CHAPTERS)
@pytest.mark.parametrize("width", [390, 1280])
def test_a_link_to_an_equation_arrives_at_it(open_page, parsed, name, width):
    """The sections before an anchor are laid out on the way; the anchor stands at the top."""
    anchor = sorted(i for i in parsed[name][0] if i and i.startswith("equation-eq-"))[-1]
    page = open_page(f"{name}#{anchor}", width=width)
    page.wait_for_timeout(400)
    top = page.locator(f"[id='{anchor}']").first.bounding_box()["y"]
    at_end = page.evaluate("scrollY + innerHeight >= document.documentElement.scrollHeight - 2")
    assert 0 <= top < 150 or (at_end and top < 900)


@pytest.mark.parametrize("name", PAGES)
def test_without_scripts_the_page_makes_its_point(open_page, name):
    """Text, formulas and still pictures are there; no control is shown that would be dead."""
    page = open_page(name, java_script_enabled=False)
    assert len(page.locator("article").inner_text()) > 500
    for kind in ("article .katex-html", "figure.picture > svg", "figure.explorer > svg"):
        shown = page.locator(kind)
        sizes = shown.evaluate_all(
            "boxes => boxes.filter((box) => !box.closest('details'))"
            ".map((box) => box.getBoundingClientRect().width)"
        )
        assert all(width > 0 for width in sizes)
    dead = page.locator("article :is(input, button, select), .sidebar-search, .theme-toggle")
    assert [
        control.evaluate("c => c.outerHTML") for control in dead.all() if control.is_visible()
    ] == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_paper_keeps_formulas_and_figures_and_unfolds_solutions(open_page, name):
    """As printed: every formula and picture has a size, folds are open, the frame is gone."""
    page = open_page(name)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    empty = page.evaluate("""() =>
      [...document.querySelectorAll("article .katex-html, figure > svg, details > :not(summary)")]
        .filter((box) => !box.getBoundingClientRect().height)
        .map((box) => box.outerHTML.slice(0, 120))""")
    assert empty == []
    frame = ".sidebar-drawer, .toc-drawer, .mobile-header, .related-pages, article input"
    assert not any(part.is_visible() for part in page.locator(frame).all())
    paper = page.pdf()
    assert b"KaTeX_Math" in paper
    assert b"KaTeX_Main" in paper
    assert paper.count(b"/Type /Page\n") >= 5


@pytest.mark.parametrize("name", PAGES)
def test_every_picture_has_words(open_page, name):
    """Figures, explorers and images: a role, and an alternative text that says something."""
    page = open_page(name)
    mute = page.evaluate("""() => [
      ...[...document.querySelectorAll("article svg")]
        .filter((svg) => !svg.closest(".katex, [aria-hidden=true]"))
        .filter((svg) => svg.getAttribute("role") !== "img"
          || (svg.getAttribute("aria-label") ?? "").length < 20),
      ...[...document.querySelectorAll("article img")].filter((img) => img.alt.length < 20),
    ].map((picture) => picture.outerHTML.slice(0, 120))""")
    assert mute == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_weighs_no_more_than_it_did(open_page, name):
    """Gzipped, on a first visit and as the next page of a reader who comes from a chapter."""
    first = asked_by(open_page, name)
    known = asked_by(open_page, next(chapter for chapter in CHAPTERS if chapter != name))
    ceilings = CEILINGS.get(name, OTHER_PAGES)
    assert weight(first) <= ceilings[0]
    assert weight(first - known) <= ceilings[1]


def asked_by(open_page, name):
    """Return the paths that a page asks for until its end is reached."""
    paths = set()
    page = open_page(
        name,
        watch=lambda page: page.on("request", lambda r: paths.add(urlsplit(r.url).path)),
    )
    scroll_through(page)
    return paths


def weight(paths):
    """Return kB gzipped; fonts are packed already."""
    total = 0
    for path in paths:
        data = (HTML / unquote(path).lstrip("/")).read_bytes()
        total += len(data) if path.endswith("woff2") else len(gzip.compress(data, 9))
    return total / 1000
