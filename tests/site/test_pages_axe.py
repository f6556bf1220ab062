"""The pages unfolded: accessible in light and in dark, and with a glyph for every character.

Each is opened once, with everything laid out; the last tests lighten it, and so come last.
"""

import pytest
from built import EVERY, PAGES, ROOT, opened

# A browser works here, and none of the package that coverage could see.
pytestmark = pytest.mark.no_cover

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
# The dark page is the light one in other colours.
RULES = {
    "light": WCAG,
    "dark": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}


# Most of a chapter's elements are the insides of formulas and of listings, which are all built
# alike; axe would spend its time there. The visible half of a formula is hidden from screen
# readers: an empty box of its size stands for it. MathML has no roles that axe knows. Of the
# listings those stay that show a kind of token for the first time.
LIGHTEN = """() => {
  if (document.body.dataset.light) return;
  document.body.dataset.light = "yes";
  const formulas = [...document.querySelectorAll(".katex-html")].map((half) =>
    ({ half, size: half.getBoundingClientRect() }));
  for (const { half, size: { width, height } } of formulas) {
    const box = document.createElement("span");
    box.style.cssText = `display: inline-block; width: ${width}px; height: ${height}px`;
    half.replaceChildren(box);
  }
  for (const math of document.querySelectorAll(".katex-mathml math")) math.replaceChildren();
  const seen = new Set();
  for (const listing of document.querySelectorAll(".highlight pre")) {
    const kinds = [...listing.querySelectorAll("span")].map((token) => token.className);
    if (kinds.every((kind) => seen.has(kind))) listing.textContent = listing.textContent;
    for (const kind of kinds) seen.add(kind);
  }
}"""
AXE = """async (rules) => {
  const { violations } = await axe.run({ runOnly: rules, resultTypes: ["violations"] });
  return violations.map((v) => [v.id, v.nodes.slice(0, 5).map((n) => n.html)]);
}"""


@pytest.fixture(scope="module")
def unfolded(request, browser, site):
    """Return a page of the book with everything laid out and unfolded."""
    with opened(browser, f"{site}/{request.param}", whole=True) as page:
        page.add_script_tag(path=ROOT / "node_modules" / "axe-core" / "axe.min.js")
        yield page


@pytest.mark.parametrize("unfolded", PAGES, indirect=True)
def test_the_cut_fonts_hold_every_glyph_of_the_formulas(unfolded):
    """No character of a formula falls back on a font of the system."""
    unfolded.evaluate("""() => {
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
    session = unfolded.context.new_cdp_session(unfolded)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    query = {"nodeId": root, "selector": "[data-glyph]"}
    fallen = set()
    for node in session.send("DOM.querySelectorAll", query)["nodeIds"]:
        fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        fallen |= {font["familyName"] for font in fonts if not font["isCustomFont"]}
    assert fallen == set()


@pytest.mark.parametrize("unfolded", PAGES, indirect=True)
def test_formulas_have_the_colour_of_the_text_around_them(unfolded):
    """In light and in dark: axe does not see the visible half of a formula."""
    for scheme in RULES:
        unfolded.emulate_media(color_scheme=scheme)
        assert unfolded.evaluate("""() => {
          const colour = (box) => getComputedStyle(box).color;
          return [...document.querySelectorAll(".katex-html *")]
            .every((box) => colour(box) === colour(box.closest(".katex").parentElement));
        }"""), scheme


@pytest.mark.parametrize("scheme", RULES)
@pytest.mark.parametrize("unfolded", EVERY, indirect=True)
def test_axe_finds_no_violation_of_wcag_22_aa(unfolded, scheme):
    """Contrast, names, targets, structure: with everything laid out and unfolded."""
    unfolded.evaluate(LIGHTEN)
    unfolded.emulate_media(color_scheme=scheme)
    assert unfolded.evaluate(AXE, RULES[scheme]) == []


@pytest.mark.parametrize("unfolded", ["book/01_network.html"], indirect=True)
@pytest.mark.parametrize(
    "fault",
    [
        "document.querySelector('article svg[role=img]').removeAttribute('aria-label')",
        "document.querySelector('.highlight .kn').style.color = '#eee'",
        "document.querySelector('article p').style.color = '#ddd'",
    ],
)
def test_axe_sees_a_fault(unfolded, fault):
    """A picture without words, and text or a token too pale to read, are found."""
    unfolded.evaluate(LIGHTEN)
    unfolded.emulate_media(color_scheme="light")
    unfolded.evaluate(fault)
    assert unfolded.evaluate(AXE, RULES["light"]) != []
