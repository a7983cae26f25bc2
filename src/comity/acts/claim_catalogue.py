"""The register as the shipped catalogue has it, for a check of documents where no node keeps one.

YAML in, a frozen value out.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import yaml

from comity.claims.nations import NATIONS
from comity.claims.register import (
    Act,
    Action,
    Checked,
    Complete,
    Membership,
    Nature,
    Party,
    PartyKind,
    Period,
    Register,
    Source,
    Status,
    Thing,
)

CATALOGUES: Final = Path(__file__).parents[3] / "catalogues"
KINDS: Final = {
    "treaty": Nature.TREATY,
    "convention": Nature.TREATY,
    "protocol": Nature.PROTOCOL,
    "agreement": Nature.AGREEMENT,
    "memorandum of understanding": Nature.AGREEMENT,
    "resolution": Nature.RESOLUTION,
    "declaration": Nature.DECLARATION,
    "pledge": Nature.PLEDGE,
    "norm set": Nature.NORMS,
    "confidence-building measures": Nature.MEASURES,
    "initiative": Nature.INITIATIVE,
    "network": Nature.BODY,
    "plan": Nature.PLAN,
    "process": Nature.PROCESS,
    "mechanism": Nature.MECHANISM,
    "expert group": Nature.EXPERT_GROUP,
    "assessment model": Nature.MODEL,
    "index": Nature.INDEX,
    "study": Nature.MANUAL,
    "manual": Nature.MANUAL,
    "event": Nature.EVENT,
    "law": Nature.LAW,
    "strategy": Nature.STRATEGY,
    "organisation": Nature.BODY,
}
ACTS: Final = {
    "signature": Act.SIGNED,
    "definitive signature": Act.SIGNED,
    "ratification": Act.RATIFIED,
    "acceptance": Act.RATIFIED,
    "approval": Act.RATIFIED,
    "accession": Act.ACCEDED,
    "succession": Act.ACCEDED,
    "entry into force": Act.PARTY,
    "invitation to accede": Act.INVITED,
    "withdrawal": Act.WITHDREW,
    "denunciation": Act.WITHDREW,
    "endorsement": Act.ENDORSED,
    "joining": Act.MEMBER,
    "participation": Act.TOOK_PART,
}
BILATERAL: Final = frozenset({Nature.TREATY, Nature.AGREEMENT})
_STATES_AND_GROUPS: Final = {"state": PartyKind.STATE, "territory": PartyKind.STATE, "group": PartyKind.GROUP}
BOTH: Final = 2
_DAY: Final = re.compile(r"(?:by )?(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
_COMPLETE_GROUPS: Final = {
    "UN": 193,
    "OAS": 35,
    "CARICOM": 15,
    "EU": 27,
    "AFRICAN-UNION": 54,
    "COMMONWEALTH": 56,
    "COE": 46,
}
"""How many states a group has: a list that is shorter was not read to its end, and absence from it says nothing."""
Entry = Mapping[str, Any]


def read(today: date, folder: Path = CATALOGUES, catalogue: Entry | None = None) -> Register:
    """Read the shipped catalogue, or another one that is given, as one register value."""
    own = _load(folder / "claims" / "checked.yaml")
    shipped = () if catalogue is not None else sorted((folder / "register").glob("*.yaml"))
    files = [catalogue] if catalogue is not None else [_load(path) for path in shipped]
    parties = tuple(_parties([*files, own]))
    return extended(Register(today, parties, *_gathered(files)), own)


def _load(path: Path) -> Entry:
    loaded: Entry = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506 (its scalars are all text)
    return loaded


def _gathered(files: Sequence[Entry]) -> tuple[tuple[Thing, ...], tuple[Action, ...]]:
    things: list[Thing] = []
    actions: list[Action] = []
    for file in files:
        sources = {key: _source(entry) for key, entry in file.get("sources", {}).items()}
        for entry in file.get("instruments", ()):
            things.append(_thing(entry, sources))
            actions += _actions(entry, sources)
        for entry in file.get("facts", ()):
            made, done = _fact(entry, sources)
            things += made
            actions += done
    return tuple(things), tuple(actions)


def _source(entry: Entry) -> Source:
    read_on = entry.get("read_on") or entry.get("read")
    return Source(entry.get("address") or entry.get("title", ""), date.fromisoformat(read_on) if read_on else None)


def _parties(files: Sequence[Entry]) -> Iterator[Party]:
    members = dict[str, list[Membership]]()
    roots = dict[str, Source]()
    for file in files:
        sources = {key: _source(entry) for key, entry in file.get("sources", {}).items()}
        for entry in file.get("memberships", ()):
            if entry.get("capacity", "member") == "member":
                members.setdefault(entry["group"], []).extend(_memberships(entry))
                roots.setdefault(entry["group"], sources[entry["source"]])
    for file in files:
        for code, entry in file.get("parties", {}).items():
            yield _party(code, entry, members.get(code, ()), roots.get(code))


def _memberships(entry: Entry) -> Iterator[Membership]:
    until = _period(entry.get("until"))
    of = entry["of"]
    for code in of:
        since = _period(of[code] if isinstance(of, dict) else entry.get("on"))
        yield Membership(code, since, until.last if until else None)


def _party(code: str, entry: Entry, members: Collection[Membership], source: Source | None) -> Party:
    kind = _STATES_AND_GROUPS.get(entry.get("kind", "state"), PartyKind.ORGANISATION)
    nation = NATIONS.get(code)
    adjectives = frozenset(nation.adjectives) if nation else frozenset[str]()
    names = [entry["name"], *entry.get("aliases", ())]
    return Party(
        code,
        entry.get("common", entry["name"]),
        kind,
        tuple(name for name in names if name not in adjectives),
        tuple(members),
        _is_whole(code, members),
        source,
    )


def _is_whole(code: str, members: Collection[Membership]) -> bool:
    now = {one.member for one in members if one.until is None}
    return code in _COMPLETE_GROUPS and len(now) >= _COMPLETE_GROUPS[code]


def _thing(entry: Entry, sources: Mapping[str, Source]) -> Thing:
    nature = KINDS[entry["kind"]]
    makers = tuple(entry.get("makers", ()))
    name = entry.get("short") or entry["title"]
    covers = next((terms["covers"]["group"] for terms in entry.get("terms", ()) if "covers" in terms), "")
    adopted = next(
        (
            _period(action.get("on"))
            for action in entry.get("actions", ())
            if action["kind"] in {"adoption", "signature"} and "of" not in action
        ),
        None,
    )
    bilateral = nature in BILATERAL and len(makers) == BOTH and all(code in NATIONS for code in makers)
    return Thing(
        entry["slug"],
        name,
        nature,
        (entry["title"], *entry.get("aliases", ())),
        () if bilateral else makers,
        (entry["made_by"],) if "made_by" in entry and not makers else (),
        covers=covers,
        made_on=adopted,
        parties=makers if bilateral else (),
        topic=" ".join(entry.get("topics", ())),
        sources=tuple(sources[key] for key in entry.get("sources", ())),
    )


def _actions(entry: Entry, sources: Mapping[str, Source]) -> Iterator[Action]:
    for action in entry.get("actions", ()):
        act = ACTS.get(action["kind"])
        if act is None or not ("of" in action or "party" in action):
            continue
        read_in = tuple(sources[key] for key in (action["source"], *action.get("also", ())))
        note = action.get("holds") or action.get("says", "")
        for code, day in _each(action):
            yield Action(
                code, entry["slug"], act, _period(day), Status(action.get("status", "confirmed")), note, read_in
            )


def _each(action: Entry) -> Iterator[tuple[str, str | None]]:
    if "party" in action:
        yield action["party"], action.get("on")
        return
    of = action["of"]
    for code in of:
        yield code, of[code] if isinstance(of, dict) else action.get("on")


def _period(text: str | None) -> Period | None:
    """Read `2024-10-01`, `2024-10` or `2024`; a `by` leaves the beginning open."""
    found = _DAY.fullmatch(text or "")
    if found is None:
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    if day:
        last = date(year, month, day)
        return Period(date(1900, 1, 1), last) if text and text.startswith("by") else Period(last, last)
    if month:
        following = date(year + month // 12, month % 12 + 1, 1)
        return Period(date(year, month, 1), following - timedelta(days=1))
    return Period(date(year, 1, 1), date(year, 12, 31))


def _fact(entry: Entry, sources: Mapping[str, Source]) -> tuple[list[Thing], list[Action]]:
    """Read a law, a strategy or an event of a state as a thing of its own."""
    kind, title, party = entry["kind"], entry["title"], entry["party"]
    read_in = tuple(sources[key] for key in (entry["source"], *entry.get("also", ())))
    on = _period(entry.get("on"))
    slug = f"{party.lower()}-{entry.get('topic', '')}"
    held = entry.get("status", "confirmed") == "confirmed" and not title.startswith("Workshop") and "Bill" not in title
    if kind in {"law", "strategy"} and held:
        name = title.removesuffix(" launched")
        nature = Nature.LAW if kind == "law" else Nature.STRATEGY
        return [Thing(f"{slug}-{on}", name, nature, made_on=on, owner=party, sources=read_in)], []
    if kind == "event" and "role" in entry:
        ends = _period(entry.get("until"))
        span = Period(on.first, ends.last) if on and ends else on
        name, _, short = title.partition(" (")
        status = Status(entry.get("status", "confirmed"))
        act = Act.HOSTED if entry["role"] == "hosted" else Act.TOOK_PART
        names = tuple(filter(None, (short.rstrip(")"),)))
        thing = Thing(slug, name, Nature.EVENT, names, made_on=span, sources=read_in)
        return [thing], [Action(party, slug, act, span, status, entry.get("says", ""), read_in)]
    return [], []


# What the check knows beside the register


def extended(register: Register, entry: Entry) -> Register:
    """Add what a file of the check’s own knows: names, makers, lists read to their end, claims looked into."""
    sources = {key: _source(one) for key, one in entry.get("sources", {}).items()}
    things = {thing.slug: thing for thing in register.things}
    for one in entry.get("things", ()):
        if one["slug"] not in things and "name" not in one:
            continue  # it says more of a thing that this register does not hold
        things[one["slug"]] = _more(things.get(one["slug"]), one)
    takes = [
        Action(code, slug, Act(one["act"]), sources=(sources[one["source"]],))
        for slug, one in entry.get("takes", {}).items()
        for code in one["of"]
        if not any(
            done.party == code and done.act is Act(one["act"]) and done.thing == slug for done in register.actions
        )
    ]
    extra = entry.get("party_names", {})
    parties = tuple(
        replace(one, names=(*one.names, *extra[one.code])) if one.code in extra else one for one in register.parties
    )
    return replace(
        register,
        parties=parties,
        things=tuple(things.values()),
        actions=(*register.actions, *takes),
        complete=(*register.complete, *(_complete(one, sources) for one in entry.get("complete", ()))),
        checked=(*register.checked, *(_checked(one, sources) for one in entry.get("checked", ()))),
        party_by={},
        thing_by={},
        acts_by={},
    )


def _more(known: Thing | None, one: Entry) -> Thing:
    made = known or Thing(one["slug"], one["name"], KINDS[one["kind"]])
    without = set(one.get("without", ()))
    return replace(
        made,
        nature=KINDS[one["kind"]] if "kind" in one else made.nature,
        names=tuple(name for name in (*made.names, *one.get("names", ())) if name not in without),
        makers=(*made.makers, *one.get("makers", ())),
        maker_names=(*made.maker_names, *one.get("maker_names", ())),
        near_makers=(*made.near_makers, *one.get("near_makers", ())),
        open_to=one.get("open_to", made.open_to),
        covers=one.get("covers", made.covers),
    )


def _complete(one: Entry, sources: Mapping[str, Source]) -> Complete:
    return Complete(
        one["thing"],
        Act(one["act"]),
        date.fromisoformat(one["as_of"]),
        (sources[one["source"]],),
        one.get("from", ""),
        one.get("to", ""),
    )


def _checked(one: Entry, sources: Mapping[str, Source]) -> Checked:
    return Checked(
        Act(one["act"]),
        one["party"],
        one.get("thing", ""),
        tuple(one.get("words", ())),
        one.get("partner", ""),
        int(one.get("year", 0)),
        Status(one["status"]),
        one["ground"],
        tuple(sources[key] for key in one["sources"]),
    )
