"""Reading the `examples` of an agreement file: each line is one test that counsel can read and sign.

What a line is about shows in its first words: `share:` or `pass on:` (a question), `notice_received:` or
`notice_sent:`, `term:`, `request:`, `incident:`, `breach:`, `duty:`, `suspension_notice_received:`, or `standing:`.
"""

from collections.abc import Callable

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
from comity.policy.fields import (
    Fields,
    Names,
    Report,
    day,
    day_or_moment,
    days_between,
    items,
    members_or_none,
    moment,
    number,
    one_of,
    text,
    tlp,
    word,
    yes_no,
)
from comity.policy.questions import Question, Verdict
from comity.policy.saying import sentence
from comity.policy.standing import State
from comity.policy.tree import Mapping, Node
from comity.policy.vocabulary import (
    Action,
    Approval,
    Consent,
    Information,
    PersonalData,
    Purpose,
    Redaction,
    Trigger,
    Urgency,
)

NO_CLAUSE = "no clause"
THIRD_PARTY = "a third party"
LIFE_PLACES = (
    "life.in_force",
    "life.accession",
    "life.suspension",
    "life.termination",
    "life.expiry",
    "life.withdrawal",
    "life.reservation",
    "life.parties",
    "life.party",
)
QUESTION_KEYS = (
    "day",
    "share",
    "pass on",
    "from",
    "to",
    "purpose",
    "tlp",
    "personal_data",
    "originator_consent",
    "consent_on",
    "authority_approval",
    "exercise",
    "emergency",
    "suspended",
    "ended_on",
    "answer",
    "by",
    "with",
    "missing",
    "redact",
    "backlog_from",
)
FACT_NAMES = (
    "information",
    "purpose",
    "tlp",
    "personal_data",
    "originator_consent",
    "authority_approval",
    "consent_on",
)
TRIGGERS = {"request": Trigger.REQUEST, "incident": Trigger.INCIDENT, "breach": Trigger.BREACH}
REQUEST_KEYS = ("kind", "receiver", "sender", "acknowledge", "answer_by", "step", "due_by")
UNKNOWN = "unknown"
MOST = 1_000


def read_examples(report: Report, node: Node, what: str, names: Names) -> tuple[Example, ...]:
    """Read every example of the file, in its order."""
    found = (_example(report, item, names) for item in items(report, node, what))
    return tuple(one for one in found if one is not None)


def _example(report: Report, node: Node, names: Names) -> Example | None:
    keys = {key.text for key, _ in node.entries} if isinstance(node, Mapping) else set()
    for key, read in _KINDS.items():
        if key in keys:
            return read(report, node, names)
    if not isinstance(node, Mapping):
        Fields(report, node, sentence("an example"), ())
        return None
    mend = sentence("begin it with one of: {listed}", listed=", ".join(_KINDS))
    report.add(node, sentence("an example does not say what it is about"), mend)
    return None


def _question(report: Report, node: Node, names: Names) -> QuestionExample | None:
    fields = Fields(report, node, sentence("an example"), QUESTION_KEYS)
    on = fields.need("day", day, sentence("add {field}", field="`day:`"))
    answer = fields.need(
        "answer", word(Verdict), sentence("add `answer:` with allowed, refused, ask or refer to counsel")
    )
    question = _asked(fields, names)
    places = (*names.clauses, *LIFE_PLACES, NO_CLAUSE)
    by = fields.take("by", members_or_none(one_of(places, sentence("clause"))))
    with_ = fields.take("with", members_or_none(one_of(names.clauses, sentence("clause"))))
    missing = fields.take("missing", members_or_none(one_of(FACT_NAMES, sentence("fact"))))
    redact = fields.take("redact", members_or_none(word(Redaction)))
    suspended, ended_on = fields.take("suspended", days_between), fields.take("ended_on", day)
    backlog_from = fields.take("backlog_from", day)
    if on is None or answer is None or question is None:
        return None
    return QuestionExample(
        on,
        question,
        answer,
        tuple(by or ()),
        tuple(with_ or ()),
        tuple(missing or ()),
        tuple(str(one) for one in redact or ()),
        suspended,
        ended_on,
        backlog_from,
        node.line,
    )


def _asked(fields: Fields, names: Names) -> Question | None:
    """Read the question itself; without `from` and `to` it goes from the first party to the second."""
    action = Action.PASS_ON if fields.has(Action.PASS_ON) else Action.SHARE
    if fields.has(Action.PASS_ON) and fields.has(Action.SHARE):
        fields.report.add(
            fields.place(Action.PASS_ON),
            sentence("an example both shares and passes on"),
            sentence("make it two examples"),
        )
        return None
    what = fields.found[action]
    information = fields.take(action, word(Information)) if not _is_unknown(what) else None
    party = one_of(names.parties, sentence("party"))
    first, second = (*names.parties, "", "")[:2]
    third = THIRD_PARTY if action is Action.PASS_ON else second
    return Question(
        action=action,
        information=information,
        purpose=fields.take("purpose", word(Purpose)),
        tlp=fields.take("tlp", tlp),
        personal_data=fields.take("personal_data", word(PersonalData)),
        sender=fields.take("from", party) or first,
        recipient=fields.take("to", text if action is Action.PASS_ON else party) or third,
        exercise=fields.take("exercise", yes_no) or False,
        originator_consent=fields.take("originator_consent", word(Consent)),
        authority_approval=fields.take("authority_approval", word(Approval)),
        emergency=fields.take("emergency", yes_no) or False,
        consent_on=fields.take("consent_on", day),
    )


def _is_unknown(node: Node) -> bool:
    return getattr(node, "text", None) == UNKNOWN


def _notice(report: Report, node: Node, _names: Names) -> NoticeExample | None:
    fields = Fields(report, node, sentence("an example"), ("notice_received", "notice_sent", "last_day"))
    key = "notice_received" if fields.has("notice_received") else "notice_sent"
    counted, last = fields.take(key, day), fields.need("last_day", day, sentence("add {field}", field="`last_day:`"))
    if fields.has("notice_received") and fields.has("notice_sent"):
        mend = sentence("keep the one from which the agreement counts")
        report.add(
            fields.place("notice_sent"),
            sentence("an example says when a notice was received and when it was sent"),
            mend,
        )
        return None
    if counted is None or last is None:
        return None
    return NoticeExample(counted, last, received=key == "notice_received", line=node.line)


def _count(report: Report, node: Node, what: str) -> int | None:
    """Read a whole number from 1 to 1000."""
    found = number(report, node, what)
    if found is None or found <= MOST:
        return found
    report.add(
        node,
        sentence("{what} is {found}, more than {most}", what=what, found=found, most=MOST),
        sentence("write a smaller number"),
    )
    return None


def _term(report: Report, node: Node, _names: Names) -> TermExample | None:
    fields = Fields(report, node, sentence("an example"), ("term", "last_day", "last_day_for_stop_notice"))
    term, last = fields.take("term", _count), fields.need("last_day", day, sentence("add {field}", field="`last_day:`"))
    stop = fields.take("last_day_for_stop_notice", day)
    return None if term is None or last is None else TermExample(term, last, stop, node.line)


def _request(report: Report, node: Node, names: Names) -> RequestExample | None:
    fields = Fields(report, node, sentence("an example"), (*TRIGGERS, *REQUEST_KEYS))
    key = next(key for key in TRIGGERS if fields.has(key))
    at = fields.take(key, moment)
    urgency = fields.need("kind", word(Urgency), sentence("add `kind: normal` or `kind: emergency`"))
    receiver = fields.need(
        "receiver", one_of(names.parties, sentence("party")), sentence("add `receiver:` with the code of a party")
    )
    sender = fields.take("sender", one_of(names.parties, sentence("party")))
    acknowledge, answer_by = fields.take("acknowledge", day_or_moment), fields.take("answer_by", day_or_moment)
    step, due_by = fields.take("step", text), fields.take("due_by", day_or_moment)
    if fields.has("step") is not fields.has("due_by"):
        report.add(
            node, sentence("an example needs `step` and `due_by` together"), sentence("add the one that is not there")
        )
    if at is None or urgency is None or receiver is None:
        return None
    return RequestExample(
        at, urgency, receiver, sender, acknowledge, answer_by, TRIGGERS[key], step, due_by, line=node.line
    )


def _duty(report: Report, node: Node, names: Names) -> DutyExample | None:
    fields = Fields(report, node, sentence("an example"), ("duty", "number", "after", "falls_due"))
    clause = fields.take("duty", one_of(names.clauses, sentence("clause")))
    due = fields.need("falls_due", day, sentence("add `falls_due:` with a day"))
    times, after = fields.take("number", _count), fields.take("after", day)
    if (times is None) == (after is None) and not report.problems:
        mend = sentence("write `number: 1` for its first time, or `after:` with the day on which it was done")
        report.add(node, sentence("an example of a duty does not say which time it is"), mend)
    return None if clause is None or due is None else DutyExample(clause, due, times, after, node.line)


def _suspension(report: Report, node: Node, _names: Names) -> SuspensionExample | None:
    fields = Fields(report, node, sentence("an example"), ("suspension_notice_received", "suspended_from", "until"))
    received = fields.take("suspension_notice_received", moment)
    first, last = (
        fields.need("suspended_from", day, sentence("add {field}", field="`suspended_from:`")),
        fields.take("until", day),
    )
    return None if received is None or first is None else SuspensionExample(received, first, last, node.line)


def _standing(report: Report, node: Node, names: Names) -> StandingExample | None:
    fields = Fields(report, node, sentence("an example"), ("standing", "party", "day"))
    state = fields.take("standing", word(State))
    party = fields.need("party", one_of(names.parties, sentence("party")), sentence("add `party:` with its code"))
    on = fields.need("day", day, sentence("add {field}", field="`day:`"))
    return None if state is None or party is None or on is None else StandingExample(on, party, str(state), node.line)


_KINDS: dict[str, Callable[[Report, Node, Names], Example | None]] = {
    "share": _question,
    "pass on": _question,
    "notice_received": _notice,
    "notice_sent": _notice,
    "term": _term,
    "request": _request,
    "incident": _request,
    "breach": _request,
    "duty": _duty,
    "suspension_notice_received": _suspension,
    "standing": _standing,
}
