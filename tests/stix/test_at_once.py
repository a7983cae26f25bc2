"""What is accepted at once comes to what the checks alone make of it; what they refuse is never accepted at once."""

import json
import random
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.stix.at_once import at_once
from comity.stix.kinds import KINDS
from comity.stix.objects import Accepted, read
from comity.stix.properties import Group
from comity.stix.timestamps import EPOCH, MICROSECOND, instant, plain, timestamp

from .samples import GOOD, LATER, T, U, good, one, raw
from .test_any_input import spoilt

STRANGE: tuple[Any, ...] = (
    None, True, 0, -1, 1.0, 1.5, 1e22, 2**53, -(2**53), 10**30, "", "x", [], [None], ["x"], ["x", 1], {}, {"x": 1},
    [{"x_own": 1.5}], [[["deep"]]], {"A": one("tool")}, {one("tool"): 1}, one("tool"), [one("tool")],
    f"a--{one('tool')}", f'"{one("tool")}', f'{one("tool")}"', f'\\"{one("tool")}', f"-{one('tool')}", f"-{T}",
    {"A": {"extension-definition--" + U: one("extension-definition")}, "B": [one("x-own")]}, ["-- --", one("tool")],
    one("marking-definition"), [one("marking-definition")], one("identity"), f"tool--{U.upper()}", f"{one('tool')}\n",
    T, "2026-01-02T03:04:05Z", "2026-01-02t03:04:05.000Z", "2026-01-02 03:04:05.000Z", "2026-01-02T03:04:05.000z",
    "2026-01-02T03:04:05.000+00:00", "2026-02-30T03:04:05.000Z", "2026-12-31T23:59:60.000Z", "0000-01-02T03:04:05.000Z",
    "2026-01-02T03:04:05.0000001Z", "2026-01-02T03:04:05.1234567Z", "2025-01-02T03:04:05.000Z", LATER, "deliberately",
    "[file:name = 'a']", "2.0", "2.1", "é", "\u2028", "high", "d41d8cd98f00b204e9800998ecf8427e",
    [{"source_name": "a"}], [{"source_name": "a", "url": "b"}], [{"source_name": "a", "x_own": "b", "url": "c"}],
    [{"kill_chain_name": "a"}], [{"kill_chain_name": "a", "phase_name": "b"}],
    {"MD5": "d41d8cd98f00b204e9800998ecf8427e"},
    {"MD5": "d41d"}, {"SSDEEP": "3:a:b"}, {"SHA-256": "a" * 64, "MD5": "A" * 32}, 100, 101, 10**9,
)  # fmt: skip
OFTEN = 5
"""So often an object is given that a form is written for what it has."""
NAMES = ("x_own", "X_Own", "xo", "é_own", "derived_from_ref", "x_derived_from_refs", "severity", "labels", "lang",
         "extensions", "created_by_ref", "modified", "revoked", "object_refs", one("tool"))  # fmt: skip


def edits() -> Iterator[bytes]:
    """Give the good object of every type with each property it has, and some it has not, set to each strange value."""
    for kind in GOOD:
        yield from [raw(good(kind))] * OFTEN
        for name in {*GOOD[kind], *KINDS[kind].properties, *NAMES}:
            for value in STRANGE:
                yield raw(good(kind) | {name: value})
            yield raw({key: value for key, value in good(kind).items() if key != name})


def forms(text: bytes) -> Iterator[bytes]:
    """Give other writings of one text: spaced, escaped, with a member twice, with marks that only look like members."""
    members = json.loads(text)
    yield json.dumps(members, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()
    yield json.dumps(members, indent=2).encode()
    yield text[:-1] + b', "name": "again"}'
    yield text[:-1] + b',"\\u006eame":"again"}'
    yield text[:-1] + b', "x_own": "\\u0022name\\u0022"}'
    yield text.replace(b'"type"', b'"\\u0074ype"')
    yield text.replace(b"0", b"0.0", 1)


def agrees(*texts: bytes) -> int:
    """Check texts that are judged together; tell how many were accepted at once."""
    found = at_once(texts)
    for text, each in zip(texts, found, strict=True):
        assert each is None or each == read(text), text
    return len(texts) - found.count(None)


def together(texts: Iterable[bytes], many: int = 200) -> int:
    """Check texts in lots, good and bad as they come; tell how many were accepted at once."""
    every = iter(texts)
    return sum(agrees(*lot) for lot in iter(lambda: list(islice(every, many)), []))


def test_every_edit_of_every_type_comes_to_the_same() -> None:
    assert together(edits()) > 5_000


def test_every_way_of_writing_comes_to_the_same() -> None:
    assert together(form for kind in GOOD for form in forms(raw(good(kind)))) > 2 * len(GOOD)


@settings(max_examples=600, deadline=None)
@given(spoilt())
def test_a_spoilt_object_comes_to_the_same(members: dict[str, Any]) -> None:
    agrees(raw(members), json.dumps(members, separators=(",", ":"), sort_keys=True).encode())


def test_two_good_objects_mixed_come_to_the_same() -> None:
    chance = random.Random(5)

    def mixed() -> Iterator[bytes]:
        for _ in range(4_000):
            this, other = good(chance.choice(sorted(GOOD))), good(chance.choice(sorted(GOOD)))
            taken = chance.sample(sorted(other), chance.randint(0, len(other)))
            yield raw(this | {name: other[name] for name in taken})

    together(mixed())


def test_one_in_doubt_leaves_the_others_as_they_are() -> None:
    tools = [raw(good("tool") | {"id": one("tool", number)}) for number in range(300)]
    agrees(*tools)
    wrongs: tuple[dict[str, Any], ...] = ({"created": T[1:]}, {"aliases": []}, {"created_by_ref": one("tool")})
    for wrong in wrongs:
        spoilt_one = raw(good("tool") | wrong)
        agrees(*[spoilt_one] * OFTEN)
        found = at_once([*tools[:150], spoilt_one, *tools[150:]])
        assert [place for place, each in enumerate(found) if each is None] == [150]


@pytest.mark.parametrize("value", [1, True, "x", ["x"], [], ["x", 1], [["x"]], [{"own": "x"}], {"own": ["x"]}])
@pytest.mark.parametrize("then", [2, False, one("identity"), [one("identity")], [{"own": one("identity")}], {}, 1.5])
def test_a_custom_property_of_another_type_than_it_was_met_as_comes_to_the_same(value: object, then: object) -> None:
    both = [raw(good("incident") | {"x_own": each}) for each in (value, then)]
    for texts in (both[:1], both[1:], both, both[::-1]):
        for _ in range(OFTEN):
            agrees(*texts)


def test_more_properties_than_a_form_has_and_more_types_than_have_one_come_to_the_same() -> None:
    together(raw(good("tool") | {f"x_{number}": number}) for number in range(600))
    assert agrees(*[raw(good("tool"))] * 2 * OFTEN) > 0
    together(raw(good("tool") | {"type": f"x-{number}", "id": one(f"x-{number}")}) for number in range(600))
    assert agrees(*[raw(good("tool"))] * 2 * OFTEN) > 0


@given(st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{0,7})?Z", fullmatch=True)
       | st.sampled_from([text for text in STRANGE if isinstance(text, str)])
       | st.builds(lambda text, place, sign: text[:place] + sign + text[place + 1 :], st.just(T), st.integers(0, 23),
                   st.sampled_from("0123456789-:.,+ TtZzW\u0661")))  # fmt: skip
def test_a_plain_timestamp_is_one(text: str) -> None:
    found = plain([text], 20)
    if found is not None:
        assert not timestamp(text)
        assert (found[0] - EPOCH) // MICROSECOND == instant(text)


def test_the_end_of_a_day_is_no_plain_timestamp() -> None:
    assert plain(["2026-01-02T24:00:00.000Z"], 20) is None
    assert plain([T, LATER], 20) is not None


@pytest.mark.parametrize("kind", sorted(GOOD))
def test_a_plain_object_is_accepted_at_once(kind: str) -> None:
    members = {name: value for name, value in good(kind).items() if name not in {"extensions", "granular_markings"}}
    text = raw(members)
    if KINDS[kind].group is not Group.META and isinstance(read(text), Accepted) and kind != "location":
        assert agrees(*[text] * OFTEN, *[text] * OFTEN) >= OFTEN
