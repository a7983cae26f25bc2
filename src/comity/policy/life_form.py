"""Reading the `life` of an agreement: entry into force, terms and renewal, termination, suspension, survival."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from comity.policy.agreements import Life, Provisional, Renewal, Suspension, Termination
from comity.policy.fields import (
    Fields,
    Names,
    Report,
    calendar_period,
    day,
    members_or_none,
    one_of,
    period,
    text,
    word,
)
from comity.policy.saying import sentence
from comity.policy.tree import Mapping, Node, Scalar, kind
from comity.policy.vocabulary import CountedFrom, NoticeBy, RenewalKind

SURVIVE_BOTH = "still_binds_when_suspended_or_ended"
SURVIVE_SUSPENSION = "still_binds_when_suspended"
SURVIVE_END = "still_binds_when_ended"
LIFE_KEYS = (
    "in_force",
    "provisional",
    "first_term",
    "renewal",
    "termination",
    "suspension",
    "accession",
    SURVIVE_BOTH,
    SURVIVE_SUSPENSION,
    SURVIVE_END,
)
A_MONTH = 31


@dataclass(frozen=True, slots=True)
class _InForce:
    on: date | None
    when: str | None


def read_life(names: Names) -> Callable[[Report, Node, str], Life | None]:
    """Make the reader of `life`."""

    def read(report: Report, node: Node, _what: str) -> Life | None:
        fields = Fields(report, node, "`life`", LIFE_KEYS)
        mend = sentence("add `in_force:` with a day, or with `{{when: …}}` and the words of the condition")
        in_force = fields.need("in_force", _in_force, mend)
        first_term = fields.take("first_term", calendar_period)
        renewal = fields.take("renewal", _renewal)
        if fields.has("renewal") and not fields.has("first_term"):
            mend = sentence("add `first_term:`, or take the renewal out: without a term it runs on")
            report.add(fields.place("renewal"), sentence("`life` has a renewal but no term to renew"), mend)
        return Life(
            in_force=in_force.on if in_force else None,
            in_force_when=in_force.when if in_force else None,
            provisional=fields.take("provisional", lambda r, n, w: _provisional(r, n, w, names)),
            first_term=first_term,
            renewal=renewal,
            termination=fields.take("termination", _termination),
            suspension=fields.take("suspension", _suspension),
            accession=fields.take("accession", text),
            survives_suspension=_survivors(fields, SURVIVE_SUSPENSION, names),
            survives_end=_survivors(fields, SURVIVE_END, names),
        )

    return read


def _in_force(report: Report, node: Node, what: str) -> _InForce | None:
    if isinstance(node, Scalar):
        on = day(report, node, what)
        return None if on is None else _InForce(on, None)
    if isinstance(node, Mapping):
        when = Fields(report, node, what, ("when",)).need(
            "when", text, sentence("add `when:` with the words of the condition")
        )
        return None if when is None else _InForce(None, when)
    report.add(
        node,
        sentence("{what} is {kind}", what=what, kind=kind(node)),
        sentence("write a day, or `{{when: …}}` with the words of the condition"),
    )
    return None


def _provisional(report: Report, node: Node, what: str, names: Names) -> Provisional | None:
    fields = Fields(report, node, what, ("from", "clauses"))
    from_day = fields.need("from", day, sentence("add `from:` with the first day of provisional application"))
    clauses = fields.take("clauses", members_or_none(one_of(names.clauses, sentence("clause"))))
    return None if from_day is None else Provisional(from_day, None if clauses is None else tuple(clauses))


def _renewal(report: Report, node: Node, what: str) -> Renewal | None:
    fields = Fields(report, node, what, ("kind", "each", "stop_notice", "counted_from"))
    kind_of = fields.need("kind", word(RenewalKind), sentence("add `kind: tacit` or `kind: express`"))
    each = fields.need(
        "each", calendar_period, sentence("add `each:` with the length of a further term, such as 2 years")
    )
    stop_notice = fields.take("stop_notice", calendar_period)
    counted_from = fields.take("counted_from", word(CountedFrom)) or CountedFrom.RECEIPT
    return None if kind_of is None or each is None else Renewal(kind_of, each, stop_notice, counted_from)


def _termination(report: Report, node: Node, what: str) -> Termination | None:
    fields = Fields(report, node, what, ("by", "notice", "counted_from", "form"))
    by = fields.need("by", word(NoticeBy), sentence("add `by: either`, `by: any party` or `by: both`"))
    notice = fields.need("notice", calendar_period, sentence("add `notice:` with its length, such as 6 months"))
    counted_from = fields.take("counted_from", word(CountedFrom)) or CountedFrom.RECEIPT
    form = fields.take("form", text)
    return None if by is None or notice is None else Termination(by, notice, counted_from, form)


def _suspension(report: Report, node: Node, what: str) -> Suspension | None:
    fields = Fields(report, node, what, ("by", "notice", "longest", "form"))
    by = fields.need("by", word(NoticeBy), sentence("add `by: either`, `by: any party` or `by: both`"))
    notice, longest = fields.take("notice", period), fields.take("longest", calendar_period)
    form = fields.take("form", text)
    return None if by is None else Suspension(by, notice, longest, form)


def _survivors(fields: Fields, key: str, names: Names) -> tuple[str, ...]:
    """Read which clauses still bind; the key for both cases may not stand beside the key for one."""
    read = members_or_none(one_of(names.clauses, sentence("clause")))
    if fields.has(SURVIVE_BOTH):
        if fields.has(key):
            fields.report.add(
                fields.place(key),
                sentence("`{key}` stands beside `{both}`", key=key, both=SURVIVE_BOTH),
                sentence("keep one of the two"),
            )
            return ()
        silent = Report() if key == SURVIVE_END else fields.report
        return tuple(
            read(silent, fields.found[SURVIVE_BOTH], sentence("`{key}` of {what}", key=SURVIVE_BOTH, what="`life`"))
            or ()
        )
    return tuple(fields.take(key, read) or ())
