"""A scenario laid out for reading and for a table: the facilitator's papers and each team's, with no node at all."""

from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from comity.policy.exercises import Scenario


def laid_out(told: Scenario) -> dict[str, Any]:
    """Lay a scenario out for reading: injects with what is expected and decided after them."""
    names = {one.id: one.name for one in told.teams}
    rows = [
        {"inject": one, "to": [names[team] for team in one.to],
         "expected": [each for each in told.expected if each.after == one.id],
         "decisions": [each for each in told.decisions if each.after == one.id]}
        for one in told.injects
    ]  # fmt: skip
    return {"injects": rows, "names": names}


def packs(scenario: Scenario) -> list[dict[str, Any]]:
    """Give the facilitator's papers, and then each team's, which hold nothing of the others'."""
    whole = {"team": None, "told": scenario, **laid_out(scenario)}
    return [whole, *({"team": team, "told": told, **laid_out(told)} for team in scenario.teams
                     if (told := scenario.seen_by(team.id)))]  # fmt: skip


def sheet(scenario: Scenario, language: str, team: str | None = None) -> str:
    """Write the papers as one page of HTML that stands alone: all of them, the facilitator's (""), or one team's."""
    found = [one for one in packs(scenario) if team is None or team == (one["team"].id if one["team"] else "")]
    with translation.override(language):
        context = {"scenario": scenario, "packs": found, "language": language}
        return str(render_to_string("exercises/paper_alone.html", context))
