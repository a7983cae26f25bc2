"""The course of a review of capacity: its states, and the closed table of the moves between them.

A full review goes the way of the CMM’s own (GCSCC, review process): desk research, sessions with clusters of
stakeholders, follow-up, a draft report, the government’s word on it, publication or not. A self-review is one person’s
answers, and is published or withheld. What was published stays as it was known then; opened anew, the review goes on.
"""

import enum
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final


class ReviewKind(enum.StrEnum):
    """How much ceremony a review has."""

    FULL = "full review"
    SELF = "self-review"


class ReviewState(enum.StrEnum):
    """Where a review stands."""

    PLANNED = "planned"
    DESK_RESEARCH = "desk research"
    SESSIONS = "sessions"
    FOLLOW_UP = "follow-up"
    DRAFT_REPORT = "draft report"
    WITH_GOVERNMENT = "with government"
    UNDER_WAY = "under way"
    PUBLISHED = "published"
    WITHHELD = "withheld"


_S = ReviewState
MOVES: Final[Mapping[ReviewKind, Mapping[ReviewState, tuple[ReviewState, ...]]]] = MappingProxyType({
    ReviewKind.FULL: MappingProxyType({
        _S.PLANNED: (_S.DESK_RESEARCH, _S.SESSIONS),
        _S.DESK_RESEARCH: (_S.SESSIONS,),
        _S.SESSIONS: (_S.FOLLOW_UP, _S.DRAFT_REPORT),
        _S.FOLLOW_UP: (_S.SESSIONS, _S.DRAFT_REPORT),
        _S.DRAFT_REPORT: (_S.FOLLOW_UP, _S.WITH_GOVERNMENT),
        _S.WITH_GOVERNMENT: (_S.DRAFT_REPORT, _S.PUBLISHED, _S.WITHHELD),
        _S.PUBLISHED: (_S.FOLLOW_UP,),
        _S.WITHHELD: (_S.PUBLISHED, _S.FOLLOW_UP),
    }),
    ReviewKind.SELF: MappingProxyType({
        _S.UNDER_WAY: (_S.PUBLISHED, _S.WITHHELD),
        _S.PUBLISHED: (_S.UNDER_WAY,),
        _S.WITHHELD: (_S.PUBLISHED, _S.UNDER_WAY),
    }),
})  # fmt: skip
"""Where a review may go from where it stands."""
FIRST: Final = MappingProxyType({ReviewKind.FULL: _S.PLANNED, ReviewKind.SELF: _S.UNDER_WAY})
ANSWERED: Final = frozenset({_S.DESK_RESEARCH, _S.SESSIONS, _S.FOLLOW_UP, _S.UNDER_WAY})
"""Where answers are taken, and rounds closed."""
WRITTEN: Final = ANSWERED | {_S.PLANNED, _S.DRAFT_REPORT}
"""Where people, notes, evidence, dissent and rulings are taken."""


def moves(kind: ReviewKind, here: ReviewState) -> tuple[ReviewState, ...]:
    """Give where a review may go from here."""
    return MOVES[kind].get(here, ())
