"""The tables of the register: one definition each, for files, for programs and for what is read back.

A table’s columns have keys that stay, in English, and titles in the reader’s language. Its rows answer a question: on
a day, as known at a moment, of one party or instrument where the question names one.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comity.acts import moments
from comity.acts.standings import AsOf

Value = str | int | bool | date | datetime | time | tuple[str, ...] | None
"""What a cell may hold; several words are a tuple."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a table is asked: the day, the moment as known at which, and whose rows (empty: everybody’s)."""

    on: date
    known: datetime
    party: str = ""
    instrument: str = ""

    @property
    def as_of(self) -> AsOf:
        """Give it as the register is asked."""
        return AsOf(self.on, moments.micros(self.known))


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key, its title, and the type of its values; any value may be None where nothing is known."""

    key: str
    title: Promise
    type: type = str


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `asks` names the parts of a question that change its rows: on, known, party, instrument."""

    key: str
    title: Promise
    columns: tuple[Column, ...]
    asks: frozenset[str]
    rows: Callable[[Question], Iterator[tuple[Value, ...]]]

    def records(self, question: Question) -> Iterator[dict[str, Value]]:
        """Give the rows with their keys."""
        keys = [column.key for column in self.columns]
        for row in self.rows(question):
            yield dict(zip(keys, row, strict=True))


_SOURCE: Final = (Column("source", _("Source")), Column("read_on", _("Read on"), date))
_RECORD: Final = Column("record", _("Number"), int)
"""The number by which a correction names a record."""
_RECORDED: Final = (Column("recorded_at", _("Recorded at"), datetime), Column("recorded_by", _("Recorded by")))
_DAY: Final = (Column("effective_on", _("With effect on"), date), Column("precision", _("Known to the")),
               Column("until", _("Until"), date))  # fmt: skip
_KNOWN: Final = frozenset({"known"})
_WHOSE: Final = frozenset({"known", "party"})
_OF_BOTH: Final = frozenset({"known", "party", "instrument"})

COLUMNS: Final[Mapping[str, tuple[Promise, frozenset[str], tuple[Column, ...]]]] = MappingProxyType({
    "instruments": (_("Instruments"), frozenset({"on", "known", "party", "instrument"}), (
        Column("slug", _("Slug")), Column("kind", _("Kind")), Column("bond", _("Bond")), Column("title", _("Title")),
        Column("short", _("Called")), Column("reference", _("Reference")), Column("made_by", _("Made by")),
        Column("depositary", _("Depositary")), Column("fictional", _("Fictional"), bool), Column("party", _("Party")),
        Column("stand", _("Standing")), Column("since", _("Since"), date), *_SOURCE,
        Column("aliases", _("Other names"), tuple), Column("topics", _("Topics"), tuple), Column("about", _("About")),
        Column("beside", _("Adds to")), Column("makers", _("Makers"), tuple))),
    "standings": (_("Standings"), frozenset({"on", "known", "party", "instrument"}), (
        Column("instrument", _("Instrument")), Column("party", _("Party")), Column("party_name", _("Name")),
        Column("stand", _("Standing")), Column("since", _("Since"), date), Column("until", _("Until"), date),
        Column("ground", _("Ground")), *_SOURCE)),
    "actions": (_("Actions"), _OF_BOTH, (
        Column("instrument", _("Instrument")), Column("party", _("Party")), Column("kind", _("Kind")),
        Column("status", _("Status")), *_DAY, Column("says", _("Says")), Column("holds", _("What holds")), *_SOURCE,
        *_RECORDED, Column("provisions", _("Provisions"), tuple), _RECORD)),
    "terms": (_("Terms"), frozenset({"known", "instrument"}), (
        Column("instrument", _("Instrument")), Column("term", _("Term")), Column("says", _("Says")),
        Column("status", _("Status")), *_SOURCE, *_RECORDED, _RECORD)),
    "tallies": (_("Published counts"), frozenset({"known", "instrument"}), (
        Column("instrument", _("Instrument")), Column("what", _("What")), Column("number", _("Count"), int),
        Column("as_of", _("As of"), date), Column("precision", _("Known to the")), Column("status", _("Status")),
        *_SOURCE, *_RECORDED, _RECORD)),
    "provisions": (_("Provisions"), frozenset({"instrument"}), (
        Column("instrument", _("Instrument")), Column("ref", _("Provision")), Column("title", _("Title")),
        Column("section", _("Section")), Column("kind", _("Kind")), Column("gist", _("Gist")),
        Column("tests", _("Shown by"), tuple), Column("aspects", _("Capacity"), tuple),
        Column("deliverable", _("Deliverable")), Column("every", _("Every")), *_SOURCE)),
    "practice": (_("In practice"), frozenset({"known", "party", "instrument"}), (
        Column("instrument", _("Instrument")), Column("ref", _("Provision")), Column("party", _("Party")),
        Column("state", _("State")), Column("effective_on", _("With effect on"), date), Column("says", _("Says")),
        Column("gap", _("What is missing")), Column("helped_by", _("Helped by")), Column("help", _("Help")),
        Column("evidence", _("Evidence"), tuple), *_SOURCE, *_RECORDED)),
    "parties": (_("Parties"), frozenset({"party"}), (
        Column("code", _("Code")), Column("alpha3", _("Three letters")), Column("name", _("Name")),
        Column("common_name", _("Common name")), Column("kind", _("Kind")), Column("of", _("Belongs to")),
        Column("fictional", _("Fictional"), bool), Column("aliases", _("Other names"), tuple))),
    "memberships": (_("Memberships"), _WHOSE, (
        Column("group", _("Group")), Column("member", _("Member")), Column("capacity", _("Member as")),
        Column("status", _("Status")), *_DAY, *_SOURCE, *_RECORDED, _RECORD)),
    "sources": (_("Sources"), frozenset(), (
        Column("record", _("Number"), int), Column("address", _("Address")), Column("title", _("Title")),
        Column("publisher", _("Publisher")), Column("kind", _("Kind")), Column("read_on", _("Read on"), date),
        Column("as_of", _("As of"), date))),
    "agreements": (_("Agreements"), frozenset({"on", "known", "party"}), (
        Column("slug", _("Slug")), Column("title", _("Title")), Column("force", _("Force")),
        Column("fictional", _("Fictional"), bool), Column("party", _("Party")), Column("state", _("State")),
        Column("ground", _("Ground")), Column("digest", _("SHA-256 of the text")),
        Column("adopted_at", _("Adopted here at"), datetime), Column("adopted_by", _("Adopted by")))),
    "events": (_("Events of agreements"), frozenset({"known", "party"}), (
        Column("agreement", _("Agreement")), Column("party", _("Party")), Column("kind", _("Kind")),
        Column("effective_on", _("With effect on"), date), Column("until", _("Until"), date),
        Column("received_on", _("Received on"), date), Column("clauses", _("Clauses"), tuple),
        Column("source", _("Source")), *_RECORDED, _RECORD, Column("supersedes", _("Corrects"), int))),
    "promises": (_("What was undertaken"), _OF_BOTH, (
        Column("key", _("Key")), Column("origin", _("Origin")), Column("what", _("What")),
        Column("by", _("Undertaken by")), Column("to", _("Towards")), Column("instrument", _("Instrument")),
        Column("rule", _("When it is due")), Column("report", _("When a report is due")),
        Column("zone", _("Time zone")), Column("evidence", _("Evidence")), Column("since", _("Followed since"), date),
        Column("public", _("Public"), bool), *_SOURCE, *_RECORDED)),
    "entries": (_("Entries on undertakings"), _KNOWN, (
        Column("key", _("Key")), Column("kind", _("Kind")), Column("effective_on", _("With effect on"), date),
        Column("number", _("Time"), int), Column("says", _("Says")), Column("source", _("Source")), *_RECORDED,
        _RECORD, Column("supersedes", _("Corrects"), int))),
    "undertakings": (_("Undertakings"), frozenset({"on", "known", "party", "instrument"}), (
        Column("key", _("Key")), Column("what", _("What")), Column("part", _("Part")), Column("number", _("Time"), int),
        Column("due_on", _("Due on"), date), Column("due_at", _("Due at"), datetime), Column("state", _("State")),
        Column("days_over", _("Days over"), int), Column("owner", _("Owner")), Column("by", _("Undertaken by")),
        Column("to", _("Towards")), Column("ours", _("Ours"), bool), Column("instrument", _("Instrument")),
        Column("evidence", _("Evidence")), *_SOURCE)),
    "contacts": (_("Contacts"), frozenset({"on", "known", "party"}), (
        Column("uid", _("Key")), Column("party", _("Party")), Column("kind", _("Kind")),
        Column("institution", _("Institution")), Column("position", _("Position")), Column("name", _("Name")),
        Column("email", _("E-mail")), Column("telephone", _("Telephone")), Column("hours", _("Hours")),
        Column("languages", _("Languages")), Column("directories", _("Directories")),
        Column("ended_on", _("Last day"), date), Column("freshness", _("Relied on")),
        Column("last_word", _("Last word"), datetime), *_SOURCE, *_RECORDED)),
    "checks": (_("Checks of contacts"), _KNOWN, (
        Column("contact", _("Key")), Column("kind", _("Kind")), Column("asked_at", _("Asked at"), datetime),
        Column("answered_at", _("Answered at"), datetime), Column("holds", _("It holds"), bool),
        Column("means", _("By what means")), Column("note", _("Note")), Column("recorded_by", _("Recorded by")),
        _RECORD)),
    "calendar": (_("Calendar"), frozenset({"on", "known"}), (
        Column("uid", _("Key")), Column("what", _("What")), Column("title", _("Title")),
        Column("first", _("First day"), date), Column("last", _("Last day"), date),
        Column("starts_at", _("From"), time), Column("ends_at", _("To"), time), Column("zone", _("Time zone")),
        Column("state", _("State")), Column("place", _("Place")), Column("owner", _("Owner")),
        Column("about", _("About")), Column("cancelled", _("Cancelled"), bool), Column("done", _("Done"), bool),
        Column("public", _("Public"), bool), Column("revision", _("Revision"), int))),
    "engagements": (_("Engagements"), _OF_BOTH, (
        Column("uid", _("Key")), Column("title", _("Title")), Column("kind", _("Kind")), Column("state", _("State")),
        Column("forum", _("Forum")), Column("partner", _("Partner")), Column("instrument", _("Instrument")),
        Column("place", _("Place")), Column("starts_on", _("First day"), date), Column("ends_on", _("Last day"), date),
        Column("starts_at", _("From"), time), Column("ends_at", _("To"), time), Column("zone", _("Time zone")),
        Column("about", _("About")), Column("public", _("Public"), bool), *_SOURCE, *_RECORDED)),
    "papers": (_("Papers of engagements"), _WHOSE, (
        Column("engagement", _("Key")), Column("kind", _("Kind")), Column("party", _("Party")),
        Column("says", _("Says")), Column("role", _("Role")), Column("source", _("Source")), *_RECORDED, _RECORD)),
    "facts": (_("Facts"), _OF_BOTH, (
        Column("party", _("Party")), Column("kind", _("Kind")), Column("topic", _("Topic")),
        Column("title", _("Title")),
        Column("says", _("Says")), Column("role", _("Role")), Column("counterpart", _("Counterpart")),
        Column("instrument", _("Instrument")), Column("status", _("Status")), *_DAY, *_SOURCE, *_RECORDED, _RECORD)),
    "claims": (_("Claims"), _OF_BOTH, (
        Column("document", _("Document")), Column("place", _("Place"), int), Column("sentence", _("Sentence")),
        Column("act", _("Act")), Column("sense", _("Sense")), Column("denied", _("Denied"), bool),
        Column("subject", _("Subject")), Column("subject_ref", _("Party")), Column("object", _("Object")),
        Column("object_ref", _("Instrument")), Column("first_day", _("From day"), date),
        Column("last_day", _("To day"), date), Column("verdict", _("Verdict")),
        Column("settles", _("What would settle it")),
        Column("decision", _("Decision")), *_SOURCE, *_RECORDED, Column("partner", _("With whom")),
        Column("said_by", _("Said by")), Column("grounds", _("Grounds"), tuple), _RECORD)),
})  # fmt: skip
"""Each table: its title, what changes its rows, its columns. What fills it is in `table_rows` and `desk_rows`."""
