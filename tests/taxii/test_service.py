"""Points 23 to 41 of TAXII 2.1: discovery, API root, status, collections, manifest. Names end in the section."""

import asyncio
import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from comity.acts import moments
from comity.models import Submission
from tests.taxii.conftest import World
from tests.taxii.partner import (
    DAY_1,
    DAY_2,
    DAY_3,
    GETS,
    HARBOUR,
    STIX,
    TAXII,
    YARD,
    Message,
    address,
    exchange,
    indicator,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]
LARGEST = 10 * 1024 * 1024
TWO = indicator(2)["id"]


def test_23_discovery_stands_at_the_root_of_the_host__4_1(world: World) -> None:
    found = world.reader.get("/taxii2/").json
    assert found["title"]
    assert found["api_roots"]


def test_24_the_default_is_one_of_the_roots_and_a_path__4_1_1(world: World) -> None:
    found = world.reader.get("/taxii2/").json
    assert found["default"] in found["api_roots"]
    for root in found["api_roots"]:
        assert root.startswith("/")
        assert "//" not in root
        assert "../" not in root
        assert "?" not in root
        assert world.reader.get(root).status == 200


def test_25_who_is_not_signed_in_learns_of_no_root__4_1(world: World) -> None:
    answer = world.reader.ask("GET", "/taxii2/", {"Authorization": None})
    assert answer.status == 401
    assert b"exchange" not in answer.body


def test_26_the_root_names_its_version_and_its_largest_body__4_2_1(world: World) -> None:
    found = world.reader.get("/exchange/").json
    assert found == {"title": "Comity", "versions": [TAXII], "max_content_length": LARGEST}


@pytest.mark.parametrize(("size", "status"), [(LARGEST, 422), (LARGEST + 1, 413), (3 * LARGEST, 413)])
@pytest.mark.parametrize("piece", [1 << 16, 1 << 30], ids=["chunked", "whole"])
def test_27_only_a_body_above_the_largest_is_too_large__4_2_1(world: World, size: int, status: int, piece: int) -> None:
    body = b" " * size
    chunks = tuple(body[at : at + piece] for at in range(0, size, piece))
    headers = (("Accept", TAXII), ("Content-Type", TAXII), ("Authorization", world.writer.basic))
    before = world.counts()
    answer = asyncio.run(exchange(world.server, Message("POST", f"{HARBOUR}objects/", b"", headers, chunks)))
    assert (answer.status, answer.json["http_status"]) == (status, str(status))
    assert world.counts() == before


def test_28_a_status_counts_what_became_of_the_objects__4_3_1(world: World) -> None:
    status = world.writer.post(f"{HARBOUR}objects/", indicator(2801), {"type": "indicator"}).json
    assert uuid.UUID(status["id"]).version == 4
    assert status["status"] == "complete"
    counts = {name: value for name, value in status.items() if name.endswith("_count")}
    assert counts == {"total_count": 2, "success_count": 1, "failure_count": 1, "pending_count": 0}


def test_29_a_details_version_is_the_objects__4_3_1(world: World) -> None:
    broken = indicator(2902, DAY_2, pattern=7)
    status = world.writer.post(f"{HARBOUR}objects/", indicator(2901, DAY_3), address(29), broken).json
    assert {one["id"]: one["version"] for one in status["successes"]} == {
        indicator(2901)["id"]: DAY_3, address(29)["id"]: "1970-01-01T00:00:00.000Z",
    }  # fmt: skip
    (failure,) = status["failures"]
    assert (failure["id"], failure["version"]) == (broken["id"], DAY_2)
    assert "pattern" in failure["message"]


def test_29_a_detail_always_has_an_id_and_a_timestamp__4_3_1(world: World) -> None:
    untimely = {"type": "indicator", "id": "x", "modified": "yesterday"}
    status = world.writer.post(f"{HARBOUR}objects/", {}, {"id": 5, "modified": 6}, untimely).json
    assert len(status["failures"]) == 3
    for failure in status["failures"]:
        assert failure["id"]
        assert datetime.fromisoformat(failure["version"]).utcoffset() == timedelta(0)


def test_30_the_counts_are_the_lengths_of_the_lists__4_3_1(world: World) -> None:
    objects = [indicator(3001), indicator(3002), {"type": "x"}, indicator(3001), indicator(3002, pattern="[")]
    status = world.writer.post(f"{HARBOUR}objects/", *objects).json
    assert status["total_count"] == 5
    for kind, name in (("success", "successes"), ("failure", "failures"), ("pending", "pendings")):
        assert status[f"{kind}_count"] == len(status.get(name, []))
    assert status["total_count"] == sum(status[f"{kind}_count"] for kind in ("success", "failure", "pending"))


def test_31_a_status_is_kept_for_more_than_a_day__4_3(world: World) -> None:
    status = world.writer.post(f"{HARBOUR}objects/", indicator(3101)).json
    yesterday = moments.micros(datetime.now(UTC) - timedelta(hours=25))
    Submission.objects.filter(uuid=status["id"]).update(at=yesterday)
    assert world.writer.get(f"/exchange/status/{status['id']}/").json == status


def test_31_a_status_is_gone_after_a_week_and_its_row_with_the_next_that_comes__4_3(world: World) -> None:
    status = world.writer.post(f"{HARBOUR}objects/", indicator(3102)).json
    long_ago = moments.micros(datetime.now(UTC) - timedelta(days=7, seconds=1))
    Submission.objects.filter(uuid=status["id"]).update(at=long_ago)
    assert world.writer.get(f"/exchange/status/{status['id']}/").status == 404
    world.writer.post(f"{HARBOUR}objects/", indicator(3103))
    assert not Submission.objects.filter(uuid=status["id"]).exists()


@pytest.mark.parametrize("name", ["6f7d1a0e-64b4-4f6d-9c5c-6a0c1c1d1e1f", "junk", "%00", "{}"])
def test_31_an_unknown_status_is_not_found__4_3(world: World, name: str) -> None:
    assert world.writer.get(f"/exchange/status/{name}/").status == 404


def test_32_only_its_sender_reads_a_status__4_3(world: World) -> None:
    number = world.writer.post(f"{HARBOUR}objects/", indicator(3201)).json["id"]
    unknown = world.writer.get(f"/exchange/status/{uuid.UUID(int=1)}/")
    for stranger in (world.colleague, world.reader, world.other):
        assert stranger.get(f"/exchange/status/{number}/") == unknown
    assert world.writer.get(f"/exchange/status/{number}/").status == 200


def test_33_collections_come_in_the_order_of_their_ids__5_1(world: World) -> None:
    ids = [one["id"] for one in world.other.get("/exchange/collections/").json["collections"]]
    assert len(ids) > 1
    assert ids == sorted(ids)
    assert world.nobody.get("/exchange/collections/").body == b"{}"


def test_34_rights_are_those_of_the_client__5_2_1(world: World) -> None:
    expected = {world.reader: (True, False), world.writer: (True, True), world.drop_box: (False, True)}
    for partner, rights in expected.items():
        one = partner.get(YARD).json
        assert (one["can_read"], one["can_write"]) == rights
        assert one in partner.get("/exchange/collections/").json["collections"]
    assert world.nobody.get(YARD).status == 404


def test_35_an_alias_stands_in_the_place_of_the_id__5_2_1(world: World) -> None:
    one = world.reader.get(YARD).json
    assert one["alias"] == "yard"
    for end in ("", "objects/", "manifest/", f"objects/{TWO}/", f"objects/{TWO}/versions/"):
        assert world.reader.get(f"/exchange/collections/{one['id']}/{end}") == world.reader.get(YARD + end)


def test_36_media_types_are_what_is_stored__5_2_1(world: World) -> None:
    assert world.reader.get(YARD).json["media_types"] == [STIX]


def test_37_failing_to_sign_in_tells_nothing_of_what_is_there__5_1(world: World) -> None:
    paths = (*GETS, "/exchange/collections/nowhere/", "/exchange/nowhere/", f"{YARD}objects/x/", "/taxii2")
    answers = {world.reader.ask("GET", path, {"Authorization": "Bearer x"}).body for path in paths}
    assert len(answers) == 1
    assert json.loads(answers.pop())["http_status"] == "401"


def test_38_a_manifest_has_a_record_for_each_version__5_3_1(world: World) -> None:
    records = world.reader.get(f"{YARD}manifest/", match_version="all").json["objects"]
    assert len(records) == 9
    assert [r["version"] for r in records if r["id"] == TWO] == [DAY_1, DAY_2, DAY_3]
    assert {r["media_type"] for r in records} == {STIX}
    assert all(r["date_added"] for r in records)


@pytest.mark.parametrize("query", [
    {"match_id": TWO}, {"match_type": "ipv4-addr"}, {"match_version": "first"}, {"limit": "2"},
    {"match_version": DAY_2}, {"match_spec_version": "2.0"}, {"match_type": "indicator", "match_version": "all"},
])  # fmt: skip
def test_39_a_manifest_is_filtered_as_its_objects_are__5_3(world: World, query: dict[str, str]) -> None:
    assert world.reader.get(f"{YARD}manifest/", **query).ids == world.reader.get(f"{YARD}objects/", **query).ids


def test_40_a_records_version_is_written_as_the_object_writes_it__5_3_1(world: World) -> None:
    written = "2026-03-04T10:00:00.120000Z"
    world.writer.post(f"{HARBOUR}objects/", indicator(4001, written))
    (record,) = world.writer.get(f"{HARBOUR}manifest/", match_id=indicator(4001)["id"]).json["objects"]
    assert record["version"] == written
    by_value = world.writer.get(f"{HARBOUR}objects/", match_version="2026-03-04T10:00:00.12Z")
    assert by_value.ids == [indicator(4001)["id"]]


@pytest.mark.parametrize("end", ["manifest/", "objects/", f"objects/{TWO}/", f"objects/{TWO}/versions/"])
def test_41_who_may_not_read_does_not__5_4(world: World, end: str) -> None:
    assert world.drop_box.get(YARD + end).status == 403
    assert world.nobody.get(YARD + end).status == 404
