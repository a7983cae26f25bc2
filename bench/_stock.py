"""Objects made up for measuring, the same in every run; nothing in them is real."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from uuid import UUID

from comity.stix.verdicts import Accepted

GREEN = "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"
MARKING = {"CLEAR": "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
           "GREEN": "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
           "AMBER": "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"}  # fmt: skip
"""The markings of TLP 2.0."""
DAY = datetime(2026, 3, 1, tzinfo=UTC)
SEED = 20261123
VOCABULARY = """the of a to in and by was is for with from on that this an at be as it or over via after seen host hosts
server domain address traffic beacon payload loader implant stage second first command control channel encrypted session
key
credential credentials phishing mail message attachment document macro script shell remote access tool trojan ransomware
family campaign actor group cluster activity victim victims sector energy finance health government ministry port ports
ship shipping airport bank hotel network perimeter gateway firewall proxy router scan scanning exploit exploited
vulnerability patched version update signed certificate expired registered registrar hosting provider abuse resolved
resolves passive record query queries sample hash file written registry task scheduled service installed persistence
lateral movement exfiltrated archive password protected observed reported partner confirmed likely unlikely possible low
medium high confidence since until between week month morning night office region islands regional national shared
investigation open closed analysis pending review detection rule matched false positive benign tested sinkholed blocked
taken down moved new old same other several few many one two three"""
_PROSE = 1 << 20  # characters of prose that descriptions are cut from


def indicators(count: int, size: int) -> Iterator[bytes]:
    """Make *count* indicators, each of *size* bytes as it is stored."""
    chance = random.Random(SEED)
    for number in range(count):
        one = _indicator(chance, number)
        one["description"] = _prose(chance, size - len(_bytes(one | {"description": ""})))
        yield _bytes(one)


def quick_indicator(chance: random.Random, tlp: str, size: int) -> Accepted:
    """Make an indicator as it is read, in a tenth of the time that making and reading one takes."""
    drawn = f"{chance.getrandbits(128):032x}"
    name = f"indicator--{drawn[:8]}-{drawn[8:12]}-4{drawn[13:16]}-8{drawn[17:20]}-{drawn[20:]}"
    moment = DAY + timedelta(milliseconds=chance.randrange(10_000_000_000))
    at = moment.isoformat(timespec="milliseconds")[:-6] + "Z"
    host = int(drawn[:8], 16)
    before = f'{{"created":"{at}","description":"'
    after = (f'","id":"{name}","indicator_types":["malicious-activity"],"modified":"{at}","name":"Beacon {host}",'
             f'"object_marking_refs":["{MARKING[tlp]}"],"pattern":"[domain-name:value = \'host{host}.example\']",'
             f'"pattern_type":"stix","spec_version":"2.1","type":"indicator","valid_from":"{at}"}}')  # fmt: skip
    body = (before + _prose(chance, size - len(before) - len(after)) + after).encode()
    return Accepted(name, "indicator", at, at, body, sha256(body).digest(), revoked=False, tlp=tlp,
                    markings=(MARKING[tlp],), granular=(), requires=(), mentions=frozenset(),
                    derived_from=frozenset(), derives=None, custom=(), deterministic=None,
                    instant=round(moment.timestamp() * 1_000_000), exercise=False)  # fmt: skip


@cache
def _text() -> str:
    """Make prose whose words are as unequally frequent as words are (the n-th at 1/n)."""
    chance = random.Random(SEED)
    words = VOCABULARY.split()
    weights = [1 / rank for rank in range(1, len(words) + 1)]
    return " ".join(chance.choices(words, weights, k=_PROSE // 4))


def _prose(chance: random.Random, length: int) -> str:
    start = chance.randrange(_PROSE - length)
    return _text()[start : start + length]


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
