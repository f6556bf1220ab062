"""Work that is the same, or nearly: a reason to look, not a proof, and never a reason for marks.

Looked at are the code, the texts, the wrong answers, the student's id and the file. A wrong answer
that would be right for another student's numbers weighs most. What many share weighs nothing: in a
class of SMALL or more, code that more than a tenth has written is taken for the usual solution.
"""

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from nncourse import serialise
from nncourse.reports import fingerprints
from nncourse.student import NOBODY

LISTED = 0.6  # the least score of a pair in the list
SMALL = 20  # students, below which nothing can be called usual
MOST_SHARING = 60  # students with the same line of code: beyond, it is nobody's own
LEAST = 12  # fingerprints that two must share
FEW = 3  # students with the same answer, or 2 % of them
FADING = 8.0  # the surprise, in nats, at which a score of wrong answers is 0.63
MOST_NATS = 7.0  # of one shared wrong answer: alone it lists nobody
A_DIGIT = 3.3  # bits
MANY_LINES = re.compile(r"#\s*BEGIN SOLUTION.*?#\s*END SOLUTION[^\n]*", re.S)
ONE_LINE = re.compile(r"^([ \t]*(?:[\w., ]+= ?(?!=))?).*#\s*SOLUTION[^\n]*", re.M)


@dataclass(frozen=True)
class Pair:
    """Two works that are alike: their keys in order, a score from 0 to 1, why in sentences."""

    keys: tuple
    score: float
    reasons: tuple


def pairs(results, sheet):
    """Return the Pairs of results for one Master, the most alike first."""
    results = [r for r in results if r.get("assignment", "") in ("", sheet.name)]
    graded = [r for r in results if r.get("status") == "graded"]
    signs = defaultdict(list)
    for looked, among in [(_files, results), (_ids, graded), (_code, graded), (_texts, graded),
                          (_wrong_answers, graded)]:  # fmt: skip
        for keys, score, reason in looked(among, sheet):
            signs[tuple(sorted(keys))].append((score, reason))
    found = [_pair(keys, list_of_signs) for keys, list_of_signs in signs.items()]
    alike = (pair for pair in found if pair.score >= LISTED)
    return sorted(alike, key=lambda pair: (-pair.score, pair.keys))


def _pair(keys, signs):
    """Return the Pair of signs: each leaves a part of the doubt that the others left."""
    doubt = math.prod(1 - score for score, _ in signs)
    reasons = tuple(reason for _, reason in sorted(signs, key=lambda sign: -sign[0]))
    return Pair(keys, round(1 - doubt, 3), reasons)


# The file and the id


def _files(results, sheet):
    """Yield a sign for each two results of the same bytes."""
    for group in _grouped(results, lambda result: result.get("digest", "")):
        for one, other in combinations(group, 2):
            yield (one["key"], other["key"]), 1.0, "The two files are the same, byte for byte."


def _ids(results, sheet):
    """Yield a sign for each two results with one student's id and two of the platform's."""
    for group in _grouped(results, _own_id):
        for one, other in combinations(group, 2):
            if not one["platform_id"] or one["platform_id"] != other["platform_id"]:
                said = f"Both notebooks carry the student's id {_own_id(one)[:60]!r}."
                yield (one["key"], other["key"]), 1.0, said


def _own_id(result):
    """Return the id in a notebook as `numbers` takes it, or "" if it was never written."""
    written = str(result.get("student") or "").strip().lower()
    return "" if written == NOBODY else written


def _grouped(results, key):
    """Return the groups of results with one key that is not empty, of two or more."""
    groups = defaultdict(list)
    for result in results:
        groups[key(result)].append(result)
    return [group for name, group in groups.items() if name and len(group) > 1]


# Code and texts


def _code(results, sheet):
    """Yield a sign for each two whose code has the same fingerprints, those of the sheet apart."""
    given = fingerprints.of_code([*sheet.code, *_skeletons(sheet)])
    marks = {r["key"]: fingerprints.of_code(r.get("code", [])) - given for r in results}
    for keys, shared, overlap in _overlaps(marks):
        said = (
            f"Their code shares {shared} fingerprints that few others have, an overlap of "
            f"{overlap:.2f}: names, numbers, comments and the order of cells aside."
        )
        yield keys, min(overlap * (1 - math.exp(-shared / 15)), 0.95), said


def _skeletons(sheet):
    """Return the solutions as a student gets them: with … in place of what is to be written."""
    sources = (source for question in sheet.questions for source in question.solution)
    return [ONE_LINE.sub(r"\1...", MANY_LINES.sub("...", source)) for source in sources]


def _texts(results, sheet):
    """Yield a sign for each two who wrote the same text, or the same runs of words."""
    for question in sheet.questions:
        for name, kind in question.answers.items() if question.manual else ():
            texts = {r["key"]: _answer(r, question.name, name) for r in results}
            asked = fingerprints.of_prose(" ".join(question.prompt))
            marks = {
                key: fingerprints.of_prose(text) - asked
                for key, text in texts.items()
                if kind == "text" and isinstance(text, str)
            }
            for keys, shared, overlap in _overlaps(marks):
                said = (
                    f"Their texts for {question.name} share {shared} runs of "
                    f"{fingerprints.WORDS} words, an overlap of {overlap:.2f}."
                )
                yield keys, min(overlap, 0.95), said


def _overlaps(marks):
    """Yield (keys, shared, overlap) for each two sets of marks that share LEAST rare ones or more.

    The overlap is shared / size of the smaller set, common marks left out.
    """
    often = Counter(mark for found in marks.values() for mark in found)
    most = max(2, len(marks) // 10) if len(marks) >= SMALL else len(marks)
    most = min(most, MOST_SHARING)
    holders, sizes = defaultdict(list), Counter()
    for key, found in sorted(marks.items()):
        for mark in found:
            if often[mark] <= most:
                holders[mark].append(key)
                sizes[key] += 1
    shared = Counter(keys for group in holders.values() for keys in combinations(group, 2))
    for (one, other), count in shared.items():
        if count >= LEAST:
            yield (one, other), count, count / min(sizes[one], sizes[other])


# Wrong answers


def _wrong_answers(results, sheet):
    """Yield a sign for each two with the same wrong answers, or with one right for the other."""
    surprise, said = defaultdict(dict), defaultdict(list)
    for question in sheet.questions:
        for names in _judged_together(question):
            right, wrong, bits = _holders(results, question, names)
            where = f"{', '.join(names)} of {question.name}"
            yield from _right_for_another(right, wrong, bits, where)
            for keys, nats in _shared(right, wrong, bits):
                before = surprise[keys].get(question.name, 0.0)
                surprise[keys][question.name] = max(before, nats)
                said[keys].append(where)
    for keys, nats in surprise.items():
        reason = f"They share wrong answers that few others gave: {'; '.join(said[keys])}."
        yield keys, 1 - math.exp(-sum(nats.values()) / FADING), reason


def _judged_together(question):
    """Return the sets of answers that a check judges together, without functions."""
    sets = dict.fromkeys(tuple(sorted(check.kinds)) for check in question.checks)
    kinds = question.answers if not question.manual else {}
    return [names for names in sets if names and all(kinds[n] != "function" for n in names)]


def _holders(results, question, names):
    """Return who holds each value of these answers, right and wrong, and the bits of the values."""
    right, wrong, bits = defaultdict(list), defaultdict(list), {}
    for result in results:
        values = [_answer(result, question.name, name) for name in names]
        verdicts = _verdicts(result, question, names)
        if None in values or not verdicts or any(v.get("undecided") for v in verdicts):
            continue
        value, bits_of_value = _canonical({"tuple": values})
        holders = right if all(v["right"] for v in verdicts) else wrong
        holders[value].append(result["key"])
        bits[value] = bits_of_value
    return right, wrong, bits


def _answer(result, question, name):
    """Return the data of an answer, or None where there are none or they are at fault."""
    answer = result.get("questions", {}).get(question, {}).get("answers", {}).get(name) or {}
    return None if answer.get("fault") else answer.get("data")


def _verdicts(result, question, names):
    """Return a result's verdicts of the checks that judge just these answers."""
    verdicts = result["questions"].get(question.name, {}).get("verdicts", [])
    judged = zip(question.checks, verdicts, strict=False)
    return [verdict for check, verdict in judged if tuple(sorted(check.kinds)) == names]


def _right_for_another(right, wrong, bits, where):
    """Yield a sign for each wrong answer that is the right one of a few other students.

    It is a weak one where right answers of several students agree: then it may be chance.
    """
    alone, nats = _own_numbers(right)
    for value in sorted(set(right) & set(wrong)):
        if len(right[value]) > FEW:
            continue
        score = min(1 - math.exp(-bits[value] / 6), 0.95) if alone else 1 - math.exp(-nats / FADING)
        for mine in wrong[value]:
            for theirs in right[value]:
                said = f"{where} of {mine} is wrong there, and right for the numbers of {theirs}."
                yield (mine, theirs), score, said


def _own_numbers(right):
    """Return whether no two students share a right answer, and the surprise, in nats, if two do."""
    sizes = [len(keys) for keys in right.values()]
    agreeing = sum(math.comb(size, 2) for size in sizes)
    return agreeing == 0, math.log((1 + math.comb(sum(sizes), 2)) / (1 + agreeing))


def _shared(right, wrong, bits):
    """Yield (keys, nats of surprise) for each two who gave a wrong answer that few gave.

    It surprises twice as much where each student has other numbers.
    """
    total = sum(map(len, (*right.values(), *wrong.values())))
    twice = 2 if len(right) >= 3 and _own_numbers(right)[0] else 1
    for value, keys in wrong.items():
        if 2 <= len(keys) <= max(FEW, total // 50):
            rare = -math.log(len(keys) / total) * twice
            nats = min(rare, bits[value] * math.log(2), MOST_NATS)
            for one, other in combinations(sorted(keys), 2):
                yield (one, other), nats


def _canonical(data):
    """Return packed data as a text that rounds to six digits, and how many bits it holds."""
    try:
        parts = list(_parts(data))
    except (serialise.NotData, TypeError, ValueError, RecursionError, OverflowError):
        return "unreadable", 0.0
    numbers = {part.strip("-") for part in parts if part[:1] not in ("'", "#")}
    words = {word for part in parts if part.startswith("'") for word in re.findall(r"\w+", part)}
    digits = sum(len(n.partition("e")[0].replace(".", "").strip("0")) for n in numbers)
    return "\n".join(parts), min(64.0, A_DIGIT * digits + 3 * len(words))


def _parts(data):
    """Yield the parts of packed data in order: numbers, words behind ', forms behind #."""
    if not isinstance(data, dict):
        yield f"{data:.6g}" if type(data) in (int, float) else f"'{data}"
        return
    ((tag, body),) = data.items()
    if tag == "array":
        array = serialise.unpack(data)
        yield f"#{array.shape}"
        yield from _rounded(array)
    elif tag == "formula":
        yield "'" + re.sub(r"Symbol\('(\w+)'[^)]*\)", r"\1", str(body))
    elif tag in ("list", "tuple"):
        yield f"#{tag}"
        for entry in body:
            yield from _parts(entry)
    else:
        yield f"'{tag} {body}"


def _rounded(array):
    """Return the entries of an array as texts, to six digits of the largest."""
    largest = float(np.max(np.abs(array[np.isfinite(array)]), initial=0.0))
    digits = 6 - math.ceil(math.log10(largest)) if largest else 0
    plain = np.round(array.astype(complex if array.dtype.kind == "c" else float), digits) + 0.0
    return [f"{entry:.7g}" for entry in plain.ravel()[:10_000].tolist()]
