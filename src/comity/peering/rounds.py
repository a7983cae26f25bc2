"""One round of a line: a pull to the end of what there is, or a push of all that the party may have."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from comity.acts import parcels, peer_runs
from comity.acts.peer_runs import Ended
from comity.acts.peer_secrets import SecretLost
from comity.acts.peers import Door, door
from comity.models import Line, Parcel, Run
from comity.peering import heads, resources
from comity.peering.client import BadAnswer, Client, Reply, Unreached
from comity.policy import peering
from comity.policy.peering import Place
from comity.policy.saying import sentence
from comity.policy.troubles import Trouble

_OK, _ACCEPTED, _NOT_FOUND, _TOO_LARGE = 200, 202, 404, 413
_LOST = frozenset({400, 404, 410, 416, 422, 500})
"""What servers answer to a `next` that they no longer know."""
_TURNED_DOWN = frozenset({400, 413, 422})
_LOOKS = (0.0, 1.0, 2.0, 4.0)
"""Seconds to wait before each look at a status within one round."""


class Server(Protocol):
    """What a round needs of a peer's server."""

    def get(self, url: str, query: Mapping[str, str] | None = None) -> Reply:
        """Ask for a resource."""

    def post(self, url: str, body: bytes) -> Reply:
        """Give an envelope."""

    def close(self) -> None:
        """Hang up."""


@dataclass(frozen=True, slots=True)
class World:
    """What a round takes from outside: the clock, a way to rest some seconds, and chance (0 to 1)."""

    clock: Callable[[], datetime]
    rest: Callable[[float], None]
    chance: Callable[[], float]
    connect: Callable[[Door], Server] = Client


class _Trouble(Exception):
    """The round cannot go on now; `asked_for` are the seconds for which the other side wants to be left alone."""

    def __init__(self, why: str, asked_for: float | None = None) -> None:
        super().__init__(why)
        self.asked_for = asked_for


def make(line: Line, world: World) -> Ended:
    """Make one round of a line, and say how it ended. What came or went before trouble stays."""
    run = peer_runs.begin(line, world.clock())
    how, why, asked_for = Run.End.DONE.value, "", None
    client: Server | None = None
    try:
        peer_runs.check_bond(line, world.clock())
        client = world.connect(door(line.peer))
        full = (_pull if line.direction == Line.Direction.PULL else _push)(line, run, client, world)
        how = Run.End.QUOTA.value if full else how
        why = heads.exchange(line.peer, client, world.clock())
    except peer_runs.Withheld as refused:
        how, why = Run.End.WITHHELD.value, str(refused)
    except _Trouble as trouble:
        how, why, asked_for = Run.End.TROUBLE.value, str(trouble), trouble.asked_for
    except (Unreached, BadAnswer, SecretLost, peer_runs.Overtaken, parcels.Unsettled) as trouble:
        how, why = Run.End.TROUBLE.value, str(trouble)
    finally:
        if client is not None:
            client.close()
    return peer_runs.end(line, run, how, world.clock(), why, (asked_for, world.chance()))


def _objects(line: Line) -> str:
    return f"{line.peer.root}collections/{line.remote}/objects/"


def _pull(line: Line, run: Run, client: Server, world: World) -> bool:
    """Read to the end, page by page; tell whether it stopped at the line's quota."""
    plan, seen = peer_runs.plan(line), 0
    while True:
        place = peer_runs.place(line)
        begun = peering.begin(place, plan)
        reply = client.get(_objects(line), peering.question(begun, plan))
        if reply.status != _OK:
            _go_round(line, begun, reply, world)
            continue
        objects, answered = resources.envelope(reply)
        step = peering.onward(begun, answered, plan)
        peer_runs.take_page(line, run, objects, (place, step.place), world.clock())
        if step.stuck:
            raise _Trouble(step.stuck)
        seen += len(objects)
        if step.done:
            return False
        if line.most and seen >= line.most:
            return True


def _go_round(line: Line, begun: Place, reply: Reply, world: World) -> None:
    """Go on without a cursor that was lost; any other refusal is trouble."""
    again = peering.lost(begun, peer_runs.plan(line)) if reply.status in _LOST else None
    if again is None:
        raise _trouble(reply, world)
    peer_runs.move(line, again.place)
    if again.stuck:
        raise _Trouble(again.stuck)


def _trouble(reply: Reply, world: World) -> _Trouble:
    return _Trouble(reply.said, reply.retry_after(world.clock()))


def _push(line: Line, run: Run, client: Server, world: World) -> bool:
    """Give parcel after parcel until the party has all that it may have; tell whether it stopped at the quota."""
    given = 0
    while True:
        before = parcels.on_its_way(line)
        if before is not None and before.state == Parcel.State.TAKEN and _look(line, before, client, world):
            continue
        packed = parcels.pack(line, world.clock())
        if packed is None:
            return False
        peer_runs.check_bond(line, world.clock())
        reply = client.post(_objects(line), packed.body)
        peer_runs.count(run, pages=1)
        given += _heard(line, run, packed.parcel, reply, (client, world))
        if line.most and given >= line.most:
            return True


def _heard(line: Line, run: Run, parcel: Parcel, reply: Reply, at: tuple[Server, World]) -> int:
    """Act on what is answered to a parcel; return how many objects it settled."""
    client, world = at
    if reply.status in _TURNED_DOWN:
        failure = parcels.turned_down(line, parcel, reply.said, world.clock())
        peer_runs.count(run, seen=0 if failure is None else 1, refused=0 if failure is None else 1)
        return 0 if failure is None else 1
    if reply.status not in {_OK, _ACCEPTED}:
        raise _trouble(reply, world)
    status = resources.status(reply)
    if not status.done:
        parcels.taken(parcel, status.id)
        if not _look(line, parcel, client, world):
            raise _Trouble(sentence(Trouble.NOT_SAID_YET))
        peer_runs.count(run, seen=parcel.count)
        return parcel.count
    failures = status.failed()
    parcels.answered(line, parcel, failures, world.clock())
    peer_runs.count(run, seen=parcel.count, stored=max(parcel.count - len(failures), 0), refused=len(failures))
    return parcel.count


def _look(line: Line, parcel: Parcel, client: Server, world: World) -> bool:
    """Ask what became of a parcel; tell whether that is settled, or the parcel is to be given again."""
    for seconds in _LOOKS:
        if seconds:
            world.rest(seconds)
        reply = client.get(f"{line.peer.root}status/{parcel.status}/")
        if reply.status == _NOT_FOUND:  # expired or never kept: to give it again does no harm
            parcels.reopen(parcel)
            return False
        if reply.status != _OK:
            raise _trouble(reply, world)
        status = resources.status(reply)
        if status.done:
            parcels.answered(line, parcel, status.failed(), world.clock())
            return True
    raise _Trouble(sentence(Trouble.NOT_SAID_YET))
