"""Nothing is carried over a crosswalk that its relation does not allow: held to worlds in which the sets are known."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from comity.acts import crosswalks as files
from comity.acts import frameworks
from comity.acts.agreement_files import read_tree
from comity.policy import crosswalk_form
from comity.policy.crosswalks import (
    Carried,
    Confidence,
    Crosswalk,
    Items,
    Pair,
    Relation,
    all_of,
    carry,
    coverage,
    filled,
)
from comity.policy.frameworks import Aspect, Framework, Indicator, Stage
from comity.policy.staging import Answer, Hold, Rating

TODAY = date(2026, 11, 27)
STAGES = (Stage("s0", (("en", "floor"),)), Stage("s1", (("en", "one"),)), Stage("s2", (("en", "two"),)))
ATOMS = range(6)


def _framework(name: str, shape: list[list[int]]) -> Framework:
    """Make aspects with so many indicators, each at the stage that is written."""
    aspects = tuple(
        Aspect(f"{name}{n}", (("en", "x"),), tuple(
            Indicator(f"{name}{n}.{k}", (("en", "x"),), stage) for k, stage in enumerate(stages)))
        for n, stages in enumerate(shape)
    )  # fmt: skip
    return Framework(name, "1", (("en", name),), "o", ("aspect",), STAGES, aspects)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Crosswalk, Items, Items, dict[str, frozenset[int]], set[int], dict[str, Rating]]:
    """Draw what each indicator asks for as a set, the relations that follow, what is true, and which answers are known.

    A relation is drawn as weak as its sets allow or weaker: equal may be told as subset, anything as intersects.
    """
    shapes = st.lists(st.lists(st.integers(1, 2), min_size=1, max_size=2).map(sorted), min_size=1, max_size=3)
    source, target = Items(_framework("a", draw(shapes))), Items(_framework("b", draw(shapes)))
    atoms = st.frozensets(st.sampled_from(ATOMS), min_size=1, max_size=3)
    asked = {one.id: draw(atoms) for items in (source, target) for one in items.framework.indicators()}
    sets = {item: frozenset().union(*(asked[one.id] for one in inside))
            for items in (source, target) for item, inside in items.found.items() if inside}  # fmt: skip
    pairs = []
    for _ in range(draw(st.integers(0, 6))):
        first = draw(st.sampled_from([item for item in source.found if item in sets]))
        second = draw(st.sampled_from([item for item in target.found if item in sets]))
        relation = draw(st.sampled_from(_relations(sets[first], sets[second])))
        pairs.append(Pair(first, second, relation, "why", draw(st.sampled_from(Confidence))))
    true = draw(st.sets(st.sampled_from(ATOMS)))
    known = {one.id: Rating(Answer.MET if asked[one.id] <= true else Answer.NOT_MET)
             for one in source.framework.indicators() if draw(st.booleans())}  # fmt: skip
    walk = Crosswalk("w", "1", (("en", "w"),), "o", ("a", "1"), ("b", "1"), tuple(pairs))
    return walk, source, target, sets, true, known


def _relations(first: frozenset[int], second: frozenset[int]) -> list[Relation]:
    allowed = [Relation.EQUAL] if first == second else []
    allowed += [Relation.SUBSET] if first <= second else []
    allowed += [Relation.SUPERSET] if first >= second else []
    return [*allowed, Relation.INTERSECTS, Relation.NONE]


@settings(max_examples=150, deadline=None)
@given(worlds())
def test_what_is_carried_over_is_true(
    world: tuple[Crosswalk, Items, Items, dict[str, frozenset[int]], set[int], dict[str, Rating]],
) -> None:
    walk, source, target, sets, true, known = world
    said = carry(walk, source, target, known, TODAY)
    for item, one in said.items():
        assert one.said is not Carried.CONTRADICTED
        if one.said is Carried.HOLDS:
            assert sets[item] <= true
        elif one.said is Carried.FAILS:
            assert not sets[item] <= true
        elif one.said is Carried.IN_PART:
            assert sets[item] & true
    for indicator, rating in filled(walk, said, target).items():
        assert (rating.answer is Answer.MET) == (sets[indicator] <= true)
        assert not rating.contested


@settings(max_examples=100, deadline=None)
@given(worlds())
def test_only_what_a_pair_names_is_said_and_nothing_is_said_of_unknowns(
    world: tuple[Crosswalk, Items, Items, dict[str, frozenset[int]], set[int], dict[str, Rating]],
) -> None:
    walk, source, target, _sets, _true, known = world
    named = {pair.target for pair in walk.pairs}
    for item, one in carry(walk, source, target, known, TODAY).items():
        assert one.said is Carried.BLANK or item in named
    assert {one.said for one in carry(walk, source, target, {}, TODAY).values()} <= {Carried.BLANK}
    assert walk.turned().turned() == walk


def test_a_clash_is_told_and_not_settled() -> None:
    source, target = Items(_framework("a", [[1], [1]])), Items(_framework("b", [[1]]))
    pairs = (
        Pair("a0", "b0", Relation.EQUAL, "w", Confidence.HIGH),
        Pair("a1", "b0", Relation.EQUAL, "w", Confidence.LOW),
    )
    walk = Crosswalk("w", "1", (("en", "w"),), "o", ("a", "1"), ("b", "1"), pairs)
    ratings = {"a0.0": Rating(Answer.MET), "a1.0": Rating(Answer.NOT_MET)}
    said = carry(walk, source, target, ratings, TODAY)["b0"]
    assert (said.said, said.confidence, len(said.by)) == (Carried.CONTRADICTED, Confidence.LOW, 2)


def test_an_item_of_several_fails_with_one_and_is_open_with_one() -> None:
    assert all_of([Hold.YES, Hold.OUT]) is Hold.YES
    assert all_of([Hold.YES, Hold.OPEN]) is Hold.OPEN
    assert all_of([Hold.OPEN, Hold.NO]) is Hold.NO
    assert all_of([Hold.OUT]) is Hold.OUT


def test_every_crosswalk_of_the_catalogue_names_what_is_there_and_is_read_back() -> None:
    walks = files.catalogue()
    assert {one.id for one in walks} >= {"cmm-un-norms", "cmm-budapest", "cmm-gci", "cmm-ncsi", "budapest-ncsi"}
    for walk in walks:
        source, target = (Items(frameworks.framework(*end)) for end in (walk.source, walk.target))
        assert crosswalk_form.read_crosswalk(read_tree(crosswalk_form.yaml(walk)), source, target).crosswalk == walk
        reached = coverage(walk, target)
        of = len(list(target.framework.aspects()))
        assert len(reached.answerable) + len(reached.touched) + len(reached.blank) == of


def test_one_answer_to_the_cmm_fills_three_other_forms() -> None:
    cmm = Items(frameworks.framework("cmm"))
    ratings = {"D5.6.2.e1": Rating(Answer.MET), "D1.1.1.e1": Rating(Answer.MET), "D1.2.2.f1": Rating(Answer.NOT_MET)}
    told: dict[str, Rating] = {}
    for walk in files.catalogue():
        if walk.source == ("cmm", "2021"):
            target = Items(frameworks.framework(*walk.target))
            told |= filled(walk, carry(walk, cmm, target, ratings, TODAY), target)
    assert {name: rating.answer.value for name, rating in told.items()} == {
        "13j.1": "met", "13j.2": "met", "13k.1": "not met", "1.3.1": "met", "technical.1": "not met"}  # fmt: skip


def test_a_wrong_item_is_told_with_its_place_and_the_nearest() -> None:
    text = files.CATALOGUE.joinpath("cmm-gci.yaml").read_text(encoding="utf-8").replace("from: D4.1\n", "from: D4.11\n")
    source, target = (Items(frameworks.framework(name)) for name in ("cmm", "gci"))
    (problem,) = crosswalk_form.read_crosswalk(read_tree(text), source, target).problems
    assert problem.what == "cmm 2021 has nothing called “D4.11”"
    assert problem.mend.startswith("write “D4.1")
    assert problem.line > 1
