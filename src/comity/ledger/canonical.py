"""One way to write a value: the subset of RFC 8785 that the ledger uses.

Objects with ASCII keys in ascending order, lists, strings, and integers of at most 53 bits; UTF-8, no space, no escape
that could be left out. No fraction, no `true`, no `null`: nothing whose writing two programs could disagree on. So
`jq -cjS .` prints the same bytes, and what is read back is accepted only if it was written this way.
"""

import re
from typing import Any, TypeVar

import msgspec

from comity.ledger.errors import Malformed

T = TypeVar("T")
LARGEST = 2**53 - 1  # RFC 8785 §3.2.2.3: integers beyond this are not exact in every JSON reader

_encoder = msgspec.json.Encoder(order="sorted")
_CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


def encode(value: object) -> bytes:
    """Write a value (built-in types or msgspec structs of them) in its one form."""
    return _encoder.encode(value)


def decode(data: bytes, decoder: "msgspec.json.Decoder[T]", what: str) -> T:
    """Read a value of the decoder's kind; `Malformed`, naming `what` and the place, unless it is in its one form."""
    try:
        value = decoder.decode(data)
    except RecursionError:
        raise Malformed(f"{what}: nested deeper than anything the ledger writes") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed(f"{what}: {error}") from None
    written = encode(value)
    if written != data:
        raise Malformed(
            f"{what}: byte {_first_difference(written, data)} is not as the ledger writes it (see RFC 8785)"
        )
    return value


def plain(value: Any, place: str) -> None:  # noqa: ANN401 - any JSON value may stand here; this is what sorts them
    """Refuse, with its place, any value outside the subset."""
    match value:
        case bool() | float() | None:
            raise Malformed(f"{place}: {value!r} is not a string, an integer, a list or an object")
        case int() if abs(value) > LARGEST:
            raise Malformed(f"{place}: {value} is beyond 53 bits")
        case str():
            if not value.isprintable():  # what is printable holds nothing that may not stand here
                clean(value, place)
        case list() | tuple():
            for number, member in enumerate(value):
                plain(member, f"{place}[{number}]")
        case dict():
            for key, member in value.items():
                if not (key.isascii() and key.isprintable()):
                    clean(key, f"{place}: the key {key!r}", ascii_only=True)
                plain(member, f"{place}.{key}")


def clean(text: str, place: str, *, ascii_only: bool = False) -> None:
    """Refuse control characters and lone surrogates, and anything outside ASCII where only that may stand."""
    found = _CONTROL.search(text)
    if found:
        raise Malformed(f"{place}: character {found.start()} is U+{ord(found.group()):04X}, which may not stand here")
    if ascii_only and not text.isascii():
        raise Malformed(f"{place}: only ASCII may stand here")


def _first_difference(written: bytes, data: bytes) -> int:
    """Give the offset of the first byte in which two texts differ."""
    for place, (ours, theirs) in enumerate(zip(written, data, strict=False)):
        if ours != theirs:
            return place
    return min(len(written), len(data))
