"""The source of a cell: the names that it binds, and the words that are put into it."""

import pytest

from nncourse import cells


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a = b = 1", {"a", "b"}),
        ("(a, b), c = 1, 2, 3", {"a", "b", "c"}),
        ("a: int = 1", {"a"}),
        ("def f(x):\n    y = 1", {"f"}),
        ("a[0] = 1", set()),
        ("a = (", set()),
        ("%matplotlib inline", set()),
        ("a = 1\x00", set()),
    ],
)
def test_the_names_that_a_cell_binds(source, names):
    assert cells.bound(source) == names


@pytest.mark.parametrize("word", ["ada", "Zoë 李", 'a"b', "a\\b", "a\nb", "\ud800"])
def test_an_id_and_a_course_are_put_into_a_cell_whatever_their_letters(word):
    space = {"Notebook": lambda course: course}
    exec(cells.with_student('student = "your-id"', word), space)
    exec(cells.with_course('made = Notebook(course="open")', word), space)
    assert (space["student"], space["made"]) == (word, word)


def test_a_cell_without_an_id_stays_as_it_is():
    assert cells.with_student("z = 1", "ada") == "z = 1"


def test_outputs_and_counts_are_dropped_and_nothing_else():
    prose = {"cell_type": "markdown", "source": "# A"}
    code = {"cell_type": "code", "source": "n = 1", "outputs": ["1"], "execution_count": 3}
    bare = cells.without_outputs({"cells": [prose, code], "metadata": {"kept": 1}})
    assert bare["cells"] == [prose, {**code, "outputs": [], "execution_count": None}]
    assert bare["metadata"] == {"kept": 1}
    assert code["outputs"] == ["1"]
