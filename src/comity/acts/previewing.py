"""What a partner may have on a day, and what an event would open or close: judged on facts that are only supposed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Count, Sum

from comity.acts import classes, law, moments
from comity.acts.spoken import spoken
from comity.models import BatchRun, Collection, Entry
from comity.policy.agreements import Agreement
from comity.policy.consent_scopes import ConsentGiven
from comity.policy.dates import ONE_DAY
from comity.policy.editions import Edition
from comity.policy.handling import Handling
from comity.policy.life_events import LifeEvent, objections
from comity.policy.release import Adopted, Court, Facts, Judgement, Moment, Release

MOST_DAYS = 6  # days on which a supposed event is looked at


@dataclass(frozen=True, slots=True)
class Seen:
    """One handling class in one collection: how much stands there, how much of it the partner may have, and why."""

    collection: Collection
    number: int
    handling: Handling
    objects: int
    open: int
    judgement: Judgement

    @property
    def released(self) -> bool:
        """Tell whether the class is open to the partner."""
        return isinstance(self.judgement, Release)


@dataclass(frozen=True, slots=True)
class Turned:
    """A class that a supposed event opens to a partner (`after` is a release) or closes, with how much stands in it."""

    party: str
    number: int
    handling: Handling
    objects: int
    before: Judgement
    after: Judgement

    @property
    def opens(self) -> bool:
        """Tell whether the event opens it."""
        return isinstance(self.after, Release)


@dataclass(frozen=True, slots=True)
class Effect:
    """What would be different on one day."""

    day: date
    turned: tuple[Turned, ...]

    @property
    def opened(self) -> int:
        """Count the objects that open, once for each partner."""
        return sum(one.objects for one in self.turned if one.opens)

    @property
    def closed(self) -> int:
        """Count the objects that close, once for each partner."""
        return sum(one.objects for one in self.turned if not one.opens)


def seen(party: str, now: datetime, on: date | None = None) -> tuple[Seen, ...]:
    """Give all that stands here by collection and class, judged for *party* by the law of the day *on* as known now."""
    facts, known = law.facts(), classes.known()
    judged = law.judge_all(facts, known, party, Moment(now, on))
    collections = {one.pk: one for one in Collection.objects.all()}
    elsewhere = _elsewhere({number for number, one in known.items() if one.apart == party})
    places = {key: count - elsewhere[key] for key, count in _places().items() if known[key[1]].apart in {"", party}}
    return tuple(
        Seen(collections[collection], number, known[number], count,
             _open(facts, judged[number], collection, number, count), judged[number])
        for (collection, number), count in places.items() if count > 0
    )  # fmt: skip


def _elsewhere(apart: set[int]) -> Counter[tuple[int, int]]:
    """Count, by collection and class, what stands in classes *apart* for a party, and so counts in no other for it."""
    if not apart:
        return Counter()
    standing = Entry.objects.filter(deleted_at=None).order_by()
    versions = standing.filter(handling_id__in=apart).values("version_id")
    rows = standing.filter(version_id__in=versions).exclude(handling_id__in=apart)
    return Counter(rows.values_list("collection_id", "handling_id"))


def _places() -> dict[tuple[int, int], int]:
    """Count what stands in each collection and class, in the order of collections and classes."""
    standing = Entry.objects.filter(deleted_at=None).order_by()
    rows = standing.values("collection_id", "handling_id").annotate(count=Count("id"))
    counted = {(row["collection_id"], row["handling_id"]): row["count"] for row in rows}
    return dict(sorted(counted.items()))


def _open(facts: Facts, judgement: Judgement, collection: int, number: int, count: int) -> int:
    """Count the objects of a class that are open: all, or from a party's joining on what came since."""
    if not isinstance(judgement, Release):
        return 0
    if judgement.backlog_from is None:
        return count
    name = judgement.grounds[-1].agreement
    zone = next((one.agreement.time_zone for one in facts.adopted if one.agreement.name == name), "UTC")
    since = moments.micros(datetime.combine(judgement.backlog_from, time(), ZoneInfo(zone)))
    runs = BatchRun.objects.filter(batch__collection_id=collection, handling_id=number, batch__accepted_at__gte=since)
    return min(count, runs.aggregate(total=Sum("count"))["total"] or 0)


def suppose(facts: Facts, slug: str, event: LifeEvent, amended: Agreement | None = None) -> Facts:
    """Return the facts as they would be with one more event in the life of the agreement *slug*.

    *amended* is the text that the event, an amendment, brings; the event then needs an id.
    """
    new = () if amended is None else (Edition(event.id, amended),)
    return replace(
        facts,
        adopted=tuple(
            replace(one, events=(*one.events, event), editions=(*one.editions, *new)) if one.slug == slug else one
            for one in facts.adopted
        ),
    )


def preview(slug: str, event: LifeEvent, now: datetime, parties: Sequence[str],
            amended: Agreement | None = None) -> tuple[Effect, ...]:  # fmt: skip
    """Give, day by day, what recording *event* now would open to and close for each of *parties*.

    The days are the day on which it takes effect, or today where that is past, and every later day on which the
    calendar would turn because of it, `MOST_DAYS` at the most. An empty tuple: it changes nothing for anybody.
    """
    facts = law.facts()
    supposed = suppose(facts, slug, event, amended)
    before, after = (next(one for one in law_.adopted if one.slug == slug) for law_ in (facts, supposed))
    return _effects(facts, supposed, _days(before, after, event, now), now, parties)


def preview_consent(consent: ConsentGiven, now: datetime, parties: Sequence[str],
                    ids: Iterable[str] = ()) -> tuple[Effect, ...]:  # fmt: skip
    """Give what an originator's answer would open to and close for each of *parties*: on its first day and after it.

    *ids* are the objects of which an object's or a case's answer speaks; what derives from them and what needs them
    follows, and is not counted here.
    """
    facts = law.facts()
    zone = next(one.agreement.time_zone for one in facts.adopted if one.slug == consent.agreement)
    today = Moment(now).day(zone)
    days = [max(consent.effective_on, today)]
    if consent.until is not None and consent.until >= today:
        days.append(consent.until + ONE_DAY)
    supposed = replace(facts, consents=(*facts.consents, consent))
    if consent.scope.singles_out:
        stands = _stands(set(ids), consent.recipient)
        return tuple(Effect(day, tuple(_singled(facts, supposed, consent, stands, Moment(now, day))))
                     for day in sorted(set(days)))  # fmt: skip
    return _effects(facts, supposed, sorted(set(days)), now, parties)


def _stands(ids: set[str], recipient: str) -> Counter[int]:
    """Count, by the class through which *recipient* has them or not, the standing versions of objects."""
    known = classes.known()
    rows = Entry.objects.filter(version__stix_id__in=sorted(ids), deleted_at=None).order_by("id")
    by_version: dict[int, int] = {}
    for version, number in rows.values_list("version_id", "handling_id"):
        if known[number].apart in {"", recipient} and not known[by_version.get(version, number)].apart:
            by_version[version] = number
    return Counter(by_version.values())


def _singled(facts: Facts, supposed: Facts, consent: ConsentGiven, stands: Counter[int],
             moment: Moment) -> Iterator[Turned]:  # fmt: skip
    """Judge what an answer singles out as it would stand apart."""
    known, party = classes.known(), consent.recipient
    before = law.judge_all(facts, known, party, moment)
    court = Court(supposed, moment)
    for number, count in stands.items():
        own = known[number]
        apart = replace(own, apart=party, named=own.named | {consent.scope.tag}, unless=frozenset())
        after = court.judge(apart, party, lambda one: isinstance(before.get(one), Release))
        if isinstance(before[number], Release) is not isinstance(after, Release):
            yield Turned(party, number, own, count, before[number], after)


def _effects(facts: Facts, supposed: Facts, days: Sequence[date], now: datetime,
             parties: Sequence[str]) -> tuple[Effect, ...]:  # fmt: skip
    known = classes.known()
    stocked = counts()
    return tuple(
        Effect(day, tuple(turned for party in parties
                          for turned in _turned(facts, supposed, known, stocked, party, Moment(now, day))))
        for day in days
    )  # fmt: skip


def _days(before: Adopted, after: Adopted, event: LifeEvent, now: datetime) -> list[date]:
    today = Moment(now).day(before.agreement.time_zone)
    new = after.turning_days(now) - before.turning_days(now)
    days = {max(event.effective_on, today), *(day for day in new if day > today)}
    return sorted(days)[:MOST_DAYS]


def counts() -> dict[int, int]:
    """Count what stands in each handling class, over all collections."""
    found: dict[int, int] = {}
    for (_collection, number), count in _places().items():
        found[number] = found.get(number, 0) + count
    return found


def _turned(facts: Facts, supposed: Facts, known: Mapping[int, Handling], counts: Mapping[int, int], party: str,
            moment: Moment) -> list[Turned]:  # fmt: skip
    before = law.judge_all(facts, known, party, moment)
    after = law.judge_all(supposed, known, party, moment)
    return [
        Turned(party, number, known[number], counts[number], before[number], after[number])
        for number in known
        if number in counts and isinstance(before[number], Release) is not isinstance(after[number], Release)
    ]


def objections_to(slug: str, event: LifeEvent) -> tuple[str, ...]:
    """Give what is wrong with recording *event*, each as one sentence with its mend; empty when nothing is."""
    one = next(one for one in law.facts().adopted if one.slug == slug)
    found = objections(one.on(event.effective_on, event.recorded_at).agreement, one.events, event)
    return tuple(spoken(reason) for reason in found)
