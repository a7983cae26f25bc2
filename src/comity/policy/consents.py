"""Consents to passing on: what is wrong with an originator’s answer, before it is recorded.

An answer is one originator’s, for one third party, for all that came under one agreement. Of the answers that hold on a
day the one recorded last decides; a later “no” is a withdrawal, and what went out before stays gone out.
"""

from collections.abc import Iterable

from comity.policy.agreements import Agreement
from comity.policy.dates import EARLIEST_DAY, LATEST_DAY
from comity.policy.release import ConsentGiven
from comity.policy.vocabulary import Action


def objections(agreement: Agreement, us: str, new: ConsentGiven) -> tuple[str, ...]:
    """Give what is wrong with recording *new*, each as one sentence with its mend; empty when it is right.

    *us* is the code of the party whose desk this is: it asks others for consent, and gives none to itself.
    """
    return tuple(_of_whom(agreement, us, new)) + tuple(_of_when(new))


def _of_whom(agreement: Agreement, us: str, new: ConsentGiven) -> Iterable[str]:
    others = ", ".join(party.code for party in agreement.parties if party.code != us)
    if new.originator == us or agreement.party(new.originator) is None:
        yield f"“{new.originator}” gave nothing under “{agreement.name}”; name the party whose material it is: {others}"
    if new.recipient in {us, new.originator}:
        yield f"“{new.recipient}” is no third party here; name the one to whom the material would go on"


def _of_when(new: ConsentGiven) -> Iterable[str]:
    for day in (new.effective_on, new.until):
        if day is not None and not EARLIEST_DAY <= day <= LATEST_DAY:
            years = f"{EARLIEST_DAY.year} to {LATEST_DAY.year}"
            yield f"{day} is too far off; give a day from {years}, and leave the last day out for “without end”"
    if new.until is not None and new.until < new.effective_on:
        yield f"it cannot hold until {new.until}, before it takes effect on {new.effective_on}; mend one of the two"


def onward_clauses(agreement: Agreement) -> tuple[str, ...]:
    """Name the clauses of *agreement* whose answer on passing on turns on the originator’s consent."""
    return tuple(
        clause.id
        for clause in agreement.clauses
        if Action.PASS_ON in clause.actions
        and any(one is not None and one.originator_consent for one in (clause.when, *clause.exceptions))
    )
