"""Precision and recall of a check against labels that a person wrote.

A label names one claim by words that its sentence holds (`says`), and where given its act, subject, object, partner
and verdict. What was found and fits no label is false; a label that nothing fits is missed; one whose verdict differs
is wrong.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from comity.claims.judging import Judgement, Verdict


@dataclass(frozen=True, slots=True)
class Label:
    """One claim that a person found in a document, and the verdicts that are right for it.

    A verdict of `none` says that the statement is no claim of fact; no verdict at all leaves it open.
    """

    id: str
    says: str
    act: str = ""
    subject: str = ""
    object: str = ""
    partner: str = ""
    sense: str = ""
    verdicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """How a check did: claims found rightly, missed, false, and those with another verdict than the label's."""

    labels: int
    found: int
    right: tuple[str, ...]
    missed: tuple[str, ...]
    wrong: tuple[str, ...]
    false: tuple[str, ...]

    @property
    def precision(self) -> float:
        """The share of what was found that is right, verdict and all; 1 where nothing was found."""
        return (self.found - len(self.false) - len(self.wrong)) / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """The share of the labels that were found with their verdict; 1 where there are none."""
        return len(self.right) / self.labels if self.labels else 1.0


def score(judged: Sequence[Judgement], labels: Sequence[Label]) -> Score:
    """Compare what a check found with the labels; several findings may bear out one label."""
    right, wrong, missed, used = list[str](), list[str](), list[str](), set[int]()
    for label in labels:
        fitting = [place for place, one in enumerate(judged) if _fits(label, one)]
        good = [place for place in fitting if _agrees(label, judged[place])]
        used |= set(good or fitting[:1])
        (right if good else wrong if fitting else missed).append(label.id)
    false = [_short(one) for place, one in enumerate(judged) if place not in used]
    return Score(len(labels), len(judged), tuple(right), tuple(missed), tuple(wrong), tuple(false))


def _fits(label: Label, one: Judgement) -> bool:
    statement = one.statement
    named = (
        (label.act, statement.act.value),
        (label.subject, _name(statement.subject)),
        (label.object, _name(statement.object)),
        (label.partner, _name(statement.partner)),
    )
    return _within(label.says, statement.sentence) and all(not want or _within(want, have) for want, have in named)


def _name(named: object) -> str:
    return "" if named is None else f"{getattr(named, 'text', '')} {getattr(named, 'ref', '')}"


def _within(want: str, have: str) -> bool:
    return " ".join(want.lower().split()) in " ".join(have.lower().split())


def _agrees(label: Label, one: Judgement) -> bool:
    if label.sense and label.sense != one.statement.sense.value:
        return False
    if not label.verdicts:
        return True
    said = one.verdict.value if one.verdict is not None else "none"
    return said in label.verdicts


def _short(one: Judgement) -> str:
    statement = one.statement
    parts = (_name(statement.subject), statement.act.value, _name(statement.object), _name(statement.partner))
    return " ".join(" ".join(parts).split())


SYNONYMS = {
    "partly confirmed": (Verdict.PARTLY.value,),
    "inexact": (Verdict.PARTLY.value,),
    "contradicted": (Verdict.CONTRADICTED.value, Verdict.CATEGORY_ERROR.value),
}


def verdicts(words: Iterable[str]) -> tuple[str, ...]:
    """Read verdicts as people write them: inexact is partly; a category error contradicts as well."""
    return tuple(dict.fromkeys(one for word in words for one in SYNONYMS.get(word, (word,))))
