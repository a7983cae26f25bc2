"""The whole log, verified from its first entry to its last in one pass, in memory that does not grow with it.

What is compared: each entry with the form and the place it claims; each hash that the store keeps with the hash made
anew; the tree at each size for which anybody holds a signed head, or for which the master log anchored one, with that
head; and the edge on which the next append will build. An entry that was changed, left out, put in or put in another
place shows in at least one of them, and the report names the first place.

What no audit of a store can show: that a whole log was put back to an older state together with all that points to it.
Only a head that was given out shows that; so partners keep theirs, and heads from outside can be passed in as claims.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice

from comity.ledger import entries, notes
from comity.ledger.errors import LedgerError, Malformed
from comity.ledger.reports import Check, Report, failed, judged, passed
from comity.ledger.tree import Address, Frontier, Node, leaf_hash

BATCH = 1_000  # leaves, for each look-up of stored hashes

FetchSome = Callable[[Sequence[Address]], Mapping[Address, bytes]]
"""Gives the stored hashes of those addresses that the store has."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Someone's word that the tree had this root at this size; `source` says whose, for the report."""

    size: int
    root: bytes
    source: str


@dataclass(frozen=True, slots=True)
class Anchors:
    """What the master log holds: the heads it anchored, by log."""

    by_log: Mapping[str, tuple[Claim, ...]]


def signed_claims(
    origin: str, heads: Iterable[str], verifiers: notes.Keyring, verify_signature: notes.VerifySignature
) -> tuple[tuple[Claim, ...], Check]:
    """Read the signed heads of one log; give what they claim, and the check of their signatures and origin."""
    claims, faults = list[Claim](), list[str]()
    for number, text in enumerate(heads):
        try:
            head = notes.open_note(text, verifiers, verify_signature)
        except LedgerError as error:
            faults.append(f"checkpoint {number}: {error}")
            continue
        if head.origin != origin:
            faults.append(f"checkpoint {number} is of {head.origin}, not of {origin}")
        claims.append(Claim(head.size, head.root, f"checkpoint {number}"))
    signed = f"{len(claims)} checkpoints, each signed by a key of {origin}"
    return tuple(claims), judged("signatures", not faults, signed, _first(faults))


def anchors(master: Iterable[bytes]) -> Anchors:
    """Read the master log's entries; `Malformed` names the first that is none. Other kinds than heads are passed over.

    The master log is verified as any other log is; this only reads from it what it says of others.
    """
    found = dict[str, list[Claim]]()
    for leaf in master:
        entry = entries.decode(leaf)
        if isinstance(entry, entries.Anchor):
            claim = Claim(entry.head.size, bytes.fromhex(entry.head.root), f"entry {entry.index} of {entry.log}")
            found.setdefault(entry.head.log, []).append(claim)
    return Anchors({log: tuple(claims) for log, claims in found.items()})


def verify_log(
    origin: str,
    leaves: Iterable[bytes],
    frontier: Frontier,
    claims: Iterable[Claim] = (),
    fetch: FetchSome | None = None,
) -> Report:
    """Verify one log: its leaves' data from the first on, against its stored edge, its claims and its stored hashes."""
    walk = _Walk(origin, sorted(claims, key=lambda claim: claim.size))
    data = iter(leaves)
    walk.compare_claims()
    while batch := list(islice(data, BATCH)):
        walk.advance(batch, fetch)
    return Report.of(walk.checks(frontier, hashes_looked_at=fetch is not None))


@dataclass(slots=True)
class _Walk:
    """One pass over a log: the tree as it grows, the claims still ahead, the faults found so far."""

    origin: str
    ahead: list[Claim]  # ascending by size
    frontier: Frontier = field(default_factory=Frontier)
    compared: int = 0
    agreed: int = 0  # the largest size at which a claim was found true
    bad_entries: list[str] = field(default_factory=list)
    bad_hashes: list[str] = field(default_factory=list)
    bad_claims: list[str] = field(default_factory=list)

    def advance(self, batch: Sequence[bytes], fetch: FetchSome | None) -> None:
        """Take in a batch of leaves."""
        done = list[Node]()
        for stretch in self._stretches(batch):
            for place, leaf in enumerate(stretch):
                self._read(self.frontier.size + place, leaf)
            self.frontier, nodes = self.frontier.extend(leaf_hash(leaf) for leaf in stretch)
            done += nodes
            self.compare_claims()
        if fetch:
            self._compare_hashes(done, fetch)

    def _stretches(self, batch: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
        """Part a batch where a claim was made, so that the tree is looked at in exactly those sizes."""
        start, begin = 0, self.frontier.size
        for size, _ in groupby(self.ahead, key=lambda claim: claim.size):
            if size > begin + len(batch):
                break
            yield batch[start : size - begin]
            start = size - begin
        if start < len(batch):
            yield batch[start:]

    def _read(self, index: int, leaf: bytes) -> None:
        """Look at one entry: its form, its log, its place."""
        try:
            entry = entries.decode(leaf)
        except Malformed as error:
            self.bad_entries.append(f"entry {index}: {error}")
            return
        if entry.index != index:
            self.bad_entries.append(f"entry {index} says that it is entry {entry.index}")
        if entry.log != self.origin:
            self.bad_entries.append(f"entry {index} is of {entry.log}, not of {self.origin}")

    def compare_claims(self) -> None:
        """Compare the tree with all that is claimed of it at the size it has reached."""
        while self.ahead and self.ahead[0].size <= self.frontier.size:
            claim = self.ahead.pop(0)
            self.compared += 1
            if claim.root == self.frontier.root():
                self.agreed = claim.size
            else:
                self.bad_claims.append(self._disagreement(claim))

    def _disagreement(self, claim: Claim) -> str:
        """Say between which entries the log departs from a claim."""
        between = f"an entry from {self.agreed} to {claim.size - 1} is not what it was"
        if claim.size == self.agreed:
            between = "another claim of that size is true: two different trees were vouched for"
        return f"{claim.source}: the tree of {claim.size} has root {self.frontier.root().hex()}, not {claim.root.hex()}: {between}"

    def _compare_hashes(self, nodes: Sequence[Node], fetch: FetchSome) -> None:
        """Compare the subtrees that a batch completed with those that the store keeps."""
        stored = fetch([(node.level, node.index) for node in nodes])
        for node in nodes:
            kept = stored.get((node.level, node.index))
            if kept != node.hash:
                begin, end = node.index << node.level, (node.index + 1) << node.level
                over = f"entry {begin}" if node.level == 0 else f"entries {begin} to {end - 1}"
                what = "is missing" if kept is None else f"is {kept.hex()}, not {node.hash.hex()}"
                self.bad_hashes.append(f"the stored hash over {over} {what}")

    def checks(self, edge: Frontier, *, hashes_looked_at: bool) -> Iterator[Check]:
        """Give what the whole pass found."""
        size = self.frontier.size
        for claim in self.ahead:
            self.bad_claims.append(
                f"{claim.source}: it vouches for {claim.size} entries, the log has {size}: entries were lost"
            )
        yield judged(
            "entries", not self.bad_entries, f"{size} entries, each in its form and its place", _first(self.bad_entries)
        )
        if hashes_looked_at:
            agree = "every stored hash is the one made anew"
            yield judged("hashes", not self.bad_hashes, agree, _first(self.bad_hashes))
        yield judged(
            "checkpoints",
            not self.bad_claims,
            f"{self.compared} signed or anchored heads, each the root that the tree had at its size",
            _first(self.bad_claims),
        )
        yield _edge(self.frontier, edge)


def _edge(made: Frontier, stored: Frontier) -> Check:
    """Check the edge on which the next append will build."""
    if stored == made:
        return passed("edge", f"the log stands at {made.size} entries, root {made.root().hex()}")
    if stored.size != made.size:
        return failed("edge", f"the log's record says {stored.size} entries, {made.size} are there")
    return failed("edge", f"the log's record leads to root {stored.root().hex()}, its entries to {made.root().hex()}")


def _first(faults: Sequence[str]) -> str:
    """Say the first fault, and how many more there are."""
    if not faults:
        return ""
    return faults[0] if len(faults) == 1 else f"{faults[0]} (and {len(faults) - 1} more)"
