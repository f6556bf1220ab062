"""One page for a student: what was asked, what came, why points were lost, the teacher's words."""

from nncourse.reports.pages import answer_text, asked, bullets, page, plain
from nncourse.reports.tables import number, waiting

LONGEST_TEXT = 6000


def feedback(result, sheet, marks, show_solutions=False):
    """Return a student's page. `marks` are the teacher's, by (key, question)."""
    about = f"{sheet.title}: feedback"
    body = [
        f"<h1>{plain(sheet.title)}</h1>\n",
        f'<p class="dim"><bdi>{plain(result.get("name") or result["key"])}</bdi></p>\n',
        _total(result),
        bullets(result.get("notes", [])),
        _errors(result.get("errors", [])),
    ]
    for question in sheet.questions:
        given = result.get("questions", {}).get(question.name)
        if given is not None:
            mark = marks.get((result["key"], question.name))
            body.append(_question(question, given, mark, show_solutions))
    return page(about, "".join(body))


def _total(result):
    """Return the sum of the points, or that nothing could be graded."""
    if result.get("status") != "graded":
        fault = f" {plain(result['fault'])}" if result.get("fault") else ""
        return f"<p><strong>This could not be graded.</strong>{fault}</p>\n"
    points, out_of = number(result.get("points") or 0), number(result.get("out_of") or 0)
    late = waiting(result)
    more = f" A person has yet to read {plain(', '.join(late))}." if late else ""
    return f"<p><strong>{points} of {out_of} points.</strong>{more}</p>\n"


def _errors(errors):
    """Return the cells that raised an error."""
    if not errors:
        return ""
    lines = (f"Cell {error.get('cell')}: {error.get('error')}" for error in errors[:20])
    said = "These cells raised an error. What they had to bind is missing below."
    return f"<h2>Errors</h2>\n<p>{said}</p>\n{bullets(lines)}"


def _question(question, given, mark, show_solutions):
    """Return the part of a page on one question."""
    waits = " so far" if given.get("pending") else ""
    points = f"{number(given.get('points') or 0)} of {number(given.get('out_of') or 0)} points"
    solution = "\n\n".join(question.solution) if show_solutions else ""
    parts = [
        f"<h2>{plain(question.name)}: {points}{waits}</h2>\n",
        f'<div class="asked">{asked(question.prompt)}</div>\n<h3>What came</h3>\n',
        *(_answer(name, answer) for name, answer in given.get("answers", {}).items()),
        _checks(given.get("verdicts", [])),
        _comment(mark),
        f"<h3>A solution</h3>\n<pre>{plain(solution, 20_000)}</pre>\n" if solution else "",
    ]
    return f"<section>\n{''.join(parts)}</section>\n"


def _answer(name, answer):
    """Return an answer under its name."""
    limit = LONGEST_TEXT if answer.get("kind") == "text" else 1500
    text = plain(answer_text(answer, limit), limit)
    return f'<p><code>{plain(name)}</code></p>\n<pre dir="auto">{text}</pre>\n'


def _checks(verdicts):
    """Return the checks with their points, and a sentence where points were lost."""
    items = "".join(_check(verdict) for verdict in verdicts)
    return f'<h3>Checks</h3>\n<ul class="checks">\n{items}</ul>\n' if items else ""


def _check(verdict):
    """Return one check: a sign and a word, what is checked, the points, the hint."""
    if verdict.get("undecided"):
        kind, said = "dim", "? Not decided:"
    elif verdict["right"]:
        kind, said = "good", "✓ Passed:"
    else:
        kind, said = "bad", "✗ Not passed:"
    points = f"{number(verdict['points'])} of {number(verdict['out_of'])}"
    hint = f"<br>{plain(verdict['message'])}" if verdict.get("message") else ""
    title = plain(verdict["title"])
    worth = f' <span class="dim">({points})</span>' if verdict["out_of"] else ""
    return f'<li><span class="{kind}">{said}</span> {title}{worth}{hint}</li>\n'


def _comment(mark):
    """Return what the teacher wrote, or nothing."""
    if mark is None or not mark.comment.strip():
        return ""
    return f'<h3>Your teacher writes</h3>\n<pre dir="auto">{plain(mark.comment, 4000)}</pre>\n'
