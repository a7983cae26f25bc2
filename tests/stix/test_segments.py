"""A segment gives back what was put into it, whatever is cut from it."""

import struct
from hashlib import sha256
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from comity.stix import segments
from comity.stix.segments import Placed


def placed(number: int, body: bytes) -> Placed:
    return Placed(f"indicator--{number}", f"2026-01-{number % 28 + 1:02}T00:00:00.000Z", sha256(body).digest(), body)


bodies = st.lists(st.binary(min_size=2, max_size=40), min_size=1, max_size=12)


@given(bodies, st.data())
def test_what_is_cut_is_what_was_put_in(given_bodies: list[bytes], data: st.DataObject) -> None:
    objects = [placed(number, body) for number, body in enumerate(given_bodies)]
    made = segments.joined(objects)
    read = segments.read(made.key, segments.written(made), made.digests)
    ends = [end - 1 for end in accumulate(len(body) + 1 for body in given_bodies)]
    older = segments.read_apart(made.key, made.bodies, struct.pack(f"<{made.count}I", *ends) + made.lines, made.digests)
    start = data.draw(st.integers(0, len(objects) - 1))
    stop = data.draw(st.integers(start + 1, len(objects)))
    part = objects[start:stop]
    for one in (made, read, older):
        assert one.count == len(objects)
        assert segments.written(one) == segments.written(made)
        assert one.cut(start, stop) == b",".join(o.body for o in part)
        assert one.digests_of(start, stop) == b"".join(o.digest for o in part)
        assert one.lines_of(start, stop) == "".join(f"{o.id} {o.version}\n" for o in part).encode()
        assert one.name(start) == (objects[start].id, objects[start].version)
    assert segments.key_of(made.digests) == read.key


def test_mentions_are_listed_while_they_are_few() -> None:
    few = [Placed("a", "v", bytes(32), b"{}", frozenset({"x", "y"})), Placed("b", "v", bytes(32), b"{}")]
    assert segments.mentioned(few) == ("x", "y")
    many = [Placed("a", "v", bytes(32), b"{}", frozenset(str(n) for n in range(segments.FEW + 1)))]
    assert segments.mentioned(many) is None
