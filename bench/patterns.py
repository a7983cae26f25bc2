"""What patterns cost: to read them, and to hold many against many observations, beside OASIS's own programs."""

import gc
import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from bench import peers
from bench._patterns import Json, Made
from comity.commands.bench import Figure
from comity.commands.output import progress
from comity.stix.patterns import parser
from comity.stix.patterns.errors import PatternError
from comity.stix.patterns.matcher import Matcher, satisfied_by
from comity.stix.patterns.observations import Observation, observation

SOME, PAIRED, SAMPLE = 1_000, 100, 50
MANY_PATTERNS, MANY, CHUNK = 10_000, 100_000, 1_000
SETS, SET = 300, 5
GARBLED = 5_000
TURNS = 5
SCRIPT = Path(peers.__file__).parent / "match_patterns.py"


def run() -> Iterator[Figure]:
    """Measure in processor time, which is the time of one core, whatever else the machine does."""
    made = Made(7, names=100)
    patterns, bundles = [made.pattern() for _ in range(SOME)], [made.bundle() for _ in range(SOME)]
    sets = [(_joined(made), [made.bundle() for _ in range(SET)]) for _ in range(SETS)]
    garbled = [made.garbled() for _ in range(GARBLED)]
    ours = Ours(patterns, bundles)
    try:
        told = peers.told("stix", SCRIPT, given=json.dumps({
            "read": patterns, "patterns": patterns, "bundles": bundles[:PAIRED], "sample": SAMPLE, "many": bundles,
            "sets": sets, "garbled": garbled}).encode())  # fmt: skip
    except peers.NotHad as error:
        progress(f"comity: {error}")
        told = None
    yield from ours.figures(told)
    if told is not None:
        yield from _agreement(ours, told, sets)
        read = [_is_good(pattern) for pattern in garbled]
        yield Figure(f"garbled patterns judged, of which {sum(read)} are good", GARBLED, "patterns")
        yield Figure("judged otherwise than by stix2-patterns", _unlike(read, told["good"]), "patterns")
    yield from _many()


def _joined(made: Made) -> str:
    """Make a pattern over several observations that a handful of them may well satisfy."""
    def either() -> str:
        return f"[{' OR '.join(_wide(made) for _ in range(2))}]"  # fmt: skip

    window = f"WITHIN {made.chance.randrange(40_000)}.5 SECONDS"
    return made.chance.choice((f"{either()} AND {either()}", f"{either()} FOLLOWEDBY {either()}",
                               f"({either()} FOLLOWEDBY {either()}) {window}", f"{either()} REPEATS 2 TIMES {window}",
                               f"({either()} AND {either()}) {window} OR {either()} REPEATS 3 TIMES"))  # fmt: skip


def _wide(made: Made) -> str:
    """Make a comparison that many observations satisfy."""
    forms = (f"network-traffic:dst_port > {made.chance.randrange(60_000)}", "domain-name:value LIKE 'h1%'",
             "url:value MATCHES '[0-4]\\\\.(php|exe)$'", "ipv4-addr:value ISSUBSET '10.0.0.0/13'",
             f"file:size < {made.chance.randrange(20_000)}")  # fmt: skip
    return made.chance.choice(forms)


class Ours:
    """Our side: the same patterns and observations, read and matched."""

    def __init__(self, patterns: Sequence[str], bundles: Sequence[Json]) -> None:
        """Take both; measuring comes after."""
        self.patterns = patterns
        self.bundles = bundles
        self.trees = [parser.read(pattern) for pattern in patterns]
        self.answers: list[list[int]] = []

    def figures(self, told: Any) -> Iterator[Figure]:  # noqa: ANN401 as it came from the peer
        """Measure reading, and matching from the texts of patterns and the objects of observations to the answers."""
        reading = median(spent(self.read) for _ in range(TURNS))
        matching = median(spent(self.match) for _ in range(TURNS))
        pairs = SOME * SOME / (reading + matching)
        if told is None:
            yield Figure("patterns read", SOME / reading, "a second")
            yield Figure(f"{SOME:,} patterns × {SOME:,} observations", pairs, "pairs/s")
            return
        yield Figure("patterns read", SOME / reading, "a second", told["read"] / reading, "stix2-patterns")
        rate = SOME * PAIRED / told["alone"]
        yield Figure(f"{SOME:,} patterns × {SOME:,} observations", pairs, "pairs/s", pairs / rate, "stix2-matcher")
        at_once = SAMPLE * SOME / told["at_once"]
        yield Figure("the same, to its best", pairs, "pairs/s", pairs / at_once, "all observations in one call")

    def read(self) -> None:
        """Read the patterns."""
        self.trees = [parser.read(pattern) for pattern in self.patterns]

    def match(self) -> None:
        """Index the patterns and hold every observation against them."""
        matcher = Matcher(self.trees)
        self.answers = [matcher.see_alone(observed(one)) for one in self.bundles]


def observed(bundle: Json) -> Observation:
    """Return the observation of a bundle as `comity match` does."""
    objects: Any = bundle["objects"]
    return observation(objects[0], {one["id"]: one for one in objects})


def _agreement(ours: Ours, told: Any, sets: Sequence[tuple[str, list[Json]]]) -> Iterator[Figure]:  # noqa: ANN401 as above
    """Compare every answer."""
    theirs = {(pattern, place) for pattern, places in enumerate(told["pairs"]) for place in places}
    answered = {(pattern, place) for place in range(PAIRED) for pattern in ours.answers[place]}
    yield Figure(f"pairs compared, of which {len(answered)} match", SOME * PAIRED, "pairs")
    yield Figure("pairs answered otherwise than stix2-matcher", len(theirs ^ answered), "pairs")
    own = [[satisfied_by(parser.read(one), list(map(observed, some))) is not None] for one, some in sets]
    satisfied = sum(one == [True] for one in own)
    yield Figure(f"sets compared, of which {satisfied} match", SETS, "sets")
    yield Figure("sets answered otherwise than stix2-matcher", _unlike(own, told["sets"]), "sets")


def _unlike(own: Sequence[object], other: Sequence[object]) -> int:
    return sum(one != another for one, another in zip(own, other, strict=True))


def _is_good(pattern: str) -> bool:
    try:
        parser.read(pattern)
    except PatternError:
        return False
    return True


def _many() -> Iterator[Figure]:
    """Measure very many patterns and observations, made as they are needed."""
    made = Made(11, names=40_000)
    texts = [made.pattern() for _ in range(MANY_PATTERNS)]
    began = time.process_time()
    matcher = Matcher([parser.read(text) for text in texts])
    total, matches = time.process_time() - began, 0
    for _ in range(0, MANY, CHUNK):
        bundles = [made.bundle() for _ in range(CHUNK)]
        began = time.process_time()
        matches += sum(len(matcher.see(observed(one))) for one in bundles)
        total += time.process_time() - began
    what = f"{MANY_PATTERNS:,} patterns × {MANY:,} observations, {matches:,} matches"
    yield Figure(what, total, "s", total / 10, "the 10 s of its target")


def spent(work: Callable[[], None]) -> float:
    """Return the processor time of some work, which the collector of cycles does not interrupt."""
    gc.collect()
    gc.disable()
    began = time.process_time()
    work()
    took = time.process_time() - began
    gc.enable()
    return took
