"""Consents to passing on: what is wrong with an originator’s answer, before it is recorded.

An answer is one originator’s, for one third party, for all that came under one agreement. Of the answers that hold on a
day the one recorded last decides; a later “no” is a withdrawal, and what went out before stays gone out.
"""

from collections.abc import Iterable

from comity.policy.agreements import Agreement
from comity.policy.dates import EARLIEST_DAY, LATEST_DAY
from comity.policy.release import ConsentGiven
from comity.policy.saying import sentence
from comity.policy.vocabulary import Action


def objections(agreement: Agreement, us: str, new: ConsentGiven) -> tuple[str, ...]:
    """Give what is wrong with recording *new*, each as one sentence with its mend; empty when it is right.

    *us* is the code of the party whose desk this is: it asks others for consent, and gives none to itself.
    """
    return tuple(_of_whom(agreement, us, new)) + tuple(_of_when(new))


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
        if Action.PASS_ON in clause.actions
        and any(one is not None and one.originator_consent for one in (clause.when, *clause.exceptions))
    )
