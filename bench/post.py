"""What it costs to be given objects: batches of 1,000 indicators of 800 bytes by TAXII POST, against json.loads.

Each batch is checked, put in its classes and stored durably before it is answered, under the agreement by which its
giver gives. One client sends, then four at once.
"""

import json
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

from bench import _child, _stock, _watch
from bench.poll import SIZE, TAXII, node
from comity.commands.bench import Figure

BATCH, BATCHES, SENDERS = 1_000, 40, 4
ACCEPTED = 202
PATH = "/exchange/collections/bench/objects/"


def run() -> Iterator[Figure]:
    """Make a node, and give it two shares of batches."""
    every = list(_stock.indicators(2 * BATCH * BATCHES, SIZE))
    parts = (every[start : start + BATCH] for start in range(0, len(every), BATCH))
    bodies = [b'{"objects":[' + b",".join(part) + b"]}" for part in parts]
    began = time.perf_counter()
    for body in bodies:
        json.loads(body)
    bare = len(every) / (time.perf_counter() - began)
    yield Figure("json.loads", bare, "objects a second")
    with tempfile.TemporaryDirectory() as folder:
        headers = {**node(Path(folder), BATCH), "Content-Type": TAXII}
        with _child.up(Path(folder)) as (port, process):
            for senders, share in ((1, bodies[:BATCHES]), (SENDERS, bodies[BATCHES:])):
                before = _watch.cost(process)
                rate = _given(port, headers, share, senders)
                after = _watch.cost(process)
                name = f"given by {senders} at once" if senders > 1 else "given by one"
                yield Figure(name, rate, "objects a second", rate / bare, "json.loads")
                if before and after:
                    used = 1e6 * (after.seconds - before.seconds) / (BATCH * len(share))
                    yield Figure(f"{name}: processor an object", used, "µs")
            if after:
                yield Figure("memory of its processes", after.memory / 1e6, "MB")


def _given(port: int, headers: Mapping[str, str], bodies: Sequence[bytes], senders: int) -> float:
    """Send batches; give the objects a second from the first question to the last answer."""
    began = time.perf_counter()
    with ThreadPoolExecutor(senders) as pool:
        for _ in pool.map(lambda number: _send(port, headers, bodies[number::senders]), range(senders)):
            pass
    return BATCH * len(bodies) / (time.perf_counter() - began)


def _send(port: int, headers: Mapping[str, str], bodies: Sequence[bytes]) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=600)
    for body in bodies:
        connection.request("POST", PATH, body, dict(headers))
        answer = connection.getresponse()
        status = json.loads(answer.read())
        if answer.status != ACCEPTED or status["success_count"] != BATCH:
            raise _child.NotMeasured(f"a batch was answered {answer.status}: {str(status)[:400]}")
    connection.close()
