"""Stages follow from ratings by rule: held to an oracle that tries every stage from the top."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from comity.policy import staging
from comity.policy.frameworks import Aspect, Indicator, Part
from comity.policy.staging import Answer, Evidence, Hold, Rating, stage_of

ON = date(2026, 11, 24)
STAGES = 4
aspects = st.lists(st.integers(1, STAGES), min_size=1, max_size=10).map(
    lambda stages: Aspect("A", (("en", "an aspect"),), tuple(
        Indicator(f"i{number}", (("en", "words"),), stage) for number, stage in enumerate(stages)))
)  # fmt: skip
evidence = st.builds(Evidence, st.just("a report"), until=st.none() | st.dates(ON - timedelta(9), ON + timedelta(9)))
ratings = st.builds(Rating, st.sampled_from(Answer), st.lists(evidence, max_size=2).map(tuple), contested=st.booleans())
rated = st.dictionaries(st.integers(0, 9).map("i{}".format), ratings, max_size=10)


def holds(rating: Rating | None, *, kindly: bool) -> bool | None:
    """Judge one rating as a reader of the rule would; None where the indicator is passed over."""
    if rating is None or rating.contested or rating.answer == Answer.UNKNOWN:
        return kindly
    if rating.answer == Answer.NOT_APPLICABLE:
        return None
    if rating.answer != Answer.MET:
        return False
    valid = not rating.evidence or any(one.until is None or one.until >= ON for one in rating.evidence)
    return valid or kindly


def oracle(aspect: Aspect, given_ratings: Mapping[str, Rating], *, kindly: bool) -> int:
    """Try every stage from the top: it must have an indicator that holds, and none at or below it may fail."""
    for stage in range(STAGES, 0, -1):
        below = [holds(given_ratings.get(one.id), kindly=kindly) for one in aspect.indicators if one.stage <= stage]
        here = [holds(given_ratings.get(one.id), kindly=kindly) for one in aspect.indicators if one.stage == stage]
        if False not in below and True in here:
            return stage
    return 0


@given(aspects, rated)
def test_a_stage_is_what_the_rule_says(aspect: Aspect, said: dict[str, Rating]) -> None:
    found = stage_of(aspect, said, ON)
    assert found.stage == oracle(aspect, said, kindly=False)
    assert found.highest == oracle(aspect, said, kindly=True)
    assert found.stage <= found.highest


@given(aspects, rated, st.integers(0, 9))
def test_new_evidence_never_lowers_a_stage(aspect: Aspect, said: dict[str, Rating], number: int) -> None:
    name = f"i{number}"
    before = stage_of(aspect, said, ON)
    if said.get(name, staging.UNRATED).answer is Answer.NOT_APPLICABLE:
        return
    after = stage_of(aspect, {**said, name: Rating(Answer.MET, (Evidence("seen"),))}, ON)
    assert after.stage >= before.stage
    assert after.highest >= before.highest


@given(aspects, rated, st.integers(0, 9))
def test_not_knowing_only_widens(aspect: Aspect, said: dict[str, Rating], number: int) -> None:
    name = f"i{number}"
    if said.get(name, staging.UNRATED).answer is Answer.NOT_APPLICABLE:
        return
    before, after = stage_of(aspect, said, ON), stage_of(aspect, {**said, name: staging.UNRATED}, ON)
    assert after.stage <= before.stage
    assert after.highest >= before.highest


@given(aspects, rated, st.integers(0, 9), ratings)
def test_an_answer_elsewhere_moves_nothing(aspect: Aspect, said: dict[str, Rating], number: int, new: Rating) -> None:
    assert stage_of(aspect, {**said, f"elsewhere{number}": new}, ON) == stage_of(aspect, said, ON)


@given(aspects, rated)
def test_what_is_unmet_is_what_keeps_the_next_stage_away(aspect: Aspect, said: dict[str, Rating]) -> None:
    found = stage_of(aspect, said, ON)
    if found.next is None:
        assert found.unmet == ()
        return
    assert found.unmet
    mended = {**said, **{one.indicator.id: Rating(Answer.MET) for one in found.unmet}}
    assert stage_of(aspect, mended, ON).stage >= found.next
    met, needed = found.share
    assert met + len(found.unmet) == needed


def test_expired_evidence_counts_as_unknown_and_says_so() -> None:
    aspect = Aspect("A", (), (Indicator("i", (), 1),))
    said = {"i": Rating(Answer.MET, (Evidence("audit", until=ON),))}
    assert stage_of(aspect, said, ON).stage == 1
    late = stage_of(aspect, said, ON + timedelta(1))
    assert (late.stage, late.highest) == (0, 1)
    assert late.held[0].expired
    assert late.held[0].hold is Hold.OPEN
    renewed = {"i": replace(said["i"], evidence=(*said["i"].evidence, Evidence("new audit")))}
    assert stage_of(aspect, renewed, ON + timedelta(1)).stage == 1


def test_a_part_has_the_range_of_its_aspects_and_no_mean() -> None:
    low = Aspect("L", (), (Indicator("l1", (), 1), Indicator("l2", (), 2)))
    high = Aspect("H", (), (Indicator("h1", (), 1), Indicator("h2", (), 2), Indicator("h3", (), 3)))
    part = Part("F", (), (low, high))
    met, unmet = Rating(Answer.MET), Rating(Answer.NOT_MET)
    said = {"h1": met, "h2": met, "h3": unmet, "l2": unmet}
    staged = {one.id: stage_of(one, said, ON) for one in part.aspects()}
    found = staging.range_of(part, staged)
    assert (found.lowest, found.highest, found.utmost, found.aspects, found.open) == (0, 2, 2, 2, 1)


def test_gaps_are_what_stands_below_a_target_lowest_first() -> None:
    aspect = Aspect("A", (), (Indicator("one", (), 1), Indicator("two", (), 2), Indicator("three", (), 3)))
    staged = {"A": stage_of(aspect, {"one": Rating(Answer.PARTLY), "three": Rating(Answer.MET)}, ON)}
    assert [one.indicator.id for one in staging.gaps(staged, {})] == ["one"]
    assert [one.indicator.id for one in staging.gaps(staged, {"A": 3})] == ["one", "two"]
