"""Every table of the register, read: one operation a table, and one a record where a table’s rows have a key."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Annotated, Any, Final, cast
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from ninja import Field, Router, Schema
from ninja.params import functions
from pydantic import AfterValidator, create_model

from comity.acts import standings
from comity.acts.moments import moment
from comity.acts.table_rows import TABLES
from comity.acts.tables import Column, Question, Table, Value
from comity.api.access import now
from comity.api.problems import OF_READING
from comity.policy.dates import EARLIEST_DAY, LATEST_DAY

ASKED: Final[Any] = functions.Query(...)
MOST: Final = 1000
AT_ONCE: Final = 100
LAST_OFFSET: Final = 10_000_000
KEYS: Final[Mapping[str, str]] = {
    "instruments": "slug", "parties": "code", "actions": "record", "memberships": "record", "facts": "record",
    "claims": "record", "sources": "record", "promises": "key", "contacts": "uid",
}  # fmt: skip
"""The column by which one row of a table is asked for."""


def _kept(day: date) -> date:
    if not EARLIEST_DAY <= day <= LATEST_DAY:
        raise ValueError(f"days from {EARLIEST_DAY} to {LATEST_DAY} are kept here")
    return day


Day = Annotated[date, AfterValidator(_kept)]
Name = Annotated[str, Field(pattern=r"^[^\x00]*$", max_length=300)]
_PARTS: Final[Mapping[str, tuple[Any, str]]] = {
    "on": (Day | None, "The day that is asked of; today where it is left out."),
    "known": (Day | None, "As known at the end of this day, where the desk is; as known now where it is left out."),
    "party": (Name | None, "Only what concerns this party, by its code, such as BS."),
    "instrument": (Name | None, "Only what concerns this instrument, by its slug, such as budapest."),
}


class Turn(Schema):
    """How many rows are asked for, and after how many others."""

    limit: int = Field(AT_ONCE, ge=1, le=MOST, description="How many rows at the most.")
    offset: int = Field(0, ge=0, le=LAST_OFFSET, description="How many rows to leave out before them.")


def _cell(column: Column) -> tuple[Any, Any]:
    kind = list[str] if column.type is tuple else column.type
    return kind | None, Field(None, description=str(column.title))


def _called(key: str) -> str:
    return key.capitalize()


def row_of(table: Table) -> type[Schema]:
    """Describe a table’s row."""
    cells: dict[str, Any] = {column.key: _cell(column) for column in table.columns}
    return create_model(f"{_called(table.key)}Row", __base__=Schema, **cells)


def _page_of(table: Table, row: type[Schema]) -> type[Schema]:
    cells: dict[str, Any] = {
        "items": (list[row], ...),  # type: ignore[valid-type]
        "next": (str | None, Field(None, description="Where the rows after these are; null where there are none.")),
    }
    return create_model(f"{_called(table.key)}Page", __base__=Schema, **cells)


def _asked_of(table: Table) -> type[Schema]:
    parts: dict[str, Any] = {name: (kind, Field(None, description=says))
                             for name, (kind, says) in _PARTS.items() if name in table.asks}  # fmt: skip
    return create_model(f"{_called(table.key)}Question", __base__=Turn, **parts)


def question_of(asked: Schema) -> Question:
    """Read a question as the tables take it."""
    said = asked.model_dump()
    at = standings.as_of(said.get("on"), said.get("known"), now())
    return Question(at.on, moment(at.known_at), said.get("party") or "", said.get("instrument") or "")


def _next(request: HttpRequest, asked: Schema) -> str:
    said = {name: value for name, value in asked.model_dump(exclude_defaults=True).items() if value is not None}
    said["offset"] = said.get("offset", 0) + said.get("limit", AT_ONCE)
    return f"{request.path}?{urlencode(said)}"


def _listing(table: Table, asked_of: type[Schema]) -> Callable[..., Any]:
    def listing(request: HttpRequest, asked: Any = ASKED) -> dict[str, Any]:  # noqa: ANN401 - its type is the table’s
        found = list(islice(table.records(question_of(asked)), asked.offset, asked.offset + asked.limit + 1))
        more = len(found) > asked.limit
        return {"items": found[: asked.limit], "next": _next(request, asked) if more else None}

    listing.__annotations__["asked"] = asked_of
    return listing


def _reading(table: Table, key: str) -> Callable[..., Any]:
    asked_of = create_model(f"{_called(table.key)}Moment", __base__=Schema, **cast("dict[str, Any]", {
        name: (kind, Field(None, description=says)) for name, (kind, says) in _PARTS.items()
        if name in table.asks & {"on", "known"}}))  # fmt: skip

    def reading(request: HttpRequest, name: str, asked: Any = ASKED) -> dict[str, Value]:  # noqa: ANN401 - its type is the table’s
        del request
        question = question_of(asked)
        if key == "slug":
            question = replace(question, instrument=name)
        elif key == "code":
            question = replace(question, party=name)
        return one_of(table.records(question), key, name)

    def plain(request: HttpRequest, name: str) -> dict[str, Value]:
        return reading(request, name, Schema())

    reading.__annotations__["asked"] = asked_of
    chosen = reading if asked_of.model_fields else plain
    chosen.__annotations__["name"] = Name
    return chosen


def one_of(records: Iterable[dict[str, Value]], key: str, name: str) -> dict[str, Value]:
    """Give the one record whose key is *name*; Http404 where there is none."""
    found = next((record for record in records if str(record[key]) == name), None)
    if found is None:
        raise Http404(name)
    return found


def add(router: Router) -> None:
    """Offer every table."""
    for table in TABLES.values():
        row, title = row_of(table), str(table.title)
        router.add_api_operation(
            f"/{table.key}", ["GET"], _listing(table, _asked_of(table)),
            response={200: _page_of(table, row), **OF_READING}, operation_id=f"list_{table.key}", summary=title,
            tags=["tables"],
        )  # fmt: skip
        if table.key in KEYS:
            router.add_api_operation(
                f"/{table.key}/{{name}}", ["GET"], _reading(table, KEYS[table.key]), response={200: row, **OF_READING},
                operation_id=f"read_{table.key}", summary=f"{title}: one by its {KEYS[table.key]}",
                tags=["tables"],
            )  # fmt: skip
