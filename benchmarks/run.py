"""Compare the package with its peers; time explorers, training in a page, pages, build, grading.

    make bench                                             steps, explorers, player, pages, grading
    .venv-bench/bin/python benchmarks/run.py --build       and the book's cold and warm build (slow)
    .venv-bench/bin/python benchmarks/run.py steps build   only these parts

A part that fails does not stop the others; the command then exits with status 1 and names it.

Steps run in one thread and are compared in interleaved rounds, so the ratios mean something on a
busy machine too; the times beside them are of this machine alone.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from math import ceil
from pathlib import Path

for library in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM"):
    os.environ[f"{library}_NUM_THREADS"] = "1"  # read by NumPy and PyTorch when they are imported

import contenders  # noqa: E402
import numpy as np  # noqa: E402
from timing import interleave, ratio, timed  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv" / "bin" / "python"
SECONDS = 11  # for each network: rounds until then
ROUND = 0.02  # seconds that ours takes in a round, at least

# Our time by theirs, at most: for each network, and in single precision as in double.
AIMS = {
    "PyTorch": (0.30, 0.30, 0.30, 1.00),
    "scikit-learn": (0.40, 0.40, 0.40, 1.00),
    "PyTorch, single": (0.30, 0.30, 0.30, 1.00),
    "bare products": (None, None, None, 1.25),
}
# All do the same work: after three steps θ agrees to rounding, in double and single precision.
SAME = (
    (contenders.PyTorch, np.float64, 1e-13),
    (contenders.ScikitLearn, np.float64, 1e-13),
    (contenders.PyTorch, np.float32, 1e-5),
)


def measure(case):
    """Return the seconds of a step in each round, for each contender."""
    double = contenders.problem(case, np.random.default_rng(0))
    single = double.astype(np.float32)
    made = {
        "ours": contenders.Ours(case, double),
        "PyTorch": contenders.PyTorch(case, double),
        "scikit-learn": contenders.ScikitLearn(case, double),
        "bare products": contenders.BareProducts(case, double),
        "ours, single": contenders.Ours(case, single),
        "PyTorch, single": contenders.PyTorch(case, single),
    }
    rng = np.random.default_rng(1)
    epochs = ceil(ROUND / timed(lambda: made["ours"].run(1, rng)))
    runs = {name: lambda c=c: c.run(epochs, rng) for name, c in made.items()}
    times = interleave(runs, SECONDS)
    return {name: [t / (epochs * case.steps) for t in times[name]] for name in times}


def check_same_work():
    """Raise RuntimeError unless three steps bring all contenders to the same parameters."""
    for case in contenders.CASES:
        for contender, dtype, rounding in SAME:
            off = contenders.disagreement(contender, case, dtype, np.random.default_rng(0))
            if not off < rounding:
                raise RuntimeError(
                    f"{case}: θ of {contender.__name__} differs from ours by {off:.1g}"
                )
    print("After three steps from the same start all have the same parameters.\n")


def cell(times, theirs, k):
    """Return a ratio, its aim, and a word where it is missed."""
    ours = times["ours, single" if theirs.endswith("single") else "ours"]
    value, aim = ratio(ours, times[theirs]), AIMS[theirs][k]
    verdict = "" if aim is None else f" ≤ {aim:.2f}" + ("" if value <= aim else " MISSED")
    return f"{value:.3f}{verdict}"


def steps():
    """Print the time of a training step and its ratios, network by network."""
    check_same_work()
    print("One step of training: µs of ours in double and single precision, and ours by theirs.")
    print(f"{'network, batch':26} {'double':>7} {'single':>7}" + "".join(f"  {n:20}" for n in AIMS))
    for k, case in enumerate(contenders.CASES):
        times = measure(case)
        micro = [1e6 * statistics.median(times[name]) for name in ("ours", "ours, single")]
        ratios = "".join(f"  {cell(times, name, k):20}" for name in AIMS)
        rounds = len(times["ours"])
        print(f"{case!s:26} {micro[0]:7.0f} {micro[1]:7.0f}{ratios}  ({rounds} rounds)", flush=True)


def script(name):
    """Run another script with the Python of the book; raise CalledProcessError if it fails."""
    print(flush=True)
    if not PYTHON.exists():
        raise FileNotFoundError("the book's environment is missing: run `make book` first")
    subprocess.run([PYTHON, ROOT / "benchmarks" / name], check=True)


def build():
    """Print the seconds of a build from nothing, after a change in a page, and after none."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "book"
        unlike = shutil.ignore_patterns(".*", "_build", "node_modules", "__pycache__")
        shutil.copytree(ROOT, copy, ignore=unlike)
        copy.joinpath("node_modules").symlink_to(ROOT / "node_modules")
        print(f"\nbuild from nothing         {built(copy):6.1f} s", flush=True)
        with copy.joinpath("book", "notation.md").open("a") as page:
            page.write("\nOne more line.\n")
        print(f"build after a line changed {built(copy):6.1f} s", flush=True)
        print(f"build after nothing        {built(copy):6.1f} s", flush=True)


def built(folder):
    """Return the seconds of a build of the book in a folder; raise RuntimeError if it fails."""
    start = time.perf_counter()
    done = subprocess.run(
        [PYTHON, "tools/book.py", "build"], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"the book was not built\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return time.perf_counter() - start


PARTS = {
    "steps": steps,
    "explorers": lambda: script("explorers.py"),
    "player": lambda: script("player.py"),
    "pages": lambda: script("pages.py"),
    "build": build,
    "grading": lambda: script("grading.py"),
}


def main():
    """Print the tables that the command line names, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--build", action="store_true", help="the book's build too")
    wanted = parser.parse_args()
    parts = wanted.parts or ["steps", "explorers", "player", "pages", "grading"]
    if unknown := set(parts) - set(PARTS):
        parser.error(f"expected of {', '.join(PARTS)}, found {', '.join(sorted(unknown))}")
    return run([*parts, *["build"] * wanted.build])


def run(parts):
    """Run each part, whatever becomes of the others; return 1 if one failed, else 0."""
    failed = []
    for part in parts:
        try:
            PARTS[part]()
        except Exception as error:  # a benchmark may fail in any way, and the others still run
            print(f"Error: {part}: {error}", file=sys.stderr, flush=True)
            failed.append(part)
    if failed:
        print(f"\nError: these parts failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
