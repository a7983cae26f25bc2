"""`comity register`: what states agreed, since when, and by which source."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import click

from comity.acts import catalogues, importing, readings, register, standings
from comity.acts.exporting import said
from comity.acts.table_rows import TABLES
from comity.commands import node
from comity.commands.output import BadInput, answer, data_option, json_option, show
from comity.models import Instrument, Party, Spell
from comity.policy.participation import Stand

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def command() -> None:
    """Know what states agreed: import catalogues, list instruments, show where parties stand."""


@command.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only name what is wrong; store nothing.")
@data_option
@json_option
def take_in(*, files: tuple[Path, ...], dry_run: bool, data: Path, as_json: bool) -> None:
    """Put catalogues into the register, all of them or none; what is told differently supersedes."""
    node.open_home(data)
    try:
        stored = catalogues.try_out(files, register.ACTOR, _now()) if dry_run else catalogues.load(
            files, register.ACTOR, _now())  # fmt: skip
    except catalogues.CatalogueProblem as problem:
        raise BadInput("\n".join(problem.lines)) from problem
    counted = {name: number for name, number in stored.added.items() if number}
    words = ", ".join(f"{number} {name}" for name, number in counted.items()) or "nothing new"
    words += f"; {stored.superseding} of them supersede others" if stored.superseding else ""
    would = "would add" if dry_run else "added"
    show({would: counted, "superseding": stored.superseding}, f"{would} {words}", as_json=as_json)


@command.command("import-table")
@click.argument("table")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what each row would do, and store nothing.")
@data_option
@json_option
def table_in(*, table: str, file: Path, dry_run: bool, data: Path, as_json: bool) -> None:
    """Take FILE (CSV, XLSX or JSON, as the desk gives it) in as rows of TABLE: all of them, or none.

    What is the same is left alone, what differs corrects. Exit code 1: a row cannot be taken, and nothing was.
    """
    node.open_home(data)
    if table not in TABLES:
        raise BadInput(f"“{table}” is no table of the register", f"name one of {', '.join(TABLES)}")
    act = importing.plan if dry_run else importing.take_in
    report = act(table, file.read_bytes(), file.name, "officer", _now())
    told = [{"row": row.number, "about": row.about, "does": row.does.value,
             "changes": [{"column": one.column, "before": said(one.before), "after": said(one.after)}
                         for one in row.changes],
             "problems": [{"column": one.column, "says": one.says} for one in row.problems]}
            for row in report.rows]  # fmt: skip
    show({"table": table, "rows": told, "left_out": report.left_out}, "\n".join(_in_words(report)), as_json=as_json)
    answer(report.good)


def _in_words(report: importing.Report) -> Iterator[str]:
    for row in report.rows:
        if row.does is not importing.Does.SAME:
            changed = ", ".join(f"{one.column}: {said(one.before)} → {said(one.after)}" for one in row.changes)
            yield f"row {row.number} {row.does}: {row.about}{f' ({changed})' if changed else ''}"
            for one in row.problems:
                yield f"row {row.number}{f', {one.column}' if one.column else ''}: {one.says}"
    yield ", ".join(f"{count} {does}" for does, count in report.counts)
    if not report.good:
        yield "A row cannot be taken, so none is."


@dataclass(frozen=True, slots=True)
class Line:
    """Where one party stands to one instrument."""

    instrument: str
    party: str
    stand: str
    since: date | None
    source: str
    checked: date | None


@command.command("list")
@data_option
@json_option
def listing(*, data: Path, as_json: bool) -> None:
    """List the instruments of the register."""
    node.open_home(data)
    rows = [{"slug": one.slug, "kind": one.kind, "title": one.title} for one in Instrument.objects.all()]
    show(rows, "\n".join(f"{row['slug']:32} {row['kind']:28} {row['title']}" for row in rows), as_json=as_json)


@command.command("show")
@click.argument("name")
@click.option("--on", type=DAY, help="On this day (default: today).")
@click.option("--known", type=DAY, help="As known at the end of this day (default: now).")
@data_option
@json_option
def one(*, name: str, on: datetime | None, known: datetime | None, data: Path, as_json: bool) -> None:
    """Show where parties stand to an instrument (its slug), or where a party stands (its code)."""
    node.open_home(data)
    asked = standings.as_of(on.date() if on else None, known.date() if known else None, _now())
    instrument, party = Instrument.objects.filter(slug=name).first(), Party.objects.filter(code=name.upper()).first()
    if instrument is None and party is None:
        raise BadInput(f"“{name}” is no instrument and no party of the register",
                       "name a slug of `comity register list`, or a code such as JM")  # fmt: skip
    lines = _of_instrument(instrument, asked) if instrument else _of_party(party, asked) if party else []
    text = "\n".join(f"{line.instrument:32} {line.party:6} {line.stand:32} {line.since or ''!s:10}  {line.source}"
                     for line in lines) or "Nothing is recorded on this day."  # fmt: skip
    show(lines, text, as_json=as_json)


def _of_instrument(instrument: Instrument, asked: standings.AsOf) -> list[Line]:
    codes = asked.of(Spell.objects.filter(instrument=instrument)).values_list("party", flat=True)
    return _lines(readings.cells(asked, [instrument], Party.objects.filter(code__in=list(codes))))


def _of_party(party: Party, asked: standings.AsOf) -> list[Line]:
    stood = asked.of(Spell.objects.filter(party=party)).values_list("instrument", flat=True)
    return _lines(readings.cells(asked, Instrument.objects.filter(pk__in=list(stood)), [party]))


def _lines(cells: dict[tuple[int, str], readings.Cell]) -> list[Line]:
    return [
        Line(cell.instrument.slug, cell.party.code, cell.stand.value, cell.since, str(cell.source or ""),
             cell.source.read_on if cell.source else None)
        for cell in cells.values()
        if cell.stand is not Stand.NOTHING
    ]  # fmt: skip


def _now() -> datetime:
    return datetime.now(UTC)
