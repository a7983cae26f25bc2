"""Files of STIX objects taken into a collection: read, checked, stored, and what became of each object told."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from comity.acts import sharing
from comity.models import Collection, Node
from comity.policy.handling import Terms
from comity.policy.markings import Tlp
from comity.policy.vocabulary import Information, Purpose
from comity.stix.objects import Accepted, Refused, read
from comity.stix.streams import objects

Progress = Callable[[str, Iterator[int], int], Iterator[int]]
_SHOWN = 20


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


def _collection(name: str, said: Said, now: datetime) -> Collection:
    found = next((c for c in Collection.objects.all() if name in {c.alias, str(c.uuid)}), None)
    if found is None:
        if not name.replace("-", "").replace("_", "").isalnum():
            raise IntakeRefused(f"--collection: “{name}” cannot be an alias; use letters, digits and hyphens.")
        return sharing.make_collection(name, name, now, purpose=said.purpose, exercise=said.exercise)
    if found.exercise != said.exercise:
        is_for, other = ("exercises", "add --exercise") if found.exercise else ("real material", "leave out --exercise")
        raise IntakeRefused(f"--collection: “{name}” is for {is_for}; {other}, or name another collection.")
    return found


def share(files: Sequence[tuple[str, bytes]], collection: str, said: Said, actor: str, now: datetime,
          progress: Progress) -> Report:  # fmt: skip
    """Store the objects of *files* (name, content) in *collection*, valid ones all in one transaction."""
    _words(said)
    with _no_collection_of_cycles():
        return _share(files, collection, said, actor, now, progress)


@contextmanager
def _no_collection_of_cycles() -> Iterator[None]:
    """Spare the collector of cycles: all of a run's objects live to its end, and it would walk them time and again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _share(files: Sequence[tuple[str, bytes]], collection: str, said: Said, actor: str, now: datetime,
           progress: Progress) -> Report:  # fmt: skip
    node = Node.objects.get()
    good: list[Accepted] = []
    refused: list[str] = []
    for name, content in files:
        for number, found in enumerate(_checked(name, content, progress)):
            if isinstance(found, Accepted):
                good.append(found)
            else:
                refused.append(f"{name}, object {number + 1}: {found}")
    if not (good or refused):
        raise IntakeRefused(f"{', '.join(name for name, _ in files)}: there is no object in it, so nothing was stored.")
    target = _collection(collection, said, now)
    terms = Terms(said.tlp if said.tlp is not None else Tlp.read(node.unmarked_as), node.party_id,
                  said.purpose or target.purpose, said.information, said.personal_data, None, said.recipients,
                  said.exercise)  # fmt: skip
    outcome = sharing.accept(target, good, terms, actor, now)
    report = Report(target.alias, len(outcome.stored), len(outcome.known), refused, custom=outcome.custom,
                    unmarked=outcome.unmarked, unmarked_as=terms.unmarked_as.label)  # fmt: skip
    report.refused += [why for _, why in outcome.refused]
    report.waiting += [why for _, why in outcome.waiting]
    return report


def _checked(name: str, content: bytes, progress: Progress) -> Iterator[Accepted | str]:
    raws = list(objects(name, content))
    for index in progress(f"Checking {name}", iter(range(len(raws))), len(raws)):
        raw = raws[index]
        if not isinstance(raw, bytes):
            yield f"{raw.path}: {raw.says} {raw.mend}"
            continue
        found = read(raw)
        yield found if isinstance(found, Accepted) else in_words(found)


def in_words(refused: Refused) -> str:
    """Write an object's faults as one line."""
    faults = "; ".join(f"{fault.path}: {fault.says} {fault.mend} ({fault.rule})" for fault in refused.faults)
    return f"{refused.id or 'no id'}: {faults}"
