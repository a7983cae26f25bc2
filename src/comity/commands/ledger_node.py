"""The part of `comity ledger` that opens a node: every log audited, one log exported, the key changed."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from comity.acts import key_change, receipts
from comity.commands import node
from comity.ledger.reports import Report
from comity.models import Log


def audited(data: Path) -> Mapping[str, Report]:
    """Verify every log of the node whose home is *data*; give what was found, by the log's name."""
    node.open_home(data, retired_too=True)
    return receipts.audit_all(data.expanduser().absolute())


def lines(data: Path, party: str) -> Iterator[str]:
    """Give a party's whole log, an entry a line, as the text that was hashed."""
    node.open_home(data, retired_too=True)
    for leaf in receipts.export(party):
        yield leaf.decode()


def key_changed(data: Path, now: datetime) -> Mapping[str, str]:
    """Change the node's key; give the new key's line for each log, by the log's name."""
    node.open_home(data)
    new = key_change.change_key(data.expanduser().absolute(), now)
    return {
        origin: new.verifier(origin).text()
        for origin in Log.objects.order_by("origin").values_list("origin", flat=True)
    }
