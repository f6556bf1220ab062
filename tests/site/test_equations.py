"""Nothing unproved: the equations on the pages are the equations in the ledger, both ways.

Every displayed equation has a label and an entry, every entry of a written chapter is displayed on
a page of that chapter, and the LaTeX of both is the same after `normalise`. Three sabotages of a
copy of the book show that the check can fail.
"""

import json
import re
import shutil
from dataclasses import replace

import pytest
from equations import complaints, equations, pages
from links import markdown

from nnbook.ledger.registry import ledger, normalise

LEDGER = ledger()
# An equation of chapter 6 with a minus, for the sabotages.
LABEL = "eq-delta-output"


def test_pages_and_ledger_hold_the_same_equations(root):
    assert complaints(root, LEDGER) == []


def test_every_page_of_the_table_of_contents_is_read(root):
    listed = (root / "_toc.yml").read_text()
    assert listed.count("file:") + listed.count("root:") == len(pages(root))


@pytest.fixture
def book(root, tmp_path):
    """Return a copy of the book's pages that may be spoiled."""
    shutil.copy(root / "_toc.yml", tmp_path)
    for page in pages(root):
        copy = tmp_path / page.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(page, copy)
    return tmp_path


def spoil(book, change):
    """Change the text of the Markdown cell that displays LABEL."""
    for page in (page for page in pages(book) if f"({LABEL})" in markdown(page)):
        notebook = json.loads(page.read_text())
        for cell in notebook["cells"]:
            text = "".join(cell["source"])
            if f"({LABEL})" in text:
                cell["source"] = change(text)
        page.write_text(json.dumps(notebook))


def news(root, book, ledger=LEDGER):
    """Return what is wrong in the spoiled copy and not in the book."""
    return [c for c in complaints(book, ledger) if c not in complaints(root, LEDGER)]


def test_a_minus_dropped_on_the_page_is_found(root, book):
    latex = next(e.latex for p in pages(book) for e in equations(markdown(p)) if e.label == LABEL)
    spoil(book, lambda text: text.replace(latex, latex.replace("-", "", 1)))
    (complaint,) = news(root, book)
    assert f"{LABEL} reads" in complaint


def test_a_minus_dropped_in_the_ledger_is_found(root, book):
    wrong = replace(LEDGER[LABEL], latex=LEDGER[LABEL].latex.replace("-", "", 1))
    (complaint,) = news(root, book, LEDGER | {LABEL: wrong})
    assert f"{LABEL} reads" in complaint


def test_a_label_taken_away_is_found(root, book):
    spoil(book, lambda text: text.replace(f" ({LABEL})", ""))
    unlabelled, missing = news(root, book)
    assert "has no label" in unlabelled
    assert missing == f"{LABEL}: no page of chapter 6 displays it"


def test_an_equation_that_the_ledger_does_not_know_is_found(root, book):
    page = next(page for page in pages(book) if page.suffix == ".md")
    page.write_text(page.read_text() + "\n\n$$\n1 = 1\n$$ (eq-unknown)\n")
    (complaint,) = news(root, book)
    assert "eq-unknown has no entry" in complaint


def test_an_equation_displayed_twice_is_found(root, book):
    page = next(page for page in pages(book) if page.suffix == ".md")
    again = f"\n\n$$\n{LEDGER[LABEL].latex}\n$$ ({LABEL})\n"
    page.write_text(page.read_text() + again)
    (complaint,) = news(root, book)
    assert f"{LABEL} is displayed twice" in complaint


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("$$\na = b\n$$ (eq-x)", [("eq-x", "a = b")]),
        ("text $$a = b$$ text", [("", "a = b")]),
        ("```{math}\n:label: eq-x\na = b\n```", [("eq-x", "a = b")]),
        ("```{math}\na = b\n```", [("", "a = b")]),
        (":::{math}\n:label: eq-x\n\na = b\n:::", [("eq-x", "a = b")]),
        (r"\[a = b\]", [("", "a = b")]),
        (r"\begin{align*}a &= b\end{align*}", [("", "a &= b")]),
        (r"\begin{equation}\label{eq-x}a = b\end{equation}", [("eq-x", "a = b")]),
        ("````{exercise}\n```{note}\n$$a$$ (eq-x)\n```\n````\n$$b$$", [("eq-x", "a"), ("", "b")]),
        ("```{solution} ex-1\n:class: dropdown\n$$a$$\n```", [("", "a")]),
        ("```python\ntext = '$$a$$'\n```\n$$b$$ (eq-x)", [("eq-x", "b")]),
        ("````\n```{math}\na\n```\n````", []),
        ("Write `$$a$$` or ``\\[a\\]``; inline $a$ and $b$.", []),
        (
            "$$\n\\begin{aligned}a&=b\\end{aligned}\n$$ (eq-x)",
            [("eq-x", "\\begin{aligned}a&=b\\end{aligned}")],
        ),
    ],
)
def test_displayed_equations_are_found_in_every_syntax(text, found):
    assert [(equation.label, equation.latex) for equation in equations(text)] == found


def test_normalise_drops_typography():
    page = "\\delta_j = \\bigl( a_j\n - y_j \\bigr) \\, \\sigma'\\!\\left( z_j \\right),"
    assert normalise(page) == r"\delta_j=(a_j-y_j)\sigma'(z_j)"


def test_normalise_keeps_names_apart():
    assert normalise(r"\eta\,x") == normalise(r"\eta x") != normalise(r"\etax")


def test_normalise_drops_the_gap_of_a_row_and_no_bracket():
    assert normalise(r"a\\[2pt]b") == normalise(r"a\\ b")
    assert normalise(r"a\\ [b]") != normalise(r"a\\ b")


@pytest.mark.parametrize("label", LEDGER)
def test_normalise_keeps_every_sign_letter_and_index(label):
    latex = LEDGER[label].latex
    typography = r"\\[a-zA-Z]+|\\.|\[-?[\d.]+pt\]|[\s.,;]"
    visible = re.sub(typography, lambda match: " " * len(match[0]), latex)
    for i in (i for i, sign in enumerate(visible) if sign != " "):
        assert normalise(latex[:i] + latex[i + 1 :]) != normalise(latex)


def unguarded(text):
    """Return the slips of the errata that do not say what is right, or name no proof or source."""
    slips = re.split(r"^(?=### )", text, flags=re.MULTILINE)[1:]
    return [
        slip.splitlines()[0].removeprefix("### ")
        for slip in slips
        if "**Right:**" not in slip or not re.search(r"\{(proof|cite[a-z:]*)\}`", slip)
    ]


def test_every_slip_of_the_article_is_put_right_and_guarded(root):
    text = (root / "book" / "errata.md").read_text()
    assert text.count("\n### ") >= 29
    assert unguarded(text) == []


def test_a_slip_without_a_guard_is_found():
    text = "### One\n**Right:** two. {proof}`eq-gd`.\n\n### Two\n**Right:** three.\n"
    assert unguarded(text) == ["Two"]
