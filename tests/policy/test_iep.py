"""An allowed answer as an Information Exchange Policy 2.0."""

from dataclasses import replace
from datetime import date

import pytest

from comity.policy.clauses import Answer, Verdict, evaluate
from comity.policy.iep import IepExport, iep_policy
from comity.policy.markings import Tlp
from comity.policy.questions import Question
from comity.policy.standing import standing
from tests.policy.builders import BILATERAL, LATE, QUESTION, SHARING

DAY = date(2026, 6, 1)
IDENTIFIER = "7c1f6b0a-2f6f-4d9e-9c57-0c2f5f0e7a11"


def export(question: Question) -> IepExport:
    agreement = replace(BILATERAL, clauses=(replace(SHARING, tlp_up_to=Tlp.RED), *BILATERAL.clauses[1:]))
    sides = [standing(agreement, (), code, DAY, LATE) for code in ("BS", "XA")]
    answer = evaluate(agreement, sides[0], sides[1], question, DAY)
    return iep_policy(IDENTIFIER, agreement.name, question, answer, DAY, None)


def test_the_policy_names_agreement_and_clause_and_is_in_force_from_its_day() -> None:
    policy = export(QUESTION).policy
    assert policy == {
        "id": IDENTIFIER,
        "name": "BS-XA: A1",
        "description": "A1 of “BS-XA” allows sharing technical indicators for prevention up to TLP:RED",
        "iep_version": "2.0",
        "start_date": "2026-06-01T00:00:00Z",
        "end_date": None,
        "encrypt_in_transit": "must",
        "permitted_actions": "externally-visible-direct-actions",
        "affected_party_notifications": "may",
        "tlp": "green",
        "attribution": "may",
        "unmodified_resale": "must-not",
    }


@pytest.mark.parametrize(
    ("tlp", "colour", "beside"),
    [
        (Tlp.CLEAR, "white", ()),
        (Tlp.AMBER, "amber", ()),
        (Tlp.AMBER_STRICT, "amber", ("not to leave the recipient’s own organisation (TLP:AMBER+STRICT)",)),
        (Tlp.RED, "red", ()),
    ],
)
def test_the_tlp_2_label_stands_beside_the_four_colours(tlp: Tlp, colour: str, beside: tuple[str, ...]) -> None:
    found = export(replace(QUESTION, tlp=tlp))
    assert (found.policy["tlp"], found.tlp, found.beside) == (colour, f"TLP:{tlp.label}", beside)


def test_duties_and_redactions_stand_beside_it() -> None:
    assert export(replace(QUESTION, personal_data="present")).beside == ("keep to the minimum (A4)",)


def test_what_is_not_allowed_has_no_policy() -> None:
    with pytest.raises(ValueError, match="only for what is allowed"):
        iep_policy(IDENTIFIER, "BS-XA", QUESTION, Answer(Verdict.REFUSED, ()), DAY, None)
