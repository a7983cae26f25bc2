"""How long a start takes once the environment is there."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence

from comity import environment
from comity.commands.bench import Figure

ROUNDS = 15


def run() -> Iterator[Figure]:
    """Measure the help and the version by way of `./comity`, against a Python that starts and does nothing."""
    bare = seconds([sys.executable, "-c", ""])
    yield Figure("Python alone", bare * 1000, "ms")
    for option in ("--help", "--version"):
        taken = seconds([str(environment.ROOT / "comity"), option])
        yield Figure(f"./comity {option}", taken * 1000, "ms", taken / bare, "Python alone")


def seconds(command: Sequence[str]) -> float:
    """Run a command several times; give the median of the seconds it took."""
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        subprocess.run(command, capture_output=True, check=True)
        taken.append(time.perf_counter() - began)
    return sorted(taken)[ROUNDS // 2]
