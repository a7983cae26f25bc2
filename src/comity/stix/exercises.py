"""Material of an exercise says so itself: by its label, or, as a message, by naming the exercise that it is of."""

from typing import Final

import msgspec

LABEL: Final = "exercise"
_MESSAGE: Final = "x-comity-message"


class _Marks(msgspec.Struct):
    """What of an object tells whether it is exercise material; all else is left."""

    type: str
    labels: list[str] = []
    says: dict[str, msgspec.Raw] = {}


_decoder: msgspec.json.Decoder[_Marks] = msgspec.json.Decoder(_Marks)


def is_marked(body: bytes) -> bool:
    """Tell whether an object's own bytes say that it is exercise material. *body* is a valid object."""
    if b'"labels"' not in body and b'"says"' not in body:
        return False
    try:
        found = _decoder.decode(body)
    except msgspec.ValidationError:  # `says` of a type that is not ours
        return False
    if found.type == _MESSAGE:
        return LABEL in found.says
    return any(one.casefold() == LABEL for one in found.labels)
