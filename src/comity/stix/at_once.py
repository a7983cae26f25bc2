"""Accepting objects at once: read straight into the form of their type, and what that leaves to judge, judged together.

What is accepted here, the checks of `judging` accept too, with the same outcome; whatever is in doubt is left to them,
and they alone say what is wrong. Objects of one form are judged column by column: each property in all of them by one
call. Where that leaves a doubt, they are judged anew in smaller lots, until it hangs on those alone that raise it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from itertools import chain, repeat, starmap
from operator import lt, ne
from typing import Any, Final

import msgspec
from msgspec import UNSET
from msgspec.structs import astuple

from comity.stix.canonical import plain_names
from comity.stix.exercises import is_marked
from comity.stix.forms import form_for
from comity.stix.identifiers import deterministic_id
from comity.stix.markings import strictest
from comity.stix.outlines import Columns, Outline
from comity.stix.references import MARKING, derived_pair, is_mention, mentions
from comity.stix.texts import HYPHENS
from comity.stix.timestamps import EPOCH, MICROSECOND, VERSIONLESS, instant_of_checked, plain
from comity.stix.types_relations import DERIVED_FROM
from comity.stix.verdicts import Accepted, Requires

_decode: Final = msgspec.json.Decoder().decode
_encode: Final = msgspec.json.Encoder(order="deterministic").encode
_strictest: Final = lru_cache(maxsize=1_024)(strictest)

_TOGETHER: Final = 128
"""Objects that are judged together: what is known of them stays near to the processor."""
_PARTS: Final = 8
"""Lots that one is parted into where it is in doubt."""
_SHORTEST: Final = 41
"""Characters that an id has at least."""
_HYPHEN: Final = -38
"""Where the first of the two hyphens before a UUID stands, counted from the end of an id."""
_BEFORE_UUID: Final = HYPHENS.encode()
_UUID_VERSION: Final = -22
_NONE: Final[frozenset[str]] = frozenset()


class DoubtError(Exception):
    """Something about an object is left to the checks."""


_Lot = list[tuple[int, msgspec.Struct, bytes]]
"""Objects of one form: where each stands among those that were given, what was read of it, its canonical bytes."""


def at_once(texts: Sequence[bytes]) -> list[Accepted | None]:
    """Return what each of some objects' JSON texts comes to, or None where anything about it is in doubt."""
    found: list[Accepted | None] = [None] * len(texts)
    lots: defaultdict[Outline, _Lot] = defaultdict(list)
    for place, raw in enumerate(texts):
        form = form_for(raw)
        if form is None:
            continue
        try:
            read = form.decode(raw)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            form.lacks(raw)
            continue
        body = _encode(read)
        # No token is shorter than in canonical form, so texts of one length have lost no member.
        if len(raw) != len(body) and _may_have_lost(raw, body):
            continue
        lot = lots[form.outline]
        lot.append((place, read, body))
        if len(lot) == _TOGETHER:
            # Nothing else holds what was read: the next lot is read into the same memory, while that is near.
            del read, lot
            _judge(form.outline, lots.pop(form.outline), found)
    for outline, lot in lots.items():
        _judge(outline, lot, found)
    return found


def _may_have_lost(raw: bytes, body: bytes) -> bool:
    """Say whether a member may have been written twice, of which one is lost: then there are fewer quotation marks.

    One that is escaped by its number is one more, and then has a backslash before it.
    """
    return raw.count(b'"') != body.count(b'"') or (b"\\" in body and b"\\u0022" in raw)


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
    for place in outline.sparse:
        there[place] = [value for value in columns[place] if value is not UNSET]
    own = columns[outline.own]
    _surely(outline.ids.hold(own))
    versions, instants = _timed(columns, there, outline)
    _hold(there, columns, bodies, outline)
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
        _mentions(columns, there, bodies, requires, outline),
        repeat(_NONE),
        _pairs(columns, outline),
        _custom(columns, outline),
        map(_deterministic, own, bodies, repeat(outline.contributing)) if outline.contributing else repeat(None),
        instants,
        repeat(object=False) if outline.exercise is None else map(is_marked, outline.exercise(columns)),
    )


def _surely(said: bool) -> None:  # noqa: FBT001 - it is what is said
    """Go on where something is said of all."""
    if not said:
        raise DoubtError


def _hold(there: Columns, columns: Columns, bodies: Sequence[bytes], outline: Outline) -> None:
    """Judge texts of a form, what has checks of its own, and what stands between properties."""
    for place, texts in outline.named:
        _surely(texts.hold(there[place]))
    for place, check in outline.checked:
        _surely(not any(map(check, there[place])))
    for part, rule in outline.rules:
        _surely(not any(map(rule, part(columns))))
    if outline.deep and not all(map(bytes.isascii, bodies)):
        _surely(all(map(plain_names, chain(*[there[place] for place in outline.deep]))))


def _inside(there: Columns, outline: Outline) -> Columns:
    """Return the texts in lists of values, by their names, where each value has one of those that are wanted of it."""
    found: list[Sequence[Any]] = []
    for place, within, wanted in outline.flat:
        members = tuple(zip(*map(astuple, chain.from_iterable(there[place])), strict=True))
        if members:
            told = [members[each] for each in within]
            _surely(not wanted or UNSET not in told[0] or all(map(any, zip(*told[:wanted], strict=True))))
            found += told
    return found


def _timed(columns: Columns, there: Columns, outline: Outline) -> tuple[Iterable[str], Iterable[int]]:
    """Judge timestamps, and return versions and their instants."""
    read: dict[int, Any] = {}
    for place, least in outline.times:
        # Those of which more is wanted come first, and often others are the same.
        same = next((other for other in read if there[other] == there[place]), None)
        read[place] = plain(there[place], least) if same is None else read[same]
    _surely(None not in read.values())
    for earlier, later, is_before in outline.orders:
        if read[earlier] is not read[later] or is_before is lt:
            both = [_spread(read[place], columns[place]) if place in outline.optional else read[place]
                    for place in (earlier, later)]  # fmt: skip
            pairs = zip(*both, strict=True)
            whole = outline.optional.isdisjoint((earlier, later))
            _surely(all(starmap(is_before, pairs if whole else [pair for pair in pairs if None not in pair])))
    if not outline.moments:
        return repeat(VERSIONLESS), repeat(0)
    mostly = outline.moments[0]
    if mostly not in outline.optional:
        return columns[mostly], [(moment - EPOCH) // MICROSECOND for moment in read[mostly]]
    written = zip(*[columns[place] for place in outline.moments], strict=True)
    versions = [next(filter(None, row), VERSIONLESS) for row in written]
    return versions, map(instant_of_checked, versions)


def _spread(moments: Iterable[datetime], column: Sequence[Any]) -> list[datetime | None]:
    """Return moments where they are in a column, and None where nothing is."""
    each = iter(moments)
    return [None if text is UNSET else next(each) for text in column]


def _marks(columns: Columns, outline: Outline) -> Sequence[tuple[str, ...]]:
    """Return the markings of each object; nothing where none has any."""
    if outline.marks is None:
        return ()
    place, texts = outline.marks
    marks = [listed or () for listed in columns[place]]
    _surely(texts.hold(chain.from_iterable(set(marks))))
    return marks


def _requires(columns: Columns, outline: Outline) -> Sequence[Requires]:
    """Return what each object cannot do without; nothing where no object of the type needs any."""
    if outline.requires is not None:
        part, reader = outline.requires
        return list(map(reader, part(columns)))
    alone = [texts.sets(columns[place]) for place, texts in outline.alone]
    _surely(None not in alone)
    return list(zip(*alone, strict=True))


def _pairs(columns: Columns, outline: Outline) -> Iterable[tuple[str, str] | None]:
    """Return what derives and what from, of relationships that say so."""
    if outline.relation is None or DERIVED_FROM not in columns[outline.relation[0]]:
        return repeat(None)
    return map(derived_pair, outline.relation[1](columns))


def _custom(columns: Columns, outline: Outline) -> Iterable[tuple[str, ...]]:
    """Say what objects have beyond the standard."""
    lack = [columns[place].count(UNSET) for place, _ in outline.custom]
    if all(many in {0, len(columns[0])} for many in lack):
        all_have = [label for (_, label), many in zip(outline.custom, lack, strict=True) if not many]
        return repeat(_kept((*outline.beyond, *all_have)))
    said = [[None if value is UNSET else label for value in columns[place]] if many else repeat(label)
            for (place, label), many in zip(outline.custom, lack, strict=True)]  # fmt: skip
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


def _mentions(columns: Columns, there: Columns, bodies: Sequence[bytes], requires: Sequence[Requires],
              outline: Outline) -> Iterable[frozenset[str]]:  # fmt: skip
    """Return what `references.mentions` does, of each object."""
    single, several = _referred(columns, there, outline)
    found = list(map(_gathered, zip(*single, strict=True))) if single else [_NONE] * len(bodies)
    for column in several:
        found = [had.union([text for text in listed if not text.startswith(MARKING)])
                 for had, listed in zip(found, column, strict=True)]  # fmt: skip
    own, alone = columns[outline.own], [columns[place] for place, _ in outline.alone]
    among = frozenset().union(*set(found))
    if (requires and not alone) or not all(map(among.isdisjoint, (own, *alone))):
        found = [had.difference((one,), *(group for group in groups if len(group) == 1))
                 for had, one, groups in zip(found, own, requires or repeat(()))]  # noqa: B905 - one is without end
    if _has_other_ids(columns, there, outline):
        marks = [] if outline.marks is None else [[listed or () for listed in columns[outline.marks[0]]]]
        for place in _with_more(bodies, [own, *alone, *single], [*several, *marks]):
            found[place] = mentions(_decode(bodies[place]), own[place], requires[place] if requires else ())
    return found


def _referred(columns: Columns, there: Columns, outline: Outline) -> tuple[list[Sequence[str]], Columns]:
    """Return the ids in properties that refer to one object, empty where there is none, and in those that list some."""
    _surely(all(texts.hold(there[place]) for place, texts in outline.others))
    _surely(all(texts.hold(chain.from_iterable(there[place])) for place, texts in outline.lists))
    single: list[Sequence[str]] = [[text or "" for text in columns[place]] for place, _ in outline.others]
    single += [_ids_among(columns[place]) for place in outline.likely]
    several = [[listed or () for listed in columns[place]] for place, _ in outline.lists]
    several += [[list(filter(is_mention, listed or ())) for listed in columns[place]] for place in outline.likely_lists]
    return single, several


def _ids_among(column: Sequence[Any]) -> list[str]:
    """Return texts that are ids of anything but a marking, and nothing in place of others."""
    ids = set(filter(is_mention, filter(None, set(column))))
    return [text if text in ids else "" for text in column]


def _has_other_ids(columns: Columns, there: Columns, outline: Outline) -> bool:
    """Say whether there may be ids in objects elsewhere than where ids are known to stand."""
    others = [*[columns[place] for place in outline.texts], *_inside(there, outline),
              *[chain.from_iterable(there[place]) for place in outline.words]]  # fmt: skip
    return bool(outline.deep) or any(map(_may_be_ids, others))


def _may_be_ids(texts: Iterable[str]) -> bool:
    """Say whether any of some texts may be an id."""
    return bool([True for text in texts
                 if text and len(text) >= _SHORTEST and text[_HYPHEN] == "-" == text[_HYPHEN + 1]])  # fmt: skip


def _with_more(bodies: Sequence[bytes], single: Columns, several: Columns) -> Sequence[int]:
    """Say which objects may have ids beside those that are known to stand in them."""
    seen = [body.count(_BEFORE_UUID) for body in bodies]
    known = len(bodies) * len(single) - sum([column.count("") for column in single])
    if sum(seen) == known + sum([len(listed) for column in several for listed in column]):
        return ()
    each = zip(*[map(bool, column) for column in single], *[map(len, column) for column in several], strict=True)
    return [place for place, differs in enumerate(map(ne, seen, map(sum, each))) if differs]


@lru_cache(maxsize=1_024)
def _gathered(texts: tuple[str, ...]) -> frozenset[str]:
    """Return those of some texts that are ids of anything but a marking; the same few recur."""
    return frozenset(filter(is_mention, texts))
