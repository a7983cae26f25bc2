"""Accepting objects at once: read straight into the form of their type, and what that leaves to judge, judged together.

What is accepted here, the checks of `judging` accept too, with the same outcome; whatever is in doubt is left to them,
and they alone say what is wrong. Objects of one form are judged column by column: each property in all of them by one
call. Where that leaves a doubt, they are judged anew in smaller lots, until it hangs on those alone that raise it.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from itertools import chain, repeat
from operator import le, lt
from typing import Any, Final

import msgspec
from msgspec import UNSET
from msgspec.structs import astuple

from comity.stix.canonical import LARGEST_WHOLE
from comity.stix.checks import dictionary_key
from comity.stix.exercises import is_marked
from comity.stix.forms import form_for
from comity.stix.identifiers import deterministic_id
from comity.stix.markings import strictest
from comity.stix.outlines import Columns, Outline, Texts
from comity.stix.references import MARKING, derived_pair, is_mention
from comity.stix.timestamps import EPOCH, MICROSECOND, VERSIONLESS, instant_of_checked, plain
from comity.stix.types_relations import DERIVED_FROM
from comity.stix.verdicts import Accepted, AnyOf, Requires

_decode: Final = msgspec.json.Decoder().decode
_encode: Final = msgspec.json.Encoder(order="deterministic").encode
_strictest: Final = lru_cache(maxsize=1_024)(strictest)

_TOGETHER: Final = 128
"""Objects that are judged together: what is known of them stays near to the processor."""
_PARTS: Final = 8
"""Lots that one is parted into where it is in doubt."""
_DEEPEST: Final = 8
_SHORTEST: Final = 41
"""Characters that an id has at least."""
_HYPHEN: Final = -38
"""Where the first of the two hyphens before a UUID stands, counted from the end of an id."""
_UUID_VERSION: Final = -22
_NONE: Final[frozenset[str]] = frozenset()


class DoubtError(Exception):
    """Something about an object is left to the checks."""


_Lot = list[tuple[int, msgspec.Struct, bytes]]
"""Objects of one form: where each stands among those that were given, what was read of it, its canonical bytes."""


def at_once(texts: Sequence[bytes]) -> list[Accepted | None]:
    """Return what each of some objects' JSON texts comes to, or None where anything about it is in doubt."""
    found: list[Accepted | None] = [None] * len(texts)
    for outline, lot in _lots(texts):
        _judge(outline, lot, found)
    return found


def _lots(texts: Sequence[bytes]) -> Iterator[tuple[Outline, _Lot]]:
    """Read objects into their forms, and yield those of one form as soon as there are enough, or no more come."""
    lots: dict[Outline, _Lot] = {}
    for place, raw in enumerate(texts):
        form = form_for(raw)
        if form is None:
            continue
        if form.taking is None:
            form.lacks(raw)
            continue
        decode, outline = form.taking
        try:
            read = decode(raw)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            form.lacks(raw)
            continue
        body = _encode(read)
        # No token is shorter than in canonical form, so texts of one length have lost no member that was written twice.
        if len(raw) != len(body) and (raw.count(b'"') != body.count(b'"') or (b"\\" in raw and b"\\u0022" in raw)):
            continue
        lot = lots.get(outline)
        if lot is None:
            lot = lots[outline] = []
        lot.append((place, read, body))
        if len(lot) == _TOGETHER:
            yield outline, lots.pop(outline)
    yield from lots.items()


def _judge(outline: Outline, lot: _Lot, found: list[Accepted | None]) -> None:
    """Put what objects of one form come to where they stand."""
    places, read, bodies = zip(*lot, strict=True)
    try:
        accepted = list(_accepted(tuple(zip(*map(astuple, read), strict=True)), bodies, outline))
    except DoubtError:
        size = -(-len(lot) // _PARTS)
        for start in range(0, len(lot), size) if len(lot) > 1 else ():
            _judge(outline, lot[start : start + size], found)
        return
    for place, one in zip(places, accepted, strict=True):
        found[place] = one


def _accepted(columns: Columns, bodies: Sequence[bytes], outline: Outline) -> Iterable[Accepted]:
    """Judge objects of one form, and draw out what the house needs to know of them."""
    there = list(columns)
    for place in outline.optional:
        there[place] = [value for value in columns[place] if value is not UNSET]
    own = columns[outline.own]
    _surely(all(map(outline.is_own, own)))
    versions, instants = _timed(columns, there, outline)
    _hold(there, columns, outline)
    marks = _marks(columns, outline)
    requires = _requires(columns, outline)
    return map(
        Accepted,
        own,
        repeat(outline.type),
        versions,
        repeat(None) if outline.created is None else [moment or None for moment in columns[outline.created]],
        bodies,
        [sha256(body).digest() for body in bodies],
        repeat(object=False) if outline.revoked is None else map(bool, columns[outline.revoked]),
        map(_strictest, marks) if marks else repeat(None),
        marks or repeat(()),
        repeat(()),
        requires or repeat(()),
        _mentions(columns, there, requires, outline),
        repeat(_NONE),
        _pairs(columns, outline),
        _custom(columns, there, outline),
        map(_deterministic, own, bodies, repeat(outline.contributing)) if outline.contributing else repeat(None),
        instants,
        repeat(object=False) if outline.exercise is None else map(is_marked, outline.exercise(columns)),
    )


def _surely(said: bool) -> None:  # noqa: FBT001 - it is what is said
    """Go on where something is said of all."""
    if not said:
        raise DoubtError


def _hold(there: Columns, columns: Columns, outline: Outline) -> None:
    """Judge texts of a form, what has checks of its own, and what stands between properties."""
    for place, texts in outline.named:
        _surely(texts.hold(there[place]))
    for place, check in outline.checked:
        _surely(not any(map(check, there[place])))
    for part, rule in outline.rules:
        _surely(not any(map(rule, part(columns))))


def _timed(columns: Columns, there: Columns, outline: Outline) -> tuple[Iterable[str], Iterable[int]]:
    """Judge timestamps, and return versions and their instants."""
    read: dict[int, Any] = {}
    for place, least in outline.times:
        # Those of which more is wanted come first, and often others are the same.
        same = next((other for other in read if there[other] == there[place]), None)
        read[place] = plain(there[place], least) if same is None else read[same]
    _surely(None not in read.values())
    for earlier, later, strictly, rule in outline.orders:
        first, last = columns[earlier], columns[later]
        if not outline.optional.isdisjoint((earlier, later)):
            pairs = [pair for pair in zip(first, last, strict=True) if UNSET not in pair]
            first, last = [one for one, _ in pairs], [one for _, one in pairs]
        # Of one length, texts are in the order of their times.
        if len(set(map(len, chain(first, last)))) > 1 or not all(map(lt if strictly else le, first, last)):
            names = outline.names[earlier], outline.names[later]
            _surely(not any(rule(dict(zip(names, pair, strict=True))) for pair in zip(first, last, strict=True)))
    if not outline.moments:
        return repeat(VERSIONLESS), repeat(0)
    mostly = outline.moments[0]
    if mostly not in outline.optional:
        return columns[mostly], [(moment - EPOCH) // MICROSECOND for moment in read[mostly]]
    written = zip(*[columns[place] for place in outline.moments], strict=True)
    versions = [next(filter(None, row), VERSIONLESS) for row in written]
    return versions, map(instant_of_checked, versions)


def _marks(columns: Columns, outline: Outline) -> Sequence[tuple[str, ...]]:
    """Return the markings of each object; nothing where none has any."""
    if outline.marks is None:
        return ()
    place, texts = outline.marks
    marks = [tuple(listed or ()) for listed in columns[place]]
    _surely(texts.hold(chain.from_iterable(set(marks))))
    return marks


def _requires(columns: Columns, outline: Outline) -> Sequence[Requires]:
    """Return what each object cannot do without; nothing where no object of the type needs any."""
    if outline.requires is not None:
        part, reader = outline.requires
        return list(map(reader, part(columns)))
    return list(zip(*[_each(texts, columns[place]) for place, texts in outline.alone], strict=True))


def _each(texts: Texts, column: Sequence[str]) -> list[AnyOf]:
    """Return each of some texts as a set by itself, where all have the form."""
    found = [one for text in column if (one := texts.right.get(text) or texts.holds(text)) is not None]
    _surely(len(found) == len(column))
    return found


def _pairs(columns: Columns, outline: Outline) -> Iterable[tuple[str, str] | None]:
    """Return what derives and what from, of relationships that say so."""
    if outline.relation is None or DERIVED_FROM not in columns[outline.relation[0]]:
        return repeat(None)
    return map(derived_pair, outline.relation[1](columns))


def _custom(columns: Columns, there: Columns, outline: Outline) -> Iterable[tuple[str, ...]]:
    """Say what objects have beyond the standard."""
    if all(len(there[place]) in {0, len(columns[place])} for place, _ in outline.custom):
        return repeat(_kept((*outline.beyond, *(label for place, label in outline.custom if there[place]))))
    said = [[None if value is UNSET else label for value in columns[place]] if place in outline.optional
            else repeat(label) for place, label in outline.custom]  # fmt: skip
    return [_kept((*outline.beyond, *filter(None, row))) for row in zip(*said)]  # noqa: B905 - some repeat without end


@lru_cache(maxsize=1_024)
def _kept(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Return labels as they were met first: one copy is enough."""
    return labels


def _deterministic(own: str, body: bytes, contributing: Sequence[str]) -> bool | None:
    """Compare an observable's UUIDv5 with the one the standard computes."""
    if own[_UUID_VERSION] != "5":
        return None
    members = _decode(body)
    computed = deterministic_id(members, contributing)
    _surely(computed is not None and not (computed == own and "modified" in members))
    return computed == own


def _mentions(columns: Columns, there: Columns, requires: Sequence[Requires],
              outline: Outline) -> Iterable[frozenset[str]]:  # fmt: skip
    """Return what `references.mentions` does, of each object."""
    ids = [[text or "" for text in columns[place]] for place, _ in outline.others]
    _surely(all(texts.hold(there[place]) for place, texts in outline.others))
    doubtful = outline.texts if _may_be_ids(chain(*[there[place] for place in outline.texts])) else ()
    ids += [[text if text and _may_be_id(text) else "" for text in columns[place]]
            for place in (*outline.likely, *doubtful) if _may_be_ids(there[place])]  # fmt: skip
    found = list(map(_gathered, zip(*ids, strict=True))) if ids else [_NONE] * len(columns[0])
    for column in _nested(columns, there, outline):
        found = [had.union(filter(is_mention, more)) for had, more in zip(found, column, strict=True)]
    for place, texts in outline.lists:
        _surely(texts.hold(chain.from_iterable(there[place])))
        found = [had.union([text for text in listed or () if not text.startswith(MARKING)])
                 for had, listed in zip(found, columns[place], strict=True)]  # fmt: skip
    if not any(found):
        return found
    own = columns[outline.own]
    known: Iterable[Iterable[str]]
    if outline.alone:
        known = zip(own, *[columns[place] for place, _ in outline.alone], strict=True)
    elif requires:
        known = [(one, *chain(*(group for group in groups if len(group) == 1)))
                 for one, groups in zip(own, requires, strict=True)]  # fmt: skip
    else:
        known = zip(own, strict=True)
    return [had if had.isdisjoint(those) else had.difference(those) for had, those in zip(found, known, strict=True)]


def _nested(columns: Columns, there: Columns, outline: Outline) -> Iterator[Sequence[Iterable[str]]]:
    """Yield what may be an id, of each object, in properties that hold more than a text."""
    for place in outline.words:
        if _may_be_ids(chain.from_iterable(there[place])):
            yield [words or () for words in columns[place]]
    for place, read, wanted in outline.flat:
        told = list(map(read, chain.from_iterable(there[place])))
        _surely(wanted is None or all(map(any, map(wanted, told))))
        if _may_be_ids(filter(None, chain.from_iterable(told))):
            yield [filter(None, chain.from_iterable(map(read, values or ()))) for values in columns[place]]
    for place in outline.deep:
        gathered: list[list[str]] = [[] for _ in columns[place]]
        _surely(all(map(_is_plain, columns[place], gathered)))
        if any(gathered):
            yield gathered


def _may_be_id(text: str) -> bool:
    return len(text) >= _SHORTEST and text[_HYPHEN] == "-" == text[_HYPHEN + 1]


def _may_be_ids(texts: Iterable[str]) -> bool:
    """Say whether any of some texts may be an id."""
    return bool([True for text in texts if len(text) >= _SHORTEST and text[_HYPHEN] == "-" == text[_HYPHEN + 1]])


def _is_plain(value: Any, referred: list[str], depth: int = _DEEPEST) -> bool:  # noqa: ANN401 - a JSON value
    """Say whether a value is canonical as the library writes it; gather what may be an id in it."""
    if type(value) is dict:
        return all(map(_is_key, value)) and _are_plain(value.values(), referred, depth)
    return value is UNSET or _are_plain(value if type(value) is list else (value,), referred, depth)


def _are_plain(values: Iterable[Any], referred: list[str], depth: int) -> bool:
    """Say whether values are canonical as the library writes them; gather what may be an id in them."""
    for value in values:
        kind = type(value)
        if kind is str:
            if len(value) >= _SHORTEST and value[_HYPHEN] == "-" == value[_HYPHEN + 1]:
                referred.append(value)
        elif kind is int:
            if not -LARGEST_WHOLE <= value <= LARGEST_WHOLE:
                return False
        elif kind is not bool and not (kind in {list, dict} and depth and _is_plain(value, referred, depth - 1)):
            return False
    return True


@lru_cache(maxsize=1_024)
def _is_key(name: str) -> bool:
    """Say whether a name is of the form that the standard gives keys (§2.3), and surely no id."""
    return "--" not in name and not dictionary_key(name)


@lru_cache(maxsize=1_024)
def _gathered(texts: tuple[str, ...]) -> frozenset[str]:
    """Return those of some texts that are ids of anything but a marking; the same few recur."""
    return frozenset(filter(is_mention, texts))
