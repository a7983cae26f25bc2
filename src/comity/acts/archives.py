"""A backup as one file: a tar under zstd, its list of contents first, each file held to its SHA-256 when it is read.

The list, `manifest.json`, also says of which node it is, when it was taken, and where each log stood. `zstd -d` and
`tar` open the archive without this program.
"""

import os
import tarfile
from collections.abc import Iterator, Mapping
from hashlib import sha256
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO

import msgspec
import zstandard

FORM = "comity.backup.v1"
LIST = "manifest.json"
_LONGEST_LIST = 1 << 24
_AT_ONCE = 1 << 20


class BackupRefused(Exception):
    """A backup cannot be taken or restored as asked; the message says why and what to do."""


class Stored(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of a backup: its size in bytes and its SHA-256 in hex."""

    size: int
    sha256: str


class Stood(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a log stood: how many entries, and the root over them in hex."""

    size: int
    root: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a backup holds: of which party's node, by which release, taken when (UTC, ISO 8601), its logs, its files."""

    form: str
    us: str
    version: str
    taken_at: str
    logs: dict[str, Stood]
    files: dict[str, Stored]


def stored(path: Path) -> Stored:
    """Measure a file as it is now."""
    digest, size = sha256(), 0
    with path.open("rb") as file:
        while part := file.read(_AT_ONCE):
            digest.update(part)
            size += len(part)
    return Stored(size, digest.hexdigest())


def pack(files: Mapping[str, Path], manifest: Manifest, out: IO[bytes]) -> None:
    """Write an archive of *files* (name in it → where it is now), which *manifest* lists, to *out*."""
    with (
        zstandard.ZstdCompressor(level=3, write_checksum=True).stream_writer(out, closefd=False) as squeezed,
        tarfile.open(fileobj=squeezed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        text = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
        tar.addfile(_entry(LIST, len(text)), BytesIO(text))
        for name, said in manifest.files.items():
            with files[name].open("rb") as file:
                tar.addfile(_entry(name, said.size), file)


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


def unpack(source: IO[bytes], into: Path) -> Manifest:
    """Write the files of an archive into the empty folder *into*, for its owner alone.

    `BackupRefused` where one is damaged, missing or not listed.
    """
    try:
        with (
            zstandard.ZstdDecompressor().stream_reader(source, closefd=False) as plain,
            tarfile.open(fileobj=plain, mode="r|") as tar,
        ):
            return _unpacked(tar, into)
    except (zstandard.ZstdError, tarfile.TarError, EOFError) as error:
        raise BackupRefused(f"this is no whole backup ({error}): take another copy of it") from error


def _unpacked(tar: tarfile.TarFile, into: Path) -> Manifest:
    entries = iter(tar)
    manifest = _manifest(tar, next(entries, None))
    missing = dict(manifest.files)
    for name, body in _bodies(tar, entries):
        said = missing.pop(name, None)
        if said is None or not _is_inside(name):
            raise BackupRefused(f"the backup holds “{name}”, which its list does not name: it was tampered with")
        if _written(into / name, body) != said:
            raise BackupRefused(f"“{name}” is damaged in this backup: take another copy of it")
    if missing:
        raise BackupRefused(f"“{min(missing)}” is missing from this backup: take another copy of it")
    return manifest


def _manifest(tar: tarfile.TarFile, first: tarfile.TarInfo | None) -> Manifest:
    body = tar.extractfile(first) if first is not None and first.name == LIST and first.isreg() else None
    if body is None:
        raise BackupRefused("this is no backup of a node: its list of contents does not come first")
    try:
        found = msgspec.json.decode(body.read(_LONGEST_LIST), type=Manifest)
    except msgspec.DecodeError as error:
        raise BackupRefused(f"the backup's list of contents cannot be read ({error})") from error
    if found.form != FORM:
        raise BackupRefused(f"the backup is of the form “{found.form}”, this release reads “{FORM}”: use a later one")
    return found


def _bodies(tar: tarfile.TarFile, entries: Iterator[tarfile.TarInfo]) -> Iterator[tuple[str, IO[bytes]]]:
    for entry in entries:
        body = tar.extractfile(entry) if entry.isreg() else None
        if body is None:
            raise BackupRefused(f"the backup holds “{entry.name}”, which is no file: it was tampered with")
        yield entry.name, body


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def _written(path: Path, body: IO[bytes]) -> Stored:
    """Write one file whole and onto the disk, and say what was written."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = sha256(), 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while part := body.read(_AT_ONCE):
            digest.update(part)
            size += file.write(part)
        file.flush()
        os.fsync(file.fileno())
    return Stored(size, digest.hexdigest())
