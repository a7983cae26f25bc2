"""What a poll costs on PostgreSQL beside SQLite, and what replicas take from the primary.

A real PostgreSQL on the same machine, as durable as SQLite is here: each commit is on the disk before the page leaves.
Both nodes hold the same indicators and are asked in turn, by one client and by sixteen. Then the one on PostgreSQL,
with more objects than its process keeps at hand, is served with none, one and two replicas that follow the primary.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from bench import _child, _load, _watch
from bench.poll import MANY, OBJECTS, PAGE, TURNS, Asked, compared, node, walk
from comity.commands.bench import Figure
from tests import cluster as clusters
from tests.cluster import Cluster, Server

LARGE = 60_000  # twice what a process keeps at hand
SECONDS = 4.0
FIRST = f"/exchange/collections/bench/objects/?limit={PAGE}"


def run() -> Iterator[Figure]:
    """Measure one process on either store, then the same with replicas."""
    with clusters.built(durable=True) as cluster:
        primary = cluster.primary()
        for name in ("small", "large"):
            cluster.run(primary, f"CREATE DATABASE {name}")
        yield from beside_sqlite(cluster, primary)
        yield from with_replicas(cluster, primary)


def beside_sqlite(cluster: Cluster, primary: Server) -> Iterator[Figure]:
    """Poll a node on PostgreSQL and one on SQLite in turn."""
    with ExitStack() as stack:
        asked: list[Asked] = []
        for name, store in (("PostgreSQL", {"COMITY_DATABASE": cluster.address(primary, "small")}), ("SQLite", {})):
            home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            headers = node(home, OBJECTS, store)
            port, process = stack.enter_context(_child.up(home, store))
            paths, _ = walk(port, FIRST, headers, OBJECTS)
            asked.append(Asked(name, port, [_load.request(path, headers) for path in paths], process))
        for _ in range(TURNS):
            for one in asked:
                one.turn()
    ours, other = asked
    yield from compared(ours, other, "")


def with_replicas(cluster: Cluster, primary: Server) -> Iterator[Figure]:
    """Poll a large node, its pages read from the primary alone, then from one and from two replicas."""
    store = {"COMITY_DATABASE": cluster.address(primary, "large")}
    with tempfile.TemporaryDirectory() as folder:
        headers = node(Path(folder), LARGE, store)
        alone = None
        for count in range(3):
            if count:
                cluster.follow(cluster.add(), primary)
                places = replace(cluster, servers=cluster.servers[1:])
                asked = "target_session_attrs=any&load_balance_hosts=random"
                store["COMITY_REPLICAS"] = places.addresses("large", asked)
            found = _costs(cluster, store, Path(folder), headers)
            alone = alone or found[0]
            yield Figure(f"{count} replicas: processor a page, primary", found[0], "ms", found[0] / alone, "none")
            if count:
                yield Figure(f"{count} replicas: processor a page, all replicas", sum(found[1:]), "ms")
                yield Figure(f"{count} replicas: processor a page, the busiest replica", max(found[1:]), "ms")


def _costs(cluster: Cluster, store: Mapping[str, str], home: Path, headers: Mapping[str, str]) -> list[float]:
    """Poll round and round for a while; give what each server's processes took a page, in milliseconds."""
    with _child.up(home, store) as (port, _):
        paths, _ = walk(port, FIRST, headers, LARGE)
        requests = [_load.request(path, headers) for path in paths]
        before = [_seconds(one) for one in cluster.servers]
        taken = _load.ask(port, requests, SECONDS, MANY)
        return [1000 * (_seconds(one) - was) / len(taken.each)
                for one, was in zip(cluster.servers, before, strict=True)]  # fmt: skip


def _seconds(server: Server) -> float:
    """Give the processor's seconds that a server has used, for sessions that live on."""
    cost = _watch.cost(server.process.pid) if server.process is not None else None
    if cost is None:
        raise _child.NotMeasured("this system does not tell what a process has used")
    return cost.seconds
