"""Reading the `clauses` of an agreement file."""

import re
from collections.abc import Collection
from typing import TypeVar

from comity.policy.agreements import Clause, Condition, DueStep, Recurrence
from comity.policy.dates import Period, Unit, month_length
from comity.policy.fields import (
    Fields,
    Names,
    Report,
    calendar_period,
    day,
    entries,
    members,
    members_or_none,
    number,
    one_of,
    period,
    text,
    tlp,
    word,
    yes_no_word,
)
from comity.policy.saying import sentence
from comity.policy.tree import Mapping, Node, Scalar, kind, nearest
from comity.policy.vocabulary import (
    Action,
    Approval,
    Consent,
    Effect,
    Information,
    PersonalData,
    Purpose,
    Redaction,
    Silence,
    Trigger,
    Urgency,
    WhoseHolidays,
)

CLAUSE_KEYS = (
    "says",
    "effect",
    "action",
    "information",
    "purpose",
    "tlp_up_to",
    "sender",
    "recipient",
    "when",
    "except",
    "notwithstanding",
    "duties",
    "redact",
    "instead",
    "silence_means",
    "silence_after",
    "trigger",
    "clock_party",
    "due",
    "if_missed",
    "repeats",
    "then",
    "amount",
    "evidence",
    "from",
    "until",
)
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
LEAP_YEAR = 2024
ONE_YEAR = Period(1, Unit.YEARS)
_YEARLY = re.compile(r"yearly by ([0-9]{1,2}) ([A-Za-z]+)")
_EVERY = re.compile(r"every (.+) from (\S+)")
Value = TypeVar("Value")


def read_clauses(report: Report, node: Node, names: Names) -> tuple[Clause, ...]:
    """Read every clause of the file, in its order."""
    found = (_clause(report, key, value, names) for key, value in entries(report, node, "`clauses`"))
    return tuple(clause for clause in found if clause is not None)


def _clause(report: Report, key: Scalar, node: Node, names: Names) -> Clause | None:
    fields = Fields(report, node, sentence("clause {text}", text=key.text), CLAUSE_KEYS)
    clause_id = one_of(names.clauses, sentence("clause"))
    says = fields.need("says", text, sentence("add `says:` with the words of the clause"))
    effect = fields.need("effect", word(Effect), sentence("add `effect: may`, `effect: must` or `effect: must not`"))
    clause = Clause(
        id=key.text,
        says=says or "",
        effect=effect or Effect.MUST_NOT,
        actions=frozenset(fields.take("action", members_or_none(word(Action))) or ()),
        information=_set(fields.take("information", members_or_none(word(Information)))),
        purposes=_set(fields.take("purpose", members_or_none(word(Purpose)))),
        tlp_up_to=fields.take("tlp_up_to", tlp),
        senders=_parties(fields, "sender", names),
        recipients=_parties(fields, "recipient", names),
        when=fields.take("when", condition),
        exceptions=tuple(fields.take("except", members_or_none(condition)) or ()),
        notwithstanding=tuple(fields.take("notwithstanding", members_or_none(clause_id)) or ()),
        duties=tuple(fields.take("duties", members_or_none(text)) or ()),
        redact=tuple(fields.take("redact", members_or_none(word(Redaction))) or ()),
        instead=fields.take("instead", text),
        silence_means=fields.take("silence_means", word(Silence)),
        silence_after=fields.take("silence_after", period),
        trigger=fields.take("trigger", word(Trigger)),
        clock_party=fields.take("clock_party", word(WhoseHolidays)),
        due=fields.take("due", _due) or (),
        if_missed=fields.take("if_missed", text),
        repeats=fields.take("repeats", recurrence),
        then=_periods(fields),
        amount=_amounts(fields),
        evidence=fields.take("evidence", text),
        valid_from=fields.take("from", day),
        valid_until=fields.take("until", day),
    )
    if fields.readable and says and effect:
        _check(fields, clause)
        _check_silence(fields, clause)
    return clause


def _set(values: Collection[Value] | None) -> frozenset[Value] | None:
    return None if values is None else frozenset(values)


def _parties(fields: Fields, key: str, names: Names) -> frozenset[str] | None:
    """Read codes of parties and names of groups; a group stands for its members, an empty one for nobody."""
    groups = dict(names.groups)
    read = members(one_of((*names.parties, *groups), sentence("party or group")))
    found = fields.take(key, read)
    if found is None:
        return None
    return frozenset(code for name in found for code in groups.get(name, (name,)))


def condition(report: Report, node: Node, what: str) -> Condition | None:
    """Read one condition: facts and the words they must have."""
    keys = (*_CONDITION_WORDS, "tlp", "tlp_up_to", "exercise", "emergency")
    fields = Fields(report, node, what, keys)
    before = len(report.problems)
    found = Condition(
        personal_data=_set(fields.take("personal_data", members_or_none(word(PersonalData)))),
        originator_consent=_set(fields.take("originator_consent", members_or_none(word(Consent)))),
        authority_approval=_set(fields.take("authority_approval", members_or_none(word(Approval)))),
        purpose=_set(fields.take("purpose", members_or_none(word(Purpose)))),
        information=_set(fields.take("information", members_or_none(word(Information)))),
        tlp=_set(fields.take("tlp", members_or_none(tlp))),
        tlp_up_to=fields.take("tlp_up_to", tlp),
        exercise=fields.take("exercise", yes_no_word),
        emergency=fields.take("emergency", yes_no_word),
    )
    if isinstance(node, Mapping) and not node.entries:
        report.add(
            node,
            sentence("{what} asks about nothing", what=what),
            sentence("name a fact, one of: {listed}", listed=", ".join(keys)),
        )
    return found if fields.readable and len(report.problems) == before else None


_CONDITION_WORDS = ("personal_data", "originator_consent", "authority_approval", "purpose", "information")


def recurrence(report: Report, node: Node, what: str) -> Recurrence | None:
    """Read `yearly by 31 March`, `every 18 months from in_force` or `every 6 months from 2026-01-31`."""
    words = node.text if isinstance(node, Scalar) else ""
    yearly, every = _YEARLY.fullmatch(words), _EVERY.fullmatch(words)
    if yearly is not None:
        return _yearly(report, node, what, int(yearly[1]), yearly[2])
    if every is not None:
        return _every(report, node, what, every[1], every[2])
    mend = sentence("write “yearly by 31 March”, “every 18 months from in_force” or “every 6 months from 2026-01-31”")
    report.add(
        node, sentence("{what} is {kind}, which does not say when it comes back", what=what, kind=kind(node)), mend
    )
    return None


def _yearly(report: Report, node: Node, what: str, in_month: int, month: str) -> Recurrence | None:
    if month not in MONTHS:
        report.add(
            node, sentence("{what} names “{month}”, which is no month", what=what, month=month), nearest(month, MONTHS)
        )
        return None
    number_of = MONTHS.index(month) + 1
    if not 1 <= in_month <= month_length(LEAP_YEAR, number_of):
        report.add(
            node,
            sentence(
                "{what} names {in_month} {month}, a day that the calendar does not have",
                what=what,
                in_month=in_month,
                month=month,
            ),
            sentence("write one it has"),
        )
        return None
    return Recurrence(ONE_YEAR, by_month=number_of, by_day=in_month)


def _every(report: Report, node: Node, what: str, length: str, start: str) -> Recurrence | None:
    every = calendar_period(report, Scalar(length, node.line, node.column), what)
    if every is None:
        return None
    if start == "in_force":
        return Recurrence(every)
    anchor = day(report, Scalar(start, node.line, node.column), what)
    return None if anchor is None else Recurrence(every, anchor)


def _due(report: Report, node: Node, what: str) -> tuple[DueStep, ...] | None:
    """Read `{normal: {acknowledge: 24 hours, answer: 5 working days}, emergency: {…}}`."""
    before = len(report.problems)
    fields = Fields(report, node, what, tuple(str(urgency) for urgency in Urgency))
    steps = []
    for urgency, inner in fields.found.items():
        for key, value in entries(report, inner, sentence("`{urgency}` of {what}", urgency=urgency, what=what)):
            within = period(report, value, sentence("`{text}` of {what}", text=key.text, what=what))
            if within is not None:
                steps.append(DueStep(Urgency(urgency), key.text, within))
    return tuple(steps) if len(report.problems) == before else None


def _periods(fields: Fields) -> tuple[tuple[str, Period], ...]:
    node = fields.found.get("then")
    if node is None:
        return ()
    what = sentence("`then` of {what}", what=fields.what)
    read = (
        (key.text, calendar_period(fields.report, value, what)) for key, value in entries(fields.report, node, what)
    )
    return tuple((name, within) for name, within in read if within is not None)


def _amounts(fields: Fields) -> tuple[tuple[str, int], ...]:
    node = fields.found.get("amount")
    if node is None:
        return ()
    what = sentence("`amount` of {what}", what=fields.what)
    read = ((key.text, number(fields.report, value, what)) for key, value in entries(fields.report, node, what))
    return tuple((name, count) for name, count in read if count is not None)


def _check_silence(fields: Fields, clause: Clause) -> None:
    """Report a time for an answer where nobody is asked for one."""
    if fields.has("silence_after") and not asks_for_consent(clause):
        what = sentence(
            "{what} has `silence_after`, but nothing in it turns on the originator’s consent to passing on",
            what=fields.what,
        )
        mend = sentence("put it into the clause with `originator_consent:` in its `when` or `except`")
        fields.report.add(fields.place("silence_after"), what, mend)


def asks_for_consent(clause: Clause) -> bool:
    """Tell whether a clause is about passing on and turns on the originator’s consent."""
    asked = (one.originator_consent for one in (clause.when, *clause.exceptions) if one is not None)
    return Action.PASS_ON in clause.actions and any(asked)


def _check(fields: Fields, clause: Clause) -> None:
    """Report what does not fit together inside one clause; the first thing only."""
    add, place = fields.report.add, fields.place
    duty = fields.has("trigger") or fields.has("repeats")
    if clause.effect is not Effect.MUST and not fields.has("action"):
        add(
            fields.node,
            sentence("{what} says what one {effect} do, but not what", what=fields.what, effect=str(clause.effect)),
            sentence("add {field}", field="`action: [share]`"),
        )
    elif not fields.has("action") and not duty:
        add(
            fields.node,
            sentence("{what} says “must” without an action, a trigger or a recurrence", what=fields.what),
            sentence("add one of them"),
        )
    elif clause.effect is Effect.MUST_NOT and fields.has("tlp_up_to"):
        mend = sentence(
            "say what it forbids as `when: {{tlp: [AMBER, RED]}}`, or what is left free as `except: [{{tlp_up_to: …}}]`"
        )
        add(
            place("tlp_up_to"), sentence("{what} forbids, and a prohibition has no upper limit", what=fields.what), mend
        )
    elif clause.effect is not Effect.MUST and (fields.has("duties") or fields.has("redact")):
        key = "duties" if fields.has("duties") else "redact"
        add(
            place(key),
            sentence("{what} has `{key}` but says “{effect}”", what=fields.what, key=key, effect=str(clause.effect)),
            sentence("put them into a clause that says “must”"),
        )
    elif fields.has("due") and not fields.has("trigger"):
        add(
            place("due"),
            sentence("{what} has `due` but nothing that starts the clock", what=fields.what),
            sentence("add {field}", field="`trigger: request for help`"),
        )
    elif fields.has("trigger") and not (fields.has("due") or fields.has("then")):
        add(
            place("trigger"),
            sentence("{what} has a trigger but nothing that it makes due", what=fields.what),
            sentence("add `due:` or `then:`"),
        )
    elif fields.has("then") and not duty:
        add(
            place("then"),
            sentence("{what} has `then` but nothing that comes before it", what=fields.what),
            sentence("add `repeats:` or `trigger:`"),
        )
    elif clause.valid_from and clause.valid_until and clause.valid_until < clause.valid_from:
        what = sentence("{what} ends on {valid_until}, before it begins on {valid_from}", what=fields.what,
                        valid_until=clause.valid_until, valid_from=clause.valid_from)  # fmt: skip
        add(place("until"), what, sentence("mend one of the two days"))
    elif clause.id in clause.notwithstanding:
        add(
            place("notwithstanding"),
            sentence("{what} prevails over itself", what=fields.what),
            sentence("name another clause"),
        )
