"""Runs an action in a forked process with limits on time and memory."""

import contextlib
import json
import os
import resource
import select
import signal
import time
from collections.abc import Callable
from typing import Any

MAX_MEMORY = 2 << 30  # bytes of address space


def in_child(action: Callable[[], Any], seconds: float) -> Any:
    """Return what an action returns in a forked process with limits, or None if it fails there."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _run_child(action, writer, seconds)
    os.close(writer)
    try:
        return _read_json(reader, time.monotonic() + seconds + 5)
    finally:
        os.close(reader)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _run_child(action: Callable[[], Any], writer: int, seconds: float) -> None:
    """Run the action in the child, write its value as JSON, and end the process."""
    try:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
        signal.alarm(int(seconds) + 4)
        text = json.dumps(action()).encode()
        with os.fdopen(writer, "wb") as stream:
            stream.write(text)
    finally:
        os._exit(0)


def _read_json(reader: int, until: float) -> Any:
    """Return the JSON that a pipe delivers until its end, or None."""
    chunks = []
    while (left := until - time.monotonic()) > 0:
        if not select.select([reader], [], [], left)[0]:
            return None
        chunk = os.read(reader, 1 << 20)
        if not chunk:
            return json.loads(b"".join(chunks)) if chunks else None
        chunks.append(chunk)
    return None
