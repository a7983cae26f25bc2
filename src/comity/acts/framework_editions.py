"""Frameworks of this node: taken in edition by edition, listed, and given ready to be worked with.

An edition that is here is never changed. The same content again is passed over; other content under the same edition
is refused, because reviews name indicators by framework, edition and id, and must go on meaning what they meant.
"""

import functools
import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db import transaction

from comity.acts import frameworks, moments
from comity.models import FrameworkEdition, Node
from comity.policy import framework_document
from comity.policy.frameworks import Framework, words
from comity.policy.saying import sentence

ACTOR: Final = "catalogue"
STAMP: Final = "frameworks"


class EditionFixed(Exception):
    """Other content is here under the same edition; the message says how to mend it. Nothing was stored."""


class EditionUnknown(LookupError):
    """No framework of this id and edition was taken in here; the message names those that were."""


def take(framework: Framework, actor: str, now: datetime) -> bool:
    """Take an edition in; False where the very same one is here. Raises EditionFixed where another content is."""
    content = framework_document.canonical(framework)
    digest = framework_document.digest(framework)
    with transaction.atomic():
        taken = moments.take(now)  # its lock also keeps two from taking in the same edition at once
        there = FrameworkEdition.objects.filter(framework=framework.id, edition=framework.edition).first()
        if there is None:
            FrameworkEdition.objects.create(
                framework=framework.id, edition=framework.edition, name=words(framework.name), owner=framework.owner,
                content=content, digest=digest, recorded_at=taken.at, recorded_by=actor)  # fmt: skip
            return True
    if there.digest != digest:
        raise EditionFixed(
            sentence(
                "{id}, edition {edition}, is here with other content. Mend: give what has changed an "
                "edition of its own.",
                id=framework.id,
                edition=framework.edition,
            )
        )
    return False


def take_all(found: Sequence[Framework], actor: str, now: datetime) -> list[bool]:
    """Take several editions in, all or none, and say of each whether it is new. Raises EditionFixed as `take` does."""
    with transaction.atomic():
        return [take(one, actor, now) for one in found]


def kept() -> list[FrameworkEdition]:
    """List every edition that is here, without its content, by framework and edition."""
    return list(FrameworkEdition.objects.defer("content"))


def compiled(name: str, edition: str = "") -> Framework:
    """Give an edition that is here, of several the last by name; EditionUnknown where there is none.

    The row is asked for its digest alone; what was compiled under that digest is given again.
    """
    there = FrameworkEdition.objects.filter(framework=name)
    wanted = there.filter(edition=edition) if edition else there
    digest = wanted.values_list("digest", flat=True).last()
    if digest is None:
        known = ", ".join(str(one) for one in kept()) or "none yet"
        raise EditionUnknown(
            sentence(
                "there is no framework “{name}” here; there are {known}", name=f"{name} {edition}".strip(), known=known
            )
        )
    return _compiled(digest)


@functools.lru_cache(maxsize=64)
def _compiled(digest: str) -> Framework:
    row = FrameworkEdition.objects.filter(digest=digest)[0]
    found = framework_document.read(row.content).framework
    if found is None:
        raise EditionUnknown(sentence("{row}: its stored content cannot be read any more", row=row))
    return found


def load(data: Path, now: datetime) -> list[str]:
    """Take the catalogue’s frameworks into a made node where the catalogue has changed since; give what was refused."""
    stamp, digest = data / STAMP, _catalogue_digest()
    if not Node.objects.exists() or (stamp.exists() and stamp.read_text(encoding="ascii") == digest):
        return []
    refused = []
    for framework in frameworks.catalogue():
        try:
            take(framework, ACTOR, now)
        except EditionFixed as error:
            refused.append(str(error))
    stamp.write_text(digest, encoding="ascii")
    return refused


def _catalogue_digest() -> str:
    found = hashlib.sha256()
    for path in sorted(frameworks.CATALOGUE.glob("*.yaml")):
        found.update(path.read_bytes())
    return found.hexdigest()
