"""What it costs to spread a node over three PostgreSQL servers: one decides, two hold logs, views and bytes.

The same node is polled by sixteen clients of two parties before its largest tables are spread by hash partitions over
postgres_fdw, and after. Then its ledger is verified as ever.
"""

import base64
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bench import _child, _load, _spread, _watch
from bench.poll import MANY, PAGE, TAXII, walk
from comity import environment
from comity.commands.bench import Figure
from tests import cluster as clusters
from tests.cluster import Cluster, Server

OBJECTS, SIZE, SECONDS = 20_000, 800, 4.0
NAME = "comity"
FIRST = f"/exchange/collections/bench/objects/?limit={PAGE}"


def run() -> Iterator[Figure]:
    """Measure the node on one server, spread it, and measure it again."""
    with clusters.built(durable=True) as cluster, tempfile.TemporaryDirectory() as folder:
        servers = [cluster.primary() for _ in range(3)]
        for server in servers:
            cluster.run(server, f"CREATE DATABASE {NAME}")
        coordinator, *shards = servers
        home, store = Path(folder), {"COMITY_DATABASE": cluster.address(coordinator, NAME)}
        parties = _child.told("bench._poll_node", home, "bench", str(OBJECTS), str(SIZE), "XA", "XI", store=store)
        headers = [_headers(*one) for one in parties]
        yield from _polled(cluster, home, store, headers, "one server")
        moved = _spread.spread(cluster, coordinator, shards, NAME)
        for table in moved:
            counted = f"SELECT count(*) FROM {table}"  # noqa: S608 - a name of ours
            held = [int(cluster.run(shard, counted, name=NAME)[0][0]) for shard in shards]
            yield Figure(f"{table}: rows on the first of the two", held[0], "rows", held[0] / max(sum(held), 1), "all")
        yield from _polled(cluster, home, store, headers, "three servers")
        yield Figure("logs verified", _verified(home, store), "logs")


def _headers(username: str, secret: str) -> Mapping[str, str]:
    signed = "Basic " + base64.b64encode(f"{username}:{secret}".encode()).decode()
    return {"Accept": TAXII, "Authorization": signed}


def _polled(cluster: Cluster, home: Path, store: Mapping[str, str], headers: Sequence[Mapping[str, str]],
            where: str) -> Iterator[Figure]:  # fmt: skip
    """Poll for a while; give pages a second, and what they took each server's processor."""
    with _child.up(home, store) as (port, _):
        requests = [_load.request(path, one) for one in headers for path in walk(port, FIRST, one, OBJECTS)[0]]
        before = [_seconds(one) for one in cluster.servers]
        taken = _load.ask(port, requests, SECONDS, MANY)
        spent = [_seconds(one) - was for one, was in zip(cluster.servers, before, strict=True)]
    yield Figure(f"{where}: objects, {MANY} clients", taken.rate(PAGE), "a second")
    names = ("the one that decides", "the first shard", "the second shard")
    for name, seconds in zip(names, spent, strict=True):
        yield Figure(f"{where}: processor a page, {name}", 1000 * seconds / len(taken.each), "ms")


def _seconds(server: Server) -> float:
    cost = _watch.cost(server.process.pid) if server.process is not None else None
    if cost is None:
        raise _child.NotMeasured("this system does not tell what a process has used")
    return cost.seconds


def _verified(home: Path, store: Mapping[str, str]) -> int:
    """Verify every log; give how many there are."""
    command = [sys.executable, str(environment.ROOT / ".venv" / "bin" / "comity"), "ledger", "verify", "--json"]
    done = subprocess.run(command, env=_child.environ(home, store), capture_output=True, text=True, check=False)
    if done.returncode:
        raise _child.NotMeasured(f"the ledger does not verify: {done.stdout}{done.stderr}")
    return len(json.loads(done.stdout)["logs"])
