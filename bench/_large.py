"""Nodes of many objects, made once and kept below `.cache/large`, and what is asked of them.

`COMITY_LARGE` names the sizes, such as `10000,1000000`; without it they are 10,000 and 100,000. Ten million take eight
minutes to make, and 4.5 GB of disk.
"""

import base64
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import quote

from bench import _child, _load, _watch
from bench.poll import TAXII
from comity import environment
from comity.commands.output import progress

ALIAS, PAGE = "large", 1_000
OBJECTS = f"/exchange/collections/{ALIAS}/objects/"


@dataclass(frozen=True, slots=True)
class Account:
    """A partner's share of the objects, and the headers with which it asks."""

    share: float
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Large:
    """A node of *count* objects that is served: where it listens, its first process, and the partners' accounts."""

    home: Path
    count: int
    accounts: Mapping[str, Account]
    port: int
    process: int

    def places(self, code: str, parts: Sequence[float]) -> list[dict[str, str]]:
        """Give, at each part (0 to 1) of what a partner may have, what stands there: `after`, `id`, `version`."""
        asked = json.dumps(list(parts))
        found: list[dict[str, str]] = _child.told("bench._large_places", self.home, ALIAS, code, asked)
        return found

    def turn(self, kind: str) -> float:
        """Suspend or resume the agreement with XA, some times over; give the median milliseconds of such an act."""
        return float(_child.told("bench._large_turn", self.home, kind))

    def asked(self, code: str, queries: Sequence[str], path: str = OBJECTS) -> "Timed":
        """Ask each question once, by one client over one connection."""
        headers = self.accounts[code].headers
        before = _watch.cost(self.process)
        requests = [_load.request(f"{path}?{query}" if query else path, headers) for query in queries]
        taken = _load.each(self.port, requests)
        after = _watch.cost(self.process)
        seconds = after.seconds - before.seconds if before and after else 0.0
        return Timed(taken, 1000 * seconds / len(requests))


@dataclass(frozen=True, slots=True)
class Timed:
    """What answers took, and the milliseconds of processor time each."""

    taken: _load.Taken
    processor: float

    @property
    def middle(self) -> float:
        """The median in milliseconds."""
        return median(self.taken.each) * 1000


def sizes() -> list[int]:
    """Give the sizes that are asked for."""
    return [int(word) for word in os.environ.get("COMITY_LARGE", "10000,100000").replace("_", "").split(",")]


@contextmanager
def served(count: int) -> Iterator[Large]:
    """Serve a node of so many objects, made first where there is none yet."""
    home = environment.ROOT / ".cache" / "large" / str(count)
    kept = home / "accounts.json"
    if not kept.exists():
        progress(f"comity: making {count:,} objects, once")
        home.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(_child.told("bench._large_node", home, ALIAS, str(count))), encoding="utf-8")
    accounts = {code: Account(share, _headers(user, secret))
                for code, (share, user, secret) in json.loads(kept.read_text(encoding="utf-8")).items()}  # fmt: skip
    with _child.up(home) as (port, process):
        yield Large(home, count, accounts, port, process)


def _headers(user: str, secret: str) -> Mapping[str, str]:
    signed = "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode()
    return {"Accept": TAXII, "Authorization": signed}


def after(place: Mapping[str, str], limit: int = PAGE) -> str:
    """Write the query of the page behind a place."""
    return f"added_after={quote(place['after'])}&limit={limit}"
