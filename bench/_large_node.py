"""Makes a node of many objects, of which each partner may have another part; prints each partner's share and account.

The objects are made up and not checked; all else is what sharing does, by the same acts. Run as a program with the
home, the collection's alias and the number of objects.
"""

import gc
import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 - after Django is set up, as the next

from bench import _stock  # noqa: E402 - as above
from comity.acts import credentials, example_state, making, moments, nodes, sharing  # noqa: E402 - as above
from comity.acts.placing import Placing  # noqa: E402 - as above
from comity.models import Collection, Party  # noqa: E402 - as above
from comity.policy.handling import Terms  # noqa: E402 - as above
from comity.policy.markings import Tlp  # noqa: E402 - as above
from comity.stix.objects import Accepted  # noqa: E402 - as above

SIZE, ROUND, STEP = 800, 100_000, 8_192
KINDS = (
    (10, "CLEAR", "technical indicators", "prevention"),
    (990, "GREEN", "contact details", "diplomacy"),
    (9_990, "GREEN", "technical indicators", "prevention"),
    (39_010, "GREEN", "threat analysis", "prevention"),
    (50_000, "AMBER", "technical indicators", "prevention"),
)
"""Of each 100,000 objects how many, their TLP, what they inform of, and to what end."""
SHARES = {"XA": 0.9901, "XI": 0.4901, "XM": 0.1, "XN": 0.01, "XO": 0.0001}
"""What the example state's agreements let each partner have of them: XN the first two kinds, XM the first and the
third, XI the fourth as well, XA all but the second, and XO, with whom there is no agreement, the first alone."""


def make(home: Path, alias: str, count: int) -> dict[str, tuple[float, str, str]]:
    """Make the node; give of each partner its share of the objects, and a username and secret."""
    now = datetime.now(UTC)
    nodes.open_node(home)
    example_state.make(now)
    where = sharing.make_collection(alias, alias, now, purpose="prevention")
    _unsafe_but_quick()
    gc.disable()
    chance = random.Random(_stock.SEED)
    for start in range(0, count, ROUND):
        part = min(count - start, ROUND)
        for share, tlp, information, purpose in KINDS:
            terms = Terms(Tlp.RED, "BS", purpose, information)
            _take_in(where, chance, part * share // ROUND, tlp, terms, now + timedelta(seconds=start // ROUND))
        print(f"{start + part:,}", file=sys.stderr, flush=True)
    Party.objects.create(code="XO", name="Other Republic")
    tokens = {code: credentials.make(Party.objects.get(code=code), "bench", now, collections=[where])
              for code in SHARES}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode = WAL")
    return {code: (SHARES[code], token.username, token.secret) for code, token in tokens.items()}


def _unsafe_but_quick() -> None:
    """Let SQLite keep no journal while the node is made: should the machine fail, it is made again."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode = OFF")
        cursor.execute("PRAGMA synchronous = OFF")
        cursor.execute("PRAGMA cache_size = -3000000")


def _take_in(where: Collection, chance: random.Random, count: int, tlp: str, terms: Terms, now: datetime) -> None:
    """Store one batch, as `sharing.accept` does, but for looking whether any of it is there already: nothing is."""
    with transaction.atomic(), making.begun(where, moments.take(now), "bench") as begun:
        placing = Placing(begun, terms)
        for start in range(0, count, STEP):
            placing.holdings.alone = True
            placing.step(list(_objects(chance, min(count - start, STEP), tlp)))


def _objects(chance: random.Random, count: int, tlp: str) -> Iterator[Accepted]:
    return (_stock.quick_indicator(chance, tlp, SIZE) for _ in range(count))


if __name__ == "__main__":
    print(json.dumps(make(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))))
