"""Progress as bars at a terminal. Who draws nothing does not load this: what draws takes a while to load."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, TaskID

from comity.acts import gathering


@contextmanager
def drawn() -> Iterator[gathering.Progress]:
    """Draw what is told on standard error, a bar for each kind of work."""
    known: dict[str, TaskID] = {}
    with Progress(console=Console(stderr=True)) as bars:

        def told(what: str, done: int, of: int | None) -> None:
            if what not in known:
                known[what] = bars.add_task(what, total=of)
            bars.update(known[what], completed=done, total=of, description=f"{what}: {done} object{'s' * (done != 1)}")

        yield told
