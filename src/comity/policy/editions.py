"""Editions of an agreement: which text holds on a day, as known at an instant.

An amendment is an act of its own with its own first day (Vienna Convention on the Law of Treaties, art. 39). From that
day its text holds; for every day before, and for whatever was asked before it was recorded, the earlier one goes on
answering. An amendment that is corrected or retracted is as if it had never been recorded, from then on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from comity.policy.agreements import Agreement
from comity.policy.life_events import EventKind, LifeEvent, known


@dataclass(frozen=True, slots=True)
class Edition:
    """An amended text, whole, and the id of the `amendment` among the agreement's events that brought it."""

    event: str
    agreement: Agreement


def holding(
    first: Agreement, editions: Sequence[Edition], events: Sequence[LifeEvent], on: date, known_at: datetime
) -> Agreement:
    """Give the text that holds on the day *on*, as known at *known_at*; *first* is the text as adopted."""
    texts = {edition.event: edition.agreement for edition in editions}
    found = first
    for event in (dated.event for dated in known(events, known_at)):  # in the order of effect
        if event.kind is EventKind.AMENDMENT and event.id in texts and event.effective_on <= on:
            found = texts[event.id]
    return found


def beginnings(editions: Sequence[Edition], events: Sequence[LifeEvent], known_at: datetime) -> dict[str, date]:
    """Give the first day of each edition that counts as known then, by its event."""
    texts = {edition.event for edition in editions}
    found = (dated.event for dated in known(events, known_at))
    return {one.id: one.effective_on for one in found if one.kind is EventKind.AMENDMENT and one.id in texts}


def objections(before: Agreement, after: Agreement) -> tuple[str, ...]:
    """Give what keeps *after* from being an amended text of *before*, each as one sentence with its mend."""
    return tuple(_objections(before, after))


def _objections(before: Agreement, after: Agreement) -> Iterable[str]:
    if after.name != before.name:
        yield f"the file is called “{after.name}”; an amended text keeps the name “{before.name}”"
    if after.time_zone != before.time_zone:
        yield f"its clock stands in {after.time_zone}; an amended text keeps that of {before.time_zone}"
    if after.life.in_force != before.life.in_force:
        yield f"it is in force from {after.life.in_force}; keep {before.life.in_force}: the amendment has its own day"
    gone = sorted({party.code for party in before.parties} - {party.code for party in after.parties})
    if gone:
        yield f"it drops {', '.join(gone)}; a party leaves by a withdrawal, so keep it in the file"
    if after == before:
        yield "it says nothing else than the text that holds; an amendment changes something"
