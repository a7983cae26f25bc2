"""What a poll costs: pages of 1,000 indicators, against nginx with the same bytes as files, and against TAXII servers.

All are asked in turn in one run, by one client and by sixteen at once, over connections that are kept open. Every page
of the exchange is judged, and recorded durably in the partner's ledger, before it leaves; nginx judges and records
nothing, and neither do the other TAXII servers, which also check no password here where that can be switched off.
"""

import base64
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path

from bench import _child, _limit, _load, _stock, _watch, peers
from bench.peers import servers
from comity.commands.bench import Figure
from comity.commands.output import progress

OBJECTS, SIZE, PAGE = 10_000, 800, 1_000
MEDALLION = 1_000  # its first page costs by the square: minutes at 10,000
TURNS, SECONDS, MANY = 4, 1.5, 16
TAXII = "application/taxii+json;version=2.1"

Peer = Callable[[Path, Sequence[bytes]], AbstractContextManager[servers.Server]]


@dataclass(slots=True)
class Asked:
    """A server, the questions that get all of its pages, and what they took one client and many."""

    name: str
    port: int
    requests: Sequence[bytes]
    process: int = 0
    one: _load.Taken = field(default_factory=_load.Taken)
    many: _load.Taken = field(default_factory=_load.Taken)
    seconds: float = 0.0

    def turn(self) -> None:
        """Have the pages read for a while by one client and then by many; note the processor's time as well."""
        before = _watch.cost(self.process) if self.process else None
        self.one += _load.ask(self.port, self.requests, SECONDS)
        self.many += _load.ask(self.port, self.requests, SECONDS, MANY)
        after = _watch.cost(self.process) if self.process else None
        if before and after:
            self.seconds += after.seconds - before.seconds


def run() -> Iterator[Figure]:
    """Make a node; poll it beside nginx, then beside each TAXII server that can be had, at a size that it bears."""
    with tempfile.TemporaryDirectory() as folder:
        yield from beside_files(Path(folder), OBJECTS)
    for name, make, count in (("opentaxii", servers.opentaxii, OBJECTS), ("medallion", servers.medallion, MEDALLION)):
        with tempfile.TemporaryDirectory() as folder:
            try:
                yield from beside_peer(Path(folder), make, count)
            except (peers.NotHad, _child.NotMeasured) as error:
                progress(f"comity: {name} is left out: {error}")


def beside_files(home: Path, count: int) -> Iterator[Figure]:
    """Poll a node with *count* objects and nginx in turn."""
    headers = node(home, count)
    with _child.up(home) as (port, process):
        paths, bodies = walk(port, f"/exchange/collections/bench/objects/?limit={PAGE}", headers, count)
        with _limit.files(home, bodies) as limit:
            ours = Asked("exchange", port, [_load.request(path, headers) for path in paths], process)
            files = [f"/{number:04}" for number in range(len(bodies))]
            bare = Asked(limit.name, limit.port, [_load.request(path, {}) for path in files], limit.process)
            _same(ours, paths, headers, bodies)
            _same(bare, files, {}, bodies)
            for _ in range(TURNS):
                ours.turn()
                bare.turn()
            memory = _watch.cost(process)
    yield from compared(ours, bare, f"{count:,}: ")
    if memory:
        yield Figure(f"{count:,}: exchange: memory of its processes", memory.memory / 1e6, "MB")


def beside_peer(home: Path, make: Peer, count: int) -> Iterator[Figure]:
    """Poll a node and another TAXII server that holds the same objects, in turn."""
    headers = node(home, count)
    objects = list(_stock.indicators(count, SIZE))
    with _child.up(home) as (port, process), make(home, objects) as peer:
        paths, _ = walk(port, f"/exchange/collections/bench/objects/?limit={PAGE}", headers, count)
        theirs, _ = walk(peer.port, f"{peer.objects}?limit={PAGE}", peer.headers, count)
        ours = Asked("exchange", port, [_load.request(path, headers) for path in paths], process)
        other = Asked(peer.name, peer.port, [_load.request(path, peer.headers) for path in theirs])
        ours.turn()
        other.turn()
        ours.turn()
    yield from compared(ours, other, f"{count:,}: ")


def node(home: Path, count: int, store: Mapping[str, str] | None = None) -> Mapping[str, str]:
    """Make a node in *home* with *count* indicators; give the headers with which a partner polls it."""
    username, secret = _child.told("bench._poll_node", home, "bench", str(count), str(SIZE), store=store)
    signed = "Basic " + base64.b64encode(f"{username}:{secret}".encode()).decode()
    return {"Accept": TAXII, "Authorization": signed}


def walk(port: int, first: str, headers: Mapping[str, str], count: int) -> tuple[list[str], list[bytes]]:
    """Read a collection once, page by page; give the path and the body of each page, *count* objects in all."""
    paths, bodies, found, path = [], [], 0, first
    while path:
        body = _load.once(port, path, headers)
        page = json.loads(body)
        paths.append(path)
        bodies.append(body)
        found += len(page["objects"])
        path = f"{first}&next={page['next']}" if page.get("more") else ""
    if found != count:
        raise _child.NotMeasured(f"{first} gave {found} objects of {count}")
    return paths, bodies


def compared(ours: Asked, other: Asked, at: str) -> Iterator[Figure]:
    """Give the figures of both, ours as ratios to the other's."""
    for theirs, own in zip(_figures(other, at), _figures(ours, at), strict=False):
        yield theirs
        yield replace(own, ratio=own.value / theirs.value, to=other.name)


def _figures(asked: Asked, at: str) -> Iterator[Figure]:
    yield Figure(f"{at}{asked.name}: objects", asked.one.rate(PAGE), "a second")
    yield Figure(f"{at}{asked.name}: objects, {MANY} clients", asked.many.rate(PAGE), "a second")
    yield Figure(f"{at}{asked.name}: a page, median", asked.one.middle(), "ms")
    yield Figure(f"{at}{asked.name}: a page, 99 of 100 within", asked.one.percentile(0.99), "ms")
    if asked.seconds:
        pages = len(asked.one.each) + len(asked.many.each)
        yield Figure(f"{at}{asked.name}: processor a page", 1000 * asked.seconds / pages, "ms")


def _same(asked: Asked, paths: Sequence[str], headers: Mapping[str, str], bodies: Sequence[bytes]) -> None:
    """Be sure that a server gives the very pages that are compared."""
    for path, body in zip(paths, bodies, strict=True):
        if _load.once(asked.port, path, headers) != body:
            raise _child.NotMeasured(f"{asked.name} gives another page at {path} than before")
