"""What it costs to suspend and to resume an agreement over a large store, and at what speed what opens is read."""

import json
from collections.abc import Iterator

from bench import _child, _large, _load
from bench._large import OBJECTS, Large
from comity.commands.bench import Figure

PAGES = 25


def run() -> Iterator[Figure]:
    """Suspend, poll, resume, poll, and read on, at each size."""
    for count in _large.sizes():
        with _large.served(count) as node:
            yield from _turns(node)


def _turns(node: Large) -> Iterator[Figure]:
    at = f"{node.count:,}: "
    node.asked("XA", ["limit=1"] * 5)
    first = _large.after(node.places("XA", [0.9])[0])
    before = node.asked("XA", [_large.after(place) for place in node.places("XA", _spread(node))])
    yield Figure(f"{at}suspending, the act", node.turn("suspension"), "ms")
    shut = node.asked("XA", [first])
    yield Figure(f"{at}the next request", shut.middle, "ms")
    yield Figure(f"{at}the next request, processor", shut.processor, "ms")
    last = node.places("XA", [1.0])[0]
    if _amber(node, first):
        raise _child.NotMeasured("what was suspended is still given")
    yield Figure(f"{at}resuming, the act", node.turn("end-of-suspension"), "ms")
    opened = node.asked("XA", [_large.after(last)])
    yield Figure(f"{at}the next request, with what opened", opened.middle, "ms")
    yield Figure(f"{at}the next request, with what opened, processor", opened.processor, "ms")
    places = node.places("XA", _spread(node))
    if not _amber(node, _large.after(places[-1])):
        raise _child.NotMeasured("what was resumed is not given")
    found = node.asked("XA", [_large.after(place) for place in places])
    yield Figure(f"{at}a page of what opened, median", found.middle, "ms", found.middle / before.middle, "before")
    yield Figure(f"{at}a page of what opened, processor", found.processor, "ms",
                 found.processor / (before.processor or 1.0), "before")  # fmt: skip


def _spread(node: Large) -> list[float]:
    """Give parts of the whole, a page apart, behind its middle: after a resumption those are of what opened."""
    step = _large.PAGE / (node.count * node.accounts["XA"].share)
    pages = min(PAGES, int(0.3 / step))
    return [0.6 + step * number for number in range(pages)]


def _amber(node: Large, query: str) -> bool:
    """Tell whether a page holds what goes by the agreement alone."""
    body = json.loads(_load.once(node.port, f"{OBJECTS}?{query}", node.accounts["XA"].headers))
    amber = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"
    return any(amber in one["object_marking_refs"] for one in body.get("objects", []))
