"""A joint exercise as a scenario: who plays, what is put to whom and when, and what is expected of them.

Times are minutes on the exercise's own clock, which begins at 0 and may run faster than the world's. Everything in a
scenario is made up, and is marked as exercise wherever it appears.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from comity.policy.dates import at_local
from comity.policy.markings import Tlp

MARK: Final = "EXERCISE EXERCISE EXERCISE"
"""What every text of an exercise begins with when it leaves this house."""


class Observe(enum.StrEnum):
    """What of the exchange itself shows that an action was done."""

    SHARED = "shared"
    """An object went to the other team's party, from the exercise's collection, marked no more strictly than agreed."""
    REACHED = "reached"
    """The other team's party was told or asked something, by whatever road."""
    ACKNOWLEDGED = "acknowledged"
    """A request of the other team was acknowledged: within the time set here, else within its clause's clock."""
    ANSWERED = "answered"
    """A request of the other team was answered or refused, as above."""


class Asks(enum.StrEnum):
    """What a condition asks for."""

    MET = "met"
    MISSED = "missed"
    TOOK = "took"


@dataclass(frozen=True, slots=True)
class Objective:
    """What the exercise is to show. `indicators` and `aspects` are ids of the framework; `undertakings` are keys."""

    id: str
    says: str
    indicators: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()
    undertakings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Team:
    """One side. `party` is its code on the exchange, empty for one that plays on paper; `parts` are its roles."""

    id: str
    name: str
    party: str = ""
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """What has to be so before an inject is put: an expectation met or missed, or an option taken."""

    asks: Asks
    name: str
    option: str = ""

    def __str__(self) -> str:
        """Write it as a file has it."""
        return f"{self.asks} {self.name}" + (f" {self.option}" if self.option else "")


@dataclass(frozen=True, slots=True)
class Inject:
    """What is put to teams, `at` minutes from the start, or from when the inject or decision `after` came.

    `to` are the teams that it is for, and nobody else learns of it; `patterns` are STIX patterns that come with it.
    """

    id: str
    title: str
    says: str
    at: int
    to: tuple[str, ...]
    tlp: Tlp
    after: str = ""
    source: str = ""
    by: str = ""
    when: tuple[Condition, ...] = ()
    patterns: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One way that a decision may go."""

    id: str
    says: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A fork: a team decides after an inject, and whoever leads the exercise records which option it took."""

    id: str
    of: str
    after: str
    says: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """What of the exchange shows an action. `other` is the other team; empty fields ask for nothing."""

    observe: Observe
    other: str
    type: str = ""
    tlp_up_to: Tlp | None = None
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a team is expected to do after an inject, within so many minutes, and how that is scored.

    With a `sign` the exchange itself shows it. Without one, evaluators say one of the words of `scale`, the best last.
    """

    id: str
    of: str
    after: str
    says: str
    within: int | None = None
    serves: tuple[str, ...] = ()
    sign: Sign | None = None
    scale: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole scenario. `lasts` is in minutes; `begins` is the wall clock of its story, in `zone`."""

    id: str
    name: str
    about: str
    lasts: int
    begins: datetime
    zone: str
    framework: str
    objectives: tuple[Objective, ...]
    teams: tuple[Team, ...]
    decisions: tuple[Decision, ...]
    injects: tuple[Inject, ...]
    expected: tuple[Expectation, ...]

    @property
    def team(self) -> Mapping[str, Team]:
        """Give the teams by id."""
        return {one.id: one for one in self.teams}

    @property
    def inject(self) -> Mapping[str, Inject]:
        """Give the injects by id."""
        return {one.id: one for one in self.injects}

    @property
    def expectation(self) -> Mapping[str, Expectation]:
        """Give the expectations by id."""
        return {one.id: one for one in self.expected}

    @property
    def decision(self) -> Mapping[str, Decision]:
        """Give the decisions by id."""
        return {one.id: one for one in self.decisions}

    def story(self, seconds: int) -> datetime:
        """Give what the clock on the wall says in the story, so many seconds after the start."""
        return at_local(self.begins, self.zone) + timedelta(seconds=seconds)

    def seen_by(self, team: str) -> "Scenario":
        """Give what one team may know beforehand and is told: its own injects, without notes; no expectations."""
        injects = tuple(one for one in self.injects if team in one.to)
        decisions = tuple(one for one in self.decisions if one.of == team)
        plain = tuple(
            Inject(one.id, one.title, one.says, one.at, (team,), one.tlp, "", one.source, one.by, (), one.patterns)
            for one in injects
        )
        return Scenario(self.id, self.name, self.about, self.lasts, self.begins, self.zone, self.framework,
                        self.objectives, self.teams, decisions, plain, ())  # fmt: skip


def clock(minutes: int) -> str:
    """Write minutes as hours and minutes: 1:05."""
    return f"{minutes // 60}:{minutes % 60:02d}"
