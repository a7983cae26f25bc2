"""Canonical JSON: the one byte string that stands for a JSON value (RFC 8785, JCS).

Values are read under I-JSON (RFC 7493): UTF-8, no repeated member, no number beyond what a double holds exactly.
The fast road is the C encoder of msgspec with sorted members. It equals RFC 8785 except in two places, and both are
handled here: numbers with a fraction or exponent (kept as `Double` values and written by our own ECMAScript rule),
and member names outside ASCII (RFC 8785 orders by UTF-16 code units, the encoder by code points).
"""

import json
from typing import Any, Final

import msgspec

LARGEST: Final = 2**53 - 1
"""The largest whole number of I-JSON (RFC 7493 §2.2)."""

_PLAIN_BELOW: Final = 10**21
"""Below this magnitude ECMAScript writes a whole number without exponent (ECMA-262, Number::toString)."""


class CanonicalError(ValueError):
    """The bytes are not I-JSON, or the value has no canonical form. The text says what and where."""


class Double(float):
    """A number that was written with a fraction or exponent and is no safe whole number."""

    __slots__ = ()


def parse(raw: bytes) -> Any:
    """Read one JSON value under I-JSON.

    Whole numbers come as `int` (also when written `1.0`), all others as `Double`.
    Raise `CanonicalError` on anything that I-JSON forbids. Repeated members are found by `same_members`.
    """
    try:
        return _DECODER.decode(raw)
    except RecursionError as error:
        raise CanonicalError("The JSON is nested too deeply.") from error
    except UnicodeDecodeError as error:
        text = f"The JSON is not UTF-8: byte {error.start} cannot be read."
        raise CanonicalError(text) from error
    except msgspec.ValidationError as error:  # the words of `_number_read`, with the place added by the reader
        raise CanonicalError(str(error)) from error
    except msgspec.DecodeError as error:
        text = f"This is not JSON: {error}."
        raise CanonicalError(text) from error


def encode_ascii_keyed(value: object) -> bytes:
    """Write a parsed value whose member names are all ASCII, in canonical form."""
    return _ENCODER.encode(value)


def canonical(value: object) -> bytes:
    """Write any JSON value in canonical form. Raise `CanonicalError` where RFC 8785 has none."""
    parts: list[str] = []
    try:
        _write(value, parts)
    except RecursionError as error:
        raise CanonicalError("The value is nested too deeply.") from error
    try:
        return "".join(parts).encode()
    except UnicodeEncodeError as error:
        raise CanonicalError("A string holds half of a surrogate pair.") from error


def canonical_bytes(raw: bytes) -> bytes:
    """Read one JSON text and write it in canonical form."""
    value = parse(raw)
    body = canonical(value)
    if not same_members(raw, body):
        raise CanonicalError(REPEATED)
    return body


REPEATED: Final = "A member name is given twice in one object."


def same_members(raw: bytes, body: bytes) -> bool:
    """Tell whether `body`, the canonical form of `raw`, kept every member, so that none was given twice.

    Each member has one colon and dropping one drops its colon, while colons inside strings stay. Only an escaped
    colon in `raw` could hide the loss; then, and when the counts differ, the text is read again by a reader that
    looks at every pair.
    """
    if b"\\u003" not in raw and raw.count(b":") == body.count(b":"):
        return True
    try:
        json.loads(raw, object_pairs_hook=_unique)
    except _RepeatedError:
        return False
    except RecursionError:
        return False
    return True


def number(value: float) -> str:
    """Write a double as ECMAScript does: shortest digits that read back as the same double (RFC 8785 §3.2.2.3)."""
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN alone differs from itself
        raise CanonicalError("Infinity and NaN are not JSON numbers.")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    digits, exponent = _digits(abs(value))
    return sign + _place_point(digits, exponent)


def _digits(value: float) -> tuple[str, int]:
    """Give the shortest digits and the place of the decimal point counted from their start."""
    mantissa, _, power = repr(value).partition("e")
    whole, _, fraction = mantissa.partition(".")
    shift = int(power) if power else 0
    digits = whole + ("" if fraction == "0" else fraction)
    place = len(whole) + shift
    stripped = digits.lstrip("0")
    place -= len(digits) - len(stripped)
    return stripped.rstrip("0"), place


def _place_point(digits: str, place: int) -> str:
    count = len(digits)
    if count <= place <= 21:
        return digits + "0" * (place - count)
    if 0 < place <= 21:
        return f"{digits[:place]}.{digits[place:]}"
    if -6 < place <= 0:
        return "0." + "0" * -place + digits
    power = place - 1
    head = digits[0] + ("." + digits[1:] if count > 1 else "")
    return f"{head}e{'+' if power > 0 else '-'}{abs(power)}"


def _number_read(text: str) -> int | Double:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        message = f"The number {text} is beyond what a double can hold"
        raise CanonicalError(message)
    if value.is_integer() and abs(value) < _PLAIN_BELOW:
        if abs(value) > LARGEST:
            message = f"The number {text} is beyond 2^53-1, where a double is not exact"
            raise CanonicalError(message)
        return int(value)
    return Double(value)


def _double_written(value: object) -> msgspec.Raw:
    if isinstance(value, Double):
        return msgspec.Raw(number(value).encode())
    text = f"{type(value).__name__} is not a JSON value."
    raise CanonicalError(text)


def _write(value: object, parts: list[str]) -> None:  # noqa: C901 - one branch for each kind of JSON value
    if value is None:
        parts.append("null")
    elif value is True:
        parts.append("true")
    elif value is False:
        parts.append("false")
    elif isinstance(value, str):
        parts.append(_string(value))
    elif isinstance(value, int):
        parts.append(_whole(value))
    elif isinstance(value, float):
        parts.append(number(value))
    elif isinstance(value, dict):
        _write_members(value, parts)
    elif isinstance(value, (list, tuple)):
        _write_items(value, parts)
    else:
        text = f"{type(value).__name__} is not a JSON value."
        raise CanonicalError(text)


def _write_items(items: list[object] | tuple[object, ...], parts: list[str]) -> None:
    mark = "["
    for item in items:
        parts.append(mark)
        _write(item, parts)
        mark = ","
    parts.append("]" if items else "[]")


def _write_members(members: dict[object, object], parts: list[str]) -> None:
    mark = "{"
    for name in sorted(members, key=_utf16):
        parts.append(mark)
        parts.append(_string(str(name)))
        parts.append(":")
        _write(members[name], parts)
        mark = ","
    parts.append("}" if members else "{}")


def _utf16(name: object) -> bytes:
    """Order by UTF-16 code units (RFC 8785 §3.2.3)."""
    if not isinstance(name, str):
        raise CanonicalError("A member name is not a string.")
    return name.encode("utf-16-be", "surrogatepass")


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _whole(value: int) -> str:
    if abs(value) > LARGEST:
        message = f"The number {value} is beyond 2^53-1, where a double is not exact"
        raise CanonicalError(message)
    return str(value)


class _RepeatedError(ValueError):
    """A member name was met twice."""


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _RepeatedError
    return members


_DECODER: Final = msgspec.json.Decoder[Any](float_hook=_number_read)
_ENCODER: Final = msgspec.json.Encoder(order="sorted", enc_hook=_double_written)
