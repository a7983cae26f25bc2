"""What the pages of the register read: standings with their source, on a day as known at a moment.

Nothing here decides: standings are looked up in `models.Spell`, and what stands beside them is what was recorded.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from django.db.models import Count, Q, QuerySet

from comity.acts import names
from comity.acts.standings import FOREVER, AsOf
from comity.models import Action, Instrument, Membership, Party, Source, Spell
from comity.models.sources import Recorded
from comity.policy.participation import Bond, Stand, Status
from comity.policy.stands import COVERED_BY, FIRST_DAY, NO_END

BINDING: Final = (Stand.PARTY.value, Stand.PROVISIONAL.value)
POLITICAL: Final = (Stand.COVERED.value, Stand.SUPPORTER.value)
LAW: Final = (Bond.TREATY.value, Bond.ARRANGEMENT.value)


@dataclass(frozen=True, slots=True)
class Cell:
    """Where one party stands to one instrument: since when, until when, and by which source.

    `source` is None where an adopted agreement's own file is it. `doubts` are records that are no confirmed facts:
    claimed, contradicted, not found.
    """

    party: Party
    instrument: Instrument
    stand: Stand
    since: date | None = None
    until: date | None = None
    ground: str = ""
    source: Source | None = None
    doubts: tuple[Action, ...] = ()


AnyRecorded = TypeVar("AnyRecorded", bound=Recorded)


def known(records: QuerySet[AnyRecorded], asked: AsOf) -> QuerySet[AnyRecorded]:
    """Give the records that were there at the moment of the question and not superseded by then."""
    gone = Q(superseded_by__recorded_at__lte=asked.known_at) | Q(status=Status.RETRACTED.value)
    return records.filter(Q(recorded_at__lte=asked.known_at)).exclude(gone)


def cells(asked: AsOf, instruments: Iterable[Instrument], parties: Iterable[Party]) -> dict[tuple[int, str], Cell]:
    """Give the cells of a table of instruments by parties; each has one, that of `nothing` too."""
    rows, columns = {one.pk: one for one in instruments}, {one.code: one for one in parties}
    spells = asked.of(Spell.objects.filter(instrument__in=rows, party__in=columns))
    stood = {(spell.instrument_id, spell.party_id): spell for spell in spells}
    said: dict[tuple[int, str], list[Action]] = {}
    acts = Action.objects.filter(instrument__in=rows, party__in=columns).select_related("source")
    for act in known(acts, asked):
        said.setdefault((act.instrument_id, act.party_id or ""), []).append(act)
    covers = _covers(asked, stood.values())
    return {
        (number, code): _cell(one, party, stood.get((number, code)), said.get((number, code), []), covers)
        for number, one in rows.items()
        for code, party in columns.items()
    }


def _covers(asked: AsOf, spells: Iterable[Spell]) -> dict[tuple[str, str], Source]:
    wanted = {(spell.ground.removeprefix(COVERED_BY), spell.party_id) for spell in spells
              if spell.stand == Stand.COVERED.value}  # fmt: skip
    rows = Membership.objects.filter(group__in={group for group, _member in wanted}, capacity="member",
                                     member__in={member for _group, member in wanted})  # fmt: skip
    return {(row.group_id, row.member_id): row.source
            for row in known(rows.select_related("source"), asked)}  # fmt: skip


def _cell(instrument: Instrument, party: Party, spell: Spell | None, said: list[Action],
          covers: dict[tuple[str, str], Source]) -> Cell:  # fmt: skip
    doubts = tuple(act for act in said if act.status != Status.CONFIRMED.value)
    if spell is None:
        return Cell(party, instrument, Stand.NOTHING, doubts=doubts)
    behind = [act for act in said if act.status == Status.CONFIRMED.value and act.kind == spell.ground]
    source = behind[-1].source if behind else covers.get((spell.ground.removeprefix(COVERED_BY), party.code))
    since = None if spell.effective_from == FIRST_DAY else spell.effective_from
    until = None if spell.effective_until == NO_END else spell.effective_until
    return Cell(party, instrument, Stand(spell.stand), since, until, spell.ground, source, doubts)


def states(group: str = "", asked: AsOf | None = None) -> list[Party]:
    """Give the states (and the bodies that have a standing of their own), or the members of a group, by name."""
    found = Party.objects.filter(kind=Party.Kind.STATE)
    if group and asked is not None:
        rows = Membership.objects.filter(group=group, capacity="member", status=Status.CONFIRMED.value).filter(
            Q(effective_on=None) | Q(effective_on__lte=asked.on), Q(until=None) | Q(until__gte=asked.on)
        )
        members = [row.member_id for row in known(rows, asked)]
        found = Party.objects.filter(code__in=members)
    return names.by_name(found)


@dataclass(frozen=True, slots=True)
class Shared:
    """How many instruments hold a party and us alike: by law, and by political word."""

    party: str
    binding: int
    political: int


def shared(us: str, asked: AsOf) -> dict[str, Shared]:
    """Count, for every other party, the instruments that hold it and us alike on the day."""
    held = Q(stand__in=(*BINDING, *POLITICAL))
    ours = list(asked.of(Spell.objects.filter(held, party=us)).values_list("instrument_id", flat=True))
    rows = asked.of(Spell.objects.filter(held, instrument__in=ours)).exclude(party=us)
    counted = rows.values("party").annotate(binding=Count("pk", filter=Q(stand__in=BINDING)),
                                            political=Count("pk", filter=Q(stand__in=POLITICAL)))  # fmt: skip
    return {row["party"]: Shared(row["party"], row["binding"], row["political"]) for row in counted}


def tally(asked: AsOf, instrument: Instrument) -> dict[str, int]:
    """Count the parties of an instrument by where they stand."""
    counted = asked.of(Spell.objects.filter(instrument=instrument)).values("stand").annotate(number=Count("pk"))
    return {row["stand"]: row["number"] for row in counted.order_by("stand")}


def ours(asked: AsOf, us: str) -> dict[int, str]:
    """Give our own stand to every instrument to which we have one."""
    return dict(asked.of(Spell.objects.filter(party=us)).values_list("instrument_id", "stand"))


__all__ = ["BINDING", "FOREVER", "LAW", "POLITICAL", "Cell", "Shared", "cells", "known", "ours", "shared", "states",
           "tally"]  # fmt: skip
