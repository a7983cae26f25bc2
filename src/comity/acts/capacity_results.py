"""Results of capacity reviews: taken in as files of answers, staged by rule, compared over time and between states."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from comity.acts import framework_editions, moments
from comity.models import CapacityResult, Party
from comity.policy import comparing, staging
from comity.policy.comparing import Moved, Spread
from comity.policy.framework_form import Answers
from comity.policy.frameworks import Framework
from comity.policy.saying import sentence
from comity.policy.staging import Answer, Evidence, Rating, Staged


class PartyUnknown(LookupError):
    """No state of this code or name is here; the message says how to mend it."""


@dataclass(frozen=True, slots=True)
class Result:
    """One result, staged: `staged` is by aspect id in the framework’s order."""

    row: CapacityResult
    framework: Framework
    ratings: Mapping[str, Rating]
    staged: Mapping[str, Staged]

    @property
    def answered(self) -> int:
        """Return how many indicators have an answer other than unknown."""
        return sum(one.answer is not Answer.UNKNOWN for one in self.ratings.values())


def keep(answers: Answers, actor: str, now: datetime) -> CapacityResult:
    """Keep the answers of a review; the very same ones again are the same result.

    Raises PartyUnknown where nobody is called what the file says, EditionUnknown where its framework is not here.
    """
    framework_editions.compiled(answers.framework, answers.edition)
    party = _party(answers.of)
    told = {key: _plain(rating) for key, rating in answers.ratings.items()}
    digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    with transaction.atomic():
        taken = moments.take(now)
        row, _new = CapacityResult.objects.get_or_create(
            party=party, framework=answers.framework, edition=answers.edition, on=answers.on, digest=digest,
            defaults={"answers": told, "recorded_at": taken.at, "recorded_by": actor})  # fmt: skip
    return row


def _party(name: str) -> Party:
    for lookup in ("code", "name", "common_name"):
        found = Party.objects.filter(**{f"{lookup}__iexact": name}).first()
        if found is not None:
            return found
    raise PartyUnknown(
        sentence("there is no state “{name}” in the register. Mend: write its code or its name after `of:`.", name=name)
    )


def _plain(rating: Rating) -> dict[str, Any]:
    evidence = [[one.title, one.at, one.until.isoformat() if one.until else ""] for one in rating.evidence]
    told = {"answer": rating.answer.value, "evidence": evidence, "reason": rating.reason}
    return {key: value for key, value in told.items() if value} | ({"contested": True} if rating.contested else {})


def _rating(told: Mapping[str, Any]) -> Rating:
    evidence = tuple(
        Evidence(title, at, date.fromisoformat(until) if until else None)
        for title, at, until in told.get("evidence", ())
    )
    return Rating(Answer(told["answer"]), evidence, told.get("reason", ""), contested=told.get("contested", False))


def result(row: CapacityResult, on: date | None = None) -> Result:
    """Stage a result as of its own day, or another."""
    framework = framework_editions.compiled(row.framework, row.edition)
    ratings = {key: _rating(told) for key, told in row.answers.items()}
    return Result(row, framework, ratings, staging.stages(framework, ratings, on or row.on))


def of_party(party: Party, framework: str) -> list[CapacityResult]:
    """Give the results of a state by any edition of a framework, by day; of several for one day the last taken in."""
    found = CapacityResult.objects.filter(party=party, framework=framework).order_by("on", "id")
    return list({(row.edition, row.on): row for row in found}.values())


def frameworks_with_results() -> list[str]:
    """Name the frameworks by which anybody was reviewed."""
    return list(CapacityResult.objects.order_by("framework").values_list("framework", flat=True).distinct())


def changes(before: Result, after: Result) -> list[Moved]:
    """Say what moved between two results by one edition; across editions nothing is said without a crosswalk."""
    if before.framework != after.framework:
        return []
    found = comparing.moved(after.framework, before.staged, after.staged)
    return [one for one in found if one.before != one.after]


def states(framework: str, edition: str, may_see: frozenset[str]) -> tuple[dict[str, dict[str, int]], list[Spread]]:
    """Compare the newest result of each state: those the reader may see by name, the rest as a group."""
    rows = CapacityResult.objects.filter(framework=framework, edition=edition).order_by("on", "id")
    newest = {row.party_id: row for row in rows}
    staged = {code: {key: one.stage for key, one in result(row).staged.items()} for code, row in newest.items()}
    return comparing.compared(staged, may_see)
