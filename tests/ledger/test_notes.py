"""Notes and checkpoints: the published example opens, keys change, and nothing slips past."""

import re
from base64 import b64encode

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.ledger import notes
from comity.ledger.errors import BadSignature, LedgerError, Malformed, UnknownKey
from comity.ledger.notes import Checkpoint, Verifier

# The example of the Go module that the form comes from: a key, its text, its signature, and a second signer.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS_SECRET = "YEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETER_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
ENOCH_LINE = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
)

LOG = "cirt.example/log/7"
OLD, NEW, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32) for seed in (1, 2, 3))
HEAD = Checkpoint(LOG, 17, bytes(range(32)))


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Verify with the real thing."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def key(private: Ed25519PrivateKey, name: str = LOG) -> Verifier:
    """Give a private key's public half under a name."""
    return Verifier(name, private.public_key().public_bytes_raw())


def signed(private: Ed25519PrivateKey = NEW, checkpoint: Checkpoint = HEAD, name: str = LOG) -> str:
    """Sign a checkpoint."""
    return notes.sign(checkpoint, name, key(private).public, private.sign)


def test_the_published_note_opens_with_its_published_key() -> None:
    peter, enoch = notes.parse_verifier(PETER), notes.parse_verifier(ENOCH)
    note = notes.parse(TEXT + "\n" + PETER_LINE + ENOCH_LINE)
    assert note.text == TEXT
    assert notes.verified(note, notes.keyring([peter]), verify) == (peter,)
    assert notes.verified(note, notes.keyring([peter, enoch]), verify) == (peter, enoch)
    with pytest.raises(UnknownKey, match=r"PeterNeumann\+c74f20a3, EnochRoot\+af0cfe78"):
        notes.verified(note, {}, verify)


def test_signing_writes_the_published_note() -> None:
    private = Ed25519PrivateKey.from_private_bytes(notes._base64("A" + PETERS_SECRET, "seed")[1:])  # noqa: SLF001
    peter = notes.parse_verifier(PETER)
    assert private.public_key().public_bytes_raw() == peter.public
    assert notes.sign_text(TEXT, peter, private.sign) == TEXT + "\n" + PETER_LINE


def test_a_verifier_key_is_written_and_read_and_no_character_may_change() -> None:
    assert notes.parse_verifier(PETER).text() == PETER
    for place in range(len(PETER)):
        for cut in (PETER[:place], PETER[place + 1 :]):
            with pytest.raises(Malformed):
                notes.parse_verifier(cut)
        with pytest.raises(Malformed):
            notes.parse_verifier(PETER[:place] + chr(ord(PETER[place]) ^ 1) + PETER[place + 1 :])


def test_a_key_of_another_kind_or_length_is_refused() -> None:
    with pytest.raises(Malformed, match="36 bytes where an Ed25519"):
        notes.parse_verifier("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEQ==")
    with pytest.raises(Malformed, match="kind 65 is not 01"):
        notes.parse_verifier("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")


def test_a_checkpoint_is_three_lines_and_comes_back() -> None:
    text = signed()
    assert text.startswith(f"{LOG}\n17\n{b64encode(HEAD.root).decode()}\n\n— {LOG} ")
    assert notes.open_note(text, notes.keyring([key(NEW)]), verify) == HEAD
    extended = Checkpoint(LOG, 0, bytes(32), ("further", "lines"))
    assert notes.open_note(signed(checkpoint=extended), notes.keyring([key(NEW)]), verify) == extended


def test_after_a_change_of_key_both_old_and_new_notes_open_while_both_are_listed() -> None:
    both, only_new = notes.keyring([key(OLD), key(NEW)]), notes.keyring([key(NEW)])
    assert notes.open_note(signed(OLD), both, verify) == notes.open_note(signed(NEW), both, verify) == HEAD
    with pytest.raises(UnknownKey, match="no known key"):
        notes.open_note(signed(OLD), only_new, verify)


def test_a_note_signed_by_both_keys_opens_with_either() -> None:
    text = signed(OLD) + notes.signature_line(notes.body(HEAD).decode(), key(NEW), NEW.sign)
    for private in (OLD, NEW):
        assert notes.open_note(text, notes.keyring([key(private)]), verify) == HEAD


def test_one_wrong_signature_by_a_known_key_refuses_the_note() -> None:
    wrong = notes.signature_line("another text\n", key(OLD), OLD.sign)
    with pytest.raises(BadSignature, match=f"note line 6: the signature by {re.escape(LOG)}"):
        notes.open_note(signed(NEW) + wrong, notes.keyring([key(OLD), key(NEW)]), verify)
    assert notes.open_note(signed(NEW) + wrong, notes.keyring([key(NEW)]), verify) == HEAD


def test_a_witness_cannot_speak_for_the_log() -> None:
    witness = key(OTHER, "witness.example")
    text = notes.sign(HEAD, witness.name, witness.public, OTHER.sign)
    with pytest.raises(UnknownKey, match=f"signed by witness.example, but not by {LOG}"):
        notes.open_note(text, notes.keyring([witness, key(NEW)]), verify)
    own = signed(NEW).removeprefix(notes.body(HEAD).decode() + "\n")
    assert notes.open_note(text + own, notes.keyring([witness, key(NEW)]), verify) == HEAD


def test_the_key_of_one_log_does_not_open_another_log() -> None:
    with pytest.raises(UnknownKey):
        notes.open_note(signed(NEW, name="cirt.example/log/8"), notes.keyring([key(NEW)]), verify)


def test_two_keys_under_one_name_and_id_are_refused() -> None:
    peter = notes.parse_verifier(PETER)
    assert len(notes.keyring([peter, peter])) == 1
    twin = _Twin("PeterNeumann", bytes(32))
    with pytest.raises(Malformed, match=r"two keys answer to PeterNeumann\+c74f20a3"):
        notes.keyring([peter, twin])


class _Twin(Verifier):
    """A key that was ground until its id collides."""

    @property
    def key_id(self) -> bytes:
        """Collide."""
        return bytes.fromhex("c74f20a3")


ROOT = b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (TEXT, "no blank line"),
        (TEXT + "\n", "line 4: the last line does not end in a newline"),
        (TEXT + "\n" + PETER_LINE[:-1], "line 4: the last line does not end in a newline"),
        ("\x01" + TEXT + "\n" + PETER_LINE, r"line 1: U\+0001"),
        (TEXT + "\n" + PETER_LINE.replace("\n", "\r\n"), r"line 4: U\+000D"),
        ("\ud800" + TEXT + "\n" + PETER_LINE, r"line 1: U\+D800"),
        (TEXT + "\n" + PETER_LINE.replace("PeterNeumann", "Bad Name"), "line 4: this is not base64"),
        (TEXT + "\n" + PETER_LINE.replace("PeterNeumann", "a+b"), "line 4: 'a[+]b' cannot name a key"),
        (TEXT + "\n" + PETER_LINE.replace("PeterNeumann", "a\u00a0b"), "cannot name a key"),
        (TEXT + "\n" + PETER_LINE.replace("—", "-"), "line 4: a signature has the form"),
        (TEXT + "\n" + PETER_LINE.replace("AM=", "AN="), "line 4: base64 whose last character"),
        (TEXT + "\n" + PETER_LINE.replace("AM=", "AM"), "line 4: this is not base64"),
        (TEXT + "\n— x AAAA\n", "line 4: 3 bytes cannot hold"),
        (TEXT + "\n" + PETER_LINE + "Unexpected line.\n", "line 5: a signature has the form"),
        (TEXT + "\n" + PETER_LINE * 101, "101 signatures"),
        ("\n\n" + PETER_LINE, "no text before"),
        ("x" * 1_000_001, "more than any note has"),
    ],
)
def test_a_malformed_note_is_refused_with_its_line(text: str, says: str) -> None:
    with pytest.raises(Malformed, match=says):
        notes.parse(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("log\n0\n", "2 lines where at least three"),
        (f"log\n017\n{ROOT}\n", "line 2: the size"),
        (f"log\n-1\n{ROOT}\n", "line 2: the size"),
        (f"log\n\uff11\n{ROOT}\n", "line 2: the size"),
        (f"log\n1\n{ROOT[:-4]}\n", "line 3: the root has 30 bytes"),
        (f"log\n1\n{ROOT} \n", "line 3: this is not base64"),
        (f"log\n1\n{ROOT}\n\nmore\n", "line 4: a checkpoint has no empty line"),
        (f"\n1\n{ROOT}\n", "line 1: a checkpoint has no empty line"),
    ],
)
def test_a_text_that_is_no_checkpoint_is_refused_even_when_signed(text: str, says: str) -> None:
    signer = key(NEW, "log")
    with pytest.raises(Malformed, match=says):
        notes.open_note(notes.sign_text(text, signer, NEW.sign), notes.keyring([signer]), verify)


def test_a_checkpoint_that_would_read_back_differently_is_not_signed() -> None:
    for broken in (Checkpoint("a\nb", 1, bytes(32)), Checkpoint(LOG, 1, bytes(31)), Checkpoint("", 1, bytes(32))):
        with pytest.raises(Malformed):
            notes.body(broken)
    with pytest.raises(Malformed, match=r"U\+0007"):
        notes.sign(Checkpoint("log\a", 1, bytes(32)), LOG, key(NEW).public, NEW.sign)
    with pytest.raises(Malformed, match="ends in a newline"):
        notes.sign_text("no newline", key(NEW), NEW.sign)


@given(st.integers(0, len(signed().encode()) * 8 - 1))
@settings(max_examples=300, deadline=None)
def test_no_bit_of_a_signed_checkpoint_may_change(bit: int) -> None:
    data = bytearray(signed().encode())
    data[bit // 8] ^= 1 << bit % 8
    with pytest.raises((LedgerError, UnicodeDecodeError)):
        notes.open_note(data.decode(), notes.keyring([key(NEW)]), verify)
