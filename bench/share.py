"""What it costs to take objects in: checking and storing 25,000 of mixed types, against json.loads of the same bytes.

Of each five objects one is an indicator, one malware, one an address, and two are relationships among them. Storing is
the whole act of `comity share` on an example node: splitting, checking, judging the classes, one transaction.

Then the whole command, from its start to its end, takes in a file of indicators, and one of four times as many;
`COMITY_ATTACK` names a bundle of ATT&CK (.json or .json.gz) that it takes in as well.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import _child, _stock
from comity import environment
from comity.commands.bench import Figure

OBJECTS = 25_000
INDICATORS, MORE, SIZE = 50_000, 4, 800


def run() -> Iterator[Figure]:
    """Measure in processes of their own."""
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
    yield from commands


def _commands(home: Path) -> Iterator[Figure]:
    """Have the whole command take files in; give objects a second, the processor's time an object, and memory."""
    files = {}
    for count in (INDICATORS, MORE * INDICATORS):
        files[f"{count:,} indicators"] = file = home / f"indicators-{count}.ndjson"
        with file.open("wb") as made:  # one by one: the peak of a process begins at that of whoever starts it
            made.writelines(one + b"\n" for one in _stock.indicators(count, SIZE))
    attack = os.environ.get("COMITY_ATTACK")
    least = 0.0
    for name, file in (files | ({"ATT&CK": Path(attack)} if attack else {})).items():
        began = time.perf_counter()
        done = _shared(home, file)
        took = time.perf_counter() - began
        least = least or done.memory
        yield Figure(f"comity share, {name}", done.stored / took, "a second")
        yield Figure(f"comity share, {name}: processor an object", 1e6 * done.seconds / done.stored, "µs")
        yield Figure(f"comity share, {name}: memory", done.memory / 1e6, "MB", done.memory / least, "the first's")


@dataclass(frozen=True, slots=True)
class _Done:
    """What a command stored; the processor's seconds of it and those it called; the most memory of one, in bytes."""

    stored: int
    seconds: float
    memory: float


def _shared(home: Path, file: Path) -> _Done:
    program = str(environment.ROOT / ".venv" / "bin" / "comity")
    command = [sys.executable, program, "share", str(file.resolve()), "--collection", file.name.partition(".")[0],
               "--tlp", "GREEN", "--json"]  # fmt: skip
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as wrong:
        process = subprocess.Popen(command, env=_child.environ(home), stdout=said, stderr=wrong)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        wrong.seek(0)
        if process.returncode:
            raise _child.NotMeasured(f"comity share ended with {process.returncode}: {wrong.read().decode()}")
        stored = int(json.loads(said.read())["stored"])
    return _Done(stored, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)
