"""Through which classes each object of a collection can be had, as a batch on its way in knows it."""

from collections.abc import Iterable

from comity.acts import classes, stock
from comity.models import Need
from comity.policy.handling import Groups, Handling

Classes = tuple[int, ...]
Through = tuple[Classes, ...]
"""For each group of ids of which one is needed: the judged classes through which any of them can be had."""


class Reaching:
    """What stands where: read from the store as it is asked for, and kept up as places are given.

    `placed` are, by id, the judged classes through which it can be had; `apart` the same for each party for which it
    stands apart; `widened` the ids that can now be had through a class they could not before; `several`, by id of more
    than one version, the version rows with a place.
    """

    def __init__(self, collection: int) -> None:
        """Begin with nothing known."""
        self._collection = collection
        self._numbers: dict[Handling, int] = {}
        self._judged: dict[int, tuple[Classes, str]] = {}
        self._groups: dict[Through, Groups] = {}
        self.turn(keep=False)

    def turn(self, *, keep: bool) -> None:
        """Begin a step: with what is known of what stands where, if that is to be kept, and of classes in any case."""
        if not keep:
            self.placed: dict[str, Classes] = {}
            self.apart: dict[str, dict[str, Classes]] = {}
        self.widened: set[str] = set()
        self.several: dict[str, set[int]] = {}

    def number(self, handling: Handling) -> int:
        """Return a class's number; it gets one where it is new."""
        if handling not in self._numbers:
            self._numbers[handling] = classes.number_of(handling)
        return self._numbers[handling]

    def judged(self, number: int) -> tuple[Classes, str]:
        """Return the class by which one is judged, alone, and the party for which alone it is ("": for all)."""
        found = self._judged.get(number)
        if found is None:
            handling = classes.handling_of(number)
            found = self._judged[number] = (self.number(handling.judged),), handling.apart
        return found

    def load(self, ids: Iterable[str]) -> None:
        """Read where objects stand in the store."""
        for stix_id, number, version_id in stock.standing(self._collection, ids):
            self.note(stix_id, number, version_id)

    def note(self, stix_id: str, number: int, version_id: int, *, new: bool = False) -> None:
        """Note that a version has a place in a class, a *new* one where it got it just now."""
        judged, whose = self._judged.get(number) or self.judged(number)
        by_id, key = (self.apart.setdefault(stix_id, {}), whose) if whose else (self.placed, stix_id)
        found = by_id.get(key)
        if found is None or judged[0] not in found:
            by_id[key] = judged if found is None else found + judged
            if new:
                self.widened.add(stix_id)
        if stix_id in self.several:
            self.several[stix_id].add(version_id)

    def through(self, wanted: Iterable[frozenset[str]], whose: str = "") -> Through | None:
        """Return the classes that what it cannot do without stands in; None while a whole group is missing.

        For a party for which some of it stands apart, those are the classes in which it does.
        """
        found, placed = [], self.placed
        for ids in wanted:
            if whose or len(ids) > 1:
                classes_of = tuple(sorted({number for one in ids for number in self._classes(one, whose)}))
            else:
                (stix_id,) = ids
                classes_of = placed.get(stix_id, ())
            if not classes_of:
                return None
            found.append(classes_of)
        return tuple(found)

    def groups(self, through: Through) -> Groups:
        """Return the same as a handling states it: each group once, in order."""
        found = self._groups.get(through)
        if found is None:
            found = tuple(sorted({frozenset(one) for one in through}, key=sorted))
            self._groups[through] = found
        return found

    def _classes(self, stix_id: str, whose: str) -> Classes:
        apart = self.apart.get(stix_id, {}).get(whose, ()) if whose else ()
        return apart or self.placed.get(stix_id, ())

    def stored_groups(self, version_id: int, whose: str = "") -> Groups | None:
        """Return the groups of classes of a stored version; None while a whole group is missing."""
        wanted: dict[int, set[str]] = {}
        rows = Need.objects.filter(version_id=version_id)
        for group, target in rows.values_list("group", "target__stix_id"):
            wanted.setdefault(group, set()).add(target)
        self.load({target for ids in wanted.values() for target in ids} - self.placed.keys())
        through = self.through([frozenset(ids) for ids in wanted.values()], whose)
        return None if through is None else self.groups(through)
