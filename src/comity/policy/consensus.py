"""From what several raters say of an indicator to one answer: a round’s outcome, the chair’s ruling, or neither.

A round ends with an *outcome* for each indicator: agreed, where the share that the review asks for (all, unless it says
otherwise) of those who know gave the same answer; contested, where not; unknown, where nobody knows. Nothing is
averaged, and who does not know takes no side. A *ruling* of the chair settles what is contested, with its reason. A
later round in which the raters do agree counts before an earlier ruling; one in which they still do not leaves it.
"""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from comity.policy.staging import Answer, Evidence, Rating

ALL = 100
"""Percent: everybody who knows says the same."""
FEWEST = 51
Counts = Mapping[Answer, int]
"""How many raters gave each answer to one indicator."""
VALUES: Mapping[Answer, int] = {Answer.NOT_MET: 0, Answer.PARTLY: 1, Answer.MET: 2, Answer.NOT_APPLICABLE: 3}
"""The answers as values of `policy.concordance`; an unknown is a missing value. The first three have an order."""


class Ground(enum.StrEnum):
    """What an answer stands on."""

    NOBODY = "nobody has answered"
    ONE = "one rater"
    CONSENSUS = "consensus"
    CONTESTED = "contested"
    RULING = "ruling of the chair"
    CONFLICT = "two versions of one answer"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a round found of one indicator: the answer of most, whether that is not agreed, and of how many who know."""

    answer: Answer
    contested: bool
    known: int


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruling: its answer and reason, and its place in the order of happenings."""

    answer: Answer
    reason: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Settled:
    """What stands for an indicator, and on what ground."""

    answer: Answer
    ground: Ground
    reason: str = ""

    @property
    def open(self) -> bool:
        """Tell whether nobody has settled it."""
        return self.answer is Answer.UNKNOWN or self.ground in (Ground.CONTESTED, Ground.CONFLICT)


def outcome(counts: Counts, percent: int = ALL) -> Outcome:
    """Give the outcome of a round for one indicator; *percent* (51 to 100) of those who know have to agree."""
    known = {answer: n for answer, n in counts.items() if n and answer is not Answer.UNKNOWN}
    total = sum(known.values())
    if not total:
        return Outcome(Answer.UNKNOWN, contested=False, known=0)
    most = max(known.values())
    leading = [answer for answer, n in known.items() if n == most]
    agreed = len(leading) == 1 and most * 100 >= percent * total
    return Outcome(leading[0] if len(leading) == 1 else Answer.UNKNOWN, not agreed, total)


def settled(
    found: Outcome, at: int, ruled: Ruled | None = None, *, alone: bool = False, clash: bool = False
) -> Settled:
    """Give what stands: *found* at place *at* of the order of happenings, and what the chair ruled, if anything.

    *alone*: the review has one rater, whose answer is the result. *clash*: two versions of one answer wait to be
    settled; until then nothing is.
    """
    if clash:
        return Settled(found.answer, Ground.CONFLICT)
    if ruled is not None and (found.contested or not found.known or ruled.sequence > at):
        return Settled(ruled.answer, Ground.RULING, ruled.reason)
    if not found.known:
        return Settled(Answer.UNKNOWN, Ground.NOBODY)
    if found.contested:
        return Settled(found.answer, Ground.CONTESTED)
    return Settled(found.answer, Ground.ONE if alone else Ground.CONSENSUS)


def rating(stands: Settled, evidence: Iterable[Evidence] = ()) -> Rating:
    """Give what stands as `policy.staging` takes it."""
    contested = stands.ground in (Ground.CONTESTED, Ground.CONFLICT)
    return Rating(stands.answer, tuple(evidence), stands.reason, contested)
