"""Tables of what the book proves: by chapter, dependencies between chapters, code that proofs use.

The directive writes the tables in Markdown, so that their formulas and links are like those of
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
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from nnbook.ledger.registry import Formula, ledger, proof_source
from nnbook.site.ledger import KINDS, PAGE, page_of, results
from nnbook.site.numbering import chapter

_REFERENCE = re.compile(r"\{eq\}`([\w-]+)`")
_LINK = re.compile(r"\]\(0*(\d+)_\w+\.(?:ipynb|md)")
_PROVED = ("exact", "parametric")
_MOST_USED = 12  # formulas in the table of the most used


def _chapter_sources(env: BuildEnvironment) -> dict[int, str]:
    """Return the source of each chapter by its number."""
    found = {}
    for docname in sorted(env.found_docs):
        if number := chapter(docname):
            found[int(number)] = Path(env.doc2path(docname)).read_text(encoding="utf-8")
    return found


def _references(env: BuildEnvironment) -> Counter[str]:
    """Count the references of the chapters to each formula of the ledger."""
    sources = _chapter_sources(env).values()
    labels = (label for text in sources for label in _REFERENCE.findall(text))
    return Counter(label for label in labels if label in ledger())


def _references_between(env: BuildEnvironment) -> dict[tuple[int, int], int]:
    """Count the references from one chapter to the formulas of another, or to the other itself."""
    counts, known = Counter(), ledger()
    for number, text in _chapter_sources(env).items():
        others = [known[label].chapter for label in _REFERENCE.findall(text) if label in known]
        others += [int(other) for other in _LINK.findall(text)]
        counts.update((number, other) for other in others if other != number)
    return dict(sorted(counts.items()))


def _names_used(formula: Formula) -> set[str]:
    """Return the functions and values of nnmaths that the proof of a formula uses."""
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


def _table(head: str, rows: list[str]) -> list[str]:
    """Return the lines of a Markdown table from rows with cells separated by "|"."""
    dashes = "|".join("---" for _ in head.split("|"))
    return [f"| {row} |" for row in (head, dashes, *rows)]


def _times(count: int) -> str:
    """Return "once", "twice" or "3 times"."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _chapter_rows() -> list[str]:
    """Return for each chapter its formulas by kind, the rejected versions, and the seconds."""
    groups = defaultdict(list)
    for formula in ledger().values():
        groups[formula.chapter].append(formula)
    rows = []
    for number, formulas in groups.items():
        kinds, found = Counter(f.kind for f in formulas), [results()[f.label] for f in formulas]
        counts = [sum(kinds[k] for k in _PROVED), *(kinds[k] for k in list(KINDS)[2:])]
        killed = sum(result["killed"] for result in found)
        page = Path(page_of(number)).name
        cells = [
            f"[{number}]({page}.md)",
            len(formulas),
            *counts,
            f"{killed:,}",
        ]
        rows.append("|".join(map(str, [*cells, f"{sum(r['seconds'] for r in found):.0f}"])))
    return rows


def _map_rows(pairs: dict[tuple[int, int], int]) -> list[str]:
    """Return for each chapter the earlier and the later chapters to which it refers."""
    rows = []
    for number in sorted({a for a, _ in pairs}):
        others = {b: count for (a, b), count in pairs.items() if a == number}
        sides = [
            ", ".join(f"{b} ({_times(c)})" for b, c in others.items() if (b < number) is back)
            or "–"
            for back in (True, False)
        ]
        rows.append(f"{number}|{sides[0]}|{sides[1]}")
    return rows


def _used_rows(counts: Counter[str]) -> list[str]:
    """Return the formulas to which the text refers most."""
    most = counts.most_common(_MOST_USED)
    return [f"{{eq}}`{label}`|{ledger()[label].title}|{n}" for label, n in most]


def _run_rows() -> list[str]:
    """Return for each function or value of nnmaths the formulas whose proofs use it."""
    users = defaultdict(list)
    for formula in ledger().values():
        for name in _names_used(formula):
            users[name].append(formula)
    ordered = sorted(users.items(), key=lambda item: (-len(item[1]), item[0]))
    return [
        f"`{name}`|{len(formulas)}|" + ", ".join(f"{{eq}}`{f.label}`" for f in formulas)
        for name, formulas in ordered
    ]


def _draw_map(pairs: dict[tuple[int, int], int]) -> str:
    """Return a drawing of the chapters in a row, with arcs to the earlier ones they refer to."""
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
    alt = (
        "The chapters in a row, each joined by an arc to every earlier chapter to which its text "
        "refers: the more references, the thicker the arc. The table below has the numbers."
    )
    width = step * len(numbers)
    return (
        f'<figure class="picture"><svg role="img" aria-label="{escape(alt)}" '
        f'viewBox="0 0 {width} {ground + 24}" style="max-width:{width}px" '
        f'font-size="15">{arcs}{discs}</svg></figure>'
    )


class _Totals(SphinxDirective):
    """Write one of the tables: {ledger-totals} chapters, map, used or run."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the table, for `map` with its drawing above."""
        self.env.note_reread()
        name = self.arguments[0]
        if name == "chapters":
            head = "Chapter|formulas|symbols|numbers|defined|cited|rejected|seconds"
            return self.parsed(_table(head, _chapter_rows()))
        if name == "map":
            pairs = _references_between(self.env)
            head = "Chapter|builds on chapter|points ahead to chapter"
            picture = nodes.raw("", _draw_map(pairs), format="html")
            return [picture, *self.parsed(_table(head, _map_rows(pairs)))]
        if name == "used":
            rows = _used_rows(_references(self.env))
            return self.parsed(_table("Formula|what it says|references", rows))
        if name == "run":
            return self.parsed(_table("In the package|proofs|formulas", _run_rows()))
        raise self.error(f"{{ledger-totals}}: expected chapters, map, used or run, found {name!r}")

    def parsed(self, lines: list[str]) -> list[nodes.Node]:
        """Parse lines of Markdown into nodes."""
        holder = nodes.container()
        self.state.nested_parse(StringList(lines, PAGE), self.content_offset, holder)
        return holder.children


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("ledger-totals", _Totals)
