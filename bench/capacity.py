"""What a page of a review costs the server: two hundred raters, 62 aspects of five stages with four indicators each.

Every rater has answered every indicator that is asked of them, one round is closed, and the next one is under way. The
limit is 150 milliseconds at the median, of the processor’s time; what the clock showed depends on what else runs.
So does the processor’s time where cores are shared: before you compare two runs, compare their ten million additions.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench import _child
from comity.commands.bench import Figure
from comity.commands.output import progress

RATERS, CLUSTERS, ASPECTS, STAGES, ITEMS, ROUNDS = 200, 10, 62, 5, 4, 15
LIMIT = 150.0  # milliseconds


def run() -> Iterator[Figure]:
    """Fill a review, close a round, then ask for each of its pages and save answers."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir(mode=0o700)
        size = [str(one) for one in (RATERS, CLUSTERS, ASPECTS, STAGES, ITEMS)]
        progress("comity: filling a review takes a minute or two")
        filled = _child.told("bench._capacity_node", home, "fill", *size)
        yield Figure("answers recorded", filled["answers"], "answers")
        yield Figure("recorded", filled["answers"] / filled["seconds"], "answers/s")
        yield Figure("a round closed, with alpha and its intervals", filled["closing"], "s")
        yield Figure("ten million additions, to tell how busy the machine is", _additions(), "s")
        for name, taken in _child.told("bench._capacity_node", home, "ask", str(ROUNDS)).items():
            yield Figure(name, taken, "ms", taken / LIMIT, "the limit")


def _additions() -> float:
    began, total = time.process_time(), 0
    for number in range(10_000_000):
        total += number
    return time.process_time() - began
