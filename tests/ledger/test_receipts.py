"""A partner holds a receipt: whole, it verifies with nothing but a key; changed in one bit, it says where."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.ledger import entries, receipts, tree
from comity.ledger.errors import Malformed
from comity.ledger.receipts import Growth, Item, Receipt
from comity.ledger.reports import Report

from . import naive
from .signing import LOG, OURS, Key, delivery, genuine, log_of, objects, receipt

SERVED = objects(3)
RECEIPT = receipt(served=SERVED)
RING = OURS.ring()


def failed(report: Report) -> list[str]:
    return [check.name for check in report.failed]


def test_a_whole_receipt_verifies_offline_with_the_partners_key_and_the_objects_it_got() -> None:
    text = RECEIPT.encode()
    report = receipts.verify_text(text, RING, genuine, SERVED)
    assert report.ok, report.in_words()
    assert [check.name for check in report.checks] == [
        "form", "checkpoint", "entry", "size", "index", "log", "proof", "items", "names", "objects",
    ]  # fmt: skip
    assert receipts.decode(text) == RECEIPT
    assert receipts.verify_text(text + b"\n", RING, genuine, SERVED).ok, "as an editor saves it"


def test_the_entry_stands_in_the_text_as_the_very_bytes_that_were_hashed() -> None:
    assert b'"entry":' + RECEIPT.entry + b"," in RECEIPT.encode()


def test_the_receipt_of_every_entry_in_logs_of_many_sizes_verifies() -> None:
    for size in (1, 2, 3, 5, 8, 13):
        for index in range(size):
            assert receipts.verify(receipt(index, size, SERVED[:1]), RING, genuine).ok


@pytest.mark.parametrize("bit", range(8))
def test_one_flipped_bit_anywhere_in_the_text_is_found_and_named(bit: int) -> None:
    text = receipt(1, 3, SERVED[:2]).encode()
    for place in range(len(text)):
        hit = text[:place] + bytes([text[place] ^ 1 << bit]) + text[place + 1 :]
        report = receipts.verify_text(hit, RING, genuine, SERVED[:2])
        assert not report.ok, f"byte {place}: {text[place : place + 1]!r} became {hit[place : place + 1]!r}"
        assert all(check.name and check.says for check in report.failed)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_one_flipped_bit_anywhere_in_an_object_is_found_and_the_object_named(data: st.DataObject) -> None:
    which = data.draw(st.integers(0, 2))
    bit = data.draw(st.integers(0, len(SERVED[which]) * 8 - 1))
    hit = bytearray(SERVED[which])
    hit[bit // 8] ^= 1 << bit % 8
    report = receipts.verify(RECEIPT, RING, genuine, [*SERVED[:which], bytes(hit), *SERVED[which + 1 :]])
    assert failed(report) == ["objects"]
    assert f"object {which} (note--" in report.failed[0].says


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"entry": entries.encode(delivery(4, SERVED[:2]))}, ["proof", "items", "names"]),
        ({"entry": entries.encode(delivery(5, SERVED))}, ["index", "proof"]),
        ({"entry": entries.encode(delivery(4, SERVED, log="comity/bs/xb"))}, ["log", "proof"]),
        ({"entry": b'{"kind":"gift"}'}, ["entry", "proof"]),
        ({"index": 3}, ["index", "proof"]),
        ({"size": 6}, ["size", "proof"]),
        ({"size": 4}, ["size", "proof"]),
        ({"proof": RECEIPT.proof[1:]}, ["proof"]),
        ({"proof": (*RECEIPT.proof, bytes(32))}, ["proof"]),
        ({"proof": (bytes(32), *RECEIPT.proof[1:])}, ["proof"]),
        ({"checkpoint": RECEIPT.checkpoint.replace("7\n", "8\n", 1)}, ["checkpoint", "size"]),
        ({"checkpoint": RECEIPT.checkpoint.replace("comity", "amity")}, ["checkpoint", "log"]),
        ({"checkpoint": "I, the undersigned"}, ["checkpoint", "checkpoint form"]),
        ({"checkpoint": Key("theirs").head(7, bytes(32))}, ["checkpoint", "proof"]),
        ({"items": RECEIPT.items[:2] if RECEIPT.items else None}, ["items", "names"]),
        ({"items": tuple(reversed(RECEIPT.items or ()))}, ["items", "names"]),
        ({"items": tuple(replace(item, version="") for item in RECEIPT.items or ())}, ["names"]),
    ],
)
def test_whatever_was_changed_is_named_and_the_rest_is_still_checked(
    change: dict[str, object], names: list[str]
) -> None:
    changed = replace(RECEIPT, **change)  # type: ignore[arg-type]
    assert failed(receipts.verify(changed, RING, genuine)) == names


def test_a_receipt_that_its_issuer_did_not_sign_is_refused_though_it_brings_a_key_of_its_own() -> None:
    forger = Key("forger")
    frontier, fetch = naive.grown(log_of(3))
    forged = Receipt(
        log_of(3)[1], 1, 3, tree.inclusion_proof(1, 3, fetch), forger.head(3, frontier.root()), None, (forger.named(),)
    )
    report = receipts.verify_text(forged.encode(), RING, genuine)
    assert failed(report) == ["checkpoint"]
    assert f"known: {LOG}+{OURS.named().key_id.hex()}" in report.failed[0].says
    assert receipts.verify_text(forged.encode(), None, genuine).ok, (
        "with the key it brought, it only proves itself whole"
    )


def test_without_any_key_nothing_is_proven() -> None:
    bare = replace(RECEIPT, verifiers=())
    assert failed(receipts.verify_text(bare.encode(), None, genuine)) == ["checkpoint"]


def test_names_that_the_entry_does_not_bind_are_refused_and_a_list_of_bare_digests_is_not() -> None:
    bare = receipt(served=SERVED, named=False)
    assert receipts.verify(bare, RING, genuine, SERVED).ok
    named = replace(bare, items=RECEIPT.items)
    assert failed(receipts.verify(named, RING, genuine)) == ["names"]
    spaced = receipt(0, 1, SERVED[:1])
    shifted = replace(
        spaced, items=tuple(Item(i.digest, f"{i.id} {i.version}"[:-1], i.version[-1]) for i in spaced.items or ())
    )
    assert failed(receipts.verify(shifted, RING, genuine)) == ["names"]


def test_objects_in_another_order_or_too_few_are_named() -> None:
    swapped = receipts.verify(RECEIPT, RING, genuine, [SERVED[1], SERVED[0], SERVED[2]])
    assert "object 0 (note--00000000-0000-4000-8000-000000000000" in swapped.failed[0].says
    assert "it was delivered as item 1" in swapped.failed[0].says
    assert "2 were given, the entry counts 3" in receipts.verify(RECEIPT, RING, genuine, SERVED[:2]).failed[0].says
    unlisted = receipts.verify(replace(RECEIPT, items=None), RING, genuine, [*SERVED[:2], b"{}"])
    assert "could say which" in unlisted.failed[0].says


def test_an_entry_that_delivers_nothing_has_no_items() -> None:
    leaf = entries.encode(
        entries.Refusal(v=1, log=LOG, index=0, at=delivery(0, []).at, credential="c", request="r", reason="no")
    )
    frontier, _ = naive.grown([leaf])
    refused = Receipt(leaf, 0, 1, (), OURS.head(1, frontier.root()))
    assert receipts.verify_text(refused.encode(), RING, genuine).ok
    assert failed(receipts.verify(replace(refused, items=()), RING, genuine, [])) == ["items", "objects"]


def _growth(first: int, second: int, salt: str = "") -> Growth:
    leaves, others = log_of(second), log_of(second, salt=salt)
    old, _ = naive.grown(leaves[:first])
    new, fetch = naive.grown(others)
    proof = tree.consistency_proof(first, second, fetch)
    return Growth(OURS.head(first, old.root()), OURS.head(second, new.root()), proof, (OURS.named(),))


def test_a_log_that_only_grew_shows_it() -> None:
    for first, second in ((0, 1), (1, 1), (1, 6), (4, 9), (6, 9)):
        growth = _growth(first, second)
        assert receipts.decode(growth.encode()) == growth
        assert receipts.verify_text(growth.encode(), RING, genuine).ok


def test_a_log_whose_past_was_rewritten_cannot_show_that_it_only_grew() -> None:
    assert failed(receipts.verify_growth(_growth(4, 9, salt="other"), RING, genuine)) == ["proof"]
    grown = _growth(4, 9)
    backwards = replace(grown, older=grown.newer, newer=grown.older)
    assert failed(receipts.verify_growth(backwards, RING, genuine)) == ["proof"]
    stranger = replace(grown, newer=OURS.head(9, bytes(32), log="comity/bs/xb"))
    assert failed(receipts.verify_growth(stranger, RING, genuine)) == ["newer checkpoint", "log", "proof"]


@pytest.mark.parametrize("bit", [0, 1, 5])
def test_one_flipped_bit_anywhere_in_a_growth_proof_is_found(bit: int) -> None:
    text = _growth(3, 5).encode()
    for place in range(len(text)):
        hit = text[:place] + bytes([text[place] ^ 1 << bit]) + text[place + 1 :]
        assert not receipts.verify_text(hit, RING, genuine).ok, f"byte {place}"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "receipt: "),
        (b"[]", "Expected `object`"),
        (b'{"form":"receipt","entry":' + b"[" * 100_000, "nested deeper"),
        (b'{"form":"receipt"}', "missing required field"),
        (b'{"form":"deed"}', "Invalid value 'deed'"),
        (RECEIPT.encode() + b" ", "is not as the ledger writes it"),
        (RECEIPT.encode() + b"\n\n", "is not as the ledger writes it"),
        (RECEIPT.encode().replace(b'"v":1', b'"v":2'), "Invalid enum value 2"),
        (RECEIPT.encode().replace(b'"size":7', b'"size":7,"surplus":1'), "unknown field `surplus`"),
        (RECEIPT.encode().replace(b'"count":3', b'"count":2', 1), "its hash is not the one under `leaf`"),
        (RECEIPT.encode().replace(b"/xa+", b"/xa+0", 1), "verifier key"),
        (RECEIPT.encode().replace(b'"proof":[', b'"proof":[' + b'"%s",' % (b"0" * 64) * 129), "more than any log"),
    ],
)
def test_what_is_no_receipt_is_refused_with_its_place(text: bytes, says: str) -> None:
    with pytest.raises(Malformed, match=says):
        receipts.decode(text)
    assert failed(receipts.verify_text(text, RING, genuine)) == ["form"]


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes_at_all_are_answered_with_a_report(text: bytes) -> None:
    assert failed(receipts.verify_text(text, None, genuine)) == ["form"]
