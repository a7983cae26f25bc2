"""JSON in and out: strict reading as I-JSON (RFC 7493) and canonical bytes as the JSON Canonicalization Scheme.

Canonical bytes (RFC 8785, JCS) are what is stored, served and hashed, so one object has one digest whoever wrote it.
msgspec writes the same bytes as JCS for everything but three things, which are found before they matter: numbers with
a fraction or an exponent, whole numbers past 2**53 - 1, and member names outside ASCII (JCS orders names by UTF-16
code units, msgspec by code points). Those take the exact path written here.
"""

import json
from collections.abc import Iterator
from math import isnan
from typing import Final

import msgspec

LARGEST_WHOLE: Final = 2**53 - 1
"""RFC 7493 §2.2: past this a double no longer holds every whole number."""

DEEPEST: Final = 100
"""Levels of nesting read at most; STIX itself needs fewer than ten."""

_LONGEST_WHOLE: Final = 21
"""ECMA-262, Number::toString: a number of more digits before the point is written with an exponent."""
_SMALLEST_PLAIN: Final = -6
"""As above: a number with this many noughts after the point is written with an exponent."""
_EXPONENT_FROM: Final = 1e21

_encode_sorted: Final = msgspec.json.Encoder(order="sorted").encode
_encode_text: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder().decode


class NotCanonicalError(ValueError):
    """The text is not JSON that two readers would read alike (RFC 7493, RFC 8785)."""


def decode(raw: bytes | str) -> object:
    """Read one JSON text strictly: valid UTF-8, no lone surrogate, no NaN; names given twice are found by `read`."""
    try:
        value = _decode(raw)
    except RecursionError:
        message = f"nested deeper than {DEEPEST} levels"
        raise NotCanonicalError(message) from None
    except UnicodeDecodeError as error:
        message = f"not valid UTF-8 at byte {error.start}"
        raise NotCanonicalError(message) from None
    except (msgspec.DecodeError, ValueError) as error:
        raise NotCanonicalError(str(error)) from None
    return value


def read(raw: bytes) -> tuple[object, bytes]:
    """Return the value of one JSON text and its canonical bytes; refuse a member name that is given twice.

    Where no quotation mark is escaped by its number, re-encoding neither adds nor loses one unless a repeated member
    was dropped; so comparing the counts finds every repetition. Where one is, the text is read again member by member.
    """
    value = decode(raw)
    body = canonical(value)
    doubtful = b"\\u0022" in raw or raw.count(b'"') != body.count(b'"')
    if doubtful and (name := _repeated_name(raw)) is not None:
        message = f"the member {name!r} is given twice in one object"
        raise NotCanonicalError(message)
    return value, body


def canonical(value: object) -> bytes:
    """Return the RFC 8785 bytes of a JSON value made of dict, list, str, int, float, bool and None."""
    try:
        if _is_plain(value, DEEPEST):
            body = _encode_sorted(value)
            if body.isascii() or plain_names(value):
                return body
        body = b"".join(_pieces(value, DEEPEST))
    except RecursionError:
        message = f"nested deeper than {DEEPEST} levels"
        raise NotCanonicalError(message) from None
    except UnicodeEncodeError:
        message = "a text holds half of a surrogate pair, which no UTF-8 can carry"
        raise NotCanonicalError(message) from None
    return body


def number(value: float) -> str:
    """Write a double as ECMAScript does (RFC 8785 §3.2.2.3, ECMA-262 Number::toString)."""
    if isnan(value) or value in (float("inf"), float("-inf")):
        message = "a number is not finite"
        raise NotCanonicalError(message)
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    digits, point = _digits(repr(abs(value)))
    return sign + _layout(digits, point)


def _digits(text: str) -> tuple[str, int]:
    """Split Python's shortest repr into its significant digits and the place of the decimal point among them."""
    mantissa, _, exponent = text.partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    leading = len(whole + fraction) - len(digits)
    return digits.rstrip("0"), len(whole) - leading + int(exponent or 0)


def _layout(digits: str, point: int) -> str:
    """Lay digits out by ECMA-262's four cases: whole, with a fraction, small, and with an exponent."""
    count = len(digits)
    if count <= point <= _LONGEST_WHOLE:
        return digits + "0" * (point - count)
    if 0 < point <= _LONGEST_WHOLE:
        return f"{digits[:point]}.{digits[point:]}"
    if _SMALLEST_PLAIN < point <= 0:
        return "0." + "0" * -point + digits
    mantissa = digits if count == 1 else f"{digits[0]}.{digits[1:]}"
    return f"{mantissa}e{point - 1:+d}"


def _pieces(value: object, depth: int) -> Iterator[bytes]:
    """Yield the canonical bytes piece by piece; the exact path."""
    if depth <= 0 and isinstance(value, (dict, list)):
        raise RecursionError
    if isinstance(value, dict):
        yield from _object_pieces(value, depth)
    elif isinstance(value, list):
        yield b"["
        for index, item in enumerate(value):
            if index:
                yield b","
            yield from _pieces(item, depth - 1)
        yield b"]"
    else:
        yield _scalar(value)


def _object_pieces(value: dict[str, object], depth: int) -> Iterator[bytes]:
    """Yield one object, its names in the order of their UTF-16 code units (RFC 8785 §3.2.3)."""
    yield b"{"
    for index, name in enumerate(sorted(value, key=lambda name: name.encode("utf-16-be"))):
        yield (b"," if index else b"") + _encode_text(name) + b":"
        yield from _pieces(value[name], depth - 1)
    yield b"}"


def _scalar(value: object) -> bytes:
    """Write one value that holds no other; a whole number beyond a double's reach is refused, however written."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if abs(value) > LARGEST_WHOLE and (isinstance(value, int) or abs(value) < _EXPONENT_FROM):
            message = f"the number {value} is past ±(2**53 - 1), where readers differ (RFC 7493 §2.2)"
            raise NotCanonicalError(message)
        return number(value).encode() if isinstance(value, float) else str(value).encode()
    return _encode_text(value)


def plain_names(value: object) -> bool:
    """Say whether every member name is ASCII, where all orders agree."""
    if isinstance(value, dict):
        return all(name.isascii() for name in value) and all(map(plain_names, value.values()))
    return all(map(plain_names, value)) if isinstance(value, list) else True


def _is_plain(value: object, depth: int) -> bool:
    """Say whether no number needs the exact path; raise RecursionError when a value nests deeper than allowed."""
    if isinstance(value, (dict, list)):
        if depth <= 0:
            raise RecursionError
        for item in value.values() if isinstance(value, dict) else value:
            kind = type(item)
            if kind is str or kind is bool:
                continue
            if not _is_plain(item, depth - 1):
                return False
        return True
    return not isinstance(value, float) and not (isinstance(value, int) and abs(value) > LARGEST_WHOLE)


def _repeated_name(raw: bytes) -> str | None:
    """Find the first member name given twice in one object, reading the slow way."""
    repeated: list[str] = []

    def pairs(members: list[tuple[str, object]]) -> None:
        names = [name for name, _ in members]
        repeated.extend(name for index, name in enumerate(names) if name in names[:index])

    json.loads(raw, object_pairs_hook=pairs)
    return repeated[0] if repeated else None
