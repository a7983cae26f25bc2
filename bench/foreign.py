"""Whether a node and a server that others wrote get all that they have for each other, once; and how long it takes.

The server is medallion, on loopback, with as many objects as the node's collection and none in common. The node pulls
and pushes by the verb that one uses, each twice: what is there already is neither stored nor sent again.
"""

import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench import _child, _stock
from bench.peers import servers
from comity import environment
from comity.commands.bench import Figure

OBJECTS, SIZE, PAGE = 500, 800, 100  # medallion's first page costs by the square
ALIAS, HERE = "bench", "from-there"


def run() -> Iterator[Figure]:
    """Make both sides, tie them, and look at what each holds in the end."""
    every = list(_stock.indicators(2 * OBJECTS, SIZE))
    ours, theirs = names(every[:OBJECTS]), names(every[OBJECTS:])
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir(mode=0o700)
        _child.told("bench._poll_node", home, ALIAS, str(OBJECTS), str(SIZE))
        with servers.medallion(Path(folder), every[OBJECTS:]) as there:
            root = f"http://127.0.0.1:{there.port}/{servers.ROOT}/"
            comity(home, "peer", "add", "there", "--party", "XA", "--agreement", "bs-xa-cyber-mou", "--url", root,
                   "--user", "bench", "--page", str(PAGE), "--pull", f"{servers.ALIAS}={HERE}",
                   "--push", f"{servers.ALIAS}={ALIAS}", secret="bench\n")  # fmt: skip  # noqa: S106 - no secret
            for way in ("pull", "push"):
                for time_of in ("first", "again"):
                    yield Figure(f"{way}, {time_of}", comity(home, "peer", way, "there"), "s")
            held = _child.told("bench._held", home, HERE)
            yield from agreed(f"here, of {there.name}", held, theirs)
            yield from agreed(f"at {there.name}, of ours", sorted(set(listed(there)) - theirs), ours)


def names(objects: Sequence[bytes]) -> set[str]:
    """Give the ids of objects."""
    return {json.loads(one)["id"] for one in objects}


def agreed(where: str, held: Sequence[str], wanted: set[str]) -> Iterator[Figure]:
    """Count what is missing, what is there twice, and what should not be there."""
    counts = Counter(held)
    yield Figure(f"{where}: objects", len(held), "")
    yield Figure(f"{where}: missing", len(wanted - counts.keys()), "")
    yield Figure(f"{where}: twice", sum(many > 1 for many in counts.values()), "")
    yield Figure(f"{where}: not asked for", len(counts.keys() - wanted), "")


def listed(there: servers.Server) -> list[str]:
    """Ask the other server for all that it holds."""
    address = f"http://127.0.0.1:{there.port}{there.objects}?limit=100000"
    with urllib.request.urlopen(urllib.request.Request(address, headers=dict(there.headers))) as answer:
        return [one["id"] for one in json.load(answer)["objects"]]


def comity(home: Path, *words: str, secret: str = "") -> float:
    """Run a verb on the node, which must succeed; return the seconds it took."""
    began = time.perf_counter()
    command = [sys.executable, str(environment.ROOT / ".venv" / "bin" / "comity"), *words, "--data", str(home)]
    done = subprocess.run(command, input=secret, env=_child.environ(home), capture_output=True, text=True, check=False)
    if done.returncode:
        raise _child.NotMeasured(f"comity {words[0]} {words[1]}: {done.stderr}")
    return time.perf_counter() - began
