"""The verbs of `comity exercise` that judge a run: score, rule, find, report."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import click

from comity.acts import exercise_audit, exercise_reports, exercises
from comity.acts.exercise_reports import Learned, Report, What
from comity.acts.exercises import Known
from comity.commands import node
from comity.commands.output import answer, data_option, json_option, show
from comity.policy.exercise_course import Verdict, shown


@dataclass(frozen=True, slots=True)
class Expected:
    """One expectation as it is told: our verdict and why, evaluators' words side by side, the ruling, other sides'."""

    id: str
    of: str
    says: str
    verdict: str
    why: str
    at: str
    until: str
    scores: tuple[tuple[str, str, str], ...]
    ruling: str
    theirs: dict[str, str]
    agreed: str


@dataclass(frozen=True, slots=True)
class ReportTold:
    """A report as it is told. `verified`: whether the ledger alone says the same, None where that was not asked."""

    exercise: str
    name: str
    view: str
    state: str
    clock: str
    verdicts: dict[str, int]
    timeline: tuple[tuple[str, str, str, str], ...]
    expected: tuple[Expected, ...]
    objectives: dict[str, dict[str, int]]
    evidence: dict[str, tuple[str, ...]]
    findings: tuple[str, ...]
    verified: bool | None = None
    faults: tuple[str, ...] = ()


def made(here: Known, now: datetime, view: str = "") -> Report:
    """Make a report."""
    return exercise_reports.report(here, now, view)


def told(of: Report) -> ReportTold:
    """Give a report as it is told."""
    return ReportTold(
        of.here.row.slug, of.here.scenario.name, of.view or "whole", str(of.reading.state), shown(of.reading.seconds),
        _counts(of.tally),
        tuple((shown(one.at), str(one.what), f"{one.by} → {', '.join(one.to)}" if one.to else one.by,
               f"{one.says} TLP:{one.tlp}" if one.tlp else one.says) for one in of.lines),
        tuple(_expected(of)), {goal.id: _counts(counts) for goal, counts in of.by_objective()},
        dict(exercise_reports.evidence(of)), tuple(one.says for one in of.findings),
    )  # fmt: skip


def _counts(counts: Mapping[Verdict, int]) -> dict[str, int]:
    return {str(verdict): count for verdict, count in counts.items() if count}


def _expected(of: Report) -> Iterator[Expected]:
    for one in of.told:
        each, ruling = one.judged.expectation, one.ruling
        yield Expected(
            each.id, each.of, each.says, str(one.judged.verdict), str(one.judged.why), shown(one.judged.at),
            shown(one.judged.until), tuple((score.evaluator, score.word, score.says) for score in one.scores),
            f"{ruling.verdict}: {ruling.reason}" if ruling else "", dict(one.theirs), one.agreed or "the sides differ",
        )  # fmt: skip


def tell(of: Report, *, as_json: bool) -> None:
    """Print a report."""
    found = told(of)
    show(found, "\n".join(_lines(found)), as_json=as_json)


def _lines(one: ReportTold) -> Iterator[str]:
    yield f"EXERCISE. {one.name} ({one.exercise}), {one.view}: {one.state} at {one.clock}"
    yield ", ".join(f"{count} {verdict}" for verdict, count in one.verdicts.items()) or "nothing is expected"
    yield from (f"  {at:>6}  {what:<6} {who}: {says}" for at, what, who, says in one.timeline
                if what != str(What.MOVE))  # fmt: skip
    for each in one.expected:
        verdict = each.verdict if one.view != exercise_reports.JOINT else each.agreed
        yield f"{each.id} {verdict}: {each.says} ({each.why}{f', {each.at}' if each.at else ''})"
        yield from (f"    {who} says: {word}{f' – {says}' if says else ''}" for who, word, says in each.scores)
        if each.ruling:
            yield f"    ruled {each.ruling}"
        yield from (f"    {party}: {verdict}" for party, verdict in each.theirs.items())
    for name, counts in one.objectives.items():
        yield f"objective {name}: {', '.join(f'{count} {verdict}' for verdict, count in counts.items()) or 'nothing'}"
    yield from (f"learned: {says}" for says in one.findings)
    if one.verified is not None:
        yield "The ledger alone says the same." if one.verified else "The ledger does not say the same:"
        yield from (f"  {line}" for line in one.faults)


@click.command()
@click.argument("name")
@click.option("--for", "view", default="", metavar="TEAM|joint", help="What that team may see, or what all agree on.")
@click.option("--verify", is_flag=True, help="Work the figures out again from the ledger alone, and compare.")
@data_option
@json_option
def report(*, name: str, view: str, verify: bool, data: Path, as_json: bool) -> None:
    """Print the after-action report. Exit code 1, with --verify, where the ledger does not say the same."""
    node.open_home(data)
    here, now = exercises.known(name), datetime.now(UTC)
    found = told(made(here, now, view))
    if verify:
        audited, whole = exercise_audit.audit(here, now), made(here, now)
        same = (audited.play, audited.judged) == (whole.play, tuple(one.judged for one in whole.told))
        found = replace(found, verified=same and not audited.faults, faults=tuple(audited.faults))
    show(found, "\n".join(_lines(found)), as_json=as_json)
    answer(found.verified is not False)


@click.command()
@click.argument("name")
@click.argument("expectation")
@click.argument("word")
@click.option("--says", default="", help="Why, in a sentence.")
@click.option("--as", "evaluator", default="officer", show_default=True, help="Who says so.")
@data_option
@json_option
def score(*, name: str, expectation: str, word: str, says: str, evaluator: str, data: Path, as_json: bool) -> None:
    """Record an evaluator's WORD on an EXPECTATION, one of its scale. Several stand side by side; none is averaged."""
    node.open_home(data)
    row = exercises.score(name, expectation, word, says, evaluator, datetime.now(UTC))
    show({"score": row.pk}, f"{row.evaluator} says of {row.expectation}: {row.word}.", as_json=as_json)


@click.command()
@click.argument("name")
@click.argument("expectation")
@click.argument("verdict", type=click.Choice(list(exercises.RULINGS)))
@click.option("--because", required=True, help="The reason, which stands in the report.")
@data_option
@json_option
def rule(*, name: str, expectation: str, verdict: str, because: str, data: Path, as_json: bool) -> None:
    """Record the official VERDICT on an EXPECTATION, with its reason: met, missed or unjudged."""
    node.open_home(data)
    row = exercises.rule(name, expectation, verdict, because, "officer", datetime.now(UTC))
    show({"ruling": row.pk}, f"{row.expectation} is ruled {row.verdict}.", as_json=as_json)


@click.command()
@click.argument("name")
@click.argument("says")
@click.option("--expectation", default="", help="What it was learned from.")
@click.option("--due", default="", help="By when it is done, such as “on 2027-03-31”: then it becomes an undertaking.")
@click.option("--owner", default="", help="Who answers for it.")
@click.option("--shared", is_flag=True, help="It stands in the joint report too.")
@data_option
@json_option
def find(*, name: str, says: str, expectation: str, due: str, owner: str, shared: bool, data: Path,
         as_json: bool) -> None:  # fmt: skip
    """Record what was learned. With --due it becomes an undertaking, with the indicators that it serves as evidence."""
    node.open_home(data)
    learned = Learned(says, expectation, due, owner, shared)
    row = exercise_reports.find(name, learned, "officer", datetime.now(UTC))
    words = f"Recorded; undertaking {row.undertaking}." if row.undertaking else "Recorded."
    show({"finding": row.pk, "undertaking": row.undertaking}, words, as_json=as_json)


@click.command()
@click.argument("name")
@click.argument("review")
@data_option
@json_option
def evidence(*, name: str, review: str, data: Path, as_json: bool) -> None:
    """Offer what was met in the exercise NAME to a REVIEW, as evidence for the indicators that its objectives name."""
    node.open_home(data)
    found = exercise_reports.offer(name, review, data.expanduser().absolute(), "officer", datetime.now(UTC))
    show(found, f"Offered to “{review}” for {', '.join(found)}.", as_json=as_json)
