"""`comity work`: the rounds that the node makes by itself."""

import time
from datetime import UTC, datetime
from pathlib import Path

import click

from comity.acts import work
from comity.commands import node
from comity.commands.output import data_option, json_option, progress, show


@click.command()
@click.option("--once", is_flag=True, help="One round, then end.")
@click.option("--every", default=60, show_default=True, type=click.IntRange(1, 86_400), metavar="SECONDS",
              help="How long to wait between rounds.")  # fmt: skip
@data_option
@json_option
def command(*, once: bool, every: int, data: Path, as_json: bool) -> None:
    """Write the reminders that are due and send what is not sent yet, each letter once; round after round.

    `comity up` does the same by itself. Two at once, or one after a crash, send nothing twice.
    """
    node.open_home(data)
    while True:
        done = work.once(_now)
        show(done, _words(done), as_json=as_json)
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
