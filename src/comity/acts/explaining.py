"""Who may have an object and on which clause, who may not and why: a decision in words, for any day as known then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from comity.acts import classes, law, moments, views
from comity.models import Entry, Node, Party, StoredVersion, ViewRun
from comity.policy.grounds import Duty, Ground, Phrase
from comity.policy.release import Judgement, Moment, Release, Withholding


@dataclass(frozen=True, slots=True)
class Decision:
    """One answer for one recipient. `since` is when it was added as the recipient sees it (asked of today only).

    `redaction` names what is taken out first: TLP labels of marked parts (`TLP:RED`), `personal data`.
    """

    object: str
    version: str
    collection: str
    party: str
    answer: str
    grounds: tuple[Ground, ...]
    duties: tuple[Duty, ...]
    redaction: tuple[str, ...]
    missing: tuple[str, ...]
    since: str | None

    @property
    def released(self) -> bool:
        """Tell whether the answer is yes."""
        return self.answer == "released"


def as_of(on: date | None, known: date | None, now: datetime) -> Moment:
    """Return the moment that a question names: the law of *on* (or today), as known at the end of *known* (or now)."""
    if known is None:
        return Moment(now, on)
    end = datetime.combine(known + timedelta(days=1), time(), UTC) - timedelta(microseconds=1)
    return Moment(min(end, now), on if on is not None else known)


def decide(stix_id: str, party: str, now: datetime, *, on: date | None = None,
           known: date | None = None) -> list[Decision]:  # fmt: skip
    """Decide every stored version of an object for *party*, collection by collection.

    LookupError when the object or the party is not known here.
    """
    if not Party.objects.filter(pk=party).exists():
        ours = Party.objects.filter(in_exchange=True).values_list("code", flat=True)
        raise LookupError(f"there is no party “{party}” here; the parties are {', '.join(ours)}")
    versions = list(StoredVersion.objects.filter(stix_id=stix_id).select_related("collection").order_by("instant"))
    if not versions:
        raise LookupError(f"there is no object “{stix_id}” here")
    moment = as_of(on, known, now)
    judged = law.judge_all(law.facts(), classes.known(), party, moment)
    today = on is None and known is None
    return [_decision(version, party, judged, now if today else None, moment) for version in versions]


def matrix(version: StoredVersion, now: datetime) -> list[Decision]:
    """Decide one version for every party but our own."""
    us = Node.objects.values_list("party_id", flat=True).get()
    moment = Moment(now)
    return [
        _decision(version, party.code, law.judge_all(law.facts(), classes.known(), party.code, moment), now, moment)
        for party in Party.objects.filter(in_exchange=True).exclude(pk=us)
    ]


def _decision(version: StoredVersion, party: str, judged: dict[int, Judgement], now: datetime | None,
              moment: Moment) -> Decision:  # fmt: skip
    entries = list(Entry.objects.filter(version=version).order_by("id"))
    said = (version.stix_id, version.version, version.collection.alias, party)
    if not entries:
        return Decision(*said, "withheld", (Ground.plain(Phrase.WAITS),), (), (), (), None)
    here = _here(entries, moment)
    if not here:
        return Decision(*said, "withheld", (Ground.plain(Phrase.NOT_STORED),), (), (), (), None)
    standing = _for(_standing(here, moment), party)
    if not standing:
        why = Phrase.WAITS if version.waits else Phrase.TAKEN_BACK
        return Decision(*said, "withheld", (Ground.plain(why),), (), (), (), None)
    for entry in standing:
        found = judged[entry.handling_id]
        if isinstance(found, Release):
            since = _since(entry, party, now) if now is not None else None
            return Decision(*said, "released", found.grounds, found.duties, _taken_out(found), (), since)
    last = judged[standing[-1].handling_id]
    assert isinstance(last, Withholding)  # noqa: S101 - the loop has seen every release
    answer = "withheld" if last.verdict == "refused" else str(last.verdict)
    return Decision(*said, answer, last.grounds, (), (), last.missing, None)


def _here(entries: Sequence[Entry], moment: Moment) -> list[Entry]:
    """Return the places that a version had got by a moment."""
    until = moments.micros(moment.known_at)
    return [entry for entry in entries if views.accepted_at(entry) <= until]


def _standing(entries: Sequence[Entry], moment: Moment) -> list[Entry]:
    """Return those that it had not lost again by then."""
    until = moments.micros(moment.known_at)
    return [entry for entry in entries if entry.deleted_at is None or entry.deleted_at > until]


def _for(entries: Sequence[Entry], party: str) -> list[Entry]:
    """Return the places through which a party may have a version: those that are for it alone, where there are any."""
    whose = [(entry, classes.handling_of(entry.handling_id).apart) for entry in entries]
    return [entry for entry, one in whose if one == party] or [entry for entry, one in whose if not one]


def _taken_out(release: Release) -> tuple[str, ...]:
    parts = tuple(f"TLP:{tlp.label}" for tlp in sorted(release.redact_tlp))
    return (*parts, "personal data") if release.redact_personal else parts


def _since(entry: Entry, party: str, now: datetime) -> str | None:
    row, view = views.drawn_up(party, entry.collection, now)
    if not view.has(entry.handling_id, entry.ordinal):
        return None
    runs = ViewRun.objects.filter(view=row, handling=entry.handling_id, stretch=view.open[entry.handling_id][0],
                                  first__lte=entry.ordinal).order_by("-first")  # fmt: skip
    run = runs.first()
    return None if run is None else moments.moment(run.date + entry.ordinal - run.first).isoformat()
