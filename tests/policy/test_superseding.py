"""Which events count, against a naive reading that asks each event what became of it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from comity.policy.life_events import EventKind, LifeEvent, known

START = datetime(2026, 1, 1, tzinfo=UTC)
ON = date(2026, 2, 1)
LATE = START + timedelta(days=365)


def chain(*links: tuple[EventKind, str | None]) -> list[LifeEvent]:
    """Make events e0, e1, … recorded one a day, each superseding the one that is named."""
    return [
        LifeEvent(kind, ON, START + timedelta(days=place), "note verbale", supersedes=over, id=f"e{place}")
        for place, (kind, over) in enumerate(links)
    ]


def counting(events: list[LifeEvent], at: datetime = LATE) -> set[str]:
    return {dated.event.id for dated in known(events, at)}


SUSPENDED, RETRACTED = EventKind.SUSPENSION, EventKind.RETRACTION


def test_a_correction_of_a_correction_leaves_the_first_corrected() -> None:
    assert counting(chain((SUSPENDED, None), (SUSPENDED, "e0"), (SUSPENDED, "e1"))) == {"e2"}


def test_when_a_correction_is_retracted_what_it_had_corrected_counts_again() -> None:
    assert "e0" in counting(chain((SUSPENDED, None), (SUSPENDED, "e0"), (RETRACTED, "e1")))


def test_when_a_retraction_is_retracted_what_it_had_taken_back_counts_again() -> None:
    assert "e0" in counting(chain((SUSPENDED, None), (RETRACTED, "e0"), (RETRACTED, "e1")))


def test_of_two_retractions_one_that_was_not_itself_taken_back_is_enough() -> None:
    for first, second in (("e1", "e2"), ("e2", "e1")):
        events = chain((SUSPENDED, None), (RETRACTED, "e0"), (RETRACTED, "e0"), (RETRACTED, first))
        assert "e0" not in counting(events)
        assert "e0" in counting([*events, replace(events[3], id="e4", supersedes=second)])


def test_what_is_superseded_still_counts_for_what_was_known_before() -> None:
    events = chain((SUSPENDED, None), (RETRACTED, "e0"))
    assert "e0" in counting(events, START + timedelta(hours=1))


def naive(events: list[LifeEvent]) -> set[str]:
    """Ask of each event whether it happened at all, and whether a correction that happened stands in its place."""

    def later(event: LifeEvent) -> list[LifeEvent]:
        return [one for one in events if one.supersedes == event.id and one.recorded_at > event.recorded_at]

    def happened(event: LifeEvent) -> bool:
        return not any(one.kind is RETRACTED and happened(one) for one in later(event))

    return {
        event.id
        for event in events
        if happened(event) and not any(one.kind is not RETRACTED and happened(one) for one in later(event))
    }


links = st.lists(
    st.tuples(st.sampled_from((SUSPENDED, RETRACTED, RETRACTED)), st.none() | st.integers(0, 6)), max_size=8
)


@settings(max_examples=150, deadline=None)
@given(links)
def test_what_counts_is_what_a_naive_reading_says(found: list[tuple[EventKind, int | None]]) -> None:
    events = chain(
        *((kind, f"e{over}" if over is not None and over < n else None) for n, (kind, over) in enumerate(found))
    )
    assert counting(events) == naive(events)
