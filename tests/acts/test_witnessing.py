"""Each side sees the other's log: a head that contradicts what was seen is told by name and shown to anybody."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from hypothesis import given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from comity.acts import keys, ledgers, messages, witnessing
from comity.ledger import notes, witness
from comity.ledger.errors import LedgerError
from comity.ledger.tree import Frontier, leaf_hash
from comity.ledger.witness import Finding
from comity.models import Checkpoint, Contradiction, Cosignature, SeenHead
from tests.journeys.world import World, indicator

NAME = "comity/XA/BS"
NOW = datetime(2026, 11, 3, 9, tzinfo=UTC)


class Log:
    """A partner's log of us, as its own node keeps it; it may lie."""

    def __init__(self, entries: int = 0, secret: int = 7, salt: str = "") -> None:
        self.private = Ed25519PrivateKey.from_private_bytes(bytes([secret]) * 32)
        self.verifier = notes.Verifier(NAME, self.private.public_key().public_bytes_raw())
        self.leaves = [leaf_hash(f"entry {salt}{number}".encode()) for number in range(entries)]

    def head(self, size: int | None = None) -> str:
        size = len(self.leaves) if size is None else size
        root = Frontier(0, ()).extend(self.leaves[:size])[0].root()
        return notes.sign(notes.Checkpoint(NAME, size, root), NAME, self.verifier.public, self.private.sign)

    def handed_in(self, old: int = 0, size: int | None = None) -> str:
        size = len(self.leaves) if size is None else size
        proof = witness.prove(old, size, self.leaves) if 0 < old < size else ()
        return witness.write(witness.Submission(old, proof, self.head(size)))

    def ring(self) -> notes.Keyring:
        return notes.keyring([self.verifier])


def verdict(evidence: str, log: Log) -> tuple[bool, str]:
    report = witness.verify_evidence(witness.read_evidence(evidence.encode()), log.ring(), keys.verify_signature)
    return report.ok, report.in_words()


@pytest.fixture
def world(db: None) -> World:
    del db
    made = World()
    messages.keep_key("XA", Log().verifier.text(), "handed over at the signing", "officer", made.now)
    return made


def see(log: Log, old: int = 0, size: int | None = None, leaves: tuple[bytes, ...] = ()) -> witnessing.Witnessed:
    return witnessing.witness_head("XA", log.handed_in(old, size), "officer", NOW, leaves)


@pytest.mark.both_stores
def test_a_log_that_grows_is_seen_and_our_line_verifies(world: World) -> None:
    log = Log(3)
    assert see(log).finding is Finding.FIRST
    log = Log(8)
    found = see(log, 3)
    assert (found.finding, found.agrees) == (Finding.GROWN, True)
    assert see(log, 3).finding is Finding.SAME
    ours = keys.load(Path(settings.DATA)).verifier("comity/BS/XA")
    note = log.head() + found.cosignature
    assert [(one.name, one.at) for one in witness.cosignatures(note, [ours], keys.verify_signature)] == [
        ("comity/BS/XA", int(NOW.timestamp()))
    ]
    assert notes.open_note(note, log.ring(), keys.verify_signature).size == 8, "the log's own still counts"
    assert list(SeenHead.objects.values_list("size", flat=True)) == [3, 8]
    with pytest.raises(witnessing.Behind) as behind:
        see(Log(12), 0)
    assert behind.value.size == 8
    assert world.now


@pytest.mark.usefixtures("world")
def test_two_histories_of_one_size_are_equivocation_and_anybody_can_check_it() -> None:
    see(Log(5))
    other = Log(5, salt="other ")
    found = see(other)
    assert (found.finding, found.agrees, found.cosignature) == (Finding.FORKED, False, "")
    assert verdict(found.evidence, other)[0]
    assert "two roots for 5 entries" in verdict(found.evidence, other)[1]
    assert not verdict(found.evidence, Log(5, secret=8))[0], "by somebody else's key nothing is shown"
    assert see(other).evidence == found.evidence
    assert Contradiction.objects.count() == 1
    assert [one.finding for one in witnessing.mutual("XA").contradictions] == ["equivocation"]


@pytest.mark.usefixtures("world")
def test_a_log_that_was_cut_off_or_put_back_is_named() -> None:
    see(Log(4))
    see(Log(9), 4)
    found = see(Log(6))
    assert found.finding is Finding.SHORTENED
    assert "6 entries were shown where 9 had been" in verdict(found.evidence, Log(6))[1]
    assert see(Log(4, salt="other ")).finding is Finding.FORKED, "and of the size seen before, with another root"


@pytest.mark.usefixtures("world")
def test_a_longer_log_that_was_rewritten_is_shown_by_its_entries() -> None:
    see(Log(4))
    other = Log(9, salt="other ")
    with pytest.raises(witnessing.Behind):
        see(other, 4)
    found = see(other, 4, leaves=tuple(other.leaves))
    assert found.finding is Finding.REWRITTEN
    assert verdict(found.evidence, other)[0]
    honest = Log(9)
    assert see(honest, 0, leaves=tuple(honest.leaves)).finding is Finding.GROWN
    with pytest.raises(messages.Refused, match="are not the 12"):
        see(Log(12, salt="third "), 0, leaves=tuple(honest.leaves))


@pytest.mark.usefixtures("world")
def test_what_is_not_theirs_is_refused() -> None:
    with pytest.raises(messages.Refused, match="no known key"):
        see(Log(3, secret=9))
    with pytest.raises(witnessing.NoKey):
        witnessing.witness_head("XI", Log(3).handed_in(), "officer", NOW)
    with pytest.raises(messages.Refused, match="line 1"):
        witnessing.witness_head("XA", "nothing", "officer", NOW)
    assert not SeenHead.objects.exists()


def test_our_log_is_handed_in_and_their_word_is_kept_under_its_head(world: World) -> None:
    world.share(indicator("a", "GREEN"))
    world.objects("XA")
    keys.open_keys(Path(settings.DATA), world.now)
    them = Log()
    handed = witness.read(witnessing.submission("XA", world.now))
    assert handed.old == 0
    cosigner = notes.Verifier(NAME, them.verifier.public)
    line = witness.cosign(handed.note, cosigner, 1_793_000_000, them.private.sign)
    kept = witnessing.cosigned("XA", line, "officer", world.now)
    assert kept.checkpoint.size == notes.checkpoint_of(notes.parse(handed.note)).size
    whole = witnessing.with_witnesses(kept.checkpoint)
    assert [one.name for one in witness.cosignatures(whole, [cosigner], keys.verify_signature)] == [NAME]
    world.tick()
    world.share(indicator("b", "GREEN"))
    world.objects("XA")
    again = witness.read(witnessing.submission("XA", world.now))
    seen, new = (notes.checkpoint_of(notes.parse(text)) for text in (handed.note, again.note))
    assert witness.judge(seen, new, again.old, again.proof) is Finding.GROWN
    with pytest.raises(messages.Refused, match="no word"):
        witnessing.cosigned("XA", witness.cosign(Log(3).head(), cosigner, 1, them.private.sign), "officer", world.now)
    assert Cosignature.objects.count() == 1
    assert ledgers.checkpoint("XA", keys.load(Path(settings.DATA)), world.now) == Checkpoint.objects.last().note  # type: ignore[union-attr]


def test_a_partners_client_hands_its_head_in(world: World) -> None:
    log = Log(3)
    done = world.get("XA", "/ledger/add-checkpoint/", method="POST", body=log.handed_in().encode())
    assert (done.status, done.body.decode().startswith("— comity/BS/XA ")) == (200, True)
    late = world.get("XA", "/ledger/add-checkpoint/", method="POST", body=Log(5).handed_in().encode())
    assert (late.status, late.body) == (409, b"3\n")
    other = world.get("XA", "/ledger/add-checkpoint/", method="POST", body=Log(3, salt="x").handed_in().encode())
    assert other.status == 422
    assert b"equivocation" in other.body
    assert world.get("XI", "/ledger/add-checkpoint/", method="POST", body=log.handed_in().encode()).status == 403
    assert world.get("XA", "/ledger/submission/").body.startswith(b"old 0\n")
    bad = world.get("XA", "/ledger/cosignature/", method="POST", body=b"nothing")
    assert bad.status == 422


@bounds(max_examples=60, deadline=None)
@given(st.integers(1, 20), st.integers(1, 20), st.integers(0, 20), st.booleans())
def test_every_pair_of_heads_is_judged_as_the_entries_themselves_say(
    first: int, second: int, fork: int, given_leaves: bool
) -> None:  # fmt: skip
    """Beside the naive truth: one list of entries begins with the other, or does not."""
    seen_log, shown_log = Log(first), Log(second)
    for place in range(min(fork, second), second):
        shown_log.leaves[place] = leaf_hash(f"other {place}".encode())
    seen, shown = (notes.checkpoint_of(notes.parse(one.head())) for one in (seen_log, shown_log))
    begins = shown_log.leaves[:first] == seen_log.leaves
    try:
        proof = witness.prove(first, second, shown_log.leaves) if first < second else ()
    except LedgerError:
        proof = ()
    found = witness.judge(seen, shown, first, proof)
    if first == second:
        assert found is (Finding.SAME if begins else Finding.FORKED)
    elif second < first:
        assert found is Finding.SHORTENED
    else:
        assert found is (Finding.GROWN if begins else Finding.UNPROVEN)
        if given_leaves:
            truth = witness.judge_leaves(seen, shown, shown_log.leaves)
            assert truth is (Finding.GROWN if begins else Finding.REWRITTEN)


def test_a_submission_reads_back_and_a_broken_one_names_its_line() -> None:
    text = Log(9).handed_in(4)
    assert witness.write(witness.read(text)) == text
    for broken in ("", "old x\n\n", "old 04\n\nnote", "old 4\n***\n\nnote", "new 4\n\nnote"):
        with pytest.raises(LedgerError):
            witness.read(broken)
