"""Prove the ledger: `python -m nnbook.ledger [--store] [--json FILE] [--jobs N] [LABEL…]`.

It prints one line per formula and a summary. The exit status is 1 if a formula is not proved or one
of its wrong versions survives.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from nnbook.ledger.cache import proofs_file
from nnbook.ledger.registry import Result, ledger, prove


def main(arguments: Sequence[str] | None = None) -> int:
    """Prove the formulas named in the arguments (by default all) and return the exit status."""
    options = _parse(arguments)
    formulas = ledger()
    unknown = [label for label in options.labels if label not in formulas]
    if unknown:
        print(f"not in the ledger: {', '.join(unknown)}", file=sys.stderr)
        return 1
    labels = options.labels or list(formulas)
    start = time.perf_counter()
    results = list(_print_progress(prove_all(labels, options.jobs), len(labels)))
    if file := proofs_file() if options.store else options.json:
        file.write_text(json.dumps(_to_json(results), indent=1) + "\n")
    print(_format_total(results, time.perf_counter() - start))
    failures = [result for result in results if not result.passed]
    for result in failures:
        print(f"FAILED {result.label}: {format_failure(result)}", file=sys.stderr)
    return 1 if failures else 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m nnbook.ledger", description="Prove the ledger."
    )
    parser.add_argument("labels", nargs="*", metavar="LABEL", help="prove these formulas only")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results to this file")
    parser.add_argument("--store", action="store_true", help="store the results for the book")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="prove in N processes")
    return parser.parse_args(arguments)


def prove_all(labels: Sequence[str], jobs: int = 1) -> Iterator[Result]:
    """Yield the Results in the order of the labels, computed in `jobs` processes."""
    if jobs < 2:
        yield from map(_prove_label, labels)
        return
    # Imported here because Python in a browser has no processes.
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(_prove_label, labels)


def _prove_label(label: str) -> Result:
    """Return the Result of the formula with this label."""
    return prove(ledger()[label])


def _print_progress(results: Iterable[Result], number: int) -> Iterator[Result]:
    """Yield the results as they come, and print each as a row of the table."""
    show = partial(print, flush=True)
    show(f"{'':9} {'formula':30} {'kind':10} {'seconds':>7} {'tried':>6} {'killed':>6}")
    for count, result in enumerate(results, start=1):
        verdict = "" if result.passed else "  FAILED"
        show(
            f"{count:4}/{number:<4} {result.label:30} {result.kind:10} {result.seconds:7.2f}"
            f" {result.tried:6} {result.killed:6}{verdict}"
        )
        yield result


def _format_total(results: list[Result], seconds: float) -> str:
    """Return the summary line."""
    proved, tried, killed = (
        sum(getattr(r, n) for r in results) for n in ("proved", "tried", "killed")
    )
    return (
        f"{proved} formulas proved, {tried} wrong versions tried, {killed} killed, {seconds:.1f} s"
    )


def format_failure(result: Result) -> str:
    """Return the reasons why a result is a failure."""
    accepted = [f"accepted a wrong version: {name}" for name in result.survivors]
    return "; ".join([*accepted, *([result.error] if result.error else [])])


def _to_json(results: list[Result]) -> dict[str, dict]:
    """Return the content of the results file: label → kind, proved, seconds, tried, killed."""
    names = ("kind", "proved", "seconds", "tried", "killed")
    return {
        r.label: {name: getattr(r, name) for name in names} | {"passed": r.passed} for r in results
    }


if __name__ == "__main__":
    sys.exit(main())
