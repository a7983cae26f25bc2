"""How a verb refuses bad input. It stands alone, so that what tells errors of all verbs loads nothing else."""

from pathlib import Path
from typing import IO, Any

import click


class BadInput(click.ClickException):
    """Input that cannot be used: exit code 2 and one line that names the place and the mend. Nothing was stored."""

    exit_code = 2

    def __init__(self, what: str, mend: str = "") -> None:
        """Take what is wrong, with its place, and how to mend it, both without a full stop."""
        super().__init__(f"{what}: {mend}" if mend else what)

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the line on standard error, or to `file`."""
        click.echo(f"comity: {self.message}", file=file, err=file is None)


def unreadable(file: Path, error: OSError) -> BadInput:
    """Return what is said of a file that cannot be opened."""
    return BadInput(f"{file}: {error.strerror or error}", "name a file that is there and can be read")
