"""The script that the documentation gives to partners works as it stands there, and finds what is wrong."""

import json
import runpy
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from comity.ledger import entries, receipts
from comity.ledger.receipts import Receipt

from .test_notes import NEW, OTHER, key
from .world import World, served

PAGE = Path(__file__).parents[2] / "docs" / "ledger.md"


def whole(index: int = 3) -> Receipt:
    """Issue a receipt in a log of seven pages."""
    world = World()
    for number in range(7):
        world.deliver([served(number), served(number + 1)])
    return replace(world.receipt(index), verifier=key(NEW).text())


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Save the script as the page says, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "by_hand.py"
    path.write_text(PAGE.read_text(encoding="utf-8").partition("```python\n")[2].partition("```")[0], encoding="utf-8")
    return path


def run(script: Path, text: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run it on a receipt."""
    (script.parent / "receipt.json").write_bytes(text)
    monkeypatch.setattr(sys, "argv", [str(script), "receipt.json"])
    runpy.run_path(str(script))


def signature_holds(folder: Path) -> None:
    """Do what the page asks of openssl with the files that the script wrote."""
    public = load_pem_public_key((folder / "key.pem").read_bytes())
    assert isinstance(public, Ed25519PublicKey)
    public.verify((folder / "note.sig").read_bytes(), (folder / "note.txt").read_bytes())


@pytest.mark.parametrize("index", range(7))
def test_every_receipt_verifies_by_hand(index: int, script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(script, receipts.encode(whole(index)), monkeypatch)
    signature_holds(script.parent)


@pytest.mark.parametrize(
    ("part", "value", "says"),
    [
        ("index", 2, "too short or too long|does not lead"),
        ("size", 6, "too short or too long|another log or size"),
        ("proof", ["00" * 32] * 3, "does not lead to the root"),
        ("items", [["a", "b", "00" * 32]], "another list of items"),
    ],
)
def test_what_was_changed_is_found_by_hand_too(
    part: str, value: object, says: str, script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = json.dumps(json.loads(receipts.encode(whole())) | {part: value}).encode()
    with pytest.raises(SystemExit, match=says):
        run(script, changed, monkeypatch)


def test_another_key_than_the_one_that_signed_is_found(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(script, receipts.encode(replace(whole(), verifier=key(OTHER).text())), monkeypatch)
    with pytest.raises(InvalidSignature):
        signature_holds(script.parent)


def test_the_page_names_every_kind_of_entry() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [kind.value for kind in entries.Kind if f"`{kind.value}`" not in text] == []
