"""What the pages for students and teachers are made of: HTML that asks nothing of a network.

A student's words are hostile until they are escaped: `plain` is the only way for them into a page.
As a second lock every page forbids scripts and everything from outside.
"""

import html
import re

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from nncourse import serialise

HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
"""
TAIL = "</main>\n</body>\n</html>\n"
STYLE = """
:root { color-scheme: light dark; --text: #1a1a1a; --page: #fff; --soft: #f3f3f0; --line: #c9c9c4;
  --dim: #595959; --good: #1d6b35; --bad: #a4262c; --bar: #2f6f9f; }
@media (prefers-color-scheme: dark) { :root { --text: #e8e8e4; --page: #16181a; --soft: #222528;
  --line: #45494d; --dim: #a9adb1; --good: #7fce96; --bad: #f59a9a; --bar: #7db8e0; } }
body { margin: 0; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; } h2 { font-size: 1.2rem; margin-top: 2rem; }
h2, section { border-top: 1px solid var(--line); padding-top: 1rem; }
section h2 { border: 0; padding: 0; margin-top: 0; } section { margin-top: 2rem; }
h3 { font-size: 1rem; margin: 1rem 0 .3rem; }
pre, code { font-family: ui-monospace, monospace; font-size: .9em; }
pre, .asked { background: var(--soft); padding: .6rem .8rem; border-radius: .3rem; }
pre { white-space: pre-wrap; margin: .3rem 0; } bdi, pre { unicode-bidi: isolate; }
.wide { overflow-x: auto; } table { border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; }
th { white-space: nowrap; } td { overflow-wrap: break-word; } td ul { margin: 0; }
tr + tr { border-top: 1px solid var(--line); }
.good { color: var(--good); } .bad { color: var(--bad); } .dim { color: var(--dim); }
ul { padding-left: 1.2rem; } ul.checks { list-style: none; padding: 0; }
.checks li { margin: .3rem 0; padding-left: 1.4rem; text-indent: -1.4rem; }
svg { width: 100%; height: auto; } rect { fill: var(--bar); }
svg text { fill: currentColor; font-size: 11px; text-anchor: middle; }
"""
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

FRAMES = re.compile(r"\\(?:begin|end)\{(?:aligned|split|cases)\}|\\[,;:!> ]|(?<!\\)&")
FONTS = re.compile(
    r"\\(?:mathbf|mathsf|mathrm|boldsymbol|operatorname|text)\s*(?:\{([^{}]*)\}|(\w))"
)


def plain(text, limit=600):
    """Return a text of anybody's as HTML: shortened, control marks shown as �, escaped."""
    text = str(text)
    text = text if len(text) <= limit else text[: limit - 1] + "…"
    return html.escape("".join(c if c.isprintable() or c.isspace() else "�" for c in text))


def page(title, body):
    """Return a whole page."""
    return HEAD.format(title=plain(title), style=STYLE) + body + TAIL


def bullets(lines, kind=""):
    """Return escaped sentences as a list, or nothing."""
    items = "".join(f"<li>{plain(line)}</li>\n" for line in lines)
    return f'<ul class="{kind}">\n{items}</ul>\n' if items else ""


def table(head, rows):
    """Return a table of cells that are HTML already."""
    top = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>\n" for row in rows)
    return f'<div class="wide"><table>\n<tr>{top}</tr>\n{body}</table></div>\n'


def asked(prompt):
    """Return what a question asks as HTML, from its cells in Markdown; formulas stay LaTeX."""
    return "".join(_MARKDOWN.render(cell) for cell in prompt)


def formula(source):
    """Return LaTeX tidied for a reader of plain text: known signs, no spacing, no frames."""
    text = FRAMES.sub(" ", source.replace("\\\\", "\n"))
    text = re.sub(r"\\([A-Za-z]+)", lambda found: SIGNS.get(found[1], found[0]), text)
    text = FONTS.sub(r"\1\2", text)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _math(source, about):
    """Return a formula as HTML, in a line or as lines of its own."""
    text = html.escape(formula(source))
    return f"<pre>{text}</pre>" if about["display_mode"] else f"<code>{text}</code>"


def _markdown():
    """Return the reader of prompts: no raw HTML, no pictures, formulas between dollars."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    return reader.use(dollarmath_plugin, allow_labels=False, renderer=_math)


_MARKDOWN = _markdown()


def answer_text(answer, limit=1500):
    """Return what came as an answer in plain words: its fault, its text, its numbers."""
    if answer.get("fault"):
        return str(answer["fault"])
    data = answer.get("data")
    if data is None:
        return "a function" if answer.get("kind") == "function" else "no answer"
    try:
        return (
            _shown(serialise.unpack(data), limit) if _short(data) else "an answer too long to show"
        )
    except Exception as why:  # a student made the data: whatever a printer stumbles over
        return f"an answer that cannot be shown ({type(why).__name__})"


def _short(data):
    """Return whether a formula is short enough to be read and printed in no time."""
    return not isinstance(data, dict) or len(str(data.get("formula", ""))) <= 10_000


def _shown(value, limit):
    """Return a value as text; of a large array its corners."""
    import numpy as np

    if isinstance(value, np.ndarray):
        entries = np.array2string(value, precision=6, threshold=60, edgeitems=3, max_line_width=88)
        value = f"array of shape {value.shape}\n{entries}"
    text = str(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"
