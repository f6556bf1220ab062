"""The pages unfolded: accessible in light and in dark, and with a glyph for every sign.

Each is opened once, with everything laid out, and all this is asked of it.
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


# The visible half of a formula is hidden from readers' aids, which get the MathML; it is most of a
# chapter's elements. While axe looks, an empty box of its size stands for it.
AXE = """async (rules) => {
  const formulas = [...document.querySelectorAll(".katex-html")].map((half) =>
    ({ half, parts: [...half.childNodes], size: half.getBoundingClientRect() }));
  for (const { half, size: { width, height } } of formulas) {
    const box = document.createElement("span");
    box.style.cssText = `display: inline-block; width: ${width}px; height: ${height}px`;
    half.replaceChildren(box);
  }
  const { violations } = await axe.run({ runOnly: rules, resultTypes: ["violations"] });
  for (const { half, parts } of formulas) half.replaceChildren(...parts);
  return violations.map((v) => [v.id, v.nodes.slice(0, 5).map((n) => n.html)]);
}"""


@pytest.fixture(scope="module")
def unfolded(request, browser, site):
    """Return a page of the book with everything laid out and unfolded."""
    with opened(browser, f"{site}/{request.param}", whole=True) as page:
        page.add_script_tag(path=ROOT / "node_modules" / "axe-core" / "axe.min.js")
        yield page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("unfolded", EVERY, indirect=True)
def test_axe_finds_no_violation_of_wcag_22_aa(unfolded, scheme):
    """Contrast, names, targets, structure: with everything laid out and unfolded."""
    unfolded.emulate_media(color_scheme=scheme)
    found = unfolded.evaluate(AXE, RULES[scheme])
    assert found == []
    # What axe could find in the visible half of a formula is a colour: it is that of the text.
    assert unfolded.evaluate("""() => {
      const colour = (box) => getComputedStyle(box).color;
      return [...document.querySelectorAll(".katex-html *")]
        .every((box) => colour(box) === colour(box.closest(".katex").parentElement));
    }""")


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
