"""The question that a page of the register answers: which day, as known when, and which words of the address say so."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.http import HttpRequest, QueryDict

from comity.acts.standings import AsOf, as_of
from comity.policy.dates import EARLIEST_DAY, LATEST_DAY, month_length
from comity.web.pages import now

FIRST_YEAR: Final = 1985
YEARS_AHEAD: Final = 5


@dataclass(frozen=True, slots=True)
class Asking:
    """A question as its form shows it; `wrong` says that a day in the address was none."""

    asked: AsOf
    known: date | None
    today: date
    wrong: bool
    carried: str
    """The question as it goes on in links, with its `&` at the end; empty for today as known now."""

    @property
    def on(self) -> date:
        """Give the day asked of."""
        return self.asked.on

    @property
    def plain(self) -> bool:
        """Tell whether it asks for today as known now."""
        return self.on == self.today and self.known is None

    @property
    def first_year(self) -> int:
        """Give the slider's first year."""
        return min(FIRST_YEAR, self.on.year)

    @property
    def last_year(self) -> int:
        """Give the slider's last year."""
        return max(self.today.year + YEARS_AHEAD, self.on.year)


def asking(request: HttpRequest) -> Asking:
    """Read `on`, `year` and `known` from the address. A slider's `year` moves the day into that year."""
    moment = now()
    on, bad = _day(request.GET, "on")
    known, worse = _day(request.GET, "known")
    on = _in_year(on or known or moment.date(), request.GET.get("year", ""))
    said = QueryDict(mutable=True)
    if on != moment.date():
        said["on"] = on.isoformat()
    if known:
        said["known"] = known.isoformat()
    carried = f"{said.urlencode()}&" if said else ""
    return Asking(as_of(on, known, moment), known, moment.date(), bad or worse, carried)


def _day(said: QueryDict, key: str) -> tuple[date | None, bool]:
    text = said.get(key, "")
    if not text:
        return None, False
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None, True
    return (found, False) if EARLIEST_DAY <= found <= LATEST_DAY else (None, True)


def _in_year(on: date, year: str) -> date:
    if not year.isdecimal() or not EARLIEST_DAY.year <= int(year) <= LATEST_DAY.year or int(year) == on.year:
        return on
    return date(int(year), on.month, min(on.day, month_length(int(year), on.month)))
