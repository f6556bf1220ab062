"""A check runs from its source, on answers that travel as data."""

from nncourse import check_runner


def test_changes_that_a_function_makes_to_its_arguments_stay_inside():
    given = [1.0, 2.0]
    assert check_runner.as_data(lambda v: v.append(3.0) or v, "function")(given) == [1.0, 2.0, 3.0]
    assert given == [1.0, 2.0]


LISTED = 'def test_v(v: "list"):\n    pass\n'


def test_an_answer_that_cannot_be_carried_is_named():
    right, why = check_runner.run_check({"source": LISTED, "hint": ""}, {"v": [object()]})
    assert (right, why) == (False, "a value of type object cannot be carried as data")


def test_a_check_that_crashes_gives_its_error_and_its_title():
    source = 'def test_v(v: "list"):\n    """v has a head."""\n    v[0]\n'
    right, why = check_runner.run_check({"source": source, "hint": ""}, {"v": []})
    assert not right
    assert why.startswith("This could not be checked (IndexError")
    assert why.endswith("v has a head.")
