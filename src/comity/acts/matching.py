"""Matching what was received over one's own logs, and sightings of it to send back (STIX 2.1 §5.2)."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
from django.db.models import Min

from comity.acts import segments
from comity.models import Collection, Node, StoredVersion, of_types
from comity.stix.patterns import indicators
from comity.stix.patterns.indicators import Indicator

_NAMESPACE = uuid.UUID("5b0f9f0e-6b1d-5c55-9a0c-0d6f4f1f3c3e")
"""Of the identities that this software makes for a node's own party."""
_MOST = 999_999_999
"""The greatest count of a sighting (§5.2.1)."""
_CHUNK = 1_000
_MILLISECOND = 1_000
_SECOND = 1_000_000


@dataclass(slots=True)
class Sighted:
    """How often an indicator was seen, first and last, in microseconds."""

    first: int
    last: int
    count: int = 1

    def again(self, first: int, last: int) -> None:
        """Count one more time."""
        self.first, self.last, self.count = min(self.first, first), max(self.last, last), self.count + 1


def stored(name: str | None) -> tuple[list[Indicator], list[str]]:
    """Return the indicators of a collection, by alias or id, or of all collections of real material.

    LookupError where there is no such collection. Only the latest version of each counts.
    """
    every = list(Collection.objects.all())
    chosen = [one for one in every if (not one.exercise if name is None else name in {one.alias, str(one.uuid)})]
    if name is not None and not chosen:
        known = ", ".join(one.alias for one in every)
        raise LookupError(f"there is no collection “{name}” here; the collections are {known or 'none yet'}")
    rows = StoredVersion.objects.filter(of_types("indicator"), collection__in=chosen).order_by("id")
    return indicators.of_objects(bodies(list(rows.values_list("pk", flat=True))))


def bodies(versions: Sequence[int]) -> Iterable[Mapping[str, object]]:
    """Yield stored objects, by their versions' rows, some at a time."""
    for start in range(0, len(versions), _CHUNK):
        part = versions[start : start + _CHUNK]
        waiting = StoredVersion.objects.filter(pk__in=part, waits=True).values_list("pk", "body")
        found = {pk: bytes(body) for pk, body in waiting}
        found |= segments.bodies([pk for pk in part if pk not in found])
        for pk in part:
            yield msgspec.json.decode(found[pk], type=dict[str, object])


def sightings(sighted: Mapping[str, Sighted], now: datetime) -> list[dict[str, object]]:
    """Return the identity of this node's party, and its sighting of each indicator, as STIX objects."""
    party = Node.objects.select_related("party").get().party
    began = Collection.objects.aggregate(first=Min("created_at"))["first"]
    made = timestamp(began) if began is not None else timestamp(_micros(now))
    identity = f"identity--{uuid.uuid5(_NAMESPACE, f'{party.code} {party.name}')}"
    objects: list[dict[str, object]] = [
        {"type": "identity", "spec_version": "2.1", "id": identity, "created": made, "modified": made,
         "name": party.name, "identity_class": "organization"}
    ]  # fmt: skip
    at = timestamp(_micros(now))
    for indicator, seen in sorted(sighted.items()):
        objects.append({
            "type": "sighting", "spec_version": "2.1", "id": f"sighting--{uuid.uuid4()}", "created_by_ref": identity,
            "created": at, "modified": at, "first_seen": timestamp(seen.first), "last_seen": timestamp(seen.last),
            "count": min(seen.count, _MOST), "sighting_of_ref": indicator, "where_sighted_refs": [identity],
        })  # fmt: skip
    return objects


def bundle(objects: Sequence[Mapping[str, object]]) -> bytes:
    """Write objects as a bundle."""
    whole = {"type": "bundle", "id": f"bundle--{uuid.uuid4()}", "objects": objects}
    return msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n"


def _micros(at: datetime) -> int:
    return int(at.timestamp()) * _SECOND + at.microsecond


def timestamp(micros: int) -> str:
    """Write a moment to the millisecond; what is finer is cut off."""
    at = datetime.fromtimestamp(micros // _SECOND, UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{micros % _SECOND // _MILLISECOND:03}Z"
