"""What is accepted at once comes to what the checks alone make of it; what they refuse is never accepted at once."""

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings

from comity.stix.at_once import at_once
from comity.stix.kinds import KINDS
from comity.stix.objects import Accepted, read, read_by_checks
from comity.stix.properties import Group

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
OFTEN = 260
"""So often an object is given that a form of its own is written for its shape."""
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


def agrees(text: bytes) -> bool:
    """Check one text; tell whether it was accepted at once."""
    found = at_once(text)
    if found is not None:
        assert found == read_by_checks(text), text
    return found is not None


def test_every_edit_of_every_type_comes_to_the_same() -> None:
    taken = sum(agrees(text) for text in edits())
    assert taken > 5_000


def test_every_way_of_writing_comes_to_the_same() -> None:
    assert sum(agrees(form) for kind in GOOD for form in forms(raw(good(kind)))) > 2 * len(GOOD)


@settings(max_examples=600, deadline=None)
@given(spoilt())
def test_a_spoilt_object_comes_to_the_same(members: dict[str, Any]) -> None:
    agrees(raw(members))
    agrees(json.dumps(members, separators=(",", ":"), sort_keys=True).encode())


def test_more_shapes_than_are_remembered_come_to_the_same() -> None:
    assert all(agrees(raw(good("tool") | {f"x_{number}": number})) for number in range(1_100))


def test_two_good_objects_mixed_come_to_the_same() -> None:
    chance = random.Random(5)
    for _ in range(4_000):
        this, other = good(chance.choice(sorted(GOOD))), good(chance.choice(sorted(GOOD)))
        taken = {name: other[name] for name in chance.sample(sorted(other), chance.randint(0, len(other)))}
        agrees(raw(this | taken))


@pytest.mark.parametrize("kind", sorted(GOOD))
def test_a_plain_object_is_accepted_at_once(kind: str) -> None:
    members = {name: value for name, value in good(kind).items() if name not in {"extensions", "granular_markings"}}
    plain = raw(members)
    if KINDS[kind].group is not Group.META and isinstance(read(plain), Accepted) and kind != "location":
        assert at_once(plain) == read_by_checks(plain)
        assert at_once(plain) is not None
