"""What follows in a run: which injects are due, and which expectations are met, missed or unjudged.

All times are seconds on the exercise's clock. What a judgement turns on is passed in: what was put and when, which way
decisions went, and what was seen of the exchange. Nothing seen from here is never taken for nothing done.
"""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from comity.policy.exercises import Asks, Condition, Expectation, Inject, Observe, Scenario, Sign, clock
from comity.policy.markings import Tlp


class Fate(enum.StrEnum):
    """Where an inject stands."""

    GIVEN = "put"
    DUE = "due now"
    COMING = "to come"
    WAITING = "waits for what is not decided yet"
    OFF = "does not come"


class Verdict(enum.StrEnum):
    """Where an expectation stands."""

    NOT_YET = "not yet asked"
    OPEN = "open"
    MET = "met"
    MISSED = "missed"
    UNJUDGED = "unjudged"
    NOT_ASKED = "not asked"


class Why(enum.StrEnum):
    """The reason of a verdict, as a key of its words; what the words name is in `Judged.names`."""

    SEEN = "seen"
    NOTHING = "nothing was seen in time"
    LATE = "it came late"
    TOO_STRICT = "it was marked more strictly than agreed"
    OTHER_TYPE = "what came was of another kind"
    OTHER_COLLECTION = "it went from another collection"
    NO_REQUEST = "no such request came"
    NOT_SEEN_FROM_HERE = "it is not seen from here"
    NO_CLOCK = "no clause sets a time"
    TIME_LEFT = "there is time left"
    NOT_PUT = "its inject has not been put"
    WILL_NOT_COME = "its inject does not come"
    ENDED_BEFORE = "the exercise ended before its time was up"
    NO_RULING = "evaluators have not ruled"
    RULED = "evaluators ruled"


@dataclass(frozen=True, slots=True)
class Gave:
    """An object that went from one party to another at a second of the exercise's clock."""

    at: int
    by: str
    to: str
    collection: str
    type: str
    tlp: Tlp
    name: str


@dataclass(frozen=True, slots=True)
class Spoke:
    """A message from one party to another; `acknowledge_by` and `answer_by` are what its clause sets for a request."""

    at: int
    by: str
    to: str
    kind: str
    id: str
    thread: str
    subject: str = ""
    acknowledge_by: int | None = None
    answer_by: int | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """Which option of a decision was taken, and at which second."""

    option: str
    at: int


@dataclass(frozen=True, slots=True)
class Play:
    """A run as it stands: the second that its clock shows, what was put when, which options were taken.

    `us` is the party from whose node it is seen, `collection` the exercise's own. `forced` are injects put by hand.
    """

    seconds: int
    us: str
    collection: str
    ended: bool = False
    given: Mapping[str, int] = field(default_factory=dict)
    taken: Mapping[str, Taken] = field(default_factory=dict)
    forced: frozenset[str] = frozenset()
    gave: Sequence[Gave] = ()
    spoke: Sequence[Spoke] = ()
    rulings: Mapping[str, bool | None] = field(default_factory=dict)
    """By expectation: True met, False missed, None expressly unjudged."""
    leads: bool = True
    """False: only what was put to our own team is known here."""


@dataclass(frozen=True, slots=True)
class Judged:
    """An expectation with its verdict: why, the second at which it was met, and until when there was time."""

    expectation: Expectation
    verdict: Verdict
    why: Why
    at: int | None = None
    until: int | None = None
    names: str = ""


@dataclass(frozen=True, slots=True)
class Stands:
    """An inject with where it stands; `at` is when it was put, or comes if all goes as written."""

    inject: Inject
    fate: Fate
    at: int | None = None


def judge(scenario: Scenario, play: Play) -> tuple[Judged, ...]:
    """Judge every expectation, in the order of the scenario."""
    return tuple(_judge(scenario, play, one) for one in scenario.expected)


def stands(scenario: Scenario, play: Play) -> tuple[Stands, ...]:
    """Tell where every inject stands, in the order of the scenario."""
    course = _Course(scenario, play, {one.expectation.id: one for one in judge(scenario, play)})
    return tuple(course.stand(one.id) for one in scenario.injects)


def due(scenario: Scenario, play: Play) -> tuple[Inject, ...]:
    """Give the injects that are to be put now, in the order of their times."""
    found = [one for one in stands(scenario, play) if one.fate is Fate.DUE]
    return tuple(one.inject for one in sorted(found, key=lambda one: one.at or 0))


@dataclass(slots=True)
class _Course:
    """Where injects stand, each worked out once."""

    scenario: Scenario
    play: Play
    judged: Mapping[str, Judged]
    told: dict[str, Stands] = field(default_factory=dict)

    def stand(self, name: str) -> Stands:
        if name not in self.told:
            self.told[name] = self._fate(self.scenario.inject[name])
        return self.told[name]

    def _fate(self, one: Inject) -> Stands:
        play = self.play
        if one.id in play.given:
            return Stands(one, Fate.GIVEN, play.given[one.id])
        if play.ended:
            return Stands(one, Fate.OFF)
        if one.id in play.forced:
            return Stands(one, Fate.DUE, play.seconds)
        holds = [self._holds(condition) for condition in one.when]
        begins, comes = self._begins(one)
        if False in holds or comes is False:
            return Stands(one, Fate.OFF)
        at = None if begins is None else begins + 60 * one.at
        if at is None or at > play.seconds or comes is None:
            return Stands(one, Fate.COMING, at)
        return Stands(one, Fate.DUE if all(holds) else Fate.WAITING, at)

    def _begins(self, one: Inject) -> tuple[int | None, bool | None]:
        """Give the second from which an inject's time counts, or will, and whether that has come: None, it may yet."""
        if not one.after:
            return 0, True
        if one.after in self.scenario.decision:
            taken = self.play.taken.get(one.after)
            if taken is not None:
                return taken.at, True
            return None, None if self._can_come(self.scenario.decision[one.after].after) else False
        before = self.stand(one.after)
        comes = {Fate.GIVEN: True, Fate.OFF: False}.get(before.fate)
        return before.at, comes

    def _can_come(self, name: str) -> bool:
        return self.stand(name).fate is not Fate.OFF

    def _holds(self, condition: Condition) -> bool | None:
        """Answer a condition: True, False, or None while it is not decided."""
        if condition.asks is Asks.TOOK:
            taken = self.play.taken.get(condition.name)
            put = self.scenario.decision[condition.name].after
            return (None if self._can_come(put) else False) if taken is None else taken.option == condition.option
        judged = self.judged[condition.name]
        if judged.verdict in {Verdict.NOT_YET, Verdict.OPEN} or judged.why is Why.NO_RULING:
            return None if self._can_come(judged.expectation.after) else False
        return judged.verdict is (Verdict.MET if condition.asks is Asks.MET else Verdict.MISSED)


def _judge(scenario: Scenario, play: Play, one: Expectation) -> Judged:
    put = play.given.get(one.after)
    if put is None:
        return _not_put(scenario, play, one)
    if one.id in play.rulings:
        ruled = play.rulings[one.id]
        return Judged(one, Verdict.UNJUDGED if ruled is None else Verdict.MET if ruled else Verdict.MISSED, Why.RULED)
    if one.sign is None:
        return Judged(one, Verdict.UNJUDGED, Why.NO_RULING, until=None if one.within is None else put + 60 * one.within)
    doer, other = scenario.team[one.of].party, scenario.team[one.sign.other].party
    if play.us not in {doer, other} or not (doer and other):
        return Judged(one, Verdict.UNJUDGED, Why.NOT_SEEN_FROM_HERE)
    return _Seen(play, one, one.sign, put, doer, other).judged()


def _not_put(scenario: Scenario, play: Play, one: Expectation) -> Judged:
    """Judge what hangs on an inject that was not put; who does not lead knows that of its own team's injects alone."""
    if not play.leads and play.us not in {scenario.team[name].party for name in scenario.inject[one.after].to}:
        return Judged(one, Verdict.UNJUDGED, Why.NOT_SEEN_FROM_HERE)
    if play.ended:
        return Judged(one, Verdict.NOT_ASKED, Why.WILL_NOT_COME)
    return Judged(one, Verdict.NOT_YET, Why.NOT_PUT)


@dataclass(frozen=True, slots=True)
class _Seen:
    """One expectation beside what was seen: `doer` is the party that was to act, `other` the one to act towards."""

    play: Play
    one: Expectation
    sign: Sign
    put: int
    doer: str
    other: str

    def judged(self) -> Judged:
        match self.sign.observe:
            case Observe.SHARED:
                return self._shared()
            case Observe.REACHED:
                return self._reached()
            case _:
                return self._replied()

    @property
    def until(self) -> int | None:
        return None if self.one.within is None else self.put + 60 * self.one.within

    def _shared(self) -> Judged:
        """Look for one object among all that went that is right in everything; else tell the nearest miss."""
        until = self.until
        went = [one for one in self.play.gave if (one.by, one.to) == (self.doer, self.other) and one.at >= self.put]
        faults = [(self._fault(one, until), one.at, one) for one in went]
        good = [(at, one) for why, at, one in faults if why is None]
        if good:
            at, found = min(good, key=lambda pair: pair[0])
            return Judged(self.one, Verdict.MET, Why.SEEN, at, until, found.name)
        worst = [(list(Why).index(why), at, why, one) for why, at, one in faults if why is not None]
        near = min(worst, key=lambda found: found[:2], default=None)
        return self._open(until) or Judged(self.one, Verdict.MISSED, near[2] if near else Why.NOTHING,
                                           near[1] if near else None, until, near[3].name if near else "")  # fmt: skip

    def _fault(self, one: Gave, until: int | None) -> Why | None:
        if self.sign.type and one.type != self.sign.type:
            return Why.OTHER_TYPE
        if one.collection != self.play.collection:
            return Why.OTHER_COLLECTION
        if self.sign.tlp_up_to is not None and one.tlp > self.sign.tlp_up_to:
            return Why.TOO_STRICT
        return Why.LATE if until is not None and one.at > until else None

    def _reached(self) -> Judged:
        said = [one for one in self.play.spoke if (one.by, one.to) == (self.doer, self.other) and one.at >= self.put
                and self.sign.subject in {"", one.subject}]  # fmt: skip
        return self._first([(one.at, one.id) for one in said], self.until)

    def _replied(self) -> Judged:
        """Judge by the first request of the other side after the inject: that is the one that counts."""
        asked = [one for one in self.play.spoke
                 if (one.by, one.to, one.kind) == (self.other, self.doer, "request") and one.at >= self.put
                 and self.sign.subject in {"", one.subject}]  # fmt: skip
        request = min(asked, key=lambda one: one.at, default=None)
        if request is None:
            return self._open(None) or Judged(self.one, Verdict.UNJUDGED, Why.NO_REQUEST)
        acknowledges = self.sign.observe is Observe.ACKNOWLEDGED
        kinds = {"request-answered", "request-refused"}
        kinds |= {"acknowledgement", "request-accepted", "limits-put"} if acknowledges else set()
        by_clause = request.acknowledge_by if acknowledges else request.answer_by
        until = by_clause if self.one.within is None else request.at + 60 * self.one.within
        came = [(one.at, one.id) for one in self.play.spoke if one.thread == request.thread and one.by == self.doer
                and one.kind in kinds and one.at >= request.at]  # fmt: skip
        if until is None:
            return Judged(self.one, Verdict.UNJUDGED, Why.NO_CLOCK, min(came)[0] if came else None)
        return self._first(came, until)

    def _first(self, came: Sequence[tuple[int, str]], until: int | None) -> Judged:
        at, name = min(came, default=(None, ""))
        if at is not None and (until is None or at <= until):
            return Judged(self.one, Verdict.MET, Why.SEEN, at, until, name)
        still = self._open(until)
        if still is not None:
            return still
        return Judged(self.one, Verdict.MISSED, Why.NOTHING if at is None else Why.LATE, at, until, name)

    def _open(self, until: int | None) -> Judged | None:
        """Give the judgement while there is time, and where the end came before; None where the time is over."""
        if (until is None and self.play.ended) or (until is not None and self.play.seconds > until):
            return None
        if self.play.ended:
            return Judged(self.one, Verdict.UNJUDGED, Why.ENDED_BEFORE, until=until)
        return Judged(self.one, Verdict.OPEN, Why.TIME_LEFT, until=until)


def tally(judged: Sequence[Judged]) -> Mapping[Verdict, int]:
    """Count the verdicts; every one is named, those that stand at nought too."""
    return {verdict: sum(one.verdict is verdict for one in judged) for verdict in Verdict}


def shown(seconds: int | None) -> str:
    """Write a second of the clock as hours and minutes; empty for none."""
    return "" if seconds is None else clock(seconds // 60)
