"""Why a decision is what it is: a ground is one sentence, and where in which agreement it stands.

The sentence travels as a template and its parameters, so that a shell can translate both.
"""

import enum
from dataclasses import dataclass
from typing import Self


class Phrase(enum.StrEnum):
    """Every sentence that this room can give as a ground, as a template for `str.format`."""

    ALLOWS = "{clause} of “{agreement}” allows {action} {information} for {purpose} up to TLP:{limit}"
    ALLOWS_ANY_TLP = "{clause} of “{agreement}” allows {action} {information} for {purpose}, whatever its TLP label"
    OBLIGES = "{clause} of “{agreement}” obliges {action} {information} for {purpose}"
    FORBIDS = "{clause} of “{agreement}” forbids it: {words}"
    FORBIDS_INSTEAD = "{clause} of “{agreement}” forbids it: {words} The way for it is {instead}."
    EXCEPTED = "{clause} of “{agreement}” forbids {action} it, but its own exception applies: {exception}"
    PREVAILS = "{clause} of “{agreement}” prevails over {other}"
    ABOVE_TLP = "{clause} of “{agreement}” reaches up to TLP:{limit}; this is TLP:{tlp}"
    OUTSIDE = "{clause} of “{agreement}” does not cover this: its {fact} is “{value}”"
    SILENT = "no clause of “{agreement}” speaks of {action} {information} for {purpose}"
    ASKS = "{clause} of “{agreement}” turns on the {fact}, which is not known"
    REDACTS = "{clause} of “{agreement}” has {what} taken out first"
    CLASH = "{clause} of “{agreement}” clashes with {other}; counsel must say which prevails"
    NOT_A_PARTY = "{party} is not a party to “{agreement}”"
    NOT_YET = "“{agreement}” enters into force for {party} on {day}; until then it binds nobody"
    NO_DATE = "“{agreement}” is not in force for {party}: {condition}"
    PROVISIONAL = "“{agreement}” applies provisionally to {party} since {day}"
    IN_FORCE = "“{agreement}” is in force for {party} since {day}"
    SUSPENDED = "“{agreement}” is suspended for {party} since {day}"
    TERMINATED = "“{agreement}” was terminated; {day} was its last day"
    EXPIRED = "“{agreement}” expired; {day} was its last day"
    WITHDREW = "{party} has left “{agreement}”; {day} was its last day as a party"
    TOO_FEW = "fewer than two parties remain bound by “{agreement}”; it has ended"
    NOTICE_RUNS = "notice was given under “{agreement}”; its last day for {party} is {day}"
    NOTICE_UNRECEIVED = (
        "a notice under “{agreement}” is recorded without the day of its receipt, and so does not run yet"
    )
    RESERVED = "{party} has made a reservation to {clauses} of “{agreement}”"
    PUBLIC = "it is TLP:CLEAR, which is public and needs no agreement"
    OWN = "the recipient is its originator"
    NOT_NAMED = "it is TLP:RED and does not name this recipient"
    NOT_WITHIN = "its source keeps it within a circle that this recipient does not belong to"
    REFERS = "it refers to something that this recipient may not have, or that this collection does not hold"
    ELSEWHERE = "the same version reaches this recipient already, by another way"
    NO_AGREEMENT = "no agreement with this party is adopted here, and without one nothing is released"
    NO_ORIGIN = "it came from another party and no agreement is recorded under which it came"
    WAITS = "it waits for an object that it refers to"
    NOT_STORED = "it was not stored here yet at that moment"
    TAKEN_BACK = "its giver has taken it back"
    RECALLED = "it was recalled"
    SILENCE_REFERS = "{clause} of “{agreement}” leaves it to counsel what the originator’s silence means"
    AGREED_OBJECT = (
        "consent {number}: {originator} agreed on {day} that {name}, and what derives from it, goes on to {recipient}"
    )
    AGREED_CASE = (
        "consent {number}: {originator} agreed on {day} that what belongs to case “{name}” goes on to {recipient}"
    )
    AGREED_KIND = (
        "consent {number}: {originator} agreed on {day} that {information} for {purpose} up to TLP:{limit} goes on to "
        "{recipient}"
    )
    AGREED_ALL = (
        "consent {number}: {originator} agreed on {day} that what it gave under “{agreement}” goes on to {recipient}"
    )
    AGREED_BELOW = (
        "consent {number}: {originator} agreed on {day} to passing on to {recipient} up to TLP:{limit} only"
    )
    DECLINED_OBJECT = "consent {number}: {originator} said no on {day} to passing {name} on to {recipient}"
    DECLINED_CASE = "consent {number}: {originator} said no on {day} to passing case “{name}” on to {recipient}"
    DECLINED_KIND = (
        "consent {number}: {originator} said no on {day} to passing on to {recipient} {information} for {purpose} "
        "up to TLP:{limit}"
    )
    DECLINED_ALL = (
        "consent {number}: {originator} said no on {day} to passing on to {recipient} what it gave under “{agreement}”"
    )
    NOT_ANSWERED = "{originator} was asked for consent on {day} and has not answered; since {since} that is silence"
    APART = "for this recipient it stands apart, by what its originator said of it alone"
    ADDRESSED = "it is a message to this recipient"
    ADDRESSED_ELSEWHERE = "it is a message to somebody else"


@dataclass(frozen=True, slots=True)
class Ground:
    """One sentence of a reason.

    `agreement` is the agreement's name, `clause` the clause's number or the place in its life
    (`life.in_force`, `life.suspension`, …); `key` is the sentence as a template, `params` its parameters.
    """

    agreement: str | None
    clause: str | None
    key: str
    params: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, phrase: Phrase, agreement: str, clause: str | None, **params: str) -> Self:
        """Make a ground from a phrase; `agreement` and `clause` fill their places by themselves."""
        return cls(agreement, clause, str(phrase), tuple(sorted(params.items())))

    @classmethod
    def plain(cls, phrase: Phrase) -> Self:
        """Make a ground that rests on no agreement."""
        return cls(None, None, str(phrase))

    @property
    def says(self) -> str:
        """Give the sentence in English."""
        return self.key.format(**{"agreement": self.agreement, "clause": self.clause, **dict(self.params)})


@dataclass(frozen=True, slots=True)
class Duty:
    """What must go with a release: the words of a duty and the clause that lays it down."""

    agreement: str
    clause: str
    words: str
