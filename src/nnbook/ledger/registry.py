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
            "the sign reversed": 1 + sp.tanh(x) ** 2,
            "the square forgotten": 1 - sp.tanh(x),
            "the slope of the sigmoid": sp.tanh(x) * (1 - sp.tanh(x)),
        },
    )
    def tanh_derivative(claim):
        agree(claim, sp.diff(TANH, x))

A claim is a SymPy expression, equation or matrix, a tuple or dict of these, or a function (such
as one of the package). From every claim except functions the mutator (`mutate.py`) makes further
wrong versions; one that is provably equal to the claim is not counted, and one that the check
cannot distinguish for a known reason is named in `equivalent` with that reason.
`agree(claim, truth)` and `require(condition, why)` (nnmaths.symbolic.equality) raise Refuted.

The equation on the page and `latex` are compared only as text, after `normalise`: SymPy's LaTeX
parsers cannot read our formulas, because they fail at a prime and at the superscript of a layer.
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
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from types import ModuleType
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
TIMEOUT = 30.0


@dataclass(frozen=True)
class Formula:
    """A formula: its label, LaTeX and claim, the check of the claim, and wrong versions of it."""

    label: str
    chapter: int
    title: str
    kind: str
    latex: str
    method: str
    claim: Any
    verify: Callable[[Any], bool | None]
    wrong: dict[str, Any]
    equivalent: dict[str, str] = field(default_factory=dict)
    source: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError for an unknown kind, too few wrong versions, or a missing source."""
        if self.kind not in KINDS:
            raise ValueError(
                f"{self.label}: expected a kind among {', '.join(KINDS)}, found {self.kind!r}"
            )
        if len(self.wrong) < MINIMUM_WRONG:
            raise ValueError(
                f"{self.label}: expected at least {MINIMUM_WRONG} wrong versions,"
                f" found {len(self.wrong)}; add more to `wrong`"
            )
        if self.kind == "citation" and not self.source:
            raise ValueError(f"{self.label}: a citation needs a source; name it in `source`")


@dataclass(frozen=True)
class Result:
    """The result of proving a formula; `survivors` are wrong versions that the check accepted.

    `seconds` is processor time, so it does not depend on the load of the machine.
    """

    label: str
    kind: str
    proved: bool
    seconds: float
    tried: int
    killed: int
    survivors: tuple[str, ...] = ()
    error: str = ""

    @property
    def passed(self) -> bool:
        """Whether the formula is proved and no wrong version survived."""
        return self.proved and not self.survivors and not self.error


_entries: dict[str, Formula] = {}


def register(label: str, *, into: dict[str, Formula] = _entries, **fields: Any) -> Callable:
    """Return a decorator that registers the decorated check as a Formula and returns the Formula.

    Raises ValueError when the label is taken or does not begin with "eq-".
    """
    if not label.startswith("eq-"):
        raise ValueError(f"{label}: expected a label that begins with eq-")
    if label in into:
        raise ValueError(f"{label}: this label is taken; choose another")

    def enter(verify):
        into[label] = Formula(label=label, verify=verify, **fields)
        return into[label]

    return enter


def ledger() -> dict[str, Formula]:
    """Return all formulas, label → Formula, in the order of the book."""
    for module in sorted(m.name for m in pkgutil.iter_modules(chapters.__path__)):
        if re.fullmatch(r"ch\d\d", module):
            importlib.import_module(f"{chapters.__name__}.{module}")
    return dict(sorted(_entries.items(), key=lambda entry: entry[1].chapter))


def prove(formula: Formula, timeout: float = TIMEOUT) -> Result:
    """Run the check on the claim and on every wrong version, and return the Result."""
    start = time.process_time()
    problem = run_check(formula, formula.claim, timeout)
    if problem is not None:
        seconds = time.process_time() - start
        return Result(formula.label, formula.kind, False, seconds, 0, 0, (), _format_error(problem))
    versions = wrong_versions(formula, timeout)
    verdicts = {name: _judge(formula, claim, timeout) for name, claim in versions.items()}
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


def wrong_versions(formula: Formula, timeout: float = TIMEOUT) -> dict[str, Any]:
    """Return name → wrong claim: first those of the entry, then mutants that are not equivalent."""
    made = {
        name: claim
        for name, claim in mutants(formula.claim)
        if name not in formula.equivalent and not _is_provably_equal(claim, formula.claim, timeout)
    }
    return {**formula.wrong, **made}


def _is_provably_equal(mutant: Any, claim: Any, timeout: float) -> bool:
    """Return whether a mutant is proved equal to the claim within the time limit."""
    try:
        with _time_limit(timeout):
            return equal(mutant, claim)
    except TimeoutError:
        return False


def run_check(formula: Formula, claim: Any, timeout: float) -> Exception | None:
    """Return the exception with which the check rejects the claim, or None if it accepts it."""
    try:
        with _time_limit(timeout):
            accepted = formula.verify(claim)
    except Exception as problem:
        return problem
    return Refuted("the check returned False") if accepted is False else None


def _judge(formula: Formula, claim: Any, timeout: float) -> str:
    """Return "accepted", "rejected", or an error message, for a wrong version.

    A wrong version whose shapes do not fit (ValueError) is rejected too; any other exception is an
    error in the check.
    """
    problem = run_check(formula, claim, timeout)
    if problem is None:
        return "accepted"
    return "rejected" if isinstance(problem, Refuted | ValueError) else _format_error(problem)


def _format_error(problem: Exception) -> str:
    """Return the name and the message of an exception, shortened to a readable length."""
    return textwrap.shorten(f"{type(problem).__name__}: {problem}", 400, placeholder=" …")


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeoutError if the block takes longer; no effect in threads or without timers.

    The limit counts processor time, so the load of the machine does not change a verdict.
    """
    if (
        not hasattr(signal, "setitimer")
        or threading.current_thread() is not threading.main_thread()
    ):
        yield
        return

    def stop(_signum, _frame):
        raise TimeoutError(f"not decided after {seconds:g} s")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def proof_source(formula: Formula) -> str:
    """Return the source code of the entry, preceded by the definitions of its chapter that it uses.

    These are functions, classes and constants in capitals, but not the symbols of the formulas.
    """
    text, parts = _definitions(sys.modules[formula.verify.__module__])
    entry = formula.verify.__name__
    used = sorted(_needed(entry, parts) - {entry}, key=lambda name: parts[name].lineno)
    return "\n\n".join(_lines_of(parts[name], text) for name in [*used, entry])


@cache
def _definitions(module: ModuleType) -> tuple[str, dict[str, ast.AST]]:
    """Return the source of a module, and name → syntax tree of its top-level definitions."""
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


def _needed(name: str, parts: dict[str, ast.AST], found: Collection[str] = ()) -> set[str]:
    """Return the names that a definition uses, directly or indirectly, itself included."""
    found = {*found, name}
    for node in ast.walk(parts[name]):
        if isinstance(node, ast.Name) and node.id in parts and node.id not in found:
            found |= _needed(node.id, parts, found)
    return found


def _lines_of(node: ast.AST, text: str) -> str:
    """Return the source lines of a definition, including its decorators."""
    first = min([node.lineno, *(line.lineno for line in getattr(node, "decorator_list", []))])
    return "\n".join(text.splitlines()[first - 1 : node.end_lineno]) + "\n"


# Typography that does not change the meaning: spaces, bracket sizes, and style commands.
_SPACING = re.compile(r"\\[,;:!> ]|\\q?quad(?![a-zA-Z])|~|\\[hv]space\{[^}]*\}")
_SIZING = re.compile(r"\\(?:[bB]igg?[lrm]?|left|right|middle)(?![a-zA-Z])")
_STYLE = re.compile(r"\\(?:displaystyle|textstyle|limits|nolimits|strut)(?![a-zA-Z])")
_ROW_GAP = re.compile(r"\\\\\[-?[\d.]+ ?(?:pt|em|ex|mm)\]")


def normalise(latex: str) -> str:
    r"""Return the LaTeX without typography that does not change the meaning.

    Dropped: white space, spacing macros (`\,` `\;` `\!` `\quad` …), bracket sizes (`\left`
    `\bigl` …), style commands (`\displaystyle`, `\limits`), the gap after a line break, and one
    full stop or comma at the end. A space that ends the name of a macro (`\eta x`) is kept, so
    that two names never run together.
    """
    text = _ROW_GAP.sub(r"\\\\", latex)
    text = "\\\\".join(_squeeze(line) for line in text.split("\\\\"))
    return re.sub(r"[.,;]$", "", text)


def _squeeze(line: str) -> str:
    """Return one line of LaTeX without spacing, bracket sizes and style commands."""
    for pattern in (_SPACING, _SIZING, _STYLE):
        line = pattern.sub(" ", line)
    return re.sub(r"\s+", "", re.sub(r"(\\[a-zA-Z]+)\s+(?=[a-zA-Z])", r"\1{}", line))
