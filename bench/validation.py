"""What it costs to judge an object by STIX 2.1, beside stix2 and stix2-validator, and where the verdicts differ.

Each side is measured in processor time on the same texts, in one run. The corpus of verdicts is a good object of every
type, and it again without each of its properties. `COMITY_ATTACK` names a bundle of ATT&CK (.json or .json.gz) to
measure that, too.
"""

import gzip
import json
import os
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from bench import _stock, peers
from comity.commands.bench import Figure
from comity.commands.output import progress
from comity.stix.objects import Accepted, read
from comity.stix.streams import objects
from tests.stix.samples import GOOD, good, raw

MANY, FEW, TURNS = 2_000, 200, 5
SCRIPT = Path(peers.__file__).parent / "validate.py"


def run() -> Iterator[Figure]:
    """Measure ours, then the peers', on the same texts."""
    sets = dict(_sets())
    corpus = list(_corpus())
    asked = {"few": FEW, "sets": {name: [one.decode() for one in texts] for name, texts in sets.items()},
             "corpus": [one.decode() for one in corpus]}  # fmt: skip
    try:
        told = peers.told("stix", SCRIPT, given=json.dumps(asked).encode())
    except peers.NotHad as error:
        progress(f"comity: {error}")
        told = None
    for name, texts in sets.items():
        ours = len(texts) / _seconds(texts)
        yield Figure(f"{name}: judged", ours, "a second")
        if told is not None:
            parsed, judged = len(texts) / told[name]["parse"], min(FEW, len(texts)) / told[name]["validator"]
            yield Figure(f"{name}: stix2.parse", parsed, "a second", ours / parsed, "the peer")
            yield Figure(f"{name}: stix2-validator", judged, "a second", ours / judged, "the peer")
    if told is not None:
        ours_says = [isinstance(read(one), Accepted) for one in corpus]
        yield Figure(f"corpus, of which {sum(ours_says)} are good by ours", len(corpus), "objects")
        for peer, says in told["verdicts"].items():
            yield Figure(f"judged otherwise by {peer}", sum(map(bool.__ne__, ours_says, says)), "objects")


def _sets() -> Iterator[tuple[str, Sequence[bytes]]]:
    yield "indicators of 800 bytes", list(_stock.indicators(MANY, 800))
    yield "mixed objects", list(_stock.mixed(MANY))
    path = os.environ.get("COMITY_ATTACK")
    if path:
        text = Path(path).read_bytes()
        every = objects("ATT&CK", gzip.decompress(text) if path.endswith(".gz") else text)
        texts = [one for one in every if isinstance(one, bytes)]
        yield "ATT&CK", list(islice(texts, 0, None, max(1, len(texts) // MANY)))


def _corpus() -> Iterator[bytes]:
    for kind in GOOD:
        yield raw(good(kind))
        for name in GOOD[kind]:
            yield raw({key: value for key, value in good(kind).items() if key != name})


def _seconds(texts: Sequence[bytes]) -> float:
    """Read all texts; return the least processor time of several turns."""
    spent = []
    for _ in range(TURNS):
        began = time.process_time()
        for text in texts:
            read(text)
        spent.append(time.process_time() - began)
    return min(spent)
