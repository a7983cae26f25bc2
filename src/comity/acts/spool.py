"""Mail into a folder: each message one file of a Maildir, there once however often it is sent."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class Spool(BaseEmailBackend):
    """Django's mail backend for the folder `mail` of the node's home, where any mail program or server can take it up.

    A message is written whole, then linked to its name, which follows from its Message-ID. Linking fails where the
    name is taken, so a message that is handed over again after a crash is there once.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Put messages into the folder; return how many are there now. Raises OSError when one cannot be written."""
        for message in email_messages:
            self._put(message)
        return len(email_messages)

    def _put(self, message: EmailMessage) -> None:
        folder = Path(settings.DATA) / "mail"
        for name in ("tmp", "new", "cur"):
            (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        content = message.message()
        name = file_name(str(content["Message-ID"]))
        if any((folder / "cur").glob(f"{name}*")):
            return
        draft = folder / "tmp" / f"{name}.{os.getpid()}"
        with draft.open("wb") as file:
            file.write(content.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, folder / "new" / name)
        except FileExistsError:
            return
        finally:
            draft.unlink()
        _sync(folder / "new")


def file_name(message_id: str) -> str:
    """Give the name under which a message stands in the folder."""
    return f"{hashlib.sha256(message_id.encode()).hexdigest()[:40]}.eml"


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
