"""Files of STIX objects taken into a collection: read, checked, stored, and what became of each object told."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, pairwise
from pathlib import Path

from django.conf import settings
from django.db import transaction

from comity.acts import gathering, making, moments, sharing, stock
from comity.acts.gathering import File, Found, Gathering, Progress, silent
from comity.acts.placing import Placing, Reclass
from comity.models import Collection, Node
from comity.policy.handling import Terms
from comity.policy.markings import Tlp
from comity.policy.saying import sentence
from comity.policy.vocabulary import Information, Purpose
from comity.stix.objects import Accepted

_SHOWN = 20
_STEP = 4_096  # objects stored at a time
_STEP_SIZE = 16 << 20  # bytes of them
_BETWEEN = 8  # steps between two collections of cycles


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
            raise IntakeRefused(
                sentence(
                    "{name}: “{given}” is not a known word; write one of {listed}.",
                    name=name,
                    given=given,
                    listed=", ".join(words),
                )
            )


def _fits(name: str, said: Said) -> Collection | None:
    """Return the collection that goes by a name, None where it is to be made; refuse what cannot be."""
    found = next((c for c in Collection.objects.all() if name in {c.alias, str(c.uuid)}), None)
    if found is None and not name.replace("-", "").replace("_", "").isalnum():
        raise IntakeRefused(
            sentence("--collection: “{name}” cannot be an alias; use letters, digits and hyphens.", name=name)
        )
    if found is not None and found.exercise != said.exercise:
        is_for, other = (
            (sentence("exercises"), sentence("add --exercise"))
            if found.exercise
            else (sentence("real material"), sentence("leave out --exercise"))
        )
        raise IntakeRefused(
            sentence(
                "--collection: “{name}” is for {is_for}; {other}, or name another collection.",
                name=name,
                is_for=is_for,
                other=other,
            )
        )
    return found


def _collection(name: str, said: Said, now: datetime) -> Collection:
    made = _fits(name, said)
    return made or sharing.make_collection(name, name, now, purpose=said.purpose, exercise=said.exercise)


def share(files: Iterable[File], collection: str, said: Said, actor: str, now: datetime,
          progress: Progress = silent) -> Report:  # fmt: skip
    """Store the objects of *files* in *collection*, as `store` does."""
    with gathering.begun(files, Path(settings.DATA), progress) as coming:
        return store(coming, collection, said, actor, now)


def store(coming: Gathering, collection: str, said: Said, actor: str, now: datetime,
          reclass: Reclass | None = None) -> Report:  # fmt: skip
    """Store what is being gathered in *collection*, what is valid all in one transaction.

    What is checked is put by on disk, so that memory holds a few thousand objects, however many there are. What needs
    no other object is stored meanwhile; the rest when all is checked, in the order in which one needs another.
    *reclass* has the last word on each object's handling.
    """
    _words(said)
    node = Node.objects.first()
    if node is None:
        raise moments.NoNode("there is no node in this home yet: start it once with comity up")
    _fits(collection, said)
    first = coming.first(_STEP, _STEP_SIZE)
    gc.freeze()  # what is alive by now stays so
    with stock.room(), transaction.atomic():
        taken = moments.take(now)
        target = _collection(collection, said, now)
        terms = _terms(node, said, target)
        report = Report(target.alias, unmarked_as=terms.unmarked_as.label)
        with making.begun(target, taken, actor) as begun:
            placing = Placing(begun, terms, reclass)
            _store(placing, first, report, coming.progress)
            found = _all(coming)
            relations = [(one.id, one.version, (one.source, one.target)) for one in found.derivations]
            placing.inherit(sharing.origins_of(target, relations))
            _store(placing, coming.steps(_STEP, _STEP_SIZE), report, coming.progress, found.count)
            report.refused = [*found.refused, *report.refused]
            report.waiting = [why for _, why in placing.waiting()]
    return report


def _all(coming: Gathering) -> Found:
    """Wait until all is checked; refuse what proves to be nothing."""
    found = coming.found()
    if not (found.count or found.refused):
        raise IntakeRefused(
            sentence("{listed}: there is no object in it, so nothing was stored.", listed=", ".join(found.names))
        )
    return found


def _store(placing: Placing, steps: Iterator[Sequence[Accepted]], report: Report, progress: Progress,
           of: int | None = None) -> None:  # fmt: skip
    """Store objects, step by step, and count them in the report."""
    for number, (objects, ahead) in enumerate(pairwise(chain(steps, [()]))):
        if number % _BETWEEN == _BETWEEN - 1:
            gc.collect()
        outcome = placing.step(objects, ahead)
        report.stored += len(outcome.stored)
        report.known += len(outcome.known)
        report.refused += [why for _, why in outcome.refused]
        report.custom += outcome.custom
        report.unmarked += outcome.unmarked
        progress("Storing", report.stored + report.known + len(report.refused), of)


def _terms(node: Node, said: Said, target: Collection) -> Terms:
    unmarked = said.tlp if said.tlp is not None else Tlp.read(node.unmarked_as)
    return Terms(unmarked, node.party_id, said.purpose or target.purpose, said.information, said.personal_data, None,
                 said.recipients, said.exercise)  # fmt: skip
