"""Consents to passing on: what is wrong with an originator’s answer, before it is recorded.

An answer is one originator’s, for one third party, and speaks of an object, a case, a kind of information, or all that
came under one agreement (`consent_scopes` says which decides). A later “no” is a withdrawal, and what went out before
stays gone out.
"""

import enum
from collections.abc import Iterable

from comity.policy.agreements import Agreement
from comity.policy.clause_form import asks_for_consent
from comity.policy.consent_scopes import ConsentGiven, Reach, Scope
from comity.policy.dates import EARLIEST_DAY, LATEST_DAY
from comity.policy.saying import sentence
from comity.policy.vocabulary import Information, Purpose


def objections(agreement: Agreement, us: str, new: ConsentGiven) -> tuple[str, ...]:
    """Give what is wrong with recording *new*, each as one sentence with its mend; empty when it is right.

    *us* is the code of the party whose desk this is: it asks others for consent, and gives none to itself.
    """
    return (*_of_whom(agreement, us, new), *of_scope(new.scope), *_of_conditions(new), *_of_when(new))


def _of_whom(agreement: Agreement, us: str, new: ConsentGiven) -> Iterable[str]:
    others = ", ".join(party.code for party in agreement.parties if party.code != us)
    if new.originator == us or agreement.party(new.originator) is None:
        yield sentence(
            "“{originator}” gave nothing under “{agreement}”; name the party whose material it is: {others}",
            originator=new.originator,
            agreement=agreement.name,
            others=others,
        )
    if new.recipient in {us, new.originator}:
        yield sentence(
            "“{recipient}” is no third party here; name the one to whom the material would go on",
            recipient=new.recipient,
        )


def of_scope(scope: Scope) -> Iterable[str]:
    """Yield what is wrong with what a question or an answer speaks of."""
    if scope.singles_out and not scope.name.strip():
        yield sentence("name what it is about: an object by its whole id, a case by its name")
    if scope.reach is Reach.KIND and not (scope.information or scope.purpose or scope.tlp_up_to is not None):
        yield sentence("a kind is told by a category of information, a purpose or a TLP limit: name one at least")
    if scope.information and scope.information not in set(Information):
        yield sentence("“{word}” is no category of information; write one of {words}", word=scope.information,
                       words=", ".join(Information))  # fmt: skip
    if scope.purpose and scope.purpose not in set(Purpose):
        yield sentence("“{word}” is no purpose; write one of {words}", word=scope.purpose, words=", ".join(Purpose))


def _of_conditions(new: ConsentGiven) -> Iterable[str]:
    if not new.given and (new.words or new.tlp_up_to is not None):
        yield sentence("a “no” has no conditions: leave them out, or answer “yes” on them")


def _of_when(new: ConsentGiven) -> Iterable[str]:
    for day in (new.effective_on, new.until):
        if day is not None and not EARLIEST_DAY <= day <= LATEST_DAY:
            yield sentence(
                "{day} is too far off; give a day from {first} to {last}, and leave the last day out for “without end”",
                day=day, first=EARLIEST_DAY.year, last=LATEST_DAY.year,
            )  # fmt: skip
    if new.until is not None and new.until < new.effective_on:
        yield sentence(
            "it cannot hold until {until}, before it takes effect on {day}; mend one of the two",
            until=new.until,
            day=new.effective_on,
        )


def onward_clauses(agreement: Agreement) -> tuple[str, ...]:
    """Name the clauses of *agreement* whose answer on passing on turns on the originator’s consent."""
    return tuple(
        clause.id
        for clause in agreement.clauses
        if asks_for_consent(clause)
    )


class Outcome(enum.StrEnum):
    """What came of a question so far. An originator may answer anew, and take a yes back, at any time."""

    ASKED = "asked"
    SILENT = "no answer in time"
    YES = "consents"
    NO = "does not consent"
    TAKEN_BACK = "taken back"


def outcome(said: Iterable[tuple[str, str]], *, late: bool) -> Outcome:
    """Give what came of a question: from the kinds of its messages and the answers in them, in their order.

    *late*: the time for an answer is over.
    """
    at = Outcome.SILENT if late else Outcome.ASKED
    for kind, answer in said:
        if kind == "consent-answer":
            at = Outcome.YES if answer == "yes" else Outcome.NO
        elif kind == "request-withdrawn":
            at = Outcome.TAKEN_BACK
    return at
