"""What is asked of an agreement, and what it answers: plain values."""

import enum
from dataclasses import dataclass, field
from datetime import date

from comity.policy.grounds import Duty, Ground
from comity.policy.markings import Tlp
from comity.policy.vocabulary import Action


class Verdict(enum.StrEnum):
    """What an agreement says to a question.

    `allowed`; `refused`; `ask` (a fact that matters is not known); `refer to counsel` (two clauses clash).
    """

    ALLOWED = "allowed"
    REFUSED = "refused"
    ASK = "ask"
    REFER = "refer to counsel"


@dataclass(frozen=True, slots=True)
class Question:
    """May this go from `sender` to `recipient` (codes of parties)? None always means that the fact is not known.

    `information`, `purpose`, `personal_data`, `originator_consent` and `authority_approval` are words of the
    vocabularies of the same name. `consent_on` is the day on which the originator's consent was given. What is
    flagged `exercise` is asked about as exercise material, whatever it looks like. For `pass on` the sender is the
    party that once received it, and the recipient may be any state at all.
    """

    action: Action
    information: str | None
    purpose: str | None
    tlp: Tlp | None
    personal_data: str | None
    sender: str
    recipient: str
    exercise: bool = False
    originator_consent: str | None = None
    authority_approval: str | None = None
    emergency: bool = False
    consent_on: date | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What one agreement answers, and why.

    `duties` and `redact` go with `allowed`; `missing` names the facts to ask for, in the words of `Question`'s
    fields; `backlog_from`, when given, is the first day whose material the recipient may have.
    """

    verdict: Verdict
    grounds: tuple[Ground, ...]
    duties: tuple[Duty, ...] = ()
    missing: tuple[str, ...] = ()
    redact: tuple[str, ...] = ()
    backlog_from: date | None = field(default=None)
