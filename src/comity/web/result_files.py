"""Results and frameworks as files that a browser saves."""

from datetime import datetime
from typing import Final

from django.http import HttpResponse

from comity.acts import framework_writing
from comity.acts.capacity_results import Result
from comity.policy import oscal_results, staging
from comity.policy.framework_form import Answers
from comity.policy.frameworks import words

_FILES: Final = {
    "yaml": ("yaml", "application/yaml"),
    "ciso": ("ciso.yaml", "application/yaml"),
    "oscal": ("oscal.json", "application/json"),
    "plan": ("plan.json", "application/json"),
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def attached(content: bytes, name: str, form: str) -> HttpResponse:
    """Give bytes as a file of a form."""
    end, media = _FILES[form]
    answer = HttpResponse(content, content_type=media)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{end}"'
    return answer


def result_file(found: Result, form: str, now: datetime) -> HttpResponse:
    """Give a result as `xlsx`, `oscal` (assessment results) or `plan` (of action); LookupError for another form."""
    row, framework = found.row, found.framework
    name = f"{row.framework}-{row.edition}-{row.party_id}-{row.on}"
    if form == "xlsx":
        return attached(framework_writing.workbook(_sheets(found)), name, form)
    if form == "oscal":
        answers = Answers(row.framework, row.edition, row.party_id, row.on, found.ratings)
        return attached(framework_writing.as_json(oscal_results.write(framework, answers, now)), name, form)
    if form == "plan":
        missing = staging.gaps(found.staged, {})
        plan = oscal_results.plan(framework, row.party_id, row.on, missing, now)
        return attached(framework_writing.as_json(plan), name, form)
    raise LookupError(form)


def _sheets(found: Result) -> dict[str, list[list[str]]]:
    """Lay a result out: a line for each aspect, and a line for each indicator with its answer."""
    stages = [one.id for one in found.framework.stages]
    aspects = [["aspect", "name", "stage", "highest", "next", "met of next", "indicators of next", "open"]]
    answers = [["indicator", "aspect", "stage", "words", "answer", "contested", "evidence", "reason", "holds"]]
    for key, one in found.staged.items():
        met, needed = one.share
        following = "" if one.next is None else stages[one.next]
        aspects.append([key, words(one.aspect.name), stages[one.stage], stages[one.highest], following, str(met),
                        str(needed), str(len(one.open))])  # fmt: skip
        answers += [[held.indicator.id, key, stages[held.indicator.stage], words(held.indicator.text),
                     held.rating.answer.value, "yes" if held.rating.contested else "",
                     "; ".join(shown.title for shown in held.rating.evidence), held.rating.reason, held.hold.value]
                    for held in one.held]  # fmt: skip
    row = found.row
    about = [["key", "value"], ["framework", row.framework], ["edition", row.edition], ["of", row.party_id],
             ["on", row.on.isoformat()], ["answered", str(found.answered)]]  # fmt: skip
    return {"Result": about, "Stages": aspects, "Answers": answers}
