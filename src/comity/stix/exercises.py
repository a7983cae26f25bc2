"""Material of an exercise says so itself: by its label, or, as a message, by naming the exercise that it is of."""

from typing import Final

from comity.stix.faults import Members

LABEL: Final = "exercise"
LABELS: Final = "labels"
MESSAGE: Final = "x-comity-message"


def is_marked(members: Members) -> bool:
    """Tell whether a valid object says itself that it is exercise material."""
    if members["type"] == MESSAGE:
        says = members.get("says")
        return isinstance(says, dict) and LABEL in says
    labels = members.get(LABELS)
    return isinstance(labels, list) and any(isinstance(one, str) and one.casefold() == LABEL for one in labels)
