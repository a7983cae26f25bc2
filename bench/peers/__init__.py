"""The programs that a bench compares with: each in an environment of its own, from a lock beside this file.

A peer is never a dependency of the project. `comity.beside` makes its environment once, below `.cache/peers`. What
cannot be had raises `NotHad` with one line that says why.
"""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from comity import beside, environment
from comity.beside import NotHad, clean

__all__ = ["LOCKS", "NotHad", "clean", "environment_of", "names", "python", "talk", "told", "version"]

LOCKS = Path(__file__).parent


def names() -> list[str]:
    """Give the names of the environments for which there is a lock."""
    return sorted(lock.stem for lock in LOCKS.glob("*.lock"))


def environment_of(name: str) -> Path:
    """Make the environment of *name* where it is not yet made; return its folder."""
    return python(name).parents[1]


def python(name: str) -> Path:
    """Return the Python that sees the packages of *name*, its environment made where needed."""
    return beside.made(name, LOCKS / f"{name}.lock", environment.ROOT / ".cache" / "peers", "to compare with")


def told(name: str, script: Path, *arguments: str, given: bytes = b"", **more: str) -> Any:  # noqa: ANN401 - it comes as JSON
    """Run *script* by the Python of *name*, give it *given* on standard input, *more* in its environment.

    Return what it printed, read as JSON, None for nothing.
    """
    command = [str(python(name)), "-I", str(script), *arguments]
    done = subprocess.run(command, input=given, env=clean(**more), capture_output=True, check=False)
    if done.returncode:
        last = beside.last_line(done.stderr)
        raise NotHad(f"{script.name} in the environment {name} ended with {done.returncode}: {last}")
    return json.loads(done.stdout or "null")


@contextmanager
def talk(name: str, script: Path) -> Iterator[Callable[[str], Any]]:
    """Run *script* by the Python of *name*; give who sends it a line, and returns the line it answers, read as JSON."""
    command = [str(python(name)), "-I", str(script)]
    with subprocess.Popen(command, env=clean(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as peer:
        given, told = peer.stdin, peer.stdout
        if given is None or told is None:
            raise NotHad(f"{script.name} in the environment {name} cannot be talked to")

        def ask(line: str) -> Any:  # noqa: ANN401 - it comes as JSON
            print(line, file=given, flush=True)
            answer = told.readline()
            if not answer:
                raise NotHad(f"{script.name} in the environment {name} ended with {peer.wait()}")
            return json.loads(answer)

        yield ask
        given.close()


def version(name: str, package: str) -> str:
    """Return the version of *package* that is locked for *name*."""
    return beside.version(LOCKS / f"{name}.lock", package)
