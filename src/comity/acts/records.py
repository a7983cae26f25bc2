"""What recording one thing of the register has in common: the source, the days, what it corrects, what it would change.

A record is never changed. A correction is a later record that supersedes it; taking back is one that says that it
never was.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeVar

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from comity.acts import moments, sources, zones
from comity.acts.agreements import Rejected
from comity.acts.standings import FOREVER
from comity.models import Instrument, Node, Party, Spell
from comity.models.sources import Recorded
from comity.policy.dates import EARLIEST_DAY, LATEST_DAY, local_day, month_length
from comity.policy.participation import Precision, Status

AnyRecorded = TypeVar("AnyRecorded", bound=Recorded)
STATUSES: Final = tuple(status.value for status in Status if status is not Status.RETRACTED)
PRECISIONS: Final = tuple(precision.value for precision in Precision)
DECEMBER: Final = 12


def among(word: str, words: Sequence[str]) -> Iterator[str]:
    """Object to a word that is none of those known."""
    if word not in words:
        yield _("“%(word)s” is not known here; write one of: %(words)s.") % {"word": word, "words": ", ".join(words)}


def party(code: str) -> Iterator[str]:
    """Object to a code that is no party’s; an empty one names nobody."""
    if code and not Party.objects.filter(pk=code).exists():
        yield _("There is no party “%(code)s” here.") % {"code": code}


def instrument(slug: str) -> Iterator[str]:
    """Object to a slug that is no instrument’s; an empty one names none."""
    if slug and not Instrument.objects.filter(slug=slug).exists():
        yield _("There is no instrument “%(slug)s” here.") % {"slug": slug}


def source(words: str) -> Iterator[str]:
    """Object to a record without a source."""
    if not words.strip():
        yield _("Name the source: the address, the note or the list in which it was read.")


def fits(model: type[Model], told: Mapping[str, object]) -> Iterator[str]:
    """Object to words that are longer than their column."""
    for field in model._meta.get_fields():  # noqa: SLF001 - Django’s public name for it
        most, value = getattr(field, "max_length", None), told.get(field.name)
        if most is not None and isinstance(value, str) and len(value) > most:
            yield _("“%(start)s…” is too long: %(column)s takes %(most)s characters.") % {
                "start": value[:30], "column": field.name, "most": most}  # fmt: skip


def days(effective_on: date | None, precision: str, until: date | None) -> Iterator[str]:
    """Object to days off the calendar, to an end before the beginning, and to a day that its precision cannot mean."""
    for day in (effective_on, until):
        if day is not None and not EARLIEST_DAY <= day <= LATEST_DAY:
            yield _("%(day)s is off the calendar that is kept here: %(first)s to %(last)s.") % {
                "day": day, "first": EARLIEST_DAY, "last": LATEST_DAY}  # fmt: skip
    if effective_on is not None and until is not None and until < effective_on:
        yield _("It ends on %(end)s, before it begins on %(start)s: turn the two round.") % {
            "end": until, "start": effective_on}  # fmt: skip
    yield from among(precision, PRECISIONS)
    if effective_on is None:
        return
    last = effective_on.day == month_length(effective_on.year, effective_on.month)
    if precision == Precision.MONTH.value and not last:
        yield _("Known to the month: give the month’s last day, which is the last on which it can have been.")
    if precision == Precision.YEAR.value and not (last and effective_on.month == DECEMBER):
        yield _("Known to the year: give its 31 December, which is the last day on which it can have been.")


def corrected(model: type[AnyRecorded], number: int | None) -> AnyRecorded | None:
    """Give the record that a correction names, None where it names none; Rejected where it cannot be corrected."""
    if number is None:
        return None
    row = model._default_manager.select_for_update().filter(pk=number).first()  # noqa: SLF001 - Django's name for it
    if row is None:
        raise Rejected(_("There is no record with the number %(number)s here.") % {"number": number})
    if hasattr(row, "superseded_by"):
        raise Rejected(_("Record %(number)s was corrected already, by %(by)s: correct that one.") % {
            "number": number, "by": row.superseded_by.pk})  # fmt: skip
    return row


def told(words: str, read_on: date | None, actor: str, now: datetime) -> dict[str, Any]:
    """Give the columns that every record has; inside the caller’s transaction, which takes its turn here."""
    taken = moments.take(now)
    return {"source": sources.named(words, read_on or local_day(now, zones.ours())), "recorded_at": taken.at,
            "recorded_by": actor, "sequence": taken.sequence}  # fmt: skip


def taken_back(row: AnyRecorded, about: Sequence[str]) -> dict[str, Any]:
    """Give the columns of a record that takes *row* back; Rejected where *row* is itself a correction or that."""
    if row.status == Status.RETRACTED.value:
        raise Rejected(_("Record %(number)s takes another one back: record what holds anew.") % {"number": row.pk})
    if row.supersedes is not None:
        raise Rejected(_("Record %(number)s corrects %(before)s: correct it once more, by what holds.") % {
            "number": row.pk, "before": row.supersedes.pk})  # fmt: skip
    return {**{name: getattr(row, name) for name in about}, "status": Status.RETRACTED.value, "supersedes": row}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stand from a day until (not on) a day."""

    stand: str
    begins: date
    ends: date


@dataclass(frozen=True, slots=True)
class Turn:
    """A party whose standing to an instrument would be told differently: as it is told now, and as it would be."""

    instrument: Instrument
    party: Party
    before: tuple[Stretch, ...]
    after: tuple[Stretch, ...]


def preview(record: Callable[[], object]) -> tuple[Turn, ...]:
    """Do *record* and undo it again; give whose standing it would change. What *record* raises is raised."""
    with transaction.atomic():
        found = turns_of(record)
        transaction.set_rollback(True)
    return found


def turns_of(record: Callable[[], object]) -> tuple[Turn, ...]:
    """Do *record*, in the caller’s transaction; give whose standing it changed."""
    stamp = Node.objects.values_list("stamp", flat=True).get()
    record()
    fresh = set(Spell.objects.filter(known_from__gt=stamp).values_list("instrument", "party"))
    ended = Spell.objects.filter(known_until__gt=stamp, known_until__lt=FOREVER)
    turned = sorted(fresh | set(ended.values_list("instrument", "party")))
    return tuple(_turn(number, code, stamp) for number, code in turned)


def _turn(number: int, code: str, stamp: int) -> Turn:
    rows = Spell.objects.filter(instrument=number, party=code, known_until__gt=stamp).order_by("effective_from")
    before = [row for row in rows if row.known_from <= stamp]
    after = [row for row in rows if row.known_until == FOREVER]
    return Turn(Instrument.objects.get(pk=number), Party.objects.get(pk=code), _stretches(before), _stretches(after))


def _stretches(rows: Sequence[Spell]) -> tuple[Stretch, ...]:
    return tuple(Stretch(row.stand, row.effective_from, row.effective_until) for row in rows)
