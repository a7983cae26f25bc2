"""Takes objects in, in a process of its own; prints what it measured as JSON."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import django

django.setup()

from bench import _stock  # noqa: E402 - after Django is set up, as the next
from comity.acts import example_state, intake, nodes  # noqa: E402 - the tables need Django to be set up
from comity.stix.objects import read_all  # noqa: E402 - as above

T = TypeVar("T")
TOGETHER = 512  # objects that are checked together


def make(home: Path) -> None:
    """Make the example node; in a process of its own, since the hash of a passphrase alone takes 100 MB."""
    nodes.open_node(home)
    example_state.make(datetime.now(UTC))


def measure(home: Path, count: int) -> dict[str, float]:
    """Read, check, and at last take in and store *count* objects; give seconds and bytes."""
    nodes.open_node(home)
    lines = list(_stock.mixed(count))
    content = b"\n".join(lines)
    some = [lines[start : start + TOGETHER] for start in range(0, count, TOGETHER)]
    loads, checks = _seconds(lines, json.loads), _seconds(some, read_all)
    began = time.perf_counter()
    said = intake.Said(purpose="prevention")
    report = intake.share([("bench", [content])], "bench", said, "bench", datetime.now(UTC))
    stored = time.perf_counter() - began
    return {"loads": loads, "checks": checks, "stored": stored, "count": report.stored, "bytes": len(content)}


def _seconds(each: Sequence[T], work: Callable[[T], object]) -> float:
    """Do some work on each, three times over; give the seconds of the best."""
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        for one in each:
            work(one)
        best = min(best, time.perf_counter() - began)
    return best


if __name__ == "__main__":
    if len(sys.argv) > 2:  # noqa: PLR2004 - the home and a count
        print(json.dumps(measure(Path(sys.argv[1]), int(sys.argv[2]))))
    else:
        make(Path(sys.argv[1]))
