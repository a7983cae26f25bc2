"""The tree as RFC 9162 §2.1 defines it, by plain recursion over all leaves: slow, and the oracle of the quick one."""

from collections.abc import Callable, Sequence
from hashlib import sha256

from comity.ledger.tree import Address, Frontier, leaf_hash


def split(count: int) -> int:
    """Give the largest power of two below `count`."""
    k = 1
    while k * 2 < count:
        k *= 2
    return k


def root(data: Sequence[bytes]) -> bytes:
    """MTH(D[n])."""
    if not data:
        return sha256(b"").digest()
    if len(data) == 1:
        return sha256(b"\x00" + data[0]).digest()
    k = split(len(data))
    return sha256(b"\x01" + root(data[:k]) + root(data[k:])).digest()


def path(index: int, data: Sequence[bytes]) -> list[bytes]:
    """PATH(m, D[n])."""
    if len(data) == 1:
        return []
    k = split(len(data))
    if index < k:
        return [*path(index, data[:k]), root(data[k:])]
    return [*path(index - k, data[k:]), root(data[:k])]


def proof(first: int, data: Sequence[bytes]) -> list[bytes]:
    """PROOF(m, D[n])."""
    return _subproof(first, data, whole=True)


def _subproof(first: int, data: Sequence[bytes], *, whole: bool) -> list[bytes]:
    if first == len(data):
        return [] if whole else [root(data)]
    k = split(len(data))
    if first <= k:
        return [*_subproof(first, data[:k], whole=whole), root(data[k:])]
    return [*_subproof(first - k, data[k:], whole=False), root(data[:k])]


def grown(data: Sequence[bytes]) -> tuple[Frontier, Callable[[Sequence[Address]], Sequence[bytes]]]:
    """Grow a tree by appends into a store; give its edge and the store's batched look-up."""
    frontier, nodes = Frontier().extend(leaf_hash(datum) for datum in data)
    store = {(node.level, node.index): node.hash for node in nodes}
    assert len(store) == len(nodes), "no subtree is completed twice"
    return frontier, lambda addresses: [store[address] for address in addresses]
