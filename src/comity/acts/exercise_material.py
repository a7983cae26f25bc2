"""What comes with an inject as STIX: the same each time, labelled and named as exercise, shared in its collection."""

import hashlib
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from comity.acts import exercises, moments, sharing
from comity.acts.agreements import Rejected
from comity.acts.exercises import Known
from comity.acts.messages import stamp
from comity.acts.placing import Outcome
from comity.models import ExercisePut
from comity.policy.exercises import MARK, Inject
from comity.policy.handling import Terms
from comity.policy.markings import Tlp
from comity.stix.exercises import LABEL
from comity.stix.markings import of_label
from comity.stix.objects import Accepted, read


def objects(here: Known, inject: Inject, tlp: Tlp | None = None) -> list[Mapping[str, Any]]:
    """Give an inject's patterns as indicators, by the moment at which the exercise was taken in."""
    at = stamp(moments.moment(here.row.recorded_at))
    return [
        {"type": "indicator", "spec_version": "2.1", "id": f"indicator--{_uuid(here, inject.id, pattern)}",
         "created": at, "modified": at, "name": f"{MARK}: {inject.title}", "labels": [LABEL],
         "indicator_types": ["benign"], "pattern": pattern, "pattern_type": "stix", "valid_from": at,
         "object_marking_refs": [of_label((inject.tlp if tlp is None else tlp).label)]}
        for pattern in inject.patterns
    ]  # fmt: skip


def _uuid(here: Known, *words: str) -> str:
    digest = hashlib.sha256("\0".join((here.row.slug, here.row.digest, *words)).encode()).digest()
    return str(uuid.UUID(bytes=digest[:16], version=4))


def bundle(here: Known, inject: Inject) -> bytes:
    """Write an inject's material as a STIX bundle."""
    made = {"type": "bundle", "id": f"bundle--{_uuid(here, inject.id, 'bundle')}", "objects": objects(here, inject)}
    return msgspec.json.format(msgspec.json.encode(made), indent=1) + b"\n"


def share(slug: str, name: str, actor: str, now: datetime, tlp: Tlp | None = None) -> Outcome:
    """Share what came with an inject that was put to our team, in the exercise's collection.

    Who gets it follows from agreements, as ever. Raises Rejected where there is nothing to share, or not yet.
    """
    with transaction.atomic():
        here = exercises.known(slug)
        inject = here.scenario.inject.get(name)
        put = ExercisePut.objects.filter(exercise=here.row, inject=name, team=here.our_team)
        if inject is None or not put.exists():
            raise Rejected(_("“%(name)s” has not been put to us.") % {"name": name})
        if not inject.patterns:
            raise Rejected(_("Nothing comes with “%(name)s” that could be shared.") % {"name": name})
        found = [read(msgspec.json.encode(one)) for one in objects(here, inject, tlp)]
        wrong = [fault.says for one in found if not isinstance(one, Accepted) for fault in one.faults]
        if wrong:
            raise Rejected(*wrong)
        terms = Terms(Tlp.RED, exercises.us(), here.row.collection.purpose, exercise=True)
        good = [one for one in found if isinstance(one, Accepted)]
        return sharing.accept(here.row.collection, good, terms, actor, now)
