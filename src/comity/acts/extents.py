"""How far the rows of classes reach in a collection, now and at moments of the past: one statement for many classes.

The newest place of a class is one look-up in an index, whatever stands in it. Batches are found by their number, as few
are newer than what is known: `+` and CROSS JOIN keep SQLite from going through all of a collection, or of a class.
"""

from collections.abc import Collection

from comity.acts import lookups

_NEWEST = ("SELECT h.id, (SELECT MAX(ordinal) FROM comity_entry e WHERE e.collection_id = %s AND e.handling_id = h.id)"
           " FROM comity_handling h WHERE h.id IN ({})")  # fmt: skip
_RUNS = ("SELECT +r.handling_id, MIN(r.first) FROM comity_batch b CROSS JOIN comity_batchrun r WHERE r.batch_id = b.id"
         " AND +b.collection_id = %s AND b.sequence > %s AND ({late}) AND +r.handling_id IN ({those})"
         " GROUP BY +r.handling_id")  # fmt: skip


def counts(collection: int, numbers: Collection[int]) -> dict[int, int]:
    """Return how many places classes have now."""
    if not numbers:
        return {}
    found = lookups.rows(_NEWEST.format(_marks(numbers)), [collection, *numbers])
    return {number: 0 if newest is None else newest + 1 for number, newest in found}


def first_after(collection: int, numbers: Collection[int], sequence: int, at: int, later: int | None) -> dict[int, int]:
    """Return the first place that classes got from batches accepted after a moment, or numbered after *later*.

    Of classes that got none nothing is told. All such batches are numbered after *sequence*, which bounds the search.
    """
    if not numbers:
        return {}
    late, told = "b.accepted_at > %s", [at]
    if later is not None:
        late, told = f"{late} OR b.sequence > %s", [at, later]
    asked = _RUNS.format(late=late, those=_marks(numbers))
    return dict(lookups.rows(asked, [collection, sequence, *told, *numbers]))


def _marks(numbers: Collection[int]) -> str:
    return ", ".join(["%s"] * len(numbers))
