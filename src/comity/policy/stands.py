"""Where each party stands to an instrument, day by day, from what was recorded by a moment.

Records are laid out as turns in the order of effect and walked through the table of legal moves
(`policy.participation`). Between them stand what follows from the terms: entry into force after consent, the end of a
bond after denunciation, the lapse of an invitation, cover by membership. A record that the table does not know from
where the party stands changes nothing. Only confirmed records count. A moment is microseconds since 1970 UTC.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Protocol, TypeVar

from comity.policy.dates import ONE_DAY
from comity.policy.entry_terms import NO_TERMS, Consent, Terms
from comity.policy.participation import CONSENT, ActionKind, Bond, Stand, Status, after

FIRST_DAY, NO_END = date(1, 1, 1), date(9999, 12, 31)


class Record(Protocol):
    """What every recorded fact has."""

    @property
    def id(self) -> int:
        """Give its number; a later record has a higher one."""

    @property
    def status(self) -> Status:
        """Give what the sources make of it."""

    @property
    def recorded_at(self) -> int:
        """Give the moment from which it is known."""

    @property
    def supersedes(self) -> int | None:
        """Give the number of the record that it corrects or takes back."""


@dataclass(frozen=True, slots=True)
class Act:
    """An action as recorded (`models.Action`); `party` is empty where it happened to the whole instrument."""

    id: int
    kind: ActionKind
    status: Status
    recorded_at: int
    party: str = ""
    effective_on: date | None = None
    until: date | None = None
    supersedes: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """Terms as recorded (`models.Terms`)."""

    id: int
    terms: Terms
    status: Status
    recorded_at: int
    supersedes: int | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A membership as recorded (`models.Membership`); both days are inside."""

    id: int
    group: str
    member: str
    status: Status
    recorded_at: int
    effective_on: date | None = None
    until: date | None = None
    supersedes: int | None = None

    def on(self, day: date) -> bool:
        """Tell whether it covers a day."""
        return (self.effective_on or FIRST_DAY) <= day <= (self.until or NO_END)


@dataclass(frozen=True, slots=True)
class Register:
    """All that is recorded of one instrument; `organisations` are the parties that are no states."""

    bond: Bond
    acts: Sequence[Act]
    rules: Sequence[Rule] = ()
    members: Sequence[Member] = ()
    organisations: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Spell:
    """A party's stand from a day until (not on) a day, and what it began with."""

    stand: Stand
    begins: date
    ends: date
    ground: str


AnyRecord = TypeVar("AnyRecord", bound=Record)


def counting(records: Iterable[AnyRecord], known_at: int) -> list[AnyRecord]:
    """Give the confirmed records that count as known at a moment, in the order of recording.

    What was corrected stays so when its correction is corrected in turn. A retraction says that what it supersedes
    was never true, so what that one had corrected counts again.
    """
    recorded = [record for record in records if record.recorded_at <= known_at]
    by_id = {record.id: record for record in recorded}
    void: set[int | None] = set()
    for record in sorted(recorded, key=lambda one: one.id, reverse=True):
        if record.status is Status.RETRACTED and record.id not in void:
            void.add(record.supersedes)
    gone = {record.supersedes for record in recorded if record.id not in void and record.supersedes in by_id}
    return [record for record in recorded
            if record.status is Status.CONFIRMED and record.id not in gone and record.id not in void]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Turn:
    """Something that may change a stand. `to` overrides the table, from the stands in `only`."""

    day: date
    rank: int
    id: int
    ground: str
    kind: ActionKind | None = None
    to: Stand | None = None
    only: frozenset[Stand] = frozenset()


_RANK = {kind: rank for rank, kind in enumerate((
    ActionKind.INVITATION, ActionKind.SIGNATURE, *(kind for kind in ActionKind if kind in CONSENT),
    ActionKind.SUCCESSION, ActionKind.PROVISIONAL_APPLICATION, ActionKind.ENTRY_INTO_FORCE, ActionKind.JOINING,
    ActionKind.ENDORSEMENT))}  # fmt: skip
_LAST = len(_RANK)
COVERED_BY = "membership of "


@dataclass(frozen=True, slots=True)
class Course:
    """An instrument's life as known at one moment: its terms, its whole-life days, and each party's spells."""

    bond: Bond
    acts: tuple[Act, ...]
    terms: Terms
    in_force: date | None
    computed: date | None
    """The entry into force that follows from consents and terms, also where another day is recorded."""
    ended: date | None
    adopted: date | None
    members: tuple[Member, ...]
    by_party: Mapping[str, Sequence[Act]]
    """The acts of each party, and under the empty name those of the whole."""
    consents: int = 0
    """How many parties consented by name, whatever the day."""

    def parties(self) -> frozenset[str]:
        """Name everyone of whom something counts here."""
        group = self.terms.covers.group if self.terms.covers else None
        return frozenset({code for code in self.by_party if code}
                         | {one.member for one in self.members if one.group == group})  # fmt: skip

    def spells(self, party: str) -> tuple[Spell, ...]:
        """Give where a party stood from the beginning to the end of days, without those of `nothing`."""
        steps = [_Step(FIRST_DAY, Stand.NOTHING, "")]
        for turn in sorted(self._turns(party), key=lambda one: (one.day, one.rank, one.id)):
            to = _move(self.bond, steps[-1].stand, turn)
            if to is None or to is steps[-1].stand:
                continue
            if steps[-1].day == turn.day:
                steps.pop()
            if not steps or steps[-1].stand is not to:
                steps.append(_Step(turn.day, to, turn.ground))
        steps.append(_Step(NO_END, Stand.NOTHING, ""))
        return tuple(Spell(one.stand, one.day, following.day, one.ground) for one, following in pairwise(steps)
                     if one.stand is not Stand.NOTHING)  # fmt: skip

    def stand(self, party: str, on: date) -> Spell:
        """Give a party's spell on a day; a spell of `nothing` where nothing that counts says more."""
        found = (spell for spell in self.spells(party) if spell.begins <= on < spell.ends)
        return next(found, Spell(Stand.NOTHING, FIRST_DAY, NO_END, ""))

    def _turns(self, party: str) -> Iterator[_Turn]:
        own = [act for act in self.by_party.get(party, ()) if act.effective_on is not None]
        entered = any(act.kind is ActionKind.ENTRY_INTO_FORCE for act in own)
        for act in own:
            yield from self._turns_of(act, entered=entered)
        yield from self._cover(party)
        if self.ended is not None:
            yield _Turn(self.ended, _LAST + 2, 0, ActionKind.TERMINATION, to=Stand.LEFT, only=_HELD)

    def _turns_of(self, act: Act, *, entered: bool) -> Iterator[_Turn]:
        assert act.effective_on is not None  # noqa: S101 - the caller sees to it
        yield _Turn(act.effective_on, _RANK.get(act.kind, _LAST), act.id, act.kind, act.kind)
        if act.kind in CONSENT and not entered and self.bond is Bond.TREATY:
            begins = self.terms.in_force_for(act.effective_on, self.in_force)
            if begins is not None:
                entry = ActionKind.ENTRY_INTO_FORCE
                yield _Turn(begins, _RANK[entry], act.id, act.kind, entry)
        if act.kind is ActionKind.DENUNCIATION:
            yield _Turn(self.terms.left(act.effective_on), _LAST + 1, act.id, act.kind, to=Stand.LEFT, only=_HELD)
        if act.kind is ActionKind.INVITATION:
            last = act.until or self.terms.invited_until(act.effective_on)
            if last is not None:
                yield _Turn(last + ONE_DAY, -1, act.id, act.kind, to=Stand.NOTHING, only=frozenset({Stand.INVITED}))
        if act.kind is ActionKind.SUSPENSION and act.until is not None:
            yield _Turn(act.until + ONE_DAY, -1, act.id, act.kind, ActionKind.END_OF_SUSPENSION)

    def _cover(self, party: str) -> Iterator[_Turn]:
        cover = self.terms.covers
        if cover is None or self.adopted is None:
            return
        for one in self.members:
            if one.group != cover.group or one.member != party:
                continue
            begins = max(self.adopted, one.effective_on or FIRST_DAY)
            if (cover.at_adoption and not one.on(self.adopted)) or (one.until is not None and one.until < begins):
                continue
            ground = f"{COVERED_BY}{cover.group}"
            yield _Turn(begins, -1, one.id, ground, to=Stand.COVERED, only=frozenset({Stand.NOTHING}))
            if one.until is not None and not cover.at_adoption:
                yield _Turn(one.until + ONE_DAY, -2, one.id, ground, to=Stand.NOTHING,
                            only=frozenset({Stand.COVERED}))  # fmt: skip


_HELD = frozenset(Stand) - {Stand.NOTHING, Stand.INVITED, Stand.LEFT, Stand.PARTICIPANT}


@dataclass(frozen=True, slots=True)
class _Step:
    day: date
    stand: Stand
    ground: str


def _move(bond: Bond, stand: Stand, turn: _Turn) -> Stand | None:
    if turn.to is not None:
        return turn.to if stand in turn.only else None
    return None if turn.kind is None else after(bond, stand, turn.kind)


def course(register: Register, known_at: int) -> Course:
    """Lay out an instrument's life as it was known at a moment."""
    acts, rules = counting(register.acts, known_at), counting(register.rules, known_at)
    members = counting(register.members, known_at)
    terms = rules[-1].terms if rules else NO_TERMS

    def belongs(party: str, group: str, day: date) -> bool:
        return any(one.group == group and one.member == party and one.on(day) for one in members)

    consents = [Consent(act.party, act.effective_on) for act in acts
                if act.kind in CONSENT and act.party and act.effective_on is not None]  # fmt: skip
    computed = terms.in_force(consents, belongs, register.organisations)
    recorded = _whole(acts, ActionKind.ENTRY_INTO_FORCE)
    by_party: dict[str, list[Act]] = {}
    for act in acts:
        by_party.setdefault(act.party, []).append(act)
    return Course(register.bond, tuple(acts), terms, recorded or computed, computed,
                  _whole(acts, ActionKind.TERMINATION), _whole(acts, ActionKind.ADOPTION), tuple(members), by_party,
                  len({one.party for one in consents}))  # fmt: skip


def _whole(acts: Iterable[Act], kind: ActionKind) -> date | None:
    return next((act.effective_on for act in reversed(list(acts))
                 if act.kind is kind and not act.party and act.effective_on is not None), None)  # fmt: skip


def stand(register: Register, party: str, on: date, known_at: int) -> Spell:
    """Give where a party stands on a day, as known at a moment."""
    return course(register, known_at).stand(party, on)
