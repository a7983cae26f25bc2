"""What one partner may have of one collection now, drawn up once and remembered while law, stock and day stand."""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from heapq import merge
from itertools import count

from django.db import transaction

from comity.acts import classes, epochs, law, lookups, moments, views
from comity.acts.epochs import Epoch
from comity.acts.links import Row, Statement
from comity.models import Collection, Entry
from comity.policy import feed
from comity.policy.handling import Handling
from comity.policy.release import Judgement, Release

_MOST = 64  # views that a process remembers
MOST_LOOKED_UP = 20_000  # ids that a sight remembers whether the partner may have them
_FIRST_RUNS, _MOST_RUNS = 16, 512
_PASSED = 256  # runs, closed or of other types, that a walk steps over before it looks class by class
_MARK = "SELECT mark FROM comity_partnerview WHERE id = %s"
_RUN = "SELECT handling, stretch, first, count, date FROM comity_viewrun WHERE view_id = %s"
_PLACE = ("SELECT first, count, date FROM comity_viewrun WHERE view_id = %s AND handling = %s AND first <= %s"
          " AND stretch = %s ORDER BY first DESC LIMIT 1")  # fmt: skip


@dataclass(slots=True)
class Sight:
    """One partner's view of a collection with the judgements behind it; for moments (µs) in [*since*, *until*).

    `touched` are the classes whose objects may have parts taken out, so that each is looked at. `apart` are the ids
    that stand apart for this partner: it has them through the classes that are its own alone. `there` remembers of
    ids whether the partner may have a version of them. `number` is another in each sight of a process.
    """

    us: str
    party: str
    collection: int
    uuid: str
    epoch: Epoch
    pk: int
    mark: str
    view: feed.View
    known: Mapping[int, Handling]
    rulings: Mapping[int, Judgement]
    since: int
    until: int
    there: dict[str, bool] = field(default_factory=dict)
    touched: frozenset[int] = frozenset()
    apart: frozenset[str] = frozenset()
    number: int = field(default_factory=count().__next__)

    @property
    def where(self) -> str:
        """What a cursor is bound to, beside its question."""
        return f"{self.party} {self.uuid}"

    def stands(self, epoch: Epoch, now: int) -> bool:
        """Tell whether this is still what the partner may have."""
        return self.since <= now < self.until and self.epoch.sees_as(epoch)

    def sees(self, stix_id: str, handling: int) -> bool:
        """Tell whether this is the class through which the partner has an object, of all in which it stands."""
        return stix_id not in self.apart or bool(self.known[handling].apart)

    def ground(self, handling: int) -> tuple[str, str]:
        """Return the agreement and the clause on which a class goes; public material has the clause `public`."""
        ruling = self.rulings[handling]
        if isinstance(ruling, Release):
            for ground in ruling.grounds:
                if ground.agreement is not None and ground.clause is not None:
                    return ground.agreement, ground.clause
        return "", "public"

    def runs(self, after: int, types: frozenset[str]) -> Iterator[feed.Run]:
        """Yield the open runs of some types (of all: empty) that hold items dated after *after*, in order of date."""
        wanted = {handling: stretch for handling, (stretch, _) in self.view.open.items()
                  if not types or self.known[handling].type in types}  # fmt: skip
        if not wanted:
            return
        passed = 0
        for run in _walk(_RUN, [self.pk], after):
            if wanted.get(run.handling) == run.stretch:
                yield run
                continue
            passed += 1
            if passed > _PASSED:
                yield from self._by_class(run.date + run.count - 1, wanted)
                return

    def _by_class(self, after: int, wanted: Mapping[int, int]) -> Iterator[feed.Run]:
        """Walk the runs of each class (with its open stretch) by itself, so that all others cost nothing."""
        asked = f"{_RUN} AND handling = %s AND stretch = %s"
        walks = (_walk(asked, [self.pk, handling, stretch], after) for handling, stretch in wanted.items())
        yield from merge(*walks, key=lambda run: run.date)

    def date(self, handling: int, ordinal: int) -> int | None:
        """Return the date of a place in this view, None when it is not in it."""
        if not self.view.has(handling, ordinal):
            return None
        found = lookups.row(_PLACE, [self.pk, handling, ordinal, self.view.open[handling][0]])
        if found is None or ordinal >= found[0] + found[1]:
            return None
        return int(found[2]) + ordinal - int(found[0])


def _walk(asked: str, values: list[int], after: int) -> Iterator[feed.Run]:
    """Yield the runs that *asked* selects and that reach beyond *after*, in the order of their dates."""
    begun = lookups.row(f"{asked} AND date <= %s ORDER BY date DESC LIMIT 1", [*values, after]) if after >= 0 else None
    if begun is not None and begun[4] + begun[3] > after + 1:
        yield feed.Run(*begun)
    most = _FIRST_RUNS
    while True:
        rows = lookups.rows(f"{asked} AND date > %s ORDER BY date LIMIT %s", [*values, after, most])
        for row in rows:
            yield feed.Run(*row)
        if len(rows) < most:
            return
        after, most = rows[-1][4], min(2 * most, _MOST_RUNS)


_lock = threading.Lock()
_seen: OrderedDict[tuple[str, str], Sight] = OrderedDict()


def sight(party: str, collection: Collection, now: datetime, epoch: Epoch | None = None) -> Sight:
    """Return what *party* may have of *collection* now; *epoch* is the store as the caller has just read it.

    What is returned stood when it was looked at. Who acts on it looks again in the transaction of the act (`verified`).
    """
    at = epochs.read() if epoch is None else epoch
    moment = max(moments.micros(now), at.stamp)
    key = (party, str(collection.uuid))
    with _lock:
        found = _seen.get(key)
    if found is not None and found.stands(at, moment):
        return found
    made = _drawn(party, collection, now)
    with _lock:
        _seen[key] = made
        _seen.move_to_end(key)
        while len(_seen) > _MOST:
            _seen.popitem(last=False)
    return made


def _drawn(party: str, collection: Collection, now: datetime) -> Sight:
    with transaction.atomic():
        epoch = epochs.hold()
        row, view = views.drawn_up(party, collection, now)
        moment = max(now, moments.moment(epoch.stamp))
        rulings = law.rulings(party, now, exercise=collection.exercise)
        known = classes.known()
        made = Sight(law.facts().us, party, collection.pk, str(collection.uuid), epoch, row.pk, row.mark,
                     view, known, rulings, law.stood_since(moment), law.stands_until(moment))  # fmt: skip
    limited = frozenset(n for n, one in rulings.items() if isinstance(one, Release) and one.backlog_from is not None)
    made.apart = _apart(party, collection.pk, known)
    made.touched = frozenset(n for n in view.open if _is_touched(n, known, rulings, limited))
    return made


def _apart(party: str, collection: int, known: Mapping[int, Handling]) -> frozenset[str]:
    """Return the ids of what stands apart for a party in a collection."""
    numbers = [number for number, one in known.items() if one.apart == party]
    if not numbers:
        return frozenset()
    rows = Entry.objects.filter(collection=collection, handling__in=numbers, deleted_at=None)
    return frozenset(rows.values_list("version__stix_id", flat=True))


def _is_touched(number: int, known: Mapping[int, Handling], rulings: Mapping[int, Judgement],
                limited: frozenset[int]) -> bool:  # fmt: skip
    """Tell whether parts may have to be taken out of objects of a class.

    They may where the law says so, and where what they refer to is open from some day on only: then some of it is not.
    """
    ruling = rulings[number]
    if isinstance(ruling, Release) and (ruling.redact_tlp or ruling.redact_personal):
        return True
    return any(one in limited for group in known[number].needs for one in group)


def question(found: Sight) -> Statement:
    """Return what is asked, in a transaction that holds the marks, to tell by its answer what `verified` tells."""
    return Statement(_MARK, ((found.pk,),))


def verified(found: Sight, epoch: Epoch, row: Row | None) -> bool:
    """Tell whether a sight still stands in the *epoch* that is held, and nothing was drawn up since."""
    return found.epoch.sees_as(epoch) and row is not None and row[0] == found.mark


def forget() -> None:
    """Drop what is remembered: for a process whose store was replaced under it."""
    with _lock:
        _seen.clear()
