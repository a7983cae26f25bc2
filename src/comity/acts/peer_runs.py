"""Rounds of a peer's lines: begun, ended, and what is due next; pages that came, taken in with the place they cover."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from comity.acts import incoming, moments
from comity.acts.incoming import Arrived, Found, Gift
from comity.models import Line, Node, Run
from comity.policy.peering import Place, Plan, pause
from comity.policy.saying import sentence
from comity.policy.troubles import Trouble


class Overtaken(Exception):
    """Somebody else has moved this line meanwhile: what was asked for is not to be taken in twice."""


class Withheld(Exception):
    """The agreement under which a peer is asked and given to does not bind both sides now."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a round ended, and what it did."""

    line: int
    ended: str
    pages: int
    seen: int
    stored: int
    known: int
    returned: int
    refused: int
    conflicts: int
    trouble: str


def due(now: datetime) -> Sequence[Line]:
    """Return the lines whose next round is due, those that wait longest first."""
    standing = Line.objects.filter(peer__paused=False, peer__removed_at=None, due_at__lte=moments.micros(now))
    return list(standing.select_related("peer", "collection").order_by("due_at", "id"))


def lines(peer: str, direction: str) -> Sequence[Line]:
    """Return the lines of a peer in one direction."""
    found = Line.objects.filter(peer__name=peer, direction=direction, peer__removed_at=None)
    return list(found.select_related("peer", "collection"))


def plan(line: Line) -> Plan:
    """Return how a line reads."""
    return Plan(line.page, line.overlap, line.peer.keeps_ledger, line.versions)


def place(line: Line) -> Place:
    """Return how far a line has read."""
    return Place(line.after, line.asked, line.next, line.limit)


def begin(line: Line, now: datetime) -> Run:
    """Begin a round."""
    return Run.objects.create(line=line, began_at=moments.micros(now))


def check_bond(line: Line, now: datetime) -> None:
    """Refuse a round while the agreement is not in force for both sides."""
    slug = line.peer.agreement.slug
    if incoming.under(line.peer.party_id, now, slug) is None:
        raise Withheld(sentence(Trouble.NOT_BOUND, slug=slug, party=line.peer.party_id))


def take_page(line: Line, run: Run, objects: Sequence[Found], way: tuple[Place, Place], now: datetime) -> Arrived:
    """Take a page in and the line on, from the one place to the other of *way*: both, or neither."""
    before, after = way
    peer = line.peer
    with transaction.atomic():
        Node.objects.select_for_update().get()
        held = Line.objects.select_for_update().get(pk=line.pk)
        if place(held) != before:
            raise Overtaken(sentence(Trouble.OVERTAKEN, name=peer.name))
        under = incoming.under(peer.party_id, now, peer.agreement.slug)
        if under is None:
            raise Withheld(sentence(Trouble.NOT_BOUND, slug=peer.agreement.slug, party=peer.party_id))
        request = f"GET delivery {line.remote}"[:200]
        gift = Gift(peer.party_id, f"peer {peer.name}", request, line.collection, under)
        arrived = incoming.take_in(gift, objects, now, line) if objects else Arrived()
        move(line, after)
        came = {"stored": arrived.stored, "known": arrived.known, "returned": arrived.returned,
                "refused": arrived.refused, "conflicts": arrived.conflicts}  # fmt: skip
        count(run, pages=1, seen=len(objects), **{name: len(found) for name, found in came.items()})
    return arrived


def move(line: Line, to: Place) -> None:
    """Put a line at a place."""
    Line.objects.filter(pk=line.pk).update(after=to.after, asked=to.asked, next=to.next, limit=to.limit)
    line.after, line.asked, line.next, line.limit = to.after, to.asked, to.next, to.limit


def count(run: Run, **counts: int) -> None:
    """Add to what a round did."""
    Run.objects.filter(pk=run.pk).update(**{name: F(name) + number for name, number in counts.items()})


def end(line: Line, run: Run, how: str, now: datetime, trouble: str = "",
        wait: tuple[float | None, float] = (None, 1.0)) -> Ended:  # fmt: skip
    """End a round and say when the next one is due.

    *wait*: the seconds that the other side asked for, if it did, and the chance (0 to 1) by which a pause after
    trouble is shortened.
    """
    with transaction.atomic():
        failures = line.failures + 1 if how == Run.End.TROUBLE else 0
        seconds: float = pause(failures, *wait) if failures else line.every
        at = moments.micros(now + timedelta(seconds=seconds))
        Line.objects.filter(pk=line.pk).update(failures=failures, due_at=at)
        Run.objects.filter(pk=run.pk).update(ended=how, ended_at=moments.micros(now), trouble=trouble[:500])
        run.refresh_from_db()
        _thin_out(line, run)
    line.failures = failures
    return Ended(line.pk, how, run.pages, run.seen, run.stored, run.known, run.returned, run.refused, run.conflicts,
                 run.trouble)  # fmt: skip


def _thin_out(line: Line, run: Run) -> None:
    """Of rounds that brought nothing, keep the last in a row."""
    empty: Mapping[str, object] = {"ended": Run.End.DONE, "seen": 0, "trouble": ""}
    if (run.ended, run.seen) != (Run.End.DONE, 0):
        return
    before = Run.objects.filter(line=line, pk__lt=run.pk).first()
    if before is not None and all(getattr(before, name) == value for name, value in empty.items()):
        before.delete()
