"""Accepting an object at once: the tables of the standard as types, judged by the JSON library in C.

What is accepted here, the checks of `judging` accept too, with the same outcome; whatever is in doubt is left to them,
and they alone say what is wrong.
"""

import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import UNSET

from comity.stix.canonical import LARGEST_WHOLE
from comity.stix.checks import DICTIONARY_KEY
from comity.stix.exercises import is_marked
from comity.stix.faults import Members
from comity.stix.identifiers import TYPE_FORM, UUID_FORM, deterministic_id
from comity.stix.judging import custom_marks, is_custom_name, is_type_name
from comity.stix.kinds import KINDS
from comity.stix.markings import strictest
from comity.stix.native import form_of, listed, member_of, table, type_for
from comity.stix.properties import Group, Kind, custom_kind
from comity.stix.references import DERIVATIONS, MARKING, REQUIRED, derived_pair, is_mention, mentions
from comity.stix.timestamps import EPOCH, MICROSECOND, VERSIONLESS, instant_of_checked, timestamp, version_timestamp
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
_FORMS_AT_MOST: Final = 16_384
_strictest: Final = lru_cache(maxsize=1_024)(strictest)
_JUDGED_LAST: Final = frozenset({"extensions", "granular_markings"})


class _Form:
    """Texts of one form: those that were found right are remembered, for the same ids and words recur."""

    def __init__(self, form: str) -> None:
        self._matches = re.compile(form).search
        self.right: set[str] = set()

    def holds(self, text: str) -> bool:
        """Say whether a text that is not remembered has the form."""
        if self._matches(text) is None:
            return False
        if len(self.right) >= _FORMS_AT_MOST:
            self.right.clear()
        self.right.add(text)
        return True


_form_of: Final = lru_cache(maxsize=None)(_Form)


class _Table(msgspec.Struct, frozen=True):
    """What one type of object is judged by here.

    `names` are the properties that `form` judges, but for the form of texts, which is judged here: `single` are those
    with one such text, `several` those with a list. `identifier` judges the object's own id. `times` are those that are
    timestamps, each with the least length it has. `also` are the required ones that no type stands for. `requires`
    reads what the object cannot do without. `custom` remembers names beyond the standard that may stand in such an
    object, and `marks` what was said of them.
    """

    kind: Kind
    form: type[msgspec.Struct]
    names: frozenset[str]
    identifier: Callable[[str], object]
    times: tuple[tuple[str, int], ...]
    single: tuple[tuple[str, _Form, bool], ...]
    several: tuple[tuple[str, _Form, bool], ...]
    also: frozenset[str]
    requires: Callable[[Members], Requires] | None
    custom: set[str]
    marks: dict[frozenset[str], tuple[str, ...]]


def _table(kind: Kind, own_id: str) -> _Table:
    """Write a kind's table as a type, as far as types stand for its checks."""
    types: dict[str, Any] = {"id": str, "spec_version": Literal["2.1"]}
    times = {name: _SHORTEST[id(check)] for name, check in kind.properties.items() if id(check) in _SHORTEST}
    types |= dict.fromkeys(times, _TIME)
    for name, check in kind.properties.items():
        standing = type_for(check)
        if standing is not None and name not in types:
            types[name] = standing
    single = tuple((name, _form_of(form), name.endswith("_ref"))
                   for name, standing in types.items() if (form := form_of(standing)))  # fmt: skip
    several = tuple((name, _form_of(form), name.endswith("_refs") and name != "object_marking_refs")
                    for name, standing in types.items() if (form := form_of(member_of(standing))))  # fmt: skip
    types |= {name: str for name, _, _ in single} | {name: listed(str) for name, _, _ in several}
    return _Table(kind, table(kind.type, types, kind.required), frozenset(types), re.compile(own_id).fullmatch,
                  tuple(times.items()), single, several, kind.required - types.keys(), REQUIRED.get(kind.type),
                  set(), {})  # fmt: skip


_TABLES: Final[dict[str, _Table]] = {}
"""Those of the standard's types that were asked for: to write one takes longer than to judge a hundred objects."""


def _table_of(type_name: str) -> _Table | None:
    """Return the table of a type; None of one whose objects are left to the checks."""
    kind = KINDS.get(type_name)
    if kind is None:
        return _custom_table(type_name)
    if kind.group is Group.META:
        return None
    return _TABLES.setdefault(type_name, _table(kind, f"{type_name}--{UUID_FORM}"))


@lru_cache(maxsize=1)
def _custom() -> _Table:
    return _table(custom_kind("custom", Group.DOMAIN), f"{TYPE_FORM}--{UUID_FORM}")


@lru_cache(maxsize=1_024)
def _custom_table(type_name: str) -> _Table | None:
    """Return the table of a domain object of a type that the standard does not define (§11.2)."""
    if not is_type_name(type_name):
        return None
    return msgspec.structs.replace(_custom(), kind=custom_kind(type_name, Group.DOMAIN), custom=set(), marks={})


def at_once(raw: bytes) -> Accepted | None:
    """Return what an object's JSON text comes to, or None where anything about it is in doubt."""
    try:
        members = _decode(raw)
        known = _TABLES.get(members["type"]) or _table_of(members["type"])
        if known is None:
            return None
        formed = _convert(members, known.form)
        body = _encode(members)
    except (msgspec.MsgspecError, ValueError, TypeError, KeyError, RecursionError):
        return None
    # No token is shorter than in canonical form, so texts of one length have lost no member that was written twice.
    if len(raw) != len(body) and (raw.count(b'"') != body.count(b'"') or b"\\u0022" in raw):
        return None
    for name, shortest in known.times:
        text = members.get(name)
        if text is not None and not (shortest <= len(text) <= _FINEST and text[10] == "T" and text[-1] == "Z"):
            return None
    targets: list[str] = []
    referred: list[str] = []
    beyond = members.keys() - known.names
    if (
        not _are_formed(members, known, targets)
        or (beyond and not _may_stand(members, beyond, known, referred))
        or (known.also and not known.also <= members.keys())
    ):
        return None
    return _judged(members, formed, body, known, beyond, (targets, referred))


def _are_formed(members: dict[str, Any], known: _Table, targets: list[str]) -> bool:
    """Say whether texts that the library took as such have the form they must; gather what they refer to."""
    for name, form, refers in known.single:
        text = members.get(name)
        if text is not None:
            if text not in form.right and not form.holds(text):
                return False
            if refers:
                targets.append(text)
    for name, form, refers in known.several:
        texts = members.get(name)
        if texts is not None:
            if not (form.right.issuperset(texts) or all(map(form.holds, texts))):
                return False
            if refers:
                targets += texts
    return known.identifier(members["id"]) is not None


def _may_stand(members: dict[str, Any], beyond: set[str], known: _Table, referred: list[str]) -> bool:
    """Say whether what no type stands for may surely stand there; gather the ids in it, leave what is custom."""
    custom = known.custom
    for name in tuple(beyond):
        value = members[name]
        if name not in custom and not _may_be_named(name, value, beyond, known):
            return False
        kind = type(value)
        if kind is str:
            if value[_HYPHENS] == "--":
                referred.append(value)
        elif kind is not bool and not _is_plain(value, referred, _DEEPEST):
            return False
    return True


def _may_be_named(name: str, value: object, beyond: set[str], known: _Table) -> bool:
    """Say whether a property may surely stand: one of the standard by its check, another by its name."""
    check = known.kind.properties.get(name)
    if check is not None:
        beyond.discard(name)
        return name not in _JUDGED_LAST and not check(value)
    if name in DERIVATIONS or not is_custom_name(name, known.kind):
        return False
    if len(known.custom) < _NAMES_AT_MOST:
        known.custom.add(name)
    return True


def _is_plain(value: Any, referred: list[str], depth: int) -> bool:  # noqa: ANN401 - a JSON value
    """Say whether a value is canonical as the library writes it; gather the ids in it."""
    kind = type(value)
    if kind is str:
        if value[_HYPHENS] == "--":
            referred.append(value)
        return True
    if kind is bool:
        return True
    if kind is int:
        return bool(-LARGEST_WHOLE <= value <= LARGEST_WHOLE)
    if not depth:
        return False
    if kind is list:
        return all(_is_plain(item, referred, depth - 1) for item in value)
    return kind is dict and all(
        DICTIONARY_KEY(name) and _is_plain(item, referred, depth - 1) for name, item in value.items()
    )


def _judged(members: dict[str, Any], formed: object, body: bytes, known: _Table, beyond: set[str],
            gathered: tuple[list[str], list[str]]) -> Accepted | None:  # fmt: skip
    """Judge what stands between properties, and draw out what the house needs to know."""
    own: str = members["id"]
    kind = known.kind
    targets, referred = gathered
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
    marks = tuple(members.get("object_marking_refs", ()))
    requires = () if known.requires is None else known.requires(members)
    created = members.get("created")
    version = members.get("modified") or created or VERSIONLESS
    # An id holds two hyphens: where no others stand than those of what was gathered, no id is overlooked.
    sure = body.count(b"--") == 1 + len(marks) + len(targets) + len(referred)
    return Accepted(
        own, kind.type, version, created, body, sha256(body).digest(),
        members.get("revoked") is True, _strictest(marks) if marks else None, marks, (), requires,
        _mentions(own, targets, referred, requires) if sure else mentions(members, own, requires), frozenset(),
        derived_pair(members) if kind.type == "relationship" else None, _marks(members, known, beyond), deterministic,
        _instant(formed, version), is_marked(members),
    )  # fmt: skip


def _instant(formed: Any, version: str) -> int:  # noqa: ANN401 - a value of a table's type
    """Return a version's instant, from the timestamps that the library has read where it has."""
    moment = getattr(formed, "modified", UNSET) or getattr(formed, "created", UNSET)
    if moment is not UNSET:
        return int((moment - EPOCH) // MICROSECOND)
    return 0 if version is VERSIONLESS else instant_of_checked(version)


def _marks(members: Members, known: _Table, beyond: set[str]) -> tuple[str, ...]:
    """Say what is custom about an object, as `judging.custom_marks` does."""
    if not beyond and known.kind.known:
        return ()
    names = frozenset(beyond)
    found = known.marks.get(names)
    if found is None:
        found = custom_marks(members, known.kind, list(beyond))
        if len(known.marks) < _NAMES_AT_MOST:
            known.marks[names] = found
    return found


def _mentions(own: str, targets: list[str], referred: list[str], requires: Requires) -> frozenset[str]:
    """Return what `references.mentions` does, of ids that are gathered already."""
    found = {text for text in targets if not text.startswith(MARKING)}
    if referred:
        found.update([text for text in referred if is_mention(text)])
    found.discard(own)
    for group in requires:
        if len(group) == 1:
            found -= group
    return frozenset(found)
