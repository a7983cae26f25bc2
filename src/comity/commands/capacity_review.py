"""The verbs of `comity capacity review`: reviews kept in the store, their answers in and out, what they say."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from comity.acts import (
    monitoring,
    review_answers,
    review_files,
    review_results,
    review_returns,
    review_sheets,
    reviews,
)
from comity.acts.review_answers import Did
from comity.acts.reviews import Begun, Known
from comity.commands import node
from comity.commands.output import BadInput, answer, data_option, json_option, show
from comity.commands.tables import Line, Table
from comity.policy import staging
from comity.policy.frameworks import words
from comity.policy.review_course import ReviewKind
from comity.policy.staging import Answer

ACTOR: Final = "officer"
_HERE: Final = "comity.commands.capacity_review"
PARTS: Final = {
    "new": Line("Begin a review, of one person or of many.", _HERE, "new"),
    "list": Line("List the reviews and where they stand.", _HERE, "list_"),
    "move": Line("Move a review on: to sessions, draft report, published…", _HERE, "move"),
    "import": Line("Take answers in: a file of answers, or spreadsheets.", _HERE, "import_"),
    "export": Line("Give the answers as a file, or spreadsheets to fill in.", _HERE, "export"),
    "show": Line("Show the stages, intervals and gaps that follow.", _HERE, "show_"),
}
_DAY: Final = click.DateTime(["%Y-%m-%d"])


@click.command(cls=Table, lines=PARTS)
def review() -> None:
    """Keep reviews of capacity in the node: who answers what, versions, rounds, and the stages that follow."""


def _found(data: Path, slug: str, at: datetime | None = None) -> tuple[Known, datetime]:
    node.open_home(data)
    moment = at or datetime.now(UTC)
    known = reviews.find(slug, moment)
    if known is None:
        there = ", ".join(one.review.slug for one in reviews.known(moment)) or "none yet"
        raise BadInput(f"there is no review “{slug}” here; there are: {there}")
    return known, moment


@click.command()
@click.argument("slug", metavar="REVIEW")
@click.option("--title", required=True, help="What it is called.")
@click.option("--of", "party", default="BS", show_default=True, help="Whose capacity: a party’s code.")
@click.option("--framework", default="cmm", show_default=True, help="The framework’s id.")
@click.option("--edition", default="", help="Of several editions, this one. Else: the latest.")
@click.option("--from", "first", required=True, type=_DAY, help="Its first day (YYYY-MM-DD).")
@click.option("--to", "last", type=_DAY, help="Its last day. Else: the first.")
@click.option("--self", "alone", is_flag=True, help="One person’s answers, without clusters, rounds and chair.")
@click.option("--percent", default=100, show_default=True, type=click.IntRange(51, 100),
              help="How many of a hundred who know have to agree for a consensus.")  # fmt: skip
@click.option("--fictional", is_flag=True, help="Its answers are made up: every page of it says so.")
@data_option
@json_option
def new(  # noqa: PLR0917 - as the options are
    slug: str, title: str, party: str, framework: str, edition: str, first: datetime, last: datetime | None,
    alone: bool, percent: int, fictional: bool, data: Path, as_json: bool,
) -> None:  # fmt: skip
    """Begin a review under the short name REVIEW, such as bs-2026."""
    node.open_home(data)
    kind = ReviewKind.SELF if alone else ReviewKind.FULL
    made = reviews.begin(Begun(slug, title, framework, edition, party, first.date(), (last or first).date(), kind,
                               percent, fictional), ACTOR, datetime.now(UTC))  # fmt: skip
    show({"review": made.slug, "kind": kind.value}, f"Begun: {made.slug}, {kind.value}.", as_json=as_json)


@click.command("list")
@data_option
@json_option
def list_(data: Path, as_json: bool) -> None:
    """List the reviews, the newest first."""
    node.open_home(data)
    told = [{"review": one.review.slug, "title": one.version.title, "kind": one.kind.value, "state": one.state.value,
             "framework": one.review.framework, "edition": one.review.edition, "of": one.review.party_id,
             "first_day": one.version.first_day, "last_day": one.version.last_day, "fictional": one.review.fictional}
            for one in reviews.known(datetime.now(UTC))]  # fmt: skip
    lines = [f"{one['review']:<20} {one['state']:<16} {one['framework']} {one['edition']}  {one['title']}"
             for one in told]  # fmt: skip
    show(told, "\n".join(lines) or "No review.", as_json=as_json)


@click.command()
@click.argument("slug", metavar="REVIEW")
@click.argument("to", metavar="STATE")
@click.option("--says", default="", help="What is to be said of it, such as why a report is withheld.")
@data_option
@json_option
def move(slug: str, to: str, says: str, data: Path, as_json: bool) -> None:
    """Move a review on; a slip names the states to which it can go from where it stands."""
    known, moment = _found(data, slug)
    monitoring.move(known, to, ACTOR, moment, says)
    show({"review": slug, "state": to}, f"{slug}: {to}.", as_json=as_json)


def _member(known: Known, said: str, moment: datetime) -> int:
    """Find a member by name or number; the only one where none is said."""
    if not said:
        return review_files.rater_of(known, ACTOR, moment)
    there = reviews.members(known.review, moment)
    found = [one.row.pk for one in there if said in (one.name, str(one.row.pk))]
    if len(found) != 1:
        names = ", ".join(f"{one.name} ({one.row.pk})" for one in there) or "none yet"
        raise BadInput(f"there is no single member “{said}” in {known.review.slug}", f"name one of: {names}")
    return found[0]


@click.command("import")
@click.argument("slug", metavar="REVIEW")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--member", default="", help="Whose answers a file of answers holds, by name or number.")
@data_option
@json_option
def import_(slug: str, files: tuple[Path, ...], member: str, data: Path, as_json: bool) -> None:
    """Take answers in from FILES: spreadsheets that were given out, or files of answers (YAML).

    Each file whole or not at all. Exit code 1: some answers met others that were given meanwhile, and wait to be
    settled.
    """
    told, met = [], 0
    for path in files:
        known, moment = _found(data, slug)
        if path.suffix.lower() == ".xlsx":
            took = review_returns.take_in(known, path.read_bytes(), path.name, ACTOR, moment)
            clash = sum(1 for _one in review_returns.conflicts(took))
            same = took.untouched + sum(one.does is review_returns.Does.SAME for one in took.lines)
            counts = {"recorded": len(took.lines) + took.untouched - same - clash, "unchanged": same,
                      "conflicts": clash}  # fmt: skip
        else:
            read = review_files.answers_of(known, path)
            done = review_files.take_in(known, read, _member(known, member, moment), ACTOR, moment, path.name)
            counts = {"recorded": sum(one.did is Did.RECORDED for one in done),
                      "unchanged": sum(one.did is Did.UNCHANGED for one in done), "conflicts": 0}  # fmt: skip
        met += counts["conflicts"]
        told.append({"file": path.name, **counts})
    lines = [f"{one['file']}: {one['recorded']} recorded, {one['unchanged']} unchanged, {one['conflicts']} in conflict"
             for one in told]  # fmt: skip
    show(told, "\n".join(lines), as_json=as_json)
    answer(yes=not met)


@click.command()
@click.argument("slug", metavar="REVIEW")
@click.option("--sheets", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER",
              help="Write a spreadsheet for each rater into this folder.")  # fmt: skip
@click.option("--cluster", default="", help="Only for the raters of this cluster, by its name.")
@click.option("--language", default="en", show_default=True, type=click.Choice(["en", "es", "fr"]),
              help="The language of the spreadsheets.")  # fmt: skip
@data_option
def export(slug: str, sheets: Path | None, cluster: str, language: str, data: Path) -> None:
    """Write what a review says as a file of answers on standard output, or spreadsheets to be filled in."""
    known, moment = _found(data, slug)
    if sheets is None:
        click.echo(review_files.written(review_results.result(known, moment)), nl=False)
        return
    clusters = {one.name: one.row.pk for one in reviews.clusters(known.review, moment)}
    if cluster and cluster not in clusters:
        names = ", ".join(clusters) or "none yet"
        raise BadInput(f"there is no cluster “{cluster}” in {slug}", f"name one of: {names}")
    sheets.mkdir(parents=True, exist_ok=True)
    for one in reviews.members(known.review, moment):
        if one.rates and (not cluster or one.cluster == clusters[cluster]):
            file = review_sheets.give(known, one.row.pk, language, moment)
            (sheets / file.name).write_bytes(file.content)
            click.echo(str(sheets / file.name))


@click.command("show")
@click.argument("slug", metavar="REVIEW")
@click.option("--on", type=_DAY, help="Evidence as of this day. Else: the review’s last.")
@click.option("--known", "known_on", type=_DAY, help="As known at the end of this day. Else: now.")
@click.option("--gaps", is_flag=True, help="List what keeps each aspect from its next stage.")
@data_option
@json_option
def show_(slug: str, on: datetime | None, known_on: datetime | None, gaps: bool, data: Path, as_json: bool) -> None:
    """Show the stage of each aspect, how far open answers leave it, and what is contested or unanswered.

    With --gaps, exit code 1 says that there are some.
    """
    at = known_on.replace(hour=23, minute=59, second=59, microsecond=999_999, tzinfo=UTC) if known_on else None
    known, moment = _found(data, slug, at)
    result = review_results.result(known, moment, on.date() if on else None)
    names = [one.id for one in result.framework.stages]
    aspects = [{"aspect": one.aspect.id, "name": words(one.aspect.name), "stage": names[one.stage],
                "highest": names[one.highest], "next": names[one.next] if one.next else None, "met": one.share[0],
                "needed": one.share[1], "open": len(one.open), "contested": sum(h.rating.contested for h in one.held)}
               for one in result.staged.values()]  # fmt: skip
    missing = [{"indicator": one.indicator.id, "stage": names[one.indicator.stage],
                "words": words(one.indicator.text), "answer": one.rating.answer.value}
               for one in staging.gaps(result.staged, {})]  # fmt: skip
    told = {"review": slug, "state": known.state.value, "on": result.on,
            "round": result.round.number if result.round else None, "provisional": result.provisional,
            "indicators": len(result.settled), "open": len(result.open),
            "unanswered": sum(one.answer is Answer.UNKNOWN for one in result.settled.values()),
            "conflicts": len(review_answers.clashing(known.review, moment)), "aspects": aspects,
            **({"gaps": missing} if gaps else {})}  # fmt: skip
    head = (f"{known.version.title} ({known.state.value}), {result.on}: {told['indicators']} indicators, "
            f"{told['unanswered']} unanswered, {told['open']} open, {told['conflicts']} in conflict")
    lines = [f"{one['aspect']:<8} {one['name']}: {one['stage']}"
             + (f", at most {one['highest']}" if one["highest"] != one["stage"] else "")
             + (f"; {one['met']} of {one['needed']} of {one['next']}" if one["next"] else "")
             for one in aspects]  # fmt: skip
    if gaps:
        lines = [f"{one['indicator']:<12} {one['stage']:<12} {one['words']} ({one['answer']})" for one in missing]
    show(told, "\n".join([head, *lines]), as_json=as_json)
    answer(yes=not (gaps and missing))
