"""Every source of the bibliography is cited somewhere in the book, and every citation has one."""

import re
from pathlib import Path

import links
from pybtex.database import parse_file

BOOK = Path(__file__).resolve().parents[2] / "book"
CITATION = re.compile(r"\{cite(?::\w+)?\}`([^`]+)`")


def cited(texts):
    """Return the keys that the texts cite."""
    groups = (keys for text in texts for keys in CITATION.findall(text))
    return {key.strip() for keys in groups for key in keys.split(",")}


def test_sources_and_citations_are_the_same():
    pages = [*BOOK.glob("*.md"), *BOOK.glob("*.ipynb")]
    assert cited(links.prose(page) for page in pages) == set(
        parse_file(BOOK / "references.bib").entries
    )


def test_citations_are_found_in_every_form():
    text = (
        "{cite:t}`one` says, and others {cite}`two,three` in {cite:yearpar}`four`; {eq}`eq-five`."
    )
    assert cited([text]) == {"one", "two", "three", "four"}
