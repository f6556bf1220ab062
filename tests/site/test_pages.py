"""The pages in a real browser: complete, reachable, without messages, and light.

Every page of the table of contents, and the search, is opened in Chromium; no other host gets a
request. Phones, keyboards, missing scripts and paper, and accessibility, have files of their own.
"""

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote_plus, unquote, urldefrag, urljoin, urlsplit

import pytest
from built import CHAPTERS, EVERY, HTML, PAGES, opened

import book

# A browser works here, and none of the package that coverage could see.
pytestmark = pytest.mark.no_cover

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


class Visit:
    """A page of the book, read from top to bottom: its requests and its messages."""

    def __init__(self):
        self.requests, self.messages = [], []

    def watch(self, page):
        """Record from now on the requests and the messages of a page."""
        messages = self.messages
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("response", lambda r: r.status >= 400 and messages.append(f"{r.status} {r.url}"))
        page.on("requestfailed", lambda request: messages.append(f"failed {request.url}"))
        page.on("pageerror", lambda error: messages.append(str(error)))
        page.on("console", lambda m: m.type in ("error", "warning") and messages.append(m.text))

    def read(self, page):
        """Read a page that was opened under watch."""
        self.page = page
        scroll_through(page)
        return self

    def paths(self):
        """Return the paths that the page requested until its end was reached."""
        return {urlsplit(url).path for url in self.requests}


@pytest.fixture(scope="module")
def visit(request, browser, site):
    """Return the visit of a page."""
    visit = Visit()
    with opened(browser, f"{site}/{request.param}", watch=visit.watch) as page:
        yield visit.read(page)


def scroll_through(page):
    """Go from top to bottom as a reader does, so that everything is laid out once."""
    page.evaluate("""async () => {
      for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
        scrollTo(0, y);
        await new Promise((done) => setTimeout(done, 15));
      }
      await document.fonts.ready;
    }""")


@pytest.fixture(scope="session")
def parsed():
    """Return path → (ids, links, metas) of every built page of the book."""
    return {page: parse(page) for page in [*PAGES, "search.html"]}


def parse(page):
    """Return the ids, the links and what the head says of a page."""
    ids, links, metas = set(), [], {}

    class Parser(HTMLParser):
        def handle_starttag(self, tag, attrs):
            attributes = dict(attrs)
            ids.add(attributes.get("id"))
            if tag == "a" and attributes.get("href"):
                links.append(attributes["href"])
            if tag == "meta":
                name = attributes.get("name") or attributes.get("property")
                metas[name] = attributes.get("content")

    Parser().feed((HTML / page).read_text(encoding="utf-8"))
    return ids, links, metas


def test_every_built_page_is_tested(site):
    """A page that the table of contents does not name would go untested."""
    built = {path.relative_to(HTML).as_posix() for path in HTML.glob("book/*.html")}
    assert built == set(PAGES)


@pytest.mark.parametrize("visit", EVERY, indirect=True)
def test_a_page_asks_no_other_host_and_logs_nothing(visit, site):
    """No request leaves the site or fails, and the console stays empty."""
    assert [url for url in visit.requests if not url.startswith((site, "data:"))] == []
    assert visit.messages == []


@pytest.mark.parametrize("visit", PAGES, indirect=True)
def test_every_picture_has_words(visit):
    """Figures, explorers and images: a role, and an alternative text that says something."""
    mute = visit.page.evaluate("""() => [
      ...[...document.querySelectorAll("article svg")]
        .filter((svg) => !svg.closest(".katex, [aria-hidden=true]"))
        .filter((svg) => svg.getAttribute("role") !== "img"
          || (svg.getAttribute("aria-label") ?? "").length < 20),
      ...[...document.querySelectorAll("article img")].filter((img) => img.alt.length < 20),
    ].map((picture) => picture.outerHTML.slice(0, 120))""")
    assert mute == []


@pytest.mark.parametrize("visit", PAGES, indirect=True)
def test_a_page_weighs_no_more_than_it_did(visit, request, known):
    """Gzipped, on a first visit and as the next page of a reader who comes from a chapter."""
    name, first = request.node.callspec.params["visit"], visit.paths()
    ceilings = CEILINGS.get(name, OTHER_PAGES)
    assert book.weight(first) <= ceilings[0]
    assert book.weight(first - known[CHAPTERS[1 if name == CHAPTERS[0] else 0]]) <= ceilings[1]


@pytest.fixture(scope="module")
def known(browser, site):
    """Return chapter → what a reader who comes from it was already sent, for the first two."""
    found = {}
    for chapter in CHAPTERS[:2]:
        before = Visit()
        with opened(browser, f"{site}/{chapter}", watch=before.watch) as page:
            found[chapter] = before.read(page).paths()
    return found


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
def test_a_page_says_what_it_is_to_other_sites(parsed, name):
    """A description, a title and a picture that is there, for search engines and previews."""
    metas = parsed[name][2]
    assert len(metas["description"]) > 20
    assert metas["og:title"]
    assert (HTML / metas["og:image"]).is_file()


def test_every_link_inside_the_book_leads_somewhere(parsed):
    """Pages, anchors and downloads: equation references, marks, ledger, contents."""
    lost = []
    for page, (_, links, _) in parsed.items():
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
    ids, links, _ = parsed[name]
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
