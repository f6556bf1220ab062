"""The Sphinx extension of the book: what Jupyter Book and Furo do not do by themselves.

numbering  equations and exercises are numbered by chapter: (6.3), Exercise 7.2
formulas   KaTeX at build time, an error fails the build, fonts cut to the glyphs in use
ledger     the pages of proofs, and the link to them from every numbered equation
totals     tables of what is proved, and of which chapter depends on which
terms      links between bold terms and the glossary
folding    solutions and hidden cells as native ``<details>``
address    a 404 page, social previews, a sitemap
pages      only the scripts that a page uses, a description, the link to the notebook
scripts    the scripts of the pages, bundled from their modules
stills     the pictures of live explorers, drawn by the module that plays them
"""

from sphinx.application import Sphinx

from nnbook.site import address, folding, formulas, ledger, numbering, pages, stills, terms, totals


def setup(app: Sphinx) -> dict:
    """Register the parts of the extension."""
    for part in (numbering, formulas, folding, ledger, totals, terms, stills, pages, address):
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": False}
