"""What a chapter sets in bold is a term, defined once in the book, and the glossary has it."""

import json
import re
from pathlib import Path

import links

BOOK = Path(__file__).resolve().parents[2] / "book"
CHAPTERS = range(1, 9)
BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
GLOSSARY = re.compile(r"^```\{glossary\}\n(.*?)^```", re.DOTALL | re.MULTILINE)
EXERCISE = re.compile(r"^(`{3,})\{(?:exercise|solution).*?^\1 *$", re.DOTALL | re.MULTILINE)
# Bold words that open a passage, beside those that end in a full stop.
RUN_IN = {"what you will be able to do", "what you need"}


def key(text):
    """Return a term as it is looked up: lower case, one space between words."""
    return " ".join(text.lower().split())


def order(term):
    """Return what a term is sorted by: no article, and no letter of a formula in front."""
    return re.sub(r"^(?:the |\$[^$]*\$-)", "", key(term)).replace("-", " ")


def chapters(book):
    """Return number → path of the chapters that the book holds."""
    return {int(path.name[:2]): path for path in sorted(book.glob("[0-9][0-9]_*.ipynb"))}


def defined(text):
    """Return the terms that a text sets in bold, as often as it does; no exercise defines any."""
    words = [key(found) for found in BOLD.findall(EXERCISE.sub("", text))]
    return [word for word in words if word not in RUN_IN and not word.endswith(".")]


def definitions(book):
    """Return (term, name of the chapter) for each bold term of the book."""
    return [
        (term, path.stem) for path in chapters(book).values() for term in defined(links.prose(path))
    ]


def entries(book):
    """Return the entries of the glossary, each as the list of its term lines."""
    (body,) = GLOSSARY.findall((book / "glossary.md").read_text(encoding="utf-8"))
    blocks = (block.splitlines() for block in body.strip().split("\n\n"))
    return [[line for line in block if not line.startswith(" ")] for block in blocks]


def places(book):
    """Return term → the chapters that define it."""
    found = {}
    for term, chapter in definitions(book):
        found.setdefault(term, []).append(chapter)
    return found


def faults(book, *, whole):
    """Return a line for each fault: no entry, two definitions, in a whole book also none."""
    found, listed = places(book), [{key(line) for line in entry} for entry in entries(book)]
    known = set().union(*listed)
    lines = [f"{term} is not in the glossary" for term in found if term not in known]
    lines += [f"{term}: {' and '.join(where)}" for term, where in found.items() if where[1:]]
    for entry in listed:
        times = len(entry & found.keys())
        if times > 1 or (whole and not times):
            lines.append(f"{' / '.join(sorted(entry))} is defined {times} times")
    return lines


def test_terms_and_glossary_agree():
    """Entries of a chapter that is not there yet may wait for it; in the whole book none may."""
    assert faults(BOOK, whole=set(CHAPTERS) <= chapters(BOOK).keys()) == []


def test_faults_are_found(tmp_path):
    """A term without entry, one defined twice, an entry without chapter; all else passes."""

    def chapter(name, text):
        cell = {"cell_type": "markdown", "source": text}
        (tmp_path / name).write_text(json.dumps({"cells": [cell]}), encoding="utf-8")

    page = (
        "# Glossary\n\n```{glossary}\nlayers\nlayer\n    Some neurons.\n\nslope\n    A rate.\n```\n"
    )
    (tmp_path / "glossary.md").write_text(page, encoding="utf-8")
    chapter("01_one.ipynb", "**What you need**: no more. **No sign.** A\n**Layer** is so wide.")
    chapter("02_two.ipynb", "```{exercise} One\n**free**\n```\nThe **layer**, its **kink**.")
    chapter("more.ipynb", "**no chapter**")
    assert faults(tmp_path, whole=False) == [
        "kink is not in the glossary",
        "layer: 01_one and 02_two",
    ]
    assert faults(tmp_path, whole=True)[2:] == ["slope is defined 0 times"]


def test_entries_are_sorted_and_none_is_there_twice():
    terms = [entry[0] for entry in entries(BOOK)]
    assert terms == sorted(terms, key=order)
    lines = [key(line) for entry in entries(BOOK) for line in entry]
    assert len(lines) == len(set(lines))


def test_every_entry_says_something():
    (body,) = GLOSSARY.findall((BOOK / "glossary.md").read_text(encoding="utf-8"))
    for block in body.strip().split("\n\n"):
        assert re.search(r"^ {4}\S.*[.]$", block, re.MULTILINE), block
