"""What stands, what the calendar will change, and what falls due: read from the law as known at a moment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from comity.acts import law
from comity.policy.release import Adopted, Court, Facts, Moment
from comity.policy.standing import Standing, State

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Bond:
    """How one party stands to one agreement."""

    code: str
    name: str
    standing: Standing

    @property
    def binds(self) -> bool:
        """Tell whether the agreement binds the party now, provisionally at least."""
        return self.standing.state in {State.IN_FORCE, State.PROVISIONAL}


@dataclass(frozen=True, slots=True)
class Stood:
    """One agreement and how every party stands to it."""

    adopted: Adopted
    bonds: tuple[Bond, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """From the beginning of `day` a party's standing is another."""

    day: date
    slug: str
    agreement: str
    party: str
    before: State
    after: State


def stand(facts: Facts, moment: Moment) -> tuple[Stood, ...]:
    """Give how every party stands to every adopted agreement at a moment."""
    court = Court(facts, moment)
    return tuple(
        Stood(adopted, tuple(Bond(p.code, p.name, court.standing(adopted, p.code)) for p in adopted.agreement.parties))
        for adopted in map(court.at, facts.adopted)
    )


def adopted(slug: str, moment: Moment) -> Adopted | None:
    """Find an adopted agreement by its slug, with the text that holds at a moment."""
    return next((one.at(moment) for one in law.facts().adopted if one.slug == slug), None)


def changes(facts: Facts, now: datetime, days: int) -> tuple[Change, ...]:
    """Give what the calendar alone will change in the coming *days*, in order."""
    found = [change for one in facts.adopted for change in _changes(one, now, days)]
    return tuple(sorted(found, key=lambda change: (change.day, change.agreement, change.party)))


def _changes(one: Adopted, now: datetime, days: int) -> Iterator[Change]:
    today = Moment(now).day(one.agreement.time_zone)
    turns = one.turning_days(now)
    for day in sorted(d for d in turns if today < d <= today + timedelta(days=days)):
        for party in one.agreement.parties:
            before = one.standing(party.code, day - ONE_DAY, now).state
            after = one.standing(party.code, day, now).state
            if before is not after:
                yield Change(day, one.slug, one.agreement.name, party.code, before, after)


def states_by_span(
    one: Adopted, party: str, first: date, last: date, now: datetime
) -> Sequence[tuple[date, date, State]]:
    """Give a party's states from *first* to *last* as spans of days, both ends inside: the line of a life in time."""
    turns = one.turning_days(now)
    starts = [first, *sorted(d for d in turns if first < d <= last)]
    spans: list[tuple[date, date, State]] = []
    for start, after in zip(starts, [*starts[1:], last + ONE_DAY], strict=True):
        state = one.standing(party, start, now).state
        if spans and spans[-1][2] is state:
            spans[-1] = (spans[-1][0], after - ONE_DAY, state)
        else:
            spans.append((start, after - ONE_DAY, state))
    return spans
