"""A recipient keeps the newest head it knows: the log shows that it only grew, or cannot."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.ledger import growth, notes
from comity.ledger.errors import Malformed, ProofFailed
from comity.ledger.growth import Growth
from comity.ledger.notes import Checkpoint
from comity.ledger.reports import Report

from . import naive
from .test_notes import LOG, NEW, OLD, OTHER, key, signed, verify

RING = notes.keyring([key(OLD), key(NEW)])


def data(count: int, salt: str = "") -> list[bytes]:
    return [f"{salt}{number}".encode() for number in range(count)]


def head(size: int, salt: str = "", log: str = LOG) -> str:
    return signed(OLD if size < 5 else NEW, Checkpoint(log, size, naive.root(data(size, salt))), log)


def grown(first: int, second: int) -> Growth:
    return growth.prove(head(first), head(second), naive.grown(data(second))[1])


def failures(report: Report) -> dict[str, str]:
    return {check.name: check.says for check in report.failed}


@given(st.integers(0, 60), st.integers(0, 60))
@settings(max_examples=60, deadline=None)
def test_a_log_that_only_grew_proves_it_between_any_two_heads_also_over_a_change_of_key(one: int, other: int) -> None:
    proof = grown(min(one, other), max(one, other))
    assert growth.decode(growth.encode(proof)) == proof
    report = growth.verify(proof, RING, verify)
    assert report.ok, report.in_words()


@given(st.integers(1, 40), st.integers(0, 40), st.integers(0, 39))
@settings(max_examples=60, deadline=None)
def test_a_log_that_rewrote_its_past_has_no_proof_whatever_it_tries(first: int, more: int, place: int) -> None:
    entries = data(first + more)
    entries[place % first] = b"rewritten"
    root, fetch = naive.root(entries), naive.grown(entries)[1]
    newer = signed(NEW, Checkpoint(LOG, first + more, root))
    report = growth.verify(growth.prove(head(first), newer, fetch), RING, verify)
    assert list(failures(report)) == ["growth"]
    honest = replace(grown(first, first + more), newer=newer)
    assert list(failures(growth.verify(honest, RING, verify))) == ["growth"]


def test_heads_of_two_logs_or_in_the_wrong_order_are_no_growth() -> None:
    fetch = naive.grown(data(9))[1]
    with pytest.raises(Malformed, match="are two logs"):
        growth.prove(head(4), head(9, log="cirt.example/log/8"), fetch)
    with pytest.raises(ProofFailed, match="only grows"):
        growth.prove(head(9), head(4), fetch)
    proof = grown(4, 9)
    backwards = replace(proof, older=proof.newer, newer=proof.older)
    assert "only grows" in failures(growth.verify(backwards, RING, verify))["growth"]
    stranger = replace(proof, newer=head(9, log="cirt.example/log/8"))
    found = failures(growth.verify(stranger, {**RING, **notes.keyring([key(NEW, "cirt.example/log/8")])}, verify))
    assert list(found) == ["log"]


def test_a_head_that_is_none_or_is_signed_by_a_stranger_is_named_by_its_place() -> None:
    proof = grown(4, 9)
    stranger = signed(OTHER, Checkpoint(LOG, 9, naive.root(data(9))))
    assert list(failures(growth.verify(replace(proof, newer=stranger), RING, verify))) == ["newer signature"]
    torn = replace(proof, older="torn", newer="torn")
    assert list(failures(growth.verify(torn, RING, verify))) == [
        "older signature", "newer signature", "older checkpoint", "newer checkpoint",
    ]  # fmt: skip


@pytest.mark.parametrize("bit", range(8))
def test_one_flipped_bit_anywhere_is_found(bit: int) -> None:
    text = growth.encode(grown(3, 7))
    for place in range(len(text)):
        hit = text[:place] + bytes([text[place] ^ 1 << bit]) + text[place + 1 :]
        try:
            report = growth.verify(growth.decode(hit), RING, verify)
        except Malformed:
            continue
        assert not report.ok, f"byte {place}: {text[place : place + 1]!r} became {hit[place : place + 1]!r}"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "growth proof: Input data was truncated"),
        (b'{"form":"comity-receipt/1"}', "Invalid enum value"),
        (growth.encode(grown(3, 7)) + b"\n", "is not as the ledger writes it"),
        (growth.encode(replace(grown(3, 7), proof=(bytes(32),) * 129)), "129 hashes are more"),
    ],
)
def test_what_is_no_growth_proof_is_refused_with_its_reason(text: bytes, says: str) -> None:
    with pytest.raises(Malformed, match=says):
        growth.decode(text)
