"""What a step of placing writes, beside what goes on meanwhile: versions, what they refer to, their places, bodies.

The rows are there as soon as anything is asked of the store. Bodies can be read there after `settle`.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec

from comity.acts.beside import Beside, Row
from comity.acts.sealing import Sealing
from comity.acts.targets import Targets
from comity.models import Entry
from comity.policy.handling import Handling
from comity.stix.objects import Accepted
from comity.stix.segments import Placeable
from comity.stix.timestamps import spelled

_VERSION = ("id", "collection_id", "stix_id", "instant", "spelling", "digest", "body", "waits", "own_id")
_NEED = ("version_id", "target_id", "group")
_TARGET = ("id", "collection_id", "stix_id")
_ENTRY = ("collection_id", "handling_id", "ordinal", "version_id", "plural", "trims")


class New(msgspec.Struct, gc=False):
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

    def __init__(self, collection: int, beside: Beside, targets: Targets, *, empty: bool) -> None:
        """Begin with nothing to settle."""
        self._collection, self._beside, self._targets = collection, beside, targets
        self._sealing = Sealing(collection, beside, empty=empty)

    def write(self, new: Sequence[New], places: Places, waiting: Collection[int], plural: Collection[int]) -> None:
        """Write versions with what they refer to, and their places; take their bodies.

        *waiting* are version rows that get no place yet, *plural* those that are one of several with a place.
        """
        for run in _runs(places):
            self._sealing.add(*run)
        self._targets.look({one for version in new for group in version.wanted for one in group})
        self._beside.step()
        self._beside.insert("comity_storedversion", _VERSION, self._versions(new, waiting))
        self._beside.insert("comity_need", _NEED, self._needs(new))
        self._beside.insert("comity_target", _TARGET, self._targets.given())
        self._beside.insert("comity_entry", _ENTRY, self._entries(places, plural))
        if plural:
            for pk in sorted(set(plural) - {version.pk for version in new}):
                Entry.objects.filter(version_id=pk).update(plural=True)
        self._sealing.seal()

    def place(self, number: int, first: int, one: Placeable) -> None:
        """Take the body of a version that was stored before; its entry is in the store already."""
        self._sealing.add(number, first, [one])
        self._sealing.seal()

    def settle(self) -> None:
        """Put down every body, so that it can be read."""
        self._sealing.settle()

    def _versions(self, new: Iterable[New], waiting: Collection[int]) -> Iterator[Row]:
        collection = self._collection
        for version in new:
            one, waits = version.accepted, version.pk in waiting
            yield (version.pk, collection, one.id, one.instant, spelled(one.version), one.digest,
                   one.body if waits else b"", waits, version.own_number)  # fmt: skip

    def _needs(self, new: Iterable[New]) -> Iterator[Row]:
        targets = self._targets
        for version in new:
            for number, group in enumerate(version.wanted):
                for target in group:
                    yield version.pk, targets[target], number

    def _entries(self, places: Places, plural: Collection[int]) -> Iterator[Row]:
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
