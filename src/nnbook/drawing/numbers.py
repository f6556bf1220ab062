"""Format numbers and symbols as text: signs, percentages, superscripts, powers of ten."""

import numpy as np

_SUPERSCRIPTS = str.maketrans("0123456789-()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁽⁾")
_SUBSCRIPTS = str.maketrans("0123456789-jkmn", "₀₁₂₃₄₅₆₇₈₉₋ⱼₖₘₙ")


def superscript(value: int | str) -> str:
    """Return a number as a superscript: 10 with superscript(-3) is 10⁻³."""
    return str(value).translate(_SUPERSCRIPTS)


def subscript(value: int | str) -> str:
    """Return a number, or one of j, k, m, n, as a subscript: x with subscript(1) is x₁."""
    return str(value).translate(_SUBSCRIPTS)


def symbol(letter: str, l: int, *indices: int | str) -> str:
    """Return a letter with neurons below and the layer above: symbol("w", 2, 1, 3) is w₁₃⁽²⁾."""
    return f"{letter}{''.join(map(subscript, indices))}{superscript(f'({l})')}"


def signed(value: float, digits: int = 2) -> str:
    """Round to `digits` decimals, with a true minus sign and never −0."""
    text = f"{value:.{digits}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")


def short(value: float, digits: int = 2) -> str:
    """Round to at most `digits` decimals, without trailing zeros: 0.40 is 0.4."""
    text = signed(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text else text


def factor(value: float, digits: int = 2) -> str:
    """Return a number as a factor of a product, a negative one in parentheses."""
    text = short(value, digits)
    return f"({text})" if value < 0 else text


def small(value: float) -> str:
    """Round to three significant digits, with a power of ten only where one is needed."""
    digits, _, power = f"{value:.3g}".replace("-", "−").partition("e")
    return f"{digits}·10{superscript(int(power.replace('−', '-')))}" if power else digits


def percent(fraction: float) -> str:
    """Return a fraction as a percentage with three significant digits."""
    return f"{100 * fraction:.3g} %"


def rounded_percent(fraction: float) -> str:
    """Return a fraction as a whole percentage, with one decimal below ten per cent."""
    return f"{100 * fraction:.{1 if fraction < 0.0995 else 0}f} %"


def power_of_ten(value: float, _: int | None = None) -> str:
    """Return the label of a tick on a logarithmic axis: 10⁻³ for 0.001."""
    return f"10{superscript(round(np.log10(value)))}"
