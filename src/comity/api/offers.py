"""Every act that the API offers, with what it takes."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from ninja import Field, Schema

from comity.acts import (
    actions,
    agreements,
    claim_inbox,
    contacts,
    engagements,
    facts,
    instruments,
    memberships,
    parties,
    practice,
    records,
    undertakings,
)
from comity.acts.agreements import Rejected
from comity.api.writing import Number, Offer, Text, body_of, value_of
from comity.models import Contact, Engagement, FoundClaim, Provision

LARGEST: Final = 1_000_000


class TakenBack(Schema):
    """A record that never was, and by which source that is known."""

    record: Number
    source: Text


class OfClaim(Schema):
    """A claim of a checked document, by its number."""

    record: Number


class Answered(Schema):
    """An open ping, by its number: whether it was answered, or came back."""

    record: Number
    holds: bool = True


class Given(Schema):
    """A document to be checked: its name, whose end says what it is, and its text."""

    name: str = Field(min_length=1, max_length=300, pattern=r"^[^\x00]*$")
    text: str = Field(min_length=1, max_length=LARGEST, pattern=r"^[^\x00]*$")
    address: str = Field("", max_length=600, pattern=r"^[^\x00]*$")


class File(Schema):
    """An agreement’s file."""

    name: str = Field(min_length=1, max_length=300, pattern=r"^[^\x00]*$")
    text: str = Field(min_length=1, max_length=LARGEST, pattern=r"^[^\x00]*$")


Act = Callable[[Any, str, datetime], int | str]


def _superseding(act: Callable[[Any, str, datetime, int | None], Any], value: type) -> Act:
    def record(told: Any, by: str, at: datetime) -> int:  # noqa: ANN401 - the body of the value
        number: int = act(value_of(value, told), by, at, told.supersedes).pk
        return number

    return record


def _taking_back(act: Callable[[int, str, str, datetime], Any]) -> Act:
    def record(told: TakenBack, by: str, at: datetime) -> int:
        number: int = act(told.record, told.source, by, at).pk
        return number

    return record


def _contact(told: Any, by: str, at: datetime) -> str:  # noqa: ANN401 - as above
    if told.uid and not _is_contact(told.uid):
        raise Rejected(f"There is no contact “{told.uid}” here.")
    return str(contacts.record(told.party, value_of(contacts.Named, told), by, at, told.uid).contact.uid)


def _is_contact(uid: str) -> bool:
    return any(str(one) == uid for one in Contact.objects.values_list("uid", flat=True))


def _check(told: Any, by: str, at: datetime) -> int:  # noqa: ANN401 - as above
    if not _is_contact(told.contact):
        raise Rejected(f"There is no contact “{told.contact}” here.")
    if told.kind not in ("ping", "look"):
        raise Rejected(f"“{told.kind}” is not known here; write one of: ping, look.")
    return contacts.check(told.contact, value_of(contacts.Tried, told), by, at).pk


def _answer(told: Answered, by: str, at: datetime) -> int:
    del by
    if not contacts.answered(told.record, at, holds=told.holds):
        raise Rejected(f"There is no open ping with the number {told.record} here.")
    return told.record


def _engagement(told: Any, by: str, at: datetime) -> str:  # noqa: ANN401 - as above
    wrong = tuple(records.instrument(told.instrument))
    if wrong:
        raise Rejected(*wrong)
    return engagements.record(value_of(engagements.Planned, told), by, at, told.uid).engagement.uid


def _paper(told: Any, by: str, at: datetime) -> int:  # noqa: ANN401 - as above
    number = Engagement.objects.filter(uid=told.engagement).values_list("pk", flat=True).first() or 0
    return engagements.write(number, value_of(engagements.Line, told), by, at).pk


def _practice(told: Any, by: str, at: datetime) -> int:  # noqa: ANN401 - as above
    provision = Provision.objects.filter(instrument__slug=told.instrument, ref=told.ref, verified=True).first()
    if provision is None:
        raise Rejected(f"There is no provision “{told.ref}” of “{told.instrument}” here.")
    return practice.record(provision, value_of(practice.Done, told), by, at).pk


def _claim(number: int) -> FoundClaim:
    found = FoundClaim.objects.select_related("document__source").filter(pk=number).first()
    if found is None:
        raise Rejected(f"There is no claim with the number {number} here.")
    return found


def _adopt(told: File, by: str, at: datetime) -> str:
    return agreements.adopt(told.text.encode(), told.name, by, at).slug


def _document(told: Given, by: str, at: datetime) -> int:
    return claim_inbox.check(claim_inbox.Given(told.name, told.text.encode(), told.address), by, at).pk


_SUPERSEDES: Final[Any] = (Number | None, None)
OFFERS: Final = (
    Offer("/instruments", "record_instrument", "Enter an instrument, or describe it anew",
          body_of("Instrument", instruments.Described),
          lambda told, by, at: instruments.record(value_of(instruments.Described, told), by, at).slug),
    Offer("/parties", "record_party", "Enter a party, or name it anew", body_of("Party", parties.Entered),
          lambda told, by, at: parties.record(value_of(parties.Entered, told), by, at).code),
    Offer("/actions", "record_action", "Record what a party did with an instrument, or correct a record",
          body_of("Action", actions.Done, supersedes=_SUPERSEDES), _superseding(actions.record, actions.Done)),
    Offer("/actions/taken-back", "take_back_action", "Take a record of an action back", TakenBack,
          _taking_back(actions.take_back)),
    Offer("/memberships", "record_membership", "Record a membership, or correct a record",
          body_of("Membership", memberships.Belonging, supersedes=_SUPERSEDES),
          _superseding(memberships.record, memberships.Belonging)),
    Offer("/memberships/taken-back", "take_back_membership", "Take a record of a membership back", TakenBack,
          _taking_back(memberships.take_back)),
    Offer("/facts", "record_fact", "Record a fact with its source and status, or correct a record",
          body_of("Fact", facts.Known, supersedes=_SUPERSEDES), _superseding(facts.record, facts.Known)),
    Offer("/facts/taken-back", "take_back_fact", "Take a record of a fact back", TakenBack,
          _taking_back(facts.take_back)),
    Offer("/practice", "record_practice", "Record how far we carry out a provision",
          body_of("Practice", practice.Done, instrument=(Text, ...), ref=(Text, ...)), _practice),
    Offer("/documents", "check_document", "Check a document; its claims are then listed", Given, _document),
    Offer("/claims/accepted", "accept_claim", "Take a claim into the register, as a claim", OfClaim,
          lambda told, by, at: claim_inbox.accept(_claim(told.record), by, at).claim_id),
    Offer("/claims/set-aside", "set_claim_aside", "Leave a claim out of the register", OfClaim,
          lambda told, by, at: claim_inbox.set_aside(_claim(told.record), by, at).claim_id),
    Offer("/promises", "record_promise", "Record what somebody undertook",
          body_of("Promise", undertakings.Promised),
          lambda told, by, at: str(undertakings.undertake(value_of(undertakings.Promised, told), by, at).uid)),
    Offer("/entries", "record_entry", "Record an entry on an undertaking: done, assigned, put off, replied…",
          body_of("Entry", undertakings.Noted, key=(Text, ...)),
          lambda told, by, at: undertakings.note(told.key, value_of(undertakings.Noted, told), by, at).pk),
    Offer("/contacts", "record_contact", "Record a contact, or what is known of one from now on",
          body_of("Contact", contacts.Named, party=(Text, ...), uid=(Text, "")), _contact),
    Offer("/checks", "record_check", "Record that a contact was asked for an answer, or compared with its source",
          body_of("Check", contacts.Tried, contact=(Text, ...)), _check),
    Offer("/checks/answered", "record_answer", "Record that a ping was answered, or came back", Answered, _answer),
    Offer("/engagements", "record_engagement", "Record an engagement, or move, cancel or describe one anew",
          body_of("Engagement", engagements.Planned, uid=(Text, "")),
          _engagement),
    Offer("/papers", "record_paper", "Write a line of an engagement’s papers",
          body_of("Paper", engagements.Line, engagement=(Text, ...)), _paper),
    Offer("/agreements", "adopt_agreement", "Adopt an agreement’s file", File, _adopt),
    Offer("/events", "record_event", "Record an event in the life of an adopted agreement",
          body_of("Event", agreements.Happened, agreement=(Text, ...)),
          lambda told, by, at: agreements.record_event(told.agreement, value_of(agreements.Happened, told), by, at).pk),
)  # fmt: skip
