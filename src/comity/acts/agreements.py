"""Adopting agreements and recording what happens in their lives and what originators consent to."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from comity.acts import law, ledgers, moments
from comity.acts.agreement_files import read_bytes
from comity.acts.standings import enter_agreement
from comity.ledger import entries
from comity.models import Agreement, AgreementEvent, Consent, Node, Party
from comity.policy import consents
from comity.policy.examples import run
from comity.policy.life_events import EventKind, LifeEvent, objections
from comity.policy.release import ConsentGiven, Court, Moment
from comity.policy.tree import Problem

Step = Literal["given", "refused", "withdrawn"]


class Rejected(Exception):
    """A file or an event that cannot be taken; `reasons` are sentences with place and mend. Nothing was stored."""

    def __init__(self, *reasons: str) -> None:
        """Carry the reasons."""
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def located(problem: Problem, name: str) -> str:
    """Write a problem of a file as one line."""
    return f"{name}:{problem.line}:{problem.column}: {problem.what}. Mend: {problem.mend}."


def adopt(content: bytes, name: str, actor: str, now: datetime) -> Agreement:
    """Adopt an agreement file. Its examples must pass; its parties are entered where they are new.

    Raises Rejected when the file has a problem, when an example fails, or when it is adopted already.
    """
    reading = read_bytes(content)
    if reading.agreement is None:
        raise Rejected(*(located(problem, name) for problem in reading.problems))
    agreement = reading.agreement
    failed = [result for result in run(agreement) if not result.passed]
    if failed:
        raise Rejected(*(f"{name}: an example fails: {result}" for result in failed))
    slug = slugify(agreement.name)
    with transaction.atomic():
        taken = moments.take(now, law=True)
        if Agreement.objects.filter(slug=slug).exists():
            raise Rejected(f"{name}: “{agreement.name}” is adopted already; record an amendment as an event of it.")
        for party in agreement.parties:
            made_up = agreement.fictional and party.code.startswith("X")
            Party.objects.update_or_create(code=party.code, defaults={"in_exchange": True}, create_defaults={
                "name": party.name, "fictional": made_up, "in_exchange": True})  # fmt: skip
        text = content.decode("utf-8-sig")
        row = Agreement.objects.create(slug=slug, title=agreement.name, text=text,
                                       digest=hashlib.sha256(text.encode()).hexdigest(), sequence=taken.sequence,
                                       adopted_at=taken.at, adopted_by=actor)  # fmt: skip
        first = agreement.life.in_force or now.date()
        _tell(row, [party.code for party in agreement.parties], "adoption", first, now)
        enter_agreement(row, taken.at)
    return row


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
        agreement = law.read_adopted(row.text)
        before = [law.event_of(event) for event in row.events.order_by("sequence")]
        new = LifeEvent(happened.kind, happened.effective_on, moments.moment(taken.at), happened.source,
                        happened.party or None, happened.clauses, happened.until, happened.received_on,
                        str(happened.supersedes) if happened.supersedes else None)  # fmt: skip
        found = objections(agreement, before, new)
        if found:
            raise Rejected(*found)
        event = AgreementEvent.objects.create(
            agreement=row, kind=happened.kind.value, party=happened.party, effective_on=happened.effective_on,
            until=happened.until, received_on=happened.received_on, clauses=list(happened.clauses),
            source=happened.source, recorded_at=taken.at, recorded_by=actor, sequence=taken.sequence,
            supersedes_id=happened.supersedes,
        )  # fmt: skip
        _tell(row, [party.code for party in agreement.parties], happened.kind.value, happened.effective_on, now)
        enter_agreement(row, taken.at)
    return event


def _tell(row: Agreement, parties: list[str], event: str, effective_on: date, now: datetime) -> None:
    """Write a change of law into the log of each party to it, and of no other; our own goes into the master log."""
    us = Node.objects.values_list("party_id", flat=True).get()
    for code in sorted(parties):
        log = ledgers.log_of(ledgers.MASTER if code == us else code)
        ledgers.append(log, lambda index, log=log: entries.Policy(  # type: ignore[misc]
            v=1, log=log.origin, index=index, at=entries.moment(now), agreement=row.title, event=event,
            effective_on=effective_on.isoformat(), document=row.digest))  # fmt: skip


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
    agreement = law.read_adopted(_row(answer.slug).text)
    us = Node.objects.values_list("party_id", flat=True).get()
    found = consents.objections(agreement, us, supposed_consent(answer, now))
    if not answer.source.strip():
        found += ("a consent needs its source: the note, letter or message in which it was given",)
    if not Party.objects.filter(code=answer.recipient).exists():
        known = ", ".join(Party.objects.values_list("code", flat=True))
        found += (f"there is no party “{answer.recipient}” here; the parties are {known}",)
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
    agreement = law.read_adopted(_row(row.agreement).text)
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
        known = ", ".join(Agreement.objects.values_list("slug", flat=True)) or "none yet"
        raise Rejected(f"There is no agreement “{slug}” here. Adopted are: {known}.")
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
        for adopted in facts.adopted
        for party in adopted.agreement.parties
        for found in (court.standing(adopted, party.code),)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """An adopted agreement as it stands in the register."""

    slug: str
    title: str
    text: str
    digest: str
    events: tuple[LifeEvent, ...]


def told(slug: str) -> Told:
    """Return an adopted agreement's text and events; Rejected when it is not adopted here."""
    row = _row(slug)
    events = tuple(law.event_of(event) for event in row.events.order_by("sequence"))
    return Told(row.slug, row.title, row.text, row.digest, events)
