"""What went with an entry of the ledger: kept beside its leaf as places of classes, read back as names and digests.

A page of a thousand objects is a few stretches of places, and what stands at a place never changes. So the digests that
an entry commits to are worked out again from the stock, which proves at once that the stock still holds what went.
Entries from before keep the versions' rows and the digests themselves.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from comity.acts import moments, segments
from comity.acts.kept import Kept, Places, kept
from comity.acts.pages import Page, Slice
from comity.ledger import entries
from comity.models import StoredVersion
from comity.stix.timestamps import version_at

_CHUNK = 500
_HASH = 32


class Went(NamedTuple):
    """One object as it went."""

    id: str
    version: str
    digest: bytes


def keep(kind: str, collection: int, page: Page) -> bytes:
    """Pack what is kept of a page that went as *kind* (`delivery`, `manifest` or `versions`)."""
    places: list[Places] = []
    altered: dict[int, bytes] = {}
    number = 0
    for one in page.slices:
        if one.altered:
            altered[number] = one.segment.digests_of(one.start, one.stop)
        if not (places and _follows(places[-1], one)):
            places.append(Places(one.handling, one.place, 0, one.date))
        places[-1].count += one.count
        number += one.count
    return msgspec.msgpack.encode(Kept(kind, collection, places, altered))


def _follows(last: Places, one: Slice) -> bool:
    here = (last.handling, last.place + last.count, last.date + last.count)
    return here == (one.handling, one.place, one.date)


def holds(found: Kept, version: int, places: Sequence[tuple[int, int, int]]) -> bool:
    """Tell whether a version went: *version* is its row, *places* where it stands as (collection, class, place)."""
    if version in found.versions:
        return True
    return any(
        collection == found.collection and run.handling == handling and run.place <= place < run.place + run.count
        for collection, handling, place in places for run in found.places
    )  # fmt: skip


def went(items: bytes) -> Iterator[Went]:
    """Yield the objects that went, in order, each with the digest that the entry commits to."""
    found = kept(items)
    if found.places:
        for number, one in enumerate(_placed(found)):
            digest = found.altered.get(number)
            yield one if digest is None or found.kind != "delivery" else one._replace(digest=digest)
        return
    for start in range(0, len(found.versions), _CHUNK):
        part = found.versions[start : start + _CHUNK]
        rows = StoredVersion.objects.filter(pk__in=part).values_list("id", "stix_id", "instant", "spelling")
        names = {pk: (stix_id, version_at(at, spelling)) for pk, stix_id, at, spelling in rows}
        for place, pk in enumerate(part, start):
            yield Went(*names[pk], found.digests[_HASH * place : _HASH * (place + 1)])


def digests(items: bytes) -> bytes:
    """Return the digests of the objects that went, joined in their order."""
    found = kept(items)
    if not found.places or found.altered or found.kind != "delivery":
        return found.digests if not found.places else b"".join(one.digest for one in went(items))
    return b"".join(
        piece.segment.digests_of(piece.start, piece.stop)
        for run in found.places
        for piece in segments.pieces(found.collection, run.handling, run.place, run.place + run.count)
    )


def _placed(found: Kept) -> Iterator[Went]:
    for run in found.places:
        date = run.date
        for piece in segments.pieces(found.collection, run.handling, run.place, run.place + run.count):
            for at in range(piece.start, piece.stop):
                name, version = piece.segment.name(at)
                digest = piece.segment.digests_of(at, at + 1)
                yield Went(name, version, digest_as(found.kind, date, name, version, digest))
                date += 1


def digest_as(kind: str, date: int, name: str, version: str, digest: bytes) -> bytes:
    """Return the digest that an entry of *kind* holds for an object with *digest*, dated *date*."""
    if kind == "delivery":
        return digest
    if kind == "versions":
        return entries.item_digest(msgspec.json.encode(version))
    return entries.item_digest(manifest_record(date, name, version))


def manifest_record(date: int, name: str, version: str) -> bytes:
    """Return a manifest record (TAXII 2.1 §5.3.1) as RFC 8785 JSON."""
    record = {
        "date_added": timestamp(date),
        "id": name,
        "media_type": "application/stix+json;version=2.1",
        "version": version,
    }
    return _encoder.encode(record)


_encoder = msgspec.json.Encoder(order="sorted")


def timestamp(at: int) -> str:
    """Write microseconds since 1970 as a TAXII timestamp: UTC, always six digits of fraction (§2)."""
    return moments.moment(at).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
