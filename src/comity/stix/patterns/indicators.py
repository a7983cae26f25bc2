"""Indicators with STIX patterns, read for matching: the latest version of each that is not revoked (§4.7)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from comity.stix.patterns.errors import PatternError
from comity.stix.patterns.parser import read
from comity.stix.patterns.tree import Expression
from comity.stix.timestamps import VERSIONLESS, instant, order, timestamp


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is looked for: an indicator's id, or a line's place where it is a bare pattern; `until` in microseconds."""

    id: str
    name: str
    expression: Expression
    until: int | None = None


def of_objects(objects: Iterable[Mapping[str, object]]) -> tuple[list[Indicator], list[str]]:
    """Return the indicators to match among objects, and a sentence for each pattern that breaks the grammar."""
    latest: dict[str, Mapping[str, object]] = {}
    for one in objects:
        if one.get("type") == "indicator" and one.get("pattern_type") == "stix" and isinstance(one.get("id"), str):
            before = latest.get(str(one["id"]))
            if before is None or order(_version(before)) < order(_version(one)):
                latest[str(one["id"])] = one
    found: list[Indicator] = []
    broken: list[str] = []
    for stix_id, one in sorted(latest.items()):
        if one.get("revoked") is True:
            continue
        try:
            until = one.get("valid_until")
            ends = None if until is None or timestamp(until) else instant(str(until))
            found.append(Indicator(stix_id, str(one.get("name", "")), read(str(one.get("pattern", ""))), ends))
        except PatternError as error:
            broken.append(f"{stix_id}: {error}")
    return found, broken


def _version(one: Mapping[str, object]) -> str:
    written = one.get("modified")
    return written if isinstance(written, str) and not timestamp(written) else VERSIONLESS


def of_lines(name: str, lines: Iterable[str]) -> tuple[list[Indicator], list[str]]:
    """Return the patterns of a text, one a line; a line that is blank or begins with # is none."""
    found: list[Indicator] = []
    broken: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            found.append(Indicator(f"{name}:{number}", "", read(line.strip())))
        except PatternError as error:
            broken.append(f"{name}:{number}: {error}")
    return found, broken
