"""Heads of logs shown to one another: we see the one of the peer's log of us, and it sees ours of it."""

from datetime import datetime
from typing import Protocol

from comity.acts import messages, witnessing
from comity.models import Peer
from comity.peering.client import BadAnswer, Reply, Unreached
from comity.policy.saying import sentence
from comity.policy.troubles import Trouble

ACTOR = "rounds"
_OK, _BEHIND = 200, 409


class Server(Protocol):
    """What is needed of a peer's server."""

    def get(self, url: str) -> Reply:
        """Ask for a resource."""

    def post(self, url: str, body: bytes) -> Reply:
        """Give something."""


def exchange(peer: Peer, server: Server, now: datetime) -> str:
    """Show heads both ways where it is time to; return what went wrong in words, "" where nothing did.

    Each step stands by itself: what was cut off is made up for the next time. A head that contradicts what was seen is
    kept as evidence, and said here.
    """
    if not peer.keeps_ledger or not witnessing.is_time(peer.party_id, now):
        return ""
    try:
        return _see(peer, server, now) or _show(peer, server, now)
    except (Unreached, BadAnswer, messages.Refused, UnicodeDecodeError) as error:
        return sentence(Trouble.OF_HEADS, reason=error)


def _see(peer: Peer, server: Server, now: datetime) -> str:
    """See the head that the peer hands in, and hand our word back.

    Where our last word did not reach it, what it proves does not begin at the head that we saw: then that word goes
    first.
    """
    handed = server.get("/ledger/submission/")
    if handed.status != _OK:
        return sentence(Trouble.OF_HEADS, reason=handed.said)
    try:
        seen = witnessing.witness_head(peer.party_id, handed.body.decode(), ACTOR, now)
    except witnessing.Behind:
        server.post("/ledger/cosignature/", witnessing.last_word(peer.party_id).encode())
        handed = server.get("/ledger/submission/")
        seen = witnessing.witness_head(peer.party_id, handed.body.decode(), ACTOR, now)
    if not seen.agrees:
        return sentence(Trouble.OF_HEADS, reason=sentence(Trouble.CONTRADICTS, finding=seen.finding))
    told = server.post("/ledger/cosignature/", seen.cosignature.encode())
    return "" if told.status == _OK else sentence(Trouble.OF_HEADS, reason=told.said)


def _show(peer: Peer, server: Server, now: datetime) -> str:
    """Hand in our head of the log of the peer, and keep its word."""
    answer = server.post("/ledger/add-checkpoint", witnessing.submission(peer.party_id, now).encode())
    if answer.status == _BEHIND and answer.body.strip().isdigit():  # its last word did not reach us
        further = witnessing.submission(peer.party_id, now, int(answer.body))
        answer = server.post("/ledger/add-checkpoint", further.encode())
    if answer.status != _OK:
        return sentence(Trouble.OF_HEADS, reason=answer.said)
    witnessing.cosigned(peer.party_id, answer.body.decode(), ACTOR, now)
    return ""
