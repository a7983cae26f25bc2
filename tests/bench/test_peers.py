"""What benches compare with: locked to the hash, apart from the project, and told plainly where it cannot be had."""

import json
import re

import pytest

from bench import peers
from bench.peers import servers
from comity.environment import ROOT


@pytest.mark.parametrize("name", peers.names())
def test_a_peer_is_locked_to_the_hash_and_no_address_is_in_its_lock(name: str) -> None:
    text = (peers.LOCKS / f"{name}.lock").read_text(encoding="utf-8")
    assert "://" not in text
    entries = re.split(r"\n(?=\S)", text.strip())
    assert [entry for entry in entries if not ("==" in entry and "--hash=sha256:" in entry)] == []


@pytest.mark.parametrize("name", peers.names())
def test_what_is_asked_for_is_what_is_locked(name: str) -> None:
    for line in (peers.LOCKS / f"{name}.in").read_text(encoding="utf-8").split():
        package, _, asked = line.partition("==")
        assert peers.version(name, package) == (asked or peers.version(name, package))


def test_no_peer_is_a_dependency_of_the_project() -> None:
    ours = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    apart = {"opentaxii", "medallion", "stix2", "stix2-validator", "stix2-patterns", "stix2-matcher", "flask"}
    assert {name for name in apart if re.search(rf"^{name}==", ours, re.MULTILINE)} == set()


def test_a_peer_is_given_no_node_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMITY_DATA", "/somewhere")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    found = peers.clean(OPENTAXII_CONFIG="here")
    assert found["OPENTAXII_CONFIG"] == "here"
    assert not {"COMITY_DATA", "PYTHONPATH"} & found.keys()


def test_medallion_gets_each_object_once_with_dates_that_rise() -> None:
    objects = [json.dumps({"id": f"indicator--{n}", "modified": "2026-03-01T10:00:00.000Z"}).encode() for n in range(9)]
    (collection,) = servers.medallion_data(objects)[servers.ROOT]["collections"]
    assert [one["id"] for one in collection["objects"]] == [one["id"] for one in collection["manifest"]]
    dates = [one["date_added"] for one in collection["manifest"]]
    assert dates == sorted(set(dates))
