"""Heads of logs go both ways with a round, once an hour; what one side did not hear is made up, a lie is said."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from comity.acts import keys, messages, witnessing
from comity.ledger import notes, witness
from comity.ledger.errors import LedgerError
from comity.models import Contradiction, Cosignature, Peer, SeenHead
from comity.peering import heads
from comity.peering.client import Reply, Unreached
from tests.acts.test_witnessing import Log
from tests.journeys.world import World, indicator


@dataclass
class Ardenia:
    """A partner's node: its log of us, what it has heard of our word on it, and what it has seen of our log of it."""

    log: Log
    now: datetime
    heard: int = 0
    seen: notes.Checkpoint | None = None
    deaf: bool = False
    asked: list[str] = field(default_factory=list)

    def get(self, url: str) -> Reply:
        self.asked.append(url)
        return Reply(200, {}, self.log.handed_in(self.heard).encode())

    def post(self, url: str, body: bytes) -> Reply:
        self.asked.append(url)
        if self.deaf and url.endswith("cosignature/"):
            raise Unreached("no answer: cut off")
        if url.endswith("cosignature/"):
            self.heard = max(size for size in range(len(self.log.leaves) + 1) if self._is_word(body, size))
            return Reply(200, {}, b"")
        handed = witness.read(body.decode())
        head = notes.checkpoint_of(notes.parse(handed.note))
        if self.seen is not None and head.size > self.seen.size and handed.old != self.seen.size:
            return Reply(409, {}, f"{self.seen.size}\n".encode())
        assert witness.judge(self.seen, head, handed.old, handed.proof) not in witness.CONTRADICTS
        self.seen = head
        line = witness.cosign(handed.note, self.log.verifier, int(self.now.timestamp()), self.log.private.sign)
        if self.deaf:
            raise Unreached("no answer: cut off")
        return Reply(200, {}, line.encode())

    def _is_word(self, line: bytes, size: int) -> bool:
        ours = keys.open_keys(Path(settings.DATA), self.now).verifier("comity/BS/XA")
        try:
            return bool(witness.cosignatures(self.log.head(size) + line.decode(), [ours], keys.verify_signature))
        except LedgerError:
            return False  # of another head


@pytest.fixture
def world(db: None) -> World:
    del db
    made = World()
    messages.keep_key("XA", Log().verifier.text(), "handed over", "officer", made.now)
    made.share(indicator("a", "GREEN"))
    made.get("XA", "/exchange/collections/indicators/objects/")
    return made


PEER = Peer(party_id="XA", keeps_ledger=True)


def test_each_sees_the_others_head_once_an_hour(world: World) -> None:
    far = Ardenia(Log(3), world.now)
    assert heads.exchange(PEER, far, world.now) == ""
    assert (SeenHead.objects.get().size, far.heard) == (3, 3)
    assert far.seen is not None
    assert Cosignature.objects.get().checkpoint.size == far.seen.size
    far.asked.clear()
    assert heads.exchange(PEER, far, world.now + timedelta(minutes=59)) == ""
    assert heads.exchange(Peer(party_id="XI", keeps_ledger=True), far, world.now) == "", "no key of it is on file"
    assert heads.exchange(Peer(party_id="XA"), far, world.now + timedelta(hours=2)) == "", "it keeps no ledger"
    assert far.asked == []
    far.log = Log(8)
    assert heads.exchange(PEER, far, world.now + timedelta(hours=1)) == ""
    assert far.heard == 8


def test_words_that_were_lost_are_made_up_for(world: World) -> None:
    far = Ardenia(Log(3), world.now, deaf=True)
    assert "cut off" in heads.exchange(PEER, far, world.now)
    assert far.heard == 0
    far.log = Log(6)
    with pytest.raises(Unreached):
        far.post("/ledger/add-checkpoint", witnessing.submission("XA", world.now).encode())
    far.deaf = False
    world.tick()
    world.share(indicator("b", "GREEN"))
    world.get("XA", "/exchange/collections/indicators/objects/")
    assert heads.exchange(PEER, far, world.now) == ""
    assert far.heard == 6
    assert far.seen is not None
    assert Cosignature.objects.get().checkpoint.size == far.seen.size


def test_a_log_that_was_rewritten_is_said_and_kept(world: World) -> None:
    far = Ardenia(Log(3), world.now)
    assert heads.exchange(PEER, far, world.now) == ""
    far.log = Log(2)
    assert "contradicts" in heads.exchange(PEER, far, world.now + timedelta(hours=1))
    assert Contradiction.objects.count() == 1
