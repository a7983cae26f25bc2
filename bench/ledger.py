"""What the ledger costs: writing an entry, proving it, verifying it, and auditing a whole log."""

import time
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

from comity.commands.bench import Figure
from comity.ledger import audit, entries, tree

ENTRIES = 20_000
PROOFS = 2_000
PAGE = 1_000
LOG = "comity/bs/xa"


def run() -> Iterator[Figure]:
    """Measure on one log of deliveries, against SHA-256 alone over the same leaves."""
    leaves = [entries.encode(delivery(index)) for index in range(ENTRIES)]
    bare = rate(lambda: [sha256(leaf).digest() for leaf in leaves], ENTRIES)
    yield Figure("SHA-256 of an entry", bare, "a second")
    yield figure(
        "entries written as leaves", rate(lambda: [entries.encode(delivery(n)) for n in range(2_000)], 2_000), bare
    )
    yield figure("appends to the tree", rate(lambda: append(leaves), ENTRIES), bare)
    edge, nodes = tree.Frontier().extend(tree.leaf_hash(leaf) for leaf in leaves)
    store = {(node.level, node.index): node.hash for node in nodes}
    spread = range(0, ENTRIES, ENTRIES // PROOFS)

    def fetch(addresses: Sequence[tree.Address]) -> list[bytes]:
        return [store[address] for address in addresses]

    yield figure(
        f"proofs of {ENTRIES:,}", rate(lambda: [tree.inclusion_proof(n, ENTRIES, fetch) for n in spread], PROOFS), bare
    )
    proofs = [(n, tree.leaf_hash(leaves[n]), tree.inclusion_proof(n, ENTRIES, fetch)) for n in spread]
    checked = rate(lambda: [tree.root_from_inclusion(leaf, n, ENTRIES, proof) for n, leaf, proof in proofs], PROOFS)
    yield figure("proofs verified", checked, bare)
    log = audit.StoredLog(LOG, [audit.StoredLeaf(leaf) for leaf in leaves], nodes, edge)
    yield figure("entries audited", rate(lambda: audit.verify_log(log, {}, lambda *_: False), ENTRIES), bare)
    yield from page()


def page() -> Iterator[Figure]:
    """Measure what a page of 1,000 items adds to its own reading."""
    digests = [sha256(bytes([n % 256, n // 256])).digest() for n in range(PAGE)]
    names = [(f"indicator--00000000-0000-4000-8000-{n:012x}", "2026-11-23T10:00:00.000Z") for n in range(PAGE)]
    yield Figure(f"a page of {PAGE:,}: its digests", 1e6 / rate(lambda: entries.items_hash(digests), 1), "µs")
    yield Figure(f"a page of {PAGE:,}: its names", 1e6 / rate(lambda: entries.names_hash(names), 1), "µs")


def delivery(index: int) -> entries.Delivery:
    """Make an entry like those of real pages, on two grounds."""
    return entries.Delivery(
        v=1,
        log=LOG,
        index=index,
        at="2026-11-23T10:00:00.000000Z",
        credential="xa-cirt",
        request="GET objects",
        collection="472c94ae-3113-4e3e-a4dd-a9f4ac7471d4",
        count=PAGE,
        items="ab" * 32,
        grounds=(entries.Ground("mou-xa-bs-2025", "3.1", 400), entries.Ground("mou-xa-bs-2025", "3.2", 600)),
        by_item=((0, 400), (1, 600)),
    )


def append(leaves: list[bytes]) -> None:
    """Append one by one, as deliveries do."""
    edge = tree.Frontier()
    for leaf in leaves:
        edge, _ = edge.append(tree.leaf_hash(leaf))


def rate(work: Callable[[], object], count: int) -> float:
    """Do some work three times; give how many a second at best."""
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return count / best


def figure(what: str, found: float, bare: float) -> Figure:
    """Give a rate, and how it compares with hashing alone."""
    return Figure(what, found, "a second", found / bare, "SHA-256 alone")
