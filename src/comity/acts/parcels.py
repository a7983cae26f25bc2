"""What this node gives a peer of itself: cut into parcels, entered in that party's ledger before a byte leaves.

A parcel holds what the party may have by the law of this moment, in the order of its own view, without what it gave us
itself. It is on its way until the other side has answered for it; what became of it is then kept object by object, and
the next one begins where it ended. After a crash the same parcel goes again, to a server that knows what it has; but
where the party may now have other things than were entered, a new one is made and entered instead.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction

from comity.acts import commits, delivering, epochs, given, incoming, moments, pages, sights
from comity.acts.epochs import Epoch
from comity.acts.groups import Waiting
from comity.acts.incoming import Caught
from comity.acts.pages import Page, Slice
from comity.acts.queries import Query
from comity.acts.sights import Sight
from comity.ledger import entries
from comity.models import Line, Log, Parcel, Snag
from comity.policy.saying import sentence
from comity.policy.troubles import Trouble

_TRIES = 8
_FRAME = 64  # bytes of an envelope beside its objects


class Unsettled(Exception):
    """Law and stock kept changing while a parcel was made: it is made in the next round."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An object that the other side did not take, and why in its own words."""

    stix_id: str
    version: str
    why: str


@dataclass(frozen=True, slots=True)
class Packed:
    """A parcel that may leave: its row, and the envelope's bytes."""

    parcel: Parcel
    body: bytes


def on_its_way(line: Line) -> Parcel | None:
    """Return the parcel that no final answer is known of."""
    return Parcel.objects.filter(line=line, state__in=[Parcel.State.OPEN, Parcel.State.TAKEN]).first()


def pack(line: Line, now: datetime) -> Packed | None:
    """Return the parcel that is to leave now, entered in the ledger; None when the party has all that it may have."""
    for _ in range(_TRIES):
        epoch = epochs.read()
        sight = sights.sight(line.peer.party_id, line.collection, now, epoch)
        before = on_its_way(line)
        if before is not None:
            body = _again(line, before, sight)
            if body is not None:
                return Packed(before, body)
            Parcel.objects.filter(pk=before.pk).update(state=Parcel.State.DROPPED)
        page = pages.page(sight, _query(line, line.pages or line.page))
        if not page.count:
            return None
        outgoing = _fitting(line, _outgoing(page, sight), now)
        if not outgoing.count:
            _step_over(line, _end(page))
            continue
        try:
            return Packed(_enter(line, outgoing, sight, epoch, now), _envelope(outgoing))
        except commits.Moved:
            continue
    raise Unsettled(sentence(Trouble.UNSETTLED, name=line.peer.name))


def _query(line: Line, limit: int) -> Query:
    return Query(added_after=line.position, limit=limit, versions=(line.versions,))


def _outgoing(page: Page, sight: Sight) -> Page:
    """Leave out what came from the party itself: nothing goes back to where it came from."""
    kept = tuple(one for one in page.slices if sight.known[one.handling].originator != sight.party)
    return Page(kept)


def _fitting(line: Line, page: Page, now: datetime) -> Page:
    """Shorten a page to what the other side takes at once; one object that alone is too large is left out, and kept."""
    most = line.peer.largest - _FRAME
    kept, size = list[Slice](), 0
    for one in page.slices:
        for place in range(one.start, one.stop):
            further = place - one.start
            body = one.segment.cut(place, place + 1)
            if len(body) > most:
                name, version = one.segment.name(place)
                why = f"it has {len(body)} bytes, more than the {line.peer.largest} that the other side takes"
                what = Caught(line.peer.party_id, Snag.Kind.REFUSED, name, version, why, body, outgoing=True)
                incoming.keep_snag(what, now, line)
                continue
            if size + len(body) + 1 > most:
                return Page(tuple(kept))
            size += len(body) + 1
            kept.append(Slice(one.date + further, one.handling, one.place + further, one.segment, place, place + 1,
                              one.altered))  # fmt: skip
    return Page(tuple(kept))


def _end(page: Page) -> int:
    last = page.slices[-1]
    return last.date + last.count - 1


def _envelope(page: Page) -> bytes:
    return page.bodies(b'{"objects":[', b"]}")


def _again(line: Line, parcel: Parcel, sight: Sight) -> bytes | None:
    """Return the bytes of a parcel that was entered, where the party may still have just that; else None."""
    page = _outgoing(pages.page(sight, _query(line, max(line.page, parcel.count))), sight)
    kept = tuple(one for one in _singly(page.slices) if one.date <= parcel.last)
    page = Page(kept)
    if page.count < parcel.count or entries.items_hash(_digests(page)) != parcel.items:
        return None
    return _envelope(page)


def _singly(slices: Iterable[Slice]) -> Iterable[Slice]:
    for one in slices:
        for place in range(one.start, one.stop):
            further = place - one.start
            yield Slice(one.date + further, one.handling, one.place + further, one.segment, place, place + 1,
                        one.altered)  # fmt: skip


def _digests(page: Page) -> Sequence[bytes]:
    return [item.digest for item in page.items()]


def _enter(line: Line, page: Page, sight: Sight, epoch: Epoch, now: datetime) -> Parcel:
    """Enter a parcel in the party's ledger, and note that it is on its way: one transaction."""
    said = delivering.told(sight, page, "delivery", f"POST objects {line.remote}"[:200])
    leaf = partial(delivering.form_of(said, f"peer {line.peer.name}").leaf, entries.moment(now))
    with transaction.atomic():
        held = Line.objects.select_for_update().get(pk=line.pk)
        if held.position != line.position:
            raise commits.Moved
        waiting = Waiting(sight, epoch.doors, leaf, given.keep("delivery", sight.collection, page))
        commits.record(waiting)
        size = Log.objects.get(party_id=sight.party).size
        return Parcel.objects.create(line=line, last=_end(page), count=page.count, items=str(said["items"]),
                                     entry=size - 1, made_at=moments.micros(now))  # fmt: skip


def _step_over(line: Line, date: int) -> None:
    Line.objects.filter(pk=line.pk, position=line.position).update(position=date)
    line.position = date


def taken(parcel: Parcel, status: str) -> None:
    """Note that the other side has a parcel and is not done with it."""
    Parcel.objects.filter(pk=parcel.pk).update(state=Parcel.State.TAKEN, status=status[:100])
    parcel.state, parcel.status = Parcel.State.TAKEN, status[:100]


def reopen(parcel: Parcel) -> None:
    """Note that the other side knows nothing of a parcel any more: it goes again."""
    Parcel.objects.filter(pk=parcel.pk).update(state=Parcel.State.OPEN, status="")
    parcel.state, parcel.status = Parcel.State.OPEN, ""


def answered(line: Line, parcel: Parcel, failures: Sequence[Failure], now: datetime) -> None:
    """Note what became of a parcel, and go on behind it."""
    with transaction.atomic():
        Parcel.objects.filter(pk=parcel.pk).update(state=Parcel.State.ANSWERED, answered_at=moments.micros(now))
        for one in failures:
            what = Caught(line.peer.party_id, Snag.Kind.REFUSED, one.stix_id, one.version, one.why, outgoing=True)
            incoming.keep_snag(what, now, line)
        grown = min(2 * line.pages, line.page) if line.pages else 0
        pages_ = 0 if grown >= line.page else grown
        Line.objects.filter(pk=line.pk).update(position=parcel.last, pages=pages_)
    line.position, line.pages = parcel.last, pages_


def turned_down(line: Line, parcel: Parcel, why: str, now: datetime) -> Failure | None:
    """Note that a parcel was refused as a whole: it goes again in halves, and one object alone is what was refused."""
    if parcel.count > 1:
        with transaction.atomic():
            Parcel.objects.filter(pk=parcel.pk).update(state=Parcel.State.TURNED_DOWN,
                                                       answered_at=moments.micros(now))  # fmt: skip
            Line.objects.filter(pk=line.pk).update(pages=max(1, parcel.count // 2))
        line.pages = max(1, parcel.count // 2)
        return None
    sight = sights.sight(line.peer.party_id, line.collection, now)
    page = _outgoing(pages.page(sight, _query(line, line.page)), sight)
    found = next((item for item in page.items() if item.date == parcel.last), None)
    failure = Failure(found.stix_id if found else "unknown", found.version if found else "", why)
    answered(line, parcel, [failure], now)
    return failure
