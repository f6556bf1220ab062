"""The pages for every reader: on a phone, by keyboard, without scripts, on paper."""

import pytest
from built import CHAPTERS, EVERY, PAGES, SEEN, opened

# A browser works here, and none of the package that coverage could see.
pytestmark = pytest.mark.no_cover

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
BOTH_OR_LATE = """async () => {
  while ((seen.text === null || seen.picture === null) && performance.now() < seen.start + 120)
    await new Promise((done) => setTimeout(done, 5));
  return seen;
}"""


@pytest.fixture(scope="module")
def phone(request, browser, site):
    """Return a page of the book on a phone, with everything laid out and unfolded."""
    with opened(browser, f"{site}/{request.param}", width=390, height=844, whole=True) as page:
        yield page


@pytest.mark.parametrize("phone", EVERY, indirect=True)
def test_nothing_is_wider_than_a_phone(phone):
    """At 390 px only what scrolls in a box of its own is wider than the page."""
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert phone.evaluate(TOO_WIDE) == []


@pytest.mark.parametrize("phone", PAGES, indirect=True)
def test_what_scrolls_sideways_is_reached_by_keyboard(phone):
    """A box that scrolls is a stop of the tab key, and one that does not is none (folds apart)."""
    wrong = phone.evaluate("""() =>
      [...document.querySelectorAll("pre, .nn-eq-body, .table-wrapper")]
        .filter((box) => box.checkVisibility())
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
        seen = page.evaluate(BOTH_OR_LATE)
        assert slider.get_attribute("aria-valuetext") != before
        assert seen["text"] is not None
        assert seen["text"] < 100
        assert seen["picture"] is not None
        assert seen["picture"] < 100


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
    assert dead.evaluate_all(SEEN) == []


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
    assert page.locator(frame).evaluate_all(SEEN) == []
    paper = page.pdf()
    assert b"KaTeX_Math" in paper
    assert b"KaTeX_Main" in paper
    assert paper.count(b"/Type /Page\n") >= 5
