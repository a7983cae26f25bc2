"""The command line: one verb a file, each the same act as its page.

`VERBS` is all that the help needs, so asking for help loads no verb; a verb's module is loaded when it is used. The
module `comity.commands.<verb>` offers one name, `command`, a click command or group. Its options and its output follow
`comity.commands.output`: exit 0 done, 1 the answer is no, 2 bad input. What other rooms refuse is told by
`comity.commands.failures`, so a verb catches only what it can say better.
"""

import atexit
import gc
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from comity import __version__
from comity.commands import failures
from comity.commands.tables import Line, Table

VERBS = {
    "up": "Start the desk and the exchange, with an example state at first.",
    "agreement": "Check, adopt, list and show agreements; record their events.",
    "check": "Check a document's claims about states against the register.",
    "share": "Store STIX files in a collection, each whole or not at all.",
    "misp": "Take events of MISP in, none wider than it and agreements say.",
    "decide": "Say whether a party may have an object, and on what ground.",
    "token": "Give parties tokens for the exchange; list, end, revoke them.",
    "peer": "Pull from and push to other nodes and TAXII servers.",
    "officer": "Add the people of the desk; passwords, closing an account.",
    "match": "Find what was received in your own logs, and send sightings back.",
    "recall": "Ask back what was shared, and follow who answered.",
    "consent": "Ask an originator whether something may go on, and answer.",
    "request": "Ask a partner for help, and answer; by whatever road.",
    "blind": "Learn how many indicators coincide, and nothing else.",
    "ledger": "Verify what left the house, or a receipt; export the log.",
    "capacity": "Stage what a state can do; list the gaps; plan what closes them.",
    "exercise": "Rehearse with partners: scenarios, runs, scores, reports.",
    "due": "List what is overdue and what falls due, as of any day.",
    "calendar": "Write the calendar as a file; take invitations in.",
    "register": "Show what states agreed, on any day; import catalogues.",
    "work": "Do what is due: reminders, each once, and rounds with peers.",
    "backup": "Write the whole node, keys included, to one file while it works.",
    "restore": "Make a node's home out of a backup, verified by ledger.",
    "move": "Move the store to PostgreSQL or SQLite, verified by ledger.",
    "test": "Run every check and every test; brings what it needs.",
    "bench": "Measure, and print the figures as ratios from one run.",
}

WITHOUT_NODE = frozenset({"test", "bench", "check", "agreement", "ledger", "capacity", "exercise", "restore", "share"})
"""Verbs that need no node, or load a node’s part only when it is used."""
INTERRUPTED = 130


def _home(args: Sequence[str]) -> str | None:
    """Find the node's home among a verb's arguments: tables are bound to it before the verb's module is loaded."""
    for place, arg in enumerate(args):
        if arg.startswith("--data="):
            return arg.removeprefix("--data=")
        if arg == "--data" and place + 1 < len(args):
            return args[place + 1]
    return None


class Verbs(Table):
    """The verbs, and what they all share: whose home is meant, and how an error ends."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Make the settings of the node's home known before the verb is loaded; nothing is written yet."""
        home = _home(args)
        if home is not None:
            os.environ["COMITY_DATA"] = str(Path(home).expanduser().absolute())
        return super().resolve_command(ctx, args)

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:  # noqa: ANN401 - as click's own
        """Read the line up to the verb; a slip there is told like any other."""
        try:
            return super().make_context(*args, **kwargs)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            raise failures.of_typing(error) from error

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own type
        """Run the verb; an interrupt ends with the shell's own code, so that nobody reads it as the answer no."""
        atexit.register(gc.freeze)  # what is alive at the end goes with the process: walking it once more takes 0.1 s
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise click.exceptions.Exit(INTERRUPTED) from None
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            raise failures.of_typing(error) from error
        except failures.raised_by_rooms() as error:
            raise failures.of_room(error) from error
        except failures.raised_by_store() as error:
            raise failures.of_store(error) from error


_LINES = {
    name: Line(says, f"{__name__}.{name}", stored=name not in WITHOUT_NODE) for name, says in VERBS.items()
}


@click.command(
    cls=Verbs, lines=_LINES, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120}
)
@click.version_option(__version__, message="comity %(version)s")
def main() -> None:
    """Keep what a state agreed with others, share as far as that allows, and prove it.

    A verb on stored facts takes --data DIR (or COMITY_DATA), the node's home, and --json. Exit codes: 0 done,
    1 the answer is no, 2 bad input. Results go to standard output, progress to standard error.
    """
