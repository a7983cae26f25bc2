"""A statement against the register: confirmed, partly, contradicted, category error, or not found.

*Not found is never no*: absence speaks only where a list was read to its end, and only up to its day. A denial is
judged by what it denies. What is planned, hedged, conditional, urged or asked is no claim of fact and gets no verdict,
only what holds now.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from comity.claims import judging_acts, judging_texts
from comity.claims.findings import Finding, Found
from comity.claims.register import Act, Checked, Register, Status
from comity.claims.statements import Sense, Statement
from comity.claims.wording import Ground, Phrase, Settles, ground

FRESH: Final = timedelta(days=366)


class Verdict(StrEnum):
    """What the register makes of a claim of fact."""

    CONFIRMED = "confirmed"
    PARTLY = "partly"
    CONTRADICTED = "contradicted"
    CATEGORY_ERROR = "category error"
    NOT_FOUND = "not found"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the register says of one statement; `verdict` is None where it states no fact."""

    statement: Statement
    verdict: Verdict | None
    grounds: tuple[Ground, ...]
    settles: Settles | None = None


_STRAIGHT: Final = {
    Finding.YES: Verdict.CONFIRMED,
    Finding.OTHER_DAY: Verdict.PARTLY,
    Finding.IN_PART: Verdict.PARTLY,
    Finding.NO: Verdict.CONTRADICTED,
    Finding.CANNOT: Verdict.CATEGORY_ERROR,
    Finding.UNKNOWN: Verdict.NOT_FOUND,
}
_DENIED: Final = {
    Finding.YES: Verdict.CONTRADICTED,
    Finding.OTHER_DAY: Verdict.CONTRADICTED,
    Finding.IN_PART: Verdict.PARTLY,
    Finding.NO: Verdict.CONFIRMED,
    Finding.CANNOT: Verdict.CATEGORY_ERROR,
    Finding.UNKNOWN: Verdict.NOT_FOUND,
}
_SOFT: Final = frozenset({Act.PRIORITY, Act.PART_OF_POLICY, Act.FOUND_GAPS, Act.IS_A})
_STATUS: Final = {
    Status.CONFIRMED: Finding.YES,
    Status.CONTRADICTED: Finding.NO,
    Status.PARTLY: Finding.IN_PART,
    Status.NOT_FOUND: Finding.UNKNOWN,
    Status.CLAIMED: Finding.UNKNOWN,
}


def judge(statement: Statement, register: Register) -> Judgement | None:
    """Judge one statement; None for a soft one on which the register has nothing to say."""
    found = find(statement, register)
    if found is None:
        return None
    settles = _settles(statement, found)
    if not statement.of_fact:
        sense = ground(Phrase.SENSE, sense=statement.sense.value)
        return Judgement(statement, None, (sense, *found.grounds), None if found.finding is Finding.YES else settles)
    denied = statement.sense is Sense.DENIED or statement.negated
    verdict = Verdict((_DENIED if denied else _STRAIGHT)[found.finding])
    if denied and any(one.key is Phrase.SIGNED_ONLY for one in found.grounds):
        verdict = Verdict.NOT_FOUND  # that it signed says nothing of whether it has ratified since
    return Judgement(statement, verdict, found.grounds, None if verdict is Verdict.CONFIRMED else settles)


def find(statement: Statement, register: Register) -> Found | None:
    """Find what the register has on what is said, leaving aside in which sense it is said."""
    checked = _checked(statement, register)
    if checked is not None:
        return Found(_STATUS[checked.status], (ground(Phrase.CHECKED, checked.sources, words=checked.ground),))
    if statement.act in _SOFT:
        return judging_texts.kind(statement, register) if statement.act is Act.IS_A else None
    if statement.act in {Act.WORKED_WITH, Act.HELPED}:
        return Found(Finding.UNKNOWN, (ground(Phrase.NOTHING),))
    if statement.act in {Act.MADE, Act.CONCLUDED, Act.ADOPTED}:
        return judging_texts.find(statement, register)
    return judging_acts.find(statement, register)


def _checked(statement: Statement, register: Register) -> Checked | None:
    """Find a claim that was looked into as a whole."""
    for one in register.checked:
        if one.act is statement.act and _same_parties(one, statement) and _same_thing(one, statement):
            return one
    return None


def _same_parties(one: Checked, statement: Statement) -> bool:
    subject = statement.subject.ref if statement.subject else ""
    partner = statement.partner.ref if statement.partner else ""
    return one.party == subject and (not one.partner or one.partner == partner)


def _same_thing(one: Checked, statement: Statement) -> bool:
    if one.thing and (statement.object is None or statement.object.ref != one.thing):
        return False
    if (
        statement.when is not None
        and one.year
        and not statement.when.first.year <= one.year <= statement.when.last.year
    ):
        return False
    said = f"{statement.topic} {statement.object.text if statement.object else ''}".lower()
    return not one.words or any(word.lower() in said for word in one.words)


def _settles(statement: Statement, found: Found) -> Settles:
    if found.finding is Finding.CANNOT:
        return Settles.NOTHING
    return {
        Act.MEMBER: Settles.MEMBERS,
        Act.ENDORSED: Settles.CODES,
        Act.TOOK_PART: Settles.EVENT,
        Act.HOSTED: Settles.EVENT,
        Act.CONCLUDED: Settles.AGREEMENT,
        Act.MADE: Settles.MAKER,
        Act.IS_A: Settles.MAKER,
        Act.ADOPTED: Settles.TEXT,
        Act.PRIORITY: Settles.TEXT,
        Act.PART_OF_POLICY: Settles.TEXT,
        Act.WORKED_WITH: Settles.WORK,
        Act.HELPED: Settles.WORK,
        Act.FOUND_GAPS: Settles.WORK,
    }.get(statement.act, Settles.TREATY)


def as_stated(statement: Statement) -> Statement:
    """Give the same statement said plainly."""
    return replace(statement, sense=Sense.STATED, negated=False)


def fresh(as_of: date, register: Register) -> bool:
    """Tell whether a list of that day still speaks for today."""
    return register.today - as_of <= FRESH
