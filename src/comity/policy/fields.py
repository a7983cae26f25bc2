"""Reading the fields of a form: each reader takes a node, and gives a value or reports one problem and gives None."""

import enum
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from comity.policy.dates import EARLIEST_DAY, LATEST_DAY, MOST_YEARS, Period, Unit
from comity.policy.markings import LABELS, Tlp
from comity.policy.saying import sentence
from comity.policy.tree import Mapping, Node, Problem, Scalar, Sequence, closest, kind, nearest
from comity.policy.vocabulary import YesNo

Word = TypeVar("Word", bound=enum.StrEnum)
Value = TypeVar("Value")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")
FEW = 6
CALENDAR_UNITS = frozenset({Unit.DAYS, Unit.WEEKS, Unit.MONTHS, Unit.YEARS})


@dataclass(slots=True)
class Report:
    """The problems found so far."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, place: Node, what: str, mend: str) -> None:
        """Note a problem at a node."""
        self.problems.append(Problem(place.line, place.column, what, mend))


@dataclass(frozen=True, slots=True)
class Names:
    """The names that one part of a file may use of another: codes of parties, groups, numbers of clauses."""

    parties: tuple[str, ...]
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    clauses: tuple[str, ...]


class Fields:
    """The fields of one map: unknown keys are reported at once, the rest are taken by name."""

    def __init__(self, report: Report, node: Node, what: str, keys: Collection[str]) -> None:
        """Take a node that should be a map with no keys but `keys`; `what` names it in messages."""
        self.report, self.node, self.what = report, node, what
        self.found: dict[str, Node] = {}
        self.keys: dict[str, Scalar] = {}
        self.mistyped: set[str | None] = set()
        if not isinstance(node, Mapping):
            shown = ", ".join(list(keys)[:FEW]) + (", …" if len(keys) > FEW else "")
            mend = sentence("write its fields as `key: value`; it may have {shown}", shown=shown)
            report.add(node, sentence("{what} is {kind}, not a map", what=what, kind=kind(node)), mend)
            return
        for key, value in node.entries:
            if key.text in keys:
                self.found[key.text], self.keys[key.text] = value, key
            else:
                report.add(
                    key, sentence("{what} has no field “{text}”", what=what, text=key.text), nearest(key.text, keys)
                )
                self.mistyped.add(closest(key.text, keys))

    @property
    def readable(self) -> bool:
        """Tell whether there was a map to take fields from."""
        return isinstance(self.node, Mapping)

    def has(self, key: str) -> bool:
        """Tell whether the field was given."""
        return key in self.found

    def take(self, key: str, read: Callable[[Report, Node, str], Value | None]) -> Value | None:
        """Read a field that may be left out."""
        node = self.found.get(key)
        return None if node is None else read(self.report, node, sentence("`{key}` of {what}", key=key, what=self.what))

    def need(self, key: str, read: Callable[[Report, Node, str], Value | None], mend: str) -> Value | None:
        """Read a field that must be there; `mend` says what to add when it is not.

        Where a mistyped key was reported that is nearest to this one, it is not reported as missing as well.
        """
        if self.readable and key not in self.found and key not in self.mistyped:
            self.report.add(self.node, sentence("{what} lacks `{key}`", what=self.what, key=key), mend)
        return self.take(key, read)

    def place(self, key: str) -> Node:
        """Give where a field stands, or the whole map when it is not there."""
        return self.keys.get(key, self.node)


def text(report: Report, node: Node, what: str) -> str | None:
    """Read text that is not empty."""
    if isinstance(node, Scalar) and node.text.strip():
        return node.text
    report.add(
        node, sentence("{what} is {kind}, not text", what=what, kind=kind(node)), sentence("write it as a few words")
    )
    return None


def word(vocabulary: type[Word]) -> Callable[[Report, Node, str], Word | None]:
    """Make a reader of one word of a vocabulary."""
    words = {str(one): one for one in vocabulary}

    def read(report: Report, node: Node, what: str) -> Word | None:
        if isinstance(node, Scalar) and node.text in words:
            return words[node.text]
        found = node.text if isinstance(node, Scalar) else ""
        report.add(
            node,
            sentence("{what} is {kind}, which is not one of its words", what=what, kind=kind(node)),
            nearest(found, words),
        )
        return None

    return read


def members(read_one: Callable[[Report, Node, str], Value | None]) -> Callable[[Report, Node, str], list[Value] | None]:
    """Make a reader of a list, or of one value standing for a list of one; a wrong member spoils the list."""

    def read(report: Report, node: Node, what: str) -> list[Value] | None:
        nodes = node.items if isinstance(node, Sequence) else (node,)
        values = [read_one(report, item, what) for item in nodes]
        good = [value for value in values if value is not None]
        if len(good) != len(values):
            return None
        for place, value in enumerate(good):
            if value in good[:place]:
                report.add(
                    nodes[place],
                    sentence("{what} names {kind} twice", what=what, kind=kind(nodes[place])),
                    sentence("take one of the two out"),
                )
                return None
        return good

    return read


def members_or_none(
    read_one: Callable[[Report, Node, str], Value | None],
) -> Callable[[Report, Node, str], list[Value] | None]:
    """Make a reader of a list with at least one member."""
    read_many = members(read_one)

    def read(report: Report, node: Node, what: str) -> list[Value] | None:
        if isinstance(node, Sequence) and not node.items:
            report.add(
                node,
                sentence("{what} is an empty list", what=what),
                sentence("name at least one, or take the field out"),
            )
            return None
        return read_many(report, node, what)

    return read


def yes_no(report: Report, node: Node, what: str) -> bool | None:
    """Read `yes` or `no` (`true` and `false` are taken as well)."""
    answers = {"yes": True, "true": True, "no": False, "false": False}
    if isinstance(node, Scalar) and node.text in answers:
        return answers[node.text]
    report.add(
        node, sentence("{what} is {kind}, not an answer", what=what, kind=kind(node)), sentence("write “yes” or “no”")
    )
    return None


def yes_no_word(report: Report, node: Node, what: str) -> YesNo | None:
    """Read `yes` or `no` as a word."""
    answer = yes_no(report, node, what)
    return None if answer is None else (YesNo.YES if answer else YesNo.NO)


def day(report: Report, node: Node, what: str) -> date | None:
    """Read a day as `2026-04-01`; one that the calendar does not have is named as such."""
    if not isinstance(node, Scalar) or not _DAY.fullmatch(node.text):
        report.add(
            node,
            sentence("{what} is {kind}, not a day", what=what, kind=kind(node)),
            sentence("write it as year-month-day, such as 2026-04-01"),
        )
        return None
    try:
        found = date.fromisoformat(node.text)
    except ValueError:
        report.add(
            node,
            sentence("{what} is {text}, a day that the calendar does not have", what=what, text=node.text),
            sentence("write a day that exists"),
        )
        return None
    if EARLIEST_DAY <= found <= LATEST_DAY:
        return found
    report.add(
        node,
        sentence("{what} is {found}, too far off", what=what, found=found),
        sentence(
            "write a day from {first} to {last}; leave it out for “without end”",
            first=EARLIEST_DAY.year,
            last=LATEST_DAY.year,
        ),
    )
    return None


def moment(report: Report, node: Node, what: str) -> datetime | None:
    """Read a wall-clock time as `2026-07-09T18:00`, told in the agreement's time zone."""
    if isinstance(node, Scalar) and _MOMENT.fullmatch(node.text):
        try:
            found = datetime.fromisoformat(node.text)
        except ValueError:
            report.add(
                node,
                sentence("{what} is {text}, a time that does not exist", what=what, text=node.text),
                sentence("write a day and a time that exist"),
            )
            return None
        ruled = day(report, Scalar(node.text[:10], node.line, node.column), what)
        return None if ruled is None else found
    report.add(
        node,
        sentence("{what} is {kind}, not a time", what=what, kind=kind(node)),
        sentence("write it as 2026-07-09T18:00"),
    )
    return None


def day_or_moment(report: Report, node: Node, what: str) -> date | datetime | None:
    """Read a day, or a wall-clock time where there is a “T” in it."""
    timed = isinstance(node, Scalar) and "T" in node.text
    return moment(report, node, what) if timed else day(report, node, what)


def days_between(report: Report, node: Node, what: str) -> tuple[date, date] | None:
    """Read two days as `2026-01-01/2026-03-01`: the first and the last."""
    parts = node.text.split("/") if isinstance(node, Scalar) else []
    if len(parts) != 2:  # noqa: PLR2004 (a first and a last day)
        report.add(
            node,
            sentence("{what} is {kind}, not two days", what=what, kind=kind(node)),
            sentence("write it as 2026-01-01/2026-03-01"),
        )
        return None
    first, last = (day(report, Scalar(part, node.line, node.column), what) for part in parts)
    if first is None or last is None:
        return None
    if last < first:
        report.add(
            node,
            sentence("{what} ends on {last}, before it begins on {first}", what=what, last=last, first=first),
            sentence("put the earlier day first"),
        )
        return None
    return first, last


def period(report: Report, node: Node, what: str) -> Period | None:
    """Read a length of time in any unit, of a hundred years at most."""
    words = node.text if isinstance(node, Scalar) else ""
    try:
        found = Period.read(words)
    except ValueError:
        mend: str = sentence(
            "write a number from 1 and a unit, such as “90 days”, “6 months”, “2 years” or “5 working days”"
        )
        units = [one for unit in Unit for one in (str(unit), unit.removesuffix("s"))]
        number, _, unit = words.partition(" ")
        if number.isdigit() and int(number) and unit:
            mend = nearest(unit, units)
        report.add(node, sentence("{what} is {kind}, not a length of time", what=what, kind=kind(node)), mend)
        return None
    if found.within_reach:
        return found
    mend = sentence("write a shorter time, or take the field out for “without end”")
    report.add(
        node,
        sentence("{what} is {kind}, longer than {most} years", what=what, kind=kind(node), most=MOST_YEARS),
        mend,
    )
    return None


def calendar_period(report: Report, node: Node, what: str) -> Period | None:
    """Read a length of time in days, weeks, months or years."""
    found = period(report, node, what)
    if found is None or found.unit in CALENDAR_UNITS:
        return found
    report.add(
        node,
        sentence("{what} is counted in {unit}", what=what, unit=found.unit),
        sentence("write it in days, weeks, months or years"),
    )
    return None


def tlp(report: Report, node: Node, what: str) -> Tlp | None:
    """Read a TLP label."""
    try:
        return Tlp.read(node.text if isinstance(node, Scalar) else "")
    except ValueError:
        report.add(
            node,
            sentence("{what} is {kind}, which is no TLP label", what=what, kind=kind(node)),
            sentence("write one of: {listed}", listed=", ".join(LABELS)),
        )
        return None


def number(report: Report, node: Node, what: str) -> int | None:
    """Read a whole number from 1 to 999999."""
    if isinstance(node, Scalar) and re.fullmatch(r"[1-9][0-9]{0,5}", node.text):
        return int(node.text)
    report.add(
        node,
        sentence("{what} is {kind}, not a whole number from 1", what=what, kind=kind(node)),
        sentence("write it in digits, such as 2"),
    )
    return None


def one_of(names: Collection[str], noun: str) -> Callable[[Report, Node, str], str | None]:
    """Make a reader of one name out of those that the file itself defines."""

    def read(report: Report, node: Node, what: str) -> str | None:
        if isinstance(node, Scalar) and node.text in names:
            return node.text
        found = node.text if isinstance(node, Scalar) else ""
        report.add(
            node,
            sentence("{what} names {kind}, but there is no such {noun}", what=what, kind=kind(node), noun=noun),
            nearest(found, names),
        )
        return None

    return read


def entries(report: Report, node: Node, what: str) -> tuple[tuple[Scalar, Node], ...]:
    """Give the entries of a map whose keys are free; report anything else."""
    if isinstance(node, Mapping):
        return node.entries
    report.add(
        node,
        sentence("{what} is {kind}, not a map", what=what, kind=kind(node)),
        sentence("write it as `key: value` lines"),
    )
    return ()


def items(report: Report, node: Node, what: str) -> tuple[Node, ...]:
    """Give the members of a list; report anything else."""
    if isinstance(node, Sequence):
        return node.items
    report.add(
        node,
        sentence("{what} is {kind}, not a list", what=what, kind=kind(node)),
        sentence("write each of its members on a line that begins with “- ”"),
    )
    return ()
