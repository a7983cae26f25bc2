"""What is kept beside a leaf of the ledger, and how far a partner has been told of a collection by it."""

import msgspec

from comity.models import LedgerEntry

_CHUNK = 500


class Places(msgspec.Struct, array_like=True):
    """Places *place* … *place*+*count*-1 of a class, dated *date*, *date*+1, … (µs)."""

    handling: int
    place: int
    count: int
    date: int


class Kept(msgspec.Struct, omit_defaults=True):
    """What is kept beside a leaf. `altered` maps an object's number in the page to the digest of what was left of it.

    `versions` and `digests` are what entries from before keep instead of `places`.
    """

    kind: str = ""
    collection: int = 0
    places: list[Places] = []
    altered: dict[int, bytes] = {}
    versions: list[int] = []
    digests: bytes = b""


_decoder: msgspec.msgpack.Decoder[Kept] = msgspec.msgpack.Decoder(Kept)


def kept(items: bytes) -> Kept:
    """Read what is kept beside a leaf."""
    return _decoder.decode(items)


def read_to(party: str, collection: int, otherwise: int) -> int:
    """Return the latest date (µs) of any object that a party was ever told of in a collection, 0 when of none.

    *otherwise* where an entry from before keeps no dates.
    """
    latest = 0
    rows = LedgerEntry.objects.filter(log__party_id=party).exclude(items=b"").values_list("items", flat=True)
    for items in rows.iterator(_CHUNK):
        found = kept(bytes(items))
        if found.versions:
            return otherwise
        if found.collection == collection:
            latest = max(latest, *(run.date + run.count - 1 for run in found.places), 0)
    return latest
