"""Receipts: they verify with the key alone, and nothing in them can change unnamed."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.ledger import entries, notes, receipts
from comity.ledger.entries import ItemRow
from comity.ledger.errors import Malformed
from comity.ledger.notes import Checkpoint
from comity.ledger.receipts import Receipt

from .test_notes import LOG, NEW, OLD, OTHER, key
from .world import AT, RING, grown, served, verify_signature

WORLD = grown()
INDEX = 5
OBJECTS = [served(50), served(51), served(52)]
RECEIPT = WORLD.receipt(INDEX)
DATA = receipts.encode(RECEIPT)


def failures(receipt: Receipt, objects: list[bytes] | None = None) -> dict[str, str]:
    """Verify, and give what failed by name."""
    report = receipts.verify(receipt, RING, verify_signature, objects)
    assert report.ok == (not report.failed)
    return {check.name: check.says for check in report.failed}


def test_a_receipt_verifies_with_the_key_alone_and_every_check_is_named() -> None:
    report = receipts.verify(receipts.decode(DATA), RING, verify_signature, OBJECTS)
    assert report.ok, report.in_words()
    assert [check.name for check in report.checks] == [
        "fingerprints", "checkpoint", "size", "entry", "index", "log", "inclusion", "signature", "items",
        "names", "objects",
    ]  # fmt: skip


@pytest.mark.parametrize("index", range(11))
def test_every_leaf_has_a_receipt_that_comes_back(index: int) -> None:
    receipt = WORLD.receipt(index)
    assert receipts.decode(receipts.encode(receipt)) == receipt
    assert failures(receipt) == {}


def test_a_receipt_is_one_line_that_a_person_can_read() -> None:
    document = json.loads(DATA)
    assert document["entry"]["request"] == "GET objects"
    assert document["form"] == "comity-receipt/1"
    assert b"\n" not in DATA
    raw = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert raw == DATA, "any writer of sorted, compact JSON restores the form"


def test_one_flipped_bit_in_any_byte_is_malformed_with_its_place_or_fails_a_named_check() -> None:
    for place in range(len(DATA)):
        for bit in range(8):
            changed = bytearray(DATA)
            changed[place] ^= 1 << bit
            assert noticed(bytes(changed)), f"bit {bit} of byte {place} went unnoticed"


def noticed(data: bytes) -> str:
    """Give what is said of a receipt: why it is malformed, or which checks fail."""
    try:
        return ", ".join(failures(receipts.decode(data)))
    except Malformed as error:
        return str(error)


def flip(value: bytes) -> bytes:
    """Flip one bit."""
    return bytes([value[0] ^ 4]) + value[1:]


def swapped(receipt: Receipt, place: int) -> Receipt:
    """Flip a bit of one proof hash."""
    proof = list(receipt.proof)
    proof[place] = flip(proof[place])
    return replace(receipt, proof=tuple(proof))


def other_root(text: str) -> str:
    """Put another root into a checkpoint, under the old signature."""
    lines = text.split("\n")
    return "\n".join([*lines[:2], base64.b64encode(bytes(32)).decode(), *lines[3:]])


ITEMS = RECEIPT.items or ()
NAMED: list[tuple[str, Receipt, set[str]]] = [
    ("entry", replace(RECEIPT, entry=RECEIPT.entry.replace(b"xa-cert-1", b"xa-cert-3")), {"entry", "inclusion"}),
    ("index", replace(RECEIPT, index=4), {"index", "inclusion"}),
    ("size", replace(RECEIPT, size=10), {"size"}),
    ("proof[0]", swapped(RECEIPT, 0), {"proof[0]", "inclusion"}),
    ("proof[3]", swapped(RECEIPT, 3), {"proof[3]", "inclusion"}),
    ("the root", replace(RECEIPT, checkpoint=other_root(RECEIPT.checkpoint)),
     {"checkpoint line 3", "inclusion", "signature"}),
    ("the head's size", replace(RECEIPT, checkpoint=RECEIPT.checkpoint.replace("\n11\n", "\n13\n")),
     {"checkpoint line 2", "size", "signature"}),
    ("a signature", replace(RECEIPT, checkpoint=RECEIPT.checkpoint[:-12] + "A" + RECEIPT.checkpoint[-11:]),
     {"checkpoint line 5", "signature"}),
    ("an item's digest", replace(
        RECEIPT, items=(ITEMS[0], ItemRow(ITEMS[1].id, ITEMS[1].version, flip(ITEMS[1].digest)), ITEMS[2])),
     {"items[1]", "items"}),
    ("an item's name", replace(RECEIPT, items=(ItemRow("x", ITEMS[0].version, ITEMS[0].digest), *ITEMS[1:])),
     {"items[0]", "names"}),
    ("the key", replace(RECEIPT, verifier=key(OTHER).text()), {"verifier"}),
]  # fmt: skip


@pytest.mark.parametrize(("what", "receipt", "names"), NAMED)
def test_damage_is_named_where_it_is(what: str, receipt: Receipt, names: set[str]) -> None:
    assert set(failures(receipt)) == names, what


@pytest.mark.parametrize("receipt", [case[1] for case in NAMED if case[0] != "the key"])
def test_a_forger_who_takes_fresh_fingerprints_fails_all_the_same(receipt: Receipt) -> None:
    assert failures(receipts.issue(receipt))
    assert failures(replace(receipt, fingerprints=None))


OBJECT_FAULTS: list[tuple[Callable[[], list[bytes]], set[str]]] = [
    (lambda: [OBJECTS[0], flip(OBJECTS[1]), OBJECTS[2]], {"objects[1]", "objects"}),
    (lambda: [OBJECTS[1], OBJECTS[0], OBJECTS[2]], {"objects[0]", "objects[1]", "objects"}),
    (lambda: OBJECTS[:2], {"objects"}),
    (lambda: [*OBJECTS, served(9)], {"objects"}),
]


@pytest.mark.parametrize(("objects", "names"), OBJECT_FAULTS)
def test_a_changed_missing_or_moved_object_is_named(objects: Callable[[], list[bytes]], names: set[str]) -> None:
    assert set(failures(RECEIPT, objects())) == names


def test_a_receipt_without_its_list_of_items_still_proves_the_objects() -> None:
    short = WORLD.receipt(INDEX, with_items=False)
    assert failures(short, OBJECTS) == {}
    assert "not what the entry commits to" in failures(short, [*OBJECTS[:2], served(1)])["objects"]


def test_a_forged_name_in_the_list_is_found_by_the_entry_or_else_by_the_object_itself() -> None:
    forged = receipts.issue(replace(RECEIPT, items=(ItemRow("indicator--x", AT, ITEMS[0].digest), *ITEMS[1:])))
    assert set(failures(forged)) == {"names"}
    assert set(failures(forged, OBJECTS)) == {"names", "objects[0]"}
    unnamed = grown(2).deliver(OBJECTS, named=False).receipt(2)
    assert failures(unnamed, OBJECTS) == {}
    relabelled = receipts.issue(replace(unnamed, items=forged.items))
    assert set(failures(relabelled)) == set()
    assert set(failures(relabelled, OBJECTS)) == {"objects[0]"}


def test_a_name_that_could_run_into_its_neighbour_is_refused() -> None:
    joined = receipts.issue(replace(RECEIPT, items=(ItemRow(f"{ITEMS[0].id} x", AT, ITEMS[0].digest), *ITEMS[1:])))
    assert failures(joined)["names"].startswith("items[0]: an id and a version hold no space")


def test_an_entry_without_items_cannot_vouch_for_any() -> None:
    refusal = WORLD.receipt(3)
    assert failures(refusal) == {}
    assert failures(refusal, []) == {"objects": "a refusal entry counts no items"}


def test_a_genuine_entry_does_not_pass_under_another_logs_genuine_head() -> None:
    note = notes.parse(RECEIPT.checkpoint)
    head = notes.checkpoint_of(note)
    other = notes.sign(Checkpoint("log/8", head.size, head.root), "log/8", key(NEW).public, NEW.sign)
    ring = notes.keyring([key(NEW), key(NEW, "log/8")])
    report = receipts.verify(receipts.issue(replace(RECEIPT, checkpoint=other)), ring, verify_signature)
    assert [check.name for check in report.failed] == ["log"]


def test_a_receipt_from_before_a_change_of_key_verifies_while_the_old_key_is_listed() -> None:
    old = notes.sign(notes.checkpoint_of(notes.parse(RECEIPT.checkpoint)), LOG, key(OLD).public, OLD.sign)
    receipt = receipts.issue(replace(RECEIPT, checkpoint=old))
    assert receipts.verify(receipt, notes.keyring([key(OLD), key(NEW)]), verify_signature).ok
    assert [check.name for check in receipts.verify(receipt, RING, verify_signature).failed] == ["signature"]


def test_what_makes_other_checks_impossible_fails_them_by_name_and_never_raises() -> None:
    ruined = replace(RECEIPT, entry=b"not an entry", checkpoint="not a note", index=99, fingerprints=None)
    assert set(failures(ruined, OBJECTS)) == {
        "checkpoint", "entry", "inclusion", "signature", "items", "objects",
    }  # fmt: skip


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
@settings(max_examples=200, deadline=None)
def test_any_other_bytes_are_malformed(data: bytes) -> None:
    with pytest.raises(Malformed, match="receipt: "):
        receipts.decode(data)


@given(st.lists(st.integers(0, 99), max_size=6))
@settings(max_examples=30, deadline=None)
def test_pages_of_any_length_verify(numbers: list[int]) -> None:
    objects = [served(number) for number in numbers]
    world = grown(2).deliver(objects).refuse()
    assert failures(receipts.decode(receipts.encode(world.receipt(2))), objects) == {}


def test_the_proof_is_also_written_as_other_logs_tools_read_it() -> None:
    lines = receipts.tlog_proof(RECEIPT).split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert base64.b64decode(lines[1].removeprefix("extra ")) == RECEIPT.entry
    assert lines[2] == f"index {INDEX}"
    assert [base64.b64decode(line) for line in lines[3:7]] == list(RECEIPT.proof)
    assert "\n".join(lines[7:]) == "\n" + RECEIPT.checkpoint
    assert entries.decode(RECEIPT.entry).index == INDEX
