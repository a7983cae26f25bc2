"""What an agreement allows, as an Information Exchange Policy (FIRST, IEP 2.0 Framework and JSON Specification).

An IEP is coarser than a clause, so two rules hold. Where it has no such word, the stricter one is taken: its `tlp`
predates TLP 2.0 and knows no AMBER+STRICT, which becomes red and never amber. And what it cannot carry is named in
`lost`, and travels in words in its description; the TLP 2.0 label stays beside it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from comity.policy.agreements import Agreement
from comity.policy.dates import ONE_DAY
from comity.policy.markings import Tlp
from comity.policy.questions import Answer, Verdict
from comity.policy.standing import Standing
from comity.policy.vocabulary import Action, Effect

VERSION = 2.0
TLP_WORDS = {Tlp.CLEAR: "white", Tlp.GREEN: "green", Tlp.AMBER: "amber", Tlp.AMBER_STRICT: "red", Tlp.RED: "red"}
ENCRYPT = "encrypt in transit"
NAME_US = "name the originator"


class NothingToExportError(ValueError):
    """An answer that allows nothing has no policy under which to exchange."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """An IEP 2.0 policy object as JSON values, the TLP 2.0 label beside it, and what the policy could not carry."""

    policy: dict[str, str | float | None]
    tlp: Tlp
    lost: tuple[str, ...]


def exchange(agreement: Agreement, answer: Answer, recipient: Standing, tlp: Tlp, identifier: str) -> Exchange:
    """Give the policy under which something labelled `tlp` goes to a recipient that stands so to `agreement`.

    `identifier` is the policy's id, one for each kind of release. Raise NothingToExportError unless it is allowed.
    """
    if answer.verdict is not Verdict.ALLOWED:
        message = f"“{agreement.name}” answers “{answer.verdict}”; only what is allowed has an exchange policy"
        raise NothingToExportError(message)
    ends = [day for day in (recipient.until, recipient.notice_until) if day is not None]
    policy: dict[str, str | float | None] = {
        "id": identifier,
        "name": _name(agreement, answer),
        "description": " ".join(_description(agreement, answer, tlp)),
        "iep_version": VERSION,
        "start_date": _instant(agreement, recipient.since),
        "end_date": _instant(agreement, min(ends) + ONE_DAY) if ends else None,
        "encrypt_in_transit": "must" if tlp is not Tlp.CLEAR or _has(answer, ENCRYPT) else "may",
        "permitted_actions": "externally-visible-direct-actions" if tlp is Tlp.CLEAR else "internally-visible-actions",
        "affected_party_notifications": "must-not" if tlp is not Tlp.CLEAR and _closed_onward(agreement) else "may",
        "tlp": TLP_WORDS[tlp],
        "attribution": "must" if _has(answer, NAME_US) else "must-not",
        "unmodified_resale": "must-not",
    }
    return Exchange(policy, tlp, tuple(_lost(answer, tlp)))


def _has(answer: Answer, words: str) -> bool:
    return any(duty.words == words for duty in answer.duties)


def _closed_onward(agreement: Agreement) -> bool:
    """Tell whether a clause holds back what is passed on; telling a victim would be passing on."""
    return any(
        clause.effect is Effect.MUST_NOT and Action.PASS_ON in clause.actions and clause.when is None
        for clause in agreement.clauses
    )


def _name(agreement: Agreement, answer: Answer) -> str:
    clauses = ", ".join(dict.fromkeys(ground.clause for ground in answer.grounds if ground.clause))
    return f"{agreement.name}, {clauses}{' (fictional)' if agreement.fictional else ''}"


def _description(agreement: Agreement, answer: Answer, tlp: Tlp) -> Iterator[str]:
    yield f"TLP:{tlp.label}."
    yield from (f"{ground.says}." for ground in answer.grounds)
    yield from (f"{duty.clause}: {duty.words}." for duty in answer.duties)
    yield from (f"Taken out first: {what}." for what in answer.redact)
    if agreement.fictional:
        yield "The agreement is fictional."


def _lost(answer: Answer, tlp: Tlp) -> Iterator[str]:
    if tlp is Tlp.AMBER_STRICT:
        yield "TLP:AMBER+STRICT, which became red"
    carried = {ENCRYPT, NAME_US}
    yield from (f"the duty of {duty.clause}: {duty.words}" for duty in answer.duties if duty.words not in carried)
    yield from (f"that {what} was taken out" for what in answer.redact)


def _instant(agreement: Agreement, day: date | None) -> str | None:
    """Give the beginning of a day at the agreement's place as RFC 3339 in UTC."""
    if day is None:
        return None
    begins = datetime.combine(day, time(), ZoneInfo(agreement.time_zone))
    return begins.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
