"""The part of `comity ledger` that opens a node: every log audited, one log exported, the key changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from comity.acts import key_change, messages, moments, receipts, witnessing
from comity.commands import node
from comity.ledger.reports import Report
from comity.ledger.tree import leaf_hash
from comity.models import Log

ACTOR = "officer"


def audited(data: Path) -> Mapping[str, Report]:
    """Verify every log of the node whose home is *data*; give what was found, by the log's name."""
    node.open_home(data, retired_too=True)
    return receipts.audit_all(data.expanduser().absolute())


def lines(data: Path, party: str) -> Iterator[str]:
    """Give a party's whole log, an entry a line, as the text that was hashed."""
    node.open_home(data, retired_too=True)
    for leaf in receipts.export(party):
        yield leaf.decode()


def key_kept(data: Path, party: str, line: str, source: str, now: datetime) -> str:
    """Put a partner's key line on file; give it as it is kept."""
    node.open_home(data)
    return messages.keep_key(party, line, source, ACTOR, now).line


def submitted(data: Path, party: str, now: datetime) -> str:
    """Give what our log of a party hands in to be seen."""
    node.open_home(data)
    _known(party)
    return witnessing.submission(party, now)


def witnessed(data: Path, party: str, text: str, shown: list[bytes], now: datetime) -> witnessing.Witnessed:
    """See a head of a party's log of us, with the entries that it shows if they are given."""
    node.open_home(data)
    return witnessing.witness_head(party, text, ACTOR, now, [leaf_hash(line) for line in shown])


def word_kept(data: Path, party: str, line: str, now: datetime) -> int:
    """Keep a party's word on a head of ours; give the head's size."""
    node.open_home(data)
    return witnessing.cosigned(party, line, ACTOR, now).checkpoint.size


@dataclass(frozen=True, slots=True)
class Compared:
    """How far two sides have seen each other's logs; sizes in entries, None for nothing yet."""

    party: str
    ours: int
    seen_there: int | None
    seen_there_at: datetime | None
    seen_here: int | None
    seen_here_at: datetime | None
    contradictions: list[str]


def compared(data: Path, party: str | None) -> list[Compared]:
    """Give how far each side has seen the other's log, of one party or of all."""
    node.open_home(data, retired_too=True)
    codes = [party] if party else list(Log.objects.filter(party__isnull=False).values_list("party_id", flat=True))
    return [_compared(witnessing.mutual(code)) for code in sorted(codes)]


def _compared(one: witnessing.Mutual) -> Compared:
    word, head = one.seen_by_them, one.seen_by_us
    return Compared(
        one.party, one.ours, word.checkpoint.size if word else None, moments.moment(word.seen_at) if word else None,
        head.size if head else None, moments.moment(head.at) if head else None,
        [f"{row.finding} after {row.seen.size} entries" for row in one.contradictions],
    )  # fmt: skip


def _known(party: str) -> None:
    if not Log.objects.filter(party_id=party).exists():
        known = ", ".join(Log.objects.filter(party__isnull=False).values_list("party_id", flat=True)) or "none yet"
        raise messages.Refused(f"there is no log of “{party}” here; there are {known}")


def key_changed(data: Path, now: datetime) -> Mapping[str, str]:
    """Change the node's key; give the new key's line for each log, by the log's name."""
    node.open_home(data)
    new = key_change.change_key(data.expanduser().absolute(), now)
    return {
        origin: new.verifier(origin).text()
        for origin in Log.objects.order_by("origin").values_list("origin", flat=True)
    }
