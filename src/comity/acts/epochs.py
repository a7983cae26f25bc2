"""The state of the store that something was read in, told by marks: while they stand, what was remembered holds.

Triggers draw a mark anew, at random, in the transaction that changes what it stands for (`models.triggers`). So what is
remembered under a mark can be out of date only unnoticed between two looks at the marks; what depends on it is
therefore written in a transaction that holds the marks and has looked at them (`acts.commits`).
"""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from django.db import connection

from comity.acts import lookups
from comity.acts.links import Row, Statement, takes_locks

T = TypeVar("T")
_MARKS = "SELECT law_mark, class_mark, door_mark, stock_mark, stamp FROM comity_node"
_HELD = f"{_MARKS} FOR SHARE"


class Epoch(NamedTuple):
    """The marks as read; `stamp` is the latest moment given out (µs)."""

    law: str
    classes: str
    doors: str
    stock: str
    stamp: int

    def sees_as(self, other: "Epoch") -> bool:
        """Tell whether what a partner may have is the same in both states."""
        return self.law == other.law and self.stock == other.stock and self.classes == other.classes


NONE = Epoch("", "", "", "", 0)
"""The state of a store without a node: nothing is remembered under it."""


def read() -> Epoch:
    """Read the marks as they stand now."""
    return told(lookups.row(_MARKS))


def hold() -> Epoch:
    """Read the marks and keep them from changing to the end of this transaction; others may hold them as well."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD if takes_locks() else _MARKS)
        return told(cursor.fetchone())


def question(*, locks: bool) -> Statement:
    """Return what is asked to hold the marks; `told` reads the answer. On SQLite a transaction that writes is alone."""
    return Statement(_HELD if locks else _MARKS)


def told(row: Row | None) -> Epoch:
    """Return the marks that a row holds."""
    return Epoch(*row) if row else NONE


def remembered(kept: dict[str, T], mark_of: Callable[[Epoch], str], make: Callable[[], T], most: int = 4) -> T:
    """Return what *make* gives, remembered in *kept* under a mark; made anew when the mark is another.

    What is made while the mark changes is given and not remembered: it may be of either state.
    """
    mark = mark_of(read())
    found = kept.get(mark)
    if found is None:
        found = make()
        if mark and mark_of(read()) == mark:
            while len(kept) >= most:
                kept.pop(next(iter(kept)), None)
            kept[mark] = found
    return found
