"""A result comes back from JSON as it was, and data of another form are refused."""

import json

import pytest

from nncourse.results import Answer, CellError, QuestionResult, Result, Verdict


def result():
    """Return a result with something in every field."""
    verdict = Verdict("z is right.", 0.0, 2.0, False, True, "Where is the ½?", True)
    answers = {"z": Answer("array", [1.5]), "f": Answer("function", fault="f has no answer yet.")}
    question = QuestionResult(0.0, 2.0, False, True, answers, [verdict], "abc")
    return Result(
        *("7", "7", "Ada", "06", "digest", 2.0, "ada", "2027"),
        notes=["Handed in late."],
        needs_review=["Read it."],
        errors=[CellError(3, "NameError: x")],
        code=["z = 1"],
        questions={"q1": question},
    )


def test_a_result_survives_a_round_trip_through_json():
    before = result()
    assert Result.from_json(json.loads(json.dumps(before.to_json()))) == before
    assert (before.is_graded, before.pending) == (True, ["q1"])


def renamed(data):
    return {**data, "eyes": data.pop("needs_review")}


def without_questions(data):
    return {key: value for key, value in data.items() if key != "questions"}


def with_bare_question(data):
    return {**data, "questions": {"q1": {"points": 1}}}


@pytest.mark.parametrize("change", [renamed, without_questions, with_bare_question])
def test_data_of_another_form_are_refused(change):
    with pytest.raises(ValueError, match="not the result of a submission"):
        Result.from_json(change(result().to_json()))


@pytest.mark.parametrize("data", [[], 3, "text", None])
def test_what_is_not_a_dict_is_refused(data):
    with pytest.raises(ValueError, match="not the result of a submission"):
        Result.from_json(data)
