"""An allowed answer as a FIRST Information Exchange Policy."""

from dataclasses import replace
from datetime import date

import pytest

from comity.policy.agreements import Agreement
from comity.policy.clauses import evaluate
from comity.policy.iep import TLP_WORDS, Exchange, NothingToExportError, exchange
from comity.policy.markings import Tlp
from comity.policy.questions import Question
from comity.policy.standing import Standing, standing
from tests.policy.builders import BILATERAL, CARE, LATE, QUESTION, SHARING

DAY = date(2026, 6, 1)
GENEROUS = replace(BILATERAL, clauses=(replace(SHARING, tlp_up_to=Tlp.RED), *BILATERAL.clauses[1:]))


def exported(question: Question, agreement: Agreement = GENEROUS, until: date | None = None) -> Exchange:
    sides = [standing(agreement, (), code, DAY, LATE) for code in ("BS", "XA")]
    recipient: Standing = replace(sides[1], until=until)
    answer = evaluate(agreement, sides[0], recipient, question, DAY)
    return exchange(agreement, answer, recipient, Tlp.RED if question.tlp is None else question.tlp, "policy-1")


def test_a_policy_carries_the_twelve_statements_in_the_words_of_the_standard() -> None:
    found = exported(QUESTION)
    assert found.policy == {
        "id": "policy-1",
        "name": "BS-XA, A1 (fictional)",
        "description": "TLP:GREEN. A1 of “BS-XA” allows sharing technical indicators for prevention up to TLP:RED. "
        "The agreement is fictional.",
        "iep_version": 2.0,
        "start_date": "2026-04-01T04:00:00Z",
        "end_date": None,
        "encrypt_in_transit": "must",
        "permitted_actions": "internally-visible-actions",
        "affected_party_notifications": "must-not",
        "tlp": "green",
        "attribution": "must-not",
        "unmodified_resale": "must-not",
    }
    assert found.lost == ()


def test_it_ends_with_the_last_day_where_the_agreement_has_its_place() -> None:
    assert exported(QUESTION, until=date(2026, 12, 31)).policy["end_date"] == "2027-01-01T05:00:00Z"


@pytest.mark.parametrize("tlp", Tlp)
def test_a_label_never_becomes_a_milder_word_and_stays_beside_the_policy(tlp: Tlp) -> None:
    order = ["white", "green", "amber", "red"]
    assert order.index(TLP_WORDS[tlp]) >= min(tlp, 3)
    found = exported(replace(QUESTION, tlp=tlp))
    assert found.tlp is tlp
    assert str(found.policy["description"]).startswith(f"TLP:{tlp.label}.")
    assert bool(found.lost) is (tlp is Tlp.AMBER_STRICT)


def test_what_is_public_is_free_to_act_upon() -> None:
    found = exported(replace(QUESTION, tlp=Tlp.CLEAR)).policy
    assert (found["encrypt_in_transit"], found["affected_party_notifications"]) == ("may", "may")
    assert found["permitted_actions"] == "externally-visible-direct-actions"


def test_duties_that_the_standard_has_no_word_for_are_named_as_lost_and_told_in_words() -> None:
    found = exported(replace(QUESTION, personal_data="present"))
    assert found.lost == ("the duty of A4: keep to the minimum",)
    assert "A4: keep to the minimum." in str(found.policy["description"])


def test_duties_that_it_has_words_for_are_statements() -> None:
    told = replace(CARE, duties=("encrypt in transit", "name the originator"))
    found = exported(
        replace(QUESTION, tlp=Tlp.CLEAR, personal_data="present"), replace(GENEROUS, clauses=(SHARING, told))
    )
    assert (found.policy["encrypt_in_transit"], found.policy["attribution"], found.lost) == ("must", "must", ())


def test_what_is_not_allowed_has_no_policy() -> None:
    with pytest.raises(NothingToExportError, match="answers “refused”; only what is allowed"):
        exported(replace(QUESTION, information="best practice"))
