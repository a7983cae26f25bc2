"""Run by the Python of stix2-patterns and stix2-matcher: read and match what comes on standard input, tell times."""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from stix2matcher.matcher import Pattern as Matched
from stix2patterns.exceptions import ParseException
from stix2patterns.v21.pattern import Pattern as Read

VERSION = "2.1"


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds of processor time that some work took, and what it gave."""
    began = time.process_time()
    given = work()
    return time.process_time() - began, given


def singly(patterns: list[str], bundles: list[Any]) -> list[list[int]]:
    """Give, for each pattern, the observations that satisfy it by themselves."""
    read = [Matched(pattern, VERSION) for pattern in patterns]
    return [[place for place, one in enumerate(bundles) if pattern.match([one])] for pattern in read]


def together(patterns: list[str], bundles: list[Any]) -> list[bool]:
    """Say of each pattern whether all observations together satisfy it."""
    return [bool(Matched(pattern, VERSION).match(bundles)) for pattern in patterns]


def good(pattern: str) -> bool:
    """Say whether a pattern keeps the grammar."""
    try:
        Read(pattern)
    except ParseException:
        return False
    return True


def main() -> None:
    """Answer one question."""
    asked = json.load(sys.stdin)
    spent, _ = timed(lambda: [Read(pattern) for pattern in asked["read"]])
    alone, pairs = timed(lambda: singly(asked["patterns"], asked["bundles"]))
    at_once, _ = timed(lambda: together(asked["patterns"][: asked["sample"]], asked["many"]))
    sets = [together([pattern], some) for pattern, some in asked["sets"]]
    found = {"read": spent, "alone": alone, "pairs": pairs, "at_once": at_once, "sets": sets}
    print(json.dumps(found | {"good": [good(pattern) for pattern in asked["garbled"]]}))


if __name__ == "__main__":
    main()
