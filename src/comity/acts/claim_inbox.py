"""Documents that officers have checked at the desk, and taking their claims into the register, as claims."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from comity.acts import claim_register, claims, moments
from comity.claims.judging import Judgement
from comity.claims.register import Act, Nature
from comity.claims.statements import Named
from comity.models import Action, CheckedDocument, ClaimDecision, Fact, FoundClaim, Instrument, Party, Source
from comity.policy.participation import ActionKind, Precision, Status

MOVES: Final = {
    Act.SIGNED: ActionKind.SIGNATURE,
    Act.RATIFIED: ActionKind.RATIFICATION,
    Act.ACCEDED: ActionKind.ACCESSION,
    Act.PARTY: ActionKind.ENTRY_INTO_FORCE,
    Act.INVITED: ActionKind.INVITATION,
    Act.WITHDREW: ActionKind.WITHDRAWAL,
    Act.ENDORSED: ActionKind.ENDORSEMENT,
    Act.MEMBER: ActionKind.JOINING,
    Act.TOOK_PART: ActionKind.PARTICIPATION,
}
FACTS: Final = {
    Act.HOSTED: Fact.Kind.EVENT,
    Act.TOOK_PART: Fact.Kind.EVENT,
    Act.WORKED_WITH: Fact.Kind.SUPPORT,
    Act.HELPED: Fact.Kind.SUPPORT,
    Act.ADOPTED: Fact.Kind.LAW,
    Act.PRIORITY: Fact.Kind.POLICY,
    Act.PART_OF_POLICY: Fact.Kind.POLICY,
    Act.FOUND_GAPS: Fact.Kind.ASSESSMENT,
}
ROLES: Final = {Act.HOSTED: "hosted", Act.TOOK_PART: "took part"}


class NotTaken(Exception):
    """A claim cannot be taken into the register; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Given:
    """A document as an officer gives it: its bytes, its name, and where it was read (an address, may be empty)."""

    name: str
    content: bytes
    address: str = ""


def check(given: Given, actor: str, now: datetime) -> CheckedDocument:
    """Read and check a document and keep what was found; the same bytes are read once. Unreadable says why not."""
    digest = hashlib.sha256(given.content).hexdigest()
    there = CheckedDocument.objects.filter(digest=digest).first()
    if there is not None:
        return there
    known = claim_register.read(now.date()) or claims.register_value(now.date())
    found = claims.check(given.name, given.content, known)
    with transaction.atomic():
        taken = moments.take(now)
        source, _new = Source.objects.get_or_create(
            address=given.address, title=given.name[:400], read_on=now.date(), defaults={"kind": Source.Kind.ARTICLE}
        )
        document = CheckedDocument.objects.create(
            name=given.name[:300], digest=digest, text=found.document.text, source=source, recorded_at=taken.at,
            recorded_by=actor, sequence=taken.sequence,
        )  # fmt: skip
        FoundClaim.objects.bulk_create(_row(document, place, one) for place, one in enumerate(found.judged, 1))
    return document


def _row(document: CheckedDocument, place: int, one: Judgement) -> FoundClaim:
    statement = one.statement
    return FoundClaim(
        document=document, place=place, act=statement.act.value, sense=statement.sense.value, denied=statement.negated,
        **_named("subject", statement.subject), **_named("object", statement.object),
        **_named("partner", statement.partner), topic=statement.topic, said_by=statement.by[:300],
        first_day=statement.when.first if statement.when else None,
        last_day=statement.when.last if statement.when else None, start=statement.start, end=statement.end,
        verdict=one.verdict.value if one.verdict else "", settles=one.settles.value if one.settles else "",
        grounds=[
            {"key": told.key.value, "params": dict(told.params), "sources": [one.address for one in told.sources]}
            for told in one.grounds
        ],
    )  # fmt: skip


def _named(column: str, named: Named | None) -> dict[str, str]:
    return {column: named.text[:300], f"{column}_ref": named.ref[:80]} if named else {}


def documents() -> Sequence[CheckedDocument]:
    """Give the documents, the last one first, with their claims and decisions."""
    return tuple(CheckedDocument.objects.select_related("source").prefetch_related("claims__decision"))


def accept(claim: FoundClaim, actor: str, now: datetime) -> ClaimDecision:
    """Take a claim into the register, as a claim with the document as its source: it changes no standing.

    Raises NotTaken when something was done with it already, or when its subject is no party of the register.
    """
    with transaction.atomic():
        taken = moments.take(now)
        _undecided(claim)
        party = Party.objects.filter(code=claim.subject_ref).first() if claim.subject_ref else None
        if party is None:
            raise NotTaken(_("“%(name)s” is no party of the register: enter it first, or set the claim aside.") % {
                "name": claim.subject})  # fmt: skip
        recorded: dict[str, Any] = {
            "party": party, "status": Status.CLAIMED.value, "source": claim.document.source, "recorded_at": taken.at,
            "recorded_by": actor, "sequence": taken.sequence, **_day(claim),
        }  # fmt: skip
        sentence = claim.document.text[claim.start : claim.end]
        kind, instrument = MOVES.get(Act(claim.act)), Instrument.objects.filter(slug=claim.object_ref).first()
        action = fact = None
        if kind is not None and instrument is not None and not claim.denied:
            action = Action.objects.create(
                instrument=instrument, bond=instrument.bond, kind=kind.value, says=sentence, **recorded
            )
        else:
            fact = Fact.objects.create(**_fact(claim, instrument), says=sentence, **recorded)
        return ClaimDecision.objects.create(
            claim=claim, kind=ClaimDecision.Kind.ACCEPTED, action=action, fact=fact, recorded_at=taken.at,
            recorded_by=actor, sequence=taken.sequence,
        )  # fmt: skip


def _fact(claim: FoundClaim, instrument: Instrument | None) -> dict[str, Any]:
    act = Act(claim.act)
    kind = Fact.Kind.OTHER if claim.denied else FACTS.get(act, Fact.Kind.OTHER)
    if act is Act.ADOPTED and Nature.STRATEGY.value in claim.object.lower() and not claim.denied:
        kind = Fact.Kind.STRATEGY
    counterpart = Party.objects.filter(code=claim.partner_ref).first() if claim.partner_ref else None
    words = (f"{claim.act}:", claim.object, f"with {claim.partner}" if claim.partner else "", claim.topic)
    told = f"not {' '.join(filter(None, words))}" if claim.denied else " ".join(filter(None, words))
    title = claim.object if kind in {Fact.Kind.EVENT, Fact.Kind.LAW, Fact.Kind.STRATEGY} and claim.object else told
    role = "" if claim.denied else ROLES.get(act, "")
    return {"kind": kind, "title": title[:300], "role": role, "counterpart": counterpart, "instrument": instrument}


def _day(claim: FoundClaim) -> dict[str, Any]:
    """Give the last day that it can have been, and how exactly it is known."""
    if claim.first_day is None or claim.last_day is None:
        return {}
    first, last = claim.first_day, claim.last_day
    if first == last:
        precision = Precision.DAY
    elif (first.year, first.month) == (last.year, last.month):
        precision = Precision.MONTH
    else:
        precision = Precision.YEAR if first.year == last.year else Precision.BY
    return {"effective_on": last, "precision": precision.value}


def set_aside(claim: FoundClaim, actor: str, now: datetime) -> ClaimDecision:
    """Leave a claim out of the register; NotTaken when something was done with it already."""
    with transaction.atomic():
        taken = moments.take(now)
        _undecided(claim)
        return ClaimDecision.objects.create(
            claim=claim, kind=ClaimDecision.Kind.SET_ASIDE, recorded_at=taken.at, recorded_by=actor,
            sequence=taken.sequence,
        )  # fmt: skip


def _undecided(claim: FoundClaim) -> None:
    if ClaimDecision.objects.filter(claim=claim).exists():
        raise NotTaken(_("Something was done with this claim already."))
