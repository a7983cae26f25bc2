"""Splitting what people send into objects: bundle, TAXII envelope, array, one object, or an object a line."""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from comity.stix.faults import Fault
from comity.stix.identifiers import is_identifier, type_of

BLANK: Final = b" \t\r\n"
MARK: Final = b"\xef\xbb\xbf"
_MISP: Final = frozenset({"Event", "response"})
_ENVELOPE: Final = frozenset({"more", "next", "objects"})

_members: Final = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_items: Final = msgspec.json.Decoder(list[msgspec.Raw]).decode
_anything: Final = msgspec.json.Decoder().decode


def objects(name: str, data: Iterable[bytes] | bytes) -> Iterator[bytes | Fault]:
    """Yield each object's JSON text, or a fault where there is none; never raise for what is in the data.

    `name` is what the faults call the source. One object per line is read line by line, in constant memory. A JSON
    text that spans the whole of the data is held whole. Faults name the line of the former, the position in the
    latter.
    """
    lines = _lines(data)
    first = next(lines, None)
    if first is None:
        yield _fault(name, "There is nothing here.", "Send a bundle, an envelope, or an object a line.")
        return
    line = first[1]
    if is_whole(line):
        second = next(lines, None)
        if second is None:
            yield from _document(name, line)
        else:
            yield from _each_line(name, [first, second])
            yield from _each_line(name, lines)
        return
    rest = b"\n".join([line, *(line for _, line in lines)])
    yield from _document(name, rest)


def _lines(data: Iterable[bytes] | bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not blank, with their numbers, whatever the chunks they come in."""
    number, held = 0, b""
    for chunk in (data,) if isinstance(data, bytes) else data:
        *whole, held = (held + chunk).split(b"\n") if b"\n" in chunk else (held + chunk,)
        for line in whole:
            number += 1
            if text := _bare(number, line):
                yield number, text
    if text := _bare(number + 1, held):
        yield number + 1, text


def _bare(number: int, line: bytes) -> bytes:
    """Return a line without the blanks about it; the first also without a byte-order mark."""
    return (line.removeprefix(MARK) if number == 1 else line).strip(BLANK)


def is_whole(line: bytes) -> bool:
    """Say whether a line is a complete JSON text."""
    try:
        msgspec.json.decode(line, type=msgspec.Raw)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return False
    return True


def lines_opened(name: str, first: int, text: bytes) -> Iterator[bytes | Fault]:
    """Yield the object of each line of a text whose first line goes by the number *first*."""
    return _each_line(name, ((number + first - 1, line) for number, line in _lines(text)))


def members_opened(name: str, first: int, text: bytes) -> Iterator[bytes | Fault]:
    """Yield each object of a JSON list whose first member stands at position *first*."""
    return _packed(name, _items(text), first)


def about(name: str, text: bytes) -> Iterator[Fault | None]:
    """Yield what is wrong with a package whose list of objects was taken out; None when it is no package."""
    for found in _document(name, text):
        yield found if isinstance(found, Fault) else None


def _each_line(name: str, lines: Iterable[tuple[int, bytes]]) -> Iterator[bytes | Fault]:
    """Yield the object of each line; a line that is a package is opened."""
    for number, line in lines:
        place = f"{name}, line {number}"
        if line[:1] == b"{":
            yield from _object(place, line)
        else:
            yield _fault(place, "This line is no JSON object.", "Write one object a line.")


def _object(place: str, text: bytes) -> Iterator[bytes | Fault]:
    """Yield an object as it is, or what is in a package."""
    if b'"objects"' in text:
        yield from _document(place, text)
    else:
        yield text


def _document(place: str, text: bytes) -> Iterator[bytes | Fault]:
    """Yield the objects of one JSON text: bundle, envelope, array or object."""
    try:
        listed = _items(text) if text[:1] == b"[" else None
        members = _members(text) if listed is None else {}
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        yield _fault(place, f"This is no JSON object or array: {error}.", "Send a bundle, an envelope, or an array.")
        return
    kind = _text(members.get("type"))
    if listed is not None:
        yield from _packed(place, listed)
    elif kind == "bundle":
        yield from _bundle(place, members)
    elif kind is None and "objects" in members:
        yield from _inside(place, members["objects"])
    elif kind is None and members.keys() <= _ENVELOPE and members:
        return
    elif kind is None and not members.keys().isdisjoint(_MISP):
        yield _fault(place, "This is an event of MISP, not STIX.", "Take it in with comity misp.")
    else:
        yield text


def _bundle(place: str, members: dict[str, msgspec.Raw]) -> Iterator[bytes | Fault]:
    """Yield a bundle's faults of its own (STIX 2.1 §8), then its objects."""
    identifier = _text(members.get("id"))
    if not is_identifier(identifier) or type_of(str(identifier)) != "bundle":
        says = "The bundle has no id of the form bundle--UUID."
        yield Fault(f"{place}: id", "STIX 2.1 §8", says, "Add an id with a UUIDv4.")
    if "objects" in members:
        yield from _inside(place, members["objects"])


def _inside(place: str, listed: msgspec.Raw) -> Iterator[bytes | Fault]:
    """Yield the members of `objects`; each that is no object is a fault that names its position."""
    try:
        items = _items(listed)
    except (msgspec.DecodeError, ValueError, RecursionError):
        yield _fault(f"{place}: objects", "objects is no list.", "Write the objects in square brackets.")
        return
    yield from _packed(f"{place}: objects.", items)


def _packed(place: str, items: list[msgspec.Raw], first: int = 0) -> Iterator[bytes | Fault]:
    """Yield each object of a list."""
    start = place if place.endswith(".") else f"{place}: "
    for index, item in enumerate(items, first):
        text = bytes(item)
        if text[:1] == b"{":
            yield text
        else:
            yield _fault(f"{start}[{index}]", "This member is no object.", "Write an object in braces.")


def _text(raw: msgspec.Raw | None) -> str | None:
    """Return a member's value when it is a string that can be read."""
    try:
        value = _anything(raw) if raw is not None else None
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None
    return value if isinstance(value, str) else None


def _fault(place: str, says: str, mend: str) -> Fault:
    """Return a fault of the source itself."""
    return Fault(place, "STIX 2.1 §8", says, mend)
