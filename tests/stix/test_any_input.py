"""Whatever is sent, reading answers: accepted with a body that reads back the same, or refused with faults."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from comity.stix.canonical import NotCanonicalError
from comity.stix.objects import Accepted, Refused, read
from comity.stix.redaction import redact
from comity.stix.streams import objects

from .samples import GOOD, good, one, raw

RED = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"
NAMES = st.sampled_from(
    [
        "type",
        "id",
        "spec_version",
        "created",
        "modified",
        "revoked",
        "name",
        "selectors",
        "marking_ref",
        "lang",
        "extensions",
        "extension_type",
        "objects",
        "object_refs",
        "granular_markings",
        "object_marking_refs",
        "definition",
        "definition_type",
        "contents",
        "x_own",
        "hashes",
        "MD5",
    ]
)
_scalar = st.none() | st.booleans() | st.integers(-5, 2**54) | st.floats(allow_nan=False, allow_infinity=False)
_word = st.sampled_from(
    ["", "tool", "x", "2.1", "2026-01-02T03:04:05.000Z", one("tool"), one("identity"), RED, "a.[0]"]
)
_value: st.SearchStrategy[Any] = st.recursive(
    _scalar | _word | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.text(max_size=4), inner, max_size=4),
    max_leaves=8,
)


@st.composite
def spoilt(draw: st.DrawFn) -> dict[str, Any]:
    """Take a good object and put strange values at a few of its places, at any depth."""
    members = good(draw(st.sampled_from(sorted(GOOD))))
    if draw(st.booleans()):
        members["granular_markings"] = [{"marking_ref": RED, "selectors": [draw(st.sampled_from(sorted(members)))]}]
    for _ in range(draw(st.integers(1, 3))):
        holder: Any = members
        while True:
            if isinstance(holder, dict):
                step: Any = draw(st.sampled_from(sorted(holder)) | NAMES) if holder else draw(NAMES)
            else:
                step = draw(st.integers(0, len(holder) - 1))
            inner = holder[step] if isinstance(holder, list) or step in holder else None
            if isinstance(inner, (dict, list)) and inner and draw(st.booleans()):
                holder = inner
                continue
            holder[step] = draw(_value)
            break
    return members


@settings(max_examples=600, deadline=None)
@given(spoilt())
def test_aspoilt_object_is_accepted_for_good_or_refused_with_faults(members: dict[str, Any]) -> None:
    found = read(raw(members))
    if isinstance(found, Refused):
        assert found.faults
        assert all(fault.rule.startswith("STIX 2.1 §") and fault.says and fault.mend for fault in found.faults)
        return
    assert read(found.body) == found
    assert found.id == members["id"]
    kept = redact(found.body, frozenset({one("tool"), one("file")}), frozenset({"name", "x_own"}), drop_personal=True)
    assert kept is None or isinstance(read(kept), Accepted)


@settings(max_examples=200)
@given(_value)
def test_any_json_is_answered(value: Any) -> None:
    text = json.dumps(value).encode()
    assert isinstance(read(text), Refused)
    for item in objects("box", text):
        if isinstance(item, bytes):
            assert isinstance(read(item), Refused)


@given(st.binary(max_size=40))
def test_any_bytes_are_answered(data: bytes) -> None:
    assert isinstance(read(data), Refused)


@given(st.integers(0, 2_000), st.integers(0, 255))
def test_one_altered_byte_is_answered(place: int, byte: int) -> None:
    text = bytearray(raw(good("file")))
    text[place % len(text)] = byte
    found = read(bytes(text))
    assert isinstance(found, (Accepted, Refused))
    try:
        json.loads(bytes(text))
    except (ValueError, NotCanonicalError):
        assert isinstance(found, Refused)
