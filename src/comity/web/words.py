"""The words of the desk: what a value is called where a reader sees it."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comity.policy.handling import Handling
from comity.policy.standing import State
from comity.web.sentences import word

STATES: Final[dict[State, Promise]] = {
    State.NOT_IN_FORCE: _("not in force"),
    State.PROVISIONAL: _("provisional"),
    State.IN_FORCE: _("in force"),
    State.SUSPENDED: _("suspended"),
    State.ENDED: _("ended"),
}
PERSONAL: Final[dict[str, Promise]] = {
    "none": _("no personal data"),
    "present": _("personal data"),
    "sensitive": _("sensitive personal data"),
}


def state_class(state: State) -> str:
    """Return the style class of a state: its words with hyphens."""
    return state.value.replace(" ", "-")


def facts_of(handling: Handling) -> list[tuple[Promise | str, str]]:
    """Describe a handling class as pairs of what and which, leaving out what does not apply."""
    pairs: list[tuple[Promise | str, str]] = [
        (_("Information"), word(handling.information)),
        (_("Purpose"), word(handling.purpose) if handling.purpose else str(_("nobody stated it"))),
        (_("Marking"), f"TLP:{handling.tlp.label}"),
        (_("Personal data"), str(PERSONAL.get(handling.personal_data, handling.personal_data))),
        (_("Originator"), handling.originator),
    ]
    if handling.received_under:
        pairs.append((_("Received under"), " ".join(handling.received_under).strip()))
    if handling.recipients:
        pairs.append((_("Named recipients"), ", ".join(sorted(handling.recipients))))
    if handling.within is not None:
        pairs.append((_("Kept within"), ", ".join(sorted(handling.within)) or str(_("nobody but its source"))))
    if handling.granular:
        parts = ", ".join(f"TLP:{tlp.label}" for tlp, _removable in handling.granular)
        pairs.append((_("Stricter parts"), parts))
    if handling.needs:
        pairs.append((_("Refers to"), str(_("other objects, which limit it"))))
    return pairs


def in_short(handling: Handling) -> str:
    """Describe a handling class in one line."""
    parts = [word(handling.information)]
    if handling.purpose:
        parts.append(str(_("for %(purpose)s") % {"purpose": word(handling.purpose)}))
    if handling.personal_data != "none":
        parts.append(str(_("with %(personal)s") % {"personal": PERSONAL[handling.personal_data]}))
    return " ".join(parts)
