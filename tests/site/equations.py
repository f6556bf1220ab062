"""Find the displayed equations of the book's pages and compare them with the ledger."""

import re
from pathlib import Path
from typing import NamedTuple

import yaml
from links import markdown

from nnbook.ledger.registry import normalise

# A fence: three or more of one sign and perhaps a name, as in ```python, ```{exercise}, :::{note}
FENCE = re.compile(r"^\s*(?P<signs>`{3,}|~{3,}|:{3,})\s*(?P<name>\{[\w:-]+\}|[\w.+-]*)[^`]*$")
# What stands in these directives is no prose; {math} is read, any other directive is prose.
NO_PROSE = {"{code}", "{code-block}", "{code-cell}", "{literalinclude}", "{raw}", "{eval-rst}"}
DOLLARS = re.compile(r"\$\$(?P<latex>.+?)\$\$(?:[ \t]*\((?P<label>[\w:-]+)\))?", re.DOTALL)
BRACKETS = re.compile(r"\\\[(?P<latex>.+?)\\\](?P<label>)", re.DOTALL)
ENVIRONMENT = re.compile(
    r"\\begin\{(?P<name>(?:equation|align|gather|multline|eqnarray|alignat)\*?)\}"
    r"(?P<latex>.+?)\\end\{(?P=name)\}",
    re.DOTALL,
)
LABEL = re.compile(r"\\label\{(?P<label>[^}]*)\}")


class Equation(NamedTuple):
    """A displayed equation: the page it is on, its label (empty when it has none), its LaTeX."""

    page: str
    label: str
    latex: str


def pages(root):
    """Return the pages that the table of contents of the book in `root` lists, as paths."""
    toc = yaml.safe_load((root / "_toc.yml").read_text())
    found = [root / f"{name}{end}" for name in names(toc) for end in (".ipynb", ".md")]
    return [path for path in found if path.exists()]


def names(toc):
    """Yield the file names of a table of contents, at any depth."""
    if isinstance(toc, dict):
        yield from (toc[key] for key in ("root", "file") if key in toc)
        toc = list(toc.values())
    if isinstance(toc, list):
        for part in toc:
            yield from names(part)


def equations(text, page=""):
    """Return the displayed equations of a Markdown text."""
    text, found = split(text)
    found = [Equation(page, label, latex) for label, latex in found]
    text = re.sub(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", "", text)
    for pattern in (DOLLARS, BRACKETS):
        for match in pattern.finditer(text):
            found.append(Equation(page, match["label"] or "", match["latex"].strip()))
        text = pattern.sub("", text)
    for match in ENVIRONMENT.finditer(text):
        label = LABEL.search(match["latex"])
        latex = LABEL.sub("", match["latex"]).strip()
        found.append(Equation(page, label["label"] if label else "", latex))
    return found


def split(text):
    """Return the prose of a text without its code, and [(label, LaTeX)] of its {math} fences."""
    kept, found, fences = [], [], []
    for line in text.splitlines():
        match = FENCE.match(line)
        if fences and match and closes(match, fences[-1]):
            name, body = fences.pop()[1:]
            if name == "{math}":
                found.append(math_fence(body))
        elif match and (not fences or is_prose(fences[-1][1])):
            fences.append((match["signs"], match["name"], []))
        elif fences and not is_prose(fences[-1][1]):
            fences[-1][2].append(line)
        else:
            kept.append(line)
    return "\n".join(kept), found


def closes(match, fence):
    """Return whether a line of signs alone closes the fence."""
    signs = match["signs"]
    return not match["name"] and signs[0] == fence[0][0] and len(signs) >= len(fence[0])


def is_prose(name):
    """Return whether a fence of this name holds Markdown to be read."""
    return name.startswith("{") and name != "{math}" and name not in NO_PROSE


def math_fence(lines):
    """Return (label, LaTeX) of the lines of a {math} directive."""
    labels = [
        line.split(":label:")[1].strip() for line in lines if line.strip().startswith(":label:")
    ]
    latex = "\n".join(line for line in lines if not re.match(r"\s*:\w+:", line))
    return (labels or [""])[0], latex.strip()


def chapter(page):
    """Return the number of a chapter page (06_… is 6), or None."""
    match = re.match(r"(\d\d)_", Path(page).name)
    return int(match[1]) if match else None


def complaints(root, ledger):
    """Return what is wrong between the pages of the book in `root` and the ledger, in sentences."""
    shown = [
        equation
        for path in pages(root)
        for equation in equations(markdown(path), path.relative_to(root).with_suffix("").as_posix())
    ]
    written = {chapter(path) for path in pages(root)}
    return [*on_pages(shown, ledger), *in_ledger(shown, ledger, written)]


def on_pages(shown, ledger):
    """Yield the equations without a label, without an entry, twice labelled, or set otherwise."""
    seen = set()
    for page, label, latex in shown:
        if not label:
            yield f"{page}: a displayed equation has no label: {latex[:60]}"
        elif label in seen:
            yield f"{page}: {label} is displayed twice"
        elif label not in ledger:
            yield f"{page}: {label} has no entry in the ledger"
        elif normalise(latex) != normalise(ledger[label].latex):
            yield f"{page}: {label} reads {latex}, in the ledger {ledger[label].latex}"
        seen.add(label)


def in_ledger(shown, ledger, written):
    """Yield the entries of written chapters that no page of their chapter displays."""
    displayed = {(chapter(page), label) for page, label, _ in shown}
    for label, formula in ledger.items():
        if formula.chapter in written and (formula.chapter, label) not in displayed:
            yield f"{label}: no page of chapter {formula.chapter} displays it"
