"""What a step of placing writes, beside what goes on meanwhile: versions, what they refer to, their places, bodies.

The rows are there as soon as anything is asked of the store. Bodies can be read there after `settle`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import msgspec

from comity.acts.beside import Beside, Row
from comity.acts.sealing import Sealing
from comity.acts.targets import Targets
from comity.models import Entry
from comity.policy.handling import Handling
from comity.stix.objects import Accepted
from comity.stix.segments import Placeable
from comity.stix.timestamps import spelled

_VERSION = ("id", "stix_id", "instant", "spelling", "digest", "own_id")
_NEED = ("version_id", "target_id", "group")
_TARGET = ("id", "stix_id")
_ENTRY = ("handling_id", "ordinal", "version_id", "plural", "trims")


class New(msgspec.Struct, gc=False):
    """A version on its way in. `wanted` are the groups of ids of which it needs one each."""

    index: int
    pk: int
    accepted: Accepted
    own: Handling
    own_number: int
    wanted: tuple[frozenset[str], ...]


Places = Mapping[int, tuple[int, Sequence[New]]]
"""Places as they were given: class → (the first of them, the versions that have it and those that follow)."""


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
        for number, (first, versions) in places.items():
            self._sealing.add(number, first, [version.accepted for version in versions])
        self._targets.look({one for version in new for group in version.wanted for one in group})
        self._beside.step()
        placed = (_version(version) for version in new if version.pk not in waiting)
        later = ((*_version(version), version.accepted.body) for version in new if version.pk in waiting)
        here = {"collection_id": self._collection}
        self._beside.insert("comity_storedversion", here | {"waits": False, "body": b""}, _VERSION, placed)
        self._beside.insert("comity_storedversion", here | {"waits": True}, (*_VERSION, "body"), later)
        self._beside.insert("comity_need", {}, _NEED, self._needs(new))
        self._beside.insert("comity_target", here, _TARGET, self._targets.given())
        self._beside.insert("comity_entry", here, _ENTRY, _entries(places, plural))
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

    def _needs(self, new: Iterable[New]) -> Iterator[Row]:
        targets = self._targets
        for version in new:
            for number, group in enumerate(version.wanted):
                for target in group:
                    yield version.pk, targets[target], number


def _version(version: New) -> Row:
    one = version.accepted
    return version.pk, one.id, one.instant, spelled(one.version), one.digest, version.own_number


def _entries(places: Places, plural: Collection[int]) -> Iterator[Row]:
    for number, (first, versions) in places.items():
        for place, version in enumerate(versions, first):
            one = version.accepted
            trims = version.own.personal_data != "none" or bool(one.mentions or one.granular)
            yield number, place, version.pk, int(version.pk in plural), int(trims)
