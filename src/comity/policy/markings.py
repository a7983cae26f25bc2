"""The Traffic Light Protocol, version 2.0 (FIRST), as an ordered scale.

The order is that of strictness: what may go to someone up to TLP:AMBER may go to them at
TLP:GREEN and TLP:CLEAR as well. TLP 1.0's WHITE is read as CLEAR (FIRST, TLP 2.0, "What has changed").
"""

import enum
from typing import Self


class Tlp(enum.IntEnum):
    """A TLP 2.0 label; a greater value is a stricter one."""

    CLEAR = 0
    GREEN = 1
    AMBER = 2
    AMBER_STRICT = 3
    RED = 4

    @property
    def label(self) -> str:
        """Give the label as FIRST writes it, without its `TLP:` prefix: `AMBER+STRICT`."""
        return self.name.replace("_", "+")

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a label with or without its prefix, in any case; raise ValueError naming the five labels."""
        word = text.strip().upper().removeprefix("TLP:")
        found = _BY_LABEL.get("CLEAR" if word == "WHITE" else word)
        if found is None:
            message = f"“{text}” is no TLP label; write one of {', '.join(LABELS)}"
            raise ValueError(message)
        return cls(found)


LABELS: tuple[str, ...] = tuple(tlp.label for tlp in Tlp)
_BY_LABEL: dict[str, int] = {tlp.label: tlp.value for tlp in Tlp}
