"""The closed vocabularies of an agreement file: every word that has a meaning for the evaluator.

Each value is written in a file exactly as it stands here. A word that is not listed is an error, never a guess.
"""

import enum


class Force(enum.StrEnum):
    """What kind of bond it is: `binding` under international law, or `political`."""

    POLITICAL = "political"
    BINDING = "binding"


class Effect(enum.StrEnum):
    """What a clause does: `may`, `must` or `must not`."""

    MAY = "may"
    MUST = "must"
    MUST_NOT = "must not"


class Action(enum.StrEnum):
    """What a clause is about: `share` with a party, `pass on` what was received, `request` help, `delete`."""

    SHARE = "share"
    PASS_ON = "pass on"  # noqa: S105 (an action, not a password)
    REQUEST = "request"
    DELETE = "delete"


class Information(enum.StrEnum):
    """The categories of information."""

    TECHNICAL_INDICATORS = "technical indicators"
    INCIDENT_REPORT = "incident report"
    THREAT_ANALYSIS = "threat analysis"
    VULNERABILITY_INFORMATION = "vulnerability information"
    EXERCISE_MATERIAL = "exercise material"
    BEST_PRACTICE = "best practice"
    CONTACT_DETAILS = "contact details"


class Purpose(enum.StrEnum):
    """What information is shared for."""

    PREVENTION = "prevention"
    INCIDENT_RESPONSE = "incident response"
    TRAINING = "training"
    RESEARCH = "research"
    CAPACITY_BUILDING = "capacity building"
    CRIMINAL_EVIDENCE = "criminal evidence"
    DIPLOMACY = "diplomacy"


class PersonalData(enum.StrEnum):
    """Whether personal data is in it: `none`, `present`, or `sensitive` (which is present as well)."""

    NONE = "none"
    PRESENT = "present"
    SENSITIVE = "sensitive"


class Consent(enum.StrEnum):
    """What the originator answered: `none` (not asked, or no), `silence` (asked, no answer), `oral`, `written`."""

    NONE = "none"
    SILENCE = "silence"
    ORAL = "oral"
    WRITTEN = "written"


class Approval(enum.StrEnum):
    """Whether the data protection authority approved: `none` or `given`."""

    NONE = "none"
    GIVEN = "given"


class YesNo(enum.StrEnum):
    """A plain answer: `yes` or `no`."""

    NO = "no"
    YES = "yes"


class Silence(enum.StrEnum):
    """What silence means under one clause: `refusal`, `consent`, or that counsel says what (`refer to counsel`)."""

    REFUSAL = "refusal"
    CONSENT = "consent"
    REFER = "refer to counsel"


class Redaction(enum.StrEnum):
    """What is removed before sharing: `personal data`."""

    PERSONAL_DATA = "personal data"


class WhoseHolidays(enum.StrEnum):
    """Whose holidays stop the count of working days: those of the `receiver`, the `sender`, `both` or `neither`."""

    RECEIVER = "receiver"
    SENDER = "sender"
    BOTH = "both"
    NEITHER = "neither"


class MonthEnd(enum.StrEnum):
    """Where a period of months ends if the month has no such day, and what becomes of a month's last day.

    * `last day of the month`: 31 August and six months is 28 February; 28 February and six months is 28 August.
    * `first day of the next month`: 31 August and six months is 1 March.
    * `month end stays month end`: as the first, and 28 February (the month's end) and six months is 31 August.
    """

    LAST_DAY = "last day of the month"
    NEXT_MONTH = "first day of the next month"
    STAYS = "month end stays month end"


class Beside(enum.StrEnum):
    """What two agreements with one partner do: each `adds`, each `narrows`, or `refer to counsel`."""

    ADDS = "adds"
    NARROWS = "narrows"
    REFER = "refer to counsel"


class Backlog(enum.StrEnum):
    """What a party gets that was shared before it was bound: `all`, or only what comes `from joining`."""

    ALL = "all"
    FROM_JOINING = "from joining"


class CountedFrom(enum.StrEnum):
    """From when a notice is counted: its `receipt` or its `sending`."""

    RECEIPT = "receipt"
    SENDING = "sending"


class RenewalKind(enum.StrEnum):
    """How a term is renewed: `tacit` (unless stopped in time) or `express` (only if both say so)."""

    TACIT = "tacit"
    EXPRESS = "express"


class NoticeBy(enum.StrEnum):
    """Who may give a notice: `either` party, `any party`, or only `both` together."""

    EITHER = "either"
    ANY = "any party"
    BOTH = "both"


class Trigger(enum.StrEnum):
    """What starts a duty: a `request for help`, an `incident`, an `exercise`, a `breach of confidence`, a `recall`."""

    REQUEST = "request for help"
    INCIDENT = "incident"
    EXERCISE = "exercise"
    BREACH = "breach of confidence"
    RECALL = "recall"


class Urgency(enum.StrEnum):
    """How urgent a request is: `normal` or `emergency`."""

    NORMAL = "normal"
    EMERGENCY = "emergency"


class Weekday(enum.StrEnum):
    """The days of the week, in their order from Monday."""

    MONDAY = "Monday"
    TUESDAY = "Tuesday"
    WEDNESDAY = "Wednesday"
    THURSDAY = "Thursday"
    FRIDAY = "Friday"
    SATURDAY = "Saturday"
    SUNDAY = "Sunday"
