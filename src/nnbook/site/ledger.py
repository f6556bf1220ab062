"""The pages of proofs, and the mark at every numbered equation that leads there."""

import json
import os
import subprocess
import sys
from functools import cache
from html import escape

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from nnbook.ledger.cache import proofs_file
from nnbook.ledger.registry import Formula, ledger, proof_source
from nnbook.site.folding import folded

log = logging.getLogger(__name__)

PAGE = "book/ledger"
_prover: list[subprocess.Popen] = []

# kind → the sign beside the number on the page, and what it means
KINDS = {
    "exact": ("✓", "proved in general"),
    "parametric": ("✓", "proved for a family of sizes"),
    "numeric": ("≈", "checked on numbers"),
    "definition": (":=", "a definition"),
    "citation": ("†", "cited, and checked in a special case"),
}


def page_of(number: int) -> str:
    """Return the page with the proofs of a chapter."""
    return f"{PAGE}_{number:02d}"


def link_to(builder, docname: str, formula: Formula) -> str:
    """Return the address of an entry, as seen from a page."""
    return f"{builder.get_relative_uri(docname, page_of(formula.chapter))}#{formula.label}"


def begin(app: Sphinx, env, docnames: list) -> None:
    """Prove beside the reading of the pages, which runs the chapters, what was not yet proved."""
    file = proofs_file()
    if PAGE not in env.found_docs or _prover or proved(file) >= set(ledger()):
        return
    log.info("proving the ledger, while the chapters are read …")
    command = [sys.executable, "-m", "nnbook.ledger", "--jobs", str(os.cpu_count() or 1)]
    told = file.with_suffix(".log").open("w")
    _prover.append(subprocess.Popen([*command, "--store"], stdout=told, stderr=subprocess.STDOUT))


def proved(file) -> set:
    """Return the labels of a file of results."""
    return set(json.loads(file.read_text())) if file.exists() else set()


@cache
def results() -> dict:
    """Return label → result, when all is proved; an error names what could not be."""
    file = proofs_file()
    for prover in _prover:
        log.info("waiting for the proofs …")
        prover.wait()
    found = json.loads(file.read_text()) if file.exists() else {}
    failed = sorted(label for label in ledger() if not found.get(label, {}).get("passed"))
    if failed:
        file.unlink(missing_ok=True)
        raise ExtensionError(
            f"not proved: {', '.join(failed)}; `python -m nnbook.ledger {failed[0]}` says why"
        )
    return found


def summary() -> str:
    """Return the sentence that sums the ledger up."""
    found = results().values()
    tried, killed = (sum(result[name] for result in found) for name in ("tried", "killed"))
    seconds = sum(result["seconds"] for result in found)
    groups = {
        "proved on symbols": ("exact", "parametric"),
        "checked on numbers": ("numeric",),
        "defined": ("definition",),
        "cited": ("citation",),
    }
    counts = {what: sum(r["kind"] in kinds for r in found) for what, kinds in groups.items()}
    parts = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    return (
        f"{len(found)} formulas: {parts}. {tried:,} wrong versions of them were tried, and "
        f"{killed:,} rejected. Proving it all takes {seconds:.0f} seconds."
    )


def mark(translator, node: nodes.math_block, number: str) -> str:
    """Return the link from an equation to its entry."""
    label = node["label"]
    if label not in ledger():
        log.warning("equation %s has no entry in the ledger", label, location=node)
        return ""
    sign, meaning = KINDS[ledger()[label].kind]
    uri = link_to(translator.builder, translator.builder.current_docname, ledger()[label])
    name = f"Proof of equation ({number}) in the ledger"
    return (
        f'<a class="nn-mark" href="{uri}" aria-label="{name}" title="{meaning}">{escape(sign)}</a>'
    )


class Place(nodes.Inline, nodes.TextElement):
    """Stands for the link back to an equation until all pages are read."""


class LedgerDirective(SphinxDirective):
    """Write every formula of a chapter with its proof: {ledger} 6."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return an entry for each formula."""
        self.env.note_reread()
        number = int(self.arguments[0])
        return [self.entry(f) for f in ledger().values() if f.chapter == number]

    def entry(self, formula: Formula) -> nodes.section:
        """Return a formula: what it says, how it is proved, what was rejected."""
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
            Place(label=formula.label),
            nodes.Text(
                f" {result['tried']} wrong versions tried, {result['killed']} rejected,"
                f" {result['seconds']:.2f} s."
            ),
            classes=["nn-facts"],
        )
        section += self.proof(formula)
        return section

    def proof(self, formula: Formula) -> folded:
        """Return the source of the proof and the wrong versions made by hand, folded."""
        code = proof_source(formula)
        block = nodes.literal_block(code, code, language="python")
        rejected = "Rejected, among others: " + "; ".join(formula.wrong) + "."
        box = folded("", summary="Proof", more=f"of: {formula.title}")
        box += [block, nodes.paragraph("", "", *self.inline(rejected))]
        if formula.equivalent:
            same = "; ".join(f"{name} ({why})" for name, why in formula.equivalent.items())
            box += nodes.paragraph("", "", *self.inline(f"Equivalent, not wrong: {same}."))
        return box

    def inline(self, text: str) -> list[nodes.Node]:
        """Return a line of MyST (formulas, code, emphasis) as inline nodes."""
        holder = nodes.container()
        self.state.nested_parse(StringList([text], "ledger"), self.content_offset, holder)
        return holder[0].children


class ProofRole(SphinxRole):
    """Link to an entry by its label: {proof}`eq-gd`."""

    def run(self) -> tuple[list[nodes.Node], list]:
        """Return the link, which reads as the title of the formula."""
        formula = ledger().get(self.text)
        if formula is None:
            log.warning("no entry %s in the ledger", self.text, location=self.get_location())
            return [nodes.literal("", self.text)], []
        uri = link_to(self.env.app.builder, self.env.docname, formula)
        return [nodes.reference("", formula.title, internal=True, refuri=uri)], []


class LedgerSummary(SphinxDirective):
    """Write the sentence that sums the ledger up."""

    def run(self) -> list[nodes.Node]:
        """Return the sentence as a paragraph."""
        self.env.note_reread()
        return [nodes.paragraph("", summary(), classes=["nn-summary"])]


def link_back(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Replace each Place by a link to the equation, now that every page is read."""
    equations = app.env.get_domain("math").equations
    for place in list(doctree.findall(Place)):
        where = equations.get(place["label"])
        if where is None:
            place.replace_self(nodes.Text("On no page yet."))
            continue
        page, anchor = where[0], nodes.make_id(f"equation-{place['label']}")
        number = ".".join(map(str, app.env.toc_fignumbers[page]["displaymath"][anchor]))
        uri = f"{app.builder.get_relative_uri(docname, page)}#{anchor}"
        link = nodes.reference("", f"Equation ({number})", internal=True, refuri=uri)
        place.replace_self([link, nodes.Text(f" in {app.env.titles[page].astext()}.")])


def setup(app: Sphinx) -> None:
    """Register the directives, the role and the links back."""
    app.add_node(Place)
    app.add_directive("ledger", LedgerDirective)
    app.add_directive("ledger-summary", LedgerSummary)
    app.add_role("proof", ProofRole())
    app.connect("env-before-read-docs", begin)
    app.connect("doctree-resolved", link_back)
