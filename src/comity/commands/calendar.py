"""`comity calendar`: the calendar as a file, out and in."""

from datetime import UTC, datetime
from pathlib import Path

import click
from django.utils import translation

from comity.acts import calendar_files, calendars, zones
from comity.acts.calendar_files import Does, Row
from comity.commands import node
from comity.commands.output import answer, data_option, json_option, show
from comity.policy.dates import local_day
from comity.policy.undertakings import Asked


@click.group()
def command() -> None:
    """Write the calendar as iCalendar, or take events in as engagements."""


@command.command()
@click.option("--public", is_flag=True, help="Only what is marked as public.")
@click.option("--language", type=click.Choice(["en", "es", "fr"]), default="en", show_default=True,
              help="The language that entries are written in.")
@data_option
def export(*, public: bool, language: str, data: Path) -> None:
    """Write the calendar to standard output (RFC 5545): what is due, engagements, the days of the register."""
    node.open_home(data)
    moment = datetime.now(UTC)
    today = local_day(moment, zones.ours())
    with translation.override(language):
        found = calendars.happenings(Asked(today, moment), today - calendars.BACK, today + calendars.AHEAD)
        shown = [one for one in found if one.public or not public]
        click.echo(calendar_files.feed("Comity", shown), nl=False)


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what each event would do, and store nothing.")
@data_option
@json_option
def import_(*, file: Path, dry_run: bool, data: Path, as_json: bool) -> None:
    """Take the events of FILE in as engagements: all of them, or nothing.

    Events are known by their UID: what was taken in before is moved or cancelled. Exit code of a dry run: 1 where an
    event cannot be taken.
    """
    node.open_home(data)
    content, now = file.read_bytes(), datetime.now(UTC)
    if dry_run:
        rows = calendar_files.read(content, file.name, now)
    else:
        rows = calendar_files.take_in(content, file.name, "officer", now)
    show(rows, "\n".join(_words(row) for row in rows) or "The file holds no event.", as_json=as_json)
    answer(all(row.does is not Does.WRONG for row in rows))


def _words(row: Row) -> str:
    days = f" {row.planned.starts_on}" if row.planned is not None else ""
    return f"{row.number}{days} {row.title}: {row.does}{f' – {row.why}' if row.why else ''}"
