"""Running one check from its source: the same way in a student's notebook and in the judge.

A check is the source of one function. Its annotated parameters are answers and their kinds
(`slope: "formula"`); the others are given values.
"""

import ast
import inspect
from collections.abc import Callable, Mapping
from typing import Any

from nncourse import checks, kinds, serialise


def define(source: str) -> Callable:
    """Return the one function that a check's source defines."""
    space: dict[str, Any] = {}
    exec(compile(source, "<check>", "exec"), space)
    name = next(node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef))
    return space[name]


def kinds_of(function: Callable) -> dict[str, str]:
    """Return the answers that a check asks for, with their kinds: its annotated parameters."""
    return {name: str(kind) for name, kind in function.__annotations__.items() if name != "return"}


def parameters(function: Callable) -> list[str]:
    """Return the names of a function's parameters."""
    return list(inspect.signature(function).parameters)


def as_data(value: Any, kind: str | None) -> Any:
    """Return an answer as the judge receives it; a given value (kind None) stays as it is."""
    if kind is None:
        return value
    if kind == "function":
        return lambda *args: _round_trip(value(*(_round_trip(arg) for arg in args)))
    return _round_trip(value)


def _round_trip(value: Any) -> Any:
    """Round-trip a value through serialisation."""
    return serialise.unpack(serialise.pack(value))


def run_check(check: Mapping[str, Any], names: Mapping[str, Any]) -> tuple[bool, str]:
    """Return (passed, message) for a check's source and the names of a notebook."""
    function = define(check["source"])
    title = inspect.getdoc(function) or "right"
    asked = kinds_of(function)
    for name, kind in asked.items():
        fault = kinds.kind_fault(names.get(name), kind, name)
        if fault:
            return False, fault
    try:
        function(**{n: as_data(names.get(n), asked.get(n)) for n in parameters(function)})
    except (AssertionError, checks.Undecided, serialise.NotData) as why:
        return False, str(why) or check["hint"] or f"Not yet: {title}"
    except Exception as why:
        return False, f"This could not be checked ({type(why).__name__}: {why}). {title}"
    return True, title
