"""What is known of a party beside instruments, recorded by hand: laws, strategies, bodies, events, ranks."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from comity.acts import records
from comity.acts.agreements import Rejected
from comity.models import Fact, Instrument
from comity.policy.participation import Status

KINDS: Final = tuple(Fact.Kind.values)
_ABOUT: Final = ("party", "kind", "topic", "title", "says", "role", "counterpart", "instrument", "effective_on",
                 "precision", "until")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """A fact as it is written down. `party` and `counterpart` are codes, `instrument` a slug.

    Facts of one `topic` (a word or two; empty for none) are shown side by side where they disagree.
    """

    party: str
    kind: str
    title: str
    source: str
    topic: str = ""
    says: str = ""
    role: str = ""
    counterpart: str = ""
    instrument: str = ""
    status: str = Status.CONFIRMED.value
    effective_on: date | None = None
    precision: str = "day"
    until: date | None = None
    read_on: date | None = None


def record(known: Known, actor: str, now: datetime, supersedes: int | None = None) -> Fact:
    """Record a fact, or what holds instead of an earlier record. Raises Rejected with each reason."""
    with transaction.atomic():
        wrong = list(objections(known))
        if wrong:
            raise Rejected(*wrong)
        before = records.corrected(Fact, supersedes)
        instrument = Instrument.objects.filter(slug=known.instrument).first()
        return Fact.objects.create(
            **records.told(known.source, known.read_on, actor, now), party_id=known.party, kind=known.kind,
            topic=slugify(known.topic)[:80], title=known.title.strip(), says=known.says.strip(),
            role=known.role.strip(), counterpart_id=known.counterpart or None, instrument=instrument,
            status=known.status, effective_on=known.effective_on, precision=known.precision, until=known.until,
            supersedes=before,
        )  # fmt: skip


def objections(known: Known) -> Iterator[str]:
    """Say what is missing or cannot be, in sentences with the mend."""
    if not known.party:
        yield _("Name the party that it is about.")
    if not known.title.strip():
        yield _("Give it a title: the law’s, the body’s or the event’s name.")
    yield from records.fits(Fact, asdict(known))
    yield from records.party(known.party)
    yield from records.party(known.counterpart)
    yield from records.instrument(known.instrument)
    yield from records.source(known.source)
    yield from records.among(known.kind, KINDS)
    yield from records.among(known.status, records.STATUSES)
    yield from records.days(known.effective_on, known.precision, known.until)


def take_back(number: int, source: str, actor: str, now: datetime) -> Fact:
    """Record that a fact was recorded by mistake. Raises Rejected where that cannot be."""
    with transaction.atomic():
        wrong = list(records.source(source))
        row = records.corrected(Fact, number)
        if row is None or wrong:
            raise Rejected(*wrong)
        return Fact.objects.create(**records.told(source, None, actor, now), **records.taken_back(row, _ABOUT))


def known_of(row: Fact) -> Known:
    """Give a fact as it was written down."""
    return Known(row.party_id, row.kind, row.title, row.source.address or row.source.title, row.topic, row.says,
                 row.role, row.counterpart_id or "", row.instrument.slug if row.instrument is not None else "",
                 row.status, row.effective_on, row.precision, row.until, row.source.read_on)  # fmt: skip
