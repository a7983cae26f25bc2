"""The world, an instrument, a party and the norms in practice, as officers and auditors read them."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from comity.acts import catalogues, example_review, example_state, names, register
from comity.models import (
    Action,
    Collection,
    EngagementVersion,
    Fact,
    Implementation,
    Instrument,
    Party,
    Provision,
    Source,
)
from comity.taxii.server import serves
from comity.web import shapes
from comity.web.security import POLICY

READ = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(made: example_state.Made, django_db_blocker: DjangoDbBlocker) -> Iterator[example_state.Made]:
    """Make the example state with the shipped register, once for this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        catalogues.load(catalogues.files(), register.ACTOR, READ)
        yield made
        transaction.set_rollback(True)


def body(reader: Client, name: str, *places: str, **asked: str) -> str:
    """Read a page."""
    answer = reader.get(reverse(name, args=places), asked)
    assert answer.status_code == 200
    assert answer["Content-Security-Policy"] == POLICY
    said: str = answer.content.decode()
    return said


PAGES = [("world",), ("instruments",), ("instrument", "budapest"), ("instrument", "bs-xa-cyber-mou"), ("party", "JM"),
         ("party", "BS"), ("party", "XA"), ("practices",), ("practice", "un-norms"), ("survey",)]  # fmt: skip


@pytest.mark.parametrize("page", PAGES, ids=" ".join)
def test_everybody_at_the_desk_reads_every_page_and_nobody_else(
    officer: Client, auditor: Client, client: Client, page: tuple[str, ...]
) -> None:
    name, *places = page
    assert not serves(reverse(name, args=places))
    for reader in (officer, auditor):
        assert 'aria-current="page"' in body(reader, name, *places)
    assert client.get(reverse(name, args=places)).status_code == 302
    assert officer.post(reverse(name, args=places)).status_code == 405


def test_the_world_for_one_instrument_on_a_past_day(officer: Client) -> None:
    said = body(officer, "world", instrument="budapest", on="2018-10-01", stand="in-force")
    assert '#ar" class="in-force"' in said
    assert '#br" class="none"' not in said.split("figure")[0]
    assert '#br" class="not-in-force"' in said
    assert ">Argentina</a>" in said
    assert ">Brazil</a>" not in said
    assert "checked 2026-11-23" in said


def test_the_slider_moves_the_day_into_its_year(officer: Client) -> None:
    assert 'value="2018-11-23"' in body(officer, "world", on="2026-11-23", year="2018")
    assert 'value="2023-02-28"' in body(officer, "world", on="2024-02-29", year="2023")


def test_as_known_before_anything_was_read_nothing_is_known(officer: Client) -> None:
    said = body(officer, "instrument", "budapest", on="2020-01-01", known="2026-11-22")
    assert "Nobody’s standing is recorded on this day." in said
    assert "Argentina" not in said


@pytest.mark.parametrize(
    ("language", "said"),
    [("es", ("Jamaica", "San Cristóbal y Nieves", "Convenio de Budapest", "¿Es delito entrar", "3 meses, primer día")),
     ("fr", ("Jamaïque", "Saint-Christophe", "Convention de Budapest", "Accès illégal", "3 mois, premier jour"))],
)  # fmt: skip
def test_names_are_those_of_the_reader_s_language(officer: Client, language: str, said: tuple[str, ...]) -> None:
    officer.cookies["django_language"] = language
    pages = body(officer, "world", group="CARICOM") + body(officer, "instrument", "budapest")
    assert [words for words in said if words not in pages] == []
    Party.objects.filter(code="KN").update(common_name="Saint Kitts")
    renamed = body(officer, "world", group="CARICOM")
    assert "Saint Kitts" in renamed
    assert said[1] not in renamed


def shipped() -> set[str]:
    """Give every text of the register and of meetings that a page shows by its name."""
    rows = [
        *Party.objects.values_list("common_name", "name"),
        *Instrument.objects.filter(agreement=None).values_list("title", "short", "about", "made_by"),
        *Source.objects.values_list("title"), *Action.objects.values_list("says", "holds"),
        *Fact.objects.values_list("title", "says", "role"),
        *EngagementVersion.objects.values_list("title", "about", "forum", "place"),
        *Collection.objects.exclude(alias="from-ardenia").values_list("title", "description"),
        *((one.says,) for one in example_review.published()),
    ]  # fmt: skip
    asked = Provision.objects.values_list("title", "gist", "tests", "deliverable")
    rows += [(title, gist, deliverable, *tests) for title, gist, tests, deliverable in asked]
    return {text for row in rows for text in row if text}


def test_every_name_of_the_catalogue_is_one_of_the_register(officer: Client) -> None:
    assert officer
    written = [words for path in names.CATALOGUE.glob("*.yaml") for words, _said in names.read(path)]
    assert set(written) - shipped() == set()
    assert len(written) == len(set(written))


SAME = frozenset({"Isla Verde", "Nassau", "Port Meridian", "e-Governance Academy"})
"""What is called the same everywhere."""


@pytest.mark.parametrize("language", ["es", "fr"])
def test_all_that_is_shipped_has_a_name_in_each_language(officer: Client, language: str) -> None:
    assert officer
    named = names.table(language)
    left = sorted(text for text in shipped() - set(named) - SAME if re.search("[a-z]{3}", text))
    assert left == [], "\n".join(left)


def test_what_only_we_took_part_in_has_its_source_too(officer: Client) -> None:
    row = body(officer, "party", "JM").split(">CMM</a>")[1].split("</tr>")[0]
    assert "Ours:" in row
    assert "checked 2026-11-23" in row


def test_a_partner_s_page_tells_what_clauses_between_us_make_due(officer: Client) -> None:
    theirs, others = body(officer, "party", "XA"), body(officer, "party", "JM")
    assert "By clauses of agreements between us" in theirs
    assert "annual report" in theirs
    assert "By clauses of agreements between us" not in others


def test_the_world_counts_what_we_share(officer: Client) -> None:
    said = body(officer, "world", group="CARICOM")
    assert '#bs" class="here us"' in said
    assert ">Jamaica</a>" in said
    assert ">France</a>" not in said


def test_a_day_that_is_none_is_told(officer: Client) -> None:
    for wrong in ("2026-02-30", "soon", "0001-01-01"):
        assert "That is no day" in body(officer, "world", on=wrong)


def test_an_instrument_tells_its_terms_its_counts_and_what_is_doubted(officer: Client) -> None:
    said = body(officer, "instrument", "budapest")
    for part in ("Enters into force after 5 consents", "At least 3 of them by members of Council of Europe",
                 "2024-10-09: 76 parties", "In force as a whole on 2004-07-01", "contradicted", "Not a founder",
                 "Article 36,"):  # fmt: skip
        assert part in said, part
    assert "By its terms it would be" not in said


def test_contradicting_counts_stand_side_by_side(officer: Client) -> None:
    said = body(officer, "instrument", "un-cybercrime")
    assert "2026-07-31: 77 signatories" in said
    assert "2026-07-31: 76 signatories" in said


def test_the_list_tells_not_found_from_no(officer: Client) -> None:
    assert "Not found is not no" in body(officer, "instruments")
    said = body(officer, "instruments", doubt="not found")
    assert "Paris Call" in said
    assert "Budapest Convention" not in body(officer, "instruments", doubt="not found", q="memorandum")
    assert body(officer, "instruments", kind="expert group").count('<th scope="row">') == 1


def test_a_party_shows_what_is_between_us(officer: Client) -> None:
    said = body(officer, "party", "JM")
    assert "hold us both" in said
    assert "UN Convention against Cybercrime" in said
    ours = body(officer, "party", "BS")
    assert ours.count("National CIRT project launched") == 1
    assert "5 records on this" not in ours
    assert "4 records on this" in ours


@pytest.mark.parametrize("address", ["/world/?instrument=none", "/instruments/none/", "/parties/none/",
                                     "/practice/none/"])  # fmt: skip
def test_what_is_not_there_leads_nowhere(officer: Client, address: str) -> None:
    assert officer.get(address).status_code == 404


def test_an_officer_records_what_is_done_and_the_survey_answers_from_it(officer: Client, auditor: Client) -> None:
    address = reverse("record-practice", args=("un-norms", "13h"))
    assert auditor.post(address).status_code == 403
    told = {"state": "carried out", "says": "CIRT-BS takes requests by a form.", "on": "2026-01-01", "evidence": ""}
    assert "name at least one document" in officer.post(address, told).content.decode()
    assert not Implementation.objects.exists()
    told |= {"evidence": "https://www.cirt.bs/", "helped_by": "US", "help": "Training in triage."}
    assert officer.post(address, told).status_code == 302
    said = body(auditor, "survey")
    for part in ("CIRT-BS takes requests by a form.", "https://www.cirt.bs/", "United States: ", "Training in triage."):
        assert part in said, part
    assert "10 of 11 norms are not assessed yet" in said
    assert "Answered in part by" in body(auditor, "practice", "budapest")  # article 35 rests on the same capacity
    assert "not assessed" in body(auditor, "practice", "un-norms", on="2025-12-31")


def test_a_partly_without_its_gap_and_a_helper_that_is_none_are_refused(officer: Client) -> None:
    address = reverse("record-practice", args=("un-norms", "13a"))
    for told, said in (({"state": "partly", "says": "Some."}, "say what is missing"),
                       ({"state": "planned", "says": "Next year.", "helped_by": "ZZZ"}, "no party “ZZZ”"),
                       ({"state": "", "says": ""}, "required")):  # fmt: skip
        answer = officer.post(address, {"on": "2026-01-01", **told})
        assert answer.status_code in (200, 400)
        assert said in answer.content.decode()
    assert not Implementation.objects.exists()


def test_the_map_has_every_member_of_the_united_nations_and_marks_the_small_ones(officer: Client) -> None:
    answer = officer.get(reverse("shapes"))
    assert answer["Content-Type"] == "image/svg+xml"
    assert {"BS", "JM", "US", "AG", "BB", "VC", "TV"} <= shapes.codes()
    assert {"BS", "AG", "BB", "GD"} <= shapes.marked()
    assert len(answer.content) < 400_000


@pytest.mark.parametrize("page", PAGES, ids=" ".join)
def test_a_page_asks_the_store_a_fixed_number_of_times(officer: Client, page: tuple[str, ...]) -> None:
    with CaptureQueriesContext(connection) as asked:
        body(officer, page[0], *page[1:])
    assert len(asked) < 45
