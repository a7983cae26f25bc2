"""What an instrument says of joining, entering into force and leaving, as data; and the days that follow from it.

Such as: the first day of the month after three months from the fifth ratification, three of them by members of a
body (Convention on Cybercrime, art. 36); the ninetieth day after the fortieth instrument; thirty days after the
fifteenth. Vienna Convention on the Law of Treaties, art. 24 and 54 to 56.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self, cast

from comity.policy.dates import Period, last_day_from, shift
from comity.policy.vocabulary import MonthEnd

NEXT_MONTH = "first day of the next month"
"""How a file writes that a delay ends with the first day of the month after it has run out."""


class TermsError(ValueError):
    """The data says something that is no term; the message names the key and the mend."""


@dataclass(frozen=True, slots=True)
class Delay:
    """How long after an event something takes effect: on the n-th day after, or when the next month then begins."""

    period: Period | None = None
    next_month: bool = False

    def after(self, day: date) -> date:
        """Give the day of effect of what happened on `day`; without a period, that day itself."""
        full = day if self.period is None else shift(day, self.period, MonthEnd.LAST_DAY)
        if not self.next_month:
            return full
        return date(full.year + full.month // 12, full.month % 12 + 1, 1)

    @property
    def words(self) -> str:
        """Give the delay as it is written."""
        return "; ".join(([self.period.text] if self.period else []) + ([NEXT_MONTH] if self.next_month else []))

    @classmethod
    def read(cls, data: object, key: str) -> Self:
        """Read `90 days`, or `3 months; first day of the next month`."""
        if not isinstance(data, str):
            raise TermsError(f"`{key}` is a period, such as “90 days” or “3 months; {NEXT_MONTH}”")
        first, _, rest = data.partition(";")
        if rest and rest.strip() != NEXT_MONTH:
            raise TermsError(f"`{key}`: after the period only “; {NEXT_MONTH}” may follow")
        try:
            return cls(Period.read(first), bool(rest))
        except ValueError as error:
            raise TermsError(f"`{key}`: {error}") from error


@dataclass(frozen=True, slots=True)
class Consent:
    """One party's consent to be bound (VCLT art. 11), on the day of its deposit."""

    party: str
    day: date


Belongs = Callable[[str, str, date], bool]
"""Tells whether a party belonged to a group on a day."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """How many must have consented: `needed` in all, `among` of them members of `group`.

    Organisations do not count where `states_only`.
    """

    needed: int
    group: str = ""
    among: int = 0
    states_only: bool = False

    def reached(self, consents: Iterable[Consent], belongs: Belongs, organisations: frozenset[str]) -> date | None:
        """Give the day on which it was met, None while it is not. A party counts once."""
        counted: set[str] = set()
        of_group = 0
        for consent in sorted(consents, key=lambda one: (one.day, one.party)):
            if consent.party in counted or (self.states_only and consent.party in organisations):
                continue
            counted.add(consent.party)
            of_group += bool(self.group) and belongs(consent.party, self.group, consent.day)
            if len(counted) >= self.needed and of_group >= self.among:
                return consent.day
        return None


@dataclass(frozen=True, slots=True)
class Cover:
    """Whom it holds without any act of theirs: the members of `group`, for as long as they are.

    With `at_adoption` those who were members on the day of adoption, and only those.
    """

    group: str
    at_adoption: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """The final clauses of an instrument as far as days follow from them; empty where it has none or none was read."""

    threshold: Threshold | None = None
    entry: Delay | None = None
    each: Delay | None = None
    leaving: Delay | None = None
    invitation_lasts: Period | None = None
    covers: Cover | None = None

    def in_force(self, consents: Iterable[Consent], belongs: Belongs, organisations: frozenset[str]) -> date | None:
        """Give the day on which the instrument enters into force as a whole, as far as these consents bring it."""
        if self.threshold is None or self.entry is None:
            return None
        met = self.threshold.reached(consents, belongs, organisations)
        return None if met is None else self.entry.after(met)

    def in_force_for(self, consent: date, whole: date | None) -> date | None:
        """Give the day from which it is in force for one that consented on a day, when the `whole` is or will be.

        Never before the whole. None where the terms do not say or the whole has no day yet.
        """
        if whole is None or self.each is None:
            return None
        return max(whole, self.each.after(consent))

    def left(self, denounced: date) -> date:
        """Give the first day on which one that denounced on a day is no longer bound."""
        return denounced if self.leaving is None else self.leaving.after(denounced)

    def invited_until(self, invited: date) -> date | None:
        """Give the last day on which an invitation holds; None: no end."""
        return None if self.invitation_lasts is None else last_day_from(invited, self.invitation_lasts,
                                                                        MonthEnd.LAST_DAY)  # fmt: skip


NO_TERMS = Terms()
_KEYS = ("needed", "states_only", "among", "entry", "each", "leaving", "invitation_lasts", "covers", "article", "says")


def read(body: Mapping[str, object]) -> Terms:
    """Read terms from data; TermsError names the key that is wrong.

    `{needed: 5, among: {group: COE, needed: 3}, entry: DELAY, each: DELAY, leaving: DELAY, invitation_lasts: PERIOD,
    covers: {group: UN, at: membership}, article: "36", says: WORDS}`; each key may be left out.
    """
    unknown = sorted(set(body) - set(_KEYS))
    if unknown:
        raise TermsError(f"“{unknown[0]}” is not a term; the terms are {', '.join(_KEYS)}")
    if ("needed" in body) != ("entry" in body):
        raise TermsError("`needed` and `entry` go together: how many consents, and how long after the last of them")
    entry, each, leaving = (
        Delay.read(body[key], key) if key in body else None for key in ("entry", "each", "leaving")
    )
    return Terms(
        _threshold(body) if "needed" in body else None, entry, each, leaving,
        invitation_lasts=_period(body["invitation_lasts"]) if "invitation_lasts" in body else None,
        covers=_cover(body["covers"]) if "covers" in body else None,
    )


def _period(data: object) -> Period:
    return cast("Period", Delay.read(data, "invitation_lasts").period)


def _threshold(body: Mapping[str, object]) -> Threshold:
    states_only = body.get("states_only", "no") in ("yes", True)
    if "among" not in body:
        return Threshold(_number(body["needed"], "needed"), states_only=states_only)
    group, among = _group(body["among"], "among", "needed")
    return Threshold(_number(body["needed"], "needed"), group, _number(among, "among.needed"), states_only)


def _cover(data: object) -> Cover:
    group, at = _group(data, "covers", "at")
    if at not in ("membership", "adoption"):
        raise TermsError("`covers.at` is “membership” (while they are members) or “adoption” (members of that day)")
    return Cover(group, at == "adoption")


def _group(data: object, key: str, beside: str) -> tuple[str, object]:
    if not isinstance(data, Mapping) or set(data) != {"group", beside} or not isinstance(data["group"], str):
        raise TermsError(f"`{key}` is written as {{group: CODE, {beside}: …}}")
    return data["group"], data[beside]


def _number(data: object, key: str) -> int:
    if str(data).isdecimal() and int(str(data)) >= 1:
        return int(str(data))
    raise TermsError(f"`{key}` is a number from 1")
