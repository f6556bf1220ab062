"""Check the links inside the book: files that are named, labels that are referred to.

It reads the sources alone, so it takes a moment; Sphinx checks the same references again in the
build (`make book`, nitpicky).
"""

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FENCE = re.compile(r"^ *(`{3,}|~{3,})(?![`~{]).*?^ *\1", re.MULTILINE | re.DOTALL)
SAMPLE = re.compile(r"(?<!`)``(?!`).+?(?<!`)``(?!`)", re.DOTALL)
LINK = re.compile(r"\]\(<?([^)\s>]+)>?[^)]*\)|<(?:img|a)[^>]* (?:src|href)=\"([^\"]+)\"")
ROLE = re.compile(r"\{(?:eq|ref|numref|prf:ref)\}`(?:[^`<]*<)?([^`>]+)>?`")
CITE = re.compile(r"\{cite[^}]*\}`([^`]+)`")
LABEL = re.compile(
    r"^\$\$ \(([\w-]+)\)|^\(([\w-]+)\)=|^:(?:label|name): *([\w-]+)|^@\w+\{([\w:-]+),", re.MULTILINE
)


def markdown(path):
    """Return the Markdown of a page; of a notebook, that of its Markdown cells."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return text
    cells = json.loads(text)["cells"]
    return "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")


def prose(path):
    """Return the Markdown of a page or chapter, without samples of code."""
    return SAMPLE.sub("", FENCE.sub("", markdown(path)))


def pages(root):
    """Return the documents that may hold links."""
    book = root / "book"
    found = [*root.glob("*.md"), *book.rglob("*.md"), *book.rglob("*.ipynb")]
    return sorted(path for path in found if ".ipynb_checkpoints" not in path.parts)


def labels(texts):
    """Return every label that the texts define."""
    return {name for text in texts for groups in LABEL.findall(text) for name in groups if name}


def references(text):
    """Yield the labels that a text refers to."""
    yield from ROLE.findall(text)
    for keys in CITE.findall(text):
        yield from (key.strip() for key in keys.split(","))


def missing_files(path, text):
    """Yield the relative links of a page whose file does not exist."""
    for target in map("".join, LINK.findall(text)):
        name = target.partition("#")[0]
        if name and not re.match(r"[a-z]+:", name) and not reached(path, name):
            yield target


def reached(path, name):
    """Return whether a page of that name exists, as a source or as the page built from it."""
    target = path.parent / name
    sources = [target.with_suffix(end) for end in (".md", ".ipynb")]
    return target.exists() or (target.suffix in ("", ".html") and any(s.exists() for s in sources))


def broken(root=ROOT):
    """Return one line for each link that leads nowhere."""
    texts = {path: prose(path) for path in pages(root)}
    bibliography = [path.read_text(encoding="utf-8") for path in (root / "book").glob("*.bib")]
    known = labels([*texts.values(), *bibliography])
    lines = []
    for path, text in texts.items():
        wrong = [*missing_files(path, text), *(r for r in references(text) if r not in known)]
        lines += [f"{path.relative_to(root)}: {target} leads nowhere" for target in wrong]
    return lines


def main():
    """Print the broken links; exit with status 1 if there are any."""
    lines = broken()
    print("\n".join(lines) or "Every link inside the book leads somewhere.")
    sys.exit(bool(lines))


if __name__ == "__main__":
    main()
