"""Changing the node's signing key, so that every recipient learns of it from its own log."""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from comity.acts import keys, ledgers
from comity.acts.keys import Keys
from comity.ledger import entries, notes
from comity.models import Log


def change_key(data: Path, now: datetime) -> Keys:
    """Make a new key sign all logs; what the old one signed still verifies.

    Each log first gets an entry that names the new key, under a head that the old key signs: whoever knows only the old
    key can believe it. Then the new key takes over, the old private key is destroyed, and each log gets an entry that
    retires the old key, under a head that the new one signs. A crash in between leaves one key in force, and an
    announced key that never signs at worst; change it again.
    """
    retiring: list[bytes] = []

    def announce(old: Keys, public: bytes) -> None:
        retiring.append(old.active.public)
        _record(old, "active", public, now)

    new = keys.rotate(data, now, announce)
    _record(new, "retired", retiring[0], now)
    return new


def _record(signer: Keys, step: entries.KeyStep, public: bytes, now: datetime) -> None:
    """Write one step into every log, the master log last, since it anchors the heads of the others."""
    with transaction.atomic():
        if not Log.objects.exists():  # nothing has gone out: there is nobody to tell
            return
        parties = Log.objects.exclude(party=None).order_by("party_id").values_list("party_id", flat=True)
        for party in [*parties, ledgers.MASTER]:
            _record_in(party, signer, step, public, now)


def _record_in(party: str, signer: Keys, step: entries.KeyStep, public: bytes, now: datetime) -> None:
    """Write one step into one log, and have its new head signed."""
    log = ledgers.log_of(party)
    line = notes.Verifier(log.origin, public).text()
    ledgers.append(
        log,
        lambda index: entries.Key(v=1, log=log.origin, index=index, at=entries.moment(now), step=step, verifier=line),
    )
    ledgers.checkpoint(party, signer, now)
