"""Making a node's home out of a backup: all of it or nothing, and only where its logs verify."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from comity.acts import archives
from comity.acts.archives import BackupRefused, Manifest


def restore(source: IO[bytes], home: Path, verified: Callable[[Path], bool]) -> Manifest:
    """Make *home*, which must not be there or be empty, from the backup *source*.

    *verified* is asked, of the home as it was unpacked, whether every log in it verifies. `BackupRefused` otherwise;
    nothing is left of a home that was not restored.
    """
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise BackupRefused(f"{home} is not empty: name a new folder; a node is never written over")
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent, prefix=f".{home.name}-") as draft:
        inside = Path(draft) / "home"
        inside.mkdir(mode=0o700)
        manifest = archives.unpack(source, inside)
        (inside / "keys").chmod(0o700)
        if not verified(inside):
            raise BackupRefused("the logs in this backup do not verify, so it was not restored: see above")
        if home.exists():
            home.rmdir()
        shutil.move(inside, home)
    return manifest
