"""The proof that a log only grew: what a recipient asks for when it holds an older head and is given a newer one.

A log that rewrote its past, or that shows one history to its recipient and another to an auditor, cannot make this
proof (RFC 9162 §2.1.4). It is one line of canonical JSON, so that no byte of it can change without notice.

A recipient that keeps the newest head it has verified, and asks for this proof from there each time, has a log that can
never be put back or rewritten under its eyes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import msgspec

from comity.ledger import canonical, notes
from comity.ledger.entries import HexHash
from comity.ledger.errors import LedgerError, Malformed, ProofFailed
from comity.ledger.notes import Checkpoint, Keyring, VerifySignature
from comity.ledger.reports import Check, Report, failed, judged, passed
from comity.ledger.tree import Fetch, consistency_proof, verify_consistency

FORM: Literal["comity-growth/1"] = "comity-growth/1"
MOST_HASHES = 128  # a tree that 53 bits can count is no deeper than 53, and a proof holds one hash a level and one more


@dataclass(frozen=True, slots=True)
class Growth:
    """Two signed heads of one log, older and newer, and the hashes that lead from the one tree to the other."""

    older: str
    newer: str
    proof: tuple[bytes, ...]


class _Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The proof as it is written."""

    form: Literal["comity-growth/1"]
    older: str
    newer: str
    proof: tuple[HexHash, ...]


_decoder: msgspec.json.Decoder[_Form] = msgspec.json.Decoder(_Form)


def prove(older: str, newer: str, fetch: Fetch) -> Growth:
    """Make the proof between two heads that this log has signed; `Malformed` or `ProofFailed` if they cannot be two."""
    first, second = (notes.checkpoint_of(notes.parse(text)) for text in (older, newer))
    if first.origin != second.origin:
        raise Malformed(f"growth: {first.origin} and {second.origin} are two logs")
    return Growth(older, newer, consistency_proof(first.size, second.size, fetch))


def encode(growth: Growth) -> bytes:
    """Write the proof in its one form."""
    proof = tuple(value.hex() for value in growth.proof)
    return canonical.encode(_Form(FORM, growth.older, growth.newer, proof))


def decode(data: bytes) -> Growth:
    """Read the proof; `Malformed`, naming the place, unless it is in its one form."""
    form = canonical.decode(data, _decoder, "growth proof")
    if len(form.proof) > MOST_HASHES:
        raise Malformed(f"growth proof: {len(form.proof)} hashes are more than any two trees need")
    return Growth(form.older, form.newer, tuple(map(bytes.fromhex, form.proof)))


def verify(growth: Growth, verifiers: Keyring, verify_signature: VerifySignature) -> Report:
    """Check both signatures, that both heads are of one log, and that the newer tree begins with the older."""
    return Report.of(_checks(growth, verifiers, verify_signature))


def _checks(growth: Growth, verifiers: Keyring, verify_signature: VerifySignature) -> Iterator[Check]:
    """Go through the proof part by part; what the signatures do not cover is compared even when one of them fails."""
    yield _signed("older signature", growth.older, verifiers, verify_signature)
    yield _signed("newer signature", growth.newer, verifiers, verify_signature)
    older, newer = _head(growth.older), _head(growth.newer)
    if isinstance(older, LedgerError):
        yield failed("older checkpoint", older)
    if isinstance(newer, LedgerError):
        yield failed("newer checkpoint", newer)
    if isinstance(older, Checkpoint) and isinstance(newer, Checkpoint):
        yield judged(
            "log",
            older.origin == newer.origin,
            f"both heads are of {older.origin}",
            f"the older head is of {older.origin}, the newer of {newer.origin}",
        )
        yield _grown(older, newer, growth)


def _signed(name: str, text: str, verifiers: Keyring, verify_signature: VerifySignature) -> Check:
    """Check that the log itself signed a head with a known key."""
    try:
        head = notes.open_note(text, verifiers, verify_signature)
    except LedgerError as error:
        return failed(name, error)
    return passed(name, f"{head.origin} signed for {head.size} entries with a known key")


def _head(text: str) -> Checkpoint | LedgerError:
    """Read a head, whoever signed it, or give the reason why it is none."""
    try:
        return notes.checkpoint_of(notes.parse(text))
    except LedgerError as error:
        return error


def _grown(older: Checkpoint, newer: Checkpoint, growth: Growth) -> Check:
    """Check that the newer tree begins with the older."""
    try:
        verify_consistency(older.size, newer.size, growth.proof, older.root, newer.root)
    except ProofFailed as error:
        return failed("growth", error)
    return passed("growth", f"the first {older.size} of the {newer.size} entries are the old ones, unchanged")
