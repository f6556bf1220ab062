"""Cache paths with a hash of the source: a change of the code starts a new cache."""

import hashlib
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

_BUILD = Path(__file__).resolve().parents[3] / "_build"


def fingerprint(*packages: str) -> str:
    """Return a hash of these packages' sources and the versions of Python, SymPy and NumPy."""
    digest = hashlib.sha256(f"{sys.version} {version('sympy')} {version('numpy')}".encode())
    for package in packages:
        root = Path(find_spec(package).origin).parent
        for source in sorted(root.rglob("*.py")):
            digest.update(source.relative_to(root).as_posix().encode() + source.read_bytes())
    return digest.hexdigest()[:16]


def proofs_file() -> Path:
    """Return the cache path for the results of the proofs; its folder is created."""
    folder = _BUILD / "proofs"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{fingerprint('nnmaths', 'nnbook.ledger')}.json"
