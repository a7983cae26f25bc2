"""How a program records: the same acts as at the desk, by the same rights, each with a dry run.

`dry_run` records nothing: the answer tells whose standing would change, or names each thing that is wrong.
"""

from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from typing import Annotated, Any, Final

from django.http import HttpRequest
from ninja import Field, Router, Schema
from ninja.params import functions
from pydantic import StringConstraints, create_model

from comity.acts import records
from comity.api.access import actor, now, writing
from comity.api.problems import OF_WRITING

Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=5000)]
Number = Annotated[int, Field(ge=1, le=2**63 - 1)]
_TYPES: Final[dict[Any, Any]] = {str: Text, int | None: Number | None, tuple[str, ...]: list[Text]}
_BODY: Final[Any] = functions.Body(...)
_QUERY: Final[Any] = functions.Query(...)


class Stretch(Schema):
    """A standing from a day until, not on, a day."""

    stand: str
    begins: date
    ends: date


class Turned(Schema):
    """A party whose standing to an instrument is told differently: as it was told, and as it is told then."""

    instrument: str
    party: str
    before: list[Stretch]
    after: list[Stretch]


class Recorded(Schema):
    """What was recorded: its number or key, null in a dry run, and whose standing it changes."""

    record: int | str | None
    dry_run: bool
    turned: list[Turned]


class Dry(Schema):
    """Whether anything is to be recorded."""

    dry_run: bool = Field(default=False, description="Say what it would change, and record nothing.")


@dataclass(frozen=True, slots=True)
class Offer:
    """One act: where it is offered, by which name, what it takes, and what does it and gives its number or key."""

    address: str
    id: str
    summary: str
    body: type[Schema]
    act: Callable[[Any, str, datetime], int | str | None]
    tag: str = "recording"


def body_of(name: str, value: type, *left_out: str, **more: Any) -> type[Schema]:  # noqa: ANN401 - as pydantic has it
    """Describe a body by the value that an act takes, without some of it and with more."""
    columns: dict[str, Any] = {}
    for field in fields(value):
        if field.name not in left_out:
            default = ... if field.default is MISSING else field.default
            columns[field.name] = (_TYPES.get(field.type, field.type), [] if default == () else default)
    return create_model(name, __base__=Schema, **columns, **more)


def value_of(value: type, body: Schema) -> Any:  # noqa: ANN401 - the act’s own value
    """Give an act its value out of a body."""
    told = dict(body)
    given = {field.name: told[field.name] for field in fields(value) if field.name in told}
    return value(**{name: tuple(one) if isinstance(one, list) else one for name, one in given.items()})


def add(router: Router, offer: Offer) -> None:
    """Offer an act."""

    @writing
    def operation(request: HttpRequest, asked: Any = _QUERY, told: Any = _BODY) -> dict[str, Any]:  # noqa: ANN401
        by, moment = actor(request), now()
        turns = records.preview(lambda: offer.act(told, by, moment))
        record = None if asked.dry_run else offer.act(told, by, moment)
        return {"record": record, "dry_run": asked.dry_run, "turned": [_turned(one) for one in turns]}

    operation.__annotations__.update(asked=Dry, told=offer.body)
    router.add_api_operation(offer.address, ["POST"], operation, response={200: Recorded, **OF_WRITING},
                             operation_id=offer.id, summary=offer.summary, tags=[offer.tag])  # fmt: skip


def _turned(turn: records.Turn) -> dict[str, Any]:
    before, after = ([{"stand": one.stand, "begins": one.begins, "ends": one.ends} for one in stretches]
                     for stretches in (turn.before, turn.after))  # fmt: skip
    return {"instrument": turn.instrument.slug, "party": turn.party.code, "before": before, "after": after}
