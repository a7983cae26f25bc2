"""Constants of a pattern: from their text, and back (STIX 2.1 §9.2)."""

import re
from base64 import b64decode
from typing import Final

from comity.stix.patterns.errors import PatternError
from comity.stix.patterns.lexer import Word
from comity.stix.patterns.tree import Literal, Moment
from comity.stix.timestamps import timestamp

_LONGEST_NUMBER: Final = 400
_hex: Final = re.compile(r"(?:[0-9A-Fa-f]{2})*").fullmatch
_base64: Final = re.compile(
    r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)"
).fullmatch
_escape: Final = re.compile(r"\\(.)", re.DOTALL)
_WORDS: Final = {
    "h": "Write pairs of the digits 0-9 and a-f: h'0aff'.",
    "b": "Encode at least one byte as RFC 4648 says, with padding: b'AQI='.",
    "t": "Write a UTC timestamp of a day and time that exist: t'2026-11-23T10:00:00Z'.",
}


def unquoted(text: str) -> str:
    """Return what a string constant stands for."""
    inner = text[1:-1]
    return _escape.sub(r"\1", inner) if "\\" in inner else inner


def number(word: Word) -> int | float:
    """Return a number's value."""
    if len(word.text) > _LONGEST_NUMBER:
        raise PatternError(word.position, "This number is too long.", f"Write at most {_LONGEST_NUMBER} digits.")
    return float(word.text) if "." in word.text else int(word.text)


def typed(word: Word) -> Literal:
    """Return the value of a hexadecimal, binary or timestamp constant."""
    letter, inner = word.text[0], word.text[2:-1]
    if not word.text.endswith("'") or len(word.text) == len("h'"):
        raise PatternError(word.position, "This quotation mark is never closed.", _WORDS[letter])
    if letter == "h" and _hex(inner):
        return bytes.fromhex(inner)
    if letter == "b" and _base64(inner):
        return b64decode(inner)
    if letter == "t" and not timestamp(inner):
        return Moment(inner)
    kind = {"h": "hexadecimal", "b": "base64", "t": "a timestamp"}[letter]
    raise PatternError(word.position, f"This is not {kind}.", _WORDS[letter])


def written(value: Literal) -> str:
    """Write a constant as a pattern does; bytes as hexadecimal."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bytes):
        return f"h'{value.hex()}'"
    if isinstance(value, Moment):
        return f"t'{value.text}'"
    return _decimal(value) if isinstance(value, float) else str(value)


def quoted(text: str) -> str:
    """Write a string constant."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _decimal(value: float) -> str:
    """Write a float without an exponent, which the grammar does not have, so that reading gives the same float."""
    shown = repr(value)
    if "e" not in shown:
        return shown
    digits, _, power = shown.partition("e")
    whole, _, fraction = digits.lstrip("-").partition(".")
    place = len(whole) + int(power)
    every = whole + fraction
    sign = "-" if value < 0 else ""
    if place <= 0:
        return f"{sign}0.{'0' * -place}{every}"
    every = every.ljust(place, "0")
    return f"{sign}{every[:place]}.{every[place:] or '0'}"
