"""Grading in parts on several machines: which submissions are in a part, and joining the parts."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from nncourse import files
from nncourse.grading import store


def in_shard(key: str, shard: str) -> bool:
    """Return whether a submission is in the k-th of n parts; raise ValueError for a bad k/n."""
    try:
        k, n = map(int, shard.split("/"))
    except ValueError:
        raise ValueError(f"--shard takes k/n, as in 1/4, not {shard!r}") from None
    if not 1 <= k <= n:
        raise ValueError(f"--shard takes k from 1 to n, not {shard!r}")
    return int(hashlib.sha256(key.encode()).hexdigest(), 16) % n == k - 1


def merge(parts: Iterable[Path], folder: Path) -> bool:
    """Copy the results of an assignment's parts into one folder; return whether there are any."""
    graded = [part for part in parts if part.is_dir()]
    for path in sorted(p for part in graded for p in store.results_folder(part).glob("*.json")):
        files.write_bytes(store.results_folder(folder) / path.name, path.read_bytes())
    return bool(graded)
