"""Joining a peer: its server is asked what it is and what it offers, and then it is added as it was found."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urljoin, urlsplit

from comity.acts import peers
from comity.acts.peers import Door, PeerRefused, Wanted
from comity.ledger import notes
from comity.ledger.errors import LedgerError
from comity.models import Peer
from comity.peering import resources
from comity.peering.client import Client
from comity.peering.resources import Collection


@dataclass(frozen=True, slots=True)
class Asked:
    """A peer as somebody asks for it. Certificates are PEM."""

    name: str
    party: str
    agreement: str
    url: str
    username: str = ""
    secret: str = field(default="", repr=False)
    pins: tuple[str, ...] = ()
    ca: bytes = b""
    certificate: bytes = field(default=b"", repr=False)
    lines: tuple[Wanted, ...] = ()


def join(asked: Asked, actor: str, now: datetime) -> Peer:
    """Add a peer whose server answers and offers what is asked for."""
    peers.check_address(asked.url)
    peers.check_bond(asked.party, asked.agreement)
    url = asked.url if urlsplit(asked.url).path.strip("/") else urljoin(asked.url, "/taxii2/")
    with TemporaryDirectory() as folder:
        client = Client(_door(asked, url, Path(folder)))
        try:
            root, largest = resources.root_of(client, url)
            offered = resources.collections(client, root)
            keeps_ledger = _keeps_ledger(client)
        finally:
            client.close()
    lines = tuple(_found(wanted, offered) for wanted in asked.lines)
    whole = peers.Asked(asked.name, asked.party, asked.agreement, asked.url, root, asked.username, asked.secret,
                        asked.pins, asked.ca, asked.certificate, keeps_ledger, largest, lines)  # fmt: skip
    return peers.add(whole, actor, now)


def _door(asked: Asked, url: str, folder: Path) -> Door:
    ca, certificate = (_put(folder / name, content) for name, content in
                       (("ca.pem", asked.ca), ("certificate.pem", asked.certificate)))  # fmt: skip
    return Door(asked.name, url, asked.username, asked.secret, asked.pins, ca, certificate)


def _put(path: Path, content: bytes) -> Path | None:
    if not content:
        return None
    path.touch(0o600)
    path.write_bytes(content)
    return path


def _keeps_ledger(client: Client) -> bool:
    """Tell whether the server keeps a ledger for us: only a Comity does, and its dates are unique."""
    reply = client.get("/ledger/checkpoint/")
    try:
        return reply.status == 200 and bool(notes.parse(reply.body.decode()))  # noqa: PLR2004 - HTTP's own number
    except (LedgerError, UnicodeDecodeError):
        return False


def _found(wanted: Wanted, offered: list[Collection]) -> Wanted:
    """Return a line with the id of the collection over there; refuse one that is not offered, or not for this."""
    one = next((one for one in offered if wanted.remote in {one.id, one.alias}), None)
    if one is None:
        known = ", ".join(f"{one.id} ({one.alias or one.title})" for one in offered) or "none"
        raise PeerRefused(f"--{wanted.direction}: it offers us no collection “{wanted.remote}”; it offers {known}")
    allowed = one.can_read if wanted.direction == "pull" else one.can_write
    if not allowed:
        what = "read" if wanted.direction == "pull" else "add to"
        raise PeerRefused(f"--{wanted.direction}: it does not let us {what} “{wanted.remote}”; ask the other side to")
    return replace(wanted, remote=one.id, title=one.title)
