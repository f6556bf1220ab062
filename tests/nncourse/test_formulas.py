"""A formula is read from text without running anything: what is hostile is never built."""

import contextlib

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from nncourse import formulas
from nncourse.formulas import NotData, read_formula

x = sp.Symbol("x")


@pytest.mark.parametrize("name", sorted(formulas.NODES | formulas.CONSTANTS))
def test_every_known_node_is_one_of_sympys(name):
    built = formulas._look_up(name, formulas.NODES | formulas.CONSTANTS)
    assert callable(built) == (name in formulas.NODES) or name == "E"


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
    "1" * (formulas.MAX_LENGTH + 1),
]  # fmt: skip


@pytest.mark.parametrize("text", [*HOSTILE, *GREEDY], ids=lambda text: text[:40])
def test_a_hostile_formula_is_not_built(text):
    with pytest.raises(NotData):
        read_formula(text)


@given(st.text(alphabet="Symbol('x')Integer(12),[]Pow-.* ", max_size=40))
def test_no_text_crashes_the_reader(text):
    with contextlib.suppress(NotData):
        read_formula(text)


def test_a_power_that_simplifies_is_read():
    assert read_formula("Pow(Symbol('x'), Integer(1))") == x
    assert read_formula("Pow(Symbol('x'), Integer(-3))") == x**-3
    assert read_formula("-Integer(3)") == -3
