"""What a cell of a table, or a line such as “Budapest Convention: party since 2013”, says in a word or two.

Only what is understood to its last word is taken: “signed; ratification expected” says nothing, for it may be either.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from comity.claims.bonds import TREATIES, ActFor, always, endorse, member
from comity.claims.periods import period_of
from comity.claims.register import Act, Nature, Period
from comity.claims.tokens import DATE
from comity.claims.words import bag


@dataclass(frozen=True, slots=True)
class Standing:
    """What a cell says: what was done or is so, whether that is denied, and when."""

    act_for: ActFor
    negated: bool
    when: Period | None = None


def _party(nature: Nature | None) -> Act | None:
    return Act.PARTY if nature in TREATIES else None


def _invited(nature: Nature | None) -> Act | None:
    return Act.INVITED if nature in TREATIES else None


_WORDS: Final[Mapping[str, ActFor]] = {
    **dict.fromkeys(("signed", "signatory", "signature", "signatories"), partial(always, Act.SIGNED)),
    **dict.fromkeys(("ratified", "ratification", "accepted", "approved"), partial(always, Act.RATIFIED)),
    **dict.fromkeys(("acceded", "accession"), partial(always, Act.ACCEDED)),
    **dict.fromkeys(("party", "parties"), _party),
    "invited": _invited,
    **dict.fromkeys(("member", "members", "membership"), member),
    **dict.fromkeys(("endorsed", "supporter", "endorser", "supports"), endorse),
}
_IN_FORCE: Final = re.compile(r"\b(?:entry into force|entered into force|in force|into force)\b")
_FORCE: Final = re.compile(r"\b(?:entered into|in) force\b")
_FILLERS: Final = bag("since on in a an the has have is was state full of date day year only and but its it yet as to")
_MONTHS: Final = 12
_STOPS: Final = frozenset(";,/-–—.:")
_NOT: Final = bag("not no never non neither nor")
_YES: Final = bag("yes ✓ ✔ ☑ x •")
_NO: Final = bag("no ✗ ✘ ☐")
_TOKEN: Final = re.compile(r"[a-z]+|[✓✔☑✗✘☐•]|[;,/]|\S")
_LEFT_OUT: Final = re.compile(r"\[[^\]]{1,12}\]|\([A-Za-z]{1,2}\)|[()]")
_ACCEDED: Final = re.compile(r"(?<![A-Za-z])\(?[aA]\)?\s*$")
"""The mark beside a date under “Ratification” that means accession."""
_NUMERIC: Final = re.compile(r"\b(\d{1,2})[-/.](\d{1,2})[-/.]((?:19|20)\d\d)\b")


def standings(text: str) -> tuple[Standing, ...]:
    """Read what a cell says; empty where a word of it is not understood."""
    found = _standings(text)
    return tuple(one for one in found if one is not None) if None not in found else ()


class _Reader:
    """Reads one cell from left to right: an act is kept until its date, the next act or a stop comes."""

    def __init__(self) -> None:
        self.found: list[Standing | None] = []
        self._act: ActFor | None = None
        self._denied = False
        self._not = False

    def read(self, part: str | Period) -> None:
        """Take the next word, sign or date."""
        if isinstance(part, Period):
            self._date(part)
        elif part in _WORDS:
            shared = self._act is not None and self._denied  # “neither party nor signatory”
            self._close()
            self._act, self._denied, self._not = _WORDS[part], self._not or shared, False
        elif part in _NOT:
            self._close()
            self._not = True
        elif part in _STOPS:
            if part in {";", "/"}:
                self._close()
        elif part not in _FILLERS and not (part == "accede" and self._act is _invited):
            self.found.append(None)

    def _date(self, when: Period) -> None:
        if self._act is None:
            self.found.append(None)
        self._close(when)

    def _close(self, when: Period | None = None) -> None:
        if self._act is not None:
            self.found.append(Standing(self._act, self._denied, when))
        self._act = None

    def end(self) -> list[Standing | None]:
        """Give what was read; a “not” that denies nothing is not understood."""
        self._close()
        return [*self.found, None] if self._not else self.found


def _standings(text: str) -> list[Standing | None]:
    reader = _Reader()
    plain = _FORCE.sub("party", _LEFT_OUT.sub(" ", _worded(text.replace("non-", "non "))))
    for part in _parts(plain.strip()):
        reader.read(part)
    return reader.end()


def _worded(text: str) -> str:
    """Write “27-02-2023” so that it is read alike everywhere; of “05-02-2026” only the year is sure."""

    def written(found: re.Match[str]) -> str:
        first, second, year = found.groups()
        day, month = (first, second) if int(first) > _MONTHS else (second, first)
        sure = int(day) > _MONTHS >= int(month)
        return f"{year}-{int(month):02}-{int(day):02}" if sure else year

    return _NUMERIC.sub(written, text)


def _parts(plain: str) -> Iterator[str | Period]:
    at = 0
    for dated in DATE.finditer(plain):
        yield from _TOKEN.findall(plain[at : dated.start()].lower())
        period = period_of(dated.group())
        if period is not None:
            yield period
        at = dated.end()
    yield from _TOKEN.findall(plain[at:].lower())


def of_column(head: str) -> ActFor | None:
    """Give what a column's heading says of all its cells: “Signature”, “Date of ratification”, “Entry into force”."""
    low = head.lower()
    if _IN_FORCE.search(low):
        return _party
    named = [one for one in _TOKEN.findall(low) if one in _WORDS]
    return _WORDS[named[0]] if len(named) == 1 else None


def under(act_for: ActFor, text: str) -> tuple[Standing, ...]:
    """Read a cell under a heading that says what is done: a date, a “yes” or a “no”."""
    acceded = _ACCEDED.search(text) is not None and act_for is _WORDS["ratified"]
    plain = _worded(_LEFT_OUT.sub(" ", _ACCEDED.sub("", text))).strip()
    dated = DATE.fullmatch(plain)
    period = period_of(dated.group()) if dated else None
    if period is not None:
        return (Standing(_WORDS["acceded"] if acceded else act_for, negated=False, when=period),)
    low = plain.lower().strip(" .")
    if low in _YES:
        return (Standing(act_for, negated=False),)
    return (Standing(act_for, negated=True),) if low in _NO else ()
