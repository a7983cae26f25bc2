"""Undertakings: how each time stands, by hand and against an oracle that reads the entries one by one."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.policy import clause_duties
from comity.policy.dates import Deadline, at_local
from comity.policy.recurrence import DueRule, Reckoning
from comity.policy.release import Adopted
from comity.policy.undertaking_objections import objections
from comity.policy.undertaking_words import EntryKind, Part, Reply, State
from comity.policy.undertakings import Asked, Entry, Item, Undertaking, items, record
from tests.policy.test_duties import AGREEMENT, EXERCISE, HELP, IN_FORCE, YEARLY

NASSAU = Reckoning("America/Nassau")
SURVEY = Undertaking("survey", "Answer the survey", date(2026, 1, 1), NASSAU,
                     DueRule.read("every year from 2026-03-31"))  # fmt: skip
ONCE = Undertaking("once", "Name a contact", date(2026, 1, 1), NASSAU, DueRule.read("on 2026-12-31"))
LATE = datetime(2040, 1, 1, tzinfo=UTC)


def on(text: str, known: datetime = LATE) -> Asked:
    return Asked(date.fromisoformat(text), known)


def entry(number: int, kind: EntryKind, day: str, says: str = "", of: int | None = None, **more: object) -> Entry:
    recorded = more.pop("recorded", datetime.fromisoformat(f"{day}T12:00+00:00"))
    made = Entry(number, kind, date.fromisoformat(day), recorded, says, of)  # type: ignore[arg-type]
    return replace(made, **more)  # type: ignore[arg-type]


def states(found: tuple[Item, ...]) -> list[tuple[str, str]]:
    return [(str(item.by.day) if item.by else "", item.state.value) for item in found]


def test_what_is_not_done_is_overdue_the_day_after_it_was_due() -> None:
    assert states(items(ONCE, [], on("2026-12-30"), date(2027, 1, 31))) == [("2026-12-31", "ahead")]
    assert states(items(ONCE, [], on("2026-12-31"), date(2027, 1, 31))) == [("2026-12-31", "due today")]
    late = items(ONCE, [], on("2027-01-01"), date(2027, 1, 31))
    assert states(late) == [("2026-12-31", "overdue")]
    assert late[0].days_over(date(2027, 1, 11)) == 11


def test_an_hour_that_has_passed_is_overdue_on_the_day_itself() -> None:
    timed = replace(ONCE, rule=DueRule.read("on 2026-12-31 at 09:00"))
    early, after = datetime(2026, 12, 31, 13, 59, tzinfo=UTC), datetime(2026, 12, 31, 14, 1, tzinfo=UTC)
    assert items(timed, [], on("2026-12-31", early), date.max)[0].state is State.DUE
    assert items(timed, [], on("2026-12-31", after), date.max)[0].state is State.OVERDUE


def test_each_time_of_a_series_is_done_by_itself() -> None:
    told = [entry(1, EntryKind.DONE, "2026-03-20", of=1), entry(2, EntryKind.DONE, "2027-04-15", of=2)]
    found = items(SURVEY, told, on("2028-04-01"), date(2028, 12, 31))
    assert states(found) == [("2026-03-31", "done"), ("2027-03-31", "done"), ("2028-03-31", "overdue")]
    assert [item.late for item in found] == [False, True, False]
    before = items(SURVEY, told, on("2027-04-10"), date(2027, 12, 31))
    assert states(before)[1] == ("2027-03-31", "overdue")


def test_what_was_due_before_anybody_followed_it_is_not_called_overdue() -> None:
    old = replace(SURVEY, rule=DueRule.read("every year from 2014-04-30"), since=date(2026, 11, 23))
    found = items(old, [], on("2027-06-01"), date(2027, 12, 31))
    assert [state for _, state in states(found)] == ["not followed"] * 13 + ["overdue"]


def test_a_moved_day_keeps_its_number() -> None:
    told = [entry(1, EntryKind.DUE, "2026-12-15", "on 2027-01-31")]
    assert states(items(ONCE, told, on("2027-01-15"), date.max)) == [("2027-01-31", "ahead")]
    known_before = on("2027-01-15", datetime(2026, 12, 14, tzinfo=UTC))
    assert states(items(ONCE, told, known_before, date.max)) == [("2026-12-31", "overdue")]
    one = [entry(1, EntryKind.DUE, "2026-12-15", "on 2027-05-15", of=2)]
    found = items(SURVEY, one, on("2026-12-20"), date(2028, 12, 31))
    assert [(item.number, str(item.by.day)) for item in found if item.by] == [
        (1, "2026-03-31"), (2, "2027-05-15"), (3, "2028-03-31")]  # fmt: skip


def test_a_new_series_goes_on_with_the_numbers() -> None:
    told = [entry(1, EntryKind.DUE, "2027-06-01", "every 6 months from 2027-06-30")]
    found = items(SURVEY, told, on("2026-12-20"), date(2028, 7, 1))
    assert [(item.number, str(item.by.day)) for item in found if item.by] == [
        (1, "2026-03-31"), (2, "2027-03-31"), (3, "2027-06-30"), (4, "2027-12-30"), (5, "2028-06-30")]  # fmt: skip


def test_what_waits_for_an_event_says_for_which() -> None:
    waiting = replace(ONCE, rule=DueRule.read("90 days after ratification"))
    found = items(waiting, [], on("2026-12-01"), date.max)
    assert [(item.state, item.waits_for) for item in found] == [(State.WAITS, "ratification")]
    came = [entry(1, EntryKind.HAPPENED, "2026-11-30", "ratification")]
    assert states(items(waiting, came, on("2026-12-01"), date.max)) == [("2027-02-28", "ahead")]


def test_an_undertaking_without_a_day_is_there_all_the_same() -> None:
    vague = replace(ONCE, rule=None)
    assert states(items(vague, [], on("2026-12-01"), date.max)) == [("", "no date")]
    assert states(items(vague, [entry(1, EntryKind.DONE, "2026-11-30")], on("2026-12-01"), date.max)) == [("", "done")]


def test_a_series_is_cancelled_from_a_day_and_what_was_due_before_stays_overdue() -> None:
    told = [entry(1, EntryKind.CANCELLED, "2027-01-01")]
    found = items(SURVEY, told, on("2026-12-20"), date(2028, 12, 31))
    assert states(found) == [("2026-03-31", "overdue"), ("2027-03-31", "cancelled"), ("2028-03-31", "cancelled")]
    again = [*told, entry(2, EntryKind.RESUMED, "2028-01-01")]
    assert states(items(SURVEY, again, on("2028-01-20"), date(2028, 12, 31)))[1:] == [
        ("2027-03-31", "cancelled"), ("2028-03-31", "ahead")]  # fmt: skip
    assert states(items(ONCE, told, on("2027-01-02"), date.max)) == [("2026-12-31", "cancelled")]


def test_a_report_is_due_after_each_time_is_done() -> None:
    reported = replace(SURVEY, report=DueRule.read("30 days after done"))
    told = [entry(1, EntryKind.DONE, "2026-03-20", of=1)]
    found = [item for item in items(reported, told, on("2026-04-25"), date(2026, 12, 31)) if item.part is Part.REPORT]
    assert states(tuple(found)) == [("2026-04-19", "overdue")]
    told.append(entry(2, EntryKind.REPORTED, "2026-04-25", of=1))
    found = [item for item in items(reported, told, on("2026-04-25"), date(2026, 12, 31)) if item.part is Part.REPORT]
    assert states(tuple(found)) == [("2026-04-19", "done")]


def test_a_clause_makes_its_duties_due_and_what_follows_once_they_are_done() -> None:
    exercise = Undertaking("clause:x:A7", EXERCISE.says, IN_FORCE, NASSAU, agreement=AGREEMENT, clause=EXERCISE,
                           in_force=IN_FORCE)  # fmt: skip
    assert states(items(exercise, [], on("2027-10-02"), date(2029, 12, 31))) == [
        ("2027-10-01", "overdue"), ("2029-04-01", "ahead")]  # fmt: skip
    held = [entry(1, EntryKind.DONE, "2027-09-15", of=1)]
    found = items(exercise, held, on("2027-10-02"), date(2028, 12, 31))
    assert [(item.part, item.what, item.state) for item in found] == [
        (Part.DUTY, EXERCISE.says, State.DONE), (Part.FOLLOWS, "after-action report", State.AHEAD)]  # fmt: skip
    assert found[1].by is not None
    assert found[1].by.day == date(2027, 10, 30)


def test_an_agreements_yearly_duty_is_named_by_its_evidence_on_each_day_from_its_entry_into_force() -> None:
    adopted = Adopted("x", AGREEMENT, datetime(2026, 4, 1, tzinfo=UTC), ())
    found = {one.key: one for one in clause_duties.duties(adopted, "BS", LATE)}
    assert set(found) == {"clause:x:A5", "clause:x:A6", "clause:x:A7"}
    due = items(found["clause:x:A6"], [], on("2026-04-01"), date(2028, 3, 31))
    assert [(item.what, str(item.by.day), item.number) for item in due if item.by] == [
        ("annual report", "2027-03-31", 1), ("annual report", "2028-03-31", 2)]  # fmt: skip
    assert list(clause_duties.duties(adopted, "BS", datetime(2026, 3, 31, tzinfo=UTC))) == []
    assert list(clause_duties.duties(adopted, "ZZ", LATE)) == []


def test_nothing_falls_due_while_the_agreement_does_not_bind() -> None:
    report = Undertaking("clause:x:A6", "Report", IN_FORCE, NASSAU, agreement=AGREEMENT, clause=YEARLY,
                         in_force=IN_FORCE, unbound=((date(2027, 1, 1), date(2027, 6, 30)),))  # fmt: skip
    found = items(report, [], on("2028-04-02"), date(2028, 12, 31))
    assert states(found) == [("2027-03-31", "not binding"), ("2028-03-31", "overdue")]


def test_owner_and_reply_are_those_of_the_day() -> None:
    told = [
        entry(1, EntryKind.ASSIGNED, "2026-01-01", "CIRT-BS"),
        entry(2, EntryKind.ASSIGNED, "2026-06-01", "officer"),
        entry(3, EntryKind.REPLY, "2026-02-01", "noted"),
        entry(4, EntryKind.REPLY, "2026-08-01", "accepted in part"),
    ]
    there = record(told, LATE)
    assert (there.owner(date(2026, 5, 31)), there.owner(date(2026, 6, 1))) == ("CIRT-BS", "officer")
    assert [there.reply(date(2026, month, 15)) for month in (1, 3, 9)] == [None, Reply.NOTED, Reply.PARTLY]


REFUSED = [
    (SURVEY, entry(9, EntryKind.DONE, "2026-03-20"), "by its number"),
    (SURVEY, entry(9, EntryKind.DONE, "2030-03-20", of=1, recorded=datetime(2026, 1, 1, tzinfo=UTC)), "not come yet"),
    (SURVEY, entry(9, EntryKind.REOPENED, "2026-03-20", of=1), "nothing to reopen"),
    (SURVEY, entry(9, EntryKind.DUE, "2026-03-20", "soon"), "does not say when"),
    (SURVEY, entry(9, EntryKind.DUE, "2026-03-20", "every year from 2027-01-01", of=2), "moved to one day"),
    (SURVEY, entry(9, EntryKind.REPLY, "2026-03-20", "maybe"), "is no reply"),
    (SURVEY, entry(9, EntryKind.ASSIGNED, "2026-03-20", " "), "names the owner"),
    (SURVEY, entry(9, EntryKind.EVIDENCE, "2026-03-20", "", of=1), "where it can be seen"),
    (ONCE, entry(9, EntryKind.DONE, "2026-03-20", supersedes=77), "is not an entry"),
    (replace(SURVEY, clause=YEARLY, agreement=AGREEMENT), entry(9, EntryKind.DUE, "2026-03-20", "on 2027-01-01"),
     "The agreement fixes"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "new", "said"), REFUSED)
def test_an_entry_that_cannot_be_is_refused_with_its_mend(one: Undertaking, new: Entry, said: str) -> None:
    assert said in " ".join(objections(one, [], new))


def test_what_is_done_is_not_done_twice() -> None:
    done = [entry(1, EntryKind.DONE, "2026-03-20")]
    assert objections(ONCE, done, entry(2, EntryKind.DONE, "2026-03-21"))
    assert not objections(ONCE, done, entry(2, EntryKind.REOPENED, "2026-03-21"))
    again = [*done, entry(2, EntryKind.REOPENED, "2026-03-21")]
    assert not objections(ONCE, again, entry(3, EntryKind.DONE, "2026-03-22"))
    assert not objections(ONCE, done, entry(2, EntryKind.DONE, "2026-03-21", supersedes=1))


START = date(2026, 1, 1)
MOMENTS = st.integers(0, 900).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=n))
DAYS = st.integers(0, 900).map(lambda n: START + timedelta(days=n))
KINDS = st.sampled_from([EntryKind.DONE, EntryKind.REOPENED, EntryKind.ASSIGNED, EntryKind.EVIDENCE])
DRAWN = st.lists(st.tuples(KINDS, DAYS, MOMENTS, st.integers(1, 4), st.booleans()), max_size=12)
QUARTERLY = replace(SURVEY, rule=DueRule.read("every 3 months from 2026-01-31"))


def lay(drawn: list[tuple[EntryKind, date, datetime, int, bool]]) -> list[Entry]:
    """Make entries in the order of recording; some correct the one before."""
    ordered = sorted(drawn, key=lambda one: one[2])
    return [
        Entry(place, kind, day, at, f"says {place}", number, supersedes=place - 1 if corrects and place > 1 else None)
        for place, (kind, day, at, number, corrects) in enumerate(ordered, 1)
    ]


def read_plainly(told: list[Entry], number: int, asked: Asked) -> tuple[bool, str]:
    """Read whether a time is done, and who has it, entry by entry."""
    counted = [e for e in told if e.recorded_at <= asked.known]
    counted = [e for e in counted if not any(other.supersedes == e.id for other in counted)]
    counted = [e for e in counted if e.effective_on <= asked.on]
    done, done_at, owner, owner_at = False, (date.min, datetime.min.replace(tzinfo=UTC), 0), "", date.min
    for e in counted:
        at = (e.effective_on, e.recorded_at, e.id)
        if e.kind in {EntryKind.DONE, EntryKind.REOPENED} and e.number == number and at >= done_at:
            done, done_at = e.kind is EntryKind.DONE, at
        if e.kind is EntryKind.ASSIGNED and e.effective_on >= owner_at:
            owner, owner_at = e.says, e.effective_on
    return done, owner


@given(DRAWN, DAYS, MOMENTS)
def test_a_time_stands_as_its_entries_read_one_by_one_say(
    drawn: list[tuple[EntryKind, date, datetime, int, bool]], day: date, known: datetime
) -> None:
    told, asked = lay(drawn), Asked(day, known)
    for item in items(QUARTERLY, told, asked, date(2026, 12, 31)):
        done, owner = read_plainly(told, item.number, asked)
        assert item.by is not None
        state = State.OVERDUE if item.by.day < day else State.DUE if item.by.day == day else State.AHEAD
        assert item.state is (State.DONE if done else state)
        assert item.owner == owner


@given(DRAWN, DAYS, MOMENTS, DAYS, st.integers(1, 4), KINDS)
def test_a_late_record_changes_no_answer_as_known_before_it(
    drawn: list[tuple[EntryKind, date, datetime, int, bool]],
    day: date,
    known: datetime,
    effective: date,
    number: int,
    kind: EntryKind,
) -> None:
    told, asked = lay(drawn), Asked(day, known)
    before = items(QUARTERLY, told, asked, date(2027, 12, 31))
    late = Entry(99, kind, effective, known + timedelta(microseconds=1), "late", number, supersedes=1)
    assert items(QUARTERLY, [*told, late], asked, date(2027, 12, 31)) == before


SIX = datetime(2026, 7, 10, 18)  # noqa: DTZ001 - on the wall
ANSWER = Undertaking("clause:x:A5", HELP.says, IN_FORCE, NASSAU, agreement=AGREEMENT, clause=HELP, in_force=IN_FORCE,
                     party="BS")  # fmt: skip


def test_a_request_starts_its_steps_and_each_is_closed_by_its_number() -> None:
    assert items(ANSWER, [], on("2026-07-01"), date.max) == ()
    came = [entry(1, EntryKind.HAPPENED, "2026-07-09", "normal 2026-07-09T18:00")]
    found = items(ANSWER, came, on("2026-07-10", datetime(2026, 7, 10, 12, tzinfo=UTC)), date.max)
    assert [(item.number, item.what, item.state, item.by) for item in found] == [
        (101, "acknowledge", State.DUE, Deadline(date(2026, 7, 10), at_local(SIX, "America/Nassau"))),
        (102, "answer", State.AHEAD, Deadline(date(2026, 7, 17))),
    ]
    late = items(ANSWER, came, on("2026-07-10", datetime(2026, 7, 10, 23, tzinfo=UTC)), date.max)
    assert late[0].state is State.OVERDUE
    done = [*came, entry(2, EntryKind.DONE, "2026-07-10", of=101)]
    assert [item.state for item in items(ANSWER, done, on("2026-07-20"), date.max)] == [State.DONE, State.OVERDUE]
    urgent = [*came, entry(3, EntryKind.HAPPENED, "2026-07-11", "emergency 2026-07-11T02:00", of=2)]
    assert [item.number for item in items(ANSWER, urgent, on("2026-07-11"), date.max)] == [101, 102, 201]


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (entry(9, EntryKind.HAPPENED, "2026-07-11", "soon"), "does not say which request came"),
        (entry(9, EntryKind.HAPPENED, "2026-07-11", "normal 2026-07-32T02:00"), "no time of the calendar"),
        (entry(9, EntryKind.HAPPENED, "2026-07-11", "normal 2026-07-11T02:00", of=1), "give this one number 2"),
        (entry(9, EntryKind.DONE, "2026-07-11"), "by its number"),
    ],
)
def test_a_request_that_cannot_be_is_refused_with_its_mend(new: Entry, said: str) -> None:
    came = [entry(1, EntryKind.HAPPENED, "2026-07-09", "normal 2026-07-09T18:00")]
    assert said in " ".join(objections(ANSWER, came, new))
