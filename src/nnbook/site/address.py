"""What a site on the web needs beside its pages: a page for wrong addresses, previews, a sitemap.

The address of the site is not written down anywhere: BOOK_URL gives it when the book is built to
be published. Without one there is no sitemap, for that must hold whole addresses.
"""

import os
import shutil
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urljoin

from sphinx.application import Sphinx
from sphinx.config import Config

HERE = Path(__file__).parent
PREVIEW = "_static/preview.png"  # the picture of the README


def configure(app: Sphinx, config: Config) -> None:
    """Take the address from the environment."""
    config.html_baseurl = base(os.environ.get("BOOK_URL", ""))


def base(url: str) -> str:
    """Return an address that ends in a slash, or "" for none."""
    return url.rstrip("/") + "/" if url.strip() else ""


def preview(app: Sphinx, pagename: str, template: str, context: dict, doctree) -> None:
    """Add what other sites show of a page that somebody mentions there."""
    if doctree is None:
        return
    address = urljoin(app.config.html_baseurl, app.builder.get_target_uri(pagename))
    title = escape(app.env.titles[pagename].astext(), quote=True)
    properties = {
        "og:type": "article",
        "og:site_name": escape(app.config.project, quote=True),
        "og:title": title,
        "og:image": urljoin(app.config.html_baseurl, PREVIEW),
        "og:image:alt": "An explorer of the chapter on gradient descent",
    }
    if app.config.html_baseurl:
        properties["og:url"] = address
    tags = "".join(f'<meta property="{k}" content="{v}">' for k, v in properties.items())
    card = '<meta name="twitter:card" content="summary_large_image">'
    context["metatags"] = f"{context.get('metatags', '')}{tags}{card}"


def finish(app: Sphinx, error: Exception | None) -> None:
    """Write the page for wrong addresses, the preview's picture, and the sitemap."""
    if error or app.builder.name != "html":
        return
    out, url = Path(app.outdir), app.config.html_baseurl
    shutil.copyfile(Path(app.srcdir) / ".github" / "explorer.png", out / PREVIEW)
    page = Template((HERE / "templates" / "404.html").read_text(encoding="utf-8"))
    out.joinpath("404.html").write_text(page.substitute(home=url or "/"), encoding="utf-8")
    if url:
        pages = [app.builder.get_target_uri(name) for name in sorted(app.env.found_docs)]
        out.joinpath("sitemap.xml").write_text(sitemap(url, pages), encoding="utf-8")
        out.joinpath("robots.txt").write_text(f"Sitemap: {url}sitemap.xml\n", encoding="utf-8")


def sitemap(url: str, pages: list[str]) -> str:
    """Return a sitemap of these pages, as sitemaps.org describes it."""
    places = "".join(f"<url><loc>{escape(urljoin(url, page))}</loc></url>" for page in pages)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>\n'
    )


def setup(app: Sphinx) -> None:
    """Register the looks at the settings, at each page and at the end."""
    app.connect("config-inited", configure)
    app.connect("html-page-context", preview)
    app.connect("build-finished", finish)
