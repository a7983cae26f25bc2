"""How a party stands to an agreement on a day, as known at an instant.

The agreement's own terms and the recorded events are laid out as turns: days from which it binds, or no longer
binds. The last turn that has come decides. A suspension, a provisional application and reservations lie over that.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from comity.policy.agreements import Agreement
from comity.policy.course import Course, Turn, course
from comity.policy.dates import LATEST_DAY, ONE_DAY
from comity.policy.grounds import Ground, Phrase
from comity.policy.life_events import EventKind, LifeEvent, known, objections

__all__ = ["EventKind", "LifeEvent", "Standing", "State", "objections", "standing", "turning_days"]


class State(enum.StrEnum):
    """How a party may stand to an agreement."""

    NOT_IN_FORCE = "not in force"
    PROVISIONAL = "provisional"
    IN_FORCE = "in force"
    SUSPENDED = "suspended"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Standing:
    """A party's standing on a day.

    `since` is the first day of this state, `until` the last by the calendar as known (None: open; a tacit renewal
    keeps it open). `excluded` are clauses that do not bind the party: reserved against, or not applied
    provisionally. `notice_until` is the last day when a notice runs. `bound_from` is the first day on which the
    party was bound or applied it provisionally (since it last joined, if it had left).
    """

    state: State
    since: date | None
    until: date | None
    grounds: tuple[Ground, ...]
    excluded: frozenset[str] = frozenset()
    notice_until: date | None = None
    bound_from: date | None = None


def standing(agreement: Agreement, events: Sequence[LifeEvent], party: str, on: date, known_at: datetime) -> Standing:
    """Give how `party` stands to `agreement` on the day `on`, from what was recorded by `known_at`."""
    return standing_in(course(agreement, known(events, known_at)), party, on)


def standing_in(laid_out: Course, party: str, on: date) -> Standing:
    """Give how `party` stands on the day `on` in the course of an agreement's life."""
    agreement = laid_out.agreement
    if agreement.party(party) is None:
        ground = Ground.of(Phrase.NOT_A_PARTY, agreement.name, "life.party", party=party)
        return Standing(State.NOT_IN_FORCE, None, None, (ground,))
    since, until = _span(laid_out, party, on)
    grounds = (_ground(laid_out, party, on, since), *_side_grounds(laid_out, party, on))
    return Standing(
        _state(laid_out, party, on),
        since,
        until,
        grounds,
        _excluded(laid_out, party, on),
        laid_out.notice_until(party, on),
        laid_out.bound_from(party, on),
    )


def state(laid_out: Course, party: str, on: date) -> tuple[State, str]:
    """Give the state alone of a party on a day in the course of an agreement's life, and the clause it rests on."""
    if laid_out.agreement.party(party) is None:
        return State.NOT_IN_FORCE, "life.party"
    return _state(laid_out, party, on), _ground(laid_out, party, on, None).clause or ""


def turning_days(agreement: Agreement, events: Sequence[LifeEvent], known_at: datetime) -> frozenset[date]:
    """Give every day on which any party's standing may change by the calendar alone, from what was known then.

    The first day of each tacitly renewed term is among them up to the second one that begins after `known_at`;
    it changes no state, but it moves the last day for stopping the next.
    """
    laid_out = course(agreement, known(events, known_at))
    return frozenset(laid_out.days()) | frozenset(laid_out.renewal_days(min(known_at.date(), LATEST_DAY)))


def _state(laid_out: Course, party: str, on: date) -> State:
    turn = laid_out.decisive(party, on)
    if turn is not None and not turn.opens:
        return State.ENDED
    binds = turn is not None or laid_out.provisional(party, on) is not None
    if not binds:
        return State.NOT_IN_FORCE
    if laid_out.suspended(party, on) is not None:
        return State.SUSPENDED
    return State.PROVISIONAL if turn is None else State.IN_FORCE


def _span(laid_out: Course, party: str, on: date) -> tuple[date | None, date | None]:
    state, days = _state(laid_out, party, on), sorted(laid_out.days())
    since: date | None = None
    for day in reversed([day for day in days if day <= on]):
        if _state(laid_out, party, day) is not state:
            break
        since = day
    following = (day for day in days if day > on and _state(laid_out, party, day) is not state)
    end = next(following, None)
    return (None if state is State.NOT_IN_FORCE else since), end and end - ONE_DAY


def _excluded(laid_out: Course, party: str, on: date) -> frozenset[str]:
    if laid_out.decisive(party, on) is None:
        applied = laid_out.provisional(party, on)
        if applied is not None and applied.clauses is not None:
            others = {clause.id for clause in laid_out.agreement.clauses} - set(applied.clauses)
            return laid_out.reserved(party, on) | others
    return laid_out.reserved(party, on)


def _ground(laid_out: Course, party: str, on: date, since: date | None) -> Ground:
    name = laid_out.agreement.name
    turn = laid_out.decisive(party, on)
    match _state(laid_out, party, on):
        case State.ENDED if turn is not None:
            return _end_ground(name, party, turn)
        case State.SUSPENDED:
            return Ground.of(Phrase.SUSPENDED, name, "life.suspension", party=party, day=str(since))
        case State.PROVISIONAL:
            return Ground.of(Phrase.PROVISIONAL, name, "life.provisional", party=party, day=str(since))
        case State.IN_FORCE:
            return Ground.of(Phrase.IN_FORCE, name, "life.in_force", party=party, day=str(since))
        case _:
            return _not_yet(laid_out, party, on)


def _end_ground(name: str, party: str, turn: Turn) -> Ground:
    if turn.place == "life.parties":
        return Ground.of(Phrase.TOO_FEW, name, turn.place)
    phrase = {"life.withdrawal": Phrase.WITHDREW, "life.expiry": Phrase.EXPIRED}.get(turn.place, Phrase.TERMINATED)
    return Ground.of(phrase, name, turn.place, party=party, day=str(turn.day - ONE_DAY))


def _not_yet(laid_out: Course, party: str, on: date) -> Ground:
    name, life = laid_out.agreement.name, laid_out.agreement.life
    member = laid_out.agreement.party(party)
    place = "life.in_force" if member is None or member.original else "life.accession"
    begins = laid_out.bound_from(party, on)
    if begins is not None and begins > on:
        return Ground.of(Phrase.NOT_YET, name, place, party=party, day=str(begins))
    reason = life.in_force_when or "its entry into force is not recorded"
    condition = "its accession is not recorded" if place == "life.accession" else reason
    return Ground.of(Phrase.NO_DATE, name, place, party=party, condition=condition)


def _side_grounds(laid_out: Course, party: str, on: date) -> tuple[Ground, ...]:
    name = laid_out.agreement.name
    found: list[Ground] = []
    last = laid_out.notice_until(party, on)
    if last is not None:
        found.append(Ground.of(Phrase.NOTICE_RUNS, name, "life.termination", party=party, day=str(last)))
    if laid_out.notice_unreceived(party, on):
        found.append(Ground.of(Phrase.NOTICE_UNRECEIVED, name, "life.termination"))
    reserved = laid_out.reserved(party, on)
    if reserved:
        clauses = ", ".join(sorted(reserved))
        found.append(Ground.of(Phrase.RESERVED, name, "life.reservation", party=party, clauses=clauses))
    return tuple(found)
