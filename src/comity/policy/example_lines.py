"""The lines of an agreement's `examples`: what is given and what is expected, as plain values.

`line` is where the example stands in its file; it does not count when two examples are compared.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from comity.policy.questions import Question, Verdict
from comity.policy.vocabulary import Trigger, Urgency


@dataclass(frozen=True, slots=True)
class QuestionExample:
    """On `day`, perhaps while `suspended` (first and last day) or `ended_on`, the question has this answer."""

    day: date
    question: Question
    answer: Verdict
    by: tuple[str, ...] = ()
    with_: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    redact: tuple[str, ...] = ()
    suspended: tuple[date, date] | None = None
    ended_on: date | None = None
    backlog_from: date | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class NoticeExample:
    """A notice of termination, received (or else sent) on `counted`, makes `last_day` the last one."""

    counted: date
    last_day: date
    received: bool = True
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class TermExample:
    """Term `term` ends with `last_day`; `last_day_for_stop_notice` is the last on which its renewal can be stopped."""

    term: int
    last_day: date
    last_day_for_stop_notice: date | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class RequestExample:
    """A request (or another trigger) at a wall-clock time makes its steps due by then; a day, or a time when in hours.

    `acknowledge` and `answer_by` are the steps “acknowledge” and “answer”; `due_by` is that of any other `step`.
    """

    request: datetime
    kind: Urgency
    receiver: str
    sender: str | None = None
    acknowledge: date | datetime | None = None
    answer_by: date | datetime | None = None
    trigger: Trigger = Trigger.REQUEST
    step: str | None = None
    due_by: date | datetime | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class DutyExample:
    """The duty of clause `duty` falls due on `falls_due`, as the `number`-th time, or `after` something was done."""

    duty: str
    falls_due: date
    number: int | None = None
    after: date | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class SuspensionExample:
    """A notice of suspension received at a wall-clock time suspends from `suspended_from` to `until` at the longest."""

    received: datetime
    suspended_from: date
    until: date | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class StandingExample:
    """On `day` the party stands so: `not in force`, `provisional`, `in force`, `suspended` or `ended`."""

    day: date
    party: str
    standing: str
    line: int = field(default=0, compare=False)


Example = (
    QuestionExample | NoticeExample | TermExample | RequestExample | DutyExample | SuspensionExample | StandingExample
)
