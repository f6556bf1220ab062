"""Number equations, exercises and figures by chapter: equation (6.3), Exercise 7.2, Figure 6.1."""

import re

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment


def chapter(docname: str) -> str:
    """Return "6" for book/06_backpropagation, and "" for a page that is not a chapter."""
    found = re.match(r"0*(\d+)_", docname.rsplit("/", 1)[-1])
    return found.group(1) if found else ""


def _prefix(docname: str) -> str:
    """Return the number of a chapter, or the first letter of another page: N.1 in notation."""
    return chapter(docname) or docname.rsplit("/", 1)[-1][0].upper()


def _number_by_chapter(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Replace Sphinx's numbers, which run through the whole project."""
    for docname, kinds in env.toc_fignumbers.items():
        for kind, numbers in kinds.items():
            kinds[kind] = {
                label: (_prefix(docname), count) for count, label in enumerate(numbers, start=1)
            }
    return []


def setup(app: Sphinx) -> None:
    """Renumber after Sphinx's own collector, which has the default priority."""
    app.connect("env-get-updated", _number_by_chapter, priority=900)
