"""What moved between two reviews, what cannot be compared, and that a group tells of no single state."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from comity.acts import frameworks
from comity.policy import comparing, staging
from comity.policy.crosswalks import Confidence, Crosswalk, Pair, Relation
from comity.policy.frameworks import Stage
from comity.policy.staging import Answer, Rating

TODAY = date(2026, 11, 27)
CMM = frameworks.framework("cmm", "2021")
ASPECTS = [one.id for one in CMM.aspects()]
INDICATORS = [one.id for one in CMM.indicators()]


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(st.sampled_from(INDICATORS), st.sampled_from(Answer), max_size=30), st.sampled_from(INDICATORS),
       st.sampled_from(Answer))  # fmt: skip
def test_one_changed_answer_moves_its_own_aspect_alone(told: dict[str, Answer], name: str, answer: Answer) -> None:
    before = staging.stages(CMM, {key: Rating(one) for key, one in told.items()}, TODAY)
    after = staging.stages(CMM, {key: Rating(one) for key, one in (told | {name: answer}).items()}, TODAY)
    changed = [one for one in comparing.moved(CMM, before, after) if one.before != one.after]
    assert {key for one in changed for key in one.by} <= {name}
    assert all(name in {indicator.id for indicator in one.aspect.indicators} for one in changed)


def test_editions_are_compared_only_where_the_crosswalk_calls_an_aspect_equal() -> None:
    later = replace(CMM, edition="2027")
    pairs = (
        Pair("D1.1.1", "D1.1.1", Relation.EQUAL, "w", Confidence.HIGH),
        Pair("D1.1.2", "D1.1.2", Relation.INTERSECTS, "w", Confidence.HIGH),
        Pair("D1.1.3", "D1.1.3", Relation.EQUAL, "w", Confidence.HIGH),
        Pair("D1.1.4", "D1.1.3", Relation.EQUAL, "w", Confidence.HIGH),
    )
    walk = Crosswalk("cmm-cmm", "1", (("en", "w"),), "o", ("cmm", "2021"), ("cmm", "2027"), pairs)
    staged = staging.stages(CMM, {}, TODAY)
    found = {one.aspect.id: one for one in comparing.moved_across(walk, CMM, later, staged, staged)}
    assert list(found) == ASPECTS
    assert [name for name, one in found.items() if one.before is not None] == ["D1.1.1"]
    assert found["D1.1.2"].blank == "no aspect of the earlier edition is equal to it"
    assert found["D1.1.3"].blank == "several aspects of the earlier edition are equal to it"
    renamed = replace(later, stages=(*CMM.stages[:-1], Stage("top", (("en", "Top"),))))
    blank = {one.blank for one in comparing.moved_across(walk, CMM, renamed, staged, staged)}
    assert "the editions have different stages" in blank
    assert "" not in blank


@settings(max_examples=200)
@given(st.lists(st.integers(0, 4), max_size=12), st.integers(0, 12))
def test_a_group_is_told_only_where_no_single_state_is(stages: list[int], fewest: int) -> None:
    found = comparing.spread("x", stages, fewest)
    assert found.states == len(stages)
    if found.quartiles is None:
        assert len(stages) < max(fewest, 5) or len(set(stages)) == 1
        return
    ordered = sorted(stages)
    for quarter, stage in zip((1, 2, 3), found.quartiles, strict=True):
        assert sum(one <= stage for one in ordered) * 4 >= quarter * len(ordered)
        assert sum(one < stage for one in ordered) * 4 < quarter * len(ordered)
    inner = sorted(stages)[1:-1]
    assert set(found.quartiles) <= set(inner)


def test_who_is_named_is_left_out_of_the_group() -> None:
    states = {code: {"D1": stage} for code, stage in zip("ABCDEFG", (0, 1, 1, 2, 3, 3, 4), strict=True)}
    named, (group,) = comparing.compared(states, frozenset("A"))
    assert named == {"A": {"D1": 0}}
    assert (group.states, group.quartiles) == (6, (1, 2, 3))
    named, (group,) = comparing.compared(states, frozenset("ABC"))
    assert (set(named), group.quartiles) == ({"A", "B", "C"}, None)
