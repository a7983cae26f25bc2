"""What the node knows of the law, gathered for the policy room, and judgements made from it."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from comity.acts import classes, epochs, moments, recorded_law
from comity.policy.concerns import Basis, Under, basis, speaking
from comity.policy.consent_scopes import silent_from
from comity.policy.dates import ONE_DAY
from comity.policy.handling import Handling
from comity.policy.release import Court, Facts, Judgement, Moment, Release


def facts() -> Facts:
    """Return all the law recorded so far. Read once for each state of the law."""
    return epochs.remembered(_FACTS, lambda epoch: epoch.law, recorded_law.facts)


_FACTS: dict[str, Facts] = {}


def forget() -> None:
    """Drop all remembered law and judgements: for a process whose store was replaced under it."""
    _FACTS.clear()
    _RULINGS.clear()


def judge_all(law: Facts, known: Mapping[int, Handling], recipient: str, moment: Moment) -> dict[int, Judgement]:
    """Judge every class in *known* (in the order of numbers) for *recipient* at *moment*."""
    return _judged_by(Court(law, moment), known, recipient)


def _judged_by(court: Court, known: Mapping[int, Handling], recipient: str) -> dict[int, Judgement]:
    judged: dict[int, Judgement] = {}

    def is_open(number: int) -> bool:
        return isinstance(judged.get(number), Release)

    for number, handling in known.items():
        judged[number] = court.judge(handling, recipient, is_open)
    return judged


def rulings(recipient: str, now: datetime, *, exercise: bool | None = None) -> Mapping[int, Judgement]:
    """Return every class's judgement for *recipient* now; with *exercise* those of exercise, or of real, material.

    What was recorded is known, even where the machine's clock went back behind the moment at which it was.
    """
    moment = max(now, moments.moment(epochs.read().stamp))
    return judged(facts(), recipient, Moment(moment), exercise=exercise)


def judged(law: Facts, recipient: str, moment: Moment, *, exercise: bool | None = None) -> Mapping[int, Judgement]:
    """Judge as `judge_all`, with *exercise* the classes of one kind; remembered while what they turn on stands."""
    known = classes.known()
    under = _onward(known)
    court = Court(speaking(law, recipient, under), moment)
    wanted = basis(court, recipient, under)
    kept = _RULINGS.get((recipient, exercise), ())
    for found in kept:
        if found.known is known and found.basis == wanted:
            return found.judged
    those = known if exercise is None else {n: one for n, one in known.items() if one.exercise is exercise}
    made = _Ruled(known, wanted, _judged_by(court, those, recipient))
    _RULINGS[recipient, exercise] = (made, *kept[: _REMEMBERED - 1])
    return made.judged


class _Ruled(NamedTuple):
    """Judgements, the classes that were known, and what they turn on."""

    known: Mapping[int, Handling]
    basis: Basis
    judged: Mapping[int, Judgement]


_REMEMBERED = 2  # states of the law for each recipient: one agreement suspended and resumed needs no more
_RULINGS: dict[tuple[str, bool | None], tuple[_Ruled, ...]] = {}


def stood_since(now: datetime) -> int:
    """Return the last moment (µs) at which the calendar may have turned the law for anybody: a midnight somewhere."""
    return max(_midnight(now, zone, timedelta()) for zone in _zones())


def stands_until(now: datetime) -> int:
    """Return the next moment (µs) at which the calendar may turn the law for anybody."""
    return min(_midnight(now, zone, ONE_DAY) for zone in _zones())


def _zones() -> set[str]:
    return {"UTC", *(adopted.agreement.time_zone for adopted in facts().adopted)}


def _midnight(now: datetime, zone: str, later: timedelta) -> int:
    where = ZoneInfo(zone)
    day = now.astimezone(where).date() + later
    return moments.micros(datetime.combine(day, time(), where).astimezone(UTC))


def turns(law: Facts, recipient: str, after: int, until: int) -> list[int]:
    """Return the moments (µs) in (*after*, *until*] at which the calendar alone may change what one may have.

    An agreement turns it for its parties, and for a third party where something that came under it may be passed on.
    """
    found: set[int] = set()
    known_at, onward = moments.moment(until), _onward(classes.known())
    for adopted in law.adopted:
        days = _consent_days(law, adopted.slug, recipient)
        if adopted.slug in onward or adopted.names(recipient):
            days |= adopted.turning_days(known_at)
        zone = ZoneInfo(adopted.agreement.time_zone)
        found |= {moments.micros(datetime.combine(day, time(), zone).astimezone(UTC)) for day in days}
    return sorted(at for at in found if after < at <= until)


def _onward(known: Mapping[int, Handling]) -> Under:
    """Name the agreements under which something came that is stored here, with those that it came from."""
    found = defaultdict[str, set[str]](set)
    for handling in known.values():
        if handling.received_under is not None:
            found[handling.received_under[0]].add(handling.originator)
    return found


def _consent_days(law: Facts, slug: str, recipient: str) -> frozenset[date]:
    """Return the days on which an answer on passing on to *recipient* begins to hold, and holds no longer.

    So too those on which a question without an answer becomes silence.
    """
    answers = [one for one in law.consents if (one.agreement, one.recipient) == (slug, recipient)]
    ends = (one.until + ONE_DAY for one in answers if one.until is not None)
    asked = [one for one in law.asked if (one.agreement, one.recipient) == (slug, recipient)]
    texts = [text for one in law.adopted if one.slug == slug
             for text in (one.agreement, *(edition.agreement for edition in one.editions))]  # fmt: skip
    silent = (silent_from(text, one) for one in asked for text in texts)
    days = {one.effective_on for one in answers} | {day for day in silent if day is not None}
    return frozenset(days) | frozenset(ends)
