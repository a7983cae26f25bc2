"""Plans as recorded: solved with what went in, solved again on an offer, progress, practices given and taken."""

import json
from datetime import UTC, date, datetime

import pytest

from comity.acts import best_practices, example_state, receiving, roadmap_store, roadmap_weighing, roadmap_words
from comity.acts.agreements import Rejected
from comity.acts.best_practices import Adopted
from comity.acts.roadmap_store import Became
from comity.models import Collection, Credential, PlanVersion, RoadmapRun
from comity.policy.markings import Tlp
from comity.policy.roadmap import faults
from comity.policy.roadmap_draft import Offered
from comity.stix import courses
from comity.stix.markings import of_label
from comity.stix.objects import Accepted, read

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
SLUG = "bs-example"


@pytest.fixture
def plan(db: None) -> PlanVersion:
    del db
    example_state.make(NOW)
    return roadmap_store.take_in_example(NOW)


def test_a_roadmap_keeps_what_it_was_solved_from_and_an_offer_shows_its_difference(plan: PlanVersion) -> None:
    assert roadmap_store.take_in_example(NOW) == plan
    first = roadmap_store.solve(SLUG, "officer", NOW)
    told = roadmap_store.roadmap_of(first)
    assert not faults(told.programme, told.plan)
    assert "D4.2.1 established" not in told.reached
    offered = Offered("", "XA", ("data-law", "budapest"), 0, (("law", 50),), date(2028, 6, 30), 2, "a letter")
    row = roadmap_store.offer(SLUG, offered, "officer", NOW)
    second = roadmap_store.solve(SLUG, "officer", NOW)
    assert second.told == {"clash": []}  # the difference waits for nothing else
    changed = roadmap_store.changed(second)
    assert changed is not None
    lines = list(roadmap_words.difference(roadmap_store.telling_of(second), changed))
    assert any(line.startswith("Newly reached: D4.2.1") for line in lines), lines
    assert any("takes up the offer of XA: 50 days of law" in line for line in lines), lines
    assert roadmap_store.roadmap_of(first).plan == told.plan  # the earlier one stays what it was
    weighed = roadmap_weighing.weigh(second).told
    assert roadmap_weighing.weigh(RoadmapRun.objects.get(pk=second.pk)).told == weighed
    best = roadmap_store.roadmap_of(second).solved.aims[0].value
    assert [row[0] for row in weighed["curve"]] == [50, 75, 90, 110, 125, 150]
    assert all(value == bound for _percent, value, bound in weighed["curve"])
    assert weighed["curve"][0][1] < best <= weighed["curve"][3][1]
    assert set(weighed["needed"]) < told.plan.starts.keys()
    said = list(roadmap_weighing.lines(second, roadmap_store.telling_of(second)))
    assert any(line.startswith("50 % of the money: ") for line in said), said
    roadmap_store.offer(SLUG, Offered("", "XA", ()), "officer", NOW, row.pk)
    third = roadmap_store.solve(SLUG, "officer", NOW)
    assert roadmap_store.roadmap_of(third).solved.aims == told.solved.aims
    roadmap_store.adopt(third, "officer", NOW)
    assert roadmap_store.adopted(SLUG) == third
    with pytest.raises(Rejected):
        roadmap_store.adopt(third, "officer", NOW)


def test_what_cannot_be_is_refused_with_each_reason(plan: PlanVersion) -> None:
    del plan
    with pytest.raises(Rejected) as refused:
        roadmap_store.offer(SLUG, Offered("", "QQ", ("no-such",), 0, (("magic", 3),)), "officer", NOW)
    assert len(refused.value.reasons) == 3
    with pytest.raises(Rejected, match="shows that it is done"):
        roadmap_store.note(SLUG, Became("strategy", "done", date(2027, 1, 5)), "officer", NOW)
    with pytest.raises(roadmap_store.PlanRefused, match="plan:4:1: the plan has no field “measurs”"):
        roadmap_store.take_in('plan: x\nframework: cmm\nedition: "2021"\nmeasurs: {}\n', "", "officer", NOW)
    assert PlanVersion.objects.count() == 1


def test_what_is_done_counts_as_met_and_what_has_begun_keeps_its_quarter(plan: PlanVersion) -> None:
    del plan
    roadmap_store.note(SLUG, Became("risk-assessment", "done", date(2027, 3, 1), "report of March"), "officer", NOW)
    roadmap_store.note(SLUG, Became("budapest", "started", date(2027, 7, 1)), "officer", NOW)
    roadmap_store.note(SLUG, Became("ci-register", "dropped", date(2027, 7, 1)), "officer", NOW)
    made = roadmap_store.roadmap_of(roadmap_store.solve(SLUG, "officer", NOW))
    assert made.plan.starts["budapest"] == 2
    assert not {"risk-assessment", "ci-register"} & made.plan.starts.keys()
    assert "D1.1.1 established" in made.reached
    assert "D1.3.1 established" not in made.reached


def test_a_practice_of_a_partner_becomes_a_measure_that_names_it(plan: PlanVersion) -> None:
    course = courses.Course("course-of-action--0f6b6a2e-6c1c-4d2e-9a55-3f0b6f0a7c11", "2026-11-01T00:00:00.000Z",
                            "2026-11-01T00:00:00.000Z", "Ask a neighbour’s duty team: “mutual cover”", "Share nights.",
                            "cmm", "2021", ("D1.2.2.e2",), ("https://example.org/a",))  # fmt: skip
    assert courses.read(courses.written(course, [])) == course
    given = [read(json.dumps(one).encode()) for one in
             (*courses.definitions(of_label("CLEAR")), courses.written(course, [of_label("GREEN")]))]  # fmt: skip
    assert all(isinstance(one, Accepted) for one in given), given
    collection = Collection.objects.get(alias="indicators")
    receiving.add(Credential.objects.filter(party="XA").get(), collection, given, NOW, "a test")
    found, = best_practices.received()
    assert (found.course, found.party) == (course, "XA")
    version = best_practices.adopt(course.id, SLUG, Adopted("mutual-cover", 1, 5000, 0, "CIRT-BS"), "officer", NOW)
    measure = roadmap_store.read(version).draft.measure()["mutual-cover"]
    assert (measure.meets, measure.once, measure.practice) == (("D1.2.2.e2",), 5000, course.id)
    assert set(version.content.split("\n")) >= set(plan.content.split("\n"))
    with pytest.raises(Rejected, match="already"):
        best_practices.adopt(course.id, SLUG, Adopted("mutual-cover"), "officer", NOW)


def test_a_practice_goes_where_a_clause_lets_it(plan: PlanVersion) -> None:
    del plan
    assert best_practices.load_catalogue("catalogue", NOW) > 0
    assert best_practices.load_catalogue("catalogue", NOW) == 0
    row = best_practices.ours()[0]
    report = best_practices.publish(row, "practices", Tlp.GREEN, "officer", NOW)
    assert (report.stored, report.refused, report.waiting) == (3, [], [])
    again = best_practices.publish(best_practices.ours()[0], "practices", Tlp.GREEN, "officer", NOW)
    assert (again.stored, again.known) == (0, 3)
