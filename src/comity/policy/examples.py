"""Running the examples of an agreement file: what each expects, what the agreement says, and where they differ."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice

from comity.policy.agreements import Agreement
from comity.policy.clauses import Answer, evaluate
from comity.policy.dates import (
    ONE_DAY,
    DateOutOfRangeError,
    Deadline,
    Unit,
    at_local,
    deadline,
    last_day_after,
    last_day_from,
)
from comity.policy.duties import due_on_trigger, follow_up, occurrences
from comity.policy.example_form import NO_CLAUSE
from comity.policy.example_lines import (
    DutyExample,
    Example,
    NoticeExample,
    QuestionExample,
    RequestExample,
    StandingExample,
    SuspensionExample,
    TermExample,
)
from comity.policy.grounds import Phrase
from comity.policy.standing import EventKind, LifeEvent, standing
from comity.policy.vocabulary import Action, CountedFrom

RECORDED = datetime.max.replace(tzinfo=UTC)
SOURCE = "supposed by an example"
NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of an example in which the agreement says something else."""

    field: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one example; it passed when nothing differs. `touches` are the clauses that it speaks of."""

    example: Example
    differences: tuple[Difference, ...]
    touches: frozenset[str]

    @property
    def passed(self) -> bool:
        """Tell whether the agreement says what the example expects."""
        return not self.differences


def run(agreement: Agreement) -> tuple[Result, ...]:
    """Run every example of the agreement."""
    return tuple(run_one(agreement, example) for example in agreement.examples)


def untouched(agreement: Agreement) -> tuple[str, ...]:
    """Give the clauses that no example touches."""
    touched = frozenset[str]().union(*(result.touches for result in run(agreement)))
    return tuple(clause.id for clause in agreement.clauses if clause.id not in touched)


def run_one(agreement: Agreement, example: Example) -> Result:
    """Run one example; one that leads beyond the calendar fails and says so."""
    try:
        return _run(agreement, example)
    except DateOutOfRangeError as error:
        return Result(example, (Difference("calendar", "a day that it has", str(error)),), frozenset())


def _run(agreement: Agreement, example: Example) -> Result:  # noqa: PLR0911 (one for each kind of example)
    match example:
        case QuestionExample():
            return _question(agreement, example)
        case NoticeExample():
            return _result(example, _notice(agreement, example))
        case TermExample():
            return _result(example, _term(agreement, example))
        case RequestExample():
            return _request(agreement, example)
        case DutyExample():
            return _result(example, _duty(agreement, example), {example.duty})
        case SuspensionExample():
            return _result(example, _suspension(agreement, example))
        case StandingExample():
            found = standing(agreement, (), example.party, example.day, RECORDED)
            return _result(example, [("standing", example.standing, str(found.state))])


Compared = list[tuple[str, str, str]]


def _result(example: Example, compared: Compared, touches: set[str] | None = None) -> Result:
    differences = tuple(Difference(name, expected, found) for name, expected, found in compared if expected != found)
    return Result(example, differences, frozenset(touches or ()))


def answer_to(agreement: Agreement, example: QuestionExample) -> Answer:
    """Give what the agreement answers to an example's question, in the situation that it supposes."""
    asked, events = example.question, tuple(_supposed(agreement, example))
    sender = standing(agreement, events, asked.sender, example.day, RECORDED)
    passing = asked.action is Action.PASS_ON
    other = sender if passing else standing(agreement, events, asked.recipient, example.day, RECORDED)
    return evaluate(agreement, sender, other, asked, example.day)


def _supposed(agreement: Agreement, example: QuestionExample) -> Iterator[LifeEvent]:
    """Give the events that an example supposes; one whose entry into force is conditional supposes that too."""
    early = datetime.min.replace(tzinfo=UTC)
    if agreement.life.in_force is None:
        yield LifeEvent(EventKind.ENTRY_INTO_FORCE, date.min + ONE_DAY, early, SOURCE)
    if example.suspended is not None:
        first, last = example.suspended
        yield LifeEvent(EventKind.SUSPENSION, first, early, SOURCE, until=last)
    if example.ended_on is not None:
        yield LifeEvent(EventKind.TERMINATION, example.ended_on, early, SOURCE)


def _question(agreement: Agreement, example: QuestionExample) -> Result:
    answer = answer_to(agreement, example)
    said = [ground.clause or NO_CLAUSE for ground in answer.grounds]
    compared: Compared = [("answer", str(example.answer), str(answer.verdict))]
    if any(place not in said for place in example.by):
        compared.append(("by", _list(example.by), _list(said)))
    if answer.verdict is example.answer:
        compared.append(("with", _list(example.with_), _list(_accompanying(answer))))
        compared.append(("missing", _list(example.missing), _list(answer.missing)))
        compared.append(("redact", _list(example.redact), _list(answer.redact)))
    if example.backlog_from is not None:
        compared.append(("backlog_from", str(example.backlog_from), str(answer.backlog_from or NOTHING)))
    return _result(example, compared, _touched(agreement, answer))


def _touched(agreement: Agreement, answer: Answer) -> set[str]:
    """Give the clauses that decide an example or go with its answer."""
    named = {ground.clause for ground in answer.grounds} | {duty.clause for duty in answer.duties}
    return {clause.id for clause in agreement.clauses if clause.id in named}


def _accompanying(answer: Answer) -> set[str | None]:
    """Give the clauses that lay down what must go with it: duties and redactions."""
    redacting = {ground.clause for ground in answer.grounds if ground.key == Phrase.REDACTS}
    return redacting | {duty.clause for duty in answer.duties}


def _list(words: Iterable[object]) -> str:
    return ", ".join(sorted({str(word) for word in words})) or NOTHING


def _notice(agreement: Agreement, example: NoticeExample) -> Compared:
    terms, settles = agreement.life.termination, agreement.settles
    if terms is None:
        return [("last_day", str(example.last_day), "no termination by notice")]
    if example.received is not (terms.counted_from is CountedFrom.RECEIPT):
        given = CountedFrom.RECEIPT if example.received else CountedFrom.SENDING
        return [("counted_from", str(given), str(terms.counted_from))]
    last = last_day_after(example.counted, terms.notice, settles.month_end_rule, inside=settles.last_day_inside)
    return [("last_day", str(example.last_day), str(last))]


def _term(agreement: Agreement, example: TermExample) -> Compared:
    rule, start = agreement.terms(), agreement.life.in_force
    if rule is None or start is None or (example.term > 1 and rule.each is None):
        return [("term", str(example.term), "no such term with a fixed beginning")]
    term = rule.term(start, example.term)
    compared = [("last_day", str(example.last_day), str(term.last_day))]
    if example.last_day_for_stop_notice is not None:
        expected = str(example.last_day_for_stop_notice)
        compared.append(("last_day_for_stop_notice", expected, str(term.stop_by or NOTHING)))
    return compared


def _request(agreement: Agreement, example: RequestExample) -> Result:
    at = at_local(example.request, agreement.time_zone)
    due = due_on_trigger(agreement, example.trigger, at, example.kind, example.receiver, example.sender)
    compared: Compared = []
    for step, field, expected in (
        ("acknowledge", "acknowledge", example.acknowledge),
        ("answer", "answer_by", example.answer_by),
        (example.step, "due_by", example.due_by),
    ):
        found = next((one for one in due if one.what == step), None)
        if expected is not None:
            compared.append((field, _moment(expected), _told(found.by, expected) if found else NOTHING))
    return _result(example, compared, {one.clause for one in due})


def _told(by: Deadline, expected: date) -> str:
    """Tell a deadline as precisely as it was expected: the wall-clock time, or the day."""
    timed = isinstance(expected, datetime) and by.instant is not None
    return _moment(by.instant.replace(tzinfo=None) if timed and by.instant else by.day)


def _moment(when: date) -> str:
    return when.isoformat(timespec="minutes") if isinstance(when, datetime) else when.isoformat()


def _duty(agreement: Agreement, example: DutyExample) -> Compared:
    clause, start = agreement.clause(example.duty), agreement.life.in_force
    days: list[date] = []
    if clause is not None and example.after is not None:
        days = [due.by.day for due in follow_up(agreement, clause, example.after)]
    elif clause is not None and start is not None and example.number is not None:
        days = [due.by.day for due in islice(occurrences(agreement, clause, start), example.number - 1, example.number)]
    if example.falls_due in days:
        return []
    return [("falls_due", str(example.falls_due), _list(days))]


def _suspension(agreement: Agreement, example: SuspensionExample) -> Compared:
    first, last = suspension_days(agreement, at_local(example.received, agreement.time_zone))
    compared = [("suspended_from", str(example.suspended_from), str(first or "no suspension by notice"))]
    if example.until is not None:
        compared.append(("until", str(example.until), str(last or NOTHING)))
    return compared


def suspension_days(agreement: Agreement, received: datetime) -> tuple[date | None, date | None]:
    """Give the first and the longest last day of a suspension whose notice was received at an instant (aware).

    It takes effect on the day on which its notice runs out; without a notice on the day of receipt.
    """
    terms, settles = agreement.life.suspension, agreement.settles
    if terms is None:
        return None, None
    zone, rule = agreement.time_zone, settles.month_end_rule
    sides = tuple(party.calendar for party in agreement.parties)
    first = received.date()
    if terms.notice is not None:
        by = deadline(received, terms.notice, zone, rule, sides, inside=True)
        first = by.day if terms.notice.unit is Unit.HOURS else by.day + ONE_DAY
    return first, None if terms.longest is None else last_day_from(first, terms.longest, rule)
