"""Accepting an object at once: the tables of the standard as types, judged by the JSON library in C.

What is accepted here, the checks of `judging` accept too, with the same outcome; whatever is in doubt is left to them,
and they alone say what is wrong.
"""

from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Annotated, Any, Final, Literal

import msgspec

from comity.stix.canonical import LARGEST_WHOLE
from comity.stix.checks import DICTIONARY_KEY
from comity.stix.faults import Members
from comity.stix.identifiers import TYPE_FORM, UUID_FORM, deterministic_id
from comity.stix.judging import custom_marks, is_custom_name, is_type_name
from comity.stix.kinds import KINDS
from comity.stix.markings import strictest
from comity.stix.native import matching, table, type_for
from comity.stix.properties import Group, Kind, custom_kind
from comity.stix.references import DERIVATIONS, MARKING, derived_pair, is_mention, mentions, requirements
from comity.stix.timestamps import VERSIONLESS, timestamp, version_timestamp
from comity.stix.verdicts import Accepted, Requires

_decode: Final = msgspec.json.Decoder().decode
_encode: Final = msgspec.json.Encoder(order="sorted").encode
_convert: Final = msgspec.convert

_TIME: Final = Annotated[datetime, msgspec.Meta(tz=True)]
_FINEST: Final = len("2026-01-01T00:00:00.000000Z")
_SHORTEST: Final = {id(timestamp): len("2026-01-01T00:00:00Z"), id(version_timestamp): len("2026-01-01T00:00:00.000Z")}
_DEEPEST: Final = 8
_HYPHENS: Final = slice(-38, -36)
_TYPE_END: Final = -38
_UUID_VERSION: Final = -22
_NAMES_AT_MOST: Final = 1_000
_JUDGED_LAST: Final = frozenset({"extensions", "granular_markings"})


class _Table(msgspec.Struct, frozen=True):
    """What one type of object is judged by here.

    `names` are the properties that `form` judges; `times` are those of them that are timestamps, each with the least
    length it has; `single` and `several` are those that refer to one or more objects. `also` are the required ones that
    no type stands for. `custom` remembers names beyond the standard that may stand in such an object.
    """

    kind: Kind
    form: type[msgspec.Struct]
    names: frozenset[str]
    times: tuple[tuple[str, int], ...]
    single: tuple[str, ...]
    several: tuple[str, ...]
    also: frozenset[str]
    custom: set[str]


def _table(kind: Kind, own_id: str) -> _Table:
    """Write a kind's table as a type, as far as types stand for its checks."""
    types: dict[str, Any] = {"id": matching(own_id), "spec_version": Literal["2.1"]}
    times = {name: _SHORTEST[id(check)] for name, check in kind.properties.items() if id(check) in _SHORTEST}
    types |= dict.fromkeys(times, _TIME)
    for name, check in kind.properties.items():
        standing = type_for(check)
        if standing is not None and name not in types:
            types[name] = standing
    references = sorted(types.keys() - {"id", "object_marking_refs"})
    return _Table(kind, table(kind.type, types, kind.required), frozenset(types), tuple(times.items()),
                  tuple(name for name in references if name.endswith("_ref")),
                  tuple(name for name in references if name.endswith("_refs")),
                  kind.required - types.keys(), set())  # fmt: skip


_TABLES: Final[dict[str, _Table]] = {
    name: _table(kind, f"{name}--{UUID_FORM}") for name, kind in KINDS.items() if kind.group is not Group.META
}
_CUSTOM: Final = _table(custom_kind("custom", Group.DOMAIN), f"{TYPE_FORM}--{UUID_FORM}")


@lru_cache(maxsize=1_024)
def _custom_table(type_name: str) -> _Table | None:
    """Return the table of a domain object of a type that the standard does not define (§11.2)."""
    if type_name in KINDS or not is_type_name(type_name):
        return None
    return msgspec.structs.replace(_CUSTOM, kind=custom_kind(type_name, Group.DOMAIN))


def at_once(raw: bytes) -> Accepted | None:
    """Return what an object's JSON text comes to, or None where anything about it is in doubt."""
    try:
        members = _decode(raw)
        known = _TABLES.get(members["type"]) or _custom_table(members["type"])
        if known is None:
            return None
        _convert(members, known.form)
        body = _encode(members)
    except (msgspec.MsgspecError, ValueError, TypeError, KeyError, RecursionError):
        return None
    beyond = members.keys() - known.names
    if not _is_written_once(raw, body) or not _are_times(members, known.times):
        return None
    referred: list[str] = []
    if (beyond and not _may_stand(members, beyond, known, referred)) or not known.also <= members.keys():
        return None
    return _judged(members, body, known, beyond, referred)


def _is_written_once(raw: bytes, body: bytes) -> bool:
    """Say whether no member is surely written twice.

    No token is shorter than in canonical form, so texts of one length have lost none. Else quotation marks tell, as in
    `canonical.read`.
    """
    return len(raw) == len(body) or (raw.count(b'"') == body.count(b'"') and b"\\u0022" not in raw)


def _are_times(members: Members, times: tuple[tuple[str, int], ...]) -> bool:
    """Say whether what the library has read as times is written as STIX writes them, and fine enough."""
    for name, shortest in times:
        text = members.get(name)
        if text is not None and not (
            shortest <= len(text) <= _FINEST and text[10] == "T" and text[-1] == "Z"  # type: ignore[arg-type, index]
        ):
            return False
    return True


def _may_stand(members: Members, beyond: set[str], known: _Table, referred: list[str]) -> bool:
    """Say whether what no type stands for may surely stand there; gather the ids in it, leave what is custom."""
    custom, properties = known.custom, known.kind.properties
    for name in tuple(beyond):
        value = members[name]
        if name in properties:
            if name in _JUDGED_LAST or properties[name](value):
                return False
            beyond.discard(name)
        elif name not in custom:
            if name in DERIVATIONS or not is_custom_name(name, known.kind):
                return False
            if len(custom) < _NAMES_AT_MOST:
                custom.add(name)
        if not _is_plain(value, referred, _DEEPEST):
            return False
    return True


def _is_plain(value: object, referred: list[str], depth: int) -> bool:
    """Say whether a value is canonical as the library writes it; gather the ids in it."""
    kind = type(value)
    if kind is str:
        if value[_HYPHENS] == "--":  # type: ignore[index]
            referred.append(value)  # type: ignore[arg-type]
        return True
    if kind is bool:
        return True
    if kind is int:
        return -LARGEST_WHOLE <= value <= LARGEST_WHOLE  # type: ignore[operator]
    if not depth:
        return False
    if kind is list:
        return all(_is_plain(item, referred, depth - 1) for item in value)  # type: ignore[attr-defined]
    return kind is dict and all(
        DICTIONARY_KEY(name) and _is_plain(item, referred, depth - 1)
        for name, item in value.items()  # type: ignore[attr-defined]
    )


def _judged(members: Members, body: bytes, known: _Table, beyond: set[str], referred: list[str]) -> Accepted | None:
    """Judge what stands between properties, and draw out what the house needs to know."""
    own: str = members["id"]  # type: ignore[assignment]
    kind = known.kind
    if own[:_TYPE_END] != kind.type:
        return None
    for rule in kind.rules:
        if rule(members):
            return None
    deterministic = None
    if kind.contributing and own[_UUID_VERSION] == "5":
        computed = deterministic_id(members, kind.contributing)
        deterministic = computed == own
        if computed is None or (deterministic and "modified" in members):
            return None
    marks: list[str] = members.get("object_marking_refs", [])  # type: ignore[assignment]
    requires = requirements(members)
    version: str = members.get("modified") or members.get("created") or VERSIONLESS  # type: ignore[assignment]
    return Accepted(
        own, kind.type, version, members.get("created"), body, sha256(body).digest(),  # type: ignore[arg-type]
        members.get("revoked") is True, strictest(marks) if marks else None, tuple(marks), (), requires,
        _mentions(members, body, known, referred, requires), frozenset(), derived_pair(members),
        custom_marks(members, kind, list(beyond)) if beyond or not kind.known else (), deterministic,
    )  # fmt: skip


def _mentions(
    members: Members, body: bytes, known: _Table, referred: list[str], requires: Requires
) -> frozenset[str]:  # fmt: skip
    """Return what `references.mentions` does. An id holds two hyphens; where no others stand, none is overlooked."""
    marks: list[str] = members.get("object_marking_refs", [])  # type: ignore[assignment]
    targets: list[str] = [members[name] for name in known.single if name in members]  # type: ignore[misc]
    for name in known.several:
        targets += members.get(name, ())  # type: ignore[arg-type]
    own: str = members["id"]  # type: ignore[assignment]
    if body.count(b"--") != 1 + len(marks) + len(targets) + len(referred):
        return mentions(members, own, requires)
    found = {text for text in targets if not text.startswith(MARKING)}
    found.update(text for text in referred if is_mention(text))
    found.discard(own)
    for group in requires:
        if len(group) == 1:
            found -= group
    return frozenset(found)
