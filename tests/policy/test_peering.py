"""A client’s place in somebody else’s collection: with every known fault of servers, nothing is lost, or it is said.

The servers here are the plainest that have the fault. All small cases are gone through one by one: what is stored
there, how many objects a page has, which faults, where the client is cut off, and two clients that get in each
other’s way.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.policy import peering
from comity.policy.peering import Answered, Place, Plan

EPOCH = datetime(2026, 11, 2, 8, tzinfo=UTC)


def date(at: int) -> str:
    return (EPOCH + timedelta(microseconds=at)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass
class Server:
    """A collection as (date, name), and the faults with which it is served.

    `cursors`: it gives `next`; `forgets`: and refuses every one of them; `heads`: it says the dates; `cap`: the most
    that it gives at once, whatever it is asked for; `deaf`: it heeds no limit.
    """

    stock: list[tuple[int, str]]
    cursors: bool = True
    forgets: bool = False
    heads: bool = True
    cap: int = 1000
    deaf: bool = False

    def answer(self, asked: dict[str, str]) -> tuple[Answered, list[str]] | None:
        """Answer a question; None where the cursor is refused."""
        found = sorted(self.stock, key=lambda item: item[0])
        if "added_after" in asked:
            found = [item for item in found if date(item[0]) > asked["added_after"]]
        if "next" in asked:
            if self.forgets:
                return None
            found = found[int(asked["next"].rpartition(" ")[2]) :]
        done = int(asked["next"].rpartition(" ")[2]) if "next" in asked else 0
        most = len(found) if self.deaf else min(int(asked["limit"]), self.cap)
        page, more = found[:most], len(found) > most
        cursor = f"{asked.get('added_after', '')} {done + most}" if more and self.cursors else ""
        first, last = (date(page[0][0]), date(page[-1][0])) if page and self.heads else ("", "")
        return Answered(len(page), more, cursor, first, last), [name for _, name in page]


@dataclass
class Reader:
    """A client: its place and what it holds, committed together."""

    plan: Plan
    place: Place = field(default_factory=Place)
    held: list[str] = field(default_factory=list)

    def page(self, server: Server, *, heard: bool = True) -> bool:
        """Ask once; what is not *heard* is lost on the way. Tell whether the walk is at its end."""
        begun = peering.begin(self.place, self.plan)
        found = server.answer(dict(peering.question(begun, self.plan)))
        if not heard:
            return False
        if found is None:
            again = peering.lost(begun, self.plan)
            assert again is not None
            self.place = again.place
            if again.stuck:
                raise StuckError(again.stuck)
            return False
        step = peering.onward(begun, found[0], self.plan)
        self.place = step.place
        self.held += [name for name in found[1] if name not in self.held]
        if step.stuck:
            raise StuckError(step.stuck)
        return step.done

    def walk(self, server: Server, cut: int = -1) -> None:
        """Walk to the end; the answer with the number *cut* is lost."""
        for number in range(60):
            if self.page(server, heard=number != cut):
                return
        raise AssertionError("the walk does not end")


class StuckError(Exception):
    """The client says that it can go no further."""


STOCKS = [
    [(at, f"o{number}") for number, at in enumerate(dates)]
    for count in range(5)
    for dates in sorted({tuple(sorted(some)) for some in product(range(3), repeat=count)})
]


@pytest.mark.parametrize(("cursors", "forgets", "heads"), [
    (True, False, True), (True, True, True), (False, False, True), (True, False, False),
])  # fmt: skip
def test_every_small_collection_is_read_whole_whatever_the_fault_and_wherever_it_is_cut_off(
    cursors: bool, forgets: bool, heads: bool
) -> None:
    for stock, page, cut, deaf in product(STOCKS, (1, 2, 3), range(-1, 5), (False, True)):
        reader, server = Reader(Plan(page)), Server(stock, cursors, forgets, heads, deaf=deaf)
        reader.walk(server, cut)
        assert sorted(reader.held) == sorted(name for _, name in stock), (stock, page, cut)
        server.stock = [*stock, (9, "later"), (9, "as late")]
        reader.walk(server)
        assert {"later", "as late"} <= set(reader.held)


def test_one_date_for_more_than_a_server_gives_at_once_is_said_and_nothing_is_passed_over() -> None:
    stock = [(1, f"o{number}") for number in range(5)] + [(2, "behind")]
    reader = Reader(Plan(2))
    with pytest.raises(StuckError, match="under the one date"):
        reader.walk(Server(stock, cursors=False, cap=2))
    assert "behind" not in reader.held
    with pytest.raises(StuckError, match="refuses each"):
        reader.walk(Server(stock, forgets=True, cap=2))
    reader.walk(Server(stock, cursors=False))  # and it goes on where the server lets it
    assert len(reader.held) == len(stock)


def test_more_with_neither_cursor_nor_date_is_said() -> None:
    with pytest.raises(StuckError, match="neither `next` nor dates"):
        Reader(Plan(1)).walk(Server([(1, "a"), (2, "b")], cursors=False, heads=False))


def test_a_date_that_shows_up_late_is_caught_by_the_overlap() -> None:
    reader, server = Reader(Plan(10, overlap=1)), Server([(500_000, "a")])
    reader.walk(server)
    server.stock.append((1, "late"))
    reader.walk(server)
    assert reader.held == ["a", "late"]


def test_unique_dates_are_never_asked_for_twice() -> None:
    reader, server = Reader(Plan(1, unique=True)), Server([(1, "a"), (2, "b"), (3, "c")], cursors=False)
    asked = []
    for _ in range(4):
        begun = peering.begin(reader.place, reader.plan)
        asked.append(peering.question(begun, reader.plan).get("added_after"))
        reader.page(server)
    assert asked == [None, date(1), date(2), date(3)]


@dataclass(frozen=True)
class State:
    """All there is of two readers of one line: place, what is held, what each has heard, what is still to come."""

    place: Place
    held: frozenset[str]
    heard: tuple[tuple[Place, Place, tuple[str, ...]] | None, ...]
    coming: tuple[tuple[int, str], ...]
    stock: tuple[tuple[int, str], ...]


def following(state: State, plan: Plan, server: Server) -> list[State]:
    """Give every state that one step leads to: somebody asks, is heard, or is cut off; something is added there."""
    found = []
    server.stock = list(state.stock)
    for one, heard in enumerate(state.heard):
        def held(value: tuple[Place, Place, tuple[str, ...]] | None, at: int = one) -> State:
            return replace(state, heard=(*state.heard[:at], value, *state.heard[at + 1 :]))

        if heard is None:
            begun = peering.begin(state.place, plan)
            answer = server.answer(dict(peering.question(begun, plan)))
            if answer is None:
                again = peering.lost(begun, plan)
                assert again is not None
                found.append(replace(state, place=again.place))
            else:
                found.append(held((state.place, peering.onward(begun, answer[0], plan).place, tuple(answer[1]))))
            continue
        found.append(held(None))
        if heard[0] == state.place:  # as the act that takes a page in looks
            found.append(replace(held(None), place=heard[1], held=state.held | set(heard[2])))
    if state.coming:
        found.append(replace(state, stock=(*state.stock, state.coming[0]), coming=state.coming[1:]))
    return found


@pytest.mark.parametrize(("cursors", "forgets", "page"), [*product((True, False), (True, False), (1, 2))])
def test_of_two_readers_that_are_delayed_doubled_and_cut_off_no_path_loses_anything(
    cursors: bool, forgets: bool, page: int
) -> None:
    """Every path through the small world is gone; from each state on it, a walk that is let be gets all."""
    plan, server = Plan(page), Server([], cursors, forgets)
    first = State(Place(), frozenset(), (None, None), ((2, "c"), (3, "d")), ((1, "a"), (1, "b")))
    seen, left = {first}, [first]
    while left:
        for state in following(left.pop(), plan, server):
            if state not in seen:
                seen.add(state)
                left.append(state)
    assert len(seen) > 40
    for state in seen:
        reader = Reader(plan, state.place, sorted(state.held))
        server.stock = [*state.stock, *state.coming]
        reader.walk(server)
        if state.place.next:  # a walk that was under way ends first
            reader.walk(server)
        assert set(reader.held) == {"a", "b", "c", "d"}


@given(st.integers(0, 50), st.none() | st.floats(0, 1e7), st.floats(0, 1))
def test_a_pause_grows_to_an_end_and_heeds_what_is_asked_for(
    failures: int, asked_for: float | None, chance: float
) -> None:
    seconds = peering.pause(failures, asked_for, chance)
    assert peering.FIRST_PAUSE / 2 <= seconds <= peering.LONGEST_ASKED_FOR
    assert seconds >= min(asked_for or 0, peering.LONGEST_ASKED_FOR)
    assert peering.pause(failures, None, 1.0) <= peering.LONGEST_PAUSE
    assert peering.pause(failures + 1, None, chance) >= peering.pause(failures, None, chance)
