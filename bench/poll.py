"""What a poll costs: pages of 1,000 indicators from the exchange, against a bare server with the same bytes in memory.

Both servers are granian with one worker. They are asked in turn, each over one connection that is kept open. Every
page of the exchange is judged, and recorded in the partner's ledger on disk, before it leaves.
"""

import base64
import json
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

from bench import _child
from comity.commands.bench import Figure

OBJECTS, SIZE, PAGE = 5_000, 800, 1_000
ROUNDS = 20
ALIAS = "bench"


@dataclass(slots=True)
class Asker:
    """One client with one open connection, and the seconds that each page took it."""

    connection: HTTPConnection
    headers: Mapping[str, str]
    taken: list[float] = field(default_factory=list)

    def get(self, path: str) -> bytes:
        """Get one page, whole, and note how long it took."""
        began = time.perf_counter()
        self.connection.request("GET", path, headers=dict(self.headers))
        answer = self.connection.getresponse()
        body = answer.read()
        self.taken.append(time.perf_counter() - began)
        if answer.status != 200:  # noqa: PLR2004 - OK
            raise _child.NotMeasured(f"{path} was answered with {answer.status}: {body[:500]!r}")
        return body


def run() -> Iterator[Figure]:
    """Make a node, poll it beside the bare server, and compare."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        username, secret = _child.told("bench._poll_node", home, ALIAS, str(OBJECTS), str(SIZE))
        signed = "Basic " + base64.b64encode(f"{username}:{secret}".encode()).decode()
        headers = {"Accept": "application/taxii+json;version=2.1", "Authorization": signed}
        with _child.served("comity.asgi:application", home) as port:
            exchange = Asker(HTTPConnection("127.0.0.1", port, timeout=60), headers)
            paths = list(_walk(exchange, home / "pages"))
            with _child.served("bench._bare:application", home) as beside:
                bare = Asker(HTTPConnection("127.0.0.1", beside, timeout=60), headers)
                _in_turn(exchange, bare, paths)
    yield from _figures(exchange.taken, bare.taken)


def _walk(exchange: Asker, pages: Path) -> Iterator[str]:
    """Read the collection once, page by page; keep each page for the bare server and give its path."""
    pages.mkdir()
    first = path = f"/exchange/collections/{ALIAS}/objects/?limit={PAGE}"
    count, more, number = 0, True, 0
    while more:
        body = exchange.get(path)
        (pages / f"{number:04}").write_bytes(body)
        yield path
        page = json.loads(body)
        count, more, number = count + len(page["objects"]), page["more"], number + 1
        path = f"{first}&next={page.get('next', '')}"
    if count != OBJECTS:
        raise _child.NotMeasured(f"the partner got {count} objects of {OBJECTS}")


def _in_turn(exchange: Asker, bare: Asker, paths: list[str]) -> None:
    """Ask both for each page in turn; the first round of each warms up and is forgotten."""
    for lap in range(ROUNDS + 1):
        for number, path in enumerate(paths):
            given, same = exchange.get(path), bare.get(f"/{number}")
            if given != same:
                raise _child.NotMeasured(f"page {number} is not what it was before")
        if lap == 0:
            exchange.taken.clear()
            bare.taken.clear()


def _figures(taken: list[float], bare: list[float]) -> Iterator[Figure]:
    middle, bare_middle = statistics.median(taken), statistics.median(bare)
    rate, bare_rate = PAGE * len(taken) / sum(taken), PAGE * len(bare) / sum(bare)
    server = "the bare server"
    yield Figure("bare server: objects", bare_rate, "a second")
    yield Figure("bare server: a page, median", bare_middle * 1000, "ms")
    yield Figure("exchange: objects", rate, "a second", rate / bare_rate, server)
    yield Figure("exchange: a page, median", middle * 1000, "ms", middle / bare_middle, server)
