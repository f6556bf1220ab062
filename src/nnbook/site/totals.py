"""What the book has proved, in tables: chapter by chapter, what leans on what, what was run.

The tables are Markdown that the directives write, so that formulas and links in them are those of
every other page.
"""

import ast
import re
import sys
from collections import Counter, defaultdict
from html import escape
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from nnbook.ledger.registry import Formula, ledger, proof_source
from nnbook.site.ledger import KINDS, PAGE, page_of, results
from nnbook.site.numbering import chapter

REFERENCE = re.compile(r"\{eq\}`([\w-]+)`")
LINK = re.compile(r"\]\(0*(\d+)_\w+\.(?:ipynb|md)")
PROVED = ("exact", "parametric")
MOST = 12  # formulas that the page names as most used


def texts(env) -> dict[int, str]:
    """Return chapter → the source of its page."""
    found = {}
    for docname in sorted(env.found_docs):
        if number := chapter(docname):
            found[int(number)] = Path(env.doc2path(docname)).read_text(encoding="utf-8")
    return found


def references(env) -> Counter:
    """Return how often the chapters refer to each formula of the ledger."""
    labels = (label for text in texts(env).values() for label in REFERENCE.findall(text))
    return Counter(label for label in labels if label in ledger())


def between(env) -> dict[tuple[int, int], int]:
    """Return (chapter that refers, other chapter) → how often, to a formula or to the chapter."""
    counts, known = Counter(), ledger()
    for number, text in texts(env).items():
        there = [known[label].chapter for label in REFERENCE.findall(text) if label in known]
        there += [int(other) for other in LINK.findall(text)]
        counts.update((number, other) for other in there if other != number)
    return dict(sorted(counts.items()))


def ran(formula: Formula) -> set[str]:
    """Return which functions and values of the package, proofs apart, its check uses."""
    module = sys.modules[formula.verify.__module__]
    names = {
        alias.asname or alias.name: f"{node.module.removeprefix('nnmaths.')}.{alias.name}"
        for node in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("nnmaths.")
        for alias in node.names
        if not node.module.startswith("nnmaths.symbolic")
    }
    used = {n.id for n in ast.walk(ast.parse(proof_source(formula))) if isinstance(n, ast.Name)}
    return {names[name] for name in used & set(names)}


def table(head: str, rows: list[str]) -> list[str]:
    """Return a table in Markdown; cells are parted by a bar."""
    dashes = "|".join("---" for _ in head.split("|"))
    return [f"| {row} |" for row in (head, dashes, *rows)]


def times(count: int) -> str:
    """Return a number of times in words."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def chapter_rows() -> list[str]:
    """Return for each chapter its formulas by kind, the wrong versions, and the seconds."""
    groups = defaultdict(list)
    for formula in ledger().values():
        groups[formula.chapter].append(formula)
    rows = []
    for number, formulas in groups.items():
        kinds, made = Counter(f.kind for f in formulas), [results()[f.label] for f in formulas]
        counts = [sum(kinds[k] for k in PROVED), *(kinds[k] for k in list(KINDS)[2:])]
        killed = sum(result["killed"] for result in made)
        page = Path(page_of(number)).name
        cells = [
            f"[{number}]({page}.md)",
            len(formulas),
            *counts,
            f"{killed:,}",
        ]
        rows.append("|".join(map(str, [*cells, f"{sum(r['seconds'] for r in made):.0f}"])))
    return rows


def map_rows(pairs: dict[tuple[int, int], int]) -> list[str]:
    """Return for each chapter on which earlier ones it builds, and what it promises."""
    rows = []
    for number in sorted({a for a, _ in pairs}):
        there = {b: count for (a, b), count in pairs.items() if a == number}
        sides = [
            ", ".join(f"{b} ({times(c)})" for b, c in there.items() if (b < number) is back) or "–"
            for back in (True, False)
        ]
        rows.append(f"Chapter {number}|{sides[0]}|{sides[1]}")
    return rows


def used_rows(found: Counter) -> list[str]:
    """Return the formulas to which the text refers most."""
    return [f"{{eq}}`{label}`|{ledger()[label].title}|{n}" for label, n in found.most_common(MOST)]


def run_rows() -> list[str]:
    """Return for each function or value of the package the formulas whose checks use it."""
    users = defaultdict(list)
    for formula in ledger().values():
        for name in ran(formula):
            users[name].append(formula)
    ordered = sorted(users.items(), key=lambda item: (-len(item[1]), item[0]))
    return [
        f"`{name}`|{len(formulas)}|" + ", ".join(f"{{eq}}`{f.label}`" for f in formulas)
        for name, formulas in ordered
    ]


def drawing(pairs: dict[tuple[int, int], int]) -> str:
    """Return the map: chapters in a row, an arc from each to every earlier one that it uses."""
    numbers, step, ground = sorted({n for pair in pairs for n in pair}), 80, 200
    place = {number: 40 + step * k for k, number in enumerate(numbers)}
    arcs = "".join(
        f'<path d="M{place[b]} {ground - 16}A{(place[a] - place[b]) / 2} '
        f'{min((place[a] - place[b]) / 2, 165)} 0 0 1 {place[a]} {ground - 16}" fill="none" '
        f'stroke="var(--nn-blue)" stroke-opacity=".65" stroke-width="{0.8 + count**0.5:.1f}"/>'
        for (a, b), count in pairs.items()
        if b < a
    )
    discs = "".join(
        f'<circle cx="{x}" cy="{ground}" r="16" fill="var(--nn-paper)" stroke="currentColor"/>'
        f'<text x="{x}" y="{ground + 5}" text-anchor="middle" fill="currentColor">{number}</text>'
        for number, x in place.items()
    )
    said = (
        "The chapters in a row, each joined by an arc to every earlier chapter to which its text "
        "refers; the more often, the thicker. The table below has the numbers."
    )
    width = step * len(numbers)
    return (
        f'<figure class="picture"><svg role="img" aria-label="{escape(said)}" '
        f'viewBox="0 0 {width} {ground + 24}" style="max-width:{width}px" '
        f'font-size="15">{arcs}{discs}</svg></figure>'
    )


class Totals(SphinxDirective):
    """Write one of the tables: {ledger-totals} chapters, map, used or run."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the table, for `map` after its drawing."""
        self.env.note_reread()
        name = self.arguments[0]
        if name == "chapters":
            head = "Chapter|formulas|symbols|numbers|defined|cited|rejected|seconds"
            return self.parsed(table(head, chapter_rows()))
        if name == "map":
            pairs = between(self.env)
            head = "The text of|builds on chapter|points ahead to chapter"
            picture = nodes.raw("", drawing(pairs), format="html")
            return [picture, *self.parsed(table(head, map_rows(pairs)))]
        if name == "used":
            return self.parsed(
                table("Formula|what it says|references", used_rows(references(self.env)))
            )
        if name == "run":
            return self.parsed(table("In the package|proofs|formulas", run_rows()))
        raise self.error(f"{{ledger-totals}}: expected chapters, map, used or run, found {name!r}")

    def parsed(self, lines: list[str]) -> list[nodes.Node]:
        """Return lines of Markdown as nodes."""
        holder = nodes.container()
        self.state.nested_parse(StringList(lines, PAGE), self.content_offset, holder)
        return holder.children


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("ledger-totals", Totals)
