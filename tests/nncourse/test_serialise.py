"""Answers travel as data: what is packed comes back equal, and what is hostile is never built."""

import contextlib
import json
import math
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nncourse import serialise
from nncourse.serialise import NotData, pack, unpack

x, y = sp.symbols("x y")
f = sp.Function("f")
A, B = sp.MatrixSymbol("A", 2, 2), sp.MatrixSymbol("B", 2, 2)
i = sp.Idx("i", 3)


def carried(value):
    """Round-trip a value through JSON, as between two processes."""
    return unpack(json.loads(json.dumps(pack(value))))


def same(left, right):
    """Return whether two values are equal and of the same type; NaN equals NaN."""
    if isinstance(left, np.ndarray):
        return left.shape == right.shape and all(map(same, left.ravel(), right.ravel()))
    if isinstance(left, list | tuple):
        return type(left) is type(right) and all(map(same, left, right)) and len(left) == len(right)
    return left == right or (left != left and right != right)


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.complex_numbers()
VALUES = st.recursive(SCALARS, lambda i: st.lists(i, max_size=4) | st.tuples(i, i), max_leaves=6)
ARRAYS = hnp.arrays(
    hnp.scalar_dtypes().filter(lambda dtype: dtype.kind in "biufc" and dtype.itemsize <= 16),
    hnp.array_shapes(min_dims=0, min_side=0),
)


@given(VALUES)
def test_numbers_texts_and_lists_come_back_as_they_were(value):
    assert same(carried(value), value)


@given(ARRAYS)
def test_arrays_come_back_with_their_shape_and_kind(array):
    back = carried(array)
    assert back.dtype.kind == array.dtype.kind
    np.testing.assert_array_equal(back, array)


@given(st.dictionaries(st.text(), st.integers()))
def test_dicts_come_back(value):
    assert carried(value) == value


@given(st.recursive(
    st.sampled_from([x, y, sp.pi, sp.Integer(3), sp.Rational(1, 3), sp.Float("0.1")]),
    lambda e: st.builds(lambda a, b: a + b, e, e) | st.builds(lambda a, b: a * b, e, e)
    | st.builds(lambda a: a**2, e) | st.builds(sp.exp, e) | st.builds(sp.tanh, e),
    max_leaves=8,
))  # fmt: skip
def test_formulas_come_back_equal(formula):
    with contextlib.suppress(NotData):  # a power may grow too large
        assert same(carried(formula), formula)


FORMULAS = [
    *(sp.oo, -sp.oo, sp.zoo, sp.I, sp.E, sp.GoldenRatio, sp.true, sp.S.Half, sp.Float("0.1", 50)),
    *(sp.Symbol("s", positive=True), sp.Dummy("d"), f(x), f(x, y).diff(x), f(x * y).diff(x)),
    *(sp.Matrix([[x, 1]]), sp.ImmutableMatrix([[x]]), sp.Matrix(0, 3, [])),
    sp.SparseMatrix(2, 2, {}),
    *(A.T * B, A + B, A.inv(), A**2, A[0, 1], sp.Trace(A), sp.hadamard_product(A, B)),
    *(sp.Identity(3), sp.ZeroMatrix(2, 3), sp.OneMatrix(2, 3)),
    *(sp.Sum(x, (x, 1, y)), sp.Product(x, (x, 1, y)), sp.Integral(x, (x, 0, 1)), sp.Limit(x, x, 0)),
    *(sp.Piecewise((x, x > 0), (0, True)), sp.Max(x, 0), sp.Heaviside(x), sp.Eq(x, y), sp.Ne(x, y)),
    *(sp.Lambda(x, x**2), sp.Interval(0, 1), sp.Tuple(x, y), sp.IndexedBase("W")[i, i + 1]),
    *(sp.binomial(x, 2), sp.ff(x, 3), sp.factorial(x), sp.gamma(x), sp.log(x, 2), sp.sqrt(x)),
    *(sp.erf(x), x ** sp.Rational(1, 3)),
]  # fmt: skip


@pytest.mark.parametrize("formula", FORMULAS, ids=str)
def test_a_formula_of_every_kind_comes_back_equal(formula):
    assert same(carried(formula), formula)


@pytest.mark.parametrize(
    ("value", "back"),
    [
        (np.float32(0.5), 0.5),
        (np.int8(3), 3),
        (np.bool_(True), True),
        (Fraction(1, 4), 0.25),
        (2**70, 2**70),
        (-(2**70), -(2**70)),
        (math.inf, math.inf),
        (np.complex64(1j), 1j),
    ],
)
def test_a_number_of_another_kind_comes_back_as_pythons(value, back):
    assert carried(value) == back
    assert type(carried(value)) is type(back)


def test_an_array_of_formulas_comes_back_with_its_shape():
    array = np.array([[x, y**2, 1]], dtype=object)
    assert same(carried(array), array)


def test_a_text_of_a_subclass_comes_back_plain():
    assert type(carried(np.str_("a"))) is str


# --- what is not carried ----------------------------------------------------------------------


def nested(depth):
    """Return a list nested to a depth."""
    value = []
    for _ in range(depth):
        value = [value]
    return value


def deep_sum():
    """Return an expression whose text nests deeper than Python reads."""
    deep = x
    for _ in range(3000):
        deep = sp.sin(deep, evaluate=False)
    return deep


ITSELF = []
ITSELF.append(ITSELF)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (object(), "type object"),
        ({1}, "type set"),
        (len, "cannot be carried"),
        ("a" * (serialise.MAX_LENGTH + 1), "text is too long"),
        (1 << (serialise.MAX_LENGTH + 1), "integer is too large"),
        (np.zeros(serialise.MAX_ENTRIES + 1), "2000001 entries"),
        (range(3), "type range"),
        ([0] * (serialise.MAX_ENTRIES + 1), "list has 2000001 entries"),
        (np.array(["a"]), "array of <U1"),
        (nested(serialise.MAX_DEPTH + 1), "nests too deeply"),
        (ITSELF, "nests too deeply"),
        (sp.Symbol("a" * serialise.MAX_LENGTH), "expression is too long"),
        (deep_sum(), "nests too deeply"),
    ],
    ids=lambda value: str(type(value).__name__),
)
def test_what_cannot_be_carried_is_named(value, why):
    with pytest.raises(NotData, match=why):
        pack(value)


@pytest.mark.parametrize(
    "data",
    [
        [1, 2],
        {},
        {"list": [], "tuple": []},
        {"pickle": "gASV"},
        {"list": 3},
        {"int": "ten"},
        {"int": 7},
        {"float": "1e5"},
        {"float": []},
        {"complex": [1, 2, 3]},
        {"dict": [[{"list": []}, 1]]},
        {"dict": [1]},
        {"array": [[2], "<f8", "AAAAAAAAAAA="]},
        {"array": [[1], "<f8", "AAAA"]},
        {"array": [[1], "<f8", "?"]},
        {"array": [[1], "|O", "AAAAAAAAAAA="]},
        {"array": [[-1, -1], "<f8", "AAAAAAAAAAA="]},
        {"array": [[0, 10**30], "<f8", ""]},
        {"array": [[1.0], "<f8", "AAAAAAAAAAA="]},
        {"array": [[1] * 9, "<f8", "AAAAAAAAAAA="]},
        {"array": ["1", "<f8", "AAAAAAAAAAA="]},
        {"objects": [[2], [1]]},
        {"formula": 3},
    ],
    ids=json.dumps,
)
def test_data_of_another_form_are_refused(data):
    with pytest.raises(NotData):
        unpack(data)
