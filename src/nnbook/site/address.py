"""Write what a public site needs besides its pages: social previews, a sitemap, a 404 page.

The address of the site is not stored anywhere: the environment variable BOOK_URL gives it when the
book is built for publication. Without it there is no sitemap, which must hold absolute addresses.
"""

import os
import shutil
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urljoin, urlsplit

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

_PREVIEW = "_static/preview.png"  # the picture of the README
_NOT_FOUND = Template(
    "<h1>Page not found</h1><p>This address is not part of the book. A page may have been renamed."
    '</p><p><a href="$home">Start of the book</a></p><p><a href="${home}search.html">Search the '
    "book</a></p>"
)


def configure(app: Sphinx, config: Config) -> None:
    """Take the site's address from the environment and the project's name from the book's title."""
    config.project = config.html_title
    config.html_baseurl = base(os.environ.get("BOOK_URL", ""))
    # A 404 page is served at any depth, so sphinx-notfound-page makes its links absolute.
    home = urlsplit(config.html_baseurl).path or "/"
    config.notfound_urls_prefix = home
    config.notfound_context = {"title": "Page not found", "body": _NOT_FOUND.substitute(home=home)}


def base(url: str) -> str:
    """Return an address that ends in a slash, or "" for none."""
    return url.rstrip("/") + "/" if url.strip() else ""


def _add_preview(
    app: Sphinx, pagename: str, template: str, context: dict, doctree: nodes.document | None
) -> None:
    """Add the Open Graph tags, from which other sites make the preview of a link to a page."""
    if doctree is None:
        return
    url = app.config.html_baseurl
    properties = {
        "og:type": "article",
        "og:site_name": app.config.project,
        "og:title": app.env.titles[pagename].astext(),
        "og:image": urljoin(url, _PREVIEW),
        "og:image:alt": "An explorer of the chapter on gradient descent",
    }
    if url:
        properties["og:url"] = urljoin(url, app.builder.get_target_uri(pagename))
    tags = "".join(f'<meta property="{k}" content="{escape(v)}">' for k, v in properties.items())
    card = '<meta name="twitter:card" content="summary_large_image">'
    context["metatags"] = f"{context.get('metatags', '')}{tags}{card}"


def _write_files(app: Sphinx, error: Exception | None) -> None:
    """Write the picture of the previews and, for a site with an address, the sitemap."""
    if error or app.builder.name != "html":
        return
    out, url = Path(app.outdir), app.config.html_baseurl
    shutil.copyfile(Path(app.srcdir) / ".github" / "explorer.png", out / _PREVIEW)
    if url:
        pages = [app.builder.get_target_uri(name) for name in sorted(app.env.found_docs)]
        out.joinpath("sitemap.xml").write_text(sitemap(url, pages), encoding="utf-8")
        out.joinpath("robots.txt").write_text(f"Sitemap: {url}sitemap.xml\n", encoding="utf-8")


def sitemap(url: str, pages: list[str]) -> str:
    """Return the sitemap of these pages in the format of sitemaps.org."""
    places = "".join(f"<url><loc>{escape(urljoin(url, page))}</loc></url>" for page in pages)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>\n'
    )


def setup(app: Sphinx) -> None:
    """Register the 404 page and what happens to the configuration, to a page and at the end."""
    app.connect("config-inited", configure)
    app.setup_extension("notfound.extension")
    app.connect("html-page-context", _add_preview)
    app.connect("build-finished", _write_files)
