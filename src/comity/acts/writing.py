"""What a step of placing writes, beside what goes on meanwhile: rows by one thread, segments built by another.

The rows are there when `write` returns. The bodies that stand in segments come after, at the latest with `settle`.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from comity.acts import segments, stock
from comity.models import Entry
from comity.policy.handling import Handling
from comity.stix.objects import Accepted
from comity.stix.timestamps import spelled

_VERSION = ("id", "collection_id", "stix_id", "instant", "spelling", "digest", "body", "waits", "own_id")
_REFERENCE = ("version_id", "target", "group", "collection_id")
_ENTRY = ("collection_id", "handling_id", "ordinal", "version_id", "plural", "trims")


@dataclass(slots=True)
class New:
    """A version on its way in. `wanted` are the groups of ids of which it needs one each."""

    index: int
    pk: int
    accepted: Accepted
    own: Handling
    own_number: int
    wanted: tuple[frozenset[str], ...]


Places = Sequence[tuple[int, int, New]]
"""Places as they were given: (class, place, version)."""


class Writing:
    """Writes into one collection, inside the act's transaction."""

    def __init__(self, collection: int) -> None:
        """Begin with nothing to settle."""
        self._collection = collection
        self._coming: list[tuple[segments.Laid, Future[segments.Built]]] = []

    def write(self, new: Sequence[New], places: Places, waiting: Collection[int], plural: Collection[int]) -> None:
        """Write versions with what they refer to, and their places; begin to build segments.

        *waiting* are version rows that get no place yet, *plural* those that are one of several with a place.
        """
        self.settle()
        write = stock.writer()
        with ThreadPoolExecutor(1) as beside:
            written = [
                beside.submit(write, table, columns, list(rows))
                for table, columns, rows in (
                    ("comity_storedversion", _VERSION, self._versions(new, waiting)),
                    ("comity_reference", _REFERENCE, self._references(new)),
                    ("comity_entry", _ENTRY, self._entries(places, plural)),
                )
            ]
            runs = _runs(places)
            for ended in written:
                ended.result()
        for pk in sorted(set(plural) - {version.pk for version in new}):
            Entry.objects.filter(version_id=pk).update(plural=True)
        laid = [segments.lay(self._collection, *run) for run in runs]
        builder = ThreadPoolExecutor(1)
        self._coming = [(one, builder.submit(segments.built, one)) for one in laid]
        builder.shutdown(wait=False)

    def settle(self) -> None:
        """Put the segments that were built where they belong; until then nobody can read the bodies."""
        for laid, built in self._coming:
            segments.put(laid, built.result())
        self._coming = []

    def _versions(self, new: Iterable[New], waiting: Collection[int]) -> Iterator[stock.Row]:
        collection = self._collection
        for version in new:
            one, waits = version.accepted, version.pk in waiting
            yield (version.pk, collection, one.id, one.instant, spelled(one.version), one.digest,
                   one.body if waits else b"", waits, version.own_number)  # fmt: skip

    def _references(self, new: Iterable[New]) -> Iterator[stock.Row]:
        collection = self._collection
        for version in new:
            for number, group in enumerate(version.wanted):
                for target in group:
                    yield version.pk, target, number, collection

    def _entries(self, places: Places, plural: Collection[int]) -> Iterator[stock.Row]:
        collection = self._collection
        for number, place, version in places:
            one = version.accepted
            trims = version.own.personal_data != "none" or bool(one.mentions or one.granular)
            yield collection, number, place, version.pk, version.pk in plural, trims


def _runs(places: Places) -> list[tuple[int, int, list[Accepted]]]:
    """Return places class by class: (class, first place, objects)."""
    runs: dict[int, tuple[int, int, list[Accepted]]] = {}
    for number, place, version in places:
        found = runs.get(number)
        if found is None:
            runs[number] = number, place, [version.accepted]
        else:
            found[2].append(version.accepted)
    return list(runs.values())
