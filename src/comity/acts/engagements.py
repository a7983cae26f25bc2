"""Engagements: planned, moved, held or cancelled; with whom, who went, what was said and agreed."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, time
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext as _

from comity.acts import moments, records, sources, zones
from comity.acts.agreements import Rejected
from comity.models import Engagement, EngagementLine, EngagementVersion, Instrument, Party
from comity.policy.dates import EARLIEST_DAY, LATEST_DAY, local_day
from comity.policy.participation import Status

LineKind = EngagementLine.Kind
Kind = EngagementVersion.Kind
State = EngagementVersion.State


@dataclass(frozen=True, slots=True)
class Planned:
    """An engagement as it is written down. Days are those of `zone` (empty: the desk's own), both inside.

    `instrument` is a slug, `partner` a party's code; empty where there is none.
    """

    title: str
    starts_on: date
    ends_on: date
    source: str
    kind: str = Kind.MEETING
    state: str = State.PLANNED
    forum: str = ""
    instrument: str = ""
    partner: str = ""
    place: str = ""
    starts_at: time | None = None
    ends_at: time | None = None
    zone: str = ""
    about: str = ""
    public: bool = False
    revision: int | None = None
    status: str = Status.CONFIRMED.value
    read_on: date | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """An engagement as known at a moment: its row and its version."""

    engagement: Engagement
    version: EngagementVersion
    changes: int = 0
    """How many versions came before it."""


def record(planned: Planned, actor: str, now: datetime, uid: str = "") -> Held:
    """Record an engagement, or a new version of the one with *uid*; a version that says nothing new is not added.

    Raises Rejected, with each reason, when something is missing or cannot be.
    """
    with transaction.atomic():
        wrong = list(objections(planned))
        if wrong:
            raise Rejected(*wrong)
        name = uid or f"{uuid.uuid4()}@comity.invalid"
        before = EngagementVersion.objects.filter(engagement__uid=name).order_by("-recorded_at", "-id").first()
        values = _columns(planned)
        if before is not None and _same(before, values) and planned.revision in {None, before.revision}:
            return Held(before.engagement, before)
        taken = moments.take(now)
        one, _new = Engagement.objects.get_or_create(uid=name)
        revision = planned.revision if planned.revision is not None else before.revision if before else 0
        row = EngagementVersion.objects.create(
            engagement=one, **values, revision=revision, supersedes=before,
            source=sources.named(planned.source, planned.read_on or local_day(now, zones.ours())),
            status=planned.status, recorded_at=taken.at, recorded_by=actor, sequence=taken.sequence,
        )  # fmt: skip
        return Held(one, row)


KEPT = ("title", "starts_on", "ends_on", "kind", "state", "forum", "place", "starts_at", "ends_at", "about", "public")


def _columns(planned: Planned) -> dict[str, object]:
    found: dict[str, object] = {name: getattr(planned, name) for name in KEPT}
    found["title"] = planned.title.strip()
    found["zone"] = planned.zone or zones.ours()
    found["instrument_id"] = Instrument.objects.filter(slug=planned.instrument).values_list("pk", flat=True).first()
    found["partner_id"] = planned.partner or None
    return found


def _same(before: EngagementVersion, values: dict[str, object]) -> bool:
    return all(getattr(before, name) == value for name, value in values.items())


def said_before(uid: str, planned: Planned, actor: str) -> bool:
    """Tell whether the last that *actor* recorded of an engagement is what is planned: others may have changed it."""
    rows = EngagementVersion.objects.filter(engagement__uid=uid, recorded_by=actor).order_by("-recorded_at", "-id")
    last = rows.first()
    return last is not None and _same(last, _columns(planned))


def says_the_same(before: EngagementVersion, planned: Planned) -> bool:
    """Tell whether what a calendar file can say of an engagement is what is known of it."""
    told = ("title", "starts_on", "ends_on", "state", "place", "starts_at", "ends_at", "about")
    return all(getattr(before, name) == getattr(planned, name) for name in told)


def objections(planned: Planned) -> Iterator[str]:
    """Say what is missing or cannot be, in sentences with the mend."""
    if not planned.title.strip():
        yield _("Give the engagement a title.")
    if not planned.source.strip():
        yield _("Name the source: the invitation, the programme or the page on which it is announced.")
    if planned.ends_on < planned.starts_on:
        yield _("It ends on %(end)s, before it begins on %(start)s: turn the two round.") % {
            "end": planned.ends_on, "start": planned.starts_on}  # fmt: skip
    if not EARLIEST_DAY <= planned.starts_on <= planned.ends_on <= LATEST_DAY:
        yield _("Its days are off the calendar that is kept here: %(first)s to %(last)s.") % {
            "first": EARLIEST_DAY, "last": LATEST_DAY}  # fmt: skip
    if (planned.starts_at is None) != (planned.ends_at is None):
        yield _("Give both hours, or none.")
    yield from records.fits(EngagementVersion, asdict(planned))
    yield from _unknown(planned)


def _unknown(planned: Planned) -> Iterator[str]:
    for name, words in (("kind", Kind.values), ("state", State.values)):
        if getattr(planned, name) not in words:
            yield _("“%(word)s” is not known here; write one of: %(words)s.") % {
                "word": getattr(planned, name), "words": ", ".join(words)}  # fmt: skip
    if planned.zone and planned.zone not in available_timezones():
        yield _("There is no time zone “%(zone)s”; write it as America/Nassau.") % {"zone": planned.zone}
    if planned.partner and not Party.objects.filter(pk=planned.partner).exists():
        yield _("There is no party “%(code)s” here.") % {"code": planned.partner}


def planned_of(version: EngagementVersion, **changes: object) -> Planned:
    """Return a version as it was written down, with some changes: what a form starts from."""
    told = {
        "source": str(version.source), "instrument": version.instrument.slug if version.instrument else "",
        "partner": version.partner_id or "", "revision": None, "read_on": None, "status": version.status,
    }  # fmt: skip
    kept = {field.name: getattr(version, field.name) for field in fields(Planned) if field.name not in told}
    return Planned(**{**kept, **told, **changes})


def known(at: datetime) -> list[Held]:
    """Return every engagement as known at a moment, in the order of days."""
    rows = EngagementVersion.objects.filter(recorded_at__lte=moments.micros(at)).order_by("recorded_at", "id")
    newest = dict[int, Held]()
    for row in rows.select_related("engagement", "source", "instrument", "partner"):
        before = newest.get(row.engagement_id)
        newest[row.engagement_id] = Held(row.engagement, row, before.changes + 1 if before else 0)
    found = [one for one in newest.values() if one.version.status != Status.RETRACTED.value]
    return sorted(found, key=lambda one: (one.version.starts_on, one.version.ends_on, one.engagement.pk))


def find(number: int, at: datetime) -> Held | None:
    """Return one engagement as known at a moment."""
    return next((one for one in known(at) if one.engagement.pk == number), None)


def history(forum: str, at: datetime) -> list[Held]:
    """Return what was held or is planned in one forum, the newest first."""
    return [one for one in reversed(known(at)) if forum and one.version.forum == forum]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an engagement's papers, as it is written down: a delegate, an item, a position, an outcome."""

    kind: str
    says: str
    role: str = ""
    party: str = ""
    source: str = ""
    supersedes: int | None = None


def write(number: int, line: Line, actor: str, now: datetime) -> EngagementLine:
    """Write one line; with `supersedes` it takes an earlier one's place, and with no words it takes that one back."""
    with transaction.atomic():
        taken = moments.take(now)
        before = EngagementLine.objects.filter(pk=line.supersedes or 0, engagement_id=number).first()
        if not Engagement.objects.filter(pk=number).exists():
            raise Rejected(_("There is no such engagement here."))
        if line.kind not in LineKind.values:
            raise Rejected(_("“%(word)s” is not known here; write one of: %(words)s.") % {
                "word": line.kind, "words": ", ".join(LineKind.values)})  # fmt: skip
        if not line.says.strip() and before is None:
            raise Rejected(_("Write the line: a name, an item, what was said or what was agreed."))
        if line.supersedes and (before is None or hasattr(before, "superseded_by")):
            raise Rejected(_("That line has been changed meanwhile: look again."))
        wrong = list(records.fits(EngagementLine, asdict(line)))
        if wrong:
            raise Rejected(*wrong)
        if line.party and not Party.objects.filter(pk=line.party).exists():
            raise Rejected(_("There is no party “%(code)s” here.") % {"code": line.party})
        return EngagementLine.objects.create(
            engagement_id=number, kind=line.kind, says=line.says.strip(), role=line.role.strip(),
            party_id=line.party or None, source=line.source.strip(), supersedes=before, recorded_at=taken.at,
            recorded_by=actor, sequence=taken.sequence,
        )  # fmt: skip


def lines(number: int, at: datetime) -> list[EngagementLine]:
    """Return the lines that stand at a moment, in the order of writing."""
    rows = EngagementLine.objects.filter(engagement_id=number, recorded_at__lte=moments.micros(at))
    return _standing(rows.select_related("party").order_by("sequence", "id"))


def _standing(rows: Iterable[EngagementLine]) -> list[EngagementLine]:
    there = list(rows)
    changed = {row.supersedes_id for row in there}
    return [row for row in there if row.pk not in changed and row.says]
