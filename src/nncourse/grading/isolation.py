"""What isolates a submission: bubblewrap, Docker or Podman, and the command that starts each.

Each runs `sandbox_worker.py` without network and without sight of anything but Python, the packages
and a working folder of its own.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
WORKER = HERE / "sandbox_worker.py"
SOURCE = HERE.parents[1]
PACKAGES = [SOURCE / name for name in ("nnmaths", "nnbook", "nncourse")]
SYSTEM = ["/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32"]
SYSTEM += ["/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts", "/etc/localtime"]
WORK = "/sandbox"  # its own folder
ENGINES, IMAGE = ("docker", "podman"), "nnmaths-sandbox"
DOCKERFILE = """FROM python:3.12-slim
RUN pip install --no-cache-dir numpy sympy matplotlib ipython
"""


class NoSandboxError(RuntimeError):
    """Raised where nothing on this machine can isolate a submission."""


@dataclass(frozen=True)
class Limits:
    """What one submission may use: seconds, bytes, processes.

    `cell` and `call` are processor time; a cell or call that only waits may take
    `sandbox.PATIENCE` times as long. `total` is wall-clock time.
    """

    cell: float = 10.0
    call: float = 5.0
    total: float = 240.0
    memory: int = 768 << 20
    disk: int = 64 << 20
    processes: int = 48


def find(unsafe: bool = False) -> str:
    """Return what isolates submissions here: bwrap, docker, podman or, if asked for, unsafe.

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
        "Nothing on this machine can isolate submissions. Install bubblewrap "
        "(Debian, Ubuntu: sudo apt install bubblewrap; Fedora: sudo dnf install bubblewrap), "
        "or Docker or Podman (macOS, Windows). With --unsafe (make grade UNSAFE=1) the students' "
        "code runs as you and can reach all your files: only for submissions that you have read."
    )


def _bwrap_works(_: str) -> bool:
    """Return whether bubblewrap may create its namespaces here."""
    trial = ["bwrap", "--unshare-all", *_bind("/usr", "/bin", "/lib", "/lib64"), "true"]
    return subprocess.run(trial, capture_output=True, check=False).returncode == 0


def _engine_works(name: str) -> bool:
    """Return whether the container engine runs, and the image exists or can be built."""
    if subprocess.run([name, "info"], capture_output=True, check=False).returncode:
        return False
    there = subprocess.run([name, "image", "inspect", IMAGE], capture_output=True, check=False)
    if there.returncode == 0:
        return True
    print(f"Building the image {IMAGE} with {name} (once; needs the network) …", file=sys.stderr)
    build = [name, "build", "-t", IMAGE, "-"]
    return subprocess.run(build, input=DOCKERFILE, text=True, check=False).returncode == 0


def environment() -> dict[str, str]:
    """Return the environment variables of a sandbox: none of the teacher's."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": WORK,
        "LANG": "C.UTF-8",
        "NNMATHS_GRADING": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": str(SOURCE),
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": f"{WORK}/matplotlib",
        **{k: v for k, v in os.environ.items() if k.startswith("OPENBLAS_")},
    }


def command(kind: str, limits: Limits, name: str) -> list[str]:
    """Return the command that starts a worker in a sandbox of this kind and name."""
    if kind == "unsafe":
        return [sys.executable, "-s", str(WORKER)]
    return bwrap(limits) if kind == "bwrap" else container(kind, limits, name)


def bwrap(limits: Limits) -> list[str]:
    """Return the command that runs the worker under bubblewrap."""
    roots = {sys.prefix, sys.base_prefix, sysconfig.get_path("stdlib")}
    pythons = [path for path in sorted(roots) if not path.startswith("/usr")]
    words = ["bwrap", "--unshare-all", "--unshare-user", "--uid", "1000", "--gid", "1000"]
    words += ["--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"]
    for name, value in {**environment(), "NNMATHS_PROCESSES": str(limits.processes)}.items():
        words += ["--setenv", name, value]
    words += ["--proc", "/proc", "--dev", "/dev"]
    for path, size in ((WORK, limits.disk), ("/tmp", limits.disk), ("/dev/shm", 1 << 20)):
        words += ["--size", str(size), "--tmpfs", path]
    words += _bind(*SYSTEM)
    for path in (*pythons, *map(str, PACKAGES)):  # after /tmp, which may contain the clone
        words += ["--ro-bind", path, path]
    words += ["--ro-bind", str(WORKER), "/sandbox_worker.py"]
    words += [*_bind_fonts(), "--remount-ro", "/dev", "--chdir", WORK]
    return [*words, sys.executable, "-s", "/sandbox_worker.py"]


def _bind(*paths: str) -> list[str]:
    """Return bwrap's arguments for readable paths; a link of the system stays a link."""
    words = []
    for path in paths:
        if os.path.islink(path):
            words += ["--symlink", os.readlink(path), path]
        elif os.path.exists(path):
            words += ["--ro-bind", path, path]
    return words


def _bind_fonts() -> list[str]:
    """Return bwrap's arguments for Matplotlib's list of fonts, which takes seconds to build."""
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib is None:
        return []
    lists = sorted(Path(matplotlib.get_cachedir()).glob("fontlist-*.json"))
    target = environment()["MPLCONFIGDIR"]
    return [w for path in lists for w in ("--ro-bind", str(path), f"{target}/{path.name}")]


def container(engine: str, limits: Limits, name: str) -> list[str]:
    """Return the command that runs the worker in a container of Docker or Podman."""
    words = [engine, "run", "--rm", "--interactive", "--name", name]
    words += ["--network", "none", "--read-only"]
    words += ["--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--user", "65534:65534"]
    words += ["--memory", str(limits.memory), "--memory-swap", str(limits.memory)]
    words += ["--pids-limit", str(limits.processes), "--tmpfs", f"{WORK}:size={limits.disk}"]
    words += ["--tmpfs", f"/tmp:size={limits.disk}", "--workdir", WORK]
    for name, value in {**environment(), "PYTHONPATH": "/package"}.items():
        if name != "PATH":
            words += ["--env", f"{name}={value}"]
    for package in PACKAGES:
        words += ["--volume", f"{package}:/package/{package.name}:ro"]
    words += ["--volume", f"{WORKER}:/sandbox_worker.py:ro"]
    return [*words, IMAGE, "python", "-s", "/sandbox_worker.py"]
