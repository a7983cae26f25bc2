"""The roadmap as a mixed-integer linear programme, as plain data: columns, rows, and what each of them stands for.

For each step and quarter there is one column *begun by then* (Pritsker’s step form): it only rises, so that order is
a row of two entries, *begun(next, t)* at most *begun(before, t less its duration)*, whose relaxation is whole by
itself. What is whole in these columns makes all others whole: an indicator is met as far as some step that meets it is
done, a goal is reached as far as each of its indicators is met.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from comity.policy.roadmap import MONEY, Aim, Fault, Goal, Kind, Offer, Plan, Programme, Rule, given, met, reached
from comity.policy.roadmap_windows import Windows, windows

Terms = dict[int, float]
"""Column → factor."""
NO_END: Final = float("inf")


@dataclass(slots=True)
class Model:
    """Columns from 0: their ends, and which are whole. Rows: their ends, and their terms one after the other."""

    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    row_lower: list[float] = field(default_factory=list)
    row_upper: list[float] = field(default_factory=list)
    begins: list[int] = field(default_factory=lambda: [0])
    columns: list[int] = field(default_factory=list)
    factors: list[float] = field(default_factory=list)
    more: dict[int, Fault] = field(default_factory=dict)
    """Column of what a limit is exceeded by → that limit; there are none but where limits may give way."""

    def column(self, lower: float = 0, upper: float = 1, *, whole: bool = True) -> int:
        """Add a column and give its number."""
        self.lower.append(lower)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.lower) - 1

    def row(self, terms: Mapping[int, float], lower: float = -NO_END, upper: float = NO_END) -> None:
        """Add a row."""
        self.columns.extend(terms)
        self.factors.extend(terms.values())
        self.begins.append(len(self.columns))
        self.row_lower.append(lower)
        self.row_upper.append(upper)


@dataclass(slots=True)
class Built:
    """A programme as a model, and where in it each thing stands."""

    programme: Programme
    windows: Windows
    model: Model
    begun: dict[str, dict[int, int]]
    """Step → quarter in which it can start → column *begun by then*."""
    taken: dict[tuple[str, str], dict[int, int]]
    """(offer, step) → quarter → column *taken, and begun by then*."""
    met: dict[str, list[int]]
    """Indicator that several steps meet → column by quarters passed."""
    held: dict[str, list[int]]
    """Goal → column by quarters passed."""
    aims: dict[Aim, Terms]
    limits: list[int] = field(default_factory=list)
    """The rows of limits that may not be exceeded."""

    def plan(self, values: list[float]) -> Plan:
        """Read a solution as a plan."""
        starts = {name: at for name, row in self.begun.items() if (at := _first(row, values)) is not None}
        taken = {pair for pair, row in self.taken.items() if _first(row, values) is not None}
        return Plan(starts, frozenset(taken))

    def values(self, plan: Plan) -> list[float]:
        """Write a plan as a solution; the plan must have no faults."""
        found = list(self.model.lower)
        for name, row in self.begun.items():
            start = plan.starts.get(name)
            for at, column in row.items():
                found[column] = float(start is not None and at >= start)
        for (offer, name), row in self.taken.items():
            for at, column in row.items():
                found[column] = float((offer, name) in plan.taken and at >= plan.starts[name])
        for rows, when in ((self.met, met(self.programme, plan)), (self.held, reached(self.programme, plan))):
            for name, columns in rows.items():
                for passed, column in enumerate(columns):
                    if column >= 0:
                        found[column] = float(when.get(name, NO_END) <= passed)
        return found


def _first(row: Mapping[int, int], values: list[float]) -> int | None:
    return next((at for at, column in row.items() if values[column] > 0.5), None)  # noqa: PLR2004 (0 or 1, as solved)


def build(programme: Programme, giving: frozenset[str] = frozenset()) -> Built:
    """Write a programme as a model; limits of resources in *giving* may be exceeded, by what columns of `more` say.

    Raises Circle where steps wait for each other.
    """
    return _Builder(programme, giving).built


class _Builder:
    """One model in the making."""

    def __init__(self, programme: Programme, giving: frozenset[str]) -> None:
        self.programme, self.steps, self.giving = programme, programme.step(), giving
        firm = tuple(one for one in programme.limits if one.resource not in giving)
        self.windows = windows(replace(programme, limits=firm))
        self.model = Model()
        self.built = Built(programme, self.windows, self.model, {}, {}, {}, {}, {})
        self.offers: dict[str, Offer] = {one.id: one for one in programme.offers}
        self.tables: dict[str, list[int | None]] = {}
        for name in self.windows.order:
            if name in self.windows.starts and name in self.windows.needed:
                self._step(name)
            elif self.steps[name].by is not None:
                self.model.row({}, lower=1)
        for offer in programme.offers:
            self._offer(offer)
        self._limits()
        self._ceilings()
        self._goals()
        self._aims()

    def begun(self, name: str, at: int) -> int | None:
        """Give the column that tells whether a step has begun by a quarter; None where it cannot have."""
        table = self.tables.get(name)
        return None if table is None or at < 0 else table[min(at, len(table) - 1)]

    def done(self, name: str, passed: int) -> int | None:
        """Give the column that tells whether a step is done when so many quarters have passed."""
        return self.begun(name, passed - self.steps[name].quarters)

    def _step(self, name: str) -> None:
        step = self.steps[name]
        row = {at: self.model.column() for at in self.windows.starts[name]}
        self.built.begun[name] = row
        self.tables[name] = [_at(row, quarter) for quarter in range(self.programme.quarters)]
        self._rises(list(row.values()))
        for before in step.after:
            for at, column in row.items():
                done = self.done(before, at)
                if done is None:
                    self.model.upper[column] = 0
                else:
                    self.model.row({column: 1, done: -1}, upper=0)
        if step.by is not None:
            self.model.row({list(row.values())[-1]: 1}, lower=1)

    def _rises(self, columns: list[int]) -> None:
        for earlier, later in pairwise(columns):
            self.model.row({earlier: 1, later: -1}, upper=0)

    def _offer(self, offer: Offer) -> None:
        every: Terms = {}
        for name in offer.steps:
            row = self.built.begun.get(name, {})
            open_ = {at: column for at, column in row.items() if offer.until is None or at <= offer.until}
            if not open_ or not given(offer, self.steps[name]):
                continue
            taken = {at: self.model.column() for at in open_}
            self.built.taken[offer.id, name] = taken
            self._rises(list(taken.values()))
            before: int | None = None
            for at, column in taken.items():  # taken anew only in the quarter in which the step begins
                terms: Terms = {column: 1, open_[at]: -1}
                earlier = _at(row, at - 1)
                if before is not None:
                    terms[before] = -1
                if earlier is not None:
                    terms[earlier] = 1
                self.model.row(terms, upper=0)
                before = column
            every[list(taken.values())[-1]] = 1
        if len(every) > offer.times:
            self.model.row(every, upper=offer.times)

    def _limits(self) -> None:
        for limit in self.programme.limits:
            terms: Terms = {}
            for quarter in range(limit.first, min(limit.last + 1, self.programme.quarters)):
                self._use(terms, limit.resource, quarter)
            terms = {column: factor for column, factor in terms.items() if factor}
            if not terms:
                continue
            if limit.resource in self.giving:
                column = self.model.column(0, NO_END)
                self.model.more[column] = Fault(Rule.LIMIT, limit.resource, "", limit.first, limit.last)
                terms[column] = -1
            else:
                self.built.limits.append(len(self.model.row_lower))
            self.model.row(terms, upper=limit.amount)

    def _use(self, terms: Terms, resource: str, quarter: int) -> None:
        """Add to a row what a quarter uses of a resource."""
        for name in self.built.begun:
            step = self.steps[name]
            if resource == MONEY:
                _add(terms, self.begun(name, quarter), step.once)
                _add(terms, self.begun(name, quarter - 1), -step.once)
                _add(terms, self.done(name, quarter), step.running)
            else:
                days = dict(step.days).get(resource, 0)
                _add(terms, self.begun(name, quarter), days)
                _add(terms, self.done(name, quarter), -days)
        for (offer, name), row in self.built.taken.items():
            amount = given(self.offers[offer], self.steps[name]).get(resource, 0)
            length = 1 if resource == MONEY else self.steps[name].quarters
            _add(terms, _at(row, quarter), -amount)
            _add(terms, _at(row, quarter - length), amount)

    def _ceilings(self) -> None:
        for ceiling in self.programme.ceilings:
            terms: Terms = {}
            for (offer, name), row in self.built.taken.items():
                if self.offers[offer].party == ceiling.party:
                    _add(terms, list(row.values())[-1], given(self.offers[offer], self.steps[name]).get(MONEY, 0))
            if terms:
                self.model.row(terms, upper=ceiling.money)
        self._once_each()

    def _once_each(self) -> None:
        """Let no step get more than it needs."""
        got: dict[tuple[str, str], Terms] = {}
        for (offer, name), row in self.built.taken.items():
            for resource, amount in given(self.offers[offer], self.steps[name]).items():
                _add(got.setdefault((name, resource), {}), list(row.values())[-1], amount)
        for (name, resource), terms in got.items():
            need = self.steps[name].once if resource == MONEY else dict(self.steps[name].days)[resource]
            if sum(terms.values()) > need:
                self.model.row(terms, upper=need)

    def _goals(self) -> None:
        meets: dict[str, list[str]] = {}
        for name in self.built.begun:
            for indicator in self.steps[name].meets:
                meets.setdefault(indicator, []).append(name)
        for goal in self.programme.goals:
            self._goal(goal, meets)

    def _goal(self, goal: Goal, meets: Mapping[str, list[str]]) -> None:
        end = self.programme.quarters
        due = () if goal.by is None else (min(goal.by, end),)
        every = range(end + 1) if Aim.EARLIEST in self.programme.aims else sorted({end, *due})
        columns = [-1] * (end + 1)
        for passed in every:
            ways = [self._ways(indicator, passed, meets) for indicator in goal.needs]
            if all(ways):
                columns[passed] = self.model.column(whole=False)
                for terms in {tuple(one) for one in ways}:
                    self.model.row({columns[passed]: 1, **dict.fromkeys(terms, -1.0)}, upper=0)
        self.built.held[goal.id] = columns
        for passed in due:
            column = columns[passed]
            self.model.row({column: 1} if column >= 0 else {}, lower=1)

    def _ways(self, indicator: str, passed: int, meets: Mapping[str, list[str]]) -> list[int]:
        """Give the column that tells whether an indicator is met by then; none where it cannot be."""
        names = meets.get(indicator, [])
        done = [column for name in names if (column := self.done(name, passed)) is not None]
        if len(names) < 2 or not done:  # noqa: PLR2004 (one way alone needs no column)
            return done
        columns = self.built.met.setdefault(indicator, [-1] * (self.programme.quarters + 1))
        if columns[passed] < 0:
            columns[passed] = self.model.column(whole=False)
            self.model.row({columns[passed]: 1, **dict.fromkeys(done, -1.0)}, upper=0)
        return [columns[passed]]

    def _aims(self) -> None:
        for aim in self.programme.aims:
            self.built.aims[aim] = self._aim(aim)

    def _aim(self, aim: Aim) -> Terms:
        terms: Terms = {}
        if aim is Aim.CHEAPEST:
            for quarter in range(self.programme.quarters):
                self._use(terms, MONEY, quarter)
            return {column: -factor for column, factor in terms.items() if factor}
        kind = {Aim.ASPECTS: Kind.ASPECT, Aim.UNDERTAKINGS: Kind.UNDERTAKING}.get(aim)
        for goal in self.programme.goals:
            columns = self.built.held[goal.id]
            if kind is None:
                for column in columns[:-1]:
                    _add(terms, column if column >= 0 else None, goal.weight)
            elif goal.kind is kind:
                _add(terms, columns[-1] if columns[-1] >= 0 else None, goal.weight)
        return terms


def _at(row: Mapping[int, int], at: int) -> int | None:
    """Give the column of the last start that is not after a quarter."""
    found = None
    for start, column in row.items():
        if start > at:
            break
        found = column
    return found


def _add(terms: Terms, column: int | None, factor: float) -> None:
    if column is not None and factor:
        terms[column] = terms.get(column, 0) + factor

