"""Regular expressions of MATCHES (STIX 2.1 §9.6.1: PCRE), run by RE2, whose time grows only with the text's length.

A partner writes the expression and a log's author the text, so an engine that backtracks would let either stop this
node. RE2 has no look-around, back-references, atomic groups or possessive repetition: an expression with one of these
is refused, and its pattern is not matched. What PCRE writes otherwise than RE2 is rewritten here.
"""

import re
from functools import lru_cache
from typing import Final, Protocol

import re2

from comity.stix.patterns.errors import NotMatched

_MEMORY: Final = 1 << 20
"""Bytes that one expression's automaton may take."""
_LONGEST: Final = 10_000
_SHOWN: Final = 60
_AT_END: Final = r"(?:\n?\z)"
"""PCRE's `$` and `\\Z`: the end, or before a newline that ends the text."""
_REWRITTEN: Final = {
    r"\Z": _AT_END,
    r"\h": r"[ \t\x{a0}]",
    r"\R": r"(?:\r\n|[\n\v\f\r\x{85}])",
    r"\e": r"\x1b",
    r"\N": r"[^\n]",
}
_piece: Final = re.compile(
    r"\\Q(?s:.*?)(?:\\E|\Z)|\\[xpP]\{[^}]*\}|\\[pP].|\\x[0-9A-Fa-f]{2}|\\.|\[\^?\]?(?:\\.|\[:[a-z^]+:\]|[^\]\\])*+\]"
    r"|\(\?[^)]*?[:>)=!']|[*+?](?:[?+])?|\{[0-9]+(?:,[0-9]*)?\}[?+]?|.",
    re.DOTALL,
).findall
_MARKS: Final = frozenset("*+?{")


class Expression(Protocol):
    """A compiled expression."""

    def search(self, text: str) -> object:
        """Return None where the text holds no match."""


def encodable(text: str) -> str:
    """Return text that has a UTF-8 form: half of a surrogate pair, which JSON can name, becomes a question mark."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def options(together: int = 1) -> re2.Options:
    """Return how expressions are compiled, so many together: what fails is raised, not logged."""
    made = re2.Options()
    made.log_errors = False
    made.max_mem = _MEMORY * together
    return made


@lru_cache(maxsize=4_096)
def rewritten(expression: str) -> str:
    """Return a PCRE expression as RE2 writes it; NotMatched says why it cannot be run."""
    if len(expression) > _LONGEST:
        raise NotMatched(f"the regular expression is longer than {_LONGEST:,} characters")
    pieces = _piece(encodable(expression))
    found = "".join(_REWRITTEN.get(piece, _AT_END if piece == "$" else piece) for piece in pieces)
    try:
        re2.compile(found, options())
    except re2.error as error:
        why = error.args[0].decode(errors="replace") if error.args and isinstance(error.args[0], bytes) else str(error)
        shown = expression if len(expression) <= _SHOWN else expression[:_SHOWN] + "…"
        raise NotMatched(f"the regular expression {shown} is not run here: {why}") from error
    return found


def compiled(expression: str) -> Expression:
    """Compile a PCRE expression."""
    found: Expression = re2.compile(rewritten(expression), options())
    return found


def literal(expression: str) -> str:
    """Return the longest string that every match holds as it stands, or nothing where none is sure."""
    if "|" in expression or "(" in expression or "\\Q" in expression:
        return ""
    runs, run = [""], ""
    for piece in _piece(expression):
        if piece[0] in _MARKS and (len(piece) > 1 or piece in _MARKS) and piece != "{":
            runs.append(run[:-1])
            run = ""
            continue
        letter = piece if len(piece) == 1 and piece not in ".^$[" else ""
        if len(piece) > 1 and piece[0] == "\\" and not piece[1].isalnum():
            letter = piece[1]
        if letter:
            run += letter
        else:
            runs.append(run)
            run = ""
    runs.append(run)
    return max(runs, key=len)
