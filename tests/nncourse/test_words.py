"""A number and its noun agree."""

import pytest

from nncourse.words import count


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 points"), (1, "1 point"), (1.0, "1 point"), (0.5, "0.5 points")]
)
def test_one_is_singular_and_everything_else_is_plural(number, text):
    assert count(number, "point") == text


def test_an_irregular_plural_is_given():
    assert count(1, "file is", "files are") == "1 file is"
    assert count(2, "file is", "files are") == "2 files are"
