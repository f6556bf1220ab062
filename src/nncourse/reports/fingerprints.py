"""Fingerprints of code and of prose: what two works share though names and order were changed.

Names, numbers and strings of a program become one letter each, comments and blank lines go; what
a library calls its functions stays. Of every WINDOW successive k-grams the one of the smallest hash
is kept. Source: Schleimer, Wilkerson and Aiken, "Winnowing" (2003).
"""

import builtins
import hashlib
import io
import keyword
import re
import tokenize
from itertools import islice

K, WINDOW = 8, 4  # tokens of code
WORDS = 5  # of prose
MOST_TOKENS = 20_000
LONGEST = 200_000  # characters of one cell
LAYOUT = {tokenize.COMMENT, tokenize.NL, tokenize.ENCODING, tokenize.ENDMARKER}
SIGNS = {tokenize.NEWLINE: ";", tokenize.INDENT: "{", tokenize.DEDENT: "}", tokenize.NUMBER: "0"}
KEPT = frozenset(keyword.kwlist) | frozenset(dir(builtins))


def of_code(cells):
    """Return the fingerprints of a list of cells, in whatever order they stand."""
    found = set()
    for cell in cells:
        found |= _winnowed(_hashes(_normal(cell), K))
    return found


def of_prose(text):
    """Return the hashes of all runs of WORDS words."""
    return set(_hashes(re.findall(r"\w+", text[:LONGEST].casefold())[:MOST_TOKENS], WORDS))


def _hashes(parts, size):
    """Return the hashes of all runs of so many parts; a shorter list has none."""
    runs = ("\x1f".join(parts[i : i + size]) for i in range(len(parts) - size + 1))
    return [int.from_bytes(hashlib.blake2b(run.encode(), digest_size=8).digest()) for run in runs]


def _winnowed(hashes):
    """Return the smallest of every WINDOW successive hashes."""
    last = max(len(hashes) - WINDOW, 0)
    return {min(hashes[i : i + WINDOW]) for i in range(last + 1)} if hashes else set()


def _normal(source):
    """Return the tokens of a cell with names, numbers and strings made alike, docstrings dropped.

    What Python cannot read ends the list.
    """
    found, line, before = [], [], ""
    for token in islice(_tokens(source[:LONGEST]), MOST_TOKENS):
        if token.type not in LAYOUT:
            line.append(_sign(token, before))
            before = token.string
        if token.type == tokenize.NEWLINE:
            frame = [sign for sign in line if sign in "{}"]
            found += frame if line == [*frame, "s", ";"] else line
            line = []
    return found + line


def _tokens(source):
    """Yield the tokens of a source up to the first that cannot be read."""
    try:
        yield from tokenize.generate_tokens(io.StringIO(source).readline)
    except (tokenize.TokenError, SyntaxError):
        return


def _sign(token, before):
    """Return what stands for a token: itself, if it is not a student's to choose."""
    if token.type == tokenize.NAME:
        return token.string if before == "." or token.string in KEPT else "n"
    if token.type == tokenize.STRING or tokenize.tok_name[token.type].startswith("FSTRING"):
        return "s"
    return SIGNS.get(token.type, token.string)
