"""Receipts: what a recipient holds to prove, with no help from the node, that an entry stands in its log.

A receipt is one line of canonical JSON: the entry itself, its index, the inclusion proof, and the signed checkpoint
that the proof leads to; for a page also the digest of every item. There is exactly one way to write it, so no byte can
change without notice.

`fingerprints` are there to *find* damage, not to prove anything: eight hex digits of SHA-256 for each part, so that
a flipped bit is named where it is and not merely where the proof breaks. Whoever forges can make fresh fingerprints;
what a forger cannot make is the signature.
"""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal

import msgspec

from comity.ledger import canonical, entries, notes
from comity.ledger.entries import Count, Entry, HexHash, ItemRow
from comity.ledger.errors import LedgerError, ProofFailed
from comity.ledger.notes import Checkpoint, Keyring, VerifySignature
from comity.ledger.reports import Check, Report, failed, judged, passed
from comity.ledger.tree import leaf_hash, root_from_inclusion

FORM: Literal["comity-receipt/1"] = "comity-receipt/1"
_FINGERPRINT_DIGITS = 8


class Fingerprints(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Eight hex digits of SHA-256 over each part, as it is written in the receipt."""

    entry: str
    index: str
    size: str
    proof: tuple[str, ...]
    checkpoint: tuple[str, ...]
    items: tuple[str, ...] | None = None
    verifier: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """An entry and its proof. `items` are a page's items in order, `verifier` the line of the key that signed."""

    entry: bytes
    index: int
    size: int
    proof: tuple[bytes, ...]
    checkpoint: str
    items: tuple[ItemRow, ...] | None = None
    verifier: str | None = None
    fingerprints: Fingerprints | None = None


class _Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The receipt as it is written."""

    form: Literal["comity-receipt/1"]
    entry: msgspec.Raw
    index: Count
    size: Count
    proof: tuple[HexHash, ...]
    checkpoint: str
    fingerprints: Fingerprints
    items: tuple[tuple[str, str, HexHash], ...] | None = None
    verifier: str | None = None


_decoder: msgspec.json.Decoder[_Form] = msgspec.json.Decoder(_Form)


def fingerprints(receipt: Receipt) -> Fingerprints:
    """Take the fingerprint of every part; of a checkpoint line by line, of proof and items one by one."""
    items = receipt.items
    return Fingerprints(
        entry=_mark(receipt.entry),
        index=_mark(str(receipt.index).encode()),
        size=_mark(str(receipt.size).encode()),
        proof=tuple(map(_mark, receipt.proof)),
        checkpoint=tuple(_mark(line.encode(errors="surrogatepass")) for line in receipt.checkpoint.split("\n")),
        items=None if items is None else tuple(_mark(canonical.encode(_item(item))) for item in items),
        verifier=None if receipt.verifier is None else _mark(receipt.verifier.encode(errors="surrogatepass")),
    )


def encode(receipt: Receipt) -> bytes:
    """Write a receipt in its one form, with fresh fingerprints unless it has its own."""
    return canonical.encode(
        _Form(
            form=FORM,
            entry=msgspec.Raw(receipt.entry),
            index=receipt.index,
            size=receipt.size,
            proof=tuple(value.hex() for value in receipt.proof),
            checkpoint=receipt.checkpoint,
            fingerprints=receipt.fingerprints or fingerprints(receipt),
            items=None if receipt.items is None else tuple(map(_item, receipt.items)),
            verifier=receipt.verifier,
        )
    )


def decode(data: bytes) -> Receipt:
    """Read a receipt; `Malformed`, naming the place, unless it is in its one form."""
    form = canonical.decode(data, _decoder, "receipt")
    if form.verifier is not None:
        notes.parse_verifier(form.verifier)
    return Receipt(
        entry=bytes(form.entry),
        index=form.index,
        size=form.size,
        proof=tuple(map(bytes.fromhex, form.proof)),
        checkpoint=form.checkpoint,
        items=None if form.items is None else tuple(ItemRow(a, b, bytes.fromhex(c)) for a, b, c in form.items),
        verifier=form.verifier,
        fingerprints=form.fingerprints,
    )


def issue(receipt: Receipt) -> Receipt:
    """Give the receipt with its fingerprints taken: what is handed to the recipient."""
    return replace(receipt, fingerprints=fingerprints(receipt))


# --- verification --------------------------------------------------------------------------------------------------


def verify(
    receipt: Receipt, verifiers: Keyring, verify_signature: VerifySignature, objects: Sequence[bytes] | None = None
) -> Report:
    """Check a receipt with nothing but the log's key, and with the objects received if they are given.

    `objects` are the items as served, in order, each in its RFC 8785 bytes. Checks that a wrong part makes impossible
    fail too, and say so; nothing is passed over.
    """
    return Report.of(_checks(receipt, verifiers, verify_signature, objects))


def _checks(
    receipt: Receipt, verifiers: Keyring, verify_signature: VerifySignature, objects: Sequence[bytes] | None
) -> Iterator[Check]:
    """Go through a receipt part by part."""
    yield from _undamaged(receipt)
    entry = _entry(receipt.entry)
    checkpoint = _checkpoint(receipt.checkpoint)
    yield from _placed(receipt, entry, checkpoint)
    yield _included(receipt, checkpoint)
    yield _signed(receipt.checkpoint, verifiers, verify_signature)
    if receipt.items is not None:
        yield _itemised(entry, [item.digest for item in receipt.items], "items")
        yield from _named(entry, receipt.items)
    if objects is not None:
        yield from _delivered(receipt, entry, objects)


def _undamaged(receipt: Receipt) -> Iterator[Check]:
    """Compare every part with its fingerprint, and name each that differs."""
    if receipt.fingerprints is None:
        return
    then, now = _parts(receipt.fingerprints), _parts(fingerprints(receipt))
    damaged = sorted(name for name in then.keys() | now.keys() if then.get(name) != now.get(name))
    for name in damaged:
        yield failed(name, "does not match its fingerprint: one of the two was changed since the receipt was written")
    if not damaged:
        yield passed("fingerprints", f"all {len(now)} parts are as they were written")


def _placed(receipt: Receipt, entry: Entry | LedgerError, checkpoint: Checkpoint | LedgerError) -> Iterator[Check]:
    """Check that entry, receipt and checkpoint speak of the same log, index and size."""
    if isinstance(checkpoint, LedgerError):
        yield failed("checkpoint", checkpoint)
    else:
        yield passed("checkpoint", f"log {checkpoint.origin} with {checkpoint.size} leaves")
        yield judged(
            "size",
            receipt.size == checkpoint.size,
            f"the proof is for {receipt.size} leaves, as the checkpoint",
            f"the receipt says {receipt.size} leaves, the checkpoint {checkpoint.size}",
        )
    if isinstance(entry, LedgerError):
        yield failed("entry", entry)
        return
    yield passed("entry", f"{entries.kind_of(entry).value} of {entry.at}")
    yield judged(
        "index",
        entry.index == receipt.index,
        f"the entry is leaf {entry.index}",
        f"the receipt says leaf {receipt.index}, the entry {entry.index}",
    )
    if isinstance(checkpoint, Checkpoint):
        yield judged(
            "log",
            entry.log == checkpoint.origin,
            f"the entry belongs to {entry.log}",
            f"the entry belongs to {entry.log}, the checkpoint to {checkpoint.origin}",
        )


def _included(receipt: Receipt, checkpoint: Checkpoint | LedgerError) -> Check:
    """Check that the proof leads from the entry to the checkpoint's root."""
    try:
        root = root_from_inclusion(leaf_hash(receipt.entry), receipt.index, receipt.size, receipt.proof)
    except ProofFailed as error:
        return failed("inclusion", error)
    if isinstance(checkpoint, LedgerError):
        return failed("inclusion", "there is no checkpoint to lead to")
    return judged(
        "inclusion",
        root == checkpoint.root,
        "entry and proof lead to the checkpoint's root",
        f"entry, index, size and proof lead to root {root.hex()}, the checkpoint has {checkpoint.root.hex()}",
    )


def _signed(text: str, verifiers: Keyring, verify_signature: VerifySignature) -> Check:
    """Check that the log itself signed the checkpoint with a known key."""
    try:
        checkpoint = notes.open_note(text, verifiers, verify_signature)
    except LedgerError as error:
        return failed("signature", error)
    return passed("signature", f"signed by {checkpoint.origin} with a known key")


def _itemised(entry: Entry | LedgerError, digests: Sequence[bytes], name: str) -> Check:
    """Check that digests, in order, are the ones that the entry commits to."""
    if isinstance(entry, LedgerError):
        return failed(name, "there is no entry to compare with")
    if not isinstance(entry, entries.Paged):
        return failed(name, f"a {entries.kind_of(entry).value} entry counts no items")
    if len(digests) != entry.count:
        return failed(name, f"{len(digests)} where the entry counts {entry.count}")
    return judged(
        name,
        entries.items_hash(digests) == entry.items,
        f"all {entry.count}, in their order, are what the entry commits to",
        "their digests, in this order, are not what the entry commits to",
    )


def _named(entry: Entry | LedgerError, items: Sequence[ItemRow]) -> Iterator[Check]:
    """Check the list's ids and versions, where the entry binds them; where it does not, they are labels only."""
    if not isinstance(entry, entries.Paged) or not entry.names:
        return
    names = [(item.id, item.version) for item in items]
    for place, pair in enumerate(names):
        if not all(map(entries.nameable, pair)):
            yield failed("names", f"items[{place}]: an id and a version hold no space and no line break")
            return
    yield judged(
        "names",
        entries.names_hash(names) == entry.names,
        "the ids and versions are those that the entry commits to",
        "the ids and versions listed are not those that the entry commits to",
    )


def _delivered(receipt: Receipt, entry: Entry | LedgerError, objects: Sequence[bytes]) -> Iterator[Check]:
    """Check the objects themselves, and name each that is not the one that was delivered."""
    digests = [entries.item_digest(item) for item in objects]
    for place, (item, digest, served) in enumerate(zip(receipt.items or (), digests, objects, strict=False)):
        if item.digest != digest:
            yield failed(f"objects[{place}]", f"is not the {item.id} that was delivered: digest {digest.hex()}")
        elif _id(served) not in {None, item.id}:
            yield failed(f"objects[{place}]", f"is {_id(served)}, the receipt's list names it {item.id}")
    yield _itemised(entry, digests, "objects")


def _entry(data: bytes) -> Entry | LedgerError:
    """Read the entry, or give the reason why it is none."""
    try:
        return entries.decode(data)
    except LedgerError as error:
        return error


def _checkpoint(text: str) -> Checkpoint | LedgerError:
    """Read the checkpoint's text, whoever signed it, or give the reason why it is none."""
    try:
        return notes.checkpoint_of(notes.parse(text))
    except LedgerError as error:
        return error


def _id(served: bytes) -> str | None:
    """Give the id that an item bears itself; None for one that bears none, such as a bare version."""
    try:
        return msgspec.json.decode(served, type=_Identified).id
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


class _Identified(msgspec.Struct):
    """The one field that is read of an item."""

    id: str | None = None


def _item(item: ItemRow) -> tuple[str, str, str]:
    """Write an item as a receipt lists it."""
    return item.id, item.version, item.digest.hex()


def _mark(part: bytes) -> str:
    """Take a fingerprint."""
    return sha256(part).hexdigest()[:_FINGERPRINT_DIGITS]


def _parts(marks: Fingerprints) -> dict[str, str]:
    """Name every part: `proof[3]`, `checkpoint line 2`, `items[17]`."""
    named = {"entry": marks.entry, "index": marks.index, "size": marks.size}
    named |= {f"proof[{place}]": mark for place, mark in enumerate(marks.proof)}
    named |= {f"checkpoint line {number}": mark for number, mark in enumerate(marks.checkpoint, 1)}
    named |= {f"items[{place}]": mark for place, mark in enumerate(marks.items or ())}
    return named if marks.verifier is None else named | {"verifier": marks.verifier}


def tlog_proof(receipt: Receipt) -> str:
    """Write the proof as C2SP *tlog-proof* text, for tools that read that; the leaf's data goes along as `extra`."""
    hashes = "".join(f"{b64encode(value).decode()}\n" for value in receipt.proof)
    extra = b64encode(receipt.entry).decode()
    return f"c2sp.org/tlog-proof@v1\nextra {extra}\nindex {receipt.index}\n{hashes}\n{receipt.checkpoint}"
