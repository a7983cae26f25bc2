"""Reading a catalogue of the register: sources, parties, memberships, instruments and facts, from a located tree.

A day is written as exactly as it is known: `2024-10-01`, `2024-10`, `2024`, or `by 2024-10-02`; what is stored is the
last day it can have been, and the precision. `of` gives one record for each party: `{BS: 2018-04-20, JM: 2018}`, or a
list of codes with `on` for all of them.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from comity.policy.entry_terms import TermsError
from comity.policy.entry_terms import read as read_terms
from comity.policy.fields import Fields, Report, day, entries, items, members, number, text, word, yes_no
from comity.policy.known_days import Day, read_day
from comity.policy.participation import ActionKind, Bond, InstrumentKind, Status
from comity.policy.register_entries import (
    FACT_KINDS,
    PARTY_KINDS,
    SOURCE_KINDS,
    ActionEntry,
    Catalogue,
    FactEntry,
    InstrumentEntry,
    MembershipEntry,
    PartyEntry,
    ProvisionEntry,
    SourceEntry,
    TallyEntry,
    TermsEntry,
)
from comity.policy.tree import Mapping as Map
from comity.policy.tree import Node, Problem, Scalar, Sequence, kind

Value = TypeVar("Value")


@dataclass(slots=True)
class _Form:
    """What is being read: the problems so far and the keys of the sources."""

    report: Report
    sources: Collection[str] = field(default_factory=frozenset)

    def source(self, report: Report, node: Node, what: str) -> str | None:
        said = text(report, node, what)
        if said is None or said in self.sources:
            return said
        report.add(node, f"{what} is “{said}”, which is no source of this file", "name a key of `sources`")
        return None


def read_catalogue(root: Node) -> tuple[Catalogue, tuple[Problem, ...]]:
    """Read a catalogue; where there are problems the catalogue is not to be used."""
    report = Report()
    fields = Fields(report, root, "the catalogue", ("sources", "parties", "memberships", "instruments", "facts"))
    sources = _listed(fields, "sources", lambda r, n, w: [_source(r, k, v) for k, v in entries(r, n, w)])
    form = _Form(report, frozenset(one.key for one in sources))
    found = Catalogue(
        sources,
        _listed(fields, "parties", lambda r, n, w: [_party(r, k, v) for k, v in entries(r, n, w)]),
        _flat(fields, "memberships", lambda node: _memberships(form, node)),
        _flat(fields, "instruments", lambda node: iter([_instrument(form, node)])),
        _flat(fields, "facts", lambda node: iter([_fact(form, node)])),
    )
    return found, tuple(report.problems)


def _listed(
    fields: Fields, key: str, read: Callable[[Report, Node, str], list[Value | None]]
) -> tuple[Value, ...]:
    return tuple(one for one in fields.take(key, read) or () if one is not None)


def _flat(fields: Fields, key: str, read: Callable[[Node], Iterator[Value | None]]) -> tuple[Value, ...]:
    nodes = fields.take(key, items) or ()
    return tuple(one for node in nodes for one in read(node) if one is not None)


def _words(report: Report, node: Node, what: str) -> tuple[str, ...] | None:
    found = members(text)(report, node, what)
    return None if found is None else tuple(found)


def known_day(report: Report, node: Node, what: str) -> Day | None:
    """Read `2024-10-01`, `2024-10`, `2024` or `by 2024-10-02`."""
    found = read_day(node.text) if isinstance(node, Scalar) else None
    if found is not None:
        return found
    mend = "write it as exactly as it is known: 2024-10-01, 2024-10, 2024, or by 2024-10-02"
    report.add(node, f"{what} is {kind(node)}, which is no day", mend)
    return None


def _among(words: tuple[str, ...]) -> Callable[[Report, Node, str], str | None]:
    def read(report: Report, node: Node, what: str) -> str | None:
        if isinstance(node, Scalar) and node.text in words:
            return node.text
        report.add(node, f"{what} is {kind(node)}, which is not one of its words", f"write one of {', '.join(words)}")
        return None

    return read


def _source(report: Report, key: Scalar, node: Node) -> SourceEntry | None:
    fields = Fields(report, node, f"source {key.text}", ("address", "title", "publisher", "kind", "read_on", "as_of"))
    read_on = fields.need("read_on", day, "add `read_on:` with the day on which it was read")
    address, title = fields.take("address", text) or "", fields.take("title", text) or ""
    if not address and not title and fields.readable:
        report.add(node, f"source {key.text} says not where it stands", "add its `address:`, or a `title:` for paper")
    if address and not address.startswith(("https://", "http://")):
        report.add(fields.found["address"], f"“{address}” is not the address of a page", "begin it with https://")
    if read_on is None:
        return None
    return SourceEntry(key.text, read_on, address, title, fields.take("publisher", text) or "",
                       fields.take("kind", _among(SOURCE_KINDS)) or "official", fields.take("as_of", day))  # fmt: skip


def _party(report: Report, key: Scalar, node: Node) -> PartyEntry | None:
    fields = Fields(report, node, f"party {key.text}", ("name", "kind", "common", "alpha3", "aliases", "of"))
    name = fields.need("name", text, "add `name:`")
    party = PartyEntry(key.text, name or "", fields.take("kind", _among(PARTY_KINDS)) or "state",
                       fields.take("common", text) or "", fields.take("alpha3", text) or "",
                       fields.take("aliases", _words) or (), fields.take("of", text) or "")  # fmt: skip
    return None if name is None else party


def _status(fields: Fields) -> Status:
    return fields.take("status", word(Status)) or Status.CONFIRMED


def _of(fields: Fields, given: Day | None) -> list[tuple[str, Day | None]]:
    """Read `of`: codes with a day each, or a list of codes that share `on`."""
    node = fields.found.get("of")
    if node is None:
        return []
    what = f"`of` of {fields.what}"
    if isinstance(node, Map):
        return [(code.text, known_day(fields.report, value, what)) for code, value in node.entries]
    return [(code, given) for code in members(text)(fields.report, node, what) or ()]


def _memberships(form: _Form, node: Node) -> Iterator[MembershipEntry]:
    fields = Fields(form.report, node, "a membership", ("group", "of", "on", "until", "status", "source", "capacity"))
    group = fields.need("group", text, "add `group:` with its code")
    source = fields.need("source", form.source, "add `source:` with a key of `sources`")
    found = _of(fields, fields.take("on", known_day))
    until, capacity = fields.take("until", day), fields.take("capacity", text) or "member"
    if group is None or source is None:
        return
    for code, since in found:
        yield MembershipEntry(group, code, source, _status(fields), since, until, capacity)


def _instrument(form: _Form, node: Node) -> InstrumentEntry | None:
    keys = ("slug", "kind", "bond", "title", "short", "reference", "aliases", "made_by", "makers", "depositary",
            "beside", "topics", "about", "sources", "terms", "actions", "tallies", "provisions")  # fmt: skip
    fields = Fields(form.report, node, "an instrument", keys)
    slug = fields.need("slug", text, "add `slug:`, a short name without blanks")
    kind_ = fields.need("kind", word(InstrumentKind), "add `kind:`, such as convention")
    title = fields.need("title", text, "add `title:`")
    if slug is None or kind_ is None or title is None:
        return None
    fields.what = f"instrument {slug}"
    word_of = {key: fields.take(key, text) or "" for key in ("short", "reference", "made_by", "depositary", "beside",
                                                             "about")}  # fmt: skip
    list_of = {key: fields.take(key, _words) or () for key in ("aliases", "makers", "topics")}
    return InstrumentEntry(
        slug, kind_, title, **word_of, **list_of,  # type: ignore[arg-type]
        sources=tuple(fields.take("sources", members(form.source)) or ()),
        bond=fields.take("bond", word(Bond)),
        terms=_flat(fields, "terms", lambda one: iter([_terms(form, one)])),
        actions=_flat(fields, "actions", lambda one: _actions(form, one)),
        tallies=_flat(fields, "tallies", lambda one: iter([_tally(form, one)])),
        provisions=_flat(fields, "provisions", lambda one: iter([_provision(form, one)])),
    )  # fmt: skip


def _terms(form: _Form, node: Node) -> TermsEntry | None:
    if not isinstance(node, Map):
        form.report.add(node, f"the terms are {kind(node)}, not a map", "write them as keys and values")
        return None
    own = {"source", "status"}
    fields = Fields(form.report, Map(tuple(e for e in node.entries if e[0].text in own), node.line, node.column),
                    "the terms", ("source", "status"))  # fmt: skip
    source = fields.need("source", form.source, "add `source:` with a key of `sources`")
    body = {key.text: _plain(value) for key, value in node.entries if key.text not in own}
    try:
        read_terms(body)
    except TermsError as error:
        form.report.add(node, str(error), "see docs/register.md for what the terms may say")
        return None
    return None if source is None else TermsEntry(source, body, _status(fields))


def _plain(node: Node) -> object:
    match node:
        case Scalar():
            return node.text
        case Sequence():
            return [_plain(item) for item in node.items]
        case Map():
            return {key.text: _plain(value) for key, value in node.entries}


def _actions(form: _Form, node: Node) -> Iterator[ActionEntry]:
    keys = ("kind", "party", "of", "on", "until", "status", "source", "also", "says", "holds", "provisions")
    fields = Fields(form.report, node, "an action", keys)
    kind_ = fields.need("kind", word(ActionKind), "add `kind:`, such as ratification")
    source = fields.need("source", form.source, "add `source:` with a key of `sources`")
    on, party = fields.take("on", known_day), fields.take("party", text) or ""
    said = {key: fields.take(key, text) or "" for key in ("says", "holds")}
    until, provisions = fields.take("until", day), fields.take("provisions", _words) or ()
    also = tuple(fields.take("also", members(form.source)) or ())
    if kind_ is None or source is None:
        return
    for code, day_of in _of(fields, on) or [(party, on)]:
        yield ActionEntry(kind_, source, _status(fields), code, day_of, until, provisions=provisions, also=also,
                          **said)  # fmt: skip


def _tally(form: _Form, node: Node) -> TallyEntry | None:
    fields = Fields(form.report, node, "a tally", ("what", "number", "as_of", "source", "status"))
    what = fields.need("what", text, "add `what:`, such as parties")
    count = fields.need("number", number, "add `number:`")
    as_of = fields.need("as_of", known_day, "add `as_of:` with the day of the count")
    source = fields.need("source", form.source, "add `source:` with a key of `sources`")
    if what is None or count is None or as_of is None or source is None:
        return None
    return TallyEntry(what, count, as_of, source, _status(fields))


def _provision(form: _Form, node: Node) -> ProvisionEntry | None:
    keys = ("ref", "title", "section", "kind", "gist", "tests", "aspects", "deliverable", "every", "verified",
            "source")  # fmt: skip
    fields = Fields(form.report, node, "a provision", keys)
    ref = fields.need("ref", text, "add `ref:`, such as 29")
    title = fields.need("title", text, "add `title:`")
    source = fields.need("source", form.source, "add `source:` with a key of `sources`")
    words = {key: fields.take(key, text) or "" for key in ("section", "kind", "gist", "deliverable", "every")}
    lists = {key: fields.take(key, _words) or () for key in ("tests", "aspects")}
    verified = fields.take("verified", yes_no) if fields.has("verified") else True
    if ref is None or title is None or source is None:
        return None
    return ProvisionEntry(ref, title, source, **words, **lists, verified=bool(verified))  # type: ignore[arg-type]


def _fact(form: _Form, node: Node) -> FactEntry | None:
    keys = ("party", "kind", "title", "source", "status", "topic", "says", "role", "counterpart", "instrument", "on",
            "until", "also")  # fmt: skip
    fields = Fields(form.report, node, "a fact", keys)
    party = fields.need("party", text, "add `party:` with the code of whom it is about")
    kind_ = fields.need("kind", _among(FACT_KINDS), "add `kind:`, such as law")
    title = fields.need("title", text, "add `title:`")
    source = fields.need("source", form.source, "add `source:` with a key of `sources`")
    words = {key: fields.take(key, text) or "" for key in ("topic", "says", "role", "counterpart", "instrument")}
    on, until = fields.take("on", known_day), fields.take("until", day)
    also = tuple(fields.take("also", members(form.source)) or ())
    if party is None or kind_ is None or title is None or source is None:
        return None
    return FactEntry(party, kind_, title, source, _status(fields), on=on, until=until, also=also, **words)
