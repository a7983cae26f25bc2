"""What it costs to judge an object by STIX 2.1, beside stix2 and stix2-validator, and where the verdicts differ.

Each side is measured in processor time, and they take turns: in each turn all judge texts that nobody judged before,
so that neither a processor whose speed changes nor what is remembered of a text spoils the ratio. The corpus of
verdicts is a good object of every type, and it again without each of its properties. `COMITY_ATTACK` names a bundle of
ATT&CK (.json or .json.gz) to measure that, too.
"""

import gzip
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from bench import _stock, peers
from comity.commands.bench import Figure
from comity.commands.output import progress
from comity.stix.objects import Accepted, read_all
from comity.stix.streams import objects
from tests.stix.samples import GOOD, good, raw

TURNS, MANY, FEW = 15, 1_000, 20
"""Turns, texts of a turn (a page), and how many of them stix2-validator judges."""
PEERS = {"parse": "stix2.parse", "validator": "stix2-validator"}
SCRIPT = Path(peers.__file__).parent / "validate.py"

Ask = Callable[[str, Sequence[bytes]], tuple[float, list[bool]]]
"""Has a peer judge texts: the seconds of processor time it took, and each verdict."""


def run() -> Iterator[Figure]:
    """Measure all sides on the same texts, in turns."""
    with ExitStack() as stack:
        try:
            told = stack.enter_context(peers.talk("stix", SCRIPT))
        except peers.NotHad as error:
            progress(f"comity: {error}")
            told = None
        ask = None if told is None else _asking(told)
        for name, texts in _sets():
            yield from _measured(name, [texts[turn::TURNS][:MANY] for turn in range(TURNS)], ask)
        if ask is not None:
            yield from _compared(list(_corpus()), ask)


def _asking(told: Callable[[str], Any]) -> Ask:
    def ask(how: str, texts: Sequence[bytes]) -> tuple[float, list[bool]]:
        seconds, verdicts = told(f"{how} {json.dumps([one.decode() for one in texts])}")
        return seconds, verdicts

    return ask


def _measured(name: str, turns: Sequence[Sequence[bytes]], ask: Ask | None) -> Iterator[Figure]:
    """Give the rates of all sides in the middle one of their turns, and the ratios in the middle one."""
    rates: dict[str, list[float]] = {how: [] for how in ("ours", *PEERS)}
    for texts in turns:
        rates["ours"].append(len(texts) / _seconds(texts))
        if ask is not None:
            rates["parse"].append(len(texts) / ask("parse", texts)[0])
            rates["validator"].append(FEW / ask("validator", texts[:FEW])[0])
    yield Figure(f"{name}: judged", median(rates["ours"]), "a second")
    for how, peer in PEERS.items() if ask is not None else ():
        ratio = median(ours / theirs for ours, theirs in zip(rates["ours"], rates[how], strict=True))
        yield Figure(f"{name}: {peer}", median(rates[how]), "a second", ratio, "the peer")


def _compared(corpus: Sequence[bytes], ask: Ask) -> Iterator[Figure]:
    """Count where a peer's verdict differs."""
    ours = [isinstance(one, Accepted) for one in read_all(corpus)]
    yield Figure(f"corpus, of which {sum(ours)} are good by ours", len(corpus), "objects")
    for how, peer in PEERS.items():
        yield Figure(f"judged otherwise by {peer}", sum(map(bool.__ne__, ours, ask(how, corpus)[1])), "objects")


def _sets() -> Iterator[tuple[str, Sequence[bytes]]]:
    yield "indicators of 800 bytes", list(_stock.indicators(TURNS * MANY, 800))
    yield "mixed objects", list(_stock.mixed(TURNS * MANY))
    path = os.environ.get("COMITY_ATTACK")
    if path:
        text = Path(path).read_bytes()
        every = objects("ATT&CK", gzip.decompress(text) if path.endswith(".gz") else text)
        yield "ATT&CK", [one for one in every if isinstance(one, bytes)]


def _corpus() -> Iterator[bytes]:
    for kind in GOOD:
        yield raw(good(kind))
        for name in GOOD[kind]:
            yield raw({key: value for key, value in good(kind).items() if key != name})


def _seconds(texts: Sequence[bytes]) -> float:
    """Return the seconds of processor time that it takes to read all texts, which come as from a line that was read."""
    given: list[str] = json.loads(json.dumps([one.decode() for one in texts]))
    taken = [one.encode() for one in given]
    began = time.process_time()
    read_all(taken)
    return time.process_time() - began
