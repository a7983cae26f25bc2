"""Pollers that keep all they hear, to the last byte before a line goes dead, and what the ledger says of it."""

import base64
import http.client
import json
import random
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from comity.ledger import entries, notes
from comity.ledger.tree import Frontier, leaf_hash
from tests.journeys.siege import COLLECTION, Account

PATH = f"/exchange/collections/{COLLECTION}/"
_LISTS = (b'"objects":[', b'"versions":[')
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back to one request: whether all of it, and the digest of each item that came whole."""

    request: str
    whole: bool
    digests: tuple[bytes, ...]


@dataclass(slots=True)
class Poller:
    """One client: it walks by `next` with pages of many sizes, looks at manifests, and begins again at the end.

    A slow one asks for all and takes in 4 kB a millisecond, so that the most of a large page is still with the server.
    With *until* it asks again where the node says that its store is gone (503), until it is told to stop.
    """

    account: Account
    port: int
    chance: random.Random
    slow: bool = False
    heard: list[Heard] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    query: str = ""
    until: threading.Event | None = None

    def poll(self) -> None:
        """Ask, and ask again, until the line goes dead."""
        line = self._connect()
        try:
            while line.sock is not None and not self.wrong and not self._is_over():
                if not self._ask(line):
                    return
        finally:
            line.close()

    def _is_over(self) -> bool:
        return self.until is not None and self.until.is_set()

    def _connect(self) -> http.client.HTTPConnection:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        line.sock = socket.socket()
        line.sock.settimeout(30)
        if self.slow:
            line.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        try:
            line.sock.connect(("127.0.0.1", self.port))
        except OSError:  # killed before this one came
            line.close()
        return line

    def _ask(self, line: http.client.HTTPConnection) -> bool:
        """Ask once and keep what is heard; tell whether the whole answer came."""
        kind = self.chance.choices(("objects/", "manifest/"), (5, 1))[0]
        query = self.query if kind == "objects/" else f"limit={self.chance.choice((1, 50))}"
        self.heard.append(Heard(f"{kind}?{query}", whole=False, digests=()))  # it may leave a row, heard or not
        body, whole = b"", False
        try:
            line.request("GET", f"{PATH}{kind}?{query}", headers=signed(self.account))
            answer = line.getresponse()
            if answer.status == 503 and self.until is not None:  # whether its row was written, nobody knows
                answer.read()
                return not self.until.wait(0.05)
            if answer.status != 200:
                self.wrong.append(f"{answer.status} {answer.read()!r}")
                return False
            announced = int(answer.headers["Content-Length"])
            while len(body) < announced and (part := answer.read1(4096 if self.slow else 65536)):
                body += part
                time.sleep(0.001 if self.slow else 0)
            whole = len(body) == announced
        except (OSError, http.client.HTTPException):
            whole = False
        self.heard[-1] = Heard(f"{kind}?{query}", whole, tuple(sha256(item).digest() for item in items(body)))
        if whole and kind == "objects/":
            self._go_on(json.loads(body))
        return whole

    def _go_on(self, page: dict[str, object]) -> None:
        more = f"&next={page['next']}" if page.get("more") else ""
        limit = self.query.partition("&")[0] if more or self.slow else f"limit={self.chance.choice((1, 7, 40, 1000))}"
        self.query = limit + more


def signed(account: Account) -> dict[str, str]:
    """Return the headers by which an account asks."""
    token = base64.b64encode(f"{account.username}:{account.secret}".encode()).decode()
    return {"Authorization": f"Basic {token}", "Accept": "application/taxii+json;version=2.1"}


def items(body: bytes) -> Iterator[bytes]:
    """Yield the bytes of each item of an envelope or manifest that is there from its first to its last byte."""
    start = next((body.index(key) + len(key) for key in _LISTS if key in body), None)
    if start is None:
        return
    text = body[start:].decode(errors="ignore")  # a cut may go through a character
    place = 0
    while text[place : place + 1] == "{":
        try:
            _, end = _DECODER.raw_decode(text, place)
        except json.JSONDecodeError:
            return
        yield text[place:end].encode()
        place = end + 1


@dataclass(slots=True)
class Book:
    """One party's ledger as the party itself reads it, leaf by leaf, over the exchange."""

    account: Account
    port: int
    leaves: list[bytes] = field(default_factory=list)
    tree: Frontier = field(default_factory=Frontier)

    def read_on(self) -> list[entries.Entry]:
        """Fetch what is new since the last time; each entry must stand where it says, and the head be of this tree."""
        new: list[entries.Entry] = []
        while part := self._get(f"/ledger/entries/{len(self.leaves)}/").splitlines():
            for leaf in part:
                entry = entries.decode(leaf)
                assert entry.index == len(self.leaves), "the indexes are not consecutive"
                self.leaves.append(leaf)
                new.append(entry)
        self.tree, _ = self.tree.extend(leaf_hash(leaf) for leaf in self.leaves[self.tree.size :])
        head = notes.checkpoint_of(notes.parse(self._get("/ledger/checkpoint/").decode()))
        assert (head.size, head.root) == (self.tree.size, self.tree.root()), "the head is of another tree"
        return new

    def given(self, index: int) -> list[bytes]:
        """Return the digests that the receipt of an entry lists, in order."""
        receipt = json.loads(self._get(f"/ledger/receipts/{index}/"))
        return [bytes.fromhex(row[2]) for row in receipt["items"]]

    def _get(self, path: str) -> bytes:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        line.request("GET", path, headers=signed(self.account))
        answer = line.getresponse()
        body = answer.read()
        line.close()
        assert answer.status == 200, body
        return body


def accounted(heard: Sequence[Heard], rows: Sequence[entries.Answer], book: Book) -> bool:
    """Tell whether the rows are those of the requests, one each, in their order, none too few and none too many.

    A request answered whole has its row, unless the page was empty. One that was cut off has its row if any item of
    the page was heard; else the row may or may not have been written before the kill, but is never written twice.
    """
    reached = {0}
    for request in heard:
        after = set[int]()
        for place in reached:
            row = rows[place] if place < len(rows) else None
            if not request.digests:
                after.add(place)
            if row is not None and _matches(request, row, book):
                after.add(place + 1)
        reached = after
    return len(rows) in reached


def _matches(request: Heard, row: entries.Answer, book: Book) -> bool:
    if request.whole:
        return bool(request.digests) and entries.items_hash(request.digests) == row.items
    return len(request.digests) <= row.count and (
        not request.digests or book.given(row.index)[: len(request.digests)] == list(request.digests)
    )
