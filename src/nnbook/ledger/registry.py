r"""The ledger: every formula, the check that proves it, and the wrong versions that it rejects.

An entry is one decorated function. The function is the check: it computes the truth from first
principles and compares the claim with it. It is run on the claim, which it must accept, and on
every wrong version, which it must reject by raising Refuted (or returning False)::

    x = sp.Symbol("x", real=True)
    TANH = (sp.exp(x) - sp.exp(-x)) / (sp.exp(x) + sp.exp(-x))

    @register(
        "eq-tanh-derivative",
        chapter=4,
        kind="exact",
        title="slope of tanh",
        latex=r"\tanh'(x)=1-\tanh^2 x",
        method="We differentiate the quotient of exponentials and compare.",
        claim=1 - sp.tanh(x) ** 2,
        wrong={
            "the sign turned": 1 + sp.tanh(x) ** 2,
            "the square forgotten": 1 - sp.tanh(x),
            "the slope of the sigmoid": sp.tanh(x) * (1 - sp.tanh(x)),
        },
    )
    def tanh_derivative(claim):
        agree(claim, sp.diff(TANH, x))

A claim is a SymPy expression, equation or matrix, a tuple or dict of these, or a function (of the
package, say). From every claim but a function the mutator (`mutate.py`) makes further wrong
versions; one that is equal to the claim by proof is not counted, and one that the check cannot
tell apart for a known reason is named in `equivalent` with that reason. `agree(claim, truth)` and
`require(condition, why)` (`equal.py`) raise Refuted.

The equation on the page and `latex` are compared after `normalise`, and in no other way: SymPy's
LaTeX parsers read none of our formulas, for they stop at a prime and at a layer's superscript.
"""

import ast
import importlib
import inspect
import pkgutil
import re
import signal
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from nnbook.ledger import chapters
from nnbook.ledger.mutate import mutants
from nnmaths.symbolic.equality import Refuted, agree, equal, require

__all__ = [
    "KINDS",
    "Formula",
    "Refuted",
    "Result",
    "agree",
    "equal",
    "ledger",
    "normalise",
    "proof_source",
    "prove",
    "register",
    "require",
]

KINDS = ("exact", "parametric", "numeric", "definition", "citation")
MINIMUM_WRONG = 3
# Seconds for one run of a check. A run that takes longer proves nothing and rejects nothing.
PATIENCE = 30.0


@dataclass(frozen=True)
class Formula:
    """A formula: its label, how it is set, what it claims, the check, and wrong versions of it."""

    label: str
    chapter: int
    title: str
    kind: str
    latex: str
    method: str
    claim: Any
    verify: Callable
    wrong: dict
    equivalent: dict = field(default_factory=dict)
    source: str = ""

    def __post_init__(self):
        """Refuse an unknown kind, fewer than three wrong versions, or a citation with no source."""
        if self.kind not in KINDS:
            raise ValueError(f"{self.label}: kind is one of {', '.join(KINDS)}, not {self.kind!r}")
        if len(self.wrong) < MINIMUM_WRONG:
            raise ValueError(f"{self.label}: {len(self.wrong)} wrong versions, at least 3 needed")
        if self.kind == "citation" and not self.source:
            raise ValueError(f"{self.label}: a citation needs a source")


@dataclass(frozen=True)
class Result:
    """What proving a formula gave; `survivors` are wrong versions that the check accepted.

    `seconds` is the time that the process worked, whatever else the machine was doing.
    """

    label: str
    kind: str
    proved: bool
    seconds: float
    tried: int
    killed: int
    survivors: tuple = ()
    error: str = ""

    @property
    def passed(self):
        """Whether the formula is proved and no wrong version survived."""
        return self.proved and not self.survivors and not self.error


_entries: dict = {}


def register(label, *, into=_entries, **fields):
    """Return a decorator that enters the decorated check as a Formula and returns the Formula.

    Raises ValueError when the label is taken or does not begin with "eq-".
    """
    if not label.startswith("eq-"):
        raise ValueError(f"{label}: a label begins with eq-")
    if label in into:
        raise ValueError(f"{label}: this label is taken")

    def enter(verify):
        into[label] = Formula(label=label, verify=verify, **fields)
        return into[label]

    return enter


def ledger():
    """Return all formulas, label → Formula, in the order of the book."""
    for module in sorted(m.name for m in pkgutil.iter_modules(chapters.__path__)):
        if re.fullmatch(r"ch\d\d", module):
            importlib.import_module(f"{chapters.__name__}.{module}")
    return dict(sorted(_entries.items(), key=lambda entry: entry[1].chapter))


def prove(formula, patience=PATIENCE):
    """Run the check on the claim and on every wrong version, and return the Result."""
    start = time.process_time()
    problem = complaint(formula, formula.claim, patience)
    if problem is not None:
        seconds = time.process_time() - start
        return Result(formula.label, formula.kind, False, seconds, 0, 0, (), told(problem))
    versions = wrong_versions(formula, patience)
    verdicts = {name: judge(formula, claim, patience) for name, claim in versions.items()}
    survivors = tuple(name for name, verdict in verdicts.items() if verdict == "accepted")
    broken = [f"{name}: {v}" for name, v in verdicts.items() if v not in ("accepted", "rejected")]
    killed = sum(verdict == "rejected" for verdict in verdicts.values())
    seconds = time.process_time() - start
    return Result(
        formula.label,
        formula.kind,
        True,
        seconds,
        len(versions),
        killed,
        survivors,
        "; ".join(broken),
    )


def wrong_versions(formula, patience=PATIENCE):
    """Return name → wrong claim: by hand first, then the mutants that are not equivalent."""
    made = {
        name: claim
        for name, claim in mutants(formula.claim)
        if name not in formula.equivalent and not says_the_same(claim, formula.claim, patience)
    }
    return {**formula.wrong, **made}


def says_the_same(mutant, claim, patience):
    """Return whether a mutant could be proved equal to the claim, in the given time."""
    try:
        with time_limit(patience):
            return equal(mutant, claim)
    except TimeoutError:
        return False


def complaint(formula, claim, patience):
    """Return the exception with which the check rejects the claim, or None when it accepts it."""
    try:
        with time_limit(patience):
            accepted = formula.verify(claim)
    except Exception as problem:
        return problem
    return Refuted("the check returned False") if accepted is False else None


def judge(formula, claim, patience):
    """Return "accepted", "rejected", or what went wrong, for a wrong version.

    A wrong version whose shapes do not fit (ValueError) is rejected too; any other exception is a
    fault of the check.
    """
    why = complaint(formula, claim, patience)
    if why is None:
        return "accepted"
    return "rejected" if isinstance(why, Refuted | ValueError) else told(why)


def told(problem):
    """Return the name and the text of an exception, cut to a readable length."""
    return textwrap.shorten(f"{type(problem).__name__}: {problem}", 400, placeholder=" …")


@contextmanager
def time_limit(seconds):
    """Raise TimeoutError when the block takes longer, where the system has an alarm clock.

    It counts the time that the process works, so a busy machine changes no verdict.
    """
    if (
        not hasattr(signal, "setitimer")
        or threading.current_thread() is not threading.main_thread()
    ):
        yield
        return

    def ring(signum, frame):
        raise TimeoutError(f"not decided after {seconds:g} s")

    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def proof_source(formula):
    """Return the source text of the entry, preceded by what it uses of its own chapter.

    That is functions, classes and constants in capitals, not the letters of the formulas.
    """
    text, parts = definitions(sys.modules[formula.verify.__module__])
    entry = formula.verify.__name__
    used = sorted(needed(entry, parts) - {entry}, key=lambda name: parts[name].lineno)
    return "\n\n".join(lines_of(parts[name], text) for name in [*used, entry])


@cache
def definitions(module):
    """Return the source of a module, and name → syntax tree of what it defines at top level."""
    text = inspect.getsource(module)
    parts = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            parts[node.name] = node
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name.isupper() and len(name) > 1:
                parts[name] = node
    return text, parts


def needed(name, parts, found=()):
    """Return the names that a definition uses, directly or not, itself included."""
    found = {*found, name}
    for node in ast.walk(parts[name]):
        if isinstance(node, ast.Name) and node.id in parts and node.id not in found:
            found |= needed(node.id, parts, found)
    return found


def lines_of(node, text):
    """Return the source lines of a definition, its decorators included."""
    first = min([node.lineno, *(line.lineno for line in getattr(node, "decorator_list", []))])
    return "\n".join(text.splitlines()[first - 1 : node.end_lineno]) + "\n"


# Typography that changes no meaning: spaces, sizes of brackets, and style switches.
SPACING = re.compile(r"\\[,;:!> ]|\\q?quad(?![a-zA-Z])|~|\\[hv]space\{[^}]*\}")
SIZING = re.compile(r"\\(?:[bB]igg?[lrm]?|left|right|middle)(?![a-zA-Z])")
STYLE = re.compile(r"\\(?:displaystyle|textstyle|limits|nolimits|strut)(?![a-zA-Z])")
ROW_GAP = re.compile(r"\\\\\[-?[\d.]+ ?(?:pt|em|ex|mm)\]")


def normalise(latex):
    r"""Return the LaTeX without what changes no meaning; signs, letters and indices all stay.

    Dropped: white space, spacing macros (`\,` `\;` `\!` `\quad` …), bracket sizes (`\left`
    `\bigl` …), style switches (`\displaystyle`, `\limits`), the gap after a line break, and one
    full stop or comma at the very end. A space that ends a macro's name (`\eta x`) is kept, so
    that no two names run together.
    """
    text = ROW_GAP.sub(r"\\\\", latex)
    text = "\\\\".join(squeeze(line) for line in text.split("\\\\"))
    return re.sub(r"[.,;]$", "", text)


def squeeze(line):
    """Return one line of LaTeX without spacing, sizes and style switches."""
    for pattern in (SPACING, SIZING, STYLE):
        line = pattern.sub(" ", line)
    return re.sub(r"\s+", "", re.sub(r"(\\[a-zA-Z]+)\s+(?=[a-zA-Z])", r"\1{}", line))
