"""Partners' credentials: made and shown once, checked on each request, given an end, revoked."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction

from comity.acts import epochs, moments
from comity.acts.epochs import Epoch
from comity.models import AccessChange, Collection, Credential, Party, Right

_ONE_DAY = timedelta(days=1)


class NoSuchToken(LookupError):
    """There is no credential of that name; the message says which there are."""


@dataclass(frozen=True, slots=True)
class Token:
    """A new credential; the secret cannot be had again."""

    username: str
    secret: str


@dataclass(frozen=True, slots=True)
class TokenTold:
    """A credential without its secret: whose, since when, what it opens, and whether it still does.

    `opens` names the collections (empty with `every`: all of real material, later ones too); `until` is its last day
    (UTC); `state` is valid, expired or revoked.
    """

    username: str
    party: str
    state: str
    given_at: datetime
    given_by: str
    writes: bool
    every: bool
    opens: tuple[str, ...]
    until: date | None
    revoked_at: datetime | None


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def make(party: Party, actor: str, now: datetime, *, write: bool = False,
         collections: Sequence[Collection] | None = None, until: date | None = None) -> Token:  # fmt: skip
    """Make a credential of *party* that reads (and with *write* adds to) the collections; its last day is *until*.

    Without *collections* it reaches every collection of real material, those made later too; what it gets of them is
    the agreements' to decide. Collections of exercise material are never among them unless they are named.
    """
    named = list(Collection.objects.filter(exercise=False)) if collections is None else collections
    with transaction.atomic():
        Party.objects.filter(pk=party.pk).update(in_exchange=True)
        number = Credential.objects.filter(party=party).count() + 1
        username = f"{party.code.lower()}-{number}"
        secret = secrets.token_urlsafe(32)
        credential = Credential.objects.create(username=username, party=party, secret_hash=_hash(secret),
                                               created_at=moments.micros(now), created_by=actor,
                                               every=collections is None, writes=write,
                                               expires_at=None if until is None else _end_of(until))  # fmt: skip
        Right.objects.bulk_create(
            Right(credential=credential, collection=c, can_read=True, can_write=write) for c in named
        )
        _note(AccessChange.What.TOKEN_GIVEN, username, actor, now)
    return Token(username, secret)


def _end_of(day: date) -> int:
    """Return the first moment (µs) after a day in UTC."""
    return moments.micros(datetime.combine(day + _ONE_DAY, time(), UTC))


def _note(what: AccessChange.What, username: str, actor: str, now: datetime) -> None:
    AccessChange.objects.create(what=what, about=username, at=moments.micros(now), by=actor)


def revoke(username: str, actor: str, now: datetime) -> None:
    """Revoke a credential for good: it is refused from the very next request. To revoke it again changes nothing.

    The change takes a place in the node's order, so that whatever is remembered of credentials by that order is stale.
    """
    with transaction.atomic():
        taken = moments.take(now)
        credential = _named(username)
        if credential.revoked_at is None:
            credential.revoked_at = taken.at
            credential.save(update_fields=["revoked_at"])
            _note(AccessChange.What.TOKEN_REVOKED, username, actor, now)


def set_end(username: str, until: date | None, actor: str, now: datetime) -> None:
    """Let a credential end with the day *until* (UTC), or with None have no end; a revoked one stays revoked."""
    with transaction.atomic():
        moments.take(now)
        credential = _named(username)
        credential.expires_at = None if until is None else _end_of(until)
        credential.save(update_fields=["expires_at"])
        _note(AccessChange.What.TOKEN_END_SET, username, actor, now)


def _named(username: str) -> Credential:
    found = Credential.objects.select_for_update().filter(username=username).first()
    if found is None:
        known = ", ".join(Credential.objects.values_list("username", flat=True)) or "none yet"
        raise NoSuchToken(f"there is no token “{username}” here; there are {known}")
    return found


def listed(now: datetime, party: str = "") -> list[TokenTold]:
    """Tell of every credential, or of one party's, the newest of each party last."""
    rows = Credential.objects.order_by("party_id", "id").prefetch_related("rights__collection")
    return [_told(row, now) for row in (rows.filter(party_id=party) if party else rows)]


def _told(row: Credential, now: datetime) -> TokenTold:
    opens = () if row.every else tuple(sorted(right.collection.alias for right in row.rights.all()))
    until = None if row.expires_at is None else moments.moment(row.expires_at).date() - _ONE_DAY
    revoked = None if row.revoked_at is None else moments.moment(row.revoked_at)
    state = "revoked" if revoked else "valid" if holds(row, now) else "expired"
    return TokenTold(row.username, row.party_id, state, moments.moment(row.created_at), row.created_by, row.writes,
                     row.every, opens, until, revoked)  # fmt: skip


def holds(credential: Credential, now: datetime) -> bool:
    """Tell whether a credential opens anything at *now*: neither revoked nor past its end."""
    ended = credential.expires_at is not None and credential.expires_at <= moments.micros(now)
    return credential.revoked_at is None and not ended


@dataclass(slots=True)
class _Doors:
    """Credentials, by the hash of their secret, and their rights, as they were looked up under one mark."""

    mark: str = ""
    found: dict[str, Credential] = field(default_factory=dict)
    rights: dict[int, Sequence[Right]] = field(default_factory=dict)


_doors = _Doors()


def _doors_at(epoch: Epoch | None) -> _Doors:
    """Return what is remembered under the mark of *epoch*; whoever acts on it looks at the mark again."""
    global _doors  # noqa: PLW0603 - one for the process, replaced whole
    if epoch is None:
        return _Doors()
    found = _doors
    if found.mark != epoch.doors:
        found = _doors = _Doors(epoch.doors)
    return found


def find(username: str | None, secret: str, now: datetime, epoch: Epoch | None = None) -> Credential | None:
    """Return the credential that *secret* (with *username*, where the scheme sends one) belongs to, if it holds.

    What was looked up in the state of the store *epoch* is remembered while that state's credentials stand.
    """
    digest = _hash(secret)
    doors = _doors_at(epoch)
    found = doors.found.get(digest)
    if found is None:
        found = Credential.objects.filter(secret_hash=digest).first()
        if found is not None and epoch is not None and epochs.read().doors == doors.mark:
            doors.found[digest] = found
    if found is None or not hmac.compare_digest(found.secret_hash, digest) or not holds(found, now):
        return None
    return found if username is None or username == found.username else None


def right(credential: Credential, name: str, epoch: Epoch | None = None) -> Right | None:
    """Return what *credential* may do in the collection with this id or alias; None where it does not exist for it."""
    doors = _doors_at(epoch)
    rights = doors.rights.get(credential.pk)
    if rights is None:
        rights = list(Right.objects.filter(credential=credential).select_related("collection"))
        if epoch is not None and epochs.read().doors == doors.mark:
            doors.rights[credential.pk] = rights
    return next((r for r in rights if name in {str(r.collection.uuid), r.collection.alias}), None)


def rights(credential: Credential) -> list[Right]:
    """Return all rights of *credential*, in the order of the collections' ids."""
    found = Right.objects.filter(credential=credential).select_related("collection")
    return sorted((r for r in found if r.can_read or r.can_write), key=lambda r: str(r.collection.uuid))
