"""Pairs of similar work: a reason to look, not a proof, and never a reason for marks.

Compared are the code, the texts, the wrong answers, the students' ids and the files. What many
students share counts for nothing: in a class of SMALL_CLASS or more, code that more than a tenth
has written is taken for the usual solution.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from nncourse.assignment import Assignment
from nncourse.reports import fingerprints, wrong_answers
from nncourse.reports.wrong_answers import Sign
from nncourse.results import Result
from nncourse.student import NOBODY

MIN_SCORE = 0.6  # of a pair in the list
SMALL_CLASS = 20  # students; in a smaller class nothing counts as usual
MAX_SHARING = 60  # students with the same fingerprint: beyond, it is nobody's own
MIN_SHARED = 12  # fingerprints that a pair must share
MANY_LINES = re.compile(r"#\s*BEGIN SOLUTION.*?#\s*END SOLUTION[^\n]*", re.S)
ONE_LINE = re.compile(r"^([ \t]*(?:[\w., ]+= ?(?!=))?).*#\s*SOLUTION[^\n]*", re.M)


@dataclass(frozen=True)
class Pair:
    """Two similar works: their keys in order, a score from 0 to 1, the reasons in sentences."""

    keys: tuple[str, str]
    score: float
    reasons: tuple[str, ...]


def pairs(results: Iterable[Result], assignment: Assignment) -> list[Pair]:
    """Return the Pairs of results for one assignment, the most similar first."""
    results = [r for r in results if r.assignment in ("", assignment.name)]
    graded = [r for r in results if r.is_graded]
    signs: dict[tuple[str, str], list[tuple[float, str]]] = defaultdict(list)
    for compare, among in [(_files, results), (_ids, graded), (_code, graded), (_texts, graded),
                           (wrong_answers.signs, graded)]:  # fmt: skip
        for keys, score, reason in compare(among, assignment):
            signs[tuple(sorted(keys))].append((score, reason))
    found = [_pair(keys, signs_of_pair) for keys, signs_of_pair in signs.items()]
    similar = (pair for pair in found if pair.score >= MIN_SCORE)
    return sorted(similar, key=lambda pair: (-pair.score, pair.keys))


def _pair(keys: tuple[str, str], signs: list[tuple[float, str]]) -> Pair:
    """Return the Pair of signs, which are combined as independent pieces of evidence."""
    doubt = math.prod(1 - score for score, _ in signs)
    reasons = tuple(reason for _, reason in sorted(signs, key=lambda sign: -sign[0]))
    return Pair(keys, round(1 - doubt, 3), reasons)


# The file and the id


def _files(results: list[Result], assignment: Assignment) -> Iterator[Sign]:
    """Yield a sign for each two results with identical files."""
    for group in _groups(results, lambda result: result.digest):
        for one, other in combinations(group, 2):
            yield (one.key, other.key), 1.0, "The two files are identical."


def _ids(results: list[Result], assignment: Assignment) -> Iterator[Sign]:
    """Yield a sign for each two results with the same student's id but two platform ids."""
    for group in _groups(results, _own_id):
        for one, other in combinations(group, 2):
            if not one.platform_id or one.platform_id != other.platform_id:
                reason = f"Both notebooks have the student's id {_own_id(one)[:60]!r}."
                yield (one.key, other.key), 1.0, reason


def _own_id(result: Result) -> str:
    """Return the id in a notebook as `numbers` takes it, or "" if it was never written."""
    written = result.student.strip().lower()
    return "" if written == NOBODY else written


def _groups(results: Iterable[Result], key: Callable[[Result], str]) -> list[list[Result]]:
    """Return the groups of two or more results with the same key, unless it is empty."""
    groups = defaultdict(list)
    for result in results:
        groups[key(result)].append(result)
    return [group for name, group in groups.items() if name and len(group) > 1]


# Code and texts


def _code(results: list[Result], assignment: Assignment) -> Iterator[Sign]:
    """Yield a sign for each two whose code shares fingerprints that were not given."""
    solutions = [source for question in assignment.questions for source in question.solution]
    given = fingerprints.of_code([*assignment.code, *map(skeleton, solutions)])
    marks = {result.key: fingerprints.of_code(result.code) - given for result in results}
    for keys, shared, overlap in _overlaps(marks):
        reason = (
            f"Their code shares {shared} fingerprints that few others have, an overlap of "
            f"{overlap:.2f}: names, numbers, comments and the order of cells aside."
        )
        yield keys, min(overlap * (1 - math.exp(-shared / 15)), 0.95), reason


def skeleton(solution: str) -> str:
    """Return a solution's cell as a student receives it: with `...` in place of the answer."""
    return ONE_LINE.sub(r"\1...", MANY_LINES.sub("...", solution))


def _texts(results: list[Result], assignment: Assignment) -> Iterator[Sign]:
    """Yield a sign for each two who wrote the same text, or the same runs of words."""
    for question in assignment.questions:
        for name, kind in question.answers.items() if question.manual else ():
            texts = {r.key: wrong_answers.data_of(r, question.name, name) for r in results}
            asked = fingerprints.of_prose(" ".join(question.prompt))
            marks = {
                key: fingerprints.of_prose(text) - asked
                for key, text in texts.items()
                if kind == "text" and isinstance(text, str)
            }
            for keys, shared, overlap in _overlaps(marks):
                reason = (
                    f"Their texts for {question.name} share {shared} runs of "
                    f"{fingerprints.WORDS} words, an overlap of {overlap:.2f}."
                )
                yield keys, min(overlap, 0.95), reason


def _overlaps(marks: Mapping[str, set[int]]) -> Iterator[tuple[tuple[str, str], int, float]]:
    """Yield (keys, shared, overlap) for each two sets that share MIN_SHARED rare fingerprints.

    The overlap is shared / size of the smaller set, common fingerprints left out.
    """
    often = Counter(mark for found in marks.values() for mark in found)
    most = max(2, len(marks) // 10) if len(marks) >= SMALL_CLASS else len(marks)
    most = min(most, MAX_SHARING)
    holders, sizes = defaultdict(list), Counter()
    for key, found in sorted(marks.items()):
        for mark in found:
            if often[mark] <= most:
                holders[mark].append(key)
                sizes[key] += 1
    shared = Counter(keys for group in holders.values() for keys in combinations(group, 2))
    for (one, other), number in shared.items():
        if number >= MIN_SHARED:
            yield (one, other), number, number / min(sizes[one], sizes[other])
