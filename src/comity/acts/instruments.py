"""Instruments entered and described by hand. What decides a standing (actions, terms) is recorded beside them."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from comity.acts import moments, records, sources, standings, zones
from comity.acts.agreements import Rejected
from comity.models import Instrument, Party
from comity.policy.dates import local_day
from comity.policy.participation import BOND_OF, Bond, InstrumentKind

KINDS: Final = tuple(kind.value for kind in InstrumentKind)
BONDS: Final = tuple(bond.value for bond in Bond)
SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Described:
    """An instrument as it is written down. An empty `bond` is the usual one of its kind; parties are codes."""

    slug: str
    kind: str
    title: str
    source: str = ""
    bond: str = ""
    short: str = ""
    reference: str = ""
    made_by: str = ""
    depositary: str = ""
    beside: str = ""
    about: str = ""
    aliases: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    makers: tuple[str, ...] = ()
    fictional: bool = False


def record(described: Described, actor: str, now: datetime) -> Instrument:
    """Enter an instrument, or bring the description of the one with this slug up to date. Raises Rejected."""
    del actor  # descriptions are kept up to date; what decides a standing carries who recorded it
    with transaction.atomic():
        there = Instrument.objects.select_for_update().filter(slug=described.slug).first()
        wrong = [*objections(described), *(_fixed(there, described) if there is not None else _new(described))]
        if wrong:
            raise Rejected(*wrong)
        taken = moments.take(now)
        columns = {
            "kind": described.kind, "bond": _bond(described), "title": described.title.strip(),
            "short": described.short.strip(), "reference": described.reference.strip(),
            "made_by": described.made_by.strip(), "depositary_id": described.depositary or None,
            "beside": Instrument.objects.filter(slug=described.beside).first(), "about": described.about.strip(),
            "aliases": list(described.aliases), "topics": list(described.topics), "fictional": described.fictional,
        }  # fmt: skip
        row, made = Instrument.objects.update_or_create(
            slug=described.slug, defaults=columns, create_defaults={**columns, "recorded_at": taken.at}
        )
        row.makers.set(Party.objects.filter(code__in=described.makers))
        if described.source.strip():
            row.sources.add(sources.named(described.source, local_day(now, zones.ours())))
        if made:
            standings.renew([row], taken.at)
    return row


def _bond(described: Described) -> str:
    return described.bond or BOND_OF[InstrumentKind(described.kind)].value


def objections(described: Described) -> Iterator[str]:
    """Say what is missing or cannot be, in sentences with the mend."""
    if not SLUG.fullmatch(described.slug):
        yield _("“%(slug)s” is no slug: write it in small letters, digits and hyphens, such as budapest.") % {
            "slug": described.slug}  # fmt: skip
    if not described.title.strip():
        yield _("Give the instrument a title.")
    yield from records.fits(Instrument, asdict(described))
    yield from records.among(described.kind, KINDS)
    if described.bond:
        yield from records.among(described.bond, BONDS)
    for code in (described.depositary, *described.makers):
        yield from records.party(code)
    yield from records.instrument(described.beside)
    if described.beside and described.beside == described.slug:
        yield _("An instrument adds to another one, not to itself.")


def _new(described: Described) -> Iterator[str]:
    yield from records.source(described.source)


def _fixed(there: Instrument, described: Described) -> Iterator[str]:
    if there.agreement_id is not None:
        yield _("“%(slug)s” is an agreement adopted here: its file describes it.") % {"slug": described.slug}
    elif described.kind in KINDS and there.bond != _bond(described):
        yield _("“%(slug)s” binds as %(bond)s, by which its records were judged: that stays. Enter another one.") % {
            "slug": described.slug, "bond": there.bond}  # fmt: skip


def described_of(row: Instrument) -> Described:
    """Give an instrument as it was written down."""
    return Described(row.slug, row.kind, row.title, "", row.bond, row.short, row.reference, row.made_by,
                     row.depositary_id or "", row.beside.slug if row.beside is not None else "", row.about,
                     tuple(row.aliases), tuple(row.topics),
                     tuple(row.makers.order_by("code").values_list("code", flat=True)), row.fictional)  # fmt: skip
