"""The whole log, verified in one pass: every leaf, every stored subtree, every head that was ever given out.

A tree that grows leaf by leaf passes through each of its past heads. So one walk checks them all: where the size of a
head is reached, the root must be the head's. Heads that all agree with one walk are consistent with one another, and
no consistency proof is needed. Nothing is kept but the growing edge; a log of any length is a stream.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from comity.ledger import entries, notes
from comity.ledger.entries import Anchor
from comity.ledger.errors import LedgerError, Malformed
from comity.ledger.notes import Keyring, VerifySignature
from comity.ledger.reports import Check, Report, failed, judged, passed
from comity.ledger.tree import HASH_BYTES, Frontier, Node, leaf_hash


@dataclass(frozen=True, slots=True)
class StoredLeaf:
    """A leaf as the store has it: its data, and, for a page, its items' digests joined in order (None: not kept)."""

    data: bytes
    digests: bytes | None = None


@dataclass(frozen=True, slots=True)
class HeadClaim:
    """What somebody was told, or noted, the log's head to be; `source` says who or where."""

    source: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class StoredLog:
    """A log as the store has it.

    `nodes` come in the order in which they were completed: by `(index + 1) << level`, then by level. `checkpoints` are
    the notes that were given out, in any order; `anchors` what the master log says of this one.
    """

    origin: str
    leaves: Iterable[StoredLeaf]
    nodes: Iterable[Node] | None
    frontier: Frontier
    checkpoints: Sequence[str] = ()
    anchors: Sequence[HeadClaim] = ()


def verify_log(log: StoredLog, verifiers: Keyring, verify_signature: VerifySignature) -> Report:
    """Verify a whole log; each kind of fault is one check, which names the first place and counts the rest."""
    claims, signatures = _claims(log, verifiers, verify_signature)
    walk = _Walk(log.origin, iter(log.nodes) if log.nodes is not None else None, [*claims, *log.anchors])
    for leaf in log.leaves:
        walk.take(leaf)
    return Report.of([*walk.checks(log.frontier), signatures])


def anchors_of(master: Iterable[bytes]) -> Mapping[str, tuple[HeadClaim, ...]]:
    """Read from the master log's leaves what it says of each log, by origin."""
    found = dict[str, tuple[HeadClaim, ...]]()
    for data in master:
        entry = entries.decode(data)
        if isinstance(entry, Anchor):
            claim = HeadClaim(f"master log leaf {entry.index}", entry.head.size, bytes.fromhex(entry.head.root))
            found[entry.head.log] = (*found.get(entry.head.log, ()), claim)
    return found


def _claims(log: StoredLog, verifiers: Keyring, verify_signature: VerifySignature) -> tuple[list[HeadClaim], Check]:
    """Open every checkpoint; give what those say that are genuine, and whether all are."""
    claims, faults = list[HeadClaim](), _Faults("signatures")
    for number, text in enumerate(log.checkpoints):
        try:
            checkpoint = notes.open_note(text, verifiers, verify_signature)
            if checkpoint.origin != log.origin:
                raise Malformed(f"it is of log {checkpoint.origin}")
        except LedgerError as error:
            faults.add(f"checkpoint {number}: {error}")
        else:
            claims.append(HeadClaim(f"checkpoint {number}", checkpoint.size, checkpoint.root))
    return claims, faults.check(f"{len(log.checkpoints)} checkpoints, each signed by the log with a known key")


@dataclass(slots=True)
class _Faults:
    """The first fault of a kind, and how many more."""

    name: str
    first: str = ""
    count: int = 0

    def add(self, says: str) -> None:
        """Note a fault."""
        self.first = self.first or says
        self.count += 1

    def check(self, otherwise: str) -> Check:
        """Give the outcome."""
        if not self.count:
            return passed(self.name, otherwise)
        more = f" (and {self.count - 1} more)" if self.count > 1 else ""
        return failed(self.name, f"{self.first}{more}")


@dataclass(slots=True)
class _Walk:
    """The walk over the leaves: the tree so far, the heads still ahead, the faults found."""

    origin: str
    nodes: Iterator[Node] | None
    claims: list[HeadClaim]
    tree: Frontier = field(default_factory=Frontier)
    agreed: int = 0
    subtrees: int = 0
    items: int = 0
    ahead: list[HeadClaim] = field(init=False)
    leaf_faults: _Faults = field(default_factory=lambda: _Faults("leaves"))
    item_faults: _Faults = field(default_factory=lambda: _Faults("items"))
    node_faults: _Faults = field(default_factory=lambda: _Faults("nodes"))
    head_faults: _Faults = field(default_factory=lambda: _Faults("heads"))

    def __post_init__(self) -> None:
        """Put the heads in the order in which the walk will come to them."""
        self.ahead = sorted(self.claims, key=lambda claim: claim.size, reverse=True)
        self._meet_heads()

    def take(self, leaf: StoredLeaf) -> None:
        """Take the next leaf."""
        self._read(leaf)
        self.tree, done = self.tree.append(leaf_hash(leaf.data))
        if self.nodes is not None:
            for node in done:
                self._compare(node, next(self.nodes, None))
        self._meet_heads()

    def checks(self, stored: Frontier) -> Iterator[Check]:
        """Give what was found, once the last leaf is taken."""
        for claim in reversed(self.ahead):
            self.head_faults.add(
                f"{claim.source} has {claim.size} leaves, the log only {self.tree.size}: leaves are missing at its end"
            )
        if self.nodes is not None and next(self.nodes, None) is not None:
            self.node_faults.add(f"more subtrees are stored than {self.tree.size} leaves complete")
        yield self.leaf_faults.check(f"{self.tree.size} leaves of {self.origin}, each in its place")
        yield self.item_faults.check(f"the digests of {self.items} items are those that their entries commit to")
        if self.nodes is not None:
            yield self.node_faults.check(f"{self.subtrees} stored subtrees, each as its leaves make it")
        yield judged(
            "frontier",
            stored == self.tree,
            f"the growing edge is that of {self.tree.size} leaves with root {self.tree.root().hex()}",
            f"the stored edge has {stored.size} leaves and root {stored.root().hex()}, "
            f"the leaves make {self.tree.size} and {self.tree.root().hex()}",
        )
        yield self.head_faults.check(f"{len(self.claims)} heads given out or anchored, all of this one tree")

    def _read(self, leaf: StoredLeaf) -> None:
        """Check that a leaf's entry is well formed, and where it should be."""
        place = self.tree.size
        try:
            entry = entries.decode(leaf.data)
        except LedgerError as error:
            self.leaf_faults.add(f"leaf {place}: {error}")
            return
        if entry.index != place:
            self.leaf_faults.add(f"leaf {place}: its entry says it is leaf {entry.index}")
        if entry.log != self.origin:
            self.leaf_faults.add(f"leaf {place}: its entry belongs to {entry.log}")
        if leaf.digests is not None:
            self._itemise(leaf.digests, entry)

    def _itemise(self, digests: bytes, entry: entries.Entry) -> None:
        """Check that the digests kept beside a page are those that its entry commits to."""
        count, items = (entry.count, entry.items) if isinstance(entry, entries.Paged) else (0, entries.items_hash(()))
        self.items += count
        if len(digests) != count * HASH_BYTES or sha256(digests).hexdigest() != items:
            self.item_faults.add(f"leaf {entry.index}: the digests kept beside it are not what its entry commits to")

    def _compare(self, made: Node, stored: Node | None) -> None:
        """Check a stored subtree against the one that the leaves make."""
        self.subtrees += 1
        if stored != made:
            last = (made.index + 1 << made.level) - 1
            what = f"leaf {last}" if not made.level else f"leaves {made.index << made.level} to {last}"
            self.node_faults.add(f"the stored hash of {what} (level {made.level}, index {made.index}) is another")

    def _meet_heads(self) -> None:
        """Compare the tree with each head of its present size."""
        while self.ahead and self.ahead[-1].size == self.tree.size:
            claim = self.ahead.pop()
            if claim.root == self.tree.root():
                self.agreed = max(self.agreed, claim.size)
            else:
                self.head_faults.add(
                    f"{claim.source}, of {claim.size} leaves, has another root: of the leaves from {self.agreed} "
                    f"and before {claim.size}, at least one is not what it was then"
                )
