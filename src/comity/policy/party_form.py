"""Reading who is party to an agreement: `parties`, `groups`, `clock` and `reservations`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from comity.policy.agreements import Party, Reservation
from comity.policy.dates import USUAL_CALENDAR, WorkCalendar
from comity.policy.fields import (
    Fields,
    Names,
    Report,
    day,
    entries,
    items,
    members,
    members_or_none,
    one_of,
    text,
    word,
)
from comity.policy.saying import sentence
from comity.policy.tree import Mapping, Node, Scalar, kind
from comity.policy.vocabulary import Weekday

CODE = re.compile(r"[A-Z][A-Z0-9-]{1,11}")
FEWEST_PARTIES = 2
BY_ACCESSION = "by accession"
WEEK = tuple(Weekday)
Days = TypeVar("Days")


@dataclass(frozen=True, slots=True)
class Clock:
    """The time zone that an agreement's days are told in, and each party's days off."""

    time_zone: str
    holidays: tuple[tuple[str, frozenset[date]], ...]
    weekends: tuple[tuple[str, frozenset[int]], ...]

    def calendar(self, code: str) -> WorkCalendar:
        """Give one party's days off."""
        holidays = dict(self.holidays).get(code, USUAL_CALENDAR.holidays)
        return WorkCalendar(holidays, dict(self.weekends).get(code, USUAL_CALENDAR.weekend))


def read_parties(report: Report, node: Node, what: str) -> tuple[Party, ...] | None:
    """Read `{BS: Commonwealth of The Bahamas, XS: {name: Saint Auric, joins: by accession}}`."""
    found = [_party(report, key, value) for key, value in entries(report, node, what)]
    if isinstance(node, Mapping) and len(found) < FEWEST_PARTIES:
        report.add(
            node,
            sentence("{what} names {count} only", what=what, count=len(found)),
            sentence("an agreement has two parties or more; add the others"),
        )
    return tuple(party for party in found if party is not None)


def _party(report: Report, key: Scalar, node: Node) -> Party | None:
    if not CODE.fullmatch(key.text):
        mend = sentence("write a code in capital letters, such as BS")
        report.add(key, sentence("“{text}” is not a code of a party", text=key.text), mend)
    if isinstance(node, Scalar):
        name = text(report, node, sentence("the name of party {text}", text=key.text))
        return None if name is None else Party(key.text, name)
    fields = Fields(report, node, sentence("party {text}", text=key.text), ("name", "joins", "lead", "contact"))
    name = fields.need("name", text, sentence("add `name:` with the name of the state or organisation"))
    joins = fields.found.get("joins")
    later = joins is not None
    by_record = isinstance(joins, Scalar) and joins.text == BY_ACCESSION
    on = (
        None
        if joins is None or by_record
        else _joins(report, joins, sentence("`joins` of party {text}", text=key.text))
    )
    lead, contact = fields.take("lead", text), fields.take("contact", text)
    return Party(key.text, name or "", original=not later, joins=on, lead=lead, contact=contact)


def _joins(report: Report, node: Node, what: str) -> date | None:
    if isinstance(node, Scalar) and node.text[:1].isdigit():
        return day(report, node, what)
    report.add(
        node,
        sentence("{what} is {kind}", what=what, kind=kind(node)),
        sentence("write a day, or “{later}” when its accession is yet to come", later=BY_ACCESSION),
    )
    return None


def read_groups(parties: tuple[str, ...]) -> Callable[[Report, Node, str], tuple[tuple[str, tuple[str, ...]], ...]]:
    """Make the reader of `{founders: [BS, XI], observers: []}`."""

    def read(report: Report, node: Node, what: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        groups = []
        for key, value in entries(report, node, what):
            if key.text in parties:
                report.add(
                    key,
                    sentence("the group “{text}” has the code of a party for a name", text=key.text),
                    sentence("give it another name"),
                )
            codes = members(one_of(parties, sentence("party")))(report, value, sentence("group {text}", text=key.text))
            groups.append((key.text, tuple(codes or ())))
        return tuple(groups)

    return read


def read_clock(names: Names) -> Callable[[Report, Node, str], Clock | None]:
    """Make the reader of `{time_zone: …, holidays: {BS: […]}, weekend: {XA: [Friday, Saturday]}}`."""

    def read(report: Report, node: Node, _what: str) -> Clock | None:
        fields = Fields(report, node, "`clock`", ("time_zone", "holidays", "weekend"))
        zone = fields.need("time_zone", _zone, sentence("add `time_zone:` with a name such as America/Nassau"))
        holidays = fields.take("holidays", lambda r, n, w: _by_party(r, n, w, names, _holidays)) or ()
        weekends = fields.take("weekend", lambda r, n, w: _by_party(r, n, w, names, _weekend)) or ()
        return None if zone is None else Clock(zone, holidays, weekends)

    return read


def _zone(report: Report, node: Node, what: str) -> str | None:
    if isinstance(node, Scalar):
        try:
            return ZoneInfo(node.text).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass
    report.add(
        node,
        sentence("{what} is {kind}, which is no time zone", what=what, kind=kind(node)),
        sentence("write a name such as America/Nassau"),
    )
    return None


def _by_party(
    report: Report, node: Node, what: str, names: Names, read: Callable[[Report, Node, str], Days | None]
) -> tuple[tuple[str, Days], ...]:
    found = []
    for key, value in entries(report, node, what):
        code = one_of(names.parties, sentence("party"))(report, key, what)
        days = read(report, value, sentence("{what} for {text}", what=what, text=key.text))
        if code is not None and days is not None:
            found.append((code, days))
    return tuple(found)


def _holidays(report: Report, node: Node, what: str) -> frozenset[date] | None:
    found = members(day)(report, node, what)
    return None if found is None else frozenset(found)


def _weekend(report: Report, node: Node, what: str) -> frozenset[int] | None:
    found = members_or_none(word(Weekday))(report, node, what)
    if found is not None and len(found) == len(WEEK):
        report.add(node, sentence("{what} leaves no working day", what=what), sentence("name the days off only"))
        return None
    return None if found is None else frozenset(WEEK.index(one) for one in found)


def read_reservations(names: Names) -> Callable[[Report, Node, str], tuple[Reservation, ...]]:
    """Make the reader of a list of `{party: XM, clauses: [C5], from: 2026-02-01, says: …}`."""

    def read(report: Report, node: Node, what: str) -> tuple[Reservation, ...]:
        found = (_reservation(report, item, names) for item in items(report, node, what))
        return tuple(one for one in found if one is not None)

    return read


def _reservation(report: Report, node: Node, names: Names) -> Reservation | None:
    fields = Fields(report, node, sentence("a reservation"), ("party", "clauses", "from", "says"))
    party = fields.need(
        "party", one_of(names.parties, sentence("party")), sentence("add `party:` with the code of who made it")
    )
    clauses = fields.need(
        "clauses", members_or_none(one_of(names.clauses, sentence("clause"))), sentence("add `clauses:` it is made to")
    )
    from_day, says = fields.take("from", day), fields.take("says", text)
    return None if party is None or clauses is None else Reservation(party, tuple(clauses), from_day, says)
