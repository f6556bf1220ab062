"""Write the pages of proofs, and link every numbered equation to its proof."""

import json
import os
import subprocess
import sys
from functools import cache
from html import escape
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.writers.html5 import HTML5Translator

from nnbook.ledger.cache import proofs_file
from nnbook.ledger.registry import Formula, ledger, proof_source
from nnbook.site.folding import folded

log = logging.getLogger(__name__)

PAGE = "book/ledger"
_prover: list[subprocess.Popen] = []

# For each kind the sign beside an equation's number, and its meaning.
KINDS = {
    "exact": ("✓", "proved in general"),
    "parametric": ("✓", "proved for a family of sizes"),
    "numeric": ("≈", "checked on numbers"),
    "definition": (":=", "a definition"),
    "citation": ("†", "cited, and checked in a special case"),
}


def page_of(number: int) -> str:
    """Return the name of the page with the proofs of a chapter."""
    return f"{PAGE}_{number:02d}"


def _entry_uri(builder: Builder, docname: str, formula: Formula) -> str:
    """Return the address of an entry relative to a page."""
    return f"{builder.get_relative_uri(docname, page_of(formula.chapter))}#{formula.label}"


def _start_proofs(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Start to prove the formulas without a result, in parallel with the execution of chapters."""
    file = proofs_file()
    if PAGE not in env.found_docs or _prover or _proved_labels(file) >= set(ledger()):
        return
    log.info("proving the formulas of the ledger while the chapters are executed …")
    command = [sys.executable, "-m", "nnbook.ledger", "--jobs", str(os.cpu_count() or 1)]
    output = file.with_suffix(".log").open("w")
    _prover.append(subprocess.Popen([*command, "--store"], stdout=output, stderr=subprocess.STDOUT))


def _proved_labels(file: Path) -> set[str]:
    """Return the labels in a file of results."""
    return set(json.loads(file.read_text())) if file.exists() else set()


@cache
def results() -> dict:
    """Return the results by label once all formulas are proved.

    Raises ExtensionError with the labels of formulas that were not.
    """
    file = proofs_file()
    for prover in _prover:
        log.info("waiting for the proofs …")
        prover.wait()
    found = json.loads(file.read_text()) if file.exists() else {}
    failed = sorted(label for label in ledger() if not found.get(label, {}).get("passed"))
    if failed:
        file.unlink(missing_ok=True)
        raise ExtensionError(
            f"not proved: {', '.join(failed)}; `make proofs LABEL={failed[0]}` shows the reason"
        )
    return found


def _summary() -> str:
    """Return a summary of the ledger in three sentences."""
    found = results().values()
    tried, killed = (sum(result[name] for result in found) for name in ("tried", "killed"))
    seconds = sum(result["seconds"] for result in found)
    groups = {
        "proved on symbols": ("exact", "parametric"),
        "checked on numbers": ("numeric",),
        "defined": ("definition",),
        "cited": ("citation",),
    }
    counts = {name: sum(r["kind"] in kinds for r in found) for name, kinds in groups.items()}
    parts = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    return (
        f"{len(found)} formulas: {parts}. {tried:,} wrong versions of them were tried, and "
        f"{killed:,} rejected. All proofs together take {seconds:.0f} seconds."
    )


def proof_link(translator: HTML5Translator, node: nodes.math_block, number: str) -> str:
    """Return the link from an equation to its entry in the ledger."""
    label = node["label"]
    if label not in ledger():
        log.warning("the ledger has no entry for the equation %s", label, location=node)
        return ""
    sign, meaning = KINDS[ledger()[label].kind]
    uri = _entry_uri(translator.builder, translator.builder.current_docname, ledger()[label])
    name = f"Proof of equation ({number}) in the ledger"
    return (
        f'<a class="nn-mark" href="{uri}" aria-label="{name}" title="{meaning}">{escape(sign)}</a>'
    )


class _EquationLink(nodes.Inline, nodes.TextElement):
    """A placeholder for the link to an equation, which is known once all pages are read."""


class _LedgerDirective(SphinxDirective):
    """Write every formula of a chapter with its proof: {ledger} 6."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return an entry for each formula."""
        self.env.note_reread()
        number = int(self.arguments[0])
        return [self.entry(f) for f in ledger().values() if f.chapter == number]

    def entry(self, formula: Formula) -> nodes.section:
        """Return the section of a formula: its statement, its proof, what was rejected."""
        result = results()[formula.label]
        section = nodes.section(ids=[formula.label], classes=["nn-entry"])
        section += nodes.title("", "", *self.inline(formula.title))
        section += nodes.math_block(
            formula.latex, formula.latex, number=None, label=None, nowrap=False
        )
        kind = nodes.strong("", KINDS[formula.kind][1].capitalize() + ". ")
        section += nodes.paragraph("", "", kind, *self.inline(formula.method))
        if formula.source:
            section += nodes.paragraph("", "", *self.inline(f"Source: {formula.source}"))
        section += nodes.paragraph(
            "",
            "",
            _EquationLink(label=formula.label),
            nodes.Text(
                f" {result['tried']} wrong versions tried, {result['killed']} rejected,"
                f" {result['seconds']:.2f} s."
            ),
            classes=["nn-facts"],
        )
        section += self.proof(formula)
        return section

    def proof(self, formula: Formula) -> folded:
        """Return the folded source of the proof and the hand-written wrong versions."""
        code = proof_source(formula)
        block = nodes.literal_block(code, code, language="python")
        rejected = "Rejected, among others: " + "; ".join(formula.wrong) + "."
        box = folded("", summary="Proof", more=f"of: {formula.title}")
        box += [block, nodes.paragraph("", "", *self.inline(rejected))]
        if formula.equivalent:
            equivalent = "; ".join(f"{name} ({why})" for name, why in formula.equivalent.items())
            box += nodes.paragraph("", "", *self.inline(f"Equivalent, not wrong: {equivalent}."))
        return box

    def inline(self, text: str) -> list[nodes.Node]:
        """Parse a line of MyST (formulas, code, emphasis) into inline nodes."""
        holder = nodes.container()
        self.state.nested_parse(StringList([text], "ledger"), self.content_offset, holder)
        return holder[0].children


class _ProofRole(SphinxRole):
    """Link to an entry by its label: {proof}`eq-gd`."""

    def run(self) -> tuple[list[nodes.Node], list]:
        """Return a link with the title of the formula."""
        formula = ledger().get(self.text)
        if formula is None:
            log.warning("the ledger has no entry %s", self.text, location=self.get_location())
            return [nodes.literal("", self.text)], []
        uri = _entry_uri(self.env.app.builder, self.env.docname, formula)
        return [nodes.reference("", formula.title, internal=True, refuri=uri)], []


class _LedgerSummary(SphinxDirective):
    """Write the summary of the ledger."""

    def run(self) -> list[nodes.Node]:
        """Return the summary as a paragraph."""
        self.env.note_reread()
        return [nodes.paragraph("", _summary(), classes=["nn-summary"])]


def _link_equations(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Replace each placeholder by a link to its equation."""
    equations = app.env.get_domain("math").equations
    for placeholder in list(doctree.findall(_EquationLink)):
        equation = equations.get(placeholder["label"])
        if equation is None:
            placeholder.replace_self(nodes.Text("Not used in the book yet."))
            continue
        page, anchor = equation[0], nodes.make_id(f"equation-{placeholder['label']}")
        number = ".".join(map(str, app.env.toc_fignumbers[page]["displaymath"][anchor]))
        uri = f"{app.builder.get_relative_uri(docname, page)}#{anchor}"
        link = nodes.reference("", f"Equation ({number})", internal=True, refuri=uri)
        placeholder.replace_self([link, nodes.Text(f" in {app.env.titles[page].astext()}.")])


def setup(app: Sphinx) -> None:
    """Register the directives, the role, the proofs and the links to equations."""
    app.add_node(_EquationLink)
    app.add_directive("ledger", _LedgerDirective)
    app.add_directive("ledger-summary", _LedgerSummary)
    app.add_role("proof", _ProofRole())
    app.connect("env-before-read-docs", _start_proofs)
    app.connect("doctree-resolved", _link_equations)
