"""The node's home: made on first use, opened after."""

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from comity.acts import keys


def open_node(data: Path) -> None:
    """Bring the home of this process's node into being where it is missing: keys, then tables."""
    keys.open_keys(data, datetime.now(UTC))
    _session_key(data / "keys" / "session")
    if not _up_to_date(data):
        call_command("migrate", verbosity=0, interactive=False)
        (data / "schema").write_text(_schema(), encoding="ascii")


def _session_key(path: Path) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))


def _schema() -> str:
    folder = Path(__file__).parent.parent / "models" / "migrations"
    return " ".join(sorted(path.stem for path in folder.glob("0*.py")))


def _up_to_date(data: Path) -> bool:
    stamp = data / "schema"
    if not stamp.exists() or stamp.read_text(encoding="ascii") != _schema():
        return False
    return "comity_node" in connection.introspection.table_names()
