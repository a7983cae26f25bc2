"""A batch in the making: the places that an act gives in one collection, numbered by class and logged at its end."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Max

from comity.acts import moments
from comity.acts.beside import Beside, beside
from comity.acts.reaching import Reaching
from comity.acts.targets import Targets
from comity.acts.writing import Writing
from comity.models import Batch, BatchRun, Collection, Entry, StoredVersion


@contextmanager
def begun(collection: Collection, taken: moments.Taken, actor: str, *, urgent: bool = False) -> Iterator["Making"]:
    """Begin a batch, inside the act's transaction; what is *urgent* comes before all that is not read yet."""
    with beside() as written:
        made = Making(collection, taken, written)
        yield made
        made.log(actor, urgent=urgent)


class Making:
    """What all who give places in a batch share: what stands where, what is written, and the next place of each class.

    `empty`: the collection was, when the batch began.
    """

    def __init__(self, collection: Collection, taken: moments.Taken, written: Beside) -> None:
        """Begin with no place given."""
        self.collection, self.taken = collection, taken
        self.empty = not StoredVersion.objects.filter(collection=collection).exists()
        self.reach = Reaching(collection.pk)
        self.targets = Targets(collection.pk, empty=self.empty)
        self.writing = Writing(collection.pk, written, self.targets, empty=self.empty)
        self._next: dict[int, int] = {}
        self._first: dict[int, int] = {}

    def place(self, number: int, count: int = 1) -> int:
        """Give the next place of a class, or the next *count*; return the first of them."""
        place = self._next.get(number)
        if place is None:
            place = self._first[number] = 0 if self.empty else self._after_last(number)
        self._next[number] = place + count
        return place

    def _after_last(self, number: int) -> int:
        top = Entry.objects.filter(collection=self.collection, handling_id=number).aggregate(top=Max("ordinal"))["top"]
        return 0 if top is None else int(top) + 1

    def log(self, actor: str, *, urgent: bool) -> None:
        """Log the places that were given, if any were."""
        self.writing.settle()
        if not self._first:
            return
        batch = Batch.objects.create(collection=self.collection, sequence=self.taken.sequence,
                                     accepted_at=self.taken.at, accepted_by=actor, urgent=urgent)  # fmt: skip
        BatchRun.objects.bulk_create(
            BatchRun(batch=batch, handling_id=number, first=first, count=self._next[number] - first)
            for number, first in self._first.items()
        )
