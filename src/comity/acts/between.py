"""What lies between us and another party: standings side by side, undertakings both ways, meetings, contacts, facts."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from comity.acts import names, readings
from comity.acts.standings import AsOf
from comity.models import (
    Action,
    ContactVersion,
    EngagementVersion,
    Fact,
    Instrument,
    Membership,
    Party,
    Undertaking,
)
from comity.policy.participation import Status


@dataclass(frozen=True, slots=True)
class Beside:
    """One instrument with both standings; `shared` where it holds both of us on the day."""

    instrument: Instrument
    ours: readings.Cell
    theirs: readings.Cell
    shared: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """The instruments of which something is recorded of them or of us, in the order in which they are shown."""

    instruments: tuple[int, ...]
    shared: frozenset[int]


def compare(us: Party, them: Party, asked: AsOf) -> Compared:
    """Find what there is to compare: what holds both comes first, then what they took up, then the rest, by name."""
    held = {*readings.BINDING, *readings.POLITICAL}
    ours, theirs = readings.ours(asked, us.code), readings.ours(asked, them.code)
    said = set(Action.objects.filter(party=them).values_list("instrument", flat=True))
    both = frozenset(number for number in ours.keys() & theirs.keys() if ours[number] in held
                     and theirs[number] in held)  # fmt: skip
    known = ours.keys() | theirs.keys() | said if us != them else theirs.keys() | said
    rows = [row for row in Instrument.objects.values_list("pk", "short", "title") if row[0] in known]
    ordered = [number for number, _short, _title in names.by_name(rows, lambda one: one[1] or one[2])]
    ordered.sort(key=lambda number: (number not in both, number not in theirs))
    return Compared(tuple(ordered), both)


def beside(us: Party, them: Party, asked: AsOf, numbers: Sequence[int], shared: frozenset[int]) -> list[Beside]:
    """Put both standings to each of these instruments side by side, in their order."""
    rows = Instrument.objects.in_bulk(list(numbers))
    cells = readings.cells(asked, rows.values(), (us, them))
    return [Beside(rows[number], cells[number, us.code], cells[number, them.code], number in shared)
            for number in numbers]  # fmt: skip


def facts(party: Party, asked: AsOf) -> list[tuple[str, list[Fact]]]:
    """Give what is known of a party by topic, newest topic first; facts of one topic stand side by side."""
    topics: dict[str, list[Fact]] = defaultdict(list)
    rows = readings.known(Fact.objects.filter(party=party).select_related("source", "counterpart", "instrument"), asked)
    for row in rows.prefetch_related("also"):
        topics[row.topic or f"fact-{row.pk}"].append(row)
    return sorted(topics.items(), key=lambda one: max(str(row.effective_on or "") for row in one[1]), reverse=True)


def memberships(party: Party, asked: AsOf) -> list[Membership]:
    """Give the groups that a party belongs to on the day."""
    rows = readings.known(Membership.objects.filter(member=party, status=Status.CONFIRMED.value), asked)
    rows = rows.filter(Q(effective_on=None) | Q(effective_on__lte=asked.on), Q(until=None) | Q(until__gte=asked.on))
    return names.by_name(rows.select_related("group", "source"), lambda row: row.group)


@dataclass(frozen=True, slots=True)
class Dealings:
    """What we deal with a party in: undertakings of ours and of theirs, meetings, and whom to call."""

    ours: Sequence[Undertaking]
    theirs: Sequence[Undertaking]
    meetings: Sequence[EngagementVersion]
    contacts: Sequence[ContactVersion]


def dealings(us: Party, them: Party, asked: AsOf) -> Dealings:
    """Give our dealings with a party, as known at the moment of the question."""
    undertaken = Undertaking.objects.select_related("instrument")
    return Dealings(
        list(readings.known(undertaken.filter(by=us, to=them), asked)),
        list(readings.known(undertaken.filter(by=them), asked)),
        list(readings.known(EngagementVersion.objects.filter(partner=them).select_related("engagement"), asked)
             .order_by("-starts_on")),
        list(readings.known(ContactVersion.objects.filter(contact__party=them, ended_on=None), asked)),
    )  # fmt: skip
