"""Objects made up for measuring, the same in every run; nothing in them is real."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

GREEN = "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"
DAY = datetime(2026, 3, 1, tzinfo=UTC)
SEED = 20261123


def indicators(count: int, size: int) -> Iterator[bytes]:
    """Make *count* indicators, each of *size* bytes as it is stored."""
    chance = random.Random(SEED)
    for number in range(count):
        one = _indicator(chance, number)
        one["description"] = "".join(
            chance.choices("abcdefghij klmno", k=size - len(_bytes(one | {"description": ""})))
        )
        yield _bytes(one)


def mixed(count: int) -> Iterator[bytes]:
    """Make *count* objects: of each five an indicator, malware, an address, and two relationships among them."""
    chance = random.Random(SEED)
    for number in range(0, count, 5):
        sign, code, address = _indicator(chance, number), _malware(chance, number), _address(chance, number)
        yield from map(_bytes, (sign, code, address))
        yield _bytes(_relationship(chance, sign, "indicates", code))
        yield _bytes(_relationship(chance, code, "communicates-with", address))


def _bytes(one: dict[str, object]) -> bytes:
    return json.dumps(one, separators=(",", ":"), sort_keys=True).encode()


def _new(chance: random.Random, kind: str) -> dict[str, object]:
    return {"type": kind, "spec_version": "2.1", "id": f"{kind}--{UUID(int=chance.getrandbits(128), version=4)}",
            "object_marking_refs": [GREEN]}  # fmt: skip


def _dated(chance: random.Random, kind: str) -> dict[str, object]:
    """Make an object of some moment of its own: stores that index versions are not to find all under one."""
    made = DAY + timedelta(milliseconds=chance.randrange(10_000_000_000))
    said = made.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return _new(chance, kind) | {"created": said, "modified": said}


def _indicator(chance: random.Random, number: int) -> dict[str, object]:
    one = _dated(chance, "indicator")
    return one | {
        "name": f"Beacon {number}", "indicator_types": ["malicious-activity"], "valid_from": one["created"],
        "pattern": f"[domain-name:value = 'host{number}.example']", "pattern_type": "stix",
    }  # fmt: skip


def _malware(chance: random.Random, number: int) -> dict[str, object]:
    return _dated(chance, "malware") | {"name": f"Family {number}", "is_family": True, "malware_types": ["backdoor"]}


def _address(chance: random.Random, number: int) -> dict[str, object]:
    return _new(chance, "ipv4-addr") | {"value": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}


def _relationship(
    chance: random.Random, source: dict[str, object], what: str, target: dict[str, object]
) -> dict[str, object]:
    return _dated(chance, "relationship") | {
        "relationship_type": what, "source_ref": source["id"], "target_ref": target["id"],
    }  # fmt: skip
