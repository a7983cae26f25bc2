"""What it costs to take objects in: checking and storing 25,000 of mixed types, against json.loads of the same bytes.

Of each five objects one is an indicator, one malware, one an address, and two are relationships among them. Storing is
the whole act of `comity share` on an example node: splitting, checking, judging the classes, one transaction.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import _child
from comity.commands.bench import Figure

OBJECTS = 25_000


def run() -> Iterator[Figure]:
    """Measure in a process of its own, whose peak of memory speaks of nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        _child.told("bench._share_node", Path(folder))
        found: dict[str, float] = _child.told("bench._share_node", Path(folder), str(OBJECTS))
    if found["count"] != OBJECTS:
        raise _child.NotMeasured(f"{found['count']} objects of {OBJECTS} were stored")
    bare = OBJECTS / found["loads"]
    yield Figure("json.loads", bare, "a second")
    for what, name in (("objects checked", "checks"), ("objects checked and stored", "stored")):
        rate = OBJECTS / found[name]
        yield Figure(what, rate, "a second", rate / bare, "json.loads")
    yield Figure("the objects as JSON", found["bytes"] / 1e6, "MB")
    grown = (found["peak"] - found["before"]) * 1024
    yield Figure("memory at most", found["peak"] * 1024 / 1e6, "MB")
    yield Figure("memory for taking them in", grown / 1e6, "MB", grown / found["bytes"], "their JSON")
