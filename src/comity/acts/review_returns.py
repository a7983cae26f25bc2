"""A spreadsheet of answers that came back: read row by row, each problem with its row; shown; then taken in, or not."""

import enum
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from django.db import transaction
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from comity.acts import review_answers, review_evidence, review_sheets, reviews, zones
from comity.acts.agreements import Rejected
from comity.acts.review_answers import Did, Told
from comity.acts.review_evidence import Given
from comity.acts.reviews import Known
from comity.models import ReviewAnswer
from comity.policy.dates import local_day
from comity.policy.staging import Answer

LARGEST: Final = 10 * 1024 * 1024
UNPACKED: Final = 100 * 1024 * 1024
MOST_ROWS: Final = 20_000
MARKING: Final = "AMBER"
"""How far evidence may go that came by a sheet, until somebody marks it otherwise."""


class Does(enum.StrEnum):
    """What a row does when the sheet is taken in."""

    ANSWER = "a new answer"
    CONFLICT = "a conflict"
    SAME = "already so"


@dataclass(frozen=True, slots=True)
class Line:
    """A row that does something: the answer it gives, and what stands here now (None: nothing)."""

    row: int
    told: Told
    does: Does
    standing: ReviewAnswer | None


@dataclass(slots=True)
class Returned:
    """A sheet as it was read. Where there are problems, nothing of it can be taken."""

    member: int = 0
    lines: list[Line] = field(default_factory=list)
    evidence: list[tuple[str, Given]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    untouched: int = 0


def read(known: Known, content: bytes, at: datetime) -> Returned:
    """Read a sheet against what stands at present, without storing anything; problems are in it, each with its row."""
    found = Returned()
    try:
        meta, rows = _opened(content)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, ParseError, EOFError, OSError):
        found.problems.append(_("This is no spreadsheet (XLSX) that can be read: save it as .xlsx and try again."))
        return found
    if meta.get("format") != review_sheets.FORMAT or not meta.get("member", "").isdigit():
        found.problems.append(_("This is no sheet of answers that a desk gave out: fill in one that was."))
    elif meta.get("review") != known.review.slug:
        found.problems.append(_("This sheet is of the review “%(slug)s”: take it in there.") % {"slug": meta["review"]})
    else:
        found.member = int(meta["member"])
        _Reading(known, found, review_sheets.called_in(meta.get("language", "en")), at).rows(rows)
    return found


def _opened(content: bytes) -> tuple[dict[str, str], list[tuple[Any, ...]]]:
    """Give the hidden sheet as pairs, and the rows of the first sheet."""
    if len(content) > LARGEST:
        raise ValueError(len(content))
    with ZipFile(io.BytesIO(content)) as packed:
        if sum(one.file_size for one in packed.infolist()) > UNPACKED:
            raise ValueError(UNPACKED)
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
    try:
        pairs = book["comity"].iter_rows(max_col=2, max_row=20, values_only=True) if "comity" in book.sheetnames else ()
        meta = {str(key): str(value) for key, value in pairs if key is not None}
        rows = list(book.worksheets[0].iter_rows(min_row=2, max_row=MOST_ROWS + 1, max_col=len(review_sheets.COLUMNS)))
    finally:
        book.close()
    return meta, rows


class _Reading:
    """One reading: what stands, which rows were met, what is wrong."""

    def __init__(self, known: Known, found: Returned, called: Mapping[str, Answer], at: datetime) -> None:
        self.found, self.called = found, called
        self.known_ids = {one.id for one in known.framework.indicators()}
        member = next((one for one in reviews.members(known.review, at) if one.row.pk == found.member), None)
        wanted = review_answers.asked(member, reviews.clusters(known.review, at), known.framework) if member else []
        self.asked = {one.id for aspect in known.framework.aspects() if aspect.id in wanted
                      for one in aspect.indicators}  # fmt: skip
        self.versions = {(row.indicator, row.number): row
                         for row in ReviewAnswer.objects.filter(review=known.review, member=found.member)}  # fmt: skip
        self.standing: dict[str, ReviewAnswer] = {}
        for (indicator, number), row in self.versions.items():
            if indicator not in self.standing or number > self.standing[indicator].number:
                self.standing[indicator] = row
        self.evidence = review_evidence.used(known.review, at)
        self.met: dict[str, int] = {}
        self.today = local_day(at, zones.ours())
        if member is None or not member.rates:
            found.problems.append(_("Nobody of this number gives answers in this review."))

    def rows(self, rows: list[tuple[Any, ...]]) -> None:
        """Read every row; a problem of one does not hide those of the next."""
        for place, cells in enumerate(rows, start=2):
            values = {key: cell.value for key, cell in zip(review_sheets.COLUMNS, cells, strict=False)}
            if all(value is None or not str(value).strip() for value in values.values()):
                continue
            formulas = [key for key, cell in zip(review_sheets.COLUMNS, cells, strict=False)
                        if getattr(cell, "data_type", "") == "f"]  # fmt: skip
            if formulas:
                self.wrong(place, formulas[0], _("a formula stands here; write the words themselves"))
            else:
                self.row(place, values)

    def wrong(self, place: int, key: str, what: str) -> None:
        column = "ABCDEFGHIJ"[review_sheets.COLUMNS.index(key)]
        self.found.problems.append(_("Row %(row)s, column %(column)s: %(what)s.") % {
            "row": place, "column": column, "what": what})  # fmt: skip

    def row(self, place: int, values: Mapping[str, Any]) -> None:
        name = _said(values.get("indicator"))
        if name not in self.known_ids:
            self.wrong(place, "indicator", _("there is no indicator “%(id)s”; ids stay as they came") % {"id": name})
        elif name not in self.asked:
            self.wrong(place, "indicator", _("“%(id)s” is not asked of this member") % {"id": name})
        elif name in self.met:
            self.wrong(place, "indicator", _("“%(id)s” stands in row %(row)s already") % {
                "id": name, "row": self.met[name]})  # fmt: skip
        else:
            self.met[name] = place
            self.answer(place, name, values)
            self.shown(place, name, values)

    def answer(self, place: int, name: str, values: Mapping[str, Any]) -> None:
        number, said, reason = (_said(values.get(key)) for key in ("seen", "answer", "reason"))
        went = self.versions.get((name, int(number))) if number.isdigit() else None
        if not number.isdigit() or (int(number) and went is None):
            self.wrong(place, "seen", _("the hidden version was changed; take a fresh sheet"))
            return
        answer = self.called.get(said.casefold()) if said else Answer.UNKNOWN
        if answer is None:
            told = dict.fromkeys(self.called)
            self.wrong(place, "answer", _("“%(word)s” is no answer; write one of: %(words)s") % {
                "word": said, "words": ", ".join(list(told)[:len(Answer)])})  # fmt: skip
            return
        if answer is Answer.NOT_APPLICABLE and not reason:
            self.wrong(place, "reason", _("it is called not applicable: say why"))
            return
        before = (went.answer, went.reason) if went else (Answer.UNKNOWN.value, "")
        if (answer.value, reason) == before:
            self.found.untouched += 1
            return
        stands = self.standing.get(name)
        same = stands is not None and (stands.answer, stands.reason) == (answer.value, reason)
        met = (stands.number if stands else 0) != int(number)
        does = Does.SAME if same else Does.CONFLICT if met else Does.ANSWER
        self.found.lines.append(Line(place, Told(name, answer, reason, int(number)), does, stands))

    def shown(self, place: int, name: str, values: Mapping[str, Any]) -> None:
        title, link = (_said(values.get(key)) for key in ("evidence", "link"))
        if not title and not link:
            return
        until = _day(values.get("until"))
        if isinstance(until, bool):
            self.wrong(place, "until", _("“%(day)s” is no day; write it as 2027-12-31") % {
                "day": _said(values.get("until"))})  # fmt: skip
            return
        if until is not None and until < self.today:
            self.wrong(place, "until", _("it has expired on %(day)s already") % {"day": until})
            return
        if link and not link.startswith(review_evidence.WEB):
            self.wrong(place, "link", _("a link begins with https:// or http://"))
            return
        here = {(one.revision.title, one.revision.link) for one in self.evidence.get(name, ())}
        if (title or link, link) not in here:
            self.found.evidence.append((name, Given(title or link, MARKING, until, link)))


def _said(value: Any) -> str:  # noqa: ANN401 - whatever a cell holds
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else " ".join(str(value).split(" ")).strip()


def _day(value: Any) -> date | bool | None:  # noqa: ANN401 - as above
    """Read a cell as a day; None where it is empty, False where it is none."""
    if isinstance(value, datetime):
        return value.date()
    said = _said(value)
    if isinstance(value, date) or not said:
        return value if isinstance(value, date) else None
    try:
        return date.fromisoformat(said)
    except ValueError:
        return False


def take_in(known: Known, content: bytes, name: str, actor: str, now: datetime) -> Returned:
    """Take a sheet in: answers recorded, conflicts put by, evidence added; all of it, or nothing.

    Raises Rejected with every problem, each with its row and column.
    """
    with transaction.atomic():
        found = read(known, content, now)
        if found.problems:
            raise Rejected(*found.problems)
        told = [one.told for one in found.lines if one.does is not Does.SAME]
        took = review_answers.record(known.review, found.member, told, actor, now, name[-400:])
        met = {one.indicator for one in took if one.did is Did.OFFERED}
        found.lines = [Line(one.row, one.told, Does.CONFLICT, one.standing) if one.told.indicator in met else one
                       for one in found.lines]  # fmt: skip
        for indicator, given in found.evidence:
            review_evidence.add(known.review, given, [indicator], actor, now)
    return found


def conflicts(found: Returned) -> Iterator[Line]:
    """Yield the rows that met another version."""
    return (one for one in found.lines if one.does is Does.CONFLICT)
