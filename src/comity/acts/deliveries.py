"""What has left, read back from the ledger: lately, by partner, and who received one version."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from comity.acts import classes, given, law
from comity.ledger import entries
from comity.models import Entry, LedgerEntry, Log, Party
from comity.policy.handling import Handling
from comity.policy.questions import Verdict
from comity.policy.release import Withholding

NEWEST = 5_000  # entries of a log that are looked at; a page that stops there says so


@dataclass(frozen=True, slots=True)
class Traffic:
    """What one partner was given since a moment: pages, objects, the last time, and on which clauses how much."""

    party: Party
    pages: int
    objects: int
    last: str
    grounds: tuple[entries.Ground, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Given:
    """One entry by which a version went to a partner."""

    party: Party
    index: int
    at: str
    kind: str
    credential: str
    grounds: tuple[entries.Ground, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A class that a partner does not get because a fact is missing or two clauses clash: something to be settled."""

    party: Party
    number: int
    handling: Handling
    objects: int
    withholding: Withholding


def _newest(log: Log) -> Iterator[LedgerEntry]:
    yield from LedgerEntry.objects.filter(log=log, index__gte=log.size - NEWEST).order_by("-index").iterator(500)


def traffic(since: datetime) -> tuple[Traffic, ...]:
    """Give what went to each partner since a moment."""
    return tuple(_traffic(log, entries.moment(since)) for log in _logs())


def _logs() -> Iterator[Log]:
    yield from Log.objects.filter(party__isnull=False).select_related("party").order_by("party_id")


def _traffic(log: Log, since: str) -> Traffic:
    pages = objects = looked = 0
    last, grounds = "", dict[tuple[str, str], int]()
    for row in _newest(log):
        entry = entries.decode(bytes(row.leaf))
        if entry.at < since:
            break
        looked += 1
        if not isinstance(entry, entries.Delivery):
            continue
        pages, objects, last = pages + 1, objects + entry.count, last or entry.at
        for ground in entry.grounds:
            key = (ground.agreement, ground.clause)
            grounds[key] = grounds.get(key, 0) + ground.count
    assert log.party is not None  # noqa: S101 - only such logs are asked for
    said = tuple(entries.Ground(*key, count) for key, count in grounds.items())
    return Traffic(log.party, pages, objects, last, said, looked < NEWEST)


def who_got(version: int) -> tuple[Given, ...]:
    """Give every delivery of a version (its row's number) among the newest entries of each log, newest first."""
    places = list(Entry.objects.filter(version_id=version).values_list("collection_id", "handling_id", "ordinal"))
    found = []
    for log in _logs():
        assert log.party is not None  # noqa: S101 - only such logs are asked for
        for row in _newest(log):
            if not row.items or not given.holds(given.kept(bytes(row.items)), version, places):
                continue
            entry = entries.decode(bytes(row.leaf))
            if isinstance(entry, entries.Answer):
                kind = entries.kind_of(entry).value
                found.append(Given(log.party, row.index, entry.at, kind, entry.credential, entry.grounds))
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))


def longer_than_looked_at() -> list[str]:
    """Name the partners whose logs have more entries than `who_got` looks at."""
    return [log.party.name for log in _logs() if log.party is not None and log.size > NEWEST]


def doubts(party: Party, now: datetime, counts: dict[int, int]) -> tuple[Doubt, ...]:
    """Give the classes withheld from a partner for want of a fact or of counsel's word, with how much is in each."""
    known = classes.known()
    return tuple(
        Doubt(party, number, known[number], counts[number], found)
        for number, found in law.rulings(party.code, now).items()
        if isinstance(found, Withholding) and found.verdict is not Verdict.REFUSED and counts.get(number)
    )
