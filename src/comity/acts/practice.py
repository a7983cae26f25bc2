"""Norms and measures in practice: how far a party carries out each provision, by what evidence, and with whose help."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from comity.acts import moments, readings
from comity.acts.standings import AsOf
from comity.models import Implementation, Instrument, Node, Party, Provision, Source
from comity.policy.participation import Status

STATES: Final = tuple(Implementation.State.values)


class NotRecorded(Exception):
    """What was to be recorded is not possible; the sentence says why and how to mend it. Nothing was stored."""


@dataclass(frozen=True, slots=True)
class Item:
    """A provision with what is recorded of a party's practice, None where nothing was.

    `kin` are other provisions that rest on the same capacity.
    """

    provision: Provision
    practice: Implementation | None
    kin: tuple["Item", ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """What an officer records of one provision."""

    state: str
    says: str
    on: date
    gap: str = ""
    help: str = ""
    helped_by: str = ""
    evidence: tuple[str, ...] = ()
    """Addresses or titles of what shows it."""


def items(instrument: Instrument, party: Party, asked: AsOf) -> list[Item]:
    """Give an instrument's provisions with a party's practice on a day, as known at a moment."""
    return _with_practice(Provision.objects.filter(instrument=instrument, verified=True), party, asked)


def crosswalk(instrument: Instrument, party: Party, asked: AsOf) -> list[Item]:
    """Give the same with each provision's kin: provisions of other instruments that share an aspect of capacity.

    Only kin of which something is recorded is given: it is what answers for the provision too.
    """
    own = items(instrument, party, asked)
    others = Provision.objects.filter(verified=True).exclude(instrument=instrument).select_related("instrument")
    practised = [item for item in _with_practice(others, party, asked) if item.practice is not None]
    return [Item(item.provision, item.practice, tuple(_kin(item.provision, practised))) for item in own]


def _kin(provision: Provision, practised: Iterable[Item]) -> Iterable[Item]:
    aspects = set(provision.aspects)
    return (item for item in practised if aspects & set(item.provision.aspects))


def _with_practice(provisions: Iterable[Provision], party: Party, asked: AsOf) -> list[Item]:
    listed = list(provisions)
    rows = Implementation.objects.filter(provision__in=listed, party=party, effective_on__lte=asked.on)
    rows = rows.select_related("source", "helped_by").prefetch_related("evidence").order_by("effective_on", "pk")
    latest = {row.provision_id: row for row in readings.known(rows, asked) if row.status == Status.CONFIRMED.value}
    return [Item(provision, latest.get(provision.pk)) for provision in listed]


def record(provision: Provision, done: Done, actor: str, now: datetime) -> Implementation:
    """Record how far our own state carries out a provision; a later record takes the place of an earlier one.

    Raises NotRecorded where a part is missing or the helper is no party.
    """
    _check(done)
    helper = Party.objects.filter(code=done.helped_by).first() if done.helped_by else None
    if done.helped_by and helper is None:
        raise NotRecorded(_("There is no party “%(code)s” here.") % {"code": done.helped_by})
    with transaction.atomic():
        taken = moments.take(now)
        own, _made = Source.objects.get_or_create(address="", title=f"Record of {actor}", read_on=now.date(),
                                                  defaults={"kind": Source.Kind.DOCUMENT})  # fmt: skip
        us = Node.objects.select_related("party").get().party
        row = Implementation.objects.create(
            provision=provision, party=us, state=done.state, effective_on=done.on, says=done.says, gap=done.gap,
            helped_by=helper, help=done.help, status=Status.CONFIRMED.value, source=own, recorded_at=taken.at,
            recorded_by=actor, sequence=taken.sequence,
        )  # fmt: skip
        row.evidence.set(_sources(done.evidence, now))
    return row


def _check(done: Done) -> None:
    if done.state not in STATES:
        raise NotRecorded(_("“%(word)s” is not known here; write one of: %(words)s.") % {
            "word": done.state, "words": ", ".join(STATES)})  # fmt: skip
    if not done.says.strip():
        raise NotRecorded(_("Say in a sentence what is done."))
    if done.state == Implementation.State.PARTLY.value and not done.gap.strip():
        raise NotRecorded(_("What is carried out in part has a gap; say what is missing."))
    if done.state == Implementation.State.CARRIED_OUT.value and not done.evidence:
        raise NotRecorded(_("What is carried out has evidence; name at least one document or page that shows it."))


def _sources(evidence: Sequence[str], now: datetime) -> list[Source]:
    found = []
    for said in evidence:
        paged = said.startswith(("https://", "http://"))
        found.append(Source.objects.get_or_create(address=said if paged else "", title="" if paged else said,
                                                  read_on=now.date())[0])  # fmt: skip
    return found
