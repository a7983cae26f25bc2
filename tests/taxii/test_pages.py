"""Points 57 to 64 of TAXII 2.1: order, dates and pages. Names end in the section."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from comity.taxii.exchange import Exchange
from tests.taxii.conftest import World
from tests.taxii.partner import DAY_1, DAY_2, HARBOUR, YARD, Answer, Partner, indicator

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]
TWO = indicator(2)["id"]
PATHS = [f"{YARD}objects/", f"{YARD}manifest/", f"{YARD}objects/{TWO}/", f"{YARD}objects/{TWO}/versions/"]


def dates(partner: Partner, **query: str) -> list[str]:
    return [record["date_added"] for record in partner.get(f"{YARD}manifest/", **query).json["objects"]]


def items(answer: Answer) -> list[object]:
    """Return what a page holds, whatever it is called there."""
    return list(answer.json.get("objects") or answer.json.get("versions") or [])


def test_57_objects_and_manifest_ascend_by_date__3_3(world: World) -> None:
    found = dates(world.reader, match_version="all")
    assert found == sorted(found)
    manifest = world.reader.get(f"{YARD}manifest/", match_version="all").json["objects"]
    objects = world.reader.get(f"{YARD}objects/", match_version="all").json["objects"]
    assert [(one["id"], one.get("modified", one["id"])) for one in objects] == [
        (one["id"], one["version"] if one["id"].startswith("indicator") else one["id"]) for one in manifest
    ]


@pytest.mark.parametrize("path", PATHS)
def test_58_the_headers_date_the_first_and_last_of_this_page__3_2(world: World, path: str) -> None:
    by_date = {"match_version": "all"} if path.endswith("versions/") else {"match_version": "all", "limit": "2"}
    answer = world.reader.get(path, **by_date)
    everything = world.reader.get(f"{YARD}manifest/", match_version="all").json["objects"]
    here = [one["date_added"] for one in everything if TWO in (one["id"], *([] if TWO in path else [TWO]))]
    assert (answer.first, answer.last) == (here[0], here[len(items(answer)) - 1])


@pytest.mark.parametrize("path", PATHS)
def test_58_an_empty_page_has_no_dates__3_2(world: World, path: str) -> None:
    answer = world.reader.get(path, added_after="2999-01-01T00:00:00Z")
    assert (answer.status, answer.body) == (200, b"{}")
    assert not [name for name in answer.headers if name.startswith("x-taxii")]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("limit", [1, 2, 4])
def test_59_a_walk_by_next_gives_each_item_once__3_5(world: World, path: str, limit: int) -> None:
    pages = world.reader.walk(path, limit, match_version="all")
    assert [one for page in pages for one in items(page)] == items(world.reader.get(path, match_version="all"))
    assert {len(items(page)) for page in pages[:-1]} <= {limit}


@pytest.mark.parametrize("limit", [1, 3, 5])
def test_60_a_walk_by_added_after_gives_each_item_once__3_4(world: World, limit: int) -> None:
    page = world.reader.get(f"{YARD}objects/", match_version="all", limit=str(limit))
    found = items(page)
    while page.json.get("more"):
        page = world.reader.get(f"{YARD}objects/", match_version="all", limit=str(limit), added_after=page.last)
        found += items(page)
    assert found == items(world.reader.get(f"{YARD}objects/", match_version="all"))
    assert len(set(dates(world.reader, match_version="all"))) == len(found)


def test_61_next_is_good_for_this_question_alone__app_b(world: World) -> None:
    token = world.reader.get(f"{YARD}objects/", limit="2").json["next"]
    assert world.reader.get(f"{YARD}objects/", limit="3", next=token).status == 200
    stolen = [
        world.other.get("/exchange/collections/indicators/objects/", next=token),
        world.writer.get(f"{HARBOUR}objects/", next=token),
        world.reader.get(f"{YARD}objects/", next=token, match_type="indicator"),
        world.reader.get(f"{YARD}objects/", next=token, match_version="all"),
        world.reader.get(f"{YARD}objects/", next=token, added_after="2026-01-01T00:00:00Z"),
    ]
    assert [answer.status for answer in stolen] == [400] * 5


@pytest.mark.parametrize("place", range(0, 32, 5))
def test_61_a_forged_next_is_a_bad_request__app_b(world: World, place: int) -> None:
    token = world.reader.get(f"{YARD}objects/", limit="2").json["next"]
    forged = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
    assert world.reader.get(f"{YARD}objects/", limit="2", next=forged).status == 400
    assert world.reader.get(f"{YARD}objects/", limit="2", next=token[:place]).status == (400 if place else 200)


def test_62_after_a_deletion_the_next_page_may_be_empty__3_5(world: World) -> None:
    world.writer.post(f"{HARBOUR}objects/", indicator(6201), indicator(6202))
    asked = {"match_id": f"{indicator(6201)['id']},{indicator(6202)['id']}", "limit": "1"}
    page = world.writer.get(f"{HARBOUR}objects/", **asked)
    (left,) = {indicator(6201)["id"], indicator(6202)["id"]} - set(page.ids)
    world.writer.delete(f"{HARBOUR}objects/{left}/")
    rest = world.writer.get(f"{HARBOUR}objects/", **asked, next=page.json["next"])
    assert (rest.status, rest.body) == (200, b"{}")


@pytest.mark.parametrize("path", PATHS)
def test_63_every_list_has_next_and_an_empty_next_is_none__3_5(world: World, path: str) -> None:
    page = world.reader.get(path, match_version="all", limit="1")
    assert page.json["more"] is True
    assert page.json["next"]
    assert world.reader.get(path, match_version="all", limit="1", next="") == page


def test_64_next_survives_a_restart__3_5(world: World) -> None:
    page = world.reader.get(f"{YARD}objects/", limit="2")
    with ThreadPoolExecutor(max_workers=1) as pool:
        restarted = Partner(Exchange(pool), world.reader.username, world.reader.secret)
        answer = restarted.get(f"{YARD}objects/", limit="2", next=page.json["next"])
        pool.submit(connections.close_all).result()
    assert answer == world.reader.get(f"{YARD}objects/", limit="2", next=page.json["next"])
    assert answer.status == 200


def test_64_what_arrives_during_a_walk_comes_at_its_end__3_5(world: World) -> None:
    early, late = [indicator(6400 + n) for n in range(4)], [indicator(6410), indicator(6401, DAY_2)]
    world.writer.post(f"{HARBOUR}objects/", *early)
    page = world.writer.get(f"{HARBOUR}objects/", limit="1", match_version="all")
    before = world.writer.get(f"{HARBOUR}objects/", match_version="all")
    world.writer.post(f"{HARBOUR}objects/", *late)
    found = items(page)
    while page.json["more"]:
        page = world.writer.get(f"{HARBOUR}objects/", limit="1", match_version="all", next=page.json["next"])
        found += items(page)
    assert found[: len(items(before))] == items(before)
    arrived = {(one["id"], one["modified"]) for one in found[len(items(before)) :] if isinstance(one, dict)}
    assert arrived == {(indicator(6410)["id"], DAY_1), (indicator(6401)["id"], DAY_2)}
