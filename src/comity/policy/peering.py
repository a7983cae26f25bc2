"""How a client keeps its place in somebody else's collection: what it asks next, from what was answered. Pure.

A place is committed together with the objects that it covers, so that after any interruption the same question is asked
again. It holds for servers that do what TAXII 2.1 says, and for those that are known not to:

- several objects under one date, with a page that ends among them: going on by date begins at that date again;
- `next` that is lost, expired or repeated: the walk goes on by date;
- pages without the X-TAXII-Date-Added headers: the walk goes on by `next`, and every round reads the whole;
- a `limit` that is not heeded, or `more` without anything new: the limit grows, then the walk is said to be stuck;
- a date that shows up late, behind what was read: each round begins `overlap` earlier.

What comes twice is known by its id, version and bytes. Dates are the server's own, so its clock need not agree with
ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from comity.policy.saying import sentence
from comity.policy.troubles import Trouble

_FORM: Final = "%Y-%m-%dT%H:%M:%S.%fZ"
_LEAST: Final = timedelta(microseconds=1)
MOST_AT_ONCE: Final = 65_536
"""How far a page's limit grows where many objects share one date."""
FIRST_PAUSE, LONGEST_PAUSE, LONGEST_ASKED_FOR = 30.0, 6 * 3600.0, 24 * 3600.0  # seconds


@dataclass(frozen=True, slots=True)
class Place:
    """How far a collection was read. Dates are as the server writes them; "" stands for none.

    `after` is the date of the last item that was taken in; `asked` the `added_after` of the walk under way, and `next`
    its cursor; `limit` is larger than usual while a page's worth and more shares one date.
    """

    after: str = ""
    asked: str = ""
    next: str = ""
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """How one reads: objects a page, seconds to begin earlier each round, and whether dates are known to be unique."""

    page: int = 1000
    overlap: int = 0
    unique: bool = False
    versions: str = "all"


@dataclass(frozen=True, slots=True)
class Answered:
    """What came: how many objects, `more`, `next`, and the dates of the first and the last of them where given."""

    count: int
    more: bool
    next: str = ""
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """The place after an answer, and whether the walk is at its end. `stuck` says why it can go no further."""

    place: Place
    done: bool
    stuck: str = ""


def begin(place: Place, plan: Plan) -> Place:
    """Return the place from which a round begins: a walk that was broken off goes on, else a new one starts."""
    if place.next or place.asked:
        return place
    return replace(place, asked=_earlier(place.after, timedelta(seconds=plan.overlap)))


def question(place: Place, plan: Plan) -> Mapping[str, str]:
    """Return the parameters to ask with."""
    asked = {"limit": str(place.limit or plan.page), "match[version]": plan.versions}
    if place.asked:
        asked["added_after"] = place.asked
    if place.next:
        asked["next"] = place.next
    return asked


def onward(place: Place, answered: Answered, plan: Plan) -> Step:
    """Return where to go on after an answer."""
    after = _later(place.after, answered.last)
    if not answered.more:
        return Step(Place(after), done=True)
    if answered.next and answered.next != place.next:
        return Step(Place(after, place.asked, answered.next, place.limit), done=False)
    if not answered.count:
        return Step(Place(after), done=True)  # “more” and nothing with it, after deletions (TAXII 2.1 §3.5)
    if not answered.last:
        return Step(place, done=True, stuck=sentence(Trouble.NO_WAY_ON))
    return _by_date(place, replace(place, after=after), answered, plan)


def _by_date(before: Place, now: Place, answered: Answered, plan: Plan) -> Step:
    """Go on from the last date: from behind it where dates are unique, else with all that shares it."""
    if plan.unique:
        return Step(Place(now.after, now.after), done=False)
    asked = _earlier(answered.last, _LEAST)
    if not before.asked or _moment(asked) > _moment(before.asked):
        return Step(Place(now.after, asked), done=False)
    limit = 2 * (before.limit or plan.page)
    if limit > MOST_AT_ONCE or answered.count < (before.limit or 0):
        why = sentence(Trouble.ONE_DATE, count=answered.count, date=answered.last)
        return Step(before, done=True, stuck=why)
    return Step(Place(now.after, before.asked, "", limit), done=False)


def lost(place: Place, plan: Plan) -> Step | None:
    """Return where to go on when `next` is refused: the walk begins again by date; None where none was asked with.

    Where it began at that very date already, the cursor was lost among objects that share it: more are asked for.
    """
    if not place.next:
        return None
    asked = _earlier(place.after, _LEAST)
    if asked != place.asked:
        return Step(Place(place.after, asked), done=False)
    limit = 2 * (place.limit or plan.page)
    if limit > MOST_AT_ONCE:
        why = sentence(Trouble.NEXT_REFUSED, date=place.after)
        return Step(Place(place.after, asked), done=True, stuck=why)
    return Step(Place(place.after, asked, "", limit), done=False)


def pause(failures: int, asked_for: float | None, chance: float) -> float:
    """Return the seconds to wait after *failures* in a row: twice as long each time, and by *chance* (0 to 1) shorter.

    What the server asks for with Retry-After is waited at least, up to a day.
    """
    longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(max(failures, 1) - 1, 20))
    own = longest * (0.5 + 0.5 * chance)
    return own if asked_for is None else max(own, min(asked_for, LONGEST_ASKED_FOR))


def _moment(date: str) -> datetime:
    return datetime.fromisoformat(date)


def readable(date: str) -> bool:
    """Tell whether a date can be compared: RFC 3339 with a zone."""
    try:
        return _moment(date).tzinfo is not None
    except ValueError:
        return False


def _earlier(date: str, by: timedelta) -> str:
    return (_moment(date).astimezone(UTC) - by).strftime(_FORM) if date else ""


def _later(one: str, other: str) -> str:
    if not one or not other:
        return one or other
    return max(one, other, key=_moment)
