"""The commonest shapes of patterns, read by one regular expression; all others by the grammar, with equal results.

A common shape is one pair of square brackets, and in it comparisons of lower-case paths with strings or whole numbers,
joined by AND and OR without parentheses, words parted by plain blanks. Nearly all indicators that are shared have it.
"""

import re
from functools import lru_cache
from typing import Final

from comity.stix.patterns.lexer import STRING
from comity.stix.patterns.literals import unquoted
from comity.stix.patterns.tree import ALL, Both, Comparison, Condition, Either, Expression, Literal, Path, Seen, Step

_NAME: Final = r"(?!(?:true|false)\b)[a-z_][a-z0-9_]*+"
_TYPE: Final = r"(?!(?:true|false)\b)[a-z_][a-z0-9_-]*+"
_STEPS: Final = rf"{_NAME}(?:\.{_NAME}|\.'[^'\\]*+'|\[(?:\*|0|[1-9][0-9]{{0,8}}+)\])*+"
_VALUE: Final = rf"{STRING}|[+-]?(?:0|[1-9][0-9]{{0,17}}+)(?![0-9.])"
_SYMBOL: Final = r"=|!=|>=?|<=?(?!>)"
_FORM: Final = (
    rf"(?:{_TYPE}:{_STEPS}(?: *+(?:{_SYMBOL}) *+(?:{_VALUE})| ++(?:LIKE|MATCHES|ISSUBSET|ISSUPERSET) *+{STRING}"
    rf"| ++IN *+\( *+{STRING}(?: *+, *+{STRING})*+ *+\)))"
)
_has_common_shape: Final = re.compile(rf" *+\[ *+{_FORM}(?: ++(?:AND|OR) ++{_FORM})*+ *+\] *+").fullmatch
_comparison: Final = re.compile(
    rf" *+({_TYPE}:{_STEPS})"
    rf"(?: *+({_SYMBOL}) *+(?:({STRING})|([+-]?(?:0|[1-9][0-9]{{0,17}}+))(?![0-9.]))"
    rf"| ++(LIKE|MATCHES|ISSUBSET|ISSUPERSET) *+({STRING})"
    rf"| ++IN *+\(( *+{STRING}(?: *+, *+{STRING})*+) *+\))"
    r"(?: ++(AND|OR)(?= )| *+(\]))"
).match
_string: Final = re.compile(STRING).findall
_step: Final = re.compile(r"'[^']*'|[a-z_][a-z0-9_]*|\*|[0-9]+").findall


def is_common(pattern: str) -> bool:
    """Say whether a pattern has the commonest shape, and so keeps the grammar."""
    return _has_common_shape(pattern) is not None


def read_common(pattern: str) -> Expression | None:
    """Return the tree of a pattern of the commonest shape; None for any other, be it good or bad."""
    place = len(pattern) - len(pattern.lstrip(" "))
    if pattern[place : place + 1] != "[":
        return None
    place += 1
    either: list[list[Comparison]] = [[]]
    while (found := _comparison(pattern, place)) is not None:
        path, symbol, string, whole, word, operand, members, joined, _ = found.groups()
        value: Literal | tuple[Literal, ...]
        if symbol is not None:
            value = int(whole) if string is None else unquoted(string)
        elif word is not None:
            value, symbol = unquoted(operand), word
        else:
            value, symbol = tuple(unquoted(one) for one in _string(members)), "IN"
        either[-1].append(Comparison(_path(path), symbol, value))
        place = found.end()
        if joined is None:
            return None if pattern[place:].strip(" ") else Seen(_joined(either))
        if joined == "OR":
            either.append([])
    return None


def _joined(either: list[list[Comparison]]) -> Condition:
    """Join comparisons: AND binds closer than OR."""
    parts: list[Condition] = [both[0] if len(both) == 1 else Both(tuple(both)) for both in either]
    return parts[0] if len(parts) == 1 else Either(tuple(parts))


@lru_cache(maxsize=4_096)
def _path(text: str) -> Path:
    """Return the path of a text in the common shape."""
    kind, _, rest = text.partition(":")
    return Path(kind, tuple(_step_of(one) for one in _step(rest)))


def _step_of(text: str) -> Step:
    if text[0] == "'":
        return text[1:-1]
    if text == "*":
        return ALL
    return int(text) if text[0].isdigit() else text
