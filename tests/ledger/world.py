"""A small log with a real key: pages delivered to one recipient, heads signed, receipts issued."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import rfc8785

from comity.acts.keys import verify_signature
from comity.ledger import entries, notes, receipts
from comity.ledger.entries import Delivery, Entry, ItemRow, Refusal, Versions
from comity.ledger.notes import Checkpoint
from comity.ledger.receipts import Receipt
from comity.ledger.tree import Frontier, Node, inclusion_proof, leaf_hash

from .test_notes import LOG, NEW, key

AT = "2026-11-23T10:00:00.000000Z"
RING = notes.keyring([key(NEW)])

__all__ = ["AT", "LOG", "RING", "World", "served", "verify_signature"]


def served(number: int) -> bytes:
    """Give an object in the bytes in which it is served."""
    return rfc8785.dumps(
        {"type": "indicator", "id": f"indicator--{number:036}", "modified": AT, "score": 1.5, "é": "ü"}
    )


def rows(objects: Sequence[bytes]) -> tuple[ItemRow, ...]:
    """List objects as a page does."""
    return tuple(ItemRow(json.loads(item)["id"], AT, entries.item_digest(item)) for item in objects)


@dataclass
class World:
    """A recipient's log as a store holds it."""

    leaves: list[bytes] = field(default_factory=list)
    pages: list[tuple[ItemRow, ...]] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    tree: Frontier = field(default_factory=Frontier)

    def append(self, entry: Entry, page: tuple[ItemRow, ...] = ()) -> None:
        """Append an entry."""
        data = entries.encode(entry)
        self.tree, done = self.tree.append(leaf_hash(data))
        self.leaves.append(data)
        self.pages.append(page)
        self.nodes.extend(done)

    def deliver(self, objects: Sequence[bytes], *, named: bool = True) -> "World":
        """Deliver a page, its names bound by the entry or not."""
        page = rows(objects)
        clause = [("mou-xa", "3.1")]
        grounds, by_item = entries.grounds_of(page, clause)
        entry = Delivery(
            v=1, log=LOG, index=self.tree.size, at=AT, credential="xa-cert-1", request="GET objects", collection="c1",
            count=len(page), items=entries.items_hash(row.digest for row in page), grounds=grounds, by_item=by_item,
            names=entries.names_hash((row.id, row.version) for row in page) if named else "",
        )  # fmt: skip
        self.append(entry, page)
        return self

    def deliver_versions(self, versions: Sequence[str]) -> "World":
        """List an object's versions."""
        digests = [entries.item_digest(rfc8785.dumps(version)) for version in versions]
        page = tuple(ItemRow("indicator--x", *pair) for pair in zip(versions, digests, strict=True))
        entry = Versions(
            v=1, log=LOG, index=self.tree.size, at=AT, credential="xa-cert-1", request="GET versions", collection="c1",
            count=len(page), items=entries.items_hash(digests), grounds=(),
        )  # fmt: skip
        self.append(entry, page)
        return self

    def refuse(self) -> "World":
        """Refuse something aloud."""
        self.append(Refusal(v=1, log=LOG, index=self.tree.size, at=AT, credential="c", request="POST", reason="no"))
        return self

    def checkpoint(self, size: int | None = None) -> str:
        """Sign the head at a size."""
        at = self.tree.size if size is None else size
        root = Frontier().extend(map(leaf_hash, self.leaves[:at]))[0].root()
        return notes.sign(Checkpoint(LOG, at, root), LOG, key(NEW).public, NEW.sign)

    def receipt(self, index: int, *, with_items: bool = True) -> Receipt:
        """Issue a receipt for a leaf at the present size."""
        store = {(node.level, node.index): node.hash for node in self.nodes}
        proof = inclusion_proof(index, self.tree.size, lambda addresses: [store[address] for address in addresses])
        items = self.pages[index] if with_items and self.pages[index] else None
        made = Receipt(self.leaves[index], index, self.tree.size, proof, self.checkpoint(), items, key(NEW).text())
        return receipts.issue(made)


def grown(count: int = 11, page: int = 3) -> World:
    """Grow a log: pages of objects, with a refusal after every third."""
    world = World()
    for number in range(count):
        if number % 4 == 3:
            world.refuse()
        else:
            world.deliver([served(number * 10 + place) for place in range(page)])
    return world
