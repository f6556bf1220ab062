"""One page for a student: the questions, the answers, why points were lost, the comments."""

from collections.abc import Mapping

from nncourse.assignment import Assignment
from nncourse.reports.pages import render
from nncourse.reports.tables import Mark
from nncourse.results import Result


def feedback(
    result: Result,
    assignment: Assignment,
    marks: Mapping[tuple[str, str], Mark],
    show_solutions: bool = False,
) -> str:
    """Return a student's page. `marks` are the teacher's, by (key, question)."""
    given = {question: marks.get((result.key, question)) for question in result.questions}
    return render(
        "feedback.html",
        title=f"{assignment.title}: feedback",
        result=result,
        assignment=assignment,
        comments={
            question: mark.comment.strip() if mark else "" for question, mark in given.items()
        },
        show_solutions=show_solutions,
    )
