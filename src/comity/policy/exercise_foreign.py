"""A list of events that others wrote, as the tree of a scenario's file, with all that it leaves open named.

Each row is an inject; what it expects of whom stands in the same row, or in a row below that has nothing else. Times
may be offsets (`0:30`, `T+30`, `45 min`) or times of day, which then count from the earliest.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from comity.policy.exercise_sheet import Cells, Layout, Sheet, folded
from comity.policy.exercises import clock
from comity.policy.markings import Tlp
from comity.policy.saying import sentence
from comity.policy.tree import Mapping, Node, Scalar
from comity.policy.tree import Sequence as List

Line = tuple[int, Cells]
EVERYBODY: Final = frozenset({"all", "everyone", "everybody", "all teams", "all players", "todos", "tous"})
NEEDED: Final = ("time", "to", "says")
_SPLIT: Final = re.compile(r"\s*(?:[,;/|\n&]| and | y | et )\s*")
_AFTER_PLUS: Final = re.compile(r"[^+]*\+\s*(?:(\d+):(\d\d)(?::\d\d)?|(\d+)\s*(h|hrs?|hours?|m|min|mins|minutes?)?)")
_OF_DAY: Final = re.compile(r"(?:day\s*(\d+)\D+)?(\d{1,2})[:.h](\d\d)(?::\d\d)?", re.IGNORECASE)
_MILITARY: Final = re.compile(r"([01]\d|2[0-3])([0-5]\d)\s*(?:[A-Z]|hrs?|h)?", re.IGNORECASE)
_LENGTH: Final = re.compile(r"(\d+)\s*(h|hrs?|hours?|m|min|mins|minutes?)?", re.IGNORECASE)
A_DAY, EARLY = 1440, 300  # minutes; a sheet whose first time is before 5:00 counts from its start
OUT_OF_ORDER: Final = 180
"""By how many minutes a time of day may stand before that of the row above without being of the next day."""
LONGEST_TITLE: Final = 70


@dataclass(frozen=True, slots=True)
class Given:
    """What a list of events does not say of the scenario as a whole; what is empty is named as missing."""

    id: str
    name: str
    begins: str = ""
    zone: str = ""
    tlp: str = ""


@dataclass(slots=True)
class Taken:
    """What is gathered on the way."""

    teams: dict[str, str] = field(default_factory=dict)
    goals: dict[str, str] = field(default_factory=dict)
    injects: list[tuple[Scalar, Node]] = field(default_factory=list)
    expected: list[tuple[Scalar, Node]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    last: int = 0


def tree_of(rows: Sequence[Cells], found: Layout, given: Given) -> tuple[Mapping, tuple[str, ...]]:
    """Give the tree of the scenario, and what is missing, each as a sentence without its full stop."""
    sheet = Sheet(rows, found)
    taken = Taken(missing=[sentence("no column says “{name}”", name=name) for name in NEEDED if found.at(name) is None])
    times = _times([sheet.text(line, "time") for line in sheet.lines], taken)
    for line, at in zip(sheet.lines, times, strict=True):
        _teams(sheet, line, taken)
        _row(sheet, line, at, given, taken)
    taken.missing += [sentence("the team “{name}” has no party: add its code to play over the exchange", name=name)
                      for name in taken.teams.values()]  # fmt: skip
    if found.at("tlp") is None:
        taken.missing.append(
            sentence(
                "no column says how injects are marked: each is written as TLP:{label}", label=given.tlp or "AMBER"
            )
        )
    for name, said in (("begins", given.begins), ("time_zone", given.zone)):
        if not said:
            taken.missing.append(sentence("`{name}` is made up: write when and where the story begins", name=name))
    return _whole(given, taken), tuple(taken.missing)


def _whole(given: Given, taken: Taken) -> Mapping:
    top: list[tuple[Scalar, Node]] = [
        (Scalar(key), Scalar(said)) for key, said in
        (("exercise", given.id), ("name", given.name), ("lasts", clock(taken.last + 60)),
         ("begins", given.begins or "2027-01-11T09:00"), ("time_zone", given.zone or "Etc/UTC"))
    ]  # fmt: skip
    goals = _each((name, _map(0, says=says)) for name, says in taken.goals.items())
    teams = _each((name, _map(0, name=says)) for name, says in taken.teams.items())
    parts = (("objectives", goals), ("teams", teams), ("injects", taken.injects), ("expected", taken.expected))
    return Mapping((*top, *((Scalar(key), Mapping(tuple(found), 1, 1)) for key, found in parts if found)), 1, 1)


def _each(pairs: Iterator[tuple[str, Node]]) -> list[tuple[Scalar, Node]]:
    return [(Scalar(name, 1, 1), node) for name, node in pairs]


def _map(row: int, **values: str | Node | None) -> Mapping:
    entries = tuple((Scalar(key.strip("_"), row, 1), Scalar(value, row, 1) if isinstance(value, str) else value)
                    for key, value in values.items() if value is not None and value != "")  # fmt: skip
    return Mapping(entries, row, 1)


def _teams(sheet: Sheet, line: Line, taken: Taken) -> None:
    """Take up the teams that a row names."""
    for name in _named(sheet.text(line, "to")):
        if folded(name) not in EVERYBODY:
            _id_of(name, taken.teams)
    if sheet.text(line, "of"):
        _id_of(sheet.text(line, "of"), taken.teams)


def _named(said: str) -> list[str]:
    return [one for one in _SPLIT.split(said) if one]


def _id_of(name: str, known: dict[str, str]) -> str:
    """Give the id of a name, a new one where it was not met before."""
    for one, said in known.items():
        if folded(said) == folded(name):
            return one
    slug = re.sub(r"[ _]+", "-", folded(name)).strip("-")[:30] or "x"
    made = slug if slug not in known else f"{slug}-{len(known) + 1}"
    known[made] = name
    return made


def _row(sheet: Sheet, line: Line, at: int, given: Given, taken: Taken) -> None:
    title, says = sheet.text(line, "title"), sheet.text(line, "says")
    number, expects = line[0], sheet.text(line, "expected")
    if title or says:
        to = _receivers(sheet.text(line, "to"), taken)
        if not to:
            taken.missing.append(
                sentence("row {number} says to nobody for whom it is: written for “players”", number=number)
            )
            to = [_id_of("players", taken.teams)]
        name = _name(sheet.text(line, "id"), len(taken.injects) + 1, taken)
        after = taken.names.get(folded(sheet.text(line, "after")), "")
        if sheet.text(line, "after") and not after:
            taken.missing.append(
                sentence(
                    "row {number} comes after “{text}”, which no row above is",
                    number=number,
                    text=sheet.text(line, "after"),
                )
            )
        taken.last = max(taken.last, at)
        taken.injects.append((Scalar(name, number, 1), _map(
            number, at=clock(at), after=after, to=List(tuple(Scalar(one, number, 1) for one in to), number, 1),
            from_=sheet.text(line, "from"), by=sheet.text(line, "by"), tlp=_tlp(sheet, line, given, taken),
            title=title or _short(says), says=says or title, note=_note(sheet, line))))  # fmt: skip
    if expects and taken.injects:
        _expect(sheet, line, expects, taken)
    elif expects:
        taken.missing.append(
            sentence("row {number} expects something before anything was put to anybody", number=number)
        )


def _receivers(said: str, taken: Taken) -> list[str]:
    names = _named(said)
    if any(folded(one) in EVERYBODY for one in names):
        return list(taken.teams) or []
    return list(dict.fromkeys(_id_of(one, taken.teams) for one in names))


def _short(says: str) -> str:
    first = says.partition("\n")[0]
    return first if len(first) <= LONGEST_TITLE else first[: LONGEST_TITLE - 1].rstrip() + "…"


def _note(sheet: Sheet, line: Line) -> str:
    """Keep a condition in words of others as a note: it is for whoever leads to judge."""
    when = sheet.text(line, "when")
    return "\n".join(filter(None, (sheet.text(line, "note"), f"Only if: {when}" if when else "")))


def _name(said: str, number: int, taken: Taken) -> str:
    slug = re.sub(r"[^A-Za-z0-9_-]+", "-", said.removesuffix(".0")).strip("-")[:30]
    slug = f"I{slug}" if not slug or slug[0].isdigit() else slug
    used = set(taken.names.values())
    made = next(one for one in (slug if slug != "I" else f"I{number}", f"I{number}", f"I{number}-{number}",
                                f"I{number}-{len(used)}-x") if one not in used)  # fmt: skip
    taken.names[folded(said or made)] = made
    return made


def _tlp(sheet: Sheet, line: Line, given: Given, taken: Taken) -> str:
    said = sheet.text(line, "tlp")
    try:
        return Tlp.read(said).label
    except ValueError:
        if said:
            taken.missing.append(
                sentence("row {line}: “{said}” is no TLP label, written as TLP:RED", line=line[0], said=said)
            )
            return "RED"
        return given.tlp or "AMBER"


def _expect(sheet: Sheet, line: Line, says: str, taken: Taken) -> None:
    inject, node = taken.injects[-1]
    of = sheet.text(line, "of")
    team = _id_of(of, taken.teams) if of else _first_of(node)
    within = _read(sheet.text(line, "within"))
    goals = [_id_of(one, taken.goals) for one in _named(sheet.text(line, "serves"))]
    serves = List(tuple(Scalar(one, line[0], 1) for one in dict.fromkeys(goals)), line[0], 1) if goals else None
    taken.expected.append((Scalar(f"E{len(taken.expected) + 1}", line[0], 1), _map(
        line[0], of=team, after=inject.text, says=says, within=None if within is None else clock(within[0]),
        serves=serves)))  # fmt: skip


def _first_of(inject: Node) -> str:
    assert isinstance(inject, Mapping)  # noqa: S101 - made by _row
    to = next(value for key, value in inject.entries if key.text == "to")
    return to.items[0].text if isinstance(to, List) and isinstance(to.items[0], Scalar) else ""


def _times(said: Sequence[str], taken: Taken) -> list[int]:
    """Read the times of all rows as minutes from the start; one that cannot be read is that of the row before."""
    read = [_read(one) for one in said]
    turned, days, before = list[tuple[int, bool] | None](), 0, 0
    for one in read:
        if one is not None and one[1]:
            days += A_DAY if one[0] + days < before - OUT_OF_ORDER else 0
            before = one[0] + days
        turned.append(None if one is None else (one[0] + (days if one[1] else 0), one[1]))
    of_day = [one[0] for one in turned if one is not None and one[1]]
    first = min(of_day, default=0)
    counted = first if first >= EARLY else 0
    if counted:
        taken.missing.append(
            sentence(
                "times are counted from {clock}, the earliest: check that it is the start", clock=clock(first % A_DAY)
            )
        )
    found, at = list[int](), 0
    for text, one in zip(said, turned, strict=True):
        if one is None and text:
            taken.missing.append(
                sentence("“{text}” is no time that can be read: written as that of the row above", text=text)
            )
        at = at if one is None else one[0] - (counted if one[1] else 0)
        found.append(at)
    return found


def _read(said: str) -> tuple[int, bool] | None:
    """Read a time as minutes, and whether it is one of the day; None where it is none."""
    readers: tuple[Callable[[str], tuple[int, bool] | None], ...] = (_moment, _offset, _day_time, _of_military, _length)
    return next((found for read in readers if (found := read(said.strip())) is not None), None)


def _moment(said: str) -> tuple[int, bool] | None:
    try:
        found = datetime.fromisoformat(said) if len(said) > len("2027-01-01") else None
    except ValueError:
        return None
    return None if found is None else (found.toordinal() * A_DAY + found.hour * 60 + found.minute, True)


def _offset(said: str) -> tuple[int, bool] | None:
    found = _AFTER_PLUS.fullmatch(said)
    if found is None:
        return None
    if found[1] is not None:
        return int(found[1]) * 60 + int(found[2]), False
    return int(found[3]) * (60 if (found[4] or "").startswith("h") else 1), False


def _day_time(said: str) -> tuple[int, bool] | None:
    found = _OF_DAY.fullmatch(said)
    return None if found is None else (
        (int(found[1]) - 1 if found[1] else 0) * A_DAY + int(found[2]) * 60 + int(found[3]), True)  # fmt: skip


def _of_military(said: str) -> tuple[int, bool] | None:
    found = _MILITARY.fullmatch(said)
    return None if found is None else (int(found[1]) * 60 + int(found[2]), True)


def _length(said: str) -> tuple[int, bool] | None:
    found = _LENGTH.fullmatch(said)
    if found is None:
        return None
    return int(found[1]) * (60 if (found[2] or "").casefold().startswith("h") else 1), False
