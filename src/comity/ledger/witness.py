"""Witnessing: one side looks at the other's log head, says when it saw it, and tells what contradicts what it saw.

Forms are those of C2SP *tlog-witness* and *tlog-cosignature*: what is submitted is

    old 17
    <base64 of each hash of the consistency proof, a line each>

    <the checkpoint, signed by its log>

and what comes back is one signature line of the kind `cosignature/v1` (04), which says at which second its signer had
seen this head and none that contradicts it. A head that contradicts is told by name, with evidence that whoever holds
the log's key line verifies with no node and no network.
"""

import binascii
import enum
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal

import msgspec

from comity.ledger import canonical, notes
from comity.ledger.entries import HexHash
from comity.ledger.errors import LedgerError, Malformed, ProofFailed
from comity.ledger.notes import KEY_ID_BYTES, SIGNATURE_BYTES, Checkpoint, Keyring, Sign, Verifier, VerifySignature
from comity.ledger.reports import Check, Report, failed, judged, passed
from comity.ledger.tree import Frontier, consistency_proof, verify_consistency

EVIDENCE: Literal["comity-contradiction/1"] = "comity-contradiction/1"
MOST_HASHES: Final = 63
"""Lines of a proof (tlog-witness, add-checkpoint)."""
_KIND: Final = b"\x04"
_TIME_BYTES: Final = 8


class Finding(enum.StrEnum):
    """What a head is beside the newest one that was seen before."""

    FIRST = "first seen"
    SAME = "the same"
    GROWN = "grown"
    FORKED = "equivocation"
    """Two heads of one size with different roots: two histories were signed."""
    REWRITTEN = "rewritten"
    """A longer log that does not begin with the one that was seen."""
    SHORTENED = "rolled back"
    """A shorter log than the one that was seen."""
    UNPROVEN = "no proof"
    """Longer, and no proof that it begins with the one that was seen."""


CONTRADICTS: Final = frozenset({Finding.FORKED, Finding.REWRITTEN, Finding.SHORTENED})


@dataclass(frozen=True, slots=True)
class Submission:
    """What a log hands in to be seen: the size from which it proves that it grew, the proof, its signed head."""

    old: int
    proof: tuple[bytes, ...]
    note: str


def write(submission: Submission) -> str:
    """Write what is handed in."""
    lines = [f"old {submission.old}", *(b64encode(one).decode() for one in submission.proof)]
    return "\n".join(lines) + f"\n\n{submission.note}"


def read(text: str) -> Submission:
    """Read what was handed in; `Malformed` names the line."""
    head, gap, note = text.partition("\n\n")
    lines = head.split("\n")
    first, _, size = lines[0].partition(" ")
    if not gap or first != "old" or not size.isdecimal() or (size != "0" and size.startswith("0")):
        raise Malformed("submission line 1: it reads “old”, a space, and the size from which the proof leads")
    if len(lines) - 1 > MOST_HASHES:
        raise Malformed(f"submission: {len(lines) - 1} hashes where at most {MOST_HASHES} are read")
    try:
        proof = tuple(b64decode(line, validate=True) for line in lines[1:])
    except binascii.Error:
        raise Malformed("submission: a line of the proof is not base64") from None
    return Submission(int(size), proof, note)


def judge(seen: Checkpoint | None, new: Checkpoint, old: int, proof: Sequence[bytes]) -> Finding:
    """Say what a head is beside the newest one seen; *proof* leads to it from the tree of *old* entries."""
    if seen is None:
        return Finding.FIRST
    if new.size == seen.size:
        return Finding.SAME if new.root == seen.root else Finding.FORKED
    if new.size < seen.size:
        return Finding.SHORTENED
    if old != seen.size:
        return Finding.UNPROVEN
    try:
        verify_consistency(seen.size, new.size, proof, seen.root, new.root)
    except (ProofFailed, Malformed):
        return Finding.UNPROVEN
    return Finding.GROWN


def judge_leaves(seen: Checkpoint, new: Checkpoint, leaves: Sequence[bytes]) -> Finding:
    """Say what a head is beside one seen, given the hash of every leaf that the log now shows.

    `Malformed` where these leaves are not the tree of the new head: then the log does not show what it signed.
    """
    if len(leaves) != new.size or _root(leaves) != new.root:
        raise Malformed(f"the {len(leaves)} entries shown are not the {new.size} that {new.origin} signed")
    if new.size < seen.size:
        return Finding.SHORTENED
    return Finding.GROWN if _root(leaves[: seen.size]) == seen.root else Finding.REWRITTEN


def _root(leaves: Sequence[bytes]) -> bytes:
    return Frontier(0, ()).extend(leaves)[0].root()


def prove(old: int, new: int, leaves: Sequence[bytes]) -> tuple[bytes, ...]:
    """Make the proof that the tree of *new* leaves begins with that of *old*, from the leaves' hashes."""
    nodes = {(node.level, node.index): node.hash for node in Frontier(0, ()).extend(leaves[:new])[1]}
    return consistency_proof(old, new, lambda wanted: [nodes[one] for one in wanted])


# --- cosignatures -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cosigned:
    """Who saw a head, and when (seconds since 1970 UTC)."""

    name: str
    at: int


def cosigner_id(verifier: Verifier) -> bytes:
    """Give the key id of a cosigner: the kind is 04 where a log's own is 01 (tlog-cosignature, Format)."""
    return sha256(verifier.name.encode() + b"\n" + _KIND + verifier.public).digest()[:KEY_ID_BYTES]


def _message(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def cosign(note: str, verifier: Verifier, at: int, sign: Sign) -> str:
    """Write the signature line by which *verifier* says that at a second it had seen this head."""
    text = notes.parse(note).text
    value = cosigner_id(verifier) + at.to_bytes(_TIME_BYTES, "big") + sign(_message(text, at))
    return f"— {verifier.name} {b64encode(value).decode()}\n"


def cosignatures(note: str, known: Sequence[Verifier], verify: VerifySignature) -> tuple[Cosigned, ...]:
    """Give who saw the head, of those whose keys are known; `Malformed` where one of theirs does not verify."""
    parsed = notes.parse(note)
    ids = {(one.name, cosigner_id(one)): one for one in known}
    found = []
    for line in parsed.signatures:
        who = ids.get((line.name, line.key_id))
        if who is None:
            continue
        if len(line.value) != _TIME_BYTES + SIGNATURE_BYTES:
            raise Malformed(f"note line {line.line}: a cosignature has {_TIME_BYTES + SIGNATURE_BYTES} bytes")
        at = int.from_bytes(line.value[:_TIME_BYTES], "big")
        if not verify(who.public, _message(parsed.text, at), line.value[_TIME_BYTES:]):
            raise Malformed(f"note line {line.line}: the cosignature by {line.name} does not verify")
        found.append(Cosigned(who.name, at))
    return tuple(found)


# --- evidence ---------------------------------------------------------------------------------------------------------


class Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Two heads that one log signed and that cannot both be; `leaves` where only these show it (a longer log)."""

    form: Literal["comity-contradiction/1"]
    seen: str
    shown: str
    leaves: tuple[HexHash, ...] = ()


_decoder: msgspec.json.Decoder[Evidence] = msgspec.json.Decoder(Evidence)


def evidence(seen: str, shown: str, leaves: Sequence[bytes] = ()) -> bytes:
    """Write two heads that contradict each other, with what shows it, in its one form."""
    return canonical.encode(Evidence(EVIDENCE, seen, shown, tuple(one.hex() for one in leaves)))


def read_evidence(data: bytes) -> Evidence:
    """Read evidence; `Malformed` unless it is in its one form."""
    return canonical.decode(data, _decoder, "evidence")


def verify_evidence(found: Evidence, ring: Keyring, verify: VerifySignature) -> Report:
    """Check that one log signed both heads and that they contradict each other. All passed: it did what it must not."""
    return Report.of(_checks(found, ring, verify))


def _checks(found: Evidence, ring: Keyring, verify: VerifySignature) -> Iterator[Check]:
    heads = []
    for name, text in (("head that was seen", found.seen), ("head that was shown", found.shown)):
        try:
            head = notes.open_note(text, ring, verify)
        except LedgerError as error:
            yield failed(name, error)
            continue
        heads.append(head)
        yield passed(name, f"{head.origin} signed for {head.size} entries with a known key")
    if len(heads) == 2:  # noqa: PLR2004 - both of them
        seen, shown = heads
        yield judged("log", seen.origin == shown.origin, f"both are of {seen.origin}",
                     f"one is of {seen.origin}, the other of {shown.origin}")  # fmt: skip
        yield _contradiction(seen, shown, [bytes.fromhex(one) for one in found.leaves])


def _contradiction(seen: Checkpoint, shown: Checkpoint, leaves: Sequence[bytes]) -> Check:
    name = "contradiction"
    if seen.size == shown.size:
        return judged(name, seen.root != shown.root, f"equivocation: two roots for {seen.size} entries",
                      "the two heads are the same")  # fmt: skip
    if shown.size < seen.size:
        says = f"rolled back: {shown.size} entries were shown where {seen.size} had been; that it was shown later is "
        return passed(name, says + "the word of whoever kept this, for a head holds no time")
    try:
        rewritten = judge_leaves(seen, shown, leaves) is Finding.REWRITTEN
    except LedgerError as error:
        return failed(name, error)
    return judged(name, rewritten, f"rewritten: the {shown.size} entries do not begin with the {seen.size} seen",
                  "the longer log begins with the one seen")  # fmt: skip
