"""Numbers are formatted for readers: true minus signs, no −0, percentages, products."""

import pytest

from nnbook.drawing.numbers import factor, percent, rounded_percent, short, signed, symbol


def test_numbers_for_readers_have_a_true_minus_and_no_negative_zero():
    assert signed(-0.254) == "−0.25"
    assert signed(-0.001) == "0.00"
    assert short(0.40) == "0.4"
    assert short(-3.0) == "−3"
    assert short(7.0, 0) == "7"
    assert symbol("w", 2, 1, 3) == "w₁₃⁽²⁾"


def test_a_negative_factor_stands_in_parentheses():
    assert factor(-0.5) == "(−0.5)"
    assert factor(0.12345, 3) == "0.123"


def test_a_percentage_has_three_significant_digits():
    assert [percent(p) for p in (0.96667, 0.1, 0)] == ["96.7 %", "10 %", "0 %"]


@pytest.mark.parametrize(
    ("p", "text"),
    [(0.0, "0.0 %"), (0.0994, "9.9 %"), (0.0996, "10 %"), (0.5, "50 %"), (1, "100 %")],
)
def test_a_rounded_percentage_has_a_decimal_below_ten(p, text):
    assert rounded_percent(p) == text
