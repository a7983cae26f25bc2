"""The node's keys: made once, kept closed, changed without breaking what was signed."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from comity.acts import keys
from comity.ledger import notes
from comity.ledger.notes import Checkpoint

START = datetime(2026, 11, 23, 10, tzinfo=UTC)
LOG = "cirt.example/log/7"
HEAD = Checkpoint(LOG, 17, bytes(32))


def test_the_first_start_makes_a_key_and_the_second_finds_it(tmp_path: Path) -> None:
    made = keys.open_keys(tmp_path / "home", START)
    found = keys.open_keys(tmp_path / "home", START + timedelta(days=1))
    assert found.listed == made.listed == (keys.PublicKey(made.active.public, "2026-11-23T10:00:00Z"),)
    assert notes.open_note(found.sign_checkpoint(HEAD), made.verifiers(LOG), keys.verify_signature) == HEAD


def test_nobody_else_may_read_what_was_made_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        keys.open_keys(tmp_path, START)
    finally:
        os.umask(before)
    directory = tmp_path / "keys"
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in directory.iterdir()} == {0o600}


def test_a_change_of_key_keeps_the_old_checkpoints_verifiable(tmp_path: Path) -> None:
    old = keys.open_keys(tmp_path, START)
    before = old.sign_checkpoint(HEAD)
    new = keys.rotate(tmp_path, START + timedelta(days=30))
    after = new.sign_checkpoint(HEAD)
    assert new.active.public != old.active.public
    assert new.listed[0] == keys.PublicKey(old.active.public, "2026-11-23T10:00:00Z", "2026-12-23T10:00:00Z")
    assert new.verifier(LOG).text() != old.verifier(LOG).text()
    for text in (before, after):
        assert notes.open_note(text, new.verifiers(LOG), keys.verify_signature) == HEAD


def test_a_change_of_key_destroys_the_old_private_key_and_any_stray_one(tmp_path: Path) -> None:
    keys.open_keys(tmp_path, START)
    stray = tmp_path / "keys" / "0123456789abcdef.pem"
    stray.write_text("left by a crash")
    stray.chmod(0o600)
    (tmp_path / "keys" / "verifiers.new").write_text("left by a crash")
    new = keys.rotate(tmp_path, START)
    assert len(list((tmp_path / "keys").glob("*.pem"))) == 1
    assert keys.load(tmp_path).listed == new.listed


def test_many_first_starts_at_once_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda _: keys.open_keys(tmp_path, START), range(16)))
    assert len({each.listed for each in opened}) == 1
    assert len(list((tmp_path / "keys").glob("*.pem"))) == 1


@pytest.mark.parametrize(("name", "mode", "mend"), [("", 0o750, "chmod 700"), ("*.pem", 0o604, "chmod 600")])
def test_keys_that_others_may_read_are_refused_with_the_mend(tmp_path: Path, name: str, mode: int, mend: str) -> None:
    keys.open_keys(tmp_path, START)
    path = next((tmp_path / "keys").glob(name)) if name else tmp_path / "keys"
    path.chmod(mode)
    with pytest.raises(keys.KeysRefused, match=f"{path} is open to others .mode {mode:04o}.: run {mend}"):
        keys.open_keys(tmp_path, START)


def test_a_link_in_place_of_a_key_is_refused(tmp_path: Path) -> None:
    keys.open_keys(tmp_path, START)
    pem = next((tmp_path / "keys").glob("*.pem"))
    pem.rename(tmp_path / "elsewhere.pem")
    pem.symlink_to(tmp_path / "elsewhere.pem")
    with pytest.raises(keys.KeysRefused, match="symbolic link"):
        keys.load(tmp_path)


def test_a_missing_damaged_or_foreign_key_is_refused_and_never_replaced_in_silence(tmp_path: Path) -> None:
    keys.open_keys(tmp_path / "a", START)
    keys.open_keys(tmp_path / "b", START)
    ours = next((tmp_path / "a" / "keys").glob("*.pem"))
    theirs = next((tmp_path / "b" / "keys").glob("*.pem")).read_text()
    for content, says in ((theirs, "not the private half"), ("nothing", "not a private key")):
        ours.write_text(content)
        with pytest.raises(keys.KeysRefused, match=says):
            keys.open_keys(tmp_path / "a", START)
    ours.unlink()
    with pytest.raises(keys.KeysRefused, match="is missing: restore it"):
        keys.open_keys(tmp_path / "a", START)


@pytest.mark.parametrize(("content", "says"), [("", "lists no key"), ("# a\nnonsense\n", "line 2 is not a key")])
def test_a_damaged_list_of_keys_is_refused_with_its_line(tmp_path: Path, content: str, says: str) -> None:
    keys.open_keys(tmp_path, START)
    (tmp_path / "keys" / "verifiers").write_text(content)
    with pytest.raises(keys.KeysRefused, match=says):
        keys.load(tmp_path)


def test_a_node_that_was_never_started_has_no_keys(tmp_path: Path) -> None:
    with pytest.raises(keys.KeysRefused, match="start the node once"):
        keys.load(tmp_path)


def test_a_wrong_signature_is_a_no_and_a_wrong_key_too(tmp_path: Path) -> None:
    opened = keys.open_keys(tmp_path, START)
    signature = opened.sign(b"message")
    assert keys.verify_signature(opened.active.public, b"message", signature)
    assert not keys.verify_signature(opened.active.public, b"massage", signature)
    assert not keys.verify_signature(bytes(32), b"message", signature)
