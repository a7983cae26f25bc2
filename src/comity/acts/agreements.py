"""Adopting agreements and recording what happens in their lives."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from comity.acts import law, ledgers, moments, recorded_law
from comity.acts.agreement_files import read_bytes
from comity.acts.spoken import spoken
from comity.acts.standings import enter_agreement
from comity.ledger import entries
from comity.models import Agreement, AgreementEvent, AgreementText, Node, Party
from comity.policy import editions
from comity.policy.agreement_form import Reading
from comity.policy.agreements import Agreement as Read
from comity.policy.examples import Result, run
from comity.policy.life_events import EventKind, LifeEvent, objections
from comity.policy.release import Adopted, Court, Moment


class Rejected(Exception):
    """A file or an event that cannot be taken; `reasons` are sentences with place and mend. Nothing was stored."""

    def __init__(self, *reasons: str) -> None:
        """Carry the reasons."""
        self.reasons = tuple(spoken(reason) for reason in reasons)
        super().__init__(" ".join(self.reasons))


def adopt(content: bytes, name: str, actor: str, now: datetime) -> Agreement:
    """Adopt an agreement file. Its examples must pass; its parties are entered where they are new.

    Raises Rejected when the file has a problem, when an example fails, or when it is adopted already.
    """
    agreement = sound(content, name)
    slug = slugify(agreement.name)
    with transaction.atomic():
        taken = moments.take(now, law=True)
        if Agreement.objects.filter(slug=slug).exists():
            raise Rejected(_("%(file)s: “%(name)s” is adopted already; to change its text, amend it.") % {
                "file": name, "name": agreement.name})  # fmt: skip
        _enter_parties(agreement)
        text = content.decode("utf-8-sig")
        row = Agreement.objects.create(slug=slug, title=agreement.name, text=text, digest=_digest(text),
                                       sequence=taken.sequence, adopted_at=taken.at, adopted_by=actor)  # fmt: skip
        first = agreement.life.in_force or now.date()
        _tell(row, row.digest, [party.code for party in agreement.parties], "adoption", first, now)
        enter_agreement(row, taken.at)
    return row


def sound(content: bytes, name: str) -> Read:
    """Read an agreement file whose examples all pass; Rejected with every problem and its place otherwise."""
    reading, failed = _tried(content)
    if reading.agreement is None:
        raise Rejected(*(problem.at(name) for problem in reading.problems))
    if failed:
        raise Rejected(*(f"{name}: an example fails: {result}" for result in failed))
    return reading.agreement


@lru_cache(maxsize=8)
def _tried(content: bytes) -> tuple[Reading, tuple[Result, ...]]:
    """Read a file, and give those of its examples that fail. What was looked at and is then recorded is tried once."""
    reading = read_bytes(content)
    results = run(reading.agreement) if reading.agreement is not None else ()
    return reading, tuple(result for result in results if not result.passed)


def _enter_parties(agreement: Read) -> None:
    for party in agreement.parties:
        made_up = agreement.fictional and party.code.startswith("X")
        Party.objects.update_or_create(code=party.code, defaults={"in_exchange": True}, create_defaults={
            "name": party.name, "fictional": made_up, "in_exchange": True})  # fmt: skip


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Happened:
    """What is to be recorded of an agreement's life; days are in its own time zone."""

    kind: EventKind
    effective_on: date
    source: str
    party: str = ""
    until: date | None = None
    received_on: date | None = None
    clauses: tuple[str, ...] = ()
    supersedes: int | None = None


def record_event(slug: str, happened: Happened, actor: str, now: datetime) -> AgreementEvent:
    """Record one event. It counts from the very next question asked.

    Raises Rejected when there is no such agreement, or the event is impossible by its form or beside the others.
    """
    with transaction.atomic():
        taken = moments.take(now, law=True)
        row = row_of(slug)
        number = happened.supersedes
        if number is not None and happened.kind is not EventKind.RETRACTION and _brought_text(row, number):
            raise Rejected(_("event “%(number)s” brought an amended text; retract it, or amend anew in its place") % {
                "number": number})  # fmt: skip
        event, adopted = _record(row, happened, actor, taken, now)
        enter_agreement(row, taken.at, adopted)
    return event


def _brought_text(row: Agreement, event: int) -> bool:
    return AgreementText.objects.filter(event=event, event__agreement=row).exists()


def amend(slug: str, content: bytes, name: str, happened: Happened, actor: str, now: datetime) -> AgreementEvent:
    """Record an amendment with its whole text: from its own day the new text holds, for days before the old one does.

    Rejected when the file has a problem, an example of it fails, or it is no amended text of this agreement.
    """
    with transaction.atomic():
        taken = moments.take(now, law=True)
        row = row_of(slug)
        agreement = amendable(slug, content, name, happened, moments.moment(taken.at))
        _enter_parties(agreement)
        text = content.decode("utf-8-sig")
        event, _before = _record(row, happened, actor, taken, now, (agreement, _digest(text)))
        AgreementText.objects.create(event=event, text=text, digest=_digest(text))
        enter_agreement(row, taken.at)
    return event


def amendable(slug: str, content: bytes, name: str, happened: Happened, now: datetime) -> Read:
    """Read an amended text of an agreement; Rejected, with every reason, when it is none or the event cannot be."""
    agreement = sound(content, name)
    adopted = recorded_law.adopted_of(row_of(slug))
    others = tuple(one for one in adopted.events if one.id != str(happened.supersedes))
    before = replace(adopted, events=others).on(happened.effective_on, now).agreement
    found = tuple(f"{name}: {one}" for one in editions.objections(before, agreement))
    found += objections(agreement, adopted.events, _event(happened, now))
    if found:
        raise Rejected(*found)
    return agreement


def _event(happened: Happened, at: datetime) -> LifeEvent:
    """Return what happened as the policy room's value, recorded at a moment."""
    return LifeEvent(happened.kind, happened.effective_on, at, happened.source, happened.party or None,
                     happened.clauses, happened.until, happened.received_on,
                     str(happened.supersedes) if happened.supersedes else None)  # fmt: skip


def _record(row: Agreement, happened: Happened, actor: str, taken: moments.Taken, now: datetime,
            amended: tuple[Read, str] | None = None) -> tuple[AgreementEvent, Adopted]:  # fmt: skip
    """Store an event that nothing speaks against, and tell the parties; *amended* is the text that it brings.

    Returns its row, and the agreement with it but without that text.
    """
    known_at = moments.moment(taken.at)
    adopted = recorded_law.adopted_of(row)
    agreement, digest = amended or (adopted.on(happened.effective_on, known_at).agreement, row.digest)
    new = _event(happened, known_at)
    found = objections(agreement, adopted.events, new)
    if found:
        raise Rejected(*found)
    event = AgreementEvent.objects.create(
        agreement=row, kind=happened.kind.value, party=happened.party, effective_on=happened.effective_on,
        until=happened.until, received_on=happened.received_on, clauses=list(happened.clauses),
        source=happened.source, recorded_at=taken.at, recorded_by=actor, sequence=taken.sequence,
        supersedes_id=happened.supersedes,
    )  # fmt: skip
    _tell(row, digest, [p.code for p in agreement.parties], happened.kind.value, happened.effective_on, now)
    return event, replace(adopted, events=(*adopted.events, replace(new, id=str(event.pk))))


def _tell(row: Agreement, digest: str, parties: list[str], event: str, effective_on: date,
          now: datetime) -> None:  # fmt: skip
    """Write a change of law into the log of each party to it, and of no other; our own goes into the master log."""
    us = Node.objects.values_list("party_id", flat=True).get()
    for code in sorted(parties):
        log = ledgers.log_of(ledgers.MASTER if code == us else code, us)
        ledgers.append(log, lambda index, log=log: entries.Policy(  # type: ignore[misc]
            v=1, log=log.origin, index=index, at=entries.moment(now), agreement=row.title, event=event,
            effective_on=effective_on.isoformat(), document=digest))  # fmt: skip


def today(slug: str, now: datetime) -> date:
    """Return the day it is by an agreement's own clock; Rejected when it is not adopted here."""
    return now.astimezone(ZoneInfo(recorded_law.read_adopted(row_of(slug).text).time_zone)).date()


def row_of(slug: str) -> Agreement:
    """Return an adopted agreement's row; Rejected when there is none."""
    row = Agreement.objects.filter(slug=slug).first()
    if row is None:
        known = ", ".join(Agreement.objects.values_list("slug", flat=True)) or _("none yet")
        raise Rejected(_("There is no agreement “%(slug)s” here. Adopted are: %(known)s.") % {
            "slug": slug, "known": known})  # fmt: skip
    return row


@dataclass(frozen=True, slots=True)
class PartyStanding:
    """Where one party stands under one agreement now."""

    slug: str
    title: str
    party: str
    state: str
    says: str


def standings(now: datetime) -> list[PartyStanding]:
    """Return the standing of each party under each adopted agreement at *now*."""
    facts = law.facts()
    court = Court(facts, Moment(now))
    return [
        PartyStanding(adopted.slug, adopted.agreement.name, party.code, found.state.value,
                      found.grounds[0].says if found.grounds else "")
        for adopted in map(court.at, facts.adopted)
        for party in adopted.agreement.parties
        for found in (court.standing(adopted, party.code),)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class TextTold:
    """One text of an agreement: as adopted (`event` 0, from no day), or as an amendment brought it."""

    event: int
    effective_on: date | None
    recorded_at: datetime
    digest: str
    text: str
    holds: bool
    counts: bool


@dataclass(frozen=True, slots=True)
class Told:
    """An adopted agreement as it stands in the register: the text that holds, every text, and its events."""

    slug: str
    title: str
    text: str
    digest: str
    events: tuple[LifeEvent, ...]
    texts: tuple[TextTold, ...]


def told(slug: str, moment: Moment) -> Told:
    """Return an adopted agreement by the text that holds at a moment; Rejected when it is not adopted here."""
    row = row_of(slug)
    adopted = recorded_law.adopted_of(row)
    day = moment.day(adopted.agreement.time_zone)
    begin = editions.beginnings(adopted.editions, adopted.events, moment.known_at)
    held = [number for number, first in begin.items() if first <= day]  # in the order of effect
    last = int(held[-1]) if held else 0
    texts = [TextTold(0, None, moments.moment(row.adopted_at), row.digest, row.text, last == 0, counts=True)]
    rows = AgreementText.objects.filter(event__agreement=row).order_by("event__sequence").select_related("event")
    texts += [
        TextTold(one.event_id, one.event.effective_on, moments.moment(one.event.recorded_at), one.digest, one.text,
                 one.event_id == last, str(one.event_id) in begin)
        for one in rows
    ]  # fmt: skip
    now = next(one for one in texts if one.holds)
    return Told(row.slug, row.title, now.text, now.digest, adopted.events, tuple(texts))
