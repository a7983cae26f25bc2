"""A file shared by the command line, and walked by a client that others wrote: each partner gets what the oracle says.

`COMITY_ATTACK` names a bundle of ATT&CK (.json or .json.gz) to do it with; otherwise a small stock is made.
"""

import gzip
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from taxii2client.v21 import Collection, Server, as_pages

from comity.acts import best_practices, credentials, example_state, receiving, roadmap_store, sharing
from comity.acts.best_practices import Adopted
from comity.models import Credential, Party
from comity.stix.objects import Accepted, read
from tests.journeys.oracle import LABEL, Event, Oracle
from tests.journeys.stock import made
from tests.journeys.world import BILATERAL, CIRCLE, FILES, MARKING, SUSPENDED
from tests.nodes import Made, free_port, up

ID = re.compile(r'"([a-z0-9-]+--[0-9a-f-]{36})"')
PARTNERS = ("XA", "XI", "XN")


@pytest.fixture(scope="module")
def home(
    tmp_path_factory: pytest.TempPathFactory, example_node: Made, comity: Path
) -> Iterator[tuple[Path, str, dict[str, tuple[str, str]]]]:
    """Serve a node with the example state; give its home, its address and the partners' tokens."""
    folder, port = tmp_path_factory.mktemp("shared"), free_port()
    shutil.copytree(example_node.home, folder / "comity-data")
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COMITY_")}
    lines = [line.split() for line in example_node.printed.read_text().splitlines()]
    tokens = {words[1]: (words[3], words[5]) for words in lines if words[:1] == ["partner"]}
    assert tokens.keys() >= set(PARTNERS)
    with up(folder, port, environ, folder / "printed", comity):
        yield folder / "comity-data", f"http://127.0.0.1:{port}", tokens


def stock(folder: Path) -> tuple[Path, list[dict[str, Any]]]:
    """Return a file to share, and the objects in it."""
    named = os.environ.get("COMITY_ATTACK")
    path = Path(named) if named else folder / "stock.json"
    if not named:
        bundle = {"type": "bundle", "id": "bundle--11111111-2222-4333-8444-555555555555", "objects": made(0.1)}
        path.write_text(json.dumps(bundle))
    text = path.read_bytes()
    objects: list[dict[str, Any]] = json.loads(gzip.decompress(text) if path.suffix == ".gz" else text)["objects"]
    return path, objects


def as_held(one: dict[str, Any]) -> dict[str, Any]:
    """Give an object the marking it is held under: GREEN is said where it has no TLP; a definition of marks is open."""
    marks = [mark for mark in one.get("object_marking_refs", ()) if mark in LABEL] or [MARKING["GREEN"]]
    if one["type"] == "marking-definition":
        marks = [MARKING["CLEAR"]]
    return {"modified": one["created"], **one, "object_marking_refs": marks}


def walked(address: str, token: tuple[str, str], alias: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Walk a collection to its end with taxii2-client; no version may come twice."""
    server = Server(f"{address}/taxii2/", user=token[0], password=token[1])
    found: Collection = next(one for one in server.api_roots[0].collections if one.alias == alias)
    got = [one for page in as_pages(found.get_objects, per_request=1000) for one in page.get("objects", ())]
    versions = {(one["id"], one.get("modified") or one["created"]): one for one in got}
    assert len(versions) == len(got)
    return versions


def test_each_partner_gets_by_its_client_what_the_oracle_says(
    home: tuple[Path, str, dict[str, tuple[str, str]]], comity: Path
) -> None:
    folder, address, tokens = home
    path, objects = stock(folder)
    command = [str(comity), "share", str(path), "--collection", "walked", "--tlp", "GREEN", "--purpose", "prevention"]
    told = subprocess.check_output([*command, "--data", str(folder), "--json"], stderr=subprocess.DEVNULL)
    assert json.loads(told)["stored"] == len(objects)
    oracle = Oracle.reading(*(FILES / name for name in (BILATERAL, CIRCLE, SUSPENDED)))
    oracle.events.append(Event("BS-XN exchange", "suspension", date(2026, 10, 1), "BS"))
    held = [as_held(one) for one in objects]
    raw = {(one["id"], one.get("modified") or one["created"]): one for one in objects}
    counts = {}
    for party in PARTNERS:
        expected = oracle.latest(party, held, datetime.now(UTC).date())
        got = walked(address, tokens[party], "walked")
        assert got.keys() == expected.keys(), party
        counts[party] = len(got)
        ids = {stix_id for stix_id, _ in got}
        hidden = {one["id"] for one in objects} - ids
        for version, one in got.items():
            named = set(ID.findall(json.dumps(one)))
            assert not named & hidden, f"{party} reads the id of what it may not have"
            named = {name for name in ID.findall(json.dumps(raw[version])) if not name.startswith("marking-definition")}
            if "granular_markings" not in raw[version] and named <= ids:
                assert one == raw[version]
    assert counts["XA"] > counts["XI"] > counts["XN"] or "COMITY_ATTACK" in os.environ


def test_a_practice_arrives_at_a_partner_by_its_clause_and_becomes_a_measure_there(
    home: tuple[Path, str, dict[str, tuple[str, str]]], comity: Path, db: None
) -> None:
    del db
    folder, address, tokens = home
    command, where = [str(comity), "capacity"], ["--data", str(folder), "--json"]
    listed = json.loads(subprocess.check_output([*command, "practices", *where]))
    practice = next(one for one in listed if "duty officers" in one["name"])
    shared = subprocess.check_output([*command, "publish", practice["id"], *where], stderr=subprocess.DEVNULL)
    assert json.loads(shared)["stored"] == 3
    got = walked(address, tokens["XA"], "practices")
    assert {one["type"] for one in got.values()} == {"identity", "extension-definition", "course-of-action"}
    assert all(isinstance(read(json.dumps(one).encode()), Accepted) for one in got.values())
    denied = walked(address, tokens["XN"], "practices").values()  # its agreement is suspended
    assert "course-of-action" not in {one["type"] for one in denied}
    now = datetime.now(UTC)
    example_state.make_empty("XA", "Republic of Ardenia", now)
    theirs = sharing.make_collection("received", "Received", now)
    giver = credentials.make(Party.objects.create(code="BS", name="The Bahamas", in_exchange=True), "officer", now,
                             write=True)  # fmt: skip
    taken = [read(json.dumps(one).encode()) for one in got.values()]
    receiving.add(Credential.objects.get(username=giver.username), theirs, taken, now, "a test")
    roadmap_store.take_in_example(now)
    (found,) = best_practices.received()
    assert (found.course.id, found.party, list(found.course.serves)) == (practice["id"], "BS", practice["serves"])
    version = best_practices.adopt(found.course.id, "bs-example", Adopted("from-bs", 2, 9000), "officer", now)
    assert roadmap_store.read(version).draft.measure()["from-bs"].practice == practice["id"]
