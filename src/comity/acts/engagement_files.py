"""The catalogue of meetings: read whole, each problem with its place, then recorded; what is known is passed over."""

from datetime import date, datetime
from pathlib import Path
from typing import Final

from django.db import transaction

from comity.acts import engagements
from comity.acts.agreement_files import FileProblemError, read_tree
from comity.acts.engagements import Planned
from comity.policy.saying import sentence
from comity.policy.tree import Mapping, Node, Problem, Scalar, Sequence, kind, nearest

CATALOGUE: Final = Path(__file__).parents[3] / "catalogues" / "engagements" / "world.yaml"
ACTOR: Final = "catalogue"
NEEDED: Final = ("uid", "title", "kind", "starts", "ends", "zone", "sources", "read")
KNOWN: Final = (*NEEDED, "forum", "instrument", "partner", "place", "state", "about")


def load(now: datetime, path: Path = CATALOGUE) -> int:
    """Record every meeting of a catalogue that it did not tell before; return how many. All of them, or nothing.

    What people changed here since the catalogue told it stays as they left it, until the catalogue tells otherwise.
    Raises FileProblemError with the place and the mend.
    """
    found = read(path)
    with transaction.atomic():
        new = [(uid, planned) for uid, planned in found if not engagements.said_before(uid, planned, ACTOR)]
        for uid, planned in new:
            engagements.record(planned, ACTOR, now, uid)
    return len(new)


def read(path: Path) -> list[tuple[str, Planned]]:
    """Read a catalogue of meetings, each with its name for ever."""
    root = read_tree(path.read_text(encoding="utf-8"))
    if not isinstance(root, Sequence):
        raise _wrong(
            root,
            sentence("a list of meetings is expected, not {kind}", kind=kind(root)),
            sentence("begin each with “- uid:”"),
        )
    return [_meeting(node) for node in root.items]


def _wrong(node: Node, what: str, mend: str) -> FileProblemError:
    return FileProblemError(Problem(node.line, node.column, what, mend))


def _meeting(node: Node) -> tuple[str, Planned]:
    there = _fields(node)
    text = {name: value.text for name, value in there.items() if isinstance(value, Scalar)}
    planned = Planned(
        title=text["title"],
        starts_on=_day(there["starts"]),
        ends_on=_day(there["ends"]),
        source=_source(there["sources"]),
        kind=text["kind"],
        state=text.get("state", engagements.State.PLANNED),
        forum=text.get("forum", ""),
        instrument=text.get("instrument", ""),
        partner=text.get("partner", ""),
        place=text.get("place", ""),
        zone=text["zone"],
        about=text.get("about", ""),
        public=True,
        read_on=_day(there["read"]),
    )
    for said in engagements.objections(planned):
        raise _wrong(node, said.rstrip("."), sentence("mend the meeting that begins here"))
    return text["uid"], planned


def _fields(node: Node) -> dict[str, Node]:
    if not isinstance(node, Mapping):
        raise _wrong(
            node,
            sentence("a meeting is expected, not {kind}", kind=kind(node)),
            sentence("write it as keys and values"),
        )
    for key, value in node.entries:
        if key.text not in KNOWN:
            raise _wrong(key, sentence("“{text}” is not a key of a meeting", text=key.text), nearest(key.text, KNOWN))
        if key.text != "sources" and not isinstance(value, Scalar):
            raise _wrong(
                value, sentence("text is expected, not {kind}", kind=kind(value)), sentence("write one line of text")
            )
    there = {key.text: value for key, value in node.entries}
    missing = [name for name in NEEDED if name not in there]
    if missing:
        raise _wrong(
            node,
            sentence("the meeting has no “{missing}”", missing=missing[0]),
            sentence("add “{missing}:”", missing=missing[0]),
        )
    return there


def _source(node: Node) -> str:
    if not isinstance(node, Sequence) or not node.items or not isinstance(node.items[0], Scalar):
        raise _wrong(
            node,
            sentence("a list of sources is expected, not {kind}", kind=kind(node)),
            sentence("name at least one address"),
        )
    return node.items[0].text


def _day(node: Node) -> date:
    try:
        return date.fromisoformat(node.text if isinstance(node, Scalar) else "")
    except ValueError as error:
        raise _wrong(
            node, sentence("{kind} is not a day", kind=kind(node)), sentence("write it as 2026-11-23")
        ) from error
