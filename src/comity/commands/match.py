"""`comity match`: what was received, over one's own logs."""

import gzip
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import click
import msgspec

from comity.acts import intake, matching
from comity.commands import node
from comity.commands.output import BadInput, answer, data_option, json_option, progress
from comity.commands.refusal import unreadable
from comity.policy.markings import Tlp
from comity.stix.logs.reading import BadLine, Reading
from comity.stix.patterns import indicators
from comity.stix.patterns.evidence import evidence
from comity.stix.patterns.indicators import Indicator
from comity.stix.patterns.matcher import Match, Matcher
from comity.stix.streams import objects

_MOST_DOCUMENT = 256 << 20


@dataclass(frozen=True, slots=True)
class Found:
    """One match as it is told: the indicator, the lines of the log, and what in them matched."""

    indicator: str
    name: str
    lines: tuple[int, ...]
    matched: tuple[str, ...]
    first_seen: str
    last_seen: str


@dataclass(slots=True)
class Run:
    """One run over a log: what is looked for, and what was found so far."""

    wanted: list[Indicator]
    matcher: Matcher
    matches: int = 0
    bad: int = 0
    sighted: dict[str, matching.Sighted] = field(default_factory=dict)


def _tlp(_context: click.Context, _parameter: click.Parameter, written: str | None) -> Tlp | None:
    try:
        return None if written is None else Tlp.read(written)
    except ValueError as error:
        raise BadInput(f"--tlp: {error}") from error


@click.command()
@click.argument("log", metavar="LOG")
@click.option("--collection", "collection", help="Match the indicators of this collection alone (alias or id).")
@click.option("--patterns", type=click.Path(path_type=Path), help="Match those of a file: STIX, or a pattern a line.")
@click.option("--sightings", type=click.Path(path_type=Path), help="Write a sighting of each indicator to this file.")
@click.option("--share", "share", help="Store the sightings in this collection, as `comity share` does.")
@click.option("--tlp", callback=_tlp, help="The TLP of shared sightings. Else: the node's strictest default.")
@data_option
@json_option
def command(*, log: str, collection: str | None, patterns: Path | None, sightings: Path | None, share: str | None,
            tlp: Tlp | None, data: Path, as_json: bool) -> None:  # fmt: skip
    """Match indicators against LOG: Zeek, Suricata EVE or STIX observed data, a line each, gzipped or not; - is stdin.

    Prints each match with the indicator, the lines and what matched; with --json, one JSON object a line. Exit code 0:
    something matched; 1: nothing did.
    """
    if patterns is None or sightings is not None or share is not None:
        node.open_home(data)
    wanted, broken = _wanted(collection, patterns)
    run = Run(wanted, Matcher([one.expression for one in wanted]))
    for line in broken:
        progress(f"comity: not matched: {line}")
    reading = Reading()
    for observation in reading.observations(_lines(log)):
        if isinstance(observation, BadLine):
            run.bad += 1
            progress(f"comity: {log}:{observation.number}: {observation.says}; {observation.mend}")
            continue
        for match in run.matcher.see(observation):
            _tell(run, match, log, as_json=as_json)
    _close(run, reading)
    _send(run, sightings, share, tlp)
    answer(run.matches > 0)


def _wanted(collection: str | None, patterns: Path | None) -> tuple[list[Indicator], list[str]]:
    if collection is not None and patterns is not None:
        raise BadInput("--collection and --patterns", "give one of them")
    if patterns is None:
        try:
            return matching.stored(collection)
        except LookupError as error:
            raise BadInput(f"--collection: {error.args[0]}") from error
    try:
        content = patterns.read_bytes()
    except OSError as error:
        raise unreadable(patterns, error) from error
    if content.lstrip()[:1] == b"{" or _is_array(content):
        found = [one for one in objects(patterns.name, content) if isinstance(one, bytes)]
        return indicators.of_objects(_decoded(found))
    return indicators.of_lines(patterns.name, content.decode("utf-8", "replace").splitlines())


def _is_array(content: bytes) -> bool:
    """Tell a JSON array from a pattern, which begins with a square bracket too."""
    return content.lstrip()[:1] == b"[" and content.lstrip()[1:].lstrip()[:1] in {b"{", b"]"}


def _decoded(found: Iterable[bytes]) -> Iterator[dict[str, object]]:
    for one in found:
        try:
            yield msgspec.json.decode(one, type=dict[str, object])
        except (msgspec.DecodeError, RecursionError) as error:
            progress(f"comity: not matched: an object that is no JSON ({error})")


def _lines(log: str) -> Iterator[bytes]:
    """Yield the lines of a log; a JSON text that goes over several lines is one."""
    try:
        with _opened(log) as file:
            first = file.readline()
            if first.lstrip()[:1] == b"{" and not _whole(first):
                rest = file.read(_MOST_DOCUMENT)
                whole = (first + rest).replace(b"\n", b" ")
                if _whole(whole):
                    yield whole
                    return
                yield from (first + rest).splitlines()
            else:
                yield first
            yield from file
    except (OSError, EOFError) as error:
        what = f"{log}: {getattr(error, 'strerror', None) or error}"
        raise BadInput(what, "name a log that is there and can be read") from error


def _opened(log: str) -> IO[bytes]:
    if log == "-":
        return sys.stdin.buffer
    return gzip.open(log, "rb") if log.endswith(".gz") else Path(log).open("rb")  # type: ignore[return-value]


def _whole(text: bytes) -> bool:
    try:
        msgspec.json.decode(text, type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _tell(run: Run, match: Match, log: str, *, as_json: bool) -> None:
    """Print a match and count it, unless the indicator was no longer valid."""
    wanted = run.wanted[match.pattern]
    first, last = min(one.first for one in match.observations), max(one.last for one in match.observations)
    if wanted.until is not None and first >= wanted.until:
        return
    run.matches += 1
    if wanted.id in run.sighted:
        run.sighted[wanted.id].again(first, last)
    else:
        run.sighted[wanted.id] = matching.Sighted(first, last)
    found = Found(wanted.id, wanted.name, tuple(one.place for one in match.observations),
                  tuple(evidence(wanted.expression, match.observations)), matching.timestamp(first),
                  matching.timestamp(last))  # fmt: skip
    if as_json:
        click.echo(msgspec.json.encode(found))
        return
    named = f" “{wanted.name}”" if wanted.name else ""
    lines = ",".join(map(str, found.lines))
    click.echo(f"{log}:{lines}: {wanted.id}{named}: {'; '.join(found.matched)}")


def _close(run: Run, reading: Reading) -> None:
    """Say on standard error how the run went."""
    for number, why in sorted(run.matcher.refused.items()):
        progress(f"comity: not matched: {run.wanted[number].id}: {why}")
    progress(
        f"comity: {reading.lines:,} lines, {run.matcher.came:,} observations, {len(run.wanted):,} indicators: "
        f"{run.matches:,} matches of {len(run.sighted):,} indicators; {run.bad:,} lines could not be read"
    )


def _send(run: Run, sightings: Path | None, share: str | None, tlp: Tlp | None) -> None:
    """Write the sightings to a file, and share them, where that is wanted and there are any."""
    known = {key: value for key, value in run.sighted.items() if key.startswith("indicator--")}
    if not known or (sightings is None and share is None):
        return
    made = matching.bundle(matching.sightings(known, datetime.now(UTC)))
    if sightings is not None:
        try:
            sightings.write_bytes(made)
        except OSError as error:
            raise BadInput(f"{sightings}: {error.strerror or error}", "name a file that you may write") from error
    if share is not None:
        try:
            files = [("sightings", [made])]
            report = intake.share(files, share, intake.Said(tlp), "officer", datetime.now(UTC))
        except intake.IntakeRefused as error:
            raise BadInput(str(error)) from error
        progress(report.in_words())
