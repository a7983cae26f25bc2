"""The audit of a whole log: what is whole passes, and whatever was touched is named at its first place."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.ledger import audit, entries, notes
from comity.ledger.audit import HeadClaim, StoredLeaf, StoredLog
from comity.ledger.entries import Anchor, Head
from comity.ledger.notes import Checkpoint
from comity.ledger.tree import Frontier, Node, leaf_hash

from .test_notes import LOG, NEW, OTHER, key
from .world import AT, RING, World, grown, verify_signature


def stored(world: World, sizes: tuple[int, ...] = (0, 1, 4, 7, 11)) -> StoredLog:
    """Give a world's log as the store has it, with heads given out at these sizes."""
    leaves = [
        StoredLeaf(data, b"".join(row.digest for row in page))
        for data, page in zip(world.leaves, world.pages, strict=True)
    ]
    return StoredLog(LOG, leaves, list(world.nodes), world.tree, [world.checkpoint(size) for size in sizes])


WORLD = grown()
WHOLE = stored(WORLD)


def failures(log: StoredLog) -> dict[str, str]:
    """Audit, and give what failed by name."""
    report = audit.verify_log(log, RING, verify_signature)
    assert report.ok == (not report.failed)
    return {check.name: check.says for check in report.failed}


def put(values: Any, place: int, value: Any) -> list[Any]:
    """Give a list with one member changed."""
    return [*values[:place], value, *values[place + 1 :]]


def flipped(value: bytes) -> bytes:
    """Flip one bit."""
    return value[:-1] + bytes([value[-1] ^ 1])


def test_a_whole_log_passes_and_says_what_was_looked_at() -> None:
    report = audit.verify_log(WHOLE, RING, verify_signature)
    assert report.ok, report.in_words()
    assert [check.name for check in report.checks] == ["leaves", "items", "nodes", "frontier", "heads", "signatures"]
    assert "11 leaves" in report.in_words()
    assert "27 items" in report.in_words()


def test_an_empty_log_passes() -> None:
    assert failures(stored(World(), (0,))) == {}


def test_a_changed_leaf_is_named_by_its_hash_and_by_the_first_head_after_it() -> None:
    changed = WORLD.leaves[5].replace(b"xa-cert-1", b"xa-cert-2")
    found = failures(replace(WHOLE, leaves=put(WHOLE.leaves, 5, StoredLeaf(changed))))
    assert set(found) == {"nodes", "frontier", "heads"}
    assert found["nodes"].startswith("the stored hash of leaf 5 ")
    assert "of 7 leaves, has another root: of the leaves from 4 and before 7" in found["heads"]


def test_a_leaf_changed_together_with_all_that_the_store_derives_from_it_is_still_found_by_the_heads() -> None:
    leaves = put(WORLD.leaves, 5, WORLD.leaves[5].replace(b"xa-cert-1", b"xa-cert-2"))
    tree, nodes = Frontier().extend(map(leaf_hash, leaves))
    found = failures(replace(WHOLE, leaves=list(map(StoredLeaf, leaves)), nodes=nodes, frontier=tree))
    assert set(found) == {"heads"}
    assert found["heads"].endswith("(and 1 more)")


FAULTS: list[tuple[str, Callable[[], StoredLog], dict[str, str]]] = [
    ("a leaf taken out", lambda: replace(WHOLE, leaves=[*WHOLE.leaves][:3] + [*WHOLE.leaves][4:]),
     {"leaves": "leaf 3: its entry says it is leaf 4", "nodes": "leaf 3", "frontier": "11 leaves", "heads": "of 4"}),
    ("the last leaf cut off", lambda: replace(WHOLE, leaves=[*WHOLE.leaves][:-1]),
     {"nodes": "more subtrees", "frontier": "the leaves make 10", "heads": "leaves are missing at its end"}),
    ("two leaves exchanged", lambda: replace(
        WHOLE, leaves=put(put(WHOLE.leaves, 8, [*WHOLE.leaves][9]), 9, [*WHOLE.leaves][8])),
     {"leaves": "leaf 8: its entry says it is leaf 9", "nodes": "leaf 8", "frontier": "",
      "heads": "from 7 and before 11"}),
    ("a leaf that is none", lambda: replace(WHOLE, leaves=put(WHOLE.leaves, 0, StoredLeaf(b"{}"))),
     {"leaves": "leaf 0: entry: ", "nodes": "leaf 0", "frontier": "", "heads": "of 1 leaves"}),
    ("a stored subtree changed", lambda: replace(
        WHOLE, nodes=put(WORLD.nodes, 9, replace(WORLD.nodes[9], hash=bytes(32)))),
     {"nodes": f"level {WORLD.nodes[9].level}, index {WORLD.nodes[9].index}"}),
    ("a stored subtree lost", lambda: replace(WHOLE, nodes=WORLD.nodes[:-1]), {"nodes": "leaf 10"}),
    ("a stored subtree too many", lambda: replace(WHOLE, nodes=[*WORLD.nodes, Node(9, 9, bytes(32))]),
     {"nodes": "more subtrees"}),
    ("another growing edge", lambda: replace(WHOLE, frontier=Frontier(11, (bytes(32),) * 3)),
     {"frontier": "11 leaves"}),
    ("digests beside a page", lambda: replace(
        WHOLE, leaves=put(WHOLE.leaves, 2, StoredLeaf(WORLD.leaves[2], bytes(96)))), {"items": "leaf 2"}),
    ("a forged head", lambda: replace(WHOLE, checkpoints=[forged(NEW, LOG)]), {"heads": "checkpoint 0, of 7 leaves"}),
    ("a head by another key", lambda: replace(WHOLE, checkpoints=[forged(OTHER, LOG)]), {"signatures": "no known key"}),
    ("a head of another log", lambda: replace(WHOLE, checkpoints=[forged(NEW, "log/8")]), {"signatures": "no known"}),
    ("a head that is no note", lambda: replace(WHOLE, checkpoints=["x"]), {"signatures": "checkpoint 0: note: "}),
    ("two heads of one size", lambda: replace(WHOLE, checkpoints=[*WHOLE.checkpoints, forged(NEW, LOG)]),
     {"heads": "checkpoint 5, of 7"}),
    ("an anchor that differs", lambda: replace(WHOLE, anchors=[HeadClaim("master log leaf 3", 4, bytes(32))]),
     {"heads": "master log leaf 3, of 4 leaves"}),
    ("another log's leaves", lambda: replace(WHOLE, origin="log/8", checkpoints=()), {"leaves": "belongs to "}),
]  # fmt: skip


def forged(private: Any, log: str) -> str:
    """Sign a head of 7 leaves with an invented root."""
    return notes.sign(Checkpoint(log, 7, bytes(32)), log, key(private).public, private.sign)


@pytest.mark.parametrize(("what", "log", "says"), FAULTS)
def test_every_fault_is_named_at_its_first_place(what: str, log: Callable[[], StoredLog], says: dict[str, str]) -> None:
    found = failures(log())
    assert set(found) == set(says), what
    for name, words in says.items():
        assert words in found[name]


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_one_flipped_bit_in_any_leaf_or_subtree_is_found(data: st.DataObject) -> None:
    if data.draw(st.booleans()):
        place = data.draw(st.integers(0, len(WORLD.leaves) - 1))
        byte = data.draw(st.integers(0, len(WORLD.leaves[place]) - 1))
        hit = bytearray(WORLD.leaves[place])
        hit[byte] ^= 1 << data.draw(st.integers(0, 7))
        assert (
            f"leaf {place} "
            in failures(replace(WHOLE, leaves=put(WHOLE.leaves, place, StoredLeaf(bytes(hit)))))["nodes"]
        )
    else:
        place = data.draw(st.integers(0, len(WORLD.nodes) - 1))
        node = WORLD.nodes[place]
        found = failures(replace(WHOLE, nodes=put(WORLD.nodes, place, replace(node, hash=flipped(node.hash)))))
        assert f"(level {node.level}, index {node.index})" in found["nodes"]


@given(st.integers(0, 40), st.lists(st.integers(0, 40), max_size=6))
@settings(max_examples=30, deadline=None)
def test_a_log_of_any_length_passes_with_heads_at_any_sizes(count: int, sizes: list[int]) -> None:
    world = grown(count, 1)
    assert failures(stored(world, tuple(size for size in sizes if size <= count))) == {}


def test_nodes_and_digests_need_not_be_kept() -> None:
    bare = replace(WHOLE, leaves=map(StoredLeaf, WORLD.leaves), nodes=None)
    assert failures(bare) == {}


def test_the_master_log_anchors_each_logs_heads_and_no_log_sees_another() -> None:
    heads = [Head(LOG, 4, "00" * 32), Head("log/8", 2, "11" * 32), Head(LOG, 7, "22" * 32)]
    master = [
        entries.encode(Anchor(v=1, log="master", index=index, at=AT, head=head)) for index, head in enumerate(heads)
    ]
    assert audit.anchors_of(master) == {
        LOG: (
            HeadClaim("master log leaf 0", 4, bytes(32)),
            HeadClaim("master log leaf 2", 7, bytes.fromhex("22" * 32)),
        ),
        "log/8": (HeadClaim("master log leaf 1", 2, bytes.fromhex("11" * 32)),),
    }
    roots = [Frontier().extend(map(leaf_hash, WORLD.leaves[:size]))[0].root() for size in (4, 7)]
    anchors = [HeadClaim("master", size, root) for size, root in zip((4, 7), roots, strict=True)]
    assert failures(replace(WHOLE, anchors=anchors)) == {}
