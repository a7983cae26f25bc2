"""A small world for the journeys: three agreements, a collection, and partners who ask over TAXII."""

import base64
import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from comity.acts import agreements, credentials, law, sharing
from comity.models import Collection, Node, Party
from comity.policy.handling import Terms
from comity.policy.life_events import EventKind
from comity.policy.markings import Tlp
from comity.stix.objects import Accepted, read
from comity.taxii.server import Request, Response, answer

START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
FILES = Path(__file__).parents[2] / "catalogues" / "agreements"
BILATERAL, CIRCLE, SUSPENDED = "bs-ar-cyber-mou.yaml", "caribbean-cert-circle.yaml", "bs-nr-exchange.yaml"
SLUGS = {"XA": "bs-xa-cyber-mou", "XI": "caribbean-cert-circle", "XN": "bs-xn-exchange"}
MARKING = {
    "CLEAR": "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
    "GREEN": "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "AMBER": "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    "AMBER+STRICT": "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
    "RED": "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
}


def stix_id(kind: str, name: str) -> str:
    """Give a random-looking id that is the same for the same name."""
    raw = bytearray(uuid.uuid5(uuid.NAMESPACE_DNS, f"{kind} {name}").bytes)
    raw[6], raw[8] = (raw[6] & 0x0F) | 0x40, (raw[8] & 0x3F) | 0x80
    return f"{kind}--{uuid.UUID(bytes=bytes(raw))}"


def stamp(at: datetime) -> str:
    """Write a moment as STIX does."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def indicator(name: str, tlp: str, modified: datetime = START, **more: Any) -> dict[str, Any]:
    """Make an indicator; the same name is the same object."""
    return _object("indicator", name, tlp, modified, pattern=f"[domain-name:value = '{name}.example']",
                   pattern_type="stix", valid_from=stamp(START), **more)  # fmt: skip


def relationship(name: str, tlp: str, source: str, target: str) -> dict[str, Any]:
    """Make a relationship between two ids."""
    return _object("relationship", name, tlp, START, relationship_type="related-to", source_ref=source,
                   target_ref=target)  # fmt: skip


def report(name: str, tlp: str, *refs: str) -> dict[str, Any]:
    """Make a report on some ids."""
    return _object("report", name, tlp, START, name=name, published=stamp(START), object_refs=list(refs))


def _object(kind: str, key: str, tlp: str, modified: datetime, **more: Any) -> dict[str, Any]:
    return {"type": kind, "spec_version": "2.1", "id": stix_id(kind, key), "created": stamp(START),
            "modified": stamp(modified), "object_marking_refs": [MARKING[tlp]], **more}  # fmt: skip


@dataclass
class World:
    """A node with the example agreements and one collection; time passes only when it is told to."""

    now: datetime = START
    secrets: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make the node."""
        law.forget()
        Party.objects.create(code="BS", name="The Bahamas", in_exchange=True)
        Node.objects.create(party_id="BS")
        for name in (BILATERAL, CIRCLE, SUSPENDED):
            agreements.adopt((FILES / name).read_bytes(), name, "test", self.now)
        self.collection = self.collect("indicators", 1)
        for code in ("XA", "XI", "XN"):
            self.token(code)

    def collect(self, alias: str, number: int) -> Collection:
        """Make a collection whose id is the same in every world."""
        return Collection.objects.create(uuid=uuid.UUID(int=number, version=4), alias=alias, title=alias,
                                         purpose="prevention", created_at=0)  # fmt: skip

    def token(self, code: str, *, write: bool = False) -> None:
        """Give a party a token for the first collection."""
        made = credentials.make(Party.objects.get(code=code), "test", self.now, write=write,
                                collections=[self.collection])  # fmt: skip
        self.secrets.setdefault(code, base64.b64encode(f"{made.username}:{made.secret}".encode()).decode())

    def tick(self, seconds: float = 1) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)

    def share(self, *objects: dict[str, Any], collection: Collection | None = None, **terms: Any) -> sharing.Outcome:
        """Share objects as the node's own."""
        found = [read(json.dumps(one).encode()) for one in objects]
        good = [one for one in found if isinstance(one, Accepted)]
        assert len(good) == len(found), found
        said = Terms(Tlp.RED, "BS", "prevention", **terms)
        return sharing.accept(collection or self.collection, good, said, "test", self.now)

    def event(self, code: str, kind: EventKind, effective_on: date | None = None) -> None:
        """Record an event in the life of the agreement with a party."""
        happened = agreements.Happened(kind, effective_on or self.now.date(), "a note", party="BS")
        agreements.record_event(SLUGS[code], happened, "test", self.now)

    def get(self, code: str, path: str, query: str = "", method: str = "GET", body: bytes = b"") -> Response:
        """Ask as a partner."""
        headers = {"authorization": f"Basic {self.secrets[code]}", "accept": "application/taxii+json;version=2.1"}
        if body:
            headers["content-type"] = "application/taxii+json;version=2.1"
        return answer(Request(method, path, query.encode(), headers, self.now, body))

    def objects(self, code: str, query: str = "") -> list[dict[str, Any]]:
        """Get one page of objects."""
        found: list[dict[str, Any]] = json.loads(self.get(code, PATH + "objects/", query).body).get("objects", [])
        return found

    def walk(self, code: str, limit: int = 2) -> list[str]:
        """Walk the collection by `next` and return the ids in order."""
        ids, query = list[str](), f"limit={limit}"
        while True:
            page = json.loads(self.get(code, PATH + "objects/", query).body)
            ids += [one["id"] for one in page.get("objects", ())]
            if not page.get("more"):
                return ids
            query = f"limit={limit}&next={page['next']}"


PATH = "/exchange/collections/indicators/"
