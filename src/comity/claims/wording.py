"""The sentences that a judgement gives, as templates, so that a shell can say them in the reader’s language."""

import enum
from dataclasses import dataclass

from comity.claims.register import Source


class Phrase(enum.StrEnum):
    """Every sentence that this room can give, as a template for `str.format`."""

    RECORDED = "{party} {act} {thing}"
    RECORDED_ON = "{party} {act} {thing}, {day}"
    SINCE = "{party} is a party to {thing} since {day}"
    IS_PARTY = "{party} is a party to {thing}"
    OTHER_DAY = "the register has another time: {day}"
    BY_ACCESSION = "{party} is a party to {thing} by accession, and did not sign it"
    WAY_UNKNOWN = "{party} is a party to {thing}; whether by signature and ratification or by accession is not recorded"
    SIGNED_ONLY = "{party} signed {thing}; no ratification is recorded"
    NOT_IN_FORCE = "no entry into force of {thing} is recorded"
    ABSENT = "{party} is not in the list of those who {act} {thing}, read to its end as of {day}"
    ABSENT_OLD = "{party} was not in the list of those who {act} {thing} as of {day}; it may have changed since"
    NOT_ELIGIBLE = "{thing} is open to members of {group} alone, and {party} is not one"
    NOTHING = "the register has nothing on this, either way"
    NO_SUCH_THING = "the register knows nothing by the name “{thing}”"
    NOT_SIGNABLE = "{thing} is {kind}: nobody signs, ratifies or accedes to one"
    NOT_RATIFIABLE = "{thing} is {kind}: it is supported or joined, not ratified"
    NO_MEMBERS = "{thing} is {kind}: nobody is a member of it or a party to it"
    COVERED = "{thing} was adopted by {group} as a whole, and {party} is a member"
    SEAT = "{party} has a seat as a member of {group}; whether it took part is not recorded"
    MEMBER = "{party} is a member of {group}"
    MEMBER_SINCE = "{party} is a member of {group} since {day}"
    MEMBER_UNTIL = "{party} was a member of {group} until {day}"
    NOT_MEMBER = "{party} is not in the list of members of {group}"
    MADE_BY = "{thing} was made by {makers}"
    HAD_A_PART = "{maker} had a part in {thing}; it was made by {makers}"
    AGREEMENT = "{thing} between the two is in the register"
    OTHER_AGREEMENT = "the register has {thing} between the two, which is not about this"
    TEXT = "the register has {thing}"
    KIND = "{thing} is {kind}"
    CHECKED = "{words}"
    CLAIMED = "a source says so and no register confirms it: {words}"
    SENSE = "the sentence does not state a fact: it is {sense}"
    NOT_BEFORE = "on {day} it was not yet so: the register has {later}"


class Settles(enum.StrEnum):
    """What would settle a question, as a sentence."""

    TREATY = "The depositary’s list of signatures and ratifications, read on the day of use."
    CODES = "The instrument’s own list of supporters, read on the day of use."
    MEMBERS = "The organisation’s own list of members, read on the day of use."
    EVENT = "The organiser’s list of participants or the programme, or the state’s own announcement."
    AGREEMENT = "The signed text, or a notice by both governments."
    MAKER = "The title page or the official page of the work."
    TEXT = "The official gazette, or the text on a government page."
    WORK = "A report or an announcement by the organisation or by the government."
    NOTHING = "Nothing: the words cannot be true of a thing of this kind; ask the author what was meant."


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason: a template, its parameters, and where it was read."""

    key: Phrase
    params: tuple[tuple[str, str], ...] = ()
    sources: tuple[Source, ...] = ()

    @property
    def says(self) -> str:
        """Say it in English."""
        return self.key.value.format(**dict(self.params))


def ground(key: Phrase, sources: tuple[Source, ...] = (), **params: str) -> Ground:
    """Make a ground from a template and its parameters."""
    return Ground(key, tuple(params.items()), sources)
