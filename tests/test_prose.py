"""The prose is British and says nothing with filler words."""

import re
from pathlib import Path

import codespell_lib
import links
import pytest

ROOT = Path(__file__).resolve().parent.parent
PAIRS = Path(codespell_lib.__file__).parent / "data" / "dictionary_en-GB_to_en-US.txt"
FILLER = ("simply", "just", "obviously", "as we can see", "easy to see", "trivially")
BOTH = {"program", "programs"}  # a programme is what a theatre prints
MARKUP = re.compile(
    r"\$\$.*?\$\$|\$[^$]*\$|`[^`]*`|\(eq-[\w-]+\)|\{[^}\n]*\}|\]\([^)]*\)|<[^>]*>", re.DOTALL
)

pages = pytest.mark.parametrize(
    "page", links.pages(ROOT), ids=lambda page: str(page.relative_to(ROOT))
)


def words(text):
    return re.findall(r"[a-z]+", MARKUP.sub(" ", text))


def american():
    """Return American spelling → British."""
    lines = (line.partition("->") for line in PAIRS.read_text().splitlines())
    pairs = {us.strip(" ,"): british for british, _, us in lines}
    return {us: british for us, british in pairs.items() if us not in BOTH}


def fillers(text):
    flat = " ".join(words(text))
    return [filler for filler in FILLER if re.search(rf"\b{filler}\b", flat)]


@pages
def test_spelling_is_british(page):
    known = american()
    assert {word: known[word] for word in words(links.prose(page)) if word in known} == {}


@pages
def test_no_filler_words(page):
    assert fillers(links.prose(page)) == []


def test_american_spelling_and_filler_words_are_found():
    text = "It simply behaves; the color, as we can\nsee, is `just` $color$ [here](color.md)."
    assert fillers(text) == ["simply", "as we can see"]
    assert [word for word in words(text) if word in american()] == ["color"]
