"""Wrong answers as signs of copying: two students share a rare one, or one has another's right one.

An answer that would be right for another student's numbers weighs most. A shared wrong answer
weighs by its surprise, which grows with its bits and shrinks with the number who gave it.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

import numpy as np

from nncourse import serialise
from nncourse.assignment import Assignment, Question
from nncourse.results import Result, Verdict

MAX_HOLDERS = 3  # students with the same answer, or 2 % of them, for which it counts as rare
DECAY = 8.0  # the surprise, in nats, at which a score is 1 − 1/e
MAX_NATS = 7.0  # of one shared wrong answer: alone it lists nobody
BITS_PER_DIGIT, BITS_PER_WORD, MAX_BITS = 3.3, 3, 64.0
MAX_ENTRIES = 10_000  # of an array that are compared

Sign = tuple[tuple[str, str], float, str]  # two keys, a score from 0 to 1, the reason
Holders = Mapping[str, list[str]]  # the keys of the students who gave each value


def signs(results: list[Result], assignment: Assignment) -> Iterator[Sign]:
    """Yield a sign for each two with the same wrong answers, or with one right for the other."""
    surprise, places = defaultdict(dict), defaultdict(list)
    for question in assignment.questions:
        for names in _judged_together(question):
            right, wrong, bits = _holders(results, question, names)
            where = f"{', '.join(names)} of {question.name}"
            yield from _right_for_another(right, wrong, bits, where)
            for keys, nats in _shared(right, wrong, bits):
                before = surprise[keys].get(question.name, 0.0)
                surprise[keys][question.name] = max(before, nats)
                places[keys].append(where)
    for keys, nats in surprise.items():
        reason = f"They share wrong answers that few others gave: {'; '.join(places[keys])}."
        yield keys, _score(sum(nats.values())), reason


def data_of(result: Result, question: str, name: str) -> Any:
    """Return the data of an answer, or None where there are none or they have a fault."""
    part = result.questions.get(question)
    answer = part.answers.get(name) if part else None
    return answer.data if answer and not answer.fault else None


def _score(nats: float) -> float:
    """Return a score from 0 to 1 for a surprise."""
    return 1 - math.exp(-nats / DECAY)


def _judged_together(question: Question) -> list[tuple[str, ...]]:
    """Return the sets of answers that a check judges together, without functions."""
    sets = dict.fromkeys(tuple(sorted(check.kinds)) for check in question.checks)
    kinds = question.answers if not question.manual else {}
    return [names for names in sets if names and all(kinds[n] != "function" for n in names)]


def _holders(
    results: list[Result], question: Question, names: tuple[str, ...]
) -> tuple[Holders, Holders, Mapping[str, float]]:
    """Return who gave each value of these answers, right and wrong, and the bits of the values."""
    right, wrong, bits = defaultdict(list), defaultdict(list), {}
    for result in results:
        values = [data_of(result, question.name, name) for name in names]
        verdicts = _verdicts(result, question, names)
        if None in values or not verdicts or any(v.undecided for v in verdicts):
            continue
        value, bits_of_value = canonical({"tuple": values})
        holders = right if all(v.right for v in verdicts) else wrong
        holders[value].append(result.key)
        bits[value] = bits_of_value
    return right, wrong, bits


def _verdicts(result: Result, question: Question, names: tuple[str, ...]) -> list[Verdict]:
    """Return a result's verdicts of the checks that judge exactly these answers."""
    part = result.questions.get(question.name)
    judged = zip(question.checks, part.verdicts if part else (), strict=False)
    return [verdict for check, verdict in judged if tuple(sorted(check.kinds)) == names]


def _right_for_another(
    right: Holders, wrong: Holders, bits: Mapping[str, float], where: str
) -> Iterator[Sign]:
    """Yield a sign for each wrong answer that is the right one of a few other students.

    It is weak where right answers of several students agree: then it may be chance.
    """
    all_differ, nats = _own_numbers(right)
    for value in sorted(set(right) & set(wrong)):
        if len(right[value]) > MAX_HOLDERS:
            continue
        score = min(1 - math.exp(-bits[value] / 6), 0.95) if all_differ else _score(nats)
        for mine in wrong[value]:
            for theirs in right[value]:
                reason = f"{where} of {mine} is wrong there, and right for the numbers of {theirs}."
                yield (mine, theirs), score, reason


def _own_numbers(right: Holders) -> tuple[bool, float]:
    """Return whether no two students share a right answer, and the surprise, in nats, if two do."""
    sizes = [len(keys) for keys in right.values()]
    agreeing = sum(math.comb(size, 2) for size in sizes)
    return agreeing == 0, math.log((1 + math.comb(sum(sizes), 2)) / (1 + agreeing))


def _shared(
    right: Holders, wrong: Holders, bits: Mapping[str, float]
) -> Iterator[tuple[tuple[str, str], float]]:
    """Yield (keys, surprise in nats) for each two who gave a wrong answer that few gave.

    The surprise is twice as large where each student has different numbers.
    """
    total = sum(map(len, (*right.values(), *wrong.values())))
    factor = 2 if len(right) >= 3 and _own_numbers(right)[0] else 1
    for value, keys in wrong.items():
        if 2 <= len(keys) <= max(MAX_HOLDERS, total // 50):
            rarity = -math.log(len(keys) / total) * factor
            nats = min(rarity, bits[value] * math.log(2), MAX_NATS)
            for one, other in combinations(sorted(keys), 2):
                yield (one, other), nats


def canonical(data: Any) -> tuple[str, float]:
    """Return packed data as a string, rounded to six digits, and how many bits it has."""
    try:
        parts = list(_parts(data))
    except (serialise.NotData, TypeError, ValueError, RecursionError, OverflowError):
        return "unreadable", 0.0
    numbers = {part.strip("-") for part in parts if part[:1] not in ("'", "#")}
    words = {word for part in parts if part.startswith("'") for word in re.findall(r"\w+", part)}
    digits = sum(len(n.partition("e")[0].replace(".", "").strip("0")) for n in numbers)
    return "\n".join(parts), min(MAX_BITS, BITS_PER_DIGIT * digits + BITS_PER_WORD * len(words))


def _parts(data: Any) -> Iterator[str]:
    """Yield the parts of packed data in order: numbers, words after ', shapes and types after #."""
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


def _rounded(array: np.ndarray) -> list[str]:
    """Return the entries of an array as strings, to six digits of the largest."""
    largest = float(np.max(np.abs(array[np.isfinite(array)]), initial=0.0))
    digits = 6 - math.ceil(math.log10(largest)) if largest else 0
    plain = np.round(array.astype(complex if array.dtype.kind == "c" else float), digits) + 0.0
    return [f"{entry:.7g}" for entry in plain.ravel()[:MAX_ENTRIES].tolist()]
