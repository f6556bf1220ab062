"""A public site has a 404 page, social previews and, if its address is known, a sitemap."""

import re
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
import yaml
from built import HTML, ROOT

from nnbook.site import address

TITLE = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["title"]
NAMES = {"map": "http://www.sitemaps.org/schemas/sitemap/0.9"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [("", ""), (" ", ""), ("https://a.example/b", "https://a.example/b/"), ("/x/", "/x/")],
)
def test_an_address_ends_in_one_slash(given, expected):
    assert address.base(given) == expected


@pytest.mark.parametrize(
    ("url", "home"), [("", "/"), ("https://a.example", "/"), ("https://a.example/b", "/b/")]
)
def test_the_links_of_the_404_page_are_absolute(monkeypatch, url, home):
    monkeypatch.setenv("BOOK_URL", url)
    config = SimpleNamespace(html_title=TITLE)
    address.configure(None, config)
    assert config.notfound_urls_prefix == home
    assert f'href="{home}search.html"' in config.notfound_context["body"]


def test_a_sitemap_holds_the_whole_address_of_every_page():
    text = address.sitemap("https://a.example/b/", ["book/x.html", "book/y&z.html"])
    found = ElementTree.fromstring(text.encode()).findall("map:url/map:loc", NAMES)
    assert [place.text for place in found] == [
        "https://a.example/b/book/x.html",
        "https://a.example/b/book/y&z.html",
    ]


def test_the_name_of_the_site_is_the_title_of_the_book(site):
    page = (HTML / "book" / "01_network.html").read_text(encoding="utf-8")
    assert f'<meta property="og:site_name" content="{TITLE}">' in page


def test_the_404_page_has_the_contents_of_the_book_and_no_relative_address(site):
    page = (HTML / "404.html").read_text(encoding="utf-8")
    addresses = re.findall(r'(?:href|src)="([^"#]+)"', page)
    assert "/book/01_network.html" in addresses
    assert [a for a in addresses if not a.startswith(("/", "https://"))] == []
