"""What folds: solutions, hidden cells and proofs are native details, open to every reader."""

from html import escape

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx_exercise.nodes import is_exercise_node, solution_node


class folded(nodes.General, nodes.Element):  # noqa: N801 - docutils names its nodes in lower case
    """A closed ``<details>``: `summary` is seen, `more` is read out to a screen reader only."""


def visit_folded(self, node: folded) -> None:
    """Open the details."""
    more = node.get("more", "")
    hidden = f'<span class="visually-hidden"> {escape(more)}</span>' if more else ""
    self.body.append(self.starttag(node, "details", CLASS="nn-fold"))
    self.body.append(f"<summary>{escape(node['summary'])}{hidden}</summary>\n")


def depart_folded(self, node: folded) -> None:
    """Close the details."""
    self.body.append("</details>\n")


def visit_hidden_cell(self, node: HideCodeCellNode) -> None:
    """Fold a hidden cell; myst-nb's own summary has an aria-label that hides its words."""
    self.body.append('<details class="nn-fold nn-fold-cell">')
    self.body.append(f"<summary>{escape(node['prompt_show'])}</summary>\n")


def fold_solutions(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Turn solutions of class dropdown into details."""
    for solution in list(doctree.findall(solution_node)):
        unwrap(solution)
        if "dropdown" in solution["classes"]:
            title, *content = solution.children
            more = title.astext().removeprefix("Solution").strip()
            details = folded("", *content, ids=solution["ids"], summary="Solution", more=more)
            details["classes"] = ["solution"]
            solution.replace_self(details)
    for exercise in doctree.findall(is_exercise_node):
        unwrap(exercise)


def unwrap(box: nodes.Element) -> None:
    """Take the content out of its section: sphinx-exercise gives every section the same id."""
    for section in list(box.findall(nodes.section)):
        section.replace_self(section.children)


def setup(app: Sphinx) -> None:
    """Register the node and the two foldings."""
    app.add_node(folded, html=(visit_folded, depart_folded))
    app.add_node(HideCodeCellNode, override=True, html=(visit_hidden_cell, depart_folded))
    app.connect("doctree-resolved", fold_solutions)
