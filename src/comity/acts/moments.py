"""The node's one order of happenings: each change of law or stock takes its number and moment under one lock."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class NoNode(Exception):
    """The store holds no node yet, so nothing can happen in it; the message says how to make one."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A place in the order: `sequence`, and `at` in microseconds since 1970 UTC."""

    sequence: int
    at: int


def micros(moment: datetime) -> int:
    """Return an aware moment as microseconds since 1970 UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(at: int) -> datetime:
    """Return microseconds since 1970 UTC as an aware moment."""
    return _EPOCH + at * _MICROSECOND


def take(now: datetime, *, law: bool = False) -> Taken:
    """Take the next place, inside the caller's transaction, which holds the lock until it ends.

    The moment is the later of *now* and the last one given out, so that the order of places is the order of moments
    even when the machine's clock goes back. *law* marks a fact of law: judgements made before no longer stand.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE comity_node SET sequence = sequence + 1, stamp = CASE WHEN stamp > %s THEN stamp ELSE %s END,"
            " law = CASE WHEN %s THEN sequence + 1 ELSE law END WHERE id = 1 RETURNING sequence, stamp",
            [micros(now), micros(now), law],
        )
        row = cursor.fetchone()
    if row is None:
        raise NoNode("there is no node in this home yet: start it once with comity up")
    return Taken(*row)
