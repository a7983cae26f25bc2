"""Reading a located tree as an agreement: a closed form, every problem with its place and its mend.

The keys of a file, from the top: `agreement` (its short name), `title`, `language`, `fictional`, `force`,
`text_prevails`, `parties`, `groups`, `clock`, `life`, `settles`, `reservations`, `words`, `clauses`, `examples`.
"""

import re
from dataclasses import dataclass, replace
from typing import Final

from comity.policy.agreement_checks import check_together
from comity.policy.agreements import ENGLISH, Agreement, Settlement
from comity.policy.clause_form import read_clauses
from comity.policy.example_form import read_examples
from comity.policy.fields import Fields, Names, Report, entries, text, word, yes_no
from comity.policy.life_form import read_life
from comity.policy.party_form import read_clock, read_groups, read_parties, read_reservations
from comity.policy.saying import sentence
from comity.policy.tree import Mapping, Node, Problem, Scalar, kind
from comity.policy.vocabulary import Backlog, Beside, Force, MonthEnd, WhoseHolidays

KEYS: Final = (
    "agreement",
    "title",
    "language",
    "fictional",
    "force",
    "text_prevails",
    "parties",
    "groups",
    "clock",
    "life",
    "settles",
    "reservations",
    "words",
    "clauses",
    "examples",
)
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
"""A language’s tag, as far as it is told apart from other words (BCP 47, section 2.1)."""
QUESTIONS: Final = {
    "whose_holidays_count": sentence("Whose holidays count? Write receiver, sender, both or neither"),
    "month_end_rule": sentence(
        "Where does a period of months end if the month has no such day? Write “last day of "
        "the month”, “first day of the next month” or “month end stays month end”"
    ),
    "last_day_inside": sentence("Is the last day of a period inside it? Write yes or no"),
    "consent_survives_suspension": sentence("Does a consent given before a suspension survive it? Write yes or no"),
    "silence_is_consent": sentence("Is silence consent? Write yes or no"),
    "beside_other_agreements": sentence(
        "Do two agreements with one partner add or narrow? Write adds, narrows or refer to counsel"
    ),
    "backlog_for_new_party": sentence(
        "Does a new party get what was shared before it joined? Write all or from joining"
    ),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file was read as: the agreement, or the problems (in the order of the file) that stand against it."""

    agreement: Agreement | None
    problems: tuple[Problem, ...]


def read_agreement(root: Node) -> Reading:
    """Read a located tree as an agreement."""
    report = Report()
    found = _read(report, root)
    if not report.problems and found is not None:
        check_together(report, root, found)
    problems = tuple(sorted(report.problems, key=lambda problem: (problem.line, problem.column)))
    return Reading(None if problems else found, problems)


def _read(report: Report, root: Node) -> Agreement | None:
    if isinstance(root, Scalar) and not root.text.strip():
        report.add(root, sentence("the file is empty"), sentence("begin with `agreement:` and its name"))
        return None
    fields = Fields(report, root, sentence("the file"), KEYS)
    if not fields.readable:
        return None
    names = _names(fields)
    name = fields.need("agreement", text, sentence("add `agreement:` with its short name"))
    title, fictional = fields.take("title", text), fields.take("fictional", yes_no)
    force = fields.need("force", word(Force), sentence("add `force: political` or `force: binding`"))
    language = fields.take("language", _language)
    _need_text_prevails(fields)
    parties = fields.need("parties", read_parties, sentence("add `parties:` with a code and a name for each"))
    clock = fields.need(
        "clock", read_clock(names), sentence("add `clock: {{time_zone: …}}` with a name such as America/Nassau")
    )
    life = fields.need("life", read_life(names), sentence("add `life:` with `in_force:`"))
    settles = fields.need("settles", _settles, sentence("add `settles:` with counsel’s answers to the seven questions"))
    reservations = fields.take("reservations", read_reservations(names)) or ()
    words = fields.take("words", _words) or ()
    clauses = fields.need(
        "clauses", lambda r, n, _: read_clauses(r, n, names), sentence("add `clauses:` with at least one")
    )
    examples = fields.take("examples", lambda r, n, w: read_examples(r, n, w, names)) or ()
    if not (name and force and parties and clock and life and settles and clauses):
        return None
    return Agreement(
        name=name,
        title=title,
        fictional=bool(fictional),
        force=force,
        parties=tuple(replace(party, calendar=clock.calendar(party.code)) for party in parties),
        groups=names.groups,
        time_zone=clock.time_zone,
        life=life,
        settles=settles,
        reservations=reservations,
        words=words,
        clauses=clauses,
        examples=examples,
        language=language or ENGLISH,
    )


def _language(report: Report, node: Node, what: str) -> str | None:
    if isinstance(node, Scalar) and LANGUAGE.fullmatch(node.text):
        return node.text
    wrong = sentence("{what} is {kind}, which is no language", what=what, kind=kind(node))
    report.add(node, wrong, sentence("write its short code, such as en, es or fr"))
    return None


def _need_text_prevails(fields: Fields) -> None:
    mend = sentence("write `text_prevails: yes`, because the signed words prevail and this file annotates them")
    if fields.need("text_prevails", yes_no, mend) is False:
        fields.report.add(fields.place("text_prevails"), sentence("`text_prevails` is “no”"), mend)


def _names(fields: Fields) -> Names:
    """Collect what the parts of the file may call each other by, before they are read."""
    parties = _keys(fields.found.get("parties"))
    groups = fields.take("groups", read_groups(parties)) or ()
    return Names(parties, groups, _keys(fields.found.get("clauses")))


def _keys(node: Node | None) -> tuple[str, ...]:
    return tuple(key.text for key, _ in node.entries) if isinstance(node, Mapping) else ()


def _words(report: Report, node: Node, what: str) -> tuple[tuple[str, str], ...]:
    read = (
        (key.text, text(report, value, sentence("“{text}” of {what}", text=key.text, what=what)))
        for key, value in entries(report, node, what)
    )
    return tuple((term, meaning) for term, meaning in read if meaning is not None)


def _settles(report: Report, node: Node, _what: str) -> Settlement | None:
    """Read counsel's answers; each question that is left open is a problem of its own, named in words."""
    fields = Fields(report, node, "`settles`", tuple(QUESTIONS))
    holidays = fields.need("whose_holidays_count", word(WhoseHolidays), QUESTIONS["whose_holidays_count"])
    month_end = fields.need("month_end_rule", word(MonthEnd), QUESTIONS["month_end_rule"])
    inside = fields.need("last_day_inside", yes_no, QUESTIONS["last_day_inside"])
    survives = fields.need("consent_survives_suspension", yes_no, QUESTIONS["consent_survives_suspension"])
    silence = fields.need("silence_is_consent", yes_no, QUESTIONS["silence_is_consent"])
    beside = fields.need("beside_other_agreements", word(Beside), QUESTIONS["beside_other_agreements"])
    backlog = fields.need("backlog_for_new_party", word(Backlog), QUESTIONS["backlog_for_new_party"])
    if not (holidays and month_end and beside and backlog) or None in (inside, survives, silence):
        return None
    return Settlement(holidays, month_end, bool(inside), bool(survives), bool(silence), beside, backlog)
