"""Objects that a partner gives us over TAXII, and takes back."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from comity.acts import given, law, ledgers, moments, pages, sharing, sights
from comity.acts.pages import Item
from comity.acts.queries import Query
from comity.ledger import entries
from comity.models import Collection, Credential, Entry, Node, Submission
from comity.policy.handling import Terms
from comity.policy.markings import Tlp
from comity.policy.release import Court, Moment
from comity.policy.standing import State
from comity.stix.objects import Accepted, Refused
from comity.stix.timestamps import instant

_CHUNK = 500


def _under(party: str, us: str, now: datetime) -> tuple[str, str] | None:
    """Return the agreement in force under which *party* gives to us: the first adopted that binds both."""
    facts = law.facts()
    court = Court(facts, Moment(now))
    live = {State.IN_FORCE, State.PROVISIONAL}
    for adopted in map(court.at, facts.adopted):
        if {party, us} <= {p.code for p in adopted.agreement.parties} and all(
            court.standing(adopted, code).state in live for code in (party, us)
        ):
            return adopted.slug, ""
    return None


def add(credential: Credential, collection: Collection, objects: Sequence[Accepted | Refused], now: datetime,
        request: str) -> bytes:  # fmt: skip
    """Store what is right of *objects* and return the status resource (TAXII 2.1 §4.3), readable by its sender only.

    What arrives is the sender's: it goes on to a third party only as the agreement it came under allows.
    """
    with transaction.atomic():
        node = Node.objects.select_for_update().get()
        terms = Terms(unmarked_as=Tlp.read(node.unmarked_as), originator=credential.party_id,
                      purpose=collection.purpose, exercise=collection.exercise,
                      received_under=_under(credential.party_id, node.party_id, now))  # fmt: skip
        good = [one for one in objects if isinstance(one, Accepted)]
        outcome = sharing.accept(collection, good, terms, credential.username, now)
        failed = {id(good[index]): why for index, why in outcome.refused}
        failed |= _taken_back(collection, [good[index] for index in outcome.known])
        stored = [good[index] for index in outcome.stored]
        if stored:
            _record(credential, collection, stored, now, request)
        number = uuid.uuid4()
        status = _status(number, objects, failed, now)
        Submission.objects.create(uuid=number, credential=credential, body=msgspec.json.encode(status),
                                  at=moments.micros(now))  # fmt: skip
    return msgspec.json.encode(status)


def _taken_back(collection: Collection, known: Sequence[Accepted]) -> dict[int, str]:
    """Return why repetitions of withdrawn versions fail, by object: a version that was taken back stays away.

    One that only went on to another class, or waits for what it refers to, has left an entry as well, and stands.
    """
    ids = sorted({one.id for one in known})
    standing: dict[tuple[str, str], bool] = {}
    for start in range(0, len(ids), _CHUNK):
        rows = Entry.objects.filter(collection=collection, version__stix_id__in=ids[start : start + _CHUNK])
        named = rows.values_list("version__stix_id", "version__version", "deleted_at", "version__waits")
        for stix_id, version, deleted, waits in named:
            standing[stix_id, version] = standing.get((stix_id, version), False) or deleted is None or waits
    gone = {pair for pair, stands in standing.items() if not stands}
    why = "version {} was taken back and does not return; give the object a later `modified`, or a new id"
    return {id(one): f"{one.id}: " + why.format(one.version) for one in known if (one.id, one.version) in gone}


def _record(credential: Credential, collection: Collection, stored: Sequence[Accepted], now: datetime,
            request: str) -> None:  # fmt: skip
    log = ledgers.log_of(credential.party_id)
    ledgers.append(log, lambda index: entries.Received(
        v=1, log=log.origin, index=index, at=entries.moment(now), credential=credential.username, request=request,
        collection=str(collection.uuid), count=len(stored),
        items=entries.items_hash(one.digest for one in stored), grounds=()))  # fmt: skip


def _status(
    number: uuid.UUID, objects: Sequence[Accepted | Refused], failed: dict[int, str], now: datetime
) -> dict[str, object]:
    successes, failures = [], []
    for one in objects:
        detail = {"id": one.id or "unknown", "version": _version(one, now)}
        if isinstance(one, Refused):
            failures.append({**detail, "message": " ".join(f"{f.path}: {f.says} {f.mend}" for f in one.faults)})
        elif id(one) in failed:
            failures.append({**detail, "message": failed[id(one)]})
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
    written = one.version or ""
    try:
        instant(written)
    except ValueError:
        return given.timestamp(moments.micros(now))
    return written


def status(credential: Credential, number: uuid.UUID) -> bytes | None:
    """Return a status resource to the credential that made the submission, and to nobody else."""
    found = Submission.objects.filter(uuid=number, credential=credential).values_list("body", flat=True).first()
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
