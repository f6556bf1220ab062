"""What grading a submission produces: plain data that travels between processes as JSON.

A `Result` belongs to one submission. It has a `QuestionResult` for each question, and that has the
student's `Answer`s as data and a `Verdict` for each check.
"""

from dataclasses import asdict, dataclass, field
from typing import Any

GRADED, UNREADABLE = "graded", "unreadable"


@dataclass(frozen=True)
class Verdict:
    """What a check decided about an answer: points won and available, and a message."""

    title: str
    points: float
    out_of: float
    right: bool
    hidden: bool = False
    message: str = ""
    undecided: bool = False


@dataclass(frozen=True)
class Answer:
    """A student's answer as packed data, or the fault that explains why there is no data."""

    kind: str
    data: Any = None
    fault: str = ""


@dataclass(frozen=True)
class QuestionResult:
    """The answers, verdicts and points of one question.

    `digest` identifies the checks that were used. `pending` means that a person has to mark it.
    """

    points: float
    out_of: float
    manual: bool = False
    pending: bool = False
    answers: dict[str, Answer] = field(default_factory=dict)
    verdicts: list[Verdict] = field(default_factory=list)
    digest: str = ""

    @classmethod
    def from_json(cls, data: dict) -> "QuestionResult":
        """Return the QuestionResult of the dict that `asdict` made."""
        answers = {name: Answer(**answer) for name, answer in data["answers"].items()}
        verdicts = [Verdict(**verdict) for verdict in data["verdicts"]]
        return cls(**{**data, "answers": answers, "verdicts": verdicts})


@dataclass(frozen=True)
class CellError:
    """The error that a cell of the notebook raised."""

    cell: int
    error: str


@dataclass
class Result:
    """Everything that is known about one submission after grading."""

    key: str
    platform_id: str
    name: str
    assignment: str
    digest: str
    out_of: float
    student: str = ""
    course: str = ""  # the course that the notebook was made for
    status: str = GRADED
    stopped: bool = False  # the grader itself failed on this file; the next run tries it again
    points: float = 0.0
    notes: list[str] = field(default_factory=list)
    needs_review: list[str] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    questions: dict[str, QuestionResult] = field(default_factory=dict)

    @property
    def is_graded(self) -> bool:
        """Return whether the file could be read and graded."""
        return self.status == GRADED

    @property
    def pending(self) -> list[str]:
        """Return the names of the questions that a person has to mark."""
        return [name for name, question in self.questions.items() if question.pending]

    def add_points(self) -> None:
        """Set the total to the sum of the points of all questions."""
        self.points = round(sum((q.points for q in self.questions.values()), 0.0), 6)

    def to_json(self) -> dict:
        """Return the result as JSON-able data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict) -> "Result":
        """Return the result that `to_json` made; raise ValueError for data of another form."""
        try:
            questions = {
                name: QuestionResult.from_json(question)
                for name, question in data["questions"].items()
            }
            errors = [CellError(**error) for error in data["errors"]]
            return cls(**{**data, "questions": questions, "errors": errors})
        except (TypeError, KeyError, AttributeError) as why:
            raise ValueError(f"not the result of a submission ({why})") from None


@dataclass(frozen=True)
class ChangedMark:
    """The points of one question of one submission, before and after grading again."""

    key: str
    question: str
    before: float
    after: float
