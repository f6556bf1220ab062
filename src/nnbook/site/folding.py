"""Fold solutions, hidden cells and proofs into native ``<details>``, which need no script."""

from html import escape

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx_exercise.nodes import is_exercise_node, solution_node


class folded(nodes.General, nodes.Element):  # noqa: N801 - docutils names its nodes in lower case
    """A closed ``<details>``: `summary` is visible, `more` is for screen readers only."""


def _visit_folded(self, node: folded) -> None:
    more = node.get("more", "")
    hidden = f'<span class="visually-hidden"> {escape(more)}</span>' if more else ""
    self.body.append(self.starttag(node, "details", CLASS="nn-fold"))
    self.body.append(f"<summary>{escape(node['summary'])}{hidden}</summary>\n")


def _depart_folded(self, node: folded) -> None:
    self.body.append("</details>\n")


def _visit_hidden_cell(self, node: HideCodeCellNode) -> None:
    """Fold a hidden cell without the aria-label of myst-nb, which hides the text of the summary."""
    self.body.append('<details class="nn-fold nn-fold-cell">')
    self.body.append(f"<summary>{escape(node['prompt_show'])}</summary>\n")


def _fold_solutions(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Turn solutions of class dropdown into ``<details>``."""
    for solution in list(doctree.findall(solution_node)):
        _unwrap(solution)
        if "dropdown" in solution["classes"]:
            title, *content = solution.children
            more = title.astext().removeprefix("Solution").strip()
            details = folded("", *content, ids=solution["ids"], summary="Solution", more=more)
            details["classes"] = ["solution"]
            solution.replace_self(details)
    for exercise in doctree.findall(is_exercise_node):
        _unwrap(exercise)


def _unwrap(box: nodes.Element) -> None:
    """Move the content out of its section, because sphinx-exercise gives all sections one id."""
    for section in list(box.findall(nodes.section)):
        section.replace_self(section.children)


def setup(app: Sphinx) -> None:
    """Register the node and what folds."""
    app.add_node(folded, html=(_visit_folded, _depart_folded))
    app.add_node(HideCodeCellNode, override=True, html=(_visit_hidden_cell, _depart_folded))
    app.connect("doctree-resolved", _fold_solutions)
