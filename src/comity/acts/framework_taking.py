"""Taking in what a file of any form holds: frameworks first, then crosswalks between them; all of it, or nothing."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from comity.acts import crosswalk_editions, framework_editions
from comity.acts.crosswalk_editions import ItemsUnknown
from comity.acts.framework_editions import EditionFixed, EditionUnknown
from comity.acts.framework_reading import Read
from comity.acts.spoken import spoken
from comity.policy.crosswalks import Crosswalk
from comity.policy.frameworks import Framework
from comity.policy.saying import of_error


class NotTaken(Exception):
    """Nothing was taken in; `lines` say why, each with its mend."""

    def __init__(self, *lines: str) -> None:
        """Carry the lines."""
        self.lines = tuple(spoken(line) for line in lines)
        super().__init__("\n".join(self.lines))


def take(read: Sequence[Read], actor: str, now: datetime) -> list[tuple[Framework | Crosswalk, bool]]:
    """Take in every framework and crosswalk; give each with whether it is new. Raises NotTaken."""
    problems = [line for one in read for line in one.problems]
    if problems:
        raise NotTaken(*problems)
    frameworks = [one.found for one in read if isinstance(one.found, Framework)]
    walks = [one.found for one in read if isinstance(one.found, Crosswalk)]
    if not frameworks and not walks:
        raise NotTaken(_("This file holds neither a framework nor a crosswalk."))
    try:
        with transaction.atomic():
            new = framework_editions.take_all(frameworks, actor, now) + crosswalk_editions.take_all(walks, actor, now)
    except (EditionFixed, EditionUnknown, ItemsUnknown) as error:
        raise NotTaken(of_error(error)) from error
    return list(zip((*frameworks, *walks), new, strict=True))
