"""Three nodes and a foreign server on loopback exchange under clauses while nodes are killed at random moments.

The hub stands between The Bahamas and Ardenia: it pulls from the one, gets from the other, and takes from a foreign
server with faults. What each may hold in the end is told by the plainest reading of the agreement's two clauses. By
default few objects and kills; COMITY_PEER_OBJECTS (of all parties together) and COMITY_PEER_KILLS set others.
"""

import base64
import http.client
import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from comity.ledger import entries
from tests.journeys.far_server import Faulty, served
from tests.journeys.siege import Fortress
from tests.journeys.three_nodes import LABELS, stock
from tests.journeys.world import stix_id
from tests.nodes import free_port

KILLS = int(os.environ.get("COMITY_PEER_KILLS", "1"))
OBJECTS = int(os.environ.get("COMITY_PEER_OBJECTS", "160"))
SEED = int(os.environ.get("COMITY_SEED", "20261127"))
LINGER = float(os.environ.get("COMITY_PEER_LINGER", "2.5"))  # seconds, at most, from one kill to the next
PATIENCE = 120.0 + OBJECTS / 50  # seconds for all to arrive
PARTIES = ("BS", "XA", "XH")
TROUBLE = "SELECT trouble FROM comity_run ORDER BY id DESC LIMIT 5"
EACH = OBJECTS // 4


@dataclass
class Node:
    """One node: its fortress, and its tokens for others, as (username, secret) by party."""

    party: str
    fortress: Fortress
    collection: str = ""
    tokens: dict[str, tuple[str, str]] = field(default_factory=dict)
    lines: dict[str, str] = field(default_factory=dict)
    running: ExitStack = field(default_factory=ExitStack)

    def start(self) -> None:
        """Serve it as `comity up` does, rounds and all; lines that rest after trouble do not rest any more."""
        self.impatient()
        self.running.enter_context(self.fortress.served())

    def kill(self) -> None:
        """Kill it without warning."""
        self.running.close()

    def impatient(self) -> None:
        """Have every line be due now."""
        with closing(sqlite3.connect(self.fortress.home / "comity.sqlite3", timeout=60)) as store, store:
            store.execute("UPDATE comity_line SET due_at = 0, failures = 0")

    def rows(self, asked: str, *values: str) -> list[tuple[Any, ...]]:
        """Ask the node's store."""
        with closing(sqlite3.connect(self.fortress.home / "comity.sqlite3", timeout=60)) as store:
            return store.execute(asked, values).fetchall()

    def tell(self, **said: object) -> str:
        """Have the node made, or its peers added, by a program of its own."""
        command = [str(self.fortress.comity), "-m", "tests.journeys.three_nodes", str(self.fortress.home)]
        done = subprocess.run(command, input=json.dumps(said), env=self.fortress.environment, capture_output=True,
                              text=True, check=False)  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.fortress.port}/exchange/"


def founded(folder: Path, party: str, comity: Path) -> Node:
    home = folder / party
    home.mkdir(mode=0o700)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COMITY_")}
    environment = kept | {"COMITY_DATA": str(home), "DJANGO_SETTINGS_MODULE": "comity.settings"}
    node = Node(party, Fortress(home, free_port(), environment, comity))
    said = json.loads(node.tell(party=party, objects=EACH, tokens=[one for one in PARTIES if one != party]))
    node.collection = said["collection"]
    node.tokens = {code: (username, secret) for code, username, secret, _ in said["tokens"]}
    node.lines = {code: line for code, _, _, line in said["tokens"]}
    return node


def tie(node: Node, other: Node, *ways: str) -> dict[str, object]:
    username, secret = other.tokens[node.party]
    return {
        "name": other.party.lower(), "party": other.party, "root": other.root, "username": username,
        "secret": secret, "comity": True, "key": other.lines[node.party], "collection": other.collection,
        "ways": ways, "page": 97,
    }  # fmt: skip


def may_hold(party: str) -> set[str]:
    """Tell by the agreement's words what ends up where, beside what is a party's own.

    All lies along one road, XA – XH – BS, with the foreign server beside the hub. One step: up to AMBER. Further: up
    to GREEN. RED goes nowhere; but the foreign server asks nobody, and gives the hub all that it has.
    """
    near = {"XH": {"BS", "XA", "XF"}, "BS": {"XH"}, "XA": {"XH"}}[party]
    found = set()
    for origin in {*PARTIES, "XF"} - {party}:
        reach: tuple[str, ...] = ("CLEAR", "GREEN", "AMBER") if origin in near else ("CLEAR", "GREEN")
        reach = LABELS if (origin, party) == ("XF", "XH") else reach
        for number in range(EACH):
            if LABELS[number % len(LABELS)] in reach:
                found.add(stix_id("indicator", f"{origin}-{number}"))
    return found


@pytest.mark.long
def test_nothing_is_lost_doubled_or_released_against_the_clauses_whenever_a_node_is_killed(
    tmp_path: Path, comity: Path
) -> None:
    chance = random.Random(SEED)
    far = Faulty(stock("XF", EACH), chance)
    bahamas, ardenia, hub = (founded(tmp_path, party, comity) for party in PARTIES)
    nodes = (bahamas, ardenia, hub)
    with served(far) as root, ExitStack() as all_of_them:
        foreign = {"name": "far", "party": "XF", "root": root, "username": "", "secret": "", "comity": False,
                   "collection": "far", "ways": ["pull"], "page": max(10, EACH // 40)}  # fmt: skip
        hub.tell(peers=[tie(hub, bahamas, "pull"), tie(hub, ardenia, "push"), foreign])
        ardenia.tell(peers=[tie(ardenia, hub, "push")])
        bahamas.tell(peers=[tie(bahamas, hub, "pull")])
        for node in nodes:
            all_of_them.callback(node.kill)
            node.start()
        for _ in range(KILLS):
            time.sleep(chance.uniform(0, LINGER))
            struck = chance.choice(nodes)
            struck.kill()
            struck.start()
            for node in nodes:
                node.impatient()
        wait(nodes)
        for node in nodes:
            held = [row[0] for row in node.rows("SELECT stix_id FROM comity_storedversion")]
            own = {one["id"] for one in stock(node.party, EACH)}
            assert len(held) == len(set(held)), "something is doubled"
            assert set(held) - own == may_hold(node.party), node.party
        for giver, taker in ((bahamas, hub), (hub, bahamas), (hub, ardenia), (ardenia, hub)):
            accounts_agree(giver, taker)
        they_go_on_talking(bahamas, hub, ardenia)
    for node in nodes:
        assert json.loads(node.fortress.run("ledger", "verify", "--json"))["ok"]
    sys.stdout.write(f"{KILLS} kills, {4 * EACH} objects, {len(far.faults)} faults of the foreign server\n")


def wait(nodes: tuple[Node, ...]) -> None:
    """Wait until each node holds as much as it may in the end, and the parcels on their way are answered."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        short = [node for node in nodes if len(may_hold(node.party)) + EACH > count(node)]
        if not short:
            return
        for node in nodes:
            node.impatient()
        time.sleep(1)
    told = {node.party: (count(node), len(may_hold(node.party)) + EACH, node.rows(TROUBLE)) for node in nodes}
    raise AssertionError(f"not all has arrived: {told}")


def they_go_on_talking(bahamas: Node, hub: Node, ardenia: Node) -> None:
    """Recall along the road and hear it confirmed; ask for a consent and take it back; see each other's heads."""
    for one, other in ((bahamas, hub), (hub, bahamas), (ardenia, hub), (hub, ardenia)):
        until_there_is(one, "SELECT 1 FROM comity_seenhead WHERE party_id = ?", other.party)
        until_there_is(one, "SELECT 1 FROM comity_cosignature c JOIN comity_checkpoint p ON p.id = c.checkpoint_id"
                       " JOIN comity_log l ON l.id = p.log_id WHERE l.party_id = ?", other.party)  # fmt: skip
    back = stix_id("indicator", "BS-1")  # GREEN: it went to the hub, and on to Ardenia
    bahamas.fortress.run("recall", "issue", back, "--do", "delete", "--reason", "a mistake")
    for node in (hub, ardenia):
        until_there_is(node, "SELECT 1 FROM comity_tombstone WHERE stix_id = ?", back)
        standing = "SELECT 1 FROM comity_entry e JOIN comity_storedversion v ON v.id = e.version_id"
        assert not node.rows(f"{standing} WHERE e.deleted_at IS NULL AND v.stix_id = ?", back)
    for node in (ardenia, hub):
        ((notice,),) = node.rows("SELECT uuid FROM comity_message WHERE kind = 'recall' AND direction = 'received'")
        for what in ("acknowledged", "done"):
            node.fortress.run("recall", "confirm", notice, what)
    for node in (hub, bahamas):
        until_there_is(node, "SELECT 1 FROM comity_message WHERE kind = 'deleted' AND direction = 'received'")
    assert json.loads(bahamas.fortress.run("recall", "list", "--json"))[0]["done"]
    wanted = stix_id("indicator", "XA-2")  # AMBER: it came to the hub, and no clause lets it go on without consent
    asked = json.loads(hub.fortress.run("consent", "ask", "XA", "--under", "three-nodes", "--to", "BS", "--object",
                                        wanted, "--reason", "It hits their ports, too.", "--json"))  # fmt: skip
    until_there_is(ardenia, "SELECT 1 FROM comity_message WHERE uuid = ?", asked["question"])
    ardenia.fortress.run("consent", "answer", asked["question"], "yes", "--words", "Not to be published.")
    until_there_is(bahamas, "SELECT 1 FROM comity_storedversion WHERE stix_id = ?", wanted)
    ardenia.fortress.run("consent", "withdraw", asked["question"])
    until_there_is(hub, "SELECT 1 FROM comity_consent WHERE given = 0")
    told = subprocess.run([hub.fortress.comity, "decide", wanted, "--to", "BS"], env=hub.fortress.environment,
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert "said no on" in told.stdout


def until_there_is(node: Node, asked: str, *values: str) -> None:
    """Wait until a node's store has a row, and have its lines be due meanwhile."""
    until = time.monotonic() + PATIENCE
    while not node.rows(asked, *values):
        assert time.monotonic() < until, f"{node.party}: {asked} {values}; {node.rows(TROUBLE)}"
        node.impatient()
        time.sleep(0.5)


def count(node: Node) -> int:
    return int(node.rows("SELECT count(*) FROM comity_storedversion")[0][0])


def accounts_agree(giver: Node, taker: Node) -> None:
    """Compare what the giver entered as given, by its receipts, with what the taker entered and holds from it."""
    given = set(digests_given(giver, taker))
    names = digest_names()
    assert {names[one] for one in given} <= may_hold(taker.party) | {one["id"] for one in stock(taker.party, EACH)}
    held = {row[0] for row in taker.rows(
        "SELECT v.digest FROM comity_storedversion v JOIN comity_handling h ON h.id = v.own_id"
        " WHERE json_extract(h.body, '$.originator') = ?", giver.party)}  # fmt: skip
    assert held <= given, f"{taker.party} holds what {giver.party} has not entered"
    every = {row[0] for row in taker.rows("SELECT digest FROM comity_storedversion")}
    assert given <= every, f"{giver.party} entered what {taker.party} does not hold"
    entered = sum(entry.count for entry in log(taker, giver.party) if isinstance(entry, entries.Received))
    assert entered == len(held), f"{taker.party} entered {entered}, and holds {len(held)}"


def digest_names() -> dict[bytes, str]:
    """Give the id of each object by its digest."""
    every = [one for party in (*PARTIES, "XF") for one in stock(party, EACH)]
    return {sha256(rfc8785.dumps(one)).digest(): one["id"] for one in every}


def log(node: Node, party: str) -> Iterator[entries.Entry]:
    """Read a party's log out of a node's store."""
    rows = node.rows('SELECT e.leaf FROM comity_ledgerentry e JOIN comity_log l ON l.id = e.log_id'
                     ' WHERE l.party_id = ? ORDER BY e."index"', party)  # fmt: skip
    return (entries.decode(row[0]) for row in rows)


def digests_given(giver: Node, taker: Node) -> Iterator[bytes]:
    """Yield the digests that the receipts list which the taker gets from the giver's node over the exchange."""
    username, secret = giver.tokens[taker.party]
    token = base64.b64encode(f"{username}:{secret}".encode()).decode()
    for entry in log(giver, taker.party):
        if isinstance(entry, entries.Delivery):
            line = http.client.HTTPConnection("127.0.0.1", giver.fortress.port, timeout=60)
            line.request("GET", f"/ledger/receipts/{entry.index}/", headers={"Authorization": f"Basic {token}"})
            receipt = json.loads(line.getresponse().read())
            line.close()
            yield from (bytes.fromhex(row[2]) for row in receipt["items"])
