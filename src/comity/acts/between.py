"""What lies between us and another party: standings side by side, undertakings both ways, meetings, contacts, facts."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from comity.acts import readings
from comity.acts.standings import AsOf
from comity.models import ContactVersion, EngagementVersion, Fact, Instrument, Membership, Party, Spell, Undertaking
from comity.policy.participation import Stand, Status


@dataclass(frozen=True, slots=True)
class Beside:
    """One instrument with both standings."""

    instrument: Instrument
    ours: readings.Cell
    theirs: readings.Cell

    @property
    def shared(self) -> bool:
        """Tell whether it holds both of us today."""
        held = (*readings.BINDING, *readings.POLITICAL)
        return self.ours.stand.value in held and self.theirs.stand.value in held


def beside(us: Party, them: Party, asked: AsOf) -> list[Beside]:
    """Compare where we and they stand, for every instrument of which something is recorded of them or of both.

    Those that hold both come first, then those that either took up, by name.
    """
    parties = (us, them) if us != them else (them,)
    touched = set(asked.of(Spell.objects.filter(party__in=parties)).values_list("instrument", flat=True))
    touched |= set(them.actions.values_list("instrument", flat=True))
    instruments = Instrument.objects.filter(pk__in=touched).order_by("title")
    cells = readings.cells(asked, instruments, parties)
    rows = [Beside(one, cells[one.pk, us.code], cells[one.pk, them.code]) for one in instruments]
    return sorted(rows, key=lambda row: (not row.shared, row.theirs.stand is Stand.NOTHING))


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
    return list(rows.select_related("group", "source").order_by("group__name"))


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
