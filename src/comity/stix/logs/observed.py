"""Cyber observables of one line of a log (STIX 2.1 §6), with references by keys of their own."""

from collections.abc import Iterable, Mapping
from typing import Final

from comity.stix.patterns.networks import network
from comity.stix.patterns.observations import Observation

Line = Mapping[str, object]
"""One line of a log, its fields by name."""

_SECOND: Final = 1_000_000
_V4: Final = 32
_MOST_SECONDS: Final = 253_402_300_800
_HASHES: Final = (("md5", "MD5"), ("sha1", "SHA-1"), ("sha256", "SHA-256"))


class Observables:
    """Observables being gathered from one line: each once, those that others refer to by key."""

    def __init__(self) -> None:
        """Begin with none."""
        self.found: dict[str, Line] = {}

    def add(self, kind: str, **members: object) -> str | None:
        """Add an observable with those members that are there; return its key, None where none is."""
        there = {name: value for name, value in members.items() if value not in (None, "", {}, [])}
        if not there:
            return None
        key = str(len(self.found))
        self.found[key] = {"type": kind, **there}
        return key

    def address(self, value: object) -> str | None:
        """Add an IPv4 or IPv6 address, once."""
        known = network(value) if isinstance(value, str) else None
        if known is None:
            return None
        return self.once("ipv4-addr" if known.bits == _V4 else "ipv6-addr", value)

    def domain(self, value: object) -> str | None:
        """Add a domain's name, in small letters and without the last dot; an address is added as one."""
        if not isinstance(value, str) or not value.strip("."):
            return None
        return self.address(value) or self.once("domain-name", value.rstrip(".").lower())

    def once(self, kind: str, value: object) -> str | None:
        """Add an observable that is one value, unless it is there."""
        for key, one in self.found.items():
            if one["type"] == kind and one.get("value") == value:
                return key
        return self.add(kind, value=value)

    def resolved(self, name: object, answers: Iterable[object]) -> None:
        """Add a domain's name with what it resolved to (§6.4)."""
        key = self.domain(name)
        targets = [target for answer in answers if (target := self.domain(answer)) is not None and target != key]
        if key is not None and targets and self.found[key]["type"] == "domain-name":
            self.found[key] = {**self.found[key], "resolves_to_refs": targets}

    def observation(self, at: int, place: int) -> Observation | None:
        """Return the observation of a moment, in microseconds; None where the line tells of nothing."""
        return Observation(list(self.found.values()), self.found, at, at, 1, place) if self.found else None


def text(line: Line, name: str) -> str | None:
    """Return a field that is text and not empty."""
    value = line.get(name)
    return value if isinstance(value, str) and value not in {"", "-"} else None


def whole(line: Line, name: str) -> int | None:
    """Return a field that is a whole number."""
    value = line.get(name)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < len("1" * 19):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def hashes(line: Line) -> dict[str, str]:
    """Return a file's hashes by their names in STIX (§10.7), in small letters."""
    return {name: found.lower() for field, name in _HASHES if (found := text(line, field)) is not None}


def seconds(value: object) -> int | None:
    """Return seconds since 1970, as number or text, in microseconds; None for what is none."""
    try:
        number = float(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else -1.0
    except ValueError:
        return None
    return round(number * _SECOND) if 0 <= number < _MOST_SECONDS else None
