"""One submission between its sandbox and the judge.

A sandbox that dies is started again without the cell that ended it. The judge runs in a forked
process of its own for each question, with limits on time and memory.
"""

import contextlib
import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from nncourse import checks, judge, kinds, serialise
from nncourse.assignment import Assignment, Question
from nncourse.grading import sandbox
from nncourse.grading.child import in_child
from nncourse.grading.isolation import Limits, NoSandboxError
from nncourse.grading.sandbox import SandboxDiedError
from nncourse.results import Answer, CellError, QuestionResult

JUDGE_SECONDS = 30  # for each question
MAX_STARTS = 7


class Session:
    """The sandboxes of one submission: started on demand, again without a cell that ended one.

    It is a `judge.AnswerSource`: `get` returns an answer, or a function that asks the sandbox.
    """

    def __init__(self, cells: list[tuple[int, str]], kind: str, limits: Limits):
        self.cells, self.kind, self.limits = cells, kind, limits
        self.deadline = time.monotonic() + limits.total
        self.sandbox: sandbox.Sandbox | None = None
        self.starts, self.asked = 0, False
        self.log: dict[int, str | None] = {}
        self.skipped: dict[int, str] = {}  # cells that ended a sandbox, with the reason
        self.death, self.deaths = "", []  # why the last sandbox died; sentences for the teacher

    def __enter__(self) -> "Session":
        """Return the session itself; nothing runs yet."""
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the sandbox, if there is one."""
        if self.sandbox:
            self.sandbox.close()
            self.sandbox = None

    def open(self) -> sandbox.Sandbox:
        """Return a sandbox in which all harmless cells have run; raise SandboxDiedError if none."""
        while self.sandbox is None:
            if self.asked or self.starts >= MAX_STARTS or time.monotonic() > self.deadline:
                raise SandboxDiedError(self.death or "it ran for too long")
            self.starts += 1
            self._start()
        return self.sandbox

    def _start(self) -> None:
        """Start a sandbox and run the cells; note the cell that ends it."""
        started = sandbox.Sandbox(self.kind, self.limits, self.deadline)
        try:
            started.run([cell for cell in self.cells if cell[0] not in self.skipped])
            self.sandbox, self.log = started, dict(started.log)
        except SandboxDiedError as why:
            started.close()
            self.death = str(why)
            if started.cell is None and self.starts == 1:  # none of the student's code has run
                raise NoSandboxError(f"the sandbox did not start: {why}") from None
            if started.cell is None:
                raise
            self.skipped[started.cell] = f"{why}; the cell was left out"

    def errors(self) -> list[CellError]:
        """Return the error of each cell that raised one or was left out."""
        log = {**self.log, **self.skipped}
        return [CellError(number, error) for number, error in sorted(log.items()) if error]

    def needs_review(self) -> list[str]:
        """Return sentences on what ended a sandbox: a person should read that code."""
        return [f"Cell {number}: {why}." for number, why in sorted(self.skipped.items())] + [
            f"{death}." for death in self.deaths
        ]

    def get(self, name: str, kind: str) -> Any:
        """Return an answer; raise checks.Wrong with what is wrong with its kind."""
        reply = self.ask(get=name, kind=kind)
        if "data" not in reply:
            raise checks.Wrong(str(reply.get("fault", "it has no answer"))[:400])
        if kind == "function":
            return lambda *args: self.call(name, args)
        value = serialise.unpack(reply["data"])
        fault = kinds.kind_fault(value, kind, name)
        checks.require(not fault, fault)
        return value

    def call(self, name: str, args: tuple) -> Any:
        """Return the value of the student's function; raise checks.Wrong if it has none."""
        reply = self.ask(call=name, args=[serialise.pack(arg) for arg in args])
        if "data" not in reply:
            raise checks.Wrong(f"your function {name} failed: {str(reply.get('raised'))[:400]}")
        return serialise.unpack(reply["data"])

    def ask(self, **request: Any) -> dict:
        """Return the sandbox's reply; raise checks.Wrong where the request ended it."""
        try:
            return self.open().ask(**request)
        except SandboxDiedError as why:
            self.death = str(why)
            self.close()
            raise checks.Wrong(f"your notebook could not be asked: {why}") from None


def judge_question(
    question: Question,
    assignment: Assignment,
    given: Mapping[str, Any],
    session: Session,
    digest: str,
) -> QuestionResult:
    """Return the result of a question, judged in a process of its own."""
    with contextlib.suppress(SandboxDiedError):
        session.open()
    reply = in_child(lambda: _judge(question, assignment, given, session, digest), JUDGE_SECONDS)
    if reply is None or reply["death"]:
        session.close()
    if reply is None:
        verdicts = [judge.failed(c, judge.UNDECIDED, undecided=True) for c in question.checks]
        return judge.question_result(question, assignment, {}, verdicts)
    if reply["death"]:
        session.deaths.append(f"{question.name}: when it was asked, {reply['death']}")
    return QuestionResult.from_json(reply["result"])


def _judge(
    question: Question,
    assignment: Assignment,
    given: Mapping[str, Any],
    session: Session,
    digest: str,
) -> dict:
    """Return the result of a question as JSON, and why its sandbox died, if it did."""
    session.asked = True  # a sandbox that dies of this question is started again for the next
    checks.seed(assignment.name, digest, question.name)
    answers = {name: _answer(session, name, kind) for name, kind in question.answers.items()}
    verdicts = judge.verdicts(question, given, session)
    result = judge.question_result(question, assignment, answers, verdicts)
    death = session.death if session.sandbox is None else ""
    return {"result": asdict(result), "death": death}


def _answer(session: Session, name: str, kind: str) -> Answer:
    """Return an answer as received, for the feedback and the comparison of answers."""
    try:
        reply = session.ask(get=name, kind=kind)
    except checks.Wrong as why:
        return Answer(kind, None, str(why))
    return Answer(kind, reply.get("data"), str(reply.get("fault", ""))[:400])
