"""A box for one submission: no network, no sight of anything but Python and the notebook's cells.

`Box` starts `sandbox_worker.py` under bubblewrap (or Docker, Podman, or nothing, where a teacher
asks for that), talks to it in lines of JSON, and ends it when time, memory or processes pass their
bounds. What comes out is data, whoever wrote it: lines of another form are dropped, and a reply
counts only with the number of its request.
"""

import contextlib
import json
import os
import secrets
import select
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parents[1]
PACKAGES = [SOURCE / name for name in ("nnmaths", "nnbook", "nncourse")]
SYSTEM = ["/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32"]
SYSTEM += ["/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts", "/etc/localtime"]
TICK = 0.1
PATIENCE = 4
LINE = 64 << 20  # the longest message that is read
ENGINES, IMAGE = ("docker", "podman"), "nnmaths-box"
DOCKERFILE = """FROM python:3.12-slim
RUN pip install --no-cache-dir numpy sympy matplotlib ipython
"""


class NoSandboxError(RuntimeError):
    """Raised where nothing on this machine can keep a submission apart."""


class BoxDiedError(RuntimeError):
    """Raised where a box ended, or was ended, before it answered; the message says why."""


@dataclass(frozen=True)
class Limits:
    """What one submission may use: seconds, bytes, processes.

    Cells and calls are timed by the processor's time, and by the clock where they wait: PATIENCE
    times as long. The total is by the clock.
    """

    cell: float = 10.0
    call: float = 5.0
    total: float = 240.0
    memory: int = 768 << 20
    disk: int = 64 << 20
    processes: int = 48


def find(unsafe=False):
    """Return what keeps submissions apart here: bwrap, docker, podman or, if asked for, unsafe.

    Raises NoSandboxError with what to install.
    """
    if unsafe:
        return "unsafe"
    for name, works in (
        ("bwrap", _bwrap_works),
        ("docker", _engine_works),
        ("podman", _engine_works),
    ):
        if shutil.which(name) and works(name):
            return name
    raise NoSandboxError(
        "Nothing on this machine can keep submissions apart. Install bubblewrap "
        "(Debian, Ubuntu: sudo apt install bubblewrap; Fedora: sudo dnf install bubblewrap), "
        "or Docker or Podman (macOS, Windows). With --unsafe (make grade UNSAFE=1) the students' "
        "code runs as you, with all your files: only for submissions that you have read."
    )


def _bwrap_works(_):
    """Return whether bubblewrap may make its namespaces here."""
    trial = ["bwrap", "--unshare-all", *_bind("/usr", "/bin", "/lib", "/lib64"), "true"]
    return subprocess.run(trial, capture_output=True, check=False).returncode == 0


def _engine_works(name):
    """Return whether the engine of containers answers, and the image is there or can be made."""
    if subprocess.run([name, "info"], capture_output=True, check=False).returncode:
        return False
    there = subprocess.run([name, "image", "inspect", IMAGE], capture_output=True, check=False)
    if there.returncode == 0:
        return True
    print(f"Making the image {IMAGE} with {name} (once; it needs the network) …", file=sys.stderr)
    made = [name, "build", "-t", IMAGE, "-"]
    return subprocess.run(made, input=DOCKERFILE, text=True, check=False).returncode == 0


def tried(kind):
    """Return the kind, once a box of it has run a cell; raise NoSandboxError if it has not."""
    box = Box(kind, Limits(), time.monotonic() + 60)
    try:
        box.run([[1, "import nnmaths, numpy, sympy\nanswer = 1"]])
        reply = box.ask(get="answer", kind="number")
    except BoxDiedError as why:
        reply = {"fault": str(why)}
    finally:
        box.close()
    if reply.get("data") != 1:
        why = box.log.get(1) or reply.get("fault")
        raise NoSandboxError(f"{kind} is here, but Python does not run in its box: {why}")
    return kind


def _bind(*paths):
    """Return bwrap's words for paths that may be read; a link of the system stays a link."""
    words = []
    for path in paths:
        if os.path.islink(path):
            words += ["--symlink", os.readlink(path), path]
        elif os.path.exists(path):
            words += ["--ro-bind", path, path]
    return words


def environment():
    """Return the environment variables of a box: none of the teacher's."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": "/box",
        "LANG": "C.UTF-8",
        "NNMATHS_GRADING": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": str(SOURCE),
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": "/box/matplotlib",
        **{k: v for k, v in os.environ.items() if k.startswith("OPENBLAS_")},
    }


def bwrap(limits):
    """Return the command that runs `sandbox_worker.py` under bubblewrap."""
    roots = {sys.prefix, sys.base_prefix, sysconfig.get_path("stdlib")}
    seen = [path for path in sorted(roots) if not path.startswith("/usr")]
    words = ["bwrap", "--unshare-all", "--unshare-user", "--uid", "1000", "--gid", "1000"]
    words += ["--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"]
    for name, value in {**environment(), "NNMATHS_PROCESSES": str(limits.processes)}.items():
        words += ["--setenv", name, value]
    words += ["--proc", "/proc", "--dev", "/dev"]
    for path, size in (("/box", limits.disk), ("/tmp", limits.disk), ("/dev/shm", 1 << 20)):
        words += ["--size", str(size), "--tmpfs", path]
    words += _bind(*SYSTEM)
    for path in (*seen, *map(str, PACKAGES)):  # after /tmp, in which a clone may lie
        words += ["--ro-bind", path, path]
    words += ["--ro-bind", str(HERE / "sandbox_worker.py"), "/sandbox_worker.py"]
    words += [*_fonts(), "--remount-ro", "/dev", "--chdir", "/box"]
    return [*words, sys.executable, "-s", "/sandbox_worker.py"]


def _fonts():
    """Return bwrap's words for matplotlib's list of fonts, which takes seconds to make."""
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib is None:
        return []
    lists = sorted(Path(matplotlib.get_cachedir()).glob("fontlist-*.json"))
    return [w for path in lists for w in ("--ro-bind", str(path), f"/box/matplotlib/{path.name}")]


def container(engine, limits, name):
    """Return the command that runs `sandbox_worker.py` in a container of Docker or Podman."""
    words = [engine, "run", "--rm", "--interactive", "--name", name]
    words += ["--network", "none", "--read-only"]
    words += ["--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--user", "65534:65534"]
    words += ["--memory", str(limits.memory), "--memory-swap", str(limits.memory)]
    words += ["--pids-limit", str(limits.processes), "--tmpfs", f"/box:size={limits.disk}"]
    words += ["--tmpfs", f"/tmp:size={limits.disk}", "--workdir", "/box"]
    for name, value in {**environment(), "PYTHONPATH": "/package"}.items():
        if name != "PATH":
            words += ["--env", f"{name}={value}"]
    for package in PACKAGES:
        words += ["--volume", f"{package}:/package/{package.name}:ro"]
    words += ["--volume", f"{HERE / 'sandbox_worker.py'}:/sandbox_worker.py:ro"]
    return [*words, IMAGE, "python", "-s", "/sandbox_worker.py"]


class Box:
    """A running sandbox; `log` says how each cell ended, `at` which one runs."""

    def __init__(self, kind, limits, deadline):
        self.limits, self.deadline = limits, deadline
        self.log, self.at, self.watched = {}, None, 0.0
        self.rest, self.lines = b"", deque()  # what was read: the begin of a line, whole lines
        self.folder = tempfile.mkdtemp(prefix="box-") if kind == "unsafe" else None
        self.kind, self.name = kind, f"box-{secrets.token_hex(8)}"
        self.process = self.start(kind)
        os.set_blocking(self.process.stdout.fileno(), False)

    def start(self, kind):
        """Start `sandbox_worker.py` and return its process."""
        command = {
            "bwrap": lambda: bwrap(self.limits),
            "unsafe": lambda: [sys.executable, "-s", str(HERE / "sandbox_worker.py")],
        }.get(kind, lambda: container(kind, self.limits, self.name))()
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**environment(), "HOME": self.folder} if self.folder else None,
            cwd=self.folder,
            start_new_session=True,
        )

    def run(self, cells):
        """Run cells [[number, source], …]; raise BoxDiedError if one of them ends the box."""
        self._send({"cells": cells, "seconds": self.limits.cell})
        start = time.monotonic()
        while True:
            message = self._receive(start + PATIENCE * self.limits.cell)
            if message.get("done") is True:
                self.at = None
                return
            if isinstance(message.get("start"), int):
                self.at, start = message["start"], time.monotonic()
            elif isinstance(message.get("end"), int):
                error = message.get("error")
                self.log[message["end"]] = None if error is None else str(error)[:400]

    def ask(self, **request):
        """Return the reply to a request of the judge; raise BoxDiedError if none comes in time."""
        number = secrets.token_hex(8)
        self._send({"id": number, "seconds": self.limits.call, **request})
        until = time.monotonic() + PATIENCE * self.limits.call
        while True:
            message = self._receive(until)
            if message.get("id") == number:
                return message

    def _send(self, message):
        """Write a message; raise BoxDiedError if nobody reads it."""
        try:
            self.process.stdin.write((json.dumps(message) + "\n").encode())
            self.process.stdin.flush()
        except (BrokenPipeError, OSError):
            raise BoxDiedError("it ended its process") from None

    def _receive(self, until):
        """Return the next message that is a dict; raise BoxDiedError when a bound is passed."""
        while True:
            while not self.lines:
                self._fill(until)
            message = _parsed(self.lines.popleft())
            if isinstance(message, dict):
                return message

    def _fill(self, until):
        """Read more bytes, watching the bounds meanwhile."""
        ready, _, _ = select.select([self.process.stdout], [], [], TICK)
        if ready:
            chunk = self.process.stdout.read(1 << 20)
            if chunk == b"":
                raise BoxDiedError("it ended its process")
            *lines, self.rest = (self.rest + (chunk or b"")).split(b"\n")
            self.lines.extend(filter(None, lines))
        if len(self.rest) > LINE:
            raise BoxDiedError("it answered without end")
        now = time.monotonic()
        if now > min(until, self.deadline):
            raise BoxDiedError("it ran for too long")
        if now - self.watched > TICK:  # by the clock: who sends without end is watched too
            self.watched = now
            self._watch()

    def _watch(self):
        """Raise BoxDiedError where the box's processes are too many or too large together."""
        pids = family(self.process.pid)
        if len(pids) > self.limits.processes:
            raise BoxDiedError("it started too many processes")
        if sum(map(resident, pids)) > self.limits.memory:
            raise BoxDiedError("it used too much memory")

    def close(self):
        """End the box and everything in it; a container outlives the command that started it."""
        if self.kind in ENGINES:
            subprocess.run([self.kind, "kill", self.name], capture_output=True, check=False)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):  # what was not sent has nobody to read it
                pipe.close()
        self.process.wait()
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)


def _parsed(line):
    """Return a line's JSON, or None if it is none."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def family(pid):
    """Return a process and all that descend from it, as far as this system tells."""
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


def resident(pid):
    """Return the bytes of memory that a process holds."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
