"""Where what was computed with this very source of the package, and these libraries, is kept.

Run as a script it prints the file of the proofs, for `make proofs`:
`python -m nnbook.ledger --json "$(python src/nnbook/site/cache.py)"`.
"""

import hashlib
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

BUILD = Path(__file__).resolve().parents[3] / "_build"


def fingerprint() -> str:
    """Return a hash of all that a proof leans on: what another source computed is stale."""
    root = Path(find_spec("nnmaths").origin).parent
    digest = hashlib.sha256(f"{sys.version} {version('sympy')} {version('numpy')}".encode())
    for source in sorted(root.rglob("*.py")):
        digest.update(source.relative_to(root).as_posix().encode() + source.read_bytes())
    return digest.hexdigest()[:16]


def proofs_file() -> Path:
    """Return the file of results for this source, in a folder that exists."""
    folder = BUILD / "proofs"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{fingerprint()}.json"


if __name__ == "__main__":
    print(proofs_file())
