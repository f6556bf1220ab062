"""Planted copies are found, honest work is not accused, and what many share counts for nothing."""

import hashlib
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
import sympy as sp
from similar_work import DISGUISES, HONEST, SOLUTION, USUAL

from nncourse import master, serialise
from nncourse.assignment import Assignment, Check, Question
from nncourse.reports import fingerprints, similarity, wrong_answers
from nncourse.results import Answer, QuestionResult, Result, Verdict

CODE = Question("q1", 3.0, solution=[SOLUTION], checks=[Check("", 3.0, True, "", "", {})])
TEXT = Question("q2", 2.0, True, ["Why is the ½ there? Answer in three sentences."], ["why = ''"])
NUMBERS = Question(
    "q3",
    2.0,
    solution=["z = 1"],
    checks=[
        Check("", 0.5, False, "", "", {"z": "array"}),
        Check("", 1.0, True, "", "", {"z": "array"}),
        Check("", 0.5, True, "", "", {"f": "function"}),
    ],
)
FORMULA = Question(
    "q4", 1.0, solution=["s = 1"], checks=[Check("", 1.0, True, "", "", {"s": "formula"})]
)
ASSIGNMENT = Assignment(
    "task", None, "A task", [CODE, TEXT, NUMBERS, FORMULA], ["import numpy as np"]
)


def result(key, code=(), **questions):
    """Return a result of the grader; questions are (answers by name, right or wrong)."""
    return Result(
        key=key,
        platform_id=key,
        name="",
        student=f"id of {key}",
        assignment="task",
        digest=hashlib.sha256(key.encode()).hexdigest(),
        out_of=8.0,
        code=list(code),
        questions={name: judged(name, *given) for name, given in questions.items()},
    )


def judged(name, values, right=True, undecided=False):
    """Return the part of a result for a question whose checks agree on all answers."""
    packed = {key: Answer("array", serialise.pack(value)) for key, value in values.items()}
    count = len(ASSIGNMENT.question(name).checks)
    verdicts = [Verdict("", 0.0, 1.0, right, undecided=undecided) for _ in range(count)]
    if name == "q3":
        verdicts[0] = replace(verdicts[0], right=True)  # the shape is right
    return QuestionResult(0.0, 1.0, answers=packed, verdicts=verdicts)


def found(results, assignment=ASSIGNMENT):
    """Return the Pairs by their keys."""
    return {pair.keys: pair for pair in similarity.pairs(results, assignment)}


# Code


@pytest.mark.parametrize("works", [HONEST, HONEST + USUAL], ids=["apart", "and usual"])
def test_honest_solutions_are_not_accused(works):
    assert not found([result(f"s{i}", cells) for i, cells in enumerate(works)])


@pytest.mark.parametrize("disguise", DISGUISES)
def test_every_planted_copy_is_found_and_nobody_else(disguise):
    results = [result(f"s{i}", cells) for i, cells in enumerate(HONEST + USUAL)]
    copies = [result(f"t{i}", disguise(cells)) for i, cells in enumerate(HONEST)]
    pairs = found(results + copies)
    assert set(pairs) == {(f"s{i}", f"t{i}") for i in range(len(HONEST))}
    for pair in pairs.values():
        assert 0.7 < pair.score <= 0.95
        assert "overlap of" in pair.reasons[0]


def test_a_copy_with_work_of_ones_own_beside_it_is_found():
    cells = [*HONEST[1], "def extra(a):\n    return [b for b in sorted(a) if b.real > 3] or None"]
    assert ("a", "b") in found([result("a", HONEST[1]), result("b", cells)])


def test_given_code_is_nobodys_work():
    given = "\n".join(HONEST[5])
    assignment = Assignment("task", None, "A task", [CODE], [given])
    assert not found([result("a", HONEST[5]), result("b", HONEST[5])], assignment)


def test_the_solution_of_the_master_is_nobodys_work():
    assignment = Assignment("task", None, "A task", [CODE], [SOLUTION])
    assert not found([result("a", [SOLUTION]), result("b", [SOLUTION])], assignment)


@pytest.mark.parametrize(
    ("solution", "bare"),
    [
        ("z = A @ b  # SOLUTION", "z = ..."),
        ("a, b = 1, 2 # SOLUTION\nc = a", "a, b = ...\nc = a"),
        (
            "def f(x):\n    y = x == 1  # SOLUTION\n    return y",
            "def f(x):\n    y = ...\n    return y",
        ),
        ("def f(x):\n    return x == 1  # SOLUTION", "def f(x):\n    ..."),
        (
            "def f(x):\n    # BEGIN SOLUTION\n    y = 1\n    # END SOLUTION\n",
            "def f(x):\n    ...\n",
        ),
    ],
)
def test_the_skeleton_is_what_a_student_gets(solution, bare):
    assert similarity.skeleton(solution) == bare


def test_two_who_wrote_nothing_are_not_similar():
    heads = [f"def f{n}({', '.join('abcdefgh'[: n % 9])}, *rest, k={n}):\n" for n in range(30)]
    empty = ["".join(head + "    ...\n\n" for head in heads[i::3]) for i in range(3)]
    full = [
        "".join(head + "    return 1 + 1  # SOLUTION\n" for head in heads[i::3]) for i in range(3)
    ]
    nothing = Assignment("task", None, "", [], [])
    assert ("a", "b") in found([result("a", empty), result("b", empty)], nothing)
    assignment = Assignment("task", None, "", [Question("q1", 1.0, solution=full)], full)
    assert not found([result("a", empty), result("b", empty)], assignment)


def test_what_a_tenth_of_a_class_writes_is_usual():
    many = [result(f"s{i}", HONEST[i % 2]) for i in range(20)]
    assert not found(many)
    assert len(found(many[:4])) == 2


def test_code_that_python_cannot_read_is_compared_up_to_there():
    broken = [HONEST[3][0], HONEST[3][1] + "\n  return ((", "%matplotlib inline\n!ls"]
    assert ("a", "b") in found([result("a", broken), result("b", HONEST[3])])


@pytest.mark.parametrize(
    "source", ["(" * 5000, "'" * 3, "\x00", "if x:\n", "f'{x!r:>{w}}'", "\ud800"]
)
def test_odd_code_does_no_harm(source):
    assert not found([result("a", [source]), result("b", [source])])


def test_comments_docstrings_names_and_spaces_do_not_count():
    plain = fingerprints._normal_tokens("def f(x):\n    return np.sum(x+1)\n")
    dressed = 'def area(of):  # mine\n\n  """Say."""\n  return np.sum( of + 2.5 )\n'
    assert fingerprints._normal_tokens(dressed) == plain
    assert "sum" in plain


def test_endless_code_is_read_in_part():
    assert len(fingerprints._normal_tokens("x + " * 10**6)) <= fingerprints.MAX_TOKENS


# Texts

WHY = (
    "The half cancels the two that comes down when we differentiate the square, and since it is a "
    "positive constant it moves the minimum nowhere: every w keeps its rank among the others."
)
OTHER = (
    "If all costs are multiplied by one positive number, their order stays as it was. So the best "
    "weight is still the best one. The factor is there to make the derivative look nicer."
)


def test_a_copied_text_is_found_and_an_original_one_is_not():
    texts = {"a": WHY, "b": WHY.upper().replace(":", " —"), "c": OTHER}
    pairs = found([result(key, q2=({"why": text},)) for key, text in texts.items()])
    assert set(pairs) == {("a", "b")}
    assert "texts for q2 share" in pairs["a", "b"].reasons[0]


def test_a_short_text_in_common_is_not_a_sign():
    short = "It is a positive constant, so the best w stays the same one."
    assert not found([result(key, q2=({"why": short},)) for key in "ab"])


def test_words_of_the_question_are_nobodys():
    prompt = Question("q2", 2.0, True, [WHY], ["why = ''"])
    assignment = Assignment("task", None, "A task", [prompt], [])
    assert not found([result(key, q2=({"why": WHY},)) for key in "ab"], assignment)


# Wrong answers


def own(seed):
    """Return numbers of a student's own."""
    return np.random.default_rng(seed).normal(size=(2, 1))


def a_class(size=40):
    """Return results of students with the right answers to numbers of their own."""
    return [result(f"s{i}", q3=({"z": own(i)},)) for i in range(size)]


def test_an_answer_that_is_right_for_another_is_the_strongest_sign():
    thief = result("thief", q3=({"z": own(7) * (1 + 1e-9)}, False))
    pairs = found([*a_class(), thief])
    assert set(pairs) == {("s7", "thief")}
    assert pairs["s7", "thief"].score == pytest.approx(0.95)
    assert (
        "z of q3 of thief is wrong there, and right for the numbers of s7."
        in pairs["s7", "thief"].reasons
    )


def test_many_who_took_one_right_answer_are_all_found():
    thieves = [result(f"t{i}", q3=({"z": own(7)}, False)) for i in range(6)]
    pairs = found([*a_class(), *thieves])
    assert set(pairs) == {("s7", f"t{i}") for i in range(6)}


def test_what_is_right_for_many_is_not_a_sign():
    right, wrong, bits = {"value": ["a", "b", "c", "d"], "other": ["e"]}, {"value": ["x"]}, {}
    assert not list(wrong_answers._right_for_another(right, wrong, bits, "z"))


def test_a_small_whole_number_in_common_is_not_a_sign():
    results = [result(f"s{i}", q3=({"z": np.array(float(i))},)) for i in range(9)]
    results.append(result("t", q3=({"z": np.array(4.0)}, False)))
    assert not found(results)


def test_one_shared_wrong_answer_alone_accuses_nobody_and_two_do():
    once = {"q3": ({"z": own(999)}, False)}
    twice = once | {"q4": ({"s": sp.sin(sp.Symbol("x")) ** 7}, False)}
    right = {"q4": ({"s": sp.Symbol("x")},)}
    rights = [result(f"s{i}", q3=({"z": own(i)},), **right) for i in range(300)]
    assert not found([*rights, *(result(key, **once, **right) for key in "ab")])
    pairs = found([*rights, *(result(key, **twice) for key in "ab")])
    assert set(pairs) == {("a", "b")}
    assert pairs["a", "b"].reasons == (
        "They share wrong answers that few others gave: z of q3; s of q4.",
    )


def test_a_shared_wrong_answer_weighs_more_where_numbers_differ():
    scores = []
    for seed in (lambda i: i, lambda i: 1):
        rights = [result(f"s{i}", q3=({"z": own(seed(i))},)) for i in range(40)]
        both = {"q3": ({"z": own(99)}, False)}
        results = [*rights, *(result(key, HONEST[0], **both) for key in "ab")]
        scores.append(found(results)["a", "b"].score)
    assert scores[0] > scores[1]


def test_what_may_be_right_for_two_by_chance_is_a_weak_sign():
    few = np.arange(1.0, 5.0)
    results = [result(f"s{i}", q3=({"z": few * (i % 20 + 1)},)) for i in range(40)]
    results.append(result("t", q3=({"z": few * 7}, False)))
    assert not found(results)
    assert ("s6", "t") in found([*results[:20], results[-1]])


def test_a_wrong_answer_of_many_is_a_common_slip():
    wrong = [result(f"w{i}", q3=({"z": own(99)}, False)) for i in range(4)]
    assert not found([*a_class(), *wrong])


def test_zeros_in_common_are_not_a_sign():
    wrong = [result(key, q3=({"z": np.zeros((2, 1))}, False)) for key in "ab"]
    assert not found([*a_class(), *wrong])


def test_rare_slips_in_common_add_up():
    x, y = sp.symbols("x y", real=True)
    rights = [result(f"s{i}", q3=({"z": own(1)},), q4=({"s": x * y},)) for i in range(200)]
    both = {"q3": ({"z": own(99)}, False), "q4": ({"s": sp.exp(x) / (1 + y)}, False)}
    one, two = (result(key, **both) for key in "ab")
    third = result("c", q3=({"z": own(98)}, False), q4=both["q4"])
    pairs = found([*rights, one, two, third])
    assert set(pairs) == {("a", "b")}
    assert "z of q3; s of q4" in pairs["a", "b"].reasons[0]


@pytest.mark.parametrize("change", ["right", "undecided", "fault", "missing", "no question"])
def test_only_wrong_answers_count(change):
    results = [result(key, q3=({"z": own(99)}, False)) for key in "ab"]
    for question in (r.questions["q3"] for r in results):
        if change in ("right", "undecided"):
            known = {"right": change == "right", "undecided": change == "undecided"}
            question.verdicts[:] = [replace(verdict, **known) for verdict in question.verdicts]
        elif change == "fault":
            question.answers["z"] = replace(question.answers["z"], fault="z is a list.")
        elif change == "missing":
            question.answers.clear()
    if change == "no question":
        results[0].questions.clear()
    assert not found([*a_class(), *results])


def test_answers_are_equal_after_rounding_to_six_digits():
    data = [serialise.pack(own(3) + shift) for shift in (0, 1e-9, 1e-3)]
    texts = [wrong_answers.canonical(each)[0] for each in data]
    assert texts[0] == texts[1] != texts[2]
    x = [sp.Symbol("x"), sp.Symbol("x", positive=True), sp.Symbol("y")]
    texts = [wrong_answers.canonical(serialise.pack(sp.sin(each)))[0] for each in x]
    assert texts[0] == texts[1] != texts[2]


@pytest.mark.parametrize(
    "data",
    [
        {"array": [[2], "<f8", "AAAA"]},
        {"array": 3},
        {"what": 1},
        {"formula": None},
        {"list": 5},
        {"a": 1, "b": 2},
        {"float": "nan"},
        {"int": "0xff"},
        {},
        [],
    ],
)
def test_odd_data_do_no_harm(data):
    text, bits = wrong_answers.canonical(data)
    assert isinstance(text, str)
    assert 0 <= bits <= 64


# Files and ids


def test_one_file_under_two_names_is_found():
    one, two = result("a"), result("b")
    two.digest, two.status = one.digest, "unreadable"
    assert found([one, two])["a", "b"].reasons == ("The two files are identical.",)


def test_files_that_could_not_be_read_are_not_compared():
    results = [replace(result(key), digest="", status="unreadable", student="") for key in "ab"]
    assert not found(results)


@pytest.mark.parametrize(
    ("ids", "platform_ids", "alike"),
    [
        (("ada", " Ada"), ("1", "2"), True),
        (("ada", "ada"), ("", ""), True),
        (("ada", "ada"), ("1", "1"), False),
        (("ada", "bob"), ("1", "2"), False),
        (("your-id", "your-id"), ("1", "2"), False),
        (("", ""), ("1", "2"), False),
    ],
)
def test_one_id_under_two_platform_ids_is_found(ids, platform_ids, alike):
    results = [
        replace(result(key), student=student, platform_id=platform_id)
        for key, student, platform_id in zip("ab", ids, platform_ids, strict=True)
    ]
    assert bool(found(results)) == alike


def test_another_assignment_is_not_compared():
    one, two = result("a"), result("b")
    two.digest, two.assignment = one.digest, "another"
    assert not found([one, two])


# All together


def test_signs_add_up_and_pairs_come_in_order_of_their_scores():
    results = [result(f"s{i}", cells) for i, cells in enumerate(HONEST)]
    results += [result("t", DISGUISES[0](HONEST[0])), result("u", DISGUISES[3](HONEST[2]))]
    results[-1].student = results[2].student
    pairs = similarity.pairs(results, ASSIGNMENT)
    assert [pair.keys for pair in pairs] == [("s2", "u"), ("s0", "t")]
    assert pairs[0].score == 1.0
    assert len(pairs[0].reasons) == 2
    assert pairs == similarity.pairs(results[::-1], ASSIGNMENT)


def test_it_reads_a_real_master(root):
    assignment = master.read(root / "assignments" / "template" / "template.ipynb")
    rights = [result(f"s{i}", q1=({"z": own(i)},)) for i in range(5)]
    results = [*rights, result("t", q1=({"z": own(3)}, False))]
    for each in results:
        each.assignment = "template"
    assert set(found(results, assignment)) == {("s3", "t")}


def test_a_class_has_no_more_pairs_than_its_copies():
    works = [*HONEST, *USUAL]
    class_of_many = [result(f"s{i:02}", cells) for i, cells in enumerate(works)]
    class_of_many += [result(f"t{i}", DISGUISES[3](works[0])) for i in range(2)]
    ring = {"s00", "t0", "t1"}
    assert set(found(class_of_many)) == set(combinations(sorted(ring), 2))
