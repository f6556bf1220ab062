"""Fingerprints of code and of prose: what two works share even if names and order were changed.

Names, numbers and strings of a program become one letter each; comments and blank lines are
dropped; the names of a library's functions stay. Of every WINDOW successive k-grams the one with
the smallest hash is kept. Source: Schleimer, Wilkerson and Aiken, "Winnowing" (2003).
"""

import builtins
import hashlib
import io
import keyword
import re
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

K, WINDOW = 8, 4  # tokens of code
WORDS = 5  # of prose
MAX_TOKENS = 20_000
MAX_LENGTH = 200_000  # characters of one cell
LAYOUT = {tokenize.COMMENT, tokenize.NL, tokenize.ENCODING, tokenize.ENDMARKER}
SIGNS = {tokenize.NEWLINE: ";", tokenize.INDENT: "{", tokenize.DEDENT: "}", tokenize.NUMBER: "0"}
KEPT = frozenset(keyword.kwlist) | frozenset(dir(builtins))


def of_code(cells: Iterable[str]) -> set[int]:
    """Return the fingerprints of a list of cells, whatever their order."""
    found: set[int] = set()
    for cell in cells:
        found |= _winnow(_hashes(_normal_tokens(cell), K))
    return found


def of_prose(text: str) -> set[int]:
    """Return the hashes of all runs of WORDS words."""
    return set(_hashes(re.findall(r"\w+", text[:MAX_LENGTH].casefold())[:MAX_TOKENS], WORDS))


def _hashes(parts: Sequence[str], size: int) -> list[int]:
    """Return the hashes of all runs of `size` parts; none if the sequence is shorter."""
    runs = ("\x1f".join(parts[i : i + size]) for i in range(len(parts) - size + 1))
    return [int.from_bytes(hashlib.blake2b(run.encode(), digest_size=8).digest()) for run in runs]


def _winnow(hashes: Sequence[int]) -> set[int]:
    """Return the smallest of every WINDOW successive hashes."""
    last = max(len(hashes) - WINDOW, 0)
    return {min(hashes[i : i + WINDOW]) for i in range(last + 1)} if hashes else set()


def _normal_tokens(source: str) -> list[str]:
    """Return the tokens of a cell with names, numbers and strings replaced, without docstrings.

    The list ends where Python cannot read the source.
    """
    found, line, before = [], [], ""
    for token in islice(_tokens(source[:MAX_LENGTH]), MAX_TOKENS):
        if token.type not in LAYOUT:
            line.append(_sign(token, before))
            before = token.string
        if token.type == tokenize.NEWLINE:
            braces = [sign for sign in line if sign in "{}"]
            found += braces if line == [*braces, "s", ";"] else line
            line = []
    return found + line


def _tokens(source: str) -> Iterator[tokenize.TokenInfo]:
    """Yield the tokens of a source up to the first that cannot be read."""
    try:
        yield from tokenize.generate_tokens(io.StringIO(source).readline)
    except (tokenize.TokenError, SyntaxError):
        return


def _sign(token: tokenize.TokenInfo, before: str) -> str:
    """Return the replacement of a token; what a student does not choose stays itself."""
    if token.type == tokenize.NAME:
        return token.string if before == "." or token.string in KEPT else "n"
    if token.type == tokenize.STRING or tokenize.tok_name[token.type].startswith("FSTRING"):
        return "s"
    return SIGNS.get(token.type, token.string)
