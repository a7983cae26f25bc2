"""Letters that name a contact to a directory, ready to be sent, with the fields that each one asks for.

OAS: by note verbale, by e-mail to CICTE with a copy to the portal, from the national contact to CICTE or the permanent
mission; the person is a public official of the member state (oascybercbms.org, members, read 2026-11-23). UN: by e-mail
to the secretariat, a diplomatic and a technical contact; the address stands in the secretariat’s own letter.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from comity.models import ContactVersion
from comity.models.contacts import Contact

Kind = ContactVersion.Kind


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter: to whom, a copy to whom, subject and body; `missing` names fields that the contact does not hold."""

    to: str
    copy: str
    subject: str
    body: str
    missing: tuple[str, ...]


def of_oas(contact: Contact, named: ContactVersion, today: date) -> Letter:
    """Write the note verbale that names a contact to the OAS directory."""
    category = _("cyber policy contact") if named.kind == Kind.POLICY else _("foreign affairs contact")
    body = _(
        "NOTE VERBALE\n\n"
        "The Permanent Mission of %(state)s to the Organization of American States presents its compliments to the "
        "Secretariat of the Inter-American Committee against Terrorism (CICTE) and, with reference to the regional "
        "confidence-building measures in cyberspace, has the honour to nominate the following public official for the "
        "directory of points of contact:\n\n"
        "%(fields)s\n\n"
        "The Permanent Mission of %(state)s to the Organization of American States avails itself of this opportunity "
        "to renew to the Secretariat the assurances of its highest consideration.\n\n"
        "Washington, D.C., %(day)s"
    ) % {"state": contact.party.name, "fields": _fields(contact, named, category), "day": date_format(today, "j F Y")}
    subject = _("%(state)s: nomination of a %(category)s, OAS cyber confidence-building measures") % {
        "state": contact.party.name, "category": category}  # fmt: skip
    return Letter("CICTE@oas.org", "cybercbms@oas.org", subject, body, _missing(named))


def of_un(contact: Contact, named: ContactVersion, today: date) -> Letter:
    """Write the e-mail that names a contact to the UN directory of points of contact."""
    category = _("technical point of contact") if named.kind in {Kind.TECHNICAL, Kind.ROUND_THE_CLOCK} else _(
        "diplomatic point of contact")  # fmt: skip
    body = _(
        "To the Secretariat of the Global Intergovernmental Points of Contact Directory\n\n"
        "%(state)s nominates the following %(category)s for the directory, with effect from %(day)s:\n\n"
        "%(fields)s\n\n"
        "Changes will be told as they come. Please confirm that the entry is made."
    ) % {"state": contact.party.name, "category": category, "fields": _fields(contact, named, category),
         "day": date_format(today, "j F Y")}  # fmt: skip
    subject = _("%(state)s: nomination of a %(category)s, Global PoC Directory") % {
        "state": contact.party.name, "category": category}  # fmt: skip
    return Letter("", "", subject, body, (*_missing(named), _("the secretariat’s address, from its letter")))


def _fields(contact: Contact, named: ContactVersion, category: str) -> str:
    pairs = (
        (_("Country"), contact.party.name),
        (_("Full name"), named.name),
        (_("Official position"), named.position),
        (_("Institution"), named.institution),
        (_("E-mail"), named.email),
        (_("Telephone"), named.telephone),
        (_("Category"), category),
    )
    return "\n".join(f"{name}: {value}" for name, value in pairs if value)


def _missing(named: ContactVersion) -> tuple[str, ...]:
    asked = ((_("full name"), named.name), (_("official position"), named.position), (_("e-mail"), named.email))
    return tuple(name for name, value in asked if not value)


DIRECTORIES: Final[dict[str, Callable[[Contact, ContactVersion, date], Letter]]] = {"oas": of_oas, "un": of_un}
