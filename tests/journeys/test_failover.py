"""The primary dies under polls and ingest, its standby goes on: nothing is lost, doubled, or given without its entry.

Three processes of the node, as on two hosts, stand before two PostgreSQL servers, of which one follows the other by
streaming; commits wait for it. What is stored is read from the one that follows.
"""

import http.client
import json
import os
import random
import sys
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests import cluster as clusters
from tests.cluster import Cluster, Server
from tests.journeys.pollers import PATH, Book, Poller, signed
from tests.journeys.siege import Account, Fortress, build
from tests.journeys.test_kill import audit, settle
from tests.journeys.world import indicator
from tests.postgres import free_port

FAILOVERS = int(os.environ.get("COMITY_FAILOVERS", "1"))
SEED = int(os.environ.get("COMITY_SEED", "20261127"))
POLLERS = 6
HOSTS = 2
LINGER = 0.6  # seconds of polls before a primary is killed


class Giver:
    """A partner that adds objects, each until it is told that it is stored: to repeat does no harm."""

    def __init__(self, account: Account, ports: list[int], until: threading.Event) -> None:
        self.account, self.ports, self.until = account, ports, until
        self.stored: set[str] = set()
        self.wrong: list[str] = []
        self.refused = 0

    def give(self) -> None:
        """Add one object after another, to each host in turn."""
        number = len(self.stored)
        while not self.until.is_set() and not self.wrong:
            one = indicator(f"given-{number}", "GREEN")
            status, body = self.post(self.ports[(number + self.refused) % len(self.ports)], [one])
            if status == 202:
                assert json.loads(body)["success_count"] == 1, body
                self.stored.add(one["id"])
                number += 1
            elif status in (0, 503):
                self.refused += 1
                time.sleep(0.05)
            else:
                self.wrong.append(f"{status} {body!r}")

    def post(self, port: int, objects: list[dict[str, object]]) -> tuple[int, bytes]:
        """Add objects; give the answer's status, 0 where none came, and its body."""
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {**signed(self.account), "Content-Type": "application/taxii+json;version=2.1"}
        try:
            line.request("POST", f"{PATH}objects/", json.dumps({"objects": objects}), headers)
            answer = line.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            line.close()


@dataclass(slots=True)
class Store:
    """A primary, a standby whose word each commit waits for, and the node's processes before them."""

    cluster: Cluster
    primary: Server
    standby: Server
    hosts: list[Fortress]


@pytest.mark.long
def test_a_store_of_two_servers_gives_no_more_and_no_less_than_one(tmp_path: Path, comity: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    with clusters.built() as cluster:
        primary = cluster.primary()
        cluster.run(primary, "CREATE DATABASE comity")
        standby = cluster.add()
        fortress, accounts = build(home, cluster.addresses("comity"), POLLERS, comity, giver=True)
        cluster.follow(standby, primary)
        cluster.synchronous(primary, wanted=True)
        replicas = cluster.addresses("comity", "target_session_attrs=prefer-standby&connect_timeout=2")
        hosts = [replace(fortress, port=port, environment={**fortress.environment, "COMITY_REPLICAS": replicas})
                 for port in (fortress.port, *(free_port() for _ in range(HOSTS - 1)))]  # fmt: skip
        store = Store(cluster, primary, standby, hosts)
        with ExitStack() as stack:
            for workers, host in enumerate(hosts, 1):
                stack.enter_context(host.served("--workers", str(workers)))
            lag_behind(store, accounts)
            fail_over_under_polls(store, accounts)
            audit(fortress)


def fail_over_under_polls(store: Store, accounts: list[Account]) -> None:
    """Kill the primary under polls and ingest, again and again: what was given stays recorded, once."""
    chance, over = random.Random(SEED), threading.Event()
    *readers, giving = accounts
    ports = [host.port for host in store.hosts]
    pollers = [
        Poller(one, ports[number % HOSTS], random.Random(chance.random()), query="limit=40", until=over)
        for number, one in enumerate(readers)
    ]
    giver = Giver(giving, ports, over)
    books = {one.party: Book(one, ports[0]) for one in readers}
    settle([], books)
    heard = 0
    for _ in range(FAILOVERS):
        over.clear()
        threads = [threading.Thread(target=one) for one in (*(poller.poll for poller in pollers), giver.give)]
        for thread in threads:
            thread.start()
        time.sleep(chance.uniform(0.1, LINGER))
        _fail_over(store)
        time.sleep(chance.uniform(0, LINGER))
        over.set()
        for thread in threads:
            thread.join()
        assert [*giver.wrong, *(one.wrong for one in pollers if one.wrong)] == []
        heard += sum(len(one.heard) for one in pollers)
        settle(pollers, books)
    assert _objects(giving, ports[0]) >= giver.stored, "what was told to be stored is not there"
    sys.stdout.write(f"{FAILOVERS} fail-overs: {heard} requests, {len(giver.stored)} objects given, "
                     f"{giver.refused} of them had to be given again\n")  # fmt: skip
    assert giver.stored


def lag_behind(store: Store, accounts: list[Account]) -> None:
    """Hold the replica back: what it lacks comes from the primary, and what is forbidden since goes to nobody."""
    cluster, standby, port = store.cluster, store.standby, store.hosts[0].port
    reader, giving = accounts[0], accounts[-1]
    cluster.synchronous(store.primary, wanted=False)
    first = _objects(reader, port)
    read = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT segment_id, bodies%'"
    assert cluster.run(standby, read)[0][0] > 0, "nothing was read from the replica"
    cluster.run(standby, "SELECT pg_wal_replay_pause()")
    given = [indicator(f"later-{number}", "GREEN", description="x" * 900) for number in range(300)]
    assert Giver(giving, [port], threading.Event()).post(port, given)[0] == 202
    assert _objects(reader, port) == first | {str(one["id"]) for one in given}
    store.hosts[0].run("agreement", "event", "bs-xa-cyber-mou", "suspension", "--source", "Note 7")
    assert not _objects(reader, port) >= first
    cluster.run(standby, "SELECT pg_wal_replay_resume()")
    cluster.synchronous(store.primary, wanted=True)


def _fail_over(store: Store) -> None:
    """Kill the primary and make its standby the primary, which the other one then follows."""
    cluster = store.cluster
    cluster.kill(store.primary)
    store.primary, store.standby = store.standby, store.primary
    cluster.promote(store.primary)
    cluster.synchronous(store.primary, wanted=False)
    cluster.follow(store.standby, store.primary)
    cluster.synchronous(store.primary, wanted=True)


def _objects(account: Account, port: int) -> set[str]:
    """Walk the collection to its end; give the ids."""
    found: set[str] = set()
    more = ""
    while True:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        line.request("GET", f"{PATH}objects/?limit=1000{more}", headers=signed(account))
        page = json.loads(line.getresponse().read())
        line.close()
        found |= {one["id"] for one in page.get("objects", [])}
        if not page.get("more"):
            return found
        more = f"&next={page['next']}"
