"""Two stores at once: copying a node's whole store into another, and proving by its content that the copy is one.

A store may be *retired*: every table of the node refuses every change from then on, whichever program tries, so that
of two copies of one node at most one can deliver, and no log grows in two ways.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any

import msgspec
from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from comity import database
from comity.models.triggers import MARKS

SOURCE, TARGET = "default", "target"
RETIRED = "comity_retired"
_KNOWN_BESIDE = {RETIRED, "django_migrations", "sqlite_sequence"}
_AT_ONCE = 2_000
_PLAIN = (models.CharField, models.TextField, models.IntegerField)
_PACKED = msgspec.msgpack.Encoder(order="deterministic")
_ALL = 1 << 256

Told = Callable[[str, int], None]
"""Takes a table's name and how many of its rows have been copied so far."""


class StoreRefused(Exception):
    """A store cannot be read from or written to as asked; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a table holds: how many rows, and the sum of their SHA-256 digests, which no order of rows changes."""

    rows: int = 0
    digests: int = 0

    def __add__(self, row: bytes) -> "Content":
        """Count one more row, given as its packed values."""
        return Content(self.rows + 1, (self.digests + int.from_bytes(sha256(row).digest())) % _ALL)


def connect(url: str) -> None:
    """Make the store at *url* the target of what follows."""
    if TARGET in connections.settings:
        connections[TARGET].close()
        del connections[TARGET]
    named = connections.configure_settings({SOURCE: connections.settings[SOURCE], TARGET: database.entry(url)})
    connections.settings[TARGET] = named[TARGET]


def disconnect() -> None:
    """Forget the target."""
    connections[TARGET].close()
    del connections[TARGET]
    del connections.settings[TARGET]


def held() -> list[type[models.Model]]:
    """Give the models of all tables that are a node's store."""
    return [one for one in apps.get_models(include_auto_created=True) if one._meta.managed and not one._meta.proxy]


def is_empty(alias: str) -> bool:
    """Tell whether a store holds no node yet, tables or not."""
    with connections[alias].cursor() as cursor:
        if "comity_node" not in connections[alias].introspection.table_names(cursor):
            return True
        cursor.execute("SELECT count(*) FROM comity_node")
        return bool(cursor.fetchone()[0] == 0)


@contextmanager
def still(alias: str) -> Iterator[None]:
    """Hold a store still: until the block ends nobody else changes it. Whoever wants to waits."""
    with transaction.atomic(using=alias):
        if connections[alias].vendor == "postgresql":
            tables = ", ".join(_quoted(connections[alias], model._meta.db_table) for model in held())
            with connections[alias].cursor() as cursor:
                cursor.execute(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")
        yield


def copy(told: Told, retired_as: str = "") -> Mapping[str, Content]:
    """Copy the source into the target, inside the caller's transaction of the source, and one of its own there.

    Whole or not at all: where anything fails, or where what the target then holds is not what the source does, the
    target stays without a node. Gives what each table holds. With *retired_as* the copy is retired from the first.
    """
    _refuse_unknown_tables()
    call_command("migrate", database=TARGET, verbosity=0, interactive=False)
    with transaction.atomic(using=TARGET):
        _clear()
        copied = {model._meta.db_table: _copy(model, told) for model in held()}
        for model in held():
            table = model._meta.db_table
            if content(TARGET, model) != copied[table]:
                raise StoreRefused(f"table {table} is not in the target what it is in the source: nothing was moved")
        _numbers_go_on()
        if retired_as:
            retire(TARGET, retired_as)
    return copied


def content(alias: str, model: type[models.Model]) -> Content:
    """Count and digest the rows of a table."""
    found, columns = Content(), _columns(model)
    for row in _rows(alias, model, columns):
        found += _packed(row, columns)
    return found


def _packed(row: tuple[Any, ...], columns: "Sequence[models.Field[Any, Any]]") -> bytes:
    """Pack a row's values, but for the node's marks: each store draws its own."""
    return _PACKED.encode([value for value, field in zip(row, columns, strict=True) if field.name not in MARKS])


def retire(alias: str, why: str) -> None:
    """Have every table of a store refuse every change, in the caller's transaction; *why* is kept and shown."""
    link = connections[alias]
    with link.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {RETIRED} (why text NOT NULL)")
        cursor.execute(f"INSERT INTO {RETIRED} VALUES (%s)", [why])
        if link.vendor == "postgresql":
            cursor.execute(
                f"CREATE FUNCTION {RETIRED}() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN RAISE EXCEPTION 'this store was moved and takes no change'; END $$"
            )
        for statement in _guards(link):
            cursor.execute(statement)


def revive(alias: str) -> None:
    """Have a retired store take changes again, in the caller's transaction."""
    link = connections[alias]
    with link.cursor() as cursor:
        if link.vendor == "postgresql":
            cursor.execute(f"DROP FUNCTION {RETIRED}() CASCADE")
        else:
            for model in held():
                for event in ("INSERT", "UPDATE", "DELETE"):
                    cursor.execute(f"DROP TRIGGER {_guard(model, event)}")
        cursor.execute(f"DROP TABLE {RETIRED}")


def retired(alias: str) -> str | None:
    """Say why a store was retired; None where it was not."""
    link = connections[alias]
    with link.cursor() as cursor:
        if RETIRED not in link.introspection.table_names(cursor):
            return None
        cursor.execute(f"SELECT why FROM {RETIRED}")
        return str(cursor.fetchone()[0])


def _guards(link: BaseDatabaseWrapper) -> Iterator[str]:
    for model in held():
        table = _quoted(link, model._meta.db_table)
        if link.vendor == "postgresql":
            yield (f"CREATE TRIGGER {RETIRED} BEFORE INSERT OR UPDATE OR DELETE ON {table}"
                   f" FOR EACH STATEMENT EXECUTE FUNCTION {RETIRED}()")  # fmt: skip
        else:
            for event in ("INSERT", "UPDATE", "DELETE"):
                yield (f"CREATE TRIGGER {_guard(model, event)} BEFORE {event} ON {table}"
                       " BEGIN SELECT RAISE(ABORT, 'this store was moved and takes no change'); END")  # fmt: skip


def _guard(model: type[models.Model], event: str) -> str:
    return f"retired_{model._meta.db_table}_{event.lower()}"  # no name that models.triggers takes for its own


def _refuse_unknown_tables() -> None:
    """Refuse to copy a store that holds tables of which this version knows nothing: they would be lost."""
    there = set(connections[SOURCE].introspection.table_names())
    unknown = there - {model._meta.db_table for model in held()} - _KNOWN_BESIDE
    if unknown:
        names = ", ".join(sorted(unknown))
        raise StoreRefused(f"the store holds tables that are not the node's ({names}): move them out of it first")


def _clear() -> None:
    """Take out what making the tables put into them, since it comes with the source."""
    with connections[TARGET].cursor() as cursor:
        for model in held():
            cursor.execute(f"DELETE FROM {_quoted(connections[TARGET], model._meta.db_table)}")


def _columns(model: type[models.Model]) -> "Sequence[models.Field[Any, Any]]":
    return [field for field in model._meta.local_concrete_fields if not getattr(field, "generated", False)]


def _rows(
    alias: str, model: type[models.Model], columns: "Sequence[models.Field[Any, Any]]"
) -> Iterator[tuple[Any, ...]]:
    names = [field.attname for field in columns]
    return model._base_manager.using(alias).order_by().values_list(*names).iterator(_AT_ONCE)


def _copy(model: type[models.Model], told: Told) -> Content:
    """Copy one table, some thousand rows at a time."""
    columns, found = _columns(model), Content()
    rows = _rows(SOURCE, model, columns)
    while batch := list(islice(rows, _AT_ONCE)):
        for row in batch:
            found += _packed(row, columns)
        _insert(model._meta.db_table, columns, batch)
        told(model._meta.db_table, found.rows)
    return found


def _insert(table: str, columns: "Sequence[models.Field[Any, Any]]", rows: Sequence[tuple[Any, ...]]) -> None:
    link = connections[TARGET]
    turned = [place for place, field in enumerate(columns) if not _is_plain(field)]
    values = [_prepared(row, columns, turned, link) for row in rows]
    names = ", ".join(_quoted(link, str(field.column)) for field in columns)
    marks = ", ".join(["%s"] * len(columns))
    with link.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {_quoted(link, table)} ({names}) VALUES ({marks})", values)


def _prepared(
    row: tuple[Any, ...], columns: "Sequence[models.Field[Any, Any]]", turned: Sequence[int], link: BaseDatabaseWrapper
) -> list[Any]:
    values = list(row)
    for place in turned:
        values[place] = columns[place].get_db_prep_save(values[place], connection=link)
    return values


def _is_plain(field: "models.Field[Any, Any]") -> bool:
    """Tell whether a field's values are the same in every store."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return isinstance(field, _PLAIN) and not isinstance(field, models.JSONField)


def _numbers_go_on() -> None:
    """Have the numbers that the target gives out go on behind the highest that was copied."""
    with connections[TARGET].cursor() as cursor:
        for statement in connections[TARGET].ops.sequence_reset_sql(no_style(), held()):
            cursor.execute(statement)


def _quoted(link: BaseDatabaseWrapper, name: str) -> str:
    return link.ops.quote_name(name)
