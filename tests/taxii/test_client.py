"""The exchange as a partner meets it: the server's own process on loopback, and a client that others wrote."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import requests
from taxii2client.v21 import Server, Status, as_pages

from tests.taxii.partner import DAY_1, DAY_2, TAXII, indicator

COMITY = (sys.executable, "-c", "from comity.commands import main; main()")
WAIT = 30  # seconds that a process may take to come up


@dataclass(frozen=True, slots=True)
class Node:
    """A running node: its address, and for each partner a username and secret."""

    address: str
    tokens: dict[str, tuple[str, str]]

    def server(self, partner: str) -> Server:
        user, password = self.tokens[partner]
        return Server(f"{self.address}/taxii2/", user=user, password=password)


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """Start a node with the example state, as `comity up` does, and stop it."""
    home = tmp_path_factory.mktemp("node") / "home"
    environment = {**os.environ, "COMITY_DATA": str(home)}
    environment.pop("COMITY_DATABASE", None)
    port = free_port()
    command = [*COMITY, "up", "--data", str(home), "--port", str(port)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment) as running:
        tokens: dict[str, tuple[str, str]] = {}
        assert running.stdout is not None
        while len(tokens) < 3:
            line = running.stdout.readline()
            assert line, "the node stopped before it gave its tokens"
            words = line.split()
            if words[:1] == ["partner"]:
                tokens[words[1]] = (words[3], words[5])
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/taxii2/")
        made = subprocess.check_output([*COMITY, "token", "new", "XA", "--write", "--json"], env=environment)
        tokens["writer"] = (json.loads(made)["username"], json.loads(made)["secret"])
        yield Node(address, tokens)
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=WAIT)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str) -> None:
    """Wait until a server answers, however it does."""
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(address, timeout=1)  # noqa: S310 - loopback
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"{address} did not answer in {WAIT} s")


def test_a_client_walks_from_discovery_to_every_object_and_version(node: Node) -> None:
    server = node.server("XA")
    assert server.title == "Comity"
    (root,) = server.api_roots
    assert server.default.url == root.url
    assert root.versions == [TAXII]
    collections = {one.alias: one for one in root.collections}
    assert collections.keys() == {"indicators", "incidents"}
    indicators = collections["indicators"]
    assert (indicators.can_read, indicators.can_write) == (True, False)

    whole = indicators.get_objects()["objects"]
    pages = list(as_pages(indicators.get_objects, per_request=2))
    assert [one for page in pages for one in page["objects"]] == whole
    assert len(pages) > 1
    records = [one for page in as_pages(indicators.get_manifest, per_request=3) for one in page["objects"]]
    assert [one["id"] for one in records] == [one["id"] for one in whole]
    for record in records:
        (found,) = indicators.get_object(record["id"])["objects"]
        assert found in whole
        assert record["version"] in indicators.object_versions(record["id"])["versions"]
    later = indicators.get_objects(added_after=records[0]["date_added"])
    assert later["objects"] == whole[1:]
    some = indicators.get_objects(type=["indicator", "malware"], version="all")
    assert {one["type"] for one in some["objects"]} <= {"indicator", "malware"}


def test_a_client_adds_reads_and_deletes(node: Node) -> None:
    (root,) = node.server("writer").api_roots
    collection = next(one for one in root.collections if one.alias == "incidents")
    first, second = indicator(1), indicator(1, DAY_2)
    status = collection.add_objects({"objects": [first, second, {"type": "indicator"}]})
    assert isinstance(status, Status)
    assert (status.status, status.success_count, status.failure_count) == ("complete", 2, 1)
    again = Status(f"{root.url}status/{status.id}/", user=node.tokens["writer"][0], password=node.tokens["writer"][1])
    assert again.total_count == 3
    assert collection.object_versions(first["id"])["versions"] == [DAY_1, DAY_2]
    collection.delete_object(first["id"], version=DAY_1)
    assert collection.object_versions(first["id"])["versions"] == [DAY_2]
    collection.delete_object(first["id"])
    with pytest.raises(requests.HTTPError, match="404"):
        collection.get_object(first["id"])


def test_each_partner_sees_its_own(node: Node) -> None:
    seen = {}
    for partner in ("XA", "XI", "XN"):
        (root,) = node.server(partner).api_roots
        found = next(one for one in root.collections if one.alias == "indicators")
        seen[partner] = {one["id"] for one in found.get_objects().get("objects", [])}
    assert seen["XN"] < seen["XA"]
    assert seen["XI"] < seen["XA"]


def test_what_a_browser_or_a_proxy_may_do_to_a_path(node: Node) -> None:
    signed_in = requests.auth.HTTPBasicAuth(*node.tokens["XA"])

    def ask(path: str, method: str = "GET", **headers: str) -> requests.Response:
        url = f"{node.address}{path}"
        return requests.request(method, url, auth=signed_in, headers={"Accept": TAXII, **headers}, timeout=WAIT)

    objects = "/exchange/collections/indicators/objects/"
    one = ask(objects).json()["objects"][0]["id"]
    assert ask(f"{objects}{one.replace('-', '%2D')}/").status_code == 200
    assert ask(f"{objects}{one.replace('-', '%252D')}/").status_code == 404
    assert ask(f"{objects}%00/").status_code == 404
    assert ask(f"{objects}%ff/").status_code in {400, 404}
    assert ask(objects.rstrip("/")).status_code == 404
    assert ask("/taxii2").status_code == 404
    head = ask(objects, "HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["X-TAXII-Date-Added-First"] == ask(objects).headers["X-TAXII-Date-Added-First"]


def test_a_body_of_unannounced_length_that_is_too_large(node: Node) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(11):
            yield b" " * (1 << 20)

    answer = requests.post(f"{node.address}/exchange/collections/incidents/objects/", data=pieces(), timeout=WAIT,
                           headers={"Accept": TAXII, "Content-Type": TAXII}, auth=node.tokens["writer"])  # fmt: skip
    assert (answer.status_code, answer.headers["Content-Type"]) == (413, TAXII)
