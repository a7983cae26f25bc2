"""Cut into blocks of any size, a text gives what it gives when read whole; what breaks off is told."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.stix.blocks import Block, BrokenError, blocks, opened
from comity.stix.faults import Fault
from comity.stix.streams import objects

from .samples import GOOD, good, raw

MANY = [good(kind) | {"x_number": number} for number in range(4) for kind in GOOD]
NESTED = [
    good("tool") | {"x_list": [{"type": "a"}, {"type": "b"}, {"type": '},{"type":"'}], "x_text": ']},{"type": "url"}]'}
    for _ in range(40)
]
BUNDLE = {"type": "bundle", "id": "bundle--11111111-2222-4333-8444-555555555555", "objects": MANY}
TEXTS = {
    "bundle": raw(BUNDLE),
    "bundle, indented": json.dumps(BUNDLE, indent=2).encode(),
    "bundle, sorted": json.dumps(BUNDLE, sort_keys=True).encode(),
    "bundle, compact, of nested lists": json.dumps({**BUNDLE, "objects": NESTED}, separators=(",", ":")).encode(),
    "bundle with no id": raw({"type": "bundle", "objects": MANY}),
    "envelope": raw({"more": True, "next": "]}", "objects": MANY}),
    "envelope, its list first": raw({"objects": MANY, "more": False, "next": "x"}),
    "envelope, marked": b"\xef\xbb\xbf \n" + raw({"objects": MANY}),
    "array": b" " + raw(MANY) + b"\n\n",
    "array, indented": json.dumps(NESTED, indent=1).encode(),
    "array of other things": raw([1, *MANY, "a", *MANY, [MANY[0]], None]),
    "lines": b"\n".join(map(raw, MANY)),
    "lines, with gaps and faults": b"\n\n" + b"\n \nrubbish\n".join(map(raw, MANY)) + b"\n\n",
    "bundles a line": b"\n".join(raw({**BUNDLE, "objects": [one]}) for one in MANY),
    "one object": raw(good("report") | {"object_refs": [good("tool")["id"]] * 100}),
    "empty bundle": raw({**BUNDLE, "objects": []}) + b" " * 500,
}
BROKEN = {
    "cut off in the list": TEXTS["bundle"][:-400],
    "cut off after the list": TEXTS["bundle"][:-1],
    "with more after it": TEXTS["bundle"] + b"{}",
    "a list and more after it": TEXTS["array"] + b"]",
    "a wrong byte in the midst": TEXTS["bundle"][:9000] + b"\x00" + TEXTS["bundle"][9000:],
    "an object with a list of objects": raw(good("observed-data") | {"objects": MANY}),
    "two lists": TEXTS["bundle"][:-1] + b', "objects": [{}]}',
}


def pieces(text: bytes, length: int) -> Iterator[bytes]:
    return (text[start : start + length] for start in range(0, len(text), length))


def given_by(text: bytes, size: int, length: int) -> list[bytes | Fault]:
    found: list[bytes | Fault] = []
    for block in blocks("box", pieces(text, length), size):
        found += opened(block) if isinstance(block, Block) else [block]
    return found


def in_order(found: list[Any]) -> list[Any]:
    """Put what is said of a package itself last: a long one's end is read last."""
    read = [one if isinstance(one, Fault) else json.loads(one) for one in found]
    return sorted(read, key=lambda one: isinstance(one, Fault) and one.path == "box: id")


@pytest.mark.parametrize("form", TEXTS)
@pytest.mark.parametrize("size", [300, 1_000, 7_777])
def test_blocks_give_what_the_whole_gives(form: str, size: int) -> None:
    text = TEXTS[form]
    whole = in_order(list(objects("box", text)))
    for length in (1 << 20, 997):
        assert in_order(given_by(text, size, length)) == whole


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(TEXTS)), st.integers(800, 30_000), st.integers(1, 5_000))
def test_no_size_of_blocks_matters(form: str, size: int, length: int) -> None:
    assert in_order(given_by(TEXTS[form], size, length)) == in_order(list(objects("box", TEXTS[form])))


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_text_is_told(how: str) -> None:
    with pytest.raises(BrokenError, match=r"^box: "):
        given_by(BROKEN[how], 2_000, 500)


def test_blocks_are_of_the_size_that_was_asked_for() -> None:
    for form in ("bundle", "array, indented", "lines"):
        sizes = [len(one.text) for one in blocks("box", pieces(TEXTS[form] * 1, 512), 4_000) if isinstance(one, Block)]
        assert len(sizes) > 3
        assert max(sizes) < 6_000


def test_what_is_too_large_to_hold_is_told() -> None:
    one = raw(good("tool") | {"description": "x" * 9_000})
    for text in (one, b"[" + one + b"," + one + b"]", raw(good("tool")) + b"\n" + one):
        with pytest.raises(BrokenError):
            list(blocks("box", pieces(text, 100), 500, 4_000))
