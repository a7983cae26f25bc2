"""The pages of a roadmap: what starts when and why, an offer and its difference, progress, requests, the strategy."""

import io
from datetime import UTC, datetime
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from comity.acts import best_practices, roadmap_store
from comity.models import HelpRequest, MeasureEntry, PlanOffer, PlanVersion, RoadmapRun
from tests.web.papers import paper
from tests.web.roadmap_pages import SLUG, solved


def test_a_roadmap_from_the_file_to_the_difference_that_an_offer_makes(officer: Client, auditor: Client) -> None:
    pages = {page: officer.get(page).content.decode() for page in solved()}
    roadmap = pages[reverse("roadmap", args=[SLUG])]
    assert "It starts as soon as “Consultation of business and civil society” is done." in roadmap
    assert "Newly reached: D4.2.1" in roadmap
    assert "every measure, amount and offer on this page is invented" in roadmap
    words = paper(officer, reverse("roadmap-paper", args=[SLUG]))
    assert "Carry the Budapest Convention into" in words
    assert "every measure, amount and offer on this page is invented" in words
    book = load_workbook(io.BytesIO(officer.get(reverse("roadmap-sheets", args=[SLUG])).content))
    assert {"National risk assessment"} < {str(row[1]) for row in book["Measures"].iter_rows(values_only=True)}
    first = RoadmapRun.objects.order_by("sequence")[0]
    earlier = reverse("roadmap", args=[SLUG]) + f"?run={first.pk}"
    assert "Newly reached" not in officer.get(earlier).content.decode()
    weigh = reverse("weigh-roadmap", args=[SLUG, first.pk])
    assert weigh in officer.get(earlier).content.decode()
    assert "has not been worked out yet" in auditor.get(earlier).content.decode()
    assert auditor.post(weigh).status_code == 403
    assert officer.post(weigh).headers["Location"] == earlier
    assert "With a tenth less or more of staff" in auditor.get(earlier).content.decode()
    public = pages[reverse("roadmap-strategy", args=[SLUG]) + "?public"]
    assert "Law that meets international standards" in public
    assert "What the country cannot do without" not in public
    assert "Operators hold back data" not in public
    offers = reverse("roadmap-offers", args=[SLUG])
    wrong = officer.post(offers, {"party": "XA", "measures": ["budapest"]})
    assert wrong.status_code == 422
    assert "Say what is given" in wrong.content.decode()
    taken = {"party": "XI", "measures": ["budapest"], "role": "law", "days": 60, "source": "a note"}
    assert officer.post(offers, taken).status_code == 302
    assert "“Carry the Budapest Convention into law” has several offers" in officer.get(offers).content.decode()
    row = PlanOffer.objects.order_by("-sequence")[0]
    assert officer.post(offers, {"take_back": str(row.pk)}).status_code == 302
    assert "has several offers" not in officer.get(offers).content.decode()
    assert officer.post(offers, {"party": "XI", "measure": "strategy", "says": "An editor"}).status_code == 302
    assert HelpRequest.objects.count() == 2
    done = {"measure": "risk-assessment", "state": "done", "on": "2027-03-31", "evidence": ""}
    measures = reverse("roadmap-measures", args=[SLUG])
    assert "Say what shows that it is done" in officer.post(measures, done).content.decode()
    assert officer.post(measures, {**done, "evidence": "report"}).status_code == 302
    assert MeasureEntry.objects.get().evidence == "report"
    latest = RoadmapRun.objects.order_by("-sequence")[0]
    assert officer.post(reverse("adopt-roadmap", args=[SLUG, latest.pk])).status_code == 302
    assert roadmap_store.adopted(SLUG) == latest
    for page, told in ((measures, done), (offers, taken), (reverse("roadmaps"), {})):
        assert auditor.post(page, told).status_code == 403


def test_a_file_with_slips_is_refused_line_by_line_and_a_practice_becomes_a_measure(officer: Client) -> None:
    text = (roadmap_store.PLANS / roadmap_store.EXAMPLE[0]).read_bytes()
    wrong = SimpleUploadedFile("plan.yaml", text.replace(b"takes: 2 quarters", b"takes: long", 1))
    refused = officer.post(reverse("roadmaps"), {"plan": wrong})
    assert refused.status_code == 422
    assert "not a number of quarters" in refused.content.decode()
    assert not PlanVersion.objects.exists()
    right = SimpleUploadedFile(Path("plan.yaml").name, text)
    assert officer.post(reverse("roadmaps"), {"plan": right}).status_code == 302
    best_practices.load_catalogue("catalogue", datetime.now(UTC))
    page = reverse("best-practices")
    shared = officer.get(page).context["share"].fields["practice"].choices[0][0]
    assert officer.post(page, {"practice": shared, "collection": "practices", "tlp": "GREEN"}).status_code == 302
    told = {"practice": shared, "plan": SLUG, "measure": "taken-over", "quarters": 2, "once": 500, "running": 0}
    assert officer.post(page, told).status_code == 302
    assert "already" in officer.post(page, told).content.decode()
