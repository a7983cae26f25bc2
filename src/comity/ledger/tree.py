"""The Merkle tree of RFC 9162 §2.1: hashes, the growing edge, proofs and their verification.

A tree of `size` leaves is kept as the hashes of its complete subtrees only. Such a subtree is addressed as
`(level, index)`: it covers the leaves `index * 2**level` up to, not including, `(index + 1) * 2**level`. Once complete
it never changes, so a store of them is append only, and every proof for every past size can be made from it.

Everything here takes and gives 32-byte SHA-256 hashes; a `leaf` is always a leaf's *hash*, made by `leaf_hash`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from comity.ledger.errors import Malformed, ProofFailed

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()  # RFC 9162 §2.1.1: the hash of an empty list is the hash of an empty string

Address = tuple[int, int]
Fetch = Callable[[Sequence[Address]], Sequence[bytes]]
Plan = tuple[tuple[Address, ...], ...]

_SIZE_BYTES = 8
_LEAF_PREFIX = b"\x00"
_NODE_PREFIX = b"\x01"


@dataclass(frozen=True, slots=True)
class Node:
    """A complete subtree, to be stored: its level (0 is a leaf), its index in that level, its hash."""

    level: int
    index: int
    hash: bytes


def leaf_hash(data: bytes) -> bytes:
    """Hash a leaf's data, prefixed so that no leaf can be taken for a node (RFC 9162 §2.1.1)."""
    return sha256(_LEAF_PREFIX + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees, the left one complete (RFC 9162 §2.1.1)."""
    return sha256(_NODE_PREFIX + left + right).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """Give the root over adjacent complete subtrees, largest first; of none, the empty root."""
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


@dataclass(frozen=True, slots=True)
class Frontier:
    """The growing edge of a tree: all that an append needs, about `log2(size)` hashes.

    `nodes` are the complete subtrees that together cover the leaves, largest (leftmost) first: one for each bit set in
    `size`.
    """

    size: int = 0
    nodes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an edge that no tree of that size has."""
        if self.size < 0 or len(self.nodes) != self.size.bit_count():
            raise Malformed(f"frontier: {self.size} leaves leave {len(self.nodes)} open subtrees: not possible")
        for place, node in enumerate(self.nodes):
            _checked(node, f"frontier: subtree {place}")

    def append(self, leaf: bytes) -> tuple["Frontier", tuple[Node, ...]]:
        """Add one leaf hash; give the new edge and every subtree it completed, lowest first, to be stored."""
        return self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> tuple["Frontier", tuple[Node, ...]]:
        """Add many leaf hashes at once; the same outcome as one `append` after another."""
        size, edge, done = self.size, list(self.nodes), list[Node]()
        for leaf in leaves:
            done.extend(_grow(edge, size, _checked(leaf, f"leaf {size}")))
            size += 1
        return Frontier(size, tuple(edge)), tuple(done)

    def root(self) -> bytes:
        """Give the root of the whole tree."""
        return fold(self.nodes)

    def encode(self) -> bytes:
        """Write the edge: the size in 8 bytes, big-endian, then the hashes, largest subtree first."""
        return self.size.to_bytes(_SIZE_BYTES, "big") + b"".join(self.nodes)

    @classmethod
    def decode(cls, data: bytes) -> "Frontier":
        """Read what `encode` wrote; `Malformed` when it is not that."""
        size, rest = int.from_bytes(data[:_SIZE_BYTES], "big"), data[_SIZE_BYTES:]
        if len(data) < _SIZE_BYTES or len(rest) != size.bit_count() * HASH_BYTES:
            raise Malformed(f"frontier: {len(data)} bytes cannot be the edge of a tree of {size} leaves")
        return cls(size, tuple(rest[i : i + HASH_BYTES] for i in range(0, len(rest), HASH_BYTES)))


def size_of(edge: bytes) -> int:
    """Read how many leaves a tree has whose edge `Frontier.encode` wrote."""
    return int.from_bytes(edge[:_SIZE_BYTES], "big")


def grown(edge: bytes, leaf: bytes) -> tuple[bytes, bytes]:
    """Add one leaf hash to an edge as `Frontier.encode` writes it, which every page that is recorded waits for.

    Give the new edge, and the hashes of the subtrees that are complete with the leaf, lowest first, joined.
    """
    size, end = int.from_bytes(edge[:_SIZE_BYTES], "big"), len(edge)
    if end != _SIZE_BYTES + size.bit_count() * HASH_BYTES:
        raise Malformed(f"frontier: {end} bytes cannot be the edge of a tree of {size} leaves")
    subtree = done = _checked(leaf, f"leaf {size}")
    complete = size
    while complete & 1:  # a complete left neighbour of the same size waits on the edge
        end -= HASH_BYTES
        subtree = node_hash(edge[end : end + HASH_BYTES], subtree)
        done += subtree
        complete >>= 1
    return (size + 1).to_bytes(_SIZE_BYTES, "big") + edge[_SIZE_BYTES:end] + subtree, done


def _grow(edge: list[bytes], index: int, leaf: bytes) -> Iterator[Node]:
    """Put leaf number `index` on the edge in place, and give every subtree that is now complete."""
    level, subtree = 0, leaf
    yield Node(level, index, subtree)
    while index & 1:  # a complete left neighbour of the same size waits on the edge
        subtree = node_hash(edge.pop(), subtree)
        level, index = level + 1, index >> 1
        yield Node(level, index, subtree)
    edge.append(subtree)


def last_leaf(level: int, index: int) -> int:
    """Give the leaf with which a subtree is complete."""
    return ((index + 1) << level) - 1


def completed_with(leaf: int, hashes: bytes) -> Iterator[Node]:
    """Give the subtrees that are complete with leaf number `leaf`, lowest first, from their hashes, joined."""
    for level in range(len(hashes) // HASH_BYTES):
        yield Node(level, leaf >> level, hashes[HASH_BYTES * level : HASH_BYTES * (level + 1)])


# --- which subtrees a proof is made of -----------------------------------------------------------------------------


def cover(first: int, end: int) -> tuple[Address, ...]:
    """Name the complete subtrees that make up leaves `first` to `end`, largest first.

    `first` must be where a subtree of the tree begins, as it is in every proof: a multiple of a power of two that is
    no smaller than `end - first`.
    """
    addresses = list[Address]()
    while first < end:
        level = (end - first).bit_length() - 1
        addresses.append((level, first >> level))
        first += 1 << level
    return tuple(addresses)


def _split(first: int, end: int) -> int:
    """Say where the subtree over `first` to `end` divides: k of RFC 9162 §2.1.1, the largest power of two below."""
    return first + (1 << ((end - first - 1).bit_length() - 1))


def inclusion_nodes(index: int, size: int) -> Plan:
    """Plan PATH(index, D[size]) of RFC 9162 §2.1.3.1: one group of stored subtrees for each hash of the proof."""
    _within(index, size)
    path, first, end = list[tuple[Address, ...]](), 0, size
    while end - first > 1:
        middle = _split(first, end)
        if index < middle:
            path.append(cover(middle, end))
            end = middle
        else:
            path.append(cover(first, middle))
            first = middle
    return tuple(reversed(path))


def consistency_nodes(first: int, second: int) -> Plan:
    """Plan PROOF(first, D[second]) of RFC 9162 §2.1.4.1; empty when `first` is 0 or equal to `second`."""
    _ordered(first, second)
    if first in {0, second}:
        return ()
    path, start, end = list[tuple[Address, ...]](), 0, second
    while first != end:
        middle = _split(start, end)
        if first <= middle:
            path.append(cover(middle, end))
            end = middle
        else:
            path.append(cover(start, middle))
            start = middle
    if start:  # the old tree is not itself a subtree here: its last part must be told
        path.append(cover(start, end))
    return tuple(reversed(path))


def inclusion_proof(index: int, size: int, fetch: Fetch) -> tuple[bytes, ...]:
    """Prove that leaf `index` is in the tree of `size` leaves: sibling hashes, from the leaf upwards."""
    return _gather(inclusion_nodes(index, size), fetch)


def consistency_proof(first: int, second: int, fetch: Fetch) -> tuple[bytes, ...]:
    """Prove that the tree of `second` leaves begins with the tree of `first` leaves, unchanged."""
    return _gather(consistency_nodes(first, second), fetch)


def root_at(size: int, fetch: Fetch) -> bytes:
    """Give the root that the tree had at `size` leaves."""
    return _gather((cover(0, size),), fetch)[0]


def _gather(plan: Plan, fetch: Fetch) -> tuple[bytes, ...]:
    """Fetch all of a plan's subtrees in one call and fold each group to its hash."""
    wanted = [address for group in plan for address in group]
    hashes = list(fetch(wanted)) if wanted else []
    if len(hashes) != len(wanted):
        raise LookupError(f"the store of nodes gave {len(hashes)} hashes where {len(wanted)} were asked for")
    stored = iter(hashes)
    return tuple(fold([next(stored) for _ in group]) for group in plan)


# --- verification --------------------------------------------------------------------------------------------------


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """Give the root that an inclusion proof leads to (RFC 9162 §2.1.3.2); `ProofFailed` if it cannot be one."""
    _within(index, size)
    _shaped(proof, len(inclusion_nodes(index, size)), f"leaf {index} in a tree of {size}")
    number, last, root = index, size - 1, _checked(leaf, "leaf", ProofFailed)
    for sibling in proof:
        if number & 1 or number == last:
            root = node_hash(sibling, root)
            while number and not number & 1:  # levels in which this subtree had no right neighbour
                number, last = number >> 1, last >> 1
        else:
            root = node_hash(root, sibling)
        number, last = number >> 1, last >> 1
    return root


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Raise `ProofFailed` unless `leaf` is leaf `index` of the tree with `size` leaves and this root."""
    found = root_from_inclusion(leaf, index, size, proof)
    if found != root:
        raise ProofFailed(
            f"inclusion: leaf {index} in a tree of {size} leads to root {found.hex()}, not to {root.hex()}"
        )


def verify_consistency(first: int, second: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Raise `ProofFailed` unless the tree of `second` leaves begins with the tree of `first` (RFC 9162 §2.1.4.2)."""
    _ordered(first, second)
    _shaped(proof, len(consistency_nodes(first, second)), f"a tree of {first} grown to {second}")
    if first == 0:
        _same("old", EMPTY_ROOT, old_root)
    elif first == second:
        _same("old", new_root, old_root)
    else:
        old, new = _roots_from_consistency(first, second, proof, old_root)
        _same("old", old, old_root)
        _same("new", new, new_root)


def _roots_from_consistency(first: int, second: int, proof: Sequence[bytes], old_root: bytes) -> tuple[bytes, bytes]:
    """Give the old and the new root that a consistency proof leads to (steps 2 to 6 of RFC 9162 §2.1.4.2)."""
    path = list(proof)
    if first & (first - 1) == 0:  # a power of two: the old root is itself a subtree of the new tree
        path.insert(0, old_root)
    number, last = first - 1, second - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if number & 1 or number == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while number and not number & 1:
                number, last = number >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        number, last = number >> 1, last >> 1
    return old, new


def _checked(value: bytes, what: str, error: type[Malformed | ProofFailed] = Malformed) -> bytes:
    """Give a hash back, or say which one has the wrong length."""
    if len(value) != HASH_BYTES:
        raise error(f"{what}: a hash of {len(value)} bytes where SHA-256 has {HASH_BYTES}")
    return value


def _shaped(proof: Sequence[bytes], count: int, what: str) -> None:
    """Refuse a proof with too few or too many hashes, or with one of the wrong length."""
    if len(proof) != count:
        raise ProofFailed(f"proof of {what}: {len(proof)} hashes where {count} belong")
    for place, value in enumerate(proof):
        _checked(value, f"proof of {what}: hash {place}", ProofFailed)


def _same(which: str, found: bytes, claimed: bytes) -> None:
    """Refuse a root that the proof does not lead to."""
    if found != claimed:
        raise ProofFailed(f"consistency: the proof leads to {which} root {found.hex()}, not to {claimed.hex()}")


def _within(index: int, size: int) -> None:
    """Refuse a leaf outside its tree."""
    if not 0 <= index < size:
        raise ProofFailed(f"index: there is no leaf {index} in a tree of {size}")


def _ordered(first: int, second: int) -> None:
    """Refuse a tree that shrinks."""
    if not 0 <= first <= second:
        raise ProofFailed(f"size: a log cannot go from {first} leaves to {second}: it only grows")
