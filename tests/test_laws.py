"""Laws refuse what is wrong, and take what is right in any form where it is defined."""

import pytest
import sympy as sp

from nnmaths import laws

a, q, c = sp.symbols("a q c")
TRUTH = (1 - a**2) ** sp.Rational(3, 2)
# Equal to TRUTH for −1 < a < 1; beyond, their roots take another branch.
FORMS = (
    (1 / (1 - a**2)) ** sp.Rational(-3, 2),
    (1 + a**2 / (1 - a**2)) ** sp.Rational(-3, 2),
    sp.sqrt((1 - a**2) ** 3),
    sp.Abs(1 - a**2) ** sp.Rational(3, 2),
    sp.Symbol("a", positive=True) * TRUTH / a,
    (1 - a**2) ** 1.5,
    sp.cos(sp.asin(a)) ** 3,
)


@pytest.mark.parametrize("form", FORMS)
def test_a_formula_is_compared_where_its_letters_lie(form):
    laws.same_formula(form, TRUTH, within={"a": (-1, 1)})


def test_without_bounds_another_branch_is_another_formula():
    with pytest.raises(laws.Wrong):
        laws.same_formula(FORMS[2], TRUTH)


@pytest.mark.parametrize("wrong", [1 - a**2, sp.sqrt(1 - a**2), TRUTH * sp.sign(a), TRUTH + c])
def test_a_wrong_formula_is_refused_between_bounds(wrong):
    with pytest.raises(laws.Wrong):
        laws.same_formula(wrong, TRUTH, within={"a": (-1, 1)})


def test_slips_and_strangers_are_named_between_bounds():
    slips = [(sp.sqrt((1 - a**2) ** 2), "the slope of tanh")]
    with pytest.raises(laws.Wrong, match="the slope of tanh"):
        laws.same_formula(1 - a**2, TRUTH, slips=slips, within={"a": (-1, 1)})
    with pytest.raises(laws.Wrong, match="holds z, which"):
        laws.same_formula(sp.Symbol("z") + a, TRUTH, within={"a": (-1, 1)})


def test_bounds_hold_for_each_letter_and_for_a_positive_one():
    truth = sp.log(q) + sp.log(1 - q) + sp.log(c - 2)
    within = {"q": (0, 1), "c": (2, 5)}
    laws.same_formula(sp.log(q * (1 - q) * (c - 2)), truth, positive="q", within=within)


def test_the_shape_of_one_number_is_said_in_words():
    with pytest.raises(laws.Wrong, match=r"has the shape \(1, 1\); it should be one number"):
        laws.close([[1.0]], 1.0)
