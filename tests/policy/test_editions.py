"""Which text of an agreement holds on a day, as known then: against a naive reading of every amendment in turn."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.acts.agreement_files import read_file
from comity.policy.agreements import Agreement
from comity.policy.editions import Edition, beginnings, holding, objections
from comity.policy.life_events import EventKind, LifeEvent
from comity.policy.release import Adopted
from tests.policy.test_round_trip import FILES

START, FIRST = datetime(2026, 1, 1, tzinfo=UTC), date(2026, 1, 1)
DAY = timedelta(days=1)
FOUND = read_file(FILES[0]).agreement
assert FOUND is not None
TEXT: Agreement = FOUND


def edition(number: int) -> Edition:
    return Edition(f"e{number}", replace(TEXT, title=f"text {number}"))


def event(number: int, kind: EventKind, effective: int, recorded: int, over: int | None = None) -> LifeEvent:
    supersedes = None if over is None else f"e{over}"
    return LifeEvent(kind, FIRST + effective * DAY, START + recorded * DAY, "a protocol", supersedes=supersedes,
                     id=f"e{number}")  # fmt: skip


AMENDED, RETRACTED = EventKind.AMENDMENT, EventKind.RETRACTION


def test_the_old_text_answers_for_the_days_before_and_for_what_was_known_before() -> None:
    events = [event(1, AMENDED, effective=10, recorded=20)]
    for day, known, expected in ((9, 30, None), (10, 30, "text 1"), (30, 19, None), (30, 20, "text 1")):
        found = holding(TEXT, [edition(1)], events, FIRST + day * DAY, START + known * DAY)
        assert found.title == (expected or TEXT.title), (day, known)


def test_a_later_day_goes_before_a_later_recording() -> None:
    events = [event(1, AMENDED, effective=10, recorded=1), event(2, AMENDED, effective=5, recorded=2)]
    editions = [edition(1), edition(2)]
    assert holding(TEXT, editions, events, FIRST + 7 * DAY, START + 9 * DAY).title == "text 2"
    assert holding(TEXT, editions, events, FIRST + 12 * DAY, START + 9 * DAY).title == "text 1"
    assert beginnings(editions, events, START + 9 * DAY) == {"e2": FIRST + 5 * DAY, "e1": FIRST + 10 * DAY}


def naive(events: list[LifeEvent], on: date, known_at: datetime) -> str | None:
    """Read each amendment that was recorded by then and stands, and keep the one whose day came last."""
    recorded = [one for one in events if one.recorded_at <= known_at]

    def happened(one: LifeEvent) -> bool:
        return not any(o.supersedes == one.id and o.kind is RETRACTED and happened(o) for o in recorded)

    def stands(one: LifeEvent) -> bool:
        return happened(one) and not any(o.supersedes == one.id and happened(o) for o in recorded)

    best: tuple[date, datetime, int] | None = None
    title = TEXT.title
    for place, one in enumerate(events):
        if one in recorded and one.kind is AMENDED and stands(one) and one.effective_on <= on:
            key = (one.effective_on, one.recorded_at, place)
            if best is None or key >= best:
                best, title = key, f"text {one.id[1:]}"
    return title


kinds = st.sampled_from((AMENDED, AMENDED, RETRACTED))
histories = st.lists(st.tuples(kinds, st.integers(0, 8), st.none() | st.integers(0, 5)), max_size=7)


@settings(max_examples=400, deadline=None)
@given(histories, st.integers(0, 9), st.integers(0, 8))
def test_the_text_that_holds_is_the_one_a_naive_reading_finds(
    found: list[tuple[EventKind, int, int | None]], day: int, known: int
) -> None:
    events = [
        event(n, kind, effective, n, over if over is not None and over < n else None)
        for n, (kind, effective, over) in enumerate(found)
    ]
    editions = [edition(n) for n, (kind, _, _) in enumerate(found) if kind is AMENDED]
    on, known_at = FIRST + day * DAY, START + known * DAY
    assert holding(TEXT, editions, events, on, known_at).title == naive(events, on, known_at)
    adopted = Adopted("a", TEXT, START, tuple(events), tuple(editions))
    assert adopted.on(on, known_at).agreement.title == naive(events, on, known_at)
    assert adopted.on(FIRST, START).on(on, known_at).agreement.title == naive(events, on, known_at), "asked anew"
    turns = adopted.turning_days(known_at)
    texts = [adopted.on(FIRST + n * DAY, known_at).agreement.title for n in range(10)]
    assert all(FIRST + n * DAY in turns for n in range(1, 10) if texts[n] != texts[n - 1])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "Another"}, "keeps the name"),
        ({"time_zone": "Europe/Paris"}, "keeps that of"),
        ({"parties": TEXT.parties[:1]}, "leaves by a withdrawal"),
        ({"life": replace(TEXT.life, in_force=date(2031, 1, 1))}, "the amendment has its own day"),
        ({}, "nothing else than the text that holds"),
    ],
)
def test_what_is_no_amended_text_is_told_why(change: dict[str, Any], said: str) -> None:
    assert said in objections(TEXT, replace(TEXT, **change))[0]


def test_an_amended_text_that_changes_a_clause_is_one() -> None:
    assert objections(TEXT, replace(TEXT, clauses=TEXT.clauses[:-1])) == ()
