"""Peers: added, paused, removed, and told of with what their lines do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from comity.acts import law, moments, peer_secrets, sharing
from comity.models import Agreement, Collection, Line, Peer, Run, Snag

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
MOST_PAGE = 10_000
SHOWN = 30  # runs and snags that a page shows
COUNTED = ("stored", "known", "returned", "refused", "conflicts")


class PeerRefused(Exception):
    """A peer or a line of it cannot be as asked; the message says what and how to mend it. Nothing was stored."""


@dataclass(frozen=True, slots=True)
class Door:
    """All that is needed to reach a peer. `largest` is in bytes; the two paths are of PEM files, None: not used."""

    name: str
    root: str
    username: str = ""
    secret: str = field(default="", repr=False)
    pins: tuple[str, ...] = ()
    ca: Path | None = None
    certificate: Path | None = None
    largest: int = 1 << 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line as it is asked for: which collection there, which one here (by alias), and at what pace."""

    direction: str
    remote: str
    local: str
    title: str = ""
    every: int = 300
    page: int = 1000
    most: int = 0
    overlap: int = 60
    versions: str = "all"
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A peer as it is asked for. The secret and the PEM files' contents go into the node's home."""

    name: str
    party: str
    agreement: str
    url: str
    root: str
    username: str = ""
    secret: str = field(default="", repr=False)
    pins: tuple[str, ...] = ()
    ca: bytes = b""
    certificate: bytes = field(default=b"", repr=False)
    keeps_ledger: bool = False
    largest: int = 1 << 20
    lines: tuple[Wanted, ...] = ()


def check_address(url: str) -> None:
    """Refuse an address that would send a secret in the clear, or is none."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise PeerRefused(f"--url: “{url}” is no address; write https://HOST/taxii2/")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise PeerRefused(f"--url: “{url}” is not sealed; only this machine itself is asked by http, others by https")
    if parts.username or parts.password:
        raise PeerRefused("--url: leave name and secret out of the address; give them by --user and --secret-file")


def check_bond(party: str, slug: str) -> Agreement:
    """Return the adopted agreement that names us and a party; refuse any other."""
    found = Agreement.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Agreement.objects.values_list("slug", flat=True)) or "none yet"
        raise PeerRefused(f"--agreement: “{slug}” is not adopted here; adopted are {known}")
    facts = law.facts()
    adopted = next(one for one in facts.adopted if one.slug == slug)
    if party == facts.us or not (adopted.names(party) and adopted.names(facts.us)):
        raise PeerRefused(f"--agreement: “{slug}” does not bind us and {party}; name one that does")
    return found


def add(asked: Asked, actor: str, now: datetime) -> Peer:
    """Add a peer with its lines. What signs us in is written to the home first: a crash leaves a file, no half peer."""
    check_address(asked.url)
    check_address(asked.root)
    agreement = check_bond(asked.party, asked.agreement)
    if not asked.name.replace("-", "").replace("_", "").isalnum() or not asked.name.isascii():
        raise PeerRefused(f"NAME: “{asked.name}” cannot be a name; use letters, digits and hyphens")
    if Peer.objects.filter(name=asked.name).exists():
        raise PeerRefused(f"NAME: “{asked.name}” is taken (names of removed peers stay theirs); choose another")
    data = Path(settings.DATA)
    for file, content in ((peer_secrets.SECRET, asked.secret.encode()), (peer_secrets.CA, asked.ca),
                          (peer_secrets.CERTIFICATE, asked.certificate)):  # fmt: skip
        if content:
            peer_secrets.write(data, asked.name, file, content)
    with transaction.atomic():
        peer = Peer.objects.create(
            name=asked.name, party_id=asked.party, agreement=agreement, url=asked.url, root=asked.root,
            username=asked.username, pins=list(asked.pins), has_ca=bool(asked.ca),
            has_certificate=bool(asked.certificate), keeps_ledger=asked.keeps_ledger, largest=asked.largest,
            added_at=moments.micros(now), added_by=actor)  # fmt: skip
        for wanted in asked.lines:
            add_line(peer, wanted, now)
    return peer


def add_line(peer: Peer, wanted: Wanted, now: datetime) -> Line:
    """Tie a collection there to one here; for a pull one that is not here yet is made."""
    if not 1 <= wanted.page <= MOST_PAGE:
        raise PeerRefused(f"--page: between 1 and {MOST_PAGE}, not {wanted.page}")
    collection = next((c for c in Collection.objects.all() if wanted.local in {c.alias, str(c.uuid)}), None)
    if collection is None and wanted.direction == Line.Direction.PUSH:
        known = ", ".join(Collection.objects.values_list("alias", flat=True)) or "none yet"
        raise PeerRefused(f"--push: there is no collection “{wanted.local}” here; the collections are {known}")
    if collection is None:
        if not wanted.local.replace("-", "").replace("_", "").isalnum():
            raise PeerRefused(f"--pull: “{wanted.local}” cannot be an alias; use letters, digits and hyphens")
        collection = sharing.make_collection(wanted.local, wanted.title or wanted.local, now, purpose=wanted.purpose)
    line, made = Line.objects.get_or_create(
        peer=peer, direction=wanted.direction, remote=wanted.remote, collection=collection,
        defaults={"title": wanted.title, "every": wanted.every, "page": wanted.page, "most": wanted.most,
                  "overlap": 0 if peer.keeps_ledger else wanted.overlap, "versions": wanted.versions})  # fmt: skip
    if not made:
        raise PeerRefused(f"--{wanted.direction}: {wanted.remote} and {collection.alias} are tied already")
    return line


def door(peer: Peer) -> Door:
    """Return how to reach a peer, with what signs us in read from the home."""
    data = Path(settings.DATA)
    return Door(
        peer.name, peer.root, peer.username, peer_secrets.read(data, peer.name) if peer.username else "",
        tuple(peer.pins), peer_secrets.path(data, peer.name, peer_secrets.CA) if peer.has_ca else None,
        peer_secrets.path(data, peer.name, peer_secrets.CERTIFICATE) if peer.has_certificate else None,
        peer.largest)  # fmt: skip


def named(name: str) -> Peer:
    """Return a peer that is here; refuse another name."""
    found = Peer.objects.filter(name=name, removed_at=None).first()
    if found is None:
        known = ", ".join(Peer.objects.filter(removed_at=None).values_list("name", flat=True)) or "none yet"
        raise PeerRefused(f"there is no peer “{name}” here; the peers are {known}")
    return found


def pause(peer: Peer, *, paused: bool) -> None:
    """Let a peer's lines rest, or go on where they stopped."""
    Peer.objects.filter(pk=peer.pk).update(paused=paused)
    Line.objects.filter(peer=peer).update(due_at=0, failures=0)


def remove(peer: Peer, now: datetime) -> None:
    """Ask and give no more, and destroy what signed us in. What came and went stays, and so does the record of it."""
    Peer.objects.filter(pk=peer.pk).update(removed_at=moments.micros(now), paused=True)
    peer_secrets.forget(Path(settings.DATA), peer.name)


@dataclass(frozen=True, slots=True)
class LineTold:
    """A line for a reader. `state` is paused, withheld, trouble, waiting or done; moments are None where there is none.

    `place` is how far it has come: a date over there, or in the party's view of our collection.
    """

    number: int
    direction: str
    remote: str
    title: str
    collection: str
    every: int
    state: str
    trouble: str
    place: str
    last: datetime | None
    due: datetime | None
    stored: int
    known: int
    returned: int
    refused: int
    conflicts: int


@dataclass(frozen=True, slots=True)
class PeerTold:
    """A peer for a reader, without what signs us in."""

    name: str
    party: str
    party_name: str
    agreement: str
    root: str
    username: str
    seals: tuple[str, ...]
    keeps_ledger: bool
    paused: bool
    added_at: datetime
    added_by: str
    lines: tuple[LineTold, ...]
    snags: int


def told(names: Iterable[str] = ()) -> Sequence[PeerTold]:
    """Tell of all peers that are here, or of those named."""
    chosen = [named(name) for name in names] or list(Peer.objects.filter(removed_at=None))
    return [_told(peer) for peer in chosen]


def _told(peer: Peer) -> PeerTold:
    seals = [word for word, said in (("private CA", peer.has_ca), ("pinned key", bool(peer.pins)),
                                     ("client certificate", peer.has_certificate)) if said]  # fmt: skip
    return PeerTold(
        peer.name, peer.party_id, peer.party.short, peer.agreement.slug, peer.root, peer.username, tuple(seals),
        peer.keeps_ledger, peer.paused, moments.moment(peer.added_at), peer.added_by,
        tuple(_line_told(line) for line in peer.lines.select_related("collection")),
        _snags(peer).count())  # fmt: skip


def _line_told(line: Line) -> LineTold:
    runs = Run.objects.filter(line=line)
    last = runs.first()
    counted = runs.aggregate(**{name: Coalesce(Sum(name), 0) for name in COUNTED})
    place = line.after if line.direction == Line.Direction.PULL else _date(line.position)
    return LineTold(
        line.pk, line.direction, line.remote, line.title, line.collection.alias, line.every, _state(line, last),
        last.trouble if last else "", place, None if last is None else moments.moment(last.began_at),
        moments.moment(line.due_at) if line.due_at else None, **counted)  # fmt: skip


def _date(at: int) -> str:
    return "" if at < 0 else moments.moment(at).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _state(line: Line, last: Run | None) -> str:
    if line.peer.paused:
        return "paused"
    if last is None:
        return "waiting"
    return last.ended or "under way"


@dataclass(frozen=True, slots=True)
class RunTold:
    """One round for a reader; `ended` is empty while it is under way, or where it was cut off."""

    began: datetime
    direction: str
    collection: str
    ended: str
    stored: int
    trouble: str


@dataclass(frozen=True, slots=True)
class SnagTold:
    """An object that did not go through, for a reader; `outgoing`: the other side refused it."""

    stix_id: str
    version: str
    conflict: bool
    outgoing: bool
    why: str
    last: datetime
    times: int


def runs(name: str) -> Sequence[RunTold]:
    """Tell of a peer's last rounds, the newest first."""
    found = Run.objects.filter(line__peer__name=name).select_related("line__collection")[:SHOWN]
    return [
        RunTold(moments.moment(one.began_at), one.line.direction, one.line.collection.alias, one.ended, one.stored,
                one.trouble)
        for one in found
    ]  # fmt: skip


def _snags(peer: Peer) -> QuerySet[Snag]:
    """Return what a peer's lines met with, and what its party sent us by itself."""
    return Snag.objects.filter(Q(line__peer=peer) | Q(line=None, party=peer.party_id))


def snags(name: str) -> Sequence[SnagTold]:
    """Tell of what did not go through with a peer, the newest first."""
    found = _snags(named(name))[:SHOWN]
    return [
        SnagTold(one.stix_id, one.version, one.kind == Snag.Kind.CONFLICT, one.outgoing, one.why,
                 moments.moment(one.last_at), one.times)
        for one in found
    ]  # fmt: skip
