"""What an exercise's report says, worked out again from the ledger alone, by another path than the report's own.

Each leaf is read whole, as an auditor reads it. What it commits to by digest is fetched from the stock and compared
with that digest before it is believed: the objects of a page (with their names and their hash), those that were
received, the words of a message. Markings are read from the objects' own bytes, not from the classes they stand in.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from comity.acts import classes, exercises, given, moments, segments
from comity.acts.exercise_seen import OF_THE_GAME, Heard, Window, spoke, window, with_seen
from comity.acts.exercises import Known
from comity.ledger import entries
from comity.ledger.messages import Kind, Message, decode
from comity.models import Batch, Collection, Entry, ExercisePut, LedgerEntry, Node, StoredVersion
from comity.models import Message as MessageRow
from comity.policy.exercise_course import Gave, Judged, Play, Spoke, judge
from comity.policy.markings import Tlp
from comity.stix.objects import Accepted, read

MESSAGE = "x-comity-message--"


@dataclass(slots=True)
class Audit:
    """What the ledger says of an exercise; `faults` are places where the store does not hold what a leaf commits to."""

    play: Play
    judged: tuple[Judged, ...] = ()
    leaves: int = 0
    faults: list[str] = field(default_factory=list)


def audit(here: Known, now: datetime) -> Audit:
    """Work the run and its verdicts out from the ledger."""
    found = window(here, now)
    if found is None:
        return Audit(Play(0, exercises.us(), here.row.collection.alias), judge(here.scenario, Play(0, "", "")))
    reader = _Reader(found)
    for party in sorted(found.parties):
        reader.log(party)
    reader.compare_puts()
    play = with_seen(found, now, reader.gave, reader.spoke)
    return Audit(play, judge(here.scenario, play), reader.leaves, reader.faults)


class _Reader:
    """One reading of the logs."""

    def __init__(self, of: Window) -> None:
        self.of, self.us, self.leaves = of, exercises.us(), 0
        self.gave: list[Gave] = []
        self.spoke: list[Spoke] = []
        self.faults: list[str] = []
        self.injects: set[tuple[str, str]] = set()
        self.threads: dict[str, str] = {}
        self.aliases = {str(uuid): (pk, alias) for pk, uuid, alias in
                        Collection.objects.values_list("pk", "uuid", "alias")}  # fmt: skip
        self.unmarked = Tlp.read(Node.objects.values_list("unmarked_as", flat=True).get())

    def log(self, party: str) -> None:
        """Read a party's log from its first leaf to its last."""
        rows = LedgerEntry.objects.filter(log__party_id=party).order_by("index")
        for index, leaf, items in rows.values_list("index", "leaf", "items").iterator(500):
            entry = entries.decode(bytes(leaf))
            at = moments.micros(datetime.fromisoformat(entry.at))
            if isinstance(entry, entries.Said):
                self._said(entry, party, at)
            if not self.of.holds(at):
                continue
            self.leaves += 1
            if isinstance(entry, entries.Delivery):
                self._delivered(entry, party, at, bytes(items), f"leaf {index} of {party}")
            elif isinstance(entry, entries.Received):
                self._took(entry, party, at, f"leaf {index} of {party}")

    def _delivered(self, entry: entries.Delivery, party: str, at: int, items: bytes, where: str) -> None:
        went = list(given.went(items)) if items else []
        whole = entries.items_hash(one.digest for one in went) == entry.items and len(went) == entry.count
        if not whole or (entry.names and entries.names_hash((one.id, one.version) for one in went) != entry.names):
            self.faults.append(f"{where}: the store does not hold what it commits to")
            return
        collection, alias = self.aliases[entry.collection]
        real = [one for one in went if not one.id.startswith(MESSAGE)]
        tlps = self._tlps(collection, {(one.id, one.version): one.digest for one in real}, where)
        self._note(((name, tlp) for (name, _version), tlp in tlps), at, self.us, party, alias)

    def _note(self, found: Iterator[tuple[str, Tlp]], at: int, by: str, to: str, alias: str) -> None:
        second = self.of.second(at)
        self.gave += [Gave(second, by, to, alias, name.partition("--")[0], tlp, name) for name, tlp in found]

    def _tlps(self, collection: int, digests: Mapping[tuple[str, str], bytes],
              where: str) -> Iterator[tuple[tuple[str, str], Tlp]]:  # fmt: skip
        """Yield the marking of each version, by its own bytes; what went less than whole has another digest."""
        rows = StoredVersion.objects.filter(collection_id=collection, stix_id__in={name for name, _ in digests})
        pks = {(row.stix_id, row.version): (row.pk, bytes(row.digest)) for row in rows.defer("body")}
        bodies = segments.bodies([pk for pk, _ in pks.values()])
        for key in digests:
            if key not in pks or (body := bodies.get(pks[key][0])) is None:
                self.faults.append(f"{where}: {key[0]} is not in the store")
            elif hashlib.sha256(body).digest() != pks[key][1]:
                self.faults.append(f"{where}: {key[0]} is not what was stored")
            else:
                found = read(body)
                marked = found.tlp if isinstance(found, Accepted) else None
                yield key, self.unmarked if marked is None else Tlp.read(marked)

    def _took(self, entry: entries.Received, party: str, at: int, where: str) -> None:
        """Find the batch whose objects, in their order, have the hash that the leaf commits to."""
        collection, alias = self.aliases[entry.collection]
        for batch in Batch.objects.filter(collection_id=collection, accepted_by=entry.credential).order_by("sequence"):
            rows = self._of_batch(batch, party)
            if len(rows) == entry.count and entries.items_hash(bytes(row.digest) for row in rows) == entry.items:
                real = {(row.stix_id, row.version): bytes(row.digest) for row in rows
                        if not row.stix_id.startswith(MESSAGE)}  # fmt: skip
                tlps = self._tlps(collection, real, where)
                self._note(((name, tlp) for (name, _version), tlp in tlps), at, party, self.us, alias)
                return
        self.faults.append(f"{where}: no batch holds what it commits to")

    @staticmethod
    def _of_batch(batch: Batch, party: str) -> Sequence[StoredVersion]:
        """Return the versions that a party gave in a batch, in the order in which they came."""
        found: list[StoredVersion] = []
        for run in batch.runs.all():
            if classes.handling_of(run.handling_id).originator == party:
                places = Entry.objects.filter(collection_id=batch.collection_id, handling_id=run.handling_id,
                                              ordinal__gte=run.first, ordinal__lt=run.first + run.count)  # fmt: skip
                found += StoredVersion.objects.filter(pk__in=places.values("version_id")).defer("body")
        return sorted(found, key=lambda row: row.pk)

    def _said(self, entry: entries.Said, party: str, at: int) -> None:
        """Read a message by its leaf; its words are believed where their digest is the leaf's."""
        self.threads[entry.message] = self.threads.get(entry.in_reply_to, entry.message)
        if not self.of.holds(at):
            return
        body = MessageRow.objects.filter(uuid=entry.message).values_list("body", flat=True).first() or ""
        if hashlib.sha256(body.encode()).hexdigest() != entry.document:
            self.faults.append(f"message {entry.message}: the store does not hold what its leaf commits to")
            return
        said = decode(body.encode())
        sent = entry.step == "sent"
        if entry.about == Kind.INJECT:
            self.injects |= {(said.text("inject"), party)} if said.text("exercise") == self.of.here.row.slug else set()
        elif entry.about not in OF_THE_GAME and self._made_up(said):
            by, to = (self.us, party) if sent else (party, self.us)
            heard = Heard(at, by, to, entry.about, entry.message, self.threads[entry.message], entry.agreement)
            self.spoke.append(spoke(self.of, heard, said.text("subject"), said.text("urgency")))

    def _made_up(self, said: Message) -> bool:
        """Tell whether a message stands in a collection for exercises."""
        return StoredVersion.objects.filter(stix_id=said.id, collection__exercise=True).exists()

    def compare_puts(self) -> None:
        """Compare the injects that were put to others over the exchange with what their logs say."""
        here = self.of.here
        if not here.ours:
            return
        parties = {one.id: one.party for one in here.scenario.teams}
        rows = ExercisePut.objects.filter(exercise=here.row, message__isnull=False).values_list("inject", "team")
        told = {(inject, parties[team]) for inject, team in rows}
        self.faults += [f"inject {name} to {party} is not in the log" for name, party in sorted(told - self.injects)]
        self.faults += [f"inject {name} to {party} is in the log alone" for name, party in sorted(self.injects - told)]
