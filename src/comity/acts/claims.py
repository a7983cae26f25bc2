"""Checking a document: the register as it is known here, the statements of the document, a judgement on each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from comity.acts import claim_catalogue
from comity.claims.finding import statements
from comity.claims.judging import Judgement, judge
from comity.claims.reading import decoded, read
from comity.claims.register import Register
from comity.claims.scoring import Label, Score, score, verdicts
from comity.claims.sentences import Document

LARGEST = 20_000_000


class WrongLabels(Exception):
    """A file of labels cannot be read; the message names the place and the mend."""


@dataclass(frozen=True, slots=True)
class Check:
    """A document as it was read, and what the register makes of each of its statements."""

    document: Document
    judged: tuple[Judgement, ...]


def register_value(today: date) -> Register:
    """Give the register that claims are judged against."""
    return claim_catalogue.read(today)


def check(name: str, content: bytes, register: Register) -> Check:
    """Check a document; Unreadable says why it cannot be read."""
    return check_document(read(name, content), register)


def check_document(document: Document, register: Register) -> Check:
    """Check a document that was read already."""
    judged = (judge(one, register) for one in statements(document, register))
    return Check(document, tuple(one for one in judged if one is not None))


def read_labels(path: Path) -> tuple[Label, ...]:
    """Read labels: a list under `labels`, or under `claims` as the facts on an article are kept."""
    try:
        loaded = yaml.load(decoded(path.read_bytes()), Loader=yaml.CBaseLoader)  # noqa: S506 (its scalars are all text)
    except yaml.YAMLError as error:
        raise WrongLabels(f"{path}: it is not YAML: write a list under “labels:”") from error
    entries = loaded.get("labels", loaded.get("claims")) if isinstance(loaded, dict) else None
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise WrongLabels(f"{path}: there is no list of labels: write one under “labels:”")
    return tuple(_label(path, place, one) for place, one in enumerate(entries, 1))


KNOWN = frozenset({"id", "says", "act", "subject", "object", "partner", "sense", "verdict", "note"})
FACTS = frozenset({"claim", "evidence", "sources", "open"})


def _label(path: Path, place: int, entry: dict[str, object]) -> Label:
    unknown = sorted(entry.keys() - KNOWN - FACTS)
    if unknown:
        raise WrongLabels(f"{path}: label {place} has “{unknown[0]}”: write one of {', '.join(sorted(KNOWN))}")
    given = entry.get("verdict", [])
    words = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    text = {key: str(entry.get(key, "")) for key in KNOWN - {"verdict", "note"}}
    identity = text.pop("id") or str(place)
    if not text["says"]:
        raise WrongLabels(f"{path}: label {identity} has no “says”: give words of the sentence that makes the claim")
    return Label(identity, verdicts=verdicts(str(word) for word in words), **text)


def score_check(found: Check, labels: Iterable[Label]) -> Score:
    """Compare a check with labels."""
    return score(found.judged, tuple(labels))
