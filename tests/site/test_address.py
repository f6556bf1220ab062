"""What a site on the web needs: a page for wrong addresses, previews, and a sitemap."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from nnbook.site import address

ROOT = Path(__file__).resolve().parents[2]

NAMES = {"map": "http://www.sitemaps.org/schemas/sitemap/0.9"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [("", ""), (" ", ""), ("https://a.example/b", "https://a.example/b/"), ("/x/", "/x/")],
)
def test_an_address_ends_in_one_slash(given, expected):
    assert address.base(given) == expected


def test_a_sitemap_holds_the_whole_address_of_every_page():
    text = address.sitemap("https://a.example/b/", ["book/x.html", "book/y&z.html"])
    found = ElementTree.fromstring(text.encode()).findall("map:url/map:loc", NAMES)
    assert [place.text for place in found] == [
        "https://a.example/b/book/x.html",
        "https://a.example/b/book/y&z.html",
    ]
