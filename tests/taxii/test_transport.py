"""Points 1 to 22 of TAXII 2.1: paths, media types, resources as JSON, errors, signing in. Names end in the section."""

import asyncio
import base64
import json
import re
import uuid

import pytest

from comity.ledger import entries
from comity.models import LedgerEntry
from tests.taxii.conftest import World
from tests.taxii.partner import DAY_1, GETS, HARBOUR, STIX, TAXII, YARD, Message, exchange, indicator

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
UNKNOWN = f"{YARD}objects/indicator--11111111-2222-4333-8444-000000000999/"
WITHHELD = f"{YARD}objects/indicator--11111111-2222-4333-8444-000000000090/"
ENVELOPE = json.dumps({"objects": [indicator(1)]}).encode()


@pytest.mark.parametrize("path", GETS)
def test_01_paths_end_in_a_slash__3_1(world: World, path: str) -> None:
    assert world.reader.get(path).status == 200
    assert world.reader.get(path.rstrip("/")).status == 404


def test_02_every_answer_is_of_the_taxii_type__3_1(world: World) -> None:
    refused = [
        world.reader.ask("GET", YARD, {"Authorization": None}),
        world.reader.ask("GET", YARD, {"Accept": "text/html"}),
        world.reader.ask("PATCH", YARD),
        world.reader.post(f"{YARD}objects/", indicator(1)),
        world.writer.ask("POST", f"{YARD}objects/", {"Content-Type": "text/plain"}, ENVELOPE),
        world.writer.ask("POST", f"{YARD}objects/", {"Content-Type": TAXII}, b"{"),
        world.reader.get(UNKNOWN),
        world.reader.raw(f"{YARD}objects/", "limit=0"),
    ]
    assert [answer.status for answer in refused] == [401, 406, 405, 403, 415, 422, 404, 400]
    good = [world.reader.get(path) for path in GETS]
    assert {answer.headers["content-type"] for answer in refused + good} == {TAXII}


@pytest.mark.parametrize("accept", [
    TAXII,
    "application/taxii+json; version=2.1",
    "application/taxii+json ; version=2.1",
    'application/taxii+json;version="2.1"',
    "Application/TAXII+JSON;Version=2.1",
    "application/taxii+json;version=2.1;q=0.5",
    "text/html, application/taxii+json;version=2.1",
    "application/stix+json;version=2.1, application/taxii+json;version=2.1;q=0.9",
])  # fmt: skip
def test_03_the_taxii_type_is_always_acceptable__3_1(world: World, accept: str) -> None:
    assert {world.reader.ask("GET", path, {"Accept": accept}).status for path in GETS} == {200}


def test_04_a_type_without_version_gets_the_highest__1_6_8(world: World) -> None:
    answer = world.reader.ask("GET", "/taxii2/", {"Accept": "application/taxii+json"})
    assert (answer.status, answer.headers["content-type"]) == (200, TAXII)


@pytest.mark.parametrize(("accept", "status"), [
    ("text/html", 406), ("application/taxii+json;version=9.9", 406), ("application/json", 406), ("junk", 406),
    ("application/taxii+json;version=2.1;q=0, */*", 406), (STIX, 406),
    ("*/*", 200), ("application/*", 200), ("text/html, */*;q=0.1", 200),
])  # fmt: skip
def test_05_other_types_are_not_acceptable__3_1(world: World, accept: str, status: int) -> None:
    answer = world.reader.ask("GET", f"{YARD}objects/", {"Accept": accept})
    assert answer.status == status
    assert status == 200 or answer.json["title"] == "Not Acceptable"


def test_05_a_manifest_may_be_asked_for_as_stix__5_3(world: World) -> None:
    assert world.reader.ask("GET", f"{YARD}manifest/", {"Accept": STIX}).status == 200


@pytest.mark.parametrize("kind", [TAXII, "application/taxii+json; version=2.1", "application/taxii+json",
                                  "Application/Taxii+Json;version=2.1"])  # fmt: skip
def test_06_the_taxii_type_may_be_posted__3_1(world: World, kind: str) -> None:
    body = json.dumps({"objects": [indicator(606)]}).encode()
    assert world.writer.ask("POST", f"{HARBOUR}objects/", {"Content-Type": kind}, body).status == 202


@pytest.mark.parametrize(("kind", "status"), [
    ("application/json", 202), (STIX, 202), ("application/stix+json", 202), (None, 415), ("", 415),
    ("text/plain", 415), ("application/taxii+json;version=2.0", 415), ("junk", 415),
])  # fmt: skip
def test_07_other_types_posted_are_taken_or_refused_with_415__3_1(world: World, kind: str | None, status: int) -> None:
    body = json.dumps({"objects": [indicator(607)]}).encode()
    assert world.writer.ask("POST", f"{HARBOUR}objects/", {"Content-Type": kind}, body).status == status


def test_08_a_post_names_its_type_and_what_it_accepts__3_1(world: World) -> None:
    body = json.dumps({"objects": [indicator(608)]}).encode()
    asked = world.writer.ask("POST", f"{HARBOUR}objects/", {"Content-Type": TAXII, "Accept": "text/html"}, body)
    assert asked.status == 406
    assert world.writer.get(f"{HARBOUR}objects/indicator--11111111-2222-4333-8444-000000000608/").status == 404


@pytest.mark.parametrize("path", GETS)
def test_09_resources_are_i_json_in_utf_8__2(world: World, path: str) -> None:
    body = world.reader.get(path).body
    assert json.loads(body.decode("utf-8"), object_pairs_hook=once)


def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Refuse a name that stands twice in an object (RFC 7493 §2.3)."""
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def test_10_an_empty_list_is_left_out__2(world: World) -> None:
    nothing = {"match_type": "tool"}
    assert world.reader.get(f"{YARD}objects/", **nothing).json == {}
    assert world.reader.get(f"{YARD}manifest/", **nothing).json == {}
    assert world.nobody.get("/exchange/collections/").json == {}
    status = world.writer.post(f"{HARBOUR}objects/", indicator(610)).json
    assert {"failures", "pendings"} & status.keys() == set()


def test_11_timestamps_have_six_digits_and_z__2(world: World) -> None:
    manifest = world.reader.get(f"{YARD}manifest/")
    status = world.writer.post(f"{HARBOUR}objects/", indicator(611)).json
    dates = [record["date_added"] for record in manifest.json["objects"]]
    found = [*dates, manifest.first, manifest.last, status["request_timestamp"]]
    assert all(TIME.fullmatch(one) for one in found)


def test_12_collections_and_statuses_have_random_uuids__2(world: World) -> None:
    collections = world.reader.get("/exchange/collections/").json["collections"]
    status = world.writer.post(f"{HARBOUR}objects/", indicator(612)).json
    ids = [*(one["id"] for one in collections), status["id"]]
    assert {uuid.UUID(one).version for one in ids} == {4}


@pytest.mark.parametrize("authorization", [
    None, "", "Basic", "Basic !", "Basic é", "Basic " + base64.b64encode(b"no-colon").decode(),
    "Basic " + base64.b64encode(b"\xff\xfe:\xff").decode(), "Bearer", "Bearer wrong", "Bearer é", "Digest x", "junk",
])  # fmt: skip
def test_13_who_is_not_signed_in_is_challenged__1_6_9(world: World, authorization: str | None) -> None:
    answer = world.reader.ask("GET", "/taxii2/", {"Authorization": authorization})
    assert answer.status == 401
    assert answer.headers["www-authenticate"].startswith('Basic realm="taxii"')


def test_14_an_error_has_a_title_and_its_status_as_text__3_6_1(world: World) -> None:
    answers = [
        world.reader.ask("GET", YARD, {"Authorization": None}), world.reader.get("/exchange/nowhere/"),
        world.reader.ask("PUT", YARD), world.reader.raw(f"{YARD}objects/", "limit=-1"),
        world.reader.ask("GET", YARD, {"Accept": "text/html"}), world.reader.delete(UNKNOWN),
    ]  # fmt: skip
    for answer in answers:
        assert answer.json.keys() == {"title", "description", "http_status"}
        assert answer.json["http_status"] == str(answer.status)


def test_15_an_error_does_not_tell_withheld_from_unknown__app_b(world: World) -> None:
    for end in ("", "versions/"):
        assert world.reader.get(WITHHELD + end) == world.reader.get(UNKNOWN + end)
    assert world.writer.delete(WITHHELD) == world.writer.delete(UNKNOWN)
    for end in ("", "objects/", "manifest/"):
        hidden, unknown = (f"/exchange/collections/{name}/{end}" for name in ("exercise", "nowhere"))
        assert world.reader.get(hidden) == world.reader.get(unknown)
        assert world.nobody.get(YARD + end) == world.reader.get(unknown)


def test_16_what_is_left_out_is_left_out_of_every_count__8_2_2(world: World) -> None:
    page = world.reader.get(f"{YARD}objects/", limit="7")
    assert (len(page.ids), page.json["more"]) == (7, False)
    assert page.last == world.reader.get(f"{YARD}manifest/").json["objects"][-1]["date_added"]
    latest = world.reader.get(f"{YARD}objects/", match_id=indicator(1)["id"]).json["objects"]
    assert [one["modified"] for one in latest] == [DAY_1]
    assert world.reader.get(f"{YARD}objects/{indicator(1)['id']}/versions/").json["versions"] == [DAY_1]


def test_18_basic_and_bearer_both_sign_in__8_2_2(world: World) -> None:
    wrong_name = "Basic " + base64.b64encode(f"{world.other.username}:{world.reader.secret}".encode()).decode()
    assert world.reader.ask("GET", YARD, {"Authorization": world.reader.basic}).status == 200
    assert world.reader.ask("GET", YARD, {"Authorization": f"Bearer {world.reader.secret}"}).status == 200
    assert world.reader.ask("GET", YARD, {"Authorization": f"bEARER {world.reader.secret}"}).status == 200
    assert world.reader.ask("GET", YARD, {"Authorization": wrong_name}).status == 401


def test_19_no_user_agent_is_needed__8_2_1(world: World) -> None:
    assert world.reader.ask("GET", YARD, {"User-Agent": None}).status == 200
    assert world.reader.ask("GET", YARD, {"User-Agent": ""}).status == 200


def test_21_a_resources_unknown_properties_are_ignored__7_1(world: World) -> None:
    body = json.dumps({"objects": [indicator(621)], "x_note": {"seen": 1}}).encode()
    assert world.writer.ask("POST", f"{HARBOUR}objects/", {"Content-Type": TAXII}, body).json["success_count"] == 1


def test_22_a_range_is_ignored__3(world: World) -> None:
    ranged = {"Range": "items=0-1", "If-Range": "x"}
    assert world.reader.ask("GET", f"{YARD}objects/", ranged).body == world.reader.get(f"{YARD}objects/").body
    assert world.reader.ask("GET", f"{YARD}objects/", {"Range": "bytes=0-1"}).status == 200


@pytest.mark.parametrize("path", GETS)
def test_22_a_method_that_is_not_there_is_named_with_those_that_are__3(world: World, path: str) -> None:
    answer = world.writer.ask("PATCH", path)
    assert answer.status == 405
    assert "GET" in answer.headers["allow"]
    assert answer.json["http_status"] == "405"


@pytest.mark.parametrize("path", GETS)
def test_head_has_the_headers_of_get_and_no_body__rfc_9110(world: World, path: str) -> None:
    head, get = world.reader.ask("HEAD", path), world.reader.get(path)
    assert (head.status, head.headers, head.body) == (200, get.headers, b"")


def test_head_is_recorded_as_a_manifest_because_no_object_left__rfc_9110(world: World) -> None:
    kinds = []
    for method in ("HEAD", "GET"):
        world.reader.ask(method, f"{YARD}objects/")
        kinds.append(type(entries.decode(bytes(LedgerEntry.objects.filter(log__party="XA").latest("index").leaf))))
    assert kinds == [entries.Manifest, entries.Delivery]


def test_repeated_accept_headers_are_one_list__rfc_9110(world: World) -> None:
    signed_in = ("Authorization", world.reader.basic)
    twice = Message("GET", YARD, b"", (("Accept", TAXII), ("Accept", "text/html"), signed_in))
    assert asyncio.run(exchange(world.server, twice)).status == 200
