"""Prove the ledger: `python -m nnbook.ledger [--store] [--json FILE] [--jobs N] [LABEL…]`.

One line a formula while it works, one line for the whole; exit status 1 when a formula is not
proved or a wrong version of it survives.
"""

import argparse
import json
import sys
import time
from functools import partial
from pathlib import Path

from nnbook.ledger.cache import proofs_file
from nnbook.ledger.registry import ledger, prove


def main(arguments=None):
    """Prove the formulas that the arguments name (all, when none is named); return the status."""
    options = read(arguments)
    formulas = ledger()
    unknown = [label for label in options.labels if label not in formulas]
    if unknown:
        print(f"not in the ledger: {', '.join(unknown)}", file=sys.stderr)
        return 1
    labels = options.labels or list(formulas)
    start = time.perf_counter()
    results = list(watch(prove_all(labels, options.jobs), len(labels)))
    if file := proofs_file() if options.store else options.json:
        file.write_text(json.dumps(summary(results), indent=1) + "\n")
    print(total(results, time.perf_counter() - start))
    failures = [result for result in results if not result.passed]
    for result in failures:
        print(f"FAILED {result.label}: {reason(result)}", file=sys.stderr)
    return 1 if failures else 0


def read(arguments):
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m nnbook.ledger", description="Prove the ledger."
    )
    parser.add_argument("labels", nargs="*", metavar="LABEL", help="prove these formulas only")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results here too")
    parser.add_argument("--store", action="store_true", help="keep the results for the book")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="prove in N processes")
    return parser.parse_args(arguments)


def prove_all(labels, jobs=1):
    """Yield the Results in the order of the labels, proved in `jobs` processes."""
    if jobs < 2:
        yield from map(prove_label, labels)
        return
    # Imported here: a browser's Python has no processes.
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(prove_label, labels)


def prove_label(label):
    """Return the Result of one formula, found by its label."""
    return prove(ledger()[label])


def watch(results, number):
    """Yield the results as they come, and show each as a line of the table."""
    show = partial(print, flush=True)
    show(f"{'':9} {'formula':30} {'kind':10} {'seconds':>7} {'tried':>6} {'killed':>6}")
    for count, result in enumerate(results, start=1):
        verdict = "" if result.passed else "  FAILED"
        show(
            f"{count:4}/{number:<4} {result.label:30} {result.kind:10} {result.seconds:7.2f}"
            f" {result.tried:6} {result.killed:6}{verdict}"
        )
        yield result


def total(results, seconds):
    """Return the line that sums the results up."""
    proved, tried, killed = (
        sum(getattr(r, n) for r in results) for n in ("proved", "tried", "killed")
    )
    return (
        f"{proved} formulas proved, {tried} wrong versions tried, {killed} killed, {seconds:.1f} s"
    )


def reason(result):
    """Return why a result is a failure."""
    accepted = [f"accepted a wrong version: {name}" for name in result.survivors]
    return "; ".join([*accepted, *([result.error] if result.error else [])])


def summary(results):
    """Return what the file of results holds: label → kind, proved, seconds, tried, killed."""
    names = ("kind", "proved", "seconds", "tried", "killed")
    return {
        r.label: {name: getattr(r, name) for name in names} | {"passed": r.passed} for r in results
    }


if __name__ == "__main__":
    sys.exit(main())
