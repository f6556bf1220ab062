"""Writes the output of a grading run: two tables, a page per student, a page for the teacher.

The same results give the same bytes. The marks that a teacher wrote into by_hand.csv are read
before anything is written.
"""

import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nncourse import files
from nncourse.assignment import Assignment, Question
from nncourse.reports import similarity, tables
from nncourse.reports.feedback import feedback
from nncourse.reports.pages import answer_text, number, render
from nncourse.reports.tables import Marks, read_by_hand
from nncourse.results import ChangedMark, QuestionResult, Result
from nncourse.words import count

__all__ = ["read_by_hand", "write"]

BINS = 10
MAX_PAIRS = 100
MAX_MESSAGES = 3

Sentences = Iterator[tuple[str, str]]  # (key of a result, sentence)


def write(
    results: Iterable[Result],
    assignment: Assignment,
    folder: str | Path,
    show_solutions: bool = False,
    changes: Iterable[ChangedMark] = (),
) -> None:
    """Write grades.csv, by_hand.csv, report.html and feedback/KEY.html for an assignment.

    `changes` are marks that grading again has changed. Raises tables.BadMarks, and writes nothing,
    where by_hand.csv cannot be read.
    """
    folder = Path(folder)
    marks = read_by_hand(folder)
    ours = tables.in_order(results, assignment)
    results = [tables.with_marks(result, marks) for result in ours]
    for result in results:
        page = feedback(result, assignment, marks, show_solutions)
        files.write_text(folder / "feedback" / f"{result.key}.html", page)
    files.write_text(folder / "report.html", _report(results, assignment, marks, changes))
    by_hand = tables.by_hand(results, assignment, marks, _text_of)
    files.write_text(folder / tables.BY_HAND, by_hand)
    files.write_text(folder / "grades.csv", tables.grades(results, assignment))


def _text_of(question: QuestionResult) -> str:
    """Return the answers of a question as the text that a person marks."""
    texts = {
        name: answer_text(answer, tables.MAX_CELL) for name, answer in question.answers.items()
    }
    if len(texts) < 2:
        return "".join(texts.values())
    return "\n".join(f"{name}: {text}" for name, text in texts.items())


def _report(
    results: Sequence[Result],
    assignment: Assignment,
    marks: Marks,
    changes: Iterable[ChangedMark],
) -> str:
    """Return the teacher's page."""
    graded = [result for result in results if result.is_graded]
    return render(
        "report.html",
        title=f"{assignment.title}: report",
        assignment=assignment,
        results={result.key: result for result in results},
        summary=_summary(results, graded),
        changes=sorted(changes, key=lambda change: (change.key, change.question)),
        bins=_bins([result.points for result in graded], assignment.points),
        questions=_hardest_first(graded, assignment),
        needs_review=list(_needs_review(results, marks)),
        pairs=similarity.pairs(results, assignment),
        max_pairs=MAX_PAIRS,
        notes=[(result.key, note) for result in results for note in result.notes],
    )


def _summary(results: Sequence[Result], graded: Sequence[Result]) -> list[str]:
    """Return how many results there are, their mean and median, and what is left to mark."""
    lines = [f"{count(len(results), 'submission')}, {len(graded)} graded."]
    totals = [result.points for result in graded]
    if totals:
        mean, median = statistics.fmean(totals), statistics.median(totals)
        lines.append(f"Mean {number(round(mean, 2))} points, median {number(median)} points.")
    pending = sum(bool(result.pending) for result in graded)
    if pending:
        waits = count(pending, "submission has", "submissions have")
        lines.append(f"{waits} answers to mark: write points into {tables.BY_HAND}.")
    return lines


@dataclass(frozen=True)
class Bins:
    """A histogram of totals: how many are in each bin, and the edges of the bins."""

    counts: list[int]
    edges: list[str]

    def __str__(self) -> str:
        """Return the histogram as a sentence."""
        filled = [
            f"{self.edges[i]} to {self.edges[i + 1]}: {n}" for i, n in enumerate(self.counts) if n
        ]
        return f"Number of students by total points: {'; '.join(filled)}."


def _bins(totals: Sequence[float], out_of: float) -> Bins | None:
    """Return the histogram of the totals, None where there is nothing to count."""
    if not totals or not out_of:
        return None
    found = Counter(max(0, min(int(t / out_of * BINS + 1e-9), BINS - 1)) for t in totals)
    edges = [number(out_of * i / BINS) for i in range(BINS + 1)]
    return Bins([found[i] for i in range(BINS)], edges)


@dataclass(frozen=True)
class Difficulty:
    """How a class did on one question; `share` is the mean fraction of its points, if any."""

    name: str
    share: float | None
    answered: int
    marked: int
    full: int
    messages: list[str]

    @property
    def percent(self) -> str:
        """Return the mean score as a percentage."""
        return "—" if self.share is None else f"{100 * self.share:.0f} %"


def _hardest_first(graded: Iterable[Result], assignment: Assignment) -> list[Difficulty]:
    """Return the difficulty of each question, hardest first."""
    rows = [_difficulty(question, graded) for question in assignment.questions]
    return sorted(rows, key=lambda row: (2.0 if row.share is None else row.share, row.name))


def _difficulty(question: Question, graded: Iterable[Result]) -> Difficulty:
    """Return how the class did on a question, with the most frequent messages."""
    given = [r.questions[question.name] for r in graded if question.name in r.questions]
    marked = [part for part in given if not part.pending]
    shares = [part.points / question.points for part in marked if question.points]
    messages = Counter(
        message for part in given for message in {v.message for v in part.verdicts} - {""}
    )
    often = sorted(messages.items(), key=lambda pair: (-pair[1], pair[0]))[:MAX_MESSAGES]
    return Difficulty(
        name=question.name,
        share=statistics.fmean(shares) if shares else None,
        answered=len(given),
        marked=len(marked),
        full=sum(part.points >= part.out_of for part in marked),
        messages=[f"{times} × {message}" for message, times in often],
    )


def _needs_review(results: Iterable[Result], marks: Marks) -> Sentences:
    """Yield (key, sentence) for everything that a person has to look at."""
    for result in results:
        yield from ((result.key, sentence) for sentence in result.needs_review)
        if not result.is_graded:
            yield result.key, "the file could not be graded."
        for name, question in result.questions.items():
            if any(verdict.undecided for verdict in question.verdicts):
                yield result.key, f"{name} could not be decided."
            mark = marks.get((result.key, name))
            if mark and tables.changed(mark, _text_of(question)):
                yield result.key, f"the answer to {name} has changed since you marked it."
