"""Crosswalks and states’ words in the store: taken in whole or not at all, fixed, given again, and taken back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from comity.acts import (
    capacity_results,
    crosswalk_editions,
    crosswalks,
    example_state,
    framework_editions,
    framework_reading,
    framework_taking,
    frameworks,
    named_comparisons,
)
from comity.acts.agreements import Rejected
from comity.acts.named_comparisons import Word
from comity.models import CrosswalkEdition, FrameworkEdition, Party
from comity.policy.framework_form import Answers

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
WALK = """crosswalk: ours
edition: "1"
name: Norms and Budapest
owner: a ministry
from: {framework: un-norms, edition: "2015"}
to: {framework: budapest, edition: "2001"}
pairs:
  - {from: ITEM, to: II.1.2, relation: intersects, confidence: low, why: both ask for a law}
"""
pytestmark = [pytest.mark.both_stores]


@pytest.fixture
def node(db: None) -> None:
    del db
    example_state.make_empty("BS", "The Bahamas", NOW)


def read(text: str) -> list[framework_reading.Read]:
    return framework_reading.read_bytes(text.encode(), "it.yaml")


def test_a_crosswalk_is_taken_in_between_frameworks_that_are_here_and_stays_what_it_was(node: None) -> None:
    del node
    norms, budapest = frameworks.framework("un-norms"), frameworks.framework("budapest")
    ends = {"2015": norms.edition, "2001": budapest.edition}
    item, target = next(norms.aspects()).id, next(budapest.aspects()).id
    text = WALK.replace("ITEM", item).replace("II.1.2", target)
    for said, is_ in ends.items():
        text = text.replace(f'"{said}"', f'"{is_}"')
    with pytest.raises(framework_taking.NotTaken, match="there is no framework “un-norms"):
        framework_taking.take(read(text), "officer", NOW)
    for one in (norms, budapest):
        framework_editions.take(one, "officer", NOW)
    ((walk, is_new),) = framework_taking.take(read(text), "officer", NOW)
    assert is_new
    assert crosswalk_editions.find("ours") == walk
    assert crosswalk_editions.every() == [*crosswalks.catalogue(), walk]
    assert framework_taking.take(read(text), "officer", NOW) == [(walk, False)]
    with pytest.raises(framework_taking.NotTaken, match="is here with other content"):
        framework_taking.take(read(text.replace("a ministry", "another")), "officer", NOW)
    with pytest.raises(framework_taking.NotTaken, match="holds neither"):
        framework_taking.take([], "officer", NOW)
    with pytest.raises(IntegrityError, match="fixed"), transaction.atomic():
        CrosswalkEdition.objects.update(content="other")
    assert CrosswalkEdition.objects.count() == 1
    assert FrameworkEdition.objects.count() == 2


def test_a_state_is_named_as_long_as_its_word_holds_and_no_longer(node: None) -> None:
    del node
    framework_editions.take(frameworks.framework("un-norms"), "officer", NOW)
    Party.objects.create(code="XB", name="Bexland", fictional=True)
    capacity_results.keep(Answers("un-norms", "2015", "XB", NOW.date(), {}), "officer", NOW)
    assert named_comparisons.named(NOW, "un-norms") == frozenset()
    with pytest.raises(Rejected) as refused:
        named_comparisons.give(Word("QQ", " ", date(2026, 1, 2), until=date(2026, 1, 1)), "officer", NOW)
    assert len(refused.value.reasons) == 3
    until = NOW.date() + timedelta(days=9)
    row = named_comparisons.give(Word("XB", "a note", NOW.date(), "un-norms", until), "officer", NOW)
    later = NOW + timedelta(seconds=1)
    assert named_comparisons.named(later, "un-norms") == {"XB"}
    assert named_comparisons.named(later, "cmm") == frozenset()
    assert named_comparisons.named(NOW + timedelta(days=10), "un-norms") == frozenset()
    named, _spreads = capacity_results.states("un-norms", "2015", named_comparisons.named(later, "un-norms"))
    assert set(named) == {"XB"}
    named_comparisons.take_back(row.pk, "", "officer", later)
    after = NOW + timedelta(seconds=2)
    assert named_comparisons.named(after, "un-norms") == frozenset()
    with pytest.raises(Rejected, match="does not hold any more"):
        named_comparisons.take_back(row.pk, "", "officer", after)
