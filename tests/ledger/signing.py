"""Real Ed25519 keys for tests, the same in every run, and small logs that they sign."""

from collections.abc import Sequence
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from comity.ledger import entries, notes, tree
from comity.ledger.receipts import Item, Receipt

from . import naive

LOG = "comity/bs/xa"
AT = "2026-11-23T10:00:00.000000Z"


class Key:
    """A private key made from a word."""

    def __init__(self, word: str) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(sha256(word.encode()).digest())
        self.public = self._private.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message)

    def named(self, name: str = LOG) -> notes.Verifier:
        return notes.Verifier(name, self.public)

    def ring(self, name: str = LOG) -> notes.Keyring:
        return notes.keyring([self.named(name)])

    def head(self, size: int, root: bytes, log: str = LOG, extensions: tuple[str, ...] = ()) -> str:
        return notes.sign(notes.Checkpoint(log, size, root, extensions), log, self.public, self.sign)


def genuine(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


OURS = Key("ours")


def objects(count: int, salt: str = "") -> list[bytes]:
    return [f'{{"id":"{name}","name":"{salt}"}}'.encode() for name, _ in names(count)]


def names(count: int) -> list[tuple[str, str]]:
    return [(f"note--00000000-0000-4000-8000-{n:012x}", "2026-01-01T00:00:00.000Z") for n in range(count)]


def delivery(index: int, served: Sequence[bytes], *, named: bool = True, log: str = LOG) -> entries.Delivery:
    digests = [entries.item_digest(body) for body in served]
    return entries.Delivery(
        v=1,
        log=log,
        index=index,
        at=AT,
        credential="xa-cert-1",
        request="GET objects?limit=3",
        collection="472c94ae-3113-4e3e-a4dd-a9f4ac7471d4",
        count=len(served),
        items=entries.items_hash(digests),
        grounds=(entries.Ground("mou-xa-bs-2025", "4.1", len(served)),),
        names=entries.names_hash(names(len(served))) if named else "",
    )


def log_of(count: int, log: str = LOG, salt: str = "") -> list[bytes]:
    """Make a log's leaves: each a delivery of one object."""
    return [entries.encode(delivery(index, objects(1, f"{salt}{index}"), log=log)) for index in range(count)]


def receipt(index: int = 4, size: int = 7, served: Sequence[bytes] = (), *, named: bool = True) -> Receipt:
    """Make a receipt for one delivery in a log of deliveries."""
    leaves = log_of(size)
    leaves[index] = entries.encode(delivery(index, served, named=named))
    frontier, fetch = naive.grown(leaves)
    listed = names(len(served)) if named else [("", "")] * len(served)
    return Receipt(
        entry=leaves[index],
        index=index,
        size=size,
        proof=tree.inclusion_proof(index, size, fetch),
        checkpoint=OURS.head(size, frontier.root()),
        items=tuple(Item(entries.item_digest(body), *name) for body, name in zip(served, listed, strict=True)),
        verifiers=(OURS.named(),),
    )
