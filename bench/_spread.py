"""Spreads a node's largest tables over PostgreSQL servers by hash partitions, each a foreign table (postgres_fdw).

By recipient: a party's log with its entries, and its views' runs. By segment: the bytes of what is stored. All that one
recipient's commit writes is on one server, so it is there whole or not at all; the one that decides keeps the law, the
classes and the marks, and holds them while the other commits.
"""

from collections.abc import Mapping, Sequence

from tests.cluster import Cluster, Server

TABLES: Mapping[str, str] = {
    "comity_log": "id", "comity_ledgerentry": "log_id", "comity_viewrun": "view_id",
    "comity_segmentbytes": "segment_id",
}  # fmt: skip
_THERE = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname = ANY (ARRAY[{}])"
_COLUMNS = (
    "SELECT attname, format_type(atttypid, atttypmod), attnotnull, attidentity <> '' FROM pg_attribute"
    " WHERE attrelid = '{}'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
)
_INDEXES = "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = '{}'::regclass"
_FOREIGN_KEYS = (
    "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f'"
    " AND '{0}'::regclass IN (conrelid, confrelid)"
)


def spread(cluster: Cluster, coordinator: Server, shards: Sequence[Server], name: str) -> list[str]:
    """Move the tables of database *name* to *shards*, each of which must hold an empty database *name*; name them."""
    link = ["CREATE EXTENSION postgres_fdw", *(_server(n, shard, name) for n, shard in enumerate(shards)),
            *(f"CREATE USER MAPPING FOR CURRENT_USER SERVER shard{n} OPTIONS (user 'postgres',"
              f" password '{cluster.secret}')" for n in range(len(shards)))]  # fmt: skip
    cluster.run(coordinator, *link, name=name)
    wanted = ", ".join(f"'{table}'" for table in TABLES)
    there = {row[0] for row in cluster.run(coordinator, _THERE.format(wanted), name=name)}
    moved = [table for table in TABLES if table in there]
    for table in moved:
        _move(cluster, coordinator, shards, name, table)
    return moved


def _server(number: int, shard: Server, name: str) -> str:
    return (f"CREATE SERVER shard{number} FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1',"
            f" port '{shard.port}', dbname '{name}', batch_size '100', fetch_size '1000')")  # fmt: skip


def _move(cluster: Cluster, coordinator: Server, shards: Sequence[Server], name: str, table: str) -> None:
    """Make a table one that is partitioned over the shards, with the rows it has."""
    columns = cluster.run(coordinator, _COLUMNS.format(table), name=name)
    plain = ", ".join(f'"{column}" {kind}{" NOT NULL" if needed else ""}' for column, kind, needed, _ in columns)
    indexes = [row[0] for row in cluster.run(coordinator, _INDEXES.format(table), name=name)]
    for shard in shards:
        cluster.run(shard, f"CREATE TABLE {table} ({plain})", *indexes, name=name)
    keys = cluster.run(coordinator, _FOREIGN_KEYS.format(table), name=name)
    cluster.run(coordinator, *(f'ALTER TABLE {owner} DROP CONSTRAINT "{key}"' for owner, key in keys),
                f"ALTER TABLE {table} RENAME TO {table}_whole",
                f"CREATE TABLE {table} ({plain}) PARTITION BY HASH ({TABLES[table]})",
                *(f"CREATE FOREIGN TABLE {table}_{n} PARTITION OF {table} FOR VALUES WITH (MODULUS {len(shards)},"
                  f" REMAINDER {n}) SERVER shard{n} OPTIONS (table_name '{table}')" for n in range(len(shards))),
                f"INSERT INTO {table} SELECT * FROM {table}_whole",  # noqa: S608 - names of ours
                *(_numbered(table, column) for column, _, _, numbered in columns if numbered),
                f"DROP TABLE {table}_whole", name=name)  # fmt: skip


def _numbered(table: str, column: str) -> str:
    """Have the one server that decides give new rows their numbers."""
    sequence = f"{table}_{column}_spread"
    return (f"DO $$ DECLARE next bigint; BEGIN SELECT coalesce(max({column}), 0) + 1 INTO next FROM {table}_whole;"  # noqa: S608 - names of ours
            f" EXECUTE format('CREATE SEQUENCE {sequence} START %s OWNED BY {table}.{column}', next);"
            f" ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT nextval('{sequence}'); END $$")  # fmt: skip
