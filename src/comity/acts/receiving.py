"""Objects that a partner gives us over TAXII, and takes back."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec
from django.db import transaction

from comity.acts import commits, given, incoming, ledgers, moments, pages, recalls, sharing, sights
from comity.acts.pages import Item
from comity.acts.queries import Query
from comity.ledger import entries
from comity.models import Collection, Credential, Entry, Node, Submission
from comity.stix.objects import Accepted, Refused
from comity.stix.timestamps import instant

KEPT: Final = timedelta(days=7)
"""How long a status can be asked for; at least a day is owed (TAXII 2.1 §4.3)."""


def add(credential: Credential, collection: Collection, objects: Sequence[Accepted | Refused], now: datetime,
        request: str) -> bytes:  # fmt: skip
    """Store what is right of *objects* and return the status resource (TAXII 2.1 §4.3), readable by its sender only.

    What arrives is the sender's: it goes on to a third party only as the agreement it came under allows.
    """
    with commits.turn(), transaction.atomic():
        Node.objects.select_for_update().get()
        party = credential.party_id
        gift = incoming.Gift(party, credential.username, request, collection, incoming.under(party, now))
        failed = incoming.take_in(gift, objects, now).failed
        number = uuid.uuid4()
        status = msgspec.json.encode(_status(number, objects, failed, now))
        Submission.objects.filter(at__lt=moments.micros(now - KEPT)).delete()
        Submission.objects.create(uuid=number, credential=credential, body=status, at=moments.micros(now))  # fmt: skip
    return status


def _status(
    number: uuid.UUID, objects: Sequence[Accepted | Refused], failed: Mapping[int, str], now: datetime
) -> dict[str, object]:
    successes, failures = [], []
    for index, one in enumerate(objects):
        detail = {"id": one.id or "unknown", "version": _version(one, now)}
        if index in failed:
            failures.append({**detail, "message": str(failed[index])})
        else:
            successes.append(detail)
    status: dict[str, object] = {
        "id": str(number), "status": "complete", "request_timestamp": given.timestamp(moments.micros(now)),
        "total_count": len(objects), "success_count": len(successes), "failure_count": len(failures),
        "pending_count": 0,
    }  # fmt: skip
    return status | ({"successes": successes} if successes else {}) | ({"failures": failures} if failures else {})


def _version(one: Accepted | Refused, now: datetime) -> str:
    """Return the version as the object writes it; of an object without a readable one, the moment it came (§4.3.1)."""
    if isinstance(one, Accepted):
        return one.version
    written = one.version or ""
    try:
        instant(written)
    except ValueError:
        return given.timestamp(moments.micros(now))
    return written


def status(credential: Credential, number: uuid.UUID, now: datetime) -> bytes | None:
    """Return a status resource to the credential that made the submission, and to nobody else.

    Its age alone says how long: when an old one is dropped hangs on what others send, and may not be seen.
    """
    kept = Submission.objects.filter(uuid=number, credential=credential, at__gte=moments.micros(now - KEPT))
    found = kept.values_list("body", flat=True).first()
    return None if found is None else bytes(found)


class NotYours(Exception):
    """The object is there, but somebody else gave it: only its giver takes it back over TAXII."""


def withdraw(credential: Credential, collection: Collection, stix_id: str, versions: Sequence[str],
             now: datetime) -> bool:  # fmt: skip
    """Take back versions (all when none are named) of an object that this party gave; False when there is none."""
    with transaction.atomic():
        Node.objects.select_for_update().get()
        sight = sights.sight(credential.party_id, collection, now)
        query = Query(ids=frozenset({stix_id}), versions=("all",), limit=100_000)
        order = sorted(pages.page(sight, query).items(), key=lambda item: instant(item.version))
        chosen = [item for item in order if _chosen(item, order, versions)]
        if not chosen:
            return False
        here = {row for item in chosen for row in _versions_at(collection, item)}
        rows = Entry.objects.filter(version_id__in=here, collection=collection, deleted_at=None)
        own = _originators(rows.values_list("version__own__body", flat=True))
        if own != {credential.party_id}:
            raise NotYours(stix_id)
        taken = moments.take(now)
        rows.update(deleted_at=taken.at)
        sharing.let_go(collection, {stix_id}, credential.username, taken)
        _record_withdrawal(credential, [item.digest for item in chosen], now)
        recalls.after_withdrawal(credential.party_id, stix_id, sorted(here), credential.username, now)
    return True


def _versions_at(collection: Collection, item: Item) -> Iterable[int]:
    here = Entry.objects.filter(collection=collection, handling_id=item.handling, ordinal=item.place)
    return here.values_list("version_id", flat=True)


def _record_withdrawal(credential: Credential, digests: Sequence[bytes], now: datetime) -> None:
    log = ledgers.log_of(credential.party_id)
    ledgers.append(log, lambda index: entries.Recall(
        v=1, log=log.origin, index=index, at=entries.moment(now), recall=str(uuid.uuid4()), step="tombstone",
        reason="its giver took it back", count=len(digests), items=entries.items_hash(digests)))  # fmt: skip


def _originators(bodies: Iterable[str]) -> set[str]:
    """Return the originators named in handling classes' stored form."""
    return {msgspec.json.decode(body)["originator"] for body in bodies}


def _chosen(item: Item, order: Sequence[Item], versions: Sequence[str]) -> bool:
    if not versions or tuple(versions) == ("all",):
        return True
    exact = {instant(text) for text in versions if text not in {"first", "last"}}
    return (
        instant(item.version) in exact
        or ("first" in versions and item == order[0])
        or ("last" in versions and item == order[-1])
    )
