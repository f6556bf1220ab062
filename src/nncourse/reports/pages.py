"""HTML pages for students and teachers that load nothing from a network.

A student's words are hostile until they are escaped. So every value that a template prints goes
through `plain`, which escapes it, and as a second lock every page forbids scripts and everything
from outside.
"""

import html
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup
from mdit_py_plugins.dollarmath import dollarmath_plugin

from nncourse import serialise, words
from nncourse.results import Answer

MAX_FORMULA = 10_000  # characters of an expression that SymPy prints without delay
SIGNS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε",
    "eta": "η", "theta": "θ", "kappa": "κ", "lambda": "λ", "mu": "μ", "pi": "π", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "phi": "φ", "varphi": "φ", "omega": "ω", "Delta": "Δ", "Sigma": "Σ",
    "Theta": "Θ", "partial": "∂", "nabla": "∇", "sum": "∑", "prod": "∏", "int": "∫", "le": "≤",
    "ge": "≥", "leq": "≤", "geq": "≥", "ne": "≠", "neq": "≠", "approx": "≈", "cdot": "·",
    "times": "×", "odot": "⊙", "in": "∈", "to": "→", "mapsto": "↦", "infty": "∞", "pm": "±",
    "dots": "…", "ldots": "…", "cdots": "⋯", "top": "⊤", "quad": " ", "qquad": " ", "left": "",
    "right": "", "displaystyle": "", "limits": "", "lVert": "‖", "rVert": "‖", "tfrac": r"\frac",
    "dfrac": r"\frac", "prime": "′", "circ": "∘", "ell": "ℓ", "equiv": "≡", "propto": "∝",
}  # fmt: skip

LAYOUT = re.compile(r"\\(?:begin|end)\{(?:aligned|split|cases)\}|\\[,;:!> ]|(?<!\\)&")
FONTS = re.compile(
    r"\\(?:mathbf|mathsf|mathrm|boldsymbol|operatorname|text)\s*(?:\{([^{}]*)\}|(\w))"
)


def render(template: str, **values: Any) -> str:
    """Return the page that a template makes of these values."""
    return ENVIRONMENT.get_template(template).render(values)


def plain(value: Any, limit: int = 600) -> Markup:
    """Return a value as HTML: shortened, control characters shown as �, escaped."""
    if isinstance(value, Markup):
        return value
    text = str(value)
    text = text if len(text) <= limit else text[: limit - 1] + "…"
    visible = "".join(c if c.isprintable() or c.isspace() else "�" for c in text)
    return Markup(html.escape(visible))


def number(value: float) -> str:
    """Return points as a string: 2, 0.5, 1.3333."""
    return f"{round(float(value), 4):.10g}"


def asked(prompt: Iterable[str]) -> Markup:
    """Return a question's text as HTML, from its cells in Markdown; formulas stay LaTeX."""
    return Markup("".join(_MARKDOWN.render(cell) for cell in prompt))


def formula(source: str) -> str:
    """Return LaTeX simplified for reading as plain text: symbols, no spacing, no environments."""
    text = LAYOUT.sub(" ", source.replace("\\\\", "\n"))
    text = re.sub(r"\\([A-Za-z]+)", lambda found: SIGNS.get(found[1], found[0]), text)
    text = FONTS.sub(r"\1\2", text)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _math(source: str, about: dict) -> str:
    """Return a formula as HTML, inline or on lines of its own."""
    text = html.escape(formula(source))
    return f"<pre>{text}</pre>" if about["display_mode"] else f"<code>{text}</code>"


def _markdown() -> MarkdownIt:
    """Return the parser of questions: no raw HTML, no pictures, formulas between dollars."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    return parser.use(dollarmath_plugin, allow_labels=False, renderer=_math)


_MARKDOWN = _markdown()


def answer_text(answer: Answer, limit: int = 1500) -> str:
    """Return an answer in words: its fault, its text, its numbers."""
    if answer.fault:
        return answer.fault
    if answer.data is None:
        return "a function" if answer.kind == "function" else "no answer"
    if isinstance(answer.data, dict) and len(str(answer.data.get("formula", ""))) > MAX_FORMULA:
        return "an answer too long to show"
    try:
        return _format_value(serialise.unpack(answer.data), limit)
    except Exception as why:  # untrusted data: printing it may raise anything
        return f"an answer that cannot be shown ({type(why).__name__})"


def _format_value(value: Any, limit: int) -> str:
    """Return a value as a string; of a large array the corners."""
    if isinstance(value, np.ndarray):
        entries = np.array2string(value, precision=6, threshold=60, edgeitems=3, max_line_width=88)
        value = f"array of shape {value.shape}\n{entries}"
    text = str(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _environment() -> Environment:
    """Return the environment of the templates, in which every printed value is escaped."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        finalize=plain,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters = (plain, number, asked, answer_text, words.count)
    environment.filters.update({function.__name__: function for function in filters})
    return environment


ENVIRONMENT = _environment()
