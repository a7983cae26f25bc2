"""A stock of objects like a threat library's: of many types, joined to one another, marked at every level.

Made from a seed. Nothing in here knows what may go to whom.
"""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from tests.journeys.world import MARKING, START, stamp, stix_id

Object = dict[str, Any]

LABELS = ("CLEAR", "GREEN", "GREEN", "AMBER", "AMBER", "AMBER+STRICT", "RED")
COUNTS = {
    "identity": 20, "attack-pattern": 430, "malware": 150, "tool": 100, "intrusion-set": 80, "course-of-action": 120,
    "vulnerability": 60, "indicator": 300,
}  # fmt: skip
RELATIONSHIPS, SIGHTINGS, REPORTS, NOTES, NEWER = 460, 60, 100, 60, 60
_OWN: dict[str, Object] = {
    "malware": {"is_family": True},
    "indicator": {"pattern": "[domain-name:value = 'a.example']", "pattern_type": "stix", "valid_from": stamp(START)},
}


def made(size: float = 1.0, seed: int = 7) -> list[Object]:
    """Make about 2,000 × *size* objects, those that others refer to first; later versions at the end."""
    chance = random.Random(seed)
    plain = [_plain(chance, kind, n) for kind, count in COUNTS.items() for n in range(_of(count, size))]
    ids = [one["id"] for one in plain]
    joins = [
        _joining(chance, "relationship", n, relationship_type="related-to", source_ref=chance.choice(ids),
                 target_ref=chance.choice(ids)) for n in range(_of(RELATIONSHIPS, size))
    ]  # fmt: skip
    sightings = [
        _joining(chance, "sighting", n, sighting_of_ref=chance.choice(ids),
                 where_sighted_refs=chance.sample(ids[: _of(20, size)], 2)) for n in range(_of(SIGHTINGS, size))
    ]  # fmt: skip
    ids += [one["id"] for one in joins]
    reports = [
        _joining(chance, "report", n, name=f"Report {n}", published=stamp(START), object_refs=chance.sample(ids, 4))
        for n in range(_of(REPORTS, size))
    ]
    ids = [one["id"] for one in reports]
    notes = [
        _joining(chance, "note", n, content=f"Note {n}", object_refs=chance.sample(ids, 2))
        for n in range(_of(NOTES, size))
    ]
    newer = [_newer(chance, one) for one in chance.sample(plain, _of(NEWER, size))]
    return [*plain, *joins, *sightings, *reports, *notes, *newer]


def _of(count: int, size: float) -> int:
    return max(round(count * size), 4)


def _plain(chance: random.Random, kind: str, n: int) -> Object:
    found = _joining(chance, kind, n, **({} if kind == "indicator" else {"name": f"{kind} {n}"}), **_OWN.get(kind, {}))
    return {**found, **_partly_marked(chance, kind)}


def _joining(chance: random.Random, kind: str, n: int, **own: object) -> Object:
    made_by = {"created_by_ref": stix_id("identity", f"stock {n % 20}")} if chance.random() < 0.3 and n else {}
    return {
        "type": kind, "spec_version": "2.1", "id": stix_id(kind, f"stock {n}"), "created": stamp(START),
        "modified": stamp(START), "object_marking_refs": [MARKING[chance.choice(LABELS)]],
        **(made_by if kind != "identity" else {}), **own,
    }  # fmt: skip


def _partly_marked(chance: random.Random, kind: str) -> Object:
    """Mark a part more strictly than the whole: one that can be taken out, or one that cannot."""
    if chance.random() > 0.1:
        return {}
    part = "pattern" if kind == "indicator" and chance.random() < 0.5 else "description"
    label = MARKING[chance.choice(("AMBER", "RED"))]
    marked: Object = {"granular_markings": [{"marking_ref": label, "selectors": [part]}]}
    return marked if part == "pattern" else {**marked, "description": "In other words."}


def _newer(chance: random.Random, one: Object) -> Object:
    """Make a later version under another label."""
    marking = MARKING[chance.choice([label for label in LABELS if MARKING[label] not in one["object_marking_refs"]])]
    return {**one, "modified": stamp(START + timedelta(days=1)), "object_marking_refs": [marking]}


def dealt(objects: list[Object], batches: int, seed: int = 11) -> Iterator[list[Object]]:
    """Deal objects out in batches in any order, so that what is referred to often comes late."""
    shuffled = random.Random(seed).sample(objects, len(objects))
    size = -(-len(shuffled) // batches)
    yield from (shuffled[start : start + size] for start in range(0, len(shuffled), size))
