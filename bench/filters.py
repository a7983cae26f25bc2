"""What filtered polls cost in a large store: the tail, a type, an id, a version; and what a partner may not have."""

from collections.abc import Iterator, Sequence

from bench import _large
from bench._large import OBJECTS, Large
from comity.commands.bench import Figure

ASKED = 150


def run() -> Iterator[Figure]:
    """Ask each kind of question many times, each time for another object, at each size."""
    for count in _large.sizes():
        with _large.served(count) as node:
            for code in node.accounts:
                node.asked(code, ["limit=1"] * 5)
            yield from _filters(node)


def _filters(node: Large) -> Iterator[Figure]:
    parts = [number / ASKED for number in range(ASKED)]
    places = node.places("XA", parts)
    tail = node.places("XA", [1.0])[0]
    ids = [place["id"] for place in places]
    theirs = {place["id"] for place in node.places("XN", parts)}
    hidden = [one for one in ids if one not in theirs]
    unknown = [one[:-4] + "ffff" for one in hidden]
    yield from _told(node, "added_after at the tail", [_large.after(tail, 1 + n % 10) for n in range(ASKED)])
    yield from _told(node, "match[type], 10 of them", [f"match[type]=indicator&limit=10&{_large.after(p).split('&')[0]}"
                                                       for p in places])  # fmt: skip
    yield from _told(node, "match[type], none", [f"match[type]=x-{n}" for n in range(ASKED)])
    yield from _told(node, "match[id]", [f"match[id]={one}" for one in ids])
    yield from _told(node, "match[id] and match[version]",
                     [f"match[id]={place['id']}&match[version]={place['version']}" for place in places])
    yield from _told(node, "match[id] of what is withheld", [f"match[id]={one}" for one in hidden], "XN")
    yield from _told(node, "match[id] of what is unknown", [f"match[id]={one}" for one in unknown], "XN")
    paths = [f"{OBJECTS}{one}/versions/" for one in ids]
    taken = [node.asked("XA", [""], path) for path in paths]
    each = sorted(1000 * time for found in taken for time in found.taken.each)
    yield Figure(f"{node.count:,}: versions, median", each[len(each) // 2], "ms")


def _told(node: Large, what: str, queries: Sequence[str], code: str = "XA") -> Iterator[Figure]:
    found = node.asked(code, queries)
    yield Figure(f"{node.count:,}: {what}, median", found.middle, "ms")
    yield Figure(f"{node.count:,}: {what}, 99 of 100 within", found.taken.percentile(0.99), "ms")
    yield Figure(f"{node.count:,}: {what}, processor", found.processor, "ms")
