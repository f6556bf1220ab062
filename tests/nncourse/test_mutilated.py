"""Two hundred random mutilations of honest notebooks: never a crash, never a point too many.

The sandboxes are forked from this process, which has imported SymPy, and the judge works in it:
bubblewrap and the judge's own process have their own tests, and a mutilation is about what is read,
run and judged. Hypothesis draws the mutilations.
"""

import hashlib
import json
import os
import warnings
from pathlib import Path

import pytest
from classroom import ForkedSandbox, cells_of, notebook
from hypothesis import given, settings
from hypothesis import strategies as st

from nncourse import master
from nncourse.grading import grade, intake, isolation, sandbox, scheduler, session

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),
    pytest.mark.no_cover,  # the grader works here; the package has tests of its own
]

ROOT = Path(__file__).resolve().parents[2]
LIMITS = isolation.Limits(cell=1, call=1, total=30)
LINES = (
    "1 / 0", "del z", "z = 3", "z = z.T", "import os; os._exit(3)", "A = None", "sp = np", "b *= 2",
    "cost = 3", "dC_dw = str(dC_dw)", "raise SystemExit", "np.dot = None", "%matplotlib inline",
    "student = 'somebody-else'", "def cost(w): return w", "why = 7", "dC_dw = sp.nan",
    "import sys; sys.stdout = 3",
)  # fmt: skip


@pytest.fixture(scope="module")
def assignment():
    """Return the template's master, with everything imported that a sandbox needs."""
    os.environ["NNMATHS_GRADING"] = "1"
    made = master.read(ROOT / "assignments" / "template" / "template.ipynb")
    scheduler.warm(made)
    return made


@st.composite
def mutilations(draw, cells):
    """Return the cells after one to four mutilations."""
    for _ in range(draw(st.integers(1, 4))):
        i = draw(st.integers(0, len(cells) - 1))
        new = draw(st.sampled_from(WAYS))(draw, cells[i], cells)
        cells = [*cells[:i], *new, *cells[i + 1 :]] or [""]
    return cells


def cut(draw, text, _):
    """Return the beginning of a cell."""
    return [text[: draw(st.integers(0, len(text)))]]


def garbled(draw, text, _):
    """Return a cell with some letters put into it."""
    at = draw(st.integers(0, len(text)))
    return [text[:at] + draw(st.text(max_size=4)) + text[at:]]


WAYS = [
    lambda draw, text, cells: [],
    lambda draw, text, cells: [text, text],
    lambda draw, text, cells: [draw(st.sampled_from(cells)), text],
    lambda draw, text, cells: [draw(st.sampled_from(cells))],
    lambda draw, text, cells: [text, draw(st.sampled_from(LINES))],
    cut,
    garbled,
]


@pytest.fixture
def judge_here(monkeypatch):
    """Judge in this process, where a judge that crashes fails the test; fork the sandboxes.

    As after a judge in a process of its own, the session forgets that it was asked.
    """
    judge = session._judge

    def judge_and_forget(question, assignment, given, answers, digest):
        death = answers.death
        reply = judge(question, assignment, given, answers, digest)
        answers.asked, answers.death = False, death
        return reply

    monkeypatch.setattr(session, "_judge", judge_and_forget)
    monkeypatch.setattr(session, "in_child", lambda action, _: json.loads(json.dumps(action())))
    monkeypatch.setattr(sandbox, "Sandbox", ForkedSandbox)


def points_of(assignment, cells, folder):
    """Return the result of a notebook with these cells."""
    text = notebook(dict(enumerate(cells)), assignment.name)
    path = folder / "hand-in.ipynb"
    path.write_text(text, encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    one = intake.Submission("7", "7", "", assignment.name, path, digest, (), "")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return grade.grade(one, assignment, grade.Options(folder / "out", limits=LIMITS))


def test_the_honest_notebook_has_all_points(assignment, tmp_path, judge_here):
    cells = list(cells_of(assignment, "ada").values())
    assert points_of(assignment, cells, tmp_path).points == 7.0


def test_no_mutilation_crashes_the_run_or_gains_a_point(assignment, tmp_path, judge_here):
    honest = list(cells_of(assignment, "ada").values())
    seen = []

    @settings(max_examples=200)
    @given(mutilations(honest))
    def each(cells):
        result = points_of(assignment, cells, tmp_path)
        assert 0 <= result.points <= 7.0
        assert set(result.questions) == {"q1", "q2", "q3", "q4"}
        seen.append(result.points)

    each()
    assert len(seen) >= 200
    assert 0 < sum(seen) < 7.0 * len(seen)  # some lost points, and some kept theirs
