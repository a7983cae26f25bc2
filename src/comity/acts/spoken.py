"""What a rule said, in the language that is spoken at the moment: the reader’s at the desk, English elsewhere."""

import enum

from django.utils.translation import gettext

from comity.policy.saying import Sentence


def spoken(said: object) -> str:
    """Say a sentence of the pure rooms, the sentences and words inside it too; all else is given as it stands."""
    if isinstance(said, Sentence):
        return gettext(said.template).format(**{name: spoken(value) for name, value in said.params.items()})
    if isinstance(said, enum.StrEnum):
        return gettext(said.value)
    if isinstance(said, tuple):
        return ", ".join(spoken(one) for one in said)
    return str(said)
