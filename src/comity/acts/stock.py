"""The rows of the stock, read many at a time: what Django's own way would take row by row."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import msgspec
from django.db import connection

from comity.stix.timestamps import version_at

Row = Sequence[Any]
_ROOM: Final = 32_000  # KiB


def versions_of(collection: int, ids: Iterable[str]) -> Iterator[tuple[str, str, bytes]]:
    """Yield (id, version, digest) of each version that is stored of objects *ids*."""
    rows = _among(
        "SELECT stix_id, instant, spelling, digest FROM comity_storedversion WHERE collection_id = %s AND stix_id",
        ids,
        [collection],
    )
    return ((stix_id, version_at(at, spelling), bytes(digest)) for stix_id, at, spelling, digest in rows)


def anywhere(ids: Iterable[str]) -> list[Row]:
    """Return (id, version, digest, own class, collection) of each version of objects *ids* in any collection."""
    rows = _among(
        "SELECT stix_id, instant, spelling, digest, own_id, collection_id FROM comity_storedversion"
        " WHERE collection_id IN (SELECT id FROM comity_collection) AND stix_id",
        ids, [],
    )  # fmt: skip
    return [(stix_id, version_at(at, spelling), *rest) for stix_id, at, spelling, *rest in rows]


def standing(collection: int, ids: Iterable[str]) -> list[Row]:
    """Return (id, class, version row) of each entry that objects *ids* have."""
    return _among(
        "SELECT v.stix_id, e.handling_id, e.version_id FROM comity_storedversion v"
        " JOIN comity_entry e ON e.version_id = v.id WHERE e.deleted_at IS NULL AND v.collection_id = %s AND v.stix_id",
        ids, [collection],
    )  # fmt: skip


def dependents(collection: int, ids: Iterable[str], first: int | None) -> set[int]:
    """Return the versions that cannot do without one of *ids*; with *first* only those before that row, or waiting.

    What has no place and waits for none was taken back by its giver, and is not looked at again.
    """
    asked = ("SELECT DISTINCT n.version_id FROM comity_target t JOIN comity_need n ON n.target_id = t.id"
             " WHERE t.collection_id = %s AND ("
             "EXISTS (SELECT 1 FROM comity_entry e WHERE e.version_id = n.version_id AND e.deleted_at IS NULL)"
             " OR EXISTS (SELECT 1 FROM comity_storedversion w WHERE w.id = n.version_id AND w.waits))")  # fmt: skip
    given = [collection]
    if first is not None:
        asked += (" AND (n.version_id < %s OR EXISTS"
                  " (SELECT 1 FROM comity_storedversion v WHERE v.id = n.version_id AND v.waits))")  # fmt: skip
        given.append(first)
    return {pk for (pk,) in _among(f"{asked} AND t.stix_id", ids, given)}


def has_dependents(collection: int) -> bool:
    """Tell whether any version of a collection cannot do without another object."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM comity_target WHERE collection_id = %s)", [collection])
        return bool(cursor.fetchone()[0])


def targets(collection: int, ids: Iterable[str]) -> dict[str, int]:
    """Return, by id, the numbers of those of objects *ids* that some version cannot do without."""
    rows = _among("SELECT id, stix_id FROM comity_target WHERE collection_id = %s AND stix_id", ids, [collection])
    return {stix_id: number for number, stix_id in rows}


def _among(asked: str, values: Iterable[str], given: Sequence[int]) -> list[Row]:
    """Return the rows of a statement that ends in a text column, for the texts in *values*."""
    texts = sorted(values)
    if not texts:
        return []
    many, held = (
        (" = ANY(%s)", texts)
        if connection.vendor == "postgresql"
        else (" IN (SELECT value FROM json_each(%s))", msgspec.json.encode(texts).decode())
    )
    with connection.cursor() as cursor:
        cursor.execute(asked + many, [*given, held])
        return list(cursor.fetchall())


@contextmanager
def room() -> Iterator[None]:
    """Have an SQLite store keep more in memory for a while: for an act that writes all over its indexes.

    Nor does it look each row's parents up, when it is entered before the act's transaction: the act has read or written
    each of them in it.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        (before,) = cursor.fetchone()
        cursor.execute(f"PRAGMA cache_size = -{_ROOM}")
        try:
            with connection.constraint_checks_disabled():
                yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {int(before)}")
