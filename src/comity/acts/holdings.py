"""Which versions a collection holds of the objects on their way in.

They are asked of the store, step by step, and ahead: before what the last step stored is written, which can then go on
while the next one is decided. Of a collection that was empty an act knows them without asking, for it holds what the
act itself has stored; until that is too much to keep in mind.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from comity.acts import stock
from comity.acts.writing import New
from comity.stix.objects import VERSIONLESS

_IN_MIND = 50_000  # versions
Held = tuple[str, str, bytes]
"""A version: its object's id, the version, its digest."""


class Holdings:
    """What a collection holds of the objects of a step; `alone` while the act alone has stored in it, and little.

    `further` are the objects of which this step brings a version beside another.
    """

    def __init__(self, collection: int, *, empty: bool) -> None:
        """Begin an act, inside its transaction, in a collection that may be *empty*."""
        self._collection, self.alone = collection, empty
        self._has_needs = not self.alone and stock.has_dependents(collection)
        self._needed: set[str] = set()
        self._digests: dict[tuple[str, str], bytes] = {}
        self._ids: set[str] = set()
        self.further: set[str] = set()
        self._ahead: list[Held] | None = None

    def learn(self, held: Iterable[Held]) -> None:
        """Take what somebody has asked already, in this act, of the objects of the step that is to follow."""
        self._ahead = list(held)

    def look_ahead(self, ids: AbstractSet[str]) -> None:
        """Ask for what is held of the objects of the next step, before this one is written."""
        if not self.alone:
            new = [(*key, digest) for key, digest in self._digests.items() if key[0] in ids]
            self._ahead = list({*stock.versions_of(self._collection, ids), *new})

    def look(self, ids: Iterable[str]) -> list[str]:
        """Learn what is held of objects; return the ids of those without versions that are."""
        self.further = set()
        if self.alone:
            return []
        stored = list(stock.versions_of(self._collection, ids)) if self._ahead is None else self._ahead
        self._ahead = None
        self._digests = {(stix_id, version): digest for stix_id, version, digest in stored}
        self._ids = {stix_id for stix_id, _, _ in stored}
        return [stix_id for stix_id, version, _ in stored if version == VERSIONLESS]

    def meet(self, stix_id: str, version: str, digest: bytes) -> bytes | None:
        """Return the digest of a version that is held; where it is not, None, and from now on it is."""
        key = stix_id, version
        before = self._digests.get(key)
        if before is None:
            self._digests[key] = digest
            (self.further if stix_id in self._ids else self._ids).add(stix_id)
        return before

    def wanted_by(self, new: Sequence[New]) -> set[str]:
        """Return the ids that newcomers need and that have to be looked up in the store."""
        return set() if self.alone else {one for version in new for group in version.wanted for one in group}

    def may_need(self, ids: AbstractSet[str]) -> bool:
        """Tell whether what was held before this step may need any of *ids*."""
        return not self._needed.isdisjoint(ids) if self.alone else self._has_needs

    def stored(self, new: Sequence[New]) -> None:
        """Note that a step is stored."""
        if self.alone:
            for version in new:
                self._needed.update(*version.wanted)
        self._has_needs = self._has_needs or any(version.wanted for version in new)
        if len(self._digests) > _IN_MIND:
            self.ask()

    def ask(self) -> None:
        """Keep nothing in mind any more, and ask the store from now on."""
        if self.alone:
            self.alone = False
            self._needed, self._digests, self._ids = set(), {}, set()

    def bound(self) -> None:
        """Note that what was held before may need more than it did."""
        self.ask()
        self._has_needs = True

    def none(self) -> bool:
        """Tell whether nothing is held at all, which the act knows while it is alone."""
        return self.alone and not self._ids
