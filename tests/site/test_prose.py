"""The prose is British, plain, without filler words, and takes its numbers from the cells."""

import json
import re
import tokenize
from pathlib import Path

import codespell_lib
import links
import pytest

ROOT = Path(__file__).resolve().parents[2]
PAIRS = Path(codespell_lib.__file__).parent / "data" / "dictionary_en-GB_to_en-US.txt"
FILLER = ("simply", "just", "obviously", "as we can see", "easy to see", "trivially")
# Turns that a native reader stumbles over, most of them German in English dress.
THINGS = "number port matrix array list file folder formula function power activation polynomial"
THINGS += " network notebook integer answer vector letter course student id name"
OWNERS = "student page chapter column frame sample layer run epoch digit class neuron row question"
OWNERS += " cell submission"
FOREIGN = re.compile(
    r"\b(?:anew|others than|this very|so many as|lean(?:s|ing)? on|right decisions|at the share"
    r"|(?:has|have) not (?:the|a|an|any)|even (?:knots|places)|in size at most|the begin of"
    r"|(?:gradient|derivative|slope)s? by (?:the|its|a|each|[wbzW])|empty yet|askew|to be had"
    r"|part(?:ed|ing) (?:the|of the|at random)"
    rf"|(?:is|are|was) no (?:{THINGS.replace(' ', '|')})"
    rf"|(?:line|page|file|row|number|column|mark|neuron)s? a (?:{OWNERS.replace(' ', '|')}))\b",
    re.IGNORECASE,
)
BOTH = {"program", "programs"}  # a programme is what a theatre prints
MARKUP = re.compile(
    r"\$\$.*?\$\$|\$[^$]*\$|`[^`]*`|\(eq-[\w-]+\)|\{[^}\n]*\}|\]\([^)]*\)|<[^>]*>", re.DOTALL
)

pages = pytest.mark.parametrize(
    "page", links.pages(ROOT), ids=lambda page: str(page.relative_to(ROOT))
)

# What is worked out in a sentence, with the sum that gives it.
WORKED_OUT = {("06_backpropagation", 190.0): 19 * 20 / 2, ("mnist", 70_000.0): 60_000 + 10_000}
FIGURE = re.compile(r"(?<![\w.])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[-+]?\d+)?")
YEARS = range(1600, 2100)
NO_FIGURES = re.compile(
    r"\$\$.*?\$\$(?: \([\w-]+\))?|\{[\w:]+\}`[^`]*`|`[^`]*`|\]\([^)]*\)|^:label:.*$|^\([\w-]+\)=",
    re.DOTALL | re.MULTILINE,
)

chapters = pytest.mark.parametrize(
    "chapter", sorted((ROOT / "book").glob("*.ipynb")), ids=lambda path: path.stem
)


def words(text):
    return re.findall(r"[a-z]+", MARKUP.sub(" ", text))


def american():
    """Return American spelling → British."""
    lines = (line.partition("->") for line in PAIRS.read_text().splitlines())
    pairs = {us.strip(" ,"): british for british, _, us in lines}
    return {us: british for us, british in pairs.items() if us not in BOTH}


def fillers(text):
    flat = " ".join(words(text))
    return [filler for filler in FILLER if re.search(rf"\b{filler}\b", flat)]


@pages
def test_spelling_is_british(page):
    known = american()
    assert {word: known[word] for word in words(links.prose(page)) if word in known} == {}


@pages
def test_no_filler_words(page):
    assert fillers(links.prose(page)) == []


def words_of_code(path):
    """Return the comments, docstrings and messages of a Python file."""
    with path.open("rb") as file:
        tokens = list(tokenize.tokenize(file.readline))
    kinds = (tokenize.COMMENT, tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", -1))
    return "\n".join(token.string for token in tokens if token.type in kinds)


@pages
def test_no_foreign_turns(page):
    assert FOREIGN.findall(links.prose(page)) == []


@pytest.mark.parametrize("folder", ["assignments", "src", "tools", "benchmarks", "tests"])
def test_no_foreign_turns_in_assignments_comments_and_messages(folder):
    texts = {p: links.prose(p) for p in (ROOT / folder).rglob("*.ipynb")}
    texts |= {
        p: words_of_code(p) for p in (ROOT / folder).rglob("*.py") if p.name != Path(__file__).name
    }
    found = {path.relative_to(ROOT): FOREIGN.findall(text) for path, text in texts.items()}
    assert {str(path): turns for path, turns in found.items() if turns} == {}


def test_foreign_turns_are_found():
    text = "It is no number. We judge it anew: the gradient by the weights, one page a student."
    assert FOREIGN.findall(text) == ["is no number", "anew", "gradient by the", "page a student"]
    assert FOREIGN.findall("It is not a number, no fewer than two, evenly spaced; a page.") == []


def test_american_spelling_and_filler_words_are_found():
    text = "It simply behaves; the color, as we can\nsee, is `just` $color$ [here](color.md)."
    assert fillers(text) == ["simply", "as we can see"]
    assert [word for word in words(text) if word in american()] == ["color"]


def figures(text):
    """Return the numbers of a text as (value, digits after the point), thousands joined."""
    found = []
    for match in FIGURE.finditer(text):
        number = match.group().replace(",", "")
        found.append((float(number), len(number.partition("e")[0].partition(".")[2])))
    return found


def from_cells(path):
    """Return every number in the code and the outputs of a chapter."""
    cells = [c for c in json.loads(path.read_text())["cells"] if c["cell_type"] == "code"]
    texts = ["".join(cell["source"]).replace("_", "") for cell in cells]
    for out in (out for cell in cells for out in cell["outputs"]):
        texts += ["".join(out.get("text", "")), "".join(out.get("data", {}).get("text/plain", ""))]
    return {value for text in texts for value, _ in figures(text)}


def unfounded(text, known):
    """Return the numbers of a text that no known number is rounded to: decimals, and from 100 on.

    Small whole numbers count and name things, and years are dates.
    """
    return [
        value
        for value, digits in figures(NO_FIGURES.sub(" ", text))
        if (digits or value >= 100)
        and not (not digits and value in YEARS)
        and not any(round(number, digits) == value for number in known)
    ]


@chapters
def test_every_number_of_a_chapter_comes_out_of_a_cell(chapter):
    known = from_cells(chapter) | {n for (page, n) in WORKED_OUT if page == chapter.stem}
    assert unfounded(links.prose(chapter), known) == []


def test_numbers_that_no_cell_has_are_found():
    text = "About 0.7 in 1986, for $\\eta=0.35$ and 12,000 steps; (7 and 0.512) are {eq}`eq-1.5`."
    assert unfounded(text, {0.69, 0.512, 3.5}) == [0.35, 12000.0]
    assert all(value == worked for (_, value), worked in WORKED_OUT.items())
