"""Points 42 to 56 of TAXII 2.1: what may be asked for, and what is malformed. Names end in the section."""

import pytest

from tests.taxii.conftest import World
from tests.taxii.partner import DAY_1, DAY_2, DAY_3, HARBOUR, YARD, address, indicator, query_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]
OBJECTS, MANIFEST = f"{YARD}objects/", f"{YARD}manifest/"
ONE, TWO, THREE, FIVE = indicator(1)["id"], indicator(2)["id"], indicator(3)["id"], address(5)["id"]
EVERYTHING = {*(indicator(n)["id"] for n in (1, 2, 3, 4, 6, 7)), FIVE}


@pytest.mark.parametrize("query", [
    "limit=0", "limit=-1", "limit=1.5", "limit=1e3", "limit=", "limit=all", "limit=%D9%A1", "limit=%2B5",
    "limit=99999999999999999999",
    "added_after=", "added_after=yesterday", "added_after=2026-02-30T00:00:00Z", "added_after=1", "added_after=%00",
    "match[version]=", "match[version]=newest", "match[version]=2026-03-01", "match[version]=first,,last",
    "match[id]=", "match[id]=a,,b", "match[id]=a,%20b", "match[id]=%00", "match[type]=", "match[type]=a%20b",
    "match[spec_version]=", "limit=%FF", "match[type]=%ff%fe", "next=junk", "next=%C3%A9", "next=" + "A" * 32,
])  # fmt: skip
@pytest.mark.parametrize("path", [OBJECTS, MANIFEST])
def test_42_what_is_malformed_is_a_bad_request__3_4(world: World, path: str, query: str) -> None:
    answer = world.reader.raw(path, query)
    assert (answer.status, answer.json["http_status"]) == (400, "400")
    assert answer.json["description"].endswith(".")


def test_42_bytes_outside_ascii_are_a_bad_request__3_4(world: World) -> None:
    assert world.reader.raw(OBJECTS, "match[type]=é").status == 400
    assert world.reader.raw(OBJECTS, "&".join(["x=1"] * 60)).status == 400


def test_43_added_after_is_strictly_after_the_date_added__3_4(world: World) -> None:
    records = world.reader.get(MANIFEST, match_version="all").json["objects"]
    for place, record in enumerate(records):
        later = world.reader.get(MANIFEST, match_version="all", added_after=record["date_added"])
        assert later.json.get("objects", []) == records[place + 1 :]


def test_43_added_after_is_given_once__3_4(world: World) -> None:
    time = "added_after=2026-01-01T00:00:00Z"
    assert world.reader.raw(OBJECTS, f"{time}&{time}").status == 400
    assert world.reader.raw(OBJECTS, f"{time},2026-01-02T00:00:00Z").status == 400


@pytest.mark.parametrize("fraction", ["", *("." + "123456789"[:digits] for digits in range(1, 10))])
def test_44_added_after_has_up_to_nine_digits__3_4(world: World, fraction: str) -> None:
    assert set(world.reader.get(OBJECTS, added_after=f"2026-01-01T00:00:00{fraction}Z").ids) == EVERYTHING


@pytest.mark.parametrize("text", [
    "2026-01-01", "2026-01-01T00:00:00", "2026-01-01T00:00:00+00:00", "2026-01-01T01:00:00+01:00",
    "2026-01-01 00:00:00Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00.1234567890Z", "2026-01-01T24:00:00Z",
])  # fmt: skip
def test_44_added_after_is_in_utc_and_has_a_time__3_4(world: World, text: str) -> None:
    assert world.reader.get(OBJECTS, added_after=text).status == 400


def test_45_without_added_after_the_oldest_comes_first__3_4(world: World) -> None:
    assert world.reader.get(OBJECTS, limit="1").ids == world.reader.get(OBJECTS).ids[:1]
    assert set(world.reader.get(OBJECTS).ids[:1]) <= {ONE, THREE}


@pytest.mark.parametrize(("limit", "length"), [(1, 1), (6, 6), (7, 7), (8, 7), (1000, 7), (999_999_999, 7)])
def test_46_never_more_than_the_limit__3_4(world: World, limit: int, length: int) -> None:
    assert len(world.reader.get(OBJECTS, limit=str(limit)).ids) == length
    assert len(world.reader.get(MANIFEST, limit=str(limit)).ids) == length


@pytest.mark.parametrize("limit", range(1, 9))
def test_47_a_page_that_was_cut_says_so__3_4(world: World, limit: int) -> None:
    page = world.reader.get(OBJECTS, limit=str(limit)).json
    assert page["more"] is (limit < 7)
    assert ("next" in page) is page["more"]


def test_48_fields_narrow_and_values_widen__3_4(world: World) -> None:
    asked = {"match_id": f"{ONE},{FIVE},{TWO}", "match_type": "indicator"}
    assert set(world.reader.get(OBJECTS, **asked).ids) == {ONE, TWO}
    assert set(world.reader.get(OBJECTS, match_type="indicator,ipv4-addr").ids) == EVERYTHING
    assert world.reader.get(OBJECTS, match_id=ONE, match_type="ipv4-addr").json == {}


@pytest.mark.parametrize("field", ["match[id]", "match[type]", "match[version]", "match[spec_version]", "limit"])
def test_49_a_field_is_given_once__3_4(world: World, field: str) -> None:
    value = {"match[id]": ONE, "match[type]": "indicator", "match[version]": "all", "limit": "1"}.get(field, "2.1")
    assert world.reader.raw(OBJECTS, f"{field}={value}").status == 200
    assert world.reader.raw(OBJECTS, f"{field}={value}&{field}={value}").status == 400
    assert world.reader.raw(OBJECTS, f"{field}={value}&{field.replace('[', '%5b')}={value}").status == 400


def test_50_unknown_fields_are_ignored__3_4(world: World) -> None:
    plain = world.reader.get(OBJECTS)
    assert world.reader.raw(OBJECTS, "match[confidence]=high&x=1&x=2&=&&Limit=1") == plain


@pytest.mark.parametrize("kind", [
    "attack-pattern", "campaign", "course-of-action", "grouping", "identity", "incident", "infrastructure",
    "intrusion-set", "location", "malware", "malware-analysis", "note", "observed-data", "opinion", "report",
    "threat-actor", "tool", "vulnerability", "relationship", "sighting", "artifact", "autonomous-system", "directory",
    "domain-name", "email-addr", "email-message", "file", "ipv6-addr", "mac-addr", "mutex", "network-traffic",
    "process", "software", "url", "user-account", "windows-registry-key", "x509-certificate", "marking-definition",
    "language-content", "extension-definition", "x-custom",
])  # fmt: skip
def test_51_any_type_may_be_asked_for__3_4_1(world: World, kind: str) -> None:
    answer = world.reader.get(OBJECTS, match_type=kind)
    assert (answer.status, answer.json) == (200, {})


def test_52_spec_versions_other_than_the_stored_find_nothing__3_4_1(world: World) -> None:
    assert world.reader.get(OBJECTS, match_spec_version="2.0").json == {}
    assert set(world.reader.get(OBJECTS, match_spec_version="2.0,2.1").ids) == EVERYTHING
    assert world.reader.get(OBJECTS, match_spec_version="2.1") == world.reader.get(OBJECTS)


def test_53_without_a_version_the_latest_comes__3_4_1(world: World) -> None:
    modified = {one["id"]: one.get("modified") for one in world.reader.get(OBJECTS).json["objects"]}
    assert (modified[ONE], modified[TWO], modified[FIVE]) == (DAY_1, DAY_3, None)
    assert world.reader.get(OBJECTS) == world.reader.get(OBJECTS, match_version="last")


@pytest.mark.parametrize(("asked", "found"), [
    ("first", [DAY_1]), ("last", [DAY_3]), ("first,last", [DAY_1, DAY_3]), (DAY_2, [DAY_2]),
    (f"{DAY_2},first", [DAY_1, DAY_2]), ("all", [DAY_1, DAY_2, DAY_3]), (f"{DAY_1},{DAY_2}", [DAY_1, DAY_2]),
    ("2026-03-02T10:00:00Z", [DAY_2]), ("2020-01-01T00:00:00Z", []),
])  # fmt: skip
def test_54_versions_combine__3_4_1(world: World, asked: str, found: list[str]) -> None:
    for path in (f"{OBJECTS}{TWO}/", f"{OBJECTS}?match[id]={TWO}"):
        path_alone, _, more = path.partition("?")
        answer = world.reader.raw(path_alone, query_of({"match_version": asked}).decode() + f"&{more}")
        assert [one["modified"] for one in answer.json.get("objects", [])] == found


@pytest.mark.parametrize("asked", ["all,last", "first,all", "first,first", f"{DAY_1},{DAY_1}", "all,all"])
def test_54_all_stands_alone_and_nothing_twice__3_4_1(world: World, asked: str) -> None:
    assert world.reader.get(OBJECTS, match_version=asked).status == 400
    assert world.reader.get(f"{OBJECTS}{TWO}/", match_version=asked).status == 400


def test_55_an_observables_version_is_the_same_everywhere__3_4_1(world: World) -> None:
    constant = "1970-01-01T00:00:00.000Z"
    (record,) = world.reader.get(MANIFEST, match_id=FIVE).json["objects"]
    assert record["version"] == constant
    assert world.reader.get(f"{OBJECTS}{FIVE}/versions/").json["versions"] == [constant]
    assert world.reader.get(OBJECTS, match_version=constant).ids == [FIVE]


def test_55_without_modified_it_is_created__3_4_1(world: World) -> None:
    statement = {
        "type": "marking-definition", "spec_version": "2.1", "created": DAY_2, "definition_type": "statement",
        "id": "marking-definition--11111111-2222-4333-8444-000000005502", "definition": {"statement": "Ours"},
        "object_marking_refs": indicator(1)["object_marking_refs"],
    }  # fmt: skip
    assert world.writer.post(f"{HARBOUR}objects/", statement).json["successes"][0]["version"] == DAY_2
    (record,) = world.writer.get(f"{HARBOUR}manifest/", match_id=str(statement["id"])).json["objects"]
    assert record["version"] == DAY_2


def test_56_an_object_takes_neither_id_nor_type__5_6(world: World) -> None:
    plain = world.reader.get(f"{OBJECTS}{TWO}/")
    assert world.reader.raw(f"{OBJECTS}{TWO}/", f"match[id]={ONE}&match[type]=,,") == plain
    assert world.reader.get(f"{OBJECTS}{TWO}/", match_version="all", limit="2").json["more"] is True
    assert world.reader.get(f"{OBJECTS}{TWO}/", match_spec_version="2.0").json == {}


def test_56_versions_take_no_version__5_8(world: World) -> None:
    path = f"{OBJECTS}{TWO}/versions/"
    assert world.reader.raw(path, "match[version]=junk").json["versions"] == [DAY_1, DAY_2, DAY_3]
    assert world.reader.get(path, limit="1").json["versions"] == [DAY_1]
    assert world.reader.get(path, match_spec_version="2.0").json == {}


@pytest.mark.parametrize("name", ["match[version]", "match%5Bversion%5D", "match%5bversion%5d", "%6Datch[version]"])
def test_56_a_delete_takes_a_version_however_it_is_escaped__5_7(world: World, name: str) -> None:
    number = 56000 + sum(name.encode())
    path = f"{HARBOUR}objects/{indicator(number)['id']}/"
    world.writer.post(f"{HARBOUR}objects/", indicator(number), indicator(number, DAY_2))
    assert world.writer.raw(path, f"{name}={DAY_1}", "DELETE").status == 200
    assert world.writer.get(f"{path}versions/").json["versions"] == [DAY_2]


def test_56_a_delete_takes_a_spec_version__5_7(world: World) -> None:
    path = f"{HARBOUR}objects/{indicator(5602)['id']}/"
    world.writer.post(f"{HARBOUR}objects/", indicator(5602))
    assert world.writer.delete(path, match_spec_version="2.0").status == 404
    assert world.writer.get(path).ids == [indicator(5602)["id"]]
    assert world.writer.delete(path, match_spec_version="2.1").status == 200
    assert world.writer.get(path).status == 404
