"""The cells that several tables share: where a thing was read, who recorded it; and whose rows are asked for."""

from collections.abc import Iterator

from django.db.models import Q

from comity.acts import moments
from comity.acts.tables import Question, Value
from comity.models import Source
from comity.models.sources import Recorded

Rows = Iterator[tuple[Value, ...]]


def read_of(source: Source | None) -> tuple[Value, Value]:
    """Give where a fact was read, an address where there is one, and when."""
    return (None, None) if source is None else (source.address or source.title, source.read_on)


def recorded_of(row: Recorded) -> tuple[Value, Value]:
    """Give when a record was made, and by whom."""
    return moments.moment(row.recorded_at), row.recorded_by


def of_question(question: Question, party: str = "party", instrument: str = "instrument__slug") -> Q:
    """Narrow records to whom and what is asked for, by the columns that name them."""
    asked = Q(**{party: question.party}) if question.party else Q()
    return asked & Q(**{instrument: question.instrument}) if question.instrument else asked
