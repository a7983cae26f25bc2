"""Putting a catalogue into the register: what is new is added, what it tells differently supersedes, nothing is lost.

A record of a catalogue is recognised by what it is about and where it was read (instrument, kind, party, source, and
which of several such it is in the file); where all else is the same it is left alone, so reading a catalogue twice
changes nothing.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeVar

from django.db import transaction

from comity.acts import moments, standings
from comity.models import Action, Fact, Instrument, Membership, Party, Provision, Source, Tally, Terms
from comity.models.sources import Recorded
from comity.policy.known_days import Day
from comity.policy.participation import BOND_OF, Bond, Status, legal_kinds
from comity.policy.register_entries import Catalogue, InstrumentEntry, PartyEntry, SourceEntry

ACTOR: Final = "catalogue"
CALLED: Final = {Membership: "memberships", Terms: "terms", Action: "actions", Tally: "tallies", Fact: "facts"}
Row = dict[str, Any]
AnyRecorded = TypeVar("AnyRecorded", bound=Recorded)


class NotInRegister(Exception):
    """A catalogue names a party or an instrument that neither it nor the register has; nothing was stored."""


@dataclass(slots=True)
class Stored:
    """How many rows of each kind were added, and how many of them supersede another."""

    added: Counter[str] = field(default_factory=Counter)
    superseding: int = 0


@dataclass(slots=True)
class _Storing:
    """One catalogue on its way into the store."""

    taken: moments.Taken
    actor: str
    sources: dict[str, Source]
    stored: Stored = field(default_factory=Stored)
    touched: dict[int, Instrument] = field(default_factory=dict)
    parties: frozenset[str] = frozenset()
    instruments: dict[str, Instrument] = field(default_factory=dict)

    def party(self, code: str) -> str | None:
        """Give a party's code, None for none; NotInRegister where there is no such party."""
        if code and code not in self.parties:
            raise NotInRegister(f"there is no party “{code}”: add it under `parties`, or correct its code")
        return code or None

    def instrument(self, slug: str) -> Instrument | None:
        """Give an instrument by its slug, None for none."""
        if slug and slug not in self.instruments:
            raise NotInRegister(f"there is no instrument “{slug}”: add it under `instruments`, or correct its slug")
        return self.instruments.get(slug)

    def also(self, keys: Iterable[str]) -> list[int]:
        """Give the numbers of further sources."""
        return sorted(self.sources[key].pk for key in keys)


def store(catalogues: Sequence[Catalogue], actor: str, now: datetime) -> Stored:
    """Store catalogues, all or nothing. Parties may be named across files, instruments in the same or a later one."""
    with transaction.atomic():
        taken = moments.take(now)
        total = Stored()
        touched: dict[int, Instrument] = {}
        _parties(total, [party for catalogue in catalogues for party in catalogue.parties])
        codes = frozenset(Party.objects.values_list("code", flat=True))
        for catalogue in catalogues:
            _store_one(_Storing(taken, actor, _sources(catalogue.sources), total, touched, codes), catalogue)
        standings.enter_missing(taken.at)
        standings.renew(touched.values(), taken.at)
    return total


def _store_one(storing: _Storing, catalogue: Catalogue) -> None:
    _memberships(storing, catalogue)
    for entry in catalogue.instruments:
        _describe(storing, entry)
    storing.instruments = {one.slug: one for one in Instrument.objects.select_related("agreement")}
    for entry in catalogue.instruments:
        _of_instrument(storing, entry)
    _facts(storing, catalogue)


def _sources(entries: Iterable[SourceEntry]) -> dict[str, Source]:
    found = {}
    for entry in entries:
        told = {"publisher": entry.publisher, "kind": entry.kind, "as_of": entry.as_of}
        found[entry.key], _made = Source.objects.get_or_create(
            address=entry.address, title=entry.title, read_on=entry.read_on, defaults=told
        )
    return found


def _parties(stored: Stored, entries: Sequence[PartyEntry]) -> None:
    """Add parties that are new; names and aliases of those that are there are brought up to date."""
    there = {party.code: party for party in Party.objects.all()}
    known = there.keys() | {entry.code for entry in entries}
    fresh, changed = dict[str, Party](), dict[str, Party]()
    for entry in entries:
        if entry.of and entry.of not in known:
            raise NotInRegister(f"party “{entry.code}” is said to be of “{entry.of}”, which is no party: add it")
        party = there.get(entry.code)
        if party is None:
            party = fresh.setdefault(entry.code, Party(code=entry.code, name=entry.name, kind=entry.kind))
        told = {"common_name": entry.common_name, "alpha3": entry.alpha3, "aliases": list(entry.aliases),
                "of_id": entry.of or None}  # fmt: skip
        if any(getattr(party, name) != value for name, value in told.items()):
            vars(party).update(told)
            changed[entry.code] = party
    Party.objects.bulk_create(fresh.values())
    stored.added["parties"] += len(fresh)
    older = [party for code, party in changed.items() if code not in fresh]
    Party.objects.bulk_update(older, ["common_name", "alpha3", "aliases", "of"])


def _memberships(storing: _Storing, catalogue: Catalogue) -> None:
    rows = []
    for entry in catalogue.memberships:
        storing.party(entry.group)
        storing.party(entry.member)
        rows.append({"group_id": entry.group, "member_id": entry.member, "capacity": entry.capacity,
                     "status": entry.status.value, "source_id": storing.sources[entry.source].pk,
                     **_on(entry.since), "until": entry.until})  # fmt: skip
    if rows:
        changed = _append(storing, Membership, rows, ("group_id", "member_id", "capacity"), {})
        groups = {row["group_id"] for row in changed}
        storing.touched.update({one.pk: one for one in standings.touched_by(groups)})


def _on(day: Day | None) -> Row:
    if day is None:
        return {"effective_on": None, "precision": "day"}
    return {"effective_on": day.day, "precision": day.precision.value}


def _describe(storing: _Storing, entry: InstrumentEntry) -> None:
    """Add an instrument, or bring its names and description up to date."""
    bond = entry.bond or BOND_OF[entry.kind]
    told = {"kind": entry.kind.value, "bond": bond.value, "title": entry.title, "short": entry.short,
            "reference": entry.reference, "aliases": list(entry.aliases), "made_by": entry.made_by,
            "depositary_id": storing.party(entry.depositary), "topics": list(entry.topics),
            "about": entry.about, "beside": Instrument.objects.filter(slug=entry.beside).first()}  # fmt: skip
    there = Instrument.objects.filter(slug=entry.slug).first()
    if there is not None and (there.agreement_id is not None or there.bond != bond.value):
        raise NotInRegister(f"“{entry.slug}” is in the register as something else: give the instrument another slug")
    row, made = Instrument.objects.update_or_create(
        slug=entry.slug, defaults=told, create_defaults={**told, "recorded_at": storing.taken.at}
    )
    for code in entry.makers:
        storing.party(code)
    row.makers.set(Party.objects.filter(code__in=entry.makers))
    row.sources.set([storing.sources[key] for key in entry.sources])
    storing.stored.added["instruments"] += made


def _of_instrument(storing: _Storing, entry: InstrumentEntry) -> None:
    row = storing.instruments[entry.slug]
    source = storing.sources
    for one in entry.actions:
        if one.status is Status.CONFIRMED and one.kind not in legal_kinds(Bond(row.bond)):
            raise NotInRegister(f"“{one.kind}” of “{entry.slug}” cannot be: {entry.kind} allows no such act; if "
                                "somebody says so, record it as claimed or contradicted")  # fmt: skip
    terms = [{"instrument_id": row.pk, "body": dict(one.body), "status": one.status.value,
              "source_id": source[one.source].pk} for one in entry.terms]  # fmt: skip
    actions = [{"instrument_id": row.pk, "bond": row.bond, "kind": one.kind.value,
                "party_id": storing.party(one.party), "status": one.status.value,
                "source_id": source[one.source].pk, **_on(one.on), "until": one.until, "says": one.says,
                "holds": one.holds, "provisions": list(one.provisions)} for one in entry.actions]  # fmt: skip
    also = {number: storing.also(one.also) for number, one in enumerate(entry.actions) if one.also}
    changed = _append(storing, Terms, terms, ("instrument_id",), {})
    changed += _append(storing, Action, actions, ("instrument_id", "kind", "party_id", "source_id"), also)
    tallies = [{"instrument_id": row.pk, "what": one.what, "number": one.number, "status": one.status.value,
                "as_of": one.as_of.day, "precision": one.as_of.precision.value,
                "source_id": source[one.source].pk} for one in entry.tallies]  # fmt: skip
    _append(storing, Tally, tallies, ("instrument_id", "what", "as_of", "source_id"), {})
    _provisions(storing, row, entry)
    if changed or not entry.actions:
        storing.touched[row.pk] = row


def _provisions(storing: _Storing, row: Instrument, entry: InstrumentEntry) -> None:
    there = {one.ref: one for one in Provision.objects.filter(instrument=row)}
    fresh = []
    for place, one in enumerate(entry.provisions):
        told = {"place": place, "title": one.title, "section": one.section, "kind": one.kind, "gist": one.gist,
                "tests": list(one.tests), "aspects": list(one.aspects), "deliverable": one.deliverable,
                "every": one.every, "verified": one.verified, "source": storing.sources[one.source]}  # fmt: skip
        if one.ref not in there:
            fresh.append(Provision(instrument=row, ref=one.ref, **told))
        elif any(getattr(there[one.ref], key) != value for key, value in told.items()):
            Provision.objects.filter(pk=there[one.ref].pk).update(**told)
    Provision.objects.bulk_create(fresh)
    storing.stored.added["provisions"] += len(fresh)


def _facts(storing: _Storing, catalogue: Catalogue) -> None:
    rows = []
    for one in catalogue.facts:
        instrument = storing.instrument(one.instrument)
        rows.append({"party_id": storing.party(one.party), "kind": one.kind, "topic": one.topic, "title": one.title,
                     "says": one.says, "role": one.role, "counterpart_id": storing.party(one.counterpart),
                     "instrument_id": instrument and instrument.pk, **_on(one.on), "until": one.until,
                     "status": one.status.value, "source_id": storing.sources[one.source].pk})  # fmt: skip
    also = {number: storing.also(one.also) for number, one in enumerate(catalogue.facts) if one.also}
    _append(storing, Fact, rows, ("party_id", "kind", "topic", "title", "source_id"), also)


def _append(storing: _Storing, model: type[AnyRecorded], rows: list[Row], about: tuple[str, ...],
            also: dict[int, list[int]]) -> list[Row]:  # fmt: skip
    """Add the rows that are new or tell something new; give them. *about* are the columns that recognise a row."""
    if not rows:
        return []
    there = _standing_rows(model, rows, about)
    numbered: Counter[Hashable] = Counter()
    fresh: list[tuple[int, AnyRecorded]] = []
    for number, row in enumerate(rows):
        key = tuple(row[column] for column in about)
        numbered[key] += 1
        old = there.get((key, numbered[key]))
        if old is not None and all(getattr(old, column) == value for column, value in row.items()):
            continue
        fresh.append((number, model(**row, recorded_at=storing.taken.at, recorded_by=storing.actor,
                                    sequence=storing.taken.sequence, supersedes=old)))  # fmt: skip
        storing.stored.superseding += old is not None
    model._default_manager.bulk_create([one for _number, one in fresh])  # noqa: SLF001 - Django's public name for it
    _link(((one, also[number]) for number, one in fresh if number in also))
    storing.stored.added[CALLED[model]] += len(fresh)
    return [rows[number] for number, _one in fresh]


def _standing_rows(
    model: type[AnyRecorded], rows: list[Row], about: tuple[str, ...]
) -> dict[tuple[Hashable, int], AnyRecorded]:
    """Give the rows that no later one supersedes, by what they are about and which of several such they are."""
    first = about[0]
    standing = model._default_manager.filter(  # noqa: SLF001 - as above
        superseded_by=None, **{f"{first}__in": {row[first] for row in rows}}
    ).order_by("pk")
    found: dict[tuple[Hashable, int], AnyRecorded] = {}
    numbered: Counter[Hashable] = Counter()
    for one in standing:
        key = tuple(getattr(one, column) for column in about)
        numbered[key] += 1
        found[key, numbered[key]] = one
    return found


def _link(linked: Iterator[tuple[Recorded, list[int]]]) -> None:
    for one, sources in linked:
        one.also.set(sources)  # type: ignore[attr-defined]
