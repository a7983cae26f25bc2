"""Messages between two nodes: what one side asks, tells or answers, as an object of STIX that its log's key signs.

A message is an object of our own type, `x-comity-message` (STIX 2.1 §7.3, extension `new-sdo`), so that any TAXII
client carries it. It is written in the ledger's canonical form; what is signed is a note

    comity-message/1
    <SHA-256, in hex, of the object without its signature>

under the name of the sender's log for the receiver, `comity/SENDER/RECEIVER`: the key that the receiver was handed with
its credential. No head of a log begins with that first line, so a signature of one is never one of the other.

Ids of other objects stand in texts `id version`, never alone: whoever stores a message would take an id that is alone
for a reference, and cut it out where the object is not there.
"""

from base64 import b64encode
from binascii import Error as NotBase64
from binascii import a2b_base64
from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Final

import msgspec

from comity.ledger import canonical, notes
from comity.ledger.errors import BadSignature, LedgerError, Malformed

TYPE: Final = "x-comity-message"
EXTENSION: Final = "extension-definition--6f6c2f0e-1c2b-4a55-9d0a-7b1f0c4e8a21"
RED: Final = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"
_FORM: Final = "comity-message/1"
Said = str | int | list[str]
Code = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9-]{2,16}\Z")]
Uuid = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")]
MOST_BYTES: Final = 4_000_000


class Kind(StrEnum):
    """What a message is. Each kind says what `says` must hold, in `NEEDED`."""

    RECALL = "recall"
    """Versions that the receiver was given are asked back."""
    ACKNOWLEDGEMENT = "acknowledgement"
    """The message that it answers has been read by somebody who answers for it."""
    DELETED = "deleted"
    """What a recall asked for is done."""
    QUESTION = "consent-question"
    ANSWER = "consent-answer"
    REQUEST = "request"
    ACCEPTED = "request-accepted"
    REFUSED = "request-refused"
    ANSWERED = "request-answered"
    LIMITS_PUT = "limits-put"
    """On which limits of use an answer would be given."""
    LIMITS = "limits-accepted"
    """The limits on use under which an answer is given are accepted."""
    WITHDRAWN = "request-withdrawn"
    MATCH_OFFER = "match-offer"
    MATCH_ANSWER = "match-answer"
    MATCH_CLOSING = "match-closing"
    MATCH_REFUSED = "match-refused"
    ACCOUNT = "account"
    """What one side counts as given and as received, under its checkpoint."""
    INJECT = "exercise-inject"
    """What an exercise puts to a team of the receiver's. Nothing in it is real."""
    CLOCK = "exercise-clock"
    """What whoever leads an exercise did with its clock."""
    VERDICTS = "exercise-verdicts"
    """What one side says of what was expected in an exercise."""


NEEDED: Final[Mapping[Kind, frozenset[str]]] = {
    Kind.RECALL: frozenset({"recall", "what_to_do", "reason", "versions"}),
    Kind.QUESTION: frozenset({"third_party", "scope", "reason"}),
    Kind.ANSWER: frozenset({"answer"}),
    Kind.REQUEST: frozenset({"subject", "about", "urgency"}),
    Kind.REFUSED: frozenset({"reason"}),
    Kind.ANSWERED: frozenset({"answer"}),
    Kind.LIMITS_PUT: frozenset({"limits"}),
    Kind.MATCH_OFFER: frozenset({"mode", "kinds", "points"}),
    Kind.MATCH_ANSWER: frozenset({"both", "points"}),
    Kind.MATCH_CLOSING: frozenset({"both"}),
    Kind.MATCH_REFUSED: frozenset({"reason"}),
    Kind.ACCOUNT: frozenset({"year", "checkpoint"}),
    Kind.INJECT: frozenset({"exercise", "inject", "title", "text", "tlp"}),
    Kind.CLOCK: frozenset({"exercise", "move"}),
    Kind.VERDICTS: frozenset({"exercise", "digest", "verdicts"}),
}


class Message(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One message as the object that travels. `in_reply_to` is the UUID of the message that it answers."""

    type: str = msgspec.field(default=TYPE)
    spec_version: str
    id: str
    created: str
    modified: str
    object_marking_refs: list[str]
    extensions: dict[str, dict[str, str]]
    message: Kind
    sender: Code
    receiver: Code
    says: dict[str, Said]
    agreement: str = ""
    clause: str = ""
    in_reply_to: Uuid | str = ""
    signature: str = ""

    @property
    def uuid(self) -> str:
        """Give the UUID in its id."""
        return self.id.removeprefix(f"{TYPE}--")

    def text(self, name: str) -> str:
        """Give what is said under a name, as text; empty where nothing is."""
        found = self.says.get(name, "")
        return "\n".join(found) if isinstance(found, list) else str(found)

    def lines(self, name: str) -> list[str]:
        """Give what is said under a name, as a list."""
        found = self.says.get(name, [])
        return list(found) if isinstance(found, list) else [str(found)]


_decoder: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)


def draft(  # noqa: PLR0913, PLR0917 (all that makes a message)
    kind: Kind, uuid: str, at: str, sender: str, receiver: str, says: Mapping[str, Said], agreement: str = "",
    clause: str = "", in_reply_to: str = "",
) -> Message:  # fmt: skip
    """Make a message that is not signed yet; *at* is a STIX timestamp."""
    made = Message(
        type=TYPE, spec_version="2.1", id=f"{TYPE}--{uuid}", created=at, modified=at, object_marking_refs=[RED],
        extensions={EXTENSION: {"extension_type": "new-sdo"}}, message=kind, sender=sender, receiver=receiver,
        says={name: _in_lines(said) for name, said in says.items()}, agreement=agreement, clause=clause,
        in_reply_to=in_reply_to,
    )  # fmt: skip
    _sound(made)
    return made


def _in_lines(said: Said) -> Said:
    """Give a text of several lines as a list of its lines: the canonical form has no control characters."""
    if not isinstance(said, str):
        return said
    lines = said.replace("\r\n", "\n").replace("\t", " ").split("\n")
    return lines if len(lines) > 1 else lines[0]


def log_name(sender: str, receiver: str) -> str:
    """Name the log, and with it the key, under which *sender* signs what it sends to *receiver*."""
    return f"comity/{sender}/{receiver}"


def encode(message: Message) -> bytes:
    """Write a message as the object that travels: canonical JSON, its type included."""
    value = {"type": TYPE, **msgspec.to_builtins(message)}
    canonical.plain(value, "message")
    return canonical.encode(value)


def decode(data: bytes) -> Message:
    """Read a message; `Malformed` names what is wrong. Whether it is signed by whom is another question."""
    if len(data) > MOST_BYTES:
        raise Malformed(f"message: {len(data)} bytes are more than any message has")
    try:
        found = _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"message: {error}") from None
    canonical.plain(msgspec.to_builtins(found), "message")
    _sound(found)
    return found


def _sound(found: Message) -> None:
    """Refuse what the form alone does not."""
    if found.type != TYPE or not found.id.startswith(f"{TYPE}--"):
        raise Malformed(f"message: its type is {TYPE} and its id begins with it")
    missing = sorted(NEEDED.get(found.message, frozenset()) - found.says.keys())
    if missing:
        raise Malformed(f"message {found.uuid}: a {found.message} says {', '.join(missing)} too")
    if found.sender == found.receiver:
        raise Malformed(f"message {found.uuid}: {found.sender} writes to itself")


def signed_text(message: Message) -> str:
    """Give the text that is signed: it fixes every byte of the message but the signature itself."""
    bare = msgspec.structs.replace(message, signature="")
    return f"{_FORM}\n{sha256(encode(bare)).hexdigest()}\n"


def sign(message: Message, public: bytes, sign: notes.Sign) -> Message:
    """Sign a message under the name of its sender's log for its receiver."""
    verifier = notes.Verifier(log_name(message.sender, message.receiver), public)
    value = verifier.key_id + sign(signed_text(message).encode())
    return msgspec.structs.replace(message, signature=b64encode(value).decode())


def signed_by(message: Message, ring: notes.Keyring, verify: notes.VerifySignature) -> notes.Verifier | None:
    """Give the known key that signed a message; None where it is unsigned or by a key that is not known.

    `BadSignature` when it claims a known key and does not verify: it was changed on the way, or forged.
    """
    if not message.signature:
        return None
    try:
        value = a2b_base64(message.signature.encode("ascii"), strict_mode=True)
    except (NotBase64, UnicodeEncodeError):
        raise BadSignature(f"message {message.uuid}: its signature is not base64") from None
    known = ring.get((log_name(message.sender, message.receiver), value[: notes.KEY_ID_BYTES]))
    if known is None:
        return None
    if not verify(known.public, signed_text(message).encode(), value[notes.KEY_ID_BYTES :]):
        raise BadSignature(f"message {message.uuid}: the signature by {known.name} does not verify: it was changed")
    return known


def is_message(stix_type: str) -> bool:
    """Tell whether an object of a type is a message, and so for one receiver alone."""
    return stix_type == TYPE


__all__ = ["EXTENSION", "TYPE", "Kind", "LedgerError", "Message", "decode", "draft", "encode", "is_message", "sign",
           "signed_by"]  # fmt: skip
