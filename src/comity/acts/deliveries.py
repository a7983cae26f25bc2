"""What has left, read back from the ledger: lately, by partner, and who received one version."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from comity.acts import classes, given, kept, law
from comity.ledger import entries
from comity.models import Collection, Entry, LedgerEntry, Log, Party, StoredVersion
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
            if not row.items or not given.holds(kept.kept(bytes(row.items)), version, places):
                continue
            entry = entries.decode(bytes(row.leaf))
            if isinstance(entry, entries.Answer):
                kind = entries.kind_of(entry).value
                found.append(Given(log.party, row.index, entry.at, kind, entry.credential, entry.grounds))
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))


@dataclass(slots=True)
class Had:
    """What one party was given of an object, by its whole log: when, under what, which versions, and last where."""

    party: Party
    first_at: str = ""
    last_at: str = ""
    versions: dict[int, StoredVersion] = field(default_factory=dict)
    grounds: list[entries.Ground] = field(default_factory=list)
    collection: Collection | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Give the versions as `id version`."""
        ordered = sorted(self.versions.values(), key=lambda one: one.instant)
        return tuple(dict.fromkeys(f"{one.stix_id} {one.version}" for one in ordered))

    @property
    def digests(self) -> tuple[bytes, ...]:
        """Give the digests of the versions, as they are stored."""
        return tuple(bytes(one.digest) for one in sorted(self.versions.values(), key=lambda one: one.instant))

    @property
    def under(self) -> tuple[str, ...]:
        """Give the clauses under which it went, as `clause agreement`."""
        return tuple(dict.fromkeys(f"{one.clause} {one.agreement}".strip() for one in self.grounds))


def holders(versions: Sequence[StoredVersion]) -> tuple[Had, ...]:
    """Give every party that was given any of some versions, by the whole of its log. To be told of an id is not enough.

    What a page's entry names as grounds holds for the page; it is taken as what the object may have gone under.
    """
    return tuple(had for log in _logs() if (had := _had(log, versions, entries.Kind.DELIVERY)).versions)


def told_only(versions: Sequence[StoredVersion]) -> list[str]:
    """Name the parties that learned ids and versions, by a manifest or a list of versions, and were given none."""
    found = []
    for log in _logs():
        told = any(_had(log, versions, kind).versions for kind in (entries.Kind.MANIFEST, entries.Kind.VERSIONS))
        if told and not _had(log, versions, entries.Kind.DELIVERY).versions:
            found.append(log.party.short if log.party else "")
    return found


def _had(log: Log, versions: Sequence[StoredVersion], kind: entries.Kind) -> Had:
    assert log.party is not None  # noqa: S101 - only such logs are asked for
    had, places = Had(log.party), _places(versions)
    rows = LedgerEntry.objects.filter(log=log).exclude(items=b"").order_by("index")
    for leaf, items in rows.values_list("leaf", "items").iterator(500):
        found = kept.kept(bytes(items))
        went = [one for one in versions if given.holds(found, one.pk, places[one.pk])]
        if not went:
            continue
        entry = entries.decode(bytes(leaf))
        if entries.kind_of(entry) is not kind or not isinstance(entry, entries.Answer):
            continue
        had.first_at, had.last_at = had.first_at or entry.at, entry.at
        had.versions |= {one.pk: one for one in went}
        had.grounds += entry.grounds
        had.collection = Collection.objects.filter(uuid=entry.collection).first() or had.collection
    return had


def _places(versions: Sequence[StoredVersion]) -> dict[int, list[tuple[int, int, int]]]:
    found: dict[int, list[tuple[int, int, int]]] = {one.pk: [] for one in versions}
    rows = Entry.objects.filter(version__in=versions)
    for pk, *place in rows.values_list("version_id", "collection_id", "handling_id", "ordinal"):
        found[pk].append((place[0], place[1], place[2]))
    return found


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
