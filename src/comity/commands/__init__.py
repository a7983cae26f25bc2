"""The command line: one verb a file, each the same act as its page.

`VERBS` is all that the help needs, so asking for help loads no verb; a verb's module is loaded when it is used. The
module `comity.commands.<verb>` offers one name, `command`, a click command or group. Its options and its output follow
`comity.commands.output`: exit 0 done, 1 the answer is no, 2 bad input.
"""

import os
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from comity import __version__

VERBS = {
    "up": "Start the desk and the exchange, with an example state at first.",
    "agreement": "Check, adopt, list and show agreements; record their events.",
    "share": "Store STIX files in a collection, each whole or not at all.",
    "decide": "Say whether a party may have an object, and on what ground.",
    "token": "Give a party a new token for the exchange, shown once.",
    "ledger": "Verify what left the house, or a receipt; export the log.",
    "test": "Run every check and every test; brings what it needs.",
    "bench": "Measure, and print the figures as ratios from one run.",
}

WITHOUT_NODE = frozenset({"test", "bench"})
INTERRUPTED = 130


def _home(args: Sequence[str]) -> str | None:
    """Find the node's home among a verb's arguments: tables are bound to it before the verb's module is loaded."""
    for place, arg in enumerate(args):
        if arg.startswith("--data="):
            return arg.removeprefix("--data=")
        if arg == "--data" and place + 1 < len(args):
            return args[place + 1]
    return None


class Verbs(click.Group):
    """A group that knows its verbs from a table and loads one only when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 click calls it with the context
        """Name the verbs in the order of the table."""
        return list(VERBS)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Make the settings of the node's home known before the verb is loaded; nothing is written yet."""
        if args and args[0] in VERBS and args[0] not in WITHOUT_NODE:
            home = _home(args)
            if home is not None:
                os.environ["COMITY_DATA"] = str(Path(home).expanduser().absolute())
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.settings")
            import_module("django").setup()
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 as above
        """Load the module of one verb and hand over its command; None for a verb that is not in the table."""
        if cmd_name not in VERBS:
            return None
        command: click.Command = import_module(f"{__name__}.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 as above
        """Write one line a verb, from the table alone."""
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 click's own type
        """Run the verb; an interrupt ends with the shell's own code, so that nobody reads it as the answer no."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise click.exceptions.Exit(INTERRUPTED) from None


@click.command(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(__version__, message="comity %(version)s")
def main() -> None:
    """Keep what a state agreed with others, share as far as that allows, and prove it.

    A verb on stored facts takes --data DIR (or COMITY_DATA), the node's home, and --json. Exit codes: 0 done,
    1 the answer is no, 2 bad input. Results go to standard output, progress to standard error.
    """
