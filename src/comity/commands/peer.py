"""`comity peer`: other nodes and TAXII 2.1 servers that this node asks and gives to."""

import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from comity.acts import peer_runs, peers
from comity.acts.peer_runs import Ended
from comity.commands import node
from comity.commands.output import BadInput, answer, data_option, json_option, progress, show
from comity.commands.refusal import unreadable
from comity.models import Line
from comity.peering import joining, schedule

_ACTOR = "officer"
_SPAN = re.compile(r"(\d+)\s*([smhd]?)")
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}
_PIN = re.compile(r"(?:sha256/)?([A-Za-z0-9+/]{43}=)")


@click.group()
def command() -> None:
    """Pull from and push to other nodes and TAXII servers."""


def _seconds(_context: click.Context, _parameter: click.Parameter, text: str) -> int:
    found = _SPAN.fullmatch(text.strip())
    seconds = int(found[1]) * _UNITS[found[2]] if found else 0
    if not 1 <= seconds <= timedelta(days=31).total_seconds():
        raise BadInput(f"--every: “{text}” is no span of time", "write 30s, 5m, 6h or 1d")
    return seconds


def _pins(_context: click.Context, _parameter: click.Parameter, texts: tuple[str, ...]) -> tuple[str, ...]:
    found = [_PIN.fullmatch(text) for text in texts]
    if not all(found):
        raise BadInput("--pin: that is no pin", "write sha256/ and the base64 of SHA-256 over the server’s public key")
    return tuple(one[1] for one in found if one)


def _pair(option: str, text: str) -> tuple[str, str]:
    first, joint, second = text.partition("=")
    if not (joint and first and second):
        raise BadInput(f"{option}: “{text}” names no two collections", "write THERE=HERE, by id or alias")
    return first, second


@command.command()
@click.argument("name")
@click.option("--party", required=True, help="The code of the party whose server it is.")
@click.option("--agreement", required=True, help="The adopted agreement under which it happens (its short name).")
@click.option("--url", required=True, help="Its discovery address or API root; https, but for this machine itself.")
@click.option("--user", default="", help="The username that we were given. Without it we do not sign in.")
@click.option("--secret-file", type=click.Path(path_type=Path), default=None,
              help="Where the secret stands. Else: asked for, or the first line of standard input.")  # fmt: skip
@click.option("--pull", "pulls", multiple=True, metavar="THERE=HERE", help="Take a collection there into one here.")
@click.option("--push", "pushes", multiple=True, metavar="THERE=HERE",
              help="Give into a collection there what one here holds.")  # fmt: skip
@click.option("--every", default="5m", show_default=True, callback=_seconds, help="How long from round to round.")
@click.option("--page", default=1000, show_default=True, type=click.IntRange(1, peers.MOST_PAGE),
              help="Objects at once.")  # fmt: skip
@click.option("--most", default=0, type=click.IntRange(0), help="The most objects a round takes or gives; 0: no limit.")
@click.option("--overlap", default=60, show_default=True, type=click.IntRange(0, 86_400), metavar="SECONDS",
              help="Begin each pull so much earlier, for servers whose dates show up late.")  # fmt: skip
@click.option("--versions", default="all", type=click.Choice(["all", "last"]), show_default=True,
              help="All versions of an object, or the latest alone, for servers that know no other.")  # fmt: skip
@click.option("--purpose", default="", help="What a collection that is made here is for.")
@click.option("--ca", type=click.Path(path_type=Path), default=None,
              help="PEM of the authority that alone is trusted for it.")  # fmt: skip
@click.option("--pin", "pins", multiple=True, callback=_pins, metavar="sha256/BASE64",
              help="The server’s public key must be this one; may be given again.")  # fmt: skip
@click.option("--certificate", type=click.Path(path_type=Path), default=None,
              help="PEM of our client certificate with its key.")  # fmt: skip
@data_option
@json_option
def add(*, name: str, party: str, agreement: str, url: str, user: str, secret_file: Path | None,
        pulls: tuple[str, ...], pushes: tuple[str, ...], every: int, page: int, most: int, overlap: int, versions: str,
        purpose: str, ca: Path | None, pins: tuple[str, ...],
        certificate: Path | None, data: Path, as_json: bool) -> None:  # fmt: skip
    """Add the peer NAME: it is asked what it offers, and nothing is taken or given yet."""
    node.open_home(data)
    wanted = [
        peers.Wanted(direction, *_pair(f"--{direction}", text), "", every, page, most, overlap, versions, purpose)
        for direction, texts in (("pull", pulls), ("push", pushes)) for text in texts
    ]  # fmt: skip
    secret = _secret(secret_file) if user else ""
    asked = joining.Asked(name, party, agreement, url, user, secret, pins, _content(ca), _content(certificate),
                          tuple(wanted))  # fmt: skip
    made = joining.join(asked, _ACTOR, datetime.now(UTC))
    told = peers.told([made.name])
    show(told[0], _in_words(told), as_json=as_json)


def _secret(file: Path | None) -> str:
    if file is not None:
        return _content(file).decode(errors="replace").partition("\n")[0].strip()
    if sys.stdin.isatty():
        return str(click.prompt("Secret", hide_input=True, err=True))
    return sys.stdin.readline().strip()


def _content(file: Path | None) -> bytes:
    if file is None:
        return b""
    try:
        return file.read_bytes()
    except OSError as error:
        raise unreadable(file, error) from error


@command.command("list")
@data_option
@json_option
def list_(*, data: Path, as_json: bool) -> None:
    """List the peers with what is taken from them and given to them."""
    node.open_home(data)
    found = peers.told()
    show(found, _in_words(found), as_json=as_json)


@command.command()
@click.argument("names", nargs=-1, metavar="[NAME…]")
@data_option
@json_option
def status(*, names: tuple[str, ...], data: Path, as_json: bool) -> None:
    """Tell how the lines stand. Exit code 1 where one is in trouble or withheld."""
    node.open_home(data)
    found = peers.told(names)
    show(found, _in_words(found), as_json=as_json)
    answer(all(line.state not in {"trouble", "withheld"} for one in found for line in one.lines))


@command.command()
@click.argument("name")
@data_option
@json_option
def pull(*, name: str, data: Path, as_json: bool) -> None:
    """Take from the peer NAME now all that is new there."""
    _go(name, "pull", data, as_json=as_json)


@command.command()
@click.argument("name")
@data_option
@json_option
def push(*, name: str, data: Path, as_json: bool) -> None:
    """Give the peer NAME now all that it may have and has not got."""
    _go(name, "push", data, as_json=as_json)


def _go(name: str, direction: str, data: Path, *, as_json: bool) -> None:
    node.open_home(data)
    peer = peers.named(name)
    lines = peer_runs.lines(peer.name, direction)
    if not lines:
        raise BadInput(f"{name}: nothing is tied to {direction}", f"add it again under another name with --{direction}")
    done = schedule.make(lines, schedule.outside())
    if done.busy:
        raise BadInput("another process makes rounds with peers at this moment", "ask again when it is done")
    show(done.ended, "\n".join(_ended(one, lines) for one in done.ended), as_json=as_json)
    answer(all(one.ended in {"done", "quota"} for one in done.ended))


def _ended(one: Ended, lines: Sequence[Line]) -> str:
    line = next(line for line in lines if line.pk == one.line)
    names = (line.remote, line.collection.alias)
    where = " → ".join(names if line.direction == "pull" else reversed(names))
    words = f"{where}: {one.ended}; {one.stored} stored, {one.known} known, {one.refused} refused"
    words += f", {one.returned} of our own came back" if one.returned else ""
    words += f", {one.conflicts} conflicts" if one.conflicts else ""
    return f"{words}\n  {one.trouble}" if one.trouble else words


@command.command()
@click.argument("name")
@data_option
@json_option
def pause(*, name: str, data: Path, as_json: bool) -> None:
    """Let the lines of the peer NAME rest."""
    _turn(name, data, paused=True, as_json=as_json)


@command.command()
@click.argument("name")
@data_option
@json_option
def resume(*, name: str, data: Path, as_json: bool) -> None:
    """Let the lines of the peer NAME go on where they stopped."""
    _turn(name, data, paused=False, as_json=as_json)


def _turn(name: str, data: Path, *, paused: bool, as_json: bool) -> None:
    node.open_home(data)
    peers.pause(peers.named(name), paused=paused)
    show({"name": name, "paused": paused}, f"{name} {'rests' if paused else 'goes on'}.", as_json=as_json)


@command.command()
@click.argument("name")
@data_option
@json_option
def remove(*, name: str, data: Path, as_json: bool) -> None:
    """Ask and give no more; what signed us in is destroyed. What came and went stays."""
    node.open_home(data)
    peers.remove(peers.named(name), datetime.now(UTC))
    progress("Have the other side revoke what it gave us to sign in with.")
    show({"name": name, "removed": True}, f"{name} is removed.", as_json=as_json)


def _in_words(found: Sequence[peers.PeerTold]) -> str:
    return "\n".join(_one(one) for one in found) or "There is no peer here yet: comity peer add NAME --help"


def _one(one: peers.PeerTold) -> str:
    kind = "a Comity" if one.keeps_ledger else "a TAXII 2.1 server"
    seals = f", {', '.join(one.seals)}" if one.seals else ""
    lines = [f"{one.name}  {one.party} under {one.agreement}, {kind} at {one.root}{seals}"
             + ("; paused" if one.paused else "")]  # fmt: skip
    for line in one.lines:
        names = (line.remote, line.collection)
        arrow = " → ".join(names if line.direction == "pull" else reversed(names))
        lines.append(f"  {line.direction} {arrow}: {line.state}, every {line.every} s; {line.stored} stored, "
                     f"{line.known} known, {line.returned} came back, {line.refused} refused, "
                     f"{line.conflicts} conflicts")  # fmt: skip
        lines += [f"    {line.trouble}"] if line.trouble else []
    return "\n".join(lines)
