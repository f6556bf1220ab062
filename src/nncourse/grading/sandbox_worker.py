"""Runs a student's cells inside the sandbox, then answers the judge's requests with data.

It shares a process with the submission, so nothing here is trusted: the other end of the two pipes
reads data only, and keeps the time. Each message is one line of JSON.

    in   {"cells": [[number, source], …], "seconds": 10}    the cells to run, in order
    out  {"start": 3}  {"end": 3, "error": "NameError: …"}   …  {"done": true}
    in   {"id": "…", "get": "z", "kind": "array"}            an answer
    in   {"id": "…", "call": "cost", "args": […], "seconds": 5}   a function's value
    out  {"id": "…", "data": …}  {"id": "…", "fault": "…"}  {"id": "…", "raised": "…"}
"""

import ast
import builtins
import json
import linecache
import os
import resource
import signal
import sys
import types
from collections.abc import Callable
from typing import Any, TextIO

MAX_MEMORY, MAX_FILE_SIZE, MAX_FILES = 1 << 30, 64 << 20, 256
# Cell magics whose cell is Python all the same.
PYTHON_MAGICS = ("%%time", "%%timeit", "%%capture")


class TooLong(BaseException):
    """Raised by the timer in a cell or a function that exceeds its time."""


def main() -> None:
    """Take the pipes away from the student's code, run the cells, then serve requests."""
    receive = os.fdopen(os.dup(0), "r", encoding="utf-8")
    send = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    set_limits()
    signal.signal(signal.SIGPROF, raise_too_long)
    order = json.loads(receive.readline())
    names = fresh_main()
    run_all(order, names, lambda message: send_message(send, message))
    send_message(send, {"done": True})
    for line in receive:
        serve(json.loads(line), names, send)


def set_limits() -> None:
    """Limit memory, size and number of files, and processes; write no core dump."""
    limits = {
        resource.RLIMIT_AS: MAX_MEMORY,
        resource.RLIMIT_FSIZE: MAX_FILE_SIZE,
        resource.RLIMIT_NOFILE: MAX_FILES,
        resource.RLIMIT_CORE: 0,
    }
    if os.environ.get("NNMATHS_PROCESSES"):
        limits[resource.RLIMIT_NPROC] = int(os.environ["NNMATHS_PROCESSES"])
    for what, most in limits.items():
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):  # macOS has no limit on the address space
            continue


def send_message(send: TextIO, message: dict) -> None:
    """Send one message."""
    send.write(json.dumps(message) + "\n")
    send.flush()


def raise_too_long(*_: Any) -> None:
    """Stop the running code when its time is over."""
    raise TooLong


def fresh_main() -> dict[str, Any]:
    """Return the names of a new __main__, as in a notebook's kernel."""
    module = types.ModuleType("__main__")
    module.__dict__.update(__builtins__=builtins, display=lambda *_, **__: None, In=[], Out={})
    sys.modules["__main__"] = module
    return module.__dict__


def run_all(order: dict, names: dict[str, Any], report: Callable[[dict], None]) -> None:
    """Run the cells in order; repeat those with a NameError at the end, while it helps."""
    todo, before = order["cells"], None
    while todo and len(todo) != before:
        before = len(todo)
        errors = [run_cell(*cell, names, order["seconds"], report) for cell in todo]
        todo = [c for c, e in zip(todo, errors, strict=True) if e and e.startswith("NameError")]


def run_cell(
    number: int,
    source: str,
    names: dict[str, Any],
    seconds: float,
    report: Callable[[dict], None],
) -> str | None:
    """Run a cell and report its start and its end; return its error, or None."""
    report({"start": number})
    error = timed(lambda: execute(number, source, names), seconds)[1]
    report({"end": number, "error": error})
    return error


def timed(action: Callable[[], Any], seconds: float) -> tuple[Any, str | None]:
    """Return (value, error) of an action; one of them is None.

    The seconds are processor time, so that a busy machine costs nobody a mark.
    """
    try:
        try:
            signal.setitimer(signal.ITIMER_PROF, seconds)
            return action(), None
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    except TooLong:
        return None, f"it ran for more than {seconds:g} s and was stopped"
    except BaseException as why:
        return None, f"{type(why).__name__}: {message_of(why)}"


def message_of(why: BaseException) -> str:
    """Return the start of an exception's message; even that may raise."""
    try:
        return str(why)[:300]
    except BaseException:
        return ""


def execute(number: int, source: str, names: dict[str, Any]) -> None:
    """Run the source of a cell in these names."""
    name = f"<cell {number}>"
    source = as_python(source)
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    exec(compile(source, name, "exec"), names)


def as_python(source: str) -> str:
    """Return a cell's source without the lines that only IPython has (%magic, !command, ?help)."""
    try:
        ast.parse(source)
        return source
    except SyntaxError:
        lines = source.splitlines()
        if lines and lines[0].startswith("%%"):
            lines = lines[1:] if lines[0].startswith(PYTHON_MAGICS) else []
        kept = [line for line in lines if not line.lstrip().startswith(("%", "!", "?"))]
        return "\n".join(kept)


def serve(request: dict, names: dict[str, Any], send: TextIO) -> None:
    """Answer one request of the judge."""
    value, error = timed(lambda: reply_to(request, names), request.get("seconds", 5))
    if value is None:
        value = {"raised" if "call" in request else "fault": error or "it has no answer"}
    send_message(send, {"id": request["id"], **value})


def reply_to(request: dict, names: dict[str, Any]) -> dict:
    """Return the requested answer as data, or the value of a function at given arguments."""
    from nncourse import kinds, serialise

    if "call" in request:
        args = [serialise.unpack(arg) for arg in request["args"]]
        return {"data": serialise.pack(names[request["call"]](*args))}
    value = names.get(request["get"])
    fault = kinds.kind_fault(value, request["kind"], request["get"])
    if fault:
        return {"fault": fault}
    return {"data": None if request["kind"] == "function" else serialise.pack(value)}


if __name__ == "__main__":
    main()
