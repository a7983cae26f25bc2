"""Events of MISP taken into a collection: converted, limited by what MISP says of them, and stored as any file is.

An event is its creator's: ours, or a party's, then under the agreement by which that party shares with us. Each object
made of it goes no further than the part that it was made of (`policy.misp`), and no further than the agreement allows.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec
from django.conf import settings

from comity.acts import gathering, incoming, intake, misp_files, moments
from comity.acts.gathering import File, Gathering, Progress
from comity.converting.misp import Converter
from comity.models import Node, Party
from comity.policy import misp
from comity.policy.handling import Handling
from comity.policy.markings import Tlp
from comity.policy.misp import Limit, Telling
from comity.policy.release import Adopted
from comity.policy.saying import sentence
from comity.stix.markings import TLP_IDS, TLP_LABELS
from comity.stix.objects import Accepted, version_of

_SHOWN: Final = 10
_ALONE: Final = frozenset({"report", "grouping"})  # they list all of an event, and are the event's own
_NOT_MADE: Final = ("created_by_ref", "object_marking_refs")
_RIDES: Final = frozenset({"marking-definition", "extension-definition"})
_UNMARKED: Final = _RIDES | {"identity"}  # the same for several events, whose marks differ


class EventsRefused(Exception):
    """What was asked cannot be done; the message says what and how to mend it. Nothing was stored."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the officer says beside the files. `organisations` are pairs (UUID or name in MISP, code of the party)."""

    organisations: tuple[tuple[str, str], ...] = ()
    agreement: str = ""
    community: frozenset[str] = frozenset()
    unstated: int = 0


@dataclass(slots=True)
class Event:
    """What became of one event. `within` is None where any party may have it that an agreement allows."""

    place: str
    uuid: str = ""
    info: str = ""
    refused: str = ""
    originator: str = ""
    under: str = ""
    tlp: str = ""
    within: list[str] | None = None
    objects: dict[str, int] = field(default_factory=dict)
    narrower: int = 0
    notes: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def in_words(self) -> list[str]:
        """Write it for a reader."""
        name = f"{self.place} ({self.uuid}): “{self.info}”" if self.uuid else self.place
        if self.refused:
            return [f"{name}: refused: {self.refused}"]
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(self.objects.items()))
        whom = "whom agreements allow" if self.within is None else ", ".join(self.within) or "nobody else"
        by = f"{self.originator}’s" + (f", under {self.under}" if self.under else "")
        lines = [f"{name}: {sum(self.objects.values())} objects: {kinds}", f"  {by}; TLP:{self.tlp}; for {whom}"]
        if self.narrower:
            lines.append(f"  {self.narrower} of them go less far than the event")
        for what, rows in (("note", self.notes), ("lost", self.lost)):
            lines += [f"  {what}: {row}" for row in rows[:_SHOWN]]
            lines += [f"  {what}: and {len(rows) - _SHOWN} more"] if len(rows) > _SHOWN else []
        return lines


@dataclass(slots=True)
class Report:
    """What became of the events of a run; `stored` is empty where they were only looked at, or none could be stored."""

    events: list[Event] = field(default_factory=list)
    stored: intake.Report | None = None
    refused: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether nothing was refused."""
        return not self.refused and not any(one.refused for one in self.events)

    def in_words(self) -> str:
        """Write it for a reader."""
        lines = [line for one in self.events for line in one.in_words()]
        if self.stored is not None:
            return "\n".join([*lines, replace(self.stored, unmarked=0).in_words()])
        return "\n".join([*lines, "Nothing was stored.", *(f"  refused: {row}" for row in self.refused[:_SHOWN])])


@dataclass(frozen=True, slots=True)
class _Whose:
    """Whose an object is, under which agreement, and how far it goes."""

    originator: str
    under: Adopted | None
    limit: Limit


class Intake:
    """A run: events are converted one by one as they are read, and the handling of what they became is kept."""

    def __init__(self, asked: Asked, said: intake.Said, convert: Converter, now: datetime) -> None:
        """Look up what the store says of parties and agreements; EventsRefused where a name is none of them."""
        node = Node.objects.first()
        if node is None:
            raise moments.NoNode("there is no node in this home yet: start it once with comity up")
        self.us, self.now, self.said, self.convert = node.party_id, now, said, convert
        untagged = said.tlp if said.tlp is not None else Tlp.read(node.unmarked_as)
        organisations = {name.strip().lower(): party for name, party in asked.organisations}
        self.told = Telling(self.us, organisations, asked.community, untagged, asked.unstated)
        self._check_parties(asked)
        self.under = {party: self._under(party, asked.agreement) for party in {*organisations.values()} - {self.us}}
        self.report = Report()
        self.whose: dict[tuple[str, str], _Whose] = {}
        self.clauses: dict[str, Callable[[Handling], str]] = {
            party: incoming.clauses_of(under, party, self.us, now) for party, under in self.under.items()
        }

    def _check_parties(self, asked: Asked) -> None:
        known = set(Party.objects.values_list("code", flat=True))
        for option, codes in (("--org", {code for _, code in asked.organisations}), ("--community", asked.community)):
            for code in sorted(codes - known):
                raise EventsRefused(
                    sentence(
                        "{option}: there is no party “{code}” here; write the code of one that is",
                        option=option,
                        code=code,
                    )
                )

    def _under(self, party: str, slug: str) -> Adopted | None:
        found = incoming.under(party, self.now, slug)
        if found is None and slug:
            raise EventsRefused(
                sentence(
                    "--agreement: no agreement “{slug}” is in force between {us} and {party}; see comity "
                    "agreement list, or leave the option out",
                    slug=slug,
                    us=self.us,
                    party=party,
                )
            )
        return found

    def objects(self, files: Iterable[tuple[str, bytes]]) -> Iterator[File]:
        """Yield each event that can be taken in as a file of STIX objects, one a line."""
        for name, text in files:
            for found in misp_files.events(name, text):
                event = Event(found.place, refused=found.wrong)
                self.report.events.append(event)
                lines = [] if found.wrong else self._converted(found.text, event)
                if lines:
                    yield f"{found.place} ({event.uuid})", lines

    def _converted(self, text: bytes, event: Event) -> list[bytes]:
        try:
            read, event.lost = misp_files.read(text)
        except misp_files.Unreadable as error:
            event.refused = str(error)
            return []
        event.uuid, event.info = str(read["uuid"]).lower(), str(read.get("info") or "")[:120]
        event.refused = self._against(read, event)
        if event.refused:
            return []
        made = self.convert.convert(read)
        if made.failed or not made.objects:
            why = made.failed or "; ".join(made.lost) or "nothing came of it"
            event.refused = f"misp-stix cannot convert it: {why}; mend that in MISP and export it whole again"
            return []
        event.lost += made.lost
        event.notes += made.notes
        return self._limited(made.objects, misp.limits(read, self.told), event)

    def _against(self, read: Mapping[str, Any], event: Event) -> str:
        """Say why an event cannot be taken in; "" where it can. Note whose it is."""
        creator = read.get("Orgc")
        event.originator = self.told.party(creator)
        if not event.originator:
            known = creator if isinstance(creator, Mapping) else {}
            name, uuid = known.get("name") or "nobody", known.get("uuid") or known.get("name") or "ORG"
            return (f"its creator “{name}” is no party that is known; say whose it is: --org '{uuid}=PARTY', "
                    f"with {self.us} for our own")  # fmt: skip
        if misp.is_exercise(read) and not self.said.exercise:
            return "it is tagged as an exercise’s; add --exercise and name a collection for exercises"
        under = self.under.get(event.originator)
        event.under = under.slug if under is not None else ""
        if event.originator != self.us and under is None:
            event.notes.append(f"no agreement is in force with {event.originator}, so it is passed on to nobody")
        return ""

    def _limited(self, objects: list[dict[str, Any]], limits: misp.Limits, event: Event) -> list[bytes]:
        whole = limits.whole
        event.tlp, event.within = whole.tlp.label, None if whole.within is None else sorted(whole.within)
        event.notes += limits.notes
        each = misp.spread(limits, {str(one["id"]): _refers(one) for one in objects})
        lines: list[bytes] = []
        for one in objects:
            limit = each[str(one["id"])]
            key = (str(one["id"]), version_of(one))
            before = self.whose.get(key)
            if before is not None:  # the same version of two events: what both allow
                limit = limit.narrowed(before.limit)
            self.whose[key] = _Whose(event.originator, self.under.get(event.originator), limit)
            event.narrower += one["type"] not in _RIDES and limit != whole
            _mark(one, limit)
            lines.append(msgspec.json.encode(one) + b"\n")
        event.objects = dict(Counter(str(one["type"]) for one in objects if one["type"] not in _RIDES))
        return lines

    def handling(self, accepted: Accepted, own: Handling) -> Handling:
        """Give an object its handling: never wider than what its marks and the officer say already."""
        whose = self.whose.get((accepted.id, accepted.version))
        if whose is None or accepted.type in _RIDES:
            return own
        marked = whose.limit.tlp if accepted.tlp is None else max(whose.limit.tlp, own.tlp)
        found = replace(own, tlp=marked, originator=whose.originator, within=whose.limit.within)
        if whose.originator == self.us or whose.under is None:
            return found
        return replace(found, received_under=(whose.under.slug, self.clauses[whose.originator](found)))


def take_in(files: Iterable[tuple[str, bytes]], collection: str | None, run: Intake, actor: str,
            progress: Progress) -> Report:  # fmt: skip
    """Store the events of *files* (name, content) in *collection*, in one transaction; None: only look at them."""
    with gathering.begun(run.objects(files), Path(settings.DATA), progress, steady=False) as coming:
        found = coming.found()
        if collection is not None and found.count:
            run.report.stored = _stored(coming, collection, run, actor)
            run.report.refused = run.report.stored.refused
        else:
            run.report.refused = found.refused
    return run.report


def _stored(coming: Gathering, collection: str, run: Intake, actor: str) -> intake.Report:
    return intake.store(coming, collection, run.said, actor, run.now, run.handling)


def _refers(one: Mapping[str, Any]) -> set[str]:
    """Return what an object refers to, but for its maker and marks; nothing for what lists a whole event."""
    if one["type"] in _ALONE:
        return set()
    found: set[str] = set()
    waiting: list[Any] = [{key: value for key, value in one.items() if key not in _NOT_MADE}]
    while waiting:
        value = waiting.pop()
        for key, inner in value.items() if isinstance(value, dict) else [("", item) for item in value]:
            if key.endswith("_ref") and isinstance(inner, str):
                found.add(inner)
            elif key.endswith("_refs") and isinstance(inner, list):
                found |= {item for item in inner if isinstance(item, str)}
            elif isinstance(inner, dict | list):
                waiting.append(inner)
    return found


def _mark(one: dict[str, Any], limit: Limit) -> None:
    """Write the limit on an object that has versions: one TLP, and what may be done with it."""
    marks = [mark for mark in one.get("object_marking_refs", ()) if mark not in TLP_LABELS]
    if one["type"] in _UNMARKED or "modified" not in one:
        one.pop("object_marking_refs", None)
        if marks:
            one["object_marking_refs"] = marks
        return
    one["object_marking_refs"] = [*marks, TLP_IDS[limit.tlp.label]]
    if limit.pap is not None:
        others = [label for label in one.get("labels", ()) if not str(label).upper().startswith("PAP:")]
        one["labels"] = [*others, f"PAP:{limit.pap.name}"]
