"""Evidence of a review: files kept in the node’s home under their digest, links, revisions, and what rests on which."""

import hashlib
import os
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from comity.acts import moments, reviews, zones
from comity.acts.agreements import Rejected
from comity.acts.reviews import Known
from comity.models import EvidenceRevision, EvidenceUse, Review, ReviewEvidence
from comity.policy import review_course, staging
from comity.policy.dates import local_day
from comity.policy.markings import LABELS

LARGEST: Final = 25 * 1024 * 1024
WEB: Final = ("https://", "http://")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that lies in the node’s home: its SHA-256 in hexadecimal, its size in bytes, the name it came under."""

    digest: str
    size: int
    name: str


@dataclass(frozen=True, slots=True)
class Given:
    """Evidence as it is told. `until`: the last day on which it counts (None: no end)."""

    title: str
    tlp: str
    until: date | None = None
    link: str = ""
    file: Kept | None = None


def path_of(home: Path, digest: str) -> Path:
    """Return where a file of a digest lies."""
    return home / "evidence" / digest[:2] / digest


def keep(home: Path, chunks: Iterable[bytes], name: str) -> Kept:
    """Keep a file in the node’s home, whole or not at all; Rejected where it is empty or larger than 25 MiB."""
    folder = home / "evidence"
    folder.mkdir(mode=0o700, exist_ok=True)
    part, found, size = folder / f"{secrets.token_hex(8)}.part", hashlib.sha256(), 0
    try:
        with part.open("xb") as out:
            for chunk in chunks:
                size += len(chunk)
                if size > LARGEST:
                    raise Rejected(_("The file is larger than 25 MiB: give a link to it instead."))
                found.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        if not size:
            raise Rejected(_("The file is empty."))
        kept = path_of(home, found.hexdigest())
        kept.parent.mkdir(mode=0o700, exist_ok=True)
        part.replace(kept)
    finally:
        part.unlink(missing_ok=True)
    return Kept(found.hexdigest(), size, name[-255:])


def _objections(given: Given, today: date) -> list[str]:
    wrong = []
    if not given.title.strip():
        wrong.append(_("Give the evidence a title."))
    if given.tlp not in LABELS:
        wrong.append(_("“%(word)s” is not known here; write one of: %(words)s.") % {
            "word": given.tlp, "words": ", ".join(LABELS)})  # fmt: skip
    if given.link and not given.link.startswith(WEB):
        wrong.append(_("A link begins with https:// or http://."))
    if given.until is not None and given.until < today:
        wrong.append(_("It has expired on %(day)s already: evidence that no longer counts shows nothing.") % {
            "day": given.until})  # fmt: skip
    return wrong


def add(
    review: Review, given: Given, indicators: Sequence[str], actor: str, now: datetime, through: str = ""
) -> ReviewEvidence:
    """Add evidence to indicators; *through* says by which way it came, where that is not the desk.

    Raises Rejected, with each reason, when something is missing or cannot be.
    """
    with transaction.atomic():
        taken = moments.take(now)
        here = reviews.open_for(review, review_course.WRITTEN, moments.moment(taken.at))
        wrong = _objections(given, local_day(now, zones.ours()))
        if wrong:
            raise Rejected(*wrong)
        made = ReviewEvidence.objects.create(review=review)
        _revise(made, given, None, reviews.written(taken, actor, through))
        _use(here, made, indicators, reviews.written(taken, actor, through))
    return made


def _revise(
    evidence: ReviewEvidence, given: Given, before: EvidenceRevision | None, written: dict[str, object]
) -> None:
    same = before if before is not None and given.file is None and before.link == given.link else None
    file = Kept(same.digest, same.size, same.name) if same else given.file or Kept("", 0, "")
    EvidenceRevision.objects.create(
        evidence=evidence, title=given.title.strip(), tlp=given.tlp, until=given.until, link=given.link.strip(),
        digest=file.digest, size=file.size, name=file.name, **{**written, "supersedes": before})  # fmt: skip


def _use(here: Known, evidence: ReviewEvidence, indicators: Sequence[str], written: dict[str, object]) -> None:
    places = {one.id: aspect.id for aspect in here.framework.aspects() for one in aspect.indicators}
    strange = [one for one in indicators if one not in places]
    if strange:
        raise Rejected(_("There is no indicator “%(id)s” in this framework.") % {"id": strange[0]})
    for one in indicators:
        EvidenceUse.objects.create(evidence=evidence, review=here.review, aspect=places[one], indicator=one,
                                   **written)  # fmt: skip


def revise(evidence: ReviewEvidence, given: Given, actor: str, now: datetime) -> None:
    """Revise evidence: what was known of it before, and its file, stay on record."""
    with transaction.atomic():
        taken = moments.take(now)
        at = moments.moment(taken.at)
        reviews.open_for(evidence.review, review_course.WRITTEN, at)
        wrong = _objections(given, local_day(now, zones.ours()))
        if wrong:
            raise Rejected(*wrong)
        before = reviews.standing(EvidenceRevision.objects.filter(evidence=evidence), at).get()
        _revise(evidence, given, before, reviews.written(taken, actor))


def stop(review: Review, use: int, actor: str, now: datetime) -> None:
    """Say that evidence no longer stands for an indicator."""
    with transaction.atomic():
        taken = moments.take(now)
        at = moments.moment(taken.at)
        reviews.open_for(review, review_course.WRITTEN, at)
        row = reviews.standing(EvidenceUse.objects.filter(pk=use, review=review, ends=False), at).first()
        if row is None:
            raise Rejected(_("That evidence is not used there any more."))
        EvidenceUse.objects.create(evidence=row.evidence, review=review, aspect=row.aspect, indicator=row.indicator,
                                   ends=True, **reviews.written(taken, actor, "", row))  # fmt: skip


_COLUMNS: Final = ("title", "tlp", "until", "link", "digest", "name", "size")


@dataclass(frozen=True, slots=True)
class Used:
    """Evidence that stands for an indicator, as known at a moment."""

    use: int
    indicator: str
    revision: "Revised"

    @property
    def shows(self) -> staging.Evidence:
        """Return it as staging takes it."""
        return staging.Evidence(self.revision.title, self.revision.link or self.revision.digest, self.revision.until)


@dataclass(frozen=True, slots=True)
class Revised:
    """What is known of a piece of evidence: the columns of its newest revision, whose number is `pk`."""

    pk: int
    evidence: int
    title: str
    tlp: str
    until: date | None
    link: str
    digest: str
    name: str
    size: int


def used(review: Review, at: datetime, aspect: str = "") -> dict[str, list[Used]]:
    """Give the evidence of a review that stands at a moment, by indicator; of one aspect where it is named."""
    uses = reviews.standing(EvidenceUse.objects.filter(review=review), at)
    if aspect:
        uses = uses.filter(aspect=aspect)
    revised = EvidenceRevision.objects.filter(evidence__review=review, withdrawn=False)
    if aspect:
        revised = revised.filter(evidence__in=uses.order_by().values("evidence"))
    rows = reviews.standing(revised, at).values_list("pk", "evidence", *_COLUMNS)
    revisions = {row[1]: Revised(*row) for row in rows}
    found: dict[str, list[Used]] = {}
    for pk, evidence, indicator, ends in uses.values_list("pk", "evidence_id", "indicator", "ends"):
        if not ends and evidence in revisions:
            found.setdefault(indicator, []).append(Used(pk, indicator, revisions[evidence]))
    return found
