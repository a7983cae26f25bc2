"""An answer as a FIRST Information Exchange Policy 2.0, for tools that read those.

IEP 2.0 knows TLP 1.0's four colours only; so the TLP 2.0 label stands beside the policy, with what the policy has
no words for: the duties, and that TLP:AMBER+STRICT (amber in IEP) may not leave the recipient's organisation.
The statements and their words are those of FIRST's “IEP 2.0 Framework Definition”, section “policy statements”.
"""

from dataclasses import dataclass
from datetime import date

from comity.policy.markings import Tlp
from comity.policy.questions import Answer, Question, Verdict
from comity.policy.vocabulary import Action

IEP_TLP = {
    Tlp.CLEAR: "white",
    Tlp.GREEN: "green",
    Tlp.AMBER: "amber",
    Tlp.AMBER_STRICT: "amber",
    Tlp.RED: "red",
}
STRICT = "not to leave the recipient’s own organisation (TLP:AMBER+STRICT)"


@dataclass(frozen=True, slots=True)
class IepExport:
    """A policy as IEP 2.0 writes it, the TLP 2.0 label beside it, and what the policy itself cannot say."""

    policy: dict[str, str | None]
    tlp: str
    beside: tuple[str, ...]


def iep_policy(
    identifier: str, name: str, question: Question, answer: Answer, first: date, last: date | None
) -> IepExport:
    """Give the policy under which what was allowed travels, in force from `first` to `last` (None: open).

    `identifier` is a UUID and `name` the agreement's name. Raise ValueError for an answer that allows nothing, or
    a question without a TLP label: there is no policy for those.
    """
    if answer.verdict is not Verdict.ALLOWED or question.tlp is None:
        message = f"there is a policy only for what is allowed and has a TLP label; the answer is “{answer.verdict}”"
        raise ValueError(message)
    clauses = dict.fromkeys(ground.clause for ground in answer.grounds if ground.clause)
    policy = {
        "id": identifier,
        "name": f"{name}: {', '.join(clauses)}",
        "description": "; ".join(ground.says for ground in answer.grounds),
        "iep_version": "2.0",
        "start_date": f"{first.isoformat()}T00:00:00Z",
        "end_date": None if last is None else f"{last.isoformat()}T23:59:59Z",
        "encrypt_in_transit": "may" if question.tlp is Tlp.CLEAR else "must",
        "permitted_actions": _permitted(question.tlp),
        "affected_party_notifications": "may" if question.tlp < Tlp.AMBER else "must-not",
        "tlp": IEP_TLP[question.tlp],
        "attribution": "must-not" if question.action is Action.PASS_ON else "may",
        "unmodified_resale": "must-not",
    }
    return IepExport(policy, f"TLP:{question.tlp.label}", tuple(_beside(question.tlp, answer)))


def _permitted(tlp: Tlp) -> str:
    """Give how visibly the recipient may act: what is not for its community may not show outside."""
    if tlp is Tlp.RED:
        return "contact-for-instruction"
    return "internally-visible-actions" if tlp >= Tlp.AMBER else "externally-visible-direct-actions"


def _beside(tlp: Tlp, answer: Answer) -> list[str]:
    strict = [STRICT] if tlp is Tlp.AMBER_STRICT else []
    duties = [f"{duty.words} ({duty.clause})" for duty in answer.duties]
    return strict + duties + [f"{what} has been taken out" for what in answer.redact]
