"""Entries: one form, readable, and exact about what may stand in it."""

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.ledger import canonical, entries
from comity.ledger.entries import Delivery, Entry, Ground, ItemRow, Kind
from comity.ledger.errors import Malformed

AT = "2026-11-23T10:00:00.000000Z"
HASH = "0123456789abcdef" * 4
HEAD: dict[str, Any] = {"v": 1, "log": "cirt.example/log/7", "index": 17, "at": AT}
ANSWER: dict[str, Any] = {
    "credential": "xa-cert-1",
    "request": "GET objects after=é",
    "collection": "c1",
    "count": 3,
    "items": HASH,
    "grounds": [{"agreement": "mou-xa", "clause": "3.1", "count": 3}],
}
ONE_OF_EACH: dict[str, dict[str, Any]] = {
    "delivery": ANSWER,
    "manifest": ANSWER,
    "versions": ANSWER,
    "received": ANSWER,
    "refusal": {"credential": "xa-cert-1", "request": "POST objects", "reason": "no right to write"},
    "recall": {"recall": "r1", "step": "issued", "reason": "in error", "count": 1, "items": HASH},
    "consent": {"consent": "k1", "step": "given", "agreement": "mou-xa", "clause": "5", "subject": "onward to XB"},
    "policy": {"agreement": "mou-xa", "event": "suspended", "effective_on": "2026-12-01", "document": HASH},
    "key": {"step": "active", "verifier": "cirt.example/log/7+00000000+AQ=="},
    "message": {"message": "3b241101-e2bb-4255-8caf-4136c566a962", "about": "request", "step": "sent",
                "road": "exchange", "document": HASH},
    "head": {"head": {"log": "cirt.example/log/7", "size": 17, "root": HASH}},
}


def written(kind: str, **changed: object) -> bytes:
    """Write an entry of a kind by hand, with an independent writer, fields changed or (given None) left out."""
    fields = {"kind": kind, **HEAD, **ONE_OF_EACH[kind], **changed}
    return rfc8785.dumps({name: value for name, value in fields.items() if value is not None})


def test_there_is_an_example_of_every_kind() -> None:
    assert set(ONE_OF_EACH) == {kind.value for kind in Kind}


@pytest.mark.parametrize("kind", ONE_OF_EACH)
def test_every_kind_comes_back_and_is_written_as_rfc_8785_says(kind: str) -> None:
    data = written(kind)
    assert entries.encode(entries.decode(data)) == data


@pytest.mark.parametrize("kind", ONE_OF_EACH)
def test_no_field_may_be_missing_unknown_or_written_otherwise(kind: str) -> None:
    for field in {*HEAD, *ONE_OF_EACH[kind]}:
        with pytest.raises(Malformed, match=f"missing required field `{field}`"):
            entries.decode(written(kind, **{field: None}))
    with pytest.raises(Malformed, match="unknown field `extra`"):
        entries.decode(written(kind, extra=1))
    data = written(kind)
    for loose in (json.dumps(json.loads(data)).encode(), b" " + data, data + b"\n", data[:-1] + b',"v":1}'):
        with pytest.raises(Malformed, match=r"byte .* is not as the ledger writes it"):
            entries.decode(loose)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"v": 2}, "Invalid enum value 2"),
        ({"index": -1}, "Expected `int` >= 0"),
        ({"index": 2**53}, "int"),
        ({"index": 1.5}, "Expected `int`, got `float`"),
        ({"at": "2026-11-23T10:00:00Z"}, r"\$.at"),
        ({"at": AT + "\n"}, r"\$.at"),
        ({"items": HASH.upper()}, r"\$.items"),
        ({"request": "GET\u0000"}, r"entry.request: character 3 is U\+0000"),
        ({"request": "GET\u007f"}, r"U\+007F"),
        ({"log": True}, "Expected `str`, got `bool`"),
        ({"kind": "gossip"}, "Invalid value 'gossip'"),
        ({"by_item": [[1, 3]]}, "no ground 1 among 1"),
        ({"by_item": [[0, 2]]}, "do not match"),
        ({"by_item": [[0, 0], [0, 3]]}, ">= 1"),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(changed: dict[str, object], says: str) -> None:
    fields = {"kind": "delivery", **HEAD, **ANSWER, **changed}
    data = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    with pytest.raises(Malformed, match=says):
        entries.decode(data)


def test_bytes_that_are_no_text_are_refused() -> None:
    for broken in (b"", b"\xff", written("delivery").replace(b"GET", b"GE\xff"), b"[]", b"[" * 10_000):
        with pytest.raises(Malformed, match="entry: "):
            entries.decode(broken)


def test_an_entry_with_a_lone_surrogate_is_not_written() -> None:
    with pytest.raises(Malformed, match=r"entry.request: character 0 is U\+D800"):
        entries.encode(_delivery(request="\ud800"))


def test_a_page_is_hashed_over_its_items_in_their_order() -> None:
    served = [b'{"id":"a"}', b'{"id":"b"}']
    digests = [entries.item_digest(item) for item in served]
    by_hand = hashlib.sha256(b"".join(hashlib.sha256(item).digest() for item in served)).hexdigest()
    assert entries.items_hash(digests) == by_hand != entries.items_hash(reversed(digests))
    assert entries.items_hash([]) == hashlib.sha256(b"").hexdigest()
    with pytest.raises(Malformed, match="item a: a digest of 3 bytes"):
        ItemRow("a", "v", b"abc")


CLAUSES = [("mou-xa", "3.1"), ("mou-xa", "3.2"), ("region", "2")]


def test_a_page_on_one_ground_names_it_and_no_more() -> None:
    rows = [ItemRow("a", "v", bytes(32), 1)] * 3
    assert entries.grounds_of(rows, CLAUSES) == ((Ground("mou-xa", "3.2", 3),), ())
    assert entries.grounds_of([], CLAUSES) == ((), ())


@given(st.lists(st.integers(0, 2), max_size=40))
@settings(max_examples=100, deadline=None)
def test_each_items_ground_can_be_read_back(places: list[int]) -> None:
    grounds, by_item = entries.grounds_of([ItemRow("a", "v", bytes(32), place) for place in places], CLAUSES)
    assert {(ground.agreement, ground.clause) for ground in grounds} == {CLAUSES[place] for place in places}
    runs = by_item or ((0, len(places)),)
    told = [(grounds[ground].agreement, grounds[ground].clause) for ground, length in runs for _ in range(length)]
    assert told == [CLAUSES[place] for place in places]
    entry = _delivery(count=len(places), grounds=grounds, by_item=by_item)
    assert entries.decode(entries.encode(entry)) == entry


def test_a_moment_is_written_in_utc_with_six_decimals() -> None:
    east = datetime(2026, 11, 23, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    assert entries.moment(east) == AT == entries.moment(datetime(2026, 11, 23, 10, tzinfo=UTC))
    with pytest.raises(Malformed, match="no time zone"):
        entries.moment(datetime(2026, 11, 23, 10))  # noqa: DTZ001 - what is refused


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
values = st.recursive(
    st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(values)
@settings(max_examples=200, deadline=None)
def test_the_subset_is_written_as_an_independent_writer_of_rfc_8785_does(value: object) -> None:
    canonical.plain(value, "value")
    assert canonical.encode(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"a": [1, 1.5]}, r"value.a\[1\]: 1.5 is not"),
        ({"a": {"b": None}}, "value.a.b: None is not"),
        ([True], r"value\[0\]: True is not"),
        (2**53, "beyond 53 bits"),
        ({"é": 1}, "the key 'é': only ASCII"),
        ("a\tb", r"character 1 is U\+0009"),
    ],
)
def test_what_two_programs_could_write_differently_is_outside_the_subset(value: object, says: str) -> None:
    with pytest.raises(Malformed, match=says):
        canonical.plain(value, "value")


def _delivery(**changed: object) -> Entry:
    """Make a delivery, fields changed."""
    fields = {**HEAD, **ANSWER, "grounds": (), "count": 0, **changed}
    return Delivery(**fields)  # type: ignore[arg-type]


def test_a_form_writes_the_leaf_for_any_moment_and_index() -> None:
    said = {
        "v": 1, "log": "comity/BS/XA", "credential": 'a "index":3,', "request": '"at":"1970-01-01T00:00:00.000000Z"',
        "collection": "c", "count": 2, "items": "0" * 64, "grounds": (entries.Ground("a", "b", 2),),
    }  # fmt: skip
    first = entries.Delivery(index=3, at="1970-01-01T00:00:00.000000Z", **said)  # type: ignore[arg-type]
    other = entries.Delivery(index=77, at="2026-11-24T01:02:03.000004Z", **said)  # type: ignore[arg-type]
    assert entries.form(first).leaf(other.at, other.index) == entries.encode(other)
    assert entries.form(other).leaf(first.at, first.index) == entries.encode(first)


def test_grounds_in_runs_are_those_of_the_rows_one_by_one() -> None:
    clauses = [("a", "1"), ("b", "2"), ("", "public")]
    runs = [(clauses[0], 2), (clauses[1], 1), (clauses[1], 3), (clauses[0], 1), (clauses[2], 4)]
    rows = [entries.ItemRow("i", "v", bytes(32), clauses.index(clause)) for clause, count in runs for _ in range(count)]
    assert entries.grounds_in_runs(runs) == entries.grounds_of(rows, clauses)
    assert entries.grounds_in_runs(runs[:1]) == ((entries.Ground("a", "1", 2),), ())
