"""Which states may be compared by name at this desk: those that gave their word, for as long as it holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from comity.acts import moments, reviews, zones
from comity.acts.agreements import Rejected
from comity.models import NamedComparison, Party
from comity.policy.dates import local_day


@dataclass(frozen=True, slots=True)
class Word:
    """A state’s word as it is written down: `framework` empty is all of them, `until` None is until taken back."""

    party: str
    source: str
    effective_on: date
    framework: str = ""
    until: date | None = None


def give(word: Word, actor: str, now: datetime) -> NamedComparison:
    """Record a state’s word. Raises Rejected with each reason."""
    with transaction.atomic():
        taken = moments.take(now)
        reasons = list(_objections(word))
        if reasons:
            raise Rejected(*reasons)
        return NamedComparison.objects.create(
            party_id=word.party, framework=word.framework.strip(), effective_on=word.effective_on, until=word.until,
            **reviews.written(taken, actor, word.source.strip()))  # fmt: skip


def _objections(word: Word) -> Iterator[str]:
    if not Party.objects.filter(pk=word.party).exists():
        yield _("There is no party “%(code)s” here.") % {"code": word.party}
    if not word.source.strip():
        yield _("Name the note or letter in which the state gave its word.")
    if word.until is not None and word.until < word.effective_on:
        yield _("It would end before it begins.")


def take_back(number: int, source: str, actor: str, now: datetime) -> NamedComparison:
    """Record that a state’s word no longer holds, from today on. Raises Rejected where it does not hold now."""
    with transaction.atomic():
        taken = moments.take(now)
        row = next((one for one in standing(now) if one.pk == number), None)
        if row is None:
            raise Rejected(_("That word does not hold any more: look again."))
        return NamedComparison.objects.create(
            party=row.party, framework=row.framework, effective_on=local_day(now, zones.ours()), ends=True,
            **reviews.written(taken, actor, source.strip() or row.source, row))  # fmt: skip


def standing(at: datetime, framework: str = "") -> list[NamedComparison]:
    """Give the words that hold at a moment, all or those that cover a framework, the oldest first."""
    day = local_day(at, zones.ours())
    rows = reviews.standing(NamedComparison.objects.select_related("party"), at).filter(
        Q(until__isnull=True) | Q(until__gte=day), ends=False, effective_on__lte=day)  # fmt: skip
    return list(rows.filter(framework__in=("", framework)) if framework else rows)


def named(at: datetime, framework: str) -> frozenset[str]:
    """Name the states whose results by a framework may be told by name at a moment."""
    return frozenset(one.party_id for one in standing(at, framework))
