"""Peers: what is taken from other nodes and servers and given to them, and what did not go through."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from comity.acts import peers
from comity.models import Peer
from comity.web.pages import officers_only, show

STATES = {
    "paused": (_("paused"), "ended"), "waiting": (_("not begun"), "provisional"),
    "under way": (_("under way"), "provisional"), "done": (_("up to date"), "in-force"),
    "quota": (_("goes on with the next round"), "provisional"),
    "withheld": (_("withheld: the agreement is not in force"), "suspended"), "trouble": (_("in trouble"), "suspended"),
}  # fmt: skip


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the peers with their lines."""
    rows = [{"peer": one, "lines": _lines(one)} for one in peers.told()]
    return show(request, "peers/list.html", {"room": "peers", "rows": rows})


@require_safe
def one(request: HttpRequest, name: str) -> HttpResponse:
    """Show one peer: its lines, its last rounds, what did not go through."""
    told = peers.told([_peer(name).name])[0]
    context = {"room": "peers", "peer": told, "lines": _lines(told), "runs": peers.runs(name),
               "snags": peers.snags(name), "shown": peers.SHOWN}  # fmt: skip
    return show(request, "peers/one.html", context)


@require_POST
@officers_only
def turn(request: HttpRequest, name: str) -> HttpResponse:
    """Let a peer's lines rest, or go on."""
    peer = _peer(name)
    peers.pause(peer, paused=not peer.paused)
    said = gettext("%(name)s goes on.") if peer.paused else gettext("%(name)s rests.")
    messages.success(request, said % {"name": name})
    return redirect("peer", name)


def _lines(told: peers.PeerTold) -> list[dict[str, object]]:
    return [{"line": line, "state": STATES[line.state][0], "style": STATES[line.state][1]} for line in told.lines]


def _peer(name: str) -> Peer:
    try:
        return peers.named(name)
    except peers.PeerRefused as refused:
        raise Http404(name) from refused
