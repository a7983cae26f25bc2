"""What stands in the calendar: what is due, where one meets, and the dates of the register, each by a lasting name."""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext

from comity.acts import engagements, law, moments, undertakings
from comity.acts.engagements import Held
from comity.acts.names import called
from comity.acts.undertakings import Followed
from comity.models import Action, CalendarFeed, EngagementVersion, Mailing
from comity.policy.participation import ONLY_OF_ALL, Precision, Status
from comity.policy.undertaking_words import OPEN, State
from comity.policy.undertakings import Asked, Item

BACK, AHEAD = timedelta(days=365), timedelta(days=730)
DUE_ALARMS, MEETING_ALARMS = (7, 1), (7,)  # days before
LEFT_OUT = frozenset({State.NOT_FOLLOWED, State.WAITS, State.UNDATED})
GONE = frozenset({State.CANCELLED, State.NOT_BINDING})


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry of the calendar. `uid`, `revision` and `modified` (µs since 1970 UTC) are as RFC 5545 has them.

    `first` and `last` are days of `zone`, both inside. `what` says of which kind it is: due, engagement or register.
    `state` is a word of that kind's own. `path` leads to its page.
    """

    uid: str
    what: str
    title: str
    first: date
    last: date
    state: str
    revision: int
    modified: int
    path: str
    starts_at: time | None = None
    ends_at: time | None = None
    zone: str = "Etc/UTC"
    place: str = ""
    about: str = ""
    owner: str = ""
    cancelled: bool = False
    done: bool = False
    public: bool = False
    alarms: tuple[int, ...] = ()


def happenings(asked: Asked, first: date, last: date) -> list[Happening]:
    """Return all that stands in the calendar from *first* to *last*, both inside, in the order of days."""
    found = [*_dues(asked, first, last), *_engagements(asked.known), *_register(asked.known, first, last)]
    there = (one for one in found if one.last >= first and one.first <= last)
    return sorted(there, key=lambda one: (one.first, one.starts_at or time.min, one.title, one.uid))


def host() -> str:
    """Return the right side of the names that are made here (RFC 5545, 3.8.4.7): this desk’s own."""
    return f"{law.facts().us.lower()}.comity.invalid"


def _dues(asked: Asked, first: date, last: date) -> Iterator[Happening]:
    ours, changes = host(), _changes_of_law(asked.known)
    revisions: dict[str, tuple[int, int]] = {}
    for due in undertakings.standing(asked, first, last):
        one, item = due.of, due.item
        if item.by is not None and item.state not in LEFT_OUT:
            if item.key not in revisions:
                revisions[item.key] = _revision(one, asked.known, changes)
            yield _due(one, item, ours, *revisions[item.key])


def _due(one: Followed, item: Item, ours: str, revision: int, modified: int) -> Happening:
    assert item.by is not None  # noqa: S101 - what has no day is left out before
    local = item.by.instant.astimezone(one.zone) if item.by.instant is not None else None
    return Happening(
        uid=f"{_name(item)}@{ours}", what="due", title=item.what, first=item.by.day, last=item.by.day,
        state=item.state.value, revision=revision, modified=modified, path=f"/undertakings/{item.key}/",
        starts_at=local.time() if local else None, ends_at=local.time() if local else None,
        zone=one.undertaking.reckoning.zone, about=one.undertaking.evidence, owner=item.owner,
        cancelled=item.state in GONE, done=item.state is State.DONE,
        public=one.row is not None and one.row.public, alarms=DUE_ALARMS if item.state in OPEN else (),
    )  # fmt: skip


def _name(item: Item) -> str:
    """Give one time its name: it holds neither day nor words, so that it stays whatever is recorded."""
    return hashlib.sha256(f"{item.key} {item.part} {item.number}".encode()).hexdigest()[:32]


def _changes_of_law(known: datetime) -> dict[str, tuple[int, int]]:
    """Give for each adopted agreement how many events are known, and when the newest was recorded."""
    found = {}
    for one in law.facts().adopted:
        recorded = [moments.micros(event.recorded_at) for event in one.events if event.recorded_at <= known]
        found[one.slug] = (len(recorded), max(recorded, default=moments.micros(one.adopted_at)))
    return found


def _revision(one: Followed, known: datetime, changes: dict[str, tuple[int, int]]) -> tuple[int, int]:
    """Give how often an undertaking was changed, and when last."""
    entries = [moments.micros(entry.recorded_at) for entry in one.entries if entry.recorded_at <= known]
    count, at = changes.get(one.slug, (0, one.row.recorded_at if one.row is not None else 0))
    return count + len(entries), max([at, *entries])


def _engagements(known: datetime) -> Iterator[Happening]:
    for one in engagements.known(known):
        yield of_engagement(one)


def of_engagement(one: Held) -> Happening:
    """Return an engagement as an entry of the calendar."""
    there, planned = one.version, one.version.state == EngagementVersion.State.PLANNED
    return Happening(
        uid=one.engagement.uid, what="engagement", title=called(there.title), first=there.starts_on, last=there.ends_on,
        state=there.state, revision=there.revision + one.changes, modified=there.recorded_at,
        path=f"/engagements/{one.engagement.pk}/", starts_at=there.starts_at, ends_at=there.ends_at, zone=there.zone,
        place=called(there.place), about=called(there.about), public=there.public,
        cancelled=there.state == EngagementVersion.State.CANCELLED, alarms=MEETING_ALARMS if planned else (),
    )  # fmt: skip


_COLUMNS = ("instrument__slug", "instrument__short", "instrument__title", "kind", "effective_on", "precision",
            "recorded_at", "status")  # fmt: skip


def _register(known: datetime, first: date, last: date) -> Iterator[Happening]:
    """Yield the days of whole instruments, such as the close of signature; one recorded anew keeps its name."""
    ours, revisions = host(), dict[tuple[str, str], int]()
    rows = Action.objects.filter(kind__in=[kind.value for kind in ONLY_OF_ALL], party=None)
    newest: dict[tuple[str, str], tuple[str, date | None, str, int, str]] = {}
    there = rows.filter(recorded_at__lte=moments.micros(known)).order_by("id")
    for slug, short, title, kind, day, precision, recorded_at, status in there.values_list(*_COLUMNS):
        revisions[slug, kind] = revisions.get((slug, kind), -1) + 1
        newest[slug, kind] = (short or title, day, precision, recorded_at, status)
    for (slug, kind), (name, day, precision, recorded_at, status) in newest.items():
        if day is not None and first <= day <= last and precision == Precision.DAY.value:
            yield Happening(
                uid=f"{slug}-{kind.replace(' ', '-')}@{ours}", what="register",
                title=f"{called(name)}: {gettext(kind)}", first=day, last=day, state=kind,
                revision=revisions[slug, kind], modified=recorded_at,
                path=f"/instruments/{slug}/", cancelled=status != Status.CONFIRMED.value, public=True, alarms=(30, 7),
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opened:
    """A feed that was opened; the secret is shown once."""

    feed: CalendarFeed
    secret: str


def open_feed(user: User, label: str, now: datetime) -> Opened:
    """Open a feed for a person, under a secret of 256 random bits, of which only the hash is kept."""
    secret = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(user=user, label=label.strip()[:80], secret_hash=_hash(secret),
                                       created_at=moments.micros(now))  # fmt: skip
    return Opened(feed, secret)


def revoke_feed(user: User, number: int, now: datetime) -> bool:
    """Close one of a person's feeds for ever; False where it is not theirs or closed already."""
    with transaction.atomic():
        rows = CalendarFeed.objects.filter(pk=number, user=user, revoked_at=None)
        return bool(rows.update(revoked_at=moments.micros(now)))


def feeds(user: User) -> list[CalendarFeed]:
    """Return a person's open feeds."""
    return list(CalendarFeed.objects.filter(user=user, revoked_at=None))


def set_mailing(user: User, email: str, mode: str, language: str) -> None:
    """Set where a person's letters go, how they are told, and in which language letters and feeds are written."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(email=email)
        Mailing.objects.update_or_create(user=user, defaults={"mode": mode, "language": language})


def language_of(user: User) -> str:
    """Return the language in which a person's letters and feeds are written; English where they never said."""
    return Mailing.objects.filter(user=user).values_list("language", flat=True).first() or "en"


def holder(secret: str) -> User | None:
    """Return whose feed a secret opens; None where there is no such feed, it is closed, or the account is."""
    found = CalendarFeed.objects.filter(secret_hash=_hash(secret), revoked_at=None, user__is_active=True)
    feed = found.select_related("user").first()
    return feed.user if feed is not None else None


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def of_person(user: User, everything: Iterable[Happening]) -> list[Happening]:
    """Return what stands in a person's calendar: meetings, the register, what they own, and for officers the rest.

    What another person at the desk owns is that person's.
    """
    others = set(User.objects.filter(is_active=True).exclude(pk=user.pk).values_list("username", flat=True))
    officer = user.groups.filter(name="officer").exists()
    return [
        one for one in everything
        if one.what != "due" or one.owner == user.get_username() or (officer and one.owner not in others)
    ]  # fmt: skip
