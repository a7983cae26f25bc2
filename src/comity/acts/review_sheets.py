"""Answers of one member as a spreadsheet: given out with what is asked, filled in anywhere, taken in again.

The ids and the words asked are locked; answers are chosen from a list in the reader’s language; a hidden column keeps
which version of each answer went out. So what comes back is told apart from what changed here meanwhile: a row that
nobody touched does nothing, a row that was changed on one side alone counts, and one changed on both is a conflict.
Nothing is stored unless every row can be taken. No cell that goes out is read as a formula, and none that comes is.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, TypeAlias
from xml.sax.saxutils import escape

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.worksheet.datavalidation import DataValidation

from comity.acts import review_answers, review_evidence, reviews
from comity.acts.agreements import Rejected
from comity.acts.exporting import File
from comity.acts.reviews import Known, Member
from comity.policy.frameworks import words
from comity.policy.staging import Answer

Sheet: TypeAlias = Any
"""A sheet of a book that is written straight through: its types do not tell all that it has."""
FORMAT: Final = "comity review answers 1"
MEDIA: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS: Final = ("indicator", "aspect", "stage", "says", "answer", "reason", "evidence", "link", "until", "seen")
WIDTHS: Final = (14, 28, 14, 62, 16, 40, 34, 34, 14, 8)
WRITTEN: Final = frozenset({"answer", "reason", "evidence", "link", "until"})
"""The columns that are filled in; all others are locked."""
_FREE, _FIXED = Protection(locked=False), Protection(locked=True)
_TOP, _BOLD = Alignment(wrap_text=True, vertical="top"), Font(bold=True)
_HEAD, _OPEN = PatternFill("solid", fgColor="E2EEF0"), PatternFill("solid", fgColor="FFFEFB")


def titles() -> tuple[str, ...]:
    """Give the columns’ titles in the reader’s language."""
    return (_("Indicator"), _("Aspect"), _("Stage"), _("What is asked"), _("Answer"), _("Reason or remark"),
            _("Evidence: its title"), _("Evidence: its link"), _("Counts until (YYYY-MM-DD)"),
            _("Version"))  # fmt: skip


def answer_words(language: str) -> dict[Answer, str]:
    """Give what each answer is called in a language."""
    with translation.override(language):
        return {answer: _(answer.value) for answer in Answer}


def give(known: Known, number: int, language: str, at: datetime) -> File:
    """Write what a member is asked, with what they have answered, as an XLSX file in a language."""
    member = next(iter(reviews.members(known.review, at, number)), None)
    if member is None:
        raise Rejected(_("There is no such member in this review."))
    book = Workbook(write_only=True)
    with translation.override(language):
        called = answer_words(language)
        sheet = book.create_sheet(_("Answers"))
        rows = list(_rows(known, member, called, language, at))
        styles = _fill(sheet, len(rows), called)
        _instructions(book.create_sheet(_("How to fill this in")), known, member, called)
    meta = book.create_sheet("comity")
    meta.sheet_state = "hidden"
    for key, value in (("format", FORMAT), ("review", known.review.slug), ("member", str(number)),
                       ("language", language), ("rows", str(len(rows))), ("given", at.isoformat())):  # fmt: skip
        meta.append([_text(meta, key), _text(meta, value)])
    meta.protection.sheet = True
    out = io.BytesIO()
    book.save(out)
    return File(_with_rows(out, rows, styles), MEDIA, f"{known.review.slug}-{number}-{at.date().isoformat()}.xlsx")


def _rows(
    known: Known, member: Member, called: Mapping[Answer, str], language: str, at: datetime
) -> Iterator[tuple[str, ...]]:
    framework = known.framework
    wanted = set(review_answers.asked(member, reviews.clusters(known.review, at), framework))
    told = review_answers.said_by(known.review, member.row.pk)
    evidence, named = review_evidence.used(known.review, at), {one.value: said for one, said in called.items()}
    for aspect in framework.aspects():
        for one in aspect.indicators if aspect.id in wanted else ():
            answer, reason, number = told.get(one.id, ("", "", 0))
            shown = next(iter(evidence.get(one.id, ())), None)
            yield (one.id, f"{aspect.id} {words(aspect.name, language)}",
                   words(framework.stages[one.stage].name, language), words(one.text, language),
                   named.get(answer, ""), reason,
                   shown.revision.title if shown else "", shown.revision.link if shown else "",
                   shown.revision.until.isoformat() if shown and shown.revision.until else "",
                   str(number))  # fmt: skip


def _text(sheet: Sheet, value: str, *, free: bool = False) -> Cell:
    """Make a cell of text: whatever it begins with, it is no formula."""
    cell = WriteOnlyCell(sheet)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("�", value) or None
    if value:
        cell.data_type = "s"
    cell.protection, cell.alignment = (_FREE if free else _FIXED), _TOP
    if free:
        cell.number_format, cell.fill = "@", _OPEN
    return cell


def _fill(sheet: Sheet, count: int, called: Mapping[Answer, str]) -> tuple[int, int]:
    """Lay out the sheet for so many rows, which `_with_rows` puts in; give the styles of locked and of open cells."""
    for place, width in enumerate(WIDTHS):
        sheet.column_dimensions["ABCDEFGHIJ"[place]].width = width
    sheet.column_dimensions["J"].hidden = True
    sheet.freeze_panes = "E2"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = sheet.protection.autoFilter = False
    head = []
    for title in titles():
        cell = _text(sheet, title)
        cell.font, cell.fill = _BOLD, _HEAD
        head.append(cell)
    sheet.append(head)
    listed = ",".join(called.values())
    rule = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=True)
    rule.error, rule.errorTitle = _("Choose one of: %(words)s.") % {"words": listed.replace(",", ", ")}, _("Answer")
    rule.add(f"E2:E{count + 1}")
    sheet.data_validations.append(rule)
    return _text(sheet, "").style_id, _text(sheet, "", free=True).style_id


_END: Final = b"</sheetData>"


def _with_rows(book: io.BytesIO, rows: list[tuple[str, ...]], styles: tuple[int, int]) -> bytes:
    """Put rows into the first sheet of a saved book, as text; a cell made by openpyxl costs twenty times as much."""
    columns = [(letter, styles[key in WRITTEN]) for letter, key in zip("ABCDEFGHIJ", COLUMNS, strict=True)]
    told = "".join(
        f'<row r="{number}">{"".join(map(_cell, columns, [number] * len(columns), row))}</row>'
        for number, row in enumerate(rows, 2)
    )
    out = io.BytesIO()
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                content = content.replace(_END, told.encode() + _END, 1)
            new.writestr(part.filename, content)
    return out.getvalue()


def _cell(column: tuple[str, int], number: int, value: str) -> str:
    letter, style = column
    if not value:
        return f'<c r="{letter}{number}" s="{style}"/>'
    said = escape(ILLEGAL_CHARACTERS_RE.sub("�", value))
    return f'<c r="{letter}{number}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'


def _instructions(sheet: Sheet, known: Known, member: Member, called: Mapping[Answer, str]) -> None:
    sheet.column_dimensions["A"].width = 100
    sheet.protection.sheet = True
    fictional = [_("The answers of this review are made up.")] if known.review.fictional else []
    lines = [
        known.version.title, f"{member.name} {member.organisation}".strip(), *fictional, "",
        _("Choose an answer for each row of the first sheet: %(words)s.") % {"words": ", ".join(called.values())},
        _("Met: it can be shown. An indicator that the state has outgrown counts as met."),
        _("Not applicable: say why under “Reason or remark”."),
        _("Unknown, or nothing: you do not know. That is no bad answer: it leaves the result open."),
        _("Evidence: what shows it, by its title; a link if there is one; and the last day on which it counts."),
        _("Rows may be left as they are. Do not change, move or delete the other columns."),
        _("Answers that somebody changed meanwhile are shown side by side when the file is taken in."),
    ]  # fmt: skip
    for place, line in enumerate(lines):
        cell = _text(sheet, line)
        if not place:
            cell.font = _BOLD
        sheet.append([cell])


def called_in(language: str) -> dict[str, Answer]:
    """Give the answers by what they are called, in that language first, then in every one that the desk speaks."""
    found: dict[str, Answer] = {}
    for one in (language, "en", "es", "fr"):
        for answer, said in answer_words(one).items():
            found.setdefault(said.casefold(), answer)
    return found
