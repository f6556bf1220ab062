"""Stills: the picture of a live explorer before its script runs is a step of its own run.

The explorers come with empty pictures. Here the module that plays them on the page (in node, at
build time) draws the step that each wants to show.
"""

import json
import re
from html import escape

from docutils import nodes
from sphinx.application import Sphinx

from nnbook.site.scripts import run_module

_FIGURE = re.compile(r'<figure class="explorer live".*?</figure>', re.DOTALL)
_DATA = re.compile(r'<script type="application/json">(.*?)</script>', re.DOTALL)
_READING = re.compile(r'(<span class="reading">)[^<]*')


def draw_stills(body: str) -> str:
    """Return the HTML with the picture and the sentence of every live explorer filled in."""
    figures = _FIGURE.findall(body)
    if not figures:
        return body
    descriptions = [_DATA.search(figure).group(1) for figure in figures]
    stills = iter(json.loads(run_module("draw-stills.js", f"[{','.join(descriptions)}]")))
    return _FIGURE.sub(lambda found: _filled(found.group(), next(stills)), body)


def _filled(figure: str, still: dict) -> str:
    """Return a figure with the paths and the sentence of its still."""
    for artist, path in still["paths"].items():
        figure = figure.replace(
            f'data-artist="{artist}" d=""', f'data-artist="{artist}" d="{path}"', 1
        )
    figure = _READING.sub(lambda tag: tag.group(1) + escape(still["reading"]), figure, count=1)
    return figure.replace(" data-undrawn", "", 1)


def _fill_page(
    app: Sphinx, pagename: str, template: str, context: dict, doctree: nodes.document | None
) -> None:
    """Fill the stills of a page."""
    context["body"] = draw_stills(context.get("body") or "")


def setup(app: Sphinx) -> None:
    """Register the stills."""
    app.connect("html-page-context", _fill_page)
