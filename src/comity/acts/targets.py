"""The numbers by which needs name the objects of a collection that some version cannot do without.

A version's need is three numbers, and found by any of them; an id in its stead would be most of what a stock's tables
and indexes hold, over and over.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Final

from django.db.models import Max

from comity.acts import stock
from comity.models import Target

_IN_MIND: Final = 100_000  # objects


class Targets(dict[str, int]):
    """Object id → its number; an object that has none gets the next one as it is asked for.

    Those of a collection that was *empty* are all in mind, until they are too many; then `look` comes before.
    """

    def __init__(self, collection: int, *, empty: bool) -> None:
        """Begin within an act, which alone gives numbers until it ends."""
        super().__init__()
        self._collection, self._whole = collection, empty
        self._next: int = (Target.objects.aggregate(top=Max("id"))["top"] or 0) + 1
        self._new: list[tuple[int, str]] = []

    def __missing__(self, stix_id: str) -> int:
        """Give an object the next number."""
        self[stix_id] = number = self._next
        self._next += 1
        self._new.append((number, stix_id))
        return number

    def look(self, ids: AbstractSet[str]) -> None:
        """Learn the numbers of objects. The store is asked for them when all numbers given are in it."""
        if not ids or (self._whole and len(self) <= _IN_MIND):
            return
        found = stock.targets(self._collection, ids)
        self._whole = False
        self.clear()
        self.update(found)

    def given(self) -> Iterator[tuple[int, str]]:
        """Yield (number, id) of each object that got a number, once: they are to be stored."""
        new, self._new = self._new, []
        yield from new

    def stored(self, stix_id: str) -> int:
        """Return the number of an object, which is in the store by now."""
        self.look({stix_id})
        number = self[stix_id]
        of = self._collection
        Target.objects.bulk_create(Target(id=pk, collection_id=of, stix_id=one) for pk, one in self.given())
        return number
