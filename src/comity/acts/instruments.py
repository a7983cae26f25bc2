"""The instruments a state is said to have agreed: a catalogue of facts, each with its source, its day and its status.

The catalogue is read for people. It opens nothing: what is shared rests on adopted agreements alone.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlsplit

from comity.acts.agreement_files import FileProblemError, read_tree
from comity.policy.tree import Mapping, Node, Problem, Scalar, Sequence, kind, nearest

CATALOGUE: Final = Path(__file__).parents[3] / "catalogues" / "instruments" / "bahamas.yaml"
NEEDED: Final = ("name", "kind", "adopter", "binds", "claim", "status", "holds", "sources", "checked")
KNOWN: Final = (*NEEDED, "reference", "note")


class Status(StrEnum):
    """What the sources make of a claim."""

    CLAIMED = "claimed"
    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    NOT_FOUND = "not found"


class Binds(StrEnum):
    """Whether an instrument binds those who are party to it."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Source:
    """Where something was read."""

    address: str

    @property
    def host(self) -> str:
        """Give the site's name, for a link's text."""
        return urlsplit(self.address).netloc.removeprefix("www.")


@dataclass(frozen=True, slots=True)
class Instrument:
    """One claim about one instrument, and what holds; `reference` and `note` may be empty."""

    name: str
    reference: str
    kind: str
    adopter: str
    binds: Binds
    claim: str
    status: Status
    holds: str
    note: str
    sources: tuple[Source, ...]
    checked: date


Word = TypeVar("Word", bound=StrEnum)


def read_instruments(path: Path = CATALOGUE) -> tuple[Instrument, ...]:
    """Read a catalogue in the order of its file; raise FileProblemError with the place and the mend."""
    try:
        content = path.read_text(encoding="utf-8")
    except OSError as error:
        raise _wrong(Scalar("", 1, 1), f"the file cannot be read ({error.strerror})", "put it back") from error
    except UnicodeDecodeError as error:
        raise _wrong(Scalar("", 1, 1), "the file is not UTF-8 text", "save it as UTF-8") from error
    root = read_tree(content)
    if not isinstance(root, Sequence):
        raise _wrong(
            root, f"a list of instruments is expected, not {kind(root)}", "begin each instrument with “- name:”"
        )
    return tuple(_instrument(node) for node in root.items)


def _wrong(node: Node, what: str, mend: str) -> FileProblemError:
    return FileProblemError(Problem(node.line, node.column, what, mend))


def _instrument(node: Node) -> Instrument:
    fields = _fields(node)
    return Instrument(
        name=_text(fields["name"]),
        reference=_words(fields.get("reference")),
        kind=_text(fields["kind"]),
        adopter=_text(fields["adopter"]),
        binds=_one_of(Binds, fields["binds"]),
        claim=_text(fields["claim"]),
        status=_one_of(Status, fields["status"]),
        holds=_text(fields["holds"]),
        note=_words(fields.get("note")),
        sources=_sources(fields["sources"]),
        checked=_day(fields["checked"]),
    )


def _fields(node: Node) -> dict[str, Node]:
    if not isinstance(node, Mapping):
        raise _wrong(node, f"an instrument is expected, not {kind(node)}", "write it as keys and values")
    for key, _value in node.entries:
        if key.text not in KNOWN:
            raise _wrong(key, f"“{key.text}” is not a key of an instrument", nearest(key.text, KNOWN))
    fields = {key.text: value for key, value in node.entries}
    missing = [name for name in NEEDED if name not in fields]
    if missing:
        raise _wrong(node, f"the instrument has no “{missing[0]}”", f"add “{missing[0]}:”")
    return fields


def _words(node: Node | None) -> str:
    """Read text that may be left out."""
    if node is None:
        return ""
    if not isinstance(node, Scalar):
        raise _wrong(node, f"text is expected, not {kind(node)}", "write one line of text")
    return node.text.strip()


def _text(node: Node) -> str:
    said = _words(node)
    if not said:
        raise _wrong(node, "there is no text here", "say it, or take the instrument out")
    return said


def _one_of(words: type[Word], node: Node) -> Word:
    said = _text(node)
    try:
        return words(said)
    except ValueError as error:
        raise _wrong(node, f"“{said}” is not known here", nearest(said, [word.value for word in words])) from error


def _sources(node: Node) -> tuple[Source, ...]:
    if not isinstance(node, Sequence) or not node.items:
        raise _wrong(node, f"a list of sources is expected, not {kind(node)}", "name at least one address")
    return tuple(_source(item) for item in node.items)


def _source(node: Node) -> Source:
    address = _text(node)
    if not address.startswith(("https://", "http://")) or not Source(address).host:
        raise _wrong(node, f"“{address}” is not the address of a page", "begin it with https:// or http://")
    return Source(address)


def _day(node: Node) -> date:
    said = _text(node)
    try:
        return date.fromisoformat(said)
    except ValueError as error:
        raise _wrong(node, f"“{said}” is not a day", "write it as 2026-11-23") from error
