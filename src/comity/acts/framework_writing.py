"""Frameworks, crosswalks and answers written in the forms of others.

Forms: `yaml` (our own), `xlsx`, `oscal` (catalog, mapping, assessment results, plan of action), `ciso` (their library).
"""

import io
import json
from datetime import datetime
from typing import Any, Final

import openpyxl
import yaml

from comity.policy import (
    ciso_library,
    ciso_mapping,
    crosswalk_form,
    framework_document,
    framework_sheets,
    oscal_catalog,
    oscal_mapping,
)
from comity.policy.crosswalks import Crosswalk
from comity.policy.framework_form import Answers
from comity.policy.frameworks import Framework

FORMS: Final = ("yaml", "xlsx", "oscal", "ciso")


def write(found: Framework | Crosswalk, form: str, now: datetime) -> tuple[bytes, tuple[str, ...]]:
    """Write a framework or a crosswalk in a form; give its bytes and what is lost. LookupError for a form not known."""
    if isinstance(found, Crosswalk):
        return _write_crosswalk(found, form, now)
    if form == "xlsx":
        return workbook(framework_sheets.write(found)), ()
    if form == "oscal":
        return as_json(oscal_catalog.write(found, now)), ()
    if form == "ciso":
        return as_yaml(ciso_library.write(found)), ()
    if form == "yaml":
        return framework_document.yaml(found).encode(), ()
    raise LookupError(form)


def _write_crosswalk(found: Crosswalk, form: str, now: datetime) -> tuple[bytes, tuple[str, ...]]:
    if form == "oscal":
        return as_json(oscal_mapping.write(found, now)), ()
    if form == "ciso":
        made, losses = ciso_mapping.write(found)
        return as_yaml(made), losses
    if form == "yaml":
        return crosswalk_form.yaml(found).encode(), ()
    raise LookupError(form)


def answers_yaml(found: Answers) -> bytes:
    """Write answers as a file of ours."""
    answers = {}
    for key, one in found.ratings.items():
        shown = [{"title": each.title, "at": each.at, "until": each.until.isoformat() if each.until else ""}
                 for each in one.evidence]  # fmt: skip
        evidence = [{name: said for name, said in each.items() if said} for each in shown]
        whole = {"answer": one.answer.value, "reason": one.reason, "contested": "yes" if one.contested else "",
                 "evidence": evidence}  # fmt: skip
        answers[key] = {name: said for name, said in whole.items() if said}
    return as_yaml({"framework": found.framework, "edition": found.edition, "of": found.of, "on": found.on.isoformat(),
                    "answers": answers})  # fmt: skip


def as_json(found: Any) -> bytes:  # noqa: ANN401 - JSON of any kind
    """Write JSON, indented."""
    return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()


def as_yaml(found: Any) -> bytes:  # noqa: ANN401 - JSON of any kind
    """Write JSON values as YAML that any reader types alike."""
    return yaml.safe_dump(found, allow_unicode=True, sort_keys=False, width=110).encode()


def workbook(sheets: dict[str, list[list[str]]]) -> bytes:
    """Write sheets of text as a workbook in which no cell is ever a formula."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row, cells in enumerate(rows, 1):
            for column, text in enumerate(cells, 1):
                cell = sheet.cell(row, column)
                cell.value, cell.number_format = text or None, "@"
                cell.data_type = "s" if text else "n"
        sheet.freeze_panes = "A2"
        for column in sheet.iter_cols(max_row=min(len(rows), 200)):
            widest = max((len(str(cell.value or "")) for cell in column), default=0)
            sheet.column_dimensions[column[0].column_letter].width = min(max(widest + 2, 8), 70)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
