"""Requests between contact points: which moves are open to whom, what a request must say, and what it makes due."""

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from comity.policy.agreements import Agreement
from comity.policy.duties import due_on_request
from comity.policy.recalls import moment_of
from comity.policy.saying import Sentence, sentence
from comity.policy.vocabulary import Urgency

PRESERVED: Final = timedelta(days=60)
"""What is preserved on a foreign request is kept so long at least (Convention on Cybercrime, article 29(7))."""
PRESERVED_AT_HOME: Final = timedelta(days=90)
"""For how long a party’s own law may order it, to be renewed (article 16(2))."""


class Subject(enum.StrEnum):
    """What is asked for."""

    INFORMATION = "information"
    PRESERVATION = "preservation"
    ASSISTANCE = "assistance"
    TAKEDOWN = "takedown"
    ADVICE = "advice"
    CAPACITY = "capacity help"


class Stage(enum.StrEnum):
    """Where a request stands."""

    OPEN = "sent"
    ACKNOWLEDGED = "acknowledged"
    LIMITED = "limits to be accepted"
    ACCEPTED = "accepted"
    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Move(enum.StrEnum):
    """What one side does; the words are those of the messages."""

    ACKNOWLEDGE = "acknowledgement"
    ACCEPT = "request-accepted"
    PUT_LIMITS = "limits-put"
    ACCEPT_LIMITS = "limits-accepted"
    ANSWER = "request-answered"
    REFUSE = "request-refused"
    WITHDRAW = "request-withdrawn"


class Side(enum.StrEnum):
    """Who makes a move: who asked, or who was asked."""

    ASKER = "who asked"
    ASKED = "who was asked"


_SIDE: Final[Mapping[Move, Side]] = {
    Move.ACCEPT_LIMITS: Side.ASKER,
    Move.WITHDRAW: Side.ASKER,
    **dict.fromkeys((Move.ACKNOWLEDGE, Move.ACCEPT, Move.PUT_LIMITS, Move.ANSWER, Move.REFUSE), Side.ASKED),
}
_ENDS: Final = {Move.REFUSE: Stage.REFUSED, Move.WITHDRAW: Stage.WITHDRAWN}
_BEFORE: Final = {Move.ACCEPT: Stage.ACCEPTED, Move.PUT_LIMITS: Stage.LIMITED, Move.ANSWER: Stage.ANSWERED, **_ENDS}
MOVES: Final[Mapping[Stage, Mapping[Move, Stage]]] = {
    Stage.OPEN: {Move.ACKNOWLEDGE: Stage.ACKNOWLEDGED, **_BEFORE},
    Stage.ACKNOWLEDGED: _BEFORE,
    Stage.LIMITED: {Move.ACCEPT_LIMITS: Stage.ACCEPTED, **_ENDS},
    Stage.ACCEPTED: {Move.PUT_LIMITS: Stage.LIMITED, Move.ANSWER: Stage.ANSWERED, **_ENDS},
}
"""Every move that is possible, by where the request stands. Once limits on use are put (articles 26(2) and 28(2)),
nothing is delivered before they are accepted. The page’s diagram is drawn from this table."""


def side_of(move: Move) -> Side:
    """Tell whose move it is."""
    return _SIDE[move]


def stage(moves: Iterable[Move]) -> Stage:
    """Give where a request stands after moves that were each possible; what was not has changed nothing."""
    at = Stage.OPEN
    for move in moves:
        at = MOVES.get(at, {}).get(move, at)
    return at


def open_to(at: Stage, side: Side) -> tuple[Move, ...]:
    """Give the moves that are open to a side."""
    return tuple(move for move in MOVES.get(at, {}) if _SIDE[move] is side)


NEEDED: Final[Mapping[str, str]] = {
    "authority": "the authority that asks for it",
    "offence": "the offence, and the facts in short",
    "data": "the data to be preserved, and what they have to do with the offence",
    "custodian": "what tells who holds them, or where the system is",
    "necessity": "why it is needed",
    "intention": "that a request for search, seizure or disclosure follows",
}
"""What a request for preservation says (Convention on Cybercrime, article 29(2)(a) to (f))."""


def objections(subject: str, says: Mapping[str, str]) -> tuple[str, ...]:
    """Give what is wrong with a request before it is sent, each as a sentence with its mend."""
    if subject not in set(Subject):
        return (sentence("“{subject}” is not what can be asked for; write one of {subjects}", subject=subject,
                         subjects=tuple(Subject)),)  # fmt: skip
    found = [] if says.get("about", "").strip() else [sentence("say what is asked for")]
    if subject == Subject.PRESERVATION:
        found += [sentence("a request for preservation says {words} (article 29(2)): add {name}",
                           words=Sentence(words, {}), name=name)
                  for name, words in NEEDED.items() if not says.get(name, "").strip()]  # fmt: skip
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a request makes due: what, by when, by which clause, and what follows when it is missed."""

    name: str
    by: datetime
    clause: str
    if_missed: str = ""


def steps(agreement: Agreement, at: datetime, urgency: Urgency, asked: str, asker: str) -> tuple[Step, ...]:
    """Give what a request makes due of the party *asked*, by every clause that speaks of requests.

    Working days count by the holidays that counsel settled on: of the receiver, the sender, both or neither.
    """
    return tuple(
        Step(one.what, moment_of(one, agreement.time_zone), one.clause, one.if_missed or "")
        for one in due_on_request(agreement, at, urgency, asked, asker)
    )


def preserved_until(begun: date, days: int | None) -> date:
    """Give the last day on which data are preserved: sixty days at least from the day on which it began."""
    return begun + max(PRESERVED, timedelta(days=days or 0))


def came_too_late(by: datetime, at: datetime) -> bool:
    """Tell whether a step that came at a moment came after its time."""
    return at > by


def answered_in(moves: Sequence[tuple[Move, datetime]], sent: datetime) -> timedelta | None:
    """Give how long it took from a request to its answer or refusal; None while there is none."""
    ends = [at for move, at in moves if move in {Move.ANSWER, Move.REFUSE}]
    return ends[0] - sent if ends else None
