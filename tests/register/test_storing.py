"""What the store keeps: nothing twice, nothing lost, nothing known before it was recorded."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from comity.acts import agreements, catalogues, example_state, moments, register, standings
from comity.models import Action, Agreement, Instrument, Membership, Node, Party, Source, Spell, Terms
from comity.policy.life_events import EventKind
from comity.policy.participation import Bond, Stand

pytestmark = [pytest.mark.both_stores, pytest.mark.django_db]
FIRST = datetime(2026, 11, 23, 12, tzinfo=UTC)
FILE = """\
sources:
  list: {address: "https://example.org/list", read_on: 2026-11-23, kind: register}
parties:
  AA: {name: Aa}
  BB: {name: Bb}
  G: {name: The Group, kind: group}
memberships:
  - {group: G, source: list, of: {AA: 2010-01-01}}
instruments:
  - slug: one
    kind: convention
    title: Convention One
    terms: [{source: list, needed: 2, entry: 90 days, each: 30 days}]
    actions:
      - {kind: ratification, source: list, of: {AA: 2020-01-01}}
  - slug: norms
    kind: norm set
    title: Some norms
    terms: [{source: list, covers: {group: G, at: membership}}]
    actions:
      - {kind: adoption, source: list, on: 2015-06-01}
"""


def read(tmp_path: Path, text: str, now: datetime) -> register.Stored:
    """Put a file into the register."""
    file = tmp_path / "one.yaml"
    file.write_text(text, encoding="utf-8")
    return catalogues.load([file], register.ACTOR, now)


def stand(slug: str, party: str, on: date, known_at: datetime) -> Stand:
    """Look a standing up."""
    asked = standings.AsOf(on, moments.micros(known_at))
    found = asked.of(Spell.objects.filter(instrument__slug=slug, party=party)).first()
    return Stand(found.stand) if found else Stand.NOTHING


@pytest.fixture(autouse=True)
def node() -> None:
    Party.objects.create(code="BS", name="The Bahamas")
    Node.objects.create(party_id="BS")


def test_a_catalogue_read_again_adds_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, FILE, FIRST).added.total() == 10
    before = list(Spell.objects.values_list().order_by("pk"))
    assert read(tmp_path, FILE, FIRST + timedelta(days=1)).added.total() == 0
    assert list(Spell.objects.values_list().order_by("pk")) == before


def test_a_newer_catalogue_appends_and_old_answers_stay(tmp_path: Path) -> None:
    read(tmp_path, FILE, FIRST)
    second = FIRST + timedelta(days=30)
    newer = FILE.replace("{AA: 2020-01-01}}\n  - slug", "{AA: 2020-02-01, BB: 2020-03-01}}\n  - slug")
    stored = read(tmp_path, newer, second)
    assert (stored.added["actions"], stored.superseding) == (2, 1)
    assert stand("one", "AA", date(2020, 1, 15), FIRST) is Stand.CONTRACTING
    assert stand("one", "AA", date(2020, 1, 15), second) is Stand.NOTHING
    assert stand("one", "AA", date(2020, 5, 30), FIRST) is Stand.CONTRACTING
    assert stand("one", "AA", date(2020, 5, 30), second) is Stand.PARTY  # 90 days after the second of them
    assert stand("one", "BB", date(2020, 5, 29), second) is Stand.CONTRACTING


def test_a_membership_that_becomes_known_moves_whom_the_norms_cover(tmp_path: Path) -> None:
    read(tmp_path, FILE, FIRST)
    later = FIRST + timedelta(days=1)
    read(tmp_path, FILE.replace("{AA: 2010-01-01}", "{AA: 2010-01-01, BB: 2018-01-01}"), later)
    assert stand("norms", "AA", date(2016, 1, 1), FIRST) is Stand.COVERED
    assert stand("norms", "BB", date(2019, 1, 1), FIRST) is Stand.NOTHING
    assert stand("norms", "BB", date(2019, 1, 1), later) is Stand.COVERED


def test_what_is_wrong_stores_nothing(tmp_path: Path) -> None:
    for good, bad, said in (
        ("source: list, of: {AA: 2020", "source: lst, of: {AA: 2020", "is “lst”, which is no source"),
        ("{AA: 2020-01-01}", "{ZZ: 2020-01-01}", "there is no party “ZZ”"),
        ("kind: ratification", "kind: ratfication", "one.yaml:15:16"),
        ("entry: 90 days", "entry: soon", "`entry`"),
    ):
        with pytest.raises(catalogues.CatalogueProblem, match=r"Mend:|add it") as raised:
            read(tmp_path, FILE.replace(good, bad), FIRST)
        assert said in str(raised.value)
        assert not Instrument.objects.exists()
        assert not Source.objects.exists()


@pytest.mark.parametrize(("bond", "kind"), [(Bond.NONE, "signature"), (Bond.TREATY, "endorsement"),
                                            (Bond.ADOPTED, "ratification")])  # fmt: skip
def test_the_store_itself_refuses_what_the_table_of_moves_does_not_know(
    tmp_path: Path, bond: Bond, kind: str
) -> None:
    read(tmp_path, FILE, FIRST)
    told = {"instrument": Instrument.objects.get(slug="one"), "bond": bond.value, "kind": kind, "party_id": "AA",
            "source": Source.objects.get(), "recorded_at": 1, "recorded_by": "x", "sequence": 1,
            "effective_on": date(2020, 1, 1)}  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.create(status="confirmed", **told)
    Action.objects.create(status="contradicted", **told)  # what is wrongly said of it is kept as said


@pytest.mark.parametrize("wrong", [
    {"status": "sure"}, {"kind": "adoption", "party_id": "AA"}, {"status": "retracted"},
    {"until": date(2019, 1, 1)},
])  # fmt: skip
def test_the_store_itself_refuses_a_record_that_cannot_be(tmp_path: Path, wrong: dict[str, object]) -> None:
    read(tmp_path, FILE, FIRST)
    told: dict[str, object] = {
        "instrument": Instrument.objects.get(slug="one"), "bond": "treaty", "kind": "signature", "party_id": "AA",
        "source": Source.objects.get(), "recorded_at": 1, "recorded_by": "x", "sequence": 1, "status": "confirmed",
        "effective_on": date(2020, 1, 1)}  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.create(**{**told, **wrong})
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(group_id="G", member_id="G", status="confirmed", source=Source.objects.get(),
                                  recorded_at=1, recorded_by="x", sequence=1)  # fmt: skip


def test_an_adopted_agreement_is_an_instrument_and_its_events_its_only_book(home: Path) -> None:
    assert home
    text = (example_state.CATALOGUES / "agreements" / "bs-ar-cyber-mou.yaml").read_bytes()
    adopted = agreements.adopt(text, "bs-ar-cyber-mou.yaml", "test", FIRST)
    one = Instrument.objects.get(agreement=adopted)
    assert (one.slug, list(one.actions.all()), list(Terms.objects.all())) == (adopted.slug, [], [])
    assert stand(one.slug, "BS", date(2026, 11, 23), FIRST) is Stand.PARTY
    later = FIRST + timedelta(hours=1)
    happened = agreements.Happened(EventKind.SUSPENSION, date(2026, 12, 1), "Note 1/2026")
    agreements.record_event(adopted.slug, happened, "test", later)
    assert stand(one.slug, "BS", date(2026, 12, 1), FIRST) is Stand.PARTY
    assert stand(one.slug, "BS", date(2026, 12, 1), later) is Stand.SUSPENDED
    assert stand(one.slug, "BS", date(2026, 11, 30), later) is Stand.PARTY


def test_an_agreement_adopted_before_there_was_a_register_is_entered(tmp_path: Path, home: Path) -> None:
    assert home
    text = (example_state.CATALOGUES / "agreements" / "bs-ar-cyber-mou.yaml").read_bytes()
    adopted = agreements.adopt(text, "bs-ar-cyber-mou.yaml", "test", FIRST)
    Instrument.objects.all().delete()
    read(tmp_path, FILE, FIRST + timedelta(days=1))
    assert Agreement.objects.get(instrument__slug=adopted.slug) == adopted
