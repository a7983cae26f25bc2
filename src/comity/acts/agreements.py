"""Adopting agreements and recording what happens in their lives and what originators consent to."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from comity.acts import law, ledgers, moments
from comity.acts.agreement_files import read_bytes
from comity.acts.spoken import spoken
from comity.acts.standings import enter_agreement
from comity.ledger import entries
from comity.models import Agreement, AgreementEvent, AgreementText, Consent, Node, Party
from comity.policy import consents, editions
from comity.policy.agreements import Agreement as Read
from comity.policy.examples import run
from comity.policy.life_events import EventKind, LifeEvent, objections
from comity.policy.release import ConsentGiven, Court, Moment
from comity.policy.tree import Problem

Step = Literal["given", "refused", "withdrawn"]


class Rejected(Exception):
    """A file or an event that cannot be taken; `reasons` are sentences with place and mend. Nothing was stored."""

    def __init__(self, *reasons: str) -> None:
        """Carry the reasons."""
        self.reasons = tuple(spoken(reason) for reason in reasons)
        super().__init__(" ".join(self.reasons))


def located(problem: Problem, name: str) -> str:
    """Write a problem of a file as one line."""
    return f"{name}:{problem.line}:{problem.column}: {problem.what}. Mend: {problem.mend}."


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
    reading = read_bytes(content)
    if reading.agreement is None:
        raise Rejected(*(located(problem, name) for problem in reading.problems))
    failed = [result for result in run(reading.agreement) if not result.passed]
    if failed:
        raise Rejected(*(f"{name}: an example fails: {result}" for result in failed))
    return reading.agreement


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
        row = _row(slug)
        corrected = AgreementText.objects.filter(event=happened.supersedes, event__agreement=row)
        if corrected.exists() and happened.kind is not EventKind.RETRACTION:
            number = happened.supersedes
            raise Rejected(_("event “%(number)s” brought an amended text; retract it, or amend anew in its place") % {
                "number": number})  # fmt: skip
        event = _record(row, happened, actor, taken, now)
        enter_agreement(row, taken.at)
    return event


def amend(slug: str, content: bytes, name: str, happened: Happened, actor: str, now: datetime) -> AgreementEvent:
    """Record an amendment with its whole text: from its own day the new text holds, for days before the old one does.

    Rejected when the file has a problem, an example of it fails, or it is no amended text of this agreement.
    """
    with transaction.atomic():
        taken = moments.take(now, law=True)
        row = _row(slug)
        agreement = amendable(slug, content, name, happened, moments.moment(taken.at))
        _enter_parties(agreement)
        text = content.decode("utf-8-sig")
        event = _record(row, happened, actor, taken, now, (agreement, _digest(text)))
        AgreementText.objects.create(event=event, text=text, digest=_digest(text))
        enter_agreement(row, taken.at)
    return event


def amendable(slug: str, content: bytes, name: str, happened: Happened, now: datetime) -> Read:
    """Read an amended text of an agreement; Rejected, with every reason, when it is none or the event cannot be."""
    agreement = sound(content, name)
    adopted = law.adopted_of(_row(slug))
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
            amended: tuple[Read, str] | None = None) -> AgreementEvent:  # fmt: skip
    """Store an event that nothing speaks against, and tell the parties; *amended* is the text that it brings."""
    known_at = moments.moment(taken.at)
    held = law.adopted_of(row).on(happened.effective_on, known_at).agreement
    agreement, digest = amended or (held, row.digest)
    before = [law.event_of(event) for event in row.events.order_by("sequence")]
    found = objections(agreement, before, _event(happened, known_at))
    if found:
        raise Rejected(*found)
    event = AgreementEvent.objects.create(
        agreement=row, kind=happened.kind.value, party=happened.party, effective_on=happened.effective_on,
        until=happened.until, received_on=happened.received_on, clauses=list(happened.clauses),
        source=happened.source, recorded_at=taken.at, recorded_by=actor, sequence=taken.sequence,
        supersedes_id=happened.supersedes,
    )  # fmt: skip
    _tell(row, digest, [p.code for p in agreement.parties], happened.kind.value, happened.effective_on, now)
    return event


def _tell(row: Agreement, digest: str, parties: list[str], event: str, effective_on: date,
          now: datetime) -> None:  # fmt: skip
    """Write a change of law into the log of each party to it, and of no other; our own goes into the master log."""
    us = Node.objects.values_list("party_id", flat=True).get()
    for code in sorted(parties):
        log = ledgers.log_of(ledgers.MASTER if code == us else code)
        ledgers.append(log, lambda index, log=log: entries.Policy(  # type: ignore[misc]
            v=1, log=log.origin, index=index, at=entries.moment(now), agreement=row.title, event=event,
            effective_on=effective_on.isoformat(), document=digest))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Consented:
    """An originator's answer: may what it gave under an agreement (`slug`) go on to one third party."""

    originator: str
    recipient: str
    slug: str
    given: bool
    effective_on: date
    source: str
    until: date | None = None


def consent_objections(answer: Consented, now: datetime) -> tuple[str, ...]:
    """Give what is wrong with recording an originator's answer, as sentences with their mend; empty when it is right.

    Rejected when the agreement is not adopted here.
    """
    agreement = law.adopted_of(_row(answer.slug)).on(answer.effective_on, now).agreement
    us = Node.objects.values_list("party_id", flat=True).get()
    found = tuple(spoken(one) for one in consents.objections(agreement, us, supposed_consent(answer, now)))
    if not answer.source.strip():
        found += (_("a consent needs its source: the note, letter or message in which it was given"),)
    if not Party.objects.filter(code=answer.recipient).exists():
        known = ", ".join(Party.objects.values_list("code", flat=True))
        found += (_("there is no party “%(code)s” here; the parties are %(known)s") % {
            "code": answer.recipient, "known": known},)  # fmt: skip
    return found


def supposed_consent(answer: Consented, now: datetime) -> ConsentGiven:
    """Return an answer as the policy room's value, as though it were recorded at *now*."""
    return ConsentGiven(answer.originator, answer.recipient, answer.slug, answer.given, answer.effective_on,
                        answer.until, now)  # fmt: skip


def record_consent(answer: Consented, actor: str, now: datetime) -> Consent:
    """Record an originator's written answer, here and in that originator's log; it counts from the next question.

    Rejected, with every objection, when it names nobody's material, no third party, no source or impossible days.
    """
    with transaction.atomic():
        taken = moments.take(now, law=True)
        found = consent_objections(answer, now)
        if found:
            raise Rejected(*found)
        row = Consent.objects.create(
            originator=answer.originator, recipient=answer.recipient, agreement=answer.slug, given=answer.given,
            effective_on=answer.effective_on, until=answer.until, source=answer.source, recorded_at=taken.at,
            recorded_by=actor, sequence=taken.sequence,
        )  # fmt: skip
        _tell_consent(row, now)
    return row


def _tell_consent(row: Consent, now: datetime) -> None:
    """Write an originator's answer into its own log; the third party's log says nothing of it."""
    agreement = law.adopted_of(_row(row.agreement)).on(row.effective_on, now).agreement
    before = Consent.objects.filter(originator=row.originator, recipient=row.recipient, agreement=row.agreement)
    last = before.exclude(pk=row.pk).order_by("sequence").last()
    refusal: Step = "withdrawn" if last is not None and last.given else "refused"
    log = ledgers.log_of(row.originator)
    ledgers.append(log, lambda index: entries.Consent(
        v=1, log=log.origin, index=index, at=entries.moment(now), consent=str(row.pk),
        step="given" if row.given else refusal, agreement=agreement.name,
        clause=", ".join(consents.onward_clauses(agreement)), subject=f"passing on to {row.recipient}"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class ConsentTold:
    """An originator's recorded answer, in full; `number` is its own."""

    number: int
    originator: str
    recipient: str
    slug: str
    given: bool
    effective_on: date
    until: date | None
    source: str
    recorded_at: datetime
    recorded_by: str


def consents_told(slug: str = "", party: str = "") -> list[ConsentTold]:
    """Return the recorded answers, newest first: all, or an agreement's, or those that name a party."""
    rows = Consent.objects.order_by("-sequence")
    rows = rows.filter(agreement=slug) if slug else rows
    rows = rows.filter(Q(originator=party) | Q(recipient=party)) if party else rows
    return [
        ConsentTold(row.pk, row.originator, row.recipient, row.agreement, row.given, row.effective_on, row.until,
                    row.source, moments.moment(row.recorded_at), row.recorded_by)
        for row in rows
    ]  # fmt: skip


def today(slug: str, now: datetime) -> date:
    """Return the day it is by an agreement's own clock; Rejected when it is not adopted here."""
    return now.astimezone(ZoneInfo(law.read_adopted(_row(slug).text).time_zone)).date()


def _row(slug: str) -> Agreement:
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
    row = _row(slug)
    adopted = law.adopted_of(row)
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
