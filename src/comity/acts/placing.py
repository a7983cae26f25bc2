"""Giving stored versions their places: each in the class that follows from its marks and from what it refers to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Exists, Max, OuterRef

from comity.acts import recalled, stock, tags
from comity.acts.holdings import Holdings
from comity.acts.making import Making
from comity.acts.reaching import Through
from comity.acts.reentry import Reentry
from comity.acts.writing import New
from comity.models import Entry, StoredVersion
from comity.policy.handling import Handling, Terms, classify
from comity.policy.markings import Tlp
from comity.policy.saying import sentence
from comity.policy.troubles import Trouble
from comity.stix.objects import Accepted

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


class Placing:
    """A batch on its way in, in one step or several. Reads in bulk what is there, decides in memory, writes in bulk."""

    def __init__(self, making: Making, terms: Terms, reclass: Reclass | None = None) -> None:
        """Begin to give places in a batch; `reclass` has the last word on the handling of a version by itself."""
        self.making, self.terms, self.reclass = making, terms, reclass
        self.collection, self.reach = making.collection, making.reach
        self.holdings, self.reentry = Holdings(making.collection.pk, empty=making.empty), Reentry(making)
        self.next_pk = (StoredVersion.objects.aggregate(top=Max("id"))["top"] or 0) + 1
        self.plain = self.reentry.plain
        self.recalls = recalled.any_at_all()
        self.owns: dict[tuple[str, str | None, tuple[tuple[Tlp, bool], ...]], tuple[Handling, int]] = {}
        self.reclassed: dict[int, tuple[Handling, int]] = {}  # by identity, which they keep as long as they are here
        self.places: dict[tuple[int, Through], int] = {}
        self.lacking: dict[int, tuple[int, str]] = {}  # version row → where it came, what it waits for
        self.origins: Mapping[str, frozenset[str]] = {}
        self.narrowed = set[int]()
        self._begin()

    def inherit(self, origins: Mapping[str, frozenset[str]]) -> None:
        """Learn, by id, what objects derive from by relationships of this batch.

        What is stored already, and derives from now on, loses its place; a step that follows gives it a narrower one.
        """
        self.origins = origins
        if origins and not self.holdings.none():
            self.narrowed = self.reentry.narrow(origins, self.terms.originator)
            self.holdings.bound()

    def _begin(self) -> None:
        """Forget what concerned one step alone."""
        self.reach.turn(keep=self.holdings.alone)
        self.tags: dict[str, dict[str, frozenset[str]]] = {}  # id → for whom → what speaks of it
        self.given: dict[int, list[New]] = {}  # class → the versions that get a place in it
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
                self.reentry.reenter(pk)
            self._load(new)
            waiting = self._place_all(new)
            plural = {pk for pks in self.reach.several.values() if len(pks) > 1 for pk in pks}
            if ahead:
                self.holdings.look_ahead({one.id for one in ahead})
            places = {number: (self.making.place(number, len(versions)), versions)
                      for number, versions in self.given.items()}  # fmt: skip
            self.making.writing.write(new, places, {version.pk for version in waiting}, plural)
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

    def _sift(self, objects: Sequence[Accepted], outcome: Outcome) -> list[New]:
        """Tell new versions from known and clashing ones."""
        ids = {one.id for one in objects}
        gone = self._withdrawn(self.holdings.look(ids))
        barred = recalled.barred(ids) if self.recalls else {}
        real, first, meet = not self.collection.exercise, self.next_pk, self.holdings.meet
        new: list[New] = []
        for index, accepted in enumerate(objects):
            stone = barred.get(accepted.id)
            if stone is not None and not stone.lets(accepted.version, self.terms.originator):
                outcome.refused.append((index, stone.why(accepted.id, accepted.version)))
            elif real and accepted.exercise:
                outcome.refused.append((index, sentence(Trouble.APART, id=accepted.id)))
            elif (before := meet(accepted.id, accepted.version, accepted.digest)) is not None:
                self._met_again(index, accepted, before, gone, outcome)
            else:
                new.append(New(index, first + len(new), accepted, *self._own(accepted), self._wanted(accepted)))
                outcome.stored.append(index)
        self.next_pk = first + len(new)
        self.reach.several = {stix_id: set() for stix_id in self.holdings.further}
        outcome.custom = sum(1 for one in new if one.accepted.custom)
        outcome.unmarked = sum(1 for one in new if one.accepted.tlp is None)
        return new

    def _met_again(
        self, index: int, accepted: Accepted, before: bytes, gone: dict[str, int], outcome: Outcome
    ) -> None:
        """Say what becomes of a version that is held, with digest *before*; what was withdrawn comes back."""
        if before != accepted.digest:
            why = sentence(Trouble.OTHER_CONTENT, id=accepted.id, version=accepted.version)
            outcome.refused.append((index, why))
        elif accepted.id in gone:
            self._return(gone.pop(accepted.id), accepted)
            outcome.stored.append(index)
        else:
            outcome.known.append(index)

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

    def _own(self, accepted: Accepted) -> tuple[Handling, int]:
        granular = (
            tuple(sorted({(Tlp.read(g.tlp), g.removable) for g in accepted.granular if g.tlp is not None}))
            if accepted.granular
            else ()
        )
        key = (accepted.type, accepted.tlp, granular)
        kept = self.owns.get(key)
        if kept is None:
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
            kept = self.owns[key] = own, 0 if self.reclass is not None else self.reach.number(own)
        if self.reclass is None:
            return kept
        own = self.reclass(accepted, kept[0])
        found = self.reclassed.get(id(own))
        if found is None:
            found = self.reclassed[id(own)] = own, self.reach.number(own)
        return found

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
        self.given.setdefault(number, []).append(version)
        self.reach.note(version.accepted.id, number, version.pk, new=True)

    def _revive(self, first: int) -> None:
        """Look again at versions that wait for, or can now also be reached through, what has arrived.

        *first* is the first row of this step: what came with it was placed with all of it in view.
        """
        outgrown = {version.pk for version, through in self.hasty if self.reach.through(version.wanted) != through}
        again = self.narrowed | outgrown
        if self.holdings.may_need(self.reach.widened):
            again |= stock.dependents(self.collection.pk, self.reach.widened, first)
        self.narrowed = set()
        self.reentry.widen(again)

    def _lack(self, version: New) -> str:
        missing = sorted({one for group in version.wanted for one in group} - self.reach.placed.keys())
        return f"{version.accepted.id} waits for {', '.join(missing[:3])}, which this collection does not hold yet"
