"""Spreadsheets of answers: out, filled in, back; conflicts shown; a wrong row is named; nothing is half-stored."""

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from comity.acts import review_answers, review_evidence, review_returns, review_sheets, reviews
from comity.acts.agreements import Rejected
from comity.acts.review_returns import Does
from comity.models import Review, ReviewAnswer
from comity.policy.staging import Answer
from tests.acts.test_reviews import NOW, begun, node, rater, tell

__all__ = ["node"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("node")]
AT = datetime(2026, 12, 1, tzinfo=UTC)


def given(review: Review, member: int, language: str = "en", at: datetime = AT) -> Any:
    file = review_sheets.give(reviews.known_of(review, at), member, language, at)
    return load_workbook(io.BytesIO(file.content))


def packed(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def taken(review: Review, book: Any, at: datetime = AT) -> review_returns.Returned:
    return review_returns.take_in(reviews.known_of(review, at), packed(book), "answers.xlsx", "officer", at)


def test_what_is_asked_goes_out_locked_and_comes_back_filled_in() -> None:
    review = begun()
    ana = rater(review)
    tell(review, ana, "A.1b", Answer.PARTLY)
    book = given(review, ana)
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet["A"]][1:] == [
        f"{aspect}.{stage}{letter}" for aspect in "AB" for stage in (1, 2) for letter in "ab"]  # fmt: skip
    assert sheet.protection.sheet
    assert [sheet[f"{column}2"].protection.locked for column in "ADEFGI"] == [True, True, False, False, False, False]
    assert sheet.column_dimensions["J"].hidden
    assert book["comity"].sheet_state == "hidden"
    (rule,) = sheet.data_validations.dataValidation
    assert rule.formula1 == '"met,partly,not met,not applicable,unknown"'
    assert str(rule.sqref) == "E2:E9"
    assert sheet["E3"].value == "partly"
    sheet["E2"], sheet["F2"], sheet["G2"], sheet["I2"] = "Met", "seen", "An audit", datetime(2030, 1, 1)  # noqa: DTZ001
    found = taken(review, book)
    assert [(one.told.indicator, one.does) for one in found.lines] == [("A.1a", Does.ANSWER)]
    assert found.untouched == 7
    (shown,) = review_evidence.used(review, AT + timedelta(1))["A.1a"]
    assert (shown.revision.title, shown.revision.until) == ("An audit", date(2030, 1, 1))
    again = taken(review, book, AT + timedelta(1))
    assert [one.does for one in again.lines] == [Does.SAME]
    assert ReviewAnswer.objects.count() == 2


@pytest.mark.parametrize("language", ["es", "fr"])
def test_the_sheet_speaks_the_reader_s_language(language: str) -> None:
    review = begun()
    ana = rater(review)
    book = given(review, ana, language)
    called = review_sheets.answer_words(language)
    sheet = book.worksheets[0]
    assert sheet["A1"].value != "Indicator"
    sheet["E2"], sheet["F2"] = called[Answer.NOT_APPLICABLE].upper(), "no hay"
    sheet["E3"] = "met"
    assert [one.told.answer for one in taken(review, book).lines] == [Answer.NOT_APPLICABLE, Answer.MET]


def test_what_changed_on_both_sides_is_a_conflict_and_on_one_side_is_none() -> None:
    review = begun()
    ana = rater(review)
    for name in ("A.1a", "A.1b", "A.2a"):
        tell(review, ana, name, Answer.PARTLY)
    book = given(review, ana)
    for name in ("A.1a", "A.1b"):
        tell(review, ana, name, Answer.NOT_MET)
    sheet = book.worksheets[0]
    sheet["E2"] = "met"  # A.1a: changed here and there
    sheet["E4"] = "met"  # A.2a: changed in the sheet alone; A.1b: changed here alone
    preview = review_returns.read(reviews.known_of(review, AT), packed(book), AT)
    assert [(one.told.indicator, one.does) for one in preview.lines] == [
        ("A.1a", Does.CONFLICT), ("A.2a", Does.ANSWER)]  # fmt: skip
    assert not review_answers.clashes(review, AT)
    taken(review, book)
    stands = review_answers.standing(review, ana, ["A.1a", "A.1b", "A.2a"])
    assert [stands[name].answer for name in ("A.1a", "A.1b", "A.2a")] == ["not met", "not met", "met"]
    (clash,) = review_answers.clashes(review, AT + timedelta(1))
    assert (clash.offer.answer, clash.offer.through) == ("met", "answers.xlsx")
    with pytest.raises(Rejected, match="settled already"):
        review_answers.settle(review, clash.offer.pk + 1, 2, "officer", AT, take=True)


def spoilt(sheet: Any) -> None:
    sheet["E2"] = "mett"
    sheet["E3"] = "not applicable"
    sheet["F4"] = '=HYPERLINK("http://x")'
    sheet["A5"] = "A.9z"
    sheet["A7"] = "B.1a"
    sheet["J8"] = "7"
    sheet["G9"], sheet["I9"] = "An audit", "soon"


def test_each_wrong_row_is_named_and_nothing_is_stored() -> None:
    review = begun()
    ana = rater(review)
    book = given(review, ana)
    spoilt(book.worksheets[0])
    with pytest.raises(Rejected) as refused:
        taken(review, book)
    assert [reason.split(":")[0] for reason in refused.value.reasons] == [
        "Row 2, column E", "Row 3, column F", "Row 4, column F", "Row 5, column A", "Row 7, column A",
        "Row 8, column J", "Row 9, column I"]  # fmt: skip
    assert not ReviewAnswer.objects.exists()
    assert not review_evidence.used(review, AT)


def test_what_is_no_sheet_of_this_review_is_told() -> None:
    review, other = begun(), begun(slug="other")
    known = reviews.known_of(review, AT)
    book = given(other, rater(other))
    assert "other" in review_returns.read(known, packed(book), AT).problems[0]
    assert "no sheet of answers" in review_returns.read(known, packed(Workbook()), AT).problems[0]
    for content in (b"", b"PK\x03\x04 broken", b"x" * (review_returns.LARGEST + 1)):
        assert "no spreadsheet" in review_returns.read(known, content, AT).problems[0]
    assert NOW < AT


@pytest.mark.parametrize("risky", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_that_goes_out_is_a_formula(risky: str) -> None:
    review = begun()
    ana = rater(review)
    tell(review, ana, "A.1a", Answer.MET, reason=risky)
    sheet = given(review, ana).worksheets[0]
    assert sheet["F2"].data_type == "s"
    assert sheet["F2"].value.strip() == risky.strip()
    assert all(cell.data_type in "sn" for row in sheet.iter_rows() for cell in row)
