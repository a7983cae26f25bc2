"""The form of a type's objects: the standard's tables as a type of the JSON library, of what objects are met with.

A type of object may have some thirty properties, and custom ones beside; most objects that come have the same dozen. So
its form has the properties that its objects were met with, in canonical order, and is written anew when others come.
What a form takes has all that its type must have, and nothing that the form does not know.
"""

from collections.abc import Callable
from typing import Any, Final, NoReturn

import msgspec
from msgspec import UnsetType

from comity.stix.faults import Members
from comity.stix.judging import is_custom_name, is_type_name
from comity.stix.kinds import KINDS
from comity.stix.native import listed, table
from comity.stix.outlines import PLAIN, WHOLE, Ground, Outline, ground, outline
from comity.stix.properties import Group, Kind, custom_kind
from comity.stix.references import DERIVATIONS

Decode = Callable[[bytes], msgspec.Struct]
"""What reads an object's text into a type."""
Met = dict[str, frozenset[type]]
"""Properties: what a custom one was met as, and whether objects lacked it (`UnsetType`)."""


class _Words:
    """A list of texts, as a custom property is met."""


_CUSTOM: Final[dict[type, Any]] = {
    str: str, bool: bool, int: WHOLE, _Words: listed(str), list: list[PLAIN], dict: dict[str, PLAIN],
}  # fmt: skip
"""What a custom property is met as, and the type of that: others are not written here as RFC 8785 has it."""
_JUDGED_LAST: Final = frozenset({"extensions", "granular_markings"})
_AHEAD: Final = 4
"""Objects that a form does not take until it is written anew: that takes as long as the checks of so many."""
_NAMES_AT_MOST: Final = 96
"""Properties of a form."""
_FORMS_AT_MOST: Final = 256
_AT: Final = len(b'{"type":"')

_decode: Final = msgspec.json.Decoder(dict[str, Any]).decode


def _taking_none(_: bytes) -> NoReturn:
    message = "no type is written that takes it"
    raise ValueError(message)


class Form:
    """What the objects of one type have been met with, and the type that takes such objects.

    `decode` reads an object's text into that type, and `outline` says what it leaves to judge. Before the type is
    written, no object is of it.
    """

    outline: Outline

    def __init__(self, kind: Kind) -> None:
        """Begin with nothing met."""
        self.decode: Decode = _taking_none
        self._kind = kind
        self._ground: Ground | None = None
        self._met: Met = {}
        self._written: Met = {}
        self._lacking = 0

    def lacks(self, raw: bytes) -> None:
        """Meet an object that the form did not take; after a few that have what it lacks, write it anew."""
        try:
            members = _decode(raw)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return
        if not all(self._may_have(name, type(value)) for name, value in members.items()):
            return
        if self._written and self._with(self._written, members) == self._written:
            return
        met = self._with(self._met, members)
        self._met = met if len(met) <= _NAMES_AT_MOST else {}
        self._lacking += 1
        if self._lacking >= _AHEAD and self._met:
            self._write()

    def _may_have(self, name: str, met: type) -> bool:
        if name in self._kind.properties:
            return name not in _JUDGED_LAST
        return met in _CUSTOM and name not in DERIVATIONS and is_custom_name(name, self._kind)

    def _with(self, met: Met, members: Members) -> Met:
        """Return what was met, and an object beside."""
        known = self._kind.properties
        found: Met = {name: frozenset(() if name in known else {_met_as(value)}) for name, value in members.items()}
        if not met:
            return found
        absent = frozenset({UnsetType})
        return {name: met.get(name, absent) | found.get(name, absent) for name in met | found}

    def _write(self) -> None:
        """Write the type that takes what was met."""
        kind, self._written, self._lacking = self._kind, self._met, 0
        known = self._ground = self._ground or ground(kind)
        met: Met = {name: frozenset() for name in kind.required} | self._written
        types = {name: known.types[name] if name in kind.properties else _either(met[name]) for name in sorted(met)}
        optional = {name for name in met if UnsetType in met[name]} - kind.required
        kept = table(kind.type, types, frozenset(met) - optional, closed=True)
        self.decode, self.outline = msgspec.json.Decoder(kept).decode, outline(known, types, optional)


def _met_as(value: object) -> type:
    """Say what a custom property is met as."""
    return _Words if type(value) is list and value and all(type(one) is str for one in value) else type(value)


def _either(met: frozenset[type]) -> Any:  # noqa: ANN401 - a type of any form that typing allows
    """Return the type of a custom property that was met as one of several; a list of anything takes one of texts."""
    first, *more = (_CUSTOM[one] for one in met - {UnsetType, _Words if list in met else UnsetType})
    for one in more:
        first |= one
    return first


class _Head(msgspec.Struct):
    """What says the form of an object."""

    type: str


_head: Final = msgspec.json.Decoder(_Head).decode
_FORMS: Final[dict[bytes, Form]] = {}
"""Those of the types that were asked for; where there are too many, all are forgotten."""


def form_for(raw: bytes) -> Form | None:
    """Return the form of an object's type; None where there is none, and the checks are to judge it."""
    # Mostly the type stands first. Where what is taken for it is something else, its form will not take the object.
    return _FORMS.get(raw[_AT : raw.find(b'"', _AT)]) or _form(raw)


def _form(raw: bytes) -> Form | None:
    try:
        name = _head(raw).type
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    known = _FORMS.get(name.encode())
    if known is not None:
        return known
    kind = KINDS.get(name) or (custom_kind(name, Group.DOMAIN) if is_type_name(name) else None)
    if kind is None or kind.group is Group.META:
        return None
    if len(_FORMS) >= _FORMS_AT_MOST:
        _FORMS.clear()
    made = _FORMS[name.encode()] = Form(kind)
    return made
