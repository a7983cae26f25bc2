"""Triggers: what is remembered of the store is out of date in the very transaction that changes the store.

One more keeps an edition of a framework as it was taken in, and two keep exercises and what is real apart: no batch
has a class of the other kind, and no collection changes its kind.

A mark of the node (`models.nodes`) is drawn anew whenever what it stands for is written to, by whatever program. The
new mark is random. So it never comes back: not after a rollback, not in another database under the same process.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate, pre_migrate
from django.dispatch import receiver

_EVERY = ("INSERT", "UPDATE", "DELETE")
_WATCHED: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    ("law_mark", "comity_agreement", _EVERY, ""),
    ("law_mark", "comity_agreementevent", _EVERY, ""),
    ("law_mark", "comity_agreementtext", _EVERY, ""),
    ("law_mark", "comity_consent", _EVERY, ""),
    ("law_mark", "comity_consentquestion", _EVERY, ""),
    ("class_mark", "comity_handling", _EVERY, ""),
    ("door_mark", "comity_credential", _EVERY, ""),
    ("door_mark", "comity_right", _EVERY, ""),
    ("door_mark", "comity_collection", _EVERY, ""),
    ("stock_mark", "comity_entry", ("UPDATE", "DELETE"), "deleted_at, plural"),
)
"""Which mark a writing to which table draws anew; the last names the columns that count, all where it is empty."""
_OF_NODE = {"law_mark": ("law", "party_id"), "stock_mark": ("sequence",)}
MARKS = ("law_mark", "class_mark", "door_mark", "stock_mark")
_FIXED = {"comity_frameworkedition": "framework, edition, content, digest",
          "comity_crosswalkedition": "crosswalk, edition, content, digest"}  # fmt: skip
"""The columns of an edition of a framework, or of a crosswalk, that no program may change."""
_CLASS = "(SELECT {flag} FROM comity_handling WHERE id = NEW.handling_id)"
_PLACE = ("(SELECT comity_collection.exercise FROM comity_batch JOIN comity_collection"
          " ON comity_collection.id = comity_batch.collection_id WHERE comity_batch.id = NEW.batch_id)")  # fmt: skip
"""Whether a class, and the collection of a batch, are an exercise's."""
_CAREFUL = (
    "UPDATE comity_segment SET careful = {true} WHERE collection_id = NEW.collection_id"
    " AND handling_id = NEW.handling_id AND first > NEW.ordinal - 256 AND first <= NEW.ordinal"
    " AND first + count > NEW.ordinal AND NOT careful;"
)  # 256: the most places that a segment holds


def install(connection: BaseDatabaseWrapper) -> None:
    """Make the triggers anew."""
    if "comity_consentquestion" not in connection.introspection.table_names():
        return
    made = _for_postgresql() if connection.vendor == "postgresql" else _for_sqlite()
    with connection.cursor() as cursor:
        for statement in made:
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away while tables are changed: SQLite makes tables anew, which triggers on others forbid."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'comity\\_%' ESCAPE '\\'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")


@receiver(pre_migrate)
def before_migration(sender: AppConfig, using: str, **_others: Any) -> None:  # noqa: ANN401 - a signal's arguments
    """Take the triggers away before tables change."""
    if sender.label == "comity":
        remove(connections[using])


@receiver(post_migrate)
def after_migration(sender: AppConfig, using: str, **_others: Any) -> None:  # noqa: ANN401 - a signal's arguments
    """Make the triggers once the tables stand."""
    if sender.label == "comity":
        install(connections[using])


def _name(mark: str, table: str, event: str) -> str:
    return f"{table}_{mark}_{event.lower()}"


def _differ(fields: tuple[str, ...]) -> str:
    return " OR ".join(f"OLD.{one} <> NEW.{one}" for one in fields)


def _for_sqlite() -> Iterator[str]:
    drawn = "lower(hex(randomblob(16)))"
    for mark, table, events, columns in _WATCHED:
        for event in events:
            name, of = _name(mark, table, event), f" OF {columns}" if columns and event == "UPDATE" else ""
            yield f"DROP TRIGGER IF EXISTS {name}"
            yield (f"CREATE TRIGGER {name} AFTER {event}{of} ON {table} BEGIN"
                   f" UPDATE comity_node SET {mark} = {drawn}; END")  # fmt: skip
    for mark, fields in _OF_NODE.items():
        name = f"comity_node_{mark}"
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield (f"CREATE TRIGGER {name} AFTER UPDATE OF {', '.join(fields)} ON comity_node WHEN {_differ(fields)} BEGIN"
               f" UPDATE comity_node SET {mark} = {drawn}; END")  # fmt: skip
    yield "DROP TRIGGER IF EXISTS comity_node_marks"
    yield ("CREATE TRIGGER comity_node_marks AFTER INSERT ON comity_node BEGIN UPDATE comity_node SET "
           + ", ".join(f"{mark} = {drawn}" for mark in MARKS) + "; END")  # fmt: skip
    yield "DROP TRIGGER IF EXISTS comity_entry_careful"
    yield ("CREATE TRIGGER comity_entry_careful AFTER UPDATE OF plural, deleted_at ON comity_entry BEGIN "
           + _CAREFUL.format(true="1") + " END")  # fmt: skip
    for table, columns in _FIXED.items():
        yield f"DROP TRIGGER IF EXISTS {table}_fixed"
        yield (f"CREATE TRIGGER {table}_fixed BEFORE UPDATE OF {columns} ON {table} BEGIN"
               " SELECT RAISE(ABORT, 'an edition of a framework is fixed'); END")  # fmt: skip
    flag = _CLASS.format(flag="json_extract(body, '$.exercise')")
    yield "DROP TRIGGER IF EXISTS comity_batchrun_apart"
    yield (f"CREATE TRIGGER comity_batchrun_apart BEFORE INSERT ON comity_batchrun WHEN {flag} <> {_PLACE} BEGIN"
           " SELECT RAISE(ABORT, 'exercises and what is real are kept apart'); END")  # fmt: skip
    yield "DROP TRIGGER IF EXISTS comity_collection_apart"
    yield ("CREATE TRIGGER comity_collection_apart BEFORE UPDATE OF exercise ON comity_collection"
           " WHEN OLD.exercise <> NEW.exercise BEGIN"
           " SELECT RAISE(ABORT, 'a collection stays what it is, for exercises or real'); END")  # fmt: skip


def _for_postgresql() -> Iterator[str]:
    drawn = "replace(gen_random_uuid()::text, '-', '')"
    for mark in MARKS:
        yield (f"CREATE OR REPLACE FUNCTION comity_draw_{mark}() RETURNS trigger LANGUAGE plpgsql AS"
               f" $$ BEGIN UPDATE comity_node SET {mark} = {drawn}; RETURN NULL; END $$")  # fmt: skip
    for mark, table, events, columns in _WATCHED:
        for event in events:
            of = f" OF {columns}" if columns and event == "UPDATE" else ""
            yield (f"CREATE OR REPLACE TRIGGER {_name(mark, table, event)} AFTER {event}{of} ON {table}"
                   f" FOR EACH STATEMENT EXECUTE FUNCTION comity_draw_{mark}()")  # fmt: skip
    for mark, fields in _OF_NODE.items():
        yield (f"CREATE OR REPLACE TRIGGER comity_node_{mark} AFTER UPDATE OF {', '.join(fields)} ON comity_node"
               f" FOR EACH ROW WHEN ({_differ(fields)}) EXECUTE FUNCTION comity_draw_{mark}()")  # fmt: skip
    every = " ".join(f"NEW.{mark} := {drawn};" for mark in MARKS)
    yield ("CREATE OR REPLACE FUNCTION comity_draw_marks() RETURNS trigger LANGUAGE plpgsql AS"
           f" $$ BEGIN {every} RETURN NEW; END $$")  # fmt: skip
    yield ("CREATE OR REPLACE TRIGGER comity_node_marks BEFORE INSERT ON comity_node"
           " FOR EACH ROW EXECUTE FUNCTION comity_draw_marks()")  # fmt: skip
    careful = _CAREFUL.format(true="TRUE")
    yield ("CREATE OR REPLACE FUNCTION comity_be_careful() RETURNS trigger LANGUAGE plpgsql AS"
           f" $$ BEGIN {careful} RETURN NULL; END $$")  # fmt: skip
    yield ("CREATE OR REPLACE TRIGGER comity_entry_careful AFTER UPDATE OF plural, deleted_at ON comity_entry"
           " FOR EACH ROW EXECUTE FUNCTION comity_be_careful()")  # fmt: skip
    yield ("CREATE OR REPLACE FUNCTION comity_edition_is_fixed() RETURNS trigger LANGUAGE plpgsql AS"
           " $$ BEGIN RAISE integrity_constraint_violation"
           " USING MESSAGE = 'an edition of a framework is fixed'; END $$")  # fmt: skip
    for table, columns in _FIXED.items():
        yield (f"CREATE OR REPLACE TRIGGER {table}_fixed BEFORE UPDATE OF {columns} ON {table} FOR EACH ROW"
               " EXECUTE FUNCTION comity_edition_is_fixed()")  # fmt: skip
    flag = _CLASS.format(flag="(body::jsonb ->> 'exercise')::boolean")
    yield ("CREATE OR REPLACE FUNCTION comity_kept_apart() RETURNS trigger LANGUAGE plpgsql AS"
           f" $$ BEGIN IF {flag} <> {_PLACE} THEN RAISE integrity_constraint_violation"
           " USING MESSAGE = 'exercises and what is real are kept apart'; END IF; RETURN NEW; END $$")  # fmt: skip
    yield ("CREATE OR REPLACE TRIGGER comity_batchrun_apart BEFORE INSERT ON comity_batchrun"
           " FOR EACH ROW EXECUTE FUNCTION comity_kept_apart()")  # fmt: skip
    yield ("CREATE OR REPLACE FUNCTION comity_collection_stays() RETURNS trigger LANGUAGE plpgsql AS"
           " $$ BEGIN RAISE integrity_constraint_violation"
           " USING MESSAGE = 'a collection stays what it is, for exercises or real'; END $$")  # fmt: skip
    yield ("CREATE OR REPLACE TRIGGER comity_collection_apart BEFORE UPDATE OF exercise ON comity_collection"
           " FOR EACH ROW WHEN (OLD.exercise <> NEW.exercise) EXECUTE FUNCTION comity_collection_stays()")  # fmt: skip
