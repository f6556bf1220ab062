"""Runs a student's cells inside the sandbox, then answers the judge's questions with data.

It is all of the grader that a submission shares a process with, so nothing here is trusted: the
other end of the two pipes reads data only, and holds the clock. One line of JSON a message.

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

MEMORY, FILE, FILES = 1 << 30, 64 << 20, 256
TIMED = ("%%time", "%%timeit", "%%capture")


class TooLong(BaseException):
    """Raised by the clock in a cell or a function that runs beyond its time."""


def main():
    """Take the pipes away from the student's code, run the cells, then serve."""
    receive = os.fdopen(os.dup(0), "r", encoding="utf-8")
    send = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    limit()
    signal.signal(signal.SIGPROF, ring)
    order = json.loads(receive.readline())
    names = fresh_main()
    run_all(order, names, lambda message: say(send, message))
    say(send, {"done": True})
    for line in receive:
        serve(json.loads(line), names, send)


def limit():
    """Bound memory, the size and number of files, and processes; no core is written."""
    bounds = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_FSIZE: FILE,
        resource.RLIMIT_NOFILE: FILES,
        resource.RLIMIT_CORE: 0,
    }
    if os.environ.get("NNMATHS_PROCESSES"):
        bounds[resource.RLIMIT_NPROC] = int(os.environ["NNMATHS_PROCESSES"])
    for what, most in bounds.items():
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):  # macOS knows no limit of the address space
            continue


def say(send, message):
    """Send one message."""
    send.write(json.dumps(message) + "\n")
    send.flush()


def ring(*_):
    """Stop what runs, when its time is over."""
    raise TooLong


def fresh_main():
    """Return the names of a new __main__, as a notebook's kernel has it."""
    module = types.ModuleType("__main__")
    module.__dict__.update(__builtins__=builtins, display=lambda *_, **__: None, In=[], Out={})
    sys.modules["__main__"] = module
    return module.__dict__


def run_all(order, names, tell):
    """Run the cells in order; those that missed a name run again at the end, while it helps."""
    todo, before = order["cells"], None
    while todo and len(todo) != before:
        before = len(todo)
        errors = [run(*cell, names, order["seconds"], tell) for cell in todo]
        todo = [c for c, e in zip(todo, errors, strict=True) if e and e.startswith("NameError")]


def run(number, source, names, seconds, tell):
    """Run a cell and tell its begin and its end; return its error, or None."""
    tell({"start": number})
    error = timed(lambda: execute(number, source, names), seconds)[1]
    tell({"end": number, "error": error})
    return error


def timed(action, seconds):
    """Return (value, error) of an action; one of them is None.

    The seconds are the processor's, so that a busy machine costs nobody a mark.
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
        return None, f"{type(why).__name__}: {words_of(why)}"


def words_of(why):
    """Return the first words of an exception; its own text may be what fails."""
    try:
        return str(why)[:300]
    except BaseException:
        return ""


def execute(number, source, names):
    """Run the source of a cell in these names."""
    name = f"<cell {number}>"
    source = as_python(source)
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    exec(compile(source, name, "exec"), names)


def as_python(source):
    """Return a cell's source without the lines that are IPython's own (%magic, !command, ?help)."""
    try:
        ast.parse(source)
        return source
    except SyntaxError:
        lines = source.splitlines()
        if lines and lines[0].startswith("%%"):
            lines = lines[1:] if lines[0].startswith(TIMED) else []
        kept = [line for line in lines if not line.lstrip().startswith(("%", "!", "?"))]
        return "\n".join(kept)


def serve(request, names, send):
    """Answer one request of the judge."""
    value, error = timed(lambda: answer(request, names), request.get("seconds", 5))
    if value is None:
        value = {"raised" if "call" in request else "fault": error or "it has no answer"}
    say(send, {"id": request["id"], **value})


def answer(request, names):
    """Return what is asked: an answer as data, or the value of a function at given arguments."""
    from nncourse import serialise

    if "call" in request:
        args = [serialise.unpack(arg) for arg in request["args"]]
        return {"data": serialise.pack(names[request["call"]](*args))}
    value = names.get(request["get"])
    fault = serialise.kind_fault(value, request["kind"], request["get"])
    if fault:
        return {"fault": fault}
    return {"data": None if request["kind"] == "function" else serialise.pack(value)}


if __name__ == "__main__":
    main()
