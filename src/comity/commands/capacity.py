"""`comity capacity`: what a state can do, staged by rule from answers, and what keeps it from the next stage.

Frameworks and answers are files here; `import` takes frameworks into the node, and `review` keeps reviews in it.
"""

from typing import Final

import click

from comity.commands.tables import Line, Table

_STORE: Final = "comity.commands.capacity_store"
_FORMS: Final = "comity.commands.capacity_forms"
_FILES: Final = "comity.commands.capacity_files"
_PLANS: Final = "comity.commands.capacity_plans"
_PRACTICES: Final = "comity.commands.capacity_practices"
_REVIEWS: Final = "comity.commands.capacity_review"
PARTS: Final = {
    "frameworks": Line("List the frameworks at hand, or check one of your own.", _FILES, "frameworks_", stored=False),
    "form": Line("Write an empty file of answers to fill in.", _FILES, "form", stored=False),
    "stage": Line("Stage every aspect by the answers in a file.", _FILES, "stage", stored=False),
    "roadmap": Line("Choose which measures of a plan’s file start when, and say why.",
                    "comity.commands.capacity_roadmap", "roadmap"),
    "plan": Line("Take in a plan’s file; what changed is a new version.", _PLANS, "plan"),
    "solve": Line("Solve a recorded plan, keep the roadmap, say what changed.", _PLANS, "solve"),
    "measures": Line("List a plan’s measures and what became of them.", _PLANS, "measures"),
    "progress": Line("Record that a measure is started, done or dropped.", _PLANS, "progress_"),
    "offers": Line("List what partners offer for a plan, and overlaps.", _PLANS, "offers"),
    "offer": Line("Record what a partner offers for measures.", _PLANS, "offer"),
    "practices": Line("List best practices, ours and received; take files in.", _PRACTICES, "practices"),
    "publish": Line("Share a practice with partners as a course of action.", _PRACTICES, "publish"),
    "adopt": Line("Write a practice into a plan as a measure.", _PRACTICES, "adopt"),
    "gaps": Line("List what keeps aspects from their next stage.", _FILES, "gaps", stored=False),
    "compare": Line("Compare two files of answers: what moved, and by which.", _FORMS, "compare", stored=False),
    "carry": Line("Say what answers show of other frameworks.", _FORMS, "carry_", stored=False),
    "import": Line("Take frameworks in: YAML, XLSX, OSCAL, CISO Assistant.", _STORE, "take_in"),
    "export": Line("Write a framework, crosswalk or answers in another form.", _FORMS, "export", stored=False),
    "review": Line("Keep reviews in the node: many raters, rounds, results.", _REVIEWS, "review"),
}


@click.command(cls=Table, lines=PARTS)
def command() -> None:
    """Stage what a state can do by rule, from answers in a file, and list what is missing.

    An aspect has reached a stage when every indicator of it and of all lower stages is met. Nothing is averaged; what
    nobody has answered is shown as an interval.
    """
