"""Texts of one form, judged together: of texts of one length, joined, what stands at one place of each is one slice."""

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Final

from comity.stix.identifiers import UUID_FORM

HYPHENS: Final = "--"
"""What parts the type of an id from its UUID; a form in which they do not stand is that of no id."""
_UUID: Final = "00000000-0000-4000-8000-000000000000"
_LENGTH: Final = len(_UUID)
_PARTED: Final = tuple(place for place, sign in enumerate(_UUID) if sign == "-")
_VERSION: Final = _UUID.index("4")
_VARIANT: Final = _UUID.index("8")
_VERSIONS: Final = frozenset("12345")
_VARIANTS: Final = frozenset("89ab")
_DIGITS: Final = b"0123456789abcdef"
_head: Final = itemgetter(slice(None, -_LENGTH))
_tail: Final = itemgetter(slice(-_LENGTH, None))
_FEW: Final = 4
"""Texts that are sooner judged one by one."""
_AT_MOST: Final = 8_192


def are_uuids(texts: Collection[str]) -> bool:
    """Say whether texts have the form of UUIDs that an id may have (§2.9), `UUID_FORM`."""
    joined, count = "".join(texts), len(texts)
    return (
        set(map(len, texts)) == {_LENGTH}
        and joined.isascii()
        and all(joined[place::_LENGTH] == "-" * count for place in _PARTED)
        and joined.encode().translate(None, _DIGITS) == b"-" * (len(_PARTED) * count)
        and _VERSIONS.issuperset(joined[_VERSION::_LENGTH])
        and _VARIANTS.issuperset(joined[_VARIANT::_LENGTH])
    )


class Named:
    """The ids of one type's objects."""

    def __init__(self, kind: str) -> None:
        """Take the type's name."""
        self._head = f"{kind}{HYPHENS}"
        self._is_one = re.compile(self._head + UUID_FORM).fullmatch

    def hold(self, texts: Sequence[str]) -> bool:
        """Say whether all of some texts are such ids."""
        if len(texts) <= _FEW:
            return all(map(self._is_one, texts))
        before, *uuids = "".join(texts).split(self._head)
        return not before and set(map(len, texts)) == {len(self._head) + _LENGTH} and are_uuids(uuids)


class Texts:
    """Texts of one form: those that were found right are remembered, each as a set, for the same ids recur."""

    def __init__(self, form: str) -> None:
        """Remember none."""
        self.are_ids = HYPHENS in form
        self._matches = re.compile(form).search
        self._right: dict[str, frozenset[str]] = {}
        self._heads: set[str] = set()

    def hold(self, texts: Iterable[str]) -> bool:
        """Say whether all of some texts have the form."""
        return self.sets(list(texts)) is not None

    def sets(self, texts: Sequence[str]) -> list[frozenset[str]] | None:
        """Return each of some texts as a set by itself, where all have the form."""
        found = list(map(self._right.get, texts))
        if None in found:
            if not self._learn(texts, found):
                return None
            found = list(map(self._right.get, texts))
        return found  # type: ignore[return-value]

    def _learn(self, texts: Sequence[str], found: Sequence[object]) -> bool:
        """Remember those of some texts of which none was found, where all have the form."""
        new = {text for text, known in zip(texts, found, strict=True) if known is None}
        by_parts = self.are_ids and len(new) > _FEW
        if not (self._by_parts(new) if by_parts else all(map(self._matches, new))):
            return False
        if len(self._right) + len(new) > _AT_MOST:
            self._right.clear()
            self._heads.clear()
            new = set(texts)
        self._right.update(zip(new, map(frozenset, zip(new, strict=True)), strict=True))
        return True

    def _by_parts(self, ids: Collection[str]) -> bool:
        """Say whether ids have the form: the types they name are few, and what is behind is of one form."""
        unknown = set(map(_head, ids)).difference(self._heads)
        if not (are_uuids(list(map(_tail, ids))) and all(self._matches(head + _UUID) for head in unknown)):
            return False
        self._heads |= unknown
        return True


texts_of: Final = lru_cache(maxsize=None)(Texts)
"""Return the texts of a form: the same for all that ask."""
