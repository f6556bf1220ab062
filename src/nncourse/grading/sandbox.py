"""A sandbox for one submission: it starts the worker, exchanges messages, and enforces limits.

`Sandbox` starts `sandbox_worker.py` in isolation, talks to it in lines of JSON, and ends it when
time, memory or processes exceed their limits. Its output is read as data and never trusted: lines
of another form are dropped, and a reply counts only with the number of its request.
"""

import contextlib
import json
import os
import secrets
import select
import shutil
import signal
import subprocess
import tempfile
import time
from collections import deque
from pathlib import Path
from typing import Any

from nncourse.grading import isolation
from nncourse.grading.isolation import Limits, NoSandboxError

POLL_SECONDS = 0.1
PATIENCE = 4  # wall-clock seconds for each second of processor time that is allowed
MAX_LINE = 64 << 20  # bytes of a message


class SandboxDiedError(RuntimeError):
    """Raised where a sandbox ended, or was ended, before it answered; the message says why."""


class Sandbox:
    """A running sandbox; `log` has the error of each cell that ended, `cell` is the running one."""

    def __init__(self, kind: str, limits: Limits, deadline: float):
        self.limits, self.deadline = limits, deadline
        self.log: dict[int, str | None] = {}
        self.cell: int | None = None
        self.checked = 0.0  # when the limits were last checked
        self.incomplete, self.lines = b"", deque()  # what was read: part of a line, whole lines
        self.folder = tempfile.mkdtemp(prefix="sandbox-") if kind == "unsafe" else None
        self.kind, self.name = kind, f"sandbox-{secrets.token_hex(8)}"
        self.process = self.start(kind)
        os.set_blocking(self.process.stdout.fileno(), False)

    def start(self, kind: str) -> subprocess.Popen:
        """Start the worker and return its process."""
        return subprocess.Popen(
            isolation.command(kind, self.limits, self.name),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**isolation.environment(), "HOME": self.folder} if self.folder else None,
            cwd=self.folder,
            start_new_session=True,
        )

    def run(self, cells: list[tuple[int, str]]) -> None:
        """Run cells (number, source); raise SandboxDiedError if one of them ends the sandbox."""
        self._send({"cells": cells, "seconds": self.limits.cell})
        start = time.monotonic()
        while True:
            message = self._receive(start + PATIENCE * self.limits.cell)
            if message.get("done") is True:
                self.cell = None
                return
            if isinstance(message.get("start"), int):
                self.cell, start = message["start"], time.monotonic()
            elif isinstance(message.get("end"), int):
                error = message.get("error")
                self.log[message["end"]] = None if error is None else str(error)[:400]

    def ask(self, **request: Any) -> dict:
        """Return the reply to a request; raise SandboxDiedError if none comes in time."""
        number = secrets.token_hex(8)
        self._send({"id": number, "seconds": self.limits.call, **request})
        until = time.monotonic() + PATIENCE * self.limits.call
        while True:
            message = self._receive(until)
            if message.get("id") == number:
                return message

    def _send(self, message: dict) -> None:
        """Write a message; raise SandboxDiedError if nobody reads it."""
        try:
            self.process.stdin.write((json.dumps(message) + "\n").encode())
            self.process.stdin.flush()
        except OSError:
            raise SandboxDiedError("it ended its process") from None

    def _receive(self, until: float) -> dict:
        """Return the next message that is a dict; raise SandboxDiedError at a limit."""
        while True:
            while not self.lines:
                self._fill(until)
            message = _parse(self.lines.popleft())
            if isinstance(message, dict):
                return message

    def _fill(self, until: float) -> None:
        """Read more bytes, and check the limits meanwhile."""
        ready, _, _ = select.select([self.process.stdout], [], [], POLL_SECONDS)
        if ready:
            chunk = self.process.stdout.read(1 << 20)
            if chunk == b"":
                raise SandboxDiedError("it ended its process")
            *lines, self.incomplete = (self.incomplete + (chunk or b"")).split(b"\n")
            self.lines.extend(filter(None, lines))
        if len(self.incomplete) > MAX_LINE:
            raise SandboxDiedError("its answer had no end")
        now = time.monotonic()
        if now > min(until, self.deadline):
            raise SandboxDiedError("it ran for too long")
        if now - self.checked > POLL_SECONDS:  # by the clock, also while messages flood in
            self.checked = now
            self._check_limits()

    def _check_limits(self) -> None:
        """Raise SandboxDiedError where the processes are too many, or too large together."""
        pids = descendants(self.process.pid)
        if len(pids) > self.limits.processes:
            raise SandboxDiedError("it started too many processes")
        if sum(map(resident_bytes, pids)) > self.limits.memory:
            raise SandboxDiedError("it used too much memory")

    def close(self) -> None:
        """End the sandbox and everything in it; a container outlives its command."""
        if self.kind in isolation.ENGINES:
            subprocess.run([self.kind, "kill", self.name], capture_output=True, check=False)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):  # nobody reads what was not sent
                pipe.close()
        self.process.wait()
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)


def require_working(kind: str) -> None:
    """Raise NoSandboxError unless a sandbox of this kind can run a cell."""
    sandbox = Sandbox(kind, Limits(), time.monotonic() + 60)
    try:
        sandbox.run([(1, "import nnmaths, numpy, sympy\nanswer = 1")])
        reply = sandbox.ask(get="answer", kind="number")
    except SandboxDiedError as why:
        reply = {"fault": str(why)}
    finally:
        sandbox.close()
    if reply.get("data") != 1:
        why = sandbox.log.get(1) or reply.get("fault")
        raise NoSandboxError(f"{kind} is installed, but Python does not run in its sandbox: {why}")


def _parse(line: bytes) -> Any:
    """Return a line's JSON, or None if it is not JSON."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def descendants(pid: int) -> list[int]:
    """Return a process and all its descendants, as far as this system shows them."""
    found, todo = [], [pid]
    while todo:
        pid = todo.pop()
        found.append(pid)
        try:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        except OSError:
            continue
        todo += map(int, children.split())
    return found


def resident_bytes(pid: int) -> int:
    """Return the resident memory of a process in bytes."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
