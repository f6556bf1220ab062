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
from nncourse.serialise import NotData, kind_fault, pack, read_formula, unpack

x, y = sp.symbols("x y")
f = sp.Function("f")
A, B = sp.MatrixSymbol("A", 2, 2), sp.MatrixSymbol("B", 2, 2)
i = sp.Idx("i", 3)


def carried(value):
    """Return a value after its way through JSON, as between two processes."""
    return unpack(json.loads(json.dumps(pack(value))))


def same(left, right):
    """Return whether two values are equal and of one kind; NaN equals NaN."""
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


@pytest.mark.parametrize("name", sorted(serialise.NODES | serialise.CONSTANTS))
def test_every_known_node_is_one_of_sympys(name):
    built = serialise._named(name, serialise.NODES | serialise.CONSTANTS)
    assert callable(built) == (name in serialise.NODES) or name == "E"


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
    """Return a list in a list, so many times."""
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
        ("a" * (serialise.LONGEST + 1), "text is too long"),
        (1 << (serialise.LONGEST + 1), "integer is too large"),
        (np.zeros(serialise.LARGEST + 1), "2000001 entries"),
        (range(3), "type range"),
        ([0] * (serialise.LARGEST + 1), "list has 2000001 entries"),
        (np.array(["a"]), "array of <U1"),
        (nested(serialise.DEEPEST + 1), "nests too deeply"),
        (ITSELF, "nests too deeply"),
        (sp.Symbol("a" * serialise.LONGEST), "expression is too long"),
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
def test_data_of_another_making_is_refused(data):
    with pytest.raises(NotData):
        unpack(data)


HOSTILE = [
    "__import__('os').system('true')",
    "().__class__",
    "Symbol('x').__class__",
    "Symbol('x').subs(Symbol('x'), Integer(1))",
    "lambda: 1",
    "[x for x in ()]",
    "open('secret')",
    "eval('1')",
    "sympify('1')",
    "S('1')",
    "Integer('__import__(\"os\")')",
    "Add('x', 'y')",
    "Integer(1) + Integer(1)",
    "Integer(10) ** Integer(10)",
    "Function('f', real=True)(Symbol('x'))",
    "Function(Symbol('f'))(Symbol('x'))",
    "Function('f', 'g')(Symbol('x'))",
    "WildFunction('f')(Symbol('x'))",
    "(lambda: 1)()",
    "Lambda(Symbol('x'), Symbol('x'))(Integer(1))",
    "Symbol(*'xy')",
    "Symbol(**{'positive': True})",
    "Symbol('x', positive=Symbol('y'))",
    "Symbol('x', positive=1.5)",
    "Symbol(['x'])",
    "f'{1}'",
    "b'x'",
    "None",
    "...",
    "1j",
    "+Integer(1)",
    "not True",
    "Symbol",
    "Derivative(sin(Symbol('x')), Tuple(Symbol('x'), Integer(9)), evaluate=True)",
    "Integer(1",
    "",
    "x = 1",
    "Integer(" * 200 + "1" + ")" * 200,
    "-" * 100 + "1",
    "(" * 5000,
    "Symbol('x')\x00",
    "Max()[0]",
    "Matrix([[Integer(1)], [Integer(1), Integer(2)]])",
    "Integer(True, True)",
]
GREEDY = [
    "Float('1e999999999')",
    "Float('0.1', precision=1000000000)",
    "Float('0.1', precision=0)",
    "Float('0.1', 1000000000)",
    "Float(1)",
    "Pow(Integer(10), Integer(10000000000))",
    "Pow(Integer(10), Integer(-10000000000))",
    "Pow(Pow(Integer(10), Integer(9999)), Integer(9999))",
    "Pow(Integer(10), Pow(Integer(10), Integer(10)))",
    "Mul(Pow(Integer(2), Add(Symbol('x'), Integer(9999999999))), Pow(Integer(2), -Symbol('x')))",
    "gamma(Integer(10000000))",
    "factorial(10000000)",
    "binomial(Integer(100000000), Integer(50000000))",
    "floor(exp(exp(exp(Integer(10)))))",
    "Matrix(30000, 30000, Lambda(Tuple(Symbol('i'), Symbol('j')), Symbol('i')))",
    "ImmutableDenseMatrix()",
    "1" * (serialise.LONGEST + 1),
]  # fmt: skip


@pytest.mark.parametrize("text", [*HOSTILE, *GREEDY], ids=lambda text: text[:40])
def test_a_hostile_formula_is_not_built(text):
    with pytest.raises(NotData):
        unpack({"formula": text})


@given(st.text(alphabet="Symbol('x')Integer(12),[]Pow-.* ", max_size=40))
def test_no_text_makes_the_reader_fall(text):
    with contextlib.suppress(NotData):
        unpack({"formula": text})


def test_an_expression_that_is_no_power_after_all_is_read():
    assert read_formula("Pow(Symbol('x'), Integer(1))") == x
    assert read_formula("Pow(Symbol('x'), Integer(-3))") == x**-3
    assert read_formula("-Integer(3)") == -3


# --- kinds ------------------------------------------------------------------------------------

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


@pytest.mark.parametrize("kind", serialise.A_KIND)
@pytest.mark.parametrize("value", [None, ...])
def test_a_missing_answer_is_named(kind, value):
    assert kind_fault(value, kind, "z") == "z has no answer yet."


@pytest.mark.parametrize(
    ("value", "kind", "said"),
    [
        ([1, 2], "array", "z is a list; it should be a NumPy array. Turn it into an array with"),
        ((1, 2), "array", "z is a tuple; it should be a NumPy array. Turn it into an array with"),
        ("x + 1", "formula", "z is a text (a string); it should be a SymPy expression. Write it"),
        (len, "formula", "a function; it should be a SymPy expression. Give the expression itself"),
        (x, "function", "z is a SymPy expression; it should be a function. Define it with def."),
        (np.zeros((1, 1)), "number", "an array of shape (1, 1); it should be one number. Pick"),
        (True, "number", "z is a truth value; it should be one number."),
        ("3", "number", "z is a text (a string); it should be one number."),
        (x, "number", "z is a SymPy expression; it should be one number."),
        (sp.I, "number", "z is a SymPy expression; it should be one number."),
        (
            np.array(["a"]),
            "array",
            "an array of shape (1,), whose entries are no plain numbers",
        ),
        (3, "text", "z is a number; it should be a text."),
        (0.5, "list", "z is a number; it should be a list."),
        ({}, "list", "z is a dict; it should be a list."),
        (np.int64(3), "array", "z is a number; it should be a NumPy array."),
        (2 + 0j, "number", "z is a complex number; it should be one number."),
        (np.complex128(1j), "number", "z is a complex number; it should be one number."),
    ],
)
def test_a_wrong_kind_is_named_with_the_way_out(value, kind, said):
    assert said in kind_fault(value, kind, "z")
