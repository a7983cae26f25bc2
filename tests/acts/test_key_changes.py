"""A key is changed: a partner who knows only the old one learns the new one, and no crash loses either."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from comity.acts import keys
from comity.ledger import entries, notes, receipts
from comity.ledger.notes import Checkpoint
from comity.ledger.receipts import Receipt
from comity.ledger.tree import Frontier, leaf_hash

START = datetime(2026, 11, 23, 10, tzinfo=UTC)
LATER = datetime(2027, 1, 5, 9, tzinfo=UTC)
LOG = "comity/bs/xa"


def test_the_old_key_tells_the_partner_of_the_new_one(tmp_path: Path) -> None:
    known = keys.open_keys(tmp_path, START).verifiers(LOG)
    told: list[Receipt] = []

    def announce(old: keys.Keys, public: bytes) -> None:
        line = notes.Verifier(LOG, public).text()
        leaf = entries.encode(
            entries.Key(v=1, log=LOG, index=0, at=entries.moment(LATER), step="active", verifier=line)
        )
        tree, _ = Frontier().append(leaf_hash(leaf))
        told.append(Receipt(leaf, 0, 1, (), old.sign_checkpoint(Checkpoint(LOG, 1, tree.root()))))

    new = keys.rotate(tmp_path, LATER, announce)

    assert receipts.verify(told[0], known, keys.verify_signature).ok, "with the key that the partner has"
    entry = entries.decode(told[0].entry)
    assert isinstance(entry, entries.Key)
    learned = notes.parse_verifier(entry.verifier)
    assert learned == new.verifier(LOG)
    after = new.sign_checkpoint(Checkpoint(LOG, 1, bytes(32)))
    assert notes.open_note(after, {**known, learned.ref: learned}, keys.verify_signature).size == 1


def test_an_announcement_that_fails_leaves_the_old_key_in_force(tmp_path: Path) -> None:
    old = keys.open_keys(tmp_path, START)

    def announce(_old: keys.Keys, _public: bytes) -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        keys.rotate(tmp_path, LATER, announce)
    assert keys.load(tmp_path).listed == old.listed
    assert len(list((tmp_path / "keys").glob("*.pem"))) == 1


def test_a_first_start_that_was_cut_short_is_finished_by_the_next_with_the_same_key(tmp_path: Path) -> None:
    made = keys.open_keys(tmp_path, START)
    (tmp_path / "keys" / "verifiers").unlink()
    (tmp_path / "keys" / "leftover.pem.new").write_text("cut short")
    assert keys.open_keys(tmp_path, LATER).active.public == made.active.public


def test_private_keys_without_a_list_are_never_destroyed(tmp_path: Path) -> None:
    keys.open_keys(tmp_path, START)
    directory = tmp_path / "keys"
    (directory / "verifiers").unlink()
    pem = next(directory.glob("*.pem"))
    (directory / "0123456789abcdef.pem").write_bytes(pem.read_bytes())
    with pytest.raises(keys.KeysRefused, match="holds 2 private keys and no list of keys: restore it from a backup"):
        keys.open_keys(tmp_path, START)
    assert pem.exists()


def test_keys_changed_many_times_still_verify_all_that_was_ever_signed(tmp_path: Path) -> None:
    opened = keys.open_keys(tmp_path, START)
    signed = []
    for size in range(5):
        signed.append(opened.sign_checkpoint(Checkpoint(LOG, size, bytes(32))))
        opened = keys.rotate(tmp_path, LATER)
    ring = opened.verifiers(LOG)
    assert len(ring) == 6
    assert [notes.open_note(text, ring, keys.verify_signature).size for text in signed] == list(range(5))
    assert keys.load(tmp_path).verifiers("comity/bs/xb").keys().isdisjoint(ring.keys()), "a key line names one log only"
