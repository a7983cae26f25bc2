"""An originator's consent opens what it gave to one third party, from a day to a day, and is told to the originator."""

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.acts import agreements, consents, sharing
from comity.acts.agreement_files import read_bytes
from comity.ledger import entries
from comity.models import Consent, LedgerEntry
from comity.policy.agreements import Agreement
from comity.policy.consent_scopes import ConsentGiven
from comity.policy.consents import objections, onward_clauses
from comity.policy.handling import Handling, Terms
from comity.policy.life_events import EventKind
from comity.policy.markings import Tlp
from comity.policy.release import Adopted, Court, Facts, Moment
from comity.stix.objects import Accepted, read
from tests.journeys.world import FILES, SLUGS, World, indicator

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]

MOU = SLUGS["XA"]
HERE = ZoneInfo("America/Nassau")
DAY = timedelta(days=1)


def received(world: World, value: dict[str, Any]) -> None:
    """Store an object as one that Ardenia gave under the memorandum."""
    found = read(json.dumps(value).encode())
    assert isinstance(found, Accepted)
    terms = Terms(Tlp.RED, "XA", "prevention", received_under=(MOU, ""))
    sharing.accept(world.collection, [found], terms, "test", world.now)


def consent(world: World, *, given: bool = True, **other: Any) -> Consent:
    said: dict[str, Any] = {"originator": "XA", "recipient": "XI", "slug": MOU, "given": given,
                            "effective_on": world.now.date(), "source": "letter of 2 November", **other}  # fmt: skip
    return consents.record_consent(consents.Consented(**said), "test", world.now)


def walks(world: World) -> int:
    return len(world.walk("XI"))


def test_what_ardenia_gave_goes_on_from_the_consent_until_it_is_withdrawn() -> None:
    world = World()
    received(world, indicator("a", "GREEN"))
    assert walks(world) == 0
    consent(world)
    assert walks(world) == 1
    assert len(world.walk("XN")) == 0, "the consent is for one third party alone"
    consent(world, given=False, source="letter of 3 November 2026")
    assert walks(world) == 0


def test_a_consent_opens_and_closes_on_its_days_by_the_agreements_own_clock() -> None:
    world = World()
    received(world, indicator("a", "GREEN"))
    first = world.now.date() + 2 * DAY
    consent(world, effective_on=first, until=first + DAY)
    begins = datetime.combine(first, time(), HERE).astimezone(UTC)
    for moment, seen in ((begins - timedelta(seconds=1), 0), (begins, 1), (begins + 2 * DAY - timedelta(seconds=1), 1),
                         (begins + 2 * DAY, 0)):  # fmt: skip
        world.now = moment
        assert walks(world) == seen, moment


def test_what_a_consent_opens_by_the_calendar_is_dated_on_that_day() -> None:
    world = World()
    received(world, indicator("a", "GREEN"))
    assert walks(world) == 0
    first = world.now.date() + 2 * DAY
    consent(world, effective_on=first)
    begins = datetime.combine(first, time(), HERE).astimezone(UTC)
    world.now = begins + timedelta(hours=5)
    answer = world.get("XI", "/exchange/collections/indicators/objects/")
    assert answer.headers["X-TAXII-Date-Added-First"] == begins.strftime("%Y-%m-%dT%H:%M:%S.000000Z")


def test_the_end_of_the_agreement_under_which_it_came_closes_it_to_the_third_party_too() -> None:
    world = World()
    received(world, indicator("a", "GREEN"))
    consent(world)
    ends = world.now.date() + 3 * DAY
    happened = agreements.Happened(EventKind.SUSPENSION, ends, "a note", party="BS")
    agreements.record_event(MOU, happened, "test", world.now)
    assert walks(world) == 1
    world.now = datetime.combine(ends, time(), HERE).astimezone(UTC) + timedelta(seconds=1)
    assert walks(world) == 0


def test_it_stands_in_the_originators_log_and_in_nobody_elses() -> None:
    world = World()
    consent(world)
    consent(world, given=False, source="letter of 3 November 2026")
    consent(world, given=False, recipient="XN", source="letter of 4 November 2026")
    told = {}
    for code in ("XA", "XI", "XN"):
        leaves = LedgerEntry.objects.filter(log__party_id=code).order_by("index").values_list("leaf", flat=True)
        found = [entries.decode(bytes(leaf)) for leaf in leaves]
        told[code] = [(one.step, one.clause, one.subject) for one in found if isinstance(one, entries.Consent)]
    assert told == {
        "XA": [("given", "A4.4", "passing on to XI"), ("withdrawn", "A4.4", "passing on to XI"),
               ("refused", "A4.4", "passing on to XN")],
        "XI": [], "XN": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"source": " "}, "needs its source"),
        ({"originator": "BS"}, "“BS” gave nothing under “BS-XA cyber MoU”"),
        ({"originator": "XI", "recipient": "XN"}, "“XI” gave nothing"),
        ({"recipient": "XA"}, "is no third party"),
        ({"recipient": "BS"}, "is no third party"),
        ({"recipient": "QQ"}, "there is no party “QQ” here; the parties are"),
        ({"until": date(2020, 1, 1)}, "cannot hold until 2020-01-01"),
        ({"effective_on": date(1066, 10, 14)}, "too far off"),
        ({"slug": "none"}, "There is no agreement “none” here"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_with_its_mend_and_nothing_is_stored(
    wrong: dict[str, Any], said: str
) -> None:
    world = World()
    with pytest.raises(agreements.Rejected, match=said):
        consent(world, **wrong)
    assert Consent.objects.count() == 0
    assert not objections_of(world)


def objections_of(world: World) -> tuple[str, ...]:
    right = ConsentGiven("XA", "XI", MOU, given=True, effective_on=world.now.date(), until=None, recorded_at=world.now)
    return objections(agreement(), "BS", right)


def agreement() -> Agreement:
    found = read_bytes((FILES / "bs-ar-cyber-mou.yaml").read_bytes()).agreement
    assert found is not None
    return found


def test_the_clauses_that_turn_on_consent_are_named() -> None:
    assert onward_clauses(agreement()) == ("A4.4",)


START = datetime(2026, 11, 2, 12, tzinfo=UTC)
answers = st.lists(
    st.tuples(st.booleans(), st.integers(0, 6), st.none() | st.integers(0, 6), st.integers(0, 6)), max_size=6
)


@settings(max_examples=200, deadline=None)
@given(answers, st.integers(0, 8), st.integers(0, 8))
def test_of_the_answers_that_hold_on_a_day_the_one_recorded_last_decides(
    found: list[tuple[bool, int, int | None, int]], day: int, known: int
) -> None:
    given = [
        ConsentGiven("XA", "XI", MOU, yes, START.date() + first * DAY,
                     None if last is None else START.date() + last * DAY, START + recorded * DAY)
        for yes, first, last, recorded in sorted(found, key=lambda one: one[3])
    ]  # fmt: skip
    on, known_at = START.date() + day * DAY, START + known * DAY
    expected = False
    for one in given:
        holds = one.effective_on <= on and (one.until is None or on <= one.until)
        if one.recorded_at <= known_at and holds:
            expected = one.given
    adopted = Adopted(MOU, agreement(), START, ())
    court = Court(Facts("BS", (adopted,), tuple(given)), Moment(known_at, on))
    handling = Handling("indicator", "technical indicators", "prevention", Tlp.GREEN, originator="XA")
    said = court._word(handling, "XI", Tlp.GREEN, adopted).said  # noqa: SLF001 - the rule by itself
    assert (said == "written") is expected
