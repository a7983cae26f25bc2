"""Scenarios, their clock and their course, beside naive ones that go second by second and minute by minute."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.acts import exercise_files
from comity.policy import exercise_course as course
from comity.policy.exercise_clock import SECOND, Move, MoveKind, RunState, objection, reading
from comity.policy.exercise_course import Fate, Gave, Judged, Play, Spoke, Taken, Verdict, Why
from comity.policy.exercises import (
    Asks,
    Condition,
    Decision,
    Expectation,
    Inject,
    Observe,
    Option,
    Scenario,
    Sign,
    Team,
)
from comity.policy.markings import Tlp

CATALOGUE = sorted(exercise_files.CATALOGUE.glob("*.yaml"))
BEGINS = datetime.fromisoformat("2027-03-09T08:00")
TEAMS = (Team("a", "A", "BS"), Team("b", "B", "XA"))


def scenario(injects: tuple[Inject, ...], expected: tuple[Expectation, ...] = (),
             decisions: tuple[Decision, ...] = ()) -> Scenario:  # fmt: skip
    return Scenario("x", "X", "", 600, BEGINS, "America/Nassau", "", (), TEAMS, decisions, injects, expected)


def inject(name: str, at: int, after: str = "", when: tuple[Condition, ...] = ()) -> Inject:
    return Inject(name, name, name, at, ("a",), Tlp.AMBER, after, when=when)


def test_there_are_three_scenarios_and_each_is_written_back_as_it_is() -> None:
    found = exercise_files.catalogue()
    assert {one.id for one in found} == {"hospital-and-port", "shared-provider", "election-night"}
    for one in found:
        assert exercise_files.scenario_text(exercise_files.written(one)).scenario == one
        assert not exercise_files.lacks(one)
        assert all(each.serves for each in one.expected), "each expectation serves an objective"
        assert all(each.indicators for each in one.objectives)


@pytest.mark.parametrize("path", CATALOGUE, ids=lambda path: path.stem)
def test_what_a_team_is_told_holds_nothing_of_the_others(path: Path) -> None:
    whole = exercise_files.scenario_file(path).scenario
    assert whole is not None
    for team in whole.teams:
        told = repr(whole.seen_by(team.id))
        for one in whole.injects:
            assert (one.says in told) is (team.id in one.to)
            assert not one.note or one.note not in told
        assert not any(one.says in told for one in whole.expected)


WRONG = {
    ("at: 0:20", "at: soon"): "`at` of the inject H2 is the text “soon”, not a time of the exercise",
    ("to: [bahamas]", "to: [bahama]"): "there is no such team. Mend: write “bahamas”",
    ("when: [missed E1]", "when: [missed E9]"): "there is no such expectation",
    ("when: [took ransom pay]", "when: [took ransom wait]"): "waits for an option “wait” that ransom has not",
    ("after: ransom", "after: H6"): "after: H6",
    ("tlp: AMBER\n", "tlp: PINK\n"): "no TLP label",
    ("indicators: [D1.2.2.e5, D1.3.3.e2]", "indicators: [D1.2.2.e55]"): "there is no such indicator",
    ("with: ardenia", "with: bahamas"): "there is no such other team",
    ("after: P1\n", "after: P4x\n"): "no such inject or decision",
    ("lasts: 8 hours", "lasts: 8"): "not a time of the exercise",
    ("time_zone: America/Nassau", "time_zone: Nassau"): "is no time zone",
    ("    serves: [warn]\n", "    serve: [warn]\n"): "has no field “serve”. Mend: write “serves”",
}


@pytest.mark.parametrize(("change", "says"), WRONG.items(), ids=lambda one: one[0][:20] if one else "")
def test_a_wrong_line_is_named_with_its_place_and_its_mend(change: tuple[str, str], says: str) -> None:
    path = next(one for one in CATALOGUE if one.stem == "hospital-and-port")
    text = path.read_text(encoding="utf-8")
    assert change[0] in text
    read = exercise_files.scenario_text(text.replace(*change, 1))
    if change[1] == says:
        says = "no such inject or decision"
    told = "\n".join(problem.at("f") for problem in read.problems)
    assert read.scenario is None
    assert says in told
    assert "Mend:" in told
    assert all(problem.line > 1 for problem in read.problems)


def test_injects_in_a_circle_are_refused() -> None:
    one = scenario((inject("I1", 5, "I2"), inject("I2", 5, "I1")))
    told = exercise_files.scenario_text(exercise_files.written(one))
    assert [problem.what for problem in told.problems] == [
        "the inject I1 waits for itself", "the inject I2 waits for itself"]  # fmt: skip


moves = st.lists(st.tuples(st.sampled_from(MoveKind), st.integers(0, 30), st.integers(0, 40)), max_size=12)


@settings(max_examples=40, deadline=None)
@given(moves, st.integers(0, 400))
def test_the_clock_beside_one_that_ticks(drawn: list[tuple[MoveKind, int, int]], until: int) -> None:
    made, at = list[Move](), 0
    for kind, wait, value in drawn:
        at += wait
        made.append(Move(kind, at * SECOND, value))
    state, shown, speed, left = RunState.PLANNED, 0, 1, list(made)
    for now in range(until + 1):
        if now and state is RunState.RUNNING:
            shown += speed
        while left and left[0].at == now * SECOND:
            one = left.pop(0)
            fits = one.value >= 1
            if state is RunState.PLANNED and one.kind is MoveKind.START and fits:
                state, speed = RunState.RUNNING, one.value
            elif state is RunState.RUNNING and one.kind is MoveKind.PAUSE:
                state = RunState.PAUSED
            elif state is RunState.PAUSED and one.kind is MoveKind.RESUME:
                state = RunState.RUNNING
            elif state in {RunState.RUNNING, RunState.PAUSED}:
                speed = one.value if one.kind is MoveKind.SPEED and fits else speed
                shown = one.value if one.kind is MoveKind.JUMP and one.value >= shown else shown
                state = RunState.ENDED if one.kind is MoveKind.END else state
    found = reading(made, until * SECOND)
    assert (found.state, found.seconds, found.speed) == (state, shown, speed)


def test_the_clock_says_what_it_does_not_take() -> None:
    running = reading([Move(MoveKind.START, 0, 60)], 2 * SECOND)
    assert running.seconds == 120
    assert "does not go back" in objection(running, Move(MoveKind.JUMP, 2 * SECOND, 60))
    assert "it takes" in objection(running, Move(MoveKind.START, 2 * SECOND, 1))
    assert "from 1 to 3600" in objection(running, Move(MoveKind.SPEED, 2 * SECOND, 0))


SIGN = Sign(Observe.SHARED, "b", "indicator", Tlp.AMBER)
E1 = Expectation("E1", "a", "I0", "share", 10, (), SIGN)
FORK = Decision("D", "a", "I0", "which?", (Option("x", "X"), Option("y", "Y")))
conditions = st.sampled_from([(), (Condition(Asks.MET, "E1"),), (Condition(Asks.MISSED, "E1"),),
                              (Condition(Asks.TOOK, "D", "x"),), (Condition(Asks.TOOK, "D", "y"),)])  # fmt: skip
gifts = st.lists(st.builds(Gave, at=st.integers(0, 40).map(lambda at: 60 * at), by=st.sampled_from(["BS", "XA"]),
                           to=st.sampled_from(["BS", "XA"]), collection=st.sampled_from(["ex", "real"]),
                           type=st.sampled_from(["indicator", "note"]), tlp=st.sampled_from(Tlp),
                           name=st.just("o")), max_size=5)  # fmt: skip
later = st.tuples(st.integers(0, 12), st.integers(-2, 6), conditions)


def naive(whole: Scenario, gave: list[Gave], fork: tuple[str, int] | None, until: int) -> dict[str, int]:
    """Go minute by minute: look at each inject's words and put it when all of them are so."""
    put: dict[str, int] = {}
    for now in range(0, 60 * until + 1, 60):
        again = True
        while again:
            again = False
            for one in whole.injects:
                taken = fork is not None and fork[1] <= now and "I0" in put
                starts = {"": 0, **put} | ({"D": fork[1]} if fork is not None and taken else {})
                if one.id in put or one.after not in starts or now < starts[one.after] + 60 * one.at:
                    continue
                first = put.get("I0")
                good = first is not None and any(
                    g.by == "BS" and g.to == "XA" and g.type == "indicator" and g.tlp <= Tlp.AMBER
                    and g.collection == "ex" and first <= g.at <= min(now, first + 600) for g in gave)  # fmt: skip
                over = first is not None and now > first + 600
                says = {"met E1": good, "missed E1": over and not good,
                        "took D x": taken and fork is not None and fork[0] == "x",
                        "took D y": taken and fork is not None and fork[0] == "y"}  # fmt: skip
                if all(says[str(condition)] for condition in one.when):
                    put[one.id], again = now, True
    return put


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 5), st.lists(later, max_size=4), gifts, st.none() | st.tuples(st.sampled_from("xy"),
       st.integers(5, 20).map(lambda at: 60 * at)))  # fmt: skip
def test_the_course_beside_one_that_goes_minute_by_minute(
    first: int, more: list[tuple[int, int, tuple[Condition, ...]]], gave: list[Gave], fork: tuple[str, int] | None
) -> None:
    injects = [inject("I0", first)]
    for number, (at, after, when) in enumerate(more, 1):
        name = "D" if after == -1 else f"I{after}" if 0 <= after < number else ""
        injects.append(inject(f"I{number}", at, name, when))
    whole = scenario(tuple(injects), (E1,), (FORK,))
    put: dict[str, int] = {}
    for now in range(0, 40 * 60 + 1, 60):
        again = True
        while again:
            taken = {"D": Taken(*fork)} if fork is not None and fork[1] <= now and "I0" in put else {}
            play = Play(now, "BS", "ex", given=dict(put), taken=taken, gave=[one for one in gave if one.at <= now])
            found = course.due(whole, play)
            put |= {one.id: now for one in found}
            again = bool(found)
        fates = {one.inject.id: one.fate for one in course.stands(whole, play)}
        assert all((fates[one.id] is Fate.GIVEN) is (one.id in put) for one in injects)
    assert put == naive(whole, gave, fork, 40)
    never = {one.inject.id for one in course.stands(whole, play) if one.fate is Fate.OFF}
    assert never.isdisjoint(naive(whole, gave, fork, 90)), "what is said not to come does not come"


def judged(one: Expectation, **play: Any) -> Judged:
    whole = scenario((inject("I0", 0),), (one,))
    return course.judge(whole, replace(Play(3600, "BS", "ex", given={"I0": 0}), **play))[0]


def test_the_nearest_miss_is_told_and_what_is_not_seen_is_unjudged() -> None:
    good = Gave(300, "BS", "XA", "ex", "indicator", Tlp.AMBER, "o")
    for change, why in (({"at": 660}, Why.LATE), ({"tlp": Tlp.RED}, Why.TOO_STRICT), ({"type": "note"}, Why.OTHER_TYPE),
                        ({"collection": "real"}, Why.OTHER_COLLECTION), ({"to": "XI"}, Why.NOTHING)):  # fmt: skip
        found = judged(E1, gave=[replace(good, **change)])
        assert (found.verdict, found.why) == (Verdict.MISSED, why)
    assert judged(E1, gave=[good, replace(good, at=60, tlp=Tlp.RED)]).at == 300
    assert judged(E1, us="XI", gave=[good]).why is Why.NOT_SEEN_FROM_HERE
    assert judged(E1, given={}).verdict is Verdict.NOT_YET
    assert judged(E1, given={}, ended=True).verdict is Verdict.NOT_ASKED
    assert judged(E1, given={}, ended=True, us="XA", leads=False).why is Why.NOT_SEEN_FROM_HERE
    assert judged(E1, given={}, ended=True, leads=False).verdict is Verdict.NOT_ASKED
    assert judged(E1, seconds=500).verdict is Verdict.OPEN
    assert judged(E1, seconds=500, ended=True).why is Why.ENDED_BEFORE
    assert judged(E1, rulings={"E1": None}, gave=[good]).verdict is Verdict.UNJUDGED


def test_an_acknowledgement_is_measured_by_the_clause_or_by_the_scenario() -> None:
    ask = Spoke(60, "XA", "BS", "request", "r", "r", "assistance", acknowledge_by=7260)
    ack = Spoke(7000, "BS", "XA", "acknowledgement", "m", "r")
    by_clause = Expectation("E2", "a", "I0", "ack", None, (), Sign(Observe.ACKNOWLEDGED, "b", subject="assistance"))
    assert judged(by_clause, seconds=9000, spoke=[ask, ack]).verdict is Verdict.MET
    assert judged(by_clause, seconds=9000, spoke=[ask, replace(ack, at=7300)]).why is Why.LATE
    assert judged(by_clause, seconds=9000, spoke=[ask, replace(ack, by="XA")]).why is Why.NOTHING
    assert judged(by_clause, seconds=9000, spoke=[replace(ask, acknowledge_by=None), ack]).why is Why.NO_CLOCK
    assert judged(by_clause, seconds=9000, ended=True).why is Why.NO_REQUEST
    quick = replace(by_clause, within=10)
    assert judged(quick, seconds=9000, spoke=[ask, ack]).verdict is Verdict.MISSED
    reach = Expectation("E3", "b", "I0", "ask", None, (), Sign(Observe.REACHED, "a", subject="assistance"))
    assert judged(reach, seconds=9000, spoke=[ask]).at == 60
    assert judged(reach, seconds=9000, ended=True).why is Why.NOTHING
