"""Numbers and symbols as text: signs, superscripts, powers of ten."""

import numpy as np

_HEIGHT = str.maketrans("0123456789-()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁽⁾")
_DEPTH = str.maketrans("0123456789-jkmn", "₀₁₂₃₄₅₆₇₈₉₋ⱼₖₘₙ")


def superscript(value) -> str:
    """A number as a superscript: 10 with superscript(-3) is 10⁻³."""
    return str(value).translate(_HEIGHT)


def subscript(value) -> str:
    """A number, or one of j, k, m, n, as a subscript: x with subscript(1) is x₁."""
    return str(value).translate(_DEPTH)


def symbol(letter: str, l: int, *indices: int | str) -> str:
    """A letter with neurons below and the layer above: symbol("w", 2, 1, 3) is w₁₃⁽²⁾."""
    return f"{letter}{''.join(map(subscript, indices))}{superscript(f'({l})')}"


def signed(value: float, digits: int = 2) -> str:
    """A rounded number with a true minus, never −0."""
    text = f"{value:.{digits}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")


def short(value: float, digits: int = 2) -> str:
    """A rounded number without zeros at its end: 0.40 is 0.4."""
    text = signed(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text else text


def small(value: float) -> str:
    """A number in reading size: three digits, with a power of ten only where it needs one."""
    digits, _, power = f"{value:.3g}".replace("-", "−").partition("e")
    return f"{digits}·10{superscript(int(power.replace('−', '-')))}" if power else digits


def power_of_ten(value: float, _=None) -> str:
    """A tick of a logarithmic axis as text: 10⁻³."""
    return f"10{superscript(round(np.log10(value)))}"
