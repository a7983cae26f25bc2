"""The words of a pattern with their places (STIX 2.1 §9, the grammar's lexical part)."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from comity.stix.patterns.errors import PatternError

_OPERATORS: Final = frozenset({"AND", "OR", "NOT", "FOLLOWEDBY", "LIKE", "MATCHES", "ISSUPERSET", "ISSUBSET"})
_QUALIFIERS: Final = frozenset({"START", "STOP", "SECONDS", "WITHIN", "REPEATS", "TIMES", "LAST"})
KEYWORDS: Final = _OPERATORS | _QUALIFIERS | {"EXISTS", "IN", "true", "false"}
BLANK: Final = (
    " \t\r\n\u000b\u000c\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
STRING: Final = r"'(?:[^'\\]|\\['\\])*+'"
NUMBER: Final = r"[+-]?(?:[0-9]*\.[0-9]+|0(?![0-9])|[1-9][0-9]*)"

_next_word: Final = re.compile(
    rf"""(?P<skip>[{BLANK}]++|/\*(?s:.*?)\*/|//[^\r\n]*+)
    |(?P<typed>[hbt]'[^']*+'?)
    |(?P<name>[a-zA-Z_][a-zA-Z0-9_-]*+)
    |(?P<string>{STRING})
    |(?P<number>{NUMBER})
    |(?P<mark>==|!=|<>|<=|>=|[=<>\[\]():.,*])
    |(?P<end>\Z)
    """,
    re.VERBOSE,
).match


class Word(NamedTuple):
    """One word: its kind (name, keyword, string, typed, number, mark, end), its text, and its character from 1."""

    kind: str
    text: str
    position: int


def words(pattern: str) -> Iterator[Word]:
    """Yield the words of a pattern and one of kind `end`; PatternError where no word begins."""
    place, last = 0, len(pattern)
    while place < last:
        found = _next_word(pattern, place)
        if found is None:
            raise _unreadable(pattern, place)
        kind, text = str(found.lastgroup), found[0]
        if kind == "name" and text in KEYWORDS:
            kind = "keyword"
        if kind not in {"skip", "end"}:
            yield Word(kind, text, place + 1)
        place = found.end()
    yield Word("end", "the end", last + 1)


def _unreadable(pattern: str, place: int) -> PatternError:
    """Say what is wrong where no word begins."""
    mark = pattern[place]
    if mark == "'":
        escape = re.match(r"'(?:[^'\\]|\\['\\])*+\\", pattern[place:])
        if escape is not None:
            says = "This backslash escapes neither a quotation mark nor a backslash."
            return PatternError(place + escape.end(), says, r"Write \\ for a backslash.")
        return PatternError(place + 1, "This quotation mark is never closed.", "Close it; write \\' for one inside.")
    if mark == '"':
        return PatternError(place + 1, "Double quotation marks quote nothing here.", "Write single ones.")
    if mark in "+-0123456789":
        return PatternError(place + 1, "This is no number.", "Write digits without leading zeros, such as 7 or -0.5.")
    return PatternError(place + 1, f"{mark!r} begins no word of a pattern.", "Take it out, or quote it in a string.")
