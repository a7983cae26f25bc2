"""Crosswalks of this node: those of the catalogue, and those that were taken in between frameworks that are here."""

import functools
import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from comity.acts import crosswalks, framework_editions, moments
from comity.acts.agreement_files import read_tree
from comity.acts.framework_editions import EditionFixed
from comity.models import CrosswalkEdition
from comity.policy import crosswalk_form
from comity.policy.crosswalks import Crosswalk, Items
from comity.policy.frameworks import words
from comity.policy.saying import sentence


class ItemsUnknown(LookupError):
    """A crosswalk names items that its frameworks do not have; the message names them and how to mend it."""


def take(walk: Crosswalk, actor: str, now: datetime) -> bool:
    """Take a crosswalk in; False where the very same one is here.

    Raises EditionFixed where another content is here under its id and edition, EditionUnknown where one of its
    frameworks is not here, ItemsUnknown where a pair names what its framework does not have.
    """
    for end, side in ((walk.source, "source"), (walk.target, "target")):
        there = Items(framework_editions.compiled(*end))
        strange = [getattr(pair, side) for pair in walk.pairs if getattr(pair, side) not in there]
        if strange:
            raise ItemsUnknown(
                sentence(
                    "{listed} has no item “{strange}” ({count} such pairs). Mend: name items as the framework does.",
                    listed=" ".join(end),
                    strange=strange[0],
                    count=len(strange),
                )
            )
    content = crosswalk_form.yaml(walk)
    digest = hashlib.sha256(content.encode()).hexdigest()
    with transaction.atomic():
        taken = moments.take(now)
        row = CrosswalkEdition.objects.filter(crosswalk=walk.id, edition=walk.edition).first()
        if row is None and any((one.id, one.edition) == (walk.id, walk.edition) for one in crosswalks.catalogue()):
            raise EditionFixed(
                sentence(
                    "{id} {edition} is a crosswalk of the catalogue. Mend: give it another id.",
                    id=walk.id,
                    edition=walk.edition,
                )
            )
        if row is None:
            CrosswalkEdition.objects.create(
                crosswalk=walk.id, edition=walk.edition, name=words(walk.name)[:300], owner=walk.owner[:300],
                content=content, digest=digest, recorded_at=taken.at, recorded_by=actor)  # fmt: skip
            return True
    if row.digest != digest:
        raise EditionFixed(
            sentence(
                "{id} {edition} is here with other content. Mend: give what has changed an edition of its own.",
                id=walk.id,
                edition=walk.edition,
            )
        )
    return False


def take_all(found: Sequence[Crosswalk], actor: str, now: datetime) -> list[bool]:
    """Take several in, all or none, and say of each whether it is new. Raises as `take` does."""
    with transaction.atomic():
        return [take(one, actor, now) for one in found]


def every() -> list[Crosswalk]:
    """Give every crosswalk: the catalogue’s, then those taken in, by id and edition."""
    digests = CrosswalkEdition.objects.values_list("digest", flat=True)
    return [*crosswalks.catalogue(), *map(_compiled, digests)]


def find(key: str, edition: str = "") -> Crosswalk | None:
    """Give a crosswalk by its id, of several editions the last."""
    found = [one for one in every() if one.id == key and edition in ("", one.edition)]
    return found[-1] if found else None


@functools.lru_cache(maxsize=64)
def _compiled(digest: str) -> Crosswalk:
    row = CrosswalkEdition.objects.filter(digest=digest)[0]
    found = crosswalk_form.read_crosswalk(read_tree(row.content)).crosswalk
    if found is None:
        raise LookupError(sentence("{row}: its stored content cannot be read any more", row=row))
    return found
