"""How a party stands to an agreement: the stories of its life, and what holds for every life."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.policy.agreements import (
    Agreement,
    CountedFrom,
    Life,
    NoticeBy,
    Party,
    Provisional,
    Renewal,
    RenewalKind,
    Reservation,
    Suspension,
    Termination,
)
from comity.policy.dates import Period, Unit
from comity.policy.standing import EventKind, LifeEvent, Standing, State, objections, standing, turning_days
from tests.policy.builders import BILATERAL, CIRCLE, LATE

ONE = timedelta(days=1)
NO_ZONE = datetime.fromisoformat("2027-01-01")
FULL_LIFE = Life(
    in_force=date(2026, 4, 1),
    first_term=Period(3, Unit.YEARS),
    renewal=Renewal(RenewalKind.TACIT, Period(2, Unit.YEARS), Period(90, Unit.DAYS)),
    termination=Termination(NoticeBy.EITHER, Period(6, Unit.MONTHS)),
    suspension=Suspension(NoticeBy.EITHER, longest=Period(180, Unit.DAYS)),
)
TACIT = replace(BILATERAL, life=FULL_LIFE)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def event(kind: EventKind, on: str, recorded: str | None = None, **more: object) -> LifeEvent:
    fields = {
        name: date.fromisoformat(str(value)) if name in {"until", "received_on"} else value
        for name, value in more.items()
    }
    return LifeEvent(kind, date.fromisoformat(on), at(recorded or on), "note verbale", **fields)  # type: ignore[arg-type]


def stands(
    agreement: Agreement, events: Sequence[LifeEvent], on: str, party: str = "XA", known: datetime = LATE
) -> Standing:
    return standing(agreement, events, party, date.fromisoformat(on), known)


def state(
    agreement: Agreement, events: Sequence[LifeEvent], on: str, party: str = "XA", known: datetime = LATE
) -> State:
    return stands(agreement, events, on, party, known).state


def test_it_binds_from_the_day_of_its_entry_into_force() -> None:
    assert state(TACIT, [], "2026-03-31") is State.NOT_IN_FORCE
    found = stands(TACIT, [], "2026-04-01")
    assert (found.state, found.since, found.until) == (State.IN_FORCE, date(2026, 4, 1), None)
    assert found.grounds[0].says == "“BS-XA” is in force for XA since 2026-04-01"
    early = stands(TACIT, [], "2026-03-31")
    assert (early.until, early.grounds[0].clause) == (date(2026, 3, 31), "life.in_force")


def test_a_recorded_entry_into_force_goes_before_the_day_that_was_planned() -> None:
    events = [event(EventKind.ENTRY_INTO_FORCE, "2026-05-10")]
    assert state(TACIT, events, "2026-05-09") is State.NOT_IN_FORCE
    assert state(TACIT, events, "2026-05-10") is State.IN_FORCE
    assert state(TACIT, events, "2026-05-09", known=at("2026-05-01")) is State.IN_FORCE


def test_a_condition_keeps_it_out_of_force_until_it_is_met() -> None:
    conditional = replace(BILATERAL, life=Life(in_force_when="both parties have notified each other"))
    found = stands(conditional, [], "2030-01-01")
    assert found.state is State.NOT_IN_FORCE
    assert found.grounds[0].says == "“BS-XA” is not in force for XA: both parties have notified each other"
    assert state(conditional, [event(EventKind.SIGNATURE, "2026-01-01")], "2026-02-01") is State.NOT_IN_FORCE
    assert state(conditional, [event(EventKind.ENTRY_INTO_FORCE, "2026-01-01")], "2026-02-01") is State.IN_FORCE


def test_provisional_application_binds_before_entry_into_force_for_its_clauses_only() -> None:
    life = replace(FULL_LIFE, provisional=Provisional(date(2026, 2, 1), ("A1",)))
    early = stands(replace(TACIT, life=life), [], "2026-03-01")
    assert (early.state, early.since, early.until) == (State.PROVISIONAL, date(2026, 2, 1), date(2026, 3, 31))
    assert early.excluded == {"A2", "A3", "A4"}
    assert early.bound_from == date(2026, 2, 1)
    assert stands(replace(TACIT, life=life), [], "2026-04-01").excluded == frozenset()


def test_a_suspension_ends_by_its_day_by_resumption_or_after_the_longest_time() -> None:
    dated = event(EventKind.SUSPENSION, "2027-01-01", until="2027-03-01")
    assert [state(TACIT, [dated], day) for day in ("2026-12-31", "2027-01-01", "2027-03-01", "2027-03-02")] == [
        State.IN_FORCE,
        State.SUSPENDED,
        State.SUSPENDED,
        State.IN_FORCE,
    ]
    resumed = [dated, event(EventKind.END_OF_SUSPENSION, "2027-02-01")]
    assert [state(TACIT, resumed, day) for day in ("2027-01-31", "2027-02-01")] == [State.SUSPENDED, State.IN_FORCE]
    open_ended = [event(EventKind.SUSPENSION, "2027-01-01")]
    found = stands(TACIT, open_ended, "2027-01-02")
    assert (found.since, found.until) == (date(2027, 1, 1), date(2027, 6, 29))
    assert state(TACIT, open_ended, "2027-06-30") is State.IN_FORCE


def test_a_second_suspension_after_a_resumption_counts() -> None:
    events = [
        event(EventKind.SUSPENSION, "2027-01-01"),
        event(EventKind.END_OF_SUSPENSION, "2027-02-01"),
        event(EventKind.SUSPENSION, "2027-02-01", "2027-02-02"),
    ]
    assert state(TACIT, events, "2027-02-01") is State.SUSPENDED


def test_a_notice_of_termination_runs_from_its_receipt() -> None:
    sent = event(EventKind.NOTICE_OF_TERMINATION, "2027-08-20", party="XA")
    waiting = stands(TACIT, [sent], "2030-01-01")
    assert waiting.state is State.IN_FORCE
    assert waiting.grounds[1].says.startswith("a notice under “BS-XA” is recorded without the day of its receipt")
    received = replace(sent, received_on=date(2027, 8, 31))
    assert stands(TACIT, [received], "2027-09-01").notice_until == date(2028, 2, 29)
    assert [state(TACIT, [received], day, "BS") for day in ("2028-02-29", "2028-03-01")] == [
        State.IN_FORCE,
        State.ENDED,
    ]
    counted = replace(FULL_LIFE, termination=Termination(NoticeBy.EITHER, Period(6, Unit.MONTHS), CountedFrom.SENDING))
    assert stands(replace(TACIT, life=counted), [sent], "2027-09-01").notice_until == date(2028, 2, 20)


def test_a_notice_taken_back_in_time_ends_nothing() -> None:
    notice = event(EventKind.NOTICE_OF_TERMINATION, "2027-08-31", party="XA", received_on="2027-08-31")
    back = event(EventKind.REVOCATION_OF_NOTICE, "2028-02-01", party="XA")
    assert state(TACIT, [notice, back], "2028-03-01") is State.IN_FORCE
    too_late = replace(back, effective_on=date(2028, 3, 1))
    assert state(TACIT, [notice, too_late], "2028-03-02") is State.ENDED


def test_a_term_is_renewed_tacitly_unless_it_is_stopped_in_time() -> None:
    in_time = event(EventKind.NOTICE_AGAINST_RENEWAL, "2028-12-31", party="BS", received_on="2028-12-31")
    late = replace(in_time, received_on=date(2029, 1, 1))
    assert state(TACIT, [], "2050-01-01") is State.IN_FORCE
    assert state(TACIT, [in_time], "2029-03-31") is State.IN_FORCE
    ended = stands(TACIT, [in_time], "2029-04-01")
    assert (ended.state, ended.grounds[0].clause) == (State.ENDED, "life.expiry")
    assert [state(TACIT, [late], day) for day in ("2031-03-31", "2031-04-01")] == [State.IN_FORCE, State.ENDED]


def test_an_express_renewal_is_needed_where_the_file_says_so() -> None:
    life = replace(FULL_LIFE, renewal=Renewal(RenewalKind.EXPRESS, Period(2, Unit.YEARS)))
    express = replace(TACIT, life=life)
    assert [state(express, [], day) for day in ("2029-03-31", "2029-04-01")] == [State.IN_FORCE, State.ENDED]
    renewed = [event(EventKind.RENEWAL, "2029-04-01", "2029-03-15")]
    assert [state(express, renewed, day) for day in ("2029-04-01", "2031-03-31", "2031-04-01")] == [
        State.IN_FORCE,
        State.IN_FORCE,
        State.ENDED,
    ]
    assert state(express, renewed, "2029-04-01", known=at("2029-03-01")) is State.ENDED


def test_recording_a_tacit_renewal_shortens_nothing() -> None:
    assert state(TACIT, [event(EventKind.RENEWAL, "2029-04-01")], "2040-01-01") is State.IN_FORCE


def test_what_is_terminated_before_it_enters_into_force_never_does() -> None:
    events = [event(EventKind.TERMINATION, "2026-03-01")]
    assert [state(TACIT, events, day) for day in ("2026-02-28", "2026-03-01", "2026-04-01")] == [
        State.NOT_IN_FORCE,
        State.ENDED,
        State.ENDED,
    ]


def test_a_party_that_joins_later_is_bound_from_its_accession() -> None:
    assert state(CIRCLE, [], "2026-05-01", "XS") is State.NOT_IN_FORCE
    assert stands(CIRCLE, [], "2026-05-01", "XS").grounds[0].clause == "life.accession"
    joined = [event(EventKind.ACCESSION, "2026-09-01", "2026-08-15", party="XS")]
    assert [state(CIRCLE, joined, day, "XS") for day in ("2026-08-31", "2026-09-01")] == [
        State.NOT_IN_FORCE,
        State.IN_FORCE,
    ]
    assert stands(CIRCLE, joined, "2027-01-01", "XS").bound_from == date(2026, 9, 1)
    assert stands(CIRCLE, joined, "2027-01-01", "XI").bound_from == date(2026, 4, 1)
    planned = replace(
        CIRCLE, parties=(*CIRCLE.parties[:3], Party("XS", "Saint Auric", original=False, joins=date(2026, 9, 1)))
    )
    assert state(planned, [], "2026-09-01", "XS") is State.IN_FORCE


def test_an_accession_before_entry_into_force_waits_for_it() -> None:
    joined = [event(EventKind.ACCESSION, "2026-02-01", party="XS")]
    assert [state(CIRCLE, joined, day, "XS") for day in ("2026-03-31", "2026-04-01")] == [
        State.NOT_IN_FORCE,
        State.IN_FORCE,
    ]


def test_one_party_leaves_a_circle_and_the_others_stay_bound() -> None:
    left = [event(EventKind.WITHDRAWAL, "2027-01-01", party="XM")]
    gone = stands(CIRCLE, left, "2027-01-01", "XM")
    assert (gone.state, gone.grounds[0].clause) == (State.ENDED, "life.withdrawal")
    assert state(CIRCLE, left, "2027-01-01", "BS") is State.IN_FORCE
    back = [*left, event(EventKind.ACCESSION, "2028-01-01", party="XM")]
    found = [stands(CIRCLE, back, day, "XM").bound_from for day in ("2026-12-31", "2027-06-01", "2028-01-01")]
    assert found == [date(2026, 4, 1), date(2026, 4, 1), date(2028, 1, 1)]
    assert [state(CIRCLE, back, day, "XM") for day in ("2027-12-31", "2028-01-01")] == [State.ENDED, State.IN_FORCE]


def test_a_circle_of_one_has_ended() -> None:
    left = [
        event(EventKind.WITHDRAWAL, "2027-01-01", party="XM"),
        event(EventKind.WITHDRAWAL, "2027-06-01", party="XI"),
    ]
    assert state(CIRCLE, left, "2027-05-31", "BS") is State.IN_FORCE
    alone = stands(CIRCLE, left, "2027-06-01", "BS")
    assert (alone.state, alone.grounds[0].clause) == (State.ENDED, "life.parties")


def test_a_member_suspends_for_itself_and_all_suspend_for_all() -> None:
    own = [event(EventKind.SUSPENSION, "2027-01-01", party="XM")]
    assert [state(CIRCLE, own, "2027-01-01", code) for code in ("XM", "XI")] == [State.SUSPENDED, State.IN_FORCE]
    everyone = [event(EventKind.SUSPENSION, "2027-01-01")]
    assert state(CIRCLE, everyone, "2027-01-01", "XI") is State.SUSPENDED
    assert (
        state(CIRCLE, [*own, event(EventKind.END_OF_SUSPENSION, "2027-02-01", party="XM")], "2027-02-01", "XM")
        is State.IN_FORCE
    )


def test_a_reservation_holds_for_its_party_until_it_is_withdrawn() -> None:
    events = [
        event(EventKind.RESERVATION, "2026-06-01", party="XM", clauses=("A1", "A2")),
        event(EventKind.WITHDRAWAL_OF_RESERVATION, "2026-09-01", party="XM", clauses=("A2",)),
        event(EventKind.WITHDRAWAL_OF_RESERVATION, "2026-12-01", party="XM"),
    ]
    found = [
        stands(CIRCLE, events, day, "XM").excluded for day in ("2026-05-31", "2026-06-01", "2026-09-01", "2026-12-01")
    ]
    assert found == [frozenset(), {"A1", "A2"}, {"A1"}, frozenset()]
    assert stands(CIRCLE, events, "2026-06-01", "XI").excluded == frozenset()
    written = replace(CIRCLE, reservations=(Reservation("XM", ("A3",), date(2026, 5, 1)),))
    assert stands(written, [], "2026-05-01", "XM").excluded == {"A3"}


def test_a_stranger_is_not_bound() -> None:
    found = stands(TACIT, [], "2027-01-01", "XQ")
    assert (found.state, found.grounds[0].says) == (State.NOT_IN_FORCE, "XQ is not a party to “BS-XA”")


def test_a_correction_counts_from_its_recording_and_not_before() -> None:
    wrong = event(EventKind.SUSPENSION, "2027-01-01", "2027-01-05", id="e1")
    right = event(EventKind.SUSPENSION, "2027-02-01", "2027-01-20", id="e2", supersedes="e1")
    known = [
        state(TACIT, [wrong, right], "2027-01-10", known=at(day)) for day in ("2027-01-04", "2027-01-19", "2027-01-20")
    ]
    assert known == [State.IN_FORCE, State.SUSPENDED, State.IN_FORCE]
    never = event(EventKind.RETRACTION, "2027-01-01", "2027-01-21", supersedes="e2")
    assert stands(TACIT, [wrong, right, never], "2027-02-10").since == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (event(EventKind.SUSPENSION, "2027-01-01", party="XQ"), "“XQ” is not a party"),
        (event(EventKind.ACCESSION, "2027-01-01"), "name the party (BS, XA)"),
        (event(EventKind.RESERVATION, "2027-01-01", party="XA", clauses=("A99",)), "no clause “A99”"),
        (event(EventKind.RESERVATION, "2027-01-01", party="XA"), "name them"),
        (event(EventKind.SUSPENSION, "2027-01-01", until="2026-12-31"), "cannot hold until 2026-12-31"),
        (
            event(EventKind.NOTICE_OF_TERMINATION, "2027-01-02", party="XA", received_on="2027-01-01"),
            "cannot be received",
        ),
        (replace(event(EventKind.TERMINATION, "2027-01-01"), source=" "), "the source is empty"),
        (
            replace(event(EventKind.TERMINATION, "2027-01-01"), recorded_at=NO_ZONE),
            "no time zone",
        ),
        (event(EventKind.TERMINATION, "2027-01-01", supersedes="e9"), "no event “e9”"),
        (event(EventKind.RETRACTION, "2027-01-01"), "takes back one event"),
        (event(EventKind.TERMINATION, "2027-01-01", id="e1"), "recorded already"),
    ],
)
def test_an_event_that_cannot_be_is_objected_to_with_the_mend(new: LifeEvent, words: str) -> None:
    (told,) = objections(TACIT, [event(EventKind.SIGNATURE, "2026-01-01", id="e1")], new)
    assert words in told
    assert "; " in told


def test_what_the_terms_do_not_know_is_objected_to() -> None:
    notice = event(EventKind.NOTICE_OF_TERMINATION, "2027-01-01", party="XA", received_on="2027-01-01")
    against = event(EventKind.NOTICE_AGAINST_RENEWAL, "2027-01-01", party="XA")
    assert [objections(BILATERAL, [], one)[0].split(";")[0] for one in (notice, against)] == [
        "“BS-XA” knows no termination by notice",
        "“BS-XA” knows no renewal that could be stopped",
    ]
    together = replace(FULL_LIFE, termination=Termination(NoticeBy.BOTH, Period(1, Unit.MONTHS)))
    both = replace(TACIT, life=replace(together, suspension=Suspension(NoticeBy.BOTH)))
    assert "only both parties together" in objections(both, [], notice)[0]
    assert (
        "only both parties together" in objections(both, [], event(EventKind.SUSPENSION, "2027-01-01", party="XA"))[0]
    )
    assert objections(both, [], event(EventKind.SUSPENSION, "2027-01-01")) == ()
    assert state(both, [notice], "2030-01-01") is State.IN_FORCE


def test_a_day_beyond_the_calendar_of_agreements_is_objected_to_with_the_mend() -> None:
    for_ever = event(EventKind.SUSPENSION, "2027-01-01", party="XA", until="9999-12-31")
    long_ago = event(EventKind.EXPIRY, "0001-01-01", "2026-01-01")
    assert "leave `until` out" in objections(TACIT, [], for_ever)[0]
    assert "give a day from 1900 to 2200" in objections(TACIT, [], long_ago)[0]


def test_days_as_far_off_as_they_may_be_are_no_stumbling_block() -> None:
    events = [
        event(EventKind.SUSPENSION, "2200-12-31", "2026-01-01", party="XA", until="2200-12-31"),
        event(EventKind.NOTICE_OF_TERMINATION, "2200-12-31", "2026-01-01", party="XA", received_on="2200-12-31"),
    ]
    daily = Renewal(RenewalKind.TACIT, Period(1, Unit.DAYS))
    restless = replace(TACIT, life=replace(FULL_LIFE, first_term=Period(1, Unit.DAYS), renewal=daily))
    end_of_time = datetime(9999, 12, 31, tzinfo=UTC)
    for agreement in (TACIT, restless):
        assert date(2201, 1, 1) in turning_days(agreement, events, end_of_time)
        assert standing(agreement, events, "XA", date.max, end_of_time).state is State.ENDED
        assert standing(agreement, events, "XA", date.min, end_of_time).state is State.NOT_IN_FORCE


def test_a_right_event_meets_no_objection() -> None:
    assert objections(TACIT, [], event(EventKind.SUSPENSION, "2027-01-01", until="2027-02-01", party="XA")) == ()


FIRST = date(2026, 1, 1)
NEAR = st.integers(0, 1_500).map(lambda days: FIRST + ONE * days)
RECORDED = st.integers(0, 1_500 * 24).map(lambda hours: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours))


@st.composite
def life_events(draw: st.DrawFn, codes: Sequence[str] = ("BS", "XA")) -> list[LifeEvent]:
    """Generate events with ids of their own, some of which supersede an earlier one."""
    events: list[LifeEvent] = []
    for place in range(draw(st.integers(0, 7))):
        kind = draw(st.sampled_from(EventKind))
        on = draw(NEAR)
        needed = kind.startswith(("notice", "revocation", "accession", "withdrawal", "reservation"))
        party = draw(st.sampled_from(codes) if needed else st.none() | st.sampled_from(codes))
        events.append(
            LifeEvent(
                kind,
                on,
                draw(RECORDED),
                "generated",
                party,
                clauses=("A1",) if kind is EventKind.RESERVATION else (),
                until=draw(st.none() | st.dates(on, on + ONE * 200)),
                received_on=draw(st.none() | st.dates(on, on + ONE * 40)),
                supersedes=draw(st.none() | st.sampled_from([one.id for one in events])) if events else None,
                id=f"e{place}",
            )
        )
    return events


AGREEMENTS = st.sampled_from(
    [
        TACIT,
        BILATERAL,
        CIRCLE,
        replace(
            TACIT, life=replace(FULL_LIFE, first_term=Period(1, Unit.YEARS), provisional=Provisional(date(2026, 2, 1)))
        ),
        replace(CIRCLE, life=replace(FULL_LIFE, renewal=None, first_term=Period(2, Unit.YEARS))),
    ]
)


@settings(max_examples=120, deadline=None)
@given(AGREEMENTS, life_events(), life_events(), NEAR, RECORDED)
def test_what_is_recorded_later_never_changes_what_was_known_before(
    agreement: Agreement, events: list[LifeEvent], later: list[LifeEvent], on: date, known: datetime
) -> None:
    late = [
        replace(one, recorded_at=max(one.recorded_at, known + timedelta(seconds=1)), id=f"l{one.id}") for one in later
    ]
    for party in ("BS", "XA", "XI"):
        assert standing(agreement, events, party, on, known) == standing(agreement, [*events, *late], party, on, known)


def core(found: Standing) -> tuple[object, ...]:
    return found.state, found.excluded, found.notice_until, found.since, found.until


@settings(max_examples=100, deadline=None)
@given(AGREEMENTS, life_events(("BS", "XM")), RECORDED, st.lists(NEAR, min_size=15, max_size=15))
def test_a_standing_changes_on_turning_days_only(
    agreement: Agreement, events: list[LifeEvent], known: datetime, days: list[date]
) -> None:
    turning = turning_days(agreement, events, known)
    near = {turn + ONE * n for turn in turning for n in (-1, 1)}
    for on in {*days, *near} - turning:
        for party in ("BS", "XM"):
            eve, day = (standing(agreement, events, party, one, known) for one in (on - ONE, on))
            assert core(eve) == core(day)


@settings(max_examples=100, deadline=None)
@given(AGREEMENTS, life_events(("BS", "XM")), NEAR)
def test_since_and_until_are_the_first_and_the_last_day_of_the_state(
    agreement: Agreement, events: list[LifeEvent], on: date
) -> None:
    party = agreement.parties[0].code
    found = standing(agreement, events, party, on, LATE)
    for edge, beyond in ((found.since, -ONE), (found.until, ONE)):
        if edge is not None:
            assert standing(agreement, events, party, edge, LATE).state is found.state
            assert standing(agreement, events, party, edge + beyond, LATE).state is not found.state
    if found.until is None:
        assert standing(agreement, events, party, date(2100, 1, 1), LATE).state is found.state


@settings(max_examples=100, deadline=None)
@given(AGREEMENTS, life_events(), NEAR)
def test_the_order_of_listing_does_not_matter(agreement: Agreement, events: list[LifeEvent], on: date) -> None:
    apart = [replace(one, recorded_at=one.recorded_at + timedelta(microseconds=n)) for n, one in enumerate(events)]
    there, back = (standing(agreement, order, "BS", on, LATE) for order in (apart, apart[::-1]))
    assert there == back


def naive_state(agreement: Agreement, events: Sequence[LifeEvent], on: date) -> State:
    """Live through a bilateral agreement day by day: what the file brings first, then the day's events as recorded."""
    gone = {one.supersedes for one in events}
    counting = [one for one in sorted(events, key=lambda one: one.recorded_at) if one.id not in gone]
    entered = [one.effective_on for one in counting if one.kind is EventKind.ENTRY_INTO_FORCE and one.party is None]
    ends = {EventKind.TERMINATION, EventKind.EXPIRY, EventKind.WITHDRAWAL}
    ended_early = [one for one in counting if one.kind in ends and one.effective_on <= (agreement.life.in_force or on)]
    planned = agreement.life.in_force if not entered and not ended_early else None
    bound, over, suspended = False, False, False
    today = FIRST - ONE
    while today < on:
        today += ONE
        if today == planned:
            bound, over = True, False
        for one in (one for one in counting if one.effective_on == today):
            if one.kind is EventKind.ENTRY_INTO_FORCE and one.party is None:
                bound, over = True, False
            elif one.kind in ends:
                bound, over = False, True
            elif one.kind is EventKind.SUSPENSION:
                suspended = True
            elif one.kind is EventKind.END_OF_SUSPENSION:
                suspended = False
    if over:
        return State.ENDED
    return State.NOT_IN_FORCE if not bound else State.SUSPENDED if suspended else State.IN_FORCE


SIMPLE = (
    EventKind.SIGNATURE,
    EventKind.ENTRY_INTO_FORCE,
    EventKind.SUSPENSION,
    EventKind.END_OF_SUSPENSION,
    EventKind.TERMINATION,
    EventKind.EXPIRY,
    EventKind.WITHDRAWAL,
    EventKind.AMENDMENT,
)


@settings(max_examples=150, deadline=None)
@given(life_events(), st.lists(st.sampled_from(SIMPLE), min_size=8, max_size=8), NEAR)
def test_standing_agrees_with_living_through_it_day_by_day(
    events: list[LifeEvent], kinds: list[EventKind], on: date
) -> None:
    lived = [
        replace(
            one,
            kind=kind,
            until=None,
            party="XA" if kind is EventKind.WITHDRAWAL else None,
            recorded_at=one.recorded_at + timedelta(microseconds=n),
        )
        for n, (one, kind) in enumerate(zip(events, kinds, strict=False))
    ]
    assert standing(BILATERAL, lived, "BS", on, LATE).state is naive_state(BILATERAL, lived, on)
