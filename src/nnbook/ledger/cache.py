"""Cache paths that depend on the source: what another version of the code computed is stale."""

import hashlib
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

BUILD = Path(__file__).resolve().parents[3] / "_build"


def fingerprint(*packages: str) -> str:
    """Return a hash of the sources of these packages and of the libraries under them."""
    digest = hashlib.sha256(f"{sys.version} {version('sympy')} {version('numpy')}".encode())
    for package in packages:
        root = Path(find_spec(package).origin).parent
        for source in sorted(root.rglob("*.py")):
            digest.update(source.relative_to(root).as_posix().encode() + source.read_bytes())
    return digest.hexdigest()[:16]


def proofs_file() -> Path:
    """Return the file for the results of the proofs, in a folder that exists."""
    folder = BUILD / "proofs"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{fingerprint('nnmaths', 'nnbook.ledger')}.json"
