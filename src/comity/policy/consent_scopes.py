"""What an originator's answer on passing on speaks of, and which answer decides.

An answer is for one third party and speaks of one object, of a case, of a kind of information, or of all that came
under one agreement. The narrowest that speaks of a thing decides. Of several answers about one and the same, the one
recorded last counts; where two of one reach speak of a thing (it belongs to two cases, it derives from two objects),
any “no” stands. A “yes” up to a TLP label is a “no” above it.

A question that nobody answered is silence from the day that its clause says, and only where no answer speaks.
"""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from comity.policy.agreements import Agreement
from comity.policy.dates import deadline
from comity.policy.duties import calendars
from comity.policy.grounds import Duty, Ground, Phrase
from comity.policy.handling import Handling
from comity.policy.markings import Tlp
from comity.policy.vocabulary import Action, Consent


class Reach(enum.StrEnum):
    """How much an answer speaks of, the narrowest first."""

    OBJECT = "object"
    CASE = "case"
    KIND = "kind"
    AGREEMENT = "agreement"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a question or an answer speaks of.

    `name` is an object's id or a case's name; a kind is given by `information`, `purpose` and `tlp_up_to`, of which
    an empty one means any.
    """

    reach: Reach = Reach.AGREEMENT
    name: str = ""
    information: str = ""
    purpose: str = ""
    tlp_up_to: Tlp | None = None

    @property
    def tag(self) -> str:
        """Give the mark that things of an object's or a case's scope carry in their handling class."""
        return f"{self.reach}:{self.name}"

    @property
    def singles_out(self) -> bool:
        """Tell whether it speaks of single things, which have to be told from others of their class."""
        return self.reach in {Reach.OBJECT, Reach.CASE}

    def speaks_of(self, handling: Handling, tlp: Tlp) -> bool:
        """Tell whether what stands in a class, at a label, is spoken of."""
        if self.singles_out:
            return self.tag in handling.named
        return (
            self.information in {"", handling.information}
            and self.purpose in {"", handling.purpose}
            and (self.tlp_up_to is None or tlp <= self.tlp_up_to)
        )


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """An originator's answer for one third party: `given` is yes, `scope` of what.

    A yes may be on conditions: up to a TLP label, in `words`, until a day. `number` is that of its record.
    """

    originator: str
    recipient: str
    agreement: str
    given: bool
    effective_on: date
    until: date | None
    recorded_at: datetime
    scope: Scope = Scope()
    tlp_up_to: Tlp | None = None
    words: str = ""
    number: int = 0

    @property
    def about(self) -> tuple[str, str, str]:
        """Give whose answer it is, for whom, under which agreement."""
        return self.originator, self.recipient, self.agreement


@dataclass(frozen=True, slots=True)
class ConsentAsked:
    """A question to an originator; `closed_at` is when it was answered or taken back, None while it is open."""

    originator: str
    recipient: str
    agreement: str
    asked_at: datetime
    scope: Scope = Scope()
    closed_at: datetime | None = None

    @property
    def about(self) -> tuple[str, str, str]:
        """Give who is asked, for whom, under which agreement."""
        return self.originator, self.recipient, self.agreement

    def open_at(self, moment: datetime) -> bool:
        """Tell whether it waits for an answer at a moment, by what is known then."""
        return self.asked_at <= moment and (self.closed_at is None or moment < self.closed_at)


@dataclass(frozen=True, slots=True)
class Word:
    """What an originator says of one thing: the fact for the clauses, the day it dates from, what it rests on.

    `grounds` are for an answer that opens (`said` written or silence) or for the one that stands against it (none).
    """

    said: Consent = Consent.NONE
    since: date | None = None
    grounds: tuple[Ground, ...] = ()
    duties: tuple[Duty, ...] = ()


NOTHING: Final = Word()
_YES: Final = {
    Reach.OBJECT: Phrase.AGREED_OBJECT,
    Reach.CASE: Phrase.AGREED_CASE,
    Reach.KIND: Phrase.AGREED_KIND,
    Reach.AGREEMENT: Phrase.AGREED_ALL,
}
_NO: Final = {
    Reach.OBJECT: Phrase.DECLINED_OBJECT,
    Reach.CASE: Phrase.DECLINED_CASE,
    Reach.KIND: Phrase.DECLINED_KIND,
    Reach.AGREEMENT: Phrase.DECLINED_ALL,
}


def word_on(agreement: Agreement, handling: Handling, tlp: Tlp, day: date, answers: Iterable[ConsentGiven],
            questions: Iterable[ConsentAsked]) -> Word:  # fmt: skip
    """Give an originator's word on a day, from its *answers* for one third party in the order of their recording.

    *answers* and *questions* are those under this agreement, of this originator and for this recipient, that were
    known at the moment; of *questions* those that were open then.
    """
    speaking = [
        one for one in answers
        if one.effective_on <= day and (one.until is None or day <= one.until) and one.scope.speaks_of(handling, tlp)
    ]  # fmt: skip
    for reach in Reach:
        last = {one.scope: one for one in speaking if one.scope.reach is reach}
        if last:
            return _decided(agreement, tuple(last.values()), tlp)
    silent = [(one, since) for one in questions if one.scope.speaks_of(handling, tlp)
              and (since := silent_from(agreement, one)) is not None and since <= day]  # fmt: skip
    return _silence(agreement, *min(silent, key=lambda pair: pair[1])) if silent else NOTHING


def _decided(agreement: Agreement, answers: Sequence[ConsentGiven], tlp: Tlp) -> Word:
    against = [one for one in answers if not one.given]
    above = [one for one in answers if one.given and one.tlp_up_to is not None and tlp > one.tlp_up_to]
    if against:
        return Word(grounds=tuple(_ground(agreement, one, _NO[one.scope.reach]) for one in against))
    if above:
        return Word(grounds=tuple(_ground(agreement, one, Phrase.AGREED_BELOW) for one in above))
    return Word(
        Consent.WRITTEN,
        min(one.effective_on for one in answers),
        tuple(_ground(agreement, one, _YES[one.scope.reach]) for one in answers),
        tuple(Duty(agreement.name, f"consent {one.number}", one.words) for one in answers if one.words),
    )


def _ground(agreement: Agreement, one: ConsentGiven, phrase: Phrase) -> Ground:
    scope = one.scope
    limit = scope.tlp_up_to if phrase is not Phrase.AGREED_BELOW else one.tlp_up_to
    return Ground.of(
        phrase, agreement.name, None, number=str(one.number), originator=one.originator, recipient=one.recipient,
        day=one.effective_on.isoformat(), name=scope.name, information=scope.information or "information",
        purpose=scope.purpose or "any purpose", limit=(Tlp.RED if limit is None else limit).label,
    )  # fmt: skip


def _silence(agreement: Agreement, one: ConsentAsked, since: date) -> Word:
    ground = Ground.of(Phrase.NOT_ANSWERED, agreement.name, None, originator=one.originator,
                       day=one.asked_at.date().isoformat(), since=since.isoformat())  # fmt: skip
    return Word(Consent.SILENCE, since, (ground,))


def silent_from(agreement: Agreement, asked: ConsentAsked) -> date | None:
    """Give the first day on which a question without an answer is silence; None where no clause sets a time for it.

    Of several clauses that set one the longest time counts. Working days are those of the originator as the receiver.
    """
    ends = [answer_by(agreement, asked, clause.id) for clause in agreement.clauses if clause.silence_after is not None]
    return max(ends) + timedelta(days=1) if ends else None


def answer_by(agreement: Agreement, asked: ConsentAsked, number: str) -> date:
    """Give the last day for an answer by one clause that sets a time (`silence_after`)."""
    clause = agreement.clause(number)
    assert clause is not None  # noqa: S101 - the caller has it from this agreement
    assert clause.silence_after is not None  # noqa: S101 - the same
    settles = agreement.settles
    asker = next((one.code for one in agreement.parties if one.code != asked.originator), None)
    sides = calendars(agreement, clause.clock_party or settles.whose_holidays_count, asked.originator, asker)
    return deadline(asked.asked_at, clause.silence_after, agreement.time_zone, settles.month_end_rule, sides,
                    inside=settles.last_day_inside).day  # fmt: skip


def timed_clauses(agreement: Agreement) -> tuple[str, ...]:
    """Name the clauses that set a time after which no answer is silence."""
    return tuple(
        clause.id for clause in agreement.clauses
        if clause.silence_after is not None and Action.PASS_ON in clause.actions
    )  # fmt: skip
