"""A scenario as the tree of its file: what `exercise_form` reads back as the same scenario."""

from collections.abc import Iterable, Iterator

from comity.policy.exercises import Decision, Expectation, Inject, Objective, Scenario, Sign, Team, clock
from comity.policy.tree import Mapping, Node, Scalar, Sequence

Pairs = Iterator[tuple[str, Node | None]]


def scenario_tree(scenario: Scenario) -> Mapping:
    """Give a scenario as the tree of its file."""
    return _map(_whole(scenario))


def _whole(one: Scenario) -> Pairs:
    yield "exercise", _text(one.id)
    yield "name", _text(one.name)
    yield "about", _text(one.about)
    yield "lasts", _text(clock(one.lasts))
    yield "begins", _text(one.begins.isoformat(timespec="minutes"))
    yield "time_zone", _text(one.zone)
    yield "framework", _text(one.framework)
    yield "objectives", _each((part.id, _map(_objective(part))) for part in one.objectives)
    yield "teams", _each((part.id, _map(_team(part))) for part in one.teams)
    yield "decisions", _each((part.id, _map(_decision(part))) for part in one.decisions)
    yield "injects", _each((part.id, _map(_inject(part))) for part in one.injects)
    yield "expected", _each((part.id, _map(_expectation(part))) for part in one.expected)


def _objective(one: Objective) -> Pairs:
    yield "says", _text(one.says)
    yield "indicators", _list(one.indicators)
    yield "aspects", _list(one.aspects)
    yield "undertakings", _list(one.undertakings)


def _team(one: Team) -> Pairs:
    yield "name", _text(one.name)
    yield "party", _text(one.party)
    yield "parts", _list(one.parts)


def _decision(one: Decision) -> Pairs:
    yield "of", _text(one.of)
    yield "after", _text(one.after)
    yield "says", _text(one.says)
    yield "options", _each((option.id, Scalar(option.says)) for option in one.options)


def _inject(one: Inject) -> Pairs:
    yield "at", _text(clock(one.at))
    yield "after", _text(one.after)
    yield "to", _list(one.to)
    yield "from", _text(one.source)
    yield "by", _text(one.by)
    yield "tlp", _text(one.tlp.label)
    yield "title", _text(one.title)
    yield "says", _text(one.says)
    yield "when", _list(map(str, one.when))
    yield "patterns", _list(one.patterns)
    yield "note", _text(one.note)


def _expectation(one: Expectation) -> Pairs:
    yield "of", _text(one.of)
    yield "after", _text(one.after)
    yield "says", _text(one.says)
    yield "within", None if one.within is None else _text(clock(one.within))
    yield "serves", _list(one.serves)
    if one.sign is not None:
        yield str(one.sign.observe), _map(sign_pairs(one.sign))
    yield "scale", _list(one.scale)


def sign_pairs(sign: Sign) -> Pairs:
    """Give the fields of a sign."""
    yield "with", _text(sign.other)
    yield "type", _text(sign.type)
    yield "tlp_up_to", None if sign.tlp_up_to is None else _text(sign.tlp_up_to.label)
    yield "subject", _text(sign.subject)


def _text(said: str) -> Scalar | None:
    return Scalar(said) if said else None


def _list(said: Iterable[str]) -> Sequence | None:
    items = tuple(map(Scalar, said))
    return Sequence(items) if items else None


def _each(parts: Iterable[tuple[str, Node]]) -> Mapping | None:
    entries = tuple((Scalar(key), value) for key, value in parts)
    return Mapping(entries) if entries else None


def _map(pairs: Pairs) -> Mapping:
    return Mapping(tuple((Scalar(key), value) for key, value in pairs if value is not None))
