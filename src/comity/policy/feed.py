"""A partner's view of a collection: which places it sees, in which order, under which dates.

TAXII 2.1 (§3.3 to §3.5) orders, pages and resumes by the date on which an object was added to the collection *as this
client sees it*. So an object that opens to a partner late must be dated late: at the moment it opened, not the moment
it was stored, or the partner's cursor has passed it for ever.

A view is a list of runs: consecutive places of one handling class with consecutive dates, one microsecond apart. Runs
are added at two kinds of moment: when a batch arrives (its places of the classes open to this partner), and when the
law turns (all places so far of each class that newly opens). Nothing is ever inserted before what the partner has
seen, no two items share a date, and the dates are counted by the view's own clock, so that they tell nothing of what
is withheld.
The law: *whatever a recipient may have at t₂ it could have had at t₁, or gets after t₁.*
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Run:
    """Places `first` … `first`+`count`-1 of a class, dated `date`, `date`+1, … (microseconds since 1970 UTC)."""

    handling: int
    stretch: int
    first: int
    count: int
    date: int


@dataclass(frozen=True, slots=True)
class View:
    """Where a view stands: its clock, and for each open class (stretch, first open place)."""

    last_date: int = 0
    open: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    stretches: int = 0

    def shows(self, run: Run) -> bool:
        """Tell whether a run is still open: its class is, and it has not been closed and reopened since."""
        found = self.open.get(run.handling)
        return found is not None and found[0] == run.stretch

    def has(self, handling: int, ordinal: int) -> bool:
        """Tell whether the partner may have what stands at a place, once the view is drawn up to now."""
        found = self.open.get(handling)
        return found is not None and ordinal >= found[1]


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of places of one class."""

    handling: int
    first: int
    count: int


def turn(view: View, at: int, allowed: Mapping[int, int], order: Sequence[int],
         totals: Mapping[int, int]) -> tuple[View, tuple[Run, ...]]:  # fmt: skip
    """Let the law turn at moment *at* (µs): close what is no longer allowed, open what newly is.

    *allowed* maps each class open from now on to the first place that is open (0 unless an agreement gives no backlog);
    *order* is the order in which classes are laid out; *totals* counts each class's places so far.
    """
    still = {handling: found for handling, found in view.open.items() if handling in allowed}
    fresh = [handling for handling in order if handling in allowed and handling not in still]
    if not fresh:
        return replace(view, open=still), ()
    stretch = view.stretches + 1
    places = [Place(h, allowed[h], max(totals.get(h, 0) - allowed[h], 0)) for h in fresh]
    opened = replace(view, open={**still, **{h: (stretch, allowed[h]) for h in fresh}}, stretches=stretch)
    return arrive(opened, at, places)


def arrive(view: View, at: int, places: Sequence[Place]) -> tuple[View, tuple[Run, ...]]:
    """Let a batch arrive at moment *at* (µs): its places in open classes become runs, in the order given."""
    runs: list[Run] = []
    date = max(at, view.last_date + 1)
    for place in places:
        if place.count > 0 and place.handling in view.open:
            runs.append(Run(place.handling, view.open[place.handling][0], place.first, place.count, date))
            date += place.count
    return (replace(view, last_date=date - 1) if runs else view), tuple(runs)


def interrupt(view: View, at: int, read: int, unread: Sequence[Run], places: Sequence[Place],
              ahead: Container[int]) -> tuple[View, tuple[Run, ...]]:  # fmt: skip
    """Let what cannot wait arrive at moment *at* (µs) before all that the partner has not been told of yet.

    *read* is the latest date that any answer to this partner ever held, *unread* the runs dated after it. No client of
    the partner has seen their dates, so they are dated anew: *places* first, but after those of the classes *ahead*,
    which did not wait either. Returns the view and all runs dated after *read*.
    """
    before = [Place(run.handling, run.first, run.count) for run in unread if run.handling in ahead]
    after = [run for run in unread if run.handling not in ahead]
    start = replace(view, last_date=max(read, 0))
    moved, runs = arrive(start, at, [*before, *places])
    date = max(moved.last_date + 1, at)
    late: list[Run] = []
    for run in after:
        late.append(replace(run, date=date))
        date += run.count
    return replace(moved, last_date=date - 1 if late else moved.last_date), (*runs, *late)


def split(run: Run, read: int) -> tuple[Run | None, Run | None]:
    """Part a run in what is dated up to *read* and what is dated after it; None where there is none of it."""
    told = min(max(read + 1 - run.date, 0), run.count)
    first = replace(run, count=told) if told else None
    rest = replace(run, first=run.first + told, count=run.count - told, date=run.date + told)
    return first, rest if rest.count else None
