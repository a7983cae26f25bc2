"""Signed notes and checkpoints: the head of a log, as text that its key has signed.

The forms are those of C2SP *signed-note* and *tlog-checkpoint*, so that any tool that reads them reads ours:

    example.org/log                        the log's origin, which is also the name of its key
    17                                     the number of leaves
    <base64 of the root>
                                           a blank line ends what is signed
    — example.org/log <base64 of key id and signature>

Keys are Ed25519. A log changes its key without breaking what was signed before: whoever verifies lists several keys.
Signing and verifying themselves are passed in; no key lives here.
"""

import binascii
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from comity.ledger.errors import BadSignature, Malformed, UnknownKey
from comity.ledger.tree import HASH_BYTES

KEY_BYTES = 32
SIGNATURE_BYTES = 64
KEY_ID_BYTES = 4
MOST_SIGNATURES = 100  # signed-note: a verifier should set a limit, and accept at least 16
MOST_BYTES = 1_000_000

Sign = Callable[[bytes], bytes]
VerifySignature = Callable[[bytes, bytes, bytes], bool]  # public key, message, signature
KeyRef = tuple[str, bytes]  # a key's name and its four-byte id

_ED25519 = b"\x01"
_DASH = "\u2014 "
_VERIFIER = re.compile(r"([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")
_SIZE = re.compile("0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key under the name it signs with."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        """Refuse a name that a signature line cannot carry, and a key that is none."""
        _named(self.name)
        if len(self.public) != KEY_BYTES:
            raise Malformed(f"key {self.name}: {len(self.public)} bytes where an Ed25519 public key has {KEY_BYTES}")

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell this key from others of the same name; an identifier, not a proof."""
        return key_id(self.name, self.public)

    @property
    def ref(self) -> KeyRef:
        """Name and id together, as a signature line gives them."""
        return self.name, self.key_id

    def text(self) -> str:
        """Write the key in one line, as it is handed to whoever is to verify: name, id in hex, key in base64."""
        return f"{self.name}+{self.key_id.hex()}+{b64encode(_ED25519 + self.public).decode()}"


Keyring = Mapping[KeyRef, Verifier]


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: who signs with which key, the signature, and the line it stands on."""

    name: str
    key_id: bytes
    value: bytes
    line: int


@dataclass(frozen=True, slots=True)
class Note:
    """A note taken apart: the signed text, its final newline included, and the signatures under it."""

    text: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: its origin, its number of leaves and their root; further lines if any."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


def key_id(name: str, public: bytes) -> bytes:
    """Give SHA-256(name, newline, 0x01, public key), cut to four bytes (signed-note, Signatures)."""
    return sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:KEY_ID_BYTES]


def parse_verifier(text: str) -> Verifier:
    """Read a key from the line that `Verifier.text` writes; `Malformed` says what is wrong with it."""
    found = _VERIFIER.fullmatch(text)
    if not found:
        raise Malformed("verifier key: it has the form name+8 hex digits+base64")
    name, claimed, material = found.group(1), found.group(2), _base64(found.group(3), f"verifier key {found.group(1)}")
    if material[:1] != _ED25519:
        raise Malformed(f"verifier key {name}: kind {material[:1].hex() or 'none'} is not 01, Ed25519")
    verifier = Verifier(name, material[1:])
    if verifier.key_id.hex() != claimed:
        raise Malformed(f"verifier key {name}: its id is {verifier.key_id.hex()}, not {claimed}; a character is wrong")
    return verifier


def keyring(verifiers: Iterable[Verifier]) -> Keyring:
    """Gather keys to verify with; two different keys may not share both name and id."""
    ring = dict[KeyRef, Verifier]()
    for verifier in verifiers:
        if ring.setdefault(verifier.ref, verifier) != verifier:
            raise Malformed(f"verifier keys: two keys answer to {verifier.name}+{verifier.key_id.hex()}; remove one")
    return ring


# --- writing -------------------------------------------------------------------------------------------------------


def body(checkpoint: Checkpoint) -> bytes:
    """Write the text that is signed: origin, size, root, extension lines (tlog-checkpoint, Note text)."""
    lines = [checkpoint.origin, str(checkpoint.size), b64encode(checkpoint.root).decode(), *checkpoint.extensions]
    text = "".join(f"{line}\n" for line in lines)
    if _checkpoint(text) != checkpoint:
        raise Malformed("checkpoint: a line is broken by a newline within it")
    return text.encode()


def sign(checkpoint: Checkpoint, name: str, public: bytes, sign: Sign) -> str:
    """Write a checkpoint as a note signed by one key."""
    return sign_text(body(checkpoint).decode(), Verifier(name, public), sign)


def sign_text(text: str, verifier: Verifier, sign: Sign) -> str:
    """Write any text that ends in a newline as a note signed by one key."""
    if not text.endswith("\n"):
        raise Malformed("note: the text to be signed ends in a newline")
    _printable(text)
    return f"{text}\n{signature_line(text, verifier, sign)}"


def signature_line(text: str, verifier: Verifier, sign: Sign) -> str:
    """Sign a note's text; the line is put under the note, beside those of other keys."""
    return f"{_DASH}{verifier.name} {b64encode(verifier.key_id + sign(text.encode())).decode()}\n"


# --- reading -------------------------------------------------------------------------------------------------------


def open_note(text: str, verifiers: Keyring, verify_signature: VerifySignature) -> Checkpoint:
    """Read a checkpoint that its own log has signed with a known key; say precisely why not otherwise.

    Cosignatures by others are checked when their key is known and passed over when it is not; they never stand in for
    the log's own, which is the one whose name is the origin.
    """
    note = parse(text)
    signers = verified(note, verifiers, verify_signature)
    checkpoint = checkpoint_of(note)
    if all(signer.name != checkpoint.origin for signer in signers):
        names = ", ".join(sorted({signer.name for signer in signers}))
        raise UnknownKey(f"note: signed by {names}, but not by {checkpoint.origin}, the log that it speaks for")
    return checkpoint


def checkpoint_of(note: Note) -> Checkpoint:
    """Read a note's text as a checkpoint; whether the note is signed by whom is another question."""
    return _checkpoint(note.text)


def verified(note: Note, verifiers: Keyring, verify_signature: VerifySignature) -> tuple[Verifier, ...]:
    """Give the known keys that signed; one wrong signature by a known key, or no known key, refuses the note."""
    signers = list[Verifier]()
    for signature in note.signatures:
        verifier = verifiers.get((signature.name, signature.key_id))
        if verifier is None or verifier in signers:
            continue
        genuine = len(signature.value) == SIGNATURE_BYTES
        if not genuine or not verify_signature(verifier.public, note.text.encode(), signature.value):
            raise BadSignature(
                f"note line {signature.line}: the signature by {signature.name}+{signature.key_id.hex()} "
                "does not verify: the text or the signature was changed"
            )
        signers.append(verifier)
    if not signers:
        raise UnknownKey(f"note: no known key among its signatures ({_names(note.signatures)})")
    return tuple(signers)


def parse(text: str) -> Note:
    """Take a note apart without judging its signatures; `Malformed` names the line at fault."""
    if len(text) > MOST_BYTES:
        raise Malformed(f"note: {len(text)} characters are more than any note has")
    _printable(text)
    head, gap, tail = text.rpartition("\n\n")
    if not gap:
        raise Malformed("note: no blank line parts the text from the signatures")
    if not head:
        raise Malformed("note line 1: there is no text before the signatures")
    if not tail.endswith("\n"):
        raise Malformed(f"note line {text.count(chr(10)) + 1}: the last line does not end in a newline")
    first = head.count("\n") + 3
    lines = tail[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise Malformed(f"note: {len(lines)} signatures where at most {MOST_SIGNATURES} are read")
    return Note(f"{head}\n", tuple(_signature(line, first + place) for place, line in enumerate(lines)))


def _signature(line: str, number: int) -> Signature:
    """Read one signature line."""
    place = f"note line {number}"
    name, space, value = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space:
        raise Malformed(f"{place}: a signature has the form: em dash, space, name, space, base64")
    data = _base64(value, place)
    if len(data) <= KEY_ID_BYTES:
        raise Malformed(f"{place}: {len(data)} bytes cannot hold a key id and a signature")
    return Signature(_named(name, place), data[:KEY_ID_BYTES], data[KEY_ID_BYTES:], number)


def _checkpoint(text: str) -> Checkpoint:
    """Read origin, size, root and extension lines."""
    lines = text.split("\n")[:-1]
    if len(lines) < 3:  # noqa: PLR2004 - origin, size, root
        raise Malformed(f"checkpoint: {len(lines)} lines where at least three belong: origin, size, root")
    for number, line in enumerate(lines, 1):
        if not line:
            raise Malformed(f"note line {number}: a checkpoint has no empty line")
    if not _SIZE.fullmatch(lines[1]):
        raise Malformed("note line 2: the size is a decimal number without leading zeroes")
    root = _base64(lines[2], "note line 3")
    if len(root) != HASH_BYTES:
        raise Malformed(f"note line 3: the root has {len(root)} bytes where SHA-256 has {HASH_BYTES}")
    return Checkpoint(lines[0], int(lines[1]), root, tuple(lines[3:]))


def _printable(text: str) -> None:
    """Refuse what a note may not contain: control characters other than newline, and lone surrogates."""
    for number, line in enumerate(text.split("\n"), 1):
        for character in line:
            if character < " " or "\ud800" <= character <= "\udfff":
                raise Malformed(f"note line {number}: U+{ord(character):04X} may not stand in a note")


def _named(name: str, place: str = "key name") -> str:
    """Give a key's name back if it may be one: not empty, no space, no plus, no control character."""
    if not name or "+" in name or any(letter.isspace() or letter < " " for letter in name):
        raise Malformed(f"{place}: {name!r} cannot name a key: no space, no plus, not empty")
    return name


def _base64(text: str, place: str) -> bytes:
    """Decode standard base64 in its one canonical writing."""
    try:
        data = binascii.a2b_base64(text.encode("ascii"), strict_mode=True)
    except (binascii.Error, UnicodeEncodeError):
        raise Malformed(f"{place}: this is not base64") from None
    if b64encode(data).decode() != text:
        raise Malformed(f"{place}: base64 whose last character has bits that mean nothing")
    return data


def _names(signatures: Sequence[Signature]) -> str:
    """List the keys that signatures claim, for a message."""
    return ", ".join(f"{signature.name}+{signature.key_id.hex()}" for signature in signatures)
