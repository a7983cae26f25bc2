"""What is stored already gets a further place, or loses the one it has, by what came, went or was said of it."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

from django.db.models import Max

from comity.acts import classes, recalled, segments, stock, tags
from comity.acts.making import Making
from comity.models import Entry, Need, StoredVersion
from comity.policy.handling import Handling
from comity.stix.references import mentioned_in
from comity.stix.segments import Placed


class Reentry:
    """Gives and takes places of stored versions, in a batch. `plain`: nothing stands apart for anybody."""

    def __init__(self, making: Making) -> None:
        """Give and take within a batch that is in the making."""
        self.collection, self.taken, self.reach = making.collection, making.taken, making.reach
        self.making, self.plain = making, tags.none_at_all()

    def narrow(self, origins: Mapping[str, Iterable[str]], originator: str) -> set[int]:
        """Let stored objects inherit from what they derive from now; return the rows of those that lose their place.

        *origins* tells, by id, what objects derive from by relationships that *originator* gives: nobody narrows what
        another gave.
        """
        narrowed: set[int] = set()
        for source, targets in origins.items():
            stored = StoredVersion.objects.filter(collection=self.collection, stix_id=source).select_related("own")
            own = [one for one in stored.defer("body")
                   if classes.handling_of(one.own_id).originator == originator]  # fmt: skip
            bound = [self._binds(version, target, narrowed) for target in sorted(targets) for version in own]
            if any(bound):
                tags.inherit({source: frozenset(targets)})
        return narrowed

    def _binds(self, version: StoredVersion, target: str, narrowed: set[int]) -> bool:
        """Bind a version to what a target allows, and take its place; tell whether it was not bound before."""
        kept = Need.objects.filter(version=version)
        if kept.filter(target__stix_id=target).exists():
            return False
        last = kept.aggregate(last=Max("group"))["last"]
        Need.objects.create(version=version, target_id=self.making.targets.stored(target),
                            group=0 if last is None else last + 1)  # fmt: skip
        if Entry.objects.filter(version=version, deleted_at=None).update(deleted_at=self.taken.at) or version.waits:
            StoredVersion.objects.filter(pk=version.pk).update(waits=True)
            narrowed.add(version.pk)
        return True

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
            self.reenter(pk)
            waits = not Entry.objects.filter(version_id=pk, deleted_at=None).exists()
            StoredVersion.objects.filter(pk=pk).update(waits=waits)
        self.widen(self._dependents())

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

    def widen(self, again: AbstractSet[int]) -> None:
        """Give a further place to versions that wait for, or can now also be reached through, what has arrived.

        A version placed before gets one in the wider class, closed to whoever has it through the earlier class, so
        that a partner who may not have the newcomer sees no change.
        """
        while again:
            self.reach.widened = set()
            for version_id in sorted(again):
                self.reenter(version_id)
            again = self._dependents()

    def _dependents(self) -> set[int]:
        return stock.dependents(self.collection.pk, self.reach.widened, None)

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
            again = self._dependents()

    def reenter(self, version_id: int) -> None:
        """Give a stored version the place that follows from where what it needs stands now."""
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
        needed = set(Need.objects.filter(version=version).values_list("target__stix_id", flat=True))
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
        self.making.writing.settle()
        ordinal = self.making.place(number)
        body = bytes(version.body) or segments.body(version.pk)
        mentions = mentioned_in(body)
        versions = StoredVersion.objects.filter(collection=self.collection, stix_id=version.stix_id)
        siblings = Entry.objects.filter(version_id__in=list(versions.values_list("pk", flat=True)))
        plural = siblings.exists()
        siblings.update(plural=True)
        Entry.objects.create(collection=self.collection, handling_id=number, ordinal=ordinal, version=version,
                             plural=plural, trims=bool(mentions))  # fmt: skip
        placed = Placed(version.stix_id, version.version, bytes(version.digest), body, mentions)
        self.making.writing.place(number, ordinal, placed)
        StoredVersion.objects.filter(pk=version.pk).update(waits=False, body=b"")
