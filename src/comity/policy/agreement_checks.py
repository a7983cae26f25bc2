"""What must fit together across the parts of an agreement file: clauses that clash, days and terms that cannot be."""

from collections.abc import Iterator

from comity.policy.agreements import Agreement, Clause
from comity.policy.dates import Period, Unit
from comity.policy.fields import Report
from comity.policy.saying import sentence
from comity.policy.tree import Mapping, Node
from comity.policy.vocabulary import Effect

DAYS_IN = {Unit.DAYS: 1, Unit.WEEKS: 7, Unit.MONTHS: 31, Unit.YEARS: 366}


def check_together(report: Report, root: Node, agreement: Agreement) -> None:
    """Report what does not fit together in an agreement whose parts are right by themselves."""
    for path, what, mend in _problems(agreement):
        report.add(_find(root, path), what, mend)


def _find(root: Node, path: tuple[str, ...]) -> Node:
    """Give the key at the end of a path of keys (or the last one that is there)."""
    node: Node = root
    place: Node = root
    for step in path:
        pairs = node.entries if isinstance(node, Mapping) else ()
        found = next(((key, value) for key, value in pairs if key.text == step), None)
        if found is None:
            return place
        place, node = found
    return place


def _problems(agreement: Agreement) -> Iterator[tuple[tuple[str, ...], str, str]]:
    yield from _days(agreement)
    yield from _terms(agreement)
    yield from _clashes(agreement)
    yield from _no_effect(agreement)


def _days(agreement: Agreement) -> Iterator[tuple[tuple[str, ...], str, str]]:
    life = agreement.life
    if life.in_force is not None and life.provisional is not None and life.provisional.from_day >= life.in_force:
        what = sentence(
            "provisional application begins on {from_day}, when it is in force since {in_force}",
            from_day=life.provisional.from_day,
            in_force=life.in_force,
        )
        yield ("life", "provisional"), what, sentence("mend one of the two days, or take `provisional` out")
    for party in agreement.parties:
        if party.joins is not None and life.in_force is not None and party.joins <= life.in_force:
            what = sentence(
                "party {code} joins on {joins}, which is not after entry into force on {in_force}",
                code=party.code,
                joins=party.joins,
                in_force=life.in_force,
            )
            yield ("parties", party.code), what, sentence("mend one of the two days, or take `joins` out")
    if all(not party.original for party in agreement.parties):
        yield (
            ("parties",),
            sentence("every party joins later"),
            sentence("take `joins` out where a party is bound from the beginning"),
        )


def _terms(agreement: Agreement) -> Iterator[tuple[tuple[str, ...], str, str]]:
    life = agreement.life
    if life.renewal is None or life.renewal.stop_notice is None or life.first_term is None:
        return
    shortest = min(life.first_term, life.renewal.each, key=_length)
    if _length(life.renewal.stop_notice) >= _length(shortest):
        notice = life.renewal.stop_notice.text
        what = sentence(
            "the last day to stop a renewal is {notice} before the end of a term of {text}, before it begins",
            notice=notice,
            text=shortest.text,
        )
        yield ("life", "renewal", "stop_notice"), what, sentence("make the notice shorter than the shortest term")


def _length(period: Period) -> int:
    return period.count * DAYS_IN.get(period.unit, 1)


def _clashes(agreement: Agreement) -> Iterator[tuple[tuple[str, ...], str, str]]:
    for clause in agreement.clauses:
        for other in clause.notwithstanding:
            second = agreement.clause(other)
            if second is not None and clause.id in second.notwithstanding and clause.id > other:
                what = sentence(
                    "clauses {other} and {clause} clash: each prevails over the other", other=other, clause=clause.id
                )
                yield ("clauses", clause.id, "notwithstanding"), what, sentence("let one of the two prevail")


def _no_effect(agreement: Agreement) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Find clauses that can never have an effect because a prohibition covers all that they speak of."""
    prohibitions = [clause for clause in agreement.clauses if clause.effect is Effect.MUST_NOT]
    for clause in agreement.clauses:
        if clause.effect is Effect.MUST_NOT or clause.accompanies or not clause.actions:
            continue
        for other in prohibitions:
            if other.id not in clause.notwithstanding and _covers(other, clause):
                does = sentence("obliges") if clause.effect is Effect.MUST else sentence("allows")
                what = sentence(
                    "clauses {clause} and {other} clash: {clause} {does} only what {other} forbids",
                    clause=clause.id,
                    other=other.id,
                    does=does,
                )
                mend = sentence(
                    "narrow one of the two, or say `notwithstanding: [{other}]` in {clause}",
                    other=other.id,
                    clause=clause.id,
                )
                yield ("clauses", clause.id), what, mend


def _covers(prohibition: Clause, clause: Clause) -> bool:
    if prohibition.when is not None or prohibition.exceptions or prohibition.valid_from or prohibition.valid_until:
        return False
    return clause.actions <= prohibition.actions and all(
        wide is None or (narrow is not None and narrow <= wide)
        for wide, narrow in (
            (prohibition.information, clause.information),
            (prohibition.purposes, clause.purposes),
            (prohibition.senders, clause.senders),
            (prohibition.recipients, clause.recipients),
        )
    )
