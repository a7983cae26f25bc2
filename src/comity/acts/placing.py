"""Giving stored versions their places: each in the class that follows from its marks and from what it refers to."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from django.db.models import Exists, Max, OuterRef

from comity.acts import classes, moments, recalled, segments, stock, tags
from comity.acts.beside import Beside, beside
from comity.acts.holdings import Holdings
from comity.acts.reaching import Reaching, Through
from comity.acts.writing import New, Writing
from comity.models import Batch, BatchRun, Collection, Entry, Reference, StoredVersion
from comity.policy.handling import Handling, Terms, classify
from comity.policy.markings import Tlp
from comity.policy.saying import sentence
from comity.policy.troubles import Trouble
from comity.stix.objects import Accepted
from comity.stix.references import mentioned_in
from comity.stix.segments import Placed

_CHUNK = 400
KIND_OF = {
    True: sentence("for exercises, and this is not"),
    False: sentence("for real material, and this is an exercise's"),
}
MEND = sentence("name another collection")


class Mixed(Exception):
    """Exercise material was on its way into a real collection, or real material into an exercise's. Nothing is kept."""


Reclass = Callable[[Accepted, Handling], Handling]
"""What a version's own handling is, beside what its marks and the terms say of it."""


@dataclass(slots=True)
class Outcome:
    """What became of each object: indexes into the sequence that was given, with a sentence where it failed."""

    stored: list[int] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    waiting: list[tuple[int, str]] = field(default_factory=list)
    custom: int = 0
    unmarked: int = 0


@contextmanager
def batch(  # noqa: PLR0913 - what is taken in, whose, and how
    collection: Collection, terms: Terms, taken: moments.Taken, origins: Mapping[str, frozenset[str]], actor: str,
    reclass: Reclass | None = None, *, urgent: bool = False,
) -> Iterator["Placing"]:  # fmt: skip
    """Begin a batch, inside the act's transaction; log the places that it gave at the end.

    `origins` tells, by id, what an object derives from by a relationship of this batch; `reclass` has the last word on
    the handling of a version by itself. What is *urgent* comes before all that is not read yet.
    """
    with beside() as written:
        placing = Placing(collection, terms, taken, origins, reclass, written)
        yield placing
        placing.log(actor, urgent=urgent)


class Placing:
    """A batch on its way in, in one step or several. Reads in bulk what is there, decides in memory, writes in bulk."""

    def __init__(
        self, collection: Collection, terms: Terms, taken: moments.Taken, origins: Mapping[str, frozenset[str]],
        reclass: Reclass | None, written: Beside,
    ) -> None:  # fmt: skip
        """Begin a batch as `batch` does; what was stored before and now derives loses its place."""
        self.collection, self.terms, self.taken, self.origins = collection, terms, taken, origins
        self.reclass = reclass
        self.holdings = Holdings(collection.pk)
        self.empty = self.holdings.alone  # the collection was, when the batch began
        self.writing, self.reach = Writing(collection.pk, written, empty=self.empty), Reaching(collection.pk)
        self.next_pk = (StoredVersion.objects.aggregate(top=Max("id"))["top"] or 0) + 1
        self.plain = tags.none_at_all()  # nothing stands apart for anybody
        self.recalls = recalled.any_at_all()
        self.ordinals: dict[int, int] = {}
        self.firsts: dict[int, int] = {}
        self.owns: dict[tuple[str, str | None, tuple[tuple[Tlp, bool], ...]], tuple[Handling, int]] = {}
        self.places: dict[tuple[int, Through], int] = {}
        self.narrowed: set[int] = set()  # versions stored before that now derive from something
        self.bound_anew: set[str] = set()  # their ids
        self.lacking: dict[int, tuple[int, str]] = {}  # version row → where it came, what it waits for
        self._begin()
        for source, targets in ({} if self.empty else origins).items():
            for target in sorted(targets):
                self._narrow(source, target)
            if source in self.bound_anew:
                tags.inherit({source: targets})

    def _begin(self) -> None:
        """Forget what concerned one step alone."""
        self.reach.turn(keep=self.holdings.alone)
        self.tags: dict[str, dict[str, frozenset[str]]] = {}  # id → for whom → what speaks of it
        self.entries: list[tuple[int, int, New]] = []
        self.hasty: list[tuple[New, Through]] = []  # placed while more that they refer to may yet get a place
        self.returned: list[int] = []  # versions that were withdrawn and are given again

    def step(self, objects: Sequence[Accepted], ahead: Sequence[Accepted] = ()) -> Outcome:
        """Take some objects in; all of them, or what else fails in the transaction fails with it.

        *ahead* are those of the step that is to follow.
        """
        outcome = Outcome()
        self._begin()
        first = self.next_pk
        new = self._sift(objects, outcome)
        if new or self.returned:
            self._learn_tags(new)
            for pk in self.returned:
                self._reenter(pk)
            self._load(new)
            waiting = self._place_all(new)
            plural = {pk for pks in self.reach.several.values() if len(pks) > 1 for pk in pks}
            if ahead:
                self.holdings.look_ahead({one.id for one in ahead})
            self.writing.write(new, self.entries, {version.pk for version in waiting}, plural)
            self._revive(first)
            self.holdings.stored(new)
            self.lacking |= {version.pk: (version.index, self._lack(version)) for version in waiting}
        return outcome

    def waiting(self) -> list[tuple[int, str]]:
        """Return (index within its step, a sentence) of each version that waits for what is not here, to the end."""
        pks = list(self.lacking)
        still = {
            pk for start in range(0, len(pks), _CHUNK)
            for pk in StoredVersion.objects.filter(pk__in=pks[start : start + _CHUNK], waits=True)
            .values_list("pk", flat=True)
        }  # fmt: skip
        return [said for pk, said in self.lacking.items() if pk in still]

    def log(self, actor: str, *, urgent: bool = False) -> None:
        """Log the places that were given as one batch."""
        self.writing.settle()
        if not self.firsts:
            return
        made = Batch.objects.create(collection=self.collection, sequence=self.taken.sequence,
                                    accepted_at=self.taken.at, accepted_by=actor, urgent=urgent)  # fmt: skip
        BatchRun.objects.bulk_create(
            BatchRun(batch=made, handling_id=n, first=first, count=self.ordinals[n] - first)
            for n, first in self.firsts.items()
        )

    def _sift(self, objects: Sequence[Accepted], outcome: Outcome) -> list[New]:
        """Tell new versions from known and clashing ones."""
        held = self.holdings
        gone = self._withdrawn(held.look({one.id for one in objects}))
        barred = recalled.barred({one.id for one in objects}) if self.recalls else {}
        new: list[New] = []
        for index, accepted in enumerate(objects):
            before = held.digest(accepted.id, accepted.version)
            stone = barred.get(accepted.id)
            if stone is not None and not stone.lets(accepted.version, self.terms.originator):
                outcome.refused.append((index, stone.why(accepted.id, accepted.version)))
                continue
            if not self.collection.exercise and accepted.exercise:
                outcome.refused.append((index, sentence(Trouble.APART, id=accepted.id)))
                continue
            if before is not None:
                if before == accepted.digest and accepted.id in gone:
                    self._return(gone.pop(accepted.id), accepted)
                    outcome.stored.append(index)
                elif before == accepted.digest:
                    outcome.known.append(index)
                else:
                    why = sentence(Trouble.OTHER_CONTENT, id=accepted.id, version=accepted.version)
                    outcome.refused.append((index, why))
                continue
            if held.add(accepted.id, accepted.version, accepted.digest):
                self.reach.several[accepted.id] = set()
            new.append(New(index, self.next_pk, accepted, *self._own(accepted), self._wanted(accepted)))
            outcome.stored.append(index)
            outcome.custom += bool(accepted.custom)
            outcome.unmarked += accepted.tlp is None
            self.next_pk += 1
        return new

    def _withdrawn(self, ids: Sequence[str]) -> dict[str, int]:
        """Return, of objects without versions, those that were withdrawn: their ids, and their rows.

        The id follows from the content (STIX 2.1 §2.9) and there is no later version to give, so the same may return.
        """
        standing = Entry.objects.filter(version=OuterRef("pk"), deleted_at=None)
        every = sorted(ids)
        return {
            stix_id: pk
            for start in range(0, len(every), _CHUNK)
            for stix_id, pk in StoredVersion.objects.filter(
                ~Exists(standing), collection=self.collection, stix_id__in=every[start : start + _CHUNK],
                instant=0, spelling="", waits=False,
            ).values_list("stix_id", "id")
        }  # fmt: skip

    def _return(self, pk: int, accepted: Accepted) -> None:
        """Let a withdrawn version wait for a place by the terms of whoever gives it now."""
        StoredVersion.objects.filter(pk=pk).update(own_id=self._own(accepted)[1], waits=True)
        self.returned.append(pk)

    def let_go(self, ids: set[str]) -> None:
        """Look again at all that needs *ids*, which are gone, as far as that reaches."""
        again = stock.dependents(self.collection.pk, ids, None)
        moved: list[int] = []
        while again:
            self.reach.placed.clear()
            lost = {pk: stix_id for pk in sorted(again) for stix_id in self._loses(pk)}
            moved += lost
            again = stock.dependents(self.collection.pk, set(lost.values()), None)
        self.reach.placed.clear()
        for pk in dict.fromkeys(moved):
            self._reenter(pk)
            waits = not Entry.objects.filter(version_id=pk, deleted_at=None).exists()
            StoredVersion.objects.filter(pk=pk).update(waits=waits)
        self._revive(None)

    def _loses(self, version_id: int) -> Iterator[str]:
        """Take a version's entries away whose class rests on what is gone; yield its id where that took any."""
        rows = Entry.objects.filter(version_id=version_id, deleted_at=None)
        for entry in rows:
            handling = classes.handling_of(entry.handling_id)
            groups = self.reach.stored_groups(version_id, handling.apart)
            reached = {number for group in groups or () for number in group}
            if groups is None or any(not group <= reached for group in handling.needs):
                rows.filter(pk=entry.pk).update(deleted_at=self.taken.at)
                yield StoredVersion.objects.values_list("stix_id", flat=True).get(pk=version_id)

    def _own(self, accepted: Accepted) -> tuple[Handling, int]:
        granular = (
            tuple(sorted({(Tlp.read(g.tlp), g.removable) for g in accepted.granular if g.tlp is not None}))
            if accepted.granular
            else ()
        )
        key = (accepted.type, accepted.tlp, granular)
        if key not in self.owns:
            own = classify(*key, self.terms)
            if own.exercise is not self.collection.exercise:
                raise Mixed(
                    sentence(
                        "“{alias}” is {what}: {mend}",
                        alias=self.collection.alias,
                        what=KIND_OF[self.collection.exercise],
                        mend=MEND,
                    )
                )
            self.owns[key] = own, 0 if self.reclass is not None else self.reach.number(own)
        if self.reclass is None:
            return self.owns[key]
        own = self.reclass(accepted, self.owns[key][0])
        return own, self.reach.number(own)

    def _wanted(self, accepted: Accepted) -> tuple[frozenset[str], ...]:
        inherited = self.origins.get(accepted.id)
        if not inherited and not accepted.derived_from:
            return accepted.requires
        origins = sorted(accepted.derived_from | (inherited or frozenset()))
        return (*accepted.requires, *(frozenset((one,)) for one in origins))

    def _learn_tags(self, new: Sequence[New]) -> None:
        """Read what speaks of the newcomers; what derives from another inherits it, by its own originator's word."""
        if self.plain:
            return
        derived = {
            one.accepted.id: one.accepted.derived_from | self.origins.get(one.accepted.id, frozenset())
            for one in new if one.own.originator == self.terms.originator
        }  # fmt: skip
        tags.inherit({source: targets for source, targets in derived.items() if targets})
        self.tags = tags.tags_of({one.accepted.id for one in new})

    def _load(self, new: Sequence[New]) -> None:
        """Read where the objects that are referred to, or get a new version, stand so far."""
        self.reach.load(self.holdings.wanted_by(new) | self.reach.several.keys())

    def _place_all(self, new: Sequence[New]) -> list[New]:
        """Give each version a place, all that it refers to first; return those that wait for what is not here.

        Where nothing can go first (a circle, or a report on what is here and on what is not), what can have a place
        gets one by what is placed so far, and a further one by `_revive` when more of it comes to be placed.
        """
        for version in new:
            if not version.wanted:
                self._enter(version, version.own_number)
                self._enter_apart(version)
        left, patient = [version for version in new if version.wanted], True
        while left:
            coming = {version.accepted.id for version in left} if patient else set[str]()
            waiting = [version for version in left if not self._settle(version, coming)]
            if len(waiting) == len(left) and not patient:
                return waiting
            patient = len(waiting) < len(left)
            left = waiting
        return []

    def _settle(self, version: New, coming: set[str]) -> bool:
        """Place a version unless a group that it needs is missing, or one of *coming* would add to a group."""
        for group in version.wanted:
            if not coming.isdisjoint(group):
                return False
        through = self.reach.through(version.wanted)
        if through is None:
            return False
        self._enter(version, self._place(version, through))
        self._enter_apart(version)
        if not coming:
            self.hasty.append((version, through))
        return True

    def _place(self, version: New, through: Through) -> int:
        key = (version.own_number, through)
        found = self.places.get(key)
        if found is None:
            found = self.places[key] = self.reach.number(replace(version.own, needs=self.reach.groups(through)))
        return found

    def _enter_apart(self, version: New) -> None:
        """Give a version, beside its place, one for each party for which it, or what it needs, stands apart."""
        if self.plain:
            return
        said, wanted = self.tags.get(version.accepted.id, {}), version.wanted
        for whose in sorted({*said, *(one for ids in wanted for ref in ids for one in self.reach.apart.get(ref, ()))}):
            needs = self.reach.groups(self.reach.through(wanted, whose) or ())
            own = replace(version.own, needs=needs, apart=whose, named=said.get(whose, frozenset()))
            self._enter(version, self.reach.number(own))

    def _enter(self, version: New, number: int) -> None:
        self.entries.append((number, self._next_place(number), version))
        self.reach.note(version.accepted.id, number, version.pk, new=True)

    def _next_place(self, number: int) -> int:
        place = self.ordinals.get(number)
        if place is None:
            place = self.firsts[number] = 0 if self.empty else self._after_last(number)
        self.ordinals[number] = place + 1
        return place

    def _after_last(self, number: int) -> int:
        top = Entry.objects.filter(collection=self.collection, handling_id=number).aggregate(top=Max("ordinal"))["top"]
        return 0 if top is None else int(top) + 1

    def _narrow(self, source: str, target: str) -> None:
        """Let what was stored before inherit: a `derived-from` relationship binds its source to what its target allows.

        Only from the one who gave the source: nobody narrows what another gave. A source stored before loses its
        place and gets one in the narrower class.
        """
        stored = StoredVersion.objects.filter(collection=self.collection, stix_id=source).select_related("own")
        for row in stored.defer("body"):
            kept = Reference.objects.filter(version=row)
            foreign = classes.handling_of(row.own_id).originator != self.terms.originator
            if foreign or kept.filter(target=target).exists():
                continue
            last = kept.aggregate(last=Max("group"))["last"]
            Reference.objects.create(version=row, target=target, collection=self.collection,
                                     group=0 if last is None else last + 1)  # fmt: skip
            if Entry.objects.filter(version=row, deleted_at=None).update(deleted_at=self.taken.at) or row.waits:
                StoredVersion.objects.filter(pk=row.pk).update(waits=True)
                self.narrowed.add(row.pk)
            self.bound_anew.add(source)

    def _revive(self, first: int | None) -> None:
        """Give a further entry to versions that wait for, or can now also be reached through, what has arrived.

        A version placed before gets one in the wider class, closed to whoever has it through the earlier class, so
        that a partner who may not have the newcomer sees no change.
        """
        outgrown = {version.pk for version, through in self.hasty if self.reach.through(version.wanted) != through}
        again = self.narrowed | outgrown
        if self.holdings.may_need(self.reach.widened):
            again |= self._dependents(first)
        self.narrowed = set()
        while again:
            self.reach.widened = set()
            for version_id in sorted(again):
                self._reenter(version_id)
            again = self._dependents(None)

    def _dependents(self, first: int | None) -> set[int]:
        return stock.dependents(self.collection.pk, self.reach.widened, first)

    def set_apart(self, ids: AbstractSet[str]) -> None:
        """Let stored objects that were just singled out stand apart, and what cannot do without them."""
        self.plain = False
        rows = StoredVersion.objects.filter(collection=self.collection, stix_id__in=sorted(ids))
        again = set(rows.values_list("pk", flat=True))
        while again:
            self.reach.widened = set()
            for version in StoredVersion.objects.filter(pk__in=sorted(again)).select_related("own").order_by("pk"):
                if Entry.objects.filter(version=version, deleted_at=None).exists():
                    self.reach.stored_groups(version.pk)
                    self._reenter_apart(version)
            again = self._dependents(None)

    def _reenter(self, version_id: int) -> None:
        version = StoredVersion.objects.select_related("own").get(pk=version_id)
        groups = self.reach.stored_groups(version_id)
        if groups is None or self._is_recalled(version):
            return
        own = classes.handling_of(version.own_id)
        self._reenter_as(version, replace(own, needs=groups))
        if not self.plain:
            self._reenter_apart(version)

    def _reenter_apart(self, version: StoredVersion) -> None:
        own = classes.handling_of(version.own_id)
        said = tags.tags_of([version.stix_id]).get(version.stix_id, {})
        needed = set(Reference.objects.filter(version=version).values_list("target", flat=True))
        for whose in sorted({*said, *(one for ref in needed for one in self.reach.apart.get(ref, ()))}):
            groups = self.reach.stored_groups(version.pk, whose) or ()
            self._reenter_as(version, replace(own, needs=groups, apart=whose, named=said.get(whose, frozenset())))

    def _reenter_as(self, version: StoredVersion, wider: Handling) -> None:
        """Give a version a place in a class, unless it has one; closed to who has it through an earlier one."""
        rows = Entry.objects.filter(version=version, deleted_at=None).order_by("id")
        before = [(pk, n, classes.handling_of(n)) for pk, n in rows.values_list("id", "handling_id")]
        outdated = [pk for pk, _, one in before if one.apart == wider.apart and one.named != wider.named]
        if outdated:
            rows.filter(pk__in=outdated).update(deleted_at=self.taken.at)
        same = [(n, one) for pk, n, one in before if one.apart == wider.apart and pk not in outdated]
        if any(replace(one, unless=frozenset()) == wider for _, one in same):
            return
        number = self.reach.number(replace(wider, unless=frozenset(self.reach.judged(n)[0][0] for n, _ in same)))
        self._reenter_at(version, number)
        self.reach.note(version.stix_id, number, version.pk, new=True)

    def _is_recalled(self, version: StoredVersion) -> bool:
        stone = recalled.barred({version.stix_id}).get(version.stix_id)
        return stone is not None and not stone.lets(version.version, classes.handling_of(version.own_id).originator)

    def _reenter_at(self, version: StoredVersion, number: int) -> None:
        self.writing.settle()
        ordinal = self._next_place(number)
        body = bytes(version.body) or segments.body(version.pk)
        mentions = mentioned_in(body)
        versions = StoredVersion.objects.filter(collection=self.collection, stix_id=version.stix_id)
        siblings = Entry.objects.filter(version_id__in=list(versions.values_list("pk", flat=True)))
        plural = siblings.exists()
        siblings.update(plural=True)
        Entry.objects.create(collection=self.collection, handling_id=number, ordinal=ordinal, version=version,
                             plural=plural, trims=bool(mentions))  # fmt: skip
        self.writing.place(number, ordinal,
                           Placed(version.stix_id, version.version, bytes(version.digest), body, mentions))  # fmt: skip
        StoredVersion.objects.filter(pk=version.pk).update(waits=False, body=b"")

    def _lack(self, version: New) -> str:
        missing = sorted({one for group in version.wanted for one in group} - self.reach.placed.keys())
        return f"{version.accepted.id} waits for {', '.join(missing[:3])}, which this collection does not hold yet"
