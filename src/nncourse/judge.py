"""The judge: decides which checks of a question the answers pass.

It runs in a process of its own, with the reference run at hand and none of the student's code.
Given values (a student's own data) come from the reference run for that id; only the answers come
from the student, as data, through an `AnswerSource`.
"""

import warnings
from collections.abc import Mapping
from typing import Any, Protocol

from nncourse import checks, kinds, serialise
from nncourse.assignment import Assignment, Check, Question
from nncourse.check_runner import as_data, define, parameters
from nncourse.results import Answer, QuestionResult, Verdict

UNDECIDED = "A person has to look at this answer."


class AnswerSource(Protocol):
    """Where the judge gets answers from."""

    def get(self, name: str, kind: str) -> Any:
        """Return an answer, for a function a callable; raise checks.Wrong for a wrong kind."""


class LocalAnswers:
    """Answers from a namespace of this process: of a reference run, or of a test."""

    def __init__(self, names: Mapping[str, Any]):
        self.names = names

    def get(self, name: str, kind: str) -> Any:
        """Return an answer after a round trip as data; raise Wrong if its kind is wrong."""
        value = self.names.get(name)
        fault = kinds.kind_fault(value, kind, name)
        checks.require(not fault, fault)
        return as_data(value, kind)


def verdicts(question: Question, given: Mapping[str, Any], source: AnswerSource) -> list[Verdict]:
    """Return the Verdicts of a question's checks, in order."""
    return [_verdict(check, given, source) for check in question.checks]


def _verdict(check: Check, given: Mapping[str, Any], source: AnswerSource) -> Verdict:
    """Return the Verdict of one check."""
    try:
        function = define(check.source)
        values = {
            name: source.get(name, check.kinds[name]) if name in check.kinds else given[name]
            for name in parameters(function)
        }
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            function(**values)
    except checks.Undecided as why:
        return failed(check, str(why) or UNDECIDED, undecided=True)
    except (AssertionError, serialise.NotData) as why:
        return failed(check, str(why) or check.hint or "This is not right.")
    except (MemoryError, RecursionError) as why:
        return failed(check, f"{UNDECIDED} ({type(why).__name__})", undecided=True)
    except Exception as why:
        return failed(check, f"{UNDECIDED} ({type(why).__name__}: {why})", undecided=True)
    return Verdict(check.title, check.points, check.points, True, check.hidden)


def failed(check: Check, message: str, undecided: bool = False) -> Verdict:
    """Return the Verdict of a check that was not passed, with the reason."""
    return Verdict(check.title, 0.0, check.points, False, check.hidden, message[:600], undecided)


def question_result(
    question: Question,
    assignment: Assignment,
    answers: dict[str, Answer],
    verdicts: list[Verdict],
) -> QuestionResult:
    """Return the result of a question from its answers and verdicts."""
    to_read = question.manual and all(not answer.fault for answer in answers.values())
    return QuestionResult(
        points=round(sum((verdict.points for verdict in verdicts), 0.0), 6),
        out_of=question.points,
        manual=question.manual,
        pending=to_read or any(verdict.undecided for verdict in verdicts),
        answers=answers,
        verdicts=verdicts,
        digest=assignment.digest(question),
    )


def no_points(question: Question, assignment: Assignment, message: str) -> QuestionResult:
    """Return the result of a question without points, for this reason."""
    answers = {name: Answer(kind, None, message) for name, kind in question.answers.items()}
    verdicts = [failed(check, message) for check in question.checks]
    return question_result(question, assignment, answers, verdicts)
