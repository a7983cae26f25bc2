"""What this node has seen of an exercise, from the store: what went and came, who said what, by the exercise's clock.

What was shared is read from what is kept beside the ledger's leaves and from batches that came in, its marking from the
handling class that it stands in. `acts.exercise_audit` comes to the same by another path.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from comity.acts import classes, exercises, law, messages, moments, segments
from comity.acts.exercises import Known
from comity.acts.kept import kept
from comity.ledger.messages import Kind
from comity.models import BatchRun, Collection, ExerciseEvent, ExercisePut, LedgerEntry, Message
from comity.policy import exercise_clock
from comity.policy import requests as rules
from comity.policy.agreements import Agreement
from comity.policy.exercise_clock import SECOND, Move, MoveKind, RunState
from comity.policy.exercise_course import Gave, Play, Spoke
from comity.policy.handling import MESSAGE
from comity.policy.vocabulary import Urgency

OF_THE_GAME = frozenset({Kind.INJECT.value, Kind.CLOCK.value, Kind.VERDICTS.value})
"""Messages by which an exercise is led; no team does anything by them."""
_CHUNK = 200


@dataclass(frozen=True, slots=True)
class Window:
    """The exercise with its clock's moves, and the moments (µs) between which it was played."""

    here: Known
    moves: tuple[Move, ...]
    begins: int
    ends: int

    @property
    def parties(self) -> frozenset[str]:
        """Give the other parties that play."""
        return frozenset(one.party for one in self.here.scenario.teams if one.party) - {exercises.us()}

    def second(self, at: int) -> int:
        """Give what the exercise's clock showed at a moment."""
        return exercise_clock.reading(self.moves, at).shown // SECOND

    def holds(self, at: int) -> bool:
        """Tell whether a moment lies within the exercise."""
        return self.begins <= at <= self.ends


def window(here: Known, now: datetime) -> Window | None:
    """Return when an exercise was or is played; None before its start."""
    made = exercises.moves(here.row)
    start = next((one.at for one in made if one.kind is MoveKind.START), None)
    if start is None:
        return None
    end = next((one.at for one in made if one.kind is MoveKind.END), None)
    return Window(here, tuple(made), start, moments.micros(now) if end is None else end)


def play(here: Known, now: datetime) -> Play:
    """Return a run as it stands now, with all that this node has seen."""
    here_window = window(here, now)
    if here_window is None:
        return Play(0, exercises.us(), here.row.collection.alias, leads=here.ours)
    return with_seen(here_window, now, [*_given(here_window), *_received(here_window)], list(_spoken(here_window)))


def with_seen(of: Window, now: datetime, gave: list[Gave], spoke: list[Spoke]) -> Play:
    """Return the run of a window with what was seen of it, in the order of the clock."""
    row = of.here.row
    reading = exercise_clock.reading(of.moves, moments.micros(now))
    forced = ExerciseEvent.objects.filter(exercise=row, kind="inject").values_list("name", flat=True)
    return Play(
        min(reading.seconds, of.here.scenario.lasts * 60), exercises.us(), row.collection.alias,
        reading.state is RunState.ENDED, put(of.here), exercises.taken_ways(row), frozenset(forced),
        tuple(sorted(gave, key=lambda one: (one.at, one.name, one.to))),
        tuple(sorted(spoke, key=lambda one: (one.at, one.id))),
        {name: exercises.RULINGS[one.verdict] for name, one in exercises.rulings(row).items()}, of.here.ours,
    )  # fmt: skip


def put(here: Known) -> Mapping[str, int]:
    """Return the second at which each inject was put, to whichever team first."""
    found: dict[str, int] = {}
    for name, seconds in ExercisePut.objects.filter(exercise=here.row).values_list("inject", "seconds"):
        found[name] = min(seconds, found.get(name, seconds))
    return found


class _Leaf(msgspec.Struct):
    """What of a leaf is read here."""

    kind: str
    at: str


_leaf: msgspec.json.Decoder[_Leaf] = msgspec.json.Decoder(_Leaf)


def _given(of: Window) -> Iterator[Gave]:
    """Yield what went to the other parties, newest leaf first, back to the start."""
    us, aliases = exercises.us(), dict(Collection.objects.values_list("pk", "alias"))
    for party in sorted(of.parties):
        rows = LedgerEntry.objects.filter(log__party_id=party).order_by("-index").values_list("leaf", "items")
        for leaf, items in rows.iterator(_CHUNK):
            said = _leaf.decode(bytes(leaf))
            at = moments.micros(datetime.fromisoformat(said.at))
            if at < of.begins:
                break
            if said.kind != "delivery" or not items or not of.holds(at):
                continue
            found = kept(bytes(items))
            for run in found.places:
                yield from _placed(found.collection, run.handling, run.place, run.count,
                                   Way(of.second(at), us, party, aliases[found.collection]))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Way:
    """When something went, from whom to whom, and from which collection."""

    at: int
    by: str
    to: str
    collection: str


def _placed(collection: int, handling: int, first: int, count: int, way: Way) -> Iterator[Gave]:
    """Yield what stands at places of a class, as it went; messages are no material."""
    tlp = classes.known()[handling].tlp
    for piece in segments.pieces(collection, handling, first, first + count):
        for place in range(piece.start, piece.stop):
            name, _version = piece.segment.name(place)
            kind = name.partition("--")[0]
            if kind != MESSAGE:
                yield Gave(way.at, way.by, way.to, way.collection, kind, tlp, name)


def _received(of: Window) -> Iterator[Gave]:
    """Yield what the other parties gave us, batch by batch."""
    rows = BatchRun.objects.filter(batch__accepted_at__gte=of.begins, batch__accepted_at__lte=of.ends)
    for run in rows.select_related("batch__collection"):
        giver = classes.known()[run.handling_id].originator
        if giver in of.parties:
            way = Way(of.second(run.batch.accepted_at), giver, exercises.us(), run.batch.collection.alias)
            yield from _placed(run.batch.collection_id, run.handling_id, run.first, run.count, way)


def _spoken(of: Window) -> Iterator[Spoke]:
    """Yield what was said with the other parties within exercises' collections."""
    rows = Message.objects.filter(party_id__in=of.parties, collection__exercise=True, at__gte=of.begins,
                                  at__lte=of.ends).exclude(kind__in=OF_THE_GAME).order_by("id")  # fmt: skip
    us = exercises.us()
    for row in rows:
        by, to = (us, row.party_id) if row.direction == Message.Direction.SENT else (row.party_id, us)
        said = messages.read_row(row)
        yield spoke(of, Heard(row.at, by, to, row.kind, row.uuid, row.thread, row.agreement),
                    said.text("subject"), said.text("urgency"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as either path finds it; `at` in µs since 1970."""

    at: int
    by: str
    to: str
    kind: str
    id: str
    thread: str
    agreement: str


def spoke(of: Window, heard: Heard, subject: str, urgency: str) -> Spoke:
    """Give a message by the exercise's clock, with what the agreement's clause makes due in the story's time."""
    second = of.second(heard.at)
    found = next((one.agreement for one in law.facts().adopted if one.agreement.name == heard.agreement), None)
    due: dict[str, int] = {}
    if heard.kind == Kind.REQUEST.value and found is not None and urgency in set(Urgency):
        due = _due(of, found, second, Urgency(urgency), heard)
    return Spoke(second, heard.by, heard.to, heard.kind, heard.id, heard.thread, subject,
                 due.get("acknowledge"), due.get("answer"))  # fmt: skip


def _due(of: Window, agreement: Agreement, second: int, urgency: Urgency, heard: Heard) -> dict[str, int]:
    if agreement.party(heard.to) is None or agreement.party(heard.by) is None:
        return {}
    at, begins = of.here.scenario.story(second), of.here.scenario.story(0)
    steps = rules.steps(agreement, at, urgency, heard.to, heard.by)
    return {one.name.partition(" ")[0]: int((one.by - begins).total_seconds()) for one in steps}
