"""The keys that sign the logs: made on first start, kept from others' eyes, changed without breaking what was signed.

`DATA/keys` (mode 0700) holds

    verifiers           every public key that this node ever signed with, one a line, oldest first; the last is active
    <16 hex>.pem        the active private key, Ed25519 in PKCS #8 (mode 0600), named after its public key
    .lock               held while a key is made, so that two processes that start at once agree on one

One key signs all of a node's logs, in each under that log's own name (see `ledger.notes`), so that a recipient's
verifier line says nothing of other recipients and a checkpoint of one log cannot be passed off as another's.
"""

import fcntl
import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from comity.ledger import notes

_HEADER = (
    "# Public keys of this node, oldest first; the last one signs. Keep all: they verify what was signed before.\n"
)
_LINE = re.compile(r"([0-9a-f]{64}) since (\S+)(?: until (\S+))?")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class KeysRefused(Exception):
    """The key files are missing, damaged or open to others; the message says which and how to mend it."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key this node signs or has signed with, and from when until when (UTC, ISO 8601)."""

    public: bytes
    since: str
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Keys:
    """The node's keys as read at one moment: the private one that signs, and every public one."""

    private: Ed25519PrivateKey
    listed: tuple[PublicKey, ...]

    @property
    def active(self) -> PublicKey:
        """Give the key that signs."""
        return self.listed[-1]

    def sign(self, message: bytes) -> bytes:
        """Sign with the active key (RFC 8032)."""
        return self.private.sign(message)

    def sign_checkpoint(self, checkpoint: notes.Checkpoint) -> str:
        """Sign a log's head under the log's own name."""
        return notes.sign(checkpoint, checkpoint.origin, self.active.public, self.sign)

    def verifier(self, log: str) -> notes.Verifier:
        """Give the active key under a log's name: the line that its recipient lists."""
        return notes.Verifier(log, self.active.public)

    def verifiers(self, log: str) -> notes.Keyring:
        """Give every key, present and past, under a log's name."""
        return notes.keyring(notes.Verifier(log, key.public) for key in self.listed)


Announce = Callable[[Keys, bytes], None]


def verify_signature(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether an Ed25519 signature verifies; the callable that `ledger` asks for."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def open_keys(data: Path, at: datetime) -> Keys:
    """Read the keys of the node whose home is `data`, making them on the first start."""
    directory = data / "keys"
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    _closed(directory, 0o700)
    with _locked(directory):
        if not (directory / "verifiers").exists():
            _start(directory, at)
    return load(data)


def load(data: Path) -> Keys:
    """Read the keys of a node that has been started before; `KeysRefused` when they cannot be trusted."""
    directory = data / "keys"
    _closed(directory, 0o700)
    with _locked(directory):
        listed = _listed(directory / "verifiers")
        path = directory / _file_name(listed[-1].public)
        private = _private(path)
    if private.public_key().public_bytes_raw() != listed[-1].public:
        raise KeysRefused(f"{path} is not the private half of the last key in {directory / 'verifiers'}: restore both")
    return Keys(private, listed)


def rotate(data: Path, at: datetime, announce: Announce | None = None) -> Keys:
    """Make a new active key. The old public key stays listed; the old private key is destroyed.

    `announce` is called in between, with the keys as they still are and the public key to come. What it records in the
    logs is thus signed by the key that partners know, and tells them of the next one: no other messenger is needed.
    When it raises, nothing has changed; a crash right after it leaves the old key in force, and one rotates again. The
    keys are locked meanwhile: it signs with the keys it is given and opens none.
    """
    directory = data / "keys"
    old = load(data)
    with _locked(directory):
        if _listed(directory / "verifiers") != old.listed:
            raise KeysRefused("another process has just changed the key: look at it before changing it again")
        private = Ed25519PrivateKey.generate()
        if announce:
            announce(old, private.public_key().public_bytes_raw())
        retired = PublicKey(old.active.public, old.active.since, _moment(at))
        _put(directory, private, (*old.listed[:-1], retired), at)
    return load(data)


@contextmanager
def still(data: Path) -> Iterator[None]:
    """Keep the key from being changed meanwhile, as by a backup that takes keys and logs together."""
    with _locked(data / "keys"):
        yield


def _start(directory: Path, at: datetime) -> None:
    """Make the first key; or list one that is there already, from a start that was cut short before it was listed.

    A private key without a list may also mean that the list was lost. It is never destroyed for that: it signs on, and
    the public keys before it must be put back by hand from a backup for what they signed to verify.
    """
    found = sorted(directory.glob("*.pem"))
    if not found:
        _put(directory, Ed25519PrivateKey.generate(), (), at)
    elif len(found) == 1:
        public = _private(found[0]).public_key().public_bytes_raw()
        _list(directory, (PublicKey(public, _moment(at)),))
    else:
        raise KeysRefused(f"{directory} holds {len(found)} private keys and no list of keys: restore it from a backup")


def _put(directory: Path, private: Ed25519PrivateKey, before: tuple[PublicKey, ...], at: datetime) -> None:
    """Write a private key and list it last: a crash on the way leaves the old list in force."""
    public = private.public_key().public_bytes_raw()
    _write(
        directory / _file_name(public),
        private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    )
    _list(directory, (*before, PublicKey(public, _moment(at))))


def _list(directory: Path, keys: tuple[PublicKey, ...]) -> None:
    """Put the list of public keys in force, and destroy every private key but that of the last one."""
    _write(directory / "verifiers", _text(keys).encode())
    for stray in directory.glob("*.pem"):  # the key just retired, and any that a crash left unlisted
        if stray.name != _file_name(keys[-1].public):
            stray.unlink()
    _settle(directory)


def _write(path: Path, content: bytes) -> None:
    """Put a file in place whole or not at all: closed to others from its first byte on, and on the disk before use."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)  # left behind by a crash; the lock says that nobody is writing it now
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    _settle(path.parent)


def _settle(directory: Path) -> None:
    """Have a directory's new names on the disk."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """Hold the directory's lock; another process waits."""
    with os.fdopen(os.open(directory / ".lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600), "wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _private(path: Path) -> Ed25519PrivateKey:
    """Read a private key from a file that nobody else may read."""
    _closed(path, 0o600)
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as error:
        raise KeysRefused(f"{path} is not a private key ({error}): restore it from a backup") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeysRefused(f"{path} is not an Ed25519 key: restore it from a backup")
    return key


def _closed(path: Path, mode: int) -> None:
    """Refuse a key file or directory that is missing, a link, another user's, or open to others."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        raise KeysRefused(f"{path} is missing: restore it from a backup, or start the node once to make keys") from None
    if stat.S_ISLNK(found.st_mode):
        raise KeysRefused(f"{path} is a symbolic link: put the real one in its place")
    if found.st_uid != os.geteuid():
        raise KeysRefused(f"{path} belongs to another user: chown it to the user that runs the node")
    if found.st_mode & _OTHERS:
        raise KeysRefused(
            f"{path} is open to others (mode {stat.S_IMODE(found.st_mode):04o}): "
            f"run chmod {mode:o} on it, and change the key if anyone may have read it"
        )


def _listed(path: Path) -> tuple[PublicKey, ...]:
    """Read the list of public keys."""
    _closed(path, 0o600)
    keys = list[PublicKey]()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#"):
            continue
        found = _LINE.fullmatch(line)
        if not found:
            raise KeysRefused(f"{path} line {number} is not a key: restore the file from a backup")
        keys.append(PublicKey(bytes.fromhex(found.group(1)), found.group(2), found.group(3)))
    if not keys:
        raise KeysRefused(f"{path} lists no key: restore it from a backup")
    return tuple(keys)


def _text(keys: tuple[PublicKey, ...]) -> str:
    """Write the list of public keys."""
    lines = (
        f"{key.public.hex()} since {key.since}" + (f" until {key.until}" if key.until else "") + "\n" for key in keys
    )
    return _HEADER + "".join(lines)


def _file_name(public: bytes) -> str:
    """Name a private key's file after its public key."""
    return f"{sha256(public).hexdigest()[:16]}.pem"


def _moment(at: datetime) -> str:
    """Write a moment in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
