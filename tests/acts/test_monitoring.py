"""From done measures back: evidence to rate anew, undertakings closed by a word, results that judge plans."""

from datetime import UTC, datetime, timedelta

import pytest

from comity.acts import (
    capacity_results,
    example_state,
    framework_editions,
    frameworks,
    monitoring,
    review_answers,
    review_files,
    review_results,
    reviews,
    roadmap_store,
    undertakings,
)
from comity.acts.agreements import Rejected
from comity.acts.reviews import Begun
from comity.acts.roadmap_store import Became
from comity.acts.undertakings import Promised
from comity.models import PlanVersion
from comity.policy.framework_form import Answers
from comity.policy.review_course import ReviewKind
from comity.policy.staging import Answer

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
SLUG = "bs-example"


@pytest.fixture
def plan(db: None) -> PlanVersion:
    del db
    example_state.make_empty("BS", "The Bahamas", NOW)
    return roadmap_store.take_in_example(NOW)


def test_what_is_done_flows_back_into_a_review_and_closes_what_it_serves_by_an_officers_word(plan: PlanVersion) -> None:
    framework_editions.take(frameworks.framework("cmm"), "test", NOW)
    told = Begun("bs-self", "Self-review", "cmm", "2021", "BS", NOW.date(), NOW.date(), ReviewKind.SELF)
    review = reviews.begin(told, "officer", NOW)
    here, known = roadmap_store.read(plan), reviews.known_of(review, NOW)
    with pytest.raises(Rejected, match="Record first that the measure is done"):
        monitoring.propose(SLUG, "budapest", "bs-self", "AMBER", "officer", NOW)
    assert list(monitoring.fulfilled(here, NOW)) == []
    done = Became("budapest", "done", NOW.date(), "https://laws.example/budapest")
    roadmap_store.note(SLUG, done, "officer", NOW)
    monitoring.propose(SLUG, "budapest", "bs-self", "AMBER", "officer", NOW)
    with pytest.raises(Rejected, match="has this evidence already"):
        monitoring.propose(SLUG, "budapest", "bs-self", "AMBER", "officer", NOW)
    waiting = {one.indicator for one in monitoring.awaited(known, NOW)}
    assert waiting == set(here.draft.measure()["budapest"].meets)
    ratings = review_results.result(known, NOW).ratings
    assert not [name for name, one in ratings.items() if one.answer is Answer.MET]  # evidence alone rates nothing
    rater = review_files.rater_of(known, "officer", NOW)
    answered = [review_answers.Told(name, Answer.MET) for name in sorted(waiting)]
    review_answers.record(review, rater, answered, "officer", NOW)
    assert monitoring.awaited(known, NOW) == []
    (served,) = monitoring.fulfilled(here, NOW)
    assert (served.served.key, served.measures, served.followed) == ("budapest", ("budapest",), None)
    row = undertakings.undertake(Promised("Accede to the Budapest Convention", "a note"), "officer", NOW)
    monitoring.close(SLUG, "budapest", str(row.uid), NOW.date(), "officer", NOW)
    found = undertakings.find(str(row.uid), NOW)
    assert found is not None
    assert [one.kind.value for one in found.entries] == ["evidence", "done"]
    assert "https://laws.example/budapest" in found.entries[0].says
    with pytest.raises(Rejected, match="Not all that this undertaking needs is done"):
        monitoring.close(SLUG, "norm-h", str(row.uid), NOW.date(), "officer", NOW)


def test_a_published_review_is_a_result_and_judges_a_plan_without_answers(plan: PlanVersion) -> None:
    del plan
    cmm = frameworks.framework("cmm")
    framework_editions.take(cmm, "test", NOW)
    told = Begun("bs-self", "Self-review", "cmm", "2021", "BS", NOW.date(), NOW.date(), ReviewKind.SELF)
    review = reviews.begin(told, "officer", NOW)
    rater = review_files.rater_of(reviews.known_of(review, NOW), "officer", NOW)
    first = next(one for one in cmm.indicators() if one.id == "D4.1.1.e2")
    review_answers.record(review, rater, [review_answers.Told(first.id, Answer.MET)], "officer", NOW)
    text = (roadmap_store.PLANS / roadmap_store.EXAMPLE[0]).read_text(encoding="utf-8")
    bare = roadmap_store.read(roadmap_store.take_in(text, "", "officer", NOW))
    assert roadmap_store.asked_now(bare).ratings == {}
    monitoring.move(reviews.known_of(review, NOW), "published", "officer", NOW)
    assert roadmap_store.asked_now(bare).ratings[first.id].answer is Answer.MET
    run = roadmap_store.solve(SLUG, "officer", NOW)
    capacity_results.keep(Answers("cmm", "2021", "BS", NOW.date() + timedelta(days=9), {}), "officer", NOW)
    assert roadmap_store.asked_of(run).ratings[first.id].answer is Answer.MET  # as it was then
    assert roadmap_store.asked_now(bare).ratings == {}
