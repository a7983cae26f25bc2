"""`comity work`: the rounds that the node makes by itself."""

import time
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from comity.acts import exercise_running, work
from comity.commands import node
from comity.commands.output import data_option, json_option, progress, show
from comity.peering import schedule


@click.command()
@click.option("--once", is_flag=True, help="One round, then end.")
@click.option("--every", default=60, show_default=True, type=click.IntRange(1, 86_400), metavar="SECONDS",
              help="How long to wait between rounds.")  # fmt: skip
@data_option
@json_option
def command(*, once: bool, every: int, data: Path, as_json: bool) -> None:
    """Do what is due, round after round: reminders, each once; rounds with peers; exercises that are running.

    `comity up` does the same by itself. Two at once, or one after a crash, send nothing twice.
    """
    node.open_home(data)
    while True:
        done, peers, runs = work.once(_now), schedule.once(schedule.outside()), exercise_running.once(_now())
        told = {**msgspec.to_builtins(done), "peers": peers, "exercises": runs}
        words = [_words(done), _of_peers(peers)] + ([f"{runs.put} injects of exercises put"] if runs.put else [])
        show(told, "\n".join(words), as_json=as_json)
        if once:
            return
        progress(f"Next round in {every} seconds.")
        time.sleep(every)


def _now() -> datetime:
    return datetime.now(UTC)


def _words(done: work.Round) -> str:
    if done.busy:
        return f"{done.written} letters written; another sender is at work and hands them over"
    words = f"{done.written} letters written, {done.sent + done.again} sent"
    words += f" ({done.again} of them left by a sender that was stopped)" if done.again else ""
    words += f", {done.failed} not taken by the mail server" if done.failed else ""
    return words + (f"; {done.unreached} reminders reach nobody: give their owner an address" if done.unreached else "")


def _of_peers(done: schedule.Done) -> str:
    if done.busy:
        return "another process makes the rounds with peers"
    troubles = [one for one in done.ended if one.trouble]
    words = f"{len(done.ended)} rounds with peers, {sum(one.stored for one in done.ended)} objects came or went"
    return "\n".join([words, *(f"  line {one.line}: {one.ended}: {one.trouble}" for one in troubles)])
