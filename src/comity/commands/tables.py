"""Verbs from a table: each with its line of help and the module that is loaded when it is used, and not before.

What reads files alone needs no node; what works on stored facts needs Django, which takes longer to start than most
verbs take to run. So the table says of each verb which it is.
"""

import gc
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any

import click


@dataclass(frozen=True, slots=True)
class Line:
    """One verb: its line of help, the module that offers it, by which name, and whether it works on stored facts."""

    says: str
    module: str
    name: str = "command"
    stored: bool = True


def node_module(name: str) -> ModuleType:
    """Load a module that works on stored facts: the tables are made ready before it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.settings")
    import_module("django").setup()
    return import_module(name)


@contextmanager
def _loading() -> Iterator[None]:
    """Keep the collector of cycles from walking what is being loaded, then and later: it stays."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was:
            gc.enable()


class Table(click.Group):
    """A group that knows its verbs from a table and loads one only when it is used."""

    def __init__(self, *args: Any, lines: Mapping[str, Line], **kwargs: Any) -> None:  # noqa: ANN401 - as click's own
        """Take the table."""
        super().__init__(*args, **kwargs)
        self.lines = lines

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click calls it with the context
        """Name the verbs in the order of the table."""
        return list(self.lines)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """Load one verb; None for one that is not in the table."""
        line = self.lines.get(cmd_name)
        if line is None:
            return None
        load = node_module if line.stored else import_module
        with _loading():
            command: click.Command = getattr(load(line.module), line.name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb; a slip is told with the verb that is nearest to it."""
        name = args[0]
        if name not in self.lines and not name.startswith("-"):
            raise click.exceptions.NoSuchCommand(name, possibilities=self.lines, ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as above
        """Write one line a verb, from the table alone."""
        with formatter.section("Verbs"):
            formatter.write_dl([(name, line.says) for name, line in self.lines.items()])
