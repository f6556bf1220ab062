"""Results: one file a submission, written whole or not at all, and what can be read from them."""

import json

from nncourse import judge
from nncourse.reports import tables


def blank(submission, sheet):
    """Return a result in which nothing is judged yet."""
    return {
        "key": submission.key,
        "platform_id": submission.platform_id,
        "name": submission.name,
        "student": "",
        "assignment": sheet.name,
        "digest": submission.digest,
        "status": "graded",
        "notes": list(submission.notes),
        "eyes": [],
        "errors": [],
        "points": 0.0,
        "out_of": sum(question.points for question in sheet.questions),
        "code": [],
        "questions": {},
    }


def fault_all(result, sheet, message):
    """Give no points for any question, and say why."""
    for question in sheet.questions:
        result["questions"][question.name] = lost(question, sheet, message)


def lost(question, sheet, message):
    """Return a question's entry without a point, and the reason."""
    verdicts = [judge.lost(check, message) for check in question.checks]
    data = {n: {"kind": k, "data": None, "fault": message} for n, k in question.answers.items()}
    return entry(question, sheet, data, judge.as_rows(verdicts))


def entry(question, sheet, data, rows):
    """Return what a result holds of one question."""
    waits = question.manual and all(not part["fault"] for part in data.values())
    return {
        "digest": sheet.digest(question),
        "points": round(sum(row["points"] for row in rows), 6),
        "out_of": question.points,
        "manual": question.manual,
        "pending": waits or any(row["undecided"] for row in rows),
        "answers": data,
        "verdicts": rows,
    }


def stored(folder, submission, roster):
    """Return the stored result of this very file for this very student, or None.

    One that broke off counts as none, and one for another id than the roster's.
    """
    try:
        text = path_of(folder, submission.key).read_text(encoding="utf-8")
        found = json.loads(text)
    except (OSError, ValueError):
        return None
    whole = found.get("digest") == submission.digest and not found.get("stopped")
    whole = whole and roster.get(submission.platform_id, found["student"]) == found["student"]
    return found if whole else None


def keep(previous, question, sheet, again):
    """Return the stored entry of a question if it still holds, else None."""
    if previous is None or question.name in again:
        return None
    found = previous["questions"].get(question.name)
    return found if found and found["digest"] == sheet.digest(question) else None


def path_of(folder, key):
    """Return where the result of a submission is kept."""
    return folder / "results" / f"{key}.json"


def is_done(submission, sheet, folder, again, roster):
    """Return whether the stored result of this very file still holds for every question."""
    previous = stored(folder, submission, roster)
    kept = [keep(previous, question, sheet, again) for question in sheet.questions]
    return bool(kept) and all(kept)


def results_of(folder):
    """Return all stored results of an assignment's folder, by key."""
    paths = sorted((folder / "results").glob("*.json"))
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def marks_of(folder):
    """Return the points stored until now, by key and question."""
    return {
        (result["key"], name): question["points"]
        for result in results_of(folder)
        for name, question in result["questions"].items()
    }


def changes(before, after):
    """Return whose points for which question are others than they were."""
    both = sorted(set(before) & set(after))
    return [
        {"key": key, "question": name, "before": before[key, name], "after": after[key, name]}
        for key, name in both
        if before[key, name] != after[key, name]
    ]


def write(folder, result):
    """Store a result."""
    text = json.dumps(result, indent=1, sort_keys=True)
    tables.put(path_of(folder, result["key"]), text)
