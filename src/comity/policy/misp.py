"""How far an event of MISP may go: its distribution levels, sharing groups and tags as limits. Never wider than said.

MISP says of an event, and again of each attribute, object, report and cluster in it, to whom its server gives it
(`distribution` 0–5, a sharing group), and by tags how far a reader may hand it on (TLP) and what may be done with it
(PAP). Here the first becomes a circle of parties and a least TLP, the second the TLP itself. What is said twice counts
by the narrower; what is unknown, unreadable or not said, by the narrowest.

| distribution | within | TLP at least |
|---|---|---|
| 0 your organisation only | nobody else | RED |
| 1 this community only | the parties said to be of the community | AMBER |
| 2 connected communities | whomever an agreement allows | AMBER |
| 3 all communities | whomever an agreement allows | GREEN |
| 4 sharing group | the parties whose organisations it lists | AMBER |
| 5 inherit | as what it stands in | as what it stands in |
"""

import enum
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, Final

from comity.policy.markings import Tlp

Record = Mapping[str, Any]
INHERIT: Final = 5
GROUP: Final = 4
_PASSED_OVER: Final = frozenset({
    "RelatedEvent", "Org", "Orgc", "SharingGroup", "Tag", "EventTag", "AttributeTag", "Feed"})  # fmt: skip
_FEW: Final = 5
_FLOOR: Final = {0: Tlp.RED, 1: Tlp.AMBER, 2: Tlp.AMBER, 3: Tlp.GREEN, GROUP: Tlp.AMBER}


class Pap(enum.IntEnum):
    """The Permissible Actions Protocol; a greater value permits less."""

    CLEAR = 0
    GREEN = 1
    AMBER = 2
    RED = 3


@dataclass(frozen=True, slots=True)
class Limit:
    """How far something may go: its TLP, the circle of parties that it stays in (None: no such circle), its PAP."""

    tlp: Tlp
    within: frozenset[str] | None = None
    pap: Pap | None = None

    def narrowed(self, other: "Limit") -> "Limit":
        """Return what both allow."""
        return Limit(max(self.tlp, other.tlp), _both(self.within, other.within), _stricter(self.pap, other.pap))


@dataclass(frozen=True, slots=True)
class Telling:
    """What the one who brings events says beside them.

    `organisations` gives, by UUID or name in small letters, the code of the party that an organisation of MISP is.
    """

    us: str
    organisations: Mapping[str, str] = field(default_factory=dict)
    community: frozenset[str] = frozenset()
    untagged: Tlp = Tlp.RED
    unstated: int = 0

    def party(self, organisation: object) -> str:
        """Return the code of the party that an organisation (with `uuid` and `name`) is; "" where nobody said."""
        if not isinstance(organisation, Mapping):
            return ""
        names = (str(organisation.get(key) or "").strip().lower() for key in ("uuid", "name"))
        return next((self.organisations[name] for name in names if name in self.organisations), "")


@dataclass(slots=True)
class Limits:
    """What an event allows: as a whole, by the UUID of each part that says something of its own, and what was found."""

    whole: Limit
    parts: dict[str, Limit] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def narrowest(self) -> Limit:
        """What every part allows."""
        return reduce(Limit.narrowed, self.parts.values(), self.whole)


def limits(event: Record, told: Telling) -> Limits:
    """Read how far an event and each of its parts may go."""
    return _Reader(event, told).read()


def spread(found: Limits, refers: Mapping[str, Collection[str]]) -> dict[str, Limit]:
    """Return the limit of each converted object, by id; *refers* says of each to which other ids it refers.

    An object that bears the UUID of a part has that part's limit. One that was made beside (a relationship, an address
    within a message) has what all its neighbours allow, on either side; one that has none, what every part allows.
    """
    own = {one: found.parts.get(one.rpartition("--")[2].lower()) for one in refers}
    known: dict[str, Limit] = {one: limit for one, limit in own.items() if limit is not None}
    made = [one for one in refers if one not in known]
    beside: dict[str, set[str]] = {one: set(refers[one]) for one in made}
    for one, others in refers.items():
        for other in beside.keys() & set(others):
            beside[other].add(one)
    moved = True
    while moved:  # limits only narrow, so this ends
        moved = False
        for one in made:
            near = [known[other] for other in beside[one] if other in known]
            limit = reduce(Limit.narrowed, near) if near else None
            if limit is not None and known.get(one) != limit:
                known[one], moved = limit, True
    narrowest = found.narrowest
    return {one: known.get(one, narrowest) for one in refers}


def tags(record: Record) -> Iterator[str]:
    """Yield the names of a record's own tags, as a server or a feed writes them."""
    for key in ("Tag", "EventTag", "AttributeTag"):
        for tag in _list(record.get(key)):
            inner = tag.get("Tag", tag)
            if isinstance(inner, Mapping) and isinstance(inner.get("name"), str):
                yield inner["name"]


def is_exercise(event: Record) -> bool:
    """Tell whether an event is tagged as an exercise's (the taxonomy `exercise`)."""
    return any(name.strip().lower().startswith("exercise:") for name in tags(event))


def is_deleted(record: Record) -> bool:
    """Tell whether MISP keeps a record only as deleted."""
    return record.get("deleted") in (True, 1, "1", "true")


@dataclass(frozen=True, slots=True)
class _Said:
    """What holds where the reader stands: the label tagged so far (None: none), and all else."""

    tagged: Tlp | None
    limit: Limit

    def resolved(self, untagged: Tlp) -> Limit:
        tlp = untagged if self.tagged is None else self.tagged
        return Limit(max(tlp, self.limit.tlp), self.limit.within, self.limit.pap)


class _Reader:
    def __init__(self, event: Record, told: Telling) -> None:
        self.event, self.told = event, told
        self.notes: dict[str, None] = {}
        self.groups: dict[str, frozenset[str]] = {}

    def read(self) -> Limits:
        self.groups = {key: parties for group in _groups(self.event) for key, parties in self._group(group)}
        said = self._of(self.event, None, "the event")
        whole = said.resolved(self.told.untagged)
        if said.tagged is None:
            self.notes[f"it has no TLP tag and is held as TLP:{whole.tlp.label}; another label: --tlp"] = None
        parts: dict[str, Limit] = {}
        waiting: list[tuple[Any, _Said]] = [(value, said) for value in self._inner(self.event)]
        while waiting:
            record, above = waiting.pop()
            here = self._of(record, above, str(record.get("uuid") or "a part without a UUID"))
            uuid = record.get("uuid")
            if isinstance(uuid, str):
                limit = here.resolved(self.told.untagged)
                parts[uuid.lower()] = limit.narrowed(parts.get(uuid.lower(), limit))
            waiting += [(value, here) for value in self._inner(record)]
        self._join_objects(parts)
        creator = self.event.get("Orgc")
        for one in (self.event, creator if isinstance(creator, Mapping) else {}):
            if isinstance(one.get("uuid"), str):
                parts[one["uuid"].lower()] = whole
        return Limits(whole, parts, list(self.notes))

    def _join_objects(self, parts: dict[str, Limit]) -> None:
        """Narrow each object of several attributes to what all of them allow: it becomes one."""
        for one in _list(self.event.get("Object")):
            uuids = [str(part.get("uuid") or "").lower() for part in (one, *_list(one.get("Attribute")))]
            known = [parts[uuid] for uuid in uuids if uuid in parts]
            if known:
                parts |= dict.fromkeys((uuid for uuid in uuids if uuid in parts), reduce(Limit.narrowed, known))

    def _inner(self, record: Record) -> Iterator[Record]:
        for key, value in record.items():
            if key not in _PASSED_OVER:
                yield from _list([value] if isinstance(value, Mapping) else value)

    def _of(self, record: Record, above: _Said | None, what: str) -> _Said:
        """Return what holds for a record: its own word and that of what it stands in."""
        tagged, pap = self._labels(record, what)
        level = self._level(record, above, what)
        if level == INHERIT and above is not None:
            own = Limit(Tlp.CLEAR, None, pap)
        else:
            own = Limit(_FLOOR[level], self._circle(record, level, what), pap)
        if above is None:
            return _Said(tagged, own)
        labels = [one for one in (tagged, above.tagged) if one is not None]
        return _Said(max(labels, default=None), above.limit.narrowed(own))

    def _level(self, record: Record, above: _Said | None, what: str) -> int:
        if record.get("distribution") is None:
            if above is None:
                self.notes[f"it states no distribution, so {self.told.unstated} counts; another: --distribution"] = None
            return INHERIT if above is not None else self.told.unstated
        text = str(record["distribution"]).strip()
        known = {str(level): level for level in (*_FLOOR, *([] if above is None else [INHERIT]))}
        if text not in known:
            self.notes[f"the distribution “{text:.20}” of {what} is unknown and counts as 0"] = None
        return known.get(text, 0)

    def _circle(self, record: Record, level: int, what: str) -> frozenset[str] | None:
        if level == 0:
            return frozenset()
        if level == 1:
            return self.told.community - {self.told.us}
        if level != GROUP:
            return None
        named = record.get("SharingGroup")
        keys = [str(named.get(key) or "") for key in ("uuid", "id")] if isinstance(named, Mapping) else []
        for key in (*keys, str(record.get("sharing_group_id") or "")):
            if key in self.groups:
                return self.groups[key]
        self.notes[f"the sharing group of {what} is not in the file, so nobody else is in it"] = None
        return frozenset()

    def _group(self, group: Record) -> Iterator[tuple[str, frozenset[str]]]:
        listed = [one.get("Organisation", one) for one in _list(group.get("SharingGroupOrg"))]
        found = {str(one.get("name") or one.get("uuid") or one.get("id")): self.told.party(one) for one in listed
                 if isinstance(one, Mapping)}  # fmt: skip
        name = str(group.get("name") or group.get("uuid") or group.get("id"))
        strangers = sorted(one for one, party in found.items() if not party)
        if strangers:
            few = ", ".join(strangers[:_FEW]) + (f" and {len(strangers) - _FEW} more" if len(strangers) > _FEW else "")
            self.notes[f"sharing group “{name}”: no party is known for {few}"] = None
        if any(server.get("all_orgs") in (True, 1, "1") for server in _list(group.get("SharingGroupServer"))):
            self.notes[f"sharing group “{name}”: it takes in all of a server; only those listed count"] = None
        parties = frozenset(found.values()) - {"", self.told.us}
        if group.get("active") in (False, 0, "0"):
            self.notes[f"sharing group “{name}” is not active, so nobody else is in it"] = None
            parties = frozenset()
        for key in ("uuid", "id"):
            if group.get(key):
                yield str(group[key]), parties

    def _labels(self, record: Record, what: str) -> tuple[Tlp | None, Pap | None]:
        """Read a record's own TLP and PAP tags: the strictest of each; one that is not known counts as RED."""
        labels: list[Tlp] = []
        paps: list[Pap] = []
        for name in tags(record):
            kind, joint, word = name.strip().upper().partition(":")
            if not joint or kind not in {"TLP", "PAP"} or word.startswith("EX:"):
                continue
            try:
                if kind == "TLP":
                    labels.append(Tlp.read(word))
                else:
                    paps.append(Pap["CLEAR" if word == "WHITE" else word])
            except (ValueError, KeyError):
                self.notes[f"the tag “{name:.40}” of {what} is unknown and counts as {kind}:RED"] = None
                labels += [Tlp.RED] if kind == "TLP" else []
                paps += [Pap.RED] if kind == "PAP" else []
        return max(labels, default=None), max(paps, default=None)


def _groups(event: Record) -> Iterator[Record]:
    """Yield every sharing group that an event or a part of it spells out."""
    waiting: list[Any] = [event]
    while waiting:
        record = waiting.pop()
        for key, value in record.items():
            if key == "SharingGroup" and isinstance(value, Mapping):
                yield value
            elif key not in _PASSED_OVER:
                waiting += _list([value] if isinstance(value, Mapping) else value)


def _list(value: object) -> list[Record]:
    """Return the records of a list; what is none is passed over."""
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _both(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    return other if one is None else one if other is None else one & other


def _stricter(one: Pap | None, other: Pap | None) -> Pap | None:
    return max((pap for pap in (one, other) if pap is not None), default=None)
