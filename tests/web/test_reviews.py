"""The pages of a review: answers saved one by one, conflicts side by side, rounds, evidence, sheets, the report."""

import io
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from comity.acts import example_review, example_state, framework_editions, frameworks, review_results, reviews
from comity.models import AnswerOffer, EvidenceRevision, Review, ReviewAnswer, ReviewDissent, ReviewRound
from tests.web.papers import paper

SLUG = "bs-example"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def example(bahamas: example_state.Made) -> Review:
    """Keep the worked example beside the example state."""
    assert bahamas
    framework_editions.take(frameworks.framework("cmm"), "test", datetime.now(UTC))
    assert example_review.load(datetime.now(UTC))
    assert not example_review.load(datetime.now(UTC))
    return Review.objects.get(slug=SLUG)


def body(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def pages(member: int) -> list[str]:
    return [
        reverse("reviews"), reverse("review", args=[SLUG]), reverse("review-people", args=[SLUG]),
        reverse("review-notes", args=[SLUG]), reverse("rate", args=[SLUG, "D1.1.1"]) + f"?as={member}",
        reverse("compare", args=[SLUG, "D1.1.1"]), reverse("review-conflicts", args=[SLUG]),
        reverse("review-report", args=[SLUG]), reverse("review-report", args=[SLUG]) + "?for=public&on=2030-01-01",
    ]  # fmt: skip


def only_officers() -> list[str]:
    return [reverse("new-review"), reverse("plan-review", args=[SLUG]), reverse("take-sheet", args=[SLUG]),
            reverse("evidence", args=[SLUG, "D1.1.1.f1"])]  # fmt: skip


def first_rater(example: Review) -> int:
    return reviews.members(example, datetime.now(UTC))[0].row.pk


def test_every_page_answers_in_every_language(example: Review, officer: Client, auditor: Client) -> None:
    for address in pages(first_rater(example)):
        assert officer.get(address).status_code == 200, address
        assert auditor.get(address).status_code == 200, address
    for language in ("es", "fr"):
        officer.post(reverse("set_language"), {"language": language, "next": "/"})
        for address in (*pages(first_rater(example)), *only_officers()):
            page = body(officer.get(address))
            assert f'<html lang="{language}">' in page, address
            assert ">Sign out<" not in page, address
            assert ">not met<" not in page, address
    for address in only_officers():
        assert auditor.get(address).status_code == 403, address
    for address in (reverse("review", args=["none"]), reverse("rate", args=[SLUG, "D9.9.9"])):
        assert officer.get(address).status_code == 404


def test_an_answer_is_saved_as_it_is_given_and_two_at_one_are_shown_side_by_side(
    example: Review, officer: Client
) -> None:
    member = first_rater(example)
    address = reverse("answer", args=[SLUG, member, "D1.1.1.f2"])
    before = ReviewAnswer.objects.filter(member=member, indicator="D1.1.1.f2").count()
    saved = officer.post(address, {"answer": "partly", "reason": "one", "seen": str(before)}, headers=HTMX)
    assert "saved: partly" in body(saved)
    assert f'id="seen-D1.1.1.f2" value="{before + 1}"' in body(saved)
    met = officer.post(address, {"answer": "not met", "reason": "two", "seen": str(before)}, headers=HTMX)
    assert "both answers are kept" in body(met)
    assert "Choose an answer" in body(officer.post(address, {"seen": "0"}, headers=HTMX))
    plain = officer.post(address, {"answer": "not applicable", "seen": str(before + 1)}, follow=True)
    assert "say why" in body(plain)
    page = body(officer.get(reverse("review-conflicts", args=[SLUG])))
    assert page.count("<section") == 2
    offer = AnswerOffer.objects.get(indicator="D1.1.1.f2")
    officer.post(reverse("review-conflicts", args=[SLUG]), {"offer": offer.pk, "seen": before + 1, "keep": "offer"})
    assert ReviewAnswer.objects.filter(member=member, indicator="D1.1.1.f2").latest("number").reason == "two"
    late = officer.post(reverse("review-conflicts", args=[SLUG]),
                        {"offer": offer.pk, "seen": before + 1, "keep": "offer"}, follow=True)  # fmt: skip
    assert "settled already" in body(late)


def test_one_person_alone_answers_without_ceremony(example: Review, officer: Client) -> None:
    assert example
    told = {"title": "Our own look", "slug": "bs-self", "kind": "self-review", "framework": "cmm 2021", "party": "BS",
            "first_day": "2026-11-24", "last_day": "2026-11-24", "percent": "100"}  # fmt: skip
    assert officer.post(reverse("new-review"), {**told, "title": ""}).status_code == 422
    assert officer.post(reverse("new-review"), told).status_code == 302
    assert "Choose with the arrow keys" in body(officer.get(reverse("rate", args=["bs-self", "D1.1.1"])))
    for name in ("D1.1.1.f1", "D1.1.1.f2"):
        saved = officer.post(reverse("answer", args=["bs-self", 0, name]), {"answer": "met", "seen": "0"}, headers=HTMX)
        assert "saved: met" in body(saved)
    known = reviews.find("bs-self", datetime.now(UTC))
    assert known is not None
    assert review_results.result(known, datetime.now(UTC)).staged["D1.1.1"].stage == 1
    officer.post(reverse("move-review", args=["bs-self"]), {"to": "published"})
    assert "published" in body(officer.get(reverse("review-report", args=["bs-self"])))


def test_a_round_is_closed_ruled_on_and_dissented_from(example: Review, officer: Client) -> None:
    member = first_rater(example)
    name = "D1.1.2.f1"
    reviews_address = reverse("compare", args=[SLUG, "D1.1.2"])
    answer = officer.post(reverse("close-round", args=[SLUG]), follow=True)
    assert "settle the conflicts first" in body(answer)
    offer = AnswerOffer.objects.get()
    officer.post(reverse("review-conflicts", args=[SLUG]), {"offer": offer.pk, "seen": 2, "keep": "standing"})
    officer.post(reverse("answer", args=[SLUG, member, name]), {"answer": "not met", "seen": "1"}, headers=HTMX)
    assert "Round 2 is closed" in body(officer.post(reverse("close-round", args=[SLUG]), follow=True))
    assert ReviewRound.objects.filter(review=example).count() == 2
    rule = reverse("rule", args=[SLUG, name])
    assert "its reason" in body(officer.post(rule, {"answer": "met", "reason": ""}, follow=True))
    officer.post(rule, {"answer": "met", "reason": "seen by all"})
    officer.post(rule, {"what": "dissent", "answer": "not met", "reason": "not by me", "who": "Policy officer"})
    page = body(officer.get(reviews_address))
    assert "The chair ruled" in page
    assert "Policy officer dissents" in page
    officer.post(rule, {"answer": "", "reason": ""})
    assert "seen by all" not in body(officer.get(reviews_address))
    assert ReviewDissent.objects.filter(indicator=name).count() == 1


def test_evidence_is_taken_in_given_out_and_kept_from_the_public(example: Review, officer: Client) -> None:
    assert example
    address = reverse("evidence", args=[SLUG, "D1.1.2.f1"])
    file = SimpleUploadedFile("audit “2026”.html", b"<script>alert(1)</script>")
    told = {"title": "Confidential audit", "tlp": "RED", "until": "2040-01-01", "link": ""}
    assert officer.post(address, {**told, "file": file}).status_code == 302
    assert officer.post(address, {**told, "until": "2020-01-01"}).status_code == 422
    assert officer.post(address, {**told, "link": "javascript:x"}).status_code == 422
    row = EvidenceRevision.objects.get(title="Confidential audit")
    given = officer.get(reverse("evidence-file", args=[SLUG, row.pk]))
    assert b"".join(given.streaming_content) == b"<script>alert(1)</script>"  # type: ignore[attr-defined]
    assert given["Content-Disposition"].startswith("attachment")
    assert given["Content-Type"] == "application/octet-stream"
    assert "sandbox" in given["Content-Security-Policy"]
    report = reverse("review-report", args=[SLUG])
    assert "Confidential audit" in body(officer.get(report))
    assert "Confidential audit" in paper(officer, reverse("review-paper", args=[SLUG]))
    assert "Confidential audit" not in paper(officer, reverse("review-paper", args=[SLUG]) + "?for=public")
    public = body(officer.get(report + "?for=public"))
    assert "Confidential audit" not in public
    assert "2 pieces of evidence are not for the public" in public
    assert "Policy officer" not in public


def test_a_sheet_is_previewed_then_taken_in(example: Review, officer: Client) -> None:
    member = first_rater(example)
    given = officer.get(reverse("review-sheet", args=[SLUG, member]))
    book = load_workbook(io.BytesIO(given.content))
    sheet = book.worksheets[0]
    sheet["E2"], sheet["F2"] = "partly", "on reflection"
    out = io.BytesIO()
    book.save(out)
    address = reverse("take-sheet", args=[SLUG])

    def upload(step: str) -> str:
        file = SimpleUploadedFile("back.xlsx", out.getvalue())
        return body(officer.post(address, {"step": step, "file": file}, follow=True))

    assert "a new answer" in upload("preview")
    assert not ReviewAnswer.objects.filter(reason="on reflection").exists()
    assert "Taken in: 1 answer." in upload("record")
    assert ReviewAnswer.objects.filter(reason="on reflection").exists()
    wrong = SimpleUploadedFile("wrong.xlsx", b"nothing")
    answer = officer.post(address, {"step": "record", "file": wrong})
    assert answer.status_code == 422
    assert "no spreadsheet" in body(answer)


def test_people_notes_and_the_plan_are_written_down(example: Review, officer: Client) -> None:
    people, notes = reverse("review-people", args=[SLUG]), reverse("review-notes", args=[SLUG])
    group = {"what": "cluster", "c-name": "Civil society", "c-aspects": ["D2.1.1"]}
    assert officer.post(people, group).status_code == 302
    cluster = reviews.clusters(example, datetime.now(UTC))[-1].row.pk
    told = {"what": "member", "m-name": "A journalist", "m-role": "rater", "m-cluster": str(cluster)}
    assert officer.post(people, told).status_code == 302
    number = reviews.members(example, datetime.now(UTC))[-1].row.pk
    assert officer.post(f"{people}?member={number}", {**told, "m-left": "on"}).status_code == 302
    assert reviews.members(example, datetime.now(UTC))[-1].left
    assert officer.post(people, {"what": "cluster", "c-name": "Civil society"}).status_code == 422
    note = {"what": "note", "n-kind": "desk research", "n-aspect": "D1.1.1", "n-says": "Read the gazette"}
    assert officer.post(notes, note).status_code == 302
    assert "Read the gazette" in body(officer.get(reverse("rate", args=[SLUG, "D1.1.1"])))
    row = reviews.notes(example, datetime.now(UTC))[0].pk
    officer.post(notes, {"take_back": row})
    assert not reviews.notes(example, datetime.now(UTC))
    plan = {"title": "Anew", "first_day": "2026-11-02", "last_day": "2026-11-01", "percent": "80"}
    assert officer.post(reverse("plan-review", args=[SLUG]), plan).status_code == 422
    assert officer.post(reverse("plan-review", args=[SLUG]), {**plan, "last_day": "2026-12-01"}).status_code == 302
    assert "Anew" in body(officer.get(reverse("review", args=[SLUG])))
