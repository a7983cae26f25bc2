"""What speaks against recording an entry of an undertaking beside those it has: in sentences, each with the mend."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from comity.policy.dates import local_day
from comity.policy.recurrence import DueRule
from comity.policy.saying import of_error, sentence
from comity.policy.undertaking_words import EntryKind, Reply
from comity.policy.undertakings import Entry, Record, Undertaking, done_days, read_request, record, repeats

_NUMBERED: Final = frozenset({EntryKind.DONE, EntryKind.REOPENED, EntryKind.REPORTED, EntryKind.EVIDENCE})
_NEED_WORDS: Final = frozenset({EntryKind.ASSIGNED, EntryKind.HAPPENED, EntryKind.EVIDENCE})
_MENDS: Final = {
    EntryKind.ASSIGNED: sentence("An assignment names the owner: a person at the desk, or an agency."),
    EntryKind.HAPPENED: sentence("Name the event that came, as the rule names it."),
    EntryKind.EVIDENCE: sentence("Evidence is words or an address: say where it can be seen."),
}


def objections(one: Undertaking, entries: Iterable[Entry], new: Entry) -> tuple[str, ...]:
    """Say why an entry cannot be recorded beside the others, in sentences with the mend; empty when it can."""
    told = record(entries, new.recorded_at)
    return tuple(_objections(one, told, new))


def _objections(one: Undertaking, told: Record, new: Entry) -> Iterator[str]:
    if new.kind in _NEED_WORDS and not new.says.strip():
        yield _MENDS[new.kind]
    if new.kind is EntryKind.HAPPENED and one.clause is not None and one.clause.trigger is not None:
        yield from _request_objections(one, told, new)
    if new.kind in {EntryKind.DUE, EntryKind.REPORT}:
        yield from _rule_objections(one, new)
    if new.kind is EntryKind.REPLY and new.says not in list(Reply):
        yield sentence("“{says}” is no reply; write {words}.", says=new.says, words=tuple(Reply))
    if new.kind in _NUMBERED and new.number is None and repeats(one, told):
        yield sentence("It falls due more than once: say which time is {kind}, by its number.", kind=new.kind)
    if new.kind in {EntryKind.DONE, EntryKind.REPORTED} and new.effective_on > local_day(
        new.recorded_at, one.reckoning.zone
    ):
        yield sentence(
            "{day} has not come yet: record it as {kind} on or after that day.", day=new.effective_on, kind=new.kind
        )
    yield from _order_objections(told, new)


def _request_objections(one: Undertaking, told: Record, new: Entry) -> Iterator[str]:
    try:
        read_request(new.says, one.reckoning.zone)
    except ValueError as error:
        yield sentence("{reason}.", reason=of_error(error))
    taken = {entry.number or 1 for entry in told.of(EntryKind.HAPPENED) if entry.id != new.supersedes}
    if (new.number or 1) in taken:
        yield sentence(
            "Request {number} is recorded already: give this one number {next}.",
            number=new.number or 1,
            next=max(taken) + 1,
        )


def _rule_objections(one: Undertaking, new: Entry) -> Iterator[str]:
    if one.clause is not None and new.kind is EntryKind.DUE:
        yield sentence(
            "The agreement fixes when this falls due: record what the parties agreed as an event of the agreement."
        )
    try:
        rule = DueRule.read(new.says)
    except ValueError as error:
        yield sentence("{reason}.", reason=of_error(error))
        return
    if new.kind is EntryKind.DUE and new.number is not None and rule.repeats:
        yield sentence("One time is moved to one day: write it as “on 2027-01-31”.")


def _order_objections(told: Record, new: Entry) -> Iterator[str]:
    if new.supersedes is not None and new.supersedes not in {entry.id for entry in told.entries}:
        yield sentence("What it corrects is not an entry of this undertaking, or is corrected already.")
    if new.kind is EntryKind.REOPENED and (new.number or 1) not in done_days(told, new.effective_on):
        yield sentence("It is not done on that day, so there is nothing to reopen.")
    if new.kind is EntryKind.DONE and new.supersedes is None and (new.number or 1) in done_days(told, date.max):
        yield sentence("It is recorded as done already: correct that entry, or reopen it first.")
