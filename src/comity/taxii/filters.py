"""Filters and paging parameters of a URL (TAXII 2.1 §3.4 and §3.5)."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from comity.acts.delivering import Query
from comity.acts.moments import micros
from comity.taxii.errors import Refused

PAGE = 1000
OBJECT = frozenset({"added_after", "limit", "next", "match[version]", "match[spec_version]"})
OBJECTS = OBJECT | {"match[id]", "match[type]"}
VERSIONS = OBJECT - {"match[version]"}
DELETE = frozenset({"match[version]", "match[spec_version]"})
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z", re.ASCII)
_LIMIT = re.compile(r"[0-9]{1,15}", re.ASCII)
_WORD = re.compile(r"[^\s,\0]{1,300}")


def read_time(name: str, text: str) -> int:
    """Read an RFC 3339 UTC timestamp with up to nine digits of fraction as microseconds since 1970."""
    found = _TIME.fullmatch(text)
    bad = Refused(400, f"{name} must be a UTC timestamp such as 2026-11-23T10:00:00.000000Z.")
    if found is None:
        raise bad
    try:
        whole = datetime.fromisoformat(found[1]).replace(tzinfo=UTC)
    except ValueError:
        raise bad from None
    return micros(whole) + int((found[2] or "0").ljust(6, "0")[:6])


def read(query: bytes, allowed: Iterable[str], *, versions: tuple[str, ...] = ("last",)) -> Query:
    """Read a query string; *versions* are those meant where match[version] is absent.

    What is malformed or repeated is refused with 400; unknown parameters are ignored.
    """
    given: dict[str, str] = {}
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=50)
    except (UnicodeDecodeError, ValueError):
        raise Refused(400, "The query string is not percent-encoded UTF-8, or has more than 50 fields.") from None
    known = frozenset(allowed)
    for name, value in pairs:
        if name in known and name in given:
            raise Refused(400, f"{name} is given more than once; give it once, values separated by commas.")
        if name in known:
            given[name] = value
    return Query(
        added_after=read_time("added_after", given["added_after"]) if "added_after" in given else -1,
        limit=_limit(given.get("limit")),
        next=given.get("next", ""),
        ids=frozenset(_values("match[id]", given)),
        types=frozenset(_values("match[type]", given)),
        versions=_versions(_values("match[version]", given)) or versions,
        spec_versions=frozenset(_values("match[spec_version]", given)),
    )


def _limit(text: str | None) -> int:
    if text is None:
        return PAGE
    if not _LIMIT.fullmatch(text) or int(text) == 0:
        raise Refused(400, "limit must be a whole number above 0.")
    return min(int(text), PAGE)


def _values(name: str, given: dict[str, str]) -> list[str]:
    if name not in given:
        return []
    values = given[name].split(",")
    if not all(_WORD.fullmatch(value) for value in values):
        raise Refused(400, f"{name} must be values separated by commas, without spaces or empty values.")
    return values


def _versions(values: list[str]) -> tuple[str, ...]:
    if len(set(values)) != len(values):
        raise Refused(400, "match[version] names a version twice.")
    if "all" in values and len(values) > 1:
        raise Refused(400, "match[version]=all stands alone.")
    for value in values:
        if value not in {"all", "first", "last"}:
            read_time("match[version]", value)
    return tuple(values)
