"""`comity due`: what is overdue and what falls due."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from comity.acts import undertakings, zones
from comity.commands import node
from comity.commands.output import answer, data_option, json_option, show
from comity.policy.dates import local_day
from comity.policy.undertaking_words import State
from comity.policy.undertakings import Asked

_DAY = click.DateTime(["%Y-%m-%d"])


@dataclass(frozen=True, slots=True)
class Line:
    """One time of an undertaking, for print."""

    key: str
    what: str
    part: str
    number: int
    due: date | None
    at: datetime | None
    state: str
    days_over: int
    owner: str
    ours: bool


@click.command()
@click.option("--on", type=_DAY, help="As it stands on this day (YYYY-MM-DD). Else: today.")
@click.option("--known", type=_DAY, help="As known at the end of this day. Else: now.")
@click.option("--within", default=30, show_default=True, type=click.IntRange(0, 3660), metavar="DAYS",
              help="How many days to look ahead.")  # fmt: skip
@data_option
@json_option
def command(*, on: datetime | None, known: datetime | None, within: int, data: Path, as_json: bool) -> None:
    """List what is overdue and what falls due, most overdue first.

    Exit code 0: nothing that we undertook is overdue; 1: something is.
    """
    node.open_home(data)
    zone = zones.ours()
    moment = datetime.combine(known.date(), time.max, ZoneInfo(zone)) if known else datetime.now(UTC)
    asked = Asked(on.date() if on else local_day(datetime.now(UTC), zone), moment)
    lines = [_line(one, asked.on) for one in undertakings.due(asked, within)]
    nothing = f"Nothing is due on {asked.on} or in the {within} days after."
    show(lines, "\n".join(_words(line) for line in lines) or nothing, as_json=as_json)
    answer(not any(line.state == State.OVERDUE and line.ours for line in lines))


def _line(one: undertakings.Due, on: date) -> Line:
    item = one.item
    instant = item.by.instant if item.by is not None else None
    return Line(item.key, item.what, item.part.value, item.number, one.day, instant, item.state.value,
                item.days_over(on), item.owner, one.of.ours)  # fmt: skip


def _words(line: Line) -> str:
    over = f" by {line.days_over} days" if line.days_over else ""
    whose = "" if line.ours else ", owed to us"
    return f"{line.due}  {line.state}{over}  {line.what} ({line.owner or 'nobody yet'}{whose})"
