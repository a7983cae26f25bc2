"""The part of `comity ledger` that opens a node: every log audited, one log exported."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from comity.acts import receipts
from comity.commands import node
from comity.ledger.reports import Report


def audited(data: Path) -> Mapping[str, Report]:
    """Verify every log of the node whose home is *data*; give what was found, by the log's name."""
    node.open_home(data)
    return receipts.audit_all(data.expanduser().absolute())


def lines(data: Path, party: str) -> Iterator[str]:
    """Give a party's whole log, an entry a line, as the text that was hashed."""
    node.open_home(data)
    for leaf in receipts.export(party):
        yield leaf.decode()
