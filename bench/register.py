"""What a page of the register costs the server: a thousand instruments, two hundred states, twenty years.

Every page is asked for on days, and as known on days, drawn at random; the calendar also right after something was
recorded, when nothing that is kept holds any more. The limit is a tenth of a second of the processor at the median.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import _child
from comity.commands.bench import Figure
from comity.commands.output import progress

INSTRUMENTS, STATES, ROUNDS = 1_000, 200, 20
ADDING = "a million additions"
LIMIT = 100.0  # milliseconds


def run() -> Iterator[Figure]:
    """Fill a register, then ask for each of its pages."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir(mode=0o700)
        _child.told("bench._register_node", home, "make")
        progress("comity: filling a register takes some minutes")
        filled = _child.told("bench._register_node", home, "fill", str(INSTRUMENTS), str(STATES))
        yield Figure("actions recorded", filled["actions"], "actions")
        yield Figure("standings kept", filled["spells"], "rows")
        yield Figure("recorded and worked out", filled["actions"] / filled["seconds"], "actions/s")
        asked = _child.told("bench._register_node", home, "ask", str(ROUNDS), str(INSTRUMENTS))
        yield Figure(ADDING, asked.pop(ADDING), "ms CPU")
        for name, taken in asked.items():
            yield Figure(name, taken, "ms CPU", taken / LIMIT, "the limit")
