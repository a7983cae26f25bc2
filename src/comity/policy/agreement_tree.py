"""Writing an agreement as a tree, and as the text of a file that reads back as the same agreement.

What stands at its default is left out. Comments are not part of an agreement and are not written.
"""

from collections.abc import Iterable
from datetime import date, datetime

from comity.policy.agreements import ENGLISH, Agreement, Clause, Condition, Life, Party, Recurrence
from comity.policy.clause_form import MONTHS
from comity.policy.dates import USUAL_CALENDAR, Period
from comity.policy.example_form import THIRD_PARTY, TRIGGERS, UNKNOWN
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
from comity.policy.life_form import SURVIVE_BOTH, SURVIVE_END, SURVIVE_SUSPENSION
from comity.policy.markings import Tlp
from comity.policy.matching import CONDITION_FIELDS
from comity.policy.party_form import BY_ACCESSION, WEEK
from comity.policy.tree import Mapping, Node, Scalar, Sequence
from comity.policy.tree_text import write
from comity.policy.vocabulary import Action, CountedFrom

Given = object


def agreement_text(agreement: Agreement) -> str:
    """Write an agreement as the text of a file."""
    return write(agreement_tree(agreement))


def agreement_tree(agreement: Agreement) -> Mapping:
    """Write an agreement as a tree."""
    return _map(
        ("agreement", agreement.name),
        ("title", agreement.title),
        ("language", None if agreement.language == ENGLISH else agreement.language),
        ("fictional", agreement.fictional or None),
        ("force", agreement.force),
        ("text_prevails", True),
        ("parties", _map(*((party.code, _party(party)) for party in agreement.parties))),
        ("groups", _map(*((name, _all(codes)) for name, codes in agreement.groups)) if agreement.groups else None),
        ("clock", _clock(agreement)),
        ("life", _life(agreement.life)),
        ("settles", _settles(agreement)),
        ("reservations", _reservations(agreement)),
        ("words", _map(*agreement.words) if agreement.words else None),
        ("clauses", _map(*((clause.id, _clause(clause)) for clause in agreement.clauses))),
        ("examples", Sequence(tuple(_example(one) for one in agreement.examples)) if agreement.examples else None),
    )


def _node(value: Given) -> Node:  # noqa: PLR0911 (one return for each kind of value)
    """Write one value: text as it is, days and times in ISO form, labels and periods as they are written."""
    match value:
        case Scalar() | Sequence() | Mapping():
            return value
        case bool():
            return Scalar("yes" if value else "no")
        case Tlp():
            return Scalar(value.label)
        case datetime():
            return Scalar(value.isoformat(timespec="minutes"))
        case Period():
            return Scalar(value.text)
        case date():
            return Scalar(value.isoformat())
        case frozenset():
            return _set(value)
        case tuple():
            return _list(value)
        case _:
            return Scalar(str(value))


def _map(*fields: tuple[str, Given]) -> Mapping:
    """Write fields, leaving out those that are None."""
    return Mapping(tuple((Scalar(key), _node(value)) for key, value in fields if value is not None))


def _all(values: Iterable[Given]) -> Sequence:
    return Sequence(tuple(_node(value) for value in values))


def _list(values: tuple[Given, ...]) -> Node:
    return _node(values[0]) if len(values) == 1 else _all(values)


def _set(values: frozenset[Given]) -> Node:
    return _list(tuple(sorted(values, key=str)))


def _party(party: Party) -> Node:
    joins = None if party.original else party.joins or BY_ACCESSION
    if joins is None and party.lead is None and party.contact is None:
        return Scalar(party.name)
    return _map(("name", party.name), ("joins", joins), ("lead", party.lead), ("contact", party.contact))


def _clock(agreement: Agreement) -> Mapping:
    off = [(party.code, party.calendar) for party in agreement.parties]
    holidays = [(code, _all(sorted(side.holidays))) for code, side in off if side.holidays]
    weekends = [
        (code, _all(str(WEEK[day]) for day in sorted(side.weekend)))
        for code, side in off
        if side.weekend != USUAL_CALENDAR.weekend
    ]
    return _map(
        ("time_zone", agreement.time_zone),
        ("holidays", _map(*holidays) if holidays else None),
        ("weekend", _map(*weekends) if weekends else None),
    )


def _life(life: Life) -> Mapping:
    both = life.survives_suspension == life.survives_end
    return _map(
        ("in_force", life.in_force or _map(("when", life.in_force_when))),
        (
            "provisional",
            life.provisional
            and _map(
                ("from", life.provisional.from_day),
                ("clauses", life.provisional.clauses and _all(life.provisional.clauses)),
            ),
        ),
        ("first_term", life.first_term),
        ("renewal", _renewal(life)),
        ("termination", _termination(life)),
        ("suspension", _suspension(life)),
        ("accession", life.accession),
        (SURVIVE_BOTH, _all(life.survives_end) if both and life.survives_end else None),
        (SURVIVE_SUSPENSION, _all(life.survives_suspension) if life.survives_suspension and not both else None),
        (SURVIVE_END, _all(life.survives_end) if life.survives_end and not both else None),
    )


def _renewal(life: Life) -> Mapping | None:
    one = life.renewal
    if one is None:
        return None
    counted = None if one.counted_from is CountedFrom.RECEIPT else one.counted_from
    return _map(("kind", one.kind), ("each", one.each), ("stop_notice", one.stop_notice), ("counted_from", counted))


def _termination(life: Life) -> Mapping | None:
    one = life.termination
    if one is None:
        return None
    return _map(("by", one.by), ("notice", one.notice), ("counted_from", one.counted_from), ("form", one.form))


def _suspension(life: Life) -> Mapping | None:
    one = life.suspension
    if one is None:
        return None
    return _map(("by", one.by), ("notice", one.notice), ("longest", one.longest), ("form", one.form))


def _settles(agreement: Agreement) -> Mapping:
    settles = agreement.settles
    return _map(
        ("whose_holidays_count", settles.whose_holidays_count),
        ("month_end_rule", settles.month_end_rule),
        ("last_day_inside", settles.last_day_inside),
        ("consent_survives_suspension", settles.consent_survives_suspension),
        ("silence_is_consent", settles.silence_is_consent),
        ("beside_other_agreements", settles.beside_other_agreements),
        ("backlog_for_new_party", settles.backlog_for_new_party),
    )


def _reservations(agreement: Agreement) -> Sequence | None:
    if not agreement.reservations:
        return None
    return Sequence(
        tuple(
            _map(("party", one.party), ("clauses", _all(one.clauses)), ("from", one.from_day), ("says", one.says))
            for one in agreement.reservations
        )
    )


def _clause(clause: Clause) -> Mapping:
    return _map(
        ("says", clause.says),
        ("effect", clause.effect),
        ("action", _all(sorted(clause.actions)) if clause.actions else None),
        ("information", None if clause.information is None else _all(sorted(clause.information))),
        ("purpose", None if clause.purposes is None else _all(sorted(clause.purposes))),
        ("tlp_up_to", clause.tlp_up_to),
        ("sender", None if clause.senders is None else _all(sorted(clause.senders))),
        ("recipient", None if clause.recipients is None else _all(sorted(clause.recipients))),
        ("when", clause.when and _condition(clause.when)),
        ("except", _all(_condition(one) for one in clause.exceptions) if clause.exceptions else None),
        ("notwithstanding", clause.notwithstanding or None),
        ("duties", _all(clause.duties) if clause.duties else None),
        ("redact", clause.redact or None),
        ("instead", clause.instead),
        ("silence_means", clause.silence_means),
        ("silence_after", clause.silence_after),
        ("trigger", clause.trigger),
        ("clock_party", clause.clock_party),
        ("due", _due(clause)),
        ("if_missed", clause.if_missed),
        ("repeats", clause.repeats and recurrence_text(clause.repeats)),
        ("then", _map(*clause.then) if clause.then else None),
        ("amount", _map(*clause.amount) if clause.amount else None),
        ("evidence", clause.evidence),
        ("from", clause.valid_from),
        ("until", clause.valid_until),
    )


def _condition(condition: Condition) -> Mapping:
    return _map(*((name, getattr(condition, name)) for name in CONDITION_FIELDS))


def _due(clause: Clause) -> Mapping | None:
    if not clause.due:
        return None
    urgencies = dict.fromkeys(step.urgency for step in clause.due)
    return _map(
        *((str(u), _map(*((step.step, step.within) for step in clause.due if step.urgency is u))) for u in urgencies)
    )


def recurrence_text(repeats: Recurrence) -> str:
    """Give how a duty comes back, as it is written in a file."""
    if repeats.by_month is not None:
        return f"yearly by {repeats.by_day} {MONTHS[repeats.by_month - 1]}"
    return f"every {repeats.every.text} from {repeats.anchor or 'in_force'}"


def _example(example: Example) -> Mapping:  # noqa: PLR0911 (one return for each kind of example)
    match example:
        case QuestionExample():
            return _question(example)
        case NoticeExample():
            key = "notice_received" if example.received else "notice_sent"
            return _map((key, example.counted), ("last_day", example.last_day))
        case TermExample():
            return _map(
                ("term", example.term),
                ("last_day", example.last_day),
                ("last_day_for_stop_notice", example.last_day_for_stop_notice),
            )
        case RequestExample():
            return _request(example)
        case DutyExample():
            return _map(
                ("duty", example.duty),
                ("number", example.number),
                ("after", example.after),
                ("falls_due", example.falls_due),
            )
        case SuspensionExample():
            return _map(
                ("suspension_notice_received", example.received),
                ("suspended_from", example.suspended_from),
                ("until", example.until),
            )
        case StandingExample():
            return _map(("standing", example.standing), ("party", example.party), ("day", example.day))


def _request(example: RequestExample) -> Mapping:
    key = next(key for key, trigger in TRIGGERS.items() if trigger is example.trigger)
    return _map(
        (key, example.request),
        ("kind", example.kind),
        ("receiver", example.receiver),
        ("sender", example.sender),
        ("acknowledge", example.acknowledge),
        ("answer_by", example.answer_by),
        ("step", example.step),
        ("due_by", example.due_by),
    )


def _question(example: QuestionExample) -> Mapping:
    asked = example.question
    third = asked.action is Action.PASS_ON and asked.recipient == THIRD_PARTY
    suspended = example.suspended
    return _map(
        ("day", example.day),
        ("suspended", f"{suspended[0]}/{suspended[1]}" if suspended else None),
        ("ended_on", example.ended_on),
        ("from", asked.sender),
        ("to", None if third else asked.recipient),
        (str(asked.action), asked.information or UNKNOWN),
        ("purpose", asked.purpose),
        ("tlp", asked.tlp),
        ("personal_data", asked.personal_data),
        ("originator_consent", asked.originator_consent),
        ("consent_on", asked.consent_on),
        ("authority_approval", asked.authority_approval),
        ("exercise", asked.exercise or None),
        ("emergency", asked.emergency or None),
        ("answer", example.answer),
        ("by", example.by or None),
        ("with", example.with_ or None),
        ("missing", example.missing or None),
        ("redact", example.redact or None),
        ("backlog_from", example.backlog_from),
    )
