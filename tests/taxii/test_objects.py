"""Points 65 to 77 of TAXII 2.1: reading, adding and deleting objects. Names end in the section."""

import json

import pytest

from comity.models import Snag
from tests.taxii.conftest import World
from tests.taxii.partner import DAY_1, DAY_2, DAY_3, GETS, HARBOUR, TAXII, YARD, Partner, indicator

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]
OBJECTS = f"{HARBOUR}objects/"
TWO = indicator(2)["id"]


def path_of(number: int) -> str:
    return f"{OBJECTS}{indicator(number)['id']}/"


def send(partner: Partner, body: bytes) -> int:
    return partner.ask("POST", OBJECTS, {"Content-Type": TAXII}, body).status


def test_65_one_object_comes_in_an_envelope_too__5_6(world: World) -> None:
    one = world.reader.get(f"{YARD}objects/{TWO}/").json
    assert one.keys() == {"more", "objects"}
    assert [found["modified"] for found in one["objects"]] == [DAY_3]
    assert world.reader.get(f"{YARD}objects/", match_id="tool--x").body == b"{}"


def test_66_an_envelope_holds_objects_and_no_bundle__3_7(world: World) -> None:
    assert {one["type"] for one in world.reader.get(f"{YARD}objects/").json["objects"]} == {"indicator", "ipv4-addr"}
    bundle = {"type": "bundle", "id": "bundle--11111111-2222-4333-8444-000000006601", "objects": [indicator(6601)]}
    status = world.writer.post(OBJECTS, bundle).json
    assert (status["success_count"], status["failure_count"]) == (0, 1)
    assert world.writer.get(path_of(6601)).status == 404


def test_66_a_bundle_in_the_envelopes_place_counts_as_one__3_7(world: World) -> None:
    bundle = {"type": "bundle", "id": "bundle--11111111-2222-4333-8444-000000006602", "objects": [indicator(6602)]}
    assert send(world.writer, json.dumps(bundle).encode()) == 202
    assert world.writer.get(path_of(6602)).status == 200


@pytest.mark.parametrize("name", ["indicator--11111111-2222-4333-8444-000000000999", "x", "%00", "%ff", "a%20b", "..;"])
def test_67_an_unknown_object_is_not_found__5_6(world: World, name: str) -> None:
    assert world.reader.get(f"{YARD}objects/{name}/").status == 404
    assert world.reader.get(f"{YARD}objects/{name}/versions/").status == 404


@pytest.mark.parametrize("query", [
    {"match_version": "2020-01-01T00:00:00Z"}, {"added_after": "2999-01-01T00:00:00Z"}, {"match_spec_version": "2.0"},
])  # fmt: skip
def test_67_a_known_object_that_is_filtered_out_is_an_empty_envelope__5_6(world: World, query: dict[str, str]) -> None:
    answer = world.reader.get(f"{YARD}objects/{TWO}/", **query)
    assert (answer.status, answer.body) == (200, b"{}")


def test_68_who_may_not_write_does_not__5_5(world: World) -> None:
    before = world.counts()
    assert world.reader.post(OBJECTS, indicator(6801)).status == 403
    assert world.nobody.post(OBJECTS, indicator(6801)).status == 404
    assert world.other.post(OBJECTS, indicator(6801)).status == 403
    assert world.counts() == before
    assert world.drop_box.post(OBJECTS, indicator(6801)).status == 202


def test_69_what_is_added_is_answered_with_its_status__5_5(world: World) -> None:
    answer = world.writer.post(OBJECTS, indicator(6901))
    assert (answer.status, answer.json["status"], answer.json["success_count"]) == (202, "complete", 1)
    assert world.writer.get(f"/exchange/status/{answer.json['id']}/").json == answer.json
    assert world.writer.get(path_of(6901)).json["objects"] == [indicator(6901)]


def test_70_a_repetition_succeeds_and_keeps_its_date__5_5(world: World) -> None:
    world.writer.post(OBJECTS, indicator(7001))
    first = world.writer.get(path_of(7001))
    world.writer.post(OBJECTS, indicator(7002))
    again = world.writer.post(OBJECTS, indicator(7001)).json
    assert (again["success_count"], again["failure_count"]) == (1, 0)
    assert world.writer.get(path_of(7001)).first == first.first


@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b"null", b"5", b"{}", b'{"objects":null}', b'{"objects":{}}', b'{"objects":[]}',
    b'{"objects":[', b'{"objects":[{}', b"\xff\xfe", b'{"objects":[{"a":1}]]', b"[" * 100_000,
    b'{"objects":' + b"[" * 100_000, '{"objects":[]}'.encode("utf-16"), b'{"object":[{}]}',
])  # fmt: skip
def test_71_a_body_that_is_no_envelope_is_unprocessable__5_5(world: World, body: bytes) -> None:
    before = world.counts()
    assert send(world.writer, body) == 422
    assert world.counts() == before


@pytest.mark.parametrize("text", [
    "5", "null", "[]", '"x"', "{}", "[" * 900 + "]" * 900, '{"a":' * 900 + "1" + "}" * 900, '{"id":"\\ud800"}',
    '{"type":"indicator","type":"indicator"}', '{"a":1e999}', '{"a":123456789012345678901234567890}', '{"":""}',
    '{"type":["indicator"],"id":{}}', '{"type":"indicator","id":"indicator--\\u0000"}', '{"a":-0,"b":NaN}',
])  # fmt: skip
def test_72_one_wrong_object_fails_alone__5_5(world: World, text: str) -> None:
    body = f'{{"objects":[{text},{json.dumps(indicator(7201))}]}}'.encode()
    answer = world.writer.ask("POST", OBJECTS, {"Content-Type": TAXII}, body)
    if answer.status == 202:
        assert (answer.json["success_count"], answer.json["failure_count"]) == (1, 1)
        assert answer.json["failures"][0]["message"]
    else:
        assert answer.status == 422  # no JSON at all


def test_72_a_version_never_changes__5_5(world: World) -> None:
    world.writer.post(OBJECTS, indicator(7202))
    status = world.writer.post(OBJECTS, indicator(7202, name="Other"), indicator(7203)).json
    assert [one["id"] for one in status["successes"]] == [indicator(7203)["id"]]
    assert "modified" in status["failures"][0]["message"]
    assert world.writer.get(path_of(7202)).json["objects"] == [indicator(7202)]


def test_72_what_a_partner_got_wrong_fills_no_store__5_5(world: World) -> None:
    world.writer.post(OBJECTS, indicator(7204))
    for number in range(3):
        drill = indicator(7210 + number, labels=["exercise"])
        clash = indicator(7204, name=f"{number}")
        told = world.writer.post(OBJECTS, {"type": "tool", "id": f"tool--{number}"}, drill, clash)
        assert told.json["failure_count"] == 3
    assert not Snag.objects.exclude(kind="conflict").exists()
    assert Snag.objects.get(stix_id=indicator(7204)["id"]).times == 3
    assert not Snag.objects.filter(stix_id__in=[indicator(7210 + number)["id"] for number in range(3)]).exists()


def test_73_deleting_takes_the_right_to_read_and_to_write__5_7(world: World) -> None:
    world.writer.post(OBJECTS, indicator(7301))
    for partner, status in ((world.nobody, 404), (world.reader, 403), (world.drop_box, 403), (world.writer, 200)):
        assert partner.delete(path_of(7301)).status == status


def test_73_what_another_gave_is_not_ones_own_to_delete__5_7(world: World) -> None:
    before = world.counts()
    assert world.writer.delete(f"{YARD}objects/{TWO}/").status == 403
    assert world.reader.get(f"{YARD}objects/{TWO}/").status == 200
    assert world.counts()[:2] == before[:2]


def test_74_what_is_deleted_is_gone_everywhere__5_7(world: World) -> None:
    world.writer.post(OBJECTS, indicator(7401), indicator(7401, DAY_2))
    answer = world.writer.delete(path_of(7401))
    assert (answer.status, answer.body) == (200, b"")
    assert world.writer.get(path_of(7401)).status == 404
    assert world.writer.get(f"{path_of(7401)}versions/").status == 404
    assert world.writer.get(OBJECTS, match_id=indicator(7401)["id"]).json == {}
    assert world.writer.get(f"{HARBOUR}manifest/", match_id=indicator(7401)["id"]).json == {}
    assert world.writer.delete(path_of(7401)).status == 404


def test_74_what_was_deleted_does_not_seem_to_come_back__5_7(world: World) -> None:
    world.writer.post(OBJECTS, indicator(7402))
    world.writer.delete(path_of(7402))
    status = world.writer.post(OBJECTS, indicator(7402)).json
    there = world.writer.get(path_of(7402)).status == 200
    assert (status["success_count"] == 1) is there
    assert world.writer.post(OBJECTS, indicator(7402, DAY_2)).json["success_count"] == 1
    assert world.writer.get(path_of(7402)).json["objects"][0]["modified"] == DAY_2


@pytest.mark.parametrize(("asked", "left"), [
    ("", []), ("all", []), ("first", [DAY_2, DAY_3]), ("last", [DAY_1, DAY_2]), (DAY_2, [DAY_1, DAY_3]),
    (f"first,{DAY_2}", [DAY_3]), ("2020-01-01T00:00:00Z", [DAY_1, DAY_2, DAY_3]),
])  # fmt: skip
def test_75_without_a_version_all_are_deleted__5_7(world: World, asked: str, left: list[str]) -> None:
    number = 750_000 + sum(asked.encode())
    world.writer.post(OBJECTS, *(indicator(number, day) for day in (DAY_1, DAY_2, DAY_3)))
    answer = world.writer.delete(path_of(number), **({"match_version": asked} if asked else {}))
    assert answer.status == (404 if len(left) == 3 else 200)
    assert world.writer.get(f"{path_of(number)}versions/").json.get("versions", []) == left


def test_76_versions_are_a_list_of_texts__5_8(world: World) -> None:
    assert world.reader.get(f"{YARD}objects/{TWO}/versions/").json == {"more": False, "versions": [DAY_1, DAY_2, DAY_3]}
    assert world.reader.get(f"{YARD}objects/{TWO}/versions/", added_after="2999-01-01T00:00:00Z").json == {}


def test_77_every_endpoint_is_there__8_1_2(world: World) -> None:
    assert {world.reader.get(path).status for path in GETS} == {200}
    added = world.writer.post(OBJECTS, indicator(7701))
    assert added.status == 202
    assert world.writer.get(f"/exchange/status/{added.json['id']}/").status == 200
    assert world.writer.delete(path_of(7701)).status == 200
