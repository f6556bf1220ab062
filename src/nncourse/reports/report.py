"""Writes what comes out of a grading run: two tables, a page a student, a page for the teacher.

The same results give the same bytes. Every file is written whole or not at all, and the marks that
a teacher wrote into by_hand.csv are read before anything is written.
"""

import statistics
from collections import Counter
from pathlib import Path

from nncourse.reports import similarity, tables
from nncourse.reports.feedback import feedback
from nncourse.reports.pages import answer_text, bullets, page, plain, table
from nncourse.reports.tables import number, read_by_hand, waiting

__all__ = ["read_by_hand", "write"]

BINS = 10
MOST_PAIRS = 100
LOOK = (
    "A reason to look, not a proof: those who learn together write alike, and marks know nothing "
    "of it. Read both works, and ask, before you say anything."
)


def write(results, sheet, folder, show_solutions=False, changes=()):
    """Write grades.csv, by_hand.csv, report.html and feedback/KEY.html for a Master's results.

    `changes` are dicts with key, question, before, after: marks that another grading has changed.
    Raises tables.BadMarks, and writes nothing, where by_hand.csv cannot be read.
    """
    folder = Path(folder)
    marks = read_by_hand(folder)
    results = [tables.marked(result, marks) for result in tables.ordered(results, sheet)]
    alike = similarity.pairs(results, sheet)
    for result in results:
        text = feedback(result, sheet, marks, show_solutions)
        tables.put(folder / "feedback" / f"{result['key']}.html", text)
    tables.put(folder / "report.html", _report(results, sheet, marks, alike, changes))
    tables.put(folder / tables.BY_HAND, tables.by_hand(results, sheet, marks, _text_of))
    tables.put(folder / "grades.csv", tables.grades(results, sheet))


def _text_of(question):
    """Return the answers of a question as the text that a person marks."""
    given = question.get("answers", {})
    texts = [answer_text(answer, tables.LONGEST_CELL) for answer in given.values()]
    if len(texts) < 2:
        return "".join(texts)
    return "\n".join(f"{name}: {text}" for name, text in zip(given, texts, strict=True))


def _report(results, sheet, marks, alike, changes):
    """Return the teacher's page."""
    names = {result["key"]: _named(result) for result in results}
    graded = [result for result in results if result.get("status") == "graded"]
    parts = [
        f"<h1>{plain(sheet.title)}: report</h1>\n",
        _numbers(results, graded),
        _changes(changes, names),
        _distribution(graded, sum(question.points for question in sheet.questions)),
        _questions(graded, sheet),
        _sentences("Needs eyes", "Nothing.", _eyes(results, marks), names),
        _alike(alike, names),
        _sentences("Notes", "None.", _notes(results), names),
    ]
    return page(f"{sheet.title}: report", "".join(parts))


def _named(result):
    """Return who a result is of, as HTML: the platform's name and the key, a link to the page."""
    key = plain(result["key"])
    name = f" <bdi>{plain(result['name'], 100)}</bdi>" if result.get("name") else ""
    return f'<a href="feedback/{key}.html">{key}</a>{name}'


def _numbers(results, graded):
    """Return how many there are, and the middle of the totals."""
    lines = [f"{len(results)} submissions, {len(graded)} graded."]
    totals = [result["points"] for result in graded]
    if totals:
        mean, median = statistics.fmean(totals), statistics.median(totals)
        lines.append(f"Mean {number(round(mean, 2))} points, median {number(median)} points.")
    waits = sum(bool(waiting(result)) for result in graded)
    if waits:
        lines.append(f"{waits} wait for a person: write points into {tables.BY_HAND}.")
    return bullets(lines)


def _changes(changes, names):
    """Return whose marks another grading has changed, or nothing."""
    rows = [
        (
            names.get(c["key"], plain(c["key"])),
            *(plain(c[k]) for k in ("question", "before", "after")),
        )
        for c in sorted(changes, key=lambda change: (change["key"], change["question"]))
    ]
    head = ["student", "question", "before", "after"]
    return f"<h2>Changed marks</h2>\n{table(head, rows)}" if rows else ""


def _distribution(graded, out_of):
    """Return a histogram of the totals as a picture and as a sentence."""
    if not graded or not out_of:
        return ""
    counts = Counter(_bin(result["points"], out_of) for result in graded)
    bars = [counts[i] for i in range(BINS)]
    edges = [number(out_of * i / BINS) for i in range(BINS + 1)]
    filled = (f"{edges[i]} to {edges[i + 1]}: {n}" for i, n in enumerate(bars) if n)
    said = f"Number of students by total points: {'; '.join(filled)}."
    picture = "".join(_bar(i, n, max(bars), edges[i]) for i, n in enumerate(bars))
    last = f'<text x="{40 * BINS + 20}" y="134">{edges[-1]}</text>'
    return (
        f'<h2>Distribution</h2>\n<svg viewBox="0 0 {40 * BINS + 40} 140" role="img" '
        f'aria-label="{said}">\n{picture}{last}\n</svg>\n<p class="dim">{said}</p>\n'
    )


def _bin(points, out_of):
    """Return the number of the bin of a total."""
    return max(0, min(int(points / out_of * BINS + 1e-9), BINS - 1))


def _bar(i, count, most, edge):
    """Return a bar of the histogram with its count over it and its left edge under it."""
    height = round(100 * count / most)
    x, y = 40 * i + 20, 120 - height
    over = f'<text x="{x + 20}" y="{y - 4}">{count}</text>' if count else ""
    bar = f'<rect x="{x + 2}" y="{y}" width="36" height="{height}"/>'
    return f'{bar}{over}<text x="{x}" y="134">{edge}</text>\n'


def _questions(graded, sheet):
    """Return the questions, hardest first, with what was said most often."""
    rows = []
    for question in sheet.questions:
        given = [r["questions"][question.name] for r in graded if question.name in r["questions"]]
        marked = [q for q in given if not q.get("pending")]
        shares = [q["points"] / question.points for q in marked if question.points]
        share = statistics.fmean(shares) if shares else None
        rows.append((2.0 if share is None else share, question.name, share, given, marked))
    head = ["question", "mean share", "marked", "full points", "most often said"]
    hardest_first = sorted(rows, key=lambda row: row[:2])
    return f"<h2>Questions</h2>\n{table(head, [_difficulty(*row[1:]) for row in hardest_first])}"


def _difficulty(name, share, given, marked):
    """Return a question's row: its mean share of points, and its most frequent messages."""
    full = sum(q["points"] >= q["out_of"] for q in marked)
    messages = ({v["message"] for v in q.get("verdicts", [])} - {""} for q in given)
    said = Counter(message for of_one in messages for message in of_one)
    often = sorted(said.items(), key=lambda pair: (-pair[1], pair[0]))[:3]
    lines = bullets(f"{count} × {message}" for message, count in often)
    share = "—" if share is None else f"{100 * share:.0f} %"
    return plain(name), share, f"{len(marked)} of {len(given)}", str(full), lines


def _eyes(results, marks):
    """Yield (key, sentence) for what a person has to look at."""
    for result in results:
        yield from ((result["key"], sentence) for sentence in result.get("eyes", []))
        if result.get("status") != "graded":
            yield result["key"], f"could not be graded. {result.get('fault', '')}".strip()
        for name, question in result.get("questions", {}).items():
            if any(verdict.get("undecided") for verdict in question.get("verdicts", [])):
                yield result["key"], f"{name} could not be decided."
            mark = marks.get((result["key"], name))
            if mark and tables.changed(mark, _text_of(question)):
                yield result["key"], f"{name} has another answer than the one that you marked."


def _notes(results):
    """Yield (key, sentence) for what is worth knowing."""
    for result in results:
        yield from ((result["key"], sentence) for sentence in result.get("notes", []))


def _sentences(title, nothing, pairs, names):
    """Return sentences under a title, one a line with the student before it."""
    items = "".join(f"<li>{names[key]}: {plain(sentence)}</li>\n" for key, sentence in pairs)
    return f"<h2>{title}</h2>\n" + (f"<ul>\n{items}</ul>\n" if items else f"<p>{nothing}</p>\n")


def _alike(alike, names):
    """Return the pairs of similar work, the most alike first."""
    if not alike:
        return "<h2>Similar work</h2>\n<p>None was found.</p>\n"
    rows = [
        (f"{pair.score:.2f}", *(names[key] for key in pair.keys), bullets(pair.reasons))
        for pair in alike[:MOST_PAIRS]
    ]
    more = f"<p>{len(alike) - MOST_PAIRS} more pairs are not shown.</p>\n"
    more = more if len(alike) > MOST_PAIRS else ""
    rows = table(["score", "one", "other", "why"], rows)
    return f"<h2>Similar work</h2>\n<p>{LOOK}</p>\n{rows}{more}"
