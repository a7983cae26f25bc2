"""Points of contact: recorded, changed, checked and pinged."""

import uuid
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from comity.acts import moments, records, sources, zones
from comity.acts.agreements import Rejected
from comity.models import Contact, ContactCheck, ContactVersion, Party
from comity.policy.contacts import Check, Reliance, reliance
from comity.policy.dates import local_day
from comity.policy.participation import Status

Kind = ContactVersion.Kind


@dataclass(frozen=True, slots=True)
class Named:
    """A contact as it is written down. `name` is empty for a post that whoever is on duty answers."""

    kind: str
    institution: str
    source: str
    name: str = ""
    position: str = ""
    email: str = ""
    telephone: str = ""
    hours: str = ""
    languages: str = ""
    directories: str = ""
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A contact as known at a moment, with its checks and how far it can be relied on."""

    contact: Contact
    version: ContactVersion
    checks: tuple[ContactCheck, ...]
    reliance: Reliance


def record(party: str, named: Named, actor: str, now: datetime, uid: str = "") -> ContactVersion:
    """Record a contact of a party, or with *uid* what is known of it from now on. Raises Rejected with each reason."""
    with transaction.atomic():
        wrong = _wrong(party, named)
        if wrong:
            raise Rejected(*wrong)
        taken = moments.take(now)
        contact = Contact.objects.get(uid=uid) if uid else Contact.objects.create(uid=uuid.uuid4(), party_id=party)
        before = contact.versions.order_by("-id").first()
        told = {field.name: getattr(named, field.name) for field in fields(Named) if field.name != "source"}
        return ContactVersion.objects.create(
            contact=contact, **told, supersedes=before,
            source=sources.named(named.source, local_day(now, zones.ours())), status=Status.CONFIRMED.value,
            recorded_at=taken.at, recorded_by=actor, sequence=taken.sequence,
        )  # fmt: skip


def _wrong(party: str, named: Named) -> list[str]:
    found = list(records.fits(ContactVersion, asdict(named)))
    if not Party.objects.filter(pk=party).exists():
        found.append(_("There is no party “%(code)s” here.") % {"code": party})
    if named.kind not in Kind.values:
        found.append(_("“%(word)s” is not known here; write one of: %(words)s.") % {
            "word": named.kind, "words": ", ".join(Kind.values)})  # fmt: skip
    if not named.institution.strip():
        found.append(_("Name the institution: the ministry, the team or the authority."))
    if not named.source.strip():
        found.append(_("Name the source: the note, the directory or the page in which the contact stands."))
    if not named.email.strip() and not named.telephone.strip() and named.ended_on is None:
        found.append(_("Give an e-mail address or a telephone number: else nobody can be reached."))
    if named.email.strip():
        try:
            validate_email(named.email)
        except ValidationError:
            found.append(_("“%(address)s” is no e-mail address.") % {"address": named.email})
    return found


@dataclass(frozen=True, slots=True)
class Tried:
    """A check of a contact as it is written down. A look is answered by itself: what is recorded holds, or not."""

    kind: str = ContactCheck.Kind.PING
    means: str = ""
    note: str = ""
    holds: bool = True


def check(uid: str, tried: Tried, actor: str, now: datetime) -> ContactCheck:
    """Record that a contact was sent a message that asks for an answer, or was compared with its source."""
    with transaction.atomic():
        taken = moments.take(now)
        look = tried.kind == ContactCheck.Kind.LOOK
        return ContactCheck.objects.create(
            contact=Contact.objects.get(uid=uid), kind=tried.kind, asked_at=taken.at, means=tried.means[:60],
            note=tried.note[:300], answered_at=taken.at if look else None, holds=tried.holds, recorded_by=actor,
        )  # fmt: skip


def answered(number: int, now: datetime, *, holds: bool = True) -> bool:
    """Record that a ping was answered, or came back; False where there is no such open ping."""
    with transaction.atomic():
        taken = moments.take(now)
        rows = ContactCheck.objects.filter(pk=number, answered_at=None)
        return bool(rows.update(answered_at=taken.at, holds=holds))


def known(now: datetime, party: str = "") -> list[Known]:
    """Return every contact as known at a moment, those of one party where it is named."""
    at = moments.micros(now)
    rows = ContactVersion.objects.filter(recorded_at__lte=at).select_related("contact__party", "source")
    newest = {row.contact_id: row for row in rows.order_by("id")}
    checks: dict[int, list[ContactCheck]] = {}
    for check in ContactCheck.objects.filter(asked_at__lte=at):
        checks.setdefault(check.contact_id, []).append(check)
    found = [_known(row, checks.get(row.contact_id, []), now) for row in newest.values()]
    there = (one for one in found if not party or one.contact.party_id == party)
    return sorted(there, key=lambda one: (one.contact.party_id, one.version.kind, one.contact.pk))


def _known(row: ContactVersion, checks: list[ContactCheck], now: datetime) -> Known:
    told = [Check(moments.moment(one.asked_at),
                  moments.moment(one.answered_at) if one.answered_at is not None else None, one.holds)
            for one in checks]  # fmt: skip
    return Known(row.contact, row, tuple(checks), reliance(told, moments.moment(row.recorded_at), now))


def find(uid: str, now: datetime) -> Known | None:
    """Return one contact as known at a moment."""
    return next((one for one in known(now) if str(one.contact.uid) == uid), None)


def standing(found: list[Known], today: date) -> list[Known]:
    """Leave out those that are no contact any more on a day."""
    return [one for one in found if one.version.ended_on is None or one.version.ended_on >= today]
