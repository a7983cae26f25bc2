"""Where parties stand: against an oracle that lives through every day, and as known at every moment."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from comity.policy.dates import Period
from comity.policy.entry_terms import Cover, Delay, Terms, Threshold
from comity.policy.participation import CONSENT, MOVES, ONLY_OF_ALL, ActionKind, Bond, Stand, Status, legal_kinds
from comity.policy.stands import Act, Member, Register, Rule, course, stand

START = date(2020, 1, 1)
SPAN = 40  # days
PARTIES = ("AA", "BB", "CC", "EU")
ORDER = [ActionKind.INVITATION, ActionKind.SIGNATURE, *(kind for kind in ActionKind if kind in CONSENT),
         ActionKind.SUCCESSION, ActionKind.PROVISIONAL_APPLICATION, ActionKind.ENTRY_INTO_FORCE, ActionKind.JOINING,
         ActionKind.ENDORSEMENT]  # fmt: skip


def day(number: int) -> date:
    return START + timedelta(days=number)


def live(records: Iterable[Act | Rule | Member], known_at: int) -> list[Act | Rule | Member]:
    """Tell which records count, the slow way: by asking of each one, from the last to the first, who denies it."""
    there = [one for one in records if one.recorded_at <= known_at]

    def true(one: Act | Rule | Member) -> bool:
        return not any(other.status is Status.RETRACTED and other.supersedes == one.id and true(other)
                       for other in there)  # fmt: skip

    return [one for one in there if one.status is Status.CONFIRMED and true(one)
            and not any(other.supersedes == one.id and true(other) for other in there)]  # fmt: skip


def reached(register: Register, terms: Terms, consents: list[tuple[date, str]]) -> date | None:
    """Count the parties day by day until there are enough; None when there never are, or need not be."""
    if not (terms.threshold and terms.entry):
        return None
    for number in range(SPAN + 1):
        who = {p for d, p in consents if d <= day(number)
               and not (terms.threshold.states_only and p in register.organisations)}  # fmt: skip
        if len(who) >= terms.threshold.needed:
            return terms.entry.after(day(number))
    return None


def naive(register: Register, party: str, on: date, known_at: int) -> Stand:  # noqa: C901, PLR0912
    """Live through every day from the first: what is done, then what comes due."""
    acts = [one for one in live(register.acts, known_at) if isinstance(one, Act)]
    rules = [one for one in live(register.rules, known_at) if isinstance(one, Rule)]
    members = [one for one in live(register.members, known_at) if isinstance(one, Member)]
    terms = rules[-1].terms if rules else Terms()
    adopted = [a.effective_on for a in acts if a.kind is ActionKind.ADOPTION and a.effective_on]
    ended = [a.effective_on for a in acts if a.kind is ActionKind.TERMINATION and a.effective_on]
    entered = [a.effective_on for a in acts
               if a.kind is ActionKind.ENTRY_INTO_FORCE and not a.party and a.effective_on]  # fmt: skip
    own = [a for a in acts if a.party == party and a.effective_on]
    consents = sorted((a.effective_on, a.party) for a in acts if a.kind in CONSENT and a.party and a.effective_on)
    whole: date | None = entered[-1] if entered else reached(register, terms, consents)
    stands = Stand.NOTHING
    moves = MOVES[register.bond]
    own_entry = any(a.kind is ActionKind.ENTRY_INTO_FORCE for a in own)
    for number in range(-1, (on - START).days + 1):
        today = day(number)
        cover = terms.covers
        if cover and adopted:
            for one in members:
                if one.member != party or one.group != cover.group:
                    continue
                if one.until and one.until + timedelta(days=1) == today and stands is Stand.COVERED \
                        and not cover.at_adoption and one.until >= max(adopted[-1], one.effective_on or date.min):
                    stands = Stand.NOTHING  # fmt: skip
            for one in members:
                if one.member != party or one.group != cover.group:
                    continue
                begins = max(adopted[-1], one.effective_on or date.min)
                if begins == today and stands is Stand.NOTHING and not (one.until and one.until < begins) \
                        and (not cover.at_adoption or one.on(adopted[-1])):
                    stands = Stand.COVERED  # fmt: skip
        for act in own:  # lapses, before anything is done
            if act.kind is ActionKind.SUSPENSION and act.until and act.until + timedelta(days=1) == today:
                stands = moves.get(stands, {}).get(ActionKind.END_OF_SUSPENSION, stands)
            if act.kind is ActionKind.INVITATION:
                last = act.until or terms.invited_until(act.effective_on)  # type: ignore[arg-type]
                if last and last + timedelta(days=1) == today and stands is Stand.INVITED:
                    stands = Stand.NOTHING
        done: list[tuple[int, int, ActionKind]] = []
        for act in own:
            rank = ORDER.index(act.kind) if act.kind in ORDER else len(ORDER)
            if act.effective_on == today:
                done.append((rank, act.id, act.kind))
            if act.kind in CONSENT and not own_entry and register.bond is Bond.TREATY and whole and terms.each \
                    and max(whole, terms.each.after(act.effective_on)) == today:  # type: ignore[arg-type]
                done.append((ORDER.index(ActionKind.ENTRY_INTO_FORCE), act.id, ActionKind.ENTRY_INTO_FORCE))
        for _rank, _id, kind in sorted(done):
            stands = moves.get(stands, {}).get(kind, stands)
        held = stands not in (Stand.NOTHING, Stand.INVITED, Stand.LEFT, Stand.PARTICIPANT)
        if held and (any(a.kind is ActionKind.DENUNCIATION and terms.left(a.effective_on) == today  # type: ignore[arg-type]
                         for a in own) or (ended and ended[-1] == today)):  # fmt: skip
            stands = Stand.LEFT
    return stands


days = st.integers(0, SPAN // 8).map(lambda number: day(8 * number))  # so that days often coincide
moments_ = st.integers(1, 12)
statuses = st.sampled_from([Status.CONFIRMED] * 8 + [Status.CLAIMED, Status.NOT_FOUND, Status.CONTRADICTED])
delays = st.builds(Delay, st.one_of(st.none(), st.integers(1, 4).map(lambda n: Period.read(f"{4 * n} days"))),
                   st.booleans())  # fmt: skip


@st.composite
def registers(draw: st.DrawFn) -> Register:
    bond = draw(st.sampled_from(list(Bond)))
    kinds = legal_kinds(bond)
    acts: list[Act] = []
    for number in range(1, draw(st.integers(0, 14)) + 1):
        kind = draw(st.sampled_from(kinds))
        whole = kind in ONLY_OF_ALL or (kind is ActionKind.ENTRY_INTO_FORCE and draw(st.integers(0, 3)) == 0)
        effective = draw(st.one_of(st.none(), days, days, days))
        until = draw(st.one_of(st.none(), st.integers(0, 20))) if kind in (
            ActionKind.SUSPENSION, ActionKind.INVITATION) else None  # fmt: skip
        supersedes = draw(st.sampled_from([None, None, None, *(act.id for act in acts)]))
        status = draw(statuses)
        if supersedes is not None and draw(st.booleans()):
            status = Status.RETRACTED
        acts.append(Act(number, kind, status, 0, "" if whole else draw(st.sampled_from(PARTIES)), effective,
                        effective + timedelta(days=until) if effective and until is not None else None,
                        supersedes))  # fmt: skip
    times = sorted(draw(st.lists(moments_, min_size=len(acts), max_size=len(acts))))
    acts = [replace(act, recorded_at=at) for act, at in zip(acts, times, strict=True)]
    rules = [Rule(1000 + n, draw(terms_), Status.CONFIRMED, draw(moments_)) for n in range(draw(st.integers(0, 2)))]
    members = [Member(2000 + n, "G", draw(st.sampled_from(PARTIES)), draw(statuses), draw(moments_),
                      draw(st.one_of(st.none(), days))) for n in range(draw(st.integers(0, 3)))]  # fmt: skip
    members = [replace(one, until=draw(st.one_of(st.none(), st.just((one.effective_on or START) + timedelta(days=20)))))
               for one in members]  # fmt: skip
    return Register(bond, acts, sorted(rules, key=lambda rule: rule.recorded_at), members, frozenset({"EU"}))


terms_ = st.builds(
    Terms,
    st.one_of(st.none(), st.builds(Threshold, st.integers(1, 3), states_only=st.booleans())),
    delays, st.one_of(st.none(), delays), st.one_of(st.none(), delays),
    st.sampled_from([None, Period.read("10 days")]),
    st.one_of(st.none(), st.builds(Cover, st.just("G"), st.booleans())),
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(registers(), st.sampled_from(PARTIES), st.integers(-1, SPAN + 40).map(day), moments_)
def test_the_stand_is_what_living_through_every_day_gives(
    register: Register, party: str, on: date, known_at: int
) -> None:
    assert stand(register, party, on, known_at).stand is naive(register, party, on, known_at)


@settings(max_examples=200, deadline=None)
@given(registers(), registers(), moments_)
def test_a_late_record_never_changes_an_answer_as_known_before_it(
    register: Register, other: Register, known_at: int
) -> None:
    top = max((act.id for act in register.acts), default=0)
    late = [replace(act, id=act.id + top, recorded_at=known_at + 1 + act.recorded_at,
                    supersedes=act.supersedes and min(act.supersedes, top)) for act in other.acts]  # fmt: skip
    rules = [replace(rule, id=rule.id + 10, recorded_at=known_at + 1) for rule in other.rules]
    members = [replace(one, id=one.id + 10, recorded_at=known_at + 1) for one in other.members]
    grown = Register(register.bond, [*register.acts, *late], [*register.rules, *rules],
                     [*register.members, *members], register.organisations)  # fmt: skip
    before, after = course(register, known_at), course(grown, known_at)
    assert all(before.spells(party) == after.spells(party) for party in PARTIES)


@settings(max_examples=200, deadline=None)
@given(registers(), st.sampled_from(PARTIES), moments_)
def test_spells_follow_each_other_and_say_what_each_day_says(register: Register, party: str, known_at: int) -> None:
    laid_out = course(register, known_at)
    spells = laid_out.spells(party)
    assert all(one.begins < one.ends for one in spells)
    assert all(one.ends <= following.begins for one, following in pairwise(spells))
    assert all(laid_out.stand(party, one.begins) == one for one in spells)


def confirmed(number: int, kind: ActionKind, party: str, on: str, at: int = 1) -> Act:
    return Act(number, kind, Status.CONFIRMED, at, party, date.fromisoformat(on))


def test_a_claim_and_a_record_that_was_not_found_leave_the_stand_alone() -> None:
    said = [replace(confirmed(n, ActionKind.SIGNATURE, "BS", "2001-11-23"), status=status)
            for n, status in enumerate(set(Status) - {Status.CONFIRMED, Status.RETRACTED})]  # fmt: skip
    register = Register(Bond.TREATY, said)
    assert stand(register, "BS", date(2026, 11, 23), 1).stand is Stand.NOTHING


def test_a_retraction_brings_back_what_was_corrected() -> None:
    signed = confirmed(1, ActionKind.SIGNATURE, "BS", "2026-12-01")
    moved = replace(confirmed(2, ActionKind.SIGNATURE, "BS", "2026-12-09", at=2), supersedes=1)
    taken_back = Act(3, ActionKind.SIGNATURE, Status.RETRACTED, 3, "BS", supersedes=2)
    register = Register(Bond.TREATY, [signed, moved, taken_back])
    found = [stand(register, "BS", date(2026, 12, 5), known).stand for known in (0, 1, 2, 3)]
    assert found == [Stand.NOTHING, Stand.SIGNATORY, Stand.NOTHING, Stand.SIGNATORY]


def test_what_happens_on_one_day_counts_in_the_order_of_the_law_whatever_was_recorded_first() -> None:
    acts = [confirmed(1, ActionKind.SUSPENSION, "BS", "2026-12-01"),
            confirmed(2, ActionKind.ENTRY_INTO_FORCE, "BS", "2026-12-01"),
            confirmed(3, ActionKind.RATIFICATION, "BS", "2026-12-01"),
            confirmed(4, ActionKind.SIGNATURE, "BS", "2026-12-01")]  # fmt: skip
    assert stand(Register(Bond.TREATY, acts), "BS", date(2026, 12, 1), 1).stand is Stand.SUSPENDED
