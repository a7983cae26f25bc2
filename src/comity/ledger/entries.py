"""What a leaf says: the entries of a recipient's log and of the master log, and the bytes they are hashed as.

A leaf's data is its entry as canonical JSON (see `canonical`), so a person reads it and any tool hashes it. Each kind
has its own fields, and an unknown field, an unknown kind or another way of writing is refused.

**What the recipient can recompute.** Each item delivered is hashed as SHA-256 over its RFC 8785 bytes, which are the
bytes that were served. `items` is SHA-256 over those 32-byte digests joined in the order of delivery: flat, because a
page is checked as a whole, and cheap enough to be made for every page. `names` binds what the bytes alone do not show
to a reader of the receipt: SHA-256 over the lines `id version`, so that a receipt can list them without the objects.

**What no entry holds**: a number that counts anything beyond this one log. A recipient learns from its log what it was
given, and nothing of what others were.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from enum import Enum
from hashlib import sha256
from itertools import groupby
from typing import Annotated, Literal, NamedTuple

import msgspec

from comity.ledger import canonical
from comity.ledger.errors import Malformed
from comity.ledger.tree import HASH_BYTES

Count = Annotated[int, msgspec.Meta(ge=0, le=canonical.LARGEST)]
Length = Annotated[int, msgspec.Meta(ge=1, le=canonical.LARGEST)]
Runs = tuple[tuple[Count, Length], ...]  # a ground's place, and for how many items in a row it holds
HexHash = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
Moment = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z\Z")]
KeyStep = Literal["active", "retired"]
Day = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d\d-\d\d\Z")]


class Kind(Enum):
    """What an entry records. All but `HEAD` stand in a recipient's log; `HEAD` stands in the master log only."""

    DELIVERY = "delivery"
    """Objects went to the recipient: a page of TAXII objects, or one object."""
    MANIFEST = "manifest"
    """Manifest records went: the recipient learned of ids, versions and dates, not of contents."""
    VERSIONS = "versions"
    """A list of an object's versions went."""
    REFUSAL = "refusal"
    """The recipient was told no, of something it knows of: a write, a consent it asked for. Never of what is withheld
    in silence."""
    RECALL = "recall"
    """What was delivered is asked back; also its acknowledgement, the word that it is done, the tombstone."""
    CONSENT = "consent"
    """A consent under an agreement was given, refused or withdrawn."""
    POLICY = "policy"
    """An agreement to which the recipient is party was adopted or changed, or an event of its life was recorded."""
    KEY = "key"
    """The key that signs this log came into use or was retired."""
    RECEIVED = "received"
    """What the recipient gave us, and under what."""
    MESSAGE = "message"
    """One side said something to the other: a notice of recall, a question, a request, an answer."""
    HEAD = "head"
    """The head of one recipient's log, anchored in the private master log."""


class ItemRow(msgspec.Struct, frozen=True, array_like=True):
    """One item of a page: the object's id, its version (as TAXII gives it), its digest, its place in `grounds`."""

    id: str
    version: str
    digest: bytes
    ground: int = 0

    def __post_init__(self) -> None:
        """Refuse a digest that is none."""
        if len(self.digest) != HASH_BYTES:
            raise Malformed(f"item {self.id}: a digest of {len(self.digest)} bytes where SHA-256 has {HASH_BYTES}")


class Ground(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """On which clause of which agreement how many of a page's items went. Public material has the clause `public`."""

    agreement: str
    clause: str
    count: Count


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The head of another log, as the master log anchors it."""

    log: str
    size: Count
    root: HexHash


class _Entry(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="kind"
):
    """What every entry says: the form's version, the log's origin, the entry's index in it, the moment (UTC)."""

    v: Literal[1]
    log: str
    index: Count
    at: Moment


class _Answer(_Entry, frozen=True, kw_only=True):
    """What went in answer to a request: who asked what, what went, on which grounds.

    `by_item` is present when a page has more than one ground: pairs of a ground's place in `grounds` and for how many
    items in a row it holds, so that each item's own ground is under the signature too.
    """

    credential: str
    request: str
    collection: str
    count: Count
    items: HexHash
    grounds: tuple[Ground, ...]
    by_item: Runs = ()
    names: HexHash | Literal[""] = ""

    def __post_init__(self) -> None:
        """Refuse counts that contradict one another."""
        if self.by_item:
            _agreeing(self.grounds, self.by_item, self.count)


class Delivery(_Answer, frozen=True, kw_only=True, tag="delivery"):
    """Objects that went."""


class Manifest(_Answer, frozen=True, kw_only=True, tag="manifest"):
    """Manifest records that went; an item's digest is over the record's RFC 8785 bytes."""


class Versions(_Answer, frozen=True, kw_only=True, tag="versions"):
    """Versions that were listed; an item's digest is over the version, written as in the answer."""


class Received(_Answer, frozen=True, kw_only=True, tag="received"):
    """Objects that the recipient gave us; `request` names how, `grounds` under what."""


class Refusal(_Entry, frozen=True, kw_only=True, tag="refusal"):
    """A spoken no, with the reason in the words that were given."""

    credential: str
    request: str
    reason: str
    collection: str = ""


class Recall(_Entry, frozen=True, kw_only=True, tag="recall"):
    """A step in taking something back; `items` is over the digests of the versions recalled."""

    recall: str
    step: Literal["issued", "acknowledged", "deleted", "tombstone"]
    reason: str
    count: Count
    items: HexHash
    names: HexHash | Literal[""] = ""


class Consent(_Entry, frozen=True, kw_only=True, tag="consent"):
    """A consent under a clause; `subject` names what it is for."""

    consent: str
    step: Literal["asked", "given", "refused", "withdrawn"]
    agreement: str
    clause: str
    subject: str


class Policy(_Entry, frozen=True, kw_only=True, tag="policy"):
    """A change in what binds the two sides; `document` is SHA-256 over the agreement's text as adopted."""

    agreement: str
    event: str
    effective_on: Day
    document: HexHash


class Key(_Entry, frozen=True, kw_only=True, tag="key"):
    """A change of the key that signs this log; `verifier` is the key's line as whoever verifies lists it."""

    step: KeyStep
    verifier: str


class Said(_Entry, frozen=True, kw_only=True, tag="message"):
    """A message that went or came: its UUID, what it is, which it answers, by which road, and its bytes' SHA-256."""

    message: str
    about: str
    step: Literal["sent", "received"]
    road: Literal["exchange", "mail", "paper", "hand", "telephone"]
    document: HexHash
    agreement: str = ""
    in_reply_to: str = ""


class Anchor(_Entry, frozen=True, kw_only=True, tag="head"):
    """Another log's head, anchored in the master log."""

    head: Head


Answer = Delivery | Manifest | Versions | Received
Paged = Answer | Recall  # what counts items and commits to their digests
Entry = Delivery | Manifest | Versions | Refusal | Recall | Consent | Policy | Key | Received | Said | Anchor

_decoder: msgspec.json.Decoder[Entry] = msgspec.json.Decoder(Entry)


def encode(entry: Entry) -> bytes:
    """Write an entry as the data of its leaf."""
    canonical.plain(msgspec.to_builtins(entry), "entry")
    return canonical.encode(entry)


class Form(NamedTuple):
    """An entry's leaf but for its moment and its index, for entries that differ in nothing else."""

    before: bytes
    between: bytes
    after: bytes

    def leaf(self, at: str, index: int) -> bytes:
        """Write the leaf for a moment (as `moment` writes it) and an index."""
        return b'%b"at":"%b"%b"index":%d%b' % (self.before, at.encode(), self.between, index, self.after)


def form(entry: Entry) -> Form:
    """Return the form of an entry, its own moment and index left out."""
    leaf = encode(entry)
    at, index = f'"at":"{entry.at}"'.encode(), f'"index":{entry.index}'.encode()
    start = leaf.index(at)  # a quotation mark inside a text is escaped, so neither can be found in one
    place = leaf.index(b"," + index + b",") + 1
    return Form(leaf[:start], leaf[start + len(at) : place], leaf[place + len(index) :])


def decode(data: bytes) -> Entry:
    """Read a leaf's data; `Malformed` names the place unless it is an entry in its one form."""
    entry = canonical.decode(data, _decoder, "entry")
    canonical.plain(msgspec.to_builtins(entry), "entry")
    return entry


def kind_of(entry: Entry) -> Kind:
    """Give an entry's kind."""
    return Kind(entry.__struct_config__.tag)


def moment(at: datetime) -> str:
    """Write a moment as entries do: UTC, always six decimals; a moment without a zone is refused."""
    if at.tzinfo is None:
        raise Malformed(f"at: {at.isoformat()} has no time zone")
    utc = at.astimezone(UTC)
    told = (utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second, utc.microsecond)
    return "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ" % told  # noqa: UP031 - isoformat takes twice as long, and each page waits


def item_digest(served: bytes) -> bytes:
    """Hash one item, given its RFC 8785 bytes."""
    return sha256(served).digest()


def grounds_in_runs(
    runs: Iterable[tuple[tuple[str, str], int]],
) -> tuple[tuple[Ground, ...], Runs]:
    """Give an entry's `grounds` and `by_item`, given for how many items in a row each (agreement, clause) holds."""
    places: dict[tuple[str, str], int] = {}
    counts: list[int] = []
    merged: list[tuple[int, int]] = []
    for clause, count in runs:
        place = places.setdefault(clause, len(places))
        counts += [0] if place == len(counts) else []
        counts[place] += count
        if merged and merged[-1][0] == place:
            merged[-1] = (place, merged[-1][1] + count)
        else:
            merged.append((place, count))
    grounds = tuple(Ground(*clause, counts[place]) for clause, place in places.items())
    return grounds, tuple(merged) if len(grounds) > 1 else ()


def items_hash(digests: Iterable[bytes]) -> str:
    """Hash a page: SHA-256, in hex, over its items' digests joined in the order of delivery."""
    return sha256(b"".join(digests)).hexdigest()


def names_hash(names: Iterable[tuple[str, str]]) -> str:
    """Hash the (id, version) of a page's items: SHA-256, in hex, over the lines `id version` in the order of delivery.

    A space or a newline inside either would let two lists share one hash; ids and TAXII versions hold neither, and a
    receipt that lists others is refused (see `nameable`).
    """
    return sha256("".join([f"{name} {version}\n" for name, version in names]).encode()).hexdigest()


def nameable(part: str) -> bool:
    """Say whether an id or a version can stand in the lines that `names_hash` hashes."""
    return bool(part) and " " not in part and "\n" not in part


def grounds_of(rows: Sequence[ItemRow], clauses: Sequence[tuple[str, str]]) -> tuple[tuple[Ground, ...], Runs]:
    """Give an entry's `grounds` and `by_item`, given each (agreement, clause) that the rows' `ground` points to."""
    counts = [0] * len(clauses)
    for row in rows:
        counts[row.ground] += 1
    used = [place for place, count in enumerate(counts) if count]
    grounds = tuple(Ground(*clauses[place], counts[place]) for place in used)
    if len(used) < 2:  # noqa: PLR2004 - one ground needs no telling apart
        return grounds, ()
    renumbered = {place: number for number, place in enumerate(used)}
    runs = groupby(renumbered[row.ground] for row in rows)
    return grounds, tuple((ground, sum(1 for _ in run)) for ground, run in runs)


def _agreeing(grounds: Sequence[Ground], by_item: Sequence[tuple[int, int]], count: int) -> None:
    """Refuse runs that name no ground, or that do not add up to what the grounds and the page count."""
    totals = [0] * len(grounds)
    for ground, length in by_item:
        if ground >= len(grounds):
            raise Malformed(f"by_item: there is no ground {ground} among {len(grounds)}")
        totals[ground] += length
    if totals != [ground.count for ground in grounds] or sum(totals) != count:
        raise Malformed(f"by_item: runs of {totals} items do not match the grounds' counts and the page's {count}")
