"""The words of an undertaking: what can be recorded of it, and how it stands."""

import enum
from typing import Final


class EntryKind(enum.StrEnum):
    """What can be recorded of an undertaking; `says` of the entry holds what is named here."""

    ASSIGNED = "assigned"
    """The owner: a person at the desk, or an agency."""
    DUE = "due date"
    """A rule of `recurrence`; with a number it moves that one time."""
    REPORT = "report due"
    """The rule by which a report is due."""
    REPLY = "reply"
    """The state's answer: a word of `Reply`."""
    HAPPENED = "event"
    """The name of the event that a rule waits for; it came on the day of effect. Of a clause that a request starts:
    how urgent the request is and when it came, such as “normal 2027-07-09T18:00”; its number counts the requests."""
    EVIDENCE = "evidence"
    """What shows that it is done: words, or an address."""
    DONE = "done"
    REOPENED = "reopened"
    REPORTED = "reported"
    CANCELLED = "cancelled"
    RESUMED = "resumed"


class Reply(enum.StrEnum):
    """How the state answers a recommendation or request."""

    ACCEPTED = "accepted"
    PARTLY = "accepted in part"
    NOTED = "noted"


class State(enum.StrEnum):
    """How one time of an undertaking stands on a day."""

    OVERDUE = "overdue"
    DUE = "due today"
    AHEAD = "ahead"
    WAITS = "waits for its event"
    UNDATED = "no date"
    DONE = "done"
    CANCELLED = "cancelled"
    NOT_BINDING = "not binding"
    NOT_FOLLOWED = "not followed"


OPEN: Final = frozenset({State.OVERDUE, State.DUE, State.AHEAD, State.WAITS, State.UNDATED})


class Part(enum.StrEnum):
    """What of an undertaking is due: the thing itself, a report on it, or what follows when it was done."""

    DUTY = "duty"
    REPORT = "report"
    FOLLOWS = "what follows"
