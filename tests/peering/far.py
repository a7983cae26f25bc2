"""Servers on the far side, as plain as can be, each with the faults that it is told to have."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from comity.acts import peers
from comity.acts.peers import Door
from comity.models import Collection, Line, Peer
from comity.peering.client import Reply, Unreached
from comity.peering.rounds import World
from comity.stix.objects import Accepted, read

ROOT = "https://far.example/root/"
DATED = datetime(2026, 11, 2, tzinfo=UTC)
AGREEMENT = "bs-xa-cyber-mou"


def stamp(at: int) -> str:
    return (DATED + timedelta(microseconds=at)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass
class Far:
    """A TAXII 2.1 server with one collection. `fault` may answer in its place, or raise; it is told each request.

    `pending`: how often a status is asked for before it is complete; `whole`: one bad object refuses its parcel, as
    OpenTAXII does; `bad` names what it does not take.
    """

    stock: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    fault: Callable[[str, Mapping[str, str]], Reply | None] = lambda _method, _asked: None
    cap: int = 1000
    cursors: bool = True
    heads: bool = True
    pending: int = 0
    whole: bool = False
    bad: frozenset[str] = frozenset()
    got: list[dict[str, Any]] = field(default_factory=list)
    posts: list[list[str]] = field(default_factory=list)
    asked: list[Mapping[str, str]] = field(default_factory=list)
    status: dict[str, Any] = field(default_factory=dict)

    def connect(self, _door: Door) -> "Far":
        return self

    def close(self) -> None:
        return None

    def get(self, url: str, query: Mapping[str, str] | None = None) -> Reply:
        asked = dict(query or {})
        self.asked.append(asked)
        if "/status/" in url:
            self.pending -= 1
            return Reply(200, {}, json.dumps(self._status()).encode())
        wrong = self.fault("GET", asked)
        if wrong is not None:
            return wrong
        found = sorted(((at, one) for at, one in self.stock), key=lambda item: item[0])
        if "added_after" in asked:
            found = [item for item in found if stamp(item[0]) > asked["added_after"]]
        done = int(asked.get("next", "0"))
        most = min(int(asked["limit"]), self.cap)
        page = found[done : done + most]
        more = len(found) > done + most
        ends = (("first", 0), ("last", -1)) if page and self.heads else ()
        heads = {f"x-taxii-date-added-{name}": stamp(page[at][0]) for name, at in ends}
        body: dict[str, Any] = {"more": more, "objects": [one for _, one in page]}
        if more and self.cursors:
            body["next"] = str(done + most)
        return Reply(200, heads, json.dumps(body).encode())

    def post(self, url: str, body: bytes) -> Reply:
        assert url.endswith("/objects/")
        objects = json.loads(body)["objects"]
        self.posts.append([one["id"] for one in objects])
        wrong = self.fault("POST", {})
        if wrong is not None and wrong.status != 0:
            return wrong
        bad = [one for one in objects if one["id"] in self.bad]
        if bad and self.whole:
            return Reply(422, {}, json.dumps({"title": "Bad object"}).encode())
        self.got += [one for one in objects if one not in bad and one not in self.got]
        failures = [{"id": one["id"], "version": one["modified"], "message": "not wanted"} for one in bad]
        self.status = {"id": "5f1b2c3d-1111-4111-8111-111111111111", "failures": failures}
        if wrong is not None:
            raise Unreached("no answer: the line went dead")
        return Reply(202, {}, json.dumps(self._status()).encode())

    def _status(self) -> dict[str, Any]:
        return {**self.status, "status": "pending" if self.pending > 0 else "complete",
                "pending_count": max(self.pending, 0)}  # fmt: skip


def world(far: Far, now: datetime) -> World:
    """Give a round's outside: a clock that stands, rests that cost nothing, no chance, and that server."""
    return World(lambda: now, lambda _seconds: None, lambda: 1.0, far.connect)


def tied(collection: Collection, direction: str, now: datetime, **said: Any) -> Line:
    """Make a peer of Ardenia with one line."""
    peer = Peer.objects.filter(name="far").first() or peers.add(
        peers.Asked("far", "XA", AGREEMENT, ROOT, ROOT), "test", now
    )
    wanted = peers.Wanted(direction, "far-away", collection.alias, **said)
    return Line.objects.select_related("peer", "collection").get(pk=peers.add_line(peer, wanted, now).pk)


def accepted(one: Mapping[str, Any]) -> Accepted:
    found = read(json.dumps(one).encode())
    assert isinstance(found, Accepted), found
    return found
