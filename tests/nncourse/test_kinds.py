"""A value of the wrong kind is named, with advice on how to convert it."""

import numpy as np
import pytest
import sympy as sp

from nncourse import kinds
from nncourse.kinds import kind_fault

x = sp.Symbol("x")
f = sp.Function("f")

RIGHT_KINDS = {
    "number": [1, 0.5, np.float64(2), np.array(3.0), sp.Rational(1, 2), sp.pi],
    "array": [np.zeros((2, 1)), np.array([True]), np.array(1j)],
    "formula": [x, sp.Matrix([x]), 3, f(x)],
    "function": [len, lambda z: z, np.tanh],
    "text": ["", "why"],
    "list": [[], (1, 2)],
}


@pytest.mark.parametrize(("kind", "values"), RIGHT_KINDS.items())
def test_the_right_kind_has_no_fault(kind, values):
    assert [kind_fault(value, kind) for value in values] == [""] * len(values)


@pytest.mark.parametrize("kind", kinds.A_KIND)
@pytest.mark.parametrize("value", [None, ...])
def test_a_missing_answer_is_named(kind, value):
    assert kind_fault(value, kind, "z") == "z has no answer yet."


@pytest.mark.parametrize(
    ("value", "kind", "message"),
    [
        ([1, 2], "array", "z is a list; it should be a NumPy array. Turn it into an array with"),
        ((1, 2), "array", "z is a tuple; it should be a NumPy array. Turn it into an array with"),
        ("x + 1", "formula", "z is a string; it should be a SymPy expression. Write it"),
        (len, "formula", "a function; it should be a SymPy expression. Give the expression itself"),
        (x, "function", "z is a SymPy expression; it should be a function. Define it with def."),
        (np.zeros((1, 1)), "number", "an array of shape (1, 1); it should be one number. Pick"),
        (True, "number", "z is True or False; it should be one number."),
        ("3", "number", "z is a string; it should be one number."),
        (x, "number", "z is a SymPy expression; it should be one number."),
        (sp.I, "number", "z is a SymPy expression; it should be one number."),
        (
            np.array(["a"]),
            "array",
            "an array of shape (1,), whose entries are not plain numbers",
        ),
        (sp.Matrix([1, 2]), "array", "z is a SymPy matrix; it should be a NumPy array. Turn it"),
        ("1 2", "array", "z is a string; it should be a NumPy array."),
        (3, "text", "z is a number; it should be a string."),
        (0.5, "list", "z is a number; it should be a list."),
        ({}, "list", "z is a dict; it should be a list."),
        (np.int64(3), "array", "z is a number; it should be a NumPy array."),
        (2 + 0j, "number", "z is a complex number; it should be one number."),
        (np.complex128(1j), "number", "z is a complex number; it should be one number."),
    ],
)
def test_a_wrong_kind_is_named_with_advice(value, kind, message):
    assert message in kind_fault(value, kind, "z")
