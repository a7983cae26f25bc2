"""What the register makes of a statement: absence is no denial, and a denial mirrors what it denies."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.claims.judging import Verdict, judge
from comity.claims.register import (
    Act,
    Action,
    Complete,
    Nature,
    Party,
    PartyKind,
    Period,
    Register,
    Status,
    Thing,
)
from comity.claims.statements import Named, Sense, Statement

TODAY = date(2026, 11, 23)
STATES = ("AA", "BB", "CC", "DD")
PARTIES = tuple(Party(code, code, PartyKind.STATE) for code in STATES)
THINGS = (Thing("treaty", "Treaty", Nature.TREATY), Thing("pledge", "Pledge", Nature.PLEDGE))
LEGAL = (Act.SIGNED, Act.RATIFIED, Act.ACCEDED, Act.PARTY)
days = st.dates(date(2001, 1, 1), date(2030, 1, 1))
actions = st.builds(
    Action,
    party=st.sampled_from(STATES),
    thing=st.sampled_from(["treaty", "pledge"]),
    act=st.sampled_from(LEGAL),
    on=st.none() | st.dates(date(2001, 1, 1), TODAY).map(lambda day: Period(day, day)),
    status=st.sampled_from([Status.CONFIRMED, Status.CLAIMED, Status.NOT_FOUND]),
)


def said(act: Act, thing: str = "treaty", when: date | None = None, as_of: date | None = None) -> Statement:
    on, then = (Period(day, day) if day else None for day in (when, as_of))
    named = Named(thing, thing, nature=Nature.TREATY if thing == "treaty" else Nature.PLEDGE)
    return Statement(act, Named("AA", "AA", is_party=True), named, Sense.STATED, 0, 1, 0, 1, "", when=on, as_of=then)


def verdict(statement: Statement, *known: Action, complete: tuple[Complete, ...] = ()) -> Verdict | None:
    found = judge(statement, Register(TODAY, PARTIES, THINGS, known, complete))
    assert found is not None
    return found.verdict


@given(st.lists(actions, max_size=12), st.sampled_from(LEGAL), st.none() | days)
def test_what_was_not_found_is_never_a_no(known: list[Action], act: Act, when: date | None) -> None:
    assert verdict(said(act, when=when), *known) is not Verdict.CONTRADICTED


@given(st.lists(actions, max_size=12), st.sampled_from(LEGAL), st.none() | days)
def test_a_denial_is_judged_by_what_it_denies(known: list[Action], act: Act, when: date | None) -> None:
    stated = said(act, when=when)
    denied = replace(stated, sense=Sense.DENIED, negated=True)
    pair = (verdict(stated, *known), verdict(denied, *known))
    assert pair in {
        (Verdict.CONFIRMED, Verdict.CONTRADICTED), (Verdict.PARTLY, Verdict.CONTRADICTED),
        (Verdict.PARTLY, Verdict.PARTLY), (Verdict.NOT_FOUND, Verdict.NOT_FOUND),
        (Verdict.PARTLY, Verdict.NOT_FOUND),  # that it signed is a part of having ratified, and no answer to “has not”
    }  # fmt: skip


@given(st.lists(actions, max_size=12), st.sampled_from(LEGAL), st.sampled_from([Sense.PLANNED, Sense.ASKED]))
def test_what_is_no_claim_of_fact_gets_no_verdict(known: list[Action], act: Act, sense: Sense) -> None:
    assert verdict(replace(said(act), sense=sense), *known) is None


@given(st.lists(actions, max_size=12), st.sampled_from(LEGAL))
def test_what_others_did_settles_nothing(known: list[Action], act: Act) -> None:
    others = [one for one in known if one.party != "AA"]
    assert verdict(said(act), *others) is Verdict.NOT_FOUND


@pytest.mark.parametrize(
    ("as_of", "when", "expected"),
    [
        (date(2026, 6, 1), None, Verdict.CONTRADICTED),
        (date(2024, 6, 1), None, Verdict.NOT_FOUND),
        (date(2024, 6, 1), date(2019, 1, 1), Verdict.CONTRADICTED),
        (date(2024, 6, 1), date(2025, 1, 1), Verdict.NOT_FOUND),
    ],
)
def test_a_list_read_to_its_end_speaks_up_to_its_day(as_of: date, when: date | None, expected: Verdict) -> None:
    whole = Complete("treaty", Act.PARTY, as_of)
    assert verdict(said(Act.RATIFIED, when=when), complete=(whole,)) is expected


def test_a_list_read_in_part_speaks_of_the_names_that_it_reaches() -> None:
    partly = Complete("treaty", Act.PARTY, TODAY, (), "BB", "ZZ")
    assert verdict(said(Act.PARTY), complete=(partly,)) is Verdict.NOT_FOUND


def test_signing_is_not_ratifying() -> None:
    signed = Action("AA", "treaty", Act.SIGNED)
    assert verdict(said(Act.RATIFIED), signed) is Verdict.PARTLY
    assert verdict(said(Act.SIGNED), Action("AA", "treaty", Act.RATIFIED)) is Verdict.CONFIRMED
    assert verdict(said(Act.SIGNED), Action("AA", "treaty", Act.ACCEDED)) is Verdict.PARTLY


def test_what_came_later_was_not_so_before() -> None:
    later = Action("AA", "treaty", Act.RATIFIED, Period(date(2021, 5, 1), date(2021, 5, 1)))
    assert verdict(said(Act.RATIFIED, as_of=date(2019, 12, 31)), later) is Verdict.CONTRADICTED
    assert verdict(said(Act.RATIFIED, as_of=date(2022, 12, 31)), later) is Verdict.CONFIRMED


def test_nobody_ratifies_a_pledge() -> None:
    assert verdict(said(Act.RATIFIED, "pledge")) is Verdict.CATEGORY_ERROR
    assert verdict(said(Act.SIGNED, "pledge"), Action("AA", "pledge", Act.ENDORSED)) is Verdict.CONFIRMED
