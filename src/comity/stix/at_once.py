"""Accepting an object at once: the tables of the standard as types, judged by the JSON library in C.

What is accepted here, the checks of `judging` accept too, with the same outcome; whatever is in doubt is left to them,
and they alone say what is wrong.

Most objects of a type carry the same properties in the same order. What hangs on the names alone is worked out once for
each such *shape* and remembered: what is required, what is custom, which rules can find anything.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Annotated, Any, Final, Literal

import msgspec

from comity.stix.canonical import LARGEST_WHOLE
from comity.stix.checks import KEY_FORM
from comity.stix.exercises import LABELS, MESSAGE, is_marked
from comity.stix.faults import Check, Members, Rule
from comity.stix.identifiers import UUID_FORM, deterministic_id
from comity.stix.judging import custom_marks, is_custom_name, is_type_name
from comity.stix.kinds import KINDS
from comity.stix.markings import strictest
from comity.stix.native import form_of, listed, member_of, table, type_for, wanted_of_each
from comity.stix.properties import Group, Kind, custom_kind
from comity.stix.references import DERIVATIONS, MARKING, REQUIRED, EachOf, derived_pair, is_mention, mentions_in
from comity.stix.rules import concerned
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
_LARGE: Final = 16_384
"""Bytes of an object of which what it mentions may be remembered."""
_UUID_VERSION: Final = -22
_FORMS_AT_MOST: Final = 16_384
_SHAPES_AT_MOST: Final = 1_024
_AHEAD: Final = 256
"""Objects of a shape that are judged by the form of their type: to write one of its own takes as long as that saves."""
_NAMES_AT_MOST: Final = 64
"""Properties of a shape that is remembered."""
_strictest: Final = lru_cache(maxsize=1_024)(strictest)
_is_uuid: Final = re.compile(UUID_FORM).fullmatch
_NONE: Final[frozenset[str]] = frozenset()
_MARKS: Final = "object_marking_refs"
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
_KEY: Final = _Form(rf"\A{KEY_FORM}\Z")


class _Shape(msgspec.Struct):
    """What objects of one type with the same properties in the same order have in common.

    `form` judges them. `single` and `several` have one text of a form or a list of such, `wanted` are lists of whose
    members each has one of some names. `alone` are references without which the object cannot be, `others` other single
    references, `lists` lists of references. `ids` counts what holds one id each. `checked` are judged by their checks,
    `beyond` are those and what is beyond the standard, and `marks` says so. `requires` reads what the object cannot do
    without, where that is not `alone`. `rules` are those that can find something. `moment` is the timestamp that is the
    version. `ahead` counts the objects until a form of its own is written for the shape.
    """

    form: type[msgspec.Struct]
    times: tuple[tuple[str, int], ...]
    single: tuple[tuple[str, _Form], ...]
    several: tuple[tuple[str, _Form], ...]
    wanted: tuple[tuple[str, frozenset[str]], ...]
    alone: tuple[str, ...]
    others: tuple[str, ...]
    lists: tuple[str, ...]
    ids: int
    checked: tuple[tuple[str, Check], ...]
    beyond: tuple[str, ...]
    marks: tuple[str, ...]
    requires: Callable[[Members], Requires] | None
    rules: tuple[Rule, ...]
    moment: str | None
    deterministic: bool
    is_relationship: bool
    may_be_marked: bool
    ahead: int = _AHEAD


class _Table(msgspec.Struct, frozen=True):
    """What one type of object is judged by here.

    `types` are those of the properties that `form` judges, but for the form of texts, which is judged here: `single`
    are those with one such text, `several` those with a list. `prefix` begins the object's own id. `times` are those
    that are timestamps, each with the least length it has. `shapes` remembers shapes by their names.
    """

    kind: Kind
    types: dict[str, Any]
    form: type[msgspec.Struct]
    prefix: str
    times: tuple[tuple[str, int], ...]
    single: tuple[tuple[str, _Form], ...]
    several: tuple[tuple[str, _Form], ...]
    shapes: dict[tuple[str, ...], _Shape]


def _table(kind: Kind) -> _Table:
    """Write a kind's table as a type, as far as types stand for its checks."""
    types: dict[str, Any] = {"id": str, "spec_version": Literal["2.1"]}
    times = {name: _SHORTEST[id(check)] for name, check in kind.properties.items() if id(check) in _SHORTEST}
    types |= dict.fromkeys(times, _TIME)
    for name, check in kind.properties.items():
        standing = type_for(check)
        if standing is not None and name not in types:
            types[name] = standing
    single = tuple((name, _form_of(form)) for name, standing in types.items() if (form := form_of(standing)))
    several = tuple((name, _form_of(form))
                    for name, standing in types.items() if (form := form_of(member_of(standing))))  # fmt: skip
    types |= {name: str for name, _ in single} | {name: listed(str) for name, _ in several}
    return _Table(kind, types, table(kind.type, types, frozenset()), f"{kind.type}--", tuple(times.items()),
                  single, several, {})  # fmt: skip


_TABLES: Final[dict[str, _Table]] = {}
"""Those of the standard's types that were asked for: to write one takes longer than to judge a hundred objects."""
_REMEMBERED: Final[list[dict[tuple[str, ...], _Shape]]] = []
"""Where each shape is that is remembered."""


def _table_of(type_name: str) -> _Table | None:
    """Return the table of a type; None of one whose objects are left to the checks."""
    kind = KINDS.get(type_name)
    if kind is None:
        return _custom_table(type_name)
    return None if kind.group is Group.META else _TABLES.setdefault(type_name, _table(kind))


@lru_cache(maxsize=1)
def _custom() -> _Table:
    return _table(custom_kind("custom", Group.DOMAIN))


@lru_cache(maxsize=1_024)
def _custom_table(type_name: str) -> _Table | None:
    """Return the table of a domain object of a type that the standard does not define (§11.2)."""
    if not is_type_name(type_name):
        return None
    kind = custom_kind(type_name, Group.DOMAIN)
    return msgspec.structs.replace(_custom(), kind=kind, prefix=f"{type_name}--", shapes={})


def _shape(known: _Table, members: Members) -> _Shape | None:
    """Work out what hangs on the names of an object's properties; None where they leave anything in doubt."""
    kind, names = known.kind, members.keys()
    if not (kind.required <= names and _JUDGED_LAST.isdisjoint(names)):
        return None
    beyond = tuple(name for name in names if name not in known.types)
    custom = [name for name in beyond if name not in kind.properties]
    if not all(name not in DERIVATIONS and is_custom_name(name, kind) for name in custom):
        return None
    reader = REQUIRED.get(kind.type)
    alone = tuple(name for name in reader.names if name in names) if isinstance(reader, EachOf) else ()
    single = tuple(one for one in known.single if one[0] in names)
    several = tuple(one for one in known.several if one[0] in names)
    checks = [(name, check) for name, check in kind.properties.items() if name in names]
    shape = _Shape(
        form=known.form,
        times=tuple(one for one in known.times if one[0] in names),
        single=single,
        several=several,
        wanted=tuple((name, wanted) for name, check in checks if (wanted := wanted_of_each(check))),
        alone=alone,
        others=tuple(name for name, _ in single if name.endswith("_ref") and name not in alone),
        lists=tuple(name for name, _ in several if name.endswith("_refs") and name != _MARKS),
        ids=1 + len(alone),
        checked=tuple((name, check) for name, check in checks if name not in known.types),
        beyond=beyond,
        marks=custom_marks(members, kind, custom),
        requires=None if isinstance(reader, EachOf) else reader,
        rules=tuple(rule for rule in kind.rules if concerned(rule) <= names),
        moment=next((name for name in ("modified", "created") if name in names), None),
        deterministic=bool(kind.contributing),
        is_relationship=kind.type == "relationship",
        may_be_marked=LABELS in names or kind.type == MESSAGE,
    )
    _remember(known.shapes, tuple(names), shape)
    return shape


def _own_form(known: _Table, names: tuple[str, ...]) -> type[msgspec.Struct]:
    """Write the form of a shape: the types of its properties in their order, which is the quickest to read."""
    types = {name: known.types[name] for name in names if name in known.types}
    return table(known.kind.type, types, frozenset(types))


def _remember(shapes: dict[tuple[str, ...], _Shape], names: tuple[str, ...], shape: _Shape) -> None:
    """Remember a shape; where there are too many, forget all."""
    if len(names) > _NAMES_AT_MOST:
        return
    if len(_REMEMBERED) >= _SHAPES_AT_MOST:
        for each in _REMEMBERED:
            each.clear()
        _REMEMBERED.clear()
    shapes[names] = shape
    _REMEMBERED.append(shapes)


def at_once(raw: bytes) -> Accepted | None:
    """Return what an object's JSON text comes to, or None where anything about it is in doubt."""
    try:
        members = _decode(raw)
        known = _TABLES.get(members["type"]) or _table_of(members["type"])
        if known is None:
            return None
        shape = known.shapes.get(tuple(members)) or _shape(known, members)
        if shape is None:
            return None
        formed = _convert(members, shape.form)
        body = _encode(members)
    except (msgspec.MsgspecError, ValueError, TypeError, KeyError, RecursionError):
        return None
    if shape.ahead:
        shape.ahead -= 1
        if not shape.ahead:
            shape.form = _own_form(known, tuple(members))
    referred: list[str] = []
    # No token is shorter than in canonical form, so texts of one length have lost no member that was written twice.
    if (
        (len(raw) != len(body) and (raw.count(b'"') != body.count(b'"') or (b"\\" in raw and b"\\u0022" in raw)))
        or not _are_formed(members, known, shape)
        or not _hold(members, shape)
        or not _are_plain(map(members.__getitem__, shape.beyond), referred)
    ):
        return None
    return _judged(members, formed, body, known.kind, shape, referred)


def _are_formed(members: dict[str, Any], known: _Table, shape: _Shape) -> bool:
    """Say whether texts that the library took as such have the form they must."""
    for name, form in shape.single:
        text = members[name]
        if text not in form.right and not form.holds(text):
            return False
    for name, form in shape.several:
        texts = members[name]
        if not (form.right.issuperset(texts) or all(map(form.holds, texts))):
            return False
    for name, shortest in shape.times:
        text = members[name]
        if not (shortest <= len(text) <= _FINEST and text[10] == "T" and text[-1] == "Z"):
            return False
    own = members["id"]
    return own.startswith(known.prefix) and _is_uuid(own, len(known.prefix)) is not None


def _hold(members: dict[str, Any], shape: _Shape) -> bool:
    """Say whether there is what a type leaves to be judged, and checks find nothing."""
    for name, wanted in shape.wanted:
        if any(map(wanted.isdisjoint, members[name])):
            return False
    return not any(check(members[name]) for name, check in shape.checked) if shape.checked else True


def _are_plain(values: Iterable[Any], referred: list[str], depth: int = _DEEPEST) -> bool:
    """Say whether values are canonical as the library writes them; gather the ids in them."""
    for value in values:
        kind = type(value)
        if kind is str:
            if value[_HYPHENS] == "--":
                referred.append(value)
        elif kind is int:
            if not -LARGEST_WHOLE <= value <= LARGEST_WHOLE:
                return False
        elif kind is not bool and not (depth and _is_plain_inside(value, referred, depth - 1)):
            return False
    return True


def _is_plain_inside(value: Any, referred: list[str], depth: int) -> bool:  # noqa: ANN401 - a JSON value
    """Say whether a value is a list or an object with names as the standard has them, and plain inside."""
    if type(value) is list:
        return _are_plain(value, referred, depth)
    return (
        type(value) is dict
        and (_KEY.right.issuperset(value) or all(map(_KEY.holds, value)))
        and _are_plain(value.values(), referred, depth)
    )


def _judged(members: dict[str, Any], formed: object, body: bytes, kind: Kind, shape: _Shape,
            referred: list[str]) -> Accepted | None:  # fmt: skip
    """Judge what stands between properties, and draw out what the house needs to know."""
    own: str = members["id"]
    for rule in shape.rules:
        if rule(members):
            return None
    deterministic = None
    if shape.deterministic and own[_UUID_VERSION] == "5":
        computed = deterministic_id(members, kind.contributing)
        deterministic = computed == own
        if computed is None or (deterministic and "modified" in members):
            return None
    marks = tuple(members.get(_MARKS, ()))
    version = VERSIONLESS if shape.moment is None else members[shape.moment]
    if shape.requires is None:
        requires: Requires = tuple([frozenset((members[name],)) for name in shape.alone]) if shape.alone else ()
    else:
        requires = shape.requires(members)
    return Accepted(
        own, kind.type, version, members.get("created"), body, sha256(body).digest(),
        members.get("revoked") is True, _strictest(marks) if marks else None, marks, (), requires,
        _mentions(members, body, shape, (marks, referred), requires), frozenset(),
        derived_pair(members) if shape.is_relationship else None, shape.marks, deterministic,
        _instant(formed, shape.moment, version), shape.may_be_marked and is_marked(members),
    )  # fmt: skip


def _instant(formed: Any, moment: str | None, version: str) -> int:  # noqa: ANN401 - a value of a table's type
    """Return a version's instant, from the timestamps that the library has read where it has."""
    if moment is None:
        return 0
    read: datetime | None = getattr(formed, moment, None)
    return instant_of_checked(version) if read is None else (read - EPOCH) // MICROSECOND


def _mentions(members: dict[str, Any], body: bytes, shape: _Shape, ids: tuple[tuple[str, ...], list[str]],
              requires: Requires) -> frozenset[str]:  # fmt: skip
    """Return what `references.mentions` does, of the ids of markings and those that stand beyond the types."""
    marks, referred = ids
    own: str = members["id"]
    for name in shape.others:
        referred.append(members[name])
    count = shape.ids + len(marks) + len(referred)
    for name in shape.lists:
        count += len(members[name])
    # An id holds two hyphens: where no others stand than those of what was gathered, no id is overlooked.
    if body.count(b"--") != count or len(body) > _LARGE:
        return mentions_in(body, own, requires)
    found = _gathered(tuple(referred)) if referred else _NONE
    for name in shape.lists:
        found |= {text for text in members[name] if not text.startswith(MARKING)}
    if own in found:
        found -= {own}
    for group in requires:
        if len(group) == 1 and not found.isdisjoint(group):
            found -= group
    return found


@lru_cache(maxsize=1_024)
def _gathered(texts: tuple[str, ...]) -> frozenset[str]:
    """Return those of some texts that are ids of anything but a marking; the same few recur."""
    return frozenset([text for text in texts if is_mention(text)])
