"""Processes that will check objects, called before there is anything to check: they load while their caller does.

Nothing heavy is imported here. What such a process does is in `checking`.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Final, cast

_MOST: Final = 7  # processes
_SERVE: Final = "from comity.acts.checking import serve; serve()"


class Standby:
    """A process that will check.

    Work reaches it by `given` and what it accepts leaves it by `put_by`, files without a name; `asked` and `answers`
    are pipes, through which only places in those files go.
    """

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        """Start it, and have *stack* end it."""
        self.given, self.put_by = nameless(folder, stack), nameless(folder, stack)
        files = (self.given.fileno(), self.put_by.fileno())
        command = [sys.executable, "-P", "-c", _SERVE, *map(str, files)]
        self._process = stack.enter_context(
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, pass_fds=files)
        )
        self.asked = cast("IO[bytes]", self._process.stdin)
        self.answers = cast("IO[bytes]", self._process.stdout)
        stack.callback(self._end)

    def _end(self) -> None:
        self.asked.close()
        self._process.terminate()


def nameless(folder: Path, stack: ExitStack) -> IO[bytes]:
    """Open a file that has no name, readable by nobody else, gone with the process."""
    return stack.enter_context(tempfile.TemporaryFile(dir=folder))


def call(folder: Path, stack: ExitStack) -> list[Standby]:
    """Start as many as there are processors beside this process's own."""
    return [Standby(folder, stack) for _ in range(min(_processors() - 1, _MOST))]


@contextmanager
def called(folder: Path, *, much: bool) -> Iterator[list[Standby]]:
    """Have them ready while *much* is read; none where it may be little, for whoever reads can still call them."""
    with ExitStack() as stack:
        yield call(folder, stack) if much else []


def _processors() -> int:
    """Count the processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
