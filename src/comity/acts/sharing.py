"""Taking objects into a collection: classify, place, and log them as one batch, in one transaction."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, Q

from comity.acts import classes, moments, segments
from comity.models import Batch, BatchRun, Collection, Credential, Entry, Reference, Right, StoredVersion
from comity.policy.handling import Groups, Handling, Terms, classify
from comity.policy.markings import Tlp
from comity.stix.objects import VERSIONLESS, Accepted
from comity.stix.segments import Placed
from comity.stix.timestamps import instant

_CHUNK = 400
T = TypeVar("T")


@dataclass(slots=True)
class Outcome:
    """What became of each object: indexes into the sequence that was given, with a sentence where it failed."""

    stored: list[int] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    waiting: list[tuple[int, str]] = field(default_factory=list)
    custom: int = 0
    unmarked: int = 0


def accept(
    collection: Collection, objects: Sequence[Accepted], terms: Terms, actor: str, now: datetime
) -> Outcome:
    """Store *objects* (already validated) in *collection* as one batch. All is stored, or an exception and nothing.

    An exact repetition is known already and changes nothing. The same id and version with other content is refused:
    a version, once given out, never changes (STIX 2.1 §3.6).
    """
    with transaction.atomic():
        taken = moments.take(now)
        return _Intake(collection, terms, actor, taken).take_in(objects)


def let_go(collection: Collection, ids: Iterable[str], actor: str, taken: moments.Taken) -> None:
    """Close what cannot do without objects *ids* that were just withdrawn, inside the withdrawal's transaction.

    A version of which a needed object is gone loses its place and waits, as one that came before what it needs; one
    that can still be had through fewer classes gets its place in the narrower class. So on for what needs those.
    """
    us = Terms(Tlp.RED, "")  # nothing new is classified here
    _Intake(collection, us, actor, taken).let_go(set(ids))


@dataclass(slots=True)
class _New:
    """A version on its way in."""

    index: int
    pk: int
    accepted: Accepted
    own: Handling
    own_number: int


class _Intake:
    """One batch on its way in. Reads what is there in bulk, decides in memory, writes in bulk."""

    def __init__(self, collection: Collection, terms: Terms, actor: str, taken: moments.Taken) -> None:
        self.collection, self.terms, self.actor, self.taken = collection, terms, actor, taken
        self.fresh = not StoredVersion.objects.filter(collection=collection).exists()
        self.numbers: dict[Handling, int] = {}
        self.ordinals: dict[int, int] = {}
        self.firsts: dict[int, int] = {}
        self.placed: dict[str, list[int]] = {}  # id → judged classes through which it can be had
        self.entries: list[tuple[int, int, int, bool, bool]] = []
        self.owns: dict[tuple[str, str | None, tuple[tuple[Tlp, bool], ...]], tuple[Handling, int]] = {}
        self.places: dict[tuple[int, Groups], int] = {}
        self.judged: dict[int, int] = {}
        self.inherits: dict[int, set[str]] = {}  # version row → ids it derives from by a relationship of this batch
        self.narrowed: set[int] = set()  # versions stored before that now derive from something
        self.widened: set[str] = set()  # ids that can now be had through a class they could not before
        self.hasty: list[tuple[_New, Groups]] = []  # placed while more that they refer to may yet get a place
        self.by_id: dict[str, list[int]] = {}  # id → version rows with an entry, old and new
        self.returned: list[int] = []  # versions that were withdrawn and are given again

    def take_in(self, objects: Sequence[Accepted]) -> Outcome:
        """Run the whole intake."""
        outcome = Outcome()
        new = self._sift(objects, outcome)
        if not new and not self.returned:
            return outcome
        for pk in self.returned:
            self._reenter(pk)
        self._derive(new)
        self._load(new)
        waiting = self._place_all(new)
        self._write(new, {version.pk for version in waiting})
        self._revive(new[0].pk if new else None)
        self._log()
        for version in waiting:
            outcome.waiting.append((version.index, self._lack(version.accepted)))
        return outcome

    def _sift(self, objects: Sequence[Accepted], outcome: Outcome) -> list[_New]:
        """Tell new versions from known and clashing ones."""
        there = {} if self.fresh else _digests(self.collection.pk, {accepted.id for accepted in objects})
        gone = self._withdrawn({one.id for one in objects if (one.id, VERSIONLESS) in there})
        pk = (StoredVersion.objects.aggregate(top=Max("id"))["top"] or 0) + 1
        new: list[_New] = []
        for index, accepted in enumerate(objects):
            key = (accepted.id, accepted.version)
            before = there.get(key)
            if before is not None:
                if before == accepted.digest and accepted.id in gone:
                    self._return(gone.pop(accepted.id), accepted)
                    outcome.stored.append(index)
                elif before == accepted.digest:
                    outcome.known.append(index)
                else:
                    why = f"version {accepted.version} is stored with other content; give the change a later `modified`"
                    outcome.refused.append((index, f"{accepted.id}: {why}"))
                continue
            there[key] = accepted.digest
            new.append(_New(index, pk, accepted, *self._own(accepted)))
            outcome.stored.append(index)
            outcome.custom += bool(accepted.custom)
            outcome.unmarked += accepted.tlp is None
            pk += 1
        return new

    def _withdrawn(self, ids: set[str]) -> dict[str, int]:
        """Return, of objects without versions, those that were withdrawn: their ids, and their rows.

        The id follows from the content (STIX 2.1 §2.9) and there is no later version to give, so the same may return.
        """
        standing = Entry.objects.filter(version=OuterRef("pk"), deleted_at=None)
        return {
            stix_id: pk
            for part in _parts(sorted(ids))
            for stix_id, pk in StoredVersion.objects.filter(
                ~Exists(standing), collection=self.collection, stix_id__in=part, version=VERSIONLESS, waits=False
            ).values_list("stix_id", "id")
        }

    def _return(self, pk: int, accepted: Accepted) -> None:
        """Let a withdrawn version wait for a place by the terms of whoever gives it now."""
        StoredVersion.objects.filter(pk=pk).update(own_id=self._own(accepted)[1], waits=True)
        self.returned.append(pk)

    def let_go(self, ids: set[str]) -> None:
        """See `let_go` of the module: look again at all that needs *ids*, as far as that reaches."""
        again = _dependents(self.collection.pk, ids, None)
        moved: list[int] = []
        while again:
            self.placed.clear()
            lost = {pk: stix_id for pk in sorted(again) for stix_id in self._loses(pk)}
            moved += lost
            again = _dependents(self.collection.pk, set(lost.values()), None)
        self.placed.clear()
        for pk in dict.fromkeys(moved):
            self._reenter(pk)
            waits = not Entry.objects.filter(version_id=pk, deleted_at=None).exists()
            StoredVersion.objects.filter(pk=pk).update(waits=waits)
        self._revive(None)
        self._log()

    def _loses(self, version_id: int) -> Iterator[str]:
        """Take a version's entries away whose class rests on what is gone; yield its id where that took any."""
        groups = self._stored_groups(version_id)
        reached = {number for group in groups or () for number in group}
        rows = Entry.objects.filter(version_id=version_id, deleted_at=None)
        for entry in rows:
            needs = classes.handling_of(entry.handling_id).needs
            if groups is None or any(not group <= reached for group in needs):
                rows.filter(pk=entry.pk).update(deleted_at=self.taken.at)
                yield StoredVersion.objects.values_list("stix_id", flat=True).get(pk=version_id)

    def _own(self, accepted: Accepted) -> tuple[Handling, int]:
        granular = tuple(sorted({(Tlp.read(g.tlp), g.removable) for g in accepted.granular if g.tlp is not None}))
        key = (accepted.type, accepted.tlp, granular)
        if key not in self.owns:
            own = classify(*key, self.terms)
            self.owns[key] = own, self._number(own)
        return self.owns[key]

    def _number(self, handling: Handling) -> int:
        if handling not in self.numbers:
            self.numbers[handling] = classes.number_of(handling)
        return self.numbers[handling]

    def _load(self, new: Sequence[_New]) -> None:
        """Read where the objects that are referred to, or get a new version, stand so far."""
        if self.fresh:
            return
        ids = {version.accepted.id for version in new}
        for version in new:
            for group in self._wanted(version):
                ids |= group
        for stix_id, number, version_id in self._standing(ids):
            self._note(stix_id, number, version_id)

    def _standing(self, ids: Iterable[str]) -> Iterator[tuple[str, int, int]]:
        """Yield (id, class, version row) of each entry that objects *ids* have so far."""
        for part in _parts(sorted(ids)):
            rows = Entry.objects.filter(collection=self.collection, version__stix_id__in=part, deleted_at=None)
            yield from rows.values_list("version__stix_id", "handling_id", "version_id")

    def _note(self, stix_id: str, number: int, version_id: int, *, new: bool = False) -> None:
        judged = self._judged(number)
        found = self.placed.setdefault(stix_id, [])
        if judged not in found:
            found.append(judged)
            if new:
                self.widened.add(stix_id)
        self.by_id.setdefault(stix_id, []).append(version_id)

    def _judged(self, number: int) -> int:
        if number not in self.judged:
            self.judged[number] = self._number(classes.handling_of(number).judged)
        return self.judged[number]

    def _place_all(self, new: Sequence[_New]) -> list[_New]:
        """Give each version a place, all that it refers to first; return those that wait for what is not here.

        Where nothing can go first (a circle, or a report on what is here and on what is not), what can have a place
        gets one by what is placed so far, and a further one by `_revive` when more of it comes to be placed.
        """
        left, patient = list(new), True
        while left:
            coming = {version.accepted.id for version in left} if patient else set[str]()
            waiting = [version for version in left if not self._settle(version, coming)]
            if len(waiting) == len(left) and not patient:
                return waiting
            patient = len(waiting) < len(left)
            left = waiting
        return []

    def _settle(self, version: _New, coming: set[str]) -> bool:
        """Place a version unless a group that it needs is missing, or one of *coming* would add to a group."""
        if not all(coming.isdisjoint(group) for group in self._wanted(version)):
            return False
        groups = self._groups(version)
        if groups is None:
            return False
        number = self._place(version, groups)
        self._enter(version.pk, number, version.accepted)
        self._note(version.accepted.id, number, version.pk, new=True)
        if not coming:
            self.hasty.append((version, groups))
        return True

    def _place(self, version: _New, groups: Groups) -> int:
        key = (version.own_number, groups)
        if key not in self.places:
            self.places[key] = self._number(replace(version.own, needs=groups)) if groups else version.own_number
        return self.places[key]

    def _wanted(self, version: _New) -> tuple[frozenset[str], ...]:
        origins = sorted(version.accepted.derived_from | self.inherits.get(version.pk, set()))
        return (*version.accepted.requires, *(frozenset((one,)) for one in origins))

    def _groups(self, version: _New) -> Groups | None:
        """Return the classes that what it cannot do without stands in; None while a whole group is missing."""
        groups: set[frozenset[int]] = set()
        for wanted in self._wanted(version):
            found = frozenset(number for stix_id in wanted for number in self.placed.get(stix_id, ()))
            if not found:
                return None
            groups.add(found)
        return tuple(sorted(groups, key=sorted))

    def _enter(self, pk: int, number: int, accepted: Accepted) -> None:
        if number not in self.ordinals:
            top = Entry.objects.filter(collection=self.collection, handling_id=number).aggregate(top=Max("ordinal"))
            self.ordinals[number] = self.firsts[number] = 0 if top["top"] is None else top["top"] + 1
        trims = bool(accepted.mentions or accepted.granular) or self.terms.personal_data != "none"
        self.entries.append((number, self.ordinals[number], pk, False, trims))
        self.ordinals[number] += 1

    def _write(self, new: Sequence[_New], waiting: set[int]) -> None:
        plural = {pk for pks in self.by_id.values() if len(set(pks)) > 1 for pk in pks}
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO comity_storedversion (id, collection_id, stix_id, version, instant, type, digest, body,"
                " waits, own_id) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                [
                    (v.pk, self.collection.pk, v.accepted.id, v.accepted.version, instant(v.accepted.version),
                     v.accepted.type, v.accepted.digest, v.accepted.body if v.pk in waiting else b"", v.pk in waiting,
                     v.own_number)
                    for v in new
                ],
            )  # fmt: skip
            cursor.executemany(
                'INSERT INTO comity_reference (version_id, target, "group", collection_id) VALUES (%s, %s, %s, %s)',
                [row for v in new for row in self._references(v)],
            )
            cursor.executemany(
                "INSERT INTO comity_entry (collection_id, handling_id, ordinal, version_id, plural, trims)"
                " VALUES (%s, %s, %s, %s, %s, %s)",
                [(self.collection.pk, n, o, pk, pk in plural, trims) for n, o, pk, _, trims in self.entries],
            )
        old = plural - {v.pk for v in new}
        for part in _parts(sorted(old)):
            Entry.objects.filter(version_id__in=part).update(plural=True)
        self._store_bodies({v.pk: v.accepted for v in new})

    def _store_bodies(self, new: Mapping[int, Accepted]) -> None:
        """Store the bodies of the places that this batch gave, class by class."""
        runs: dict[int, list[Accepted]] = {}
        for number, _, pk, _, _ in self.entries:
            runs.setdefault(number, []).append(new[pk])
        for number, run in runs.items():
            placed = [Placed(one.id, one.version, one.digest, one.body, one.mentions) for one in run]
            segments.store(self.collection.pk, number, self.firsts[number], placed)

    def _derive(self, new: Sequence[_New]) -> None:
        """Let what is derived inherit: a `derived-from` relationship binds its source to what its target allows.

        Only from the one who gave the source: nobody narrows what another gave. A source stored before loses its
        place and gets one in the narrower class.
        """
        fresh: dict[str, list[_New]] = {}
        for version in new:
            fresh.setdefault(version.accepted.id, []).append(version)
        for source, target in [v.accepted.derives for v in new if v.accepted.derives is not None]:
            for version in fresh.get(source, ()):
                self.inherits.setdefault(version.pk, set()).add(target)
            stored = StoredVersion.objects.filter(collection=self.collection, stix_id=source).select_related("own")
            for row in stored.defer("body"):
                if classes.handling_of(row.own_id).originator == self.terms.originator:
                    self._narrow(row, target)

    def _narrow(self, row: StoredVersion, target: str) -> None:
        kept = Reference.objects.filter(version=row, group__gte=0)
        if kept.filter(target=target).exists():
            return
        last = kept.aggregate(last=Max("group"))["last"]
        Reference.objects.create(version=row, target=target, collection=self.collection,
                                 group=0 if last is None else last + 1)  # fmt: skip
        Entry.objects.filter(version=row, deleted_at=None).update(deleted_at=self.taken.at)
        self.narrowed.add(row.pk)

    def _references(self, version: _New) -> Iterable[tuple[int, str, int, int]]:
        accepted, collection = version.accepted, self.collection.pk
        for target in accepted.mentions:
            yield version.pk, target, -1, collection
        for number, group in enumerate(self._wanted(version)):
            for target in group:
                yield version.pk, target, number, collection

    def _revive(self, first: int | None) -> None:
        """Give a further entry to versions that wait for, or can now also be reached through, what has arrived.

        A version placed before gets one in the wider class, closed to whoever has it through the earlier class, so
        that a partner who may not have the newcomer sees no change.
        """
        outgrown = {version.pk for version, groups in self.hasty if self._groups(version) != groups}
        again = self.narrowed | outgrown | _dependents(self.collection.pk, self.widened, first)
        while again:
            self.widened = set()
            for version_id in sorted(again):
                self._reenter(version_id)
            again = _dependents(self.collection.pk, self.widened, None)

    def _reenter(self, version_id: int) -> None:
        version = StoredVersion.objects.select_related("own").get(pk=version_id)
        groups = self._stored_groups(version_id)
        if groups is None:
            return
        before = Entry.objects.filter(version_id=version_id, deleted_at=None).order_by("id")
        numbers = list(before.values_list("handling_id", flat=True))
        numbers += [number for number, _, pk, _, _ in self.entries if pk == version_id and number not in numbers]
        own = classes.handling_of(version.own_id)
        wider = replace(own, needs=groups)
        if any(replace(classes.handling_of(number), unless=frozenset()) == wider for number in numbers):
            return
        number = self._number(replace(wider, unless=frozenset(self._judged(n) for n in numbers)))
        self._reenter_at(version, number)
        self._note(version.stix_id, number, version_id, new=True)

    def _reenter_at(self, version: StoredVersion, number: int) -> None:
        if number not in self.ordinals:
            top = Entry.objects.filter(collection=self.collection, handling_id=number).aggregate(top=Max("ordinal"))
            self.ordinals[number] = self.firsts[number] = 0 if top["top"] is None else top["top"] + 1
        ordinal = self.ordinals[number]
        self.ordinals[number] += 1
        body = bytes(version.body) or segments.body(version.pk)
        mentions = frozenset(Reference.objects.filter(version=version, group=-1).values_list("target", flat=True))
        siblings = Entry.objects.filter(collection=self.collection, version__stix_id=version.stix_id)
        plural = siblings.exists()
        siblings.update(plural=True)
        Entry.objects.create(collection=self.collection, handling_id=number, ordinal=ordinal, version=version,
                             plural=plural, trims=bool(mentions))  # fmt: skip
        segments.store(self.collection.pk, number, ordinal,
                       [Placed(version.stix_id, version.version, bytes(version.digest), body, mentions)])  # fmt: skip
        StoredVersion.objects.filter(pk=version.pk).update(waits=False, body=b"")

    def _stored_groups(self, version_id: int) -> Groups | None:
        wanted: dict[int, set[str]] = {}
        rows = Reference.objects.filter(version_id=version_id, group__gte=0)
        for group, target in rows.values_list("group", "target"):
            wanted.setdefault(group, set()).add(target)
        missing = {t for group in wanted.values() for t in group} - self.placed.keys()
        for stix_id, number, pk in self._standing(missing):
            self._note(stix_id, number, pk)
        groups = {frozenset(n for t in group for n in self.placed.get(t, ())) for group in wanted.values()}
        return tuple(sorted(groups, key=sorted)) if all(groups) else None

    def _log(self) -> None:
        if not self.firsts:
            return
        batch = Batch.objects.create(collection=self.collection, sequence=self.taken.sequence,
                                     accepted_at=self.taken.at, accepted_by=self.actor)  # fmt: skip
        BatchRun.objects.bulk_create(
            BatchRun(batch=batch, handling_id=n, first=first, count=self.ordinals[n] - first)
            for n, first in self.firsts.items()
        )

    def _lack(self, accepted: Accepted) -> str:
        missing = sorted({one for group in accepted.requires for one in group} - self.placed.keys())
        return f"{accepted.id} waits for {', '.join(missing[:3])}, which this collection does not hold yet"


def _digests(collection: int, ids: set[str]) -> dict[tuple[str, str], bytes]:
    return {
        (stix_id, version): bytes(digest)
        for part in _parts(sorted(ids))
        for stix_id, version, digest in StoredVersion.objects.filter(
            collection_id=collection, stix_id__in=part
        ).values_list("stix_id", "version", "digest")
    }


def _dependents(collection: int, ids: set[str], first: int | None) -> set[int]:
    """Return the versions that cannot do without one of *ids*; with *first* only those before that row, or waiting."""
    earlier = Q() if first is None else Q(version_id__lt=first) | Q(version__waits=True)
    return {
        pk
        for part in _parts(sorted(ids))
        for pk in Reference.objects.filter(earlier, collection_id=collection, target__in=part, group__gte=0)
        .values_list("version_id", flat=True)
    }  # fmt: skip


def _parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))


def make_collection(alias: str, title: str, now: datetime, *, description: str = "", purpose: str = "",
                    exercise: bool = False) -> Collection:  # fmt: skip
    """Make a collection; its id is a random UUID (TAXII 2.1 §5.2.1), its alias can stand in its place in a path."""
    with transaction.atomic():
        made = Collection.objects.create(
            uuid=uuid.uuid4(), alias=alias, title=title, description=description, purpose=purpose, exercise=exercise,
            created_at=moments.micros(now),
        )  # fmt: skip
        reaching = [] if exercise else Credential.objects.filter(every=True, revoked_at=None)
        Right.objects.bulk_create(Right(credential=c, collection=made, can_write=c.writes) for c in reaching)
    return made
