"""The node's key is changed: each partner learns of it from its own log, and all that was signed still verifies."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from comity.acts import key_change, keys, ledgers, receipts
from comity.ledger import entries, growth, notes
from comity.ledger import receipts as proofs
from comity.ledger.receipts import Receipt
from comity.models import Log, Node, Party

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]

START = datetime(2026, 11, 23, 10, tzinfo=UTC)
LATER = datetime(2027, 1, 5, 9, tzinfo=UTC)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Make a node with two partners, each with an entry in its log and a signed head."""
    Node.objects.update_or_create(id=1, defaults={"party": party("BS")})
    signer = keys.open_keys(tmp_path, START)
    for code in ("XA", "XB"):
        party(code)
        log = ledgers.log_of(code)
        ledgers.append(log, lambda index, log=log: refusal(log, index))  # type: ignore[misc]
        ledgers.checkpoint(code, signer, START)
    return tmp_path


def party(code: str) -> Party:
    return Party.objects.get_or_create(code=code, defaults={"name": code})[0]


def refusal(log: Log, index: int) -> entries.Entry:
    at = entries.moment(START)
    return entries.Refusal(v=1, log=log.origin, index=index, at=at, credential="c", request="POST", reason="no")


def receipt(code: str, index: int, data: Path) -> Receipt:
    text = receipts.issue(code, index, data, LATER)
    assert text is not None
    return proofs.decode(text)


def test_a_partner_that_knows_only_the_old_key_learns_the_new_one_from_its_log(data: Path) -> None:
    log = Log.objects.get(party_id="XA").origin
    known = keys.load(data).verifiers(log)
    new = key_change.change_key(data, LATER)

    told = notes.open_note(_head("XA", 2), known, keys.verify_signature)
    leaf = receipts.leaves("XA", 1, 2)[0]
    entry = entries.decode(leaf)
    assert (told.size, isinstance(entry, entries.Key) and entry.step) == (2, "active")
    assert isinstance(entry, entries.Key)
    assert notes.parse_verifier(entry.verifier) == new.verifier(log)

    retired = entries.decode(receipts.leaves("XA", 2, 3)[0])
    assert isinstance(retired, entries.Key)
    assert (retired.step, notes.parse_verifier(retired.verifier).ref in known) == ("retired", True)


def test_receipts_from_before_and_after_and_growth_across_the_change_verify(data: Path) -> None:
    log = Log.objects.get(party_id="XA").origin
    before = receipt("XA", 0, data)
    new = key_change.change_key(data, LATER)
    ring = new.verifiers(log)
    for found in (before, receipt("XA", 0, data), receipt("XA", 2, data)):
        assert proofs.verify(found, ring, keys.verify_signature).ok
    after = receipt("XA", 0, data)
    assert after.verifier == new.verifier(log).text(), "the key that comes with a receipt is the one that signed it"
    text = receipts.grown("XA", 1, data, LATER)
    assert text is not None
    assert growth.verify(growth.decode(text), ring, keys.verify_signature).ok


def test_every_log_of_the_node_still_verifies_also_after_two_changes(data: Path) -> None:
    key_change.change_key(data, LATER)
    key_change.change_key(data, LATER)
    reports = receipts.audit_all(data)
    assert sorted(reports) == sorted(Log.objects.values_list("origin", flat=True))
    assert len(reports) == 3
    for report in reports.values():
        assert report.ok, report.in_words()


def test_a_node_that_has_no_log_yet_changes_its_key_all_the_same(tmp_path: Path) -> None:
    old = keys.open_keys(tmp_path, START)
    assert key_change.change_key(tmp_path, LATER).active.public != old.active.public
    assert not Log.objects.exists()


def test_no_log_speaks_of_another(data: Path) -> None:
    key_change.change_key(data, LATER)
    for leaf in receipts.leaves("XA", 0, 10):
        assert Log.objects.get(party_id="XB").origin.encode() not in leaf


def _head(code: str, size: int) -> str:
    return Log.objects.get(party_id=code).checkpoints.get(size=size).note


def test_a_receipt_under_a_head_that_the_old_key_signed_carries_the_old_keys_line(data: Path) -> None:
    origin = Log.objects.get(party_id="XA").origin
    old = keys.load(data).verifier(origin)
    new = keys.rotate(data, LATER).verifier(origin)  # no log is told, so its stored head is still the newest
    found = receipt("XA", 0, data)
    assert found.verifier is not None
    assert notes.parse_verifier(found.verifier) == old != new
    assert proofs.verify(found, notes.keyring([old]), keys.verify_signature).ok
