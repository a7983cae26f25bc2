"""What a party did with an instrument, recorded by hand: with both times, its source, and by the table of moves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from comity.acts import records, standings
from comity.acts.agreements import Rejected
from comity.models import Action, Instrument
from comity.policy.participation import OF_ALL, ONLY_OF_ALL, ActionKind, Bond, Status, legal_kinds

KINDS: Final = tuple(kind.value for kind in ActionKind)
_ABOUT: Final = ("instrument", "bond", "party", "kind", "effective_on", "precision", "until", "provisions", "says")


@dataclass(frozen=True, slots=True)
class Done:
    """An action as it is written down. `instrument` is a slug; `party` a code, empty for what happened to the whole.

    `effective_on` is the last day on which it can have been, as far as `precision` says; `read_on` is when the source
    was read, None for today.
    """

    instrument: str
    kind: str
    source: str
    party: str = ""
    status: str = Status.CONFIRMED.value
    effective_on: date | None = None
    precision: str = "day"
    until: date | None = None
    provisions: tuple[str, ...] = ()
    says: str = ""
    holds: str = ""
    read_on: date | None = None


def record(done: Done, actor: str, now: datetime, supersedes: int | None = None) -> Action:
    """Record an action, or with *supersedes* what holds instead of an earlier record. Raises Rejected with reasons."""
    with transaction.atomic():
        wrong = list(objections(done))
        if wrong:
            raise Rejected(*wrong)
        before = records.corrected(Action, supersedes)
        instrument = Instrument.objects.get(slug=done.instrument)
        if before is not None and before.instrument_id != instrument.pk:
            raise Rejected(_("Record %(number)s is of another instrument: take it back there.") % {"number": before.pk})
        row = Action.objects.create(
            **records.told(done.source, done.read_on, actor, now), instrument=instrument, bond=instrument.bond,
            kind=done.kind, party_id=done.party or None, status=done.status, effective_on=done.effective_on,
            precision=done.precision, until=done.until, provisions=list(done.provisions), says=done.says.strip(),
            holds=done.holds.strip(), supersedes=before,
        )  # fmt: skip
        standings.renew([instrument], row.recorded_at)
    return row


def objections(done: Done) -> Iterator[str]:
    """Say what is missing or cannot be, in sentences with the mend."""
    if not done.instrument:
        yield _("Name the instrument.")
    yield from records.instrument(done.instrument)
    yield from records.party(done.party)
    yield from records.source(done.source)
    yield from records.among(done.status, records.STATUSES)
    yield from records.days(done.effective_on, done.precision, done.until)
    yield from records.among(done.kind, KINDS)
    if done.kind in KINDS:
        yield from _moves(done, ActionKind(done.kind))


def _moves(done: Done, kind: ActionKind) -> Iterator[str]:
    instrument = Instrument.objects.filter(slug=done.instrument).first()
    if instrument is not None and instrument.agreement_id is not None:
        yield _("This is an agreement adopted here: record the event on its own page, which is its only book.")
    elif instrument is not None and done.status == Status.CONFIRMED.value:
        allowed = [one.value for one in legal_kinds(Bond(instrument.bond))]
        if kind.value not in allowed:
            yield _("“%(kind)s” of this instrument cannot be. It allows: %(kinds)s. If somebody says so, record it as "
                    "claimed or contradicted.") % {"kind": kind.value, "kinds": ", ".join(allowed)}  # fmt: skip
    if kind in ONLY_OF_ALL and done.party:
        yield _("“%(kind)s” happens to an instrument as a whole: name no party.") % {"kind": kind.value}
    if kind not in OF_ALL and not done.party:
        yield _("Name the party whose act it is.")
    if done.effective_on is None and done.status == Status.CONFIRMED.value and done.until is not None:
        yield _("It has an end and no beginning: give the day on which it takes effect.")


def take_back(number: int, source: str, actor: str, now: datetime) -> Action:
    """Record that an action was recorded by mistake and never was. Raises Rejected where that cannot be."""
    with transaction.atomic():
        wrong = list(records.source(source))
        row = records.corrected(Action, number)
        if row is None or wrong:
            raise Rejected(*wrong)
        told = records.taken_back(row, _ABOUT)
        made = Action.objects.create(**records.told(source, None, actor, now), **told)
        standings.renew([row.instrument], made.recorded_at)
    return made


def done_of(row: Action) -> Done:
    """Give an action as it was written down: what a form for its correction starts from."""
    return Done(row.instrument.slug, row.kind, row.source.address or row.source.title, row.party_id or "", row.status,
                row.effective_on, row.precision, row.until, tuple(row.provisions), row.says, row.holds,
                row.source.read_on)  # fmt: skip
