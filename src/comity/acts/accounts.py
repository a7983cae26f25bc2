"""The account between us and a partner under one agreement in one year: what was given, received, answered and done.

What was given is read from the partner's log, entry by entry: no total is kept that could say something else.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain, repeat
from pathlib import Path

from django.conf import settings
from django.db import transaction

from comity.acts import classes, given, keys, law, ledgers, messages, moments, requests, undertakings
from comity.acts.agreements import Rejected
from comity.acts.kept import kept
from comity.acts.messages import Way, Words
from comity.acts.views import accepted_at
from comity.ledger import entries, notes
from comity.ledger.messages import Kind, Said
from comity.models import EngagementVersion, Entry, LedgerEntry, Message, Node, StoredVersion, of_types
from comity.policy.handling import MESSAGE
from comity.policy.release import Adopted, Moment
from comity.policy.requests import Side
from comity.policy.undertaking_words import State
from comity.policy.undertakings import Asked
from comity.stix.timestamps import version_at

MOST_NAMES = 20_000  # names that a statement lists; beyond it only counts are compared
Cell = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """How many objects' versions of one category under one TLP label, each counted once."""

    information: str
    tlp: str
    count: int


@dataclass(frozen=True, slots=True)
class Answer:
    """One awaited step of a request: by whom, in what time it came, against which clause."""

    request: str
    step: str
    ours: bool
    clause: str
    by: datetime
    done_at: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class Promise:
    """What one side undertook under the agreement and how it stands: `amount` is what the clause counts, in words."""

    what: str
    ours: bool
    state: str
    due: date | None
    amount: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A training or an exercise with the partner, as the calendar has it."""

    kind: str
    title: str
    day: date
    state: str


@dataclass(frozen=True, slots=True)
class Account:
    """A year under one agreement. `pages` counts the answers by which the objects went."""

    slug: str
    agreement: str
    party: str
    year: int
    pages: int
    given: tuple[Line, ...]
    received: tuple[Line, ...]
    answers: tuple[Answer, ...]
    promises: tuple[Promise, ...]
    held: tuple[Held, ...]
    given_names: tuple[str, ...]
    received_names: tuple[str, ...]

    @property
    def given_total(self) -> int:
        """Count the objects' versions given."""
        return sum(one.count for one in self.given)

    @property
    def received_total(self) -> int:
        """Count the objects' versions received."""
        return sum(one.count for one in self.received)


def account(slug: str, party: str, year: int, now: datetime) -> Account:
    """Draw up the account with a party under an agreement for a calendar year (UTC). Rejected where there is none."""
    adopted = _adopted(slug, party, now)
    pages, went = _given(adopted.agreement.name, party, year)
    came = dict(_received(adopted.slug, party, year))
    return Account(
        adopted.slug, adopted.agreement.name, party, year, pages, _lines(went.values()), _lines(came.values()),
        tuple(_answers(adopted.agreement.name, party, year, now)), tuple(_promises(adopted, party, year, now)),
        tuple(_held(party, year)), tuple(sorted(went)), tuple(sorted(came)),
    )  # fmt: skip


def _adopted(slug: str, party: str, now: datetime) -> Adopted:
    facts = law.facts()
    found = next((one.at(Moment(now)) for one in facts.adopted if one.slug == slug), None)
    if found is None:
        known = ", ".join(one.slug for one in facts.adopted) or "none yet"
        raise Rejected(f"There is no agreement “{slug}” here. Adopted are: {known}.")
    if found.agreement.party(party) is None or party == facts.us:
        others = ", ".join(one.code for one in found.agreement.parties if one.code != facts.us)
        raise Rejected(f"“{party}” is no other party to “{found.agreement.name}”; name one of {others}.")
    return found


def _lines(cells: Iterable[Cell]) -> tuple[Line, ...]:
    counted = Counter(cells)
    return tuple(Line(*cell, count) for cell, count in sorted(counted.items()))


def _given(agreement: str, party: str, year: int) -> tuple[int, dict[str, Cell]]:
    """Read from the party's log what went under an agreement: how many pages, and each `id version` with its cell."""
    known = classes.known()
    pages, went = 0, dict[str, Cell]()
    rows = LedgerEntry.objects.filter(log__party_id=party).exclude(items=b"").order_by("index")
    for leaf, items in rows.values_list("leaf", "items").iterator(500):
        entry = entries.decode(bytes(leaf))
        if not isinstance(entry, entries.Delivery) or not entry.at.startswith(f"{year}-"):
            continue
        if all(ground.agreement != agreement for ground in entry.grounds):
            continue
        pages += 1
        found = kept(bytes(items))
        numbers = chain.from_iterable(repeat(run.handling, run.count) for run in found.places)
        for one, number, ground in zip(given.went(bytes(items)), numbers, _grounds(entry), strict=False):
            if ground == agreement:
                handling = known[number]
                went[f"{one.id} {one.version}"] = (handling.information, handling.tlp.label)
    return pages, went


def _grounds(entry: entries.Delivery) -> Iterator[str]:
    """Yield the agreement on which each item of a page went, in order."""
    if not entry.by_item:
        yield from repeat(entry.grounds[0].agreement, entry.count)
    for place, count in entry.by_item:
        yield from repeat(entry.grounds[place].agreement, count)


def _received(slug: str, party: str, year: int) -> Iterator[tuple[str, Cell]]:
    """Yield what a party gave us under an agreement in a year, by when it first got a place here."""
    first, after = (moments.micros(datetime(one, 1, 1, tzinfo=UTC)) for one in (year, year + 1))
    own = {number: one for number, one in classes.known().items()
           if one.originator == party and one.received_under is not None and one.received_under[0] == slug}  # fmt: skip
    rows = StoredVersion.objects.filter(own_id__in=own).exclude(of_types(MESSAGE))
    for pk, stix_id, at, spelling, number in rows.values_list("pk", "stix_id", "instant", "spelling", "own_id"):
        entry = Entry.objects.filter(version_id=pk).order_by("pk").first()
        if entry is not None and first <= accepted_at(entry) < after:
            yield f"{stix_id} {version_at(at, spelling)}", (own[number].information, own[number].tlp.label)


def _answers(agreement: str, party: str, year: int, now: datetime) -> Iterator[Answer]:
    """Yield the steps that requests of a year made due under an agreement, of either side."""
    for told in requests.every(now, party):
        if told.first.agreement != agreement or moments.moment(told.first.at).year != year:
            continue
        for one in told.due:
            yield Answer(told.first.uuid, one.awaited.step, told.side is Side.ASKED, one.awaited.clock, one.by,
                         one.done_at, one.late)  # fmt: skip


def _promises(adopted: Adopted, party: str, year: int, now: datetime) -> Iterator[Promise]:
    """Yield what either side undertook: the duties of the agreement's clauses, and what is recorded beside them."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    for due in undertakings.standing(Asked(min(now.date(), last), now), first, last):
        one, row = due.of, due.of.row
        beside = row is not None and party in {row.by_id, row.to_id} and not row.source.title.startswith("message ")
        if not (one.slug == adopted.slug or beside) or due.item.state is State.NOT_BINDING:
            continue
        clause = one.undertaking.clause
        amount = "" if clause is None else "; ".join(f"{name}: {count}" for name, count in clause.amount)
        yield Promise(due.item.what, one.ours, due.item.state.value, due.day, amount, due.item.evidence)


def _held(party: str, year: int) -> Iterator[Held]:
    rows = EngagementVersion.objects.filter(partner_id=party, starts_on__year=year, kind__in=("training", "exercise"))
    newest = {row.engagement_id: row for row in rows.order_by("pk")}
    for row in newest.values():
        yield Held(row.kind, row.title, row.starts_on, row.state)


# --- both sides' accounts ---------------------------------------------------------------------------------------------


def statement(one: Account, now: datetime) -> dict[str, Said]:
    """Return what we state of a year: counts, our checkpoint, and the names, which both sides know."""
    note = ledgers.checkpoint(one.party, keys.open_keys(Path(settings.DATA), now), now)
    said: dict[str, Said] = {
        "year": one.year, "checkpoint": note, "given": one.given_total, "received": one.received_total,
    }  # fmt: skip
    if one.given_total + one.received_total <= MOST_NAMES:
        said["given_names"], said["received_names"] = list(one.given_names), list(one.received_names)
    return said


def send(slug: str, party: str, year: int, actor: str, now: datetime) -> Message:
    """State our account of a year to the party, over the exchange."""
    with transaction.atomic():
        one = account(slug, party, year, now)
        words = Words(Kind.ACCOUNT, party, statement(one, now), one.agreement)
        return messages.send(words, actor, now, Way())


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two accounts differ: what it is about, our number and theirs, and names that only one side has."""

    about: str
    ours: int
    theirs: int
    only_ours: tuple[str, ...] = ()
    only_theirs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """Our account beside a partner's statement: the size of its log of us, and each difference; none: they agree."""

    message: str
    at: datetime
    log_size: int
    differences: tuple[Difference, ...]


def compare(one: Account) -> Compared | None:
    """Hold our account against the newest statement of the party on the same year; None where there is none."""
    rows = Message.objects.filter(party_id=one.party, kind=Kind.ACCOUNT.value, direction=Message.Direction.RECEIVED,
                                  agreement=one.agreement).order_by("-id")  # fmt: skip
    for row in rows:
        said = messages.read_row(row)
        if said.text("year") == str(one.year):
            size = notes.checkpoint_of(notes.parse(said.text("checkpoint"))).size
            return Compared(row.uuid, moments.moment(row.at), size, tuple(_differences(one, said.says)))
    return None


def _differences(one: Account, says: Mapping[str, Said]) -> Iterator[Difference]:
    """Yield the differences: what we gave against what they received, and the other way round."""
    pairs = (("given", one.given_total, one.given_names, "received"),
             ("received", one.received_total, one.received_names, "given"))  # fmt: skip
    for about, count, names, theirs in pairs:
        told = says.get(theirs, 0)
        number = told if isinstance(told, int) else 0
        listed = says.get(f"{theirs}_names")
        if not isinstance(listed, list):
            if number != count:
                yield Difference(about, count, number)
            continue
        ours_only, theirs_only = sorted(set(names) - set(listed)), sorted(set(listed) - set(names))
        if ours_only or theirs_only or number != count:
            yield Difference(about, count, number, tuple(ours_only), tuple(theirs_only))


def answer_times(answers: Sequence[Answer]) -> tuple[tuple[bool, str, int, int], ...]:
    """Sum up answer times: for each side and step how many came, and how many of them in time."""
    found: dict[tuple[bool, str], list[Answer]] = {}
    for one in answers:
        found.setdefault((one.ours, one.step), []).append(one)
    return tuple(
        (ours, step, len(every), sum(one.done_at is not None and not one.late for one in every))
        for (ours, step), every in sorted(found.items())
    )


def years() -> list[int]:
    """Return the years of which there may be something to account for, newest first."""
    first = Node.objects.values_list("stamp", flat=True).get()
    oldest = LedgerEntry.objects.filter(log__party__isnull=False).order_by("pk").first()
    start = int(entries.decode(bytes(oldest.leaf)).at[:4]) if oldest is not None else moments.moment(first).year
    return list(range((moments.moment(first) + timedelta(days=1)).year, start - 1, -1))


def as_rows(one: Account) -> Iterator[tuple[str, str, str, int]]:
    """Yield the table of what went both ways: direction, category, TLP label, count."""
    for way, lines in (("given", one.given), ("received", one.received)):
        for line in lines:
            yield way, line.information, line.tlp, line.count

