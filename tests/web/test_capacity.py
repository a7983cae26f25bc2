"""Capacity as officers and auditors read it: where we stand, frameworks, crosswalks, and states that stay unexposed."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from comity.acts import capacity_results, catalogues, example_state, framework_editions, frameworks, register
from comity.acts.capacity_results import PartyUnknown
from comity.models import CapacityResult
from comity.policy.framework_form import Answers
from comity.policy.staging import Answer, Evidence, Rating
from comity.web.security import POLICY

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
CMM = frameworks.framework("cmm")
GROUP = ("JM", "BB", "TT", "GY", "BZ", "LC")


def answers(of: str, on: date, upto: int) -> Answers:
    """Answer every indicator of the lower stages as met, those of the next as unknown, the rest as not met."""
    ratings = {one.id: Rating(Answer.MET, (Evidence("a paper"),)) if one.stage <= upto
               else Rating(Answer.UNKNOWN if one.stage == upto + 1 else Answer.NOT_MET)
               for one in CMM.indicators()}  # fmt: skip
    return Answers("cmm", "2021", of, on, ratings)


@pytest.fixture(scope="module")
def made(
    made: example_state.Made, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[example_state.Made]:
    """Make the example state with the catalogues, two reviews of our own and six of others, once for this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        catalogues.load(catalogues.files(), register.ACTOR, NOW)
        framework_editions.load(tmp_path_factory.mktemp("stamp"), NOW)
        capacity_results.keep(answers("BS", date(2024, 5, 1), 0), "officer", NOW)
        capacity_results.keep(answers("The Bahamas", date(2026, 5, 1), 1), "officer", NOW)
        for place, code in enumerate(GROUP):
            capacity_results.keep(answers(code, date(2026, 1, 1), place % 4), "officer", NOW)
        yield made
        transaction.set_rollback(True)


PAGES = [("capacity",), ("capacity-states",), ("frameworks",), ("framework", "cmm", "2021"),
         ("framework", "budapest", "2001"), ("crosswalk", "cmm-un-norms")]  # fmt: skip


def addresses() -> list[str]:
    return [reverse(name, args=places) for name, *places in PAGES]


def test_everybody_at_the_desk_reads_every_page(officer: Client, auditor: Client, client: Client) -> None:
    for address in addresses():
        for reader in (officer, auditor):
            answer = reader.get(address)
            assert answer.status_code == 200
            assert answer["Content-Security-Policy"] == POLICY
            assert " style=" not in answer.content.decode()
        assert client.get(address).status_code == 302
        wrong = {reverse("capacity-states"): 422, reverse("frameworks"): 302}
        assert officer.post(address).status_code == wrong.get(address, 405)
        assert auditor.post(address).status_code == (403 if address in wrong else 405)


def test_the_overview_tells_stages_intervals_gaps_and_what_moved(officer: Client) -> None:
    said = officer.get(reverse("capacity")).content.decode()
    assert "Review of 2026-05-01" in said
    assert "What moved since 2024-05-01" in said
    assert "Start-up → Formative" in said
    assert 'data-label="At most">Established' in said
    gap = "more stand in the workbook"
    assert gap in said
    assert '<a href="/practice/un-norms/">un-norms 13b.2</a>' in said or "un-norms 13" in said
    older = officer.get(reverse("capacity"), {"on": "2024-05-01"}).content.decode()
    assert "What moved since" not in older
    assert officer.get(reverse("capacity"), {"on": "1999-01-01"}).status_code == 404


@pytest.mark.parametrize("name", ["capacity-radar", "capacity-heat", "capacity-states-picture"])
def test_pictures_are_files_with_a_title_and_a_description(officer: Client, name: str) -> None:
    answer = officer.get(reverse(name))
    assert answer["Content-Type"].startswith("image/svg+xml")
    root = ET.fromstring(answer.content)  # noqa: S314 - written by us a moment ago
    names = [one.tag.rpartition("}")[2] for one in root]
    assert names[:2] == ["title", "desc"]
    assert root[0].text
    assert root[1].text
    said = answer.content.decode()
    assert "<script" not in said
    assert "style" not in said
    assert answer["Content-Security-Policy"] == POLICY


def test_states_are_named_to_nobody_else_and_the_group_exposes_none(officer: Client, auditor: Client) -> None:
    for reader, own in ((officer, True), (auditor, False)):
        page, picture = (reader.get(reverse(name)).content.decode()
                         for name in ("capacity-states", "capacity-states-picture"))  # fmt: skip
        for code in GROUP:
            assert f">{code}" not in picture
            assert f"{code}:" not in page
        assert ("BS: Formative" in page) is own
        assert (">BS<" in picture) is own
        assert f'data-label="States in the group">{6 if own else 7}<' in page


def test_below_five_states_nothing_is_told(officer: Client) -> None:
    with transaction.atomic():
        CapacityResult.objects.filter(party__in=GROUP[:2]).delete()
        said = officer.get(reverse("capacity-states")).content.decode()
        transaction.set_rollback(True)
    assert 'data-label="Middle half">withheld' in said
    assert said.count('data-label="Middle half">withheld') == 62


def test_an_officer_takes_answers_in_and_nobody_else(officer: Client, auditor: Client) -> None:
    def give(reader: Client, content: bytes) -> str:
        file = SimpleUploadedFile("answers.yaml", content)
        return reader.post(reverse("capacity-take-in"), {"file": file}, follow=True).content.decode()

    good = b"framework: cmm\nedition: '2021'\nof: BS\non: 2026-10-01\nanswers:\n  D1.1.1.f1: met\n"
    assert auditor.post(reverse("capacity-take-in")).status_code == 403
    with transaction.atomic():
        count = CapacityResult.objects.count()
        assert "answers.yaml:6:3: cmm has no indicator" in give(officer, good.replace(b"f1", b"f9"))
        assert "there is no state" in give(officer, good.replace(b"of: BS", b"of: Atlantis"))
        assert CapacityResult.objects.count() == count
        assert "Review of 2026-10-01" in give(officer, good)
        give(officer, good)
        assert CapacityResult.objects.count() == count + 1
        assert "no answers" in give(officer, Path(frameworks.CATALOGUE / "gci-2024.yaml").read_bytes())
        transaction.set_rollback(True)


def test_a_result_goes_out_in_three_forms_and_only_ours_does(officer: Client) -> None:
    row = CapacityResult.objects.get(party="BS", on="2026-05-01")
    book = openpyxl.load_workbook(io.BytesIO(officer.get(reverse("capacity-file", args=[row.pk, "xlsx"])).content))
    assert book["Stages"].max_row == 63
    assert book["Answers"].max_row == 486
    results = json.loads(officer.get(reverse("capacity-file", args=[row.pk, "oscal"])).content)
    assert len(results["assessment-results"]["results"][0]["findings"]) == 62
    assert officer.get(reverse("capacity-file", args=[row.pk, "plan"])).status_code == 200
    assert officer.get(reverse("capacity-file", args=[row.pk, "docx"])).status_code == 404
    other = CapacityResult.objects.get(party="JM")
    assert officer.get(reverse("capacity-file", args=[other.pk, "xlsx"])).status_code == 404


def test_a_framework_goes_out_in_every_form(officer: Client) -> None:
    for form in ("yaml", "xlsx", "oscal", "ciso"):
        answer = officer.get(reverse("framework-file", args=["gci", "2024", form]))
        assert answer.status_code == 200
        assert 'filename="gci-2024.' in answer["Content-Disposition"]
    assert officer.get(reverse("framework-file", args=["gci", "2024", "doc"])).status_code == 404
    assert officer.get(reverse("framework", args=["gci", "1999"])).status_code == 404
    assert officer.get(reverse("crosswalk", args=["none"])).status_code == 404


@pytest.mark.usefixtures("made")
def test_answers_of_nobody_known_are_refused(django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock(), pytest.raises(PartyUnknown, match="Mend: write its code"):
        capacity_results.keep(answers("Atlantis", date(2026, 1, 1), 1), "officer", NOW)


def test_a_state_that_gave_its_word_is_named_to_officers_until_taken_back(officer: Client, auditor: Client) -> None:
    page = reverse("capacity-states") + "?framework=cmm"
    code = GROUP[0]
    told = {"party": code, "source": "a note (invented)", "effective_on": "2026-01-01", "until": ""}
    assert f"{code}: " not in officer.get(page).content.decode()
    assert officer.post(page, told).status_code == 302
    named = officer.get(page)
    assert f"{code}: " in named.content.decode()
    assert f"{code}: " not in auditor.get(page).content.decode()
    assert officer.post(page, {"take_back": str(named.context["words"][0].pk)}).status_code == 302
    assert f"{code}: " not in officer.get(page).content.decode()
