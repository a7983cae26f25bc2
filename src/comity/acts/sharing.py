"""Taking objects into a collection: classify, place, and log them as one batch, in one transaction."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from comity.acts import making, moments, stock
from comity.acts.holdings import Held
from comity.acts.placing import Outcome, Placing, Reclass
from comity.acts.reentry import Reentry
from comity.models import Collection, Credential, Right
from comity.policy.handling import Terms
from comity.stix.objects import Accepted

__all__ = ["Outcome", "accept", "let_go", "make_collection"]


def accept(  # noqa: PLR0913 - what is taken in, whose, and how
    collection: Collection, objects: Sequence[Accepted], terms: Terms, actor: str, now: datetime,
    reclass: Reclass | None = None, *, held: Iterable[Held] | None = None, urgent: bool = False,
) -> Outcome:  # fmt: skip
    """Store *objects* (already validated) in *collection* as one batch. All is stored, or an exception and nothing.

    An exact repetition is known already and changes nothing. The same id and version with other content is refused:
    a version, once given out, never changes (STIX 2.1 §3.6). What is *urgent* comes, for each partner that may have it,
    before all that it has not been told of yet. *held*: what the collection holds of them, from whoever has asked.
    """
    with transaction.atomic():
        taken = moments.take(now)
        relations = [(one.id, one.version, one.derives) for one in objects if one.derives is not None]
        origins = origins_of(collection, relations)
        with making.begun(collection, taken, actor, urgent=urgent) as begun:
            placing = Placing(begun, terms, reclass)
            placing.inherit(origins)
            if held is not None:
                placing.holdings.learn(held)
            outcome = placing.step(objects)
            outcome.waiting += placing.waiting()
    return outcome


def let_go(collection: Collection, ids: Iterable[str], actor: str, taken: moments.Taken) -> None:
    """Close what cannot do without objects *ids* that were just withdrawn, inside the withdrawal's transaction.

    A version of which a needed object is gone loses its place and waits, as one that came before what it needs; one
    that can still be had through fewer classes gets its place in the narrower class. So on for what needs those.
    """
    with making.begun(collection, taken, actor) as begun:
        Reentry(begun).let_go(set(ids))


def origins_of(
    collection: Collection, relations: Sequence[tuple[str, str, tuple[str, str]]]
) -> dict[str, frozenset[str]]:
    """Return, by id, what objects derive from by `derived-from` relationships: those that are not stored yet.

    A relationship is given as (its id, its version, (what derives, what from)).
    """
    stored = stock.versions_of(collection.pk, {one for one, _, _ in relations})
    there = {(stix_id, version) for stix_id, version, _ in stored}
    found: dict[str, set[str]] = {}
    for stix_id, version, (source, target) in relations:
        if (stix_id, version) not in there:
            found.setdefault(source, set()).add(target)
    return {source: frozenset(targets) for source, targets in found.items()}


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
