"""Partners' credentials: made and shown once, checked on each request, revoked."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from comity.acts import moments
from comity.models import Collection, Credential, Party, Right


@dataclass(frozen=True, slots=True)
class Token:
    """A new credential; the secret cannot be had again."""

    username: str
    secret: str


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def make(party: Party, actor: str, now: datetime, *, write: bool = False,
         collections: list[Collection] | None = None) -> Token:  # fmt: skip
    """Make a credential of *party* that reads (and with *write* adds to) the collections.

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
                                               every=collections is None, writes=write)  # fmt: skip
        Right.objects.bulk_create(
            Right(credential=credential, collection=c, can_read=True, can_write=write) for c in named
        )
    return Token(username, secret)


def find(username: str | None, secret: str) -> Credential | None:
    """Return the credential that *secret* (with *username*, where the scheme sends one) belongs to."""
    digest = _hash(secret)
    found = Credential.objects.filter(secret_hash=digest, revoked_at=None).first()
    if found is None or not hmac.compare_digest(found.secret_hash, digest):
        return None
    return found if username is None or username == found.username else None


def right(credential: Credential, name: str) -> Right | None:
    """Return what *credential* may do in the collection with this id or alias; None where it does not exist for it."""
    rights = Right.objects.filter(credential=credential).select_related("collection")
    return next((r for r in rights if name in {str(r.collection.uuid), r.collection.alias}), None)


def rights(credential: Credential) -> list[Right]:
    """Return all rights of *credential*, in the order of the collections' ids."""
    found = Right.objects.filter(credential=credential).select_related("collection")
    return sorted((r for r in found if r.can_read or r.can_write), key=lambda r: str(r.collection.uuid))
