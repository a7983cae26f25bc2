"""Splitting what people send: every form gives the same objects, and a fault names the line or the position."""

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.stix.faults import Fault
from comity.stix.objects import Accepted, read
from comity.stix.streams import objects

from .samples import GOOD, good, raw

SOME = [good("tool"), good("url"), good("note")]
BUNDLE = {"type": "bundle", "id": "bundle--11111111-2222-4333-8444-555555555555", "objects": SOME}


def split(data: bytes) -> list[Any]:
    return [item if isinstance(item, Fault) else json.loads(item) for item in objects("box", data)]


def faults(data: bytes) -> list[str]:
    return [item.path for item in objects("box", data) if isinstance(item, Fault)]


FORMS = {
    "bundle": raw(BUNDLE),
    "bundle, indented": json.dumps(BUNDLE, indent=2).encode(),
    "envelope": raw({"more": False, "objects": SOME}),
    "array": raw(SOME),
    "array, indented": json.dumps(SOME, indent=1).encode(),
    "lines": b"\n".join(map(raw, SOME)),
    "lines, of Windows": b"\r\n".join(map(raw, SOME)) + b"\r\n",
    "lines, with gaps": b"\n\n" + b"\n \n".join(map(raw, SOME)) + b"\n\n",
    "lines, marked": b"\xef\xbb\xbf" + b"\n".join(map(raw, SOME)),
    "bundles a line": b"\n".join(raw({**BUNDLE, "objects": [one]}) for one in SOME),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_objects(form: str) -> None:
    assert split(FORMS[form]) == SOME


def test_one_object_is_itself() -> None:
    assert split(raw(SOME[0])) == SOME[:1]
    assert split(json.dumps(SOME[0], indent=4).encode()) == SOME[:1]


def test_a_custom_object_may_have_objects_of_its_own() -> None:
    held = {**good("observed-data"), "objects": {"0": {"type": "url", "value": "x"}}}
    assert split(raw(held)) == [held]
    assert split(raw(held) + b"\n" + raw(held)) == [held, held]


def test_empty_packages_give_nothing() -> None:
    assert split(b"{}") == [{}]
    assert split(b"[]") == []
    assert split(b'{"more": false}') == []
    assert split(raw({k: v for k, v in BUNDLE.items() if k != "objects"})) == []


@settings(max_examples=150)
@given(st.sampled_from(sorted(FORMS)), st.lists(st.integers(0, 4000), max_size=6))
def test_the_chunks_a_file_comes_in_do_not_matter(form: str, cuts: list[int]) -> None:
    data = FORMS[form]
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    chunks = [data[start:end] for start, end in pairwise(places)]
    assert list(objects("box", chunks)) == list(objects("box", data))


def test_lines_are_read_as_they_are_asked_for() -> None:
    taken = []

    def lines() -> Iterator[bytes]:
        for number in range(1_000):
            taken.append(number)
            yield raw({**good("url"), "x_number": number}) + b"\n"

    source = objects("box", lines())
    for _ in range(3):
        next(source)
    assert len(taken) < 10


@pytest.mark.parametrize(
    ("data", "places"),
    [
        (b"", ["box"]),
        (b" \n ", ["box"]),
        (b"nonsense", ["box"]),
        (b'{"type": "bundle"', ["box"]),
        (b'"text"', ["box"]),
        (b"[1, 2]", ["box: [0]", "box: [1]"]),
        (raw({"type": "bundle", "objects": []}), ["box: id"]),
        (raw({**BUNDLE, "id": "bundle--1"}), ["box: id"]),
        (raw({**BUNDLE, "id": good("tool")["id"]}), ["box: id"]),
        (raw({**BUNDLE, "objects": {}}), ["box: objects"]),
        (raw({**BUNDLE, "objects": [SOME[0], 5, None, SOME[1]]}), ["box: objects.[1]", "box: objects.[2]"]),
        (raw(SOME[0]) + b"\n[\n" + raw(SOME[1]), ["box, line 2"]),
        (raw(SOME[0]) + b"\n\nrubbish\n" + raw(SOME[1]) + b"\n7", ["box, line 3", "box, line 5"]),
        (b"[" * 100_000, ["box"]),
        (b"\xff\xfe{}", ["box"]),
        (b'{"type": "\xff"}', []),
    ],
)
def test_faults_name_the_line_or_the_position(data: bytes, places: list[str]) -> None:
    assert faults(data) == places


def test_a_bad_line_does_not_stop_the_good_ones() -> None:
    data = raw(SOME[0]) + b'\n{"cut": \n' + raw(SOME[1])
    read_back = [read(item) for item in objects("box", data) if not isinstance(item, Fault)]
    assert [isinstance(item, Accepted) for item in read_back] == [True, False, True]


@settings(max_examples=200)
@given(st.binary(max_size=60) | st.sampled_from([b"{", b"[", b'{"objects":', b'{"type":"bundle"}']))
def test_nothing_raises(data: bytes) -> None:
    for item in objects("box", data):
        if not isinstance(item, Fault):
            read(item)


def test_all_types_go_through() -> None:
    everything = list(GOOD.values())
    assert split(raw({**BUNDLE, "objects": everything})) == everything
