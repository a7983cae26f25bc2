"""Each side sees the other's heads: what a partner hands in is judged beside what was seen, and ours is handed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from comity.acts import keys, ledgers, messages, moments
from comity.ledger import notes, tree, witness
from comity.ledger.errors import LedgerError
from comity.ledger.witness import CONTRADICTS, Finding, Submission
from comity.models import Checkpoint, Contradiction, Cosignature, Log, Node, SeenHead
from comity.policy.saying import sentence

AGAIN_AFTER = timedelta(hours=1)
"""How long after one exchange of heads the next round with a peer makes another."""
_MICRO = 1_000_000


class NoKey(messages.Refused):
    """No key of this partner is on file, so no head of it can be told from a forgery."""


class Behind(messages.Refused):
    """The proof does not lead from the head that was seen last; `size` is that head's (tlog-witness: 409)."""

    def __init__(self, size: int) -> None:
        """Carry the size."""
        super().__init__(f"the proof has to lead from the head of {size} entries, the last one seen here")
        self.size = size


@dataclass(frozen=True, slots=True)
class Witnessed:
    """What was found: `cosignature` is our line where the head agrees with what was seen, else empty."""

    finding: Finding
    size: int
    cosignature: str = ""
    evidence: str = ""

    @property
    def agrees(self) -> bool:
        """Tell whether the head agrees with all that was seen."""
        return self.finding not in CONTRADICTS


def witness_head(party: str, text: str, actor: str, now: datetime, leaves: Sequence[bytes] = ()) -> Witnessed:
    """Judge a head of a partner's log of us that it handed in, keep it where it agrees, and say that we saw it.

    A head that contradicts what was seen is kept as such, with its evidence. *leaves*, the hashes of all entries that
    the log shows, tell a rewritten log from one without a proof. `Refused` where no key of the partner is on file, or
    the head is not signed by it or not of its log of us; `Behind` where a longer head has no proof from the last one.
    """
    with transaction.atomic():
        us = str(Node.objects.select_for_update().values_list("party_id", flat=True).get())
        ring = messages.keyring(party)
        if not ring:
            raise NoKey(
                sentence("no key of {party} is on file: comity ledger key {party} LINE --source …", party=party)
            )
        try:
            handed = witness.read(text)
            head = notes.open_note(handed.note, ring, keys.verify_signature)
        except LedgerError as error:
            raise messages.Refused(str(error)) from error
        if head.origin != messages.log_name(party, us):
            raise messages.Refused(
                sentence(
                    "it is a head of {origin}, not of {log_name}",
                    origin=head.origin,
                    log_name=messages.log_name(party, us),
                )
            )
        return _judged(_Seeing(party, us, actor, now), handed, head, list(leaves))


@dataclass(frozen=True, slots=True)
class _Seeing:
    """Whose log is seen by whom, and when."""

    party: str
    us: str
    actor: str
    now: datetime


def _judged(seeing: _Seeing, handed: Submission, head: notes.Checkpoint, leaves: list[bytes]) -> Witnessed:
    last = SeenHead.objects.filter(origin=head.origin).order_by("size").last()
    seen = None if last is None else notes.checkpoint_of(notes.parse(last.note))
    finding = witness.judge(seen, head, handed.old, handed.proof)
    if last is None or seen is None:
        return _kept(seeing, handed.note, head, finding)
    if finding is Finding.SHORTENED:
        twin = SeenHead.objects.filter(origin=head.origin, size=head.size).first()
        finding = Finding.FORKED if twin is not None and twin.root != head.root.hex() else finding
        last = twin if finding is Finding.FORKED and twin is not None else last
    if finding is Finding.UNPROVEN and leaves:
        try:
            finding = witness.judge_leaves(seen, head, leaves)
        except LedgerError as error:
            raise messages.Refused(str(error)) from error
    if finding is Finding.UNPROVEN:
        raise Behind(seen.size)
    if finding in CONTRADICTS:
        return _contradicted(seeing, last, handed.note, finding, leaves)
    if finding is Finding.SAME:
        return Witnessed(finding, head.size, last.cosignature)
    return _kept(seeing, handed.note, head, finding)


def _kept(seeing: _Seeing, note: str, head: notes.Checkpoint, finding: Finding) -> Witnessed:
    signer = keys.open_keys(Path(settings.DATA), seeing.now)
    at = moments.micros(seeing.now)
    own = signer.verifier(messages.log_name(seeing.us, seeing.party))
    line = witness.cosign(note, own, at // _MICRO, signer.sign)
    SeenHead.objects.create(party_id=seeing.party, origin=head.origin, size=head.size, root=head.root.hex(), note=note,
                            cosignature=line, at=at, by=seeing.actor)  # fmt: skip
    return Witnessed(finding, head.size, line)


def _contradicted(
    seeing: _Seeing, last: SeenHead, note: str, finding: Finding, leaves: Sequence[bytes]
) -> Witnessed:  # fmt: skip
    shown = leaves if finding is Finding.REWRITTEN else ()
    made = witness.evidence(last.note, note, shown).decode()
    row, _ = Contradiction.objects.get_or_create(seen=last, note=note, defaults={
        "party_id": seeing.party, "finding": finding.value, "evidence": made, "at": moments.micros(seeing.now),
        "by": seeing.actor})  # fmt: skip
    size = notes.checkpoint_of(notes.parse(note)).size
    return Witnessed(finding, size, evidence=row.evidence)


def submission(party: str, now: datetime, seen: int | None = None) -> str:
    """Return what our log of a party hands in to it: the newest head, and the proof from the last one it saw.

    That is the one under which its word is kept here, or of *seen* entries, where the party says so itself.
    """
    with transaction.atomic():
        note = ledgers.checkpoint(party, keys.open_keys(Path(settings.DATA), now), now)
        log = Log.objects.get(party_id=party)
        last = Checkpoint.objects.filter(log=log, cosignatures__isnull=False).order_by("size").last()
        old = (0 if last is None else last.size) if seen is None else min(seen, log.size)
        proof = tree.consistency_proof(old, log.size, ledgers.fetch_from(log)) if 0 < old < log.size else ()
        return witness.write(Submission(old, tuple(proof), note))


def cosigned(party: str, line: str, actor: str, now: datetime) -> Cosignature:
    """Keep a partner's word that it saw a head of our log of it; `Refused` where it is no such word."""
    us = Node.objects.values_list("party_id", flat=True).get()
    known = [notes.Verifier(one.name, one.public) for one in messages.keyring(party).values()]
    if not known:
        raise NoKey(sentence("no key of {party} is on file: comity ledger key {party} LINE --source …", party=party))
    written = line if line.endswith("\n") else f"{line}\n"
    for head in Checkpoint.objects.filter(log__origin=messages.log_name(us, party)).order_by("-size"):
        try:
            found = witness.cosignatures(head.note + written, known, keys.verify_signature)
        except LedgerError:
            continue
        if found:
            row, _ = Cosignature.objects.get_or_create(checkpoint=head, defaults={
                "line": written, "seen_at": found[0].at * _MICRO, "recorded_at": moments.micros(now),
                "recorded_by": actor})  # fmt: skip
            return row
    raise messages.Refused(sentence("the line is no word of {party} on any head of our log of it", party=party))


@dataclass(frozen=True, slots=True)
class Mutual:
    """How far two sides have seen each other's logs. Sizes are numbers of entries; None: nothing yet."""

    party: str
    ours: int
    seen_by_them: Cosignature | None
    seen_by_us: SeenHead | None
    contradictions: tuple[Contradiction, ...]


def mutual(party: str) -> Mutual:
    """Return how far we and a party have seen each other's logs."""
    log = Log.objects.filter(party_id=party).first()
    word = Cosignature.objects.filter(checkpoint__log__party_id=party).select_related("checkpoint")
    return Mutual(
        party, log.size if log else 0, word.order_by("checkpoint__size").last(),
        SeenHead.objects.filter(party_id=party).order_by("size").last(),
        tuple(Contradiction.objects.filter(party_id=party).select_related("seen")),
    )  # fmt: skip


def last_word(party: str) -> str:
    """Return our line under the newest head of a party's log of us that we saw; "" where there is none."""
    last = SeenHead.objects.filter(party_id=party).order_by("size").last()
    return "" if last is None else last.cosignature


def is_time(party: str, now: datetime) -> bool:
    """Tell whether heads are to be exchanged with a party: its key is on file, and an hour has passed since."""
    seen = SeenHead.objects.filter(party_id=party).aggregate(last=Max("at"))["last"]
    word = Cosignature.objects.filter(checkpoint__log__party_id=party).aggregate(last=Max("recorded_at"))["last"]
    since = moments.micros(now - AGAIN_AFTER)
    return bool(messages.keyring(party)) and (min(seen or 0, word or 0) <= since)


def with_witnesses(head: Checkpoint) -> str:
    """Return a head of ours as a note with every signature: ours, and the word of the side that saw it."""
    return head.note + "".join(head.cosignatures.values_list("line", flat=True))
