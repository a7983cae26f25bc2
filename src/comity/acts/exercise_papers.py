"""A scenario laid out for reading and for a table: the facilitator's papers and each team's, with no node at all."""

from typing import Any, Final

from django.template.loader import render_to_string
from django.utils import translation

from comity.policy.exercises import MARK, Scenario

STYLE: Final = (
    "body{font:11pt/1.4 Georgia,serif;max-width:46em;margin:0 auto;padding:1em}"
    "table{border-collapse:collapse;width:100%;margin:.6em 0}"
    "th,td{border:1px solid #777;padding:.3em .5em;text-align:left;vertical-align:top;font-weight:normal}"
    ".write{min-width:6em;height:1.8em}"
    ".mark{font-weight:bold;letter-spacing:.1em;text-align:center;margin:.2em}"
    ".card{border:1px solid #333;padding:.6em 1em;margin:1em 0;break-inside:avoid}"
    ".pack+.pack{break-before:page}"
    "code{font-size:.9em}"
    ".nowrap{white-space:nowrap}"
)
"""How the papers look where nothing else is at hand."""


def laid_out(told: Scenario) -> dict[str, Any]:
    """Lay a scenario out for reading: injects with what is expected and decided after them."""
    names = {one.id: one.name for one in told.teams}
    rows = [
        {"inject": one, "to": [names[team] for team in one.to],
         "expected": [each for each in told.expected if each.after == one.id],
         "decisions": [each for each in told.decisions if each.after == one.id]}
        for one in told.injects
    ]  # fmt: skip
    return {"injects": rows, "names": names, "mark": MARK}


def packs(scenario: Scenario) -> list[dict[str, Any]]:
    """Give the facilitator's papers, and then each team's, which hold nothing of the others'."""
    whole = {"team": None, "told": scenario, **laid_out(scenario)}
    return [whole, *({"team": team, "told": told, **laid_out(told)} for team in scenario.teams
                     if (told := scenario.seen_by(team.id)))]  # fmt: skip


def sheet(scenario: Scenario, language: str, team: str | None = None) -> str:
    """Write the papers as one page of HTML that stands alone: all of them, the facilitator's (""), or one team's."""
    found = [one for one in packs(scenario) if team is None or team == (one["team"].id if one["team"] else "")]
    with translation.override(language):
        context = {"scenario": scenario, "packs": found, "language": language, "mark": MARK, "style": STYLE}
        return str(render_to_string("exercises/paper_alone.html", context))
