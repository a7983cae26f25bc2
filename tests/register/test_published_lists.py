"""Standing on any past day equals the published lists, for every instrument of which a list was read."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from comity.acts import register, standings
from comity.acts.agreement_files import read_tree
from comity.models import Action, Instrument, Party, Spell, Tally, Terms
from comity.policy.entry_terms import read
from comity.policy.participation import CONSENT, Stand, Status
from comity.policy.tree import Scalar, Sequence

NOW = datetime(2026, 11, 23, 13, tzinfo=UTC)
LATER = (Stand.CONTRACTING, Stand.PARTY)
MEANS = {
    "signed": (Stand.SIGNATORY, *LATER),
    "consent": LATER,
    "in force": (Stand.PARTY,),
    "covered": (Stand.COVERED,),
    "supports": (Stand.SUPPORTER,),
    "absent": (Stand.NOTHING,),
}


def rows() -> Iterator[tuple[str, str, str, date]]:
    """Read the extract of the lists."""
    root = read_tree((Path(__file__).parent / "published.yaml").read_text(encoding="utf-8"))
    assert isinstance(root, Sequence)
    for item in root.items:
        assert isinstance(item, Sequence)
        slug, state, what, day = (cell.text for cell in item.items if isinstance(cell, Scalar))
        yield slug, state, what, date.fromisoformat(day)


def code(state: str) -> str:
    """Find a state by any of its names."""
    named = {name.casefold(): party.code for party in Party.objects.filter(kind__in=["state", "territory", "group"])
             for name in (party.name, party.common_name, *party.aliases) if name}  # fmt: skip
    return named[state.partition(" (")[0].casefold()]


def stand(slug: str, party: str, on: date, known: date | None = None) -> Stand:
    """Look a standing up."""
    asked = standings.as_of(on, known, NOW)
    found = asked.of(Spell.objects.filter(instrument__slug=slug, party=party)).first()
    return Stand(found.stand) if found else Stand.NOTHING


@pytest.mark.usefixtures("shipped")
def test_every_row_of_every_list() -> None:
    listed, wrong = list(rows()), []
    for slug, state, what, day in listed:
        found, before = stand(slug, code(state), day), stand(slug, code(state), day - timedelta(days=1))
        if found not in MEANS[what] or (what != "absent" and before is found):
            wrong.append((slug, state, what, day, before, found))
    assert wrong == []
    assert len(listed) == 148
    assert len({slug for slug, *_row in listed}) == 18


@pytest.mark.usefixtures("shipped")
def test_the_entry_into_force_that_the_terms_give_is_the_one_that_the_list_gives() -> None:
    convention = Instrument.objects.get(slug="budapest")
    terms = read(Terms.objects.get(instrument=convention).body)
    own = Action.objects.filter(instrument=convention, status=Status.CONFIRMED.value, party__isnull=False)
    consented = {row.party_id: row.effective_on for row in own.filter(kind__in=[kind.value for kind in CONSENT])}
    entered = {row.party_id: row.effective_on for row in own.filter(kind="entry into force")}
    whole = date(2004, 7, 1)
    both = consented.keys() & entered.keys()
    computed = {party: terms.in_force_for(day, whole) for party in both if (day := consented[party])}
    assert computed == {party: entered[party] for party in both}
    assert len(both) == 23


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("slug", ["budapest", "malabo"])
def test_the_whole_enters_into_force_by_its_terms_on_the_day_that_is_recorded(slug: str) -> None:
    one = Instrument.objects.get(slug=slug)
    laid_out = standings.course_of(one, standings.as_of(None, None, NOW).known_at)
    assert laid_out.in_force is not None
    if slug == "malabo":  # one of fifteen ratifications was read by name, so the terms alone do not get there
        assert laid_out.computed is None
    else:
        assert laid_out.computed == laid_out.in_force


@pytest.mark.usefixtures("shipped")
def test_no_list_by_name_is_longer_than_its_published_count() -> None:
    counted = {"parties": Stand.PARTY, "signatories": Stand.SIGNATORY, "members": Stand.COVERED,
               "ratifications": Stand.CONTRACTING}  # fmt: skip
    for tally in Tally.objects.filter(what__in=counted, status="confirmed").select_related("instrument"):
        asked = standings.as_of(tally.as_of, None, NOW)
        named = asked.of(Spell.objects.filter(instrument=tally.instrument, stand=counted[tally.what].value)).count()
        assert named <= tally.number, tally.instrument
    assert Tally.objects.filter(instrument__slug="un-cybercrime", as_of=date(2026, 7, 31)).count() == 2


@pytest.mark.usefixtures("shipped")
def test_an_article_is_a_claim_and_changes_no_standing() -> None:
    said = Action.objects.get(instrument__slug="budapest", party="BS", kind="signature")
    assert (said.status, said.source.kind) == ("contradicted", "article")
    assert stand("budapest", "BS", date(2026, 11, 23)) is Stand.NOTHING
    assert Action.objects.get(instrument__slug="un-cybercrime", party="BS").status == "not found"


@pytest.mark.usefixtures("shipped")
def test_nothing_was_known_before_it_was_read() -> None:
    assert stand("budapest", "AR", date(2024, 1, 1), known=date(2026, 11, 22)) is Stand.NOTHING
    assert stand("budapest", "AR", date(2024, 1, 1), known=date(2026, 11, 23)) is Stand.PARTY


@pytest.mark.usefixtures("shipped")
def test_what_was_not_read_in_a_source_is_not_there() -> None:
    for unread in ("PA", "PY", "PE", "US"):  # dates of entry into force from memory
        assert not Action.objects.filter(instrument__slug="budapest", party=unread).exists()


def test_every_record_has_a_source_with_the_day_it_was_read(shipped: register.Stored) -> None:
    assert shipped.added["actions"] == Action.objects.count()
    assert all(row.source.read_on for row in Action.objects.select_related("source"))
    assert Party.objects.filter(kind="state").exclude(alpha3="").count() == 197
