"""Reading a log of any size, line by line, in constant memory: Zeek, Suricata EVE, or STIX observed data."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import msgspec

from comity.stix.logs import suricata, zeek
from comity.stix.patterns.observations import NoObservation, Observation, is_object, observation

REMEMBERED: Final = 10_000
"""Observables of earlier lines to which an observed-data object of a later line can refer."""
_LONGEST_LINE: Final = 64 << 20
_decode: Final = msgspec.json.Decoder().decode


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that could not be read: its number, what is wrong and what mends it, without a full stop."""

    number: int
    says: str
    mend: str


class Reading:
    """One log being read. `lines` and `silent` count the lines that came, and those that told of nothing."""

    def __init__(self) -> None:
        """Begin before the first line."""
        self.header = zeek.Header()
        self.lines = 0
        self.silent = 0
        self.seen: OrderedDict[str, dict[str, object]] = OrderedDict()

    def observations(self, lines: Iterable[bytes]) -> Iterator[Observation | BadLine]:
        """Yield what each line tells; a line that is blank, a comment, or tells of nothing yields nothing."""
        for number, written in enumerate(lines, 1):
            self.lines = number
            line = written.strip(b"\r\n")
            if not line.strip():
                continue
            if len(line) > _LONGEST_LINE:
                yield BadLine(number, "the line is longer than 64 MiB", "write one object a line")
                continue
            found = list(self._of_line(number, line))
            self.silent += not found and not line.startswith(b"#")
            yield from found

    def _of_line(self, number: int, line: bytes) -> Iterator[Observation | BadLine]:
        try:
            if line[:1] == b"{":
                yield from self._of_object(number, _decode(line))
            else:
                yield from self._of_text(number, line.decode("utf-8", "replace"))
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            yield BadLine(number, f"this is no JSON object ({error})", "write one object a line")
        except ValueError as error:
            yield BadLine(number, str(error), "write it as the format’s own program does")

    def _of_text(self, number: int, line: str) -> Iterator[Observation | BadLine]:
        """Read a line of a tab-separated log."""
        if line.startswith("#"):
            self.header.take(line)
            return
        if not self.header.fields:
            raise ValueError("this is neither a JSON object nor a line after a Zeek header")
        fields = self.header.line(line)
        if fields is None:
            raise ValueError("the line has more or fewer fields than #fields names")
        found = zeek.observation(fields, self.header, number)
        if found is not None:
            yield found

    def _of_object(self, number: int, read: object) -> Iterator[Observation | BadLine]:
        """Read a JSON object by what it has: STIX has a type, EVE an event_type, Zeek a ts."""
        if not isinstance(read, dict):
            raise ValueError("this is no JSON object")  # noqa: TRY004 what is wrong is the line
        if "event_type" in read:
            found = suricata.observation(read, number)
        elif "ts" in read:
            found = zeek.observation(read, self.header, number)
        elif isinstance(read.get("type"), str):
            yield from self._of_stix(number, read)
            return
        else:
            raise ValueError("this is neither STIX, nor an event of Suricata’s EVE log, nor a line of a Zeek log")
        if found is not None:
            yield found

    def _of_stix(self, number: int, read: dict[str, object]) -> Iterator[Observation | BadLine]:
        """Read an observed-data object, an observable to which a later line may refer, or a bundle of both."""
        inside = read.get("objects") if read["type"] == "bundle" else [read]
        objects = [one for one in (inside if isinstance(inside, list) else []) if is_object(one)]
        for one in objects:
            if isinstance(one.get("id"), str):
                self.seen[one["id"]] = one
                self.seen.move_to_end(one["id"])
        for one in objects:
            if one["type"] != "observed-data":
                continue
            try:
                yield observation(one, self.seen, number)
            except NoObservation as error:
                yield BadLine(number, f"{one.get('id', 'observed-data')}: {error}", "see STIX 2.1 §4.14")
        while len(self.seen) > REMEMBERED:
            self.seen.popitem(last=False)
