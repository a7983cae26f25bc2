"""The register of this node, as claims are judged against it: its rows told in the words of a catalogue.

So that a claim is judged by the same rules whether the register stands in a store or is the one that was shipped. What
was taken in from a checked document is left out: a claim does not bear out a claim.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from comity.acts import claim_catalogue
from comity.claims.register import Register
from comity.models import Action, ClaimDecision, Fact, Instrument, Membership, Party, Source, Terms
from comity.policy.participation import Precision, Status

_TOLD: Final = tuple(status.value for status in Status if status is not Status.RETRACTED)


def read(today: date) -> Register | None:
    """Give the register of the store; None where no catalogue was put into it yet."""
    if not Instrument.objects.filter(agreement=None).exists():
        return None
    sources = {str(one.pk): _source(one) for one in Source.objects.all()}
    parties = {one.code: _party(one) for one in Party.objects.all()}
    memberships = [_membership(one) for one in Membership.objects.filter(superseded_by=None, status="confirmed")]
    catalogue = {
        "sources": sources,
        "parties": parties,
        "memberships": memberships,
        "instruments": list(_instruments()),
        "facts": [_fact(one) for one in _facts()],
    }
    return claim_catalogue.read(today, catalogue=catalogue)


def _source(one: Source) -> dict[str, Any]:
    return {"address": one.address, "title": one.title, "read_on": one.read_on.isoformat()}


def _party(one: Party) -> dict[str, Any]:
    return {"name": one.name, "common": one.short, "kind": one.kind, "aliases": one.aliases}


def _day(on: date | None, precision: str) -> str:
    """Write a day as exactly as it is known, as a catalogue does."""
    if on is None:
        return ""
    forms = {Precision.MONTH.value: f"{on:%Y-%m}", Precision.YEAR.value: f"{on:%Y}", Precision.BY.value: f"by {on}"}
    return forms.get(precision, on.isoformat())


def _membership(one: Membership) -> dict[str, Any]:
    until = {"until": one.until.isoformat()} if one.until else {}
    since = _day(one.effective_on, one.precision)
    return {"group": one.group_id, "source": str(one.source_id), "capacity": one.capacity, **until,
            "of": {one.member_id: since} if since else [one.member_id]}  # fmt: skip


def _instruments() -> Iterator[dict[str, Any]]:
    done: dict[int, list[dict[str, Any]]] = {}
    taken_in = ClaimDecision.objects.filter(action__isnull=False).values("action")
    standing = Action.objects.filter(superseded_by=None, status__in=_TOLD).exclude(pk__in=taken_in)
    found = standing.prefetch_related("also").order_by("pk")
    for action in found:
        done.setdefault(action.instrument_id, []).append(_action(action))
    terms: dict[int, list[dict[str, Any]]] = {}
    for row in Terms.objects.filter(superseded_by=None, status="confirmed"):
        terms.setdefault(row.instrument_id, []).append(row.body)
    for one in Instrument.objects.prefetch_related("makers", "sources"):
        yield {
            "slug": one.slug, "kind": one.kind, "title": one.title, "short": one.short, "aliases": one.aliases,
            "made_by": one.made_by, "makers": [maker.code for maker in one.makers.all()], "topics": one.topics,
            "sources": [str(each.pk) for each in one.sources.all()], "actions": done.get(one.pk, []),
            "terms": terms.get(one.pk, []),
        }  # fmt: skip


def _facts() -> Iterable[Fact]:
    taken_in = ClaimDecision.objects.filter(fact__isnull=False).values("fact")
    standing = Fact.objects.filter(superseded_by=None, status__in=_TOLD).exclude(pk__in=taken_in)
    return standing.prefetch_related("also").order_by("pk")


def _action(one: Action) -> dict[str, Any]:
    party = {"party": one.party_id} if one.party_id else {}
    return {"kind": one.kind, "source": str(one.source_id), "also": _also(one.also.all()), "status": one.status,
            "on": _day(one.effective_on, one.precision), "says": one.says, "holds": one.holds, **party}  # fmt: skip


def _also(sources: Iterable[Source]) -> list[str]:
    return [str(one.pk) for one in sources]


def _fact(one: Fact) -> dict[str, Any]:
    role = {"role": one.role} if one.role else {}
    return {"kind": one.kind, "party": one.party_id, "topic": one.topic or f"fact-{one.pk}", "title": one.title,
            "source": str(one.source_id), "also": _also(one.also.all()),
            "on": _day(one.effective_on, one.precision), "says": one.says,
            "until": one.until.isoformat() if one.until else "", "status": one.status, **role}  # fmt: skip
