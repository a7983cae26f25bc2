"""Parties entered and named by hand: states, groups, organisations, agencies and teams."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from comity.acts import moments, records
from comity.acts.agreements import Rejected
from comity.models import Party

KINDS: Final = tuple(Party.Kind.values)
CODE: Final = re.compile(r"[A-Z][A-Z0-9-]{1,15}")
ALPHA3: Final = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Entered:
    """A party as it is written down. `of` is the code of the state or body that it belongs to."""

    code: str
    name: str
    kind: str = "state"
    common_name: str = ""
    alpha3: str = ""
    of: str = ""
    aliases: tuple[str, ...] = ()
    fictional: bool = False


def record(entered: Entered, actor: str, now: datetime) -> Party:
    """Enter a party, or bring the names of the one with this code up to date. Raises Rejected with each reason."""
    del actor  # names are kept up to date; what is known of a party carries who recorded it
    with transaction.atomic():
        wrong = list(objections(entered))
        if wrong:
            raise Rejected(*wrong)
        moments.take(now)
        columns = {"name": entered.name.strip(), "kind": entered.kind, "common_name": entered.common_name.strip(),
                   "alpha3": entered.alpha3, "of_id": entered.of or None, "aliases": list(entered.aliases),
                   "fictional": entered.fictional}  # fmt: skip
        row, _made = Party.objects.update_or_create(code=entered.code, defaults=columns)
    return row


def objections(entered: Entered) -> Iterator[str]:
    """Say what is missing or cannot be, in sentences with the mend."""
    if not CODE.fullmatch(entered.code):
        yield _("“%(code)s” is no code: write two to sixteen capital letters, digits or hyphens, such as CIRT-BS.") % {
            "code": entered.code}  # fmt: skip
    if not entered.name.strip():
        yield _("Give the party its name.")
    if entered.alpha3 and not ALPHA3.fullmatch(entered.alpha3):
        yield _("“%(word)s” is no three-letter code of ISO 3166.") % {"word": entered.alpha3}
    yield from records.fits(Party, asdict(entered))
    yield from records.among(entered.kind, KINDS)
    yield from records.party(entered.of)
    if entered.of and entered.of == entered.code:
        yield _("A party belongs to another one, not to itself.")


def entered_of(row: Party) -> Entered:
    """Give a party as it was written down."""
    return Entered(row.code, row.name, row.kind, row.common_name, row.alpha3, row.of_id or "", tuple(row.aliases),
                   row.fictional)  # fmt: skip
