"""The law of a feed: whatever one may have at t₂ one could have had at t₁, or gets after t₁."""

import os
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from comity.policy import feed

CLASSES = (1, 2, 3)
NOTICE = 9
HISTORIES = int(os.environ.get("COMITY_HISTORIES", "400"))


@dataclass
class World:
    """A history told step by step, and beside it the naive truth: each object with its class and day of arrival."""

    view: feed.View = field(default_factory=feed.View)
    runs: list[feed.Run] = field(default_factory=list)
    stock: dict[int, int] = field(default_factory=lambda: dict.fromkeys((*CLASSES, NOTICE), 0))
    allowed: frozenset[int] = frozenset()
    now: int = 0

    def law(self, allowed: frozenset[int]) -> None:
        """Let the law turn: from now on exactly *allowed* is open."""
        self.allowed = allowed
        self.view, runs = feed.turn(self.view, self.now, dict.fromkeys(allowed, 0), (*CLASSES, NOTICE), self.stock)
        self.runs += runs

    def batch(self, counts: tuple[int, ...]) -> None:
        """Let a batch arrive with so many objects of each class."""
        places = [feed.Place(c, self.stock[c], n) for c, n in zip(CLASSES, counts, strict=True) if n]
        for place in places:
            self.stock[place.handling] += place.count
        self.view, runs = feed.arrive(self.view, self.now, places)
        self.runs += runs

    def interrupt(self, count: int, read: int) -> None:
        """Let a notice for this recipient arrive, which has been told of all dated up to *read* and of no more."""
        parts = [feed.split(run, read) for run in self.runs]
        unread = [rest for _, rest in parts if rest]
        place = feed.Place(NOTICE, self.stock[NOTICE], count)
        self.stock[NOTICE] += count
        self.view, runs = feed.interrupt(self.view, self.now, read, unread, [place], {NOTICE})
        self.runs = [told for told, _ in parts if told] + list(runs)

    def may_have(self) -> set[tuple[int, int]]:
        """Say what the recipient may have now, by the naive truth."""
        return {(c, ordinal) for c in self.allowed for ordinal in range(self.stock[c])}

    def sees(self) -> dict[tuple[int, int], int]:
        """Say what the view shows now: each object with its date."""
        return {
            (run.handling, run.first + n): run.date + n
            for run in self.runs if self.view.shows(run) for n in range(run.count)
        }  # fmt: skip


steps = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.one_of(
            st.frozensets(st.sampled_from(CLASSES)),
            st.tuples(*(st.integers(0, 4) for _ in CLASSES)),
        ),
    ),
    max_size=24,
)


@settings(max_examples=HISTORIES, deadline=None)
@given(steps)
def test_what_one_may_have_later_one_could_have_had_or_gets_after(history: list[tuple[int, object]]) -> None:
    """Hold after every step: the view is exactly what may be had, and nothing slips behind a cursor."""
    world = World()
    polls: list[tuple[dict[tuple[int, int], int], int]] = []
    for wait, step in history:
        world.now += wait
        world.law(step) if isinstance(step, frozenset) else world.batch(step)  # type: ignore[arg-type]
        seen = world.sees()
        assert set(seen) == world.may_have()
        assert len(set(seen.values())) == len(seen), "two items share a date"
        for before, cursor in polls:
            for item, date in seen.items():
                assert item in before or date > cursor, f"{item} opened behind a cursor at {cursor}"
        polls.append((seen, max(seen.values(), default=-1)))


@settings(max_examples=HISTORIES, deadline=None)
@given(steps, st.lists(st.tuples(st.integers(0, 24), st.integers(1, 2)), max_size=4), st.integers(1, 5))
def test_a_notice_comes_first_of_what_is_not_read_and_nothing_slips_behind(
    history: list[tuple[int, object]], notices: list[tuple[int, int]], page: int
) -> None:  # fmt: skip
    """Hold after every step, for a client that reads a page and then the next: it gets all, and the notice next."""
    world, read, got = World(), 0, list[tuple[int, int]]()
    world.law(frozenset({NOTICE}))
    for number, (wait, step) in enumerate(history):
        world.now += wait
        if isinstance(step, frozenset):
            world.law(step | {NOTICE})
        else:
            world.batch(step)  # type: ignore[arg-type]
        for _, count in [one for one in notices if one[0] == number]:
            told = {item for item, date in world.sees().items() if date <= read}
            world.interrupt(count, read)
            seen = sorted((date, item) for item, date in world.sees().items())
            assert {item for date, item in seen if date <= read} == told, "what was told stays as it was"
            waiting = [item for date, item in seen if date > read]
            urgent = [item for item in waiting if item[0] == NOTICE]
            assert waiting[: len(urgent)] == urgent == sorted(urgent)
        seen = sorted((date, item) for item, date in world.sees().items())
        assert len({date for date, _ in seen}) == len(seen), "two items share a date"
        following = [(date, item) for date, item in seen if date > read][:page]
        got += [item for _, item in following]
        read = following[-1][0] if following else read
    rest = [item for item, date in world.sees().items() if date > read]
    assert world.may_have() | {(NOTICE, n) for n in range(world.stock[NOTICE])} <= {*got, *rest}


@settings(max_examples=HISTORIES // 4, deadline=None)
@given(steps, st.integers(1, 3))
def test_a_view_is_blind_to_what_its_partner_may_not_have(history: list[tuple[int, object]], secret: int) -> None:
    """Two histories that differ only in a class never opened give the same runs, date for date."""
    open_to = [c for c in CLASSES if c != secret]
    worlds = World(), World()
    for wait, step in history:
        for number, world in enumerate(worlds):
            world.now += wait
            if isinstance(step, frozenset):
                world.law(frozenset(step) - {secret})
            else:
                assert isinstance(step, tuple)
                world.batch(tuple(n if c in open_to or number else 0 for c, n in zip(CLASSES, step, strict=True)))
    assert worlds[0].runs == worlds[1].runs


def test_dates_go_up_by_one_even_when_the_clock_stands_still() -> None:
    """Three batches in one microsecond still make three times as many dates."""
    world = World()
    world.law(frozenset({1}))
    for _ in range(3):
        world.batch((2, 0, 0))
    assert sorted(world.sees().values()) == list(range(world.runs[0].date, world.runs[0].date + 6))
