"""What it costs to take objects in: checking and storing 25,000 of mixed types, against json.loads of the same bytes.

Of each five objects one is an indicator, one malware, one an address, and two are relationships among them. Storing is
the whole act of `comity share` on an example node: splitting, checking, judging the classes, one transaction.

Then the whole command, from its start to its end, takes in a file of indicators; `COMITY_ATTACK` names a bundle of
ATT&CK (.json or .json.gz) that it takes in as well.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench import _child, _stock
from comity import environment
from comity.commands.bench import Figure

OBJECTS = 25_000
INDICATORS, SIZE = 50_000, 800


def run() -> Iterator[Figure]:
    """Measure in a process of its own, whose peak of memory speaks of nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        _child.told("bench._share_node", Path(folder))
        found: dict[str, float] = _child.told("bench._share_node", Path(folder), str(OBJECTS))
        commands = list(_commands(Path(folder)))
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
    yield from commands


def _commands(home: Path) -> Iterator[Figure]:
    """Have the whole command take files in; give objects a second, and the processor's time an object."""
    made = home / "indicators.ndjson"
    made.write_bytes(b"\n".join(_stock.indicators(INDICATORS, SIZE)))
    files = {f"{INDICATORS:,} indicators": made}
    attack = os.environ.get("COMITY_ATTACK")
    for name, file in (files | ({"ATT&CK": Path(attack)} if attack else {})).items():
        before, began = _processor(), time.perf_counter()
        stored = _stored(home, file)
        took, used = time.perf_counter() - began, _processor() - before
        yield Figure(f"comity share, {name}", stored / took, "a second")
        yield Figure(f"comity share, {name}: processor an object", 1e6 * used / stored, "µs")


def _stored(home: Path, file: Path) -> int:
    program = str(environment.ROOT / ".venv" / "bin" / "comity")
    command = [sys.executable, program, "share", str(file.resolve()), "--collection", file.name.partition(".")[0],
               "--tlp", "GREEN", "--json"]  # fmt: skip
    done = subprocess.run(command, env=_child.environ(home), capture_output=True, text=True, check=False)
    if done.returncode:
        raise _child.NotMeasured(f"comity share ended with {done.returncode}: {done.stderr}")
    return int(json.loads(done.stdout)["stored"])


def _processor() -> float:
    """Give the processor's seconds of all processes that were run and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
