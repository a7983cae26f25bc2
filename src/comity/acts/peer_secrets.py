"""What a peer is signed in to with: kept in the node's home, closed to others, and never in the store or its dump.

`DATA/peers/NAME` (mode 0700) holds `secret`, and where they are used `ca.pem` (whom we trust for this peer alone) and
`certificate.pem` (our client certificate with its key).
"""

import os
import shutil
import stat
from pathlib import Path

from comity.policy.saying import sentence
from comity.policy.troubles import Trouble

SECRET, CA, CERTIFICATE = "secret", "ca.pem", "certificate.pem"


class SecretLost(Exception):
    """A peer's file is missing in the home, or open to others; the message says how to mend it."""


def folder(data: Path, name: str) -> Path:
    """Return the folder of a peer."""
    return data / "peers" / name


def write(data: Path, name: str, file: str, content: bytes) -> None:
    """Put one file in place, whole and closed to others from its first byte on."""
    where = folder(data, name)
    where.parent.mkdir(mode=0o700, exist_ok=True)
    where.mkdir(mode=0o700, exist_ok=True)
    draft = where / f"{file}.new"
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(where / file)


def path(data: Path, name: str, file: str) -> Path:
    """Return one file's path; refuse one that is missing or that others can read."""
    where = folder(data, name) / file
    try:
        found = where.lstat()
    except FileNotFoundError:
        raise SecretLost(sentence(Trouble.SIGN_IN_MISSING, path=where)) from None
    if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SecretLost(sentence(Trouble.SIGN_IN_OPEN, path=where))
    return where


def read(data: Path, name: str) -> str:
    """Return a peer's secret."""
    return path(data, name, SECRET).read_text(encoding="utf-8")


def forget(data: Path, name: str) -> None:
    """Remove all that was kept of a peer."""
    shutil.rmtree(folder(data, name), ignore_errors=True)
