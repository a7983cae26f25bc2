"""What happens in an agreement's life: dated events, each with the time it was recorded and its source.

Events are only ever added. A correction is a later event that names the one it supersedes; from the moment it is
recorded the old one no longer counts, and for any question about what was known before, it still does.
"""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from comity.policy.agreements import Agreement
from comity.policy.dates import EARLIEST_DAY, LATEST_DAY
from comity.policy.saying import sentence
from comity.policy.vocabulary import NoticeBy


class EventKind(enum.StrEnum):
    """The closed list of life events. Every event takes effect with the beginning of its `effective_on`.

    * `signature`: a party signed; binds nobody by itself.
    * `ratification`: a party notified that its own procedures are complete; binds nobody by itself.
    * `provisional-application`: applied before entry into force (Vienna Convention on the Law of Treaties, art. 25).
    * `entry-into-force`: for all, or for one party where `party` is given (art. 24).
    * `accession`: a party joins later (art. 15).
    * `suspension`: operation is suspended (art. 57), until `until` where given (its last day).
    * `end-of-suspension`: operation is resumed.
    * `notice-of-termination`: a party gave notice; `effective_on` is its sending, `received_on` its receipt (art. 67).
    * `notice-against-renewal`: a party stops the next tacit renewal; the same two dates.
    * `revocation-of-notice`: a party takes its notices back before they take effect (art. 68).
    * `renewal`: both renew; `effective_on` is the first day of the new term, `until` its last where given.
    * `termination`: ended for all; `effective_on` is the first day on which it is over (art. 54).
    * `expiry`: ran out; `effective_on` is the first day on which it is over.
    * `withdrawal`: one party leaves; `effective_on` is the first day on which it is no longer bound (art. 56).
    * `reservation`: a party excludes `clauses` between itself and the others (art. 2(1)(d), 21).
    * `withdrawal-of-reservation`: takes it back, for `clauses` or, where none are named, wholly (art. 22).
    * `amendment`: the text changed; the amended file dates its clauses, this event tells when and by what.
    * `retraction`: the event that it supersedes was recorded by mistake and never happened; what that one had
      corrected or taken back counts again.
    """

    SIGNATURE = "signature"
    RATIFICATION = "ratification"
    PROVISIONAL_APPLICATION = "provisional-application"
    ENTRY_INTO_FORCE = "entry-into-force"
    ACCESSION = "accession"
    SUSPENSION = "suspension"
    END_OF_SUSPENSION = "end-of-suspension"
    NOTICE_OF_TERMINATION = "notice-of-termination"
    NOTICE_AGAINST_RENEWAL = "notice-against-renewal"
    REVOCATION_OF_NOTICE = "revocation-of-notice"
    RENEWAL = "renewal"
    TERMINATION = "termination"
    EXPIRY = "expiry"
    WITHDRAWAL = "withdrawal"
    RESERVATION = "reservation"
    WITHDRAWAL_OF_RESERVATION = "withdrawal-of-reservation"
    AMENDMENT = "amendment"
    RETRACTION = "retraction"


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """One event: what took effect on which day, when that was recorded (aware, UTC), and on what source.

    `party` is whose act it was (None: of all), `clauses` those of a reservation, `until` the last day on which it
    holds, `received_on` the day a notice was received, `supersedes` the id of an event that this one corrects.
    """

    kind: EventKind
    effective_on: date
    recorded_at: datetime
    source: str
    party: str | None = None
    clauses: tuple[str, ...] = ()
    until: date | None = None
    received_on: date | None = None
    supersedes: str | None = None
    id: str = ""


Order = tuple[date, datetime, int]
FROM_THE_FILE = datetime.min.replace(tzinfo=UTC)
NEED_PARTY = frozenset(
    {
        EventKind.ACCESSION,
        EventKind.WITHDRAWAL,
        EventKind.RESERVATION,
        EventKind.WITHDRAWAL_OF_RESERVATION,
        EventKind.NOTICE_OF_TERMINATION,
        EventKind.NOTICE_AGAINST_RENEWAL,
        EventKind.REVOCATION_OF_NOTICE,
    }
)


@dataclass(frozen=True, slots=True)
class Dated:
    """An event with its place in the order of effect: by day, then by when it was recorded, then as listed."""

    event: LifeEvent
    place: int

    @property
    def order(self) -> Order:
        """Give the key that sorts events by effect."""
        return (self.event.effective_on, self.event.recorded_at, self.place)


def known(events: Sequence[LifeEvent], known_at: datetime) -> tuple[Dated, ...]:
    """Give the events that count, as known at `known_at`: recorded by then, and not superseded by one recorded then."""
    recorded = [Dated(event, place) for place, event in enumerate(events) if event.recorded_at <= known_at]
    gone = _superseded([dated.event for dated in recorded])
    counting = (dated for dated in recorded if not (dated.event.id and dated.event.id in gone))
    return tuple(sorted(counting, key=lambda dated: dated.order))


def _superseded(events: Sequence[LifeEvent]) -> frozenset[str]:
    """Name the events that no longer count.

    What was corrected stays superseded when its correction is corrected in turn. What was retracted never happened,
    and so superseded nothing: what it had corrected, or taken back, counts again.
    """
    retractions: dict[str, list[LifeEvent]] = {}
    for event in events:
        if event.kind is EventKind.RETRACTION and event.supersedes is not None:
            retractions.setdefault(event.supersedes, []).append(event)

    def happened(event: LifeEvent, seen: frozenset[str]) -> bool:
        if not event.id or event.id in seen:
            return True
        return not any(happened(one, seen | {event.id}) for one in retractions.get(event.id, ()))

    superseding = (event for event in events if event.supersedes is not None and happened(event, frozenset()))
    return frozenset(event.supersedes for event in superseding if event.supersedes is not None)


def of_kind(events: Iterable[Dated], *kinds: EventKind) -> tuple[Dated, ...]:
    """Give the events of these kinds, in their order."""
    return tuple(dated for dated in events if dated.event.kind in kinds)


def objections(agreement: Agreement, events: Sequence[LifeEvent], new: LifeEvent) -> tuple[str, ...]:
    """Give what is wrong with recording `new` after `events`, each as one sentence with its mend; empty when right."""
    return tuple(_own_objections(agreement, new)) + tuple(_objections_beside(events, new))


def _own_objections(agreement: Agreement, new: LifeEvent) -> Iterable[str]:
    codes = ", ".join(party.code for party in agreement.parties)
    if new.party is not None and agreement.party(new.party) is None:
        yield sentence(
            "“{party}” is not a party to “{agreement}”; its parties are {codes}",
            party=new.party,
            agreement=agreement.name,
            codes=codes,
        )
    if new.party is None and new.kind in NEED_PARTY:
        yield sentence("a {kind} is one party's act; name the party ({codes})", kind=new.kind, codes=codes)
    for clause in new.clauses:
        if agreement.clause(clause) is None:
            yield sentence(
                "“{agreement}” has no clause “{clause}”; name one of its own", agreement=agreement.name, clause=clause
            )
    if new.kind is EventKind.RESERVATION and not new.clauses:
        yield sentence("a reservation is made to clauses; name them")
    if new.until is not None and new.until < new.effective_on:
        yield sentence(
            "it cannot hold until {until}, before it takes effect on {day}; mend one of the two",
            until=new.until,
            day=new.effective_on,
        )
    if new.received_on is not None and new.received_on < new.effective_on:
        yield sentence(
            "a notice sent on {day} cannot be received on {received}; mend one of the two",
            day=new.effective_on,
            received=new.received_on,
        )
    yield from _off_the_calendar(new)
    yield from _against_the_terms(agreement, new)
    if not new.source.strip():
        yield sentence("the source is empty; say where it stands, such as “note verbale 12/2026”")
    if new.recorded_at.utcoffset() is None:
        yield sentence("the time of recording has no time zone; give it in UTC")


def _off_the_calendar(new: LifeEvent) -> Iterable[str]:
    for day in (new.effective_on, new.until, new.received_on):
        if day is not None and not EARLIEST_DAY <= day <= LATEST_DAY:
            yield sentence(
                "{day} is too far off; give a day from {first} to {last}, and leave `until` out for “without end”",
                day=day, first=EARLIEST_DAY.year, last=LATEST_DAY.year,
            )  # fmt: skip


def _against_the_terms(agreement: Agreement, new: LifeEvent) -> Iterable[str]:
    life = agreement.life
    if new.kind is EventKind.NOTICE_OF_TERMINATION and life.termination is None:
        yield sentence(
            "“{agreement}” knows no termination by notice; record a termination or a withdrawal instead",
            agreement=agreement.name,
        )
    if new.kind is EventKind.NOTICE_AGAINST_RENEWAL and life.renewal is None:
        yield sentence(
            "“{agreement}” knows no renewal that could be stopped; record what it does know", agreement=agreement.name
        )
    terms = {EventKind.NOTICE_OF_TERMINATION: life.termination, EventKind.SUSPENSION: life.suspension}.get(new.kind)
    if new.party is not None and terms is not None and terms.by is NoticeBy.BOTH:
        both = (
            sentence("under “{agreement}” only both parties together can do this; record a termination",
                     agreement=agreement.name)
            if new.kind is EventKind.NOTICE_OF_TERMINATION
            else sentence("under “{agreement}” only both parties together can do this; record a suspension of all",
                          agreement=agreement.name)
        )  # fmt: skip
        yield both


def _objections_beside(events: Sequence[LifeEvent], new: LifeEvent) -> Iterable[str]:
    ids = {event.id for event in events if event.id}
    if new.supersedes is not None and new.supersedes not in ids:
        yield sentence(
            "there is no event “{supersedes}” to supersede; name one that is recorded", supersedes=new.supersedes
        )
    elif new.supersedes is not None and new.supersedes not in {d.event.id for d in known(events, new.recorded_at)}:
        yield sentence(
            "event “{supersedes}” is corrected or taken back already; name the entry that stands in its place",
            supersedes=new.supersedes,
        )
    if new.kind is EventKind.RETRACTION and new.supersedes is None:
        yield sentence("a retraction takes back one event; name it as the one that is superseded")
    if new.id and new.id in ids:
        yield sentence("an event “{id}” is recorded already; give this one an id of its own", id=new.id)
