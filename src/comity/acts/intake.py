"""Files of STIX objects taken into a collection: read, checked, stored, and what became of each object told."""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from comity.acts import checking, moments, sharing
from comity.acts.placing import Placing
from comity.models import Collection, Node
from comity.policy.handling import Terms
from comity.policy.markings import Tlp
from comity.policy.vocabulary import Information, Purpose
from comity.stix import blocks
from comity.stix.objects import Accepted

Progress = Callable[[str, int, int | None], None]
"""Told what is done, how many objects so far, and of how many where that is known."""
_SHOWN = 20
_STEP = 8_192  # objects stored at a time
_STEP_SIZE = 16 << 20  # bytes of them


def _silent(_what: str, _done: int, _of: int | None) -> None:
    """Tell nobody."""


class IntakeRefused(Exception):
    """What was asked cannot be done; the message says what and how to mend it. Nothing was stored."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the officer says of objects that do not say it themselves."""

    tlp: Tlp | None = None
    information: str = ""
    purpose: str = ""
    personal_data: str = "none"
    recipients: frozenset[str] = frozenset()
    exercise: bool = False


@dataclass(slots=True)
class Report:
    """What became of the objects of a run."""

    collection: str
    stored: int = 0
    known: int = 0
    refused: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    custom: int = 0
    unmarked: int = 0
    unmarked_as: str = ""

    def in_words(self) -> str:
        """Write the report for a reader."""
        lines = [f"{self.collection}: {self.stored} stored, {self.known} already there, {len(self.refused)} refused."]
        if self.unmarked:
            lines.append(f"{self.unmarked} carry no TLP marking and are held as TLP:{self.unmarked_as}.")
        if self.custom:
            lines.append(f"{self.custom} are custom or have custom properties.")
        for what, rows in (("refused", self.refused), ("waiting", self.waiting)):
            lines += [f"  {what}: {row}" for row in rows[:_SHOWN]]
            lines += [f"  {what}: and {len(rows) - _SHOWN} more"] if len(rows) > _SHOWN else []
        return "\n".join(lines)


def _words(said: Said) -> None:
    for name, given, known in (("--information", said.information, Information), ("--purpose", said.purpose, Purpose)):
        words = [str(word) for word in known]
        if given and given not in words:
            raise IntakeRefused(f"{name}: “{given}” is not a known word; write one of {', '.join(words)}.")


def _fits(name: str, said: Said) -> Collection | None:
    """Return the collection that goes by a name, None where it is to be made; refuse what cannot be."""
    found = next((c for c in Collection.objects.all() if name in {c.alias, str(c.uuid)}), None)
    if found is None and not name.replace("-", "").replace("_", "").isalnum():
        raise IntakeRefused(f"--collection: “{name}” cannot be an alias; use letters, digits and hyphens.")
    if found is not None and found.exercise != said.exercise:
        is_for, other = ("exercises", "add --exercise") if found.exercise else ("real material", "leave out --exercise")
        raise IntakeRefused(f"--collection: “{name}” is for {is_for}; {other}, or name another collection.")
    return found


def _collection(name: str, said: Said, now: datetime) -> Collection:
    made = _fits(name, said)
    return made or sharing.make_collection(name, name, now, purpose=said.purpose, exercise=said.exercise)


def share(files: Iterable[tuple[str, Iterable[bytes]]], collection: str, said: Said, actor: str, now: datetime,
          progress: Progress = _silent) -> Report:  # fmt: skip
    """Store the objects of *files* (name, content in pieces) in *collection*, valid ones all in one transaction.

    First all are checked, and put by on disk; then all are stored. So memory holds a few thousand objects, however many
    there are, and others wait for the second half alone.
    """
    _words(said)
    node = Node.objects.first()
    if node is None:
        raise moments.NoNode("there is no node in this home yet: start it once with comity up")
    _fits(collection, said)
    with checking.checkers(Path(settings.DATA)) as checkers, _few_collections_of_cycles():
        found = _Found()
        for name, content in files:
            found.check(name, checkers.run(blocks.blocks(name, content)), progress)
        if not (found.pieces or found.refused):
            raise IntakeRefused(f"{', '.join(found.names)}: there is no object in it, so nothing was stored.")
        relations = [(one.id, one.version, (one.source, one.target)) for one in found.derivations]
        with transaction.atomic():
            taken = moments.take(now)
            target = _collection(collection, said, now)
            terms = _terms(node, said, target)
            placing = Placing(target, terms, taken, sharing.origins_of(target, relations))
            report = Report(target.alias, refused=found.refused, unmarked_as=terms.unmarked_as.label)
            _store(placing, found, checkers, report, progress)
            placing.close(actor)
    return report


@dataclass(slots=True)
class _Found:
    """What all files hold: pieces put by (by which file, which), what is refused, and what derives from what."""

    names: list[str] = field(default_factory=list)
    count: int = 0
    pieces: list[tuple[int, checking.Piece]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    derivations: list[checking.Derivation] = field(default_factory=list)

    def check(self, name: str, checked: Iterable[checking.Checked], progress: Progress) -> None:
        """Gather what became of one file's blocks."""
        self.names.append(name)
        before = 0
        for block in checked:
            self.refused += [f"{name}, object {before + number}: {why}" for number, why in block.refused]
            self.pieces += [(block.file, piece) for piece in block.pieces]
            self.derivations += block.derivations
            self.count += sum(piece.count for piece in block.pieces)
            before += block.count
            progress(f"Checking {name}", before, None)


def _store(
    placing: Placing, found: _Found, checkers: checking.Checkers, report: Report, progress: Progress
) -> None:  # fmt: skip
    """Store what was found, step by step, and count it in the report."""
    done = 0
    for objects in _steps(found, checkers):
        outcome = placing.step(objects)
        report.stored += len(outcome.stored)
        report.known += len(outcome.known)
        report.refused += [why for _, why in outcome.refused]
        report.custom += outcome.custom
        report.unmarked += outcome.unmarked
        done += len(objects)
        progress("Storing", done, found.count)
        gc.collect()
    report.waiting = [why for _, why in placing.waiting()]


def _steps(found: _Found, checkers: checking.Checkers) -> Iterator[list[Accepted]]:
    """Yield what is to be stored, a few thousand at a time: what others may need goes before them."""
    step: list[Accepted] = []
    size = 0
    for file, piece in sorted(found.pieces, key=lambda one: one[1].rank):
        step += checkers.objects(file, piece)
        size += piece.length
        if len(step) >= _STEP or size >= _STEP_SIZE:
            yield step
            step, size = [], 0
    if step:
        yield step


def _terms(node: Node, said: Said, target: Collection) -> Terms:
    unmarked = said.tlp if said.tlp is not None else Tlp.read(node.unmarked_as)
    return Terms(unmarked, node.party_id, said.purpose or target.purpose, said.information, said.personal_data, None,
                 said.recipients, said.exercise)  # fmt: skip


@contextmanager
def _few_collections_of_cycles() -> Iterator[None]:
    """Keep the collector of cycles from walking all that is alive time and again; the caller collects by itself."""
    was = gc.isenabled()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        if was:
            gc.enable()
