"""`comity bench`: measure. Each module of the folder `bench` at the root is one bench.

Its docstring's first line says what is measured, and it offers `run() -> Iterable[Figure]`. A figure that somebody is
to rely on has a ratio to something measured in the same run, since a number of seconds speaks of one machine alone.
"""

import os
import platform
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import click

from comity import environment
from comity.commands.output import BadInput, as_document, json_option, progress


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that was measured, in its unit; where `to` names a yardstick, `ratio` is the number per yardstick."""

    what: str
    value: float
    unit: str
    ratio: float | None = None
    to: str = ""

    def in_words(self) -> str:
        """Write the number with its unit, then how it compares."""
        compared = "" if self.ratio is None else f"{self.ratio:.2f} × {self.to}"
        return f"{self.value:>14,.4g} {self.unit:<12} {compared}".rstrip()


@dataclass(frozen=True, slots=True)
class Measured:
    """What one bench found."""

    bench: str
    title: str
    figures: tuple[Figure, ...]

    def in_words(self) -> str:
        """Write the title, then a line a figure."""
        width = max((len(figure.what) for figure in self.figures), default=0)
        rows = (f"  {figure.what:<{width}} {figure.in_words()}" for figure in self.figures)
        return "\n".join((f"{self.bench}: {self.title}", *rows))


@dataclass(frozen=True, slots=True)
class Run:
    """One run of benches and the machine it speaks of."""

    python: str
    machine: str
    processors: int
    benches: tuple[Measured, ...]


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@json_option
def command(names: tuple[str, ...], as_json: bool) -> None:
    """Run the benches NAMEd, or all; print each one's figures, and keep them in .cache/bench.json."""
    chosen = choose(environment.ROOT / "bench", names)
    try:
        environment.ensure("dev")
    except environment.SetUpFailed as error:
        raise BadInput(str(error)) from error
    measured = tuple(report(name, as_json=as_json) for name in chosen)
    run = Run(platform.python_version(), platform.platform(), os.cpu_count() or 1, measured)
    kept = environment.ROOT / ".cache" / "bench.json"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(as_document(run) + "\n", encoding="utf-8")
    if as_json:
        click.echo(as_document(run))


def choose(folder: Path, names: Sequence[str]) -> list[str]:
    """Give the names of the benches in `folder`, or those asked for; a name that is none is bad input."""
    known = sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))
    for name in names:
        if name not in known:
            what, mend = f"NAME {name!r} is no bench", f"one of {', '.join(known) or 'none yet'}"
            raise BadInput(what, mend)
    return list(names) or known


def report(name: str, *, as_json: bool) -> Measured:
    """Run one bench and print what it found, unless JSON is wanted for all together."""
    progress(f"comity: measuring {name}")
    measured = measure(name)
    if not as_json:
        click.echo(measured.in_words())
    return measured


def measure(name: str) -> Measured:
    """Load one bench from the root's folder and run it."""
    if str(environment.ROOT) not in sys.path:
        sys.path.insert(0, str(environment.ROOT))
    module = import_module(f"bench.{name}")
    figures: Iterable[Figure] = module.run()
    return Measured(name, (module.__doc__ or "").strip().partition("\n")[0], tuple(figures))
