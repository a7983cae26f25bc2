"""Cutting what people send into blocks of whole objects, in memory that does not grow with its size.

A text that fits a block is read as it is (`streams`). Of a longer one, lines go by whole lines, and the list of a
bundle, an envelope or an array is cut between two of its members: where a cut is right, what is before it reads as a
list, and no other place does.
"""

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from json import JSONDecodeError, JSONDecoder
from typing import Final

import msgspec

from comity.stix.faults import Fault
from comity.stix.streams import BLANK, MARK, about, is_whole, lines_opened, members_opened, objects

SIZE: Final = 1 << 20
"""Bytes of a block, unless told otherwise."""
LARGEST: Final = 64 << 20
"""Bytes that one object, or what stands before a list of objects, may take."""

_TRIES: Final = 64
_AHEAD: Final = 24
_NEAR: Final = 64 << 10
_between: Final = re.compile(rb"\}([ \t\r\n]*),([ \t\r\n]*)(?=\{)")
_gap: Final = re.compile(r"[ \t\r\n]*").match
_items: Final = msgspec.json.Decoder(list[msgspec.Raw]).decode
_value_at: Final = JSONDecoder(strict=False).raw_decode


class Form(Enum):
    """What the text of a block is: a text as people send it, whole lines, or members of one list."""

    WHOLE = "whole"
    LINES = "lines"
    MEMBERS = "members"


class Block(msgspec.Struct, frozen=True, array_like=True):
    """A piece of what was sent, to be opened apart from the rest: `first` is its first line or position."""

    name: str
    form: Form
    first: int
    text: bytes


class BrokenError(ValueError):
    """A text breaks off, or proves to be no package of objects, after some of its objects were given."""


def opened(block: Block) -> Iterator[bytes | Fault]:
    """Yield each object's JSON text, or a fault where there is none."""
    if block.form is Form.LINES:
        return lines_opened(block.name, block.first, block.text)
    if block.form is Form.MEMBERS:
        return members_opened(block.name, block.first, block.text)
    return objects(block.name, block.text)


def blocks(name: str, data: Iterable[bytes], size: int = SIZE, largest: int = LARGEST) -> Iterator[Block | Fault]:
    """Yield the blocks of what comes in pieces, and faults of a package as such.

    Raise `BrokenError` when a long text proves to be no package after all.
    """
    source = _Source(name, data, size, largest)
    if source.fill(size):
        yield Block(name, Form.WHOLE, 1, source.held)
        return
    if source.is_lines():
        yield from source.lines()
    else:
        yield from source.document()


class _Source:
    """What is still to be cut: `held` bytes at hand, the rest to come."""

    def __init__(self, name: str, data: Iterable[bytes], size: int, largest: int) -> None:
        self.name, self.size, self.largest = name, size, largest
        self.held, self._more = b"", iter(data)

    def fill(self, size: int) -> bool:
        """Have more than *size* bytes at hand, or all that there is; say whether it is all."""
        parts, have = [self.held], len(self.held)
        ended = False
        while have <= size and not ended:
            part = next(self._more, None)
            ended = part is None
            if part:
                parts.append(part)
                have += len(part)
        self.held = b"".join(parts)
        return ended

    def is_lines(self) -> bool:
        """Say whether the first line is a JSON text and not the only line."""
        while True:
            line, found, rest = self.held.removeprefix(MARK).lstrip(BLANK).partition(b"\n")
            if not found or rest.strip(BLANK) or self.fill(2 * len(self.held)):
                return bool(rest.strip(BLANK)) and is_whole(line)

    def broken(self, says: str) -> BrokenError:
        """Return the error of a text that cannot be read to its end."""
        return BrokenError(f"{self.name}: {says} Send a whole bundle, envelope or array, or an object a line.")

    def lines(self) -> Iterator[Block]:
        """Yield whole lines."""
        number, wanted = 1, self.size
        while True:
            ended = self.fill(wanted)
            end = len(self.held) if ended else self.held.rfind(b"\n") + 1
            if end:
                text, self.held = self.held[:end], self.held[end:]
                yield Block(self.name, Form.LINES, number, text)
                number += text.count(b"\n")
                wanted = self.size
            elif wanted < self.largest:
                wanted *= 2
            else:
                raise self.broken(f"Line {number} is longer than {self.largest} bytes.")
            if ended:
                return

    def document(self) -> Iterator[Block | Fault]:
        """Yield pieces of the list that a long text is or holds; a text that holds none is read whole."""
        text = self.held.removeprefix(MARK).lstrip(BLANK)
        start = _list_start(text[: self.size])
        if start is None:
            if not self.fill(self.largest):
                raise self.broken(f"No list of objects begins in its first {self.size} bytes.")
            yield Block(self.name, Form.WHOLE, 1, self.held)
            return
        before, self.held = text[:start], text[start:].lstrip(BLANK)
        yield from self._members(alone=before == b"[")
        rest = before + b"]" + self.held
        for fault in about(self.name, rest) if is_whole(rest) else (None,):
            if fault is None:
                raise self.broken("What follows its list of objects is not the end of a package.")
            yield fault

    def _members(self, *, alone: bool) -> Iterator[Block]:
        """Yield the members of the list, up to its end; leave what follows it."""
        name = self.name if alone else f"{self.name}: objects."
        first, wanted = 0, self.size
        while True:
            ended = self.fill(wanted)
            found = self._last() if ended else self._next()
            if found is not None:
                count, text = found
                yield Block(name, Form.MEMBERS, first, text)
                first, wanted = first + count, self.size
            elif not ended and wanted < self.largest:
                wanted *= 2
            else:
                raise self.broken(f"After {first} objects it cannot be read on.")
            if ended:
                return

    def _next(self) -> tuple[int, bytes] | None:
        """Take as many whole members as are at hand, and the comma after them; None when none is whole."""
        for end, following in _cuts(self.held, self.held[:_AHEAD].partition(b":")[0]):
            text = b"[" + self.held[:end] + b"]"
            if (count := _count(text)) is not None:
                self.held = self.held[following:]
                return count, text
        return None

    def _last(self) -> tuple[int, bytes] | None:
        """Take the members up to the end of the list, and the bracket after them; None when there is no such end."""
        end = len(self.held)
        for _ in range(_TRIES):
            end = self.held.rfind(b"]", 0, end)
            if end < 0:
                return None
            text = b"[" + self.held[:end] + b"]"
            if (count := _count(text)) is not None:
                self.held = self.held[end + 1 :]
                return count, text
        return None


def _cuts(held: bytes, start: bytes) -> Iterator[tuple[int, int]]:
    """Yield places between two objects where a list might be cut, from the last: its end, and what follows the comma.

    First come the places before which the following object starts as the first one at hand does.
    """
    every = [found.span() for found in _between.finditer(held, max(0, len(held) - _NEAR))]
    every = every or [found.span() for found in _between.finditer(held)]
    alike = [span for span in reversed(every) if held.startswith(start, span[1])][:_TRIES]
    for begin, end in [*alike, *list(reversed(every))[:_TRIES]]:
        yield begin + 1, end


def _list_start(text: bytes) -> int | None:
    """Return where the members of a text's list of objects begin: after `[`, or after `"objects": [`."""
    view = text.decode("latin-1")  # a character a byte
    if view[:1] == "[":
        return 1
    try:
        at = _step(view, 0, "{")
        while True:
            name, at = _value_at(view, at)
            at = _step(view, _past(view, at), ":")
            if name == "objects":
                return at + 1 if view[at] == "[" else None
            _, at = _value_at(view, at)
            at = _step(view, _past(view, at), ",")
    except (JSONDecodeError, IndexError, RecursionError):
        return None


def _step(view: str, at: int, wanted: str) -> int:
    """Return where what follows a mark begins; IndexError when the mark is not there."""
    if view[at] != wanted:
        raise IndexError(at)
    return _past(view, at + 1)


def _past(view: str, at: int) -> int:
    """Return the place after blanks."""
    found = _gap(view, at)
    return found.end() if found else at


def _count(text: bytes) -> int | None:
    """Count the members of a list; None when the text is none."""
    try:
        return len(_items(text))
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None
