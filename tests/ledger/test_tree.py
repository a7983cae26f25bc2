"""The tree agrees with the published vectors, with the definition, and with nothing that was changed."""

from collections.abc import Callable, Sequence
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.ledger.errors import LedgerError, Malformed, ProofFailed
from comity.ledger.tree import (
    EMPTY_ROOT,
    Address,
    Frontier,
    Node,
    consistency_nodes,
    consistency_proof,
    grown,
    inclusion_nodes,
    inclusion_proof,
    leaf_hash,
    root_at,
    verify_consistency,
    verify_inclusion,
)

from . import naive

# The reference leaves of Certificate Transparency, their roots at sizes 0 to 8, and reference proofs.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    bytes.fromhex(root)
    for root in (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]
N00 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
N11 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
N21 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
N04 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
N13 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
N20 = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
N12 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
INCLUSION = [(0, 8, [N00, N11, N21]), (5, 8, [N04, N13, N20]), (0, 1, [])]
CONSISTENCY = [(1, 1, []), (1, 8, [N00, N11, N21]), (6, 8, [N12, N13, N20]), (2, 5, [N11, N04])]

MOST = 130
DATA = [number.to_bytes(2, "big") for number in range(MOST)]


@pytest.mark.parametrize("size", range(9))
def test_the_root_is_the_published_one_at_every_size(size: int) -> None:
    frontier, fetch = naive.grown(LEAVES[:size])
    assert frontier.root() == ROOTS[size] == root_at(size, fetch)


@pytest.mark.parametrize(("index", "size", "proof"), INCLUSION)
def test_inclusion_proofs_are_the_published_ones(index: int, size: int, proof: list[str]) -> None:
    _, fetch = naive.grown(LEAVES)
    assert [value.hex() for value in inclusion_proof(index, size, fetch)] == proof
    verify_inclusion(leaf_hash(LEAVES[index]), index, size, [bytes.fromhex(value) for value in proof], ROOTS[size])


@pytest.mark.parametrize(("first", "second", "proof"), CONSISTENCY)
def test_consistency_proofs_are_the_published_ones(first: int, second: int, proof: list[str]) -> None:
    _, fetch = naive.grown(LEAVES)
    assert [value.hex() for value in consistency_proof(first, second, fetch)] == proof
    verify_consistency(first, second, [bytes.fromhex(value) for value in proof], ROOTS[first], ROOTS[second])


def test_the_empty_tree_has_the_root_of_an_empty_string() -> None:
    assert Frontier().root() == EMPTY_ROOT == sha256(b"").digest() == root_at(0, lambda _: [])


def test_every_inclusion_proof_of_every_size_is_the_definitions_and_verifies() -> None:
    _, fetch = naive.grown(DATA)
    for size in range(1, MOST + 1):
        root = naive.root(DATA[:size])
        assert root_at(size, fetch) == root
        for index in {0, 1, size // 3, size // 2, size - 2, size - 1} & set(range(size)):
            proof = inclusion_proof(index, size, fetch)
            assert list(proof) == naive.path(index, DATA[:size])
            verify_inclusion(leaf_hash(DATA[index]), index, size, proof, root)


def test_all_leaves_of_all_small_trees_verify_and_at_no_other_index() -> None:
    _, fetch = naive.grown(DATA)
    for size in range(1, 34):
        root = root_at(size, fetch)
        for index in range(size):
            proof = inclusion_proof(index, size, fetch)
            verify_inclusion(leaf_hash(DATA[index]), index, size, proof, root)
            for other in range(-1, size + 2):
                if other != index:
                    with pytest.raises(ProofFailed):
                        verify_inclusion(leaf_hash(DATA[index]), other, size, proof, root)


def test_every_consistency_proof_of_all_sizes_verifies() -> None:
    _, fetch = naive.grown(DATA)
    roots = [root_at(size, fetch) for size in range(MOST + 1)]
    for second in range(MOST + 1):
        for first in range(second + 1):
            proof = consistency_proof(first, second, fetch)
            verify_consistency(first, second, proof, roots[first], roots[second])


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_consistency_proofs_are_the_definitions(data: st.DataObject) -> None:
    second = data.draw(st.integers(1, MOST))
    first = data.draw(st.integers(1, second))
    _, fetch = naive.grown(DATA[:second])
    assert list(consistency_proof(first, second, fetch)) == naive.proof(first, DATA[:second])


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_proof_that_was_changed_in_any_way_fails(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, MOST))
    index = data.draw(st.integers(0, size - 1))
    first = data.draw(st.integers(1, size - 1))
    _, fetch = naive.grown(DATA[:size])
    root, old = root_at(size, fetch), root_at(first, fetch)
    inclusion, consistency = inclusion_proof(index, size, fetch), consistency_proof(first, size, fetch)
    leaf = leaf_hash(DATA[index])
    for broken in _broken(data, inclusion, root):
        with pytest.raises(ProofFailed):
            verify_inclusion(leaf, index, size, broken, root)
    for broken in _broken(data, consistency, root):
        with pytest.raises(ProofFailed):
            verify_consistency(first, size, broken, old, root)
    with pytest.raises(ProofFailed):
        verify_inclusion(_flipped(data, leaf), index, size, inclusion, root)
    with pytest.raises(ProofFailed):
        verify_inclusion(leaf, index, size, inclusion, _flipped(data, root))
    with pytest.raises(ProofFailed):
        verify_consistency(first, size, consistency, _flipped(data, old), root)
    with pytest.raises(ProofFailed):
        verify_consistency(first, size, consistency, old, _flipped(data, root))
    with pytest.raises(ProofFailed):
        verify_consistency(first, size, consistency, root, old)


def _flipped(data: st.DataObject, value: bytes) -> bytes:
    bit = data.draw(st.integers(0, len(value) * 8 - 1))
    changed = bytearray(value)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def _broken(data: st.DataObject, proof: tuple[bytes, ...], root: bytes) -> list[tuple[bytes, ...]]:
    """Give a proof with a bit flipped, a hash left out, one too many, one cut short."""
    place = data.draw(st.integers(0, len(proof) - 1))
    hit = (*proof[:place], _flipped(data, proof[place]), *proof[place + 1 :])
    short = (*proof[:place], proof[place][:-1], *proof[place + 1 :])
    return [hit, short, proof[:place] + proof[place + 1 :], (*proof, root), (root, *proof), (*proof, b"")]


@given(st.lists(st.binary(max_size=6), max_size=70), st.integers(0, 70))
@settings(max_examples=80, deadline=None)
def test_appending_one_by_one_or_at_once_or_after_a_pause_is_the_same(data: list[bytes], pause: int) -> None:
    hashes = [leaf_hash(datum) for datum in data]
    one, stored = Frontier(), list[Node]()
    edge = one.encode()
    for leaf in hashes:
        one, nodes = one.append(leaf)
        stored += nodes
        edge, done = grown(edge, leaf)
        assert (edge, done) == (one.encode(), b"".join(node.hash for node in nodes))
    before, first = Frontier().extend(hashes[:pause])
    after, second = Frontier.decode(before.encode()).extend(hashes[pause:])
    assert one == after
    assert tuple(stored) == first + second
    assert one.root() == naive.root(data)


def test_a_store_is_asked_once_for_a_whole_proof_and_not_at_all_for_an_empty_one() -> None:
    _, fetch = naive.grown(DATA)
    calls = list[int]()

    def counted(addresses: Sequence[Address]) -> Sequence[bytes]:
        calls.append(len(addresses))
        return fetch(addresses)

    inclusion_proof(77, 130, counted)
    assert calls == [sum(len(group) for group in inclusion_nodes(77, 130))]
    assert inclusion_proof(0, 1, counted) == consistency_proof(0, 9, counted) == consistency_proof(9, 9, counted) == ()
    assert len(calls) == 1
    with pytest.raises(LookupError, match="gave 0 hashes where"):
        inclusion_proof(77, 130, lambda _: [])


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (lambda: inclusion_nodes(8, 8), "no leaf 8 in a tree of 8"),
        (lambda: inclusion_nodes(-1, 8), "no leaf -1"),
        (lambda: inclusion_nodes(0, 0), "no leaf 0 in a tree of 0"),
        (lambda: consistency_nodes(9, 8), "cannot go from 9 leaves to 8"),
        (lambda: verify_consistency(0, 0, (), bytes(32), bytes(32)), "leads to old root e3b0c442"),
        (lambda: verify_consistency(0, 8, (bytes(32),), EMPTY_ROOT, ROOTS[8]), "1 hashes where 0 belong"),
        (lambda: verify_inclusion(b"short", 0, 1, (), ROOTS[1]), "leaf: a hash of 5 bytes"),
        (lambda: Frontier().append(b"data, not a hash"), "leaf 0: a hash of 16 bytes"),
        (lambda: Frontier(3, (bytes(32),)), "3 leaves leave 1 open subtrees"),
        (lambda: Frontier.decode(b""), "0 bytes cannot be the edge"),
        (lambda: grown(b"", bytes(32)), "0 bytes cannot be the edge"),
        (lambda: grown(bytes(7) + b"\x03" + bytes(32), bytes(32)), "edge of a tree of 3 leaves"),
        (lambda: grown(bytes(8), b"data, not a hash"), "leaf 0: a hash of 16 bytes"),
        (lambda: Frontier.decode(bytes(7) + b"\x03" + bytes(32)), "edge of a tree of 3 leaves"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(act: Callable[[], object], says: str) -> None:
    with pytest.raises(LedgerError, match=says) as caught:
        act()
    assert isinstance(caught.value, ProofFailed | Malformed)
